"""Pages of a large city against those of a small one, and against a floor that leaves out all that we add."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from tests.bench.bulk import QUIET, SUPERVISOR, liaison_of
from tests.bench.cities import BenchCity
from tests.bench.measuring import Measurement, by_turns
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow

_ROUNDS = 31
_GROWTH = 1.3
_ABOVE_FLOOR = 2.5


def measure_pages(small: BenchCity, large: BenchCity) -> list[Measurement]:
    """Ask both cities and the floor by turns."""
    found: list[Measurement] = []
    floor = large.floor_page()
    small_pages = _pages(small)
    for name, page in _pages(large).items():
        small_s, large_s, floor_s = by_turns(small_pages[name], page, floor, rounds=_ROUNDS)
        title = f"{name}, {large.kind}"
        found.append(Measurement(title, large_s, "the same at 1,000 tasks", small_s, _GROWTH))
        found.append(Measurement(title, large_s, "the floor page", floor_s, _ABOVE_FLOOR))
    return found


def _pages(city: BenchCity) -> dict[str, Callable[[], object]]:
    office, liaison = city.client(SUPERVISOR), city.client(liaison_of(QUIET))
    return {
        "overdue list": _get(office, "/tasks?overdue=1"),
        "desk": _get(office, "/desk"),
        "one task": _get(office, "/tasks/2"),
        "review queue": _get(office, "/review"),
        "今天 of a quiet unit": _get(liaison, "/today"),
        "form of a quiet unit": _get(liaison, f"/periods/{_open_period(city)}/form"),
    }


def _get(client: FlaskClient, path: str) -> Callable[[], object]:
    def get() -> None:
        answer = client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"

    return get


def _open_period(city: BenchCity) -> int:
    wanted = (
        select(col(PeriodRow.id))
        .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
        .where(col(SeriesRow.unit_id) == QUIET, col(FormRow.state) == "open", col(PeriodRow.code) == "2022-10")
        .order_by(col(PeriodRow.id))
    )
    with city.database.reading() as session:
        return session.scalars(wanted).first() or 0
