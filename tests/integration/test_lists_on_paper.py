"""Every list in pages goes on paper whole: its page leads to a print version that has the lines of all its pages."""

import re
from html import unescape
from importlib import import_module
from pathlib import Path

import pytest

from tests.support.busy_site import busy_site
from tests.support.databases import fresh_sqlite
from tests.support.office import LATE
from tests.support.site import Site

# Who reads it, its address; `_PAGE` of its module is how many lines a page has.
_LISTS = {
    "accounts": ("sysadmin", "/accounts"),
    "audit": ("auditor", "/audit"),
    "boxes": ("swj", "/box"),
    "due": ("office", "/due?day=2022-10-10"),
    "instructions": ("leader", "/instructions"),
    "overdue": ("office", "/tasks?overdue=1"),
    "overview": ("office", "/overview/series"),
    "projects": ("office", "/projects"),
    "questions": ("office", "/questions"),
    "reminders": ("office", "/reminders"),
    "review": ("office", "/review"),
    "task_ledger": ("office", "/ledger"),
}
_SHORT = {"boxes", "due", "instructions", "overdue", "projects", "reminders", "review"}  # one line or none in this city
_TEMPLATES = Path("templates/web")
# Results of a search are no list of anything; of a document being taken apart its table is printed.
_NO_LISTS = {"search/show.html", "drafts/draft.html"}
_PAPER = re.compile(r'href="([^"]*print=1[^"]*)"')
_ROW = re.compile(r"<(tr|article)[ >](.*?)</\1>", re.DOTALL)
_TOKEN = re.compile(r'value="[^"]*"|href="[^"]*"|\bid="[^"]*"|for="[^"]*"')


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = busy_site(tmp_path, Site(fresh_sqlite(tmp_path), tmp_path)).site
    made.clock.at = LATE
    return made


def test_what_is_printed_of_a_list_is_all_of_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = set()
    for name, (login, address) in _LISTS.items():
        monkeypatch.setattr(import_module(f"tracker.web.{name}"), "_PAGE", 1)
        with site.client(login) as client:
            first = client.get(address).get_data(as_text=True)
            second = client.get(f"{address}{'&' if '?' in address else '?'}page=2").get_data(as_text=True)
            if "下一页" not in first:
                continue
            [paper] = {unescape(found) for found in _PAPER.findall(first)}
            whole = client.get(paper).get_data(as_text=True)
        printed.add(name)
        assert "下一页" not in whole, name
        assert "打印版：已全部列出" in whole, name
        assert {_said(row) for row in (*_rows(first), *_rows(second))} <= set(map(_said, _rows(whole))), name
        assert len(_rows(whole)) > 1, name
    assert printed == _LISTS.keys() - _SHORT


def _said(row: str) -> frozenset[str]:
    """Return what a row says, in whichever of its cells: on paper a long one may stand where there is room."""
    return frozenset(words for part in re.split("<[^>]*>", row) if (words := part.strip()))


def test_more_than_goes_on_paper_is_said(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.web.paging.MOST_PRINTED", 1)
    with site.client("office") as client:
        whole = client.get("/ledger?print=1").get_data(as_text=True)
    assert "只列前 1 行，其余请导出" in whole


def test_no_list_is_paged_another_way() -> None:
    """Whatever leads to a next page leads to all of it for paper too."""
    paged = {str(path.relative_to(_TEMPLATES)): path.read_text() for path in _TEMPLATES.rglob("*.html")}
    found = {name: text for name, text in paged.items() if "下一页" in text or "macros/pager.html" in text}
    ways = ("pager(paging)", "for_paper(paging)", "打印版")
    assert {name for name, text in found.items() if not any(way in text for way in ways)} == _NO_LISTS
    assert len(found) >= len(_LISTS)


def _rows(page: str) -> list[str]:
    """Return the rows of the tables of a page, or its cards, without what differs each time."""
    body = page.partition("<main")[2]
    return [_TOKEN.sub("", row) for _kind, row in _ROW.findall(body)]
