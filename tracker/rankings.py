"""Circulars about evaluated months, from the kept result: who issues them, what they say, what they correct."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from tracker.domain.circulars.addressing import check_scope
from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.quoting import titled
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.months import read_month
from tracker.domain.scoring.publishing import (
    LetterheadOfOthers,
    MeetingOfOthers,
    MonthsNotPublished,
    NotByDecision,
    RankingHeldBack,
    RankingNotOrdered,
    RankingOutAlready,
)
from tracker.domain.scoring.questions import YEAR_TOTAL
from tracker.domain.scoring.several import decided_on, meeting_rule, names_in, speakers, year_lines
from tracker.gateways.schemes import read_scheme
from tracker.paper.letterheads import Letterhead, NoSuchLetterhead, letterhead
from tracker.paper.plain import plain_paper
from tracker.store.history.log import Cut, cut
from tracker.store.history.ranking import KeptMonth, kept_month, ranking_as_of
from tracker.store.queries.circulars import corrected_ranking, standing_ranking
from tracker.store.queries.published_months import months_told, published_months, result_of
from tracker.store.queries.scoring_rules import decisions_with_terms, scheme_in
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.scoring import ScoreMonthRow, ScoreSchemeRow
from tracker.wording.score_several import Told, agenda, held_with, waits_for_decision, waits_for_months, year_account
from tracker.wording.scoring_months import ranking_matter

KIND = CircularType.RANKING


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a circular about a month says, what its title is about, and the paper in whose place it comes, and why."""

    content: Content
    matter: str
    replaces_id: int | None
    because: str | None


def ranking_head(session: Session, scope: Scope, *, office: str, as_of: datetime) -> Letterhead:
    """Return the paper of whoever issues the circular, as it was decided; `office` empty asks for nobody else's.

    Raises ScopeMissing, NotByDecision, LetterheadOfOthers and what `kept_month` raises.
    """
    check_scope(KIND, scope)
    kept = _kept(session, scope, cut(session, as_of=as_of))
    issuer, organiser = kept.issuer, kept.evaluated.rules.scheme.organiser
    if office not in ("", issuer.code):
        raise NotByDecision(option=issuer.words)
    try:
        found = letterhead(KIND, office=issuer.code)
    except NoSuchLetterhead as error:
        raise NotByDecision(option=issuer.words) from error
    _refuse_head_of_others(found, organiser, words=issuer.words)
    return found


def check_head(session: Session, row: CircularRow) -> None:
    """Refuse a paper about a month, by whom ever it was drafted, under the head of another evaluation's body.

    Raises LetterheadOfOthers.
    """
    if row.score_month_id is None:
        return
    month = session.get_one(ScoreMonthRow, row.score_month_id)
    scheme = read_scheme(session.get_one(ScoreSchemeRow, month.scheme_id).content)
    found = letterhead(KIND, office=row.office)
    _refuse_head_of_others(found, scheme.organiser, words=found.name)


def _refuse_head_of_others(found: Letterhead, organiser: str, *, words: str) -> None:
    # The codes of answers are a scheme's own: two schemes may both call their organiser so, and mean two bodies.
    if found.organises not in ("", organiser):
        raise LetterheadOfOthers(option=words, office=found.name)


def ranking(session: Session, scope: Scope, *, as_of: datetime, up_to: int | None = None) -> Ranking:
    """Compute a circular about a month from the log up to a cut-off. Raises ScopeMissing, what `kept_month` raises."""
    check_scope(KIND, scope)
    until = cut(session, as_of=as_of, last=up_to)
    kept = _kept(session, scope, until)
    replaced = standing_ranking(session, month_id=scope.month_id or 0, before=as_of)
    if replaced is not None and (replaced.score_edition or 1) >= kept.edition:
        replaced = None
    content = ranking_as_of(session, kept, until=until, replaced=replaced, read=read_scheme)
    published = kept.evaluated.rules.scheme.publication
    matter = published.matter if published is not None else ""
    matter = ranking_matter(kept.row.month, matter, is_correction=replaced is not None)
    because = kept.correction.reason if kept.correction is not None and replaced is not None else None
    return Ranking(content, matter, replaced.id if replaced is not None else None, because)


def ranking_again(session: Session, row: CircularRow) -> Content:
    """Compute an edition's figures again: the same at any later time."""
    scope, until = Scope(month_id=row.score_month_id, edition=row.score_edition), cut_of(session, row)
    kept = _kept(session, scope, until)
    return ranking_as_of(session, kept, until=until, replaced=corrected_ranking(session, row), read=read_scheme)


def meeting_told(session: Session, code: str, last: Month) -> Told:
    """Return the agenda of the meeting about the months that end with one, by the rules of that month.

    Raises NotFound, MeetingNotOrdered, MeetingOfOthers, MonthsNotPublished, RankingHeldBack.
    """
    scheme = scheme_in(session, code, str(last), read=read_scheme)
    known = decisions_with_terms(session, code)
    rule = meeting_rule(scheme, known, last)
    if last != rule.months[-1]:
        raise MeetingOfOthers(score_months="、".join(map(str, rule.months)), score_month=str(last))
    months = months_told(session, code, rule.months, read=read_scheme)
    return agenda(scheme, rule, months, speakers(rule.meeting, months, order=rule.order))


def meeting_waits(session: Session, code: str, month: Month) -> str | None:
    """Say for what the agenda of the meeting about the months that end with one waits; empty where it is had.

    None where the rules of the month order no meeting. Raises NotFound.
    """
    scheme = scheme_in(session, code, str(month), read=read_scheme)
    if scheme.publication is None or scheme.publication.meeting is None:
        return None
    known = decisions_with_terms(session, code)
    try:
        rule = meeting_rule(scheme, known, month)
    except RankingHeldBack as error:
        return waits_for_decision(str(error.facts["questions"]))
    if month != rule.months[-1]:
        return held_with(str(rule.months[-1]))
    out = {row.month for row in published_months(session, code)}
    return waits_for_months([str(one) for one in rule.months if str(one) not in out])


def year_told(session: Session, code: str, year: int) -> Told:
    """Return the account of a year's published months, by the rules of the last of them.

    Raises NotFound, RankingNotOrdered, MonthsNotPublished, RankingHeldBack.
    """
    rows = published_months(session, code, year=year)
    scheme = scheme_in(session, code, rows[-1].month if rows else f"{year:04d}-12", read=read_scheme)
    if scheme.publication is None or scheme.publication.year is None:
        raise RankingNotOrdered(scheme=titled(scheme.title))
    if not rows:
        raise MonthsNotPublished(score_months=f"{year:04d}-01")
    decision, how = decided_on(scheme, decisions_with_terms(session, code), YEAR_TOTAL, read_month(rows[-1].month))
    months = [result_of(session, row, read=read_scheme) for row in rows]
    return year_account(scheme, year, year_lines(months, how=how), decision, names=names_in(months))


def as_word(told: Told, *, author: str, on: date) -> bytes:
    """Return an agenda or an account as a Word file."""
    return plain_paper(told.title, told.body, told.heads, told.rows, turned=told.turned, author=author, on=on)


def cut_of(session: Session, row: CircularRow) -> Cut:
    return cut(session, as_of=row.as_of, last=row.last_event)


def check_not_out(session: Session, scope: Scope, *, edition: int | None, now: datetime) -> None:
    """Refuse to draft again what a paper says that stands. Raises RankingOutAlready."""
    standing = standing_ranking(session, month_id=scope.month_id or 0, before=now)
    if standing is not None and (standing.score_edition or 1) >= (edition or 1):
        raise RankingOutAlready(number=standing.number or "")


def _kept(session: Session, scope: Scope, until: Cut) -> KeptMonth:
    return kept_month(session, month_id=scope.month_id or 0, edition=scope.edition, until=until, read=read_scheme)
