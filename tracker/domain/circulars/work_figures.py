"""Figures about the work: shares of its classes, each document's paragraph, what lies behind and why, who came late."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.domain.circulars.content import Figure, Source
from tracker.domain.circulars.facts import Facts, FormFact, ReturnFact, TaskFact
from tracker.domain.circulars.meanings import MEANINGS
from tracker.domain.circulars.sources import of_form, of_return, of_task
from tracker.domain.circulars.span import given_back
from tracker.domain.circulars.work_causes import items_with_causes, named_causes, of_all, outside
from tracker.domain.circulars.work_done import (
    Behind,
    behind,
    claimed_behind,
    items_behind,
    items_claimed_behind,
    may_be_named,
    of_behind,
    past_deadline,
    told_behind,
)
from tracker.domain.circulars.work_examples import OfDocuments
from tracker.domain.circulars.work_sources import of_sources
from tracker.domain.circulars.work_tables import all_unsigned, came_late, may_be_told, of_unsigned
from tracker.domain.claims import CauseClass
from tracker.domain.progress import Work, WorkReason

# Of fewer a share says less than the number.
_LEAST_FOR_SHARES = 20


@dataclass(frozen=True)
class WorkFigures:
    """Computes the figures about the tasks that are counted: all of a paper's, or those that its unit leads.

    `to_leaders` where nobody but the leaders reads the paper.
    """

    facts: Facts
    tasks: Sequence[TaskFact]
    to_leaders: bool

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Return each figure by its key."""
        work = (*of_sources(self.facts, self.tasks), *OfDocuments(self.facts, self.tasks).figures())
        told = (*self._shares(), *work, *self._behind(), *self._discipline())
        return {figure.key: figure for figure in told}

    @property
    def counts(self) -> dict[str, int]:
        """Return what the wording asks for: numbers of figures, and recorded causes, by which demands are drawn."""
        causes = [result.cause_class for one in self._caused for result in one.results]
        counted = {key: int(figure.words) for key, figure in self.figures.items() if figure.words.isdecimal()}
        documents = OfDocuments(self.facts, self.tasks)
        told = {"accepted": documents.accepted, "silent_documents": len(documents.silent)}
        return {**counted, **told, **{f"cause_{cause.value}": causes.count(cause) for cause in CauseClass}}

    def _shares(self) -> Iterator[Figure]:
        if len(self.tasks) < _LEAST_FOR_SHARES:
            return
        for work in Work:
            told = [task for task in self.tasks if task.work.work is work]
            share = f"{round(100 * len(told) / len(self.tasks), 1):g}%"
            meaning = f"{MEANINGS[work.value]}占全部事项的比例"
            yield Figure(f"share_{work.value}", share, meaning, tuple(of_task(task, meaning) for task in told))

    def _behind(self) -> Iterator[Figure]:
        confirmed, past = behind(self.tasks), past_deadline(self.tasks)
        named = [one for one in past if self._names(one)]
        given_back = [one for one in past if one.task.work.reason is WorkReason.UNCORRECTED]
        yield _told("behind_confirmed", str(len(confirmed)), confirmed)
        claimed = claimed_behind(self.tasks)
        yield _told("behind_claimed", str(len(claimed)), claimed)
        told = [one for one in claimed if self._names(one)]
        if not self.facts.to_all and (words := items_claimed_behind(told)):
            yield _told("claimed_listed", words, told)
        if not self.to_leaders:
            yield _told("behind_caused", str(len(self._caused)), self._caused)
            yield _told("behind_causes", named_causes(self._caused), self._caused)
        elif self._caused:
            yield _told("causes_listed", items_with_causes(self._caused), self._caused)
        listed = [one for one in confirmed if self._names(one)]
        if progress := items_behind(listed):
            yield _told("behind_listed", progress, listed)
        yield _told("past_uncorrected", str(len(given_back)), given_back)
        unreported = [one for one in past if one not in given_back]
        yield _told("past_unreported", str(len(unreported)), unreported)
        yield _told("past_named", str(len(named)), named)
        yield _told("past_list", told_behind(named, why=self.to_leaders), named)

    @cached_property
    def _caused(self) -> list[Behind]:
        """What is behind for causes that the paper tells: of all of it or none, item by item to leaders alone."""
        confirmed = behind(self.tasks)
        return outside([one for one in confirmed if self._names(one)]) if self.to_leaders else of_all(confirmed)

    def _names(self, one: Behind) -> bool:
        return one.may_be_named(to_all=self.facts.to_all)

    def _discipline(self) -> Iterator[Figure]:
        """Name who came late, who has not signed, who sent what says nothing; none of whom no paper criticises."""
        late = [form for form in self.facts.forms if came_late(form, self.facts)]
        yield from self._named_apart(
            "late_named", "late", [(form, form.unit, of_form(form)) for form in late], unit="期"
        )
        waiting = all_unsigned(self.facts, self.tasks)
        named = [one for one in waiting if may_be_named(*one, to_all=self.facts.to_all)]
        of_units = [(part.unit, of_unsigned(task, part)) for task, part in named]
        yield from _by_unit("unreceived_named", "unreceived_list", of_units, unit="项")
        spared = tuple(of_unsigned(*one) for one in waiting if one not in named)
        yield Figure("unreceived_spared", str(len(spared)), MEANINGS["unreceived_spared"], spared)
        unfit = [(form, *told) for form, returns in given_back(self.facts) for told in _unfit(form, returns)]
        yield from self._named_apart("unfit", "unfit", unfit, unit="项")

    def _named_apart(
        self, key: str, what: str, told: Sequence[tuple[FormFact, str, Source]], *, unit: str
    ) -> Iterator[Figure]:
        """Yield what is told of forms by unit, and how much of it no name stands beside."""
        named = [(name, source) for form, name, source in told if may_be_told(form, self.facts)]
        apart = [source for form, _name, source in told if not may_be_told(form, self.facts)]
        yield from _by_unit(key, f"{what}_list", named, unit=unit)
        yield Figure(f"{what}_spared", str(len(apart)), MEANINGS[f"{what}_spared"], tuple(apart))


def _unfit(form: FormFact, returns: Sequence[ReturnFact]) -> Iterator[tuple[str, Source]]:
    """Yield each item of a form that was given back for want of substance again 「未按要求报送」."""
    unfit = [once for once in returns if once.unfit]
    for code in dict.fromkeys(once.item_code for once in unfit):
        yield form.unit, of_return(form, *(once for once in unfit if once.item_code == code))


def _told(key: str, words: str, told: Sequence[Behind]) -> Figure:
    return Figure(key, words, MEANINGS[key], tuple(map(of_behind, told)))


def _by_unit(key: str, list_key: str, told: Iterable[tuple[str, Source]], *, unit: str) -> Iterator[Figure]:
    """Yield how many there are and how many of each unit, in the order in which they come."""
    found = list(told)
    sources = tuple(source for _name, source in found)
    counted = Counter(name for name, _source in found)
    yield Figure(key, str(len(found)), MEANINGS[key], sources)
    words = "、".join(f"{name}{count}{unit}" for name, count in counted.items())
    yield Figure(list_key, words, MEANINGS[list_key], sources)
