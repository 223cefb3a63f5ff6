"""Read registered documents anew by readings that came later; nobody owes more by it unseen.

What is new to the office is asked or left proposed: an item that was overlooked becomes a proposed task, a unit that
the words bind but that has no share becomes a question.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlmodel import Session, col

from tracker.domain.accounts import SYSTEM
from tracker.domain.events.documents import DocumentReread, Retitled
from tracker.domain.events.tasks import DeadlineChanged
from tracker.domain.items import AssignmentRole, QuestionTopic
from tracker.domain.lifecycle import TASK_OPEN
from tracker.domain.readings.defaults import with_defaults
from tracker.domain.readings.demands import LEAD_BOUND, EvidenceRequirement
from tracker.domain.readings.frames import frame_of
from tracker.domain.readings.item import Item
from tracker.domain.readings.reading import Reading
from tracker.domain.series import DocumentFrame
from tracker.steps.demanding import keep_interval
from tracker.steps.entering import (
    cadence_row,
    enter_bearers,
    enter_item,
    evidence_row,
    sealed_items,
    target_row,
    waits_for_an_event,
)
from tracker.store import event_log
from tracker.store.queries.report_demands import interval_of_office
from tracker.store.queries.units import present_ids
from tracker.store.row_digests import row_digest
from tracker.store.tables.documents import (
    DocumentRow,
    DocumentSpanRow,
    ItemBearerRow,
    ItemCadenceRow,
    ItemEvidenceRow,
    ItemRow,
    ItemTargetRow,
    QuestionRow,
)
from tracker.store.tables.filings import EvidenceRow, ReportValueRow
from tracker.store.tables.tasks import AssignmentRow, TargetPointRow, TaskRow, TriggerRow

_DEADLINE_REASON = "重新研读文件原文，核定完成时限"
# Places of rows that are about to get new ones, out of the way of their unique order.
_ASIDE = 10_000


def reread_documents(session: Session, readings: Iterable[Reading], *, at: datetime) -> int:
    """Amend each registered document whose number and text are those of a reading; return how many.

    Records DocumentReread for each, and DeadlineChanged where an open task gets another deadline by it.
    """
    units = present_ids(session)
    count = 0
    for reading in readings:
        digest = hashlib.sha256(reading.text.encode()).hexdigest()
        wanted = select(DocumentRow).where(
            col(DocumentRow.number) == reading.number, col(DocumentRow.text_sha256) == digest
        )
        document = session.scalars(wanted).first()
        if document is not None:
            _Rereading(session, document, reading, units, at).run()
            count += 1
    return count


@dataclass(slots=True)
class _Rereading:
    session: Session
    document: DocumentRow
    reading: Reading
    units: dict[str, int]
    at: datetime
    changed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    titles: list[Retitled] = field(default_factory=list)
    questions: int = 0

    def run(self) -> None:
        document, reading = self.document, self.reading
        document.ends_on = reading.plan_end.on or document.ends_on
        document.filing_on = reading.filing_on or document.filing_on
        document_id = document.id or 0
        self._declare(document_id)
        wanted = select(ItemRow).where(col(ItemRow.document_id) == document_id)
        known = {row.code: row for row in self.session.scalars(wanted)}
        frame = frame_of(reading)
        for item in reading.items:
            if (row := known.get(item.code)) is not None:
                before = self._told(row)
                self._amend(row, item, frame)
                if self._told(row) != before:
                    self.changed.append(item.code)
            else:
                enter_item(self.session, reading, item, document_id=document_id, units=self.units, frame=frame)
                self.added.append(item.code)
        event = DocumentReread(
            document_id=document_id,
            number=document.number,
            changed=tuple(self.changed),
            added=tuple(self.added),
            questions=self.questions,
            titles=tuple(self.titles),
            sealed=row_digest(document),
            sealed_items=sealed_items(self.session, document_id),
        )
        event_log.record(self.session, event, actor=SYSTEM, at=self.at)

    def _told(self, row: ItemRow) -> list[object]:
        """Return what is registered of an item's demands, to see whether reading it anew made a difference."""
        told: list[object] = [row.title, row.deadline_on, row.deadline_bearer, row.outlives, row.note]
        for table in (ItemCadenceRow, ItemTargetRow, ItemEvidenceRow, ItemBearerRow, QuestionRow):
            found = self.session.scalars(select(table).where(col(table.item_id) == row.id)).all()
            # By name: a row that was just written and one that was read tell their columns in different orders.
            told.append(sorted(repr(sorted(entry.model_dump(exclude={"id"}).items())) for entry in found))
        return told

    def _declare(self, document_id: int) -> None:
        """Let the background be what the new reading says, so that no stretch is both background and item."""
        self.session.execute(delete(DocumentSpanRow).where(col(DocumentSpanRow.document_id) == document_id))
        for span in self.reading.declared:
            row = DocumentSpanRow(document_id=document_id, start_at=span.start, end_at=span.end, role=span.role.value)
            self.session.add(row)

    def _amend(self, row: ItemRow, item: Item, frame: DocumentFrame) -> None:
        item_id = row.id or 0
        task = self.session.scalars(select(TaskRow).where(col(TaskRow.item_id) == item_id)).one()
        self._amend_deadline(row, item, task)
        if row.title != item.title:
            self.titles.append(Retitled(item=item.code, old_title=row.title, new_title=item.title))
        row.title, row.outlives, row.note = item.title, item.outlives, item.note
        waits = waits_for_an_event(item, frame)
        if task.dormant != waits and not self._has_begun(task):
            task.dormant = waits
        cadences, evidence = with_defaults(item, frame)
        for table in (ItemCadenceRow, ItemBearerRow):
            self.session.execute(delete(table).where(col(table.item_id) == item_id))
        for position, cadence in enumerate(cadences):
            self.session.add(cadence_row(cadence, item_id=item_id, position=position, units=self.units))
        if (interval := interval_of_office(self.session, task.id or 0)) is not None:
            keep_interval(self.session, item_id, interval)
        self._amend_targets(item, item_id)
        self._amend_evidence(evidence, item_id)
        enter_bearers(self.session, item, cadences, evidence, item_id=item_id, units=self.units)
        for question in item.questions:
            self._ask(item_id, question.topic, question.words)
        self._ask_about_units(item, item_id, task)
        self.session.flush()

    def _has_begun(self, task: TaskRow) -> bool:
        return (
            self.session.scalars(select(col(TriggerRow.id)).where(col(TriggerRow.task_id) == task.id)).first()
            is not None
        )

    def _amend_deadline(self, row: ItemRow, item: Item, task: TaskRow) -> None:
        deadline, old_on = item.deadline, row.deadline_on
        row.deadline_bearer = (deadline.bound if deadline else LEAD_BOUND).bearer.value
        row.deadline_on = deadline.on if deadline else None
        row.deadline_basis = deadline.basis.value if deadline else None
        row.deadline_quote = deadline.quote if deadline else None
        if row.deadline_on == old_on or task.due_on != old_on:
            return
        task.due_on = row.deadline_on
        if task.state in {state.value for state in TASK_OPEN}:
            event = DeadlineChanged(task_id=task.id, old_on=old_on, new_on=task.due_on, reason=_DEADLINE_REASON)
            event_log.record(self.session, event, actor=SYSTEM, at=self.at)

    def _amend_targets(self, item: Item, item_id: int) -> None:
        """Amend numbers in place, because reports give values for them; one that is gone stays while they do."""
        known = self.session.scalars(
            select(ItemTargetRow).where(col(ItemTargetRow.item_id) == item_id).order_by(col(ItemTargetRow.position))
        ).all()
        rest = {(row.metric, row.op, row.value, row.quote): row for row in known}
        self._set_aside(known)
        for position, target in enumerate(item.targets):
            row = rest.pop((target.metric, target.op, target.value, target.quote), None)
            new = target_row(target, item_id=item_id, position=position)
            if row is None:
                self.session.add(new)
                continue
            row.position, row.measure, row.bearer = position, new.measure, new.bearer
            row.unit, row.per = new.unit, new.per
        used = exists().where(col(ReportValueRow.target_id) == col(ItemTargetRow.id))
        gone = [row.id for row in rest.values()]
        given_up = select(col(ItemTargetRow.id)).where(col(ItemTargetRow.id).in_(gone), ~used)
        self.session.execute(delete(TargetPointRow).where(col(TargetPointRow.target_id).in_(given_up)))
        self.session.execute(delete(ItemTargetRow).where(col(ItemTargetRow.id).in_(gone), ~used))

    def _amend_evidence(self, evidence: Sequence[EvidenceRequirement], item_id: int) -> None:
        """Amend requirements in place, because files were handed in for them."""
        known = self.session.scalars(
            select(ItemEvidenceRow).where(col(ItemEvidenceRow.item_id) == item_id).order_by(col(ItemEvidenceRow.id))
        ).all()
        rest = {(row.what, row.basis, row.quote): row for row in known}
        self._set_aside(known)
        for position, demand in enumerate(evidence):
            row = rest.pop((demand.what, demand.basis.value, demand.quote), None)
            new = evidence_row(demand, item_id=item_id, position=position)
            if row is None:
                self.session.add(new)
                continue
            row.position, row.bearer, row.form = position, new.bearer, new.form
            row.mandatory, row.per = new.mandatory, new.per
        used = exists().where(col(EvidenceRow.requirement_id) == col(ItemEvidenceRow.id))
        gone = [row.id for row in rest.values()]
        self.session.execute(delete(ItemEvidenceRow).where(col(ItemEvidenceRow.id).in_(gone), ~used))

    def _set_aside(self, rows: Sequence[ItemTargetRow] | Sequence[ItemEvidenceRow]) -> None:
        for row in rows:
            row.position += _ASIDE
        self.session.flush()

    def _ask_about_units(self, item: Item, item_id: int, task: TaskRow) -> None:
        """Ask the office about units that the words bind now and that have no share of an issued task."""
        shares = self.session.scalars(select(AssignmentRow).where(col(AssignmentRow.task_id) == task.id)).all()
        if not shares:
            return
        having = {share.unit_id for share in shares}
        leading = {share.unit_id for share in shares if share.role == AssignmentRole.LEAD.value}
        lacking = [printed for printed, codes in _bound(item) if any(self.units[code] not in having for code in codes)]
        if lacking:
            names = "、".join(dict.fromkeys(lacking))
            words = f"重新研读文件原文，本项还涉及{names}，目前尚未交办，请明确是否补交办。"
            self._ask(item_id, QuestionTopic.BEARER, words)
        for lead in item.assigned_leads:
            if self.units[lead.code] not in leading:
                words = f"重新研读文件原文，拟由{lead.printed}作为本项联系单位，目前尚未改派，请明确。{lead.reason}"
                self._ask(item_id, QuestionTopic.BEARER, words)

    def _ask(self, item_id: int, topic: QuestionTopic, words: str) -> None:
        there = select(col(QuestionRow.id)).where(col(QuestionRow.item_id) == item_id, col(QuestionRow.words) == words)
        if self.session.scalars(there).first() is None:
            self.session.add(QuestionRow(item_id=item_id, topic=topic.value, words=words))
            self.questions += 1


def _bound(item: Item) -> list[tuple[str, tuple[str, ...]]]:
    """Return whom an item binds by name or as a group, as printed, with the codes of the units."""
    return [
        *((unit.printed, (unit.code,)) for unit in item.leads),
        *((group.printed, group.member_codes) for group in item.groups),
        *((named.printed, named.unit_codes) for bound in item.bounds for named in bound.named),
    ]
