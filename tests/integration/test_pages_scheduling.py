"""The form that sets points of a schedule: who may, what it refuses in words, where the points are shown."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME
from tests.support.site import Site, post
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import TargetPointRow, TaskRow
from tracker.usecases.filing import sign_off

TASK, TARGET = "/tasks/1", 1
SAVE = f"{TASK}/targets/{TARGET}/points"
TWO_LINES = {"on1": "2022-09-15", "value1": "1", "on3": "2022-09-30", "value3": "2", "reason": "调度会议定"}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """The year's goal of two is due by the end of the year."""
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    with made.services.database.transaction() as session:
        session.get_one(TaskRow, 1).due_on = date(2022, 12, 31)
    return made


def _save(site: Site, login: str = "office", **fields: str) -> TestResponse:
    with site.client(login) as client:
        return post(client, SAVE, at=TASK, **fields)


def _points(site: Site) -> list[tuple[date, float]]:
    with site.services.database.reading() as session:
        rows = session.scalars(select(TargetPointRow).order_by(col(TargetPointRow.due_on))).all()
        return [(row.due_on, row.value) for row in rows]


def _page(site: Site, login: str, address: str = TASK) -> str:
    with site.client(login) as client:
        return client.get(address).get_data(as_text=True)


def test_the_office_sets_points_and_everybody_concerned_reads_them_with_the_reason(site: Site) -> None:
    assert _save(site, **TWO_LINES).status_code == 303
    assert _points(site) == [(date(2022, 9, 15), 1.0), (date(2022, 9, 30), 2.0)]
    for login in ("office", "leader", "swj", "tjj"):
        page = _page(site, login)
        assert "督查室设定" in page
        assert "调度会议定" in page
        assert "到9月30日（周五，含）应达<b>2</b>次" in page
        assert "“通报次数”到2022年9月15日应达1次；到2022年9月30日应达2次，调度会议定" in page
    with site.services.database.reading() as session:
        form = f"/periods/{site.city.period('swj', session).id}/form"
    for address in (form, f"{TASK}/update"):
        assert "督查室设定：到9月15日应达1次<br>到9月30日应达2次" in _page(site, "swj", address)


def test_an_empty_form_gives_the_schedule_back_to_the_measure(site: Site) -> None:
    _save(site, **TWO_LINES)
    assert _save(site, reason="恢复原安排").status_code == 303
    assert _points(site) == []
    page = _page(site, "office")
    assert "督查室设定</span>" not in page
    assert "“通报次数”恢复按目标计算序时，恢复原安排" in page


def test_the_form_comes_with_the_points_that_hold_and_room_for_more(site: Site) -> None:
    assert _page(site, "office").count('name="value') == 4
    lines = {f"on{n}": f"2022-09-{n:02}" for n in range(1, 25)} | {f"value{n}": "1" for n in range(1, 25)}
    assert _save(site, **lines, reason="逐日调度").status_code == 303
    page = _page(site, "office")
    assert page.count('name="value') == 24
    assert 'name="on24" type="date" value="2022-09-24"' in page


def test_only_the_office_sees_the_form_and_may_send_it(site: Site) -> None:
    assert "设定序时节点" in _page(site, "office")
    for login in ("leader", "swj", "swj-head", "tjj"):
        assert SAVE not in _page(site, login)
        with site.client(login) as client:
            answer = post(client, SAVE, at="/notices" if login != "leader" else "/documents", **TWO_LINES)
        assert answer.status_code in (403, 404), login
    assert _points(site) == []


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"on1": "2022-09-15"}, 400, "序时节点第1行的日期和数值应同时填写"),
        ({"on25": "2022-09-15", "value25": "1"}, 400, "序时节点最多24行"),
        ({"on1": "2022-09-15", "value1": "1", "on999": "2022-09-16"}, 400, "序时节点最多24行"),
        ({"value2": "2"}, 400, "序时节点第2行的日期和数值应同时填写"),
        ({"on1": "2022-02-30", "value1": "1"}, 400, "序时节点第1行的日期应按2022-11-01的格式填写"),
        ({"on3": "2022-09-15", "value3": "两次"}, 400, "序时节点第3行的数值应填写数字，填写的是“两次”"),
        ({"on1": "2022-09-15", "value1": "9" * 13}, 400, "序时节点第1行的数值的绝对值应小于一万亿"),
        ({"on1": "2022-09-15", "value1": "3"}, 400, "“通报次数”的序时节点2022年9月15日（周四）填写的是3，已越过"),
        ({"on1": "2023-01-15", "value1": "1"}, 400, "晚于该目标的时限2022年12月31日（周六）"),
        ({}, 409, "“通报次数”的序时节点没有变化"),
        ({"on1": "2022-09-15", "value1": "1", "reason": ""}, 400, "理由"),
    ],
)
def test_a_form_that_cannot_hold_is_refused_in_words_and_nothing_is_kept(
    site: Site, fields: dict[str, str], status: int, words: str
) -> None:
    answer = _save(site, **{"reason": "调度会议定", **fields})
    assert (answer.status_code, words in answer.get_data(as_text=True)) == (status, True)
    assert _points(site) == []
    with site.services.database.reading() as session:
        assert not session.scalars(select(EventRow).where(col(EventRow.type) == "schedule.points_set")).all()


def test_the_light_of_the_page_follows_the_points_at_once(site: Site) -> None:
    with site.services.database.reading() as session:
        key = f"a{site.city.assignment('swj', session).id}-"
    told = {f"{key}claim": "on_schedule", f"{key}v{TARGET}": "1.5", f"{key}on{TARGET}": "2022-09-20"}
    with site.client("swj") as liaison:
        assert post(liaison, f"{TASK}/update", at=f"{TASK}/update", **told).status_code == 303
    with site.services.database.transaction() as session:
        sign_off(session, filing_id=1, actor=site.city.head("swj"), at=IN_TIME)
    behind = "截至9月20日为1.5，按督查室设定的序时应为2，差0.5"
    assert behind not in _page(site, "office")
    _save(site, on1="2022-09-15", value1="2", reason="调度会议定")
    assert behind in _page(site, "office")
