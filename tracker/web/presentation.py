"""Turn rows and times into what a page shows: lights with words, days with weekdays."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.bootstrap import Services
from tracker.domain.calendar import SHANGHAI, end_of_day, local_day
from tracker.domain.items import CadenceKind
from tracker.domain.lifecycle import AssignmentState, PeriodState, TaskState
from tracker.domain.lights import Light, LightColour, LightFacts, LightReason, light
from tracker.messages import day_words, light_sentence, period_label
from tracker.store.queries.worklists import OwedPeriod

_NAMES = {
    LightColour.RED: "逾期",
    LightColour.YELLOW: "预警",
    LightColour.GREEN: "正常",
    LightColour.BLUE: "办结",
    LightColour.GREY: "未启动",
}
_REASON_NAMES = {
    LightReason.DUE_SOON: "临期",
    LightReason.RETURNED: "退回待补",
    LightReason.RECEIPT_OVERDUE: "待签收",
    LightReason.MISSED: "漏报",
    LightReason.CONTINUOUS: "持续",
    LightReason.ACCEPTED: "通过",
}


@dataclass(frozen=True, slots=True)
class ShownLight:
    colour: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class OwedLine:
    """One row of a list of owed periods."""

    period_id: int
    task_id: int
    unit_name: str
    light: ShownLight
    title: str
    source: str
    period: str
    due: str
    is_overdue: bool
    is_today: bool
    is_soon: bool
    is_returned: bool
    awaits_sign_off: bool


def show(found: Light) -> ShownLight:
    """Name a light and say why it burns."""
    name = _REASON_NAMES.get(found.reason, _NAMES[found.colour])
    return ShownLight(found.colour.value, name, light_sentence(found))


def owed_light(row: OwedPeriod, *, now: datetime, services: Services) -> Light:
    """Decide the light of an owed period."""
    facts = LightFacts(
        task_state=TaskState(row.task_state),
        assignment_state=AssignmentState(row.assignment_state),
        now=now,
        period_state=PeriodState(row.period_state),
        due_at=row.due_at,
        in_office_since=row.extension_asked_at,
        extension_pending=row.extension_asked_at is not None,
        continuous=row.kind == CadenceKind.CONTINUOUS.value,
    )
    return light(facts, calendar=services.calendar, policy=services.policy)


def owed_line(row: OwedPeriod, *, now: datetime, services: Services) -> OwedLine:
    """Shape an owed period for a list."""
    today = local_day(now)
    left = services.calendar.workdays_between(today, row.due_on) if row.due_on else None
    is_overdue = row.due_at is not None and row.due_at <= now
    return OwedLine(
        period_id=row.period_id,
        task_id=row.task_id,
        unit_name=row.unit_name,
        light=show(owed_light(row, now=now, services=services)),
        title=row.item_title,
        source=f"{row.document_number} · {row.item_label}",
        period=period_label(row.code),
        due=day_words(row.due_on) if row.due_on else "不设时限",
        is_overdue=is_overdue,
        is_today=not is_overdue and row.due_at is not None and row.due_at <= end_of_day(today),
        is_soon=not is_overdue and left is not None and left <= services.policy.warn_workdays,
        is_returned=row.period_state == PeriodState.RETURNED.value,
        awaits_sign_off=row.awaiting_sign_off,
    )


def clock_words(at: datetime) -> str:
    """Write a time as 2022年11月1日 09:00, Shanghai wall clock."""
    local = at.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def date_words(day: date) -> str:
    """Write a day as 2022年11月1日 星期二."""
    return f"{day.year}年{day.month}月{day.day}日 星期{'一二三四五六日'[day.weekday()]}"
