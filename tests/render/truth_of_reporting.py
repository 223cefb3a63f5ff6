"""What papers say of reporting, of what is overdue and of what is to be done, held against the city then."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from tests.render.city_then import at_utc, last_day, said_day
from tests.render.paper_matter import PAPER_WORDS, REASONS, SPARED, Matter, counted, places, said_behind
from tests.render.printed_paper import outside_brackets
from tests.render.truth_of_reasons import printed_reasons, true_reasons
from tests.render.truth_of_text import Faults, TextTruth, differs, reads

_NOT_ASKED = ("waived", "pending", "held")
_IN_TIME = ("on_time", "under_review", "correction", "correction_overdue")
_SPAN = ("SINCE", "(?P<since>DAY)以来，")
_UNKEPT = "尚未明确办公室所在单位的领导小组（指挥部）"
_KEPT = "已明确办公室所在单位的领导小组（指挥部）"


@reads(
    r"(?:SINCE|截至(?P<until>DAY)，)?(?:(?P<whose>各单位|该单位))?应报反馈(?P<n>\d+)期(?P<papers>.+)".replace(*_SPAN)
)
def _reports(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    yield from _since(of, said["since"])
    yield from differs("cut-off", said["until"] or said_day(of.city.today), said_day(of.city.today))
    every = int(said["n"])
    yield from differs("forms due", every, len(of.due))
    classes, *rate = outside_brackets(said["papers"], "；")
    printed: Counter[str] = Counter()
    for one in outside_brackets(re.sub("^(。其中，|，)", "", classes), "，"):
        read = re.fullmatch(r"(均)?(?P<name>\D+?)(?P<n>\d+期)?(?:（(?P<missed>.+)）)?", one)
        if read is None or read["name"] not in PAPER_WORDS:
            yield f"unknown class: {one}"
            continue
        count = int(read["n"][:-1]) if read["n"] else every
        printed[PAPER_WORDS[read["name"]]] += count
        if read["name"] == "逾期未报":
            yield from _missed(of, read["missed"], count)
    true = Counter(of.paper(form) for _series, form in of.due)
    yield from differs("classes of forms", printed, true)
    for words in rate:
        yield from _rate(of, words)


def _missed(of: Matter, words: str | None, count: int) -> Faults:
    """Hold how many nobody asks for any more: unreported, and no row of them is owed."""
    unreported = [form for _series, form in of.due if of.paper(form) == "unreported"]
    ended = [form for form in unreported if not _is_overdue(of, form)]
    read = re.search(r"其中(\d+)期", words or "")
    yield from differs("missed", int(read[1]) if read else count if words else 0, len(ended))
    if words:
        printed = printed_reasons(words.partition("：")[2], of=len(ended), unit="期")
        missed = ([row.id for row in form.rows if row.state == "missed"] for form in ended)
        yield from differs("why they are not urged", printed, true_reasons(of, missed))


def _is_overdue(of: Matter, form: Any) -> bool:  # a form of the recount
    return any(row.state == "open" and row.moment is not None and row.moment <= of.city.at for row in form.rows)


def _is_reported(form: Any) -> bool:  # as above
    left = any(row.state == "missed" or (row.state == "open" and row.required and row.live) for row in form.rows)
    return not left and any(row.filed_at is not None for row in form.rows)


def _rate(of: Matter, words: str) -> Faults:
    asked = [form for _series, form in of.due if of.paper(form) not in _NOT_ASKED]
    in_time = [one for one in asked if of.paper(one) in _IN_TIME and _is_reported(one) and not of.is_late(one)]
    read = re.fullmatch(
        r"(?:扣除(?P<less>.+)后(?:的|按)(?P<asked>\d+)期(?:中|计)，)?(?:(?:首次报送未逾期的(?P<n>\d+)期|(?P<none>没有)首次报送未逾期的)，)?"
        r"按时率(?P<rate>[\d.]+)%",
        words,
    )
    if read is None:
        yield f"unknown pattern: {words}"
        return
    less = {"免报": "waived", "待批": "pending", "随办结待审": "held"}
    printed = {less[one] for one in (read["less"] or "").split("、") if one}
    yield from differs("less", printed, {of.paper(form) for _series, form in of.due} & set(_NOT_ASKED))
    yield from differs("asked", int(read["asked"] or len(of.due)), len(asked))
    on_time = sum(of.paper(form) == "on_time" for _series, form in of.due)
    yield from differs("in time", int(read["n"] or (0 if read["none"] else on_time)), len(in_time))
    yield from differs("rate", float(read["rate"]), round(100 * len(in_time) / max(1, len(asked)), 1))


@reads(r"另有首次报送即已逾期的(?P<n>\d+)期，按目前状态计入其他各类")
def _late_elsewhere(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    late = [form for _series, form in of.due if of.is_late(form) and of.paper(form) != "late"]
    yield from differs("late elsewhere", int(said["n"]), len(late))


def _since(of: Matter, words: str | None) -> Faults:
    """Hold the day with which a span begins: of the first circular it begins with the first 交办 and is not said."""
    yield from differs("since", words, None if of.before is None else said_day(of.before.city.today))


@reads(r"(?:截至(?P<until>DAY)，)?尚无到期应报的反馈|SINCE没有到期应报的反馈".replace(*_SPAN))
def _nothing_due(truth: TextTruth, said: re.Match[str]) -> Faults:
    yield from _since(truth.of, said["since"])
    yield from differs("cut-off", said["until"] or said_day(truth.city.today), said_day(truth.city.today))
    yield from differs("forms due", 0, len(truth.of.due))


@reads(r"首次报送即已逾期的(?P<n>\d+)期(?:：(?P<list>.+?))?(?:；另有(?P<spared>\d+)期不在此列名)?")
def _came_late(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    true = Counter(of.city.units[series.unit_id].short for series, _form in of.came_late)
    yield from _count_and_list(said, true, unit="期", listed=of.unit is None)
    every = sum(of.is_late(form) for _series, form in of.due)
    yield from differs("late, not named", int(said["spared"] or 0), every - len(of.came_late))


@reads(
    r"(?:按牵头单位逐个统计，尚未签收|该单位牵头而尚未签收的|该县牵头而尚未签收的|该区牵头而尚未签收的)(?P<n>\d+)项(?:次：(?P<list>.+?))?"
    r"(?:；另有(?P<spared>\d+)项次不在此列名)?"
)
def _unsigned(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    named = [(task, share) for task, share in of.unsigned if of.named_leads(task, [share])]
    true = Counter(share.unit.short for _task, share in named)
    yield from _count_and_list(said, true, unit="项", listed=of.unit is None)
    yield from differs("unsigned, not named", int(said["spared"] or 0), len(of.unsigned) - len(named))


@reads(
    r"因无实质内容再次被退回、按未按要求报送登记的(?P<n>\d+)项(?:：(?P<list>.+?))?(?:；另有(?P<spared>\d+)项不在此列名)?"
)
def _unfit(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    rows = {(one["of"]["unit_id"], one["of"]["period_id"], one["of"]["code"]) for one in of.returns if one["unfit"]}
    documents = {one["of"]["period_id"]: one["of"]["document"] for one in of.returns}
    true: Counter[str] = Counter()
    for unit_id, period_id, _code in rows:
        unit = of.city.units[unit_id]
        if unit.is_blamed and not (of.to_all and documents[period_id] in of.city.internal):
            true[unit.short] += 1
    yield from _count_and_list(said, true, unit="项", listed=of.unit is None)
    yield from differs("unfit, not named", int(said["spared"] or 0), len(rows) - sum(true.values()))


def _count_and_list(said: re.Match[str], true: Counter[str], *, unit: str, listed: bool) -> Faults:
    yield from differs("count", int(said["n"]), sum(true.values()))
    yield from differs("has a list", bool(said["list"]), listed)
    if said["list"]:
        yield from differs("list", counted(said["list"], unit=unit), true)


@reads(r"与上期（(?P<number>.+?)，截至(?P<until>DAY)）相比，(?P<changes>.+)|与(?P<other>.+?)相比，(?P<others>.+)")
def _compared(truth: TextTruth, said: re.Match[str]) -> Faults:
    then = truth.previous
    if then is None:
        yield "no circular before this one is known"
        return
    if said["until"]:
        yield from differs("cut-off before", said["until"], said_day(then.today))
    before = Matter(then, truth.of.kind, truth.of.unit and then.unit(truth.of.unit.short), truth.of.document)
    was, now = len(before.overdue), len(truth.of.overdue)
    words = said["changes"] or said["others"]
    first = f"逾期报送由{was}份变为{now}份" if was != now else f"逾期报送仍为{now}份" if now else "仍没有逾期的报送"
    yield from differs("number overdue", words.split("，")[0], first)
    printed = {"新增": 0, "已补报": 0, "不再催报": 0}
    for one in words.split("，")[1:]:
        read = re.fullmatch(r"(\D+?)(\d+)份(?:（(?P<why>.+)）)?", one)
        if read is None or read[1] not in printed:
            yield f"unknown change: {one}"
        else:
            printed[read[1]] = int(read[2])
            if read["why"]:
                reasons = printed_reasons(read["why"], of=int(read[2]), unit="份")
                yield from differs("why they are not urged", reasons, true_reasons(truth.of, _ended(before, truth.of)))
    yield from differs("changes", tuple(printed.values()), _changes(before, truth.of))


def _ended(before: Matter, now: Matter) -> Iterator[list[int]]:
    """Yield of each series that is overdue no more, and was not made good, the rows that were not filed."""
    then = {one["id"]: {row["id"] for row in before.overdue_rows(one["id"])} for one in before.overdue}
    owed = {row["id"] for one in now.overdue for row in now.overdue_rows(one["id"])}
    sent = {row for row, at in _sent(now) if at > before.city.at}
    yield from (sorted(rows - sent) for rows in then.values() if not rows & owed and rows - sent)


def _changes(before: Matter, now: Matter) -> tuple[int, int, int]:
    """Count what is new, made good and ended, by the very rows that were overdue then."""
    rows_then = {one["id"]: {row["id"] for row in before.overdue_rows(one["id"])} for one in before.overdue}
    rows_now = {one["id"]: {row["id"] for row in now.overdue_rows(one["id"])} for one in now.overdue}
    still = {id_ for id_, rows in rows_then.items() if any(rows & others for others in rows_now.values())}
    known = {id_ for id_, rows in rows_now.items() if any(rows & others for others in rows_then.values())}
    sent = {row for row, at in _sent(now) if at > before.city.at}
    filed = [id_ for id_, rows in rows_then.items() if id_ not in still and rows <= sent]
    return len(rows_now) - len(known), len(filed), len(rows_then) - len(still) - len(filed)


def _sent(of: Matter) -> Iterator[tuple[int, datetime]]:
    """Yield what left a unit for which row, as the log printed it: reports, and ticks when their filing was signed."""
    for event in of.city.events:
        if event["type"] == "report.filed" and event["payload"]["row_id"] is not None:
            yield event["payload"]["row_id"], datetime.fromisoformat(event["at"])
    for id_, row in of.city.rows.items():
        if (at := at_utc(row["filed_at"])) is not None:
            yield id_, at


@reads(
    r"反馈逾期(?:未报或者未补正的)?共(?P<n>\d+)份（连续多期的计一份）(?:，由(?P<unit>.+?)承办（(?P<items>.+)）|，涉及(?P<own>.+)|"
    r"。其中，(?:以下(?P<units>\d+)个单位(?P<m>\d+)份：)?(?P<list>.+))?"
)
def _overdue(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    yield from differs("overdue", int(said["n"]), len(of.overdue))
    true = Counter(one["unit"] for one in of.blamed)
    if said["own"] or said["unit"]:
        yield from differs("of one unit", len(true), 1)
        unit = said["unit"] or next(iter(true), "")
        yield from differs("overdue of it", Counter({unit: int(said["n"])}), true)
        yield from _cited(of, unit, said["own"] or said["items"])
        return
    printed: Counter[str] = Counter()
    for one in outside_brackets(said["list"] or "", "；"):
        read = re.fullmatch(r"(?P<unit>.+?)(?P<n>\d+)份（(?P<items>.+)）", one)
        if read is None:
            yield f"unknown pattern: {one}"
            continue
        printed[read["unit"]] += int(read["n"])
        yield from _cited(of, read["unit"], read["items"])
    yield from differs("overdue by unit", printed, true)
    if said["units"]:
        yield from differs("units and series", (int(said["units"]), int(said["m"])), (len(true), sum(true.values())))


def _cited(of: Matter, unit: str, words: str) -> Faults:
    """Hold what is cited of each document, and how many items of it, against the overdue rows of a unit."""
    true: dict[str, set[str]] = {}
    for one in of.blamed:
        if one["unit"] == unit:
            every = (row["label"] for row in of.overdue_rows(one["id"]))
            true.setdefault(one["document"], set()).update(label for label in every if label is not None)
    cited, _sign, more = words.partition("，另有")
    left = dict(true)
    for part in cited.split("，"):
        read = re.fullmatch(r"(?P<document>.+?号)(?P<labels>.+?)(?:等(?P<n>\d+)个事项)?", part)
        if read is None or read["document"] not in left:
            yield f"cited, not overdue: {part}"
            continue
        labels = left.pop(read["document"])
        printed = {label for _document, label in places(f"{read['document']}{read['labels']}")}
        if read["labels"] == "其他配合事项":
            yield from differs(f"only ticks of {read['document']}", labels, set())
            continue
        yield from differs("cited, not overdue", printed - labels, set())
        yield from differs(f"items of {part}", int(read["n"] or len(printed)), len(labels))
    read = re.fullmatch(r"(\d+)件文件的(?:(\d+)个事项|其他配合事项)", more)
    rest = (int(read[1]), int(read[2] or 0)) if read else (0, 0)
    yield from differs("documents not cited", rest, (len(left), sum(map(len, left.values()))))


@reads(r"(?P<how>逾期最长的已达|(?:列名的)?均?已逾期)(?P<n>\d+)个工作日")
def _longest(truth: TextTruth, said: re.Match[str]) -> Faults:
    days = overdue_for(truth.of)
    yield from differs("longest", int(said["n"]), max(days))
    yield from differs("how the longest is told", said["how"], how_longest(days, of_all=len(truth.of.overdue)))


def overdue_for(of: Matter) -> list[int]:
    """Return since how many working days each series is overdue that the paper tells of."""
    told = of.overdue if of.kind in ("urge", "rectification") else of.blamed
    since = [last_day(datetime.fromisoformat(one["owed"]["since"])) for one in told]
    return [of.city.workdays(day, of.city.today) for day in since]


def how_longest(days: list[int], *, of_all: int) -> str:
    """Say how a paper tells of the longest of those that it names, `of_all` that are overdue."""
    if len(set(days)) > 1:
        return "逾期最长的已达"
    return f"{'列名的' if len(days) < of_all else ''}{'均' if len(days) > 1 else ''}已逾期"


@reads(r"(?P<how>另有|逾期的)(?P<n>\d+)份由(?P<kinds>.+)承办，另行商请、明确，(?:不列入通报|不在此列名)")
def _spared(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    yield from differs("spared", int(said["n"]), len(of.spared))
    units = {of.city.by_short[one["unit"]] for one in of.spared}
    true = {SPARED.get(unit.kind) or (_KEPT if unit.kept else _UNKEPT) for unit in units}
    yield from differs("spared kinds", {kind for kind in true if kind not in said["kinds"]}, set())
    yield from differs("length of kinds", len(said["kinds"]), len("、".join(true)))
    yield from differs("others named", said["how"] == "另有", bool(of.blamed))


@reads(r"(?P<how>另有|逾期的)(?P<n>\d+)份系领导批示、会议议定事项等内部事项的反馈，另行通报，不在此列名")
def _withheld(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    yield from differs("withheld", int(said["n"]), len(of.overdue) - len(of.blamed) - len(of.spared))


@reads("目前没有应补报或者补正的逾期反馈")
def _nothing_overdue(truth: TextTruth, said: re.Match[str]) -> Faults:
    yield from differs("overdue", 0, len(truth.of.overdue))


@reads(
    r"(?:(?P<since>DAY)以来，)?(?:该单位|共有(?P<units>\d+)个单位的)(?P<n>\d+)份反馈被退回（(?P<rows>\d+)项次(?:，(?:均|其中(?P<ticks>\d+)项次)?系对其他配合事项的一并确认)?），"
    r"退回理由为：(?P<reasons>.+)"
)
def _returned(truth: TextTruth, said: re.Match[str]) -> Faults:
    returns = truth.of.returns
    yield from _since(truth.of, said["since"])
    yield from differs("rows given back", int(said["rows"]), len(returns))
    true = Counter(REASONS[one["reason_class"]] for one in returns)
    yield from differs("reasons", counted(said["reasons"], unit="项次"), true)
    ticks = sum(one["of"]["label"] is None for one in returns)
    printed = int(said["ticks"]) if said["ticks"] else len(returns) if "一并确认" in said[0] else 0
    yield from differs("ticks", printed, ticks)
    if said["units"]:
        yield from differs("units", int(said["units"]), len({one["of"]["unit_id"] for one in returns}))


# what is demanded: each stands where its ground does


def _has(of: Matter, *causes: str) -> bool | None:
    """Whether a paper may tell that something behind bears one of these causes; None where `flask state` leaves parts
    open. To others than leaders it tells causes only where all that is behind has one outside of its leads.
    """
    behind = {task.id: None if of.is_open(task) else of.confirmed_behind(task) for task in of.led}
    told = [task for task in of.led if behind[task.id] is not False]
    if of.kind != "special" and any(behind[task.id] and not of.lies_outside(task) for task in told):
        return False
    found: list[bool | None] = []
    for task in filter(of.lies_outside, told):
        lasts = [last for share in of.leads(task) if (last := said_behind(share)) is not None]
        if any(last.cause_class in causes for last in lasts):
            found.append(behind[task.id])
    return True if True in found else None if None in found else False


def _demanded(*causes: str) -> Any:  # a check
    def check(truth: TextTruth, said: re.Match[str]) -> Faults:
        if _has(truth.of, *causes) is False:
            yield "no such cause was recorded"

    return check


@reads(r"未达序时的，(?:责任单位要倒排工期，逐项明确责任人和完成时间|建议由分管领导调度)")
def _pushed(truth: TextTruth, said: re.Match[str]) -> Faults:
    if not any(truth.of.is_open(task) or truth.of.confirmed_behind(task) is not False for task in truth.of.led):
        yield "nothing is behind"


for _words, _causes in (
    (
        "等待上级政策或者受其他单位影响的，(?:责任单位要主动衔接，需要市级层面协调的及时提请市政府督查室协调|建议由市政府协调解决)",
        ("awaits_policy", "upstream"),
    ),
    ("资金尚未落实的，(?:责任单位要提出资金需求和筹措意见，按程序报批|建议由分管领导研究)", ("awaits_funds",)),
    ("职责分工有争议的，(?:由牵头单位召集会商，协商不成的提请市政府督查室研究|建议由市政府明确)", ("unclear_duty",)),
    ("受客观条件影响的，责任单位要调整工作安排，明确补办时间", ("out_of_season", "litigation", "force_majeure")),
):
    reads(_words)(_demanded(*_causes))


@reads(
    "时限已过(?:的，责任单位要抓紧报送或者补正办结情况，确实不能办结的说明原因|、没有报送或者补正办结情况的，建议责成责任单位限期报告)"
)
def _demand_completion(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    if not any(task.work == "overdue_work" or of.is_open(task) for task in of.led):
        yield "nothing is past its deadline"


@reads("尚未签收的要立即签收")
def _demand_receipt(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    own = [part for task in of.tasks if (part := of.own(task)) is not None and part.state == "pending_receipt"]
    yield from differs("unsigned", bool(of.unsigned or own), True)


@reads(
    r"(?:建议责成)?(?P<whose>反馈逾期的单位|该单位)(?:要)?于(?P<by>DAY)（含）前补报进展(?:，说明原因和下步措施|并说明原因，仍不落实的由市政府督查室约谈)"
)
def _demand_reports(truth: TextTruth, said: re.Match[str]) -> Faults:
    yield from differs("blamed", bool(truth.of.blamed), True)
    yield from differs("answer by", said["by"], answer_day(truth.of))


def answer_day(of: Matter) -> str:
    day: date = of.city.workdays_on(of.city.today, 5)
    return said_day(day)


@reads("建议由市政府督查室继续跟踪督查")
def _go_on(truth: TextTruth, said: re.Match[str]) -> Faults:
    yield from differs("blamed", bool(truth.of.blamed), False)


@reads(
    "各单位要对照原文要求，按期如实报送，附齐佐证；牵头单位要主动协调，配合单位要按时反馈|"
    "该单位要对照原文要求，按期如实报送，附齐佐证(?P<led>，对牵头的事项要主动协调)?(?P<other>，对配合或者按职责分工承担的事项要按时反馈)?"
)
def _demand_all(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    if of.unit is not None:
        yield from differs("leads", bool(said["led"]), bool(of.led))
        yield from differs("bears others", bool(said["other"]), len(of.tasks) > len(of.led))


@reads("市政府督查室将持续跟踪，办结一项、销号一项|市政府督查室将跟踪督办，办结一项、销号一项")
def _tracked(truth: TextTruth, said: re.Match[str]) -> Faults:
    return iter(())
