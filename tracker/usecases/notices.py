"""Single messages 「单独提醒」: what somebody must hear at once, because of one event.

New assignments, returns, decisions on extensions, triggers of dormant tasks, papers of the office, moments that a
published calendar or an outage moved: everything else waits for the digest.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from sqlmodel import Session

from tracker.domain.calendar import WorkdayCalendar
from tracker.domain.deliveries import Delivery, Outgoing
from tracker.domain.events.absences import AbsenceEnded, AbsenceSet, WorkHandedOver
from tracker.domain.events.accounts import AccountChanged, AccountDisabled, AccountUnused, RoleGranted
from tracker.domain.events.base import Event
from tracker.domain.events.calendar import CalendarPublished, OutageRecorded
from tracker.domain.events.circulars import CircularChanged, CircularIssued
from tracker.domain.events.documents import DocumentEnded, DocumentIssued, DocumentSuperseded, PlanEndCorrected
from tracker.domain.events.forms import DueMoved
from tracker.domain.events.inquiries import (
    CoordinationAsked,
    CoordinationDecided,
    InquiryAnswered,
    InquiryAsked,
    InquiryEnded,
    InquiryReminded,
    InquiryWithdrawn,
)
from tracker.domain.events.instructions import InstructionClosed, InstructionGiven, InstructionRepeated
from tracker.domain.events.joint import CoIssuerDropped, CountersignAsked, Countersigned, CountersignEnded
from tracker.domain.events.namings import NamingAnswered, NamingEnded, NamingKept, NamingLeftOut, NamingServed
from tracker.domain.events.petitions import PetitionStopped
from tracker.domain.events.projects import ProjectCheckedOnSite
from tracker.domain.events.reports import (
    FilingStopped,
    ReportLeadVerified,
    ReportSentBack,
    ReportsStayed,
    ReportVerified,
)
from tracker.domain.events.requests import RequestGranted, RequestRefused
from tracker.domain.events.score_corrections import (
    ScoringCorrectionDropped,
    ScoringCorrectionFrozen,
    ScoringCorrectionOpened,
)
from tracker.domain.events.scoring import (
    MarksObjected,
    MarksObjectionAnswered,
    MarksObjectionSettled,
    ScoringCheckOpened,
    ScoringMarksChanged,
    ScoringMonthOpened,
    ScoringRulesRenewed,
    ScoringSuppliersNamed,
)
from tracker.domain.events.served_papers import PaperAnswerStopped
from tracker.domain.events.shares import ShareAdded, ShareEnded, ShareHandlerSet, ShareLowered
from tracker.domain.events.tasks import (
    DeadlineChanged,
    IntervalSet,
    KeyLifted,
    KeyMarked,
    QuestionAnswered,
    SchedulePointsSet,
    TaskArchived,
    TaskCancelled,
    TaskCompleted,
    TaskLapsed,
    TaskReopened,
    TaskResumed,
    TaskSuspended,
)
from tracker.domain.events.triggers import TriggerEnded, TriggerRecorded
from tracker.domain.events.units import KeeperSet, UnitsMerged
from tracker.domain.policy import ReminderPolicy
from tracker.domain.windows import Reckoning
from tracker.steps.absence_notices import of_hand_over, of_leave, of_lost_deputy
from tracker.steps.account_notices import of_change, of_unused
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
from tracker.steps.inquiry_notices import (
    of_closed_instruction,
    of_coordination,
    of_end,
    of_inquiry,
    of_instruction,
    of_plea,
    of_reminder,
    of_reply,
    of_withdrawal,
)
from tracker.steps.joint_notices import (
    of_asked_countersign,
    of_countersign,
    of_dropped_co_issuer,
    of_ended_countersign,
)
from tracker.steps.naming_notices import (
    of_answered_naming,
    of_ended_naming,
    of_kept_naming,
    of_left_out_naming,
    of_served_naming,
)
from tracker.steps.notices import after_quiet_hours, notify
from tracker.steps.paper_notices import of_changed_paper, of_issued_paper, of_stopped_answer
from tracker.steps.petition_notices import of_petition
from tracker.steps.project_notices import of_untrue_project
from tracker.steps.scoring_notices import (
    of_answered_objection,
    of_changed_marks,
    of_dropped_correction,
    of_frozen_correction,
    of_named_suppliers,
    of_objection,
    of_opened_check,
    of_opened_correction,
    of_opened_month,
    of_renewed_rules,
    of_settled_objection,
)
from tracker.steps.share_notices import of_merger, of_share
from tracker.steps.task_notices import (
    of_answer,
    of_archived,
    of_bound_units,
    of_closing_leads,
    of_deadline,
    of_ended_trigger,
    of_filing,
    of_lead_word,
    of_rhythm,
    of_stayed_reports,
    of_stopped_task,
    of_trigger,
)
from tracker.steps.unit_notices import of_handler, of_keeper
from tracker.store.queries.emergencies import tells_of_emergency

_Told = TypeVar("_Told", bound=Event)
_Write = Callable[[Session, Delivery, Reckoning], list[Notice]]


def announce(
    session: Session,
    delivery: Delivery,
    *,
    calendar: WorkdayCalendar,
    policy: ReminderPolicy,
    outgoing: Outgoing,
) -> int:
    """Write the messages that follow from an event; return how many rows. Idempotent by the rows' keys.

    E-mails wait for the end of the quiet hours, but not those about an emergency clock.
    """
    written = 0
    event, at = delivery.event, delivery.at
    urgent = tells_of_emergency(session, event, at=at)
    mail_at = at if urgent else after_quiet_hours(at, calendar=calendar, policy=policy)
    for notice in TOLD[type(event)](session, delivery, Reckoning(calendar=calendar, policy=policy)):
        written += notify(
            session,
            rule=event.type,
            subject_id=notice.subject_id,
            unit_id=notice.unit_id,
            subject=notice.subject,
            reason=notice.reason,
            tasks=notice.tasks,
            at=at,
            mail_at=mail_at,
            outgoing=outgoing,
            leads_to=notice.leads_to,
            to_heads=notice.to_heads,
            person_id=notice.person_id,
            to_anybody=notice.to_anybody,
        )
    return written


def _told(kind: type[_Told], write: Callable[[Session, _Told, Delivery], list[Notice]]) -> tuple[type[Event], _Write]:
    """Say that a function words the messages about events of a class, which it takes."""
    return _told_reckoning(kind, lambda session, event, delivery, _by: write(session, event, delivery))


def _told_reckoning(
    kind: type[_Told], write: Callable[[Session, _Told, Delivery, Reckoning], list[Notice]]
) -> tuple[type[Event], _Write]:
    """Say so of a function whose words count working days."""

    def written(session: Session, delivery: Delivery, by: Reckoning) -> list[Notice]:
        assert isinstance(delivery.event, kind)
        return write(session, delivery.event, delivery, by)

    return kind, written


# The events that somebody is told of at once, and who words that.
TOLD: Mapping[type[Event], _Write] = dict(
    [
        _told(AccountChanged, of_change),
        _told(AccountUnused, of_unused),
        _told(AccountDisabled, of_lost_deputy),
        _told(RoleGranted, of_lost_deputy),
        _told(AbsenceSet, of_leave),
        _told(AbsenceEnded, of_leave),
        _told(WorkHandedOver, of_hand_over),
        _told(CalendarPublished, of_calendar),
        _told(CircularChanged, of_changed_paper),
        _told(PaperAnswerStopped, of_stopped_answer),
        _told(NamingServed, of_served_naming),
        _told(NamingAnswered, of_answered_naming),
        _told(NamingKept, of_kept_naming),
        _told(NamingLeftOut, of_left_out_naming),
        _told(NamingEnded, of_ended_naming),
        _told(CountersignAsked, of_asked_countersign),
        _told(Countersigned, of_countersign),
        _told(CountersignEnded, of_ended_countersign),
        _told(CoIssuerDropped, of_dropped_co_issuer),
        _told(CircularIssued, of_issued_paper),
        _told(DocumentEnded, of_ended_document),
        _told(DocumentIssued, of_document),
        _told(PlanEndCorrected, of_plan_end),
        _told(DocumentSuperseded, of_superseded),
        _told(DueMoved, of_moved_row),
        _told(FilingStopped, of_filing),
        _told(PetitionStopped, of_petition),
        _told(OutageRecorded, of_outage),
        _told(InstructionGiven, of_instruction),
        _told(InstructionRepeated, of_instruction),
        _told(InstructionClosed, of_closed_instruction),
        _told(InquiryAsked, of_inquiry),
        _told(InquiryReminded, of_reminder),
        _told(InquiryAnswered, of_reply),
        _told(InquiryWithdrawn, of_withdrawal),
        _told(InquiryEnded, of_end),
        _told_reckoning(CoordinationAsked, of_plea),
        _told(CoordinationDecided, of_coordination),
        _told(QuestionAnswered, of_answer),
        _told(ReportSentBack, of_given_back),
        _told(ReportLeadVerified, of_lead_word),
        _told_reckoning(ReportVerified, of_lowered_claim),
        _told(ReportsStayed, of_stayed_reports),
        _told(RequestGranted, of_decision),
        _told(RequestRefused, of_decision),
        _told(ProjectCheckedOnSite, of_untrue_project),
        _told(ScoringMonthOpened, of_opened_month),
        _told(ScoringRulesRenewed, of_renewed_rules),
        _told(ScoringSuppliersNamed, of_named_suppliers),
        _told(ScoringCheckOpened, of_opened_check),
        _told(ScoringCorrectionOpened, of_opened_correction),
        _told(ScoringCorrectionDropped, of_dropped_correction),
        _told(ScoringCorrectionFrozen, of_frozen_correction),
        _told(ScoringMarksChanged, of_changed_marks),
        _told(MarksObjected, of_objection),
        _told(MarksObjectionAnswered, of_answered_objection),
        _told(MarksObjectionSettled, of_settled_objection),
        _told(TriggerEnded, of_ended_trigger),
        _told(TriggerRecorded, of_trigger),
        _told(KeeperSet, of_keeper),
        _told(UnitsMerged, of_merger),
        _told(ShareAdded, of_share),
        _told(ShareHandlerSet, of_handler),
        _told(ShareEnded, of_share),
        _told(ShareLowered, of_share),
        _told(DeadlineChanged, of_deadline),
        _told(SchedulePointsSet, of_bound_units),
        _told(KeyMarked, of_rhythm),
        _told(KeyLifted, of_rhythm),
        _told(IntervalSet, of_rhythm),
        _told(TaskSuspended, of_stopped_task),
        _told(TaskResumed, of_resumed),
        _told(TaskReopened, of_reopened),
        _told(TaskArchived, of_archived),
        _told(TaskCancelled, of_stopped_task),
        _told(TaskCompleted, of_completed),
        _told(TaskLapsed, of_closing_leads),
    ]
)
