"""How the work stood: the log's tasks, shares, rows and reports, judged by the same rules as the rows of today."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from operator import itemgetter

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.counting import Counting, Figure, period_span
from tracker.domain.courts import Court
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TaskState
from tracker.domain.owed import ROW_ENDED
from tracker.domain.progress import WorkClass
from tracker.domain.windows import Reckoning
from tracker.store.history.identities import UnitFact
from tracker.store.history.spoken import in_order, period_of
from tracker.store.history.standing_rows import stood
from tracker.store.history.state import PastPeriod, PastReport, PastRow, PastShare, State
from tracker.store.queries.counted import counting_of, day_counted, rhythms_of_counts
from tracker.store.queries.task_courts import Waits, court_of_task
from tracker.store.queries.work import TaskStanding, class_of, standing_of, worst_standings
from tracker.store.queries.work_shares import Standings, WorkShare
from tracker.store.tables.documents import DocumentRow, ItemRow, ItemTargetRow
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow

_Told = tuple[TaskRow, ItemRow, DocumentRow]


# How the numbers of items count, by the targets' ids.
_Countings = Mapping[int, Counting]


def past_standings(
    session: Session, state: State, *, units: dict[int, UnitFact], by: Reckoning
) -> Iterator[TaskStanding]:
    """Yield the class and the lights of every task at the cut, in reading order of the documents."""
    for task, shares, standings in _stood(session, state, units):
        yield standing_of(task, shares, standings, now=state.until.as_of, by=by, told_before=_before_archiving(state))


@dataclass(frozen=True, slots=True)
class PastWork:
    """The class of every task, who held the ball of it, and the class of each lead's own part, by task and unit.

    Who within a unit holds the ball no log tells, for what its head has not signed is nobody's outside of it.
    """

    tasks: dict[int, WorkClass]
    courts: dict[int, Court]
    parts: dict[tuple[int, int], WorkClass]


def past_classes(
    session: Session, state: State, *, units: dict[int, UnitFact], unit_id: int | None = None
) -> dict[int, WorkClass]:
    """Return the class of every task at the cut; of what one unit leads beside others, its own part's."""
    return past_work(session, state, units=units, unit_id=unit_id).tasks


def past_work(session: Session, state: State, *, units: dict[int, UnitFact], unit_id: int | None = None) -> PastWork:
    """Return the classes of tasks as `past_classes` does, and lead by lead: nobody answers for another's part."""
    found, before, waits = PastWork({}, {}, {}), _before_archiving(state), _waits(session, state)
    for task, shares, standings in _stood(session, state, units):
        of = partial(class_of, task, standings=standings, now=state.until.as_of, told_before=before)
        id_ = task[0].id or 0
        found.tasks[id_] = of(shares=_own(shares, unit_id))
        found.courts[id_] = court_of_task(task[0], _own(shares, unit_id), waits, now=state.until.as_of)
        leads = [share.row.unit_id for share in shares if share.is_lead]
        for lead in leads:
            alone = len(leads) == 1 and unit_id is None
            found.parts[id_, lead] = found.tasks[id_] if alone else of(shares=_own(shares, lead))
    return found


def _waits(session: Session, state: State) -> Waits:
    """Return what waited for a decision; whether the leader's the request itself says."""
    ids = select(col(RequestRow.id)).where(col(RequestRow.by_leader).is_(True))
    leaders = set(session.scalars(ids)) if state.requests else set()
    waiting = [(request.asked_at, id_, request) for id_, request in state.requests.items() if request.asked_at]
    first = sorted(waiting, key=itemgetter(0, 1), reverse=True)
    asked = {request.assignment_id: (at, id_ in leaders) for at, id_, request in first}
    return Waits({}, asked, state.decided)


def _before_archiving(state: State) -> dict[int, TaskState]:
    return {id_: task.archived_from for id_, task in state.tasks.items() if task.archived_from is not None}


def _own(shares: list[WorkShare], unit_id: int | None) -> list[WorkShare]:
    """Leave out the other leads of what a unit leads: a paper about it tells nobody else's silence as its own."""
    if not any(share.is_lead and share.row.unit_id == unit_id for share in shares):
        return shares
    return [share for share in shares if not share.is_lead or share.row.unit_id == unit_id]


def _stood(
    session: Session, state: State, units: dict[int, UnitFact]
) -> Iterator[tuple[_Told, list[WorkShare], Standings]]:
    """Yield tasks with their shares, and how the values of these stand."""
    told = list(_tasks(session, state))
    targets = session.scalars(select(ItemTargetRow)).all()
    deadlines = {item.id: task.due_on for task, item, _document in told if item.id is not None}
    rhythms = rhythms_of_counts(session, targets)
    countings = {
        target.id or 0: counting_of(target, rhythms.get(target.id), deadlines.get(target.item_id)) for target in targets
    }
    shares = _shares(state, units, countings)
    standings = worst_standings(session, shares, deadlines, points=state.points, now=state.until.as_of)
    for task in told:
        yield task, shares[task[0].id or 0], standings


def _tasks(session: Session, state: State) -> Iterator[_Told]:
    """Yield tasks as they stood; of items and documents only the words are read, as they are now."""
    wanted = (
        select(col(TaskRow.id), col(TaskRow.dormant), ItemRow, DocumentRow)
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .order_by(col(TaskRow.document_id), col(ItemRow.start_at), col(TaskRow.id))
    )
    for task_id, dormant, item, document in session.execute(wanted):
        task = state.tasks.get(task_id)
        if task is not None:
            as_it_was = stood(
                TaskRow,
                id=task_id,
                item_id=item.id,
                document_id=document.id,
                state=task.state.value,
                dormant=dormant,
                due_on=task.due_on if task.deadline_moved else item.deadline_on,
                issued_at=task.issued_at,
                completed_at=task.completed_at,
                outcome=task.outcome,
            )
            yield as_it_was, item, document


def _shares(state: State, units: dict[int, UnitFact], countings: _Countings) -> dict[int, list[WorkShare]]:
    rows: dict[int | None, list[PastRow]] = defaultdict(list)
    for row in state.rows.values():
        rows[row.assignment_id].append(row)
    reports: dict[int | None, list[PastReport]] = defaultdict(list)
    for report in sorted(state.reports.values(), key=in_order(state)):
        reports[report.assignment_id].append(report)
    found: dict[int, list[WorkShare]] = defaultdict(list)
    live = [share for share in state.shares.values() if share.state not in ASSIGNMENT_ENDED]
    for share in sorted(live, key=lambda share: (share.role, units[share.unit_id].order, share.unit_id)):
        work = WorkShare(_share(share), units[share.unit_id].short)
        mine = [(state.periods[row.period_id], row) for row in rows[share.assignment_id]]
        for period, row in sorted(mine, key=lambda pair: (pair[0].due_at, pair[1].row_id)):
            pair = (_row(row), _period(period))
            if row.state not in ROW_ENDED:
                work.rows.append(pair)
            if row.soft:
                work.lasting.append(pair)
        for report in reports[share.assignment_id]:
            work.hear(_report(report))
        for told, target_id, figure in _values(state, reports[share.assignment_id], countings):
            work.hear_value(told, target_id, figure)
        found[share.task_id].append(work)
    return found


def _share(share: PastShare) -> AssignmentRow:
    return stood(
        AssignmentRow,
        id=share.assignment_id,
        task_id=share.task_id,
        unit_id=share.unit_id,
        role=share.role.value,
        duty=share.duty,
        state=share.state.value,
        got_on=local_day(share.got_at),
    )


def _period(period: PastPeriod) -> PeriodRow:
    return stood(
        PeriodRow,
        id=period.period_id,
        series_id=period.series_id,
        code=period.code,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        opens_at=period.opens_at,
        scheduled_at=period.due_at,
        due_at=period.due_at,
    )


def _row(row: PastRow) -> FormRow:
    return stood(
        FormRow,
        id=row.row_id,
        period_id=row.period_id,
        assignment_id=row.assignment_id,
        required=row.required,
        act=row.act,
        soft=row.soft,
        final=row.final,
        state=row.state.value,
        due_at=row.due_at,
        correction_due_at=row.correction_due_at,
        pending_at=row.pending_at,
        filed_at=row.filed_at,
        late=row.late,
    )


def _report(report: PastReport) -> ReportRow:
    return stood(
        ReportRow,
        id=report.report_id,
        filing_id=report.filing_id,
        text="",
        written_by="",
        written_at=report.at,
        assignment_id=report.assignment_id,
        row_id=report.row_id,
        kind=report.kind,
        by_lead=report.by_lead,
        voice=report.voice,
        state=report.state,
        claim=report.claim,
        verified_claim=report.verified,
        correct_by=report.correct_by,
        filed_at=report.filed_at or report.at,
        decided_at=report.decided_at,
        reason_class=report.given_back.reason_class if report.given_back is not None else None,
    )


def _values(state: State, reports: list[PastReport], countings: _Countings) -> list[tuple[ReportRow, int, Figure]]:
    """Return the values of reports by the day that they are of; what was returned does not count."""
    told = []
    for report in reports:
        period, said = period_of(state, report), _report(report)
        span = period_span(period.starts_on, period.ends_on) if period is not None else None
        for target_id, (value, value_on) in report.values.items():
            if report.state != "returned":
                told.append((said, target_id, Figure(value, value_on, span)))

    def place(one: tuple[ReportRow, int, Figure]) -> tuple[date, datetime, int, int]:
        report, target_id, figure = one
        return day_counted(report, figure, countings[target_id]), report.written_at, report.id or 0, target_id

    return sorted(told, key=place)
