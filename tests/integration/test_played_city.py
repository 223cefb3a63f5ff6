"""What a played scenario shows: papers that went through the house, files, reasons that differ, leads that verify."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.played_autumn import ENDS_AT, PlayedAutumn
from tracker.domain.circulars.kinds import KINDS, CircularType
from tracker.domain.items import Measure
from tracker.store.database import Database
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.events import DeliveryRow
from tracker.store.tables.filings import EvidenceRow, LeadVerificationRow, ReportRow, ReportValueRow


@pytest.fixture
def autumn(played_autumn: PlayedAutumn, tmp_path: Path) -> Database:
    return played_autumn.open(ENDS_AT, tmp_path)


def _all(database: Database, column: Any) -> Sequence[Any]:  # Any: a table or a column of one
    with database.reading() as session:
        return session.scalars(select(column)).all()


def test_papers_of_most_types_were_approved_by_another_person_and_issued(autumn: Database) -> None:
    papers: Sequence[CircularRow] = _all(autumn, CircularRow)
    assert {CircularType(paper.type) for paper in papers} == set(CircularType) - {CircularType.BREAKDOWN}
    for paper in papers:
        leader = KINDS[CircularType(paper.type)].judges
        assert (paper.state, paper.drafted_by) == ("issued", "督查员")
        assert paper.approved_by == ("市政府领导" if leader else "督查室主任")
    assert [
        paper.issued_at.date().isoformat() for paper in papers if paper.type == "supervision" and paper.issued_at
    ] == [
        "2022-09-02",
        "2022-10-09",
    ]


def test_the_files_of_papers_wait_for_the_workers(autumn: Database) -> None:
    waiting = [delivery for delivery in _all(autumn, DeliveryRow) if delivery.state != "done"]
    assert {(delivery.reaction, delivery.state) for delivery in waiting} == {("drawing", "pending")}
    assert len(waiting) == len(_all(autumn, CircularRow))


def test_every_file_and_every_fact_of_the_city_is_kept(autumn: Database, played_autumn: PlayedAutumn) -> None:
    files: Sequence[EvidenceRow] = _all(autumn, EvidenceRow)
    assert {Path(file.name).suffix for file in files} == {".docx", ".xlsx", ".png"}
    assert len({file.report_id for file in files}) > len(_all(autumn, ReportRow)) // 3
    for digest in {file.sha256 for file in files} | {paper.facts_sha256 or "" for paper in _all(autumn, CircularRow)}:
        played_autumn.evidence.path(digest)


def test_no_running_total_falls_from_one_report_to_the_next(autumn: Database) -> None:
    wanted = (
        select(col(ReportRow.assignment_id), col(ReportValueRow.target_id), col(ReportValueRow.value))
        .join(ReportValueRow, col(ReportValueRow.report_id) == col(ReportRow.id))
        .join(ItemTargetRow, col(ItemTargetRow.id) == col(ReportValueRow.target_id))
        .where(col(ItemTargetRow.measure) == Measure.CUMULATIVE.value)
        .order_by(col(ReportRow.id))
    )
    totals: dict[tuple[int, int], list[float]] = {}
    with autumn.reading() as session:
        for share, target, value in session.execute(wanted):
            totals.setdefault((share, target), []).append(value)
    assert any(len(set(values)) > 1 for values in totals.values())
    assert [values for values in totals.values() if values != sorted(values)] == []


def test_reports_are_returned_for_reasons_that_differ_and_are_true(autumn: Database) -> None:
    returned = [report for report in _all(autumn, ReportRow) if report.state == "returned"]
    assert len({report.reason_class for report in returned}) >= 4
    filed = {file.report_id for file in _all(autumn, EvidenceRow)}
    assert not {report.id for report in returned if report.reason_class == "no_evidence"} & filed


def test_leads_find_most_of_what_members_file_true(autumn: Database) -> None:
    words = [word.opinion for word in _all(autumn, LeadVerificationRow)]
    assert words.count("stands") > len(words) / 2
    assert {"lower", "return"} <= set(words)
    advised = {word.report_id: word for word in _all(autumn, LeadVerificationRow) if word.opinion == "lower"}
    decided = [report for report in _all(autumn, ReportRow) if report.id in advised and report.state == "accepted"]
    assert decided
    assert all(report.verified_claim == advised[report.id].claim for report in decided)
