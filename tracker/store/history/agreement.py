"""Where the tables say other than the log: what somebody changed past the program, or a fault of the program."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from tracker.domain.events.accounts import AccountCreated
from tracker.domain.filings import ReportState
from tracker.store.history.state import State
from tracker.store.reminder_digests import reminder_digests, sealed_messages
from tracker.store.report_words import words_digests
from tracker.store.tables.circulars import CircularRow, CircularTemplateRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import ReportRow, ReportValueRow
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.second_factors import SecondFactorRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UserRow

_PAGE = 2_000
# Field of a row: where it stands in what is folded.
_TASK = {"state": "state", "outcome": "outcome", "completed_at": "completed_at", "issued_at": "issued_at"}
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
    name: name for name in ("filing_id", "assignment_id", "row_id", "kind", "by_lead", "claim", "state", "correct_by")
} | {"verified_claim": "verified", "written_at": "at"}
_INQUIRY = {
    name: name
    for name in ("task_id", "assignment_id", "words", "answer_by", "coordination_words", "coordination_at", "decision")
}
_ASKED = {name: name for name in ("inquiry_id", "assignment_id", "state", "cause", "reminded_at", "closed_at")}
_OF_PAPERS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "circular.issued": ("circular", "circular_id", ("number", "facts_sha256")),
    "circular.drawn": ("circular", "circular_id", ("sha256",)),
    "circular.template_kept": ("circular_template", "template_id", ("sha256",)),
}
# Field of an account: where its event says it.
_OF_ACCOUNTS: Mapping[str, Mapping[str, str]] = {
    "account.created": {"login": "login", "name": "name", "role": "role", "unit_id": "of_unit_id"},
    "account.role_granted": {"role": "role"},
    "account.changed": {"name": "new_name", "unit_id": "new_unit_id"},
    "account.disabled": {},
    "account.enabled": {},
}
_IN_USE = {"account.created": True, "account.disabled": False, "account.enabled": True}
_HAS_FACTOR = {"account.factor_set_up": True, "account.factor_removed": False, "account.factor_reset": False}
# What was written and never left its unit is told by no event.
_NEVER_LEFT = (ReportState.AWAITING_SIGN_OFF.value, ReportState.WITHDRAWN.value, ReportState.SENT_BACK.value)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A field of a row in which the tables say other than the log; the field is empty where one knows no such row."""

    table: str
    row_id: int
    field: str
    stored: object
    told: object


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
    yield from _answers(session, state)
    yield from _words(session, state)
    yield from _values(session, state)
    yield from _untold(session, state)
    yield from _papers(session)
    yield from _accounts(session)
    yield from _factors(session)
    yield from _reminders(session)


def _compared(
    session: Session, table: type[SQLModel], told: Mapping[int, Any], fields: Mapping[str, str]
) -> Iterator[Disagreement]:
    name, key = str(table.__tablename__), col(table.id)  # type: ignore[attr-defined] # each of them has one
    for page in _pages(told):
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
    for page in _pages(told):
        wanted = select(col(TaskRow.id), col(TaskRow.due_on)).where(col(TaskRow.id).in_(page))
        for id_, due_on in session.execute(wanted):
            if due_on != told[id_]:
                yield Disagreement("task", id_, "due_on", due_on, told[id_])


def _words(session: Session, state: State) -> Iterator[Disagreement]:
    told = {id_: report.words for id_, report in state.reports.items() if report.words is not None}
    for page in _pages(told):
        for id_, digest in words_digests(session, page).items():
            if digest != told[id_]:
                yield Disagreement("report", id_, "text", digest, told[id_])


def _answers(session: Session, state: State) -> Iterator[Disagreement]:
    """Compare which reports answered what was asked."""
    told = {asked.report_id: id_ for id_, asked in state.asked.items() if asked.report_id is not None}
    for page in _pages(told):
        stored = dict(
            session.execute(
                select(col(ReportRow.id), col(ReportRow.answers_id)).where(col(ReportRow.id).in_(page))
            ).all()
        )
        for id_ in page:
            if stored.get(id_) != told[id_]:
                yield Disagreement("report", id_, "answers_id", stored.get(id_), told[id_])


def _values(session: Session, state: State) -> Iterator[Disagreement]:
    """Compare what reports give for their numbers; the log tells those of news when they are signed."""
    left = [id_ for id_, report in state.reports.items() if report.state != ReportState.AWAITING_SIGN_OFF.value]
    for page in _pages(left):
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
    )
    for table, told, where in known:
        for id_ in session.scalars(select(col(table.id)).where(where).order_by(col(table.id))):
            if id_ not in told:
                yield Disagreement(str(table.__tablename__), id_ or 0, "", "stored", None)


def _papers(session: Session) -> Iterator[Disagreement]:
    """Compare numbers, facts and files of papers, and the office's templates, with what their events name."""
    wanted = select(col(EventRow.type), col(EventRow.payload)).where(col(EventRow.type).in_(_OF_PAPERS))
    told: dict[tuple[str, int, str], object] = {}
    for type_, payload in session.execute(wanted.order_by(col(EventRow.seq))):
        facts = json.loads(payload)
        table, key, fields = _OF_PAPERS[type_]
        told.update({(table, facts[key], field): facts[field] for field in fields if facts[field] is not None})
    papers = {("circular", row.id): row for row in session.scalars(select(CircularRow))}
    layouts = {("circular_template", row.id): row for row in session.scalars(select(CircularTemplateRow))}
    for (table, id_, field), value in told.items():
        row = papers.get((table, id_)) or layouts.get((table, id_))
        if row is None:
            yield Disagreement(table, id_, "", None, "told")
        elif getattr(row, field) != value:
            yield Disagreement(table, id_, field, getattr(row, field), value)


def _accounts(session: Session) -> Iterator[Disagreement]:
    """Compare whose accounts there are, what they may do and whether they are in use with what their events say."""
    told: dict[int, dict[str, object]] = {}
    created: list[int] = []
    wanted = select(col(EventRow.type), col(EventRow.payload)).where(col(EventRow.type).in_(sorted(_OF_ACCOUNTS)))
    for type_, payload in session.execute(wanted.order_by(col(EventRow.seq))):
        facts = json.loads(payload)
        created += [facts["user_id"]] if type_ == AccountCreated.type else []
        known = told.setdefault(facts["user_id"], {})
        known.update({field: facts[name] for field, name in _OF_ACCOUNTS[type_].items()})
        if type_ in _IN_USE:
            known["active"] = _IN_USE[type_]
    people = {row.id: row for row in session.scalars(select(UserRow))}
    for id_, known in told.items():
        if id_ not in people:
            yield Disagreement("person", id_, "", None, "told")
            continue
        for field, value in known.items():
            if getattr(people[id_], field) != value:
                yield Disagreement("person", id_, field, getattr(people[id_], field), value)
    # Accounts that are older than their events are told by none.
    later = (id_ for id_ in people if created and id_ and id_ > min(created) and id_ not in told)
    yield from (Disagreement("person", id_, "", "stored", None) for id_ in later)


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


def _pages(told: Iterable[int]) -> Iterator[Collection[int]]:
    ids = sorted(told)
    return (ids[start : start + _PAGE] for start in range(0, len(ids), _PAGE))


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value
