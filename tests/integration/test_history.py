"""State folded from the log: equal to the rows at now, the same at any later time for the same cut."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.office import BY, ISSUED_AT, open_city
from tests.support.owed_city import OFFICE, at, open_owed_city
from tests.support.random_life import NUMBERS, Life
from tests.support.readings import small_reading
from tracker.domain.accounts import SYSTEM
from tracker.domain.calendar import SHANGHAI
from tracker.domain.events.machinery import ReckoningSwitched
from tracker.domain.items import Bearer
from tracker.domain.light_kinds import LightColour, LightReason
from tracker.domain.progress import Work, WorkClass, WorkReason
from tracker.domain.readings.demands import Bound, NamedBearer
from tracker.steps.lapsing import lapse_expired
from tracker.store import event_log
from tracker.store.database import Database
from tracker.store.history.export import exported_events, exported_state
from tracker.store.history.fold import fold
from tracker.store.history.identities import unit_facts
from tracker.store.history.log import BeforeTheReckoning, Cut, Part, cut, told
from tracker.store.history.state import State
from tracker.store.history.work import past_standings
from tracker.store.queries.series import series_views
from tracker.store.queries.work import TaskStanding, task_standings
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.series import SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.usecases.ending import archive_task, cancel_task
from tracker.usecases.merging import merge_units

SEEDS = (11, 24)


def _lived(database: Database, seed: int, *, steps: int = 130) -> Life:
    life = Life(database, random.Random(seed))
    life.begin()
    assert life.live(steps) > steps // 5
    return life


def _now(session: Session, life: Life, part: Part | None = None) -> State:
    return fold(session, cut(session, as_of=life.now), part=part)


def _by_task(found: TaskStanding) -> int:
    return found.task_id


@pytest.mark.parametrize("seed", SEEDS)
def test_the_log_folded_up_to_now_equals_the_rows(database: Database, seed: int) -> None:
    life = _lived(database, seed, steps=120)
    life.merge()
    life.live(40)
    with database.reading() as session:
        state = _now(session, life)
        ids = session.scalars(select(col(SeriesRow.id))).all()
        assert state.views() == series_views(session, [id_ for id_ in ids if id_])
        issued = session.scalars(select(TaskRow).where(col(TaskRow.issued_at).is_not(None))).all()
        assert {id_: (task.state.value, task.outcome) for id_, task in state.tasks.items()} == {
            task.id: (task.state, task.outcome) for task in issued
        }
        assert sorted(
            past_standings(session, state, units=unit_facts(session, until=state.until), by=BY), key=_by_task
        ) == sorted(task_standings(session, now=life.now, by=BY), key=_by_task)
        shares = session.scalars(select(AssignmentRow)).all()
        assert {id_: share.state.value for id_, share in state.shares.items()} == {row.id: row.state for row in shares}


def test_a_cut_gives_the_same_state_whatever_comes_later(database: Database) -> None:
    life = _lived(database, 4, steps=80)
    with database.reading() as session:
        until = cut(session, as_of=life.now)
        before = fold(session, until)
        said = exported_state(session, until, by=BY)
    life.live(60)
    life.merge()
    life.live(20)
    with database.reading() as session:
        assert fold(session, until) == before
        assert exported_state(session, until, by=BY) == said
        assert _now(session, life).rows != before.rows


def test_whom_the_words_named_stays_told_after_a_merger(database: Database) -> None:
    reading = small_reading()
    bound = Bound(Bearer.NAMED, (NamedBearer("市统计局", ("tjj",)),))
    first = replace(reading.items[0], cadences=(replace(reading.items[0].cadences[0], bound=bound),))
    city = open_owed_city(database, reading=replace(reading, items=(first, reading.items[1])))
    city.grow(at(9, 5))
    with database.reading() as session:
        until = cut(session, as_of=at(9, 5))
        said = exported_state(session, until, by=BY)
    with database.transaction() as session:
        old, new = city.unit_id("tjj"), city.unit_id("wjw")
        merged = {"on": date(2022, 9, 6), "reason": "机构改革", "actor": OFFICE, "at": at(9, 6)}
        merge_units(session, from_unit_id=old, into_unit_id=new, **merged)  # type: ignore[arg-type] # by name
    with database.reading() as session:
        assert exported_state(session, until, by=BY) == said
        now = exported_state(session, cut(session, as_of=at(9, 7)), by=BY)
    assert _bearers(said)["市统计局"] == "named"
    assert _bearers(now)["市卫生健康体育委"] == "named"


def _bearers(told: dict[str, Any]) -> dict[str, str]:
    """Return how each unit comes to owe the monthly report."""
    return {one["unit"]: one["bearer"] for one in told["series"] if one["rows"] == ["99-01"]}


@pytest.mark.parametrize(
    ("ended", "work", "light"),
    [
        ("cancelled", WorkClass(Work.CANCELLED), LightReason.CANCELLED),
        ("lapsed", WorkClass(Work.LAPSED, WorkReason.ARCHIVED), LightReason.ARCHIVED),
    ],
)
def test_what_was_put_on_file_without_success_is_no_success_on_pages_and_in_the_log(
    database: Database, ended: str, work: WorkClass, light: LightReason
) -> None:
    city = open_owed_city(database)
    said = {"reason": "工作调整", "actor": OFFICE, "at": at(9, 6)}
    with database.transaction() as session:
        if ended == "cancelled":
            cancel_task(session, task_id=city.task_id(), **said)  # type: ignore[arg-type] # by name
        else:
            session.scalars(select(DocumentRow)).one().expires_on = date(2022, 9, 4)
            lapse_expired(session, now=at(9, 5), by=BY)
    with database.transaction() as session:
        archive_task(session, task_id=city.task_id(), **said)  # type: ignore[arg-type] # by name
    with database.reading() as session:
        [standing] = task_standings(session, now=at(9, 7), by=BY, task_ids=[city.task_id()])
        past = fold(session, cut(session, as_of=at(9, 7)))
        told = past_standings(session, past, units=unit_facts(session, until=past.until), by=BY)
        [in_the_log] = [one for one in told if one.task_id == city.task_id()]
    assert (standing.work, in_the_log.work) == (work, work)
    for lights in (standing.lights, in_the_log.lights):
        grey = (LightColour.GREY, light)
        assert [(one.colour, one.reason) for one in (lights.time, lights.progress)] == [grey, grey]


def test_an_earlier_moment_is_the_state_of_that_moment(database: Database) -> None:
    life = _lived(database, 5, steps=80)
    at = life.now
    with database.reading() as session:
        ids = [id_ for id_ in session.scalars(select(col(SeriesRow.id))) if id_]
        seen = series_views(session, ids)
    life.now += timedelta(minutes=1)
    life.live(80)
    with database.reading() as session:
        assert [view for view in fold(session, cut(session, as_of=at)).views() if view.series_id in ids] == seen


def test_a_part_of_the_city_is_folded_as_within_the_whole(database: Database) -> None:
    life = _lived(database, 6, steps=120)
    with database.reading() as session:
        whole = _now(session, life)
        document = session.scalars(select(col(DocumentRow.id)).where(col(DocumentRow.number) == NUMBERS[1])).one()
        of_document = _now(session, life, Part(document_id=document))
    assert of_document.views() == [view for view in whole.views() if view.document_id == document]
    assert {task.state for task in of_document.tasks.values()} <= {task.state for task in whole.tasks.values()}
    for task_id, task in of_document.tasks.items():
        assert task == whole.tasks[task_id]


def test_the_exported_state_names_what_is_owed_and_where_each_task_stands(database: Database) -> None:
    city = open_city(database)
    as_of = datetime(2022, 10, 12, 1, 0, tzinfo=UTC)
    with database.reading() as session:
        told: Any = exported_state(session, cut(session, as_of=as_of), by=BY)  # Any: JSON
        seq = cut(session, as_of=as_of).last_event
    assert (told["as_of"], told["last_event"]) == (as_of.astimezone(SHANGHAI).isoformat(), seq)
    assert set(told["work"]) == {work.value for work in Work}
    assert sum(told["work"].values()) == len(told["tasks"]) == 2
    assert told["work"]["unknown"] == 1
    [first, _second] = told["tasks"]
    assert (first["code"], first["document"], first["lead"]) == ("99-01", "驻政办〔2022〕99号", "市商务局")
    assert (first["class"], first["time_light"]["colour"]) == ("unknown", "red")
    own = next(series for series in told["series"] if series["unit"] == "市商务局")
    assert (own["rhythm"], own["bearer"], own["addressee"], own["rows"]) == ("monthly", "lead", None, ["99-01"])
    assert own["owed"] == {
        "period": "2022-09",
        "due_at": "2022-10-11T00:00:00+08:00",
        "since": "2022-10-11T00:00:00+08:00",
        "kind": "unreported",
        "run": 1,
        "beside": [],
    }
    assert told["paper"]["市商务局"]["unreported"] == 1
    assert sum(sum(classes.values()) for classes in told["paper"].values()) == len(told["series"])
    city.file(at=as_of + timedelta(hours=1))
    with database.reading() as session:
        for until in (cut(session, as_of=as_of, last=seq), cut(session, as_of=as_of)):
            assert exported_state(session, until, by=BY) == told
        last = session.scalars(select(EventRow).where(col(EventRow.seq) == seq)).one()
    assert last.occurred_at <= as_of


def test_the_log_is_exported_from_any_number_on(database: Database) -> None:
    open_city(database)
    with database.reading() as session:
        every: list[Any] = list(exported_events(session))  # Any: JSON
        rest = list(exported_events(session, since=2))
    assert [event["seq"] for event in every] == list(range(1, len(every) + 1))
    assert rest == every[2:]
    issued = next(event for event in every if event["type"] == "document.issued")
    assert issued["at"] == ISSUED_AT.astimezone(SHANGHAI).isoformat()
    assert len(issued["payload"]["shares"]) == 5
    assert set(issued) == {"seq", "type", "at", "actor", "task_id", "unit_id", "key", "payload", "hash"}


def test_a_moment_before_the_present_reckoning_is_refused(database: Database) -> None:
    open_city(database)
    with database.transaction() as session:
        event = ReckoningSwitched(legacy_periods=3, series=2)
        event_log.record(session, event, actor=SYSTEM, at=ISSUED_AT + timedelta(days=9))
    with database.reading() as session:
        assert cut(session, as_of=ISSUED_AT + timedelta(days=10)).last_event > 0
        assert cut(session, as_of=ISSUED_AT + timedelta(days=9)).last_event > 0
        with pytest.raises(BeforeTheReckoning):
            cut(session, as_of=ISSUED_AT + timedelta(days=9) - timedelta(seconds=1))


def test_the_log_is_read_by_type_moment_number_and_part(database: Database) -> None:
    life = open_owed_city(database)
    life.file("swj", "2022-09", when=at(9, 27))
    with database.reading() as session:
        rows = session.scalars(select(EventRow).order_by(col(EventRow.seq))).all()
        last, types = rows[-1].seq, {row.type for row in rows}
        end, whole = rows[-1].occurred_at, Part()

        def numbers(*, as_of: datetime = end, last: int = last, of: set[str] = types, part: Part = whole) -> list[int]:
            until = Cut(as_of=as_of, last_event=last)
            return [event.seq for event in told(session, until=until, types=frozenset(of), part=part)]

        def expected(kept: Callable[[EventRow], bool]) -> list[int]:
            found = [row.seq for row in rows if kept(row)]
            assert 0 < len(found) < len(rows)
            return found

        assert numbers() == [row.seq for row in rows]
        assert numbers(of={"filing.submitted"}) == expected(lambda row: row.type == "filing.submitted")
        assert numbers(as_of=ISSUED_AT) == expected(lambda row: row.occurred_at <= ISSUED_AT)
        assert numbers(last=2) == expected(lambda row: row.seq <= 2)
        assert numbers(part=Part(task_id=2)) == expected(lambda row: row.task_id is None)
        assert numbers(part=Part(document_id=1)) == numbers()
        assert numbers(part=Part(document_id=0)) == expected(lambda row: row.task_id is None)
