"""The facts from which the lights of a share are computed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce

from tracker.domain.completions import completion_standing
from tracker.domain.lifecycle import AssignmentState, TaskState
from tracker.domain.lights import Light, LightFacts, Lights, Waiting, lights, receipt_light, worse
from tracker.domain.owed import RowState
from tracker.domain.schedule import UNKNOWN, Standing
from tracker.domain.windows import CLOSING, Reckoning
from tracker.domain.work_facts import Completion, LeadFacts, TaskFacts
from tracker.store.queries.lead_facts import pressing_moment
from tracker.store.queries.receipts import receipt_moment
from tracker.store.queries.silence import silent_quarters
from tracker.store.queries.work_shares import Standings, WorkShare, speakers
from tracker.store.tables.series import FormRow


def lights_of(
    facts: TaskFacts,
    shares: Sequence[WorkShare],
    standings: Standings,
    *,
    now: datetime,
    by: Reckoning,
) -> tuple[Lights, Mapping[int, Lights]]:
    """Return the worst time light and the worst progress light of the leads, and both of each lead by its unit."""
    found: dict[int, Lights] = {}
    for (share, voice), lead in zip(speakers(shares), facts.leads, strict=True):
        one = lights(
            _light_facts(facts, share, lead, standings.get((share.row.id or 0, voice), UNKNOWN), now=now, by=by),
            calendar=by.calendar,
            policy=by.policy,
        )
        found[share.row.unit_id] = _worst(found[share.row.unit_id], one) if share.row.unit_id in found else one
    if not found:
        bare = LightFacts(
            task_state=facts.state,
            archived=facts.task_state is TaskState.ARCHIVED,
            assignment_state=AssignmentState.RECEIVED,
            now=now,
        )
        return lights(bare, calendar=by.calendar, policy=by.policy), {}
    return reduce(_worst, found.values()), found


def support_lights_of(
    facts: TaskFacts, shares: Sequence[WorkShare], *, now: datetime, by: Reckoning
) -> Mapping[int, Light]:
    """Return the light of each unit that does not lead, by its unit; none of one that is late with no receipt.

    It stands beside the lights of the task and never in them: the work is told by its leads alone.
    """
    found = {
        share.row.unit_id: receipt_light(
            AssignmentState(share.row.state), facts.task_state, due_at=_receipt_due_at(share, by=by), now=now
        )
        for share in shares
        if not share.is_lead
    }
    return {unit_id: light for unit_id, light in found.items() if light is not None}


def _receipt_due_at(share: WorkShare, *, by: Reckoning) -> datetime | None:
    return receipt_moment(share.row.got_on, by=by) if share.row.got_on else None


def _worst(one: Lights, other: Lights) -> Lights:
    return Lights(worse(one.time, other.time), worse(one.progress, other.progress))


def _light_facts(
    facts: TaskFacts,
    share: WorkShare,
    lead: LeadFacts,
    stands: Standing,
    *,
    now: datetime,
    by: Reckoning,
) -> LightFacts:
    pressing = [(moment, row) for row, period in share.rows if (moment := pressing_moment(row, period)) is not None]
    closing = [
        moment for row, period in share.rows if period.code == CLOSING and (moment := pressing_moment(row, period))
    ]
    filed = [row for row, _period in share.rows if row.state == RowState.FILED.value]
    due_at, row = min(pressing, key=lambda pair: (pair[1].soft, pair[0]), default=(None, None))
    completion = completion_standing(facts, lead, now=now)
    reviewed = completion.in_hand is Completion.UNDER_REVIEW
    asked = None if reviewed else _asked(share)
    # What was asked in time stands before a form that is not overdue: its clock stands still with the office.
    waits = asked is not None and (due_at is None or (now < due_at and asked[0] < due_at))
    if asked is not None and waits:
        due_at, row = asked
    elif row is None and filed:
        row = filed[-1]
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
        receipt_due_at=_receipt_due_at(share, by=by),
        soft=bool(row is not None and row.soft),
        waits_for_event=facts.waits_for_event,
        deadline_on=facts.deadline_on,
        completion_asked=facts.completion_asked,
        completion_due_at=None if completion.told_by_row else completion.due_at,
        completion_asked_at=completion.asked_at,
        closing_due_at=min(closing, default=None),
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
