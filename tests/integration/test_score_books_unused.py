"""The workbook of a month asks for what the form asks for: no number of an answer that was not given."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.support.random_months import SCHEME, decisions_of
from tracker.domain.scoring.entries import suppliers
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.rules import Rules
from tracker.gateways.filled_score_books import BookFaulty, told_in
from tracker.gateways.score_books import book_of
from tracker.gateways.score_sheets import read_score_book

_MONTH, _RULES = Month(2022, 9), Rules(SCHEME, decisions_of(SCHEME))
_UNUSED = _RULES.unused


def _book(unused: frozenset[str]) -> Any:
    asked = suppliers(SCHEME)
    owners = dict.fromkeys(asked, "督查室")
    made = book_of(
        SCHEME, month=str(_MONTH), seen=0, entries=(), none_said=(), asked=[*asked], owners=owners, unused=unused
    )
    return load_workbook(BytesIO(made))


def _codes(book: Any) -> set[str]:
    return {str(cell.value) for row in book["数据"].iter_rows() for cell in row}


def test_no_row_is_there_for_a_number_of_an_answer_that_was_not_given() -> None:
    assert _UNUSED
    assert _codes(_book(frozenset())) >= _UNUSED
    assert not _UNUSED & _codes(_book(_UNUSED))


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (_RULES, "按已作的决定本月不报"),
        (Rules(SCHEME, ()), "是否报送待所涉疑义决定，决定以前不报"),  # nobody decided yet what the rate is divided by
    ],
)
def test_a_filled_row_of_such_a_number_is_refused_by_its_cell_with_the_reason_that_it_has(
    tmp_path: Path, rules: Rules, said: str
) -> None:
    book = _book(frozenset())
    sheet = book["数据"]
    (code,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "bonds-plan"]
    sheet.cell(code.row, 6).value = 3
    file = tmp_path / "filled.xlsx"
    book.save(file)
    with pytest.raises(BookFaulty) as refused:
        told_in(read_score_book(file, name=file.name), SCHEME, _MONTH, rules=rules)
    ((place, words),) = refused.value.cells
    assert place.endswith(f"F{code.row}")
    assert said in words
