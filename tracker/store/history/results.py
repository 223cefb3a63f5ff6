"""What the office had accepted of each task's leads by a cut: the log says which report, its row what it says.

What a unit wrote does not change once it has left the unit (`report.words` holds it to that), so it is read from rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice, takewhile
from math import ceil, floor

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.cadences import Span
from tracker.domain.calendar import full_date, local_day
from tracker.domain.circulars.results import Result, first_sentence
from tracker.domain.claims import BEHIND_CLAIMS, CauseClass, Claim
from tracker.domain.entered import enough_text, number_text
from tracker.domain.filings import HEARD_NO_MORE, ReportKind, ReportState
from tracker.domain.items import Measure
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_GOES_ON, TASK_OWING, AssignmentState
from tracker.domain.schedule import ScheduledTarget, StandingKind, standing
from tracker.store.history.identities import OPERATOR_WORDS, UnitFact
from tracker.store.history.spoken import in_order
from tracker.store.history.state import PastReport, PastShare, State
from tracker.store.tables.documents import ItemRow, ItemTargetRow
from tracker.store.tables.filings import ReportRow
from tracker.wording.work import CAUSE_NAMES

# What nobody reviews is no result that a paper may tell.
_REVIEWED = frozenset({ReportKind.PROGRESS.value, ReportKind.COMPLETION.value})
_BEHIND = frozenset(claim.value for claim in BEHIND_CLAIMS)
_COUNTED = frozenset({"个", "家", "项", "户", "人", "名", "件", "次", "场", "所", "处", "座", "条"})  # never by halves
_LOWERED = "与核实的情况不符"
_AT_ONCE = 500  # ids in one statement: SQLite takes no more than 32,766 parameters


def past_results(session: Session, state: State, *, units: Mapping[int, UnitFact]) -> dict[int, tuple[Result, ...]]:
    """Return what was last accepted of each lead, by task; of several leads in official order."""
    return _told(session, state, {id_: reports[-1:] for id_, reports in accepted_of_leads(state).items()}, units)


def past_claims(session: Session, state: State, *, units: Mapping[int, UnitFact]) -> dict[int, tuple[Result, ...]]:
    """Return what leads call behind themselves and the office has not judged yet, as `past_results` what it has."""
    found = {}
    for share_id, reports in _of_leads(state, ReportState.FILED).items():
        said = list(takewhile(lambda one: one.claim in _BEHIND, reversed(reports)))
        if said:
            found[share_id] = said[::-1]
    return _told(session, state, found, units)


def _told(
    session: Session, state: State, said: Mapping[int, Sequence[PastReport]], units: Mapping[int, UnitFact]
) -> dict[int, tuple[Result, ...]]:
    """Put the last of the reports of each share into words, with the number of the periods that they speak of."""
    last = {share_id: reports[-1] for share_id, reports in said.items()}
    words = dict(_words(session, [report.report_id for report in last.values()]))
    targets = {target.id: target for target in session.scalars(select(ItemTargetRow))}
    deadlines = {row.id: row.deadline_on for row in session.execute(select(col(ItemRow.id), col(ItemRow.deadline_on)))}
    found: dict[int, list[Result]] = defaultdict(list)
    for share_id in sorted(last, key=lambda id_: units[state.shares[id_].unit_id].order):
        share, report = state.shares[share_id], last[share_id]
        row = words[report.report_id]
        claim = report.verified or report.claim
        lowered = _why_lowered(report)
        cause = CauseClass(row.cause_class) if row.cause_class and not lowered else None
        found[share.task_id].append(
            Result(
                unit=units[share.unit_id].short,
                claim=Claim(claim) if claim else None,
                fact=first_sentence(row.text),
                values=() if lowered else tuple(_values(state, share, report, targets, deadlines)),
                cause_class=cause,
                cause_words=CAUSE_NAMES[cause] if cause is not None else "",
                cause="" if lowered else first_sentence(row.cause or ""),
                lowered=lowered,
                told_on=local_day(report.at),
                run=len({_period_of(state, one) for one in said[share_id]}),
                events=tuple(report.events),
            )
        )
    return {task_id: tuple(told) for task_id, told in found.items()}


def _period_of(state: State, report: PastReport) -> int | None:
    row = state.rows.get(report.row_id or 0)
    return row.period_id if row is not None else None


def accepted_of_leads(state: State) -> dict[int, list[PastReport]]:
    """Return what the office accepted of each live lead's share, by share, the last last."""
    return _of_leads(state, ReportState.ACCEPTED)


def _of_leads(state: State, wanted: ReportState) -> dict[int, list[PastReport]]:
    """Return the reports of a state that each live lead's share is heard by, by share, the last last."""
    leads = {id_ for id_, share in state.shares.items() if share.is_lead and share.state not in ASSIGNMENT_ENDED}
    found: dict[int, list[PastReport]] = defaultdict(list)
    for report in sorted(state.reports.values(), key=in_order(state)):
        heard = report.by_lead is not False and report.voice != HEARD_NO_MORE
        told = report.state == wanted.value and report.kind in _REVIEWED
        if report.assignment_id in leads and heard and told:
            found[report.assignment_id].append(report)
    # Of work that was taken up again what its completion said is behind all that was accepted besides.
    return {id_: sorted(reports, key=lambda one: not _was_undone(state, one)) for id_, reports in found.items()}


def _was_undone(state: State, report: PastReport) -> bool:
    """Tell whether a completion was accepted and 重启 undid that: its task goes on, and its share does."""
    share = state.shares[report.assignment_id or 0]
    accepted = report.kind == ReportKind.COMPLETION.value and report.state == ReportState.ACCEPTED.value
    goes_on = state.tasks[share.task_id].state in TASK_OWING | TASK_GOES_ON
    return accepted and goes_on and share.state is not AssignmentState.ACCEPTED


def _words(session: Session, report_ids: Sequence[int]) -> Iterator[tuple[int, ReportRow]]:
    for part in in_parts(report_ids):
        for row in session.scalars(select(ReportRow).where(col(ReportRow.id).in_(part))):
            yield row.id or 0, row


def in_parts(ids: Iterable[int]) -> Iterator[list[int]]:
    """Yield ids in lists of which each has its place in one statement."""
    left = iter(ids)
    while part := list(islice(left, _AT_ONCE)):
        yield part


def _why_lowered(report: PastReport) -> str:
    """Return the office's reason where it found less than the unit claimed; empty where it did not."""
    if report.verified is None or report.claim is None or report.verified == report.claim:
        return ""
    return first_sentence(report.found_because) or _LOWERED


def _values(
    state: State,
    share: PastShare,
    report: PastReport,
    targets: Mapping[int | None, ItemTargetRow],
    deadlines: Mapping[int | None, date | None],
) -> Iterator[str]:
    """Write the figures of a report in the order of the targets; a day is said before the first that is of it.

    Of what is said to be behind, what was expected by that day stands beside.
    """
    behind = (report.verified or report.claim) in _BEHIND
    known = [targets[id_] for id_ in report.values if id_ in targets]
    said = None
    for target in sorted(known, key=lambda one: one.position):
        value, value_on = report.values[target.id or 0]
        unit = target.unit or ""
        wanted = f"目标{OPERATOR_WORDS[target.op]}{number_text(target.value)}{unit}"
        lacking = _expected(state, report, target, _reach_on(state, share, target, deadlines)) if behind else ""
        day = f"截至{full_date(value_on)}，" if value_on is not None and value_on != said else ""
        said = value_on
        yield f"{day}{target.metric}{number_text(value)}{unit}（{wanted}{lacking}）"


def _reach_on(
    state: State, share: PastShare, row: ItemTargetRow, deadlines: Mapping[int | None, date | None]
) -> date | None:
    task = state.tasks[share.task_id]
    return task.due_on if task.deadline_moved else deadlines[row.item_id]


def _expected(state: State, report: PastReport, row: ItemTargetRow, reach_on: date | None) -> str:
    """Say what the schedule of a target expected by the day of a value that is less; empty of any other."""
    value, value_on = report.values[row.id or 0]
    if row.measure is None or value_on is None:
        return ""
    target = ScheduledTarget(measure=Measure(row.measure), op=row.op, value=row.value, reach_on=reach_on)
    if not target.takes_points:
        return ""
    form = state.rows.get(report.row_id or 0)
    window = state.periods[form.period_id] if form is not None else None
    period = Span(window.starts_on, window.ends_on) if window is not None else None
    target = target.under(state.points.get(row.id or 0, ()))
    stands = standing(target, value, value_on, today=local_day(report.at), period=period)
    if stands.kind is not StandingKind.BEHIND or stands.expected in (None, row.value):
        return ""
    by_office = "按督查室设定的序时" if stands.by_office else "按序时"
    expected = stands.expected or 0.0
    if row.unit in _COUNTED:
        whole = round(expected, 9)  # floats are off by less
        expected = ceil(whole) if value < expected else floor(whole)
    return f"，{by_office}应为{enough_text(expected, beside=value)}{row.unit or ''}"
