"""Circulars: the type's wording from its template, its annexes' columns, and the document on the office's paper."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from tracker.domain.circulars.content import Content, Table
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.salutation import printed
from tracker.paper import counted
from tracker.paper.columns import LANDSCAPE_WIDTH, MANY_ROWS, fitted_columns, needs_a_turned_sheet
from tracker.paper.documents import Annex, Column, OfficialDocument
from tracker.paper.letterheads import TEMPLATES, Letterhead
from tracker.paper.ooxml import SMALL_CELL_CHARACTER, TYPE_AREA_WIDTH
from tracker.paper.punctuation import full_width_brackets, punctuated
from tracker.paper.ranking_columns import FORMER_RANKING_COLUMNS, RANKING_COLUMNS, headed

Statement = tuple[int, str]
_PLACES = ("县", "区")
_SHARED = "work.txt"  # sentences that several types take from one place
_LANDSCAPE = frozenset(
    {"breakdown", "standing", "item_progress", "progress", "supervised", "assigned", "marked", "worked"}
)
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
    "supervised": (
        Column("序号", 620, "center"),
        Column("依据", 1700),
        Column("事项", 3436),
        Column("牵头（责任）单位", 1800),
        Column("时限和报送频次", 1700, "center"),
        Column("办理情况", 1100, "center"),
        Column("销号要求", 2400),
    ),
    "assigned": (
        Column("序号", 620, "center"),
        Column("依据", 1800),
        Column("事项", 3336),
        Column("牵头（责任）单位", 1800),
        Column("配合（其他责任）单位", 2300),
        Column("时限", 1300, "center"),
        Column("报送频次", 1600, "center"),
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
    "standing": (
        Column("序号", 620, "center"),
        Column("依据文件", 2500),
        Column("章节", 916, "center"),
        Column("合计", 872, "center"),
        Column("已办结", 872, "center"),
        Column("达序时", 872, "center"),
        Column("常态推进", 872, "center"),
        Column("办结待审、待核数", 872, "center"),
        Column("未达序时", 872, "center"),
        Column("逾期未办结", 872, "center"),
        Column("情况不明", 872, "center"),
        Column("待启动或待报告", 872, "center"),
        Column("中止失效撤销", 872, "center"),
    ),
    "items_behind": (
        Column("序号", 560, "center"),
        Column("责任单位", 1150),
        Column("事项", 2084),
        Column("依据文件", 1400),
        Column("办理情况", 900, "center"),
        Column("待谁办理", 1050),
        Column("进度和原因", 1700),
    ),
    "late": (
        Column("序号", 560, "center"),
        Column("责任单位", 1600),
        Column("依据文件", 1884),
        Column("报送频次", 900, "center"),
        Column("期次", 1300, "center"),
        Column("应报日期", 1300, "center"),
        Column("报送日期", 1300, "center"),
    ),
    "unreceived": (
        Column("序号", 560, "center"),
        Column("责任单位", 1800),
        Column("事项", 3384),
        Column("依据文件", 1600),
        Column("交办日期", 1500, "center"),
    ),
    "item_progress": (
        Column("序号", 620, "center"),
        Column("依据", 1900),
        Column("事项", 2700),
        Column("牵头（责任）单位", 1600),
        Column("办理情况", 1100, "center"),
        Column("待谁办理", 1950),
        Column("最近经审核认可的进展", 2886),
    ),
    **RANKING_COLUMNS,
    "faults": (
        Column("序号", 560, "center"),
        Column("依据", 1500),
        Column("事项", 2684),
        Column("期次", 1300, "center"),
        Column("问题", 1700),
        Column("整改期限", 1100, "center"),
    ),
}
# What columns are called by what a table says in them, or how; editions made before that have the other name.
_CALLED = {"待谁办理（自何日起等待）": "待谁办理", "进度": "进度和原因"}
# Of editions that were made before a list of items said where they stand, and before annexes said who holds an item.
_FORMER: dict[str, tuple[Column, ...]] = {
    **FORMER_RANKING_COLUMNS,
    "behind": (
        Column("序号", 560, "center"),
        Column("责任单位", 1300),
        Column("事项", 2484),
        Column("依据文件", 1400),
        Column("办理情况", 1100, "center"),
        Column("进度和原因", 2000),
    ),
    "progress": (
        Column("序号", 620, "center"),
        Column("依据", 2000),
        Column("事项", 3000),
        Column("牵头（责任）单位", 1700),
        Column("办理情况", 1200, "center"),
        Column("最近经审核认可的进展", 4236),
    ),
    "tasks": (
        Column("序号", 560, "center"),
        Column("依据", 1500),
        Column("事项", 2784),
        Column("牵头（责任）单位", 1500),
        Column("时限", 1400, "center"),
        Column("报送频次", 1100, "center"),
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
    """Return the first digits of the template's digest, with what it shares: which wording a circular was made of."""
    words = [(TEMPLATES / name).read_bytes() for name in (f"{kind.value}/body.txt", _SHARED)]
    return hashlib.sha256(b"".join(words)).hexdigest()[:12]


def word(content: Content, head: Letterhead, *, matter: str = "") -> Draft:
    """Put a computed circular into the words of its type's template; figures stay places like {total}."""
    return Draft(
        title=head.title.format(name=head.name, matter=matter or "重点工作"),
        addressees=printed(content.goes_to) or head.addressees,
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
        parts=counted.parts(
            content.counts, about_unit=bool(content.scope.unit), shares="share_not_started" in content.figures
        ),
        document_lines=counted.document_lines(content.figures),
        causes=counted.causes(content.counts),
        past_deadline=counted.past_deadline(content.counts),
        papers=counted.papers(content.counts),
        own=counted.own(content.counts),
        rate=counted.rate(content.counts),
        returned=counted.returned(content.counts),
        as_long_overdue=len(content.figures["longest"].sources) if "longest" in content.figures else 0,
        behind=counted.behind(content.counts, about_unit=bool(content.scope.unit)),
        changes=counted.changes(content.counts),
        own_unreceived=counted.own_unreceived(content.counts),
        inferred=counted.not_told(content.counts, "inferred", of="ordered"),
        drafted=counted.not_told(content.counts, "drafted", of="ordered"),
        closing=counted.of_them(content.counts, "closing", of="expired"),
        called_in=counted.called_in(content.counts),
    )
    lines = [line.strip() for line in _addressed(words, content.scope.unit).splitlines() if line.strip()]
    return [(len(line) - len(line.lstrip("#")), line.lstrip("#").strip()) for line in lines]


def _addressed(words: str, unit: str | None) -> str:
    """Call a county or district that a paper is about what it is: 你县, 该区; every other body stays 单位."""
    kind = unit[-1] if unit else ""
    if kind not in _PLACES:
        return words
    return words.replace("你单位", f"你{kind}").replace("该单位", f"该{kind}")


class _Counts:
    """Counts by name; one that was not computed is nought."""

    def __init__(self, counts: object) -> None:
        self._counts = dict(counts)  # type: ignore[call-overload] # a mapping

    def __getattr__(self, name: str) -> int:
        return int(self._counts.get(name, 0))


def compose(
    draft: Draft,
    content: Content,
    head: Letterhead,
    *,
    number: str,
    dated_on: date,
    urgency: str = "",
    joint: Sequence[str] = (),
) -> OfficialDocument:
    """Return the document: statements filled with their figures, tables from the same computation.

    `joint` are the organs that issue it together with the office.
    """
    document = OfficialDocument(
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
        two_sided=head.two_sided,
        joint=tuple(joint),
    )
    return punctuated(document)


def annexes(tables: Sequence[Table]) -> tuple[Annex, ...]:
    return tuple(map(_annex, tables))


def _annex(table: Table) -> Annex:
    """Return an annex with columns that fit its words, on a turned sheet where an upright one is too narrow.

    One of many rows is set in smaller type 「小五」.
    """
    rows = tuple(tuple(map(full_width_brackets, row)) for row in table.rows)
    columns = _columns(table)
    if len(rows) > MANY_ROWS:
        columns = tuple(replace(column, character=SMALL_CELL_CHARACTER) for column in columns)
    turned = table.kind in _LANDSCAPE or needs_a_turned_sheet(columns, rows)
    fitted = fitted_columns(columns, rows, whole=LANDSCAPE_WIDTH if turned else TYPE_AREA_WIDTH)
    return Annex(table.title, fitted, rows, landscape=turned)


def _columns(table: Table) -> tuple[Column, ...]:
    if table.heads and table.kind in _COLUMNS:
        known = {column.head: column for column in _COLUMNS[table.kind]}
        return tuple(replace(known[_CALLED.get(head, head)], head=head) for head in table.heads)
    if table.heads:
        return headed(table.heads)
    return _COLUMNS.get(table.kind) or _FORMER[table.kind]


def column_names(table: Table) -> list[str]:
    """Return the heads of an annex' columns."""
    return [column.head for column in _columns(table)]
