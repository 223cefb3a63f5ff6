"""Which reaction follows which event; who words a message about one is the table of `usecases/notices.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from tracker import editions
from tracker.domain.calendar import WorkdayCalendar
from tracker.domain.deliveries import Delivery, Outgoing
from tracker.domain.events.base import Event
from tracker.domain.events.circulars import CircularIssued
from tracker.domain.events.decoding import FORMER_TYPES
from tracker.domain.policy import ReminderPolicy
from tracker.services import Services
from tracker.usecases import notices
from tracker.usecases.deliveries import claim_delivery, delivered, finish


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a reaction may work with besides its session."""

    calendar: WorkdayCalendar
    policy: ReminderPolicy
    outgoing: Outgoing


Reaction = Callable[[Session, Delivery, Surroundings], None]
Work = Callable[[Services, Delivery], None]


def _notice(session: Session, delivery: Delivery, around: Surroundings) -> None:
    notices.announce(session, delivery, calendar=around.calendar, policy=around.policy, outgoing=around.outgoing)


def _draw(services: Services, delivery: Delivery) -> None:
    assert isinstance(delivery.event, CircularIssued)
    editions.draw(services, delivery.event.circular_id)


REACTIONS: Mapping[str, Reaction] = {"notice": _notice}
# What takes seconds is done outside of any transaction; done twice it changes nothing.
WORKS: Mapping[str, Work] = {"drawing": _draw}

# By the names of reactions, which deliveries keep; whatever has words of its own is told.
SUBSCRIPTIONS: Mapping[type[Event], tuple[str, ...]] = {
    **dict.fromkeys(notices.TOLD, ("notice",)),
    CircularIssued: ("notice", "drawing"),
}

_OF_RECORDS = "the project's page shows it; what is due of a month is told by the month itself"
_OWN_ACT = "whom it concerns did it"
_TELLS_ANOTHER = "the event of the act that caused it tells"
_DUTY_STAYS = "nobody's duty changes by it"
_BY_DIGEST = "the digest and the pages tell what is asked and what is overdue"
_OF_THE_OFFICE = "it concerns the office alone, whose pages show it"
_OF_ACCOUNTS = "the pages of accounts and of audit show it, and nobody's duty changes by it"
_NOT_RECORDED = "it is not recorded any more, and was told in its time"

# Why an event sends no notice: whatever is told of it stands above.
TELLS_NOBODY: Mapping[str, str] = {
    "co_issuer.named": "the office notes with whom it would issue a paper; who is asked hears of that",
    **dict.fromkeys(("assignment.received", "filing.submitted", "filing.signed", "petition.written"), _OWN_ACT),
    **dict.fromkeys(("report.filed", "news.told"), _OWN_ACT),
    **dict.fromkeys(("row.settled", "correction.ended", "request.mooted", "request.revived"), _TELLS_ANOTHER),
    **dict.fromkeys(
        ("form.rows_reset", "rows.held", "rows.freed", "rows.let_go", "lateness.fixed", "task.superseded"),
        _TELLS_ANOTHER,
    ),
    **dict.fromkeys(("share.moved", "series.moved", "row.moved"), _TELLS_ANOTHER),
    **dict.fromkeys(("series.opened", "series.overdue", "form.opened", "form.rows_added"), _BY_DIGEST),
    **dict.fromkeys(("task.closed", "unit.renamed", "unit.registered", "unit.entered", "clock.moved"), _DUTY_STAYS),
    **dict.fromkeys(("series.carried", "tasks.carried", "reckoning.switched"), _DUTY_STAYS),
    **dict.fromkeys(("document.registered", "document.approved", "request.asked"), _OF_THE_OFFICE),
    **dict.fromkeys(("draft.uploaded", "draft.corrected", "draft.approved", "draft.discarded"), _OF_THE_OFFICE),
    **dict.fromkeys(("lesson.taught", "lesson.withdrawn"), _OF_THE_OFFICE),
    **dict.fromkeys(("paper.served", "paper.service_ended"), _TELLS_ANOTHER),
    **dict.fromkeys(("paper.received", "paper.answer_written", "paper.answered"), _OWN_ACT),
    "paper.answer_read": _OF_THE_OFFICE,
    **dict.fromkeys(("circular.drafted", "circular.template_kept"), _OF_THE_OFFICE),
    **dict.fromkeys(("circular.drawn", "reminder.resent", "reminder.settled"), _OF_THE_OFFICE),
    "account.created": _OF_ACCOUNTS,
    **dict.fromkeys(("account.email_confirmed", "account.settings_chosen", "account.calendar_link_set"), _OWN_ACT),
    **dict.fromkeys(("account.enabled", "account.reset", "account.code_completed"), _OF_ACCOUNTS),
    **dict.fromkeys(("account.password_changed", "login.succeeded", "login.failed"), _OF_ACCOUNTS),
    **dict.fromkeys(("login.throttled", "login.ended"), _OF_ACCOUNTS),
    **dict.fromkeys(("account.factor_set_up", "account.factor_removed", "account.recovery_code_used"), _OF_ACCOUNTS),
    "account.factor_reset": "the person is told when he logs in the next time, and until he sets up another one",
    **dict.fromkeys(("account.acting_began", "account.acting_ended"), _OWN_ACT),
    "instruction.read": _DUTY_STAYS,
    "reminder.sealed": "it is kept for whoever audits",
    "file.fetched": "the pages of the office show who fetched what",
    **dict.fromkeys(("box.file_put", "box.term_set", "box.file_out"), _OWN_ACT),
    **dict.fromkeys(("scoring.scheme_kept", "scoring.decided", "scoring.month_moved"), _OF_THE_OFFICE),
    "scoring.inputs_entered": _OWN_ACT,
    "scoring.month_frozen": "the circular about the month tells",
    **dict.fromkeys(("scoring.month_issued", "scoring.correction_issued"), _TELLS_ANOTHER),
    **dict.fromkeys(("project.kept", "project.listed", "project.value_given", "project.milestone_told"), _OF_RECORDS),
    "project.milestone_confirmed": _OF_RECORDS,
    **dict.fromkeys(("project.export_put", "project.export_kept"), _OF_RECORDS),
    "document.reread": "new duties are asked of the office first; a deadline that it moves is told by its own event",
    **dict.fromkeys(FORMER_TYPES, _NOT_RECORDED),
}


def follow(session: Session, delivery_id: int, around: Surroundings) -> bool:
    """Do one delivery in the caller's transaction; False where it is taken or done already."""
    claimed = claim_delivery(session, delivery_id=delivery_id, machine_now=around.outgoing.machine_now)
    if claimed is None or not finish(session, claimed):
        return False
    REACTIONS[claimed.reaction](session, delivered(session, claimed), around)
    return True
