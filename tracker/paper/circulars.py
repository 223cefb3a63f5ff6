"""Circulars: the type's wording from its template, its annexes' columns, and the document on the office's paper."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from tracker.domain.circulars.content import Content, Table
from tracker.domain.circulars.kinds import CircularType
from tracker.paper.documents import Annex, Column, OfficialDocument
from tracker.paper.letterheads import TEMPLATES, Letterhead

Statement = tuple[int, str]
# The classes of all tasks and of all forms due: those that are not nought are named, a single one without its number.
_WORK = {
    "completed_met": ("已办结{completed_met}项", "已办结"),
    "completed_unmet": ("办结未达标{completed_unmet}项", "办结未达标"),
    "completion_pending": ("办结待审{completion_pending}项", "办结待审"),
    "on_schedule": ("达序时{on_schedule}项", "达序时"),
    "ongoing": ("常态推进{ongoing}项", "常态推进"),
    "awaiting_figures": ("到期待核数{awaiting_figures}项", "到期待核数"),
    "behind": ("未达序时{behind}项", "未达序时"),
    "overdue_work": ("逾期未办结{overdue_work}项", "逾期未办结"),
    "unknown": ("因反馈逾期情况不明{unknown}项", "因反馈逾期情况不明"),
    "lapsed": ("", ""),  # in the words of what it is made of
    "suspended": ("中止{suspended}项", "已中止"),
    "cancelled": ("已撤销{cancelled}项", "已撤销"),
    "not_started": ("尚未启动{not_started}项", "尚未启动"),
}
_NOT_STARTED = {
    "not_yet": ("启动时间未到或者尚无进展报告{not_yet}项", "启动时间未到或者尚无进展报告"),
    "waits": ("待触发{waits}项", "待触发"),
    "unreceived": ("尚未签收{unreceived}项", "尚未签收"),
}
_PAPERS = {
    "on_time": ("按时{on_time}期", "按时报送"),
    "late": ("迟报{late}期", "迟报"),
    "under_review": ("审核中{under_review}期", "在审核中"),
    "held": ("随办结报告待审{held}期", "随办结报告待审"),
    "correction": ("退回补正{correction}期", "已退回补正"),
    "uncorrected": ("逾期未补正{uncorrected}期", "逾期未补正"),
    "pending": ("延期或者异议待批{pending}期", "延期或者异议待批"),
    "owed": ("逾期未报{owed}期", "逾期未报"),
    "waived": ("免报{waived}期", "免报"),
}
_NOT_ASKED = (("waived", "免报"), ("pending", "待批"), ("held", "随办结待审"))
_CHANGES = (
    ("newly_overdue", "新增{newly_overdue}份"),
    ("made_good", "已补报{made_good}份"),
    ("ended_since", "因办结、失效、延期、后期已报等不再催报{ended_since}份"),
)
_LANDSCAPE = frozenset({"breakdown"})
_COLUMNS: dict[str, tuple[Column, ...]] = {
    "overdue": (
        Column("序号", 560, "center"),
        Column("责任单位", 1300),
        Column("事项", 2334),
        Column("依据文件", 1400),  # 〔2022〕48号 in one line
        Column("期次", 1350, "center"),
        Column("应报日期", 1300, "center"),
        Column("逾期工作日", 600, "center"),
    ),
    "tasks": (
        Column("序号", 560, "center"),
        Column("依据", 1500),
        Column("事项", 2784),
        Column("牵头（责任）单位", 1500),
        Column("时限", 1400, "center"),
        Column("报送频次", 1100, "center"),
    ),
    "breakdown": (
        Column("序号", 620, "center"),
        Column("原文序号", 1100, "center"),
        Column("任务", 3436),
        Column("目标", 2300),
        Column("牵头（责任）单位", 1600),
        Column("配合（其他责任）单位", 1600),
        Column("时限", 1200, "center"),
        Column("报送频次", 900, "center"),
    ),
    "faults": (
        Column("序号", 560, "center"),
        Column("依据", 1500),
        Column("事项", 2684),
        Column("期次", 1300, "center"),
        Column("问题", 1700),
        Column("整改期限", 1100, "center"),
    ),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A circular's words before they are set: title, addressees, statements with places for figures."""

    title: str
    addressees: str
    copies: str
    note: str
    statements: tuple[Statement, ...]


def template_version(kind: CircularType) -> str:
    """Return the first digits of the template's digest: which wording a circular was made of."""
    return hashlib.sha256((TEMPLATES / kind.value / "body.txt").read_bytes()).hexdigest()[:12]


def word(content: Content, head: Letterhead, *, matter: str = "") -> Draft:
    """Put a computed circular into the words of its type's template; figures stay places like {total}."""
    return Draft(
        title=head.title.format(name=head.name, matter=matter or "重点工作"),
        addressees=content.addressees or head.addressees,
        copies=head.copies,
        note=head.note,
        statements=tuple(_statements(content)),
    )


def _statements(content: Content) -> list[Statement]:
    templates = SandboxedEnvironment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=False)
    words = templates.get_template(f"{content.type.value}/body.txt").render(
        c=_Counts(content.counts),
        scope=content.scope,
        has=lambda key: key in content.figures,
        parts=_parts(content.counts, about_unit=bool(content.scope.unit)),
        papers=_papers(content.counts),
        own=_own(content.counts),
        rate=_rate(content.counts),
        returned=_returned(content.counts),
        behind=_behind(content.counts, about_unit=bool(content.scope.unit)),
        changes=_changes(content.counts),
        own_unreceived=_own_unreceived(content.counts),
        inferred=_of_them(content.counts, "inferred", of="ordered"),
        drafted=_of_them(content.counts, "drafted", of="ordered"),
        closing=_of_them(content.counts, "closing", of="expired"),
        called_in=_called_in(content.counts),
    )
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return [(len(line) - len(line.lstrip("#")), line.lstrip("#").strip()) for line in lines]


def _parts(counts: Mapping[str, int], *, about_unit: bool) -> str:
    """Name the classes of the work partition, and what the classes 失效待结 and 未启动 are made of."""
    waiting = _classes(counts, _NOT_STARTED)
    told = {"not_started": f"（{'、'.join(waiting)}）" if waiting else ""}
    named = _classes(counts, {**_WORK, "lapsed": _lapsed(counts)}, more=told)
    if not named:
        return ""
    among = "中，" if about_unit else "。其中，"
    apart = "" if about_unit else "，"
    classes = f"{apart if len(named) == 1 else among}{'，'.join(named)}"
    if not counts.get("own_word"):
        return classes
    unsigned = f"（{_of_them(counts, 'unsigned', of='own_word')}系动态所报，未经单位负责人审签）"
    own_word, every = counts["own_word"], sum(counts.get(key, 0) for key in _WORK)
    own = f"{_all(every)}系单位自报、尚未核定" if own_word == every else "中单位自报、尚未核定的{own_word}项"
    return f"{classes}；以上进度{own}{unsigned if counts.get('unsigned') else ''}"


def _lapsed(counts: Mapping[str, int]) -> tuple[str, str]:
    """Name what lapsed, among others and alone: for what was put on file nobody waits any more."""
    if not counts.get("lapsed_archived"):
        return "文件到期待收尾{lapsed}项", "因文件到期待收尾"
    if not counts.get("lapsed_open"):
        return f"文件到期未办结{{lapsed}}项（{_all(counts['lapsed'])}已归档）", "文件到期未办结并已归档"
    made_of = "（待收尾{lapsed_open}项、已归档{lapsed_archived}项）"
    return f"文件到期未办结{{lapsed}}项{made_of}", f"文件到期未办结{made_of}"


def _papers(counts: Mapping[str, int]) -> str:
    """Name the classes of the paper partition; of what was not reported, how much nobody asks for any more."""
    missed = _of_them(counts, "missed", of="owed", unit="期")
    ended = f"（{missed}因事项了结、中止、文件到期或者后期已报等不再催报，仍计入）" if counts.get("missed") else ""
    named = _classes(counts, _PAPERS, more={"owed": ended})
    return f"{'，' if len(named) == 1 else '。其中，'}{'，'.join(named)}"


def _classes(
    counts: Mapping[str, int], words: Mapping[str, tuple[str, str]], *, more: Mapping[str, str] | None = None
) -> list[str]:
    """Name the classes that are not nought; a single one is all there is, and its number was said."""
    keys = [key for key in words if counts.get(key)]
    after = more or {}
    if len(keys) == 1:
        return [_all(counts[keys[0]]) + words[keys[0]][1] + after.get(keys[0], "")]
    return [words[key][0] + after.get(key, "") for key in keys]


def _all(count: int) -> str:
    """Say that something holds for all of a number that was said; of one it goes without saying."""
    return "均" if count > 1 else ""


def _of_them(counts: Mapping[str, int], key: str, *, of: str, unit: str = "项") -> str:
    """Say how many of a number that was said: 其中3项, or 均 where it is all of them."""
    if counts.get(key) == counts.get(of):
        return _all(counts.get(key, 0))
    return f"其中{{{key}}}{unit}"


def _called_in(counts: Mapping[str, int]) -> str:
    """Say whose overdue reports an order calls in, where they are not those of everybody whom it addresses."""
    if counts.get("called_count", 0) > 1:
        return "逾期的{called_in}份反馈（{called_list}）"
    return f"{'{called_units}' if counts.get('addressed', 0) > 1 else ''}逾期的{{called_in}}份反馈"


def _own(counts: Mapping[str, int]) -> str:
    """Say which part of its tasks a unit leads."""
    if not counts.get("own_lead"):
        return "均为配合或者按职责分工承担的事项"
    return "其中牵头{own_lead}项、配合或者按职责分工承担{own_other}项" if counts.get("own_other") else "均为牵头的事项"


def _own_unreceived(counts: Mapping[str, int]) -> str:
    """Say how many of its tasks a unit has not signed for."""
    every = counts.get("own_unreceived") == counts.get("total")
    return f"{_all(counts.get('total', 0))}尚未签收" if every else "尚未签收{own_unreceived}项"


def _rate(counts: Mapping[str, int]) -> str:
    """Say the rate beside the numbers of which it follows, and what of it was deducted."""
    deducted = "、".join(words for key, words in _NOT_ASKED if counts.get(key))
    after = f"扣除{deducted}后的{{asked}}期中，" if deducted else ""
    in_time = "首次报送未逾期的{in_time}期" if counts.get("in_time") else "没有首次报送未逾期的"
    return f"；{after}{in_time}，按时率{{rate}}"


def _returned(counts: Mapping[str, int]) -> str:
    """Say how many rows were given back, and how many of them are no item but the tick for all others."""
    ticks = f"，{_of_them(counts, 'returned_ticks', of='returned_rows', unit='项次')}系对其他配合事项的一并确认"
    return f"{{returned_rows}}项次{ticks if counts.get('returned_ticks') else ''}"


def _behind(counts: Mapping[str, int], *, about_unit: bool) -> str:
    """Name the units of what is overdue; a single one without a number where it has all that was counted."""
    if not counts.get("blamed"):
        return ""
    if counts["blamed"] == counts["overdue"] and counts["behind_count"] == 1:
        return "，涉及{behind_items}" if about_unit else "，由{behind_units}承办（{behind_items}）"
    several = "以下{behind_count}个单位{blamed}份：" if counts["behind_count"] > 1 else ""
    return f"。其中，{several}{{behind_list}}"


def _changes(counts: Mapping[str, int]) -> str:
    """Say how the overdue reports came to what they are since the circular before."""
    was, now = counts.get("previous_overdue", 0), counts.get("overdue", 0)
    if was != now:
        told = "逾期报送由{previous_overdue}份变为{overdue}份"
    else:
        told = "逾期报送仍为{overdue}份" if now else "仍没有逾期的报送"
    return "，".join((told, *(words for key, words in _CHANGES if counts.get(key))))


class _Counts:
    """Counts by name; one that was not computed is nought."""

    def __init__(self, counts: object) -> None:
        self._counts = dict(counts)  # type: ignore[call-overload] # a mapping

    def __getattr__(self, name: str) -> int:
        return int(self._counts.get(name, 0))


def compose(
    draft: Draft, content: Content, head: Letterhead, *, number: str, dated_on: date, urgency: str = ""
) -> OfficialDocument:
    """Return the document: statements filled with their figures, tables from the same computation."""
    return OfficialDocument(
        form=head.form,
        mark=head.mark,
        number=number,
        title=draft.title,
        addressees=draft.addressees,
        body=tuple((level, content.fill(words)) for level, words in draft.statements),
        signature=head.name,
        dated_on=dated_on,
        print_office=head.print_office,
        annexes=annexes(content.tables),
        copies=draft.copies,
        note=draft.note,
        urgency=urgency,
        sealed=head.sealed,
        preprinted=head.preprinted,
    )


def annexes(tables: Sequence[Table]) -> tuple[Annex, ...]:
    return tuple(
        Annex(table.title, _COLUMNS[table.kind], table.rows, landscape=table.kind in _LANDSCAPE) for table in tables
    )


def column_names(table: Table) -> list[str]:
    """Return the heads of an annex' columns."""
    return [column.head for column in _COLUMNS[table.kind]]
