"""An approved circular gets its number, then its file; an issued one may be withdrawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from tracker.domain.accounts import SYSTEM, Actor, Role, require_role
from tracker.domain.calendar import WorkdayCalendar, full_date, local_day
from tracker.domain.circulars.content import Content
from tracker.domain.circulars.days import AFTER_ISSUE, answer_day, answers_from_issue, day_from_issue, with_answer_day
from tracker.domain.circulars.differences import Difference
from tracker.domain.circulars.editions import (
    CorrectionAwaits,
    EditionAction,
    EditionState,
    advance_edition,
)
from tracker.domain.circulars.joint import DropCause
from tracker.domain.circulars.kinds import KINDS, CircularType
from tracker.domain.circulars.paragraphs import paragraphs
from tracker.domain.errors import NotFound
from tracker.domain.events.circulars import CircularDrawn, CircularIssued
from tracker.domain.filings import check_reason
from tracker.steps.co_issuers import check_countersigned, check_withdrawal_countersigned, drop_all
from tracker.steps.editions import (
    advance,
    check_approver,
    is_being_corrected,
    refuse_outdated_names,
    refuse_overtaken,
)
from tracker.steps.going_out import check_goes_out
from tracker.steps.naming_units import end_namings, tell_left_out
from tracker.steps.publishing_months import publish_month
from tracker.steps.serving_papers import end_service, serve
from tracker.store import event_log
from tracker.store.queries.circulars import find_edition
from tracker.store.queries.overtaken_blame import FactsNow
from tracker.store.queries.paper_hearers import hearers
from tracker.store.queries.typed_judgements import Judgements
from tracker.store.row_digests import row_digest
from tracker.store.tables.circulars import CircularRow, NumberSeriesRow
from tracker.wording.papers import cited_number, paper_said

Numbering = Callable[[int, int], str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A file that was kept, its digest, what the fitting did and every deviation from the format."""

    sha256: str
    name: str
    remarks: tuple[str, ...]
    deviations: tuple[str, ...]


def issue_circular(
    session: Session,
    *,
    circular_id: int,
    version: int,
    numbering: Numbering,
    content: Content | None,
    actor: Actor,
    at: datetime,
    facts_now: FactsNow | None = None,
    typed: Judgements | None = None,
    corrects: Sequence[Difference] | None = None,
    calendar: WorkdayCalendar,
    host: str = "",
) -> str:
    """Give an approved circular the next number of its series; return it. The file is drawn afterwards.

    `content` is what it was made of, which names whom it goes to. What fails leaves no gap. The edition that it
    corrects becomes 「已更正」. The day for an answer is counted by `calendar`. It is served on whoever hears of it,
    but not on who issues it: `host` is its full name. Records CircularIssued, PaperServed, PaperServiceEnded,
    NamingLeftOut, NamingEnded, and of an evaluated month ScoringMonthIssued, ScoringCorrectionIssued.

    Raises NotFound, Stale, EditionRefused, NothingCorrected, OrderedDayPast, NamedByHand, NamingNotServed,
    NamingTooEarly, NamingObjected, CoIssuerChanged, NotCountersigned, RankingOutAlready, MonthCorrectedSince,
    CorrectionObjected, ObjectedSinceDrafted, at the
    transaction's end ExcusedSince, SpanToldOtherwise, NamesOutdated, BlameOvertaken.
    """
    require_role(actor, Role.SUPERVISOR, act="issue_circular")
    row = find_edition(session, circular_id=circular_id, version=version)
    state = advance_edition(EditionState(row.state), EditionAction.ISSUE)
    refuse_overtaken(session, row)
    refuse_outdated_names(session, row, content)
    check_goes_out(session, row, content, facts_now, at=at, typed=typed, corrects=corrects)
    check_countersigned(session, row)
    content = _with_its_day(row, content, day_from_issue(local_day(at), calendar))
    number = _give_number(session, row, numbering, year=local_day(at).year)
    row.issued_at, row.issued_by, row.state = at, actor.name, state.value
    _close_corrected(session, row, number, actor=actor, at=at)
    publish_month(session, row, actor=actor, at=at)
    tell_left_out(session, row, actor=actor, at=at)
    end_namings(session, circular_id=circular_id, issued=True, actor=actor, at=at)
    event_log.record(session, issued := _issued(session, row, content, host), actor=actor, at=at)
    serve(
        session,
        circular_id=circular_id,
        unit_ids=issued.unit_ids,
        wants_answer=KINDS[CircularType(row.type)].wants_answer,
        answer_on=issued.answer_on,
        actor=actor,
        at=at,
    )
    return number


def _with_its_day(row: CircularRow, content: Content | None, day: date) -> Content | None:
    """Fix the day for an answer, where what the paper was made of leaves it to its issue, for whoever reads it."""
    if content is None or not answers_from_issue(content):
        return content
    dated = with_answer_day(content, day)
    if row.said is not None and row.replaces_id is not None:  # it has been said with the day of what it corrects
        row.said = paper_said(row.type, [dated.fill(one.words) for one in paragraphs(row.statements)])
    elif row.said is not None:
        row.said = row.said.replace(AFTER_ISSUE, full_date(day))
    return dated


def _close_corrected(session: Session, row: CircularRow, number: str, *, actor: Actor, at: datetime) -> None:
    """Mark the edition that one corrects 「已更正」, and end its service; nothing of one that corrects none."""
    if row.replaces_id is None:
        return
    earlier = session.get_one(CircularRow, row.replaces_id, with_for_update=True)
    closed = (
        f"已由{cited_number(number, series=row.series, year=row.year)}更正：{row.corrects_because or '原因见更正件'}"
    )
    advance(session, earlier, EditionAction.CORRECT, number, actor=actor, at=at, closed=closed)
    end_service(session, circular_id=row.replaces_id, actor=actor, at=at)
    drop_all(session, row.replaces_id, DropCause.OVERTAKEN, actor=actor, at=at)


def _issued(session: Session, row: CircularRow, content: Content | None, host: str) -> CircularIssued:
    return CircularIssued(
        circular_id=row.id or 0,
        number=row.number or "",
        facts_sha256=row.facts_sha256,
        unit_ids=hearers(session, row, content, host=host),
        answer_on=None if content is None else answer_day(content, [one.words for one in paragraphs(row.statements)]),
        sealed=row_digest(row),
    )


def keep_drawn(session: Session, *, circular_id: int, drawn: Drawn, at: datetime) -> None:
    """Keep the file of an issued circular; one that has its file keeps it. Records CircularDrawn. Raises NotFound.

    Whoever looks at the edition meanwhile may go on: nothing was changed of it.
    """
    row = session.get(CircularRow, circular_id, with_for_update=True)
    if row is None:
        raise NotFound()
    if row.sha256 is not None:
        return
    session.execute(
        update(CircularRow)
        .where(col(CircularRow.id) == circular_id)
        .values(sha256=drawn.sha256, name=drawn.name, remarks=list(drawn.remarks), deviations=list(drawn.deviations))
    )
    event_log.record(session, CircularDrawn(circular_id=circular_id, sha256=drawn.sha256), actor=SYSTEM, at=at)


def withdraw_circular(
    session: Session, *, circular_id: int, version: int, reason: str, actor: Actor, at: datetime
) -> None:
    """Withdraw an issued circular 「撤回」, which takes whoever may approve it; its file stays.

    Of a joint paper that takes what its co-issuers countersigned. Raises NotFound, Stale, EditionRefused,
    ReasonRequired, LeaderNeeded, OtherPersonNeeded, WithdrawalNotCountersigned, CorrectionAwaits.
    """
    require_role(actor, Role.SUPERVISOR, Role.LEADER, act="approve_circular")
    row = find_edition(session, circular_id=circular_id, version=version)
    check_approver(row, actor)
    row.closed_because = check_reason(reason)
    advance_edition(EditionState(row.state), EditionAction.WITHDRAW)
    if is_being_corrected(session, circular_id):
        raise CorrectionAwaits()
    check_withdrawal_countersigned(session, row, row.closed_because)
    advance(session, row, EditionAction.WITHDRAW, reason, actor=actor, at=at)
    end_service(session, circular_id=circular_id, actor=actor, at=at)


def _give_number(session: Session, row: CircularRow, numbering: Numbering, *, year: int) -> str:
    running = _next_number(session, series=row.series, year=year)
    row.year, row.running_number, row.number = year, running, numbering(year, running)
    return row.number


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
