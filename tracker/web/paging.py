"""Lists in pages: which lines the page at hand has, and where the others are.

For paper 「打印版」 the same address shows all of them at once: a list is read on paper as a whole, not a page of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from flask import request

from tracker.web.form_fields import asked_page

MOST_PRINTED = 1000  # more is read as a workbook
_Line = TypeVar("_Line")


@dataclass(frozen=True, slots=True)
class Paging:
    """A part of a list: lines from `first`, at most `length` of them; `pages` and `total` are of the whole list."""

    page: int
    pages: int
    first: int
    length: int
    total: int
    on_paper: bool

    def cut(self, lines: Sequence[_Line]) -> list[_Line]:
        """Return those of the lines of the whole list that the page at hand has."""
        return list(lines[self.first : self.first + self.length])

    @property
    def is_cut_off(self) -> bool:
        """Tell whether there is more than goes on paper."""
        return self.on_paper and self.total > self.length

    def address(self, page: int | None = None, *, on_paper: bool = False) -> str:
        """Return the address at hand with another page of the list, or with all of it for paper."""
        kept = [(name, text) for name, text in request.args.items(multi=True) if name not in ("page", "print")]
        wanted = [("page", str(page))] if page is not None and page > 1 else []
        query = urlencode([*kept, *wanted, *([("print", "1")] if on_paper else [])])
        return f"{request.path}?{query}" if query else request.path


def paging(total: int, *, size: int, most: int | None = None) -> Paging:
    """Return what the address asks for of a list of so many lines, `size` a page; past its end the last page.

    On paper it is `most` lines, MOST_PRINTED where nothing else is said.
    """
    pages = max(1, -(-total // size))
    if _is_for_paper():
        return Paging(1, pages, 0, most or MOST_PRINTED, total, on_paper=True)
    page = min(asked_page(), pages)
    return Paging(page, pages, (page - 1) * size, size, total, on_paper=False)


def paging_uncounted(*, size: int) -> Paging:
    """Return the same of a list that is not counted because that would read all of it: what there is says its end."""
    if _is_for_paper():
        return Paging(1, 1, 0, MOST_PRINTED, 0, on_paper=True)
    page = asked_page()
    return Paging(page, page, (page - 1) * size, size, 0, on_paper=False)


def _is_for_paper() -> bool:
    return request.args.get("print") == "1"
