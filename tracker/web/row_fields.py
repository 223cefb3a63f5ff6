"""Which fields a row of a form has: what stands on its page, is kept as its draft, and goes down and up as Excel."""

from dataclasses import dataclass

from tracker.store.queries.asked_of_shares import Target
from tracker.store.queries.form_views import RowOfForm

WORDS = ("claim", "fact", "cause_class", "cause", "next_step", "next_on")
CASES = ("received", "in_time")
OUTCOME = "outcome"
# Why mandatory evidence lacks; stands with the files.
EVIDENCE_REASON = "evidence_reason"


@dataclass(frozen=True, slots=True)
class RowField:
    """A field that people fill in; `target` is the number that it is about, where it is about one."""

    name: str
    kind: str
    target: Target | None = None


def key_of(row: RowOfForm) -> str:
    """Return with what the names of a row's fields begin."""
    return f"a{row.assignment_id}-"


def filled_in(row: RowOfForm) -> tuple[RowField, ...]:
    """Return the fields that the page of a form offers on a row, but for files and ticks beside numbers."""
    key = key_of(row)
    numbers = [RowField(f"{key}{kind}{t.target_id}", kind, t) for t in row.targets for kind in ("v", "on")]
    kinds = (*(CASES if row.counts_cases else ()), *WORDS, *((OUTCOME,) if row.final else ()))
    return (*numbers, *(RowField(key + kind, kind) for kind in kinds))


def fields_of(row: RowOfForm) -> list[str]:
    """Return the names of all that may be kept of a row, also of what it does not ask for any more."""
    key = key_of(row)
    numbers = [f"{name}{target.target_id}" for target in row.targets for name in ("v", "on", "sure")]
    files = [f"keep{file.evidence_id}" for file in (row.draft.files if row.draft else ())]
    return [*(key + name for name in (*WORDS, OUTCOME, EVIDENCE_REASON, *CASES, *numbers, *files)), *box_fields(row)]


def file_fields(row: RowOfForm) -> dict[str, int | None]:
    """Return the fields for files of a row with the evidence that each is for."""
    return _by_evidence(row, "e")


def box_fields(row: RowOfForm) -> dict[str, int | None]:
    """Return the fields for numbers of the box of a row with the evidence that each is for."""
    return _by_evidence(row, "b")


def _by_evidence(row: RowOfForm, kind: str) -> dict[str, int | None]:
    asked = (None, *(one.requirement_id for one in row.requirements))
    return {f"{key_of(row)}{kind}{one or 0}": one for one in asked}
