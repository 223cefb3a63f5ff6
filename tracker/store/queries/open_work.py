"""What is open with a person: what waits for his unit in his role, and what names himself."""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.absences import Person
from tracker.domain.accounts import Actor, Role
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.circulars.editions import UNDER_WAY
from tracker.domain.handovers import OpenKind, OpenLine
from tracker.domain.owed import Owed
from tracker.store.queries.absences import deputised_by
from tracker.store.queries.co_issuers import to_countersign
from tracker.store.queries.editions_under_way import waiting_for
from tracker.store.queries.envelopes import waiting_envelopes
from tracker.store.queries.inquiries import asked_of_units, open_of_askers
from tracker.store.queries.inquiry_views import Inquiry
from tracker.store.queries.owed_lists import owed_by_units
from tracker.store.queries.petitions import Petition, petitions_sent_back, waiting_petitions
from tracker.store.queries.receipts import new_assignments
from tracker.store.queries.reminders import count_unread
from tracker.store.queries.requests import pending_requests
from tracker.store.queries.sent_back import sent_back_envelopes
from tracker.store.queries.served_papers import papers_with_units
from tracker.store.queries.units import units_acted_for, units_read_for
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.drafts import DraftRow, DraftState
from tracker.wording.open_work import (
    asking_line,
    clauses,
    deputy_line,
    envelope_line,
    inquiry_line,
    owed_line,
    petition_line,
    request_line,
    unread_line,
    why_open,
)


def open_work(session: Session, person: Person, *, now: datetime, to_id: int | None = None) -> list[OpenLine]:
    """Return all that is open with a person, what waits for his unit first, how many messages are unread last.

    With `to_id` but what that person cannot take over: nobody stands in for himself.
    """
    unread = count_unread(session, user_id=person.user_id, of_work=True)
    return [
        *_of_his_place(session, person, now=now),
        *personal_work(session, user_id=person.user_id, now=now, to_id=to_id),
        *([OpenLine(OpenKind.MESSAGE, unread_line(unread))] if unread else []),
    ]


def personal_work(session: Session, *, user_id: int, now: datetime, to_id: int | None = None) -> list[OpenLine]:
    """Return the work that names a person: papers and documents under way, whose deputy he is."""
    drafted = (col(CircularRow.drafted_by_id) == user_id) | (col(CircularRow.drafted_for_id) == user_id)
    papers = select(col(CircularRow.title)).where(drafted, col(CircularRow.state).in_(UNDER_WAY))
    drafts = select(col(DraftRow.file_name), col(DraftRow.hands)).where(col(DraftRow.state) == DraftState.OPEN.value)
    return [
        *(_line(OpenKind.PAPER, title) for title in session.scalars(papers.order_by(col(CircularRow.id)))),
        *(
            _line(OpenKind.DRAFT, name)
            for name, hands in session.execute(drafts.order_by(col(DraftRow.id)))
            if user_id in hands
        ),
        *(
            _line(
                OpenKind.DEPUTY,
                deputy_line(one.name, first_on=one.first_on, last_on=one.last_on),
                end_of_day(one.last_on),
            )
            for one in deputised_by(session, user_id=user_id, since=local_day(now))
            if one.user_id != to_id
        ),
    ]


def _line(
    kind: OpenKind,
    title: str,
    due_at: datetime | None = None,
    *,
    number: str = "",
    clause: str = "",
    owed: Owed | None = None,
) -> OpenLine:
    since = owed.since if owed else None
    return OpenLine(kind, title, due_at, number, clause, why_open(kind, owed), since)


def _owed(session: Session, units: Collection[int], *, now: datetime) -> Iterator[OpenLine]:
    """Yield a line a series that owes something, as 「今天」 does; what lies with the head is named as an envelope."""
    for line in owed_by_units(session, unit_ids=units, now=now):
        asked = [(form.owed, form.labels) for form in line.in_hand().forms if not form.awaiting_sign_off]
        if asked:
            first, _labels = asked[0]
            items = {item.task_id: item.label for form in line.forms for item in form.items}
            yield _line(
                OpenKind.FORM,
                owed_line(line.document_title, asked),
                first.due_at,
                number=line.document_number,
                clause=clauses(list(items.values())),
                owed=first,
            )


def _sent_back(session: Session, units: Collection[int]) -> Iterator[OpenLine]:
    """Yield what came back from the head and is of no period; of forms a line says what is owed."""
    for one in sent_back_envelopes(session, unit_ids=units):
        if one.period_id is None:
            title = envelope_line(one.called, None, None)
            items = clauses([row.label for row in one.rows if row.label])
            yield _line(OpenKind.SENT_BACK, title, one.due_at, number=one.document_number, clause=items)


def _inquiries(session: Session, units: Collection[int]) -> Iterator[OpenLine]:
    """Yield what leaders and others ask the units, and what these ask."""
    for one in asked_of_units(session, unit_ids=units):
        kind = OpenKind.ASKED if one.instruction_id is None else OpenKind.INSTRUCTED
        title = inquiry_line(one.words, asker=one.asker, asked_by=one.asked_by, instructed_on=one.given_on)
        yield _asked(kind, one, title)
    for one in open_of_askers(session, unit_ids=units):
        silent = [unit.unit_name for unit in one.open if unit.answer is None]
        yield _asked(OpenKind.ASKING, one, asking_line(one.words, silent))


def _asked(kind: OpenKind, one: Inquiry, title: str) -> OpenLine:
    return _line(kind, title, end_of_day(one.answer_by), number=one.document_number, clause=one.item_label)


def _served(session: Session, person: Person, role: Role) -> Iterator[OpenLine]:
    """Yield the papers that a liaison has to sign for or to answer; to the head what lies with him."""
    for served in papers_with_units(session, unit_ids=units_read_for(session, person.unit_id)):
        if served.to_sign or role is Role.LIAISON:
            due_at = end_of_day(served.answer_on) if served.answer_on is not None else None
            kind = OpenKind.SIGNATURE if served.to_sign else OpenKind.SERVED
            yield _line(kind, served.title, due_at, number=served.number)


def _to_sign(session: Session, units: Collection[int]) -> Iterator[OpenLine]:
    """Yield what waits for the head of the units: envelopes, and what their liaisons ask for."""
    for envelope in waiting_envelopes(session, unit_ids=units):
        title = envelope_line(envelope.called, envelope.document_title, envelope.code)
        yield _line(OpenKind.SIGNATURE, title, envelope.due_at, number=envelope.document_number or "")
    for one in waiting_petitions(session, unit_ids=units):
        yield _petition(OpenKind.SIGNATURE, one)
    for asked in to_countersign(session, unit_ids=units):
        due_at = end_of_day(asked.answer_by) if asked.answer_by is not None else None
        yield _line(OpenKind.SIGNATURE, asked.title, due_at, number=asked.number or "")


def _petition(kind: OpenKind, one: Petition) -> OpenLine:
    title = petition_line(one.kind, one.item_title)
    return _line(kind, title, one.due_at, number=one.document_number, clause=one.item_label)


def _of_his_place(session: Session, person: Person, *, now: datetime) -> Iterator[OpenLine]:
    role = Role(person.role)
    if role in (Role.LIAISON, Role.UNIT_HEAD):
        units = units_acted_for(session, person.unit_id)
        if role is Role.LIAISON:
            yield from _owed(session, units, now=now)
            yield from _sent_back(session, units)
            for one in petitions_sent_back(session, unit_ids=units):
                yield _petition(OpenKind.SENT_BACK, one)
            yield from _inquiries(session, units)
            for share in new_assignments(session, unit_ids=units):
                yield _line(OpenKind.RECEIPT, share.item_title, number=share.document_number, clause=share.item_label)
        yield from _served(session, person, role)
        yield from _to_sign(session, units)
    if role in (Role.SUPERVISOR, Role.LEADER):
        actor = Actor(person.user_id, "", role)
        for paper in waiting_for(session, actor).to_approve:
            yield _line(OpenKind.APPROVAL, paper.title)
    if role is Role.LEADER:
        for asked in pending_requests(session, by_leader=True):
            yield _line(OpenKind.REQUEST, request_line(asked.unit_name, asked.item_label, asked.item_title))
