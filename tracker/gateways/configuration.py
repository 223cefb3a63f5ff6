"""Loads what is configured: the policy of the office and the working-day calendar that comes with the program."""

import tomllib
from datetime import time, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, NonNegativeInt, PositiveInt, ValidationError

from tracker.domain.account_policy import AccountPolicy, FactorRule, Throttle, ThrottleKind, WarnedTooEarly
from tracker.domain.accounts import Role
from tracker.domain.calendar import WorkdayCalendar
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.file_rules import FileRules
from tracker.domain.items import CadenceKind
from tracker.domain.policy import InvalidPolicy, LadderStep, ReminderPolicy
from tracker.intake.calendar_file import CalendarFileUnreadable, read_calendar_file
from tracker.wording.settings import WARNED_TOO_EARLY

CONFIGURATION = Path(__file__).parents[2] / "config"


class BadConfiguration(ValueError):
    """A file of configuration cannot be read; the message names the file, the entry and what is wrong with it."""

    def __init__(self, path: Path, *, problem: str) -> None:
        super().__init__(f"{path.name}: {problem}")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _StepEntry(_Entry):
    level: PositiveInt
    workdays_late: PositiveInt
    needs_sign_off: bool
    tells: Role | None = None
    paper: CircularType | None = None


class _PolicyFile(_Entry):
    version: str
    repeat_workdays: PositiveInt
    digest_time: time
    digest_latest: time
    quiet_from: time
    quiet_until: time
    receipt_workdays: PositiveInt
    review_workdays: PositiveInt
    extension_workdays: PositiveInt
    correction_workdays: PositiveInt
    decision_grace_workdays: PositiveInt
    statistic_workdays: PositiveInt
    arrears_workdays: PositiveInt
    closing_workdays: PositiveInt
    objection_workdays: PositiveInt
    score_check_workdays: PositiveInt
    outage_workdays: PositiveInt
    lead_verifies_workdays: PositiveInt
    sample_one_in: PositiveInt
    coordination_workdays: PositiveInt
    urgent_instruction_workdays: PositiveInt
    instruction_workdays: PositiveInt
    standing_instruction_workdays: PositiveInt
    filing_share: PositiveInt
    clock_hours: tuple[int, ...]
    warn_workdays: NonNegativeInt
    warn_gap_points: PositiveInt
    warn_silent_quarters: PositiveInt
    windows: dict[CadenceKind, tuple[PositiveInt, ...]]
    due_workdays_after_end: dict[CadenceKind, NonNegativeInt]
    ladder: tuple[_StepEntry, ...]

    def policy(self) -> ReminderPolicy:
        plain = {name: getattr(self, name) for name in type(self).model_fields if name != "ladder"}
        steps = tuple(
            LadderStep(entry.level, entry.workdays_late, entry.needs_sign_off, entry.tells, entry.paper)
            for entry in self.ladder
        )
        return ReminderPolicy(**plain, ladder=steps)


class _FilesFile(_Entry):
    unit_day_mb: PositiveInt
    unit_total_mb: PositiveInt


def load_file_rules(path: Path) -> FileRules:
    """Read `files.toml`. Raises BadConfiguration."""
    try:
        read = _FilesFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadConfiguration(path, problem=str(error)) from error
    return FileRules(read.unit_day_mb * 2**20, read.unit_total_mb * 2**20)


def load_policy(path: Path) -> ReminderPolicy:
    """Read `policy.toml`. Raises BadConfiguration."""
    try:
        return _PolicyFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).policy()
    except (tomllib.TOMLDecodeError, ValidationError, InvalidPolicy) as error:
        raise BadConfiguration(path, problem=str(error)) from error


class _ThrottleEntry(_Entry):
    free: PositiveInt
    first_seconds: PositiveInt
    longest_minutes: PositiveInt
    forget_minutes: PositiveInt

    def throttle(self) -> Throttle:
        return Throttle(
            free=self.free,
            first=timedelta(seconds=self.first_seconds),
            longest=timedelta(minutes=self.longest_minutes),
            forget=timedelta(minutes=self.forget_minutes),
        )


class _SecondFactorEntry(_Entry):
    production: FactorRule
    demonstration: FactorRule
    roles: frozenset[Role]


class _UnifiedEntry(_Entry):
    password_beside: bool
    counts_as_factor: frozenset[str]


class _AccountsFile(_Entry):
    code_hours: PositiveInt
    resets_apart_hours: PositiveInt
    stale_days: PositiveInt
    disable_stale: bool
    warn_days: PositiveInt
    password_days: NonNegativeInt
    former_passwords: NonNegativeInt
    shortest: PositiveInt
    shortest_mixed: PositiveInt
    sessions: NonNegativeInt
    second_factor: _SecondFactorEntry
    unified: _UnifiedEntry
    leave_days: PositiveInt
    throttle: dict[ThrottleKind, _ThrottleEntry]

    def policy(self, *, demonstration: bool) -> AccountPolicy:
        plain = {name: getattr(self, name) for name in type(self).model_fields if name not in _OWN_TABLES}
        factor = self.second_factor
        return AccountPolicy(
            **plain,
            second_factor=factor.demonstration if demonstration else factor.production,
            factor_roles=factor.roles,
            password_beside_provider=self.unified.password_beside,
            provider_factors=self.unified.counts_as_factor,
            throttles={kind: self.throttle[kind].throttle() for kind in ThrottleKind},
        )


_OWN_TABLES = frozenset({"second_factor", "throttle", "unified"})


def load_account_policy(path: Path, *, demonstration: bool) -> AccountPolicy:
    """Read `accounts.toml` as it holds for a demonstration, or not. Raises BadConfiguration."""
    try:
        read = _AccountsFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        return read.policy(demonstration=demonstration)
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadConfiguration(path, problem=str(error)) from error
    except WarnedTooEarly as error:
        raise BadConfiguration(path, problem=WARNED_TOO_EARLY) from error
    except KeyError as error:
        raise BadConfiguration(path, problem=f"no entry for throttle.{error.args[0]}") from error


def load_common_passwords(path: Path) -> frozenset[str]:
    """Read the passwords that nobody may choose, a line each."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def load_calendar(path: Path) -> WorkdayCalendar:
    """Read `calendar.toml`. Raises BadConfiguration."""
    try:
        notices, lunar = read_calendar_file(path.read_text(encoding="utf-8"))
    except CalendarFileUnreadable as error:
        raise BadConfiguration(path, problem=f"{error.facts['place']}: {error.facts['problem']}") from error
    return WorkdayCalendar(notices, lunar=lunar)
