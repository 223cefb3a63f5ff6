"""The evaluated months of a scenario: inputs by their suppliers, a check, objections, the circular that publishes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from seeds.scenarios.deciding import OFFICE
from seeds.scenarios.papers import PaperOffice
from seeds.scenarios.people import head, liaison
from seeds.scenarios.project_office import ProjectOffice
from seeds.scenarios.projects import SeedProject
from seeds.scenarios.scenario import EvaluatedMonth, Scenario
from seeds.scenarios.scored_figures import month_entries
from tracker.domain.accounts import Actor
from tracker.domain.calendar import WorkdayCalendar, at_local, local_day
from tracker.domain.scoring.asked import silent_kinds
from tracker.domain.scoring.entries import Entry, Evidence, InputKind, Sourced, What, suppliers
from tracker.domain.scoring.months import MonthState, ObjectionState, read_month
from tracker.domain.scoring.questions import Option, Question
from tracker.domain.scoring.scheme import Scheme
from tracker.gateways.schemes import read_scheme
from tracker.services import Services
from tracker.store.queries.scoring import entry_of, last_inputs, objection_rows
from tracker.store.queries.scoring_rules import decision_lines, month_named, newest_schemes
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.objecting_to_marks import answer_objection, object_to_marks
from tracker.usecases.scoring_counts import count_from_projects
from tracker.usecases.scoring_inputs import enter_inputs, say_none
from tracker.usecases.scoring_months import draft_ranking, freeze_month, open_check, open_month
from tracker.usecases.scoring_rules import Ruling, decide

DECIDER, DECIDED_BEFORE = "市重大项目办主任办公会议", 1
REASON = "会议研究，第一次考评时一并明确"
# Where the first answer that asks for nothing more is not the one that was decided, and the numbers that one asks for.
ANSWERS = {
    "issuer": "office",
    "falsity-size": "fixed",
    "circular-due": "day",
    "meeting-months": "before_january",
    "rate-base": "platform",  # the suppliers report the plans that they have there
}
NUMBERS = {"falsity-size": Decimal(5), "circular-due": Decimal(25)}
_COUNTED_AFTER = timedelta(minutes=5)
_SOURCES = {
    "fagaiwei": "国家发改委投资项目在线监管平台、“四库平台”{month}数据",
    "tongjiju": "{month}固定资产投资统计月报",
    "": "河南省重点项目建设网{month}数据",
}
# What happened and what was found is told by other papers than figures are.
_SOURCES_OF_KINDS = {
    "leaders_visit": "各县区{month}活动通知、签到表和照片",
    "county_meeting": "各县区{month}会议通知、签到表和纪要",
    "provincial_media": "{month}省级主要媒体刊文版面",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hours:
    """At which hour and minute of a day a month goes on."""

    hands_in: tuple[int, int]
    drafts: tuple[int, int]
    checks: tuple[int, int]
    objects: tuple[int, int]


_BEGINS = 9, 0  # when a day is played
_USUAL = _Hours(hands_in=(10, 0), drafts=(15, 0), checks=(15, 30), objects=(16, 30))
_EARLY = _Hours(hands_in=(8, 0), drafts=(8, 20), checks=(8, 30), objects=(8, 45))


class EvaluationOffice:
    """Does on its days what a scenario's months want, in transactions of their own; what is done stays done."""

    def __init__(self, services: Services, papers: PaperOffice, scenario: Scenario) -> None:
        self._services, self._papers, self._months = services, papers, scenario.evaluated
        self._city, self._projects = scenario.projects, ProjectOffice(services, scenario.projects)

    def act(self, day: date) -> None:
        """Do what is to be done on a day; nothing where no scheme is loaded."""
        for month in self._months:
            self._act(month, day, _USUAL)

    def act_before(self, ends_at: datetime) -> None:
        """Do what is to be done early on the last day, where it ends before it would be played."""
        if at_local(day := local_day(ends_at), *_BEGINS) >= ends_at:
            for month in self._months:
                self._act(month, day, _EARLY)

    def _act(self, month: EvaluatedMonth, day: date, hours: _Hours) -> None:
        with self._services.database.transaction() as session:
            schemes = newest_schemes(session)
            if not schemes:
                return
            code, scheme = schemes[0].code, read_scheme(schemes[0].content)
            row = month_named(session, scheme=code, month=month.month)
            if day == month.opens_on and row is None:
                self._open(session, code, scheme, month, day)
            if row is not None:
                self._go_on(session, scheme, row, month, day, hours)
            id_, state = (row.id, row.state) if row is not None else (None, "")
        if day == month.issues_on and state == MonthState.FROZEN.value:
            self._papers.issue_ranking(id_ or 0, day)

    def _go_on(
        self,
        session: Session,
        scheme: Scheme,
        row: ScoreMonthRow,
        month: EvaluatedMonth,
        day: date,
        hours: _Hours,
    ) -> None:
        id_, state = row.id or 0, MonthState(row.state)
        if day == month.inputs_on and state is MonthState.COLLECTING:
            self._hand_in(session, scheme, row, month, at=at_local(day, *hours.hands_in))
        if day == month.checks_on and state is MonthState.COLLECTING:
            draft_ranking(session, id_, read=read_scheme, actor=OFFICE, at=at_local(day, *hours.drafts))
            workdays = self._services.policy.score_check_workdays
            at, calendar = at_local(day, *hours.checks), self._services.calendar
            open_check(session, id_, read=read_scheme, calendar=calendar, workdays=workdays, actor=OFFICE, at=at)
        if day == month.objects_on and row.state == MonthState.CHECK.value and not objection_rows(session, id_):
            _object(session, id_, month, at=at_local(day, *hours.objects))
        if day == month.answers_on:
            _answer(session, id_, at=at_local(day, 10, 0))
        if day == month.freezes_on and state is MonthState.CHECK:
            lists = self._services.project_lists
            freeze_month(session, id_, read=read_scheme, lists=lists, actor=OFFICE, at=at_local(day, 9, 30))

    def _hand_in(
        self, session: Session, scheme: Scheme, row: ScoreMonthRow, month: EvaluatedMonth, *, at: datetime
    ) -> None:
        """Let the records of projects be brought up, what is not in them be handed in, and the rest be counted."""
        first = month is self._months[0]
        self._projects.tell(session, read_month(row.month), first=first, at=at)
        calendar, lists = self._services.calendar, self._services.project_lists
        _hand_in(session, scheme, row, handed_in(scheme, month, self._city), calendar=calendar, at=at)
        at += _COUNTED_AFTER
        count_from_projects(session, row.id or 0, read=read_scheme, lists=lists, calendar=calendar, actor=OFFICE, at=at)
        _say_none(session, scheme, row, at=at)

    def _open(self, session: Session, code: str, scheme: Scheme, month: EvaluatedMonth, day: date) -> None:
        at = at_local(day, 9, 0)
        if not decision_lines(session, code):
            _decide_all(session, code, scheme, at)
        inputs_by = month.inputs_on
        open_month(session, scheme=code, month=month.month, inputs_by=inputs_by, read=read_scheme, actor=OFFICE, at=at)


def answer_to(question: Question) -> Option:
    """Return what the scenario's office decides on a question."""
    wanted = ANSWERS.get(question.code)
    plain = [one for one in question.options if not one.asks_number and not one.asks_weights]
    return next(one for one in question.options if one.code == wanted) if wanted else plain[0]


def _decide_all(session: Session, code: str, scheme: Scheme, at: datetime) -> None:
    for question in scheme.questions:
        ruling = Ruling(
            scheme=code,
            question=question.code,
            option=answer_to(question).code,
            decider=DECIDER,
            decided_on=at.date() - timedelta(days=DECIDED_BEFORE),
            reason=REASON,
            seen=0,
            number=NUMBERS.get(question.code),
        )
        decide(session, ruling, read=read_scheme, actor=OFFICE, at=at)


def handed_in(scheme: Scheme, month: EvaluatedMonth, projects: Sequence[SeedProject]) -> tuple[Entry, ...]:
    """Return what suppliers and the office hand in for a month themselves."""
    by_hand = (
        Entry(kind=InputKind.FIGURE, code=one.figure, object=one.object, value=Decimal(one.value))
        for one in month.handed_in
    )
    return (*month_entries(scheme, read_month(month.month), projects), *by_hand)


def _hand_in(
    session: Session,
    scheme: Scheme,
    row: ScoreMonthRow,
    entries: Iterable[Entry],
    *,
    calendar: WorkdayCalendar,
    at: datetime,
) -> None:
    """Let each supplier hand in his figures together, the office what nobody is printed for."""
    printed, month = suppliers(scheme), read_month(row.month)
    units = _present_units(session)
    by_supplier: dict[str, list[Sourced]] = defaultdict(list)
    for entry in entries:
        code = min(printed[entry.what], default="")
        words = _SOURCES_OF_KINDS.get(entry.code) or _SOURCES.get(code, "本单位{month}报表")
        source = words.format(month=f"{month.number}月")
        by_supplier[code if code in units else ""].append(Sourced(entry, Evidence(source)))
    for code, told in sorted(by_supplier.items()):
        actor: Actor = liaison(units[code]) if code else OFFICE
        enter_inputs(
            session,
            row.id or 0,
            told,
            seen=0,
            reason="",
            read=read_scheme,
            calendar=calendar,
            actor=actor,
            at=at,
        )


def _say_none(session: Session, scheme: Scheme, row: ScoreMonthRow, *, at: datetime) -> None:
    """Let each supplier say that nothing else happened of what may have."""
    printed, month = suppliers(scheme), read_month(row.month)
    units = _present_units(session)
    told = [entry_of(one) for one in last_inputs(session, row.id or 0) if not one.void]
    nothing: dict[str, list[What]] = defaultdict(list)
    for what in silent_kinds(scheme, month, told, answered=()):
        code = min(printed[what], default="")
        nothing[code if code in units else ""].append(what)
    for code, kinds in sorted(nothing.items()):
        actor = liaison(units[code]) if code else OFFICE
        say_none(session, row.id or 0, kinds, read=read_scheme, actor=actor, at=at)


def _present_units(session: Session) -> dict[str, UnitRow]:
    rows = session.scalars(select(UnitRow).where(col(UnitRow.merged_into_unit_id).is_(None)))
    return {one.code: one for one in rows}


def _object(session: Session, month_id: int, month: EvaluatedMonth, *, at: datetime) -> None:
    unit = session.scalars(select(UnitRow).where(col(UnitRow.code) == month.objector)).one()
    object_to_marks(
        session,
        month_id,
        object_code=month.objector,
        item=month.item,
        words=month.words,
        read=read_scheme,
        actor=head(unit),
        at=at,
    )


def _answer(session: Session, month_id: int, *, at: datetime) -> None:
    for one in objection_rows(session, month_id):
        if one.state == ObjectionState.OPEN.value:
            answer = "经与报送单位核对，原始台账与所报数据一致，维持原得分。"
            answer_objection(session, one.id or 0, upheld=False, answer=answer, read=read_scheme, actor=OFFICE, at=at)
