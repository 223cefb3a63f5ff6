"""The columns of each annex, and the annexes set with columns that fit their words."""

from collections.abc import Sequence
from dataclasses import replace

from tracker.domain.circulars.content import Table
from tracker.domain.circulars.work_done import CLASS_COLUMNS
from tracker.paper.columns import LANDSCAPE_WIDTH, MANY_ROWS, fitted_columns, needs_a_turned_sheet
from tracker.paper.documents import Annex, Column
from tracker.paper.ooxml import SMALL_CELL_CHARACTER, TYPE_AREA_WIDTH
from tracker.paper.punctuation import full_width_brackets
from tracker.paper.ranking_columns import FORMER_RANKING_COLUMNS, RANKING_COLUMNS, headed

_RUNNING_NUMBER = "序号"
_LANDSCAPE = frozenset(
    {"breakdown", "standing", "item_progress", "progress", "supervised", "assigned", "marked", "worked"}
)
# What stands beside each other has columns of one width.
_AS_THEY_ARE = frozenset({"compared"})
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
        *(Column(name, 872, "center") for name in ("合计", *CLASS_COLUMNS)),
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
    "came_late": (
        Column("序号", 560, "center"),
        Column("责任单位", 1150),
        Column("事项", 2034),
        Column("依据文件", 1300),
        Column("期次", 1100, "center"),
        Column("应报日期", 950, "center"),
        Column("报送日期", 950, "center"),
        Column("目前情况", 800, "center"),
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
    "compared": (
        Column("序号", 560, "center"),
        Column("何处", 1484),
        Column("更正前", 3400),
        Column("更正后", 3400),
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
_CALLED = {"待谁办理（自何日起等待）": "待谁办理", "进度": "进度和原因", "原文序号": "依据"}
# Of editions that were made before a list of items said where they stand, before annexes said who holds an item, and
# before a list of what came late named its items.
_FORMER: dict[str, tuple[Column, ...]] = {
    **FORMER_RANKING_COLUMNS,
    "late": (
        Column("序号", 560, "center"),
        Column("责任单位", 1600),
        Column("依据文件", 1884),
        Column("报送频次", 900, "center"),
        Column("期次", 1300, "center"),
        Column("应报日期", 1300, "center"),
        Column("报送日期", 1300, "center"),
    ),
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
    if table.kind in _AS_THEY_ARE:
        return Annex(table.title, columns, rows)
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


def uncounted_rows(table: Table) -> tuple[tuple[str, ...], ...]:
    """Return the rows of an annex without their running numbers, which each row that comes or goes shifts."""
    kept = [n for n, head in enumerate(column_names(table)) if head != _RUNNING_NUMBER]
    return tuple(tuple(cells[n] for n in kept if n < len(cells)) for cells in table.rows)
