"""Tables as text (.csv): a cell that begins as a formula is one once a program for sheets opens the file.

Source: RFC 4180; Excel reads a formula after =, +, - and @, of either width.
"""

import csv
import re

from tracker.inspection.formulas import fault_of_formula
from tracker.inspection.refusals import FileTooComplex

_DELIMITERS = ",;\t"  # which of them counts depends on who opens it
_BEGINS = re.compile(r"\s{0,200}[=＝+＋@＠\-－]")
_IS_FORMULA = re.compile(r"\s{0,200}[=＝]")
# After another sign than = most cells are words, as -5% or +86 are: they call or ask for something only so.
_MAY_COMPUTE = re.compile(r"[|!]|[A-Za-z]\s{0,20}\(")
_LONGEST_CELL = 10_000_000


def fault_of_table(text: str) -> tuple[str, str] | None:
    """Return in which cell something may not be and what, as `fault_of_formula` says it; None if nothing."""
    csv.field_size_limit(_LONGEST_CELL)
    for delimiter in _DELIMITERS:
        try:
            for number, row in enumerate(csv.reader(text.splitlines(keepends=True), delimiter=delimiter), start=1):
                for cell in row:
                    fault = _fault_of_cell(cell)
                    if fault is not None:
                        return f"csv，第{number}行", fault
        except csv.Error as error:
            raise FileTooComplex() from error
    return None


def _fault_of_cell(cell: str) -> str | None:
    if not _BEGINS.match(cell) or not (_IS_FORMULA.match(cell) or _MAY_COMPUTE.search(cell)):
        return None
    return fault_of_formula(cell)
