"""A paper that blames for what an outage excused after it was drafted goes no further, whenever that was recorded."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from tests.support.corrections import CHANGED
from tests.support.databases import fresh_sqlite
from tests.support.member_city import open_member_city
from tests.support.office import CALENDAR
from tests.support.owed_city import BY, LEADER, OFFICE, at, open_owed_city
from tests.support.readings import NUMBER
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.editions import ExcusedSince
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.new_editions import NewEdition
from tracker.domain.outages import Outage
from tracker.store import event_log
from tracker.store.database import Database
from tracker.store.queries.overtaking import log_head
from tracker.store.tables.circulars import CircularRow
from tracker.usecases.circulars.deciding import approve_circular, submit_circular
from tracker.usecases.circulars.drafting import correct_circular, draft_circular
from tracker.usecases.circulars.issuing import issue_circular
from tracker.usecases.merging import merge_units
from tracker.usecases.recording_outages import record_outage
from tracker.usecases.renaming import rename_unit

# The monthly forms of September were due in it, by the end of 10 October; it is over when the papers are drafted.
_CITY = Scope()
STRUCK, DRAFTED_AT = Outage(at(10, 10), at(10, 11, hour=12)), at(10, 12)


def _record(database: Database) -> None:
    with database.transaction() as session:
        record_outage(session, STRUCK, reason="机房断电", actor=OFFICE, at=DRAFTED_AT, by=BY)


def _drafted(database: Database, scope: Scope = _CITY, *, as_of: datetime = DRAFTED_AT) -> int:
    with database.transaction() as session:
        new = NewEdition(
            type=CircularType.NOTICE,
            office="office",
            scope=scope,
            as_of=as_of,
            last_event=log_head(session),
            facts_sha256=f"{log_head(session):064x}",
            template_version="t",
            rule_version="r",
            series="驻政办督",
            title="督办通知单",
            addressees="各县区",
            copies="",
            note="",
            statements=[(0, "共{total}项。")],
        )
        return draft_circular(session, new, actor=OFFICE, at=DRAFTED_AT)


def _submit(session: Session, id_: int) -> None:
    submit_circular(session, circular_id=id_, version=1, content=None, corrects=CHANGED, actor=OFFICE, at=DRAFTED_AT)


def _approve(session: Session, id_: int) -> None:
    approve_circular(
        session, circular_id=id_, version=2, basis="同意", content=None, corrects=CHANGED, actor=LEADER, at=DRAFTED_AT
    )


def _issue(session: Session, id_: int) -> None:
    issue_circular(
        session,
        circular_id=id_,
        version=3,
        numbering=lambda year, running: f"驻政办督〔{year}〕{running}号",
        content=None,
        corrects=CHANGED,
        calendar=CALENDAR,
        actor=OFFICE,
        at=DRAFTED_AT,
    )


_ON_ITS_WAY = (_submit, _approve, _issue)


def _goes_out(database: Database, id_: int) -> int:
    """Return how many moments a paper is refused for, 0 where it may be submitted."""
    try:
        with database.transaction() as session:
            _submit(session, id_)
    except ExcusedSince as refused:
        return int(str(refused.facts["moments"]))
    return 0


def test_of_what_an_outage_moved_a_paper_answers_for_what_it_counts_as_past(tmp_path: Path) -> None:
    """市商务局 filed in time, the counties did not: two moments move, each of one county."""
    city = open_member_city(fresh_sqlite(tmp_path), lead_hears=False)
    city.file("swj", "2022-09", when=at(9, 28))
    scopes = {
        "all": _CITY,
        "a unit that is excused": Scope(unit="驿城区人民政府"),
        "a unit that is not": Scope(unit="驻马店市商务局"),
        "the document": Scope(document=NUMBER),
        "another document": Scope(document="驻政办〔2022〕1号"),
    }
    papers = {name: _drafted(city.database, scope) for name, scope in scopes.items()}
    papers["all, before the day"] = _drafted(city.database, as_of=at(10, 10, hour=23))
    _record(city.database)
    assert {name: _goes_out(city.database, id_) for name, id_ in papers.items()} == {
        "all": 2,
        "a unit that is excused": 1,
        "a unit that is not": 0,
        "the document": 2,
        "another document": 0,
        "all, before the day": 0,
    }
    assert _goes_out(city.database, _drafted(city.database)) == 0


def test_a_unit_that_was_renamed_or_went_up_in_another_since_is_excused_as_well(tmp_path: Path) -> None:
    city = open_member_city(fresh_sqlite(tmp_path), lead_hears=False)
    papers = [_drafted(city.database, Scope(unit=name)) for name in ("驿城区人民政府", "遂平县人民政府")]
    yc, sp = city.unit_id("yc"), city.unit_id("sp")
    with city.database.transaction() as session:
        said = {"reason": "区划调整", "actor": OFFICE, "at": DRAFTED_AT}
        names = {"full_name": "天中区人民政府", "short_name": "天中区", "valid_from": date(2022, 10, 12)}
        rename_unit(session, unit_id=yc, **names, **said)  # type: ignore[arg-type] # by name
        merge_units(session, from_unit_id=sp, into_unit_id=yc, on=date(2022, 10, 12), **said)  # type: ignore[arg-type] # by name
    _record(city.database)
    assert [_goes_out(city.database, id_) > 0 for id_ in papers] == [True, True]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite lets one writer in
@pytest.mark.parametrize(("act", "corrects"), [*((act, False) for act in _ON_ITS_WAY), (_issue, True)])
def test_an_outage_that_comes_between_a_decision_on_a_paper_and_its_end_stops_it(
    database: Database, act: Callable[[Session, int], None], corrects: bool
) -> None:
    city = open_owed_city(database)
    id_ = _drafted(city.database)
    if corrects:
        for earlier in _ON_ITS_WAY:
            with database.transaction() as session:
                earlier(session, id_)
        with database.transaction() as session:
            id_ = correct_circular(session, circular_id=id_, version=4, reason="数字有误", actor=OFFICE, at=DRAFTED_AT)
    for earlier in _ON_ITS_WAY[: _ON_ITS_WAY.index(act)]:
        with database.transaction() as session:
            earlier(session, id_)
    with database.reading() as session:
        before = session.get_one(CircularRow, id_).model_dump()
    with pytest.raises(ExcusedSince), database.transaction() as session:
        act(session, id_)
        _record(database)
    with database.reading() as session:
        assert session.get_one(CircularRow, id_).model_dump() == before


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_is_checked_last_is_checked_when_nobody_else_can_append_to_the_log(database: Database) -> None:
    checked = []

    def check() -> None:
        with database.engine.connect() as other, pytest.raises(OperationalError, match="could not obtain lock"):
            other.execute(text("SELECT seq FROM chain_head FOR UPDATE NOWAIT"))
        checked.append(True)

    with database.transaction() as session:
        event_log.check_last(session, check)
    assert checked
