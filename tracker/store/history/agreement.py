"""Where the tables say other than the log: what somebody changed past the program, or a fault of the program."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from tracker.domain.filings import ReportState
from tracker.store.history.demands import changed_demands
from tracker.store.history.disagreement import Disagreement, pages
from tracker.store.history.state import State
from tracker.store.history.told_rows import told_rows
from tracker.store.reminder_digests import reminder_digests, sealed_messages
from tracker.store.report_words import words_digests
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.drafts import DraftRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import ReportRow, ReportValueRow
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.instructions import InstructionRow
from tracker.store.tables.second_factors import SecondFactorRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TargetPointRow, TaskRow
from tracker.store.tables.units import UserRow

# Field of a row: where it stands in what is folded.
_TASK = {
    name: name for name in ("state", "outcome", "completed_at", "issued_at", "document_id", "is_key", "key_reason")
}
_SHARE = {name: name for name in ("task_id", "unit_id", "role", "duty", "state")}
_SERIES = {name: name for name in ("unit_id", "document_id", "kind", "addressee", "trigger_id")}
_PERIOD = {name: name for name in ("series_id", "code", "starts_on", "ends_on", "opens_at", "due_at")}
_FORM_ROW = {
    name: name
    for name in (
        *("period_id", "assignment_id", "required", "act", "soft", "final", "state"),
        *("due_at", "correction_due_at", "pending_at", "filed_at", "late"),
    )
}
_REPORT = {
    name: name
    for name in ("filing_id", "assignment_id", "row_id", "kind", "by_lead", "voice", "claim", "state", "correct_by")
} | {"verified_claim": "verified", "written_at": "at"}
_INQUIRY = {
    name: name
    for name in (
        *("task_id", "assignment_id", "words", "answer_by", "coordination_words", "coordination_at", "decision"),
        *("instruction_id", "given_on", "haste"),
    )
}
_INSTRUCTION = {name: name for name in ("task_id", "leader_id", "read_at", "closed_at")}
_ASKED = {name: name for name in ("inquiry_id", "assignment_id", "state", "cause", "reminded_at", "closed_at")}
_HAS_FACTOR = {"account.factor_set_up": True, "account.factor_removed": False, "account.factor_reset": False}
# What was written and never left its unit is told by no event.
_NEVER_LEFT = (ReportState.AWAITING_SIGN_OFF.value, ReportState.WITHDRAWN.value, ReportState.SENT_BACK.value)


def disagreements(session: Session, state: State) -> Iterator[Disagreement]:
    """Yield where the tables differ from the state that the whole log tells up to now.

    What no event tells is not compared: items that no unit got yet, and what never left its unit.
    """
    yield from _compared(session, TaskRow, state.tasks, _TASK)
    yield from _deadlines(session, state)
    yield from _compared(session, AssignmentRow, state.shares, _SHARE)
    yield from _compared(session, SeriesRow, state.series, _SERIES)
    yield from _compared(session, PeriodRow, state.periods, _PERIOD)
    yield from _compared(session, FormRow, state.rows, _FORM_ROW)
    yield from _compared(session, ReportRow, state.reports, _REPORT)
    yield from _compared(session, InquiryRow, state.inquiries, _INQUIRY)
    yield from _compared(session, AskedRow, state.asked, _ASKED)
    yield from _compared(session, InstructionRow, state.instructions, _INSTRUCTION)
    yield from _answers(session, state)
    yield from _words(session, state)
    yield from _values(session, state)
    yield from _untold(session, state)
    yield from told_rows(session)
    yield from changed_demands(session)
    yield from _must_change(session)
    yield from _texts(session)
    yield from _hands(session)
    yield from _points(session, state)
    yield from _factors(session)
    yield from _reminders(session)


def _compared(
    session: Session, table: type[SQLModel], told: Mapping[int, Any], fields: Mapping[str, str]
) -> Iterator[Disagreement]:
    name, key = str(table.__tablename__), col(table.id)  # type: ignore[attr-defined] # each of them has one
    for page in pages(told):
        wanted = select(key, *(getattr(table, field) for field in fields)).where(key.in_(page))
        found = {stored["id"]: stored for stored in session.execute(wanted).mappings()}
        for id_ in page:
            if id_ not in found:
                yield Disagreement(name, id_, "", None, "told")
                continue
            for field, of_past in fields.items():
                past = _plain(getattr(told[id_], of_past))
                if found[id_][field] != past:
                    yield Disagreement(name, id_, field, found[id_][field], past)


def _deadlines(session: Session, state: State) -> Iterator[Disagreement]:
    """Compare the deadlines that the log tells; those of the documents themselves it does not repeat."""
    told = {id_: task.due_on for id_, task in state.tasks.items() if task.deadline_moved}
    for page in pages(told):
        wanted = select(col(TaskRow.id), col(TaskRow.due_on)).where(col(TaskRow.id).in_(page))
        for id_, due_on in session.execute(wanted):
            if due_on != told[id_]:
                yield Disagreement("task", id_, "due_on", due_on, told[id_])


def _words(session: Session, state: State) -> Iterator[Disagreement]:
    told = {id_: report.words for id_, report in state.reports.items() if report.words is not None}
    for page in pages(told):
        for id_, digest in words_digests(session, page).items():
            if digest != told[id_]:
                yield Disagreement("report", id_, "text", digest, told[id_])


def _answers(session: Session, state: State) -> Iterator[Disagreement]:
    """Compare which reports answered what was asked; one that left too late for it is a reply and no answer."""
    told = {asked.report_id: id_ for id_, asked in state.asked.items() if asked.report_id is not None}
    for page in pages(told):
        wanted = select(col(ReportRow.id), col(ReportRow.answers_id)).where(col(ReportRow.id).in_(page))
        for id_, stored in session.execute(wanted):
            if stored != told[id_]:
                yield Disagreement("report", id_, "answers_id", stored, told[id_])


def _values(session: Session, state: State) -> Iterator[Disagreement]:
    """Compare what reports give for their numbers; the log tells those of news when they are signed."""
    left = [id_ for id_, report in state.reports.items() if report.state != ReportState.AWAITING_SIGN_OFF.value]
    for page in pages(left):
        found: dict[int, dict[int, tuple[float, date | None]]] = {id_: {} for id_ in page}
        wanted = select(ReportValueRow).where(col(ReportValueRow.report_id).in_(page))
        for row in session.scalars(wanted):
            found[row.report_id][row.target_id] = (row.value, row.value_on)
        for id_, values in found.items():
            if values != state.reports[id_].values:
                yield Disagreement("report_value", id_, "value", values, state.reports[id_].values)


def _untold(session: Session, state: State) -> Iterator[Disagreement]:
    """Yield rows that the log never told although what they are about was told."""
    known = (
        (AssignmentRow, state.shares, col(AssignmentRow.task_id).in_(select(col(TaskRow.id)).where(_issued()))),
        (FormRow, state.rows, col(FormRow.id).is_not(None)),
        (ReportRow, state.reports, col(ReportRow.state).not_in(_NEVER_LEFT)),
        (InquiryRow, state.inquiries, col(InquiryRow.id).is_not(None)),
        (AskedRow, state.asked, col(AskedRow.id).is_not(None)),
        (InstructionRow, state.instructions, col(InstructionRow.id).is_not(None)),
    )
    for table, told, where in known:
        for id_ in session.scalars(select(col(table.id)).where(where).order_by(col(table.id))):
            if id_ not in told:
                yield Disagreement(str(table.__tablename__), id_ or 0, "", "stored", None)


def _factors(session: Session) -> Iterator[Disagreement]:
    """Compare who has a second factor with what the events say: one that was taken away behind the program's back."""
    told: dict[int, bool] = {}
    wanted = select(col(EventRow.type), col(EventRow.payload)).where(col(EventRow.type).in_(sorted(_HAS_FACTOR)))
    for type_, payload in session.execute(wanted.order_by(col(EventRow.seq))):
        told[json.loads(payload)["user_id"]] = _HAS_FACTOR[type_]
    stored = {row.user_id: row.sealed is not None for row in session.scalars(select(SecondFactorRow))}
    for id_ in sorted(told.keys() | stored.keys()):
        if stored.get(id_, False) != told.get(id_, False):
            yield Disagreement("second_factor", id_, "sealed", stored.get(id_, False), told.get(id_, False))


def _must_change(session: Session) -> Iterator[Disagreement]:
    """Yield accounts that open by a one-time code which need not be changed; an expired password has to be too."""
    wanted = select(col(UserRow.id)).where(col(UserRow.code_expires_at).is_not(None), ~col(UserRow.must_change))
    for id_ in session.scalars(wanted.order_by(col(UserRow.id))):
        yield Disagreement("person", id_ or 0, "must_change", False, True)


def _texts(session: Session) -> Iterator[Disagreement]:
    """Hold the texts of documents against the digests that are kept of them, as the events tell these."""
    wanted = select(col(DocumentRow.id), col(DocumentRow.text), col(DocumentRow.text_sha256))
    for id_, words, digest in session.execute(wanted.order_by(col(DocumentRow.id)).execution_options(yield_per=20)):
        found = hashlib.sha256(words.encode()).hexdigest()
        if found != digest:
            yield Disagreement("document", id_, "text", found, digest)


def _hands(session: Session) -> Iterator[Disagreement]:
    """Yield drafts that forgot whoever had a hand in them: he may not approve them."""
    hands: dict[int, set[int]] = defaultdict(set)
    wanted = select(col(EventRow.payload), col(EventRow.actor_id)).where(
        col(EventRow.type).in_(("draft.uploaded", "draft.corrected")), col(EventRow.actor_id).is_not(None)
    )
    for payload, actor_id in session.execute(wanted):
        hands[json.loads(payload)["draft_id"]].add(actor_id or 0)
    for id_, stored in session.execute(select(col(DraftRow.id), col(DraftRow.hands)).order_by(col(DraftRow.id))):
        if not hands[id_ or 0] <= set(stored):
            yield Disagreement("draft", id_ or 0, "hands", stored, sorted(hands[id_ or 0]))


def _points(session: Session, state: State) -> Iterator[Disagreement]:
    """Compare what the office expects of targets on the way; points are named by their targets."""
    stored: dict[int, set[tuple[date, float]]] = defaultdict(set)
    for row in session.scalars(select(TargetPointRow)):
        stored[row.target_id].add((row.due_on, row.value))
    told = {id_: {(point.day, point.value) for point in points} for id_, points in state.points.items()}
    for id_ in sorted(told.keys() | stored.keys()):
        if stored.get(id_, set()) != told.get(id_, set()):
            yield Disagreement("target_point", id_, "value", stored.get(id_), told.get(id_))


def _reminders(session: Session) -> Iterator[Disagreement]:
    """Compare what messages say, and to whom, with what the log has sealed; later ones are not sealed yet."""
    sealed = sealed_messages(session)
    told, last = sealed.digests, max(sealed.digests, default=0)
    stored = dict(reminder_digests(session, after=0, sealed=sealed))
    for id_ in sorted(told.keys() | stored.keys()):
        if id_ > last:
            return
        if id_ in told and id_ in stored:
            if told[id_] not in stored[id_]:
                yield Disagreement("reminder", id_, "content", stored[id_], told[id_])
        else:
            yield Disagreement("reminder", id_, "", stored.get(id_), told.get(id_))


def _issued() -> Any:  # Any: a condition of SQLAlchemy
    return col(TaskRow.issued_at).is_not(None)


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value
