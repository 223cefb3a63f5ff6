"""What a liaison wrote and has to write on: what came back, what was taken over, and what is asked back."""

import html
import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME
from tests.support.site import PASSWORD_HASH, Site, post
from tracker.domain.accounts import Role
from tracker.domain.cadences import Span
from tracker.domain.counting import Counting, Figure
from tracker.domain.items import CadenceKind, Measure
from tracker.domain.values import (
    Filed,
    ValueBackdated,
    ValueDoubted,
    ValueFallen,
    ValueFarBeyond,
    is_far_beyond,
    latest_before,
    value_doubts,
)
from tracker.store.queries.beside_reports import beside_filings
from tracker.store.tables.filings import FilingRow, ReportRow, ReportValueRow
from tracker.store.tables.uploads import UploadRow
from tracker.wording.catalogue import VALUE_DOUBTS

_DECEMBER = datetime(2022, 12, 28, 1, 0, tzinfo=UTC)
_SEPTEMBER = Span(date(2022, 9, 1), date(2022, 9, 30))
_OCTOBER = Span(date(2022, 10, 1), date(2022, 10, 31))
_LAST_MONTH = Span(date(2022, 12, 1), date(2022, 12, 31))
_NOVEMBER = datetime(2022, 11, 28, 1, 0, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    with made.services.database.transaction() as session:
        create_user(session, NewUser("yc", "联络员", Role.LIAISON, PASSWORD_HASH, "yc"))
        create_user(session, NewUser("yc-head", "负责人", Role.UNIT_HEAD, PASSWORD_HASH, "yc"))
    return made


def _form(site: Site, code: str, name: str) -> str:
    with site.services.database.reading() as session:
        return f"/periods/{site.city.period(code, session, name=name).id}/form"


def _read(site: Site, address: str, code: str = "swj") -> str:
    with site.client(code) as client:
        return html.unescape(client.get(address).get_data(as_text=True))


def _come_back(site: Site, code: str, how: str, filing_id: int = 1) -> None:
    if how == "sent back":
        with site.client(f"{code}-head") as head:
            answer = post(head, f"/filings/{filing_id}/send-back", at="/sign-off", reason="请核对")
    else:
        with site.client(code) as liaison:
            answer = post(liaison, f"/filings/{filing_id}/withdraw", at="/today")
    assert answer.status_code == 303


@pytest.mark.parametrize("how", ["sent back", "withdrawn"])
@pytest.mark.parametrize("ticked", [True, False])
def test_a_tick_comes_back_as_it_was_sent(site: Site, how: str, ticked: bool) -> None:
    site.clock.at = _DECEMBER
    form = _form(site, "yc", "2022H2")
    with site.services.database.reading() as session:
        share = site.city.assignment("yc", session)
    with site.client("yc") as liaison:
        assert post(liaison, form, at=form, tick="yes").status_code == 303
    _come_back(site, "yc", how)
    if not ticked:  # once the tick was made, news may be told without it; the last envelope says which
        with site.services.database.transaction() as session:
            period = site.city.period("yc", session, name="2022H2")
            period.frozen_at = _DECEMBER
        news = {f"a{share.id}-claim": "ongoing_active", f"a{share.id}-fact": "12月2日签约1个项目。"}
        with site.client("yc") as liaison:
            assert post(liaison, form, at=form, **news).status_code == 303
        _come_back(site, "yc", how, 2)
    assert bool(re.search(r'name="tick"[^>]*checked', _read(site, form, "yc"))) is ticked


@pytest.mark.parametrize("how", ["sent back", "withdrawn"])
def test_the_words_about_missed_periods_come_back(site: Site, how: str) -> None:
    site.clock.at = _NOVEMBER
    site.city.sweep(_NOVEMBER)
    with site.services.database.transaction() as session:
        for name in ("2022-09", "2022-10", "2022-11"):
            site.city.row("swj", session, name=name).act = False
    site.city.submit(at=_NOVEMBER, name="2022-11", missed_words="人员调整漏报")
    _come_back(site, "swj", how)
    assert ">人员调整漏报</textarea>" in _read(site, _form(site, "swj", "2022-11"))


@pytest.mark.parametrize(
    ("value", "goal", "far"),
    [(7, 2, True), (6, 2, False), (500, 100, True), (-7, 2, False), (3, 0, False), (1, -1, False)],
)
def test_more_than_three_times_what_is_asked_is_far_beyond(value: float, goal: float, far: bool) -> None:
    assert is_far_beyond(value, goal) is far


@pytest.mark.parametrize(
    ("said", "before", "measure", "expected"),
    [
        (Figure(3, date(2022, 10, 31)), Figure(4, date(2022, 9, 30)), Measure.CUMULATIVE, [ValueFallen]),
        (Figure(3, date(2022, 9, 30)), Figure(4, date(2022, 9, 30)), Measure.CUMULATIVE, [ValueFallen]),
        (Figure(4, date(2022, 10, 31)), Figure(4, date(2022, 9, 30)), Measure.CUMULATIVE, []),
        (Figure(3, date(2023, 1, 31)), Figure(4, date(2022, 12, 31)), Measure.CUMULATIVE, []),
        (Figure(3, date(2023, 1, 9), _LAST_MONTH), Figure(4, date(2022, 12, 8)), Measure.CUMULATIVE, [ValueFallen]),
        (Figure(3, date(2023, 1, 9)), Figure(4, date(2023, 1, 5), _LAST_MONTH), Measure.CUMULATIVE, []),
        (Figure(3, date(2022, 10, 31)), Figure(4, date(2022, 9, 30)), Measure.LEVEL, []),
        (Figure(3, date(2022, 10, 31)), Figure(4, date(2022, 9, 30)), Measure.PER_PERIOD, []),
        (Figure(3, date(2022, 8, 31)), Figure(4, date(2022, 9, 30)), Measure.CUMULATIVE, [ValueBackdated]),
        (Figure(3, date(2022, 8, 31)), Figure(4, date(2022, 9, 30)), Measure.LEVEL, [ValueBackdated]),
        (Figure(3, None), Figure(4, date(2022, 9, 30)), Measure.CUMULATIVE, []),
        (Figure(3, date(2022, 8, 31)), Figure(4, None), Measure.CUMULATIVE, []),
        (Figure(40, date(2022, 8, 31)), Figure(4, date(2022, 9, 30)), None, [ValueFarBeyond, ValueBackdated]),
        (Figure(3, date(2022, 8, 31)), None, Measure.CUMULATIVE, []),
    ],
)
def test_a_total_that_falls_within_its_year_and_an_earlier_day_are_doubted(
    said: Figure, before: Figure | None, measure: Measure | None, expected: list[type[ValueDoubted]]
) -> None:
    counting = Counting(measure, None, None)
    latest = latest_before(said, [Filed(1, before)] if before else [], counting, report_id=None)
    assert list(value_doubts(said, goal=10, counting=counting, before=before, latest=latest)) == expected


@pytest.mark.parametrize(
    ("rhythm", "said", "before", "fallen"),
    [
        (CadenceKind.YEARLY, Figure(2, date(2022, 11, 1), _OCTOBER), Figure(3, date(2022, 10, 9), _SEPTEMBER), True),
        (CadenceKind.YEARLY, Figure(3, date(2022, 11, 1), _OCTOBER), Figure(3, date(2022, 10, 9), _SEPTEMBER), False),
        (CadenceKind.YEARLY, Figure(0, date(2023, 1, 31)), Figure(3, date(2022, 12, 31)), False),
        # Dated in one month, and of two all the same.
        (CadenceKind.MONTHLY, Figure(2, date(2022, 10, 31), _OCTOBER), Figure(3, date(2022, 10, 9), _SEPTEMBER), False),
        (CadenceKind.MONTHLY, Figure(2, date(2022, 11, 1), _OCTOBER), Figure(3, date(2022, 10, 20)), True),
        (None, Figure(2, date(2022, 11, 1), _OCTOBER), Figure(3, date(2022, 10, 9), _SEPTEMBER), False),
    ],
)
def test_a_count_that_falls_within_its_window_is_doubted(
    rhythm: CadenceKind | None, said: Figure, before: Figure, fallen: bool
) -> None:
    counting = Counting(Measure.PER_PERIOD, rhythm, None)
    found = value_doubts(said, goal=3, counting=counting, before=before, latest=None)
    assert list(found) == [ValueFallen] * fallen


def test_every_doubt_has_a_mark_for_who_judges() -> None:
    assert {doubt.code for doubt in ValueDoubted.__subclasses__()} == VALUE_DOUBTS.keys()


def _written(site: Site, **changes: str) -> dict[str, str]:
    with site.services.database.reading() as session:
        key = f"a{site.city.assignment('swj', session).id}-"
    said = {"claim": "on_schedule", "fact": "9月28日印发通报1期。", "v1": "2", "on1": "2022-09-28", **changes}
    return {key + name: text for name, text in said.items()}


@pytest.mark.parametrize("address", ["form", "news"])
def test_a_value_far_beyond_its_target_is_asked_back_once_and_marked_for_who_signs(site: Site, address: str) -> None:
    with site.services.database.reading() as session:
        task_id = site.city.assignment("swj", session).task_id
    page = _form(site, "swj", "2022-09") if address == "form" else f"/tasks/{task_id}/update"
    with site.client("swj") as liaison:
        assert "核对无误" not in liaison.get(page).get_data(as_text=True)
        refused = post(liaison, page, at=page, **_written(site, v1="20"))
        said = html.unescape(refused.get_data(as_text=True))
        assert (refused.status_code, "填写的是20次，是目标2次的3倍以上" in said) == (400, True)
        assert re.search(r'name="a\d+-sure1" value="20">', said)
        other = post(liaison, page, at=page, **_written(site, v1="200", sure1="20"))
        assert other.status_code == 400  # what was found right is the one number
        assert post(liaison, page, at=page, **_written(site, v1="20", sure1="20")).status_code == 303
        assert post(liaison, "/filings/1/withdraw", at="/today").status_code == 303
        back = html.unescape(liaison.get(page).get_data(as_text=True))
        assert re.search(r'name="a\d+-sure1" value="20" checked', back)
        assert post(liaison, page, at=page, **_written(site, v1="20", sure1="20")).status_code == 303
    assert "远超目标，请核对" in _read(site, "/sign-off", "swj-head")
    if address == "form":
        with site.client("swj-head") as head:
            assert post(head, "/filings/2/sign", at="/sign-off").status_code == 303
        assert "远超目标，请核对" in _read(site, "/review", "office")


@pytest.mark.parametrize("address", ["form", "news"])
def test_a_day_before_the_one_reported_last_is_asked_back_and_marked_for_who_reviews(site: Site, address: str) -> None:
    site.city.accept(site.city.file())
    site.clock.at = IN_TIME + timedelta(days=33)
    site.city.sweep(site.clock.at)
    with site.services.database.reading() as session:
        [last] = [row.value_on for row in session.scalars(select(ReportValueRow))]
        task_id = site.city.assignment("swj", session).task_id
    page = _form(site, "swj", "2022-10") if address == "form" else f"/tasks/{task_id}/update"
    assert last
    before = last - timedelta(days=3)
    with site.client("swj") as liaison:
        refused = post(liaison, page, at=page, **_written(site, on1=before.isoformat()))
        said = html.unescape(refused.get_data(as_text=True))
        assert (refused.status_code, "早于上次报的" in said) == (400, True)
        kept = _written(site, on1=before.isoformat(), sure1="2")
        assert post(liaison, page, at=page, **kept).status_code == 303
    assert "截至日期早于上次，请核对" in _read(site, "/sign-off", "swj-head")


def test_the_last_report_gives_no_day_that_has_passed(site: Site) -> None:
    site.city.accept(site.city.file())
    with site.services.database.transaction() as session:
        report = session.get_one(ReportRow, 1)
        report.next_step, report.next_on = "抓紧签约", datetime(2022, 10, 27, tzinfo=UTC).date()
    site.clock.at = IN_TIME.replace(month=10, day=27)
    site.city.sweep(site.clock.at)
    form = _form(site, "swj", "2022-10")
    pages = []
    for day in (27, 28):
        site.clock.at = site.clock.at.replace(day=day)
        with site.client("swj") as liaison:
            pages.append(html.unescape(post(liaison, f"{form}/again", at=form, again="yes").get_data(as_text=True)))
    assert ["抓紧签约</textarea>" in page for page in pages] == [True, True]
    assert ['-next_on" type="date" value="2022-10-27"' in page for page in pages] == [True, False]


@pytest.mark.parametrize(
    ("text", "unchanged"),
    [("9月28日印发通报1期。", True), ("9月28日 印发通报1期。\n", True), ("10月27日印发通报1期。", False)],
)
def test_a_row_that_says_what_the_period_before_said_is_marked_for_head_and_office(
    site: Site, text: str, unchanged: bool
) -> None:
    site.city.accept(site.city.file())
    site.clock.at = IN_TIME.replace(month=10, day=28)
    site.city.sweep(site.clock.at)
    filing_id = site.city.submit(at=site.clock.at, name="2022-10", text=text)
    with site.services.database.reading() as session:
        assert [one.unchanged for one in beside_filings(session, [1, filing_id]).values()] == [False, unchanged]
    assert ("实事与上期相同" in _read(site, "/sign-off", "swj-head")) is unchanged
    with site.client("swj-head") as head:
        assert post(head, f"/filings/{filing_id}/sign", at="/sign-off").status_code == 303
    assert ("实事与上期相同" in _read(site, "/review", "office")) is unchanged


def test_what_was_given_back_is_not_the_period_before(site: Site) -> None:
    """A correction in the same words says what its own row said, and no other period."""
    site.city.give_back(site.city.file())
    filing_id = site.city.submit()
    with site.services.database.reading() as session:
        assert [one.unchanged for one in beside_filings(session, [filing_id]).values()] == [False]


@pytest.mark.parametrize("address", ["form", "news"])
@pytest.mark.parametrize(
    ("written", "fields"),
    [
        ({"v1": "两次", "fact": "无变化"}, {"not_secret", "v1", "fact"}),
        ({"claim": "behind"}, {"not_secret", "cause_class", "cause", "next_step", "next_on"}),
        ({"claim": "", "fact": "", "v1": "", "on1": ""}, {"not_secret", "claim", "v1"}),
        ({}, {"not_secret"}),
    ],
)
def test_a_missing_declaration_is_told_beside_all_other_faults_and_no_file_is_kept(
    site: Site, address: str, written: dict[str, str], fields: set[str]
) -> None:
    with site.services.database.reading() as session:
        share = site.city.assignment("swj", session)
    page = _form(site, "swj", "2022-09") if address == "form" else f"/tasks/{share.task_id}/update"
    with site.client("swj") as liaison:
        token = liaison.get(page).get_data(as_text=True).split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        file = {f"a{share.id}-e0": (BytesIO(b"ten"), "台账.txt")}
        sent = {"csrf_token": token, **_written(site, **written), **file}
        answer = liaison.post(page, data=sent, content_type="multipart/form-data")
    said = html.unescape(answer.get_data(as_text=True))
    told = {name.removeprefix(f"a{share.id}-") for name in re.findall(r'role="alert" id="refused-([^"]+)"', said)}
    assert answer.status_code == 400
    assert "not_secret" in told
    if address == "form" or written.get("claim") != "":  # outside forms no claim is asked for
        assert told == fields
    assert "刚才选的台账.txt没有保存" in said
    with site.services.database.reading() as session:
        assert session.scalars(select(UploadRow)).all() == []
        assert session.scalars(select(FilingRow)).all() == []
