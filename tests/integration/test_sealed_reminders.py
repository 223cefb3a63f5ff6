"""Messages that were written are sealed in the log: what somebody changes, takes away or puts in later is named."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import select, text
from sqlmodel import Session, col

from tests.support.accounts import NewUser, create_user
from tests.support.office import LATE
from tests.support.site import PASSWORD_HASH, Site
from tracker.auditing import table_findings
from tracker.domain.accounts import Actor, Role
from tracker.gateways.anchor_key import AnchorKey
from tracker.store.database import Database
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.units import UserRow
from tracker.usecases.handing_over import hand_over
from tracker.usecases.sealing import seal_reminders
from tracker.usecases.sweeping import sweep
from tracker.wording.audit import finding_words
from workers import dispatch, scheduler


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    """A city in which messages have been written and sealed, and one thing was told afterwards."""
    site = Site(database, tmp_path)
    site.clock.at = LATE
    site.work()
    _pass(site)
    with database.transaction() as session:
        assert seal_reminders(session, at=LATE) > 3
    for day in range(1, 7):
        site.clock.at = LATE + timedelta(days=day)
        _pass(site)
    return site


def _pass(site: Site) -> None:
    services = site.services
    sweep(services.database, now=site.clock.at, by=services.reckoning, outgoing=dispatch.outgoing(services))


def _found(site: Site) -> list[str]:
    with site.services.database.reading() as session:
        return [finding_words(found) for found in table_findings(session)]


# The first message that was handed over, whose id a test keeps aside.
_KEEP = "CREATE TABLE moved AS SELECT min(r.id) AS id FROM reminder r JOIN person p ON p.id = r.recipient_id"
_GIVE = text(
    "UPDATE reminder SET recipient_id = (SELECT id FROM person WHERE login = :login) WHERE id = (SELECT id FROM moved)"
)


def _hand_on(site: Site, *logins: str) -> None:
    """Hand the sealed messages of the first on to the second, of that one to the third."""
    with site.services.database.transaction() as session:
        for login in logins[1:]:
            create_user(session, NewUser(login, login, Role.LIAISON, PASSWORD_HASH, "swj"))
        session.flush()
        session.execute(text(f"{_KEEP} WHERE p.login = '{logins[0]}' AND r.channel = 'in_app'"))
        people = {user.login: user.id or 0 for user in session.scalars(select(UserRow))}
        unit_id = site.city.unit_id("swj")
    head = Actor(people["swj-head"], "负责人", Role.UNIT_HEAD, unit_id)
    for giver, receiver in pairwise(logins):
        with site.services.database.transaction() as session:
            user_id, to_id = people[giver], people[receiver]
            hand_over(session, user_id=user_id, to_id=to_id, reason="岗位调整", actor=head, at=site.clock.at)


def _forget_what_moved(database: Database) -> None:
    """Let the hand-overs be told as they were before they named the messages."""
    with database.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER event_no_update"))
        else:
            connection.execute(text("ALTER TABLE event DISABLE TRIGGER event_append_only"))
        told = connection.execute(text("SELECT seq, payload FROM event WHERE type = 'account.handed_over'")).all()
        for seq, payload in told:
            facts = {name: fact for name, fact in json.loads(payload).items() if name != "message_ids"}
            wanted = text("UPDATE event SET payload = :payload WHERE seq = :seq")
            connection.execute(wanted, {"payload": json.dumps(facts), "seq": seq})


def _ids(session: Session) -> list[int]:
    return [id_ or 0 for id_ in session.scalars(select(col(ReminderRow.id)).order_by(col(ReminderRow.id)))]


def test_what_became_of_a_message_is_no_fault_and_each_is_sealed_once(site: Site) -> None:
    database = site.services.database
    with database.transaction() as session:
        session.execute(text("UPDATE reminder SET read_at = planned_for, state = 'sent', attempts = 3"))
        new = seal_reminders(session, at=LATE)
    with database.transaction() as session:
        assert (new > 0, seal_reminders(session, at=LATE)) == (True, 0)
        sealed = session.scalars(select(col(EventRow.type)).where(col(EventRow.type) == "reminder.sealed")).all()
    assert (len(sealed), _found(site)) == (2, [])


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE reminder SET subject = 'x' WHERE id = 2", "消息2（内容）"),
        ("UPDATE reminder SET reason = 'x' WHERE id = 2", "消息2（内容）"),
        ("UPDATE reminder SET content = '{}' WHERE id = 2", "消息2（内容）"),
        ("UPDATE reminder SET recipient_id = recipient_id + 1 WHERE id = 2", "消息2（内容）"),
        ("UPDATE reminder SET planned_for = '2022-01-01 00:00:00+00' WHERE id = 2", "消息2（内容）"),
        ("DELETE FROM reminder WHERE id = 2", "消息2：事件中有，表中没有"),
        ("UPDATE reminder SET id = -1 WHERE id = 2", "消息2：事件中有，表中没有"),
    ],
)
def test_a_message_that_was_changed_or_taken_away_is_named(site: Site, statement: str, words: str) -> None:
    assert _found(site) == []
    with site.services.database.engine.begin() as connection:
        connection.execute(text(statement))
    found = [line for line in _found(site) if not line.startswith("消息-1：")]  # under another number it is put in
    assert len(found) == 1
    assert found[0].startswith(words)


def test_a_message_that_was_put_in_among_earlier_ones_is_named(site: Site) -> None:
    """On PostgreSQL numbers that were never used lie between others."""
    with site.services.database.transaction() as session:
        last = _ids(session)[-1]
        session.execute(text("UPDATE reminder SET id = :far WHERE id = :last"), {"far": last + 10, "last": last})
        seal_reminders(session, at=LATE)
    assert _found(site) == []
    with site.services.database.engine.begin() as connection:
        names = "kind, channel, recipient_id, recipient, subject, reason, content, planned_for, planned_on, state"
        copied = f"{names}, attempts, next_at"
        connection.execute(
            text(f"INSERT INTO reminder (id, ukey, {copied}) SELECT :id, 'x', {copied} FROM reminder WHERE id = 2"),
            {"id": last + 5},
        )
    assert _found(site) == [f"消息{last + 5}：表中有，事件中没有"]


def test_a_hand_over_says_whose_a_message_is_now_and_what_a_hand_does_is_found(site: Site) -> None:
    _hand_on(site, "swj", "li", "wang")
    assert _found(site) == []
    for recipient in ("swj", "li", "tjj"):  # whose it was at first, on the way, never
        with site.services.database.engine.begin() as connection:
            connection.execute(_GIVE, {"login": recipient})
        [found] = _found(site)
        assert "（内容）" in found
        with site.services.database.engine.begin() as connection:
            connection.execute(_GIVE, {"login": "wang"})
    with site.services.database.engine.begin() as connection:
        connection.execute(text("UPDATE reminder SET subject = 'x' WHERE id = (SELECT id FROM moved)"))
    assert len(_found(site)) == 1


def test_a_hand_over_of_before_it_named_its_messages_is_no_fault(site: Site) -> None:
    _hand_on(site, "swj", "li", "wang")
    _forget_what_moved(site.services.database)
    assert _found(site) == []
    with site.services.database.engine.begin() as connection:
        connection.execute(_GIVE, {"login": "tjj"})
    assert len(_found(site)) == 1


def test_one_that_is_being_written_is_sealed_whole_or_not_at_all(site: Site) -> None:
    """A message with a smaller number that another process commits later would else seem to be put in."""
    database, written, over = site.services.database, Event(), Event()

    def write() -> None:
        with database.transaction() as session:
            row = session.scalars(select(ReminderRow).limit(1)).one()
            facts = row.model_dump(exclude={"id", "ukey"})
            session.add(ReminderRow(**facts, ukey="being written"))
            session.flush()
            written.set()
            over.wait(10)

    def seal() -> None:
        with database.transaction() as session:
            seal_reminders(session, at=LATE)

    writer, sealer = Thread(target=write), Thread(target=seal)
    writer.start()
    assert written.wait(10)
    sealer.start()
    sealer.join(0.5)
    assert sealer.is_alive()
    over.set()
    writer.join(10)
    sealer.join(10)
    with database.reading() as session:
        assert session.scalars(select(col(ReminderRow.ukey)).where(col(ReminderRow.ukey) == "being written")).all()
    assert _found(site) == []


def test_the_scheduler_seals_before_it_signs(site: Site, tmp_path: Path) -> None:
    settings = site.services.settings.model_copy(update={"anchor_file": tmp_path / "anchors"})
    services = replace(site.services, settings=settings)
    scheduler.anchor(services, AnchorKey(settings.anchor_key), last=None, now=datetime(2022, 9, 30, tzinfo=UTC))
    with services.database.reading() as session:
        newest = session.scalars(select(EventRow).order_by(col(EventRow.seq).desc()).limit(1)).one()
    assert newest.type == "reminder.sealed"
    assert (tmp_path / "anchors").read_text().split()[1] == str(newest.seq)
