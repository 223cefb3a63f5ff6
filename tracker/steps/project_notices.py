"""Messages about records of projects: what was found on site and is not as it was reported."""

from sqlmodel import Session

from tracker.domain.deliveries import Delivery
from tracker.domain.events.projects import ProjectCheckedOnSite
from tracker.steps.document_notices import Notice
from tracker.store.queries.units import present_units
from tracker.store.tables.projects import ProjectRow
from tracker.wording.notices import notice_reason, notice_subject
from tracker.wording.projects import finding_words


def of_untrue_project(session: Session, event: ProjectCheckedOnSite, delivery: Delivery) -> list[Notice]:
    """Tell the body whose project was found otherwise than reported what was found, its head too: marks hang on it."""
    if event.holds:
        return []
    subject = notice_subject(event.type, item=session.get_one(ProjectRow, event.project_id).name)
    said = finding_words(event.month, event.checked_on, reported=event.reported, found=event.found, words=event.words)
    reason = notice_reason(event.type, said=said)
    return [
        Notice(unit_id, delivery.seq, subject, reason, (), project_id=event.project_id, to_heads=True)
        for unit_id in present_units(session, (event.unit_id or 0,))
    ]
