"""A pass of the scheduler that finds nothing, against the one question that no such pass can do without."""

from tests.bench.bulk import NOW
from tests.bench.cities import BenchCity
from tests.bench.measuring import Measurement, paired
from tests.support.owed_city import BY
from tracker.domain.deliveries import Outgoing
from tracker.store import event_log
from tracker.store.tables.events import EventRow
from tracker.usecases.sweeping import Swept, sweep

_ROUNDS = 15
_BOUND = 3.0
_VERIFY = 12.0
# Which of the series that grow have no period ahead: what must be known before anything may be left undone.
_MISSING = """
SELECT count(*) FROM series s WHERE s.extends_on IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM period p WHERE p.series_id = s.id AND p.starts_on > '2022-10-27')
"""


def measure_passes(city: BenchCity) -> list[Measurement]:
    """Make the day's first pass, which writes the digests, then measure those that find nothing."""
    outgoing = Outgoing(mail=False, machine_now=NOW)

    def one_pass() -> Swept:
        return sweep(city.database, now=NOW, by=BY, outgoing=outgoing)

    one_pass()
    assert one_pass() == Swept()
    connection = city.database.engine.raw_connection().driver_connection
    assert connection is not None

    def anti_join() -> None:
        assert connection.execute(_MISSING).fetchone() == (0,)
        connection.rollback()

    seconds, floor = paired(one_pass, anti_join, rounds=_ROUNDS)
    return [Measurement(f"an empty pass, {city.kind}", seconds, "one anti-join", floor, _BOUND)]


def measure_verify(city: BenchCity) -> list[Measurement]:
    """Recompute the chain of events; its cost grows with their number alone, so a small city tells it."""

    def verify() -> None:
        with city.database.reading() as session:
            assert list(event_log.broken_links(session)) == []

    def read_events() -> None:
        with city.database.reading() as session:
            for row in session.connection().execute(EventRow.__table__.select()):  # type: ignore[attr-defined]
                assert row.hash

    seconds, floor = paired(verify, read_events, rounds=5)
    return [Measurement(f"audit verify, {city.kind}", seconds, "reading every event", floor, _VERIFY)]
