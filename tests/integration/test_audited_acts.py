"""After whatever the use cases do the tables say what the log tells, what the log has sealed of messages included."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session

from tests.support.passes import PASSES
from tests.support.rights import RIGHTS, UNGUARDED
from tests.support.two_bureaus import NOW, TwoBureaus
from tests.support.two_bureaus_life import open_two_bureaus
from tracker.auditing import table_findings
from tracker.domain.accounts import SYSTEM
from tracker.domain.deliveries import Outgoing
from tracker.domain.events.accounts import AccountCreated
from tracker.steps.notices import notify
from tracker.store import event_log
from tracker.store.row_digests import row_digest
from tracker.store.tables.units import UserRow
from tracker.usecases.sealing import seal_reminders
from tracker.wording.audit import finding_words


@pytest.fixture
def city(tmp_path: Path) -> TwoBureaus:
    """A city in which the log tells of everybody, who has a message that he has not read, all of them sealed."""
    city = open_two_bureaus(tmp_path)
    with city.database.transaction() as session:
        for user in session.scalars(select(UserRow)).all():
            _tell(session, user.id or 0)
            event_log.record(session, _created(user), actor=SYSTEM, at=NOW)
        session.flush()
        assert seal_reminders(session, at=NOW) > 3
    return city


def _created(user: UserRow) -> AccountCreated:
    return AccountCreated(
        user_id=user.id or 0,
        login=user.login,
        name=user.name,
        role=user.role,
        of_unit_id=user.unit_id,
        sealed=row_digest(user),
    )


def _tell(session: Session, person_id: int) -> None:
    notify(
        session,
        rule="document.issued",
        subject_id=1,
        unit_id=None,
        subject=f"新交办：{person_id}",
        reason="",
        tasks=(),
        at=NOW,
        mail_at=NOW,
        outgoing=Outgoing(mail=False, machine_now=NOW),
        person_id=person_id,
    )


def _found(city: TwoBureaus) -> list[str]:
    with city.database.reading() as session:
        return [finding_words(found) for found in table_findings(session)]


@pytest.mark.parametrize("name", RIGHTS)
def test_an_act_tells_the_log_all_that_the_audit_compares(city: TwoBureaus, name: str) -> None:
    right = RIGHTS[name]
    if right.before:
        with city.database.transaction() as session:
            right.before(city, session)
    before = _found(city)  # what a test prepares by hand is told by no event
    actor = city.actor(min(right.may))
    with city.database.transaction() as session:
        right.do(city, session, actor)
    assert [words for words in _found(city) if words not in before] == []


@pytest.mark.parametrize("name", UNGUARDED)
def test_so_does_what_no_person_does(city: TwoBureaus, name: str) -> None:
    before = _found(city)
    _why, do = UNGUARDED[name]
    with city.database.transaction() as session:
        do(city, session, city.actor("system"))
    assert [words for words in _found(city) if words not in before] == []


@pytest.mark.parametrize("name", PASSES)
def test_so_do_the_pass_and_all_that_goes_by_itself(city: TwoBureaus, name: str) -> None:
    before = _found(city)
    PASSES[name](city)
    assert [words for words in _found(city) if words not in before] == []
