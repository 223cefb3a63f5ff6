"""The message to a person whose mail address another changed: it goes where mail went before."""

from sqlmodel import Session

from tracker.domain.deliveries import Delivery
from tracker.domain.events.accounts import AccountChanged
from tracker.steps.document_notices import Notice
from tracker.wording.notices import notice_reason, notice_subject


def of_address(_session: Session, event: AccountChanged, delivery: Delivery) -> list[Notice]:
    """Tell the person whose new address waits for him."""
    if not event.email_waits:
        return []
    subject = notice_subject(event.type, item=event.new_name)
    reason = notice_reason(event.type)
    return [Notice(None, delivery.seq, subject, reason, (), person_id=event.user_id)]
