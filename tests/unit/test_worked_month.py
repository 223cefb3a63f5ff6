"""docs/worked-month.md says of 遂平县 in September 2022 what the demonstration publishes, line by line."""

import re
from decimal import Decimal
from pathlib import Path

from tests.support.demonstration_months import computed
from tracker.wording.score_sheets import ObjectSheet
from tracker.wording.score_views import object_sheets

_PAGE = (Path(__file__).parents[2] / "docs" / "worked-month.md").read_text(encoding="utf-8")
_LINES = {
    clause: (words, Decimal(marks))
    for clause, words, marks in re.findall(r"^\| (附件\S+|四（三）) \| (.+) \| (\S+) \|$", _PAGE, re.MULTILINE)
}


def _sheets() -> list[ObjectSheet]:
    return object_sheets(*computed(9))


def _suiping() -> ObjectSheet:
    return next(one for one in _sheets() if one.object == "suiping")


def test_every_item_has_its_line_with_its_marks_and_places() -> None:
    items = {
        item.label if annex.label == item.label else f"{annex.label}{item.label}": item
        for annex in _suiping().annexes
        for item in annex.items
    }
    assert _LINES.keys() == items.keys()
    for clause, item in items.items():
        words, marks = _LINES[clause]
        assert marks == Decimal(item.marks or 0), clause
        assert re.findall(r"place (\d+)", words) == [str(part.rank) for part in item.parts if part.rank], clause
        in_words = re.findall(r"place \d+: ([\d.]+)", words)
        if in_words and clause != "附件2一（一）":
            assert sum(map(Decimal, in_words)) == marks, clause


def test_the_lines_add_up_to_the_total_and_the_total_to_the_place() -> None:
    total = sum(marks for _words, marks in _LINES.values())
    assert total == Decimal(_suiping().total or 0)
    assert f"Together {_suiping().total}" in _PAGE
    assert f"so place {_suiping().rank}." in _PAGE


def test_the_ranking_is_the_published_one() -> None:
    told = re.findall(r"^\| (\d+) \| (\S+) \| ([\d.]+) \|$", _PAGE, re.MULTILINE)
    assert told == [(str(one.rank), one.name, one.total) for one in _sheets()]
