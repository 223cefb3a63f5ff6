"""Which reports claim what their own numbers deny, as far as these bind the unit."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.claims import Claim
from tracker.domain.contradictions import Bound, Held, contradictions
from tracker.domain.filings import Outcome, ReportKind, ReportState
from tracker.domain.schedule import expected_on_the_way, has_way, is_short_of_goal
from tracker.store.queries.shares import ShareFacts, facts_of_shares
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.filings import FilingRow, ReportRow, ReportValueRow

_STANDING = (ReportState.AWAITING_SIGN_OFF.value, ReportState.FILED.value, ReportState.ACCEPTED.value)


def held_numbers(
    share: ShareFacts, values: Mapping[int, tuple[float, date | None]], *, today: date
) -> tuple[Held, ...]:
    """Return values, by their targets' ids with the days they are of, as they stand against what binds the unit."""
    return tuple(_held(share, values, today))


def _held(share: ShareFacts, values: Mapping[int, tuple[float, date | None]], today: date) -> Iterator[Held]:
    for id_, target in share.targets.items():
        if id_ not in share.bound or id_ not in values:
            continue
        value, value_on = values[id_]
        yield Held(
            target=id_,
            metric=share.numbers[id_].metric,
            op=target.op,
            value=value,
            expected=expected_on_the_way(target, value, value_on, today=today),
            goal=target.value if is_short_of_goal(target, value, value_on, today=today) else None,
        )


def bound_numbers(share: ShareFacts, *, today: date) -> tuple[Bound, ...]:
    """Return the numbers that bind a share and that it can fail: what may only be exceeded is not asked for."""
    return tuple(
        Bound(id_, share.numbers[id_].metric, has_way(target, today))
        for id_, target in share.targets.items()
        if id_ in share.bound and not target.is_limit
    )


def denied_reports(session: Session, report_ids: Collection[int]) -> frozenset[int]:
    """Return those of some reports whose claim their numbers deny by what the office expects now of their days.

    Nobody files one; schedules that the office set since, and earlier versions of this program, leave some. What the
    office decided on is its own word, and what never left or came back claims nothing; news is never decided on.
    """
    wanted = (
        select(ReportRow, col(FilingRow.written_at))
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .where(
            col(ReportRow.id).in_(report_ids),
            col(ReportRow.assignment_id).is_not(None),
            col(ReportRow.verified_claim).is_(None),
            is_one_of(col(ReportRow.state), *_STANDING),
        )
    )
    reports = session.execute(wanted).all()
    shares = facts_of_shares(session, {report.assignment_id or 0 for report, _at in reports}) if reports else {}
    values = _values(session, report_ids)
    return frozenset(
        report.id or 0 for report, at in reports if _is_denied(report, shares, values, today=local_day(at))
    )


def _values(session: Session, report_ids: Collection[int]) -> dict[int, dict[int, tuple[float, date | None]]]:
    found: dict[int, dict[int, tuple[float, date | None]]] = defaultdict(dict)
    for row in session.scalars(select(ReportValueRow).where(col(ReportValueRow.report_id).in_(report_ids))):
        found[row.report_id][row.target_id] = (row.value, row.value_on)
    return found


def _is_denied(
    report: ReportRow,
    shares: Mapping[int, ShareFacts],
    values: Mapping[int, Mapping[int, tuple[float, date | None]]],
    *,
    today: date,
) -> bool:
    share = shares.get(report.assignment_id or 0)
    told = values.get(report.id or 0)
    if share is None or not told:
        return False
    found = contradictions(
        item=share.item_label,
        claim=Claim(report.claim) if report.claim else None,
        outcome=Outcome(report.outcome) if report.outcome else None,
        final=report.kind == ReportKind.COMPLETION.value,
        numbers=held_numbers(share, told, today=today),
    )
    return bool(found)
