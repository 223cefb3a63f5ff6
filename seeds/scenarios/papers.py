"""The papers of a scenario's office: by the calendar, each approved by somebody other than its drafter."""

from calendar import monthrange
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col, func

from tracker.computing import compute
from tracker.domain.accounts import EVERY_UNIT, Actor, Role
from tracker.domain.calendar import WorkdayCalendar, at_local
from tracker.domain.circulars.addressing import AskedByLetter, NobodyActs
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.editions import EditionState
from tracker.domain.circulars.figures import NothingToSay
from tracker.domain.circulars.kinds import KINDS, CircularType
from tracker.domain.circulars.new_editions import NewEdition
from tracker.domain.unit_classes import Tasking, class_of
from tracker.domain.units import UnitKind
from tracker.editions import content_kept
from tracker.paper.letterheads import Letterhead, letterhead
from tracker.rankings import ranking_head
from tracker.services import Services
from tracker.store.queries.owed_lists import overdue_lines
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.tasks import TaskRow
from tracker.store.tables.units import UnitRow, UserRow
from tracker.usecases.circulars.deciding import approve_circular, submit_circular
from tracker.usecases.circulars.drafting import draft_circular
from tracker.usecases.circulars.issuing import issue_circular
from tracker.wording.contacts import NAMES_ONE, with_contact

_EVERY = frozenset(range(1, 13))
_AFTER_A_QUARTER = frozenset({1, 4, 7, 10})
_AT_A_QUARTERS_END = frozenset({3, 6, 9, 12})
_PEOPLE = _DRAFTER, _CHIEF, _LEADER = ("ducha", "zhuren", "leader")
_BASES = {_CHIEF: "经审核，同意印发。", _LEADER: "同意。请有关单位抓好整改落实。"}
_TELEPHONE = "联系电话：0396-2600000"  # of an invented office
_LONGEST_LIST = 1_000


@dataclass(frozen=True, slots=True)
class Habit:
    """A paper that is issued on one working day of some months; a negative day counts from the month's end.

    `units` is to how many units it is written, one paper each, those first that have owed for the longest; None where
    it is about the whole city.
    """

    type: CircularType
    workday: int
    months: frozenset[int]
    units: int | None = None


HABITS = (
    Habit(CircularType.URGE, 6, _EVERY, units=2),
    Habit(CircularType.SPECIAL, 9, _AFTER_A_QUARTER),
    Habit(CircularType.NOTICE, 12, _AT_A_QUARTERS_END, units=1),
    Habit(CircularType.RECTIFICATION, 14, _AFTER_A_QUARTER, units=1),
    Habit(CircularType.SUPERVISION, 2, _EVERY),
)


class PaperOffice:
    """Issues papers on their days, in the morning, before the units act. Idempotent: what is issued stays issued.

    What people have drafted of the same type and scope in a month is theirs: the office drafts no second one.
    """

    def __init__(self, services: Services, *, begins_on: date) -> None:
        self._services, self._begins_on = services, begins_on

    def issue_habitual(self, day: date, *, but: Collection[str] = ()) -> None:
        """Issue what the habits ask for on a day, nothing in the scenario's first month, nothing to some units.

        `but` are the short names of the units that are left alone.
        """
        if (day.year, day.month) == (self._begins_on.year, self._begins_on.month):
            return
        for habit in HABITS:
            if is_day_of(habit, day, calendar=self._services.calendar):
                for scope in self._scopes(habit, day, but):
                    self._issue(habit.type, scope, day)

    def issue_assignment(self, day: date) -> None:
        """Issue an assignment paper 「交办单」 on what was issued on a day: for the document with the most tasks."""
        wanted = (
            select(col(DocumentRow.number))
            .join(TaskRow, col(TaskRow.document_id) == col(DocumentRow.id))
            .where(col(TaskRow.issued_at) >= at_local(day, 0, 0), col(TaskRow.issued_at) < at_local(day, 9, 10))
            .group_by(col(DocumentRow.id), col(DocumentRow.number))
            .order_by(func.count().desc(), col(DocumentRow.id))
        )
        with self._services.database.reading() as session:
            number = session.scalars(wanted).first()
        if number is not None:
            self._issue(CircularType.ASSIGNMENT, Scope(document=number), day)

    def issue_ranking(self, month_id: int, day: date) -> None:
        """Issue the circular about a kept month, on the paper of whoever issues it by decision."""
        scope, now = Scope(month_id=month_id), at_local(day, 9, 10)
        with self._services.database.reading() as session:
            people = _people(session)
            if len(people) < len(_PEOPLE):
                return
            head = ranking_head(session, scope, office="", as_of=now)
        new = compute(self._services, CircularType.RANKING, head, scope=scope, layout_id=None, now=now)
        with self._services.database.transaction() as session:
            self._through_the_house(session, new, head, people, day)

    def _scopes(self, habit: Habit, day: date, but: Collection[str]) -> list[Scope]:
        if habit.units is None:
            return [Scope()]
        at = at_local(day, 9, 10)
        with self._services.database.reading() as session:
            owing = [unit for unit in _owing(session, at) if unit.short_name not in but]
            written = Counter(
                session.scalars(
                    select(col(CircularRow.unit_name)).where(
                        col(CircularRow.type) == habit.type.value, col(CircularRow.as_of) < at
                    )
                ).all()
            )
        # Whoever was written to least comes first: the same unit is not urged each month while others go free.
        chosen = sorted(owing, key=lambda unit: written[unit.full_name])[: habit.units]
        return [Scope(unit=unit.full_name) for unit in chosen]

    def _issue(self, kind: CircularType, scope: Scope, day: date) -> None:
        with self._services.database.reading() as session:
            people = _people(session)
            if _has_one(session, kind, scope, since=at_local(day.replace(day=1), 0, 0)) or len(people) < len(_PEOPLE):
                return
        head = letterhead(kind)
        with suppress(NothingToSay, AskedByLetter, NobodyActs):
            new = compute(self._services, kind, head, scope=scope, layout_id=None, now=at_local(day, 9, 10))
            with self._services.database.transaction() as session:
                self._through_the_house(session, new, head, people, day)

    def _through_the_house(
        self, session: Session, new: NewEdition, head: Letterhead, people: Mapping[str, Actor], day: date
    ) -> None:
        """Draft, submit, approve and issue in one transaction: a paper that is cut off was never begun."""
        drafter, approver = people[_DRAFTER], _LEADER if KINDS[new.type].judges else _CHIEF
        if KINDS[new.type].is_order:
            new = replace(new, note=with_contact(new.note, f"{NAMES_ONE}：{drafter.name}，{_TELEPHONE}"))
        id_ = draft_circular(session, new, actor=drafter, at=at_local(day, 9, 10))

        def version() -> int:
            return session.get_one(CircularRow, id_).version

        # Drafted the same morning: of the days that it orders none can have passed, so only issuing reads its facts,
        # which name whoever hears of it.
        submit_circular(
            session, circular_id=id_, version=version(), content=None, actor=drafter, at=at_local(day, 9, 20)
        )
        approve_circular(
            session,
            circular_id=id_,
            version=version(),
            basis=_BASES[approver],
            content=None,
            actor=people[approver],
            at=at_local(day, 9, 40),
        )
        issue_circular(
            session,
            circular_id=id_,
            version=version(),
            numbering=head.number,
            calendar=self._services.calendar,
            content=content_kept(self._services, session, session.get_one(CircularRow, id_)),
            actor=drafter,
            at=at_local(day, 9, 55),
        )


def is_day_of(habit: Habit, day: date, *, calendar: WorkdayCalendar) -> bool:
    """Tell whether a day is the one on which a habit issues its paper in that month."""
    if day.month not in habit.months or not calendar.is_workday(day):
        return False
    first, last = day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    if habit.workday > 0:
        return calendar.workdays_between(first - timedelta(days=1), day) == habit.workday
    return calendar.workdays_between(day, last) == -habit.workday - 1


def _owing(session: Session, at: datetime) -> Sequence[UnitRow]:
    """Return the units that owe something and take orders, the longest overdue first."""
    lines = overdue_lines(session, now=at, unit_ids=EVERY_UNIT, limit=_LONGEST_LIST)
    names = list(dict.fromkeys(line.unit_name for line in lines))
    units = session.scalars(select(UnitRow).where(col(UnitRow.short_name).in_(names))).all()
    ordered = (unit for unit in units if class_of(UnitKind(unit.kind), tasked=unit.tasked).may_task is Tasking.TASK)
    return sorted(ordered, key=lambda unit: names.index(unit.short_name))


def _has_one(session: Session, kind: CircularType, scope: Scope, *, since: datetime) -> bool:
    wanted = select(col(CircularRow.id)).where(
        col(CircularRow.type) == kind.value,
        col(CircularRow.unit_name).is_not_distinct_from(scope.unit),
        col(CircularRow.document_number).is_not_distinct_from(scope.document),
        col(CircularRow.as_of) >= since,
        col(CircularRow.state) != EditionState.DISCARDED.value,
    )
    return session.scalars(wanted).first() is not None


def _people(session: Session) -> dict[str, Actor]:
    """Return who drafts, approves and signs, by log-in; nobody approves what he drafted himself."""
    users = session.scalars(select(UserRow).where(col(UserRow.login).in_(_PEOPLE))).all()
    return {user.login: Actor(user.id, user.name, Role(user.role)) for user in users}
