"""Who may read which paper and document, as one condition that lists and single look-ups share.

`tracker/domain/audiences.py` says the same of one row; a test finds both equal.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlmodel import Session, col

from tracker.domain.accounts import EVERY_UNIT, Actor, Role, Scope
from tracker.domain.audiences import OF_UNITS, OVERSEERS
from tracker.domain.circulars.editions import PUBLISHED, EditionState
from tracker.domain.circulars.joint import SHOWN
from tracker.domain.circulars.kinds import KINDS, Circle
from tracker.domain.items import Origin
from tracker.store.queries.units import units_read_for
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.co_issuers import CoIssuerRow
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitAliasRow, UnitRow

_SHOWN = tuple(sorted(state.value for state in SHOWN))
_ISSUED = tuple(sorted(state.value for state in PUBLISHED))


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who reads: the role, of somebody of a unit the units he reads for and every full name that these bore."""

    role: Role
    unit_ids: frozenset[int] = frozenset()
    unit_names: frozenset[str] = frozenset()

    @property
    def scope(self) -> Scope:
        """Whose tasks the viewer reads."""
        return EVERY_UNIT if self.role in OVERSEERS else self.unit_ids


def viewer_of(session: Session, actor: Actor) -> Viewer:
    """Return the viewer that a person is; somebody of a unit whose account names none reads for no unit."""
    if actor.role not in OF_UNITS:
        return Viewer(actor.role)
    ids = units_read_for(session, actor.unit_id)
    own = select(col(UnitRow.full_name)).where(col(UnitRow.id).in_(ids))
    # Papers keep the name that a unit bore when they were drafted.
    former = select(col(UnitAliasRow.name)).where(
        col(UnitAliasRow.unit_id).in_(ids), col(UnitAliasRow.document).is_(None)
    )
    names = {*session.scalars(own), *session.scalars(former)}
    return Viewer(actor.role, ids, frozenset(names))


def documents_for(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on `document` that selects what a viewer may read."""
    if viewer.role in OVERSEERS:
        return true()
    issued = exists().where(col(TaskRow.document_id) == col(DocumentRow.id), col(TaskRow.issued_at).is_not(None))
    published = col(DocumentRow.origin) == Origin.PUBLISHED.value
    if viewer.role in OF_UNITS:
        return and_(issued, or_(published, _shared(viewer)))
    return and_(issued, published) if viewer.role is Role.READER else false()


def editions_for(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on `circular` that selects what a viewer may read."""
    kept = col(CircularRow.state) != EditionState.DISCARDED.value
    if viewer.role in OVERSEERS:
        return kept
    to_unit = col(CircularRow.unit_name).is_not(None)
    written = [and_(_of_circle(circle, to_unit=True), to_unit, _in_circle(circle, viewer)) for circle in Circle] + [
        and_(_of_circle(circle, to_unit=False), ~to_unit, _in_circle(circle, viewer)) for circle in Circle
    ]
    published = and_(col(CircularRow.state).in_(_ISSUED), or_(*written))
    return or_(published, and_(kept, _signed(viewer))) if viewer.role in OF_UNITS else published


def _signed(viewer: Viewer) -> ColumnElement[bool]:
    """Select papers that a unit of the viewer's was asked to countersign, and still issues, or is asked to."""
    return exists().where(
        col(CoIssuerRow.circular_id) == col(CircularRow.id),
        col(CoIssuerRow.unit_id).in_(viewer.unit_ids),
        col(CoIssuerRow.state).in_(_SHOWN),
    )


def _of_circle(circle: Circle, *, to_unit: bool) -> ColumnElement[bool]:
    types = [kind.value for kind, rules in KINDS.items() if rules.circle(to_unit=to_unit) is circle]
    return col(CircularRow.type).in_(types)


def _in_circle(circle: Circle, viewer: Viewer) -> ColumnElement[bool]:
    of_unit = viewer.role in OF_UNITS
    match circle:
        case Circle.NOBODY:
            return false()
        case Circle.UNIT:
            return col(CircularRow.unit_name).in_(viewer.unit_names) if of_unit else false()
        case Circle.SHARERS:
            return _about(and_(documents_for(viewer), _shared(viewer) if of_unit else true()))
        case Circle.EVERYBODY:
            about_none = col(CircularRow.document_number).is_(None)
            reads = of_unit or viewer.role is Role.READER
            return or_(about_none if reads else false(), _about(documents_for(viewer)))


def _about(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(col(DocumentRow.number) == col(CircularRow.document_number), condition)


def _shared(viewer: Viewer) -> ColumnElement[bool]:
    """Select documents in which the viewer's units have a share, or had one: ended shares keep their row."""
    return exists().where(
        col(TaskRow.document_id) == col(DocumentRow.id),
        col(AssignmentRow.task_id) == col(TaskRow.id),
        col(AssignmentRow.unit_id).in_(viewer.unit_ids),
    )
