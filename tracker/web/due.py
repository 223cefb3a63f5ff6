"""The calendar of what is due 「到期日历」: a month of days, and for whoever oversees all units the list of a day."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.calendar import at_local, local_day
from tracker.store.queries.co_issuers import CoIssuer, open_countersigns, to_countersign
from tracker.store.queries.due_days import (
    DueForm,
    count_due,
    due_forms,
    page_of_due,
    requested_since,
    under_review_since,
)
from tracker.store.queries.inquiries import asked_of_units, to_coordinate
from tracker.store.queries.namings import open_namings
from tracker.store.queries.served_papers import ServedPaper, awaited_answers, papers_with_units
from tracker.store.queries.units import units_acted_for, units_read_for
from tracker.web.access import EVERYBODY, UNITS, acted_for, actor, allow, services
from tracker.web.paging import paging
from tracker.wording.codes import CIRCULAR_NAMES
from tracker.wording.moments import day_words
from tracker.wording.periods import period_label

pages = Blueprint("due", __name__)
_PAGE = 50
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is due on a day and where it is done; `note` says how it stands."""

    words: str
    address: str
    note: str = ""
    is_late: bool = False


@dataclass(slots=True)
class Day:
    """A day of the page; `mark` is 休 on a day off in the week, 班 on a make-up day."""

    on: date
    in_month: bool
    is_workday: bool
    mark: str
    is_today: bool
    entries: list[Entry] = field(default_factory=list)


@pages.get("/due")
@allow(*EVERYBODY - {Role.READER})
def show() -> ResponseReturnValue:
    """Show a month, or to the office and the leaders a day of it."""
    now = services().clock.now()
    asked = _asked_day()
    if asked is not None and actor().role not in UNITS:
        return _show_day(asked, now=now)
    first, entries = due_in_month()
    following = _month_after(first)
    days = [_day(on, first, entries, today=local_day(now)) for on in _page_of(first, following)]
    return render_template(
        "web/due/month.html",
        first=first,
        before=(first - timedelta(days=1)).replace(day=1),
        after=following,
        weeks=[days[start : start + 7] for start in range(0, len(days), 7)],
        count=sum(len(day.entries) for day in days if day.in_month),
        estimated=services().calendar.is_estimated(first),
        own=actor().role in UNITS,
    )


def due_in_month() -> tuple[date, Mapping[date, Sequence[Entry]]]:
    """Return the first day of the month that the address asks for, else of this one, and what is due on its days."""
    now = services().clock.now()
    first = _asked_month() or local_day(now).replace(day=1)
    return first, _entries(first, _month_after(first), now=now)


def _show_day(on: date, *, now: datetime) -> ResponseReturnValue:
    since, until = at_local(on, 0, 0), at_local(on + timedelta(days=1), 0, 0)
    with services().database.reading() as session:
        units = acted_for(session)
        total = sum(count_due(session, unit_ids=units, since=_after(since), until=_after(until)).values())
        part = paging(total, size=_PAGE)
        forms = page_of_due(
            session,
            unit_ids=units,
            since=_after(since),
            until=_after(until),
            limit=part.length,
            offset=part.first,
        )
    lines = [(form, _words(form), *_note(form, now=now)) for form in forms]
    return render_template("web/due/day.html", on=on, lines=lines, total=total, paging=part)


def _entries(first: date, following: date, *, now: datetime) -> dict[date, list[Entry]]:
    since, until = _after(at_local(first, 0, 0)), _after(at_local(following, 0, 0))
    found: dict[date, list[Entry]] = defaultdict(list)
    with services().database.reading() as session:
        if actor().role in UNITS:
            mine = units_acted_for(session, actor().unit_id)
            for form in due_forms(session, unit_ids=mine, since=since, until=until):
                address = url_for("filing.form", period_id=form.period_id)
                note, is_late = _note(form, now=now)
                found[form.day].append(Entry(_words(form), address, note, is_late))
            for one in asked_of_units(session, unit_ids=mine):
                unit = one.units[0]
                note = "已填报，待审签" if unit.waiting else "负责人退回" if unit.sent_back else ""
                address = url_for("inquiries.answer_form", asked_id=unit.asked_id)
                kind = "协办" if one.instruction_id is None else "领导批示"
                words = f"{kind}：{one.document_number}{one.item_label}"
                found[one.answer_by].append(Entry(words, address, note, one.answer_by < local_day(now)))
            read = units_read_for(session, actor().unit_id)
            head = actor().role is Role.UNIT_HEAD
            for naming in open_namings(session, unit_ids=read, today=local_day(now), head=head):
                address = url_for("namings.show", naming_id=naming.naming_id)
                found[naming.answer_by].append(Entry("核对拟通报内容", address))
            _add_countersigns(to_countersign(session, unit_ids=read), found, today=local_day(now))
            _add_answers(papers_with_units(session, unit_ids=read), found, today=local_day(now))
        else:
            for day, count in count_due(session, unit_ids=acted_for(session), since=since, until=until).items():
                address = url_for("due.show", day=day.isoformat())
                found[day].append(Entry(f"各单位报送{count}份", address, is_late=day < local_day(now)))
            if actor().role is Role.SUPERVISOR:
                _add_countersigns(open_countersigns(session), found, today=local_day(now))
                _add_answers(awaited_answers(session), found, today=local_day(now))
                _add_own_clocks(session, found, today=local_day(now))
    return found


def _add_own_clocks(session: Session, found: dict[date, list[Entry]], *, today: date) -> None:
    """Add what the office itself is to decide, by the last day that it has for it."""
    policy, calendar = services().policy, services().calendar
    coordinated = [
        (one.coordination_at or one.asked_at, 1) for one in to_coordinate(session, unit_ids=acted_for(session))
    ]
    clocks = (
        ("审核", under_review_since(session), policy.review_workdays),
        ("批复延期、异议", requested_since(session), policy.extension_workdays),
        ("协调", coordinated, policy.coordination_workdays),
    )
    for name, since, workdays in clocks:
        counts: dict[date, int] = defaultdict(int)
        for at, count in since:
            counts[calendar.add_workdays(local_day(at), workdays)] += count
        for day, count in counts.items():
            entry = Entry(f"{name}{count}件", url_for("review.queue"), "督查室时限", day < today)
            found[day].append(entry)


def _add_countersigns(asked: Sequence[CoIssuer], found: dict[date, list[Entry]], *, today: date) -> None:
    """Add what heads are asked to countersign, by the day on which it is wanted."""
    for one in asked:
        if one.answer_by is not None:
            address = url_for("circulars.show", circular_id=one.circular_id, _anchor="h-joint")
            note = one.unit_name if actor().role is Role.SUPERVISOR else "由单位负责人会签"
            found[one.answer_by].append(Entry(f"会签{CIRCULAR_NAMES[one.type]}", address, note, one.is_late(today)))


def _add_answers(papers: Sequence[ServedPaper], found: dict[date, list[Entry]], *, today: date) -> None:
    """Add the answers to papers that units owe, by the day on which each is wanted; the office reads whose it is."""
    for paper in papers:
        if paper.answer_on is not None:
            address = url_for("circulars.show", circular_id=paper.circular_id, _anchor="h-served")
            unsigned = "答复待审签" if paper.to_sign else ""
            note = paper.unit_name if actor().role is Role.SUPERVISOR else unsigned
            words = f"答复{CIRCULAR_NAMES[paper.type]}{paper.number}"
            found[paper.answer_on].append(Entry(words, address, note, paper.is_late(today)))


def _words(form: DueForm) -> str:
    kind = "补正" if form.returned else "办结" if form.final else ""
    return f"{form.document_number} {period_label(form.code)}{kind}（{len(form.row_ids)}项）"


def _note(form: DueForm, *, now: datetime) -> tuple[str, bool]:
    """Say how a form stands, and whether it is overdue."""
    if form.due_at <= now:
        return ("未补正" if form.returned else "逾期"), True
    if now < form.opens_at < form.due_at and not form.returned:  # what is due earlier is taken earlier
        return f"{day_words(local_day(form.opens_at), today=local_day(now))}起收", False
    return "", False


def _day(on: date, first: date, entries: Mapping[date, Sequence[Entry]], *, today: date) -> Day:
    is_workday, in_week = services().calendar.is_workday(on), on.weekday() < 5
    mark = "" if is_workday == in_week else "班" if is_workday else "休"
    in_month = on.month == first.month
    return Day(on, in_month, is_workday, mark, on == today, list(entries.get(on, ())) if in_month else [])


def _page_of(first: date, following: date) -> list[date]:
    """Return the days of whole weeks, Monday first, that a month is in."""
    monday = first - timedelta(days=first.weekday())
    weeks = -(-((following - monday).days) // 7)
    return [monday + timedelta(days=number) for number in range(weeks * 7)]


def _month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _after(midnight: datetime) -> datetime:
    """Return the first moment that belongs to a day: its end, which is the next midnight, still is the day before."""
    return midnight + timedelta(microseconds=1)


def _asked_month() -> date | None:
    read = _MONTH.fullmatch(request.args.get("month", ""))
    if read is None or not 1 <= int(read[2]) <= 12 or not MINYEAR + 1 < int(read[1]) < MAXYEAR - 1:
        return None
    return date(int(read[1]), int(read[2]), 1)


def _asked_day() -> date | None:
    written = request.args.get("day", "")
    try:
        day = date.fromisoformat(written) if _DAY.fullmatch(written) else None
    except ValueError:
        return None
    return day if day is not None and MINYEAR + 1 < day.year < MAXYEAR - 1 else None
