"""The office's own clocks: how long a decision has waited, in words and with a colour."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.calendar import at_local, local_day
from tracker.domain.light_kinds import Light, LightColour
from tracker.services import Services
from tracker.wording.lights import light_sentence
from tracker.wording.moments import day_words, inclusive

_LIGHT_NAMES = {
    LightColour.RED: "逾期",
    LightColour.YELLOW: "预警",
    LightColour.GREEN: "正常",
    LightColour.BLUE: "办结",
    LightColour.GREY: "未启动",
}


@dataclass(frozen=True, slots=True)
class ShownLight:
    colour: str
    name: str
    why: str


def shown_light(light: Light, *, today: date) -> ShownLight:
    """Name a light and say why it burns."""
    return ShownLight(light.colour.value, _LIGHT_NAMES[light.colour], light_sentence(light, today=today))


@dataclass(frozen=True, slots=True)
class OfficeClock:
    """Until when the office is to decide; `why` says the day and how it stands."""

    colour: str
    name: str
    why: str


def office_clock(since: datetime, *, workdays: int, now: datetime, services: Services) -> OfficeClock:
    """Say how a decision stands that came in at `since` and is due `workdays` working days later, that day included."""
    until = services.calendar.add_workdays(local_day(since), workdays)
    today = local_day(now)
    if today > until:
        late = services.calendar.workdays_between(until, today)
        over = f"，已超{late}个工作日" if late else ""
        return OfficeClock(LightColour.RED.value, "超期", f"应于{inclusive(until, today=today)}前办理{over}")
    if today == until:
        return OfficeClock(LightColour.YELLOW.value, "今日截止", f"{inclusive(until, today=today)}前办理")
    return OfficeClock(LightColour.GREEN.value, "在限内", f"{inclusive(until, today=today)}前办理")


def day_off_words(day: date | None, *, services: Services) -> str:
    """Say of a due day that it is a day off, and which working day is the last before it; empty of any other."""
    if day is None or services.calendar.is_workday(day):
        return ""
    today = local_day(services.clock.now())
    last = day_words(services.calendar.previous_workday(day), today=today)
    return f"{day_words(day, today=today)}不是工作日，此前最后一个工作日是{last}。"


def late_before(*, workdays: int, now: datetime, services: Services) -> datetime:
    """Return the time before which what came in, and is not decided by now, is past the office's clock."""
    return at_local(services.calendar.add_workdays(local_day(now), -workdays), 0, 0)
