"""Who reads what: each type of paper has its readers, and so has each document.

The office and the leaders read everything. A paper is for those whom it is written to; instructions and minutes are for
those who carry them out.
"""

from dataclasses import dataclass

from tracker.domain.accounts import OF_A_UNIT, Role
from tracker.domain.circulars.editions import PUBLISHED, EditionState
from tracker.domain.circulars.kinds import KINDS, Circle, CircularType
from tracker.domain.items import Origin

OVERSEERS = frozenset({Role.SUPERVISOR, Role.LEADER})
OF_UNITS = OF_A_UNIT


@dataclass(frozen=True, slots=True)
class DocumentStance:
    """A document and how a reader's units stand to it: `shares` where they have, or had, a share."""

    origin: Origin
    issued: bool
    shares: bool = False


@dataclass(frozen=True, slots=True)
class EditionStance:
    """An edition and how a reader's units stand to it.

    `own` where it is written to one of them; `document` of what it is about, none of a paper without one; `signs`
    where one of them was asked to countersign it.
    """

    type: CircularType
    state: EditionState
    to_unit: bool = False
    own: bool = False
    document: DocumentStance | None = None
    signs: bool = False


def may_read_document(role: Role, document: DocumentStance) -> bool:
    """Say whether a document is open to a reader: nobody but the office and the leaders sees it before 交办."""
    if role in OVERSEERS:
        return True
    if not document.issued:
        return False
    if document.origin is Origin.PUBLISHED:
        return role in OF_UNITS or role is Role.READER
    return role in OF_UNITS and document.shares


def may_read_edition(role: Role, edition: EditionStance) -> bool:
    """Say whether an edition is open to a reader.

    One put away is open to nobody, one under way to the office, the leaders and whoever is asked to countersign it.
    """
    if edition.state is EditionState.DISCARDED:
        return False
    if role in OVERSEERS:
        return True
    if role in OF_UNITS and edition.signs:
        return True
    if edition.state not in PUBLISHED:
        return False
    return _is_in(KINDS[edition.type].circle(to_unit=edition.to_unit), role, edition)


def _is_in(circle: Circle, role: Role, edition: EditionStance) -> bool:
    document = edition.document
    readable = document is not None and may_read_document(role, document)
    match circle:
        case Circle.NOBODY:
            return False
        case Circle.UNIT:
            return role in OF_UNITS and edition.own
        case Circle.SHARERS:
            return readable and (role is Role.READER or (document is not None and document.shares))
        case Circle.EVERYBODY:
            return readable if document is not None else role in OF_UNITS or role is Role.READER


def may_read_sources(role: Role) -> bool:
    """Say whether a role reads the facts behind figures 「数字溯源表」, and the states of tasks of all units."""
    return role in OVERSEERS
