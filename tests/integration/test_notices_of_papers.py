"""Whoever a paper of the office is for hears that it was issued and that it was withdrawn, once, and can open it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.audience_city import AudienceCity, open_audience_city
from tests.support.databases import fresh_sqlite
from tests.support.office import BY
from tracker.domain.circulars.kinds import KINDS, CircularType
from tracker.domain.deliveries import ClaimedDelivery, Outgoing
from tracker.domain.events.circulars import CircularChanged, CircularIssued
from tracker.domain.quoting import titled
from tracker.store.database import Database
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.units import UserRow
from tracker.usecases.deliveries import delivered
from tracker.usecases.notices import announce
from tracker.wording.papers import PAPER_ASKS

_OUTGOING = Outgoing(mail=False, machine_now=datetime(2022, 11, 1, tzinfo=UTC))
_SWJ, _TJJ, _WJW = ({code, f"{code}-head"} for code in ("swj", "tjj", "wjw"))
_NOBODY: set[str] = set()
# swj leads what is monthly, tjj has the instruction, both are overdue; wjw leads what waits. tjj keeps the group's
# office, the unit that is gone went up in wjw.
_HEARD: Mapping[str, set[str]] = {
    "supervision": _SWJ | _WJW,  # who has not signed for its part is named too
    "supervision of an instruction": _TJJ,
    "special": _NOBODY,
    "notice to a unit": _SWJ,
    "notice on a document": _SWJ | _WJW,
    "notice on an instruction": _TJJ,
    "assignment": _SWJ | _WJW | _TJJ,
    "assignment to a unit": _SWJ,
    "breakdown": _SWJ | _TJJ | _WJW,
    "breakdown of an instruction": _TJJ,
    "urge": _SWJ,
    "rectification": _SWJ,
    "urge to a group": _TJJ,
    "urge to a unit that is gone": _WJW,
    "draft": _NOBODY,
    "put away": _NOBODY,
    "withdrawn urge": _SWJ,
    "corrected urge": _SWJ,
    "correction": _SWJ,
}


@pytest.fixture
def city(database: Database, tmp_path: Path) -> AudienceCity:
    return open_audience_city(database, tmp_path)


def _announce(city: AudienceCity) -> int:
    """Do what follows from all events about papers; return how many messages are new."""
    written = 0
    with city.site.services.database.transaction() as session:
        types = (CircularIssued.type, CircularChanged.type)
        for seq in session.scalars(select(col(EventRow.seq)).where(col(EventRow.type).in_(types))).all():
            delivery = delivered(session, ClaimedDelivery(id=1, reaction="notice", attempts=1, event_seq=seq))
            written += announce(session, delivery, calendar=BY.calendar, policy=BY.policy, outgoing=_OUTGOING)
    return written


def _messages(city: AudienceCity) -> dict[tuple[str, str], dict[str, ReminderRow]]:
    """Return the messages by the kind and name of their paper, of each by who hears it."""
    names = {id_: name for name, id_ in city.papers.items()}
    found: dict[tuple[str, str], dict[str, ReminderRow]] = {}
    with city.site.services.database.reading() as session:
        rows = session.execute(
            select(ReminderRow, col(UserRow.login)).join(UserRow, col(UserRow.id) == col(ReminderRow.recipient_id))
        )
        for row, login in rows:
            heard = found.setdefault((row.kind, names[row.content["circular_id"]]), {})
            assert login not in heard, (row.kind, row.subject)
            heard[login] = row
    return found


def test_whoever_a_paper_is_for_hears_of_it_once_liaison_and_head(city: AudienceCity) -> None:
    assert set(city.papers) == set(_HEARD)
    assert _announce(city) > 0
    told = _messages(city)
    assert {name: set(told.get(("circular.issued", name), {})) for name in _HEARD} == _HEARD
    withdrawn = {name: set(heard) for (kind, name), heard in told.items() if kind == "circular.changed"}
    assert withdrawn == {"withdrawn urge": _SWJ}
    assert _announce(city) == 0


def test_a_message_names_the_paper_what_it_asks_until_when_and_leads_to_it(tmp_path: Path) -> None:
    city = open_audience_city(fresh_sqlite(tmp_path), tmp_path)
    _announce(city)
    told = _messages(city)
    with city.site.services.database.reading() as session:
        papers = {row.id: row for row in session.scalars(select(CircularRow))}
    for (_kind, name), heard in told.items():
        paper = papers[city.papers[name]]
        for row in heard.values():
            assert str(paper.number) in row.subject
            assert titled(paper.title) in row.subject
    for name in ("notice to a unit", "urge", "rectification", "supervision", "correction"):
        assert all("10月18日（周二，含）前" in row.reason for row in told["circular.issued", name].values()), name
    for name in ("assignment", "breakdown"):  # they order no answer
        assert not any("含）前" in row.reason for row in told["circular.issued", name].values()), name
    assert f"更正{papers[city.papers['corrected urge']].number}" in told["circular.issued", "correction"]["swj"].reason
    assert "本单位的反馈已经逾期" in told["circular.issued", "urge"]["swj"].reason
    for row in told["circular.issued", "correction"].values():  # what was late may have been filed meanwhile
        assert "请对照更正后的内容办理；请于2022年10月18日" in row.reason
        assert "已经逾期" not in row.reason
    withdrawn = told["circular.changed", "withdrawn urge"]["swj"]
    assert withdrawn.subject.startswith("撤回文书：催办单")
    assert "说明：有误。" in withdrawn.reason
    for login in sorted(_SWJ | _TJJ | _WJW):
        with city.site.client(login) as client:
            page = client.get("/notices").get_data(as_text=True)
            links = set(re.findall(r'href="(/circulars/\d+)"', page))
            assert links == {f"/circulars/{city.papers[n]}" for (_k, n), heard in told.items() if login in heard}, login
            assert {client.get(link).status_code for link in links} <= {200}, login


def test_every_type_that_tells_a_unit_has_words_for_what_it_asks() -> None:
    assert set(PAPER_ASKS) == {kind.value for kind in CircularType if not KINDS[kind].to_leaders}
