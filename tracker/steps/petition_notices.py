"""Messages to liaisons about what the head of their unit did not sign."""

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.deliveries import Delivery
from tracker.domain.events.petitions import PetitionStopped
from tracker.domain.petitions import PetitionState
from tracker.domain.quoting import quoted
from tracker.steps.document_notices import Notice
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.petitions import PetitionRow
from tracker.store.tables.series import FormRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.wording.catalogue import REQUEST_KINDS
from tracker.wording.notices import notice_reason, notice_subject


def of_petition(session: Session, event: PetitionStopped, delivery: Delivery) -> list[Notice]:
    """Tell the liaisons why the head did not sign what they ask for; what they withdrew themselves needs no word.

    It goes on in the form, of more time, else on the page of the task.
    """
    if event.state != PetitionState.SENT_BACK.value or event.unit_id is None:
        return []
    document, item, task_id, period_id = session.execute(
        select(DocumentRow, ItemRow, col(TaskRow.id), col(FormRow.period_id))
        .select_from(PetitionRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(PetitionRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .outerjoin(FormRow, col(FormRow.id) == col(PetitionRow.row_id))
        .where(col(PetitionRow.id) == event.petition_id)
    ).one()
    named = f"{document.number} {item.label}{quoted(item.title)}{REQUEST_KINDS[event.kind]}"
    return [
        Notice(
            event.unit_id,
            delivery.seq,
            notice_subject(event.type, item=named),
            notice_reason(event.type, said=event.reason),
            (item.code,),
            task_id=task_id if period_id is None else None,
            period_id=period_id,
        )
    ]
