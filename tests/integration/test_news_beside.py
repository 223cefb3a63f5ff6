"""What was told as news and is not signed stands beside its row in the next form, to be brought in."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html

from tests.support.databases import fresh_sqlite
from tests.support.office import FIRST
from tests.support.site import Site, post
from tracker.usecases.filing import sign_off

_TOLD = "9月20日签约新项目1个。"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    with made.services.database.reading() as session:
        made.clock.at = made.city.period("swj", session, name=FIRST).due_at - timedelta(days=1)
    return made


def _places(site: Site) -> tuple[str, int, int]:
    """Return the address of the form, the share and the task."""
    with site.services.database.reading() as session:
        share = site.city.assignment("swj", session)
        return f"/periods/{site.city.period('swj', session, name=FIRST).id}/form", share.id or 0, share.task_id


def _tell(site: Site) -> None:
    _form, share, task = _places(site)
    said = {"claim": "on_schedule", "fact": _TOLD, "v1": "2", "on1": "2022-09-20"}
    fields: dict[str, Any] = {f"a{share}-{name}": words for name, words in said.items()}
    fields |= {f"a{share}-e0": (BytesIO("签约".encode()), "签约书.txt"), "not_secret": "yes"}
    with site.client("swj") as liaison:
        sent = post(liaison, f"/tasks/{task}/update", at=f"/tasks/{task}/update", **fields)
        assert sent.status_code == 303, sent.get_data(as_text=True)


def _fields(page: str, share: int) -> dict[str, str]:
    document = lxml_html.document_fromstring(page)
    names = ("claim", "fact", "v1", "on1", "b0")
    return {name: next(iter(document.xpath("//*[@name=$name]", name=f"a{share}-{name}"))).value or "" for name in names}


@pytest.mark.parametrize("together", [False, True], ids=["own page", "all forms"])
def test_unsigned_news_stands_beside_the_row_and_is_brought_in_where_nothing_is_written(
    site: Site, together: bool
) -> None:
    form, share, _task = _places(site)
    start = f"p{form.split('/')[2]}-" if together else ""
    page_at = "/forms" if together else form
    with site.client("swj") as liaison:
        assert f'name="{start}news"' not in liaison.get(page_at).get_data(as_text=True)
    _tell(site)
    with site.client("swj") as liaison:
        page = liaison.get(page_at).get_data(as_text=True)
        assert re.search(r"进展动态（未审签）.*自报达序时.*2次（截至9月20日.*附件1份", page, re.S)
        assert _TOLD in page
        assert f'name="{start}news" value="{share}"' in page
        own = {f"{start}a{share}-fact": "已写的一句", f"{start}news": str(share)}
        shown = post(liaison, f"{page_at}/again", at=page_at, **own).get_data(as_text=True)
        found = _fields(shown.replace(f'"{start}a', '"a') if together else shown, share)
    expected = {"claim": "on_schedule", "fact": "已写的一句", "v1": "2", "on1": "2022-09-20", "b0": "1"}
    assert found == expected


def test_news_that_is_signed_or_older_than_what_left_the_unit_is_not_offered(site: Site) -> None:
    form, share, _task = _places(site)
    _tell(site)
    with site.services.database.transaction() as session:
        sign_off(session, filing_id=1, actor=site.city.head("swj"), at=site.clock.at + timedelta(hours=1))
    with site.client("swj") as liaison:
        page = liaison.get(form).get_data(as_text=True)
        assert "进展动态（未审签）" not in page
        assert _TOLD in page  # as what was said last
        asked = post(liaison, f"{form}/again", at=form, news=str(share))
        assert asked.status_code == 404


def test_what_is_taken_back_is_shown_where_it_was_written(site: Site) -> None:
    _form, _share, task = _places(site)
    _tell(site)
    with site.client("swj") as liaison:
        answer = post(liaison, "/filings/1/withdraw", at="/today")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/tasks/{task}/update")
        page = liaison.get(answer.headers["Location"]).get_data(as_text=True)
        assert "内容保留在填报页面" in page
        assert _TOLD in page
