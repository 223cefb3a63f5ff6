"""What digests and their mails say."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.domain.deadlines import due_day, is_whole_day
from tracker.domain.owed import Owed, OwedKind
from tracker.domain.reminders import DigestEntry, DigestHeading
from tracker.wording.codes import TICKED_NAME
from tracker.wording.moments import due_words, inclusive, lateness_words, left_words, owed_words, past_answer_words
from tracker.wording.periods import period_label

HEADING_NAMES: dict[DigestHeading, str] = {
    DigestHeading.DUE_TODAY: "今日必报",
    DigestHeading.THREE_DAYS: "三日内",
    DigestHeading.RETURNED: "退回待补",
    DigestHeading.OVERDUE: "逾期",
    DigestHeading.NEW: "开始报送",
    DigestHeading.WINDOW: "提前提醒",
}
# A heading that digests written before reports were reckoned by series may bear.
_PAST_HEADINGS = {"confirm": "请更新或确认"}
# What members filed stands in a digest beside what the unit owes itself.
TO_VERIFY = "to_verify"
_TO_VERIFY_NAME = "待核实"
# So does what others ask the unit; nothing is owed for it.
ASKED = "asked"
_ASKED_NAME = "协办、批示待反馈"
# So do papers of the office that were served on the unit.
PAPERS = "papers"
_PAPERS_NAME = "文稿待签收、待答复"
# What waits for the head of the unit stands in his alone.
TO_SIGN = "to_sign"
_TO_SIGN_NAME = "待审签"
# So do papers that the head of the unit is asked to countersign.
COUNTERSIGNS = "countersigns"
_COUNTERSIGNS_NAME = "联合印发文稿待会签"
_BESIDE = {
    TO_SIGN: _TO_SIGN_NAME,
    TO_VERIFY: _TO_VERIFY_NAME,
    ASKED: _ASKED_NAME,
    PAPERS: _PAPERS_NAME,
    COUNTERSIGNS: _COUNTERSIGNS_NAME,
}
REMINDER_SENTENCES: dict[DigestHeading, str] = {
    DigestHeading.DUE_TODAY: "{form}，{today}截止。",
    DigestHeading.THREE_DAYS: "{form}，{due}前报，{left}。",
    DigestHeading.RETURNED: "{form}被退回，{due}前补正后再报。",
    DigestHeading.OVERDUE: "{form}，应于{due}前报送，{late}{run}。",
    DigestHeading.NEW: "{form}开始报送，{due}前报。",
    DigestHeading.WINDOW: "{form}，{due}前报，{left}。",
}
# What is under correction was reported once: its last day and its delay are told as those of a correction.
CORRECTION_SENTENCES: dict[DigestHeading, str] = {
    **REMINDER_SENTENCES,
    DigestHeading.DUE_TODAY: "{form}被退回，{today}补正截止。",
    DigestHeading.OVERDUE: "{form}退回后应于{due}前补正，{late}，未补正。",
}
# What falls due on a day off is told on the last working day before, which is not the day it is due.
BEFORE_DAYS_OFF = "{form}，{due}前报，该日不是工作日，请今天报出。"
CORRECTION_BEFORE_DAYS_OFF = "{form}被退回，{due}前补正，该日不是工作日，请今天报出。"
_ITEMS_NAMED = 2


def form_words(*, document: str, items: Sequence[str], period: str) -> str:
    """Name a form by its document, period and rows: 驻政办〔2022〕49号2022年第三季度（三（一）1“树立导向”等3项）."""
    return f"{document}{period_label(period)}{_rows_words(items)}"


def _rows_words(items: Sequence[str]) -> str:
    named = "、".join(items[:_ITEMS_NAMED]) or TICKED_NAME
    return f"（{named}等{len(items)}项）" if len(items) > _ITEMS_NAMED else f"（{named}）"


def asked_words(owed: Owed, items: Sequence[str]) -> str:
    """Say how one form is asked for, and which rows of it where that is not all: 2022年10月（一2等3项）逾期未报."""
    names = {OwedKind.UNREPORTED: "逾期未报", OwedKind.CORRECTION: "未补正" if owed.since else "退回补正"}
    return f"{period_label(owed.period.code)}{_rows_words(items) if owed.part else ''}{names.get(owed.kind, '')}"


def beside_words(owed: Owed, items: Sequence[str], *, at: datetime, workdays: int) -> str:
    """Say what a series is asked for beside the form of its line: 2022年10月退回补正，1月10日（周二，含）前补正，….

    `items` name the rows that it is about; `workdays` are those between its day and that of `at`.
    """
    return f"{asked_words(owed, items)}，{owed_words(owed, at=at, workdays=workdays)}"


def reminder_sentence(
    entry: DigestEntry, *, document: str, items: Sequence[str], owed: Owed, at: datetime, beside: Sequence[str] = ()
) -> str:
    """Say one line of the digest of `at` about a form, and `beside` it what else its series is asked for."""
    due, run = due_words(entry.due_at, today=local_day(at)), owed.run
    said = _sentence(entry, correction=owed.kind is OwedKind.CORRECTION, today=local_day(at)).format(
        form=form_words(document=document, items=items, period=owed.period.code),
        due=due,
        today="今天" if is_whole_day(entry.due_at) else f"今天（{due}前）",
        left=left_words(entry.due_at, at=at, workdays=entry.workdays),
        late=lateness_words(entry.due_at, at=at, workdays=entry.workdays),
        run=f"，共{run}期未报" if run > 1 else "",
    )
    return f"{said}另：{'；'.join(beside)}。" if beside else said


def _sentence(entry: DigestEntry, *, correction: bool, today: date) -> str:
    if entry.heading is DigestHeading.DUE_TODAY and due_day(entry.due_at) > today:
        return CORRECTION_BEFORE_DAYS_OFF if correction else BEFORE_DAYS_OFF
    return (CORRECTION_SENTENCES if correction else REMINDER_SENTENCES)[entry.heading]


def heading_name(code: str) -> str:
    """Name a heading of a stored digest, of an old one too."""
    return _BESIDE.get(code) or _PAST_HEADINGS.get(code) or HEADING_NAMES[DigestHeading(code)]


def digest_subject(
    counts: Mapping[DigestHeading, int],
    *,
    to_verify: int = 0,
    asked: int = 0,
    papers: int = 0,
    to_sign: int = 0,
    countersigns: int = 0,
    overdue: int = 0,
) -> str:
    """Write a digest's subject: 督办提醒：今日必报2份，逾期1份，待核实3行；目前逾期共4份.

    `counts` are what it lists, `to_sign` what waits for the head, `to_verify` rows of members, `asked` what others ask,
    `papers` those to sign for or to answer, `countersigns` those that the head is to countersign, `overdue` all that is
    overdue, listed today or not; that is told where the digest does not list it all.
    """
    parts = [f"{_TO_SIGN_NAME}{to_sign}份"] if to_sign else []
    parts += [f"{HEADING_NAMES[heading]}{n}份" for heading, n in counts.items() if n]
    parts += [f"{_TO_VERIFY_NAME}{to_verify}行"] if to_verify else []
    parts += [f"{_ASKED_NAME}{asked}件"] if asked else []
    parts += [f"{_PAPERS_NAME}{papers}件"] if papers else []
    told = "，".join([*parts, *([f"{_COUNTERSIGNS_NAME}{countersigns}件"] if countersigns else [])])
    return f"督办提醒：{told}" + (f"；目前逾期共{overdue}份" if overdue > counts[DigestHeading.OVERDUE] else "")


def to_sign_sentence(count: int) -> str:
    """Say in a head's digest how much waits for his signature."""
    return f"报送、申请和文稿答复{_TO_SIGN_NAME}{count}份，请在“待我审签”中办理。"


def to_verify_sentence(rows: int) -> str:
    """Say in a lead's digest how many rows of members wait for its word."""
    return f"本单位牵头的事项有成员单位报送{rows}行，请在“成员报送核实”中核实。"


def asked_sentence(count: int, *, past: int, first: date | None, workdays: int) -> str:
    """Say in a digest how many inquiries wait for the unit's answer, of how many of them the day is over, since when.

    `workdays` are those since `first`, the earliest of the days that are over.
    """
    said = f"{_ASKED_NAME}{count}件"
    if first is not None:
        told = f"应于{inclusive(first, today=None)}前反馈，{past_answer_words(workdays)}"
        said += f"，{told}" if count == 1 else f"，其中{past}件已过反馈时间，最早的{told}"
    return f"{said}，请在“今天”中反馈。"


def papers_sentence(count: int) -> str:
    """Say in a digest how many papers of the office wait for the unit's receipt or answer."""
    return f"{_PAPERS_NAME}{count}件，请在“今天”中签收、答复。"


def countersigns_sentence(count: int) -> str:
    """Say in a digest how many papers wait for the head's countersigning."""
    return f"{_COUNTERSIGNS_NAME}{count}件，请本单位负责人在“待我审签”中会签。"


_POSTS = {Role.LIAISON: "联络员", Role.UNIT_HEAD: "负责人", Role.SUPERVISOR: "督查员"}
_STAND_IN = {
    "own": "",
    "keeper": "{units}的办公室设在本单位，由本单位代为签收、报送。",
    "head": "{units}没有在用的联络员账号，提醒改送单位负责人。",
    "office": "{units}没有在用的联络员、负责人账号，提醒改送督查室。",
}
_UNITS_NAMED = 3
_ON_WORKDAYS = "每个工作日至多一封"
EMERGENCY_ON_DAYS_OFF = "应急响应期间的报送，节假日照常提醒，每天至多一封"


def digest_reason(
    unit: str,
    counts: Mapping[DigestHeading, int],
    *,
    role: Role = Role.LIAISON,
    manner: str = "",
    to_verify: int = 0,
    asked: int = 0,
    papers: int = 0,
    to_sign: int = 0,
    countersigns: int = 0,
) -> str:
    """Say why somebody gets a digest; `manner` says how often where it is not once a working day."""
    due = "、".join(HEADING_NAMES[heading] for heading, n in counts.items() if n)
    owed = f"{sum(counts.values())}份报送今天到了提醒时点（{due}）" if due else ""
    verify = f"{to_verify}行成员单位报送待牵头核实" if to_verify else ""
    answers = f"{asked}件协办、批示待反馈" if asked else ""
    served = f"{papers}件督查室文稿待签收、待答复" if papers else ""
    signs = f"{to_sign}份待审签" if to_sign else ""
    joint = f"{countersigns}件联合印发文稿待本单位负责人会签" if countersigns else ""
    said = "，".join(part for part in (signs, owed, verify, answers, served, joint) if part)
    return f"您是{unit}的{_POSTS[role]}，{said}；{manner or _ON_WORKDAYS}。"


def stand_in_reason(route: str, units: Sequence[str]) -> str:
    """Say why somebody hears for units that are not theirs; nothing where they hear for their own."""
    named = "、".join(units[:_UNITS_NAMED])
    more = f"等{len(units)}个单位" if len(units) > _UNITS_NAMED else ""
    return _STAND_IN[route].format(units=named + more)


def climbed_reason(role: Role, units: Sequence[str], *, workdays: int | None) -> str:
    """Say why somebody reads of delays of units for which he does not hear; nothing where he reads of none."""
    if not units or workdays is None:
        return ""
    named = "、".join(units[:_UNITS_NAMED]) + (f"等{len(units)}个单位" if len(units) > _UNITS_NAMED else "")
    whom = "单位负责人" if role is Role.UNIT_HEAD else "督查室"
    return f"{named}逾期满{workdays}个工作日的，同时告知{whom}。"


def clock_words(due_at: datetime, *, at: datetime) -> str:
    """Say when a clock of hours runs out or ran out, and how far that is at the time of writing."""
    by = f"于{due_words(due_at, today=None)}前报送，"
    if at < due_at:
        return f"请{by}{left_words(due_at, at=at, workdays=0)}。"
    return f"应{by}{lateness_words(due_at, at=at, workdays=0)}。"


def digest_text(content: Mapping[str, Any], *, reason: str) -> str:
    """Write the plain text of a message: its lines under their headings, the reason last."""
    words: list[str] = []
    heading = None
    for line in content["lines"]:
        if line["heading"] != heading:
            heading = line["heading"]
            words.append(f"【{heading_name(heading)}】")
        words.append(f"· {line['sentence']}")
    if content.get("more"):
        words.append(f"其余{content['more']}项见系统“今天”清单。")
    if content.get("period_id"):
        words.append("办理：登录系统，在“今天”清单中打开这期填报；在“消息”中打开本条，可直接填报。")
    elif content.get("circular_id"):
        words.append("阅办：登录系统，在“消息”中打开本条，可直接打开文书。")
    elif content.get("task_id"):
        words.append("查看：登录系统，在“消息”中打开本条，可直接进入事项页面。")
    return "\n".join(
        [*words, "", f"为什么收到：{reason}", "本邮件由系统自动发送，请登录督查督办系统办理，勿直接回复。"]
    )
