"""What is overdue is cited as an office cites it."""

import random
from dataclasses import replace

import pytest

from tests.support.circulars import city_facts
from tracker.domain.circulars.facts import OverdueFact
from tracker.domain.circulars.listing import clauses
from tracker.domain.circulars.row_facts import RowFact
from tracker.domain.owed import Paper

_48, _54 = "驻政办〔2022〕48号", "驻政办〔2022〕54号"
_MANY = [f"驻政办〔2022〕{n}号" for n in range(60, 67)]


def _row(code: str, label: str, *, shared: bool = False, place: int = 0) -> RowFact:
    return RowFact(
        task_id=1,
        item_code=code,
        label=label,
        title=f"事项{code}",
        paper=Paper.UNREPORTED,
        shared_label=shared,
        place=(place, 0),
    )


def _line(document: str, *rows: RowFact) -> OverdueFact:
    [like, *_] = city_facts(random.Random(1), forms=40, units=2).overdue
    return replace(like, document=document, spans=(replace(like.spans[0], rows=rows),))


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([_line(_48)], f"{_48}其他配合事项"),
        ([_line(_48, _row("a", "三1")), _line(_54)], f"{_48}三1，{_54}其他配合事项"),
        ([_line(_48, _row("a", "三（一）1"), _row("b", "三（一）2"))], f"{_48}三（一）1、三（一）2"),
        ([_line(_48, _row("a", "三1")), _line(_54, _row("a", "二2"))], f"{_48}三1，{_54}二2"),
        ([_line(_48, _row("a", "二", shared=True), _row("b", "三1"))], f"{_48}二“事项a”、三1"),
        ([_line(_48, *(_row(str(n), f"三{n}") for n in range(5)))], f"{_48}三0、三1、三2等5个事项"),
        ([_line(_48, _row("a", "三1")), _line(_48, _row("a", "三1"))], f"{_48}三1"),
        (
            [
                _line(_48, _row("b", "四18", place=9)),
                _line(_54, _row("c", "一1")),
                _line(_48, _row("a", "三2", place=5)),
            ],
            f"{_48}三2、四18，{_54}一1",
        ),
        (
            [
                _line(_48, *(_row(f"a{n}", f"三{n}") for n in range(3))),
                _line(_54, *(_row(f"b{n}", f"附件1一{n}") for n in range(3))),
            ],
            f"{_48}三0、三1等3个事项，{_54}附件1一0、附件1一1等3个事项",
        ),
        (
            [_line(number, _row(number, "一1")) for number in _MANY],
            f"{'，'.join(f'{number}一1' for number in _MANY[:4])}，另有3件文件的3个事项",
        ),
        (
            [_line(number) for number in _MANY[:5]],
            f"{'，'.join(f'{n}其他配合事项' for n in _MANY[:4])}，另有1件文件的其他配合事项",
        ),
    ],
)
def test_a_document_is_named_once_and_an_item_by_its_clause(lines: list[OverdueFact], words: str) -> None:
    assert clauses(lines) == words
