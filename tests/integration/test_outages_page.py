"""The page 「系统停用」: what was recorded, what a record would move, and the confirmation."""

from pathlib import Path

import pytest

from tests.support.databases import fresh_sqlite
from tests.support.owed_city import at
from tests.support.site import Site, post

FROM, UNTIL, REASON = "2022-10-10T09:00", "2022-10-11T12:00", "机房断电"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    site.clock.at = at(10, 12)
    return site


def test_an_outage_is_previewed_confirmed_and_listed(site: Site) -> None:
    said = {"from_at": FROM, "until_at": UNTIL, "reason": f" {REASON} "}
    with site.client("office") as office:
        assert 'href="/outages"' in office.get("/calendar").get_data(as_text=True)
        shown = post(office, "/outages/preview", at="/outages", **said).get_data(as_text=True)
        assert "2022年10月10日9时00分至2022年10月11日12时00分" in shown
        assert "<td>2022年10月10日（周一，含）</td><td>2022年10月12日（周三，含）</td>" in shown
        assert "没有登记过停用" in office.get("/outages").get_data(as_text=True)
        assert post(office, "/outages", at="/outages", **said).status_code == 303
        listed = office.get("/outages").get_data(as_text=True)
        assert "1处报送时限顺延" in listed
        assert f'2022年10月11日12时00分</td><td role="cell" class="full" data-label="原因">{REASON}</td>' in listed
        again = post(office, "/outages", at="/outages", **said)
        assert again.status_code == 409
        assert "与已登记的停用（2022年10月10日9时00分至2022年10月11日12时00分）重叠" in again.get_data(as_text=True)
        assert f"2022年10月10日9时00分至2022年10月11日12时00分，{REASON}</span>" in again.get_data(as_text=True)
    site.work()
    with site.client("swj") as unit:
        assert "系统停用，报送时限顺延" in unit.get("/notices").get_data(as_text=True)


def test_an_outage_that_moves_nothing_promises_no_message(site: Site) -> None:
    said = {"from_at": "2022-10-08T09:00", "until_at": "2022-10-08T12:00", "reason": REASON}
    with site.client("office") as office:
        assert "收到消息" not in post(office, "/outages/preview", at="/outages", **said).get_data(as_text=True)
        assert post(office, "/outages", at="/outages", **said).status_code == 303
        listed = office.get("/outages").get_data(as_text=True)
    assert "系统停用已登记，没有报送时限需要顺延。" in listed
    assert "收到消息" not in listed


@pytest.mark.parametrize(
    ("from_at", "until_at", "reason", "words"),
    [
        ("", UNTIL, REASON, "开始时间"),
        (FROM, "明天", REASON, "结束时间"),
        ("0001-01-01T00:00", UNTIL, REASON, "开始时间"),
        ("2022-10-10T25:61", UNTIL, REASON, "开始时间"),
        (FROM, "9999-12-31T23:59", REASON, "结束时间"),
        (UNTIL, FROM, REASON, "应晚于开始时间"),
        ("2022-09-01T00:00", UNTIL, REASON, "不超过30天"),
        (FROM, "2022-10-12T09:01", REASON, "不能晚于现在"),
        (FROM, UNTIL, " ", "请填写原因"),
        (FROM, UNTIL, "长" * 3000, "不能超过2000字"),
    ],
)
def test_the_page_refuses_what_is_no_outage(site: Site, from_at: str, until_at: str, reason: str, words: str) -> None:
    with site.client("office") as office:
        for address in ("/outages/preview", "/outages"):
            said = {"from_at": from_at, "until_at": until_at, "reason": reason}
            answer = post(office, address, at="/outages", **said)
            assert answer.status_code == 400, address
            assert words in answer.get_data(as_text=True)
        assert "没有登记过停用" in office.get("/outages").get_data(as_text=True)


def test_nobody_but_the_office_records_an_outage(site: Site) -> None:
    for login in ("swj", "swj-head", "leader", "reader"):
        with site.client(login) as client:
            assert client.get("/outages").status_code == 404
            assert post(client, "/outages", at="/documents", from_at=FROM, until_at=UNTIL).status_code == 404


def test_a_moment_that_an_outage_moved_is_not_set_from_a_page_made_before(site: Site) -> None:
    site.city.sweep(site.clock.at)
    with site.services.database.reading() as session:
        row_id, series_id = site.city.row("swj", session).id, site.city.series("swj", session).id
    address = f"/series/{series_id}/rows/{row_id}/due"
    with site.client("office") as office:
        page = office.get(f"/series/{series_id}").get_data(as_text=True)
        seen = page.split('name="seen" value="', 1)[1].split('"', 1)[0]
        said = {"from_at": FROM, "until_at": UNTIL, "reason": REASON}
        assert post(office, "/outages", at="/outages", **said).status_code == 303
        moved = {"new_due_on": "2022-10-31", "reason": "统筹"}
        late = post(office, address, at=f"/series/{series_id}", seen=seen, **moved)
        assert (late.status_code, "这项内容有过改动" in late.get_data(as_text=True)) == (409, True)
        assert post(office, address, at=f"/series/{series_id}", **moved).status_code == 303


def test_a_paper_that_blames_for_what_an_outage_excused_since_does_not_go_out(site: Site) -> None:
    site.city.sweep(site.clock.at)
    with site.client("office") as office:
        assert post(office, "/circulars", at="/circulars", type="supervision").status_code == 303
        said = {"from_at": FROM, "until_at": UNTIL, "reason": REASON}
        assert post(office, "/outages", at="/outages", **said).status_code == 303
        refused = post(office, "/circulars/1/submit", at="/circulars/1", version="1")
        assert refused.status_code == 409
        assert "文稿所计1处时限已顺延" in refused.get_data(as_text=True)
        assert post(office, "/circulars", at="/circulars", type="supervision").status_code == 303
        assert post(office, "/circulars/2/submit", at="/circulars/2", version="1").status_code == 303
