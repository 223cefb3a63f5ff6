"""Figures about what a paper orders: of whom, who has yet to sign for it, and how the text names its leads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.calendar import full_date
from tracker.domain.circulars.content import Figure, Scope, Source
from tracker.domain.circulars.facts import TaskFact
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.meanings import MEANINGS
from tracker.domain.circulars.orders import handed, leads_of, to_sign
from tracker.domain.circulars.sources import of_task
from tracker.domain.progress import Work


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """Computes the figures about the tasks that a paper orders, on its day."""

    kind: CircularType
    orders: Sequence[TaskFact]
    scope: Scope
    day: date

    @property
    def figures(self) -> dict[str, Figure]:
        """Return each figure by its key."""
        return {figure.key: figure for figure in (*self._named(), *self._handed_out())}

    @property
    def counts(self) -> dict[str, int]:
        """Return what the wording asks for: numbers of figures, on how many days and to whom all was handed out."""
        numbers = {key: int(figure.words) for key, figure in self.figures.items() if figure.words.isdecimal()}
        _waiting, nobody_signed = to_sign(self.orders, scope=self.scope)
        told = {"ordered": len(self.orders), "nobody_signed": int(nobody_signed)}
        return {**numbers, **told, **handed(self.orders, on=self.day)}

    def _named(self) -> Iterator[Figure]:
        yield _counted("expired", [task for task in self.orders if task.work.work is Work.LAPSED])
        yield _counted("inferred", [task for task in self.orders if task.named.first_listed])
        yield _counted("drafted", [task for task in self.orders if task.named.drafted])
        leads = tuple(Source("", unit, "", None, "牵头", ()) for unit in leads_of(self.orders))
        yield Figure("lead_count", str(len(leads)), MEANINGS["lead_count"], leads)

    def _handed_out(self) -> Iterator[Figure]:
        if self.kind is CircularType.ASSIGNMENT:
            since = min((task.issued_on for task in self.orders), default=self.day)
            yield Figure("handed_since", full_date(since), MEANINGS["handed_since"], ())
            yield _counted("to_sign", to_sign(self.orders, scope=self.scope)[0])


def _counted(key: str, tasks: Sequence[TaskFact]) -> Figure:
    return Figure(key, str(len(tasks)), MEANINGS[key], tuple(of_task(task, MEANINGS[key]) for task in tasks))
