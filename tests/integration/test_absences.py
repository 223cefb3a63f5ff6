"""Leave and deputies: who may stand in, in whose name acts are recorded, and who hears meanwhile."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.accounts import NewUser, create_user
from tests.support.office import IN_TIME
from tests.support.site import PASSWORD_HASH, Site, post
from tracker.domain.absences import (
    ActingForAnother,
    DeputyAway,
    DeputyUnfit,
    LeaveEndsBefore,
    LeaveIsPast,
    LeaveOverlaps,
    LeaveTooLong,
    NoDeputyRole,
    Person,
    check_absent,
)
from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import Actor, Role, acting_for
from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound
from tracker.store import event_log
from tracker.store.database import Database
from tracker.store.queries.absences import lost_deputies, may_act_for
from tracker.store.queries.addressees import addressees
from tracker.store.queries.open_work import personal_work
from tracker.store.queries.reminders import count_unread, notices_for
from tracker.store.tables.absences import AbsenceRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import LoginRow, UserRow
from tracker.usecases.absences import Leave, end_absence, set_leave, take_leave
from tracker.usecases.accounts import change_account, disable_account, grant_role

_TODAY = local_day(IN_TIME)
_DAY = timedelta(days=1)


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    made = Site(database, tmp_path)
    made.clock.at = IN_TIME
    with made.services.database.transaction() as session:
        for login, name, role, unit in (
            ("li", "李某", Role.LIAISON, "swj"),
            ("wang", "王某", Role.LIAISON, "swj"),
            ("second", "另一督查员", Role.SUPERVISOR, None),
        ):
            create_user(session, NewUser(login, name, role, PASSWORD_HASH, unit))
    made.work()  # what went before
    return made


def _actor(site: Site, login: str) -> Actor:
    with site.services.database.reading() as session:
        user = session.scalars(select(UserRow).where(col(UserRow.login) == login)).one()
        return Actor(user.id, user.name, Role(user.role), user.unit_id)


def _id(site: Site, login: str) -> int:
    return _actor(site, login).user_id or 0


def _leave(site: Site, login: str, deputy: str | None, first: date = _TODAY, last: date = _TODAY + 3 * _DAY) -> int:
    leave = Leave(first_on=first, last_on=last, deputy_id=_id(site, deputy) if deputy else None, reason="休假")
    actor = _actor(site, login)
    with site.services.database.transaction() as session:
        return take_leave(session, leave, policy=AccountPolicy(), actor=actor, at=site.clock.at)


def _may_act(site: Site, login: str) -> list[str]:
    with site.services.database.reading() as session:
        return [one.name for one in may_act_for(session, user_id=_id(site, login), on=local_day(site.clock.at))]


def _begin(client: FlaskClient, site: Site, absent: str) -> TestResponse:
    return post(client, f"/acting/{_id(site, absent)}", at="/me")


def test_a_deputy_is_of_the_same_unit_and_role_and_at_work(site: Site) -> None:
    for deputy in ("swj-head", "tjj", "office", "li"):
        with pytest.raises(DeputyUnfit):
            _leave(site, "li", deputy)
    with site.services.database.transaction() as session:
        session.get_one(UserRow, _id(site, "wang")).active = False
    with pytest.raises(DeputyUnfit):
        _leave(site, "li", "wang")


def test_whoever_works_for_others_and_is_at_work_may_be_away() -> None:
    may = {Role.LIAISON, Role.UNIT_HEAD, Role.SUPERVISOR, Role.LEADER}
    for role in Role:
        for active in (True, False):
            person = Person(1, role.value, None, active)
            if role in may and active:
                check_absent(person)
            else:
                with pytest.raises(NoDeputyRole):
                    check_absent(person)


@pytest.mark.parametrize(
    ("first", "last", "taken"),
    [
        (_TODAY, _TODAY, True),
        (_TODAY - 3 * _DAY, _TODAY, True),
        (_TODAY, _TODAY + 89 * _DAY, True),
        (_TODAY, _TODAY + 90 * _DAY, False),
        (_TODAY - 2 * _DAY, _TODAY - _DAY, False),
        (_TODAY + _DAY, _TODAY, False),
    ],
)
def test_leave_has_its_days(site: Site, first: date, last: date, taken: bool) -> None:
    if taken:
        assert _leave(site, "li", "wang", first, last)
        return
    with pytest.raises((LeaveEndsBefore, LeaveIsPast, LeaveTooLong)):
        _leave(site, "li", "wang", first, last)


def test_leave_does_not_overlap_and_a_deputy_has_no_deputy(site: Site) -> None:
    _leave(site, "li", "wang")
    with pytest.raises(LeaveOverlaps):
        _leave(site, "li", None, _TODAY + 3 * _DAY, _TODAY + 5 * _DAY)
    _leave(site, "li", None, _TODAY + 4 * _DAY, _TODAY + 5 * _DAY)
    with pytest.raises(DeputyAway):
        _leave(site, "swj", "li")
    _leave(site, "wang", "swj")  # ill, while he stands in: nobody gets from him what he may do for another
    assert _may_act(site, "swj") == ["王某"]
    assert _may_act(site, "wang") == ["李某"]


def test_a_deputy_may_act_within_the_days_only_and_while_both_are_what_they_were(site: Site) -> None:
    absence = _leave(site, "li", "wang", _TODAY + _DAY, _TODAY + 2 * _DAY)
    found = []
    for days in range(4):
        site.clock.at = IN_TIME + days * _DAY
        found.append(_may_act(site, "wang"))
    assert found == [[], ["李某"], ["李某"], []]
    site.clock.at = IN_TIME + _DAY
    with site.services.database.transaction() as session:
        session.get_one(UserRow, _id(site, "li")).role = Role.UNIT_HEAD.value
    assert _may_act(site, "wang") == []
    with site.services.database.transaction() as session:
        session.get_one(UserRow, _id(site, "li")).role = Role.LIAISON.value
    li = _actor(site, "li")
    with site.services.database.transaction() as session:
        end_absence(session, absence_id=absence, actor=li, at=site.clock.at)
    assert _may_act(site, "wang") == []


@pytest.mark.parametrize("off", ["li", "wang"])
def test_nobody_acts_for_or_as_an_account_that_is_disabled(site: Site, off: str) -> None:
    """A liaison who went has no deputy who goes on in his name; nor is the deputy who went one."""
    _leave(site, "li", "wang")
    assert _may_act(site, "wang") == ["李某"]
    with site.services.database.transaction() as session:
        session.get_one(UserRow, _id(site, off)).active = False
    assert _may_act(site, "wang") == []
    with site.services.database.reading() as session:
        lost = lost_deputies(session, user_id=_id(site, off), since=_TODAY)
    assert [one.name for one in lost] == ["李某"]


def test_nobody_is_away_or_keeps_leave_in_anothers_name(site: Site) -> None:
    absence = _leave(site, "swj", "li")
    head = acting_for(_actor(site, "swj-head"), user_id=1, name="某")
    leave = Leave(first_on=_TODAY, last_on=_TODAY, deputy_id=None, reason="休假")
    with site.services.database.transaction() as session:
        at, policy = site.clock.at, AccountPolicy()
        with pytest.raises(ActingForAnother):
            take_leave(session, leave, policy=policy, actor=head, at=at)
        with pytest.raises(ActingForAnother):
            set_leave(session, leave, user_id=_id(site, "li"), policy=policy, actor=head, at=at)
        with pytest.raises(ActingForAnother):
            end_absence(session, absence_id=absence, actor=head, at=at)
        with pytest.raises(NotFound):  # the deputy himself does not end it
            end_absence(session, absence_id=absence, actor=_actor(site, "li"), at=at)


def test_every_act_of_a_deputy_bears_both_names_until_he_is_himself_again(site: Site) -> None:
    _leave(site, "li", "wang")
    with site.client("wang") as client:
        assert "代李某办理" in client.get("/today").get_data(as_text=True)
        assert _begin(client, site, "li").status_code == 303
        page = client.get("/today").get_data(as_text=True)
        assert "王某（代李某）" in page
        assert "回到本人名义" in page
        with site.services.database.reading() as session:
            period = site.city.period("swj", session).id
        assert post(client, "/today/acknowledge", at="/today", assignment=_share(site)).status_code == 303
        assert client.get(f"/periods/{period}/form").status_code == 200
        assert "王某（代李某）" not in client.get("/me").get_data(as_text=True)  # his account is his own
        assert post(client, "/acting/end", at="/today").status_code == 303
        assert "王某（代李某）" not in client.get("/today").get_data(as_text=True)
    with site.services.database.reading() as session:
        told = {
            row.type: (row.actor, row.actor_id)
            for row in session.scalars(select(EventRow).where(col(EventRow.actor_id) == _id(site, "wang")))
        }
        assert list(event_log.broken_links(session)) == []
        wanted = select(col(EventRow.payload)).where(col(EventRow.type) == "account.acting_began")
        began = json.loads(session.scalars(wanted).one())
    assert (began["user_id"], began["for_id"]) == (_id(site, "wang"), _id(site, "li"))
    both, own = ("王某（代李某）", _id(site, "wang")), ("王某", _id(site, "wang"))
    assert told["assignment.received"] == both
    assert (told["account.acting_began"], told["account.acting_ended"]) == (own, own)


def _share(site: Site) -> str:
    with site.services.database.reading() as session:
        wanted = select(col(AssignmentRow.id)).where(col(AssignmentRow.unit_id) == site.city.unit_id("swj"))
        return str(session.scalars(wanted.order_by(col(AssignmentRow.id))).first())


def test_a_form_that_was_opened_in_another_name_is_not_taken(site: Site) -> None:
    _leave(site, "li", "wang")
    with site.client("wang") as client:
        page = client.get("/today").get_data(as_text=True)
        token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        _begin(client, site, "li")
        stale = client.post("/today/acknowledge", data={"csrf_token": token, "assignment": _share(site)})
        assert (stale.status_code, "页面打开太久" in stale.get_data(as_text=True)) == (400, True)


def test_whoever_may_act_no_longer_is_told_so_before_anything_is_done_in_his_own_name(site: Site) -> None:
    _leave(site, "li", "wang")
    with site.client("wang") as client:
        _begin(client, site, "li")
        page = client.get("/today").get_data(as_text=True)
        token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        site.clock.at = IN_TIME + 4 * _DAY
        fields = {"csrf_token": token, "assignment": _share(site)}
        over = client.post("/today/acknowledge", data=fields)
        assert (over.status_code, "代办期限已满" in over.get_data(as_text=True)) == (409, True)
        assert client.post("/today/acknowledge", data=fields).status_code == 303
        with site.services.database.reading() as session:
            assert session.scalars(select(col(LoginRow.acting_for_id))).all() == [None]


def test_nobody_acts_for_whose_deputy_he_is_not(site: Site) -> None:
    _leave(site, "li", "wang")
    for login in ("swj", "tjj", "swj-head", "office"):
        with site.client(login) as client:
            assert _begin(client, site, "li").status_code == 404


def test_a_deputy_is_told_and_whoever_did_not_enter_it_himself(site: Site) -> None:
    with site.client("swj-head") as client:
        days = {"first_on": _TODAY.isoformat(), "last_on": _TODAY.isoformat(), "reason": "住院"}
        address = f"/people/{_id(site, 'li')}/leave"
        at = address.removesuffix("/leave")
        assert post(client, address, at=at, deputy_id=str(_id(site, "wang")), **days).status_code == 303
        assert client.get(f"/people/{_id(site, 'tjj')}").status_code == 404
    site.work()
    with site.services.database.reading() as session:
        subjects = {
            login: [
                row.subject
                for row in notices_for(session, user_id=_id(site, login), limit=9)
                if row.kind.startswith("account.")
            ]
            for login in ("li", "wang", "swj")
        }
    assert subjects == {"li": ["登记请假：李某"], "wang": ["委托代办：李某"], "swj": []}


def test_a_deputy_reads_the_messages_of_whoever_is_away_and_they_stay_unread(site: Site) -> None:
    with site.client("swj-head") as client:
        days = {"first_on": _TODAY.isoformat(), "last_on": _TODAY.isoformat(), "reason": "住院"}
        at = f"/people/{_id(site, 'li')}"
        post(client, f"{at}/leave", at=at, deputy_id=str(_id(site, "wang")), **days)
    site.work()
    with site.client("wang") as client:
        assert "登记请假：李某" not in client.get("/notices").get_data(as_text=True)
        _begin(client, site, "li")
        assert "登记请假：李某" in client.get("/notices").get_data(as_text=True)
    with site.services.database.reading() as session:
        assert count_unread(session, user_id=_id(site, "li")) > 0
        assert count_unread(session, user_id=_id(site, "wang")) == 0


def test_where_everybody_who_hears_is_away_the_head_hears_too_and_nobody_twice(site: Site) -> None:
    unit_id = site.city.unit_id("swj")

    def hearers(days: int = 0) -> list[int]:
        with site.services.database.reading() as session:
            known = addressees(session, unit_id=unit_id, on=_TODAY + days * _DAY)
            return [person.user_id for person in known.for_unit(unit_id).people]

    liaisons = [_id(site, login) for login in ("swj", "li", "wang")]
    assert hearers() == liaisons
    _leave(site, "li", "wang")
    _leave(site, "swj", None)
    assert hearers() == liaisons  # one is at work, and hears for all
    _leave(site, "wang", None)
    assert hearers() == [*liaisons, _id(site, "swj-head")]
    assert hearers(days=4) == liaisons


def test_the_password_of_the_one_who_is_away_stays_his(site: Site) -> None:
    _leave(site, "li", "wang")
    with site.client("wang") as client:
        _begin(client, site, "li")
        page = client.get("/me").get_data(as_text=True)
        assert ("wang" in page, ">li<" in page) == (True, False)
        assert post(client, "/me/log-ins/end", at="/me").status_code == 303
    with site.services.database.reading() as session:
        ended = select(col(EventRow.payload)).where(col(EventRow.type) == "account.acting_began")
        assert [json.loads(one)["for_id"] for one in session.scalars(ended)] == [_id(site, "li")]
        assert session.scalars(select(AbsenceRow)).one().reason == "休假"


def _move(site: Site, login: str) -> None:
    actor = _actor(site, "sysadmin")
    with site.services.database.transaction() as session:
        change_account(
            session,
            user_id=_id(site, login),
            name=_actor(site, login).name,
            unit_id=site.city.unit_id("tjj"),
            email=None,
            actor=actor,
            when=Moment(now=site.clock.at, at=site.clock.at),
        )


def _grant(site: Site, login: str, role: Role) -> None:
    actor, when = _actor(site, "secadmin"), Moment(now=site.clock.at, at=site.clock.at)
    with site.services.database.transaction() as session:
        said = {"role": role, "reason": "依据", "second_hash": "", "policy": AccountPolicy()}
        grant_role(session, user_id=_id(site, login), actor=actor, when=when, **said)  # type: ignore[arg-type] # by name


def _disable(site: Site, login: str) -> None:
    actor, when = _actor(site, "sysadmin"), Moment(now=site.clock.at, at=site.clock.at)
    with site.services.database.transaction() as session:
        disable_account(session, user_id=_id(site, login), reason="离职", actor=actor, when=when)


@pytest.mark.parametrize(
    ("leaves", "moves"),
    [
        (partial(_move, login="wang"), True),
        (partial(_grant, login="wang", role=Role.READER), False),
        (partial(_disable, login="wang"), False),
        (partial(_move, login="li"), True),
    ],
)
def test_a_deputy_who_is_lost_is_told_of_and_nowhere_shown_as_one(
    site: Site, leaves: Callable[[Site], None], moves: bool
) -> None:
    """Whatever changed, of whichever of the two; whoever is away may then name another."""
    _leave(site, "li", "wang")
    site.work()
    leaves(site)
    site.work()
    site.work()  # once
    with site.services.database.reading() as session:
        told = {
            login: [row.subject for row in notices_for(session, user_id=_id(site, login), limit=9)].count(
                "代办终止：王某不再代李某办理"
            )
            for login in ("li", "wang", "swj-head", "swj", "tjj-head")
        }
        pending = session.scalars(select(UserRow).where(col(UserRow.login) == "li")).one().role == Role.PENDING
        assert personal_work(session, user_id=_id(site, "wang"), now=site.clock.at) == []
    # Who left has no page of messages until his role is granted anew, and reads it on his own page.
    both = {"li": 0, "wang": 1, "tjj-head": 1} if pending else {"li": 1, "wang": 0}
    assert told == {"swj": 0, "swj-head": 1, "tjj-head": int(moves), **both}
    if not pending:
        with site.client("swj-head") as client:
            assert "无人代办（王某已不能代办）" in client.get("/people").get_data(as_text=True)
            assert "无（王某已不能代办）" in client.get(f"/people/{_id(site, 'li')}").get_data(as_text=True)
        with site.client("li") as client:
            assert "无（王某已不能代办）" in client.get("/me").get_data(as_text=True)
