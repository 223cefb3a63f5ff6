"""Whether what a paper criticises a unit for still holds, and praise beside it, by the rules over the log of later."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.domain.circulars.content import BETWEEN_CODES, Content, Source
from tracker.domain.circulars.proposals import NamingAct, NamingGround, Proposal
from tracker.domain.circulars.work_done import CLASS_WORDS, MISSING, UNTRUE
from tracker.domain.errors import Rejected
from tracker.domain.progress import Work

_PAST = CLASS_WORDS[Work.OVERDUE_WORK]  # of a paper from before its sources said what is missing
_OF_WORK: Mapping[str, NamingGround] = {
    _PAST: NamingGround.OVERDUE_WORK,
    **dict.fromkeys(MISSING, NamingGround.OVERDUE_WORK),
    CLASS_WORDS[Work.BEHIND]: NamingGround.BEHIND_TWICE,
    UNTRUE: NamingGround.FALSITY,
}


class BlameOvertaken(Rejected):
    """A paper criticises a unit for what holds no more; facts: unit, grounds as they are coded, into."""

    code = "blame_overtaken"


class PraiseOvertaken(Rejected):
    """A paper praises a unit of which a report was found untrue since; facts: unit."""

    code = "praise_overtaken"


@dataclass(frozen=True, slots=True)
class Overtaken:
    """What of a proposal to criticise holds no more: its grounds, and in whom the unit went up, empty of one that is.

    `unit` is its name in the paper.
    """

    unit: str
    grounds: tuple[NamingGround, ...]
    into: str = ""

    def refusal(self) -> BlameOvertaken:
        """Return the refusal of a paper that says so."""
        return BlameOvertaken(unit=self.unit, grounds=BETWEEN_CODES.join(self.grounds), into=self.into)


def overtaken(proposal: Proposal, kept: Content, now: Content | None, *, unit_now: str, into: str) -> Overtaken | None:
    """Return what of a proposal to criticise holds no more, None where all of it does.

    `kept` is what the paper was made of, `now` what would be computed now, None where there is nothing to say any more.
    `unit_now` is the unit's present name, `into` in whom it went up, empty where it did not. A ground holds where the
    rules give it now for every item, every 催办单 and every form that the paper names; that more came beside it
    makes nothing untrue.
    """
    grounds, sources = _given(now, unit_now)
    told = kept.figures[proposal.key].sources
    gone = [
        ground
        for ground in proposal.grounds
        if ground not in grounds or not all(_stands(one, sources) for one in told if _ground(one) is ground)
    ]
    return Overtaken(proposal.unit, tuple(gone), into) if gone or into else None


def _given(now: Content | None, unit: str) -> tuple[tuple[NamingGround, ...], tuple[Source, ...]]:
    """Return the grounds for which a unit would be criticised now, and the facts behind."""
    for one in now.proposals if now is not None else ():
        if now is not None and one.act is NamingAct.BLAME and one.unit == unit:
            return one.grounds, now.figures[one.key].sources
    return (), ()


def _ground(source: Source) -> NamingGround:
    return _OF_WORK.get(source.status, NamingGround.URGED_IN_VAIN)


def _stands(source: Source, now: tuple[Source, ...]) -> bool:
    """Tell whether a fact is there yet: an item by its code and what is missing of it, a 催办单 by its number, a form
    by its day and items, a report that was found untrue by what the log says of it.
    """
    if _ground(source) is NamingGround.FALSITY:
        return any(_ground(one) is NamingGround.FALSITY and one.events == source.events for one in now)
    if (ground := _ground(source)) is not NamingGround.URGED_IN_VAIN:
        alike = (one for one in now if one.item_code == source.item_code and _ground(one) is ground)
        return any(source.status in (one.status, _PAST) for one in alike)
    if not source.item_code:
        return any(not one.item_code and one.period == source.period for one in now)
    codes = set(source.item_code.split(BETWEEN_CODES))
    return any(one.due_on == source.due_on and codes <= set(one.item_code.split(BETWEEN_CODES)) for one in now)
