"""What a paper is about: its words, its numbers, its annex and whom it goes to are of one and the same set."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.office import OFFICE
from tests.support.orders import units_ordered
from tests.support.owed_city import BY
from tests.support.papers import paper, said
from tests.support.played_autumn import ENDS_AT, PlayedAutumn
from tracker.domain.calendar import local_day
from tracker.domain.circulars.content import Content
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.unit_classes import class_of
from tracker.domain.units import UnitKind
from tracker.store.database import Database
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.ending import cancel_task
from tracker.usecases.merging import merge_units
from tracker.usecases.sharing import reassign_share

INVESTMENT_48 = "驻政办〔2022〕48号"
EMERGENCY_50 = "驻政办〔2022〕50号"
RANKING_53 = "驻政办〔2022〕53号"


@pytest.fixture
def autumn(played_autumn: PlayedAutumn, tmp_path: Path) -> Database:
    """The city on 1 November 2022."""
    return played_autumn.open(ENDS_AT, tmp_path)


def _cancel(database: Database, code: str) -> None:
    with database.transaction() as session:
        wanted = select(col(TaskRow.id)).join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        task_id = session.scalars(wanted.where(col(ItemRow.code) == code)).one() or 0
        cancel_task(session, task_id=task_id, reason="工作调整", actor=OFFICE, at=ENDS_AT)


@pytest.mark.parametrize("kind", [CircularType.ASSIGNMENT, CircularType.NOTICE, CircularType.BREAKDOWN])
def test_what_was_cancelled_is_in_no_number_of_an_order(autumn: Database, kind: CircularType) -> None:
    before = paper(autumn, kind, document=INVESTMENT_48)
    _cancel(autumn, "48-19")
    after = paper(autumn, kind, document=INVESTMENT_48)
    assert len(after.tables[0].rows) == len(before.tables[0].rows) - 1
    annexed = {source.item_code for source in after.tables[0].sources}
    assert "48-19" not in annexed
    assert {source.item_code for source in after.figures["inferred"].sources} <= annexed
    told = "已撤销1项" if kind is CircularType.NOTICE else f"{len(annexed)}项"  # a notice says what became of all
    assert told in said(after)


@pytest.mark.parametrize("kind", [CircularType.ASSIGNMENT, CircularType.NOTICE])
def test_an_order_on_a_document_goes_to_nobody_who_may_not_be_ordered_and_counts_nobody_else(
    autumn: Database, kind: CircularType
) -> None:
    with autumn.reading() as session:
        numbers = session.scalars(select(col(DocumentRow.number))).all()
        units = session.scalars(select(UnitRow)).all()
    orderable = {
        name
        for unit in units
        for name in (unit.short_name, unit.full_name)
        if class_of(UnitKind(unit.kind), tasked=unit.tasked).verb == "责成"
    }
    for number in numbers:
        content = paper(autumn, kind, document=number)
        assert content.addressees
        to = set(content.addressees.split("、"))
        assert to <= orderable, number
        assert units_ordered(content) <= to, number


def test_an_assignment_goes_to_whoever_has_a_part_in_official_order_and_names_who_supports(autumn: Database) -> None:
    content = paper(autumn, CircularType.ASSIGNMENT, document="驻政办〔2022〕49号")
    with autumn.reading() as session:
        order = session.execute(select(col(UnitRow.short_name), col(UnitRow.official_order))).all()
    place = {row.short_name: row.official_order for row in order}
    to = list(content.goes_to)
    assert to == sorted(to, key=place.__getitem__)
    leads = set(paper(autumn, CircularType.NOTICE, document="驻政办〔2022〕49号").goes_to)
    assert leads < set(to)
    beside = {name for row in content.tables[0].rows for name in row[4].split("、") if name}
    assert beside & (set(to) - leads)


def test_a_brief_about_a_unit_is_not_addressed_to_it(autumn: Database) -> None:
    assert paper(autumn, CircularType.SPECIAL, unit="市商务局").addressees is None


@pytest.mark.parametrize("kind", [CircularType.SUPERVISION, CircularType.SPECIAL])
def test_a_paper_on_one_document_names_it(autumn: Database, kind: CircularType) -> None:
    assert f"（{EMERGENCY_50}）所定" in said(paper(autumn, kind, document=EMERGENCY_50))
    assert "8件文件所定" in said(paper(autumn, kind))


def test_a_reminder_names_the_documents_of_what_is_overdue(autumn: Database) -> None:
    content = paper(autumn, CircularType.URGE, unit="新蔡县")
    first = said(content).splitlines()[0]
    assert all(row[3] in first for row in content.tables[0].rows[:1])
    assert {source.item_code for source in content.figures["document"].sources} == {
        row[3] for row in content.tables[0].rows
    }


def test_a_unit_that_reported_is_not_told_of_the_silence_of_another_lead(autumn: Database) -> None:
    own = paper(autumn, CircularType.SUPERVISION, unit="市住建局")
    assert own.counts["overdue"] == own.counts["unknown"] == 0
    assert "情况不明" not in said(own)
    assert paper(autumn, CircularType.SUPERVISION).counts["unknown"] > 0


def test_an_assignment_says_of_how_many_of_its_rows_the_office_chose_the_lead(autumn: Database) -> None:
    with autumn.reading() as session:
        numbers = session.scalars(select(col(DocumentRow.number))).all()
    told = {}
    for number in numbers:
        content = paper(autumn, CircularType.ASSIGNMENT, document=number)
        marked = [
            row for row in content.tables[0].rows if row[3] and all("督查室拟定" in one for one in row[3].split("、"))
        ]
        assert content.counts["drafted"] == len(marked), number
        told[number] = ("原文没有写明牵头单位，由督查室拟定" in said(content), bool(marked))
    assert all(says is has for says, has in told.values())
    assert any(has for _says, has in told.values())


def _lead_marks(content: Content, mark: str) -> list[str]:
    return sorted(row[1] for row in content.tables[0].rows if mark in row[3])


def test_who_leads_by_a_merger_or_another_act_changes_nothing_of_what_the_text_is_said_to_print(
    autumn: Database,
) -> None:
    before = paper(autumn, CircularType.ASSIGNMENT, document=INVESTMENT_48)
    with autumn.reading() as session:
        units = {unit.short_name: unit.id or 0 for unit in session.scalars(select(UnitRow))}
        leads = session.execute(
            select(col(AssignmentRow.id), col(AssignmentRow.unit_id)).where(
                col(AssignmentRow.role) == "lead",
                col(AssignmentRow.unit_id) != units["市教育局"],
                col(AssignmentRow.state).in_(("working", "pending_receipt")),
                col(AssignmentRow.task_id).in_(
                    select(col(TaskRow.id))
                    .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
                    .where(col(ItemRow.code).startswith("48-"))
                ),
            )
        ).all()
    went = {unit_id for _id, unit_id in leads[::3]}
    for unit_id in went:
        with autumn.transaction() as session:
            gone = {"from_unit_id": unit_id, "into_unit_id": units["市教育局"], "on": local_day(ENDS_AT)}
            merge_units(session, **gone, reason="机构改革", actor=OFFICE, at=ENDS_AT)
    for share_id in [id_ for id_, unit_id in leads if unit_id not in went][:5]:
        with autumn.transaction() as session:
            other = {"assignment_id": share_id, "to_unit_id": units["市教育局"]}
            reassign_share(session, **other, reason="职责调整", actor=OFFICE, at=ENDS_AT, by=BY)
    after = paper(autumn, CircularType.ASSIGNMENT, document=INVESTMENT_48)
    for mark, counted in (("责任单位首位", "inferred"), ("督查室拟定", "drafted")):
        assert _lead_marks(after, mark) == _lead_marks(before, mark), mark
        assert after.counts[counted] == before.counts[counted] > 0, counted
    for change in ("承接", "督查室改派"):
        assert _lead_marks(after, f"，{change}）"), change


@pytest.mark.parametrize("kind", [CircularType.ASSIGNMENT, CircularType.BREAKDOWN])
def test_who_leads_is_counted_by_its_share_and_not_by_whom_the_text_names(autumn: Database, kind: CircularType) -> None:
    content = paper(autumn, kind, document=INVESTMENT_48)
    lead = select(col(UnitRow.short_name)).join(AssignmentRow, col(AssignmentRow.unit_id) == col(UnitRow.id))
    lead = lead.join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
    lead = lead.join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id)).where(col(ItemRow.code).startswith("48-"))
    with autumn.reading() as session:
        wanted = set(session.scalars(lead.where(col(AssignmentRow.role) == "lead")))
    sources = content.figures["lead_count"].sources
    assert {source.unit for source in sources} == wanted
    assert content.figures["lead_count"].words == str(len(sources)) == str(len(wanted))
    named = "".join(row[3 if kind is CircularType.ASSIGNMENT else 4] for row in content.tables[0].rows)
    assert "驻马店海关（责任单位首位）" in named, "it is named, with a support share alone"
    assert f"由{len(wanted)}个单位牵头" in said(content)
