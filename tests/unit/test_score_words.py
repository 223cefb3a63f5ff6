"""Words about what a month hands in: what a case takes, kinds and clauses by the names that people know."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from tests.support.random_months import SCHEME, decisions_of, random_month
from tracker.domain.scoring.changes import ChangedInput, LastWord
from tracker.domain.scoring.entries import Entry, InputKind
from tracker.domain.scoring.inputs import Check, Occurrence
from tracker.domain.scoring.month import compute_month
from tracker.domain.scoring.questions import Decision
from tracker.domain.scoring.results import MonthResult
from tracker.domain.scoring.rules import Rules
from tracker.wording.score_changes import input_rows
from tracker.wording.score_views import lacking_words, object_sheets

_INPUTS = replace(random_month(Random(8), number=8).inputs, occurrences=(), checks=())


def _decided(question: str, option: str) -> Rules:
    told = Decision(question=question, option=option, decider="会议", decided_on=date(2022, 8, 30), reason="明确")
    return Rules(SCHEME, tuple(told if one.question == question else one for one in decisions_of(SCHEME)))


def _lines(result: MonthResult) -> list[str]:
    sheets = [sheet for sheet in object_sheets(SCHEME, result) if sheet.object == "suiping"]
    items = [item for sheet in sheets for annex in sheet.annexes for item in annex.items]
    return [line for item in items for part in item.parts for line in part.working]


def test_what_a_case_takes_is_named_as_missing_where_it_was_left_to_the_case() -> None:
    untold = Occurrence("suiping", "falsity", "虚报投资", ("4-1",))
    result = compute_month(_decided("falsity-size", "case"), replace(_INPUTS, occurrences=(untold,)))
    assert lacking_words(SCHEME, result) == ["遂平县弄虚作假的认定扣分"]
    [part] = [
        part
        for sheet in object_sheets(SCHEME, result)
        for annex in sheet.annexes
        for item in annex.items
        for part in item.parts
        if part.lacking
    ]
    assert part.lacking == ("遂平县弄虚作假的认定扣分",)


def test_what_was_counted_elsewhere_bears_its_name_and_its_clause() -> None:
    check = Check("suiping", "site", "甲项目", ("1-14", "2-5"), Decimal(12), Decimal(10))
    result = compute_month(_decided("twice-projects", "first"), replace(_INPUTS, checks=(check,)))
    assert "现场核查：甲项目，已计入附件1三“现场核查情况”，此处不再计" in _lines(result)


def test_a_clause_that_is_an_annex_by_itself_is_printed_once() -> None:
    told = Entry(kind=InputKind.OCCURRENCE, code="falsity", object="suiping", reference="虚报投资", items=("4-1",))
    [row] = input_rows(SCHEME, [ChangedInput(None, told, LastWord("文件", "核实"))])
    assert row == ("遂平县", "弄虚作假：虚报投资", "无", "有（计入四（三））", "来源：文件；理由：核实")
