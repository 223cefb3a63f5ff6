"""An edition of a circular as an act finds it and moves it on."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.calendar import local_day
from tracker.domain.circulars.content import Content
from tracker.domain.circulars.days import check_ordered_days
from tracker.domain.circulars.editions import (
    UNDER_WAY,
    CorrectionUnderWay,
    EditionAction,
    EditionState,
    ExcusedSince,
    LeaderNeeded,
    NamesOutdated,
    OtherPersonNeeded,
    PreviousCorrected,
    PreviousWithdrawn,
    SpanToldOtherwise,
    SpanToldSince,
    TextAct,
    advance_edition,
)
from tracker.domain.circulars.kinds import KINDS, CircularType
from tracker.domain.circulars.paragraphs import paragraphs
from tracker.domain.events.circulars import CircularChanged
from tracker.steps.co_issuers import lapse_where_changed
from tracker.store import event_log
from tracker.store.queries.circulars import find_edition
from tracker.store.queries.excuses import excused_since_drafted
from tracker.store.queries.names_since import outdated_names
from tracker.store.queries.spans_told import Overtaking, overtaken_by
from tracker.store.tables.circulars import CircularRow
from tracker.wording.redrafts import names_told

_TOLD: Mapping[Overtaking, type[SpanToldOtherwise]] = {
    Overtaking.ISSUED: SpanToldSince,
    Overtaking.CORRECTED: PreviousCorrected,
    Overtaking.WITHDRAWN: PreviousWithdrawn,
}


def advance(
    session: Session,
    row: CircularRow,
    action: EditionAction,
    words: str,
    *,
    actor: Actor,
    at: datetime,
    closed: str | None = None,
) -> None:
    """Take an edition one step on; `closed` is what is said of one that another takes the place of.

    Records CircularChanged. Raises EditionRefused, at the transaction's end ExcusedSince, SpanToldOtherwise.
    """
    row.state = advance_edition(EditionState(row.state), action).value
    if action in (EditionAction.SUBMIT, EditionAction.APPROVE):
        refuse_overtaken(session, row)
    row.closed_because = closed or row.closed_because
    changed(session, row, action, words, actor=actor, at=at, closed=closed)


def changed(
    session: Session,
    row: CircularRow,
    act: EditionAction | TextAct,
    words: str,
    *,
    actor: Actor,
    at: datetime,
    closed: str | None = None,
) -> None:
    """Tell what was done with an edition; other words than co-issuers signed ask them again.

    Records CircularChanged, CountersignEnded.
    """
    event = CircularChanged(circular_id=row.id or 0, act=act.value, words=words, closed=closed)
    event_log.record(session, event, actor=actor, at=at)
    if isinstance(act, TextAct):
        lapse_where_changed(session, row, actor=actor, at=at)


def replaceable(session: Session, circular_id: int | None) -> CircularRow | None:
    """Return the paper, which must stand, in whose place another is to come.

    Raises EditionRefused, CorrectionUnderWay.
    """
    if circular_id is None:
        return None
    wrong = find_edition(session, circular_id=circular_id)
    advance_edition(EditionState(wrong.state), EditionAction.CORRECT)
    check_no_correction(session, circular_id)
    return wrong


def check_no_correction(session: Session, circular_id: int) -> None:
    """Refuse a second correction of a paper. Raises CorrectionUnderWay."""
    if is_being_corrected(session, circular_id):
        raise CorrectionUnderWay()


def is_being_corrected(session: Session, circular_id: int) -> bool:
    """Whether a correction of a paper is being prepared."""
    under_way = select(col(CircularRow.id)).where(
        col(CircularRow.replaces_id) == circular_id, col(CircularRow.state).in_(UNDER_WAY)
    )
    return session.scalars(under_way).first() is not None


def check_approver(row: CircularRow, actor: Actor) -> None:
    """Refuse a word on an edition that is another's to give: of one that judges a leader's, never of who drafted it.

    Raises LeaderNeeded, OtherPersonNeeded.
    """
    rules = KINDS[CircularType(row.type)]
    if actor.role not in rules.approvers:
        raise LeaderNeeded()
    if not rules.may_approve(actor.role, actor.persons, drafted_by=(row.drafted_by_id, row.drafted_for_id)):
        raise OtherPersonNeeded()


def check_days(row: CircularRow, content: Content | None, *, at: datetime) -> None:
    """Refuse days that have passed; those of a correction were ordered in time by the paper that it corrects."""
    if content is not None and row.replaces_id is None:
        check_ordered_days(content, [one.words for one in paragraphs(row.statements)], today=local_day(at))


def refuse_outdated_names(session: Session, row: CircularRow, content: Content | None) -> None:
    """Refuse a paper on its way out that calls units by names that they gave up since it was drafted.

    Decided when the transaction ends, as a unit may be renamed until then; raises NamesOutdated.
    """

    def check() -> None:
        if names := outdated_names(session, row, content):
            raise NamesOutdated(names=names_told(names))

    event_log.check_last(session, check)


def refuse_overtaken(session: Session, row: CircularRow) -> None:
    """Refuse a paper on its way out of which something else holds since it was drafted.

    At the transaction's end raises ExcusedSince, SpanToldOtherwise.
    """
    _refuse_excused(session, row)
    _refuse_span_told(session, row)


def _refuse_excused(session: Session, row: CircularRow) -> None:
    """Refuse a paper on its way out that blames units for what the office has postponed since.

    Decided when the transaction ends: an outage recorded until then counts, and raises ExcusedSince.
    """

    def check() -> None:
        if moments := excused_since_drafted(session, row):
            raise ExcusedSince(moments=moments)

    event_log.check_last(session, check)


def _refuse_span_told(session: Session, row: CircularRow) -> None:
    """Refuse a paper on its way out that compares itself with another than the last of its kind and scope that stands.

    Decided when the transaction ends, as two may be issued at once; raises SpanToldOtherwise.
    """

    def check() -> None:
        found = overtaken_by(session, row)
        if found is None:
            return
        numbers = {"number": found.by, "previous": found.previous}
        facts = {name: one.number or "" for name, one in numbers.items() if one is not None}
        raise _TOLD[found.how](**facts)

    event_log.check_last(session, check)
