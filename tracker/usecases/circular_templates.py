"""Templates that the office made in Word for its circulars: kept once they were checked, and retired."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.errors import NotFound
from tracker.domain.events.circulars import CircularTemplateKept
from tracker.domain.filings import check_reason
from tracker.store import event_log
from tracker.store.tables.circulars import CircularTemplateRow


def keep_template(
    session: Session,
    *,
    kind: CircularType,
    name: str,
    sha256: str,
    fields: Sequence[str],
    actor: Actor,
    at: datetime,
) -> int:
    """Keep a template that was checked; return its id. Records CircularTemplateKept. Raises ReasonRequired."""
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    row = CircularTemplateRow(
        type=kind.value,
        name=check_reason(name),
        sha256=sha256,
        fields=list(fields),
        uploaded_by=actor.name,
        uploaded_at=at,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    event = CircularTemplateKept(template_id=row.id, kind=kind.value, name=row.name, sha256=sha256)
    event_log.record(session, event, actor=actor, at=at)
    return row.id


def retire_template(session: Session, *, template_id: int, actor: Actor, at: datetime) -> None:
    """Offer a template no more; editions made of it keep it. Records CircularTemplateKept. Raises NotFound."""
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    row = session.get(CircularTemplateRow, template_id, with_for_update=True)
    if row is None or row.retired_at is not None:
        raise NotFound()
    row.retired_at = at
    event = CircularTemplateKept(template_id=template_id, kind=row.type, name=row.name, sha256=row.sha256, retired=True)
    event_log.record(session, event, actor=actor, at=at)
