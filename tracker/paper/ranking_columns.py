"""The columns of a circular about an evaluated month."""

from collections.abc import Mapping, Sequence

from tracker.paper.documents import Column
from tracker.paper.ooxml import TYPE_AREA_WIDTH

_PLACE, _NAME = 700, 2600
RANKING_COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "decided": (
        Column("序号", 560, "center"),
        Column("没有规定的事项", 1900),
        Column("决定", 2484),
        Column("决定人和日期", 1900),
        Column("理由", 2000),
    ),
    "marked": (
        Column("考评对象", 1320),
        Column("指标", 2900),
        Column("数据、名次和得分", 7296),
        Column("得分/满分", 1240, "center"),
    ),
    "sourced": (
        Column("序号", 560, "center"),
        Column("指标", 2500),
        Column("依据", 1500),
        Column("报送、排名、计分", 4284),
    ),
    "corrected_inputs": (
        Column("序号", 560, "center"),
        Column("考评对象", 1300),
        Column("数据", 2384),
        Column("更正前", 1000, "center"),
        Column("更正后", 1000, "center"),
        Column("来源和更正理由", 2600),
    ),
    "corrected": (
        Column("序号", 560, "center"),
        Column("考评对象", 1500),
        Column("内容", 3384),
        Column("更正前", 1700, "center"),
        Column("更正后", 1700, "center"),
    ),
}

# Of circulars that were made while each working was told in whole sentences.
FORMER_RANKING_COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "worked": (
        Column("考评对象", 1100),
        Column("指标", 2000),
        Column("数据", 3400),
        Column("名次", 800, "center"),
        Column("得分", 700, "center"),
        Column("计算过程", 4756),
    ),
}


def headed(heads: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns of a table of places: place, name, then marks in equal widths."""
    rest = (TYPE_AREA_WIDTH - _PLACE - _NAME) // (len(heads) - 2)
    return (
        Column(heads[0], _PLACE, "center"),
        Column(heads[1], _NAME),
        *(Column(head, rest, "center") for head in heads[2:]),
    )
