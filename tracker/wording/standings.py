"""How a number stands against its schedule, in words."""

from tracker.domain.entered import enough_text, number_text
from tracker.domain.items import Measure
from tracker.domain.schedule import ScheduledTarget, Standing, StandingKind

_PERCENT = frozenset({"%", "％"})
AGAINST_SCHEDULE = {
    StandingKind.ON: "达序时",
    StandingKind.BEHIND: "未达序时",
    StandingKind.EXCESS: "超出规定数",
    StandingKind.UNKNOWN: "没有可比的序时",
}


def standing_words(target: ScheduledTarget, held: Standing, *, unit: str | None) -> str:
    """Say what was expected on the day of a value and how far it is from that: 应达20.25亿元，多0.35亿元.

    What a count lacks while its window runs there is time for 「本期未满」.
    """
    if held.value is None or held.expected is None:
        return "尚无序时要求" if held.kind is StandingKind.ON else ""
    shown = enough_text(held.expected, beside=held.value)
    expected = f"{shown}{unit or ''}"
    if target.is_limit:
        wanted, more, less = f"应不超过{expected}", "超出", "低"
    elif target.falls:
        wanted, more, less = f"应降至{expected}", "高", "低"
    else:
        wanted, more, less = f"应达{expected}", "多", "差"
    wanted += "（督查室设定）" if held.by_office else ""
    far = round(held.value - float(shown), 6)  # from what is shown, so that whoever subtracts finds the same
    counted = target.measure is Measure.PER_PERIOD and not target.is_limit
    if counted and held.kind is StandingKind.ON and far < 0:
        return f"{wanted}，本期未满，还差{number_text(-far)}{gap_unit(unit)}"
    return f"{wanted}，{more if far > 0 else less}{number_text(abs(far))}{gap_unit(unit)}" if far else wanted


def gap_unit(unit: str | None) -> str:
    """Return in what the difference of two values is told: two rates lie percentage points apart, not percent."""
    return "个百分点" if unit in _PERCENT else unit or ""
