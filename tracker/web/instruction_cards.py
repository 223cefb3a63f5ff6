"""Leaders' instructions in words; those that were given at once for the tasks of one card are one card again."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.store.queries.instructions import Instruction
from tracker.web.access import actor, services
from tracker.web.asked_together import standing_of
from tracker.wording.inquiries import together_words

# How many instructions are looked through for the first cards of a list: one that was given for all tasks of a form
# that was not sent is one of each of them.
LOOKED_THROUGH = 200


@dataclass(frozen=True, slots=True)
class InstructionCard:
    """An instruction in words; `mine` where the viewer may write on it and end it, `overdue` past the day wanted.

    `alike` are all that were given with it in the same words, itself among them, in the order of their tasks; of one
    that was given alone there are none.
    """

    instruction: Instruction
    standing: str
    mine: bool
    overdue: bool
    reminded_today: frozenset[int]
    alike: tuple["InstructionCard", ...] = ()

    @property
    def news(self) -> int:
        """How many answers came to it, and to those alike, since its leader last read."""
        return sum(one.instruction.news for one in self.alike or (self,))


def own_id() -> int:
    """Return whose instructions the viewer's are: those of whom he acts for."""
    return actor().for_id or actor().user_id or 0


def cards_of(found: Sequence[Instruction]) -> tuple[InstructionCard, ...]:
    """Put instructions into words, those that were given at once as one card, where the first of them stands."""
    at_once: dict[object, list[InstructionCard]] = defaultdict(list)
    for one in found:
        at_once[_given(one)].append(card_of(one))
    return tuple(_together(cards) if len(cards) > 1 else cards[0] for cards in at_once.values())


def card_of(one: Instruction) -> InstructionCard:
    """Put one instruction into words."""
    today = local_day(services().clock.now())
    units = [unit for writing in one.writings for unit in writing.open if unit.reminded_at is not None]
    return InstructionCard(
        one,
        standing_of(one.last),
        actor().role is Role.SUPERVISOR or one.leader_id == own_id(),
        any(writing.open and writing.answer_by < today for writing in one.writings),
        frozenset(unit.asked_id for unit in units if unit.reminded_at and local_day(unit.reminded_at) == today),
    )


def _given(one: Instruction) -> object:
    """Return what instructions share that were given at once and of which nothing else was written since.

    The moment is of the one act that gave them all; an ended one does not stand with those that are open.
    """
    if len(one.writings) > 1:
        return one.instruction_id
    last = one.last
    return one.leader_id, last.asked_at, last.document_number, last.words, last.answer_by, one.closed_at is None


def _together(cards: Sequence[InstructionCard]) -> InstructionCard:
    alike = tuple(sorted(cards, key=lambda card: card.instruction.instruction_id))
    done = sum(not card.instruction.silent for card in alike)
    standing = together_words(len(alike), done=done, silent=_silent(alike))
    return replace(alike[0], standing=standing, overdue=any(card.overdue for card in alike), alike=alike)


def _silent(cards: Iterable[InstructionCard]) -> list[str]:
    """Name who has not answered on some of them, each once."""
    writings = (card.instruction.last for card in cards)
    return list(dict.fromkeys(unit.unit_name for last in writings for unit in last.open if unit.answer is None))
