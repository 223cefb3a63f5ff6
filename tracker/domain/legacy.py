"""Periods of the reckoning before series, one a share and rhythm: which of them are still owed after the switch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tracker.domain.cadences import RHYTHMS
from tracker.domain.items import CadenceKind

_UNFILED = frozenset({"upcoming", "open", "missed"})


class Standing(StrEnum):
    """Where a legacy period stands. `reported`: accepted or closed; `unfiled` where nothing has left the unit."""

    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    UNFILED = "unfiled"
    REPORTED = "reported"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyPeriod:
    """One legacy period of a live share. Days are in Shanghai, times aware, `due_at` None where it never fell due.

    A return moved `due_at`, while `due_on` stayed; `lapsed` where its task awaits its closing report. `filed_at` is
    when a report on it first left the unit. `report_states` are those of its reports, oldest first; `completes` where
    one of them asked for completion. `pending` while more time is asked for undecided, `extended` where it was granted.
    """

    period_id: int
    assignment_id: int
    unit_id: int
    document_id: int
    kind: CadenceKind
    code: str
    starts_on: date
    ends_on: date
    due_on: date | None
    due_at: datetime | None
    state: str
    lapsed: bool = False
    filed_at: datetime | None = None
    late: bool = False
    report_states: tuple[str, ...] = ()
    completes: bool = False
    pending: bool = False
    extended: bool = False

    @property
    def standing(self) -> Standing:
        if "filed" in self.report_states:
            return Standing.UNDER_REVIEW
        if self.state == "returned":
            return Standing.RETURNED
        if self.state == "waived":
            return Standing.WAIVED
        return Standing.UNFILED if self.state in _UNFILED else Standing.REPORTED

    @property
    def is_event_bound(self) -> bool:
        return RHYTHMS[self.kind].event_bound

    @property
    def in_motion(self) -> bool:
        """Whether somebody waits for a decision or a correction on it, so that it moves whatever its window.

        Where the document has expired only what lies with the office is still decided.
        """
        if self.lapsed:
            return self.standing is Standing.UNDER_REVIEW
        waiting = "awaiting_sign_off" in self.report_states or self.pending
        return waiting or self.standing in (Standing.UNDER_REVIEW, Standing.RETURNED)


def foremost(periods: Iterable[LegacyPeriod]) -> LegacyPeriod:
    """Return the one of several periods that says where their common row stands.

    Several rhythms of one share may have had a period in one window. What waits for somebody comes first; then what
    was reported, so that nobody reports twice on one fact; then what was due first.
    """
    return min(periods, key=_rank)


def _rank(period: LegacyPeriod) -> tuple[int, bool, str, int]:
    order = (Standing.UNDER_REVIEW, Standing.RETURNED)
    rank = order.index(period.standing) if period.standing in order else 2 if period.in_motion else 3
    if rank == 3 and period.standing is Standing.UNFILED:
        rank = 4
    due_at = period.due_at.isoformat() if period.due_at else ""
    return rank, period.due_at is None, due_at, period.period_id


def last_ended(periods: Iterable[LegacyPeriod], *, today: date) -> set[int]:
    """Return the periods that are the last to have ended before `today` of their share and rhythm."""
    latest: dict[tuple[int, CadenceKind], LegacyPeriod] = {}
    for period in periods:
        at = (period.assignment_id, period.kind)
        if period.ends_on < today and (at not in latest or latest[at].ends_on < period.ends_on):
            latest[at] = period
    return {period.period_id for period in latest.values()}


def keeps_its_moment(period: LegacyPeriod, *, is_last_ended: bool) -> bool:
    """Tell whether an unfiled period of a required row is still owed: the last that ended, and every running clock."""
    if period.standing is not Standing.UNFILED or period.due_at is None:
        return False
    return is_last_ended or period.is_event_bound


def is_waived(period: LegacyPeriod, *, today: date) -> bool:
    """Tell whether an unfiled period that is not carried over was owed, so that it is said to be waived."""
    return period.standing is Standing.UNFILED and period.due_at is not None and period.ends_on < today
