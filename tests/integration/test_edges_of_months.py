"""What lies at the edge of a month's acts: who hears of new rules, whom a month is held against, who takes part."""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import Session

from tests.support.announced import announced
from tests.support.office import OFFICE, City, open_city
from tests.support.published_evaluation import NOW, Publishing
from tests.support.site import Site
from tests.support.small_evaluation import (
    CHECKING,
    SOURCE,
    Worked,
    figure,
    in_check,
    keep_small_scheme,
    opened,
)
from tests.support.small_scheme import SMALL_SCHEME
from tracker.domain.accounts import SYSTEM
from tracker.domain.scoring.doubts import DoubtKind
from tracker.domain.scoring.entries import Entry, InputKind, Sourced
from tracker.editions import differs_from_log
from tracker.gateways.schemes import read_scheme
from tracker.steps.scoring import keep_inputs
from tracker.store.database import Database
from tracker.store.queries.counted_months import doubts_of_month
from tracker.store.queries.scoring import last_input_id
from tracker.store.queries.scoring_objections import overtaken_objections
from tracker.store.queries.scoring_parties import takes_part
from tracker.store.queries.scoring_rules import rules_of
from tracker.store.queries.units import present_ids
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.scoring import ScoreMonthRow, ScoreObjectionRow
from tracker.usecases.objecting_to_marks import answer_objection, object_to_marks, settle_objection
from tracker.usecases.renewing_rules import renew_rules


@pytest.fixture
def city(database: Database) -> City:
    return open_city(database)


def test_whom_newer_rules_ask_for_nothing_any_more_hears_so(city: City) -> None:
    worked = opened(city)
    with city.database.transaction() as session:
        keep_small_scheme(session, content=SMALL_SCHEME.replace('supplier = "tjj"', 'supplier = "swj"'))
    with city.database.transaction() as session:
        renew_rules(session, worked.month_id, read=read_scheme, actor=OFFICE, at=CHECKING)
    told = announced(city.database, "scoring.rules_renewed", to=("swj", "tjj", "yc"))
    assert len(told) == 2, "who supplied before, and who does now"
    assert sum("不再由本单位报送" in one.reason for one in told) == 1


@pytest.mark.parametrize(("before", "month", "asked"), [("2022-01", "2022-02", True), ("2021-12", "2022-01", False)])
def test_a_figure_is_held_against_the_month_before_within_its_year(
    city: City, before: str, month: str, asked: bool
) -> None:
    content = SMALL_SCHEME.replace("[2022, 1]", "[2021, 12]").replace("2022-01-05", "2021-01-05")
    for name, value in ((before, "2"), (month, "30")):
        worked = opened(city, month=name, content=content)
        with city.database.transaction() as session:
            worked.enter(session, city.liaison("swj"), figure("projects", "yc", value))
    with city.database.reading() as session:
        row = session.get_one(ScoreMonthRow, worked.month_id)
        found = doubts_of_month(session, row, rules_of(session, row, read_scheme))
    assert (DoubtKind.FAR in {one.kind for one in found}) == asked


@pytest.mark.parametrize(("login", "has_part"), [("wjw", True), ("tjj", True), ("yc", True), ("jtj", False)])
def test_who_organises_supplies_or_is_evaluated_takes_part(city: City, login: str, has_part: bool) -> None:
    scheme = read_scheme(SMALL_SCHEME.replace('supplies = ["wjw"]', 'supplies = ["tjj"]'))
    with city.database.reading() as session:
        own = [present_ids(session).get(login, 0)]
        assert takes_part(session, scheme, own=own) is has_part


def _refuse(session: Session, worked: Worked, *, item: str = "1-1", words: str = "少计一个项目") -> None:
    """Let 驿城区 object to an item in the check, and the office say that the marks stand."""
    given = {"read": read_scheme, "at": CHECKING}
    found = object_to_marks(
        session,
        worked.month_id,
        object_code="yc",
        item=item,
        words=words,
        actor=worked.city.head("yc"),
        **given,  # type: ignore[arg-type] # by name
    )
    answer_objection(session, found, upheld=False, answer="已核对", actor=OFFICE, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(("county", "overtaken"), [("yc", 1), ("sp", 0)])
def test_an_objection_is_overtaken_by_what_changes_for_its_own_body(city: City, county: str, overtaken: int) -> None:
    worked = in_check(city)
    with city.database.transaction() as session:
        _refuse(session, worked)
        before = last_input_id(session, worked.month_id)
        worked.enter(session, city.liaison("swj"), figure("projects", county, "4"), seen=99, reason="核实后更正")
    with city.database.reading() as session:
        row = session.get_one(ScoreMonthRow, worked.month_id)
        rules = rules_of(session, row, read_scheme)
        assert len(overtaken_objections(session, row, rules, before=before, now=None)) == overtaken


@pytest.mark.parametrize(("words", "overtaken"), [("外资甲核查有误", 0), ("外资乙核查有误", 1)])
def test_the_check_of_another_project_does_not_make_an_objection_right(city: City, words: str, overtaken: int) -> None:
    worked = in_check(city)
    checked = Entry(
        kind=InputKind.CHECK,
        code="site",
        object="yc",
        value=Decimal(9),
        found=Decimal(4),
        reference="外资甲",
        items=("1-3",),
    )
    with city.database.transaction() as session:
        _keep(session, worked, checked)
        _refuse(session, worked, item="1-3", words=words)
        before = last_input_id(session, worked.month_id)
        _keep(session, worked, replace(checked, reference="外资乙"))
    with city.database.reading() as session:
        row = session.get_one(ScoreMonthRow, worked.month_id)
        found = partial(
            overtaken_objections, session, row, rules_of(session, row, read_scheme), before=before, now=None
        )
        assert (len(found()), len(found(former=True))) == (overtaken, 1)


def _keep(session: Session, worked: Worked, entry: Entry) -> None:
    row = session.get_one(ScoreMonthRow, worked.month_id)
    keep_inputs(session, row, [(Sourced(entry, SOURCE), None)], reason="", unit_id=None, actor=SYSTEM, at=CHECKING)


def test_what_is_written_down_after_a_month_was_kept_changes_nothing_in_its_paper(
    database: Database, tmp_path: Path
) -> None:
    """Months that were kept before freezing asked for it have objections that nobody carried out."""
    city = open_city(database)
    site = Site(database, tmp_path, city=city)
    site.clock.at = NOW
    house = Publishing(site, city)
    worked = house.frozen("2022-09")
    house.decide("issuer", "office")
    with database.transaction() as session:
        row = ScoreObjectionRow(
            month_id=worked.month_id,
            unit_id=present_ids(session)["yc"],
            object="yc",
            item="1-1",
            words="少计一个项目",
            state="upheld",
            raised_by="驿城区",
            raised_at=CHECKING,
            answer="已核对",
            answered_by="督查室",
            answered_at=CHECKING,
            inputs_after=last_input_id(session, worked.month_id),
        )
        session.add(row)
        session.flush()
        objection = row.id or 0
    paper = house.publish(worked.month_id)
    with database.transaction() as session:
        at = house.wait(hours=1)
        settle_objection(session, objection, reason="已在上月计入", read=read_scheme, actor=OFFICE, at=at)
    with database.reading() as session:
        assert not differs_from_log(site.services, session, session.get_one(CircularRow, paper))
