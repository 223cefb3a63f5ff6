"""The annex of a circular about a month says of each mark in a row why, and is short enough to be read."""

from collections.abc import Iterator

import pytest

from tests.support.demonstration_months import computed
from tests.support.random_months import SCHEME, random_months
from tracker.domain.circulars.content import Table
from tracker.domain.scoring.month import compute_month
from tracker.domain.scoring.results import ItemResult, MonthResult, StepKind
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Scheme
from tracker.paper.annex_columns import annexes
from tracker.paper.ooxml import row_lines
from tracker.wording.score_rows import marked_rows
from tracker.wording.score_short import ShortWords
from tracker.wording.scoring import exact_words

# A turned sheet has 22 lines of cells, one of them the head; rows are not divided.
_LINES, _PAGES = 20, 3


def _items(result: MonthResult) -> Iterator[ItemResult]:
    for one in result.objects:
        yield from (item for annex in one.annexes for item in annex.items)


def _missing(scheme: Scheme, result: MonthResult) -> list[tuple[str, str]]:
    """Return what the short working of an item leaves out: numbers, places, marks of several parts, sentences."""
    words, missing = ShortWords(scheme, ranked=len(scheme.objects)), []
    for item in _items(result):
        told = words.item(item)
        wanted = {exact_words(one.value) for part in item.parts for one in part.inputs}
        wanted |= {f"第{part.rank}名" for part in item.parts if part.rank is not None}
        for part in item.parts:
            wanted |= {one for one in part.references if any(one in step.facts.values() for step in part.working)}
            for step in part.working:
                if step.kind is StepKind.PLACE and len(item.parts) > 1 and not step.facts["metric"]:
                    wanted.add(f"第{step.facts['rank']}名，{exact_words(step.facts['marks'])}分")
        missing += [(item.item, one) for one in wanted if one not in told]
    return missing


@pytest.mark.parametrize("number", [8, 9, 10])
def test_every_number_place_and_mark_of_the_demonstration_stands_in_its_row(number: int) -> None:
    assert _missing(*computed(number)) == []


def test_with_other_answers_and_edges_nothing_is_left_out_either() -> None:
    for month in random_months(40, seed=17):
        assert _missing(SCHEME, compute_month(Rules(SCHEME, month.decisions), month.inputs)) == []


@pytest.mark.parametrize("number", [8, 9])
def test_the_working_of_a_body_takes_about_three_pages(number: int) -> None:
    rows = tuple((name, *cells) for name, cells in marked_rows(*computed(number)))
    [annex] = annexes([Table("marked", "考评得分明细", rows)])
    lines = dict.fromkeys((row[0] for row in annex.rows), 0)
    for row in annex.rows:
        lines[row[0]] += row_lines(annex.columns, row)
    assert len(lines) == 13
    assert sum(lines.values()) <= len(lines) * _LINES * _PAGES
    # One of a long name, which stands in each of its rows, takes part of a page more.
    assert max(lines.values()) <= _LINES * (_PAGES + 1)


def test_what_did_not_happen_stands_in_one_row_of_each_body() -> None:
    scheme, result = computed(9)
    told = dict(row for name, row in ((name, (cells[0], cells[1:])) for name, cells in marked_rows(scheme, result)))
    assert told["附件1三、附件2一（五）、附件3一（五）、四（三）"] == ("没有发生加分、扣分的事项", "0")


def test_names_say_what_was_measured_once() -> None:
    scheme, result = computed(9)
    told = {cells[0]: cells[1] for name, cells in marked_rows(scheme, result) if name == "遂平县"}
    assert told["附件1一（四）“投产一批”项目投产达效情况"] == (
        "项目个数1个，并列第9名，1.2分；总投资54000万元，第9名，1.2分；"
        "已达效项目个数0个，并列第8名，1.8分；达效率0÷1＝0%，并列第8名，1.8分"
    )
    assert told["附件1一（六）地方政府专项债项目进展情况"] == (
        "发行额度占当地债务空间比例44200÷85000＝52%、专项债项目投资完成率84700÷监管平台计划投资110000＝77%、"
        "开工率4÷6＝约66.6667%、债券使用率32708÷44200＝74%，平均约67.4167%，第12名"
    )
