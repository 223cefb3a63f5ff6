"""The invented evaluation of the small city with figures that are counted from projects, and projects to count."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from tests.support.office import BY, OFFICE, City
from tests.support.projects import LISTS
from tests.support.small_evaluation import OPENED, Worked, decided, opened, ruling
from tests.support.small_scheme import SMALL_SCHEME
from tracker.domain.accounts import Actor
from tracker.domain.projects.acts import Place, ProjectData, Seen
from tracker.domain.projects.checklists import Build
from tracker.domain.scoring.inputs import Month
from tracker.gateways.schemes import read_scheme
from tracker.store.queries.counted_months import Held
from tracker.usecases.project_entries import enter_project, give_value, take_project_off
from tracker.usecases.project_milestones import check_on_site
from tracker.usecases.scoring_counts import count_from_projects
from tracker.usecases.scoring_rules import decide

SEPTEMBER = Month(2022, 9)
_COUNTED = """
[[cohorts]]
code = "foreign"
project_list = "重点外资项目"

[[cohorts]]
code = "provincial"
project_list = "省级重点项目"
year = 0

[[from_projects]]
mark = "1-2-late"
kind = "late_start"
cohorts = ["provincial"]
milestone = "started"

[[from_projects]]
mark = "1-3-site"
kind = "site"
cohorts = ["foreign"]

[[questions]]
code = "late-due"
point = "due"
title = "应开未开是否含以前月份到期的"
words = "没有规定。"
sources = ["2"]
options = [
  { code = "month", words = "只计当月", choice = "month" },
  { code = "year_to_month", words = "元月至当月", choice = "year_to_month" },
]

[[annexes]]"""
_LATE = """[[annexes.items.marks]]
kind = "cases"
code = "1-2-late"
name = "应开未开"
full = 0
sources = ["2"]
cases = [{ kind = "late_start", name = "应开未开", each = -0.5 }]

[[annexes.items]]
code = "1-3"
"""


def counted_scheme(content: str = SMALL_SCHEME) -> str:
    """Return the small scheme, its 项目个数 counted from 外资项目 and its 计划开工 from 省级重点项目."""
    content = content.replace(
        'window = "month"\nsupplier = "swj"',
        'window = "month"\nsupplier = "swj"\ncohort = "foreign"\nmeasure = "projects"',
    )
    content = content.replace(
        'code = "planned"\nname = "计划开工项目个数"\nunit = "个"\nwindow = "month"',
        'code = "planned"\nname = "计划开工项目个数"\nunit = "个"\nwindow = "month"\n'
        'cohort = "provincial"\nmeasure = "projects"\nstates = ["planned_start"]',
    )
    content = content.replace('[[annexes.items]]\ncode = "1-3"\n', _LATE)
    return content.replace("\n[[annexes]]", _COUNTED, 1)


@dataclass(frozen=True, slots=True)
class Counted:
    """A month that is open, and how it is counted."""

    worked: Worked

    @property
    def city(self) -> City:
        return self.worked.city

    def count(self, session: Session, actor: Actor = OFFICE) -> Held:
        return count_from_projects(
            session, self.worked.month_id, read=read_scheme, calendar=BY.calendar, lists=LISTS, actor=actor, at=OPENED
        )

    def foreign(self, session: Session, name: str, *, county: str = "yc") -> int:
        return _enter(session, self.city.liaison("swj"), name, "waizi", county=county)

    def provincial(self, session: Session, name: str, *, county: str = "yc", planned: date | None = None) -> int:
        return _enter(session, OFFICE, name, "shengji", county=county, planned=planned)

    def off(self, session: Session, project_id: int) -> None:
        """Take a project off the list of 外资项目."""
        actor, gone = self.city.liaison("swj"), date(2022, 9, 1)
        take_project_off(
            session, project_id, "waizi", 2022, on=gone, reason="移出", lists=LISTS, actor=actor, at=OPENED
        )

    def invested(self, session: Session, project_id: int, month: Month, amount: int) -> None:
        actor = self.city.liaison("swj")
        give_value(
            session, project_id, month, amount, source="平台", reason="更正", lists=LISTS, actor=actor, at=OPENED
        )

    def checked(self, session: Session, project_id: int, *, found: int | None) -> None:
        seen = Seen(SEPTEMBER, date(2022, 10, 7), False, found, "设备未到")
        check_on_site(session, project_id, seen, photos=[], lists=LISTS, actor=OFFICE, at=OPENED)

    def rule(self, session: Session, option: str = "month") -> None:
        """Decide whether what was due before counts again."""
        decide(session, ruling("late-due", option), read=read_scheme, actor=OFFICE, at=OPENED)


def countable(city: City, *, content: str = SMALL_SCHEME) -> Counted:
    """Open a month whose figures can be counted, with its questions decided but the one on what was due before."""
    worked = opened(city, content=counted_scheme(content))
    decided(city)
    return Counted(worked)


def _enter(session: Session, actor: Actor, name: str, of: str, *, county: str, planned: date | None = None) -> int:
    data = ProjectData("", name, county, Build.REFIT, 10_000, planned, None, strategic=False)
    place = Place(of, 2022, date(2022, 1, 1), 10_000)
    return enter_project(session, data, place, lists=LISTS, actor=actor, at=OPENED)
