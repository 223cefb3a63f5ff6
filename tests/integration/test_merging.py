"""Units merge and are renamed."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import NUMBER, small_reading
from tracker.domain.calendar import end_of_day
from tracker.domain.filings import ReturnReason
from tracker.domain.items import AssignmentRole, Bearer, Duty
from tracker.domain.parts import NewShare
from tracker.domain.readings.demands import Bound, NamedBearer
from tracker.domain.unit_classes import NeverTasked
from tracker.domain.units import NameTaken, NotYetMerged, UnitGone, UnitKind
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.identities import unit_facts
from tracker.store.history.log import cut
from tracker.store.tables.documents import DocumentRow, ItemGroupMemberRow, ItemGroupRow, ItemRow, ItemUnitRow
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitAliasRow, UnitRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.drafting import register_alias
from tracker.usecases.issuing import issue_document
from tracker.usecases.keeping import SetKeeper, set_keeper
from tracker.usecases.merging import SameUnit, merge_units
from tracker.usecases.moving_due import move_due
from tracker.usecases.registering import approve_document, register_document
from tracker.usecases.renaming import NameInUse, rename_unit
from tracker.usecases.requesting import RequestExtension, dispute_share, refuse_request, request_extension
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import MergedDispute, add_share, change_deadline, grant_dispute, reassign_share


def test_the_successor_keeps_the_groups_of_the_old_unit_which_takes_no_work_any_more(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        group = UnitRow(
            code="lxz",
            full_name="市某领导小组",
            short_name="某领导小组",
            kind=UnitKind.LEADING_GROUP.value,
            official_order=99,
        )
        group.kept_by_unit_id = city.unit_id("swj")
        session.add(group)
    _merge(city, "swj", "wjw")
    with database.reading() as session:
        kept = session.scalars(select(col(UnitRow.kept_by_unit_id)).where(col(UnitRow.code) == "lxz")).one()
    assert kept == city.unit_id("wjw")
    part = NewShare(city.unit_id("swj"), AssignmentRole.SUPPORT, Duty.REPORT)
    with pytest.raises(UnitGone), database.transaction() as session:
        add_share(session, task_id=city.task_id(), share=part, reason="补", actor=OFFICE, at=at(10, 13), by=BY)
    with pytest.raises(UnitGone), database.transaction() as session:
        command = SetKeeper(_unit_id(database, "lxz"), city.unit_id("swj"), "改设")
        set_keeper(session, command, actor=OFFICE, at=at(10, 13))
    with pytest.raises(UnitGone):
        _merge(city, "tjj", "swj")


def test_nothing_goes_up_in_a_body_that_is_never_tasked(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        kind = UnitKind.UPPER_LEVEL.value
        session.add(UnitRow(code="sheng", full_name="省某厅", short_name="省某厅", kind=kind, official_order=99))
    with pytest.raises(NeverTasked):
        _merge(city, "swj", "sheng")


def test_a_later_document_that_names_the_old_units_binds_the_successor_under_the_printed_names(
    database: Database,
) -> None:
    city = open_owed_city(database)
    for old, new in (("swj", "tjj"), ("tjj", "wjw"), ("yc", "sp")):
        _merge(city, old, new)
    later = small_reading(number="驻政办〔2022〕98号")
    with database.transaction() as session:
        register_document(session, later, actor=OFFICE, at=at(10, 13))
        approve_document(session, number=later.number, basis="会议议定", actor=OFFICE, at=at(10, 13))
        issue_document(session, number=later.number, actor=OFFICE, at=at(10, 13), by=BY)
    with database.reading() as session:
        item = select(col(ItemRow.id)).where(col(ItemRow.code) == later.items[0].code)
        named = select(col(ItemUnitRow.printed), col(ItemUnitRow.unit_id)).where(col(ItemUnitRow.item_id).in_(item))
        shares = (
            select(col(AssignmentRow.unit_id))
            .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
            .where(col(TaskRow.item_id).in_(item))
        )
        successor = city.unit_id("wjw")
        assert set(session.execute(named)) == {("市商务局", successor), ("市统计局", successor)}
        assert sorted(session.scalars(shares)) == sorted([successor, city.unit_id("sp")])


def test_a_document_that_is_not_issued_yet_names_the_successor_where_it_named_the_old_unit_and_nowhere_else(
    database: Database,
) -> None:
    city, later = open_owed_city(database), small_reading(number="驻政办〔2022〕98号")
    with database.transaction() as session:
        register_document(session, later, actor=OFFICE, at=at(9, 1))
    swj, tjj, wjw, yc, sp = (city.unit_id(code) for code in ("swj", "tjj", "wjw", "yc", "sp"))
    both = {("市商务局", swj), ("市统计局", tjj), ("市卫健体委", wjw)}, {yc, sp}
    assert _named(database) == {NUMBER: both, later.number: both}
    _merge(city, "tjj", "wjw")
    _merge(city, "yc", "swj")
    assert _named(database) == {
        NUMBER: both,
        later.number: ({("市商务局", swj), ("市统计局", wjw), ("市卫健体委", wjw)}, {swj, sp}),
    }


def _named(database: Database) -> dict[str, tuple[set[tuple[str, int]], set[int]]]:
    """Return whom each document names, as printed, and the members of its groups."""
    with database.reading() as session:
        found: dict[str, tuple[set[tuple[str, int]], set[int]]] = {}
        for document in session.scalars(select(DocumentRow)):
            items = select(col(ItemRow.id)).where(col(ItemRow.document_id) == document.id)
            units = select(ItemUnitRow).where(col(ItemUnitRow.item_id).in_(items))
            members = (
                select(col(ItemGroupMemberRow.unit_id))
                .join(ItemGroupRow, col(ItemGroupRow.id) == col(ItemGroupMemberRow.item_group_id))
                .where(col(ItemGroupRow.item_id).in_(items))
            )
            named = {(unit.printed, unit.unit_id) for unit in session.scalars(units)}
            found[document.number] = named, set(session.scalars(members))
        return found


def _unit_id(database: Database, code: str) -> int:
    with database.reading() as session:
        return session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == code)).one() or 0


def _merge(city: OwedCity, old: str, new: str, *, month: int = 10, day: int = 12) -> int:
    with city.database.transaction() as session:
        return merge_units(
            session,
            from_unit_id=city.unit_id(old),
            into_unit_id=city.unit_id(new),
            on=date(2022, 9, 30),
            reason="机构改革",
            actor=OFFICE,
            at=at(month, day),
        )


def test_open_work_moves_with_its_moments_to_the_successor(database: Database) -> None:
    city = open_owed_city(database)
    city.grow(at(10, 12))
    before = {code: (row.id, row.state, row.due_at) for code, row in city.rows("swj").items()}
    assert _merge(city, "swj", "wjw") == 1
    assert {code: (row.id, row.state, row.due_at) for code, row in city.rows("wjw").items()} == before
    with database.reading() as session:
        moved = session.scalars(select(SeriesRow).where(col(SeriesRow.key) == "monthly")).one()
        assert moved.unit_id == city.unit_id("wjw")
        assert moved.overdue_from is not None
        assert moved.overdue_from < at(10, 12)
    city.grow(at(12, 2))
    assert city.states("wjw")["2022-12"] == "open"
    assert_reckoned(database)


def test_two_shares_of_one_task_become_one_that_leads_by_its_moments(database: Database) -> None:
    city = open_owed_city(database)
    city.add_lead("wjw", at(8, 25))
    city.grow(at(9, 2))
    before = {code: (row.id, None) for code, row in city.rows("wjw").items()}
    _merge(city, "swj", "wjw", month=9, day=30)
    assert city.share("swj").state == "reassigned"
    assert city.states("swj")["2022-09"] == "waived"
    kept = {code: (row.id, row.due_at) for code, row in city.rows("wjw").items()}
    assert kept == before, "by the moments of their forms"
    with database.reading() as session:
        live = select(DutyRow).where(
            col(DutyRow.assignment_id) == city.share("swj").id, col(DutyRow.ended_at).is_(None)
        )
        assert session.scalars(live).all() == []
    assert_reckoned(database)


def _refuse(city: OwedCity, code: str) -> None:
    """Give a row the grace after a refusal: two working days from the 12th, a Wednesday."""
    with city.database.transaction() as session:
        command = RequestExtension(city.rows(code)["2022-09"].id or 0, date(2022, 10, 20), "等统计口径")
        asked = request_extension(session, command, actor=city.liaison(code), at=at(9, 28))
    with city.database.transaction() as session:
        refuse_request(session, request_id=asked, reason="不予延期", actor=OFFICE, at=at(10, 12), by=BY)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    ("one", "other", "due_on"),
    [
        pytest.param(20, None, 20, id="granted beside its form's moment"),
        pytest.param(20, "refused", 20, id="granted beside a grace"),
        pytest.param(20, 25, 25, id="two that were granted"),
        pytest.param("refused", None, 10, id="a grace, which nobody granted, beside the earlier moment"),
    ],
)
def test_a_merger_takes_back_no_time_that_was_granted_and_gives_none(
    database: Database, one: int | str | None, other: int | str | None, due_on: int, swapped: bool
) -> None:
    city = open_owed_city(database)
    city.add_lead("wjw", at(8, 25))
    city.grow(at(9, 2))
    for code, given in zip(("wjw", "swj") if swapped else ("swj", "wjw"), (one, other), strict=True):
        if given == "refused":
            _refuse(city, code)
        elif isinstance(given, int):
            with database.transaction() as session:
                row_id, day = city.rows(code)["2022-09"].id or 0, date(2022, 10, given)
                move_due(session, row_id=row_id, new_due_on=day, reason="统筹", actor=OFFICE, at=at(9, 28))
    _merge(city, "swj", "wjw", month=10, day=13)
    row = city.rows("wjw")["2022-09"]
    with database.reading() as session:
        moment = row.due_at or session.get_one(PeriodRow, row.period_id).due_at
    assert (row.state, moment) == ("open", end_of_day(date(2022, 10, due_on)))
    assert_reckoned(database)


def test_a_closing_report_stays_one_where_the_successor_reports_on_the_task_already(database: Database) -> None:
    reading = small_reading()
    first, second = reading.items
    bound = Bound(Bearer.NAMED, (NamedBearer("市商务局、市统计局", ("swj", "tjj")),))
    first = replace(first, cadences=(replace(first.cadences[0], bound=bound),))
    city = open_owed_city(database, reading=replace(reading, items=(first, second)))
    with database.transaction() as session:
        change_deadline(
            session, task_id=city.task_id(), new_on=date(2022, 10, 14), reason="提前", actor=OFFICE, at=at(8, 26), by=BY
        )
    city.grow(at(10, 1))
    closing = city.rows("swj")["2022-10"]
    assert (closing.final, city.rows("tjj")["2022-10"].final) == (True, False)
    _merge(city, "swj", "tjj", month=10, day=3)
    goes_on = city.rows("tjj")["2022-10"]
    assert (goes_on.final, goes_on.due_at, goes_on.state) == (True, closing.due_at, "open")
    with database.reading() as session:
        told = fold(session, cut(session, as_of=at(10, 3))).rows[goes_on.id or 0]
    assert (told.final, told.soft, told.due_at) == (True, False, closing.due_at)
    assert_reckoned(database)


def _with_two_leads(database: Database) -> OwedCity:
    city = open_owed_city(database)
    city.add_lead("wjw", at(8, 25))
    city.grow(at(9, 2))
    return city


def _set_row(city: OwedCity, code: str, **facts: bool) -> None:
    with city.database.transaction() as session:
        row = session.get_one(FormRow, city.rows(code)["2022-09"].id)
        for name, value in facts.items():
            setattr(row, name, value)


@pytest.mark.parametrize(("old", "new", "both"), [(True, True, True), (True, False, False), (False, True, False)])
def test_of_two_open_rows_one_is_soft_where_both_are(database: Database, old: bool, new: bool, both: bool) -> None:
    city = _with_two_leads(database)
    _set_row(city, "swj", soft=old)
    _set_row(city, "wjw", soft=new)
    _merge(city, "swj", "wjw", month=9, day=30)
    row = city.rows("wjw")["2022-09"]
    assert (row.state, row.soft) == ("open", both)


@pytest.mark.parametrize(("old", "new"), [(True, False), (False, True)])
def test_what_the_old_unit_filed_says_whether_the_row_that_goes_on_is_the_completion(
    database: Database, old: bool, new: bool
) -> None:
    city = _with_two_leads(database)
    city.file("swj", "2022-09", when=at(9, 28))
    _set_row(city, "swj", final=old)
    _set_row(city, "wjw", final=new)
    _merge(city, "swj", "wjw", month=9, day=30)
    row = city.rows("wjw")["2022-09"]
    assert (row.state, row.final) == ("filed", old)
    with database.reading() as session:
        assert fold(session, cut(session, as_of=at(9, 30))).rows[row.id or 0].final is old


def test_a_correction_and_a_request_go_on_for_the_successor(database: Database) -> None:
    city = open_owed_city(database)
    city.grow(at(9, 2))
    report_id = city.file("swj", "2022-09", when=at(9, 28))
    with database.transaction() as session:
        return_report(
            session,
            report_id=report_id,
            reason="数字不符",
            reason_class=ReturnReason.FIGURES,
            actor=OFFICE,
            at=at(9, 29),
            by=BY,
        )
    due_at = city.rows("swj")["2022-09"].correction_due_at
    with database.transaction() as session:
        command = RequestExtension(city.rows("swj")["2022-10"].id or 0, date(2022, 11, 30), "数据未出")
        request_id = request_extension(session, command, actor=city.liaison("swj"), at=at(9, 30))
    _merge(city, "swj", "tjj")
    assert (city.share("tjj").role, city.share("tjj").duty) == ("lead", "report")
    assert city.rows("tjj")["2022-09"].correction_due_at == due_at
    with database.reading() as session:
        assert session.get_one(RequestRow, request_id).assignment_id == city.share("tjj").id
    city.file("tjj", "2022-09", when=at(10, 13))
    assert city.states("tjj")["2022-09"] == "filed"
    assert_reckoned(database)


@pytest.mark.parametrize(("working", "state"), [(False, "pending_receipt"), (True, "working")])
def test_the_office_decides_a_dispute_that_a_merger_brings_to_a_share_of_the_same_task(
    database: Database, working: bool, state: str
) -> None:
    city, said = open_owed_city(database), {"reason": "非本部门职责", "by": BY}
    city.add_lead("wjw", at(8, 25))
    with city.database.transaction() as session:
        disputed = city.share("swj").id or 0
        dispute_share(session, assignment_id=disputed, actor=city.liaison("swj"), at=at(8, 26), **said)  # type: ignore[arg-type] # by name
    if working:
        city.grow(at(10, 1))
        city.file("wjw", "2022-09", when=at(10, 8))
    _merge(city, "swj", "wjw")
    assert city.share("wjw").state == state
    assert_reckoned(database)
    with database.reading() as session:
        assert fold(session, cut(session, as_of=at(10, 12))).shares[city.share("wjw").id or 0].state == state
        request = session.scalars(select(RequestRow)).one()
    with pytest.raises(MergedDispute), database.transaction() as session:
        grant_dispute(session, request_id=request.id or 0, actor=OFFICE, at=at(10, 13), **said)  # type: ignore[arg-type] # ditto
    waiting = [code for code, row in city.rows("wjw").items() if row.pending_at is not None]
    with database.transaction() as session:
        refuse_request(session, request_id=request.id or 0, actor=OFFICE, at=at(10, 13), **said)  # type: ignore[arg-type] # ditto
    assert city.share("wjw").state == state
    rows = city.rows("wjw")
    assert all(rows[code].pending_at is None for code in waiting)
    assert_reckoned(database)


def test_of_two_disputes_that_a_merger_brings_together_the_share_is_in_dispute_until_both_are_decided(
    database: Database,
) -> None:
    city, said = open_owed_city(database), {"reason": "非本部门职责", "by": BY}
    city.add_lead("wjw", at(8, 25))
    for code in ("swj", "wjw"):
        disputed = city.share(code).id or 0
        with database.transaction() as session:
            dispute_share(session, assignment_id=disputed, actor=city.liaison(code), at=at(8, 26), **said)  # type: ignore[arg-type] # by name
    _merge(city, "swj", "wjw")
    with database.reading() as session:
        requests = session.scalars(select(col(RequestRow.id)).order_by(col(RequestRow.id))).all()
    for request_id, state in zip(requests, ("disputed", "received"), strict=True):
        with database.transaction() as session:
            refuse_request(session, request_id=request_id or 0, actor=OFFICE, at=at(10, 13), **said)  # type: ignore[arg-type] # ditto
        assert city.share("wjw").state == state
        assert_reckoned(database)
    assert all(row.pending_at is None for row in city.rows("wjw").values())


def test_a_report_addressed_to_the_old_unit_is_decided_by_the_people_of_the_successor(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        monthly = session.scalars(select(SeriesRow).where(col(SeriesRow.key) == "monthly")).one()
        monthly.addressee, monthly.addressee_unit_id = "市统计局", city.unit_id("tjj")
    report_id = city.file("swj", "2022-09", when=at(9, 28))
    _merge(city, "tjj", "wjw")
    with database.transaction() as session:
        accept_report(session, report_id=report_id, actor=city.liaison("wjw"), at=at(10, 13))
    assert city.states("swj")["2022-09"] == "accepted"


def test_the_successor_is_bound_where_the_words_name_the_old_unit(database: Database) -> None:
    reading = small_reading()
    first, second = reading.items
    bound = Bound(Bearer.NAMED, (NamedBearer("市统计局", ("tjj",)),))
    first = replace(first, cadences=(replace(first.cadences[0], bound=bound),))
    city = open_owed_city(database, reading=replace(reading, items=(first, second)))
    _merge(city, "tjj", "wjw")
    with database.transaction() as session:
        later = date(2022, 12, 31)
        change_deadline(
            session, task_id=city.task_id(), new_on=later, reason="会议议定", actor=OFFICE, at=at(10, 13), by=BY
        )
    assert set(city.states("wjw").values()) == {"open"}
    assert_reckoned(database)


def test_two_ticks_of_one_form_become_one(database: Database) -> None:
    city = open_owed_city(database)
    _merge(city, "yc", "sp")
    with database.reading() as session:
        ticks = select(DutyRow).where(col(DutyRow.assignment_id).is_(None), col(DutyRow.ended_at).is_(None))
        series = session.scalars(
            select(col(SeriesRow.unit_id))
            .join(DutyRow)
            .where(col(DutyRow.id).in_([t.id for t in session.scalars(ticks)]))
        )
        assert list(series) == [city.unit_id("sp")]
    assert city.share("yc").state == "reassigned"
    assert_reckoned(database)


def test_a_unit_cannot_merge_with_itself_or_in_the_future(database: Database) -> None:
    city = open_owed_city(database)
    with pytest.raises(SameUnit):
        _merge(city, "swj", "swj")
    with pytest.raises(NotYetMerged):
        _merge(city, "swj", "wjw", month=9, day=1)


def _rename(city: OwedCity, full_name: str, short_name: str) -> None:
    with city.database.transaction() as session:
        rename_unit(
            session,
            unit_id=city.unit_id("swj"),
            full_name=full_name,
            short_name=short_name,
            valid_from=date(2022, 10, 1),
            reason="机构改革",
            actor=OFFICE,
            at=at(10, 12),
        )


def test_a_renamed_unit_keeps_its_old_name_in_what_is_told_of_the_time_before(database: Database) -> None:
    city = open_owed_city(database)
    _rename(city, "驻马店市商务和投资促进局", "市商务投促局")
    unit_id = city.unit_id("swj")
    with database.reading() as session:
        before, after = (unit_facts(session, until=cut(session, as_of=at(10, day)))[unit_id] for day in (11, 13))
    assert (before.short, before.full) == ("市商务局", "驻马店市商务局")
    assert (after.short, after.full) == ("市商务投促局", "驻马店市商务和投资促进局")


def test_the_name_of_another_unit_is_refused(database: Database) -> None:
    city = open_owed_city(database)
    with pytest.raises(NameInUse):
        _rename(city, "驻马店市统计局", "市商务投促局")


@pytest.mark.parametrize(("held", "taken"), [("商务投促专班", "商务投促专班"), ("商务（投促）专班", "商务(投促)专班")])
def test_what_a_document_calls_another_unit_is_refused_too(database: Database, held: str, taken: str) -> None:
    """A registry in which one name stands for two units cannot be built, and each page needs it."""
    city = open_owed_city(database)
    with database.transaction() as session:
        session.add(UnitAliasRow(unit_id=city.unit_id("tjj"), name=held, document="驻政办〔2022〕49号"))
    with pytest.raises(NameInUse):
        _rename(city, "驻马店市商务和投资促进局", taken)
    with pytest.raises(NameTaken), database.transaction() as session:
        register_alias(session, name=taken, unit_id=city.unit_id("swj"), actor=OFFICE, at=at(10, 12))


def test_a_successor_keeps_its_own_part_beside_the_one_it_takes_over_in_the_merger(database: Database) -> None:
    city = open_owed_city(database)
    said = {"reason": "职能调整", "actor": OFFICE, "by": BY}
    with database.transaction() as session:
        reassign_share(
            session,
            assignment_id=city.share("swj").id or 0,
            to_unit_id=city.unit_id("tjj"),
            at=at(9, 1),
            **said,  # type: ignore[arg-type] # said by the office
        )
        part = NewShare(city.unit_id("wjw"), duty=Duty.REPORT)
        add_share(session, task_id=city.task_id(), share=part, at=at(9, 1), **said)  # type: ignore[arg-type] # ditto
    _merge(city, "tjj", "wjw")
    share = city.share("wjw")
    assert (share.role, share.own_role, share.own_duty) == ("lead", "support", "report")
    with database.transaction() as session:
        reassign_share(
            session,
            assignment_id=share.id or 0,
            to_unit_id=city.unit_id("sp"),
            at=at(10, 13),
            **said,  # type: ignore[arg-type] # ditto
        )
    share = city.share("wjw")
    assert (share.role, share.duty, share.ended_at) == ("support", "report", None)
    assert_reckoned(database)
