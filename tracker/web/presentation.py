"""Turn rows and times into what a page shows: lights with words, days with weekdays and 「（含）」."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.calendar import WorkdayCalendar, end_of_day, full_date, local_day
from tracker.domain.deadlines import due_day
from tracker.domain.owed import Owed, OwedKind
from tracker.services import Services
from tracker.store.queries.form_views import FormView
from tracker.store.queries.owed_lists import OwedForm, OwedItem, OwedLine, Returned
from tracker.wording.digests import beside_words, form_words
from tracker.wording.endings import form_end_words
from tracker.wording.moments import day_words, due_words, lateness_words, left_words, owed_words
from tracker.wording.periods import period_label

_NAMED = 3


@dataclass(frozen=True, slots=True)
class ShownLight:
    colour: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class BesideLine:
    """What a series is asked for besides the form of its line, with the reasons of what came back."""

    period_id: int
    period: str
    words: str
    returned: tuple[Returned, ...]
    returned_in_all: int
    act: str
    name: str
    is_returned: bool
    is_today: bool
    awaits_sign_off: bool


@dataclass(frozen=True, slots=True)
class MendLine:
    """A form of a series of which the liaison still has a report to correct, with the reasons of what came back."""

    period: str
    light: ShownLight
    returned: tuple[Returned, ...]
    returned_in_all: int


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of a list: a series that owes something, with what filing the form of the line does not settle.

    `to_mend` are its forms that came back, not where what was corrected waits for the signature.
    """

    series_id: int
    period_id: int
    unit_name: str
    light: ShownLight
    title: str
    items: tuple[OwedItem, ...]
    more: int
    returned: tuple[Returned, ...]
    returned_in_all: int
    source: str
    period: str
    addressee: str | None
    due: str
    due_on: date
    due_note: str
    name: str
    run: int
    is_overdue: bool
    is_returned: bool
    is_today: bool
    is_soon: bool
    awaits_sign_off: bool
    act: str
    beside: tuple[BesideLine, ...]
    to_mend: tuple[MendLine, ...]

    @property
    def has_returned(self) -> bool:
        """Whether a report of the series came back and is to be corrected."""
        return self.is_returned or any(one.is_returned for one in self.beside)


def light_of(form: OwedForm, *, now: datetime, calendar: WorkdayCalendar, warn_workdays: int) -> ShownLight:
    """Decide how an owed form is lit: red once overdue, yellow where it came back or is nearly due."""
    due_at, today = form.owed.due_at, local_day(now)
    due_on = due_day(due_at)
    if form.owed.since is not None:
        words = owed_words(form.owed, at=now, workdays=calendar.workdays_between(due_on, today))
        return ShownLight("red", "未补正" if form.is_correction else "逾期", words)
    left = calendar.workdays_between(today, due_on)
    if form.is_correction:
        return ShownLight("yellow", "退回补正", f"{due_words(due_at, today=today)}前补正")
    if left <= warn_workdays:
        return ShownLight("yellow", "今日截止" if due_on == today else "临期", "尚未报送")
    return ShownLight("green", "可以报送", left_words(due_at, at=now, workdays=left))


def list_line(line: OwedLine, *, now: datetime, services: Services) -> ListLine:
    """Shape what a series owes for a list."""
    today, due_on = local_day(now), due_day(line.owed.due_at)
    left = services.calendar.workdays_between(today, due_on)
    overdue = line.owed.since is not None
    return ListLine(
        series_id=line.series_id,
        period_id=line.period_id,
        unit_name=line.unit_name,
        light=_light(line, now=now, services=services),
        title=line.document_title,
        items=line.items[:_NAMED],
        more=len(line.items) - len(line.items[:_NAMED]),
        returned=line.returned[:_NAMED],
        returned_in_all=len(line.returned),
        source=line.document_number,
        period=period_label(line.code),
        addressee=line.addressee,
        due=due_words(line.owed.due_at, today=today),
        due_on=due_on,
        due_note=_due_note(line.owed, now=now, workdays=left),
        name=form_words(document=line.document_number, items=[item.label for item in line.items], period=line.code),
        run=0 if line.is_correction else line.owed.run,
        is_overdue=overdue,
        is_returned=line.is_correction,
        is_today=_is_today(line.owed, now=now),
        is_soon=not overdue and left <= services.policy.warn_workdays,
        awaits_sign_off=line.awaiting_sign_off,
        act=_act(line),
        beside=tuple(_beside(line, form, now=now, services=services) for form in line.beside),
        to_mend=_to_mend(line, now=now, services=services),
    )


def _light(form: OwedForm, *, now: datetime, services: Services) -> ShownLight:
    return light_of(form, now=now, calendar=services.calendar, warn_workdays=services.policy.warn_workdays)


def _to_mend(line: OwedLine, *, now: datetime, services: Services) -> tuple[MendLine, ...]:
    """Return each form once: rows of one that are corrected by different moments all stand under the first."""
    back: dict[int, OwedForm] = {}
    for form in line.forms:
        if form.is_correction and not form.awaiting_sign_off:
            back.setdefault(form.period_id, form)
    return tuple(
        MendLine(
            period=period_label(form.code),
            light=_light(form, now=now, services=services),
            returned=form.returned[:_NAMED],
            returned_in_all=len(form.returned),
        )
        for form in back.values()
    )


def _beside(line: OwedLine, form: OwedForm, *, now: datetime, services: Services) -> BesideLine:
    workdays = abs(services.calendar.workdays_between(local_day(now), due_day(form.owed.due_at)))
    # The line itself gives the reasons of all rows of its own form.
    returned = form.returned if form.is_correction and form.period_id != line.period_id else ()
    return BesideLine(
        period_id=form.period_id,
        period=period_label(form.code),
        words=beside_words(form.owed, form.labels, at=now, workdays=workdays),
        returned=returned[:_NAMED],
        returned_in_all=len(returned),
        act=_act(form),
        name=form_words(document=line.document_number, items=[item.label for item in form.items], period=form.code),
        is_returned=form.is_correction,
        is_today=_is_today(form.owed, now=now),
        awaits_sign_off=form.awaiting_sign_off,
    )


def _act(form: OwedForm) -> str:
    """Name what the unit may do with a form that is asked for."""
    if form.awaiting_sign_off:
        return "查看"
    names = {OwedKind.CORRECTION: "补正", OwedKind.UNREPORTED: "补报", OwedKind.DUE: "填报"}
    return names[form.owed.kind]


def _is_today(owed: Owed, *, now: datetime) -> bool:
    return owed.since is None and owed.due_at <= end_of_day(local_day(now))


def form_title(view: FormView, *, now: datetime, calendar: WorkdayCalendar) -> str:
    """Say in one sentence when a form must leave the unit, or why nothing of it can be written any more."""
    head = view.head
    if view.over:
        return _over(view)
    if view.paused:
        return "所列事项已中止办理，恢复前不用报送"
    due_at = view.moment or head.due_at
    due_on, today = due_day(due_at), local_day(now)
    day = due_words(due_at, today=today)
    if view.waiting_filing_id is not None:
        return f"已送本单位负责人审签，{f'应于{day}前报出，已过' if due_at <= now else f'{day}前报出'}"
    if due_at <= now:
        late = lateness_words(due_at, at=now, workdays=calendar.workdays_between(due_on, today))
        return _past_due(view, f"应于{day}前报送，{late}")
    if head.opens_at > now:
        opens = f"{day_words(local_day(head.opens_at), today=today)}起收"
        if due_at <= head.opens_at:  # only what says that work is done is owed so early
            return f"{day}前报送，只报标有“办结”的行；其余各行{opens}"
        return f"{day}前报送，{opens}；标有“办结”的行随时可报"
    if due_on == today:
        return f"今天须送出，{day}前"
    left = left_words(due_at, at=now, workdays=calendar.workdays_between(today, due_on))
    return f"{day}前报送，{left}"


def _over(view: FormView) -> str:
    filed = f"本期已于{full_date(local_day(view.head.frozen_at))}报出" if view.head.frozen_at else ""
    if view.end is None:
        return f"{filed or '本期没有可报的事项'}，没有要填写的内容"
    ended = form_end_words(view.end.state, view.end.cause, reason=view.end.reason)
    return "；".join(part for part in (filed, f"{full_date(local_day(view.end.at))}{ended}，不能再填报") if part)


def _past_due(view: FormView, late: str) -> str:
    """Say what a form owes whose own moment is past: rows may have later moments, lie with the office, or be back."""
    tick = view.tick is not None and view.tick.state == "open" and view.tick.overdue
    if tick or any(row.state == "open" and row.overdue for row in view.rows):
        return late
    if any(row.state == "returned" for row in view.rows) or (view.tick is not None and view.tick.state == "returned"):
        return "本期已报出，退回的行按各行时限补正"
    return "现在没有逾期的行，未报的行按各行时限报送"


def date_words(day: date) -> str:
    """Write a day as 2022年11月1日 星期二."""
    return f"{full_date(day)} 星期{'一二三四五六日'[day.weekday()]}"


def _due_note(owed: Owed, *, now: datetime, workdays: int) -> str:
    if owed.since is not None:
        return ""
    today = due_day(owed.due_at) == local_day(now)
    return "今天" if today else left_words(owed.due_at, at=now, workdays=workdays)
