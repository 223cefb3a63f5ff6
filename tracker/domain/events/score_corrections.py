"""Facts about the correction of a published month of evaluation."""

from dataclasses import dataclass

from tracker.domain.events.base import Event
from tracker.domain.events.scoring import CorrectedMarks, UncountedRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringCorrectionOpened(Event):
    """The office takes inputs of a published month again; `inputs_after` is the number of its last input until then.

    `unit_ids` are the units that the rules print as suppliers, by who has their work.
    """

    type = "scoring.correction_opened"
    correction_id: int
    month_id: int
    reason: str
    inputs_after: int
    unit_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringCorrectionDropped(Event):
    """Nothing was corrected after all; `unit_ids` had heard that something would be.

    `uncounted_records` are those from which the published marks go on differing; None of older events.
    """

    type = "scoring.correction_dropped"
    correction_id: int
    month_id: int
    unit_ids: tuple[int, ...] = ()
    uncounted_records: tuple[UncountedRecord, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringCorrectionFrozen(Event):
    """The corrected result of a month is kept as its `edition`; `sealed` is the digest of the kept text.

    `uncounted` records of projects are in no mark of it, for a reason; `uncounted_records` are those. `corrected` are
    the bodies whose total, place or marks it changes, `changed_inputs` is how many inputs it changes, `overtaken` are
    the objections without success whose matter it corrects; of older events nobody knows. Papers about it tell of the
    objections between the month's publication and it (`tells_between`), those about older ones do not.
    """

    type = "scoring.correction_frozen"
    correction_id: int
    month_id: int
    edition: int
    rule_version: str
    inputs_digest: str
    sealed: str
    uncounted: int = 0
    uncounted_reason: str = ""
    uncounted_records: tuple[UncountedRecord, ...] = ()
    corrected: tuple[CorrectedMarks, ...] = ()
    changed_inputs: int = 0
    overtaken: tuple[int, ...] = ()
    tells_between: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringCorrectionIssued(Event):
    """The circular that corrects a published month went out."""

    type = "scoring.correction_issued"
    correction_id: int
    month_id: int
    circular_id: int
