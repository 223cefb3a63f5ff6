"""Circulars: the type's wording from its template, its annexes' columns, and the document on the office's paper."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from tracker.domain.circulars.content import Content, Table
from tracker.domain.circulars.kinds import CircularType
from tracker.paper.letterheads import TEMPLATES, Letterhead
from tracker.paper.official import Annex, Column, OfficialDocument

Statement = tuple[int, str]
# The classes of all tasks and of all forms due: those that are not nought are named.
_WORK = (
    ("completed_met", "已办结{completed_met}项"),
    ("completed_unmet", "办结未达标{completed_unmet}项"),
    ("completion_pending", "办结待审{completion_pending}项"),
    ("on_schedule", "达序时{on_schedule}项"),
    ("ongoing", "常态推进{ongoing}项"),
    ("awaiting_figures", "到期待核数{awaiting_figures}项"),
    ("behind", "未达序时{behind}项"),
    ("overdue_work", "逾期未办结{overdue_work}项"),
    ("unknown", "因反馈逾期情况不明{unknown}项"),
    ("lapsed", ""),  # in the words of what it is made of
    ("suspended", "中止{suspended}项"),
    ("cancelled", "已撤销{cancelled}项"),
)
_NOT_STARTED = (
    ("not_yet", "启动时间未到或者尚无进展报告{not_yet}项"),
    ("waits", "待触发{waits}项"),
    ("unreceived", "尚未签收{unreceived}项"),
)
_PAPERS = (
    ("on_time", "按时{on_time}期"),
    ("late", "迟报{late}期"),
    ("under_review", "审核中{under_review}期"),
    ("held", "随办结报告待审{held}期"),
    ("correction", "退回补正{correction}期"),
    ("uncorrected", "逾期未补正{uncorrected}期"),
    ("pending", "延期或者异议待批{pending}期"),
    ("owed", "逾期未报{owed}期"),
    ("waived", "免报{waived}期"),
)
_NOT_ASKED = (("waived", "免报"), ("pending", "待批"), ("held", "随办结待审"))
_CHANGES = (
    ("newly_overdue", "新增{newly_overdue}份"),
    ("made_good", "已补报{made_good}份"),
    ("ended_since", "因办结、失效、延期等不再催报{ended_since}份"),
)
_LANDSCAPE = frozenset({"breakdown"})
_COLUMNS: dict[str, tuple[Column, ...]] = {
    "overdue": (
        Column("序号", 560, "center"),
        Column("责任单位", 1300),
        Column("事项", 2484),
        Column("依据文件", 1250),
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
        parts=_parts(content.counts),
        papers=_papers(content.counts),
        own=_own(content.counts),
        rate=_rate(content.counts),
        behind=_behind(content.counts, about_unit=bool(content.scope.unit)),
        changes=_changes(content.counts),
    )
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return [(len(line) - len(line.lstrip("#")), line.lstrip("#").strip()) for line in lines]


def _parts(counts: Mapping[str, int]) -> str:
    """Name the classes of the work partition, and what the classes 失效待结 and 未启动 are made of."""
    named = [_lapsed(counts) if key == "lapsed" else words for key, words in _WORK if counts.get(key)]
    if counts.get("not_started"):
        waiting = "、".join(words for key, words in _NOT_STARTED if counts.get(key))
        named.append(f"尚未启动{{not_started}}项（{waiting}）")
    if counts.get("own_word"):
        unsigned = "（其中{unsigned}项系动态所报，未经单位负责人审签）" if counts.get("unsigned") else ""
        return f"{'，'.join(named)}；以上进度中单位自报、尚未核定的{{own_word}}项{unsigned}"
    return "，".join(named)


def _lapsed(counts: Mapping[str, int]) -> str:
    """Name what lapsed: for what was put on file nobody waits any more."""
    if not counts.get("lapsed_archived"):
        return "文件到期待收尾{lapsed}项"
    open_too = "待收尾{lapsed_open}项、已归档{lapsed_archived}项" if counts.get("lapsed_open") else "均已归档"
    return f"文件到期未办结{{lapsed}}项（{open_too}）"


def _papers(counts: Mapping[str, int]) -> str:
    """Name the classes of the paper partition; of what was not reported, how much nobody asks for any more."""
    ended = "（其中{missed}期因事项了结、中止、文件到期或者后期已报等不再催报，仍计入）" if counts.get("missed") else ""
    return "，".join(words + (ended if key == "owed" else "") for key, words in _PAPERS if counts.get(key))


def _own(counts: Mapping[str, int]) -> str:
    """Say which part of its tasks a unit leads."""
    if not counts.get("own_lead"):
        return "均为配合或者按职责分工承担的事项"
    return "其中牵头{own_lead}项、配合或者按职责分工承担{own_other}项" if counts.get("own_other") else "均为牵头的事项"


def _rate(counts: Mapping[str, int]) -> str:
    """Say the rate beside the numbers of which it follows, and what of it was deducted."""
    deducted = "、".join(words for key, words in _NOT_ASKED if counts.get(key))
    after = f"扣除{deducted}后的{{asked}}期中，" if deducted else ""
    in_time = "首次报送未逾期的{in_time}期" if counts.get("in_time") else "没有首次报送未逾期的"
    return f"；{after}{in_time}，按时率{{rate}}"


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
