"""The small scheme with the sentence that orders its ranking: a month of it goes out, and is corrected."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self

from sqlmodel import Session

from tests.support.corrections import CHANGED
from tests.support.office import BY, CALENDAR, LEADER, OFFICE, City, open_city
from tests.support.projects import LISTS
from tests.support.site import Site
from tests.support.small_evaluation import (
    AFTER,
    CHECKING,
    OPENED,
    Worked,
    due,
    figure,
    filled,
    keep_small_scheme,
    ruling,
)
from tests.support.small_scheme import SMALL_SCHEME
from tracker.computing import compute
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.kinds import CircularType
from tracker.editions import content_kept, draw
from tracker.gateways.schemes import read_scheme
from tracker.rankings import ranking_head
from tracker.store.database import Database
from tracker.store.queries.scoring import last_input_id
from tracker.store.tables.circulars import CircularRow
from tracker.usecases.circulars.deciding import approve_circular, submit_circular
from tracker.usecases.circulars.drafting import draft_circular
from tracker.usecases.circulars.issuing import issue_circular
from tracker.usecases.scoring_months import draft_ranking, freeze_month, open_check, open_month
from tracker.usecases.scoring_rules import decide

PUBLISHED_SCHEME = (
    SMALL_SCHEME
    + """
[publication]
source = "1"
words = "排名计分"
matter = "项目考评"
bodies = "县区"
meeting = { months = 2, first = 1, last = 1, source = "2" }
year = "2"

[[questions]]
code = "meeting-order"
point = "later"
title = "推进会按哪个名次"
words = "没有规定。"
sources = ["1"]
options = [
  { code = "sum", words = "两个月之和", choice = "sum" },
  { code = "each", words = "各月分别", choice = "each" },
]

[[questions]]
code = "meeting-months"
point = "later"
title = "推进会点评哪两个月"
words = "没有规定。"
sources = ["1"]
options = [
  { code = "from_january", words = "元月和2月……", choice = "from_january" },
  { code = "before_january", words = "12月和元月……", choice = "before_january" },
]

[[questions]]
code = "year-total"
point = "later"
title = "怎么计入年度"
words = "没有规定。"
sources = ["1"]
options = [
  { code = "mean", words = "平均", choice = "mean" },
  { code = "sum", words = "之和", choice = "sum" },
]
"""
)
_ANSWERS = {
    "ties": "skip",
    "over-full": "allowed",
    "meeting-order": "sum",
    "meeting-months": "before_january",
    "year-total": "mean",
}


@dataclass(frozen=True, slots=True)
class Publishing:
    """The small city in which months go out."""

    site: Site
    city: City
    content: str = PUBLISHED_SCHEME

    @classmethod
    def begun(cls, database: Database, folder: Path) -> Self:
        """Open a city in a database, at the moment of these papers."""
        city = open_city(database)
        site = Site(database, folder, city=city)
        site.clock.at = NOW
        return cls(site, city)

    def published(self) -> Worked:
        """Keep September and publish it."""
        worked = self.frozen("2022-09")
        self.decide("issuer", "office")
        self.publish(worked.month_id)
        return worked

    def frozen(
        self,
        month: str,
        *,
        but: tuple[str, ...] = (),
        checked: Callable[[Worked], object] | None = None,
        later: timedelta = timedelta(),
    ) -> Worked:
        """Freeze a month with all decisions but those of the point `office`, and but some.

        `checked` is what happens in its check; all of it happens `later` by that than with the first months.
        """
        with self.city.database.transaction() as session:
            first = keep_small_scheme(session, content=self.content)
            id_ = open_month(
                session,
                scheme="small",
                month=month,
                inputs_by=due(month),
                read=read_scheme,
                actor=OFFICE,
                at=OPENED,
            )
            for question, option in _ANSWERS.items() if first else ():
                if question not in but:
                    decide(session, ruling(question, option), read=read_scheme, actor=OFFICE, at=OPENED)
        worked = Worked(self.city, id_)
        filled(worked)
        check = partial(open_check, read=read_scheme, calendar=BY.calendar, workdays=3)
        with self.city.database.transaction() as session:
            draft_ranking(session, id_, read=read_scheme, actor=OFFICE, at=CHECKING + later)
            check(session, id_, actor=OFFICE, at=CHECKING + later)
        if checked is not None:
            checked(worked)
        with self.city.database.transaction() as session:
            freeze_month(session, id_, read=read_scheme, lists=LISTS, actor=OFFICE, at=AFTER + later)
        return worked

    def decide(self, question: str, option: str) -> None:
        with self.city.database.transaction() as session:
            decide(session, ruling(question, option), read=read_scheme, actor=OFFICE, at=AFTER)

    def draft(self, month_id: int) -> int:
        """Draft the circular about a month as of now, on the paper of whoever issues it."""
        services, scope = self.site.services, Scope(month_id=month_id)
        now = services.clock.now()
        with services.database.reading() as session:
            head = ranking_head(session, scope, office="", as_of=now)
        new = compute(services, CircularType.RANKING, head, scope=scope, layout_id=None, now=now)
        with services.database.transaction() as session:
            return draft_circular(session, new, actor=OFFICE, at=now)

    def issue(self, circular_id: int) -> str:
        """Take a draft through the house; return its number."""
        self.approve(circular_id)
        return self.give_number(circular_id)

    def publish(self, month_id: int) -> int:
        id_ = self.draft(month_id)
        self.issue(id_)
        draw(self.site.services, id_)
        return id_

    def approve(self, id_: int) -> None:
        """Take a draft to where nothing but its number lacks."""
        now = self.site.services.clock.now()
        by: dict[str, Any] = {"circular_id": id_, "corrects": CHANGED, "at": now}
        with self.site.services.database.transaction() as session:
            row = session.get_one(CircularRow, id_)
            content = content_kept(self.site.services, session, row)
            submit_circular(session, version=row.version, content=content, actor=OFFICE, **by)
            session.flush()
            approve_circular(session, version=row.version, basis="同意", content=content, actor=LEADER, **by)

    def give_number(self, id_: int) -> str:
        """Issue what was approved."""
        with self.site.services.database.transaction() as session:
            row = session.get_one(CircularRow, id_)
            return issue_circular(
                session,
                circular_id=id_,
                version=row.version,
                content=content_kept(self.site.services, session, row),
                corrects=CHANGED,
                calendar=CALENDAR,
                numbering=lambda year, running: f"考评〔{year}〕{running}号",
                actor=OFFICE,
                at=self.site.services.clock.now(),
            )

    def shown(self, month_id: int) -> dict[str, str]:
        """Return what the page of a correction sends with its press: the last input behind what it shows now."""
        with self.city.database.reading() as session:
            return {"version": str(last_input_id(session, month_id))}

    def wait(self, **time: float) -> datetime:
        self.site.clock.at += timedelta(**time)
        return self.site.clock.at


def corrected_figures(worked: Worked, session: Session, *, seen: int) -> None:
    """Hand in that 遂平县 has five projects, which makes it the first."""
    worked.enter(session, worked.city.liaison("swj"), figure("projects", "sp", "5"), seen=seen, reason="核实后更正")


NOW = datetime(2022, 10, 20, 1, 0, tzinfo=UTC)
