"""The annex of sources: it applies what was decided on who marks, and says who handed in what, when and from where."""

import re
from collections import Counter
from datetime import date

import pytest

from tests.support.demonstration_months import computed, decisions_of
from tests.support.random_months import SCHEME
from tracker.domain.scoring.asked import hands_in
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Scheme
from tracker.wording.score_rows import Row, marked_rows
from tracker.wording.score_sources import Delivery, Sources, joined_roles
from tracker.wording.scoring import working_words

_UNITS = {"fagaiwei": "市发展改革委", "zhongdaxiangmuban": "市重大项目办", "tongjiju": "市统计局"}


def _rows(scheme: Scheme, *deliveries: Delivery) -> tuple[Row, ...]:
    _scheme, result = computed(9)
    whose = hands_in(Rules(scheme, decisions_of(scheme)))
    sources = Sources(scheme=scheme, units=_UNITS, whose=whose, decisions=decisions_of(scheme), deliveries=deliveries)
    return sources.rows(result)


def test_no_item_is_without_a_unit_once_it_was_decided_who_marks_it() -> None:
    rows = _rows(SCHEME)
    assert not [row for row in rows if "没有" in row[2]]
    ours = [row for row in rows if row[0].startswith(("附件2", "附件3"))]
    assert ours
    assert all("核算、排名、计分：市重大项目办（按本通报附件2所列决定）" in row[2] for row in ours)
    assert not any("附件2所列决定" in row[2] for row in rows if row[0].startswith("附件1"))


def test_the_sources_say_who_handed_in_what_from_where_and_when() -> None:
    figure = Delivery("fixed-growth", frozenset(), "市统计局", "月报", date(2022, 9, 28))
    later = Delivery("fixed-growth", frozenset(), "市统计局", "月报", date(2022, 9, 30))
    [counted] = [one for one in SCHEME.figures if one.code == "foreign-count"]
    ledger = Delivery(counted.code, frozenset(), "", "项目台账", date(2022, 9, 28), counted=True)
    from_ledger = [row[2] for row in _rows(SCHEME, ledger)]
    assert not any("督查室" in words for words in from_ledger), "who counted is not who keeps the records"
    assert any("项目台账，2022年9月28日计数" in words for words in from_ledger)
    visit = Delivery("", frozenset({"2-4"}), "", "纪要", date(2022, 9, 26))
    told = {row[0]: row[2] for row in _rows(SCHEME, figure, later, visit)}
    [growth] = [words for name, words in told.items() if "固定资产投资增速情况" in name]
    assert "数据：市统计局2022年9月28日至30日报送（月报）" in growth
    assert [name for name, words in told.items() if "督查室2022年9月26日报送（纪要）" in words] == [
        next(name for name in told if name.startswith("附件2一（四）"))
    ]


def test_a_unit_that_does_several_things_is_named_once() -> None:
    assert joined_roles([("提供数据", ["甲"]), ("核算排名", ["乙"]), ("计分", ["乙"]), ("认定", [])]) == [
        ("提供数据", "甲"),
        ("核算排名、计分", "乙"),
    ]
    assert joined_roles([("核算排名", ["甲"]), ("计分", ["甲"])]) == [("核算排名、计分", "甲")]


@pytest.mark.parametrize("kind", ["figures", "metrics", "marks"])
def test_no_name_says_the_same_word_twice_over(kind: str) -> None:
    """专项债项目项目个数 is a name put together of two that both end in the same word."""
    named = [mark for _, mark in SCHEME.marks()] if kind == "marks" else getattr(SCHEME, kind)
    names = [one.name for one in named]
    assert not [name for name in names if re.search(r"([一-龥]{2,})\1", name)]
    assert not [name for name in names if "市住房和建设局" in name], "a misprint of the text is no unit's name"


@pytest.mark.parametrize("number", [8, 9, 10])
def test_no_working_of_the_demonstration_says_its_name_twice(number: int) -> None:
    scheme, result = computed(number)
    lines = Counter(
        line
        for one in result.objects
        for annex in one.annexes
        for item in annex.items
        for part in item.parts
        for line in working_words(scheme, part.working)
    )
    lines.update(cells[1] for _name, cells in marked_rows(scheme, result))
    assert not [line for line in lines if re.search(r"([^：，；]{4,})：\1", line)]
