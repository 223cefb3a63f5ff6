"""What the use cases do that no person does in person: the pass, reactions, log-ins; each on the city of two bureaus.

`test_audited_acts` holds the log against the tables after each. Every function of the use cases that takes no actor
stands here, or in `NO_PASS` with the reason why nothing it writes is compared.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from tests.support.office import BY
from tests.support.readings import small_reading
from tests.support.two_bureaus import NOW, OURS, TwoBureaus
from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import SYSTEM
from tracker.domain.deliveries import ClaimedDelivery, Outgoing
from tracker.domain.units import Unit, UnitKind, UnitRegistry
from tracker.store.queries.reminders import notices_for
from tracker.store.tables.events import EventRow
from tracker.store.tables.units import UserRow
from tracker.subscriptions import SUBSCRIPTIONS
from tracker.usecases.calendar_links import make_calendar_link
from tracker.usecases.circulars.drafting import note_check
from tracker.usecases.circulars.issuing import Drawn, keep_drawn
from tracker.usecases.deliveries import delivered
from tracker.usecases.issuing import issue_document
from tracker.usecases.logging_in import Attempt, Came, begin_log_in, let_in, log_out, note_failure
from tracker.usecases.notices import announce
from tracker.usecases.reading_notices import mark_read
from tracker.usecases.registering import approve_document, register_document, register_units, tell_known_units
from tracker.usecases.sealing import seal_reminders
from tracker.usecases.stale_accounts import disable_stale
from tracker.usecases.sweeping import Swept, sweep, sweep_through
from tracker.usecases.unified_log_in import let_in_by_provider

Pass = Callable[[TwoBureaus], None]
HOST_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_WHEN = Moment(now=HOST_NOW, at=NOW)
_POLICY = AccountPolicy()
_OUT = Outgoing(mail=True, machine_now=HOST_NOW)
_LONG = timedelta(days=500)


def _disable_stale(city: TwoBureaus) -> None:
    """Whoever is left unused had a calendar link, and an hour at which his digest comes."""
    liaison = city.actor(OURS.code)
    with city.database.transaction() as session:
        make_calendar_link(session, actor=liaison, when=_WHEN)
    for later in (_LONG, _LONG + timedelta(days=_POLICY.warn_days + 1)):  # it is announced first
        with city.database.transaction() as session:
            disable_stale(session, policy=_POLICY, now=HOST_NOW + later, at=NOW + later)
    with city.database.reading() as session:
        assert not session.get_one(UserRow, liaison.user_id).active


def _sweep(city: TwoBureaus) -> None:
    """Four passes within two years, between which everything falls due that was planned, and a document ends."""
    ending = small_reading(number="驻政办〔2022〕96号", expires_on=date(2022, 12, 31))
    with city.database.transaction() as session:
        register_document(session, ending, actor=SYSTEM, at=NOW)
        approve_document(session, number=ending.number, basis="市政府常务会议议定", actor=city.actor("second"), at=NOW)
        issue_document(session, number=ending.number, actor=city.actor("office"), at=NOW, by=BY)
    swept = Swept()
    for days in (0, 30, 150, 700):
        swept += sweep(city.database, now=NOW + timedelta(days=days), by=BY, outgoing=_OUT)
    assert min(swept.lapsed, swept.opened, swept.overdue, swept.reminders) > 0, swept


def _sweep_through(city: TwoBureaus) -> None:
    sweep_through(city.database, since=NOW, to=NOW + timedelta(days=9), by=BY, outgoing=_OUT)


def _announce(city: TwoBureaus) -> None:
    """Everything is told again that was told of anything."""
    types = [kind.type for kind, names in SUBSCRIPTIONS.items() if "notice" in names]
    with city.database.transaction() as session:
        for seq in session.scalars(select(col(EventRow.seq)).where(col(EventRow.type).in_(types))).all():
            claimed = ClaimedDelivery(id=1, reaction="notice", attempts=1, event_seq=seq)
            announce(session, delivered(session, claimed), calendar=BY.calendar, policy=BY.policy, outgoing=_OUT)


def _register_units(city: TwoBureaus) -> None:
    registry = UnitRegistry([Unit("wjj", "驻马店市外经局", "市外经局", UnitKind.CITY_DEPARTMENT, 90)])
    with city.database.transaction() as session:
        assert register_units(session, registry, at=NOW) == 1


def _tell_known_units(city: TwoBureaus) -> None:
    with city.database.transaction() as session:
        tell_known_units(session, at=NOW)


def _seal(city: TwoBureaus) -> None:
    with city.database.transaction() as session:
        seal_reminders(session, at=NOW)


def _mark_read(city: TwoBureaus) -> None:
    with city.database.transaction() as session:
        user_id = city.ids[f"account {OURS.code}"]
        shown = [row.id or 0 for row in notices_for(session, user_id=user_id, limit=99)]
        mark_read(session, user_id=user_id, shown=shown, at=NOW)


def _log_in_and_out(city: TwoBureaus) -> None:
    """After a failure; the password is to be changed from then on."""
    attempt, policy = Attempt(OURS.code, "::1"), AccountPolicy(password_days=1, sessions=1)
    with city.database.transaction() as session:
        begun = begin_log_in(session, attempt, policy=policy, when=_WHEN, demonstration=False)
        assert begun is not None
        note_failure(session, attempt, begun, policy=policy, secret="-", when=_WHEN)
        opened = [let_in(session, attempt, begun, came=Came("::1"), policy=policy, when=_WHEN) for _ in range(2)]
        log_out(session, key=opened[-1].key, came=Came("::1"), when=_WHEN)


def _by_provider(city: TwoBureaus) -> None:
    with city.database.transaction() as session:
        for login in (OURS.code, "unknown"):
            let_in_by_provider(
                session, login, strong=True, came=Came("::1"), policy=_POLICY, when=_WHEN, demonstration=False
            )


def _note_check(city: TwoBureaus) -> None:
    with city.database.transaction() as session:
        for circular_id in (id_ for name, id_ in city.ids.items() if name.endswith(" paper")):
            note_check(session, circular_id=circular_id, version=1, remarks=("行距",), deviations=("行距",))


def _keep_drawn(city: TwoBureaus) -> None:
    drawn = Drawn("f" * 64, "通知.docx", (), ())
    with city.database.transaction() as session:
        keep_drawn(session, circular_id=city.of(OURS, "paper"), drawn=drawn, at=NOW)


PASSES: Mapping[str, Pass] = {
    "circulars.drafting.note_check": _note_check,
    "circulars.issuing.keep_drawn": _keep_drawn,
    "logging_in.begin_log_in": _log_in_and_out,
    "logging_in.let_in": _log_in_and_out,
    "logging_in.log_out": _log_in_and_out,
    "logging_in.note_failure": _log_in_and_out,
    "notices.announce": _announce,
    "reading_notices.mark_read": _mark_read,
    "registering.register_units": _register_units,
    "registering.tell_known_units": _tell_known_units,
    "sealing.seal_reminders": _seal,
    "stale_accounts.disable_stale": _disable_stale,
    "sweeping.sweep": _sweep,
    "sweeping.sweep_through": _sweep_through,
    "unified_log_in.let_in_by_provider": _by_provider,
}
_READS = "writes nothing"
_MACHINERY = "writes how far the machinery has come, which tests/support/uncompared.py lists"
_GUESSES = "counts guesses, or a log-in that is half open, which tests/support/uncompared.py lists"
NO_PASS: Mapping[str, str] = {
    **dict.fromkeys(("calendar_links.has_calendar_link", "calendar_links.open_calendar_link"), _READS),
    **dict.fromkeys(("coming_digests.coming_digests", "deliveries.backlog", "deliveries.delivered"), _READS),
    **dict.fromkeys(("deliveries.unread", "handing_over.check_handed_over", "issuing.units_asked"), _READS),
    **dict.fromkeys(("own_account.email_waits", "own_account.own_settings", "own_account.present_and_former"), _READS),
    **dict.fromkeys(("publishing_calendar.preview_notices", "recording_outages.preview_outage"), _READS),
    **dict.fromkeys(("logging_in.who_is", "switching.is_to_be_switched"), _READS),
    **dict.fromkeys(("deliveries.claim_delivery", "deliveries.deliveries_to_ring", "deliveries.fan_out"), _MACHINERY),
    **dict.fromkeys(("deliveries.finish", "deliveries.put_off"), _MACHINERY),
    **dict.fromkeys(("mail_outbox.begin_hand_over", "mail_outbox.claim_reminder"), _MACHINERY),
    **dict.fromkeys(
        ("mail_outbox.record_refused", "mail_outbox.record_sent", "mail_outbox.record_unknown"), _MACHINERY
    ),
    **dict.fromkeys(("mail_outbox.release_expired", "mail_outbox.reminders_to_ring"), _MACHINERY),
    **dict.fromkeys(("own_account.count_old_password", "own_account.note_old_password"), _GUESSES),
    **dict.fromkeys(("second_step.count_factor", "second_step.half_log_in", "logging_in.keep_alive"), _GUESSES),
    "handing_in.hand_in": "counts what was handed in, which tests/support/uncompared.py lists",
    "renewing_access.told_of_renewal": "notes that somebody was told once, which tests/support/uncompared.py lists",
    "second_step.let_in_by_factor": "opens a log-in as `logging_in.let_in` does; what it notes of a code is a guess",
    **dict.fromkeys(
        ("saved_views.drop_view", "saved_views.keep_view", "saved_views.rename_view"),
        "how somebody looks at lists, which tests/support/uncompared.py lists",
    ),
    "switching.switch_reckoning": "goes over once, from the tables of an earlier version; see test_switching",
}
