"""What papers that order something say of whom and of what, held against the city then."""

import re
from collections import Counter
from datetime import date

from tests.render.city_then import Share, Task, Unit, last_day, said_day
from tests.render.paper_matter import Matter, counted
from tests.render.truth_of_reporting import answer_day, how_longest, overdue_for
from tests.render.truth_of_text import Faults, TextTruth, differs, reads

_CLOSING = "closing"


def may_be_ordered(unit: Unit) -> bool:
    return unit.is_blamed or (unit.kind == "领导小组" and unit.kept)


def has_ended(task: Task) -> bool:
    return task.work in ("cancelled", "completed_met", "completed_unmet") or task.is_archived


def goes_on(task: Task) -> bool:
    return not has_ended(task) and task.work not in ("lapsed", "suspended")


def ordered(of: Matter) -> list[Task]:
    """The tasks that a paper orders, or breaks down."""
    if of.kind == "notice":
        return [task for task in of.tasks if not has_ended(task)]
    if of.kind == "assignment":
        return [task for task in of.tasks if goes_on(task)]
    return [task for task in of.tasks if task.work != "cancelled"]


_LAST = {"下级政府": "人民政府", "功能区管委会": "管委会"}


def addressed(of: Matter) -> list[Unit]:
    """Whom an order goes to: the unit that it is about, else in official order who has a part and may be ordered."""
    if of.unit is not None:
        return [of.unit]
    parts = [share.unit for task in ordered(of) for share in task.held if share.leads or of.kind == "assignment"]
    return sorted({unit for unit in parts if may_be_ordered(unit)}, key=lambda unit: unit.order)


def faults_of_addressees(words: str, of: Matter) -> Faults:
    if of.kind in ("notice", "assignment", "urge", "rectification"):
        to = addressed(of)
        if of.unit is not None:
            names = of.called or of.unit.full
        else:
            classes: list[tuple[str, list[str]]] = []
            for unit in to:
                last = "" if unit.short.endswith(_LAST.get(unit.kind, "")) else _LAST[unit.kind]
                if not classes or classes[-1][0] != last:
                    classes.append((last, []))
                classes[-1][1].append(unit.short)
            names = "，".join("、".join(several) + last for last, several in classes)
        yield from differs("addressees", words, names)


@reads("为确保市政府决策部署落到实处，现就(?P<of>.+)确定事项的办理通知如下：")
def _notice(truth: TextTruth, said: re.Match[str]) -> Faults:
    yield from truth.document(said["of"])


@reads(r"你单位的反馈逾期(?P<n>\d+)份")
def _own_overdue(truth: TextTruth, said: re.Match[str]) -> Faults:
    yield from differs("overdue", int(said["n"]), len(truth.of.overdue))


@reads(
    "未办结事项、目前办理情况和销号要求见附件|你单位要按照职责分工落实承担的工作，主动配合牵头单位|"
    "你单位要对照原文逐项明确措施、时限和责任人，(?:对配合或者按职责分工承担的事项要主动配合牵头单位|主动协调有关单位)|"
    "牵头单位要对照原文逐项明确措施、时限和责任人，配合单位要主动配合|(?:报市政府督查室的)?反馈须经单位主要负责人或者分管负责人审签后报市政府督查室"
)
def _how(truth: TextTruth, said: re.Match[str]) -> Faults:
    if said[0].startswith("你单位"):
        yield from differs("addressed", len(addressed(truth.of)), 1)


@reads(r"(?P<unit>[^逾]*)逾期的(?P<n>\d+)份反馈(?:（(?P<list>.+)）)?，要于(?P<by>DAY)（含）前补报或者补正")
def _called_in(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    names = {unit.short for unit in addressed(of)}
    true = Counter(one["unit"] for one in of.overdue if one["unit"] in names)
    yield from differs("called in", int(said["n"]), sum(true.values()))
    if said["list"]:
        yield from differs("of each", counted(said["list"], unit="份"), true)
    elif said["unit"]:
        yield from differs("of whom", Counter({said["unit"]: int(said["n"])}), true)
    yield from differs("answer by", said["by"], answer_day(of))


def closing_days(of: Matter, task: Task) -> dict[str, date]:
    """Who owes the closing report of a lapsed task, or its correction, each by which day."""
    shares = {share.id: share.unit for share in task.held if of.unit in (None, share.unit)}
    rows = {row.id: row for series in of.city.series for form in series.forms for row in form.rows}
    found: dict[str, date] = {}
    for told in of.city.rows.values():
        row = rows[told["id"]]
        if told["assignment_id"] in shares and told["period"] == _CLOSING and row.state in ("open", "returned"):
            due = row.correction_due_at if row.state == "returned" and row.correction_due_at else row.due_at
            found[shares[told["assignment_id"]].short] = last_day(due)
    return found


def _closing(of: Matter) -> dict[str, dict[str, date]]:
    found: dict[str, dict[str, date]] = {}
    for task in of.led:
        days = closing_days(of, task) if task.work == "lapsed" else {}
        told = {
            name: day
            for name, day in days.items()
            if day >= of.city.today and (of.unit is not None or may_be_ordered(of.city.by_short[name]))
        }
        if told:
            found[task.code] = told
    return found


@reads(
    r"所依据文件已经到期的事项不再按期报送(?P<closing>，(?:均|其中(?P<n>\d+)项)?(?:由牵头单位)?于(?P<days>DAY(?:、DAY)*)（含）前报送收尾报告)?"
)
def _expired(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    lapsed = [task for task in ordered(of) if task.work == "lapsed"]
    yield from differs("lapsed", bool(lapsed), True)
    closing = _closing(of)
    yield from differs("closing", int(said["n"]) if said["n"] else len(lapsed) if said["closing"] else 0, len(closing))
    days = sorted({day for told in closing.values() for day in told.values()})
    yield from differs("closing by", said["days"] or "", "、".join(map(said_day, days)))


@reads("中止办理的事项在中止期间不报送")
def _suspended(truth: TextTruth, said: re.Match[str]) -> Faults:
    yield from differs("suspended", any(task.work == "suspended" for task in truth.of.led), True)


@reads(
    "(?:其他)?反馈(?:由牵头单位按附件所列频次报送，并附佐证材料|按附件所列频次报送，并附佐证材料|按附件所列要求办理，列明频次的报市政府督查室，其余的向牵头单位反馈)"
)
def _others(truth: TextTruth, said: re.Match[str]) -> Faults:
    yield from differs("something goes on", any(map(goes_on, truth.of.tasks)), True)


@reads(
    r"(?P<of>.+)确定由你单位承办的事项，截至(?P<until>DAY)，反馈逾期(?P<n>\d+)份（连续多期的计一份），"
    r"(?:(?P<how>逾期最长的已达|均已逾期|已逾期)(?P<longest>\d+)个工作日|已过报送时限)，具体事项见附件"
)
def _urged(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    yield from truth.document(said["of"])
    yield from differs("cut-off", said["until"], said_day(of.city.today))
    yield from differs("overdue", int(said["n"]), len(of.overdue))
    days = overdue_for(of)
    yield from differs("longest", int(said["longest"] or 0), max(days, default=0))
    yield from differs(
        "how the longest is told", said["how"], how_longest(days, of_all=len(days)) if any(days) else None
    )


@reads(r"请抓紧办理，于(?P<by>DAY)（含）前将进展情况、佐证材料和逾期原因经单位负责人审签后报市政府督查室")
def _urge_answer(truth: TextTruth, said: re.Match[str]) -> Faults:
    yield from differs("answer by", said["by"], answer_day(truth.of))


@reads("逾期仍不报送的，将予以通报")
def _threat(truth: TextTruth, said: re.Match[str]) -> Faults:
    return iter(())


@reads(
    r"(?P<of>.+?号）)(?:确定的任务中，由你单位承办的(?P<own>\d+)项|确定的(?P<total>\d+)项任务(?:中，尚在办理的(?P<open>\d+)项)?，"
    r"由(?:(?P<you>你单位)|(?P<leads>\d+)个单位)牵头办理(?P<more>.*))"
)
def _assigned(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    yield from truth.document(said["of"])
    open_ = len([task for task in of.tasks if goes_on(task)])
    if said["own"]:
        yield from differs("own", int(said["own"]), open_)
        return
    yield from differs("items", int(said["total"]), len(of.tasks))
    yield from differs("open", int(said["open"] or said["total"]), open_)
    yield from _leads(of, 1 if said["you"] else int(said["leads"]), said["more"])


@reads("现予交办，请认真贯彻落实")
def _handed_out_today(truth: TextTruth, said: re.Match[str]) -> Faults:
    days = {task.issued_on for task in ordered(truth.of)}
    yield from differs("handed out before", [day for day in days if day < truth.city.today], [])


@reads(r"上述事项已于(?P<day>\d+年\d+月\d+日)(?P<since>起陆续)?交办，现补发交办单，各项时限仍按原定计算，不因补发顺延")
def _handed_out_before(truth: TextTruth, said: re.Match[str]) -> Faults:
    days = {task.issued_on for task in ordered(truth.of)}
    yield from differs("handed out on", said["day"], said_day(min(days)))
    yield from differs("on several days", bool(said["since"]), len(days) > 1)


@reads("时限已过的，要立即报送办结情况或者说明原因")
def _handed_out_too_late(truth: TextTruth, said: re.Match[str]) -> Faults:
    past = (task.deadline is not None and task.deadline < truth.city.today for task in ordered(truth.of))
    yield from differs("a term is over", any(past), True)


def _leads(of: Matter, printed: int, more: str) -> Faults:
    """Count who leads by its share, and the items whose text names no lead."""
    every = ordered(of)
    units = {share.unit.short for task in every for share in task.leads}
    yield from differs("leads", printed, len(units))
    first = [task for task in every if task.lead_basis == "first_listed"]
    read = re.search(r"，(?:其中(?P<n>\d+)项)?原文(?P<all>均)?没有标明牵头单位", more)
    told = (int(read["n"]) if read["n"] else len(every)) if read else 0
    yield from differs("first listed", told, len(first))


def named_leads(task: Task) -> list[Unit]:
    """Who leads by its share, and printed bodies that never had one: they are asked by letter, or never."""
    never = [unit for unit in task.printed_leads if unit.kind in ("市政府", "上级机关")]
    return [*(share.unit for share in task.leads), *never]


@reads("(?P<whose>你|各承办)单位要对照附件(?P<all>逐项签收，)?明确分管负责人和具体承办人，制定措施，倒排时间")
def _sign_all(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    yield from differs("addressed alone", said["whose"] == "你", len(addressed(of)) == 1)
    every = [share for task in ordered(of) for share in _asked_to_sign(of, task)]
    unsigned = [share for share in every if share.state == "pending_receipt"]
    yield from differs("nobody signed", bool(said["all"]), len(unsigned) == len(every))


@reads(r"(?:有承办单位)?尚未签收的(?P<n>\d+)项，(?:要|由尚未签收的单位)逐项签收")
def _sign_rest(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    waiting = [t for t in ordered(of) if any(one.state == "pending_receipt" for one in _asked_to_sign(of, t))]
    yield from differs("to be signed", int(said["n"]), len(waiting))


def _asked_to_sign(of: Matter, task: Task) -> list[Share]:
    """The shares of whom a paper goes to."""
    return [one for one in task.held if (one.unit == of.unit if of.unit is not None else may_be_ordered(one.unit))]


@reads(
    "对牵头的事项负总责，主动协调有关单位|对配合或者按职责分工承担的事项，做好工作并按时向牵头单位反馈|"
    "牵头单位对事项办理负总责，配合单位按照职责分工做好工作，并按时向牵头单位反馈|"
    "(?:牵头单位)?按照附件所列频次报送进展，附佐证材料，经单位负责人审签后报市政府督查室|没有进展的，如实说明原因和下步措施|"
    "确需延期的，应当在到期前书面申请|市政府督查室将跟踪督查，对逾期事项予以通报"
)
def _assign_how(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    if of.unit is not None and said[0].startswith("对牵头的事项负总责"):
        yield from differs("leads", bool(of.led), True)
    if of.unit is not None and said[0].startswith("对配合"):
        yield from differs("bears others", len(of.tasks) > len(of.led), True)


@reads(r"为做好(?P<of>.+)的贯彻落实，现将确定的(?P<n>\d+)项任务分解如下")
def _broken_down(truth: TextTruth, said: re.Match[str]) -> Faults:
    yield from truth.document(said["of"])
    yield from differs("items", int(said["n"]), len(ordered(truth.of)))


@reads(r"任务由(?P<n>\d+)个单位牵头(?P<more>.*)")
def _led_by(truth: TextTruth, said: re.Match[str]) -> Faults:
    yield from _leads(truth.of, int(said["n"]), said["more"])


@reads(
    "牵头单位对任务落实负总责，配合单位按照职责分工积极配合|各单位要对照任务分解表细化措施、明确时限|"
    "牵头单位按所列频次报送进展和佐证材料，其他单位按照职责分工向牵头单位反馈或者报送|市政府督查室对任务落实情况跟踪督查，定期通报"
)
def _break_down_how(truth: TextTruth, said: re.Match[str]) -> Faults:
    return iter(())


@reads(
    r"经督查，截至(?P<until>DAY)，你单位承办的事项存在以下问题：(?:反馈逾期(?P<n>\d+)份（连续多期的计一份）)?，?"
    r"(?:反馈被退回、需要补正的事项(?P<mending>\d+)项)?，具体见附件"
)
def _faulty(truth: TextTruth, said: re.Match[str]) -> Faults:
    of = truth.of
    yield from differs("cut-off", said["until"], said_day(of.city.today))
    yield from differs("overdue", int(said["n"] or 0), len(of.overdue))
    yield from differs("mending", int(said["mending"] or 0), len(mending(of)))


def mending(of: Matter) -> list[int]:
    """The rows that were given back and may still be corrected in time, ticks apart."""
    rows = [row for _series, form, _moment in of.forms for row in form.rows]
    return [row.id for row in rows if row.item is not None and row.paper(of.city.at) == "correction"]


@reads(
    "现就整改工作通知如下：|请按附件所列期限逐项整改到位，补报进展，补齐佐证材料|对所列问题有不同意见的，请在所列期限内书面说明理由，并附相关材料"
)
def _mend_how(truth: TextTruth, said: re.Match[str]) -> Faults:
    return iter(())


@reads(
    r"请(?:于(?P<by>DAY)（含）前将整改情况、未按期报送的原因和责任人，|将整改情况)经单位主要负责人签字后报市政府督查室"
)
def _mend_answer(truth: TextTruth, said: re.Match[str]) -> Faults:
    yield from differs("overdue", bool(said["by"]), bool(truth.of.overdue))
    if said["by"]:
        yield from differs("answer by", said["by"], answer_day(truth.of))
