"""The office's reminder policy: windows, due days, the escalation ladder and manners, all of it data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

from tracker.domain.accounts import Role
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.items import CadenceKind


class InvalidPolicy(ValueError):
    """A policy contradicts itself or leaves a kind of cadence out."""


@dataclass(frozen=True, slots=True)
class LadderStep:
    """A level of escalation 「升级」 and the working day of delay on which it is reached.

    `tells` is who reads of the delay in his digest from then on, besides whoever hears for the unit. A paper of the
    level, as 催办单, leaves by a person's hand alone where it `needs_sign_off`; `paper` is the one that is proposed to
    the office for the unit (`domain/proposed_papers.py`).
    """

    level: int
    workdays_late: int
    needs_sign_off: bool
    tells: Role | None = None
    paper: CircularType | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderPolicy:
    """One version of the policy. All counts are working days unless they say otherwise, times are in Shanghai.

    Digests go out at `digest_time`, or at a full hour until `digest_latest` that their person chose.
    `windows` counts days before the due day, for continuous work before the end of its quarter.
    After the last step of the ladder an overdue form is heard of every `repeat_workdays`. Reports are taken from the
    last of `filing_share` parts of a window on. Final figures of a statistic come `statistic_workdays` after the
    deadline; arrears chosen at a late registration are due `arrears_workdays` after 交办, a closing report
    `closing_workdays` after the expiry; a refused request leaves `decision_grace_workdays` after the decision; a
    lowered claim may be answered within `objection_workdays`, marks of an evaluation within
    `score_check_workdays`; what an outage struck is due `outage_workdays` after its
    end; a lead verifies what members filed within `lead_verifies_workdays`, and of what it found true the office looks
    at one in `sample_one_in`; asked to coordinate, it decides within `coordination_workdays`. A leader's instruction
    proposes `urgent_instruction_workdays`, `instruction_workdays` or, each time anew, `standing_instruction_workdays`
    for an answer. `clock_hours` are the hours around the moment of an hour clock at which its unit is told,
    rising, negative before the moment; from the first after it on also its head.
    Raises InvalidPolicy.
    """

    version: str
    windows: Mapping[CadenceKind, tuple[int, ...]]
    due_workdays_after_end: Mapping[CadenceKind, int]
    ladder: tuple[LadderStep, ...]
    repeat_workdays: int
    digest_time: time
    digest_latest: time
    quiet_from: time
    quiet_until: time
    receipt_workdays: int
    review_workdays: int
    extension_workdays: int
    correction_workdays: int
    decision_grace_workdays: int
    statistic_workdays: int
    arrears_workdays: int
    closing_workdays: int
    objection_workdays: int
    score_check_workdays: int
    outage_workdays: int
    lead_verifies_workdays: int
    sample_one_in: int
    coordination_workdays: int
    urgent_instruction_workdays: int
    instruction_workdays: int
    standing_instruction_workdays: int
    filing_share: int
    clock_hours: tuple[int, ...]
    warn_workdays: int
    warn_gap_points: int
    warn_silent_quarters: int

    def __post_init__(self) -> None:
        for table in (self.windows, self.due_workdays_after_end):
            if lacking := set(CadenceKind) - set(table):
                raise InvalidPolicy(f"no entry for {', '.join(sorted(lacking))}")
        if any(n < 1 for ahead in self.windows.values() for n in ahead):
            raise InvalidPolicy("a window opens at least one working day before the due day")
        if 0 in self.clock_hours or list(self.clock_hours) != sorted(set(self.clock_hours)):
            raise InvalidPolicy("the hours around the moment of a clock must rise and leave the moment itself out")
        steps = [(step.level, step.workdays_late) for step in self.ladder]
        rising = all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(steps))
        if not steps or not rising or steps[0][1] < 1:
            raise InvalidPolicy("levels and delays of the ladder must rise from the first working day on")
        if {step.tells for step in self.ladder} - {None, Role.UNIT_HEAD, Role.SUPERVISOR}:
            raise InvalidPolicy("a delay climbs to the head of the unit and to the office, to nobody else")
        if not self.quiet_until <= self.digest_time <= self.digest_latest < self.quiet_from:
            raise InvalidPolicy("the digest would go out in quiet hours, or the latest before the usual one")

    @property
    def digest_hours(self) -> tuple[int, ...]:
        """The full hours that a person may choose for his digest instead of `digest_time`."""
        return tuple(hour for hour in range(24) if self.digest_time < time(hour) <= self.digest_latest)

    def windows_for(self, kind: CadenceKind, *, interval_workdays: int) -> tuple[int, ...]:
        """Return the windows of a cadence, the longest first, without those longer than the interval itself."""
        return tuple(n for n in sorted(self.windows[kind], reverse=True) if n <= interval_workdays)

    def told_from(self, role: Role) -> int | None:
        """Return after how many working days of a unit's delay a role is told of it; None where it is not."""
        return next((step.workdays_late for step in self.ladder if step.tells is role), None)

    def step(self, *, workdays_late: int) -> LadderStep | None:
        """Return the highest step of the ladder reached after so many working days of delay."""
        reached = [step for step in self.ladder if step.workdays_late <= workdays_late]
        return reached[-1] if reached else None
