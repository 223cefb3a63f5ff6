"""驻政办〔2022〕53号 worked out a second time, plainly, from its words: nothing of the product is used here.

Only the names of what is handed in and of the questions are shared with the scheme's file. Numbers are fractions;
each clause of the document is a few lines below its own heading.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

COUNTIES = ["yicheng", "suiping", "xiping", "shangcai", "runan", "pingyu", "zhengyang", "queshan", "biyang", "xincai"]
ZONES, MODEL_ZONE = ["jingkaiqu", "gaoxinqu"], "shifanqu"
BODIES = [*COUNTIES, *ZONES, MODEL_ZONE]  # 一、考评对象

Line = dict[str, Fraction | None]  # one metric of all bodies; None: nothing to divide by


@dataclass
class Happening:
    body: str
    kind: str
    name: str
    items: list[str]
    marks: Fraction | None = None


@dataclass
class Visit:
    body: str
    name: str
    items: list[str]
    reported: Fraction
    found: Fraction


@dataclass
class NaiveMonth:
    number: int
    figures: dict[tuple[str, str], Fraction]
    common: dict[str, Fraction]
    answers: Mapping[str, str]
    numbers: Mapping[str, Fraction] = field(default_factory=dict)
    weights: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    happenings: list[Happening] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)

    def line(self, name: str) -> Line:
        return {body: self.figures[name, body] for body in BODIES}

    def rate(self, above: str, below: str) -> Line:
        found: Line = {}
        for body in BODIES:
            bottom = self.figures[below, body]
            found[body] = None if bottom == 0 else self.figures[above, body] * 100 / bottom
        return found


def bands(first: str, second: str, third: str, fourth: str) -> list[Fraction]:
    """1-3名, 4-6名, 7-9名, 10-13名."""
    one, two, three, four = (Fraction(text) for text in (first, second, third, fourth))
    return [one] * 3 + [two] * 3 + [three] * 3 + [four] * 4


# 附件1 二、评分标准
THREE = bands("3", "2.4", "1.8", "1.2")
TWO = bands("2", "1.6", "1.2", "0.8")
ONE_EIGHT = bands("1.8", "1.5", "1.2", "0.6")
ONE_FIVE = bands("1.5", "1.2", "0.9", "0.6")
ONE_TWO = bands("1.2", "0.9", "0.6", "0.3")


def cut(value: Fraction, digits: int) -> Fraction:
    """四舍五入."""
    shifted = abs(value) * 10**digits + Fraction(1, 2)
    whole = Fraction(shifted.numerator // shifted.denominator, 10**digits)
    return whole if value >= 0 else -whole


def tidy(month: NaiveMonth, line: Line) -> Line:
    digits = {"exact": None, "two": 2, "one": 1}[month.answers["rounding"]]
    if digits is None:
        return line
    return {body: None if value is None else cut(value, digits) for body, value in line.items()}


def standing(month: NaiveMonth, line: Line) -> dict[str, int | str]:
    """The place of each body, or what it gets instead of one."""
    how = month.answers["zero-base"]
    behind = Fraction(-(10**12))  # below whatever has a base
    scores: dict[str, Fraction] = {}
    result: dict[str, int | str] = {}
    for body, value in line.items():
        if value is not None:
            scores[body] = value
        elif how == "zero":
            scores[body] = Fraction(0)
        elif how == "last":
            scores[body] = behind
        else:
            result[body] = how
    for body, score in scores.items():
        better = [other for other in scores.values() if other > score]
        result[body] = 1 + (len(set(better)) if month.answers["ties"] == "dense" else len(better))
    return result


def nothing_at_all(month: NaiveMonth, lines: list[Line]) -> bool:
    counted = [value for line in lines for value in line.values()]
    if month.answers["zero-base"] in ("none", "full"):
        counted = [value for value in counted if value is not None]
    return len(counted) > 0 and all(value is None or value == 0 for value in counted)


def give(scale: list[Fraction], place: int | str) -> Fraction:
    if isinstance(place, int):
        return scale[place - 1]
    return {"none": Fraction(0), "full": scale[0], "bottom": scale[-1]}[place]


def by_one(month: NaiveMonth, scale: list[Fraction], line: Line) -> dict[str, Fraction]:
    places = standing(month, line)
    if nothing_at_all(month, [line]) and month.answers["all-zero"] != "tie":
        for body in BODIES:
            if isinstance(places[body], int):
                places[body] = month.answers["all-zero"]
    return {body: give(scale, places[body]) for body in BODIES}


def by_several(month: NaiveMonth, scale: list[Fraction], lines: dict[str, Line], question: str) -> dict[str, Fraction]:
    how = month.answers[question]
    if how in ("split", "weights"):
        total = dict.fromkeys(BODIES, Fraction(0))
        for name, line in lines.items():
            share = month.weights[question][name] if how == "weights" else Fraction(1, len(lines))
            marks = by_one(month, scale, line)
            for body in BODIES:
                total[body] += share * marks[body]
        return {body: cut(value, 2) for body, value in total.items()}
    mean = mean_of_values if how == "mean_value" else mean_of_places
    middle: Line = {body: mean(month, list(lines.values()), body) for body in BODIES}
    places = standing(month, middle)
    if nothing_at_all(month, list(lines.values())) and month.answers["all-zero"] != "tie":
        places = {body: month.answers["all-zero"] if isinstance(places[body], int) else places[body] for body in BODIES}
    return {body: give(scale, places[body]) for body in BODIES}


def mean_of_values(month: NaiveMonth, lines: list[Line], body: str) -> Fraction | None:
    values = [line[body] for line in lines]
    if month.answers["zero-base"] == "last" and None in values:
        return None
    if month.answers["zero-base"] == "zero":
        return sum((value or Fraction(0) for value in values), Fraction(0)) / len(values)
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def mean_of_places(month: NaiveMonth, lines: list[Line], body: str) -> Fraction | None:
    places = [standing(month, line)[body] for line in lines]
    known = [1 if place == "full" else place for place in places if place != "none"]
    numbers = [place for place in known if isinstance(place, int)]
    return Fraction(-sum(numbers), len(numbers)) if numbers else None


def annex_one(month: NaiveMonth) -> dict[str, dict[str, Fraction]]:
    value = month.line
    marks: dict[str, dict[str, Fraction]] = {}

    def add(item: str, *parts: dict[str, Fraction]) -> None:
        marks[item] = {body: sum((part[body] for part in parts), Fraction(0)) for body in BODIES}

    def rate(above: str, below: str) -> Line:
        return tidy(month, month.rate(above, below))

    def one(scale: list[Fraction], line: Line) -> dict[str, Fraction]:
        return by_one(month, scale, line)

    add("1-1", {body: reserve(body, month.figures["reserve", body]) for body in BODIES})
    add(
        "1-2",
        one(ONE_TWO, value("signed-count")),
        one(ONE_TWO, value("signed-total")),
        one(ONE_EIGHT, value("signed-started")),
        one(ONE_EIGHT, rate("signed-started", "signed-count")),
    )
    count_first = month.answers["reading-strategic"] == "count_and_share"
    strategic = {
        "opened-strategic" if count_first else "opened-strategic-count-share": value("opened-strategic")
        if count_first
        else rate("opened-strategic", "opened-count"),
        "opened-strategic-total-share": rate("opened-strategic-total", "opened-total"),
    }
    add(
        "1-3",
        one(ONE_FIVE, value("opened-count")),
        one(ONE_FIVE, value("opened-total")),
        one(TWO, value("opened-planned")),
        by_several(month, THREE, strategic, "combine-strategic"),
        one(ONE_FIVE, value("opened-started")),
        one(TWO, rate("opened-started", "opened-count")),
        one(ONE_FIVE, value("opened-producing")),
        one(TWO, rate("opened-producing", "opened-count")),
    )
    add(
        "1-4",
        one(TWO, value("producing-count")),
        one(TWO, value("producing-total")),
        one(THREE, value("producing-capacity")),
        one(THREE, rate("producing-capacity", "producing-count")),
    )
    several = joint_lines(month, rate)
    for item, question in (
        ("1-5", "central"),
        ("1-6", "bonds"),
        ("1-7", "982"),
        ("1-8", "zone"),
        ("1-9", "industry"),
        ("1-12", "statistics"),
    ):
        add(item, by_several(month, TWO, several[item], f"combine-{question}"))
    add("1-10", one(TWO, value("foreign-count")))
    add("1-11", one(THREE, value("fixed-growth")))
    bureaus = ["housing", "land", "environment", "market"]
    by_rate = month.answers["reading-service"] == "rate"
    lines = [
        rate(f"service-{name}-in-time", f"service-{name}-all") if by_rate else value(f"service-{name}-in-time")
        for name in bureaus
    ]
    add("1-13", *(one(TWO, line) for line in lines))
    add("1-14", {body: -min(Fraction(5), visits(month, "1-14", body)) for body in BODIES})
    return marks


def joint_lines(month: NaiveMonth, rate: Callable[[str, str], Line]) -> dict[str, dict[str, Line]]:
    """The items that make one place of several numbers."""
    earlier = {"year": "zone-new-before", "month": "zone-new-last-month"}[month.answers["growth-base"]]
    ends = {"year_plan": "year-plan", "total": "total", "platform": "plan"}
    growth: Line = {}

    def by_plan(name: str) -> str:
        """投资完成率以什么为分母."""
        return f"{name}-{ends[month.answers['rate-base']]}"

    def invested(name: str) -> dict[str, Line]:
        """当月……投资完成率: 当月完成投资占当月计划投资, 或者累计完成投资占年度计划投资."""
        if month.answers["reading-industry"] == "month":
            return {f"{name}-invested-rate": rate(f"{name}-invested", f"{name}-plan")}
        return {f"{name}-year-rate": rate(f"{name}-invested-year", f"{name}-year-plan")}

    in_statistics: Line = {}  # of 签约一批, 开工一批, 投产一批 together
    for body in BODIES:
        projects = sum(month.figures[f"{name}-count", body] for name in ("signed", "opened", "producing"))
        in_statistics[body] = month.figures["statistics-in", body] * 100 / projects if projects else None
        before = month.figures[earlier, body]
        growth[body] = None if before == 0 else (month.figures["zone-new", body] - before) * 100 / before
    return {
        "1-5": {
            "central-previous-finished-rate": rate("central-previous-finished", "central-previous-count"),
            "central-previous-invested-rate": rate("central-previous-invested", by_plan("central-previous")),
            "central-previous-fund-rate": rate("central-previous-fund-done", "central-previous-fund"),
            "central-current-started-rate": rate("central-current-started", "central-current-count"),
            "central-current-invested-rate": rate("central-current-invested", by_plan("central-current")),
            "central-current-fund-rate": rate("central-current-fund-done", "central-current-fund"),
        },
        "1-6": {
            "bonds-room-share": rate("bonds-issued", "bonds-room"),
            "bonds-invested-rate": rate("bonds-invested", by_plan("bonds")),
            "bonds-start-rate": rate("bonds-started", "bonds-count"),
            "bonds-use-rate": rate("bonds-used", "bonds-issued"),
        },
        "1-7": {
            "982-count": month.line("982-count"),
            "982-total": month.line("982-total"),
            "982-start-rate": rate("982-started", "982-count"),
            "982-invested-rate": rate("982-invested", "982-planned"),
        },
        "1-8": {
            "zone-growth": tidy(month, growth),
            "zone-invested-rate": rate("zone-building-invested", by_plan("zone-building")),
        },
        "1-9": {
            "industry-start-rate": rate("industry-started", "industry-count"),
            **invested("industry"),
            "renewal-start-rate": rate("renewal-started", "renewal-count"),
            **invested("renewal"),
        },
        "1-12": {
            "statistics-in": month.line("statistics-in"),
            "statistics-rate": tidy(month, in_statistics),
        },
    }


def reserve(body: str, count: Fraction) -> Fraction:
    """附件1一（一）."""
    if count == 0:
        return Fraction(0)
    wanted = 3 if body in COUNTIES else 2 if body in ZONES else 1
    return Fraction(4) - max(Fraction(0), wanted - count)


def schedule(month: NaiveMonth, prefix: str, body: str) -> Fraction:
    how = month.answers["schedule"]
    if how == "twelfths":
        return Fraction(month.number * 100, 12)
    return month.common[f"{prefix}-schedule"] if how == "announced" else month.figures[f"{prefix}-schedule-own", body]


def investment(month: NaiveMonth, prefix: str, base: int, each: Fraction) -> dict[str, Fraction]:
    """附件2、附件3一（一）."""
    done = month.rate(f"{prefix}-invested", f"{prefix}-planned")
    placed = standing(month, month.line(f"{prefix}-invested"))
    idle = nothing_at_all(month, [month.line(f"{prefix}-invested")]) and month.answers["all-zero"] != "tie"
    result = {}
    for body in BODIES:
        share = done[body]
        if share is None and month.answers["zero-plan"] != "zero":
            marks = Fraction(base if month.answers["zero-plan"] == "full" else 0)
        else:
            behind = schedule(month, prefix, body) - (share or 0)
            points = behind.numerator // behind.denominator if behind > 0 else 0
            marks = base - each * points
            if month.answers["floor-gap"] == "mark" and marks < 0:
                marks = Fraction(0)
        place = placed[body]
        if not idle and isinstance(place, int) and place <= 3:
            marks += 4 - place
        if month.answers["floor-gap"] == "item" and marks < 0:
            marks = Fraction(0)
        result[body] = marks
    return result


def counts_here(month: NaiveMonth, question: str, items: list[str], item: str) -> bool:
    """Whether something that stands under several parts counts in this one."""
    order = ["1-14", "2-2", "2-4", "2-5", "3-2", "3-4", "3-5"]
    if item not in items:
        return False
    return month.answers[question] == "each" or item == min(items, key=order.index)


def visits(month: NaiveMonth, item: str, body: str) -> Fraction:
    """附件1三, 附件2、附件3一（五）: how much all visited projects take together."""
    total = Fraction(0)
    for visit in month.visits:
        if visit.body != body or not counts_here(month, "twice-projects", visit.items, item):
            continue
        apart = visit.reported - visit.found
        if apart < 0:
            apart = -apart if month.answers["difference-direction"] == "both" else Fraction(0)
        base = visit.found if month.answers["difference-base"] == "found" else visit.reported
        if apart == 0:
            continue
        if base == 0 or apart * 100 > base * 20:
            total += 2
        elif apart * 100 == base * 20:
            total += 1 if month.answers["tier-edge"] == "lower" else 2
        elif apart * 100 >= base * 5:
            total += 1
    return total


def works(month: NaiveMonth, prefix: str, item: str, scale: list[Fraction]) -> dict[str, Fraction]:
    """附件2、附件3一（二）."""
    word, all_of = ("started", "to-start") if month.number <= 8 else ("finished", "to-finish")
    by_rate = by_one(month, scale, tidy(month, month.rate(f"{prefix}-{word}", f"{prefix}-{all_of}")))
    by_count = by_one(month, scale, month.line(f"{prefix}-{word}"))
    result = {}
    for body in BODIES:
        late = 0
        for one in month.happenings:
            wanted = "late_start" if month.number <= 8 else "late_finish"
            ours = one.kind == wanted or (
                one.kind in ("late_start", "late_finish") and month.answers["case-months"] == "whole_year"
            )
            if one.body == body and ours and counts_here(month, "twice-projects", one.items, item):
                late += 1
        marks = by_rate[body] + by_count[body] - Fraction(late, 2)
        result[body] = max(marks, Fraction(0)) if month.answers["floor-late"] == "item" else marks
    return result


def conduct(month: NaiveMonth, item: str) -> dict[str, Fraction]:
    """附件2、附件3一（四）."""
    worth = {
        "national_media": Fraction(1),
        "provincial_media": Fraction(1, 2),
        "provincial_honour": Fraction(1),
        "municipal_honour": Fraction(1, 2),
        "provincial_criticism": Fraction(-1),
        "municipal_criticism": Fraction(-1, 2),
    }
    result = {}
    for body in BODIES:
        did = set()
        extra = Fraction(0)
        for one in month.happenings:
            if one.body != body:
                continue
            if one.kind in worth and counts_here(month, "twice-praise", one.items, item):
                extra += worth[one.kind]
            elif one.kind not in worth and counts_here(month, "twice-acts", one.items, item):
                did.add(one.kind)
        marks = (3 if {"leaders_visit", "county_meeting"} <= did else 0) + extra
        result[body] = min(Fraction(5), max(Fraction(0), marks))
    return result


def annex_two_or_three(month: NaiveMonth, annex: str) -> dict[str, dict[str, Fraction]]:
    provincial = annex == "2"
    prefix = "provincial" if provincial else "municipal"
    done, every = f"{prefix}-approvals-done", f"{prefix}-approvals-all"
    municipal = bands("1", "0.8", "0.6", "0.4")
    work_scale = bands("2", "1.5", "1", "0.5") if provincial else municipal
    joint_scale = bands("1.5", "1.2", "0.9", "0.6") if provincial else municipal
    money = investment(month, prefix, 12 if provincial else 5, Fraction(3 if provincial else 1, 10))
    by_rate = by_one(month, joint_scale, tidy(month, month.rate(done, every)))
    by_count = by_one(month, joint_scale, month.line(done))
    full = Fraction(15 if provincial else 8)
    less = {}
    for body in BODIES:
        most = full if month.answers["cap-basis"] == "full" else max(Fraction(0), money[body])
        less[body] = -min(most, visits(month, f"{annex}-5", body))
    return {
        f"{annex}-1": money,
        f"{annex}-2": works(month, prefix, f"{annex}-2", work_scale),
        f"{annex}-3": {body: by_rate[body] + by_count[body] for body in BODIES},
        f"{annex}-4": conduct(month, f"{annex}-4"),
        f"{annex}-5": less,
    }


def falsity(month: NaiveMonth) -> dict[str, Fraction]:
    """四（三）."""
    result = dict.fromkeys(BODIES, Fraction(0))
    for one in month.happenings:
        if one.kind == "falsity":
            fixed = month.answers["falsity-size"] == "fixed"
            result[one.body] -= month.numbers["falsity-size"] if fixed else one.marks or Fraction(0)
    return result


@dataclass
class NaiveResult:
    items: dict[str, dict[str, Fraction]]
    annexes: dict[str, dict[str, Fraction]]
    totals: dict[str, Fraction]
    ranks: dict[str, int]


def evaluate(month: NaiveMonth) -> NaiveResult:
    """Work a month out."""
    items = annex_one(month) | annex_two_or_three(month, "2") | annex_two_or_three(month, "3")
    items["4-1"] = falsity(month)
    most = {"1": 60, "2": 25, "3": 15, "4": 0}
    annexes: dict[str, dict[str, Fraction]] = {}
    for annex, full in most.items():
        sums = {
            body: sum((marks[body] for item, marks in items.items() if item.startswith(f"{annex}-")), Fraction(0))
            for body in BODIES
        }
        if month.answers["over-full"] == "annex":
            sums = {body: min(value, Fraction(full)) for body, value in sums.items()}
        annexes[annex] = sums
    totals = {body: sum((sums[body] for sums in annexes.values()), Fraction(0)) for body in BODIES}
    if month.answers["over-full"] == "total":
        totals = {body: min(value, Fraction(100)) for body, value in totals.items()}
    ranks = {}
    for body in BODIES:
        better = [value for value in totals.values() if value > totals[body]]
        ranks[body] = 1 + (len(set(better)) if month.answers["ties"] == "dense" else len(better))
    return NaiveResult(items, annexes, totals, ranks)
