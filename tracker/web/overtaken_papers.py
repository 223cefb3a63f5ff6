"""What keeps a draft from going out as it is since it was drafted: its page says it first, and how it is made anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from tracker.domain.circulars.content import Content
from tracker.domain.circulars.days import OrderedDayPast, check_ordered_days
from tracker.domain.circulars.editions import UNDER_WAY, EditionState, ExcusedSince, NamesOutdated
from tracker.domain.circulars.paragraphs import paragraphs
from tracker.domain.errors import TrackerError
from tracker.domain.scoring.publishing import CorrectionObjected, ObjectedSinceDrafted
from tracker.store.queries.excuses import excused_since_drafted
from tracker.store.queries.names_since import outdated_names
from tracker.store.queries.paper_words import check_addresses_its_unit, check_words
from tracker.store.queries.published_months import objected_since, objections_before
from tracker.store.queries.spans_told import Overtaken, overtaken_by
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.wording.redrafts import names_told
from tracker.wording.refusals import sentence


@dataclass(frozen=True, slots=True)
class InTheWay:
    """By which paper a draft is overtaken, and the refusals that it would meet; `for_good` where no edit helps.

    `anew` is whether drafting it anew helps: where it only waits for an answer, it goes on as it is afterwards.
    """

    told: Overtaken | None
    sentences: tuple[str, ...]
    for_good: bool
    anew: bool


def in_the_way(session: Session, row: CircularRow, content: Content | None, *, today: date) -> InTheWay | None:
    """Return what keeps a paper under way from going out; None where nothing does, and of any other paper."""
    if row.state not in UNDER_WAY:
        return None
    told, refused = overtaken_by(session, row), list(_refusals(session, row, content, today))
    if told is None and not refused:
        return None
    excused = any(isinstance(one, ExcusedSince) for one in refused)
    anew = told is not None or any(not isinstance(one, CorrectionObjected) for one in refused)
    return InTheWay(told, tuple(map(sentence, refused)), told is not None or excused, anew)


def _refusals(session: Session, row: CircularRow, content: Content | None, today: date) -> Iterator[TrackerError]:
    if moments := excused_since_drafted(session, row):
        yield ExcusedSince(moments=moments)
    if names := outdated_names(session, row, content):
        yield NamesOutdated(names=names_told(names))
    if count := objections_before(session, row):
        month = session.get_one(ScoreMonthRow, row.score_month_id)
        yield CorrectionObjected(score_month=month.month, count=count)
    elif count := objected_since(session, row):
        month = session.get_one(ScoreMonthRow, row.score_month_id)
        yield ObjectedSinceDrafted(score_month=month.month, count=count)
    try:
        check_words(row, content)
        check_addresses_its_unit(session, row, content)
    except TrackerError as error:
        yield error
    if content is not None and row.replaces_id is None:
        try:
            check_ordered_days(content, [one.words for one in paragraphs(row.statements)], today=today)
        except OrderedDayPast as error:
            yield error


def may_redraft(row: CircularRow, content: Content | None, stopped: InTheWay | None) -> bool:
    """Tell whether the office may draft a paper anew: a draft at any time, one sent for approval where it stops."""
    if row.replaces_id is not None or content is None:
        return False
    return row.state == EditionState.DRAFT.value or (row.state in UNDER_WAY and stopped is not None and stopped.anew)
