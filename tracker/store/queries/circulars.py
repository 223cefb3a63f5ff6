"""Circulars as the office and their readers see them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, bindparam, func, label, select
from sqlmodel import Session, col

from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.editions import EditionState
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.errors import NotFound, Stale
from tracker.domain.scoring.months import KEPT, MonthState
from tracker.domain.unit_classes import Tasking, class_of
from tracker.domain.units import UnitKind
from tracker.store.queries.audiences import Viewer, editions_for
from tracker.store.queries.scoring import month_lines
from tracker.store.rows import as_views
from tracker.store.tables.circulars import CircularRow, CircularTemplateRow
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.tasks import TaskRow
from tracker.store.tables.units import UnitRow
from tracker.wording.scoring_months import month_words


@dataclass(frozen=True, slots=True)
class CircularLine:
    """One edition in a list; what was issued has its file once `is_drawn`."""

    circular_id: int
    type: str
    state: str
    number: str | None
    title: str
    addressees: str
    as_of: datetime
    issued_at: datetime | None
    drafted_by: str
    is_drawn: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What a new circular can be about: units that may be ordered, documents with issued tasks, in official order.

    `months` are those of evaluations whose result is kept, the newest first, each with its number.
    """

    units: tuple[str, ...]
    documents: tuple[tuple[str, str], ...]
    months: tuple[tuple[int, str], ...]


def circular_lines(session: Session, *, viewer: Viewer) -> tuple[CircularLine, ...]:
    """Return the circulars that a viewer may read; the newest first."""
    columns = (
        label("circular_id", col(CircularRow.id)),
        col(CircularRow.type),
        col(CircularRow.state),
        col(CircularRow.number),
        col(CircularRow.title),
        col(CircularRow.addressees),
        col(CircularRow.as_of),
        col(CircularRow.issued_at),
        col(CircularRow.drafted_by),
        col(CircularRow.sha256).is_not(None).label("is_drawn"),
    )
    wanted = select(*columns).where(editions_for(viewer)).order_by(col(CircularRow.id).desc())
    return tuple(as_views(CircularLine, session.execute(wanted)))


def circular_to_read(session: Session, *, circular_id: int, viewer: Viewer) -> CircularRow | None:
    """Return an edition that a viewer may read; None where it is not his, or does not exist."""
    wanted = select(CircularRow).where(col(CircularRow.id) == circular_id, editions_for(viewer))
    return session.scalars(wanted).first()


def undrawn(session: Session) -> tuple[CircularRow, ...]:
    """Return the papers that were issued, of which it is kept what they are made of, and that have no file; by id."""
    wanted = select(CircularRow).where(
        col(CircularRow.number).is_not(None),
        col(CircularRow.sha256).is_(None),
        col(CircularRow.facts_sha256).is_not(None),
    )
    return tuple(session.scalars(wanted.order_by(col(CircularRow.id))))


def choices(session: Session) -> Choices:
    present = select(UnitRow).where(col(UnitRow.merged_into_unit_id).is_(None)).order_by(col(UnitRow.official_order))
    units = [
        unit.full_name
        for unit in session.scalars(present)
        if class_of(UnitKind(unit.kind), tasked=unit.tasked).may_task is Tasking.TASK
    ]
    documents = session.execute(
        select(col(DocumentRow.number), col(DocumentRow.title))
        .where(col(DocumentRow.id).in_(select(col(TaskRow.document_id)).where(col(TaskRow.issued_at).is_not(None))))
        .order_by(col(DocumentRow.issued_on), col(DocumentRow.id))
    )
    kept = [(one.id, month_words(one.month)) for one in month_lines(session) if MonthState(one.state) in KEPT]
    return Choices(tuple(units), tuple((number, title) for number, title in documents), tuple(kept))


def kept_edition_ids(session: Session) -> tuple[int, ...]:
    """Return which editions keep their facts, discarded ones too, the oldest first: each can be read by itself."""
    wanted = select(col(CircularRow.id)).where(col(CircularRow.facts_sha256).is_not(None)).order_by(col(CircularRow.id))
    return tuple(id_ or 0 for id_ in session.scalars(wanted))


@dataclass(frozen=True, slots=True)
class TemplateLine:
    template_id: int
    type: str
    name: str
    fields: tuple[str, ...]
    uploaded_by: str
    uploaded_at: datetime


def offered_templates(session: Session) -> tuple[TemplateLine, ...]:
    """Return the office's own templates that are offered, the newest first."""
    wanted = select(CircularTemplateRow).where(col(CircularTemplateRow.retired_at).is_(None))
    rows = session.scalars(wanted.order_by(col(CircularTemplateRow.id).desc()))
    return tuple(
        TemplateLine(row.id or 0, row.type, row.name, tuple(row.fields), row.uploaded_by, row.uploaded_at)
        for row in rows
    )


def document_title(session: Session, number: str) -> str | None:
    """Return the title of a registered document."""
    return session.execute(select(col(DocumentRow.title)).where(col(DocumentRow.number) == number)).scalar_one_or_none()


def last_running_number(session: Session, *, series: str, year: int, by: datetime) -> int:
    """Return the last number that a series of a year had come to by a time, 0 where none was given."""
    wanted = select(func.max(col(CircularRow.running_number)))
    found = session.execute(
        wanted.where(col(CircularRow.series) == series, col(CircularRow.year) == year, col(CircularRow.issued_at) <= by)
    )
    return int(found.scalar_one() or 0)


def previous_edition(
    session: Session, *, kind: CircularType, office: str, scope: Scope, before: datetime, inclusive: bool = False
) -> CircularRow | None:
    """Return the circular of the same kind and scope with the last cut-off that was issued before a time and stands.

    `inclusive` counts one that was drafted and issued in that very instant, as the clock of a demonstration may stand.
    A correction keeps the place of what it corrects, whenever it is issued; what was withdrawn or corrected has none.
    """
    wanted, issued, cut_off = _standing(kind.value, office, scope), col(CircularRow.issued_at), col(CircularRow.as_of)
    by_then = and_(issued <= before, cut_off <= before) if inclusive else and_(issued < before, cut_off < before)
    return session.scalars(wanted.where(by_then)).first()


def last_besides(session: Session, row: CircularRow) -> CircularRow | None:
    """Return the circular of an edition's kind and scope with the last cut-off of all that stand, but for itself."""
    wanted = _standing(row.type, row.office, Scope(row.unit_name, row.document_number))
    return session.scalars(wanted.where(col(CircularRow.id) != row.id)).first()


def next_edition(session: Session, row: CircularRow) -> CircularRow | None:
    """Return the circular that stands and begins where an edition ends, None where none does."""
    wanted = _standing(row.type, row.office, Scope(row.unit_name, row.document_number))
    return session.scalars(wanted.where(col(CircularRow.previous_id) == row.id)).first()


def redraft_of(session: Session, *, circular_id: int) -> int | None:
    """Return the number of the last draft that was made in place of one that was given up, whoever may read it."""
    found, id_ = None, circular_id
    while (anew := session.scalars(_REDRAFTED, {"id": id_}).first()) is not None:
        found = id_ = anew
    return found


_REDRAFTED = select(col(CircularRow.id)).where(col(CircularRow.redrafted_from_id) == bindparam("id"))


def _standing(kind: str, office: str, scope: Scope) -> Select[CircularRow]:
    """Ask for the circulars of a kind and scope that were issued and stand, the one with the last cut-off first."""
    return (
        select(CircularRow)
        .where(col(CircularRow.type) == kind, col(CircularRow.office) == office)
        .where(col(CircularRow.unit_name).is_not_distinct_from(scope.unit))
        .where(col(CircularRow.document_number).is_not_distinct_from(scope.document))
        .where(col(CircularRow.state) == EditionState.ISSUED.value, col(CircularRow.last_event) > 0)
        .order_by(col(CircularRow.as_of).desc(), col(CircularRow.issued_at).desc(), col(CircularRow.id).desc())
    )


def standing_ranking(session: Session, *, month_id: int, before: datetime) -> CircularRow | None:
    """Return the paper about a month of evaluation that was issued by a time and stands."""
    wanted = (
        select(CircularRow)
        .where(col(CircularRow.score_month_id) == month_id, col(CircularRow.state) == EditionState.ISSUED.value)
        .where(col(CircularRow.issued_at) <= before)
    )
    return session.scalars(wanted.order_by(col(CircularRow.id).desc())).first()


def corrected_ranking(session: Session, row: CircularRow) -> CircularRow | None:
    """Return the paper about the result before, of those that a paper about a month takes the place of."""
    one: CircularRow | None = row
    while one is not None and one.score_edition == row.score_edition:
        one = session.get_one(CircularRow, one.replaces_id) if one.replaces_id is not None else None
    return one


def last_note_with(session: Session, *, office: str, words: str) -> str:
    """Return the note of the paper that an office issued last of those whose note says these words, empty of none."""
    wanted = (
        select(col(CircularRow.note))
        .where(col(CircularRow.office) == office, col(CircularRow.issued_at).is_not(None))
        .where(col(CircularRow.note).contains(words, autoescape=True))
        .order_by(col(CircularRow.issued_at).desc(), col(CircularRow.id).desc())
    )
    return session.scalars(wanted.limit(1)).first() or ""


def find_edition(session: Session, *, circular_id: int, version: int | None = None) -> CircularRow:
    """Return an edition; where a version is given it is locked, after all that it corrects. Raises NotFound, Stale.

    Whoever issues a correction closes the edition before, and asks what was served for it: papers are locked before
    what was served for them and the oldest first, as whoever answers does, so that no two wait for each other.
    """
    row = session.get(CircularRow, circular_id)
    if row is None:
        raise NotFound()
    if version is None:
        return row
    chain = select(CircularRow).where(col(CircularRow.id).in_(chain_of(session, row)))
    locked = session.scalars(chain.order_by(col(CircularRow.id)).with_for_update()).all()  # a correction comes later
    if locked[-1].version != version:
        raise Stale()
    return locked[-1]


def chain_of(session: Session, row: CircularRow) -> list[int]:
    """Return the ids of an edition and of all that it corrects, itself first."""
    found, one = [row.id or 0], row
    while one.replaces_id is not None:
        one = session.get_one(CircularRow, one.replaces_id)
        found.append(one.id or 0)
    return found
