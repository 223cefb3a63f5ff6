"""An invented scheme of the small city: two counties, what two bureaus and nobody hand in, three open questions."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlmodel import Session

from tests.support.office import BY, OFFICE, City
from tracker.domain.accounts import Actor
from tracker.domain.scoring.entries import Entry, Evidence, InputKind, Sourced
from tracker.gateways.schemes import read_scheme
from tracker.usecases.scoring_inputs import Entered, enter_inputs
from tracker.usecases.scoring_months import draft_ranking, freeze_month, open_check, open_month
from tracker.usecases.scoring_rules import Ruling, decide, keep_scheme

OPENED = datetime(2022, 10, 8, 1, 0, tzinfo=UTC)
CHECKING = datetime(2022, 10, 12, 1, 0, tzinfo=UTC)  # three working days end on the 17th
AFTER = datetime(2022, 10, 18, 1, 0, tzinfo=UTC)
SOURCE = Evidence("统计月报")
SMALL_SCHEME = """
code = "small"
document = "测政办〔2022〕1号"
title = "项目月度考评办法"
full = 10
organiser = "wjw"

[sources]
"1" = { clause = "一", sentence = "项目个数和开工率排名计分。" }
"2" = { clause = "二", sentence = "完成活动得分，批评扣分，现场核查扣分。" }

[bands]
"5" = [[1, 1, 5], [2, 2, 3]]
"3" = [[1, 1, 3], [2, 2, 1]]

[[objects]]
unit = "yc"
name = "驿城区"
kind = "county"

[[objects]]
unit = "sp"
name = "遂平县"
kind = "county"

[[figures]]
code = "projects"
name = "项目个数"
unit = "个"
window = "month"
supplier = "swj"

[[figures]]
code = "started"
name = "已开工项目个数"
unit = "个"
window = "month"
supplier = "tjj"

[[figures]]
code = "planned"
name = "计划开工项目个数"
unit = "个"
window = "month"

[[metrics]]
code = "projects"
name = "项目个数"
kind = "value"
figure = "projects"

[[metrics]]
code = "rate"
name = "开工率"
kind = "rate"
figure = "started"
base = "planned"

[[annexes]]
code = "1"
label = "附件"
title = "考评细则"
full = 10

[[annexes.items]]
code = "1-1"
label = "一"
title = "项目情况"
full = 8

[[annexes.items.marks]]
kind = "rank"
code = "1-1-count"
name = "项目个数"
full = 5
sources = ["1"]
metrics = ["projects"]
bands = "5"
roles = { ranks = ["swj"] }

[[annexes.items.marks]]
kind = "rank"
code = "1-1-rate"
name = "开工率"
full = 3
sources = ["1"]
metrics = ["rate"]
bands = "3"

[[annexes.items]]
code = "1-2"
label = "二"
title = "活动和批评"
full = 2
floor = 0
ceiling = 2

[[annexes.items.marks]]
kind = "acts"
code = "1-2-acts"
name = "活动"
full = 2
sources = ["2"]
acts = { meeting = "项目推进会" }

[[annexes.items.marks]]
kind = "cases"
code = "1-2-cases"
name = "批评"
full = 0
sources = ["2"]
cases = [{ kind = "criticism", name = "批评", each = -1 }]
roles = { supplies = ["swj"] }

[[annexes.items]]
code = "1-3"
label = "三"
title = "现场核查"
full = 0

[[annexes.items.marks]]
kind = "checks"
code = "1-3-site"
name = "现场核查"
full = 0
sources = ["2"]
check = "site"
tiers = [{ above = 5, marks = 1 }]
cap = 2
roles = { supplies = ["wjw"] }

[[questions]]
code = "ties"
point = "ties"
title = "名次并列"
words = "并列怎么排，没有规定。"
sources = ["1"]
options = [
  { code = "skip", words = "并列占位", choice = "skip" },
  { code = "dense", words = "并列不占位", choice = "dense" },
]

[[questions]]
code = "over-full"
point = "over_full"
title = "超过满分"
words = "是否封顶，没有规定。"
sources = ["1"]
covers = ["total"]
options = [
  { code = "allowed", words = "照实计", choice = "allowed" },
  { code = "total", words = "不超过满分", choice = "total" },
]

[[questions]]
code = "issuer"
point = "office"
title = "由谁印发"
words = "由谁印发，没有规定。"
sources = ["1"]
options = [
  { code = "organiser", words = "领导小组办公室", choice = "organiser" },
  { code = "group", words = "领导小组", choice = "group" },
]

[[settled]]
point = "all_zero"
choice = "tie"
sources = ["1"]

[[settled]]
point = "zero_base"
choice = "zero"
sources = ["1"]

[[settled]]
point = "rounding"
choice = "exact"
sources = ["1"]

[[settled]]
point = "difference_base"
choice = "found"
sources = ["2"]

[[settled]]
point = "difference_direction"
choice = "both"
sources = ["2"]
"""


@dataclass(frozen=True, slots=True)
class Worked:
    """The small city with its scheme, and a month of it."""

    city: City
    month_id: int

    def enter(self, session: Session, actor: Actor, *entries: Entry, seen: int = 0, reason: str = "") -> Entered:
        told = [Sourced(one, SOURCE) for one in entries]
        return enter_inputs(
            session, self.month_id, told, seen=seen, reason=reason, read=read_scheme, actor=actor, at=OPENED
        )


def figure(code: str, county: str, value: str) -> Entry:
    return Entry(kind=InputKind.FIGURE, code=code, object=county, value=Decimal(value))


def meeting(county: str, reference: str = "9月推进会") -> Entry:
    return Entry(kind=InputKind.OCCURRENCE, code="meeting", object=county, reference=reference)


def ruling(question: str, option: str, *, seen: int = 0, first_month: str = "") -> Ruling:
    return Ruling(
        scheme="small",
        question=question,
        option=option,
        decider="张主任",
        decided_on=date(2022, 10, 8),
        reason="会议研究",
        seen=seen,
        first_month=first_month,
    )


def keep_small_scheme(session: Session, *, content: str = SMALL_SCHEME) -> bool:
    return keep_scheme(session, content, read=read_scheme, at=OPENED)


def opened(city: City, *, month: str = "2022-09", content: str = SMALL_SCHEME) -> Worked:
    """Open a month of the small scheme, the first time with its rules."""
    with city.database.transaction() as session:
        keep_small_scheme(session, content=content)
        month_id = open_month(
            session,
            scheme="small",
            month=month,
            inputs_by=date(2022, 10, 20),
            read=read_scheme,
            actor=OFFICE,
            at=OPENED,
        )
    return Worked(city, month_id)


def decided(city: City) -> None:
    with city.database.transaction() as session:
        for question, option in (("ties", "skip"), ("over-full", "allowed")):
            decide(session, ruling(question, option), read=read_scheme, actor=OFFICE, at=OPENED)


def filled(worked: Worked) -> None:
    """Hand in everything, each by its supplier: 驿城区 has 3 of 4 projects, 遂平县 2 of 2 and no meeting."""
    city = worked.city
    with city.database.transaction() as session:
        worked.enter(session, city.liaison("swj"), figure("projects", "yc", "3"), figure("projects", "sp", "2"))
        worked.enter(session, city.liaison("tjj"), figure("started", "yc", "3"), figure("started", "sp", "2"))
        worked.enter(session, OFFICE, figure("planned", "yc", "4"), figure("planned", "sp", "2"), meeting("yc"))


def in_check(city: City) -> Worked:
    """Bring a month to where the counties check it."""
    worked = opened(city)
    decided(city)
    filled(worked)
    with city.database.transaction() as session:
        draft_ranking(session, worked.month_id, read=read_scheme, actor=OFFICE, at=CHECKING)
        open_check(
            session,
            worked.month_id,
            read=read_scheme,
            calendar=BY.calendar,
            workdays=3,
            actor=OFFICE,
            at=CHECKING,
        )
    return worked


def frozen(city: City) -> Worked:
    worked = in_check(city)
    with city.database.transaction() as session:
        freeze_month(session, worked.month_id, read=read_scheme, actor=OFFICE, at=AFTER)
    return worked
