"""Messages to a unit that has to act for another from now on, or no longer."""

from sqlmodel import Session

from tracker.domain.deliveries import ClaimedDelivery
from tracker.steps.document_notices import Notice
from tracker.store.tables.units import UnitRow
from tracker.wording.notices import notice_reason, notice_subject

_ENDED = ".ended"


def of_keeper(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Tell the unit that keeps a leading group's office, and the one that kept it, unless that is gone."""
    group = session.get_one(UnitRow, delivery.unit_id).short_name
    said = str(delivery.payload["reason"])
    found = []
    for name, ending in (("keeper_unit_id", ""), ("old_keeper_unit_id", _ENDED)):
        unit_id = delivery.payload.get(name)
        keeper = session.get_one(UnitRow, int(str(unit_id))) if unit_id is not None else None
        if keeper is not None and keeper.merged_into_unit_id is None:
            words = delivery.event_type + ending
            subject, reason = notice_subject(words, item=group), notice_reason(words, said=said)
            found.append(Notice(keeper.id, delivery.event_seq, subject, reason, ()))
    return found


def of_merger(session: Session, delivery: ClaimedDelivery) -> list[Notice]:
    """Tell the successor how much work of the unit that went up in it became its own."""
    shares = int(str(delivery.payload["shares"]))
    if not shares:
        return []
    name = session.get_one(UnitRow, delivery.unit_id).short_name
    subject = notice_subject(delivery.event_type, item=f"{name}，{shares}项")
    said = f"{name}，划转{shares}项。{delivery.payload['reason']}"
    into = int(str(delivery.payload["into_unit_id"]))
    return [Notice(into, delivery.event_seq, subject, notice_reason(delivery.event_type, said=said), ())]
