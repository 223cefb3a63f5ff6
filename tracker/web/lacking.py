"""Which mandatory evidence the rows of a form lack as they stand on the page."""

from collections.abc import Iterable, Mapping

from tracker.store.queries.asked_of_shares import Requirement
from tracker.store.queries.evidence_states import Judged
from tracker.store.queries.form_views import RowOfForm


def unproved(
    rows: Iterable[RowOfForm], given: Mapping[str, str]
) -> tuple[tuple[RowOfForm, tuple[Requirement, ...]], ...]:
    """Return the rows to be written that lack mandatory evidence, each with what lacks.

    Where numbers of the box stand, nothing lacks; that they are right is seen when the form is sent.
    """

    def lacks(row: RowOfForm, one: Judged) -> bool:
        return one.lacks and not given.get(f"a{row.assignment_id}-b{one.requirement.requirement_id}", "").strip()

    found = [(row, tuple(one.requirement for one in row.evidence if lacks(row, one))) for row in rows if row.writable]
    return tuple((row, lacking) for row, lacking in found if lacking)
