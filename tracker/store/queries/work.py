"""How the work stands 「办理情况」: the class and the lights of tasks, decided by the domain on what the rows say."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.claims import Claim, is_better
from tracker.domain.filings import Outcome, ReportKind, ReportState
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, AssignmentState, TaskState
from tracker.domain.lights import LightFacts, Lights, Waiting, lights, worse
from tracker.domain.owed import OwedKind, RowState
from tracker.domain.progress import Completion, LeadFacts, TaskFacts, WorkClass, work_class
from tracker.domain.schedule import UNKNOWN, Point, Standing, StandingKind, standing
from tracker.domain.windows import CLOSING, Reckoning
from tracker.store.queries.points import points_of_items
from tracker.store.queries.shares import scheduled_targets
from tracker.store.queries.silence import Asked, lasting_rows, silent_quarters
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import ReportRow, ReportValueRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

# The latest value and its day, by share and target.
Latest = dict[tuple[int, int], tuple[float, date | None]]
_CHUNK = 400
_WORST = (StandingKind.BEHIND, StandingKind.EXCESS, StandingKind.ON, StandingKind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class TaskStanding:
    """One issued task with its class and its lights; leads in official order."""

    task_id: int
    code: str
    label: str
    title: str
    document_id: int
    document: str
    leads: tuple[str, ...]
    work: WorkClass
    lights: Lights


@dataclass(slots=True)
class WorkShare:
    """One live share with what its rows and reports say; `lasting` are its rows of lasting work, ended ones too."""

    row: AssignmentRow
    unit: str
    rows: list[tuple[FormRow, PeriodRow]] = field(default_factory=list)
    reports: list[ReportRow] = field(default_factory=list)
    lasting: list[Asked] = field(default_factory=list)

    @property
    def is_lead(self) -> bool:
        return self.row.role == AssignmentRole.LEAD.value


def task_standings(
    session: Session,
    *,
    now: datetime,
    by: Reckoning,
    document_id: int | None = None,
    task_ids: Iterable[int] | None = None,
) -> list[TaskStanding]:
    """Return the issued tasks of the city, of one document, or some tasks, in reading order of the documents."""
    wanted = (
        select(col(TaskRow.id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(col(TaskRow.issued_at).is_not(None))
        .order_by(col(TaskRow.document_id), col(ItemRow.start_at), col(TaskRow.id))
    )
    if document_id is not None:
        wanted = wanted.where(col(TaskRow.document_id) == document_id)
    if task_ids is not None:
        wanted = wanted.where(col(TaskRow.id).in_(list(task_ids)))
    ids = [id_ or 0 for id_ in session.scalars(wanted)]
    found: list[TaskStanding] = []
    for start in range(0, len(ids), _CHUNK):
        found += _chunk(session, ids[start : start + _CHUNK], now=now, by=by)
    return found


def _chunk(session: Session, ids: Sequence[int], *, now: datetime, by: Reckoning) -> list[TaskStanding]:
    tasks = {
        row.TaskRow.id: row
        for row in session.execute(
            select(TaskRow, ItemRow, DocumentRow)
            .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
            .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
            .where(col(TaskRow.id).in_(ids))
        )
    }
    shares = _shares(session, ids)
    standings = _standings(session, tasks.values(), shares, now=now)
    before = _before_archiving(session, [id_ for id_ in ids if tasks[id_][0].state == TaskState.ARCHIVED.value])
    return [standing_of(tasks[id_], shares[id_], standings, now=now, by=by, told_before=before) for id_ in ids]


def _before_archiving(session: Session, task_ids: Sequence[int]) -> dict[int, TaskState]:
    """Return what archived tasks were that ended without success, by the last word of the log on that."""
    if not task_ids:
        return {}
    ends = {
        "task.cancelled": TaskState.CANCELLED,
        "task.superseded": TaskState.CANCELLED,
        "task.lapsed": TaskState.LAPSED,
    }
    told = select(col(EventRow.task_id), col(EventRow.type)).where(
        col(EventRow.task_id).in_(task_ids), col(EventRow.type).in_([*ends, "task.closed"])
    )
    rows = session.execute(told.order_by(col(EventRow.seq)))
    return {task_id or 0: ends.get(kind, TaskState.CLOSED) for task_id, kind in rows}


def standing_of(
    told: tuple[TaskRow, ItemRow, DocumentRow],
    shares: Sequence[WorkShare],
    standings: Mapping[int, Standing],
    *,
    now: datetime,
    by: Reckoning,
    told_before: Mapping[int, TaskState] = MappingProxyType({}),
) -> TaskStanding:
    """Judge a task by its live shares, leads first, and by how their values stand, by share."""
    task, item, document = told
    facts = _facts(task, document, shares, standings, now=now, told_before=told_before)
    return TaskStanding(
        task_id=task.id or 0,
        code=item.code,
        label=item.label,
        title=item.title,
        document_id=document.id or 0,
        document=document.number,
        leads=tuple(share.unit for share in shares if share.is_lead),
        work=work_class(facts, now=now),
        lights=_lights(facts, shares, standings, now=now, by=by),
    )


def class_of(
    told: tuple[TaskRow, ItemRow, DocumentRow],
    shares: Sequence[WorkShare],
    standings: Mapping[int, Standing],
    *,
    now: datetime,
    told_before: Mapping[int, TaskState] = MappingProxyType({}),
) -> WorkClass:
    """Judge a task as `standing_of` does, without its lights."""
    task, _item, document = told
    return work_class(_facts(task, document, shares, standings, now=now, told_before=told_before), now=now)


def _shares(session: Session, ids: Sequence[int]) -> dict[int, list[WorkShare]]:
    """Return the live shares of tasks with their rows and the reports that left their units, leads first."""
    found: dict[int, list[WorkShare]] = defaultdict(list)
    by_id: dict[int, WorkShare] = {}
    rows = session.execute(
        select(AssignmentRow, col(UnitRow.short_name))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(
            col(AssignmentRow.task_id).in_(ids),
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        )
        .order_by(col(AssignmentRow.role), col(UnitRow.official_order), col(UnitRow.id))
    )
    for share, unit in rows:
        by_id[share.id] = WorkShare(share, unit)
        found[share.task_id].append(by_id[share.id])
    for row, period in session.execute(
        select(FormRow, PeriodRow)
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(
            col(FormRow.assignment_id).in_(list(by_id)),
            col(FormRow.state).in_([RowState.OPEN.value, RowState.RETURNED.value, RowState.FILED.value]),
        )
        .order_by(col(PeriodRow.due_at), col(FormRow.id))
    ):
        by_id[row.assignment_id].rows.append((row, period))
    for share_id, lasting in lasting_rows(session, by_id).items():
        by_id[share_id].lasting = lasting
    told = (ReportState.FILED.value, ReportState.ACCEPTED.value, ReportState.RETURNED.value)
    news = (col(ReportRow.kind) == ReportKind.UPDATE.value) & (
        col(ReportRow.state) == ReportState.AWAITING_SIGN_OFF.value
    )
    for report in session.scalars(
        select(ReportRow)
        .where(col(ReportRow.assignment_id).in_(list(by_id)), col(ReportRow.state).in_(told) | news)
        .order_by(col(ReportRow.written_at), col(ReportRow.id))
    ):
        by_id[report.assignment_id or 0].reports.append(report)
    return found


def _standings(
    session: Session,
    tasks: Iterable[tuple[TaskRow, ItemRow, DocumentRow]],
    shares: dict[int, list[WorkShare]],
    *,
    now: datetime,
) -> dict[int, Standing]:
    """Return how the latest values of each lead share stand against their schedule, the worst of them."""
    leads = {share.row.id: share for mine in shares.values() for share in mine if share.is_lead}
    latest: Latest = {}
    for share_id, value in session.execute(
        select(col(ReportRow.assignment_id), ReportValueRow)
        .join(ReportRow, col(ReportRow.id) == col(ReportValueRow.report_id))
        .where(
            col(ReportRow.assignment_id).in_(list(leads)),
            col(ReportRow.state).in_([ReportState.FILED.value, ReportState.ACCEPTED.value]),
        )
        .order_by(col(ReportRow.written_at), col(ReportRow.id))
    ):
        latest[share_id, value.target_id] = (value.value, value.value_on)
    deadlines = {item.id: task.due_on for task, item, _document in tasks if item.id is not None}
    return worst_standings(session, latest, deadlines, points=points_of_items(session, deadlines), now=now)


def worst_standings(
    session: Session,
    latest: Latest,
    deadlines: Mapping[int, date | None],
    *,
    points: Mapping[int, Sequence[Point]],
    now: datetime,
) -> dict[int, Standing]:
    """Return how the latest values of shares stand against the schedules of their items, the worst of each share.

    `deadlines` are those of the tasks by item, `points` what the office had set by `now`, by target.
    """
    targets = {
        target_id: target
        for mine in scheduled_targets(session, deadlines, points=points).values()
        for target_id, target in mine.items()
    }
    found: dict[int, Standing] = {}
    for (share_id, target_id), (value, value_on) in latest.items():
        if target_id not in targets:
            continue
        stands = standing(targets[target_id], value, value_on, today=local_day(now))
        before = found.get(share_id, UNKNOWN)
        found[share_id] = min(before, stands, key=lambda one: _WORST.index(one.kind))
    return found


def _facts(
    task: TaskRow,
    document: DocumentRow,
    shares: Sequence[WorkShare],
    standings: Mapping[int, Standing],
    *,
    now: datetime,
    told_before: Mapping[int, TaskState],
) -> TaskFacts:
    leads = [share for share in shares if share.is_lead]
    finals = [pair for share in leads if (pair := _final(share)) is not None]
    return TaskFacts(
        task_state=TaskState(task.state),
        archived_from=told_before.get(task.id or 0),
        outcome=Outcome(task.outcome) if task.outcome else None,
        deadline_on=None if task.dormant else task.due_on,
        completion_due_at=min((row.due_at or period.due_at for row, period in finals), default=None),
        expires_on=document.expires_on,
        statistic=any(row.due_at is not None and row.due_at > period.due_at for row, period in finals),
        waits_for_event=task.dormant and not any(share.rows for share in shares),
        received=any(share.row.state != AssignmentState.PENDING_RECEIPT.value for share in leads),
        leads=tuple(_lead(share, standings.get(share.row.id or 0, UNKNOWN), now=now) for share in leads),
        members_silent=sum(
            not share.is_lead and share.row.duty == Duty.REPORT.value and _overdue(share, now=now) is not None
            for share in shares
        ),
    )


def _lead(share: WorkShare, stands: Standing, *, now: datetime) -> LeadFacts:
    claimed = [report for report in share.reports if report.claim]  # a return leaves the claim the unit's own word
    verified = [report for report in claimed if report.verified_claim]
    last, confirmed = (claimed[-1] if claimed else None), (verified[-1] if verified else None)
    # News moves the class as the unit's own word until the next report is confirmed, but does not undo a lowered claim:
    # that stands until the office hears the unit or decides on its next report.
    news = last is not None and last.kind == ReportKind.UPDATE.value and last is not confirmed
    if news and not (confirmed is not None and _raises(last, confirmed)):
        confirmed = None
    final, _period = _final(share) or (None, None)
    return LeadFacts(
        overdue=_overdue(share, now=now),
        confirmed=Claim(confirmed.verified_claim) if confirmed is not None and confirmed.verified_claim else None,
        claim=Claim(last.claim) if last is not None and last.claim else None,
        claim_confirmed=last is not None and last is confirmed,
        completion=_completion(share, now=now),
        completion_late=bool(final is not None and final.late),
        completion_asked=final is not None and final.pending_at is not None,
        report_waiting=any(report.state == ReportState.FILED.value for report in share.reports),
        standing=stands.kind,
        unsigned=last is not None and last.state == ReportState.AWAITING_SIGN_OFF.value,
    )


def _raises(news: ReportRow | None, confirmed: ReportRow) -> bool:
    """Tell whether news claims more than the office left of an earlier claim when it lowered it."""
    if news is None or not news.claim or not confirmed.claim or not confirmed.verified_claim:
        return False
    own, verified = Claim(confirmed.claim), Claim(confirmed.verified_claim)
    return verified is not own and is_better(Claim(news.claim), verified)


def _final(share: WorkShare) -> tuple[FormRow, PeriodRow] | None:
    """Return the row that asks a lead for the completion, with its period.

    What was filed for an earlier deadline is decided in the row of that one, but dates nothing any more.
    """
    finals = [pair for pair in share.rows if pair[0].final and pair[1].code != CLOSING]
    return max(finals, key=lambda pair: pair[0].state == RowState.OPEN.value, default=None)


def _completion(share: WorkShare, *, now: datetime) -> Completion:
    """Tell where the lead's latest completion report is.

    One that no row asked for owes nothing once it was returned: when its days for a correction are over, the work goes
    on as if the lead had not asked.
    """
    completions = [report for report in share.reports if report.kind == ReportKind.COMPLETION.value]
    if not completions:
        return Completion.NONE
    last = completions[-1]
    match last.state:
        case ReportState.FILED.value:
            return Completion.UNDER_REVIEW
        case ReportState.RETURNED.value if last.row_id or last.correct_by is None or end_of_day(last.correct_by) > now:
            return Completion.UNDER_CORRECTION
    return Completion.NONE


def _overdue(share: WorkShare, *, now: datetime) -> OwedKind | None:
    """Return what the share owes past its moment; lasting and irregular work never leaves a task unknown."""
    kinds = []
    for row, period in share.rows:
        moment = _moment(row, period)
        if moment is not None and moment <= now and not row.soft:
            kinds.append(OwedKind.CORRECTION if row.state == RowState.RETURNED.value else OwedKind.UNREPORTED)
    return kinds[0] if kinds else None


def _moment(row: FormRow, period: PeriodRow) -> datetime | None:
    if row.pending_at is not None or row.state == RowState.FILED.value:
        return None
    if row.state == RowState.RETURNED.value:
        return row.correction_due_at
    return (row.due_at or period.due_at) if row.required else None


def _lights(
    facts: TaskFacts,
    shares: Sequence[WorkShare],
    standings: Mapping[int, Standing],
    *,
    now: datetime,
    by: Reckoning,
) -> Lights:
    """Return the worst time light and the worst progress light of the leads."""
    leads = [share for share in shares if share.is_lead]
    found = [
        lights(
            _light_facts(facts, share, lead, standings.get(share.row.id or 0, UNKNOWN), now=now, by=by),
            calendar=by.calendar,
            policy=by.policy,
        )
        for share, lead in zip(leads, facts.leads, strict=True)
    ]
    if not found:
        bare = LightFacts(
            task_state=facts.state,
            archived=facts.task_state is TaskState.ARCHIVED,
            assignment_state=AssignmentState.RECEIVED,
            now=now,
        )
        return lights(bare, calendar=by.calendar, policy=by.policy)
    time, progress = found[0].time, found[0].progress
    for other in found[1:]:
        time, progress = worse(time, other.time), worse(progress, other.progress)
    return Lights(time, progress)


def _light_facts(
    facts: TaskFacts,
    share: WorkShare,
    lead: LeadFacts,
    stands: Standing,
    *,
    now: datetime,
    by: Reckoning,
) -> LightFacts:
    pressing = [(moment, row) for row, period in share.rows if (moment := _moment(row, period)) is not None]
    filed = [row for row, _period in share.rows if row.state == RowState.FILED.value]
    closing = next((row.due_at or period.due_at for row, period in share.rows if period.code == CLOSING), None)
    due_at, row = min(pressing, key=lambda pair: (pair[1].soft, pair[0]), default=(None, None))
    reviewed = lead.completion is Completion.UNDER_REVIEW
    asked = None if reviewed else _asked(share)
    # What was asked in time stands before a form that is not overdue: its clock stands still with the office.
    waits = asked is not None and (due_at is None or (now < due_at and asked[0] < due_at))
    if asked is not None and waits:
        due_at, row = asked
    elif row is None and filed:
        row = filed[-1]
    final, _period = _final(share) or (None, None)
    got_on = share.row.got_on
    return LightFacts(
        task_state=facts.state,
        archived=facts.task_state is TaskState.ARCHIVED,
        assignment_state=AssignmentState(share.row.state),
        now=now,
        row_state=RowState(row.state) if row is not None else None,
        due_at=due_at,
        overdue_periods=sum(moment <= now and row.state == RowState.OPEN.value for moment, row in pressing),
        late=bool(row is not None and row.late),
        waiting=_waiting(share) if waits else Waiting.REVIEW if reviewed else None,
        in_office_since=row.pending_at if row is not None and waits else None,
        receipt_due_at=end_of_day(by.calendar.add_workdays(got_on, by.policy.receipt_workdays)) if got_on else None,
        soft=bool(row is not None and row.soft),
        waits_for_event=facts.waits_for_event,
        deadline_on=facts.deadline_on,
        completion_due_at=facts.completion_due_at,
        completion_reported=lead.completion is not Completion.NONE,
        completion_asked_at=final.pending_at if final is not None else None,
        closing_due_at=closing,
        claim=lead.confirmed or lead.claim,
        own_claim=lead.confirmed is None,
        standing=stands,
        silent_quarters=silent_quarters(share.lasting, share.reports, now=now),
    )


def _asked(share: WorkShare) -> tuple[datetime, FormRow] | None:
    """Return the first row whose extension or dispute the office has not decided, with the moment it would have."""
    asked = [
        (row.correction_due_at or row.due_at or period.due_at, row)
        for row, period in share.rows
        if row.pending_at is not None and row.state != RowState.FILED.value
    ]
    return min(asked, key=lambda pair: pair[0], default=None)


def _waiting(share: WorkShare) -> Waiting:
    return Waiting.DISPUTE if share.row.state == AssignmentState.DISPUTED.value else Waiting.EXTENSION
