"""What the address asks of the ledger of tasks: which lines, in which order, with which columns.

The address is the whole question, so that a link or a kept view gives the same lines again. A day that is none, and a
choice that the page does not offer, are refused: else it would show more than was asked for as if it were all of it.
An order or a column that there is not is passed over.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from tracker.domain.calendar import local_day
from tracker.domain.courts import Holder
from tracker.domain.deadlines import due_day
from tracker.domain.entered import clean_words, read_day
from tracker.domain.items import AssignmentRole, LeadBasis, chapter_of
from tracker.domain.light_kinds import LightColour
from tracker.domain.progress import Work
from tracker.store.queries.task_ledger import LedgerTask
from tracker.web.form_fields import choice_in, read_id

_Choice = TypeVar("_Choice", bound=StrEnum)
_LONGEST_WORDS = 60
_COLOURS = tuple(LightColour)
_WORKS = tuple(Work)
_HOLDERS = tuple(Holder)


class Term(StrEnum):
    """When something that is owed is due, by today: so that a kept view goes with the time."""

    TODAY = "today"
    WEEK = "week"
    NEXT_WEEK = "next_week"


class Receipt(StrEnum):
    """Whether somebody has not signed for a share yet 「未签收」, at all or in time."""

    OPEN = "open"
    LATE = "late"


class Column(StrEnum):
    """What may be shown of a task besides its document and its words, in the order of the page."""

    LEAD = "lead"
    BASIS = "basis"
    WORK = "work"
    LIGHTS = "lights"
    COURT = "court"
    FACT = "fact"
    DUE = "due"
    DEADLINE = "deadline"
    RHYTHM = "rhythm"


class Sort(StrEnum):
    LIGHT = "light"
    DOCUMENT = "document"
    LEAD = "lead"
    WORK = "work"
    COURT = "court"
    DUE = "due"
    DEADLINE = "deadline"


USUAL_COLUMNS = tuple(one for one in Column if one is not Column.BASIS)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerQuestion:
    """What is asked; `late` asks for what is overdue for more working days than that, `mine` for what one handles."""

    document_id: int | None = None
    chapter: str = ""
    unit_id: int | None = None
    role: AssignmentRole | None = None
    basis: LeadBasis | None = None
    work: Work | None = None
    light: LightColour | None = None
    holder: Holder | None = None
    term: Term | None = None
    receipt: Receipt | None = None
    since: date | None = None
    until: date | None = None
    late: int | None = None
    key: bool = False
    mine: bool = False
    words: str = ""
    sort: Sort = Sort.LIGHT
    backwards: bool = False
    columns: tuple[Column, ...] = USUAL_COLUMNS

    def address(self, way: str, **more: object) -> str:
        """Return where this question is asked; `more` stands behind it."""
        asked = [*self.pairs(), *((name, str(value)) for name, value in more.items())]
        return f"{way}?{urlencode(asked)}" if asked else way

    def pairs(self) -> list[tuple[str, str]]:
        """Return the question as an address names it; what asks nothing is left out."""
        asked = {
            "document": self.document_id,
            "chapter": self.chapter,
            "unit": self.unit_id,
            "role": self.role,
            "basis": self.basis,
            "class": self.work,
            "light": self.light,
            "court": self.holder,
            "due": self.term,
            "receipt": self.receipt,
            "from": self.since,
            "to": self.until,
            "late": self.late,
            "key": 1 if self.key else None,
            "mine": 1 if self.mine else None,
            "q": self.words,
            "sort": f"{'-' if self.backwards else ''}{self.sort}" if (self.sort, self.backwards) != _USUAL else None,
        }
        shown = [] if self.columns == USUAL_COLUMNS else [("show", one.value) for one in self.columns]
        return [(name, str(value)) for name, value in asked.items() if value] + shown

    def of_class(self, work: Work | None) -> "LedgerQuestion":
        return replace(self, work=work)

    def sorted_by(self, sort: Sort) -> "LedgerQuestion":
        """Return the question in another order; the present one turned round."""
        return replace(self, sort=sort, backwards=sort is self.sort and not self.backwards)


_USUAL = (Sort.LIGHT, False)


def read_question(args: "MultiDict[str, str]") -> LedgerQuestion:
    """Return what an address asks. Raises NotADay, DayOutOfBounds, NoSuchChoice."""
    sort = args.get("sort", "")
    shown = {one for text in args.getlist("show") if (one := _choice(text, Column))}
    document_id = read_id(args.get("document", ""))
    return LedgerQuestion(
        document_id=document_id,
        chapter=clean_words(args.get("chapter", ""))[:10] if document_id else "",
        unit_id=read_id(args.get("unit", "")),
        role=choice_in(args.get("role", ""), AssignmentRole, field="角色"),
        basis=choice_in(args.get("basis", ""), LeadBasis, field="责任类别"),
        work=choice_in(args.get("class", ""), Work, field="办理情况"),
        light=choice_in(args.get("light", ""), LightColour, field="灯"),
        holder=choice_in(args.get("court", ""), Holder, field="球在谁手里"),
        term=choice_in(args.get("due", ""), Term, field="应报"),
        receipt=choice_in(args.get("receipt", ""), Receipt, field="签收"),
        since=_day(args.get("from", ""), "应报自"),
        until=_day(args.get("to", ""), "应报至"),
        late=read_id(args.get("late", "")),
        key=args.get("key", "") == "1",
        mine=args.get("mine", "") == "1",
        words=clean_words(args.get("q", ""))[:_LONGEST_WORDS],
        sort=_choice(sort.removeprefix("-"), Sort) or Sort.LIGHT,
        backwards=sort.startswith("-"),
        columns=tuple(one for one in Column if one in shown) or USUAL_COLUMNS,
    )


def _choice(text: str, choices: type[_Choice]) -> _Choice | None:
    return choices(text) if text in set(choices) else None


def _day(text: str, field: str) -> date | None:
    return read_day(text, field=field) if text.strip() else None


def asked_for(
    question: LedgerQuestion, tasks: Iterable[LedgerTask], *, now: datetime, user_id: int | None
) -> list[LedgerTask]:
    """Return the tasks that a question asks for by everything but its words and its class, in reading order.

    `user_id` is who asks, for those that he handles.
    """
    first, last = _between(question, local_day(now))
    return [
        one
        for one in tasks
        if question.document_id in (None, one.standing.document_id)
        and question.chapter in ("", chapter_of(one.standing.label))
        and _has_part(one, question)
        and question.basis in (None, one.lead_basis)
        and question.light in (None, one.standing.lights.shown.colour)
        and question.holder in (None, one.court.holder)
        and _is_unsigned(one, question, now)
        and (question.late is None or one.standing.lights.workdays_late > question.late)
        and (not question.key or one.key_reason is not None)
        and (not question.mine or (one.handler is not None and one.handler.person_id == user_id))
        and _is_due(one, first, last)
    ]


def _has_part(task: LedgerTask, question: LedgerQuestion) -> bool:
    """Tell whether the unit has the part that is asked for; without a unit, whether the viewer's own has it."""
    if question.unit_id is None:
        return question.role is None or task.own_role in (None, question.role)
    is_lead, is_support = question.unit_id in task.leads, question.unit_id in task.supports
    return {None: is_lead or is_support, AssignmentRole.LEAD: is_lead}.get(question.role, is_support)


def _is_unsigned(task: LedgerTask, question: LedgerQuestion, now: datetime) -> bool:
    """Tell whether a receipt is wanting as it is asked for: of the unit that is asked for, else of any."""
    if question.receipt is None:
        return True
    of = [one for unit_id, one in task.unsigned.items() if question.unit_id in (None, unit_id)]
    return any(question.receipt is Receipt.OPEN or one.due_at <= now for one in of)


def _between(question: LedgerQuestion, today: date) -> tuple[date, date]:
    """Return the first and the last day of what is asked for."""
    first, last = question.since or date.min, question.until or date.max
    monday = today - timedelta(days=today.weekday())
    terms = {
        Term.TODAY: (today, today),
        Term.WEEK: (monday, monday + timedelta(days=6)),
        Term.NEXT_WEEK: (monday + timedelta(days=7), monday + timedelta(days=13)),
    }
    begins, ends = terms.get(question.term, (first, last)) if question.term else (first, last)
    return max(first, begins), min(last, ends)


def _is_due(task: LedgerTask, first: date, last: date) -> bool:
    if (first, last) == (date.min, date.max):
        return True
    return any(not due.stopped and first <= due_day(due.at) <= last for due in task.dues)


def in_order(question: LedgerQuestion, tasks: Sequence[LedgerTask]) -> list[LedgerTask]:
    """Return tasks as a question orders them; those alike stay in reading order, turned round or not."""
    keys: dict[Sort, Callable[[LedgerTask], Any]] = {  # Any: what can be compared with its like
        Sort.LIGHT: _by_light,
        Sort.DOCUMENT: lambda one: 0,
        Sort.LEAD: lambda one: tuple(one.leads.values()),
        Sort.WORK: lambda one: _WORKS.index(one.standing.work.work),
        Sort.COURT: _by_court,
        Sort.DUE: lambda one: _day_or_last(due_day(one.due.at) if one.due and not one.due.stopped else None),
        Sort.DEADLINE: lambda one: _day_or_last(one.deadline_on),
    }
    if question.sort is Sort.DOCUMENT:
        return list(reversed(tasks)) if question.backwards else list(tasks)
    return sorted(tasks, key=keys[question.sort], reverse=question.backwards)


def _by_light(task: LedgerTask) -> tuple[int, float]:
    """Order by the worse light, of red ones the longest overdue first."""
    shown = task.standing.lights.shown
    due_at = shown.facts.get("due_at")
    late = shown.colour is LightColour.RED and due_at is not None
    return _COLOURS.index(shown.colour), due_at.timestamp() if late else 0.0  # type: ignore[attr-defined]


def _by_court(task: LedgerTask) -> tuple[int, date]:
    since = task.court.since
    return _HOLDERS.index(task.court.holder), local_day(since) if since else date.max


def _day_or_last(day: date | None) -> date:
    return day or date.max
