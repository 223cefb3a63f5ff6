"""What is on file of each number of a share beside one report, by which a total that falls is noticed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tracker.domain.counting import Figure
from tracker.domain.values import Filed
from tracker.store.queries.earlier import stands_beside
from tracker.store.queries.form_parts import Report

_LEFT_THE_UNIT = ("filed", "accepted", "returned")


def figures_on_file(
    reports: Iterable[Report], *, row_id: int | None, report_id: int | None = None
) -> Mapping[int, tuple[Filed, ...]]:
    """Return what reports on a share give of each number, as of `stands_beside`, by target.

    What never left the unit since neither counts nor takes the place of what did.
    """
    left = [report for report in reports if report.state in _LEFT_THE_UNIT]
    found: dict[int, list[Filed]] = defaultdict(list)
    for report in stands_beside(left, row_id=row_id, report_id=report_id):
        for target_id, one in report.values.items():
            found[target_id].append(Filed(report.report_id, Figure(one.value, one.value_on, report.period)))
    return {target_id: tuple(figures) for target_id, figures in found.items()}
