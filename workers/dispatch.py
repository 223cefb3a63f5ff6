"""What one ring of the doorbell does: one delivery or one e-mail, each step committed before the next."""

from datetime import UTC, datetime
from time import perf_counter

from structlog.stdlib import get_logger

from tracker.domain.deliveries import ClaimedDelivery, Outgoing
from tracker.gateways.mail import Mail, OutcomeUnknown, PermanentFailure, SmtpSender, TemporaryFailure
from tracker.services import Services
from tracker.store.tables.events import DeliveryState, ReminderState
from tracker.subscriptions import REACTIONS, SUBSCRIPTIONS, WORKS, Surroundings
from tracker.usecases.deliveries import claim_delivery, delivered, deliveries_to_ring, fan_out, finish, put_off
from tracker.usecases.mail_outbox import (
    ClaimedReminder,
    begin_hand_over,
    claim_reminder,
    record_refused,
    record_sent,
    record_unknown,
    release_expired,
    reminders_to_ring,
)
from tracker.wording.digests import digest_text

_LOG = get_logger(__name__)
_SENDER_NAME = "督查督办系统"
_LOST = "lost"


def machine_now() -> datetime:
    """Return the machine's time, which paces the workers; the office's time is the services' clock."""
    return datetime.now(UTC)


def outgoing(services: Services) -> Outgoing:
    return Outgoing(mail=services.settings.smtp_url is not None, machine_now=machine_now())


def read_log(services: Services) -> int:
    """Turn unread events into deliveries, page by page; return how many events were read."""
    read = 0
    while True:
        with services.database.transaction() as session:
            page = fan_out(session, SUBSCRIPTIONS, machine_now=machine_now())
        read += page
        if not page:
            return read


def due_deliveries(services: Services) -> list[int]:
    with services.database.transaction() as session:
        return deliveries_to_ring(session, machine_now=machine_now())


def due_reminders(services: Services) -> list[int]:
    """Return e-mails that may leave; none without an SMTP server."""
    if services.settings.smtp_url is None:
        return []
    now = machine_now()
    with services.database.transaction() as session:
        release_expired(session, machine_now=now)
        return reminders_to_ring(session, now=services.clock.now(), machine_now=now)


def react(services: Services, delivery_id: int) -> bool:
    """Do one delivery and log how it ended; False where somebody else has it or it failed.

    `outcome` is the state in which it stays, or "lost" where another process has it by now.
    """
    began_at = perf_counter()
    with services.database.transaction() as session:
        claimed = claim_delivery(session, delivery_id=delivery_id, machine_now=machine_now())
    if claimed is None:
        return False
    outcome, error = _follow(services, claimed)
    (_LOG.info if error is None else _LOG.error)(
        "delivery",
        delivery_id=delivery_id,
        reaction=claimed.reaction,
        event_seq=claimed.event_seq,
        attempt=claimed.attempts,
        outcome=outcome,
        ms=_ms_since(began_at),
        exc_info=error,
    )
    return outcome == DeliveryState.DONE


def _follow(services: Services, claimed: ClaimedDelivery) -> tuple[str, Exception | None]:
    """Let a reaction do its work; return how it ended, with the error that kept it from its end."""
    around = Surroundings(services.calendar, services.policy, outgoing(services))
    try:
        if claimed.reaction in WORKS:
            with services.database.reading() as session:
                delivery = delivered(session, claimed)
            WORKS[claimed.reaction](services, delivery)
        with services.database.transaction() as session:
            if not finish(session, claimed):
                return _LOST, None
            if claimed.reaction not in WORKS:
                REACTIONS[claimed.reaction](session, delivered(session, claimed), around)
    except Exception as error:  # whatever a reaction raises: note it, go on with the others
        with services.database.transaction() as session:
            words = f"{type(error).__name__}: {error}"
            return put_off(session, claimed, error=words, machine_now=machine_now()), error
    return DeliveryState.DONE, None


def send_mail(services: Services, reminder_id: int) -> bool:
    """Send one e-mail and log how it ended; False where somebody else has it or it was not accepted.

    `outcome` is the state in which its row stays, or "lost" where another process has it by now.
    """
    began_at, url = perf_counter(), services.settings.smtp_url
    if url is None:
        return False
    with services.database.transaction() as session:
        claimed = claim_reminder(session, reminder_id=reminder_id, machine_now=machine_now())
    if claimed is None:
        return False
    outcome = _hand_over(services, claimed, url)
    write = _LOG.info if outcome == ReminderState.SENT else _LOG.warning
    write("mail", reminder_id=reminder_id, attempt=claimed.attempt, outcome=outcome, ms=_ms_since(began_at))
    return outcome == ReminderState.SENT


def _hand_over(services: Services, claimed: ClaimedReminder, url: str) -> str:
    try:
        with SmtpSender(url).prepare(_mail(services, claimed)) as prepared:
            with services.database.transaction() as session:
                if not begin_hand_over(session, claimed):
                    return _LOST
            prepared.hand_over()
    except (TemporaryFailure, PermanentFailure) as error:
        for_good = isinstance(error, PermanentFailure)
        with services.database.transaction() as session:
            reply = str(error.facts.get("reply"))
            return record_refused(session, claimed, reply=reply, for_good=for_good, at=machine_now())
    except OutcomeUnknown as error:
        with services.database.transaction() as session:
            record_unknown(session, claimed, reply=str(error.facts.get("reply")))
        return ReminderState.HELD
    with services.database.transaction() as session:
        return ReminderState.SENT if record_sent(session, claimed, at=services.clock.now()) else _LOST


def _ms_since(began_at: float) -> float:
    return round((perf_counter() - began_at) * 1000, 1)


def _mail(services: Services, claimed: ClaimedReminder) -> Mail:
    return Mail(
        key=claimed.key,
        sender=services.settings.mail_from,
        sender_name=_SENDER_NAME,
        recipient=claimed.address,
        subject=claimed.subject,
        text=digest_text(claimed.content, reason=claimed.reason),
        written_at=claimed.planned_for,
    )
