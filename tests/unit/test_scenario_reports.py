"""What units of a scenario write: facts of working days, whole counts, values that fit what they claim."""

from dataclasses import replace
from datetime import date

import pytest

from seeds.scenarios.accounts import Matter, TargetToReport, entry_for
from seeds.scenarios.scenario import Conduct
from tests.support.office import CALENDAR
from tracker.domain.claims import Claim, RowContent, row_faults
from tracker.domain.entries import Entry

AFTER_THE_HOLIDAY = date(2022, 10, 9)


def _written(share: int, *, op: str = ">=", unit: str = "次") -> Entry:
    target = TargetToReport(1, "招商次数", op, 3.0, unit, "per_period")
    matter = Matter(share, "外出招商", scheduled=True, counts_cases=False, targets=(target,), asked=())
    return entry_for(matter, conduct=Conduct.PUNCTUAL, final=False, day=AFTER_THE_HOLIDAY, calendar=CALENDAR)


@pytest.mark.parametrize(("op", "unit"), [(">=", "次"), (">=", "%"), ("<=", "件"), ("=", "个")])
def test_a_value_is_on_the_side_of_its_goal_that_the_claim_says(op: str, unit: str) -> None:
    entries = [_written(share, op=op, unit=unit) for share in range(100)]
    assert {entry.content.claim for entry in entries} == {Claim.BEHIND, Claim.ON_SCHEDULE}
    for entry in entries:
        value = entry.values[1][0]
        reached = value <= 3 if op == "<=" else value >= 3
        assert reached == (entry.content.claim is Claim.ON_SCHEDULE), (value, entry.content.claim)


def test_what_has_come_in_does_not_go_away_and_nobody_who_was_ahead_says_that_he_is_behind() -> None:
    claims = set[Claim | None]()
    for share in range(100):
        target = TargetToReport(1, "到位省外资金", ">=", 365.0, "亿元", "cumulative")
        for month in range(1, 13):
            matter = Matter(share, "招商引资", scheduled=True, counts_cases=False, targets=(target,), asked=())
            day = date(2022, month, 20)
            entry = entry_for(matter, conduct=Conduct.PUNCTUAL, final=False, day=day, calendar=CALENDAR)
            value = entry.values[1][0]
            assert value >= target.told
            assert (value < day.timetuple().tm_yday) == (entry.content.claim is Claim.BEHIND)
            claims.add(entry.content.claim)
            target = replace(target, told=value)
    assert claims == {Claim.BEHIND, Claim.ON_SCHEDULE}


def test_nothing_is_counted_in_halves_and_each_report_states_enough() -> None:
    for share in range(100):
        entry = _written(share)
        assert entry.values[1][0] == int(entry.values[1][0])
        told: RowContent = entry.content
        assert not row_faults(
            told, numeric=False, scheduled=True, behind_by_value=told.claim is Claim.BEHIND, final=False
        )


def test_nobody_met_on_a_holiday() -> None:
    days_off = {f"10月{day}日" for day in range(1, 8)}
    said = [_written(share).content.text for share in range(100)]
    assert not [text for text in said if any(day in text for day in days_off)]
    assert len({text[10:14] for text in said}) > 3
