"""Who reads which document, task, report, file and paper: what the queries select is what a few plain lines say.

The cities are made up at random, row by row, so that states stand beside one another which no act has brought about.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from random import Random
from typing import Any, TypeVar

import pytest
from sqlalchemy import ColumnElement, select
from sqlmodel import Session, SQLModel, col

from tracker.domain.accounts import Actor, Role
from tracker.domain.circulars.editions import PUBLISHED, EditionState
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.units import UnitKind
from tracker.store.database import Database
from tracker.store.queries.audiences import documents_for, editions_for, viewer_of
from tracker.store.queries.evidence import evidence_file
from tracker.store.queries.readable_reports import readable_reports
from tracker.store.queries.scopes import tasks_for
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

_AT = datetime(2022, 9, 1, tzinfo=UTC)
_ROLES = (Role.LIAISON, Role.UNIT_HEAD, Role.SUPERVISOR, Role.LEADER, Role.READER)
_Row = TypeVar("_Row", bound=SQLModel)


class _City:
    """A few units, of which one keeps a group and one went up in another, with documents, tasks, reports and papers."""

    def __init__(self, session: Session, random: Random) -> None:
        self.session, self.random = session, random
        self.units = [self._add(self._unit(place)) for place in range(5)]
        self.units[3].kept_by_unit_id, self.units[4].merged_into_unit_id = self.units[0].id, self.units[1].id
        self.documents = [self._add(self._document(place)) for place in range(4)]
        self.tasks = [self._add(self._task(place)) for place in range(8)]
        self.shares = [self._add(share) for task in self.tasks if task.issued_at for share in self._shares(task)]
        self.reports: list[ReportRow] = []
        self.files: list[EvidenceRow] = []
        for _ in range(12 if self.shares else 0):
            self._report()
        self.papers = [self._add(self._paper(place)) for place in range(24)]

    def _add(self, row: _Row) -> _Row:
        self.session.add(row)
        self.session.flush()
        return row

    def _unit(self, place: int) -> UnitRow:
        kind = (UnitKind.LEADING_GROUP if place == 3 else UnitKind.CITY_DEPARTMENT).value
        return UnitRow(
            code=f"u{place}", full_name=f"驻马店市甲{place}", short_name=f"甲{place}", kind=kind, official_order=place
        )

    def _document(self, place: int) -> DocumentRow:
        origin = self.random.choice(["published", "internal"])
        return DocumentRow(
            number=f"甲{place}号", title="甲", issued_on=date(2022, 8, 1), text="甲", text_sha256="", origin=origin
        )

    def _task(self, place: int) -> TaskRow:
        document = self.random.choice(self.documents).id or 0
        facts: dict[str, Any] = {
            "title": "甲",
            "kind": "action",
            "text": "甲",
            "start_at": 0,
            "end_at": 1,
            "lead_basis": "explicit",
        }
        item = self._add(ItemRow(document_id=document, code=f"甲{place}", label=f"{place}", **facts))
        issued = self.random.random() < 0.6
        state = self.random.choice(["in_progress", "closed", "cancelled"]) if issued else "approved"
        return TaskRow(document_id=document, item_id=item.id or 0, state=state, issued_at=_AT if issued else None)

    def _shares(self, task: TaskRow) -> list[AssignmentRow]:
        chosen = self.random.sample(self.units, self.random.randint(1, 3))
        return [
            AssignmentRow(
                task_id=task.id or 0,
                unit_id=unit.id or 0,
                role=self.random.choice(["lead", "support"]),
                duty="report",
                state=self.random.choice(["working", "released"]),
                got_on=date(2022, 9, 1),
            )
            for unit in chosen
        ]

    def _report(self) -> None:
        share = self.random.choice(self.shares)
        kind = self.random.choice(["update", "reply"])
        filing = self._add(FilingRow(unit_id=share.unit_id, kind=kind, written_by="甲", written_at=_AT))
        state = self.random.choice(["awaiting_sign_off", "sent_back", "withdrawn", "filed", "accepted", "returned"])
        report = ReportRow(
            filing_id=filing.id or 0,
            assignment_id=share.id,
            kind=kind,
            state=state,
            text="甲",
            written_by="甲",
            written_at=_AT,
        )
        self.reports.append(self._add(report))
        stored: dict[str, Any] = {"sha256": "f" * 64, "name": "甲.txt", "size_bytes": 1, "media_type": "text/plain"}
        self.files.append(self._add(EvidenceRow(report_id=report.id or 0, uploaded_by="甲", uploaded_at=_AT, **stored)))

    def _paper(self, place: int) -> CircularRow:
        unit, document = self.random.choice([None, *self.units]), self.random.choice([None, *self.documents])
        return CircularRow(
            type=self.random.choice(list(CircularType)).value,
            office="office",
            state=self.random.choice(list(EditionState)).value,
            unit_name=unit.full_name if unit else None,
            document_number=document.number if document else None,
            title=f"甲{place}",
            as_of=_AT,
            statements=[],
            series="甲",
            remarks=[],
        )


class _Oracle:
    """Who reads what, said plainly."""

    def __init__(self, city: _City, role: Role, unit: UnitRow | None) -> None:
        self.city, self.all = city, role in (Role.SUPERVISOR, Role.LEADER)
        self.of_units, self.reader = role in (Role.LIAISON, Role.UNIT_HEAD), role is Role.READER
        # A unit reads for the groups that it keeps, and for what went up in either.
        of = {0: {0, 3}, 1: {1, 4}}
        places = of.get(city.units.index(unit), {city.units.index(unit)}) if unit and self.of_units else set()
        self.mine = {city.units[place].id for place in places}
        self.names = {city.units[place].full_name for place in places}

    def task(self, task: TaskRow) -> bool:
        return self.all or any(s.task_id == task.id and s.unit_id in self.mine for s in self.city.shares)

    def document(self, document: DocumentRow) -> bool:
        tasks = [task for task in self.city.tasks if task.document_id == document.id and task.issued_at]
        published = document.origin == "published" and (self.of_units or self.reader)
        return self.all or (bool(tasks) and (published or any(map(self.task, tasks))))

    def report(self, report: ReportRow) -> bool:
        share = next(s for s in self.city.shares if s.id == report.assignment_id)
        told = report.state in ("filed", "accepted", "returned")
        told = told or (report.kind == "update" and report.state == "awaiting_sign_off")
        beside = [s for s in self.city.shares if s.task_id == share.task_id and s.unit_id in self.mine]
        leads = any(s.role == "lead" and s.state == "working" for s in beside)
        return told if self.all else share.unit_id in self.mine or (told and leads)

    def paper(self, paper: CircularRow) -> bool:
        if self.all or paper.state not in PUBLISHED:
            return self.all and paper.state != "discarded"
        about = next((d for d in self.city.documents if d.number == paper.document_number), None)
        sharer = any(self.task(t) for t in self.city.tasks if about and t.document_id == about.id)
        if paper.type == "special":
            return False
        if paper.type in ("supervision", "ranking"):
            return self.document(about) if about else self.of_units or self.reader
        if paper.unit_name:
            return paper.unit_name in self.names
        of_sharers = paper.type in ("notice", "assignment", "breakdown")
        return of_sharers and about is not None and self.document(about) and (self.reader or sharer)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_selected_is_what_plain_lines_say(database: Database, seed: int) -> None:
    with database.transaction() as session:
        city = _City(session, Random(seed))  # a city made up, not a secret
        for role in _ROLES:
            units: list[UnitRow | None] = [None]
            if role in (Role.LIAISON, Role.UNIT_HEAD):
                units += city.units[:4]
            for unit in units:
                _agree(session, city, role, unit)
        session.rollback()


def _agree(session: Session, city: _City, role: Role, unit: UnitRow | None) -> None:
    said = _Oracle(city, role, unit)
    viewer = viewer_of(session, Actor(1, "甲", role, unit.id if unit else None))
    about = (role, unit.code if unit else None)
    _same(session, DocumentRow, documents_for(viewer), city.documents, said.document, about)
    _same(session, TaskRow, tasks_for(viewer.scope), city.tasks, said.task, about)
    _same(session, CircularRow, editions_for(viewer), city.papers, said.paper, about)
    found = session.scalars(
        select(col(ReportRow.id)).join(FilingRow).join(AssignmentRow).where(readable_reports(viewer.scope))
    )
    reports = {report.id for report in city.reports if said.report(report)}
    assert set(found) == reports, about
    for file in city.files:
        opened = evidence_file(session, evidence_id=file.id or 0, unit_ids=viewer.scope) is not None
        assert opened == (file.report_id in reports), about


def _same(
    session: Session,
    table: type[_Row],
    condition: ColumnElement[bool],
    rows: list[_Row],
    said: Callable[[_Row], bool],
    about: object,
) -> None:
    ids = SQLModel.metadata.tables[str(table.__tablename__)].c.id
    found = set(session.scalars(select(ids).select_from(table).where(condition)))
    wanted = {row.id for row in rows if said(row)}  # type: ignore[attr-defined] # every table here has one
    assert found == wanted, (table.__tablename__, about)
