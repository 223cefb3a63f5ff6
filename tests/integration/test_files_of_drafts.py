"""Files that are chosen when a page is kept 「暂存」 lie in the unit's box, and their numbers stand in the draft."""

import html
import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html as lxml_html
from sqlalchemy import select
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.office import FIRST, IN_TIME
from tests.support.site import Site
from tracker.store.tables.boxes import BoxFileRow
from tracker.store.tables.filings import EvidenceRow

_FACT = "9月28日印发通报1期。"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    return made


def _send(client: FlaskClient, address: str, *, page: str, files: dict[str, list[str]], **fields: str) -> str:
    """Send fields and files, named and filled by the same words, and return what the page says after that."""
    came = {field: [(BytesIO(name.encode()), name) for name in names] for field, names in files.items()}
    token = re.findall(r'name="csrf_token" value="([^"]+)"', client.get(page).get_data(as_text=True))[0]
    sent = {"csrf_token": token, "was": "{}", **fields, **came}
    answer = client.post(address, data=sent, headers={"Referer": f"http://localhost{page}"}, follow_redirects=True)
    assert answer.status_code in (200, 400)
    return html.unescape(answer.get_data(as_text=True))


def _places(site: Site) -> tuple[int, int, int]:
    """Return the form of 市商务局, its share, and the task."""
    with site.services.database.reading() as session:
        share = site.city.assignment("swj", session)
        return site.city.period("swj", session, name=FIRST).id or 0, share.id or 0, share.task_id


def _field(page: str, name: str) -> str:
    [found] = lxml_html.document_fromstring(page).xpath("//*[@name=$name]", name=name)
    return str(found.value)


def _lying(site: Site) -> list[str]:
    with site.services.database.reading() as session:
        return list(session.scalars(select(col(BoxFileRow.name)).order_by(col(BoxFileRow.id))))


def test_files_of_a_kept_form_come_back_with_it_and_go_with_its_report(site: Site) -> None:
    period, share, _task = _places(site)
    form, key = f"/periods/{period}/form", f"a{share}-"
    with site.client("swj") as liaison:
        files = {f"{key}e0": ["九月通报.txt", "会议纪要.txt"]}
        page = _send(liaison, f"{form}/keep", page=form, files=files, not_secret="yes", **{f"{key}fact": _FACT})
        assert "所选文件已存入佐证箱，编号1、2。" in page
        assert (_field(page, f"{key}b0"), _field(page, f"{key}fact").strip()) == ("1、2", _FACT)
        # Chosen again with another: each file is there once.
        again = _send(
            liaison,
            f"{form}/keep",
            page=form,
            files={f"{key}e0": ["照片说明.txt"]},
            not_secret="yes",
            **{f"{key}b0": "1、2"},
        )
        assert _field(again, f"{key}b0") == "1、2、3"
        said = {"claim": "on_schedule", "fact": _FACT, "v1": "1", "on1": "2022-09-28", "b0": "1、2、3"}
        _send(liaison, form, page=form, files={}, **{key + name: words for name, words in said.items()})
    with site.services.database.reading() as session:
        attached = session.scalars(select(col(EvidenceRow.name)).order_by(col(EvidenceRow.id))).all()
    assert attached == _lying(site) == ["九月通报.txt", "会议纪要.txt", "照片说明.txt"]


def test_the_words_are_kept_whatever_becomes_of_the_files(site: Site) -> None:
    period, share, _task = _places(site)
    form, key = f"/periods/{period}/form", f"a{share}-"
    with site.client("swj") as liaison:
        files = {f"{key}e0": ["九月通报.txt"]}
        undeclared = _send(liaison, f"{form}/keep", page=form, files=files, **{f"{key}fact": _FACT})
        assert "所选文件没有保存：上传佐证须先确认" in undeclared
        assert (_field(undeclared, f"{key}fact").strip(), _lying(site)) == (_FACT, [])
        files = {f"{key}e0": ["九月通报.txt", "程序.exe"]}
        page = _send(liaison, f"{form}/keep", page=form, files=files, not_secret="yes", **{f"{key}fact": "改过。"})
        assert "没有保存的文件：程序.exe。" in page
        assert (_field(page, f"{key}b0"), _field(page, f"{key}fact").strip()) == ("1", "改过。")
    assert _lying(site) == ["九月通报.txt"]


def test_so_do_those_of_news_of_several_forms_and_of_one_that_is_held_back(site: Site) -> None:
    period, share, task = _places(site)
    key = f"a{share}-"
    site.clock.at = datetime(2022, 10, 10, 1, 0, tzinfo=UTC)  # the day on which the form is due
    with site.client("swj") as liaison:
        news = f"/tasks/{task}/update"
        page = _send(liaison, f"{news}/keep", page=news, files={f"{key}e0": ["动态.txt"]}, not_secret="yes")
        assert _field(page, f"{key}b0") == "1"
        start = f"p{period}-{key}"
        page = _send(liaison, "/forms/keep", page="/forms", files={f"{start}e0": ["通报.txt"]}, not_secret="yes")
        assert _field(page, f"{start}b0") == "2"
        held = {f"p{period}-hold": "yes", f"{start}b0": "2"}
        files = {f"{start}e0": ["纪要.txt"]}
        _send(liaison, "/forms", page="/forms", files=files, not_secret="yes", **held)  # nothing was sent
        assert _field(liaison.get(f"/periods/{period}/form").get_data(as_text=True), f"{key}b0") == "2、3"
