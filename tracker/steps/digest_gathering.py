"""What each person hears in a digest, gathered from what is told of units: one digest a person, for however many."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.domain.accounts import Role
from tracker.domain.policy import ReminderPolicy
from tracker.domain.reminders import DigestHeading
from tracker.steps.digest_counts import Asked, Counts
from tracker.steps.digest_lines import DigestLine
from tracker.store.queries.addressees import Hearing, Route
from tracker.store.queries.reminders import Recipient


@dataclass(frozen=True, slots=True)
class Digest:
    """What a person is told; counts by the names of units, but `overdue` by their ids.

    `climbed` are units for which the person does not hear and whose delays have climbed so high.
    """

    person: Recipient
    lines: list[DigestLine] = field(default_factory=list)
    standing_in: dict[Route, list[str]] = field(default_factory=dict)
    to_verify: dict[str, int] = field(default_factory=dict)
    asked: dict[str, Asked] = field(default_factory=dict)
    papers: dict[str, int] = field(default_factory=dict)
    countersigns: dict[str, int] = field(default_factory=dict)
    overdue: dict[int, int] = field(default_factory=dict)
    to_sign: dict[str, int] = field(default_factory=dict)
    climbed: list[str] = field(default_factory=list)


def gather(
    lines: Mapping[int, Sequence[DigestLine]],
    beside: Counts,
    late: Mapping[int, int],
    hearings: Mapping[int, Hearing],
    policy: ReminderPolicy,
) -> list[Digest]:
    """Gather what each person hears; `late` counts by unit what is overdue, listed today or not."""
    found: dict[int, Digest] = {}

    def of(person: Recipient) -> Digest:
        return found.setdefault(person.user_id, Digest(person))

    for unit_id in dict.fromkeys((*lines, *beside.to_verify, *beside.soon)):
        hearing = hearings[unit_id]
        for person in hearing.people:
            digest = of(person)
            digest.lines.extend(lines.get(unit_id, ()))
            if unit_id in beside.to_verify:
                digest.to_verify[hearing.unit_name] = beside.to_verify[unit_id]
            digest.standing_in.setdefault(hearing.route, []).append(hearing.unit_name)
    for unit_id, hearing in hearings.items():
        for digest in (found[person.user_id] for person in hearing.people if person.user_id in found):
            digest.overdue[unit_id] = late.get(unit_id, 0)
            if unit_id in beside.asked:
                digest.asked[hearing.unit_name] = beside.asked[unit_id]
            if unit_id in beside.papers:
                digest.papers[hearing.unit_name] = beside.papers[unit_id]
            if unit_id in beside.countersigns:
                digest.countersigns[hearing.unit_name] = beside.countersigns[unit_id]
    _tell_those_above(of, lines, beside, hearings, policy)
    return [found[user_id] for user_id in sorted(found)]


def _tell_those_above(
    of: Callable[[Recipient], Digest],
    lines: Mapping[int, Sequence[DigestLine]],
    beside: Counts,
    hearings: Mapping[int, Hearing],
    policy: ReminderPolicy,
) -> None:
    """Tell heads what waits for them, and heads and the office which delays have climbed to them."""
    for unit_id, count in beside.to_sign.items():
        hearing = hearings[unit_id]
        for head in (person for person in (*hearing.people, *hearing.above) if person.role is Role.UNIT_HEAD):
            of(head).to_sign[hearing.unit_name] = count
    for person, unit_name, climbed in _climbed(lines, hearings, policy):
        of(person).lines.extend(climbed)
        of(person).climbed.append(unit_name)


def _climbed(
    lines: Mapping[int, Sequence[DigestLine]], hearings: Mapping[int, Hearing], policy: ReminderPolicy
) -> Iterable[tuple[Recipient, str, list[DigestLine]]]:
    """Yield whoever is above a unit, its name, and what its digest says of delays that have climbed so high."""
    for unit_id, hearing in hearings.items():
        late = [line for line in lines.get(unit_id, ()) if line.entry.heading is DigestHeading.OVERDUE]
        for person in hearing.above:
            told_from = policy.told_from(person.role)
            climbed = [line for line in late if told_from is not None and line.entry.workdays >= told_from]
            if climbed:
                yield person, hearing.unit_name, climbed
