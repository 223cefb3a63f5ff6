"""Checks on site on their pages: the last registered holds for its month, beside what was reported then."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.support.agreement import disagreements
from tests.support.databases import fresh_sqlite
from tests.support.project_pages import send, take
from tests.support.project_pages import words as words_of
from tests.support.site import Site
from tracker.domain.scoring.inputs import Month
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.projects import EVERY_PROJECT, projects
from tracker.store.tables.projects import SiteCheckRow

AUGUST = Month(2022, 8)
FIRST = ("P1", "外资甲", "遂平县", 1.5, 5000, 1200.5, "2022-08-10")
WITHOUT_VALUE = ("P2", "外资乙", "驿城区", 0.8, 3000, None, None)
PAGE, WITHOUT = "/projects/1/check", "/projects/2/check"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    with made.client("swj") as client:
        take(client, FIRST, WITHOUT_VALUE)
    return made


@pytest.fixture
def office(site: Site) -> FlaskClient:
    return site.logged_in("office")


def _check(client: FlaskClient, verdict: str, *, page: str = PAGE, **fields: Any) -> TestResponse:
    given = {"month": "2022-08", "day": "2022-09-01", "not_secret": "yes", "verdict": verdict, **fields}
    return send(client, page, page=page, **given)


def _held(site: Site, project_id: int = 1) -> tuple[bool, int | None, int | None]:
    with site.services.database.reading() as session:
        (project,) = projects(session, scope=EVERY_PROJECT, ids=[project_id])
    held = project.last_checks[AUGUST]
    return held.true, held.reported, held.found


def _rows(site: Site) -> int:
    with site.services.database.reading() as session:
        assert list(disagreements(session, fold(session, cut(session, as_of=site.clock.now())))) == []
        return session.scalar(select(func.count()).select_from(SiteCheckRow)) or 0


def _give(site: Site, amount: str) -> None:
    value = {"month": "2022-08", "invested": amount, "source": "平台", "reason": "核对"}
    assert send(site.logged_in("swj"), "/projects/2/value", page="/projects/2", **value).status_code == 303


def test_a_check_registered_again_replaces_the_wrong_one_whatever_its_day(site: Site, office: FlaskClient) -> None:
    assert _check(office, "false", found="120.05", words="多写一位").status_code == 303
    assert "上报1200.5万元，现场核查落实120.05万元" in words_of(office.get("/projects/1"))
    assert _check(office, "true", day="2022-08-31", words="上一条核实数登记有误").status_code == 303
    assert _held(site) == (True, 12_005_000, None)
    words = words_of(office.get("/projects/1"))
    assert "现场核查落实120.05万元" not in words
    first, last = words.index("已重新登记，以最后一次为准"), words.index("上一条核实数登记有误")
    assert last < first < words.index("多写一位"), "the last registered is read first, and the other is still there"
    assert words.count("已重新登记，以最后一次为准") == 1
    assert "2022-08：不属实，已重新登记" in words
    assert "2022-08：属实，已重新登记" not in words


def test_what_is_as_reported_has_no_other_value(site: Site, office: FlaskClient) -> None:
    refused = _check(office, "true", found="1200")
    assert refused.status_code == 400
    said = "核查落实数与上报的1200.5万元不一致，不能选“属实”：有出入的选“不属实”"
    page = refused.get_data(as_text=True)
    assert said in words_of(refused)
    assert page.index('for="found"') < page.rindex(said) < page.index('name="words"'), "beside its field"
    assert _check(office, "false", found="1200.5").status_code == 400, "nothing is said to be untrue"
    assert _rows(site) == 0
    assert _check(office, "true", found="1200.5").status_code == 303
    assert _check(office, "true", page=WITHOUT, found="900").status_code == 303, "nothing was reported yet"


@pytest.mark.parametrize(
    ("page", "found", "said"),
    [
        (PAGE, "1.2005", "请再核对：2022年8月上报1200.5万元，现场核查落实1.2005万元。有误的重新登记一次"),
        (PAGE, "0", "请再核对：2022年8月上报1200.5万元，现场核查落实0万元"),
        (PAGE, "12005", "请再核对：2022年8月上报1200.5万元，现场核查落实12005万元"),
        (PAGE, "16000", "超过项目总投资15000万元。有误的重新登记一次"),
        (WITHOUT, "9000", "请再核对：2022年8月累计完成投资9000万元，超过项目总投资8000万元"),
        (PAGE, "130", ""),
        (PAGE, "1100", ""),
        (WITHOUT, "900", ""),
    ],
)
def test_a_found_value_far_from_what_is_known_is_asked_back(
    site: Site, office: FlaskClient, page: str, found: str, said: str
) -> None:
    done = _check(office, "false", page=page, found=found)
    assert done.status_code == 303
    words = words_of(office.get(done.headers["Location"]))
    assert said in words
    assert ("请再核对" in words) == bool(said)
    assert _rows(site) == 1, "it is kept: it may well be"


def test_a_check_before_the_value_came_compares_with_what_was_told_first(site: Site, office: FlaskClient) -> None:
    assert _check(office, "false", page=WITHOUT, found="900", words="只完成土方").status_code == 303
    assert _held(site, 2) == (False, None, 9_000_000)
    _give(site, "1000")
    assert _held(site, 2) == (False, 10_000_000, 9_000_000)
    words = words_of(office.get("/projects/2"))
    assert "上报1000万元，现场核查落实900万元" in words
    assert "登记时没有上报数，以后上报1000万元" in words
    _give(site, "900")
    assert _held(site, 2) == (False, 10_000_000, 9_000_000), "a correction washes no difference away"
    assert _check(office, "true", page=WITHOUT, found="900", words="更正属实").status_code == 303
    assert _held(site, 2) == (True, 9_000_000, 9_000_000), "whoever looks again compares anew"
    _give(site, "800")
    assert _held(site, 2) == (True, 9_000_000, 9_000_000)
    assert _rows(site) == 2


def test_the_same_check_again_is_no_act(site: Site, office: FlaskClient) -> None:
    for _ in range(3):
        photo = (BytesIO(b"words"), "现场.txt")
        assert _check(office, "false", found="1000", words="设备未到", photo=photo).status_code == 303
    assert _rows(site) == 1
    other = (BytesIO(b"other words"), "现场.txt")
    assert _check(office, "false", found="1000", words="设备未到", photo=other).status_code == 303
    assert _rows(site) == 2
    assert _check(office, "false", found="1000", words="设备未到").status_code == 303
    assert _rows(site) == 3, "what does not hold any more may be said again"
