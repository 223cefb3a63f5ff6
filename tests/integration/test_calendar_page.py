"""The page 「工作日历」: what holds, what a notice would change, and the confirmation."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask import render_template_string
from flask.testing import FlaskClient

from tests.support.databases import fresh_sqlite
from tests.support.holiday_notices import INVENTED_2027, NOTICES
from tests.support.site import Site, post

SHORTER_BREAK = NOTICES[2022].replace(
    "放假调休，共7天。10月8日（星期六）、10月9日（星期日）上班。", "放假调休，共7天。"
)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(fresh_sqlite(tmp_path), tmp_path)


def _page(client: FlaskClient, address: str) -> str:
    return client.get(address).get_data(as_text=True)


def test_the_office_sees_published_and_estimated_years_with_their_days(site: Site) -> None:
    with site.client("office") as office:
        this_year = _page(office, "/calendar")
        assert "国办发明电〔2021〕11号" in this_year
        assert "10月8日（周六）、10月9日（周日）" in this_year
        later = _page(office, "/calendar?year=2026")
        assert "2026年2月15日（周日）至2026年2月23日（周一）" in later


def test_a_year_without_a_notice_is_shown_as_estimated(site: Site) -> None:
    site.clock.at = site.clock.at.replace(year=2026, month=12)
    with site.client("office") as office:
        page = _page(office, "/calendar?year=2027")
        assert "2027年（预估）" in page
        assert "2027年2月5日（周五）" in page
        assert "尚未公布" in page


def test_nobody_but_the_office_comes_in(site: Site) -> None:
    for login in ("swj", "swj-head", "leader", "reader"):
        with site.client(login) as client:
            assert client.get("/calendar").status_code == 404
    with site.client() as stranger:
        assert stranger.get("/calendar").status_code == 302


def test_a_notice_is_previewed_then_confirmed(site: Site) -> None:
    with site.client("office") as office:
        shown = post(office, "/calendar/preview", at="/calendar", text=INVENTED_2027).get_data(as_text=True)
        assert "2027年2月14日（周日）" in shown
        assert "改为上班" in shown
        assert site.services.calendar.notices.get(2027) is None
        answer = post(office, "/calendar", at="/calendar", text=INVENTED_2027)
        assert answer.headers["Location"] == "/calendar?year=2027"
        page = _page(office, "/calendar?year=2027")
        assert "2027年工作日历已公布" in page
        assert "督查员，" in page
        assert "（预估）" not in page.split('id="h-days"', 1)[1]


def test_a_published_year_is_replaced_on_purpose_only_and_the_moments_move(site: Site) -> None:
    with site.client("office") as office:
        shown = post(office, "/calendar/preview", at="/calendar", text=SHORTER_BREAK).get_data(as_text=True)
        assert "2022年10月10日（周一）" in shown
        assert "2022年10月12日（周三）" in shown
        assert "替换已公布的安排" in shown
        assert post(office, "/calendar", at="/calendar", text=SHORTER_BREAK).status_code == 409
        assert post(office, "/calendar", at="/calendar", text=SHORTER_BREAK, replace="1").status_code == 303
        again = post(office, "/calendar/preview", at="/calendar", text=SHORTER_BREAK).get_data(as_text=True)
        assert "没有变化" in again


def test_an_uploaded_notice_is_read_and_an_unreadable_one_is_refused_with_its_line(site: Site) -> None:
    with site.client("office") as office:
        token = _page(office, "/calendar").split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        for text, status, words in (
            (INVENTED_2027, 200, "确认公布"),
            (INVENTED_2027.replace("放假1天，不调休", "休息"), 400, "第10行"),
        ):
            file = (BytesIO(text.encode("gb18030")), "通知.txt")
            answer = office.post("/calendar/preview", data={"csrf_token": token, "file": file})
            assert answer.status_code == status
            assert words in answer.get_data(as_text=True)
        assert post(office, "/calendar/preview", at="/calendar", text=" ").status_code == 400


def test_a_computed_day_of_an_unpublished_year_is_marked_as_estimated(site: Site) -> None:
    with site.app.app_context():
        words = render_template_string(
            "{{ a|day }} {{ b|day }} {{ b|printed_day }}", a=date(2026, 12, 31), b=date(2027, 1, 6)
        )
    assert words == "2026年12月31日（周四） 2027年1月6日（周三）（预估） 2027年1月6日（周三）"
