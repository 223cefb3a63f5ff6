"""What a digest tells beside what is owed, by unit: rows of members to verify, answers that others wait for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.domain.windows import Reckoning
from tracker.store.queries.co_issuers import count_countersigns
from tracker.store.queries.inquiries import asked_days
from tracker.store.queries.outages import terms
from tracker.store.queries.served_papers import count_papers
from tracker.store.queries.to_sign import count_to_sign
from tracker.store.queries.verifying import count_before_leads

_SOON_WORKDAYS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """How many answers others wait for; of how many the day is over, since `workdays` of the `first` of these."""

    count: int
    past: int = 0
    first: date | None = None
    workdays: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts by unit. Members' rows, and answers wanted `soon` or before, make a digest by themselves; others do not.

    `papers` are those that wait for a receipt or an answer, `to_sign` what waits for the head, who alone is told,
    `countersigns` the papers that he is to countersign.
    """

    to_verify: Mapping[int, int] = field(default_factory=dict)
    asked: Mapping[int, Asked] = field(default_factory=dict)
    soon: Mapping[int, int] = field(default_factory=dict)
    papers: Mapping[int, int] = field(default_factory=dict)
    to_sign: Mapping[int, int] = field(default_factory=dict)
    countersigns: Mapping[int, int] = field(default_factory=dict)


def counts_beside(session: Session, unit_ids: Collection[int], *, now: datetime, by: Reckoning) -> Counts:
    """Count for units what a digest of a working day tells beside what they owe."""
    today = local_day(now)
    since = terms(session, by=by).open_since(today, workdays=by.policy.lead_verifies_workdays)
    until = by.calendar.add_workdays(today, _SOON_WORKDAYS)
    asked = asked_days(session, unit_ids=unit_ids)
    return Counts(
        count_before_leads(session, unit_ids=list(unit_ids), filed_since=since),
        {unit_id: _asked(days, today=today, by=by) for unit_id, days in asked.items()},
        {unit_id: len(days) for unit_id, days in asked.items() if days[0] <= until}
        | count_papers(session, unit_ids=unit_ids, wanted_until=until)
        | count_countersigns(session, unit_ids=unit_ids, wanted_until=until),
        count_papers(session, unit_ids=unit_ids),
        count_to_sign(session, unit_ids=unit_ids),
        count_countersigns(session, unit_ids=unit_ids),
    )


def _asked(days: Sequence[date], *, today: date, by: Reckoning) -> Asked:
    past = [day for day in days if day < today]
    if not past:
        return Asked(len(days))
    return Asked(len(days), len(past), past[0], by.calendar.workdays_between(past[0], today))
