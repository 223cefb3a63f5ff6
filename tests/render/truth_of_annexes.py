"""Each row of a paper's annexes held against the city then, and each annex for what it leaves out."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.render.city_then import Share, Task, day_of, last_day, said_day
from tests.render.paper_matter import CAUSES, WORK_WORDS, Matter
from tests.render.printed_paper import PrintedPaper, PrintedTable, outside_brackets
from tests.render.truth_of_courts import faults_of_holder
from tests.render.truth_of_orders import closing_days, goes_on, mending, named_leads, ordered
from tests.render.truth_of_reporting import answer_day
from tests.render.truth_of_text import causes_of, differs, plain, told_of
from tests.render.truth_of_waiting import UNRECEIVED, WHY, next_due, told_overdue, why_waits
from tracker.domain.calendar import hour_words
from tracker.domain.deadlines import is_whole_day

Faults = Iterator[str]
_LIVE = ("open", "returned", "filed")
_COLUMNS = {
    "已办结": ("completed_met", "completed_unmet"), "达序时": ("on_schedule",), "常态推进": ("ongoing",),
    "办结待审、待核数": ("completion_pending", "awaiting_figures"), "未达序时": ("behind",),
    "逾期未办结": ("overdue_work",), "情况不明": ("unknown",), "待启动或待报告": ("not_started",),
    "中止失效撤销": ("suspended", "lapsed", "cancelled"),
}  # fmt: skip
_INTERNAL = "领导批示、会议议定事项等内部事项"
_IN_ALL = "合计"
_NOW = {
    "correction_overdue": "未补正", "unreported": "逾期未报", "pending": "待批", "correction": "退回补正",
    "under_review": "审核中", "held": "随办结待审", "not_due": "未到期", "late": "已认可", "on_time": "已认可",
    "waived": "免报",
}  # fmt: skip
_NO_RECEIPT = "未签收"
_A_DAY = 3  # numbers: year, month, day


def faults_of_annexes(paper: PrintedPaper, matter: Matter) -> list[str]:
    found = list(differs("annexes listed", list(paper.annexes), [table.title for table in paper.tables]))
    for table in (_naming_its_document(table, matter) for table in paper.tables):
        check = _ANNEXES.get(table.title)
        if check is None:
            found.append(f"annex of an unknown kind: {table.title}")
            continue
        numbers = [row["序号"] for row in table.rows if row["序号"]]
        found += differs(f"{table.title} numbers", numbers, [str(n) for n in range(1, len(numbers) + 1)])
        found += [f"{table.title}: {fault}" for fault in check(table, matter)]
    shown = {table.title for table in paper.tables}
    found += [f"annex left out: {title}" for title, wanted in _wanted(matter).items() if wanted and title not in shown]
    return found


def _naming_its_document(table: PrintedTable, of: Matter) -> PrintedTable:
    """Read a row of a paper about one document as if it named that document, which stands in the title alone."""
    if of.document is None or table.title == "任务分解表":
        return table
    rows = [{"依据文件": of.document, "依据": f"{of.document}{row.get('原文序号', '')}", **row} for row in table.rows]
    return replace(table, rows=tuple(rows))


def _wanted(of: Matter) -> dict[str, bool]:
    on_the_work = of.kind in ("supervision", "special")
    return {
        "逾期未报事项清单": bool(of.blamed if on_the_work else of.overdue if of.kind == "urge" else ()),
        "迟报清单": on_the_work and bool(of.came_late),
        "未签收事项清单": on_the_work and any(of.named_leads(task, [share]) for task, share in of.unsigned),
        "办理情况统计表": on_the_work and bool(of.led),
    }


def period_words(code: str) -> str:
    """Name a period by its code."""
    for pattern, words in _PERIODS:
        if read := re.fullmatch(pattern, code):
            return words(*read.groups())
    raise ValueError(code)


def _week(year: str, week: str) -> str:
    monday = date.fromisocalendar(int(year), int(week), 1)
    ends = [_in_year(day, int(year)) for day in (monday, monday + timedelta(days=6))]
    return f"{year}年第{int(week)}周（{'—'.join(ends)}）"


def _two_days(code: str) -> str:
    first = date.fromisoformat(code)
    return f"{first.year}年{'—'.join(_in_year(day, first.year) for day in (first, first + timedelta(days=1)))}"


def _event(day: str, hour: str, minute: str) -> str:
    return f"{said_day(date.fromisoformat(day))}{int(hour)}时{minute}分事件"


def _in_year(day: date, year: int) -> str:
    return f"{day.month}月{day.day}日" if day.year == year else said_day(day)


_PERIODS: tuple[tuple[str, Callable[..., str]], ...] = (
    ("once", lambda: "一次性"),
    ("closing", lambda: "收尾报告"),
    (r"E(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)", _event),
    (r"(\d{4})W(\d+)", _week),
    (r"(\d{4}-\d\d-\d\d)D2", _two_days),
    (r"D(\d{4}-\d\d-\d\d)", lambda day: f"一次性，{said_day(date.fromisoformat(day))}（含）前"),
    (r"(\d{4}-\d\d-\d\d)", lambda day: said_day(date.fromisoformat(day))),
    (r"(\d{4})Q(\d)", lambda year, n: f"{year}年第{' 一二三四'[int(n)]}季度"),
    (r"(\d{4})H(\d)", lambda year, n: f"{year}年{' 上下'[int(n)]}半年"),
    (r"(\d{4})B(\d)", lambda year, n: f"{year}年{2 * int(n) - 1}—{2 * int(n)}月"),
    (r"(\d{4})-(\d\d)T(\d)", lambda year, n, third: f"{year}年{int(n)}月{' 上中下'[int(third)]}旬"),
    (r"(\d{4})-(\d\d)", lambda year, n: f"{year}年{int(n)}月"),
    (r"(\d{4})", lambda year: f"{year}年度"),
)


def _task(of: Matter, document: str, words: str, *, among: list[Task] | None = None) -> Task | None:
    """Find the item that a row cites by its document, clause and name."""
    every = of.tasks if among is None else among
    return next((t for t in every if t.document == document and words == f"{t.label} {t.title}"), None)


def _standing(table: PrintedTable, of: Matter) -> Faults:
    by_document: dict[str, list[Task]] = defaultdict(list)
    for task in of.led:
        by_document[_INTERNAL if of.to_all and task.internal else task.document].append(task)
    seen = []
    if len(by_document) > 1:
        by_document[_IN_ALL] = list(of.led)
    for row in table.rows:
        told = by_document.get(row["依据文件"], [])
        if row["章节"] != "全部":
            told = [task for task in told if task.label.startswith(row["章节"])]
        else:
            seen.append(row["依据文件"])
        where = f"{row['依据文件']}{row['章节']}"
        yield from differs(f"{where} items", int(row["合计"]), len(told))
        printed = {head: int(row[head]) if row[head] != "—" else 0 for head in _COLUMNS}
        yield from differs(f"{where} adds up", sum(printed.values()), len(told))
        open_ = sum(map(of.is_open, told))
        for head, classes in _COLUMNS.items():
            least = sum(task.work in classes and not of.is_open(task) for task in told)
            if not least <= printed[head] <= least + open_:
                yield f"{where} {head}: printed {printed[head]}, true {least} to {least + open_}"
    yield from differs("documents", sorted(seen), sorted(by_document))


def _items_behind(table: PrintedTable, of: Matter) -> Faults:
    seen = set()
    for row in table.rows:
        task = _task(of, row["依据文件"], row["事项"], among=of.led)
        if task is None:
            yield f"no such item: {row}"
            continue
        seen.add(task.id)
        leads = {share.unit.short: share for share in of.leads(task)}
        units = row["责任单位"].split("、")
        yield from differs("leads", [one for one in units if one not in leads], [])
        shares = [leads[one] for one in units if one in leads]
        yield from differs("may be named", of.named_leads(task, shares), shares)
        if not of.is_open(task):
            yield from differs(task.code, WORK_WORDS[row["办理情况"]], task.work)
        yield from faults_of_holder(task, _holder(row), of)
        yield from _why(row.get("进度和原因") or row.get("进度") or "", shares)
        if "进度和原因" in row and of.to_all:
            yield "a paper to all has a column of causes"
    for task in of.led:
        sure = task.work == "overdue_work" or of.confirmed_behind(task)
        alone = len(task.live_leads) == 1 and not of.is_open(task)
        if alone and sure and of.named_leads(task, of.leads(task)) and task.id not in seen:
            yield f"left out: {task.code}"


def _holder(row: dict[str, str]) -> str:
    """Who is waited for; a table of which no row says so has no such column."""
    return next((cell for head, cell in row.items() if head.startswith("待谁办理")), "—")


def _why(words: str, shares: list[Share]) -> Faults:
    """Hold the recorded cause, where one is told, against what these leads reported; their own doing is not told."""
    if CAUSES["own_work"] in words:
        yield f"blamed without being heard: {words}"
    known = {cause for share in shares for cause in causes_of(share)}
    for part in words.split("；"):
        read = re.search(r"(?:^|：)([^：；。]+（[^）]*）)$", part)
        if read and "目标" not in part and not any(cause in part for cause in known):
            yield f"no such cause was recorded: {part}"


def _overdue(table: PrintedTable, of: Matter) -> Faults:
    lines = of.blamed if of.kind in ("supervision", "special") else of.overdue
    yield from differs("series", sum(bool(row["序号"]) for row in table.rows), len(lines))
    rows: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for line in lines:
        rows[line["unit"], line["document"]] += of.overdue_rows(line["id"])
    printed: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in table.rows:
        where = (row["责任单位"], row["依据文件"])
        items = [""] if row["事项"] == "其他配合事项" else row["事项"].split("；")
        printed[where] |= set(items)
        every = {id_: [one for one in rows[where] if _item(one) == id_] for id_ in items}
        yield from _span(row, every, of)
    true = {where: {_item(one) for one in told} for where, told in rows.items()}
    yield from differs("items", dict(printed), true)


def _item(row: Any) -> str:  # a row of the database
    return f"{row['label']} {row['title']}" if row["label"] is not None else ""


def _span(row: dict[str, str], items: dict[str, list[Any]], of: Matter) -> Faults:
    """Hold since when, for which periods and how long each item of a row is overdue against the rows of its series."""
    back = row["期次"].endswith("（未补正）")
    moments = {one.id: one for series in of.series for form in series.forms for one in form.rows}
    for item, every in items.items():
        of_series: dict[int, list[Any]] = defaultdict(list)
        for one in every:
            if (one["state"] == "returned") == back:
                of_series[one["series_id"]].append(one)
        if not any(_is_said(row, told, moments, of) for told in of_series.values()):
            true = [(one["period"], moments[one["id"]].moment) for told in of_series.values() for one in told]
            yield f"{item}: printed {row['期次']}, {row['应报日期']}, {row['逾期工作日']}, true {true}"


def _is_said(row: dict[str, str], told: list[Any], moments: dict[int, Any], of: Matter) -> bool:
    told = sorted(told, key=lambda one: moments[one["id"]].moment)
    first = period_words(told[0]["period"])
    run = re.fullmatch(r"(.+?)(?:起(连续|共)(\d+)期)?(?:（未补正）)?", row["期次"])
    since = moments[told[0]["id"]].moment
    day, days = last_day(since), re.fullmatch(r"(\d+)(天)?", row["逾期工作日"])
    if days is None:
        late = of.city.workdays(day, of.city.today) == 0
    elif days[2]:
        late = int(days[1]) == (of.city.today - day).days
    else:
        late = int(days[1]) == of.city.workdays(day, of.city.today)
    return (
        run is not None
        and any(run[1] == period_words(one["period"]) for one in told)
        and int(run[3] or 1) == len(told)
        and row["应报日期"].startswith(said_day(day_of(since) if days and days[2] else day))
        and late
        and (len(told) > 1 or run[1] == first)
    )


def _late(table: PrintedTable, of: Matter) -> Faults:
    printed = Counter(
        (row["责任单位"], _in_any_order(row["事项"]), row["依据文件"], row["期次"], row["应报日期"], row["目前情况"])
        for row in table.rows
    )
    true: Counter[tuple[str, str, str, str, str, str]] = Counter()
    for series, form in of.came_late:
        moment = of.city.form_moment(form)
        assert moment is not None
        late = [of.city.rows[row.id] for row in form.rows if row.required and row.late]
        items = "；".join(_item(row) for row in late if row is not None and row["label"] is not None) or "其他配合事项"
        unit, now = of.city.units[series.unit_id].short, _NOW[of.paper(form)]
        due = said_day(last_day(moment)) + ("" if is_whole_day(moment) else hour_words(moment))
        true[unit, _in_any_order(items), series.document, period_words(form.code), due, now] += 1
    yield from differs("printed, not late", printed - true, Counter())
    days = [[tuple(map(int, re.findall(r"\d+", row[head]))) for head in ("应报日期", "报送日期")] for row in table.rows]
    # A clock of hours is printed to the minute, in which a report may come a second late.
    early = [(due, came) for due, came in days if came < due or (came == due and len(due) == _A_DAY)]
    yield from differs("came no later than they fell due", early, [])
    yield from differs("late, not printed", true - printed, Counter())


def _in_any_order(items: str) -> str:
    return "；".join(sorted(items.split("；")))


def _unreceived(table: PrintedTable, of: Matter) -> Faults:
    printed = Counter((row["责任单位"], row["事项"], row["依据文件"], row["交办日期"]) for row in table.rows)
    true = Counter(
        (share.unit.short, f"{task.label} {task.title}", task.document, said_day(task.issued_on))
        for task, share in of.unsigned
        if of.named_leads(task, [share])
    )
    yield from differs("printed, but signed", printed - true, Counter())
    yield from differs("unsigned, not printed", true - printed, Counter())


def _cites(table: PrintedTable, of: Matter, every: list[Task]) -> Iterator[tuple[dict[str, str], Task]]:
    for row in table.rows:
        for task in every:
            if row["依据"] == f"{task.document}{task.label}" and row["事项"] == task.title:
                yield row, task


def _all_cited(table: PrintedTable, of: Matter, every: list[Task]) -> Faults:
    printed = [(row["依据"], row["事项"]) for row in table.rows]
    true = [(f"{task.document}{task.label}", task.title) for task in every]
    yield from differs("items", sorted(printed), sorted(true))


def _progress(table: PrintedTable, of: Matter) -> Faults:
    shown = [task for task in of.led if not (of.to_all and task.internal)]
    sure = [t for t in shown if not of.is_open(t)]
    cited = list(_cites(table, of, shown))
    yield from differs("rows that are no items", len(table.rows), len(cited))
    seen = [task.id for _row, task in cited]
    yield from differs("left out", [task.code for task in sure if task.id not in seen], [])
    for row, task in cited:
        yield from _named(row["牵头（责任）单位"], task, of)
        yield from _class(row["办理情况"], task, of)
        yield from faults_of_holder(task, _holder(row), of)
        told = [(share, words) for share in of.leads(task) if (words := told_of(share))]
        several = len(task.leads) > 1
        true = (
            "；".join(f"{share.unit.short}：{words}" if several else words for share, words in _in_order(told)) or "—"
        )
        yield from differs(f"{task.code} last accepted", plain(row.get("最近经审核认可的进展", "—")), true)


def _in_order(told: list[tuple[Share, str]]) -> list[tuple[Share, str]]:
    return sorted(told, key=lambda one: one[0].unit.order)


def _named(words: str, task: Task, of: Matter) -> Faults:
    """Hold the units that a column names against who leads."""
    printed = {re.sub("（.*", "", one) for one in outside_brackets(words, "、")}
    by_name = {name: unit for told in task.printed.values() for name, unit in told}
    units = {by_name.get(name) or of.city.unit(name) for name in printed - {"—"}}
    yield from differs(
        f"{task.code} leads", {unit and unit.short for unit in units}, {u.short for u in named_leads(task)}
    )


def _class(words: str, task: Task, of: Matter) -> Faults:
    name, by = words.removesuffix("（自报）"), re.search("，(.+)（含）前报送$", words)
    if by is not None:
        name = name.removesuffix(by[0])
        due = next_due(task, of)
        yield from differs(f"{task.code} first due", by[1], due and said_day(due))
    if name.endswith(_NO_RECEIPT):
        named = set(name.removesuffix(_NO_RECEIPT).split("、"))
        yield from differs(f"{task.code} signed", named, {share.unit.short for share in of.leads(task)})
        name = UNRECEIVED
    if not of.is_open(task):
        unknown = name == "因反馈逾期情况不明"
        yield from differs(task.code, "not_started" if name in WHY else WORK_WORDS.get(name), task.work)
        if task.work == "not_started" and (why := why_waits(task, of)) is not None:
            yield from differs(f"{task.code} has not begun", name, why)
        if task.work == "unknown":
            yield from differs(f"{task.code} overdue", unknown, bool(told_overdue(task, of)))
        yield from differs(f"{task.code} on file", "归档" in words, task.is_archived)
        if (own := task.own_word()) is not None:
            yield from differs(f"{task.code} own word", words.endswith("（自报）"), own)


def _supervised(table: PrintedTable, of: Matter) -> Faults:
    every = ordered(of)
    yield from _all_cited(table, of, every)
    for row, task in _cites(table, of, every):
        yield from _named(row["牵头（责任）单位"], task, of)
        yield from _class(row["办理情况"], task, of)
        yield from _deadline(row["时限和报送频次"].split("；")[0], task, of)
        yield from _clears(row["销号要求"].split("；"), task, of)


def _deadline(words: str, task: Task, of: Matter) -> Faults:
    read = re.fullmatch(r"(\d{4}年\d+月\d+日)(（时限已过）)?", words)
    if task.deadline is None:
        yield from differs(f"{task.code} deadline", read and words, None)
        return
    past = task.work not in ("cancelled", "completed_met", "completed_unmet") and task.deadline < of.city.today
    true = said_day(task.deadline) + ("（时限已过）" if past else "")
    yield from differs(f"{task.code} deadline", words, true)


def _clears(told: list[str], task: Task, of: Matter) -> Faults:
    """Hold what clears a line: signing, each overdue form, the closing report, what the class of the work asks."""
    own = of.own(task)
    leads = of.unit is None or (own is not None and own.leads)
    signs = [one for one in told if one.endswith("签收")]
    unsigned = _own_unsigned(task, of)
    yield from differs(f"{task.code} signs", bool(signs), bool(unsigned))
    units = {share.unit.short for share in task.leads} if of.unit is None else {of.unit.short}
    past = [
        row
        for line in of.overdue
        if line["unit"] in units
        for row in of.overdue_rows(line["id"])
        if row["task_id"] == task.id
    ]
    asked = [one for one in told if re.fullmatch("补[报正].+反馈", one)]
    yield from differs(f"{task.code} asked for reports", bool(asked), bool(past))
    for one in asked:
        labels = {period_words(row["period"]) for row in past if (row["state"] == "returned") == one.startswith("补正")}
        name = re.sub("起(连续|共).*", "", one[2:-2])
        if name not in labels:
            yield f"{task.code}: {one}, overdue are {labels}"
    closing = closing_days(of, task) if task.work == "lapsed" and leads else {}
    printed = [one for one in told if one.endswith("报送收尾报告")]
    yield from differs(
        f"{task.code} closing",
        sorted(printed),
        sorted(f"{u}于{said_day(d)}（含）前报送收尾报告" for u, d in closing.items()),
    )
    yield from differs(f"{task.code} beside others", "配合牵头单位，按要求反馈" in told, not leads)
    by_class = {"报送办结情况": "overdue_work", "赶上序时进度": "behind", "中止期间不需办理": "suspended"}
    for words, work in by_class.items():
        if words in told and not of.is_open(task):
            yield from differs(task.code, work, task.work)


def _own_unsigned(task: Task, of: Matter) -> list[Share]:
    if of.unit is None:
        return task.unsigned
    own, is_open = of.own(task), task.state in ("issued", "in_progress", "under_review", "returned")
    return [own] if own is not None and is_open and own.state == "pending_receipt" else []


def _assigned(table: PrintedTable, of: Matter) -> Faults:
    every = [task for task in of.tasks if goes_on(task)]
    yield from _all_cited(table, of, every)
    for row, task in _cites(table, of, every):
        yield from _of_list(row, task, of)


def _broken_down(table: PrintedTable, of: Matter) -> Faults:
    every = ordered(of)
    printed = [(row["原文序号"], row["任务"]) for row in table.rows]
    yield from differs("items", printed, [(task.label, task.title) for task in every])
    for row, task in zip(table.rows, every, strict=False):
        yield from _of_list(row, task, of)


def _of_list(row: dict[str, str], task: Task, of: Matter) -> Faults:
    yield from _named(row["牵头（责任）单位"], task, of)
    yield from _deadline(row["时限"], task, of)
    beside = {re.sub("（.*", "", one) for one in outside_brackets(row["配合（其他责任）单位"], "、")}
    known = {name for told in task.printed.values() for name, _unit in told} | {"各县区人民政府"}
    held = {share.unit.short for share in task.held if not share.leads}
    yield from differs(f"{task.code} beside, without a part", beside - known - held, set())


def _faults(table: PrintedTable, of: Matter) -> Faults:
    back = mending(of)
    mended = [row for row in table.rows if row["问题"].startswith("反馈被退回")]
    yield from differs("to mend", len(mended), len(back))
    rows = {row.id: row for series in of.series for form in series.forms for row in form.rows}
    true = Counter(
        (
            told["document"],
            _item(told),
            period_words(told["period"]),
            said_day(last_day(rows[id_].correction_due_at or rows[id_].due_at)),
        )
        for id_ in back
        if (told := of.city.rows[id_]) is not None
    )
    printed = Counter((row["依据"], row["事项"], row["期次"], row["整改期限"]) for row in mended)
    yield from differs("rows to mend", printed, true)
    overdue = {
        (row["document"], _item(row) or "其他配合事项") for line in of.overdue for row in of.overdue_rows(line["id"])
    }
    told = set()
    for row in table.rows:
        if row not in mended:
            yield from differs("answer by", row["整改期限"], answer_day(of))
            told |= {(row["依据"], item) for item in row["事项"].split("；")}
    yield from differs("overdue", told, overdue)


_ANNEXES: dict[str, Callable[[PrintedTable, Matter], Faults]] = {
    "办理情况统计表": _standing,
    "经审核确认未达序时和逾期未办结事项清单": _items_behind,
    "经审核确认未达序时事项清单": _items_behind,
    "逾期未办结事项清单": _items_behind,
    "逾期未报事项清单": _overdue,
    "迟报清单": _late,
    "未签收事项清单": _unreceived,
    "事项进展情况表": _progress,
    "督办事项清单": _supervised,
    "交办事项清单": _assigned,
    "任务分解表": _broken_down,
    "整改问题清单": _faults,
}
