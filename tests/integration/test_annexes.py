"""Annexes of papers: what is overdue in which periods, by when it is to be mended; each line fits its page."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.databases import fresh_sqlite
from tests.support.eight_documents import PLAN_49, at, issue
from tests.support.papers import annex, paper, said
from tests.support.played_autumn import ENDS_AT, PlayedAutumn
from tracker.domain.circulars.kinds import CircularType
from tracker.gateways import office_suite
from tracker.paper.circulars import word
from tracker.paper.letterheads import letterhead
from tracker.paper.press import press
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of
from tracker.store.tables.documents import ItemRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


@pytest.fixture(scope="module")
def autumn(played_autumn: PlayedAutumn, tmp_path_factory: pytest.TempPathFactory) -> Database:
    return played_autumn.open(ENDS_AT, tmp_path_factory.mktemp("annexes"))


def _periods_owed(session: Session, series_id: int, item_code: str) -> int:
    """Count the forms of a series in which an item's row is past its moment and open."""
    wanted = (
        select(FormRow, PeriodRow)
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(col(PeriodRow.series_id) == series_id, col(ItemRow.code) == item_code, col(FormRow.state) == "open")
    )
    now = at(12, 20)
    return sum((row.due_at or period.due_at) <= now for row, period in session.execute(wanted))


def test_a_line_names_every_overdue_item_with_the_number_of_periods_that_it_owes(tmp_path: Path) -> None:
    city = issue(fresh_sqlite(tmp_path), [PLAN_49])
    for month in (10, 11, 12):
        city.sweep(at(month, 20))
    with city.database.reading() as session:
        lines = facts_as_of(session, as_of=at(12, 20)).overdue
        spans = [(line.series_id, span, row) for line in lines for span in line.spans for row in span.rows]
        assert any(len(line.spans) > 1 for line in lines)
        for series_id, span, row in spans:
            assert span.run == _periods_owed(session, series_id, row.item_code), (row.item_code, span.periods)
    line = next(line for line in lines if len(line.spans) > 1)
    assert all(span.periods in line.periods and span.names in line.periods for span in line.spans)


def test_each_row_of_an_annex_bears_the_day_since_which_its_own_items_are_overdue(tmp_path: Path) -> None:
    city = issue(fresh_sqlite(tmp_path), [PLAN_49])
    for month in (10, 11, 12):
        city.sweep(at(month, 20))
    with city.database.reading() as session:
        facts = facts_as_of(session, as_of=at(12, 20))
    assert any(len({span.due_on for span in line.spans}) > 1 for line in facts.overdue)
    rows = annex(paper(city.database, CircularType.SUPERVISION, as_of=at(12, 20)))
    spans = [span for line in facts.blamed for span in line.spans]
    assert [row[2] for row in rows.rows] == [span.items for span in spans]
    assert [source.due_on for source in rows.sources] == [span.due_on for span in spans]
    assert [row[0] for row in rows.rows if row[0]] == [str(n) for n in range(1, len(facts.blamed) + 1)]


def test_items_of_one_line_are_told_apart_also_where_their_document_prints_a_label_twice(autumn: Database) -> None:
    with autumn.reading() as session:
        lines = facts_as_of(session, as_of=ENDS_AT).overdue
    assert any(row.shared_label for line in lines for row in line.rows)
    for line in lines:
        assert len({row.name for row in line.rows}) == len({row.item_code for row in line.rows})


def test_words_count_the_items_of_the_annex_also_where_they_bear_one_label(autumn: Database) -> None:
    content = paper(autumn, CircularType.SUPERVISION)
    with autumn.reading() as session:
        lines = facts_as_of(session, as_of=ENDS_AT).blamed
    for unit in {line.unit for line in lines}:
        owed: dict[str, set[str]] = {}
        for line in lines:
            if line.unit == unit:
                owed.setdefault(line.document, set()).update(row.item_code for row in line.rows)
        words = next(part for part in content.figures["behind_list"].words.split("；") if part.startswith(unit))
        cited = words.split("（", 1)[1].removesuffix("）").split("，")
        assert len(cited) == len(owed)
        for said_of, (document, rows) in zip(cited, owed.items(), strict=True):
            assert said_of.startswith(document)
            assert len(rows) <= 2 or len(owed) == 1 or said_of.endswith(f"等{len(rows)}个事项")
        assert f"{unit}{sum(line.unit == unit for line in lines)}份" in words


def test_what_was_filed_in_time_and_given_back_is_asked_for_by_its_own_day_and_nobody_is_called_late(
    autumn: Database,
) -> None:
    content = paper(autumn, CircularType.RECTIFICATION, unit="确山县", as_of=at(10, 9, hour=18))
    assert content.counts["overdue"] == 0
    assert {row[5] for row in content.tables[0].rows} == {"2022年10月12日"}
    assert {source.due_on for source in content.tables[0].sources} == {at(10, 12).date()}
    assert "责任人" not in said(content)
    assert "按附件所列期限" in said(content)
    assert f"需要补正的事项{len(content.tables[0].rows)}项" in said(content)


def test_days_stand_in_annexes_as_everywhere_else(autumn: Database) -> None:
    assert all("年" in row[5] for row in annex(paper(autumn, CircularType.SUPERVISION)).rows)


@pytest.mark.render
def test_all_words_of_a_long_annex_reach_the_paper(autumn: Database) -> None:
    content = paper(autumn, CircularType.URGE, unit="市商务局")
    head = letterhead(CircularType.URGE)
    printed = press(word(content, head), content, head, number="驻政办函〔2022〕1号", dated_on=ENDS_AT.date())
    pages = PdfReader(BytesIO(office_suite.to_pdf(printed.docx))).pages
    drawn = re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    assert printed.deviations == ()
    longest = max((row[2] for row in content.tables[0].rows), key=len)
    assert longest.count("；") >= 19
    for clause in longest.split("；"):
        end = re.sub(r"\s", "", clause)[-12:]
        # A page may end within a clause: then its rest stands below the heads of the next one.
        assert any(end[:at] in drawn and end[at:] in drawn for at in range(len(end))), clause
