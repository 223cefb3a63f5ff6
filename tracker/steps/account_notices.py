"""Messages about an account that another changed, or that nobody uses.

That of a new mail address goes where mail went before.
"""

from sqlmodel import Session

from tracker.domain.deliveries import Delivery
from tracker.domain.events.accounts import AccountChanged, AccountUnused
from tracker.steps.absence_notices import of_lost_deputy
from tracker.steps.document_notices import Notice
from tracker.wording.moments import clock_words
from tracker.wording.notices import notice_reason, notice_subject


def of_unused(_session: Session, event: AccountUnused, delivery: Delivery) -> list[Notice]:
    """Tell the person until when he has to log in, by mail alone where he has no page with messages.

    Whoever has no address hears of it from 系统管理员 only, who sees that (`queries/unused_accounts.py`).
    """
    subject = notice_subject(event.type, item=f"{clock_words(event.disabled_from)}起停用")
    reason = notice_reason(event.type)
    return [Notice(None, delivery.seq, subject, reason, (), person_id=event.user_id, to_anybody=True)]


def of_change(session: Session, event: AccountChanged, delivery: Delivery) -> list[Notice]:
    """Tell the person whose new address waits for him, and of a deputy who is lost by a move."""
    lost = of_lost_deputy(session, event, delivery)
    if not event.email_waits:
        return lost
    subject = notice_subject(event.type, item=event.new_name)
    reason = notice_reason(event.type)
    return [*lost, Notice(None, delivery.seq, subject, reason, (), person_id=event.user_id)]
