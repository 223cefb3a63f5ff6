"""Single messages 「单独提醒」: what somebody must hear at once, because of one event.

New assignments, returns, decisions on extensions, triggers of dormant tasks, moments that a published calendar or an
outage moved: everything else waits for the digest.
"""

from collections.abc import Callable

from sqlmodel import Session

from tracker.domain.calendar import WorkdayCalendar
from tracker.domain.deliveries import ClaimedDelivery, Outgoing
from tracker.domain.policy import ReminderPolicy
from tracker.domain.windows import Reckoning
from tracker.steps.decision_notices import (
    of_completed,
    of_decision,
    of_given_back,
    of_lowered_claim,
    of_moved_row,
    of_reopened,
    of_resumed,
)
from tracker.steps.document_notices import (
    Notice,
    of_calendar,
    of_document,
    of_ended_document,
    of_outage,
    of_plan_end,
    of_superseded,
)
from tracker.steps.reminding import after_quiet_hours, notify
from tracker.steps.task_notices import (
    of_answer,
    of_archived,
    of_bound_units,
    of_changed_rhythms,
    of_closing_leads,
    of_ended_trigger,
    of_every_unit,
    of_filing,
    of_lead_word,
    of_stayed_reports,
    of_trigger,
    of_unit,
)
from tracker.steps.unit_notices import of_keeper, of_merger
from tracker.store.queries.emergencies import tells_of_emergency


def announce(
    session: Session,
    delivery: ClaimedDelivery,
    *,
    calendar: WorkdayCalendar,
    policy: ReminderPolicy,
    outgoing: Outgoing,
) -> int:
    """Write the messages that follow from an event; return how many rows. Idempotent by the rows' keys.

    E-mails wait for the end of the quiet hours, but not those about an emergency clock.
    """
    written = 0
    at = delivery.occurred_at
    urgent = tells_of_emergency(session, delivery.payload, task_id=delivery.task_id, at=at)
    mail_at = at if urgent else after_quiet_hours(at, calendar=calendar, policy=policy)
    for notice in _notices(session, delivery, calendar=calendar, policy=policy):
        written += notify(
            session,
            rule=delivery.event_type,
            subject_id=notice.subject_id,
            unit_id=notice.unit_id,
            subject=notice.subject,
            reason=notice.reason,
            tasks=notice.tasks,
            at=at,
            mail_at=mail_at,
            outgoing=outgoing,
            leads_to=notice.leads_to,
        )
    return written


def _notices(
    session: Session, delivery: ClaimedDelivery, *, calendar: WorkdayCalendar, policy: ReminderPolicy
) -> list[Notice]:
    if delivery.event_type == "report.verified":  # the only one whose words count working days
        return of_lowered_claim(session, delivery, by=Reckoning(calendar=calendar, policy=policy))
    return _NOTICES[delivery.event_type](session, delivery)


_NOTICES: dict[str, Callable[[Session, ClaimedDelivery], list[Notice]]] = {
    "calendar.published": of_calendar,
    "document.ended": of_ended_document,
    "document.issued": of_document,
    "document.plan_end_corrected": of_plan_end,
    "document.superseded": of_superseded,
    "due.moved": of_moved_row,
    "filing.stopped": of_filing,
    "outage.recorded": of_outage,
    "question.answered": of_answer,
    "report.given_back": of_given_back,
    "report.lead_verified": of_lead_word,
    "reports.stayed": of_stayed_reports,
    "request.granted": of_decision,
    "request.refused": of_decision,
    "trigger.ended": of_ended_trigger,
    "trigger.recorded": of_trigger,
    "unit.keeper_set": of_keeper,
    "unit.merged": of_merger,
    "share.added": of_unit,
    "share.ended": of_unit,
    "share.lowered": of_unit,
    "task.deadline_changed": of_every_unit,
    "schedule.points_set": of_bound_units,
    **dict.fromkeys(("task.key_marked", "task.key_lifted", "task.interval_set"), of_changed_rhythms),
    "task.suspended": of_every_unit,
    "task.resumed": of_resumed,
    "task.reopened": of_reopened,
    "task.archived": of_archived,
    "task.cancelled": of_every_unit,
    "task.completed": of_completed,
    "task.lapsed": of_closing_leads,
}
