"""How the evidence that is asked for stands under a report: one judgement for form, head and office."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from tracker.domain.evidence_states import EvidenceState, Proof, evidence_state
from tracker.store.queries.asked_of_shares import Requirement
from tracker.store.queries.form_parts import Report

_STANDS = ("filed", "accepted")


class Handed(Protocol):
    """A file with the evidence that it is for."""

    @property
    def requirement_id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def sha256(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """A piece of evidence that is asked for; `before` where it is asked for once and was handed in with an earlier.

    By `proofs`, the files handed in for it, it was judged, against the digests `known` and its window.
    """

    requirement: Requirement
    state: EvidenceState
    before: bool
    proofs: tuple[Proof, ...] = ()
    known: frozenset[str] = frozenset()
    window: tuple[date, date] | None = None

    def with_proofs(self, more: Sequence[Proof]) -> "Judged":
        """Judge it as it will stand with more files."""
        what, proofs = self.requirement.what, (*self.proofs, *more)
        state = evidence_state(what, proofs, before=self.before, known=self.known, window=self.window)
        return replace(self, state=state, proofs=proofs)

    @property
    def lacks(self) -> bool:
        """Whether it is mandatory and not there."""
        return self.requirement.mandatory and self.state is EvidenceState.LACKING

    @property
    def doubtful(self) -> bool:
        """Whether whoever judges the report is told: it lacks, or what was handed in is not what is asked for."""
        return self.lacks or self.state not in (EvidenceState.COMPLETE, EvidenceState.LACKING)


def doubted(evidence: Iterable[Judged]) -> tuple[Judged, ...]:
    """Return the evidence of which whoever judges the report is told."""
    return tuple(one for one in evidence if one.doubtful)


def brought_before(evidence: Iterable[Judged]) -> tuple[Judged, ...]:
    """Return the evidence, asked for once, that an earlier report brought."""
    return tuple(one for one in evidence if one.before and not one.doubtful)


def judged(
    asked: Iterable[Requirement],
    files: Iterable[Handed],
    earlier: Iterable[Report],
    *,
    row_id: int | None = None,
    window: tuple[date, date] | None = None,
) -> tuple[Judged, ...]:
    """Judge what was handed in for evidence that is asked for, against the reports on the share that were before.

    What a report on the row `row_id` corrects may bring its files again. The window is that of evidence of a period.
    """
    files, stood = list(files), [report for report in earlier if report.state in _STANDS]
    known = frozenset(
        file.sha256 for report in stood if row_id is None or report.row_id != row_id for file in report.files
    )
    found = []
    for one in asked:
        proofs = tuple(Proof(file.name, file.sha256) for file in files if file.requirement_id == one.requirement_id)
        before = one.per != "period" and any(
            file.requirement_id == one.requirement_id for report in stood for file in report.files
        )
        of = window if one.per == "period" else None
        state = evidence_state(one.what, proofs, before=before, known=known, window=of)
        found.append(Judged(one, state, before, proofs, known, of))
    return tuple(found)


def window_of(starts_on: date | None, ends_on: date | None, written_on: date) -> tuple[date, date] | None:
    """Return the days of which evidence of a period may be: from its first until it is handed in."""
    return None if starts_on is None or ends_on is None else (starts_on, max(ends_on, written_on))
