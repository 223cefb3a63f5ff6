"""Whom a circular calls to the meeting about evaluated months, by the decisions and results that the log had told."""

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.circulars.ranking import Called
from tracker.domain.scoring.entries import ReadScheme
from tracker.domain.scoring.months import Term, read_month
from tracker.domain.scoring.publishing import MeetingNotOrdered, RankingHeldBack
from tracker.domain.scoring.questions import Decision
from tracker.domain.scoring.several import MeetingRule, PublishedMonth, meeting_rule, names_in, speakers
from tracker.domain.scoring.written import Evaluated
from tracker.store.history.log import Cut, Part, told
from tracker.store.queries.published_months import result_told
from tracker.store.queries.scoring_rules import decision_lines, rules_of
from tracker.store.tables.scoring import ScoreCorrectionRow, ScoreMonthRow
from tracker.wording.score_several import order_words
from tracker.wording.scoring_months import month_words

_DECIDED = frozenset({"scoring.decided"})
_ISSUED = frozenset({"scoring.month_issued", "scoring.correction_issued"})


def decisions_known(session: Session, scheme: str, *, until: Cut) -> list[tuple[Term, Decision]]:
    """Return what was decided by a cut-off, each with the months for which it holds."""
    known = {one.facts["decision_id"] for one in told(session, until=until, types=_DECIDED, part=Part())}
    return [(line.term, line.decision) for line in decision_lines(session, scheme) if line.id in known]


def called_as_of(
    session: Session, row: ScoreMonthRow, evaluated: Evaluated, *, until: Cut, read: ReadScheme
) -> Called | None:
    """Say who speaks at the meeting that a month belongs to, by the rule of its agenda; None while it is not decided.

    Nobody is called until the results of all its months are out, this one's with the circular that says it. Where each
    month's own places count, this month's are called with its own result.
    """
    scheme = evaluated.rules.scheme
    try:
        rule = meeting_rule(scheme, decisions_known(session, row.scheme, until=until), read_month(row.month))
    except (MeetingNotOrdered, RankingHeldBack):
        return None
    this = result_told(evaluated.text, row=row, rules=evaluated.rules)
    known = _results_out(session, row, rule, until, read) | {row.month: this}
    counted = [str(one) for one in rule.months] if rule.order != "each" else [row.month]
    months, order = "、".join(month_words(str(one)) for one in rule.months), order_words(scheme, rule)
    if waits := [month_words(one) for one in counted if one not in known]:
        return Called(months, order, waits="、".join(waits))
    return Called(months, order, _speaking(rule, [known[one] for one in counted]))


def _speaking(
    rule: MeetingRule, months: list[PublishedMonth]
) -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    names = names_in(months)
    return tuple(
        (
            "、".join(month_words(str(month)) for month in one.months),
            tuple(names[unit] for unit in one.first),
            tuple(names[unit] for unit in one.last),
        )
        for one in speakers(rule.meeting, months, order=rule.order)
    )


def _results_out(
    session: Session, row: ScoreMonthRow, rule: MeetingRule, until: Cut, read: ReadScheme
) -> dict[str, PublishedMonth]:
    """Return the last result of each month of the meeting that was published by the cut-off."""
    wanted = select(ScoreMonthRow).where(
        col(ScoreMonthRow.scheme) == row.scheme, col(ScoreMonthRow.month).in_([str(one) for one in rule.months])
    )
    rows = {one.id: one for one in session.scalars(wanted)}
    out: dict[str, PublishedMonth] = {}
    for event in told(session, until=until, types=_ISSUED, part=Part()):
        month = rows.get(event.facts["month_id"])
        if month is not None:
            number = event.facts.get("correction_id")
            kept = month if number is None else session.get_one(ScoreCorrectionRow, number)
            rules = rules_of(session, month, read)
            out[month.month] = result_told(kept.result or "{}", row=month, rules=rules)
    return out
