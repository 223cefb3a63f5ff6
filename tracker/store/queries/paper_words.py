"""What a paper says, held against what its type promises and whom it is served on."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.circulars.content import Content
from tracker.domain.circulars.days import check_names_answer_day
from tracker.domain.circulars.kinds import KINDS, CircularType, Told
from tracker.domain.circulars.paragraphs import check_places, check_says_something, paragraphs
from tracker.domain.circulars.salutation import OthersAddressed, meant
from tracker.domain.circulars.typed import check_field, check_urgency
from tracker.domain.units import UnitKind
from tracker.store.queries.unit_names import judged_names
from tracker.store.queries.units import present_units, unit_names, units_named
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.units import UnitRow
from tracker.wording.papers import PLACES


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Units by their short names: `unserved` are named and not served, `unmeant` served and in no way meant."""

    unserved: tuple[str, ...]
    unmeant: tuple[str, ...]


def check_words(row: CircularRow, content: Content | None) -> None:
    """Refuse a paper whose words do not hold what its type promises: a text, and a day where it wants an answer.

    Nothing in braces may go to print that is no figure, nor a degree of urgency that there is not: drafts keep what
    was typed before this was asked. Raises PaperSaysNothing, AnswerDayMissing, StrayBrace, FigureByHand, BraceInField,
    UrgencyUnknown.
    """
    told = paragraphs(row.statements)
    check_typed_fields(row)
    check_urgency(row.urgency)
    check_places(told)
    check_says_something(told)
    if content is not None:
        check_names_answer_day(content, [one.words for one in told])


def check_typed_fields(row: CircularRow) -> None:
    """Refuse braces in what stands beside the text, where no figure is put. Raises BraceInField."""
    for name in ("title", "addressees", "copies", "note"):
        check_field(getattr(row, name), field=PLACES[name])


def check_addresses_its_unit(session: Session, row: CircularRow, content: Content | None) -> None:
    """Refuse a paper to one unit that does not name it, by a name that it bears or bore. Raises OthersAddressed."""
    if content is None or row.unit_name is None or not content.goes_to:
        return
    if KINDS[CircularType(row.type)].told(to_unit=True) is not Told.UNIT:
        return
    named = present_units(session, meant(row.addressees, judged_names(session)).units)
    if not set(units_named(session, [row.unit_name])) & set(named):
        raise OthersAddressed(unit=row.unit_name)


def contradiction(session: Session, row: CircularRow, *, served: Collection[int], usual: str) -> Contradiction | None:
    """Return in what 主送 and the service of a paper differ, None where in nothing that can be told.

    `served` are the ids of the units that it would be served on, `usual` are the letterhead's own words: whom these
    name reads the paper, and is served where it concerns him. Words that cannot be read may mean anybody.
    """
    names = judged_names(session)
    said, usually = meant(row.addressees, names), meant(usual, names)
    named = set(present_units(session, said.units))
    unserved = named - set(present_units(session, usually.units)) - set(served)
    kinds = dict(session.execute(select(col(UnitRow.id), col(UnitRow.kind))).all())
    others = () if said.is_unread else set(served) - named
    unmeant = [id_ for id_ in others if UnitKind(kinds[id_]) not in said.kinds]
    if not unserved and not unmeant:
        return None
    called = unit_names(session, {*unserved, *unmeant})
    unserved_names, unmeant_names = (
        tuple(name for id_, name in called.items() if id_ in ids) for ids in (unserved, unmeant)
    )
    return Contradiction(unserved=unserved_names, unmeant=unmeant_names)
