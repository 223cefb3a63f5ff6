"""Which reports claim what their own numbers deny, as far as these bind the unit."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.cadences import Span
from tracker.domain.calendar import local_day
from tracker.domain.claims import Claim
from tracker.domain.contradictions import Bound, Held, OfAnotherYear, contradictions, says_reached
from tracker.domain.counting import Figure, period_span
from tracker.domain.denials import day_judged, expected_on_the_way, has_way, is_short_of_goal, says_begun, says_nothing
from tracker.domain.errors import BadInput
from tracker.domain.filings import Outcome, ReportKind, ReportState
from tracker.store.queries.shares import ShareFacts, facts_of_shares
from tracker.store.queries.told_before import ToldBefore, on_file
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.filings import FilingRow, ReportRow, ReportValueRow
from tracker.store.tables.series import FormRow, PeriodRow

_STANDING = (ReportState.AWAITING_SIGN_OFF.value, ReportState.FILED.value, ReportState.ACCEPTED.value)


def denials(
    share: ShareFacts,
    *,
    claim: Claim | None,
    outcome: Outcome | None,
    kind: ReportKind,
    told: Mapping[int, Figure],
    before: ToldBefore,
    today: date,
) -> list[BadInput]:
    """Return what the words of a report say that its numbers, or those on file, deny, as far as they bind the unit.

    News may be of one number alone, so that what it claims rests on the others as they were told last; that the work
    has not begun rests on all that was told of it. What says nothing of the claim is passed over, told now or before.
    """
    numbers = list(_held(share, told, today))
    if kind is ReportKind.UPDATE or claim is Claim.NOT_STARTED_YET:
        of_goal = says_reached(claim, outcome if kind is ReportKind.COMPLETION else None)
        known = dict(_speaking(share, before.told, of_goal=of_goal))
        given = dict(_speaking(share, told.items(), of_goal=of_goal))
        beside = {id_: figure for id_, figure in known.items() if id_ not in given}
        numbers += [replace(held, filed=True) for held in _held(share, beside, today)]
    if claim is Claim.NOT_STARTED_YET:
        numbers += [replace(held, filed=True, expected=None, goal=None) for held in _held(share, before.grown, today)]
    return contradictions(
        item=share.named,
        claim=claim,
        outcome=outcome,
        final=kind is ReportKind.COMPLETION,
        numbers=numbers,
        begun=before.begun,
    )


def rests_on_file(kind: ReportKind, claim: Claim | None) -> bool:
    """Tell whether what a report claims is held against what was told before it."""
    return claim is Claim.NOT_STARTED_YET or (kind is ReportKind.UPDATE and claim is not None)


def _speaking(share: ShareFacts, told: Iterable[tuple[int, Figure]], *, of_goal: bool) -> Iterator[tuple[int, Figure]]:
    """Yield the numbers that say something of the schedule, or with `of_goal` of the goal."""
    for id_, figure in told:
        if id_ in share.targets and not says_nothing(share.targets[id_], figure, of_goal=of_goal):
            yield id_, figure


def of_another_year(
    share: ShareFacts,
    told: Mapping[int, Figure],
    *,
    claim: Claim | None,
    outcome: Outcome | None,
    before: ToldBefore | None = None,
) -> dict[int, OfAnotherYear]:
    """Return the totals of a share that say nothing of what is claimed, since they are of another year.

    Given what was told `before`, without those of which that says something.
    """
    spoken = (*(before.told if before is not None else ()), *told.items())
    known = dict(_speaking(share, spoken, of_goal=says_reached(claim, outcome)))
    return {
        id_: OfAnotherYear(figure.on, day_judged(share.targets[id_], figure) or figure.on, reach_on.year)
        for id_, figure in told.items()
        if id_ in share.targets and id_ not in known and figure.on and (reach_on := share.targets[id_].reach_on)
    }


def _held(share: ShareFacts, told: Mapping[int, Figure], today: date) -> Iterator[Held]:
    """Yield values, by their targets' ids, as they stand against what binds the unit."""
    for id_, target in share.targets.items():
        if id_ not in share.bound or id_ not in told:
            continue
        figure = told[id_]
        yield Held(
            target=id_,
            metric=share.numbers[id_].metric,
            op=target.op,
            value=figure.value,
            on=figure.on,
            judged_on=day_judged(target, figure),
            expected=expected_on_the_way(target, figure, today=today),
            goal=target.value if is_short_of_goal(target, figure, today=today) else None,
            begun=says_begun(target, figure.value),
        )


def bound_numbers(share: ShareFacts, *, today: date, period: Span | None) -> tuple[Bound, ...]:
    """Return the numbers that bind a share and that it can fail: what may only be exceeded is not asked for.

    `period` is that of the form in which they are asked for, None outside of forms.
    """
    return tuple(
        Bound(id_, share.numbers[id_].metric, has_way(target, today, period=period))
        for id_, target in share.targets.items()
        if id_ in share.bound and not target.is_limit
    )


def denied_reports(session: Session, report_ids: Collection[int]) -> frozenset[int]:
    """Return those of some reports whose claim their numbers deny by what the office expects now of their days.

    Nobody files one; schedules that the office set since, and earlier versions of this program, leave some. What the
    office decided on is its own word, and what never left or came back claims nothing; news is never decided on.
    """
    wanted = (
        select(ReportRow, col(FilingRow.written_at), col(PeriodRow.starts_on), col(PeriodRow.ends_on))
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .outerjoin(FormRow, col(FormRow.id) == col(ReportRow.row_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(
            col(ReportRow.id).in_(report_ids),
            col(ReportRow.assignment_id).is_not(None),
            col(ReportRow.verified_claim).is_(None),
            is_one_of(col(ReportRow.state), *_STANDING),
        )
    )
    reports = [
        _Said(report, local_day(at), period_span(starts_on, ends_on))
        for report, at, starts_on, ends_on in session.execute(wanted)
    ]
    shares = facts_of_shares(session, {said.share for said in reports}) if reports else {}
    filed = on_file(session, {said.share for said in reports if rests_on_file(said.kind, said.claim)})
    values = _values(session, report_ids)
    return frozenset(
        id_
        for said in reports
        if said.share in shares
        and _is_denied(said, shares[said.share], values[id_ := said.report.id or 0], filed[said.share].before(id_))
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """A report, the day on which it was written, and the period of its row."""

    report: ReportRow
    on: date
    period: Span | None

    @property
    def share(self) -> int:
        return self.report.assignment_id or 0

    @property
    def claim(self) -> Claim | None:
        return Claim(self.report.claim) if self.report.claim else None

    @property
    def kind(self) -> ReportKind:
        return ReportKind(self.report.kind)


def _is_denied(
    said: _Said, share: ShareFacts, values: Mapping[int, tuple[float, date | None]], before: ToldBefore
) -> bool:
    found = denials(
        share,
        claim=said.claim,
        outcome=Outcome(said.report.outcome) if said.report.outcome else None,
        kind=said.kind,
        told={id_: Figure(value, value_on, said.period) for id_, (value, value_on) in values.items()},
        before=before,
        today=said.on,
    )
    return bool(found)


def _values(session: Session, report_ids: Collection[int]) -> dict[int, dict[int, tuple[float, date | None]]]:
    found: dict[int, dict[int, tuple[float, date | None]]] = defaultdict(dict)
    for row in session.scalars(select(ReportValueRow).where(col(ReportValueRow.report_id).in_(report_ids))):
        found[row.report_id][row.target_id] = (row.value, row.value_on)
    return found
