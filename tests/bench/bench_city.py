"""A city of 100,000 tasks on both databases: its pages, the empty pass of the scheduler, reports beside a pass."""

from tests.bench.beside import measure_reports
from tests.bench.cities import bench_cities
from tests.bench.measuring import Count, Measurement
from tests.bench.pages import measure_pages
from tests.bench.passes import measure_passes, measure_verify


def measure() -> list[Measurement | Count]:
    """Load the cities once a database; what writes comes last."""
    found: list[Measurement | Count] = []
    for kind in ("sqlite", "postgresql"):
        with bench_cities(kind) as (small, large):
            found += measure_pages(small, large)
            found += measure_verify(small)
            found += measure_passes(large)
            found += measure_reports(large)
    return found
