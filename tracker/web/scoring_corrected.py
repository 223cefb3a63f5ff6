"""What the correction of a published month changes, for whoever reads the marks of the bodies that it concerns."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session

from tracker.domain.scoring.written import evaluate
from tracker.store.queries.scoring import material_of
from tracker.web.scoring_views import MonthSeen, oversees
from tracker.wording.score_rows import changed_rows


@dataclass(frozen=True, slots=True)
class CorrectedLines:
    """What the last kept correction changes: body, what of it, what stood and what stands; whether it was published."""

    is_out: bool
    because: str
    rows: tuple[tuple[str, ...], ...]


def corrected_lines(session: Session, seen: MonthSeen, *, of: Collection[str]) -> CorrectedLines | None:
    """Return what the last kept correction changes for bodies, by their codes; None where there is none.

    Before it is out a body reads its own alone, as in the check.
    """
    row = seen.to_publish or seen.corrected
    if row is None or row.edition is None:
        return None
    wide = seen.to_publish is None or oversees() or seen.party.organises
    read = {one.unit for _, one in (seen.shown if wide else seen.own)} & {*of}
    before, now = (
        evaluate(material_of(session, seen.row, edition=edition), seen.scheme).result
        for edition in (row.edition - 1, row.edition)
    )
    names = {one.name for one in seen.scheme.objects if one.unit in read}
    rows = tuple(one for one in changed_rows(seen.scheme, before, now) if one[0] in names)
    return CorrectedLines(seen.to_publish is None, row.reason, rows)
