"""State and log as JSON for other programs."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import SHANGHAI, local_day
from tracker.domain.items import Bearer
from tracker.domain.light_kinds import Light
from tracker.domain.owed import PAPER_ORDER, Owed, RowView, SeriesView, owed, standing_paper
from tracker.domain.progress import Work
from tracker.domain.windows import Reckoning
from tracker.store.history.fold import fold
from tracker.store.history.identities import ItemFact, UnitFact, item_facts, unit_facts
from tracker.store.history.log import Cut
from tracker.store.history.state import State
from tracker.store.history.work import past_standings
from tracker.store.queries.bearers import named_bearers
from tracker.store.queries.work import TaskStanding
from tracker.store.tables.events import EventRow
from tracker.wording.lights import light_sentence

Json = dict[str, object]
_PAGE = 2_000


def exported_state(session: Session, until: Cut, *, by: Reckoning) -> Json:
    """Return the state at a cut: work by class, paper by unit and class, tasks with their lights, series.

    Times are ISO times in Asia/Shanghai. Of a series without an addressee the office is addressed; `bearer` says how
    its unit comes to owe it: as lead, as one of a group, by name, or in several ways.
    """
    state = fold(session, until)
    units, items = unit_facts(session, until=until), item_facts(session, state.tasks, until=until)
    standings = list(past_standings(session, state, units=units, by=by))
    counted = Counter(found.work.work for found in standings)
    views = sorted(state.views(), key=lambda view: (units[view.unit_id].order, view.unit_id, view.series_id))
    return {
        "as_of": _time(until.as_of),
        "last_event": until.last_event,
        "work": {work.value: counted[work] for work in Work},
        "paper": _paper(views, units, now=until.as_of),
        "tasks": [_task(found, today=local_day(until.as_of)) for found in standings],
        "series": _Series(state, units, items, named_bearers(session, state.tasks)).of(views),
    }


def exported_events(session: Session, *, since: int = 0) -> Iterator[Json]:
    """Yield the events after a number, the first first."""
    while page := session.scalars(
        select(EventRow).where(col(EventRow.seq) > since).order_by(col(EventRow.seq)).limit(_PAGE)
    ).all():
        for row in page:
            yield {
                "seq": row.seq,
                "type": row.type,
                "at": _time(row.occurred_at),
                "actor": row.actor,
                "task_id": row.task_id,
                "unit_id": row.unit_id,
                "key": row.key,
                "payload": json.loads(row.payload),
                "hash": row.hash,
            }
            since = row.seq


def _time(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat()


def _paper(views: Iterable[SeriesView], units: dict[int, UnitFact], *, now: datetime) -> dict[str, dict[str, int]]:
    """Count each series once, by the form that counts at the moment."""
    found: dict[str, dict[str, int]] = {}
    for view in views:
        standing = standing_paper(view.periods, now=now)
        if standing is not None:
            classes = found.setdefault(units[view.unit_id].short, {paper.value: 0 for paper in PAPER_ORDER})
            classes[standing[1].value] += 1
    return found


def _task(found: TaskStanding, *, today: date) -> Json:
    return {
        "code": found.code,
        "document": found.document,
        "lead": "、".join(found.leads.values()),
        "class": found.work.work.value,
        "time_light": _light(found.lights.time, today=today),
        "progress_light": _light(found.lights.progress, today=today),
    }


def _light(light: Light, *, today: date) -> Json:
    return {"colour": light.colour.value, "reason": light.reason.value, "sentence": light_sentence(light, today=today)}


class _Series:
    """Shapes series with what they are about."""

    def __init__(
        self,
        state: State,
        units: dict[int, UnitFact],
        items: dict[int, ItemFact],
        named: frozenset[tuple[int, int]],
    ) -> None:
        self._state, self._units, self._items, self._named = state, units, items, named
        self._documents = {item.document_id: item.document for item in items.values()}

    def of(self, views: Iterable[SeriesView]) -> list[Json]:
        return [self._one(view) for view in views]

    def _one(self, view: SeriesView) -> Json:
        asked = [row for period in view.periods for row in period.rows if row.required and row.live]
        tasks = sorted({row.task_id for row in asked if row.task_id is not None}, key=self._place)
        return {
            "id": view.series_id,
            "unit": self._units[view.unit_id].short,
            "document": self._documents[view.document_id],
            "rhythm": view.kind.value,
            "bearer": self._bearer(view, asked),
            "addressee": self._state.series[view.series_id].addressee,
            "rows": [self._items[task_id].code for task_id in tasks],
            "owed": self._owed(view),
        }

    def _place(self, task_id: int) -> tuple[int, int]:
        return self._items[task_id].start_at, task_id

    def _bearer(self, view: SeriesView, asked: Iterable[RowView]) -> str:
        ways = {self._way(view, row.task_id, row.row_id) for row in asked if row.task_id is not None}
        if not ways:
            return Bearer.GROUP.value
        return (ways.pop() if len(ways) == 1 else Bearer.BOTH).value

    def _way(self, view: SeriesView, task_id: int, row_id: int) -> Bearer:
        share = self._state.share_of(task_id, view.unit_id)
        if share is not None and share.is_lead:
            return Bearer.LEAD
        told = self._state.rows[row_id].named  # rows of older logs are told without it
        named = (task_id, view.unit_id) in self._named if told is None else told
        return Bearer.NAMED if named else Bearer.GROUP

    def _owed(self, view: SeriesView) -> Json | None:
        what = owed(view, now=self._state.until.as_of)
        return None if what is None else {**self._asked(what), "beside": [self._asked(one) for one in what.beside]}

    @staticmethod
    def _asked(what: Owed) -> Json:
        return {
            "period": what.period.code,
            "due_at": _time(what.due_at),
            "since": _time(what.since) if what.since else None,
            "kind": what.kind.value,
            "run": what.run,
        }
