"""What the correction of a published month changes, for whoever reads the marks of the bodies that it concerns."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session

from tracker.domain.scoring.changes import in_order
from tracker.domain.scoring.results import MonthResult
from tracker.domain.scoring.scheme import Scheme
from tracker.domain.scoring.written import evaluate
from tracker.store.queries.scoring import last_input_id, material_corrected, material_of
from tracker.store.queries.scoring_changes import inputs_to_correct
from tracker.web.scoring_views import MonthSeen, oversees
from tracker.wording.score_changes import input_rows
from tracker.wording.score_rows import changed_rows
from tracker.wording.score_sheets import ObjectSheet
from tracker.wording.score_views import object_sheets


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


@dataclass(frozen=True, slots=True)
class Unkept:
    """What keeping an open correction would publish, beside what is published.

    `last` is the number of the last input behind it, `inputs` the rows of what was handed in otherwise, `ranked` all
    bodies by their new places (sheet of now, sheet of before), `rows` what differs of marks, totals and places; `told`
    are the names of the bodies that hear of it. While no result can be computed there are inputs alone.
    """

    last: int
    inputs: tuple[tuple[str, ...], ...]
    ranked: tuple[tuple[ObjectSheet, ObjectSheet], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    told: tuple[str, ...] = ()


def unkept_result(session: Session, seen: MonthSeen) -> Unkept:
    """Return what the open correction of a published month comes to with all that was handed in for it."""
    now = evaluate(material_corrected(session, seen.row), seen.scheme).result
    inputs = input_rows(seen.scheme, in_order(inputs_to_correct(session, seen.id), seen.scheme))
    last = last_input_id(session, seen.id)
    if not now.complete:
        return Unkept(last, inputs)
    rows = changed_rows(seen.scheme, seen.evaluated.result, now)
    return Unkept(
        last,
        inputs,
        _ranked(seen.scheme, seen.evaluated.result, now),
        rows,
        tuple(dict.fromkeys(one[0] for one in rows)),
    )


def _ranked(scheme: Scheme, before: MonthResult, now: MonthResult) -> tuple[tuple[ObjectSheet, ObjectSheet], ...]:
    stood = {one.object: one for one in object_sheets(scheme, before)}
    return tuple((one, stood[one.object]) for one in object_sheets(scheme, now))
