"""Formulas of spreadsheets, wherever they stand: functions of a list, cells of the file itself, and nothing else.

Source: ECMA-376 part 1, 18.17; MS-XLSX, 2.2.2 (prefixes of later functions); MS-OE376, 2.1 (references elsewhere).
"""

import re
import sys

from tracker.inspection.functions import ALLOWED_FUNCTIONS
from tracker.inspection.links import may_be_clicked

_TOKEN = re.compile(
    r"""
    "(?P<words>[^"]*+)"
    |(?P<bracket>\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.){0,600}+\]){0,2000}+\])(?P<leads>\s{0,3}[\w!'])?
    |'(?P<quoted>[^']*+)'
    |(?P<name>[\w.?]++)(?P<call>(?P<space>\s{0,20}+)\()?
    |(?P<sign>[\[|\\]|:/)
    """,
    re.VERBOSE | re.DOTALL,
)  # e.g. "是", Table1[[#This Row],[数]] or [1]S!A1, '1月:12月', _xlfn.XLOOKUP(, cmd|
_BOOK_OF_ITS_OWN = "[0]"
_OUTSIDE_QUOTED = re.compile(r"[\[\]\\/|]")  # what no name of a sheet has
_BOOK = re.compile(r"\[[^\[\]\\/|:]*+\]")
_PREFIX = re.compile(r"(?:_XLFN\.|_XLWS\.|_XLUDF\.|_XLETA\.)*(?:(?:ORG\.(?:LIBRE|OPEN)OFFICE|COM\.MICROSOFT)\.)?")
_PARAMETER, _BUILT_IN_NAME = "_XLPM.", "_XLNM."
_CELL = re.compile(r"[A-Z]{1,3}[0-9]{1,7}")
_LITERAL = re.compile(r'\s{0,20}"((?:[^"]|""){0,4000}+)"')
_LONGEST_SHOWN = 40


_WORDS = re.compile(r'"((?:[^"]|"")*+)"|UNICHAR\(\s{0,20}([0-9]{1,7})\s{0,20}\)', re.IGNORECASE)


def words_of_formula(formula: str) -> str:
    """Return what a formula writes itself, one after the other, as it would put it together."""
    return "".join(found[1] if found[1] is not None else _sign(int(found[2])) for found in _WORDS.finditer(formula))


def _sign(code: int) -> str:
    return chr(code) if code <= sys.maxunicode else ""


def fault_of_formula(formula: str, *, of_chart: bool = False) -> str | None:
    """Return what in a formula may not be there: a function, or a reference that leads elsewhere; None if nothing.

    The formulas of a chart may name the workbook that is kept behind it, as Word and WPS do: [工作簿1]Sheet1!A1.
    """
    for token in _TOKEN.finditer(formula):
        fault = _fault_of_name(token, formula) or _fault_of_reference(token, of_chart=of_chart)
        if fault is not None:
            return fault[:_LONGEST_SHOWN]
    return None


def _fault_of_name(token: re.Match[str], formula: str) -> str | None:
    """Judge what is called, and what is named without being called as a function of later versions."""
    name = (token["name"] or "").upper()
    if not name or (token["call"] is None and not name.startswith("_XL")):
        return None
    if name.startswith((_PARAMETER, _BUILT_IN_NAME)) or (token["space"] and _CELL.fullmatch(name)):
        return None
    function = name[len(found[0]) if (found := _PREFIX.match(name)) else 0 :]
    if function not in ALLOWED_FUNCTIONS:
        return name
    if token["call"] is None or function not in ("HYPERLINK", "INDIRECT"):
        return None
    given = _LITERAL.match(formula, token.end())
    words = given[1].replace('""', '"') if given else None
    if function == "HYPERLINK":
        return None if words is not None and may_be_clicked(words) else f"{function}({(words or '')[:30]}"
    return _fault_of_references(words) if words else None


def _fault_of_references(text: str) -> str | None:
    for token in _TOKEN.finditer(text):
        fault = _fault_of_reference(token, of_chart=False)
        if fault is not None:
            return fault
    return None


def _fault_of_reference(token: re.Match[str], *, of_chart: bool) -> str | None:
    """Judge names of books, paths and services: outside of brackets and quotes no formula has signs of theirs."""
    bracket, quoted, sign = token["bracket"], token["quoted"], token["sign"]
    if bracket is not None and token["leads"] is not None:
        own = bracket == _BOOK_OF_ITS_OWN or (of_chart and _BOOK.fullmatch(bracket) is not None)
        return None if own else token[0]
    if quoted is not None:
        book = _BOOK.match(quoted)
        own = book is not None and (of_chart or book[0] == _BOOK_OF_ITS_OWN)
        return token[0] if _OUTSIDE_QUOTED.search(quoted, book.end() if own and book else 0) else None
    return token[0] if sign is not None else None
