"""Whoever has a share of a task hears once of each act that changes who does it, and why, and reads it on its page."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.accounts import NewUser, create_user
from tests.support.announced import OUTGOING
from tests.support.owed_city import BY, OFFICE, OwedCity, at, open_owed_city
from tracker.domain.accounts import Role
from tracker.domain.deliveries import ClaimedDelivery
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.parts import NewShare
from tracker.domain.units import UnitKind
from tracker.store.database import Database
from tracker.store.queries.changes import changes_since
from tracker.store.queries.overtaking import log_head
from tracker.store.queries.tasks import task_view
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UnitRow, UserRow
from tracker.usecases.deliveries import delivered
from tracker.usecases.merging import merge_units
from tracker.usecases.notices import TOLD, announce
from tracker.usecases.requesting import dispute_share
from tracker.usecases.sharing import add_share, grant_dispute, reassign_share, release_share

WHY = "职能划转"
_ACTED_AT = at(8, 31, hour=11)
Act = Callable[[OwedCity, Session], None]


def _add(city: OwedCity, session: Session, code: str, role: AssignmentRole, *, hour: int) -> None:
    part = NewShare(city.unit_id(code), role, Duty.REPORT if role is AssignmentRole.LEAD else Duty.REPLY)
    when = at(8, 31, hour=hour)
    add_share(session, task_id=city.task_id(), share=part, reason=WHY, actor=OFFICE, at=when, by=BY)


def _adds_a_lead(city: OwedCity, session: Session) -> None:
    _add(city, session, "fgw", AssignmentRole.LEAD, hour=11)


def _adds_a_support(city: OwedCity, session: Session) -> None:
    _add(city, session, "fgw", AssignmentRole.SUPPORT, hour=11)


def _releases(city: OwedCity, session: Session, code: str) -> None:
    share_id, when = city.share(code).id or 0, _ACTED_AT
    release_share(session, assignment_id=share_id, reason=WHY, actor=OFFICE, at=when, by=BY)


def _releases_a_lead(city: OwedCity, session: Session) -> None:
    _releases(city, session, "wjw")


def _releases_a_support(city: OwedCity, session: Session) -> None:
    _releases(city, session, "tjj")


def _reassigns(city: OwedCity, session: Session, code: str) -> None:
    share_id, to_unit_id, when = city.share("wjw").id or 0, city.unit_id(code), _ACTED_AT
    reassign_share(session, assignment_id=share_id, to_unit_id=to_unit_id, reason=WHY, actor=OFFICE, at=when, by=BY)


def _reassigns_to_another(city: OwedCity, session: Session) -> None:
    _reassigns(city, session, "fgw")


def _reassigns_to_a_support(city: OwedCity, session: Session) -> None:
    _reassigns(city, session, "tjj")


def _takes_back_what_was_taken_over(city: OwedCity, session: Session) -> None:
    to_unit_id = city.unit_id("tjj")
    _add(city, session, "fgw", AssignmentRole.LEAD, hour=10)
    wanted = select(col(AssignmentRow.id)).where(col(AssignmentRow.unit_id) == city.unit_id("fgw"))
    reassign_share(
        session,
        assignment_id=session.scalars(wanted).one() or 0,
        to_unit_id=to_unit_id,
        reason="共同牵头",
        actor=OFFICE,
        at=at(8, 31, hour=10),
        by=BY,
    )
    _releases(city, session, "tjj")


def _finds_right(city: OwedCity, session: Session, code: str | None = None) -> None:
    share_id, liaison, when = city.share("wjw").id or 0, city.liaison("wjw"), _ACTED_AT
    asked_id = dispute_share(session, assignment_id=share_id, reason="非其职责", actor=liaison, at=when, by=BY)
    to_unit_id = city.unit_id(code) if code else None
    grant_dispute(session, request_id=asked_id, reason=WHY, actor=OFFICE, at=when, by=BY, to_unit_id=to_unit_id)


def _finds_right_and_hands_over(city: OwedCity, session: Session) -> None:
    _finds_right(city, session, "fgw")


def _merges(city: OwedCity, session: Session) -> None:
    old, new, when = city.unit_id("wjw"), city.unit_id("fgw"), _ACTED_AT
    merge_units(session, from_unit_id=old, into_unit_id=new, on=date(2022, 8, 31), reason=WHY, actor=OFFICE, at=when)


_BESIDE = ("swj", "tjj", "yc", "sp")


def _heard(event: str, *units: str, **others: str) -> Mapping[str, str]:
    """Say by which event units are told, and those beside in any case."""
    return {**dict.fromkeys((*_BESIDE, *units), event), **others}


# 市商务局 and 市卫生健康体育委 lead, others have a share beside them: who hears of an act by which event, and what
# those read whose share it is not.
_ACTS: list[tuple[Act, Mapping[str, str], str]] = [
    (
        _adds_a_lead,
        _heard("share.added", "wjw", "fgw"),
        "增加市发展改革委牵头，现由市商务局、市卫生健康体育委、市发展改革委牵头",
    ),
    (_adds_a_support, _heard("share.added", "wjw", "fgw"), "增加市发展改革委协办，现由市商务局、市卫生健康体育委牵头"),
    (_releases_a_lead, _heard("share.ended", "wjw"), "市卫生健康体育委不再牵头，现由市商务局牵头。职能划转。"),
    (_releases_a_support, _heard("share.ended", "wjw"), "市统计局不再协办，现由"),
    (
        _reassigns_to_another,
        _heard("share.added", "fgw", wjw="share.ended"),
        "市卫生健康体育委不再牵头，改由市发展改革委牵头，现由市商务局、市发展改革委牵头。职能划转。",
    ),
    (
        _reassigns_to_a_support,
        _heard("share.added", wjw="share.ended"),
        "市卫生健康体育委不再牵头，改由市统计局牵头，现由市商务局、市统计局牵头。职能划转。",
    ),
    (
        _takes_back_what_was_taken_over,
        _heard("share.lowered", "wjw"),
        "收回改派市统计局的任务，市统计局仍协办，现由市商务局、市卫生健康体育委牵头",
    ),
    (
        _finds_right,
        _heard("share.ended", wjw="request.granted"),
        "采纳市卫生健康体育委的职责异议，市卫生健康体育委不再牵头，现由市商务局牵头。职能划转。",
    ),
    (
        _finds_right_and_hands_over,
        _heard("share.added", "fgw", wjw="request.granted"),
        "采纳市卫生健康体育委的职责异议，市卫生健康体育委不再牵头，改由市发展改革委牵头，现由",
    ),
    (_merges, _heard("unit.merged", "fgw"), "市卫生健康体育委并入市发展改革委，涉及1项。职能划转。"),
]


@pytest.fixture
def city(database: Database) -> OwedCity:
    made = open_owed_city(database)
    with database.transaction() as session:
        session.add(
            UnitRow(
                code="fgw",
                full_name="驻马店市发展和改革委员会",
                short_name="市发展改革委",
                kind=UnitKind.CITY_DEPARTMENT.value,
                official_order=90,
            )
        )
    with database.transaction() as session:
        _add(made, session, "wjw", AssignmentRole.LEAD, hour=10)
    return made


def _told(city: OwedCity) -> list[tuple[str, ReminderRow]]:
    """Let everything be told of the act; return the messages, each with its reader's unit."""
    with city.database.transaction() as session:
        for code in (*_BESIDE, "wjw", "fgw"):
            create_user(session, NewUser(code, "联络员", Role.LIAISON, "hash", code))
    with city.database.transaction() as session:
        people = {user.id: user.login for user in session.scalars(select(UserRow))}
        types = [kind.type for kind in TOLD]
        wanted = select(col(EventRow.seq)).where(col(EventRow.occurred_at) == _ACTED_AT, col(EventRow.type).in_(types))
        for seq in session.scalars(wanted.order_by(col(EventRow.seq))).all():
            delivery = delivered(session, ClaimedDelivery(id=1, reaction="notice", attempts=1, event_seq=seq))
            announce(session, delivery, calendar=BY.calendar, policy=BY.policy, outgoing=OUTGOING)
    with city.database.reading() as session:
        return [(people[row.recipient_id], row) for row in session.scalars(select(ReminderRow))]


@pytest.mark.parametrize(("act", "heard", "words"), _ACTS, ids=lambda it: getattr(it, "__name__", ""))
def test_everybody_with_a_share_hears_once_of_each_act_that_changes_who_does_a_task_and_why(
    city: OwedCity, act: Act, heard: Mapping[str, str], words: str
) -> None:
    with city.database.transaction() as session:
        act(city, session)
    told = _told(city)
    assert sorted((code, row.kind) for code, row in told) == sorted(heard.items())
    for _code, row in told:
        assert WHY in row.reason
    beside = [row for _code, row in told if words in row.reason]
    assert {row.recipient_id for row in beside} == {
        row.recipient_id for _code, row in told if "分工调整" in row.subject
    }
    assert len(beside) >= len(_BESIDE) - 1


@pytest.mark.parametrize("code", ["swj", "tjj"])
@pytest.mark.parametrize("act", [act for act, _heard, _words in _ACTS], ids=lambda act: act.__name__)
def test_who_keeps_a_share_reads_the_act_and_its_reason_on_the_page_and_among_what_changed(
    city: OwedCity, act: Act, code: str
) -> None:
    with city.database.reading() as session:
        since = log_head(session)
    with city.database.transaction() as session:
        act(city, session)
    with city.database.reading() as session:
        unit_id = city.unit_id(code)
        page = task_view(session, task_id=city.task_id(), unit_ids=[unit_id], now=at(9, 1))
        changes = changes_since(session, since=since, unit_ids=[unit_id], user_id=0)
        assert page is not None
        [changed] = changes.tasks
        for events in (page.events, changed.events):
            assert any(event.type.startswith("share.") and event.occurred_at == _ACTED_AT for event in events) or (
                act is _releases_a_support and code == "tjj"
            )
