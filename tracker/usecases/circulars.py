"""Editions of circulars: drafted, sent for approval, approved, issued with a number, corrected or withdrawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from tracker.domain.accounts import SYSTEM, Actor, Role, require_role
from tracker.domain.calendar import local_day
from tracker.domain.circulars.content import Content, Scope, check_sentence
from tracker.domain.circulars.days import check_ordered_days
from tracker.domain.circulars.editions import (
    CorrectionUnderWay,
    EditionAction,
    EditionRefused,
    EditionState,
    ExcusedSince,
    advance_edition,
)
from tracker.domain.circulars.kinds import KINDS, CircularType
from tracker.domain.errors import NotFound, Rejected, Stale
from tracker.domain.events import CircularChanged, CircularDrafted, CircularDrawn, CircularIssued
from tracker.domain.filings import check_reason
from tracker.store import event_log
from tracker.store.queries.excuses import excused_since_drafted
from tracker.store.tables.circulars import CircularRow, NumberSeriesRow
from tracker.wording.corrections import with_correction_note

Statement = tuple[int, str]
_UNDER_WAY = (EditionState.DRAFT.value, EditionState.SUBMITTED.value, EditionState.APPROVED.value)
_KEPT_BY_A_CORRECTION = (
    *("type", "office", "unit_name", "document_number", "as_of", "last_event", "facts_sha256", "template_version"),
    *("rule_version", "previous_id", "layout_id", "title", "addressees", "copies", "note", "urgency", "statements"),
    "series",
)


class LeaderNeeded(Rejected):
    """Praise and criticism by name are approved by the leader."""

    code = "leader_needed"


class OtherPersonNeeded(Rejected):
    """Whoever drafted a circular may not approve it."""

    code = "other_person_needed"


@dataclass(frozen=True, slots=True)
class NewEdition:
    """What an edition is made of, and its words as the template gave them."""

    type: CircularType
    office: str
    scope: Scope
    as_of: datetime
    last_event: int
    facts_sha256: str
    template_version: str
    rule_version: str
    series: str
    title: str
    addressees: str
    copies: str
    note: str
    statements: Sequence[Statement]
    previous_id: int | None = None
    layout_id: int | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A file that was kept, its digest, what the fitting did and every deviation from the format."""

    sha256: str
    name: str
    remarks: tuple[str, ...]
    deviations: tuple[str, ...]


Numbering = Callable[[int, int], str]


def draft_circular(session: Session, new: NewEdition, *, actor: Actor, at: datetime) -> int:
    """Keep a draft and return its id. Records CircularDrafted."""
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    row = CircularRow(
        type=new.type.value,
        office=new.office,
        unit_name=new.scope.unit,
        document_number=new.scope.document,
        as_of=new.as_of,
        last_event=new.last_event,
        facts_sha256=new.facts_sha256,
        template_version=new.template_version,
        rule_version=new.rule_version,
        previous_id=new.previous_id,
        layout_id=new.layout_id,
        title=new.title,
        addressees=new.addressees,
        copies=new.copies,
        note=new.note,
        statements=[list(statement) for statement in new.statements],
        series=new.series,
        remarks=[],
    )
    return _drafted(session, row, actor=actor, at=at)


def correct_circular(session: Session, *, circular_id: int, version: int, actor: Actor, at: datetime) -> int:
    """Draft a correction 「更正」 that takes an issued circular's place when it is issued; return its id.

    It has the cut-off, the facts and the words of the one it corrects, so that only what is wrong is changed, and says
    in its note 「附注」 what it corrects. Records CircularDrafted. Raises NotFound, Stale, EditionRefused,
    CorrectionUnderWay.
    """
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    wrong = find(session, circular_id=circular_id, version=version)
    advance_edition(EditionState(wrong.state), EditionAction.CORRECT)
    under_way = select(CircularRow.id).where(
        col(CircularRow.replaces_id) == circular_id, col(CircularRow.state).in_(_UNDER_WAY)
    )
    if session.exec(under_way).first() is not None:
        raise CorrectionUnderWay()
    kept = {name: getattr(wrong, name) for name in _KEPT_BY_A_CORRECTION}
    row = CircularRow(**kept, replaces_id=circular_id, remarks=[])
    row.note = with_correction_note(wrong.note, number=wrong.number or "")
    return _drafted(session, row, actor=actor, at=at)


def _drafted(session: Session, row: CircularRow, *, actor: Actor, at: datetime) -> int:
    row.drafted_by, row.drafted_by_id, row.drafted_at = actor.name, actor.user_id, at
    session.add(row)
    session.flush()
    assert row.id is not None
    event = CircularDrafted(circular_id=row.id, kind=row.type, as_of=row.as_of, last_event=row.last_event)
    event_log.record(session, event, actor=actor, at=at)
    return row.id


def note_check(
    session: Session, *, circular_id: int, version: int, remarks: Sequence[str], deviations: Sequence[str]
) -> None:
    """Keep what a check of the words' layout found, unless they have been changed since."""
    row = session.get(CircularRow, circular_id, with_for_update=True)
    if row is not None and row.version == version and row.state == EditionState.DRAFT.value:
        row.remarks, row.deviations = list(remarks), list(deviations)


def edit_circular(
    session: Session,
    *,
    circular_id: int,
    version: int,
    title: str,
    addressees: str,
    copies: str,
    note: str,
    urgency: str,
    sentences: Sequence[str],
    content: Content,
    template: Sequence[Statement],
    actor: Actor,
    at: datetime,
) -> None:
    """Change a draft's words; an empty sentence leaves it out, figures stay bound to their facts.

    Records CircularChanged. Raises NotFound, Stale, EditionRefused, UnknownToken, DigitTyped, ReasonRequired.
    """
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    row = find(session, circular_id=circular_id, version=version)
    if row.state != EditionState.DRAFT.value:
        raise EditionRefused(state=row.state, action="edit")
    known = [words for _, words in template] + [str(words) for _, words in row.statements]
    kept: list[list[object]] = []
    for (level, _), sentence in zip(row.statements, sentences, strict=True):
        words = " ".join(sentence.split())
        if words:
            check_sentence(words, content=content, before=known)
            kept.append([level, words])
    row.title, row.addressees, row.copies = check_reason(title), addressees.strip(), copies.strip().rstrip("。")
    row.note, row.urgency, row.statements = note.strip(), urgency.strip(), kept
    _changed(session, row, "edit", "", actor=actor, at=at)


def submit_circular(
    session: Session, *, circular_id: int, version: int, content: Content | None, actor: Actor, at: datetime
) -> None:
    """Send a draft for approval 「送批」; `content` is what it was made of, where that is kept.

    Raises NotFound, Stale, EditionRefused, OrderedDayPast, at the transaction's end ExcusedSince.
    """
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    row = find(session, circular_id=circular_id, version=version)
    _check_days(row, content, at=at)
    row.sent_back_because = None
    _advance(session, row, EditionAction.SUBMIT, "", actor=actor, at=at)


def approve_circular(
    session: Session,
    *,
    circular_id: int,
    version: int,
    basis: str,
    content: Content | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Approve a draft 「签批」; praise and criticism need the leader, everything a person other than the drafter.

    Raises NotFound, Stale, EditionRefused, LeaderNeeded, OtherPersonNeeded, OrderedDayPast, ReasonRequired, at the
    transaction's end ExcusedSince.
    """
    require_role(actor, Role.SUPERVISOR, Role.LEADER, act="approve_circular")
    row = find(session, circular_id=circular_id, version=version)
    if actor.role not in KINDS[CircularType(row.type)].approvers:
        raise LeaderNeeded()
    if actor.user_id == row.drafted_by_id:
        raise OtherPersonNeeded()
    _check_days(row, content, at=at)
    row.approved_by, row.approved_at, row.approval_basis = actor.name, at, check_reason(basis)
    _advance(session, row, EditionAction.APPROVE, basis, actor=actor, at=at)


def send_back_circular(
    session: Session, *, circular_id: int, version: int, reason: str, actor: Actor, at: datetime
) -> None:
    """Give a draft back to be changed. Raises NotFound, Stale, EditionRefused, ReasonRequired."""
    require_role(actor, Role.SUPERVISOR, Role.LEADER, act="approve_circular")
    row = find(session, circular_id=circular_id, version=version)
    row.sent_back_because = check_reason(reason)
    row.approved_by = row.approved_at = row.approval_basis = None
    _advance(session, row, EditionAction.SEND_BACK, reason, actor=actor, at=at)


def issue_circular(
    session: Session,
    *,
    circular_id: int,
    version: int,
    numbering: Numbering,
    content: Content | None,
    actor: Actor,
    at: datetime,
) -> str:
    """Give an approved circular the next number of its series; return it. The file is drawn afterwards.

    What fails leaves no gap. The edition that it corrects becomes 「已更正」. Records CircularIssued. Raises NotFound,
    Stale, EditionRefused, OrderedDayPast, at the transaction's end ExcusedSince.
    """
    require_role(actor, Role.SUPERVISOR, act="issue_circular")
    row = find(session, circular_id=circular_id, version=version)
    state = advance_edition(EditionState(row.state), EditionAction.ISSUE)
    _refuse_excused(session, row)
    _check_days(row, content, at=at)
    year = local_day(at).year
    running = _next_number(session, series=row.series, year=year)
    number = numbering(year, running)
    row.year, row.running_number, row.number = year, running, number
    row.issued_at, row.issued_by = at, actor.name
    row.state = state.value
    row.version += 1
    if row.replaces_id is not None:
        earlier = session.get_one(CircularRow, row.replaces_id, with_for_update=True)
        earlier.closed_because = f"已由{number}更正"
        _advance(session, earlier, EditionAction.CORRECT, number, actor=actor, at=at)
    event = CircularIssued(circular_id=circular_id, number=number, facts_sha256=row.facts_sha256)
    event_log.record(session, event, actor=actor, at=at)
    return number


def keep_drawn(session: Session, *, circular_id: int, drawn: Drawn, at: datetime) -> None:
    """Keep the file of an issued circular; one that has its file keeps it. Records CircularDrawn. Raises NotFound."""
    row = session.get(CircularRow, circular_id, with_for_update=True)
    if row is None:
        raise NotFound()
    if row.sha256 is not None:
        return
    row.sha256, row.name = drawn.sha256, drawn.name
    row.remarks, row.deviations = list(drawn.remarks), list(drawn.deviations)
    event_log.record(session, CircularDrawn(circular_id=circular_id, sha256=drawn.sha256), actor=SYSTEM, at=at)


def _refuse_excused(session: Session, row: CircularRow) -> None:
    """Refuse a paper on its way out that blames units for what the office has postponed since.

    Decided when the transaction ends: an outage recorded until then counts, and raises ExcusedSince.
    """

    def check() -> None:
        if moments := excused_since_drafted(session, row):
            raise ExcusedSince(moments=moments)

    event_log.check_last(session, check)


def _check_days(row: CircularRow, content: Content | None, *, at: datetime) -> None:
    """Refuse days that have passed; those of a correction were ordered in time by the paper that it corrects."""
    if content is not None and row.replaces_id is None:
        check_ordered_days(content, [str(words) for _level, words in row.statements], today=local_day(at))


def withdraw_circular(
    session: Session, *, circular_id: int, version: int, reason: str, actor: Actor, at: datetime
) -> None:
    """Withdraw an issued circular 「撤回」; its file stays. Raises NotFound, Stale, EditionRefused, ReasonRequired."""
    require_role(actor, Role.SUPERVISOR, act="issue_circular")
    row = find(session, circular_id=circular_id, version=version)
    row.closed_because = check_reason(reason)
    _advance(session, row, EditionAction.WITHDRAW, reason, actor=actor, at=at)


def discard_circular(session: Session, *, circular_id: int, version: int, actor: Actor, at: datetime) -> None:
    """Put a draft away 「作废」. Raises NotFound, Stale, EditionRefused."""
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    _advance(
        session, find(session, circular_id=circular_id, version=version), EditionAction.DISCARD, "", actor=actor, at=at
    )


def find(session: Session, *, circular_id: int, version: int | None = None) -> CircularRow:
    """Return an edition; locked where a version is given. Raises NotFound, Stale."""
    row = session.get(CircularRow, circular_id, with_for_update=version is not None)
    if row is None:
        raise NotFound()
    if version is not None and row.version != version:
        raise Stale()
    return row


def _next_number(session: Session, *, series: str, year: int) -> int:
    if session.get(NumberSeriesRow, (series, year)) is None:
        try:
            with session.begin_nested():
                session.add(NumberSeriesRow(series=series, year=year, last=0))
        except IntegrityError:
            pass  # another office gave the year's first number in this instant
    row = session.get_one(NumberSeriesRow, (series, year), with_for_update=True)
    row.last += 1
    session.flush()
    return row.last


def _advance(
    session: Session, row: CircularRow, action: EditionAction, words: str, *, actor: Actor, at: datetime
) -> None:
    row.state = advance_edition(EditionState(row.state), action).value
    if action in (EditionAction.SUBMIT, EditionAction.APPROVE):
        _refuse_excused(session, row)
    _changed(session, row, action.value, words, actor=actor, at=at)


def _changed(session: Session, row: CircularRow, act: str, words: str, *, actor: Actor, at: datetime) -> None:
    row.version += 1
    assert row.id is not None
    event_log.record(session, CircularChanged(circular_id=row.id, act=act, words=words), actor=actor, at=at)
