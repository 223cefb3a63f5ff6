"""The calendar of what is due: the same moments as the lists, each on its day, each figure leading to its rows."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME
from tests.support.site import Site
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.calendar import at_local
from tracker.domain.deadlines import due_day
from tracker.store.queries.due_days import count_due, due_forms, page_of_due
from tracker.store.queries.owed_lists import overdue_lines, owed_by_units
from tracker.store.tables.filings import RequestRow
from tracker.usecases.inquiring import Ask, ask, ask_for_coordination
from tracker.usecases.requesting import RequestExtension, request_extension

_ALWAYS = at_local(date(2022, 1, 1), 0, 0), at_local(date(2024, 1, 1), 0, 0)
_TEXT = re.compile(r"<[^>]+>")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.app.config["WTF_CSRF_ENABLED"] = False
    made.clock.at = IN_TIME
    yield made
    made.services.database.dispose()


def _page(site: Site, login: str, address: str) -> str:
    with site.client(login) as client:
        answer = client.get(address)
        assert answer.status_code == 200, answer.status
        return answer.get_data(as_text=True)


def _days(page: str) -> dict[int, str]:
    """Return the words of each day of the month that has some."""
    cells = re.findall(r'<td role="cell" class="([^"]*)">(.*?)</td>', page, re.DOTALL)
    texts = [" ".join(unescape(_TEXT.sub(" ", cell)).split()) for kind, cell in cells if "out" not in kind]
    found = [(int(re.findall(r"月\D*(\d+)", text)[0]), text) for text in texts]
    assert [day for day, _text in found] == sorted(day for day, _text in found)
    return dict(found)


def test_every_list_agrees_with_the_calendar(site: Site) -> None:
    """The first moment of each series is where the lists have it; the counts and the pages are those of the forms."""
    for now in (IN_TIME, IN_TIME + timedelta(days=40)):
        with site.services.database.reading() as session:
            since, until = _ALWAYS
            forms = due_forms(session, unit_ids=EVERY_UNIT, since=since, until=until)
            counts = count_due(session, unit_ids=EVERY_UNIT, since=since, until=until)
            pages = [
                page_of_due(session, unit_ids=EVERY_UNIT, since=since, until=until, limit=200, offset=offset)
                for offset in range(0, len(forms) + 1, 200)
            ]
            owed = owed_by_units(session, unit_ids=EVERY_UNIT, now=now)
            late = overdue_lines(session, now=now, unit_ids=EVERY_UNIT, limit=999)
        assert forms
        assert Counter(form.day for form in forms) == counts
        paged = [form for page in pages for form in page]
        assert [form.due_at for form in paged] == [form.due_at for form in forms]
        assert {(form.period_id, form.row_ids) for form in paged} == {(form.period_id, form.row_ids) for form in forms}
        days = {(form.series_id, form.period_id, form.day) for form in forms}
        asked = {(line.series_id, one.period_id, due_day(one.owed.due_at)) for line in owed for one in line.forms}
        assert asked <= days
        assert {line.series_id for line in late} == {form.series_id for form in forms if form.due_at <= now}


def test_what_comes_after_an_overdue_form_stands_on_its_own_day(site: Site) -> None:
    """A series that is overdue is not gone from the days on which its next forms are due."""
    with site.services.database.reading() as session:
        forms = due_forms(session, unit_ids=EVERY_UNIT, since=_ALWAYS[0], until=_ALWAYS[1])
        first = {form.series_id: form.day for form in reversed(forms)}
        later = next(form for form in forms if form.day > first[form.series_id])
    on_its_day = [form for form in forms if form.day == later.day]
    page = _page(site, "office", f"/due?month={later.day:%Y-%m}")
    assert f"各单位报送{len(on_its_day)}份" in _days(page)[later.day.day]
    assert f'href="/series/{later.series_id}"' in _page(site, "office", f"/due?day={later.day}")


def test_what_lies_between_two_moments_is_given_and_nothing_beside(site: Site) -> None:
    """The first moment belongs to what is asked for, the last one does not: no day is told in two months."""
    with site.services.database.reading() as session:
        forms = due_forms(session, unit_ids=EVERY_UNIT, since=_ALWAYS[0], until=_ALWAYS[1])
        moments = sorted({form.due_at for form in forms})
        assert len(moments) > 1
        for since, until in pairwise(moments):
            told = due_forms(session, unit_ids=EVERY_UNIT, since=since, until=until)
            assert {form.due_at for form in told} == {since}


def test_a_unit_sees_its_own_and_each_entry_leads_to_where_it_is_done(site: Site) -> None:
    page = _page(site, "swj", "/due?month=2022-10")
    addresses = re.findall(r'<a href="(/periods/\d+[^"]*|/forms/\d+[^"]*)"', page)
    with site.services.database.reading() as session:
        forms = due_forms(
            session,
            unit_ids=[site.city.unit_id("swj")],
            since=at_local(date(2022, 10, 1), 0, 1),
            until=at_local(date(2022, 11, 1), 0, 1),
        )
    assert len(addresses) == len(forms) > 0
    for address in addresses:
        _page(site, "swj", address)
    assert "驻政办" in _days(page)[forms[0].day.day]


def test_what_is_past_is_marked_on_its_day(site: Site) -> None:
    before = _page(site, "swj", "/due?month=2022-10")
    site.clock.at = at_local(date(2022, 10, 31), 12, 0)
    after = _page(site, "swj", "/due?month=2022-10")
    assert "逾期</span>" not in before
    assert "逾期</span>" in after


def test_a_figure_of_the_office_leads_to_as_many_lines(site: Site) -> None:
    page = _page(site, "office", "/due?month=2022-10")
    figures = re.findall(r'<a href="(/due\?day=[\d-]+)">各单位报送(\d+)份', page)
    assert figures
    for address, count in figures:
        assert len(re.findall(r'<th role="rowheader"', _page(site, "office", address))) == int(count)


def test_the_office_sees_by_when_it_is_to_review(site: Site) -> None:
    site.city.file(at=IN_TIME, code="swj")
    due = site.services.calendar.add_workdays(due_day(IN_TIME), site.services.policy.review_workdays)
    assert "审核" in _days(_page(site, "office", f"/due?month={due:%Y-%m}"))[due.day]
    assert "督查室时限" not in _page(site, "leader", f"/due?month={due:%Y-%m}")


def _decisions(site: Site) -> dict[int, list[str]]:
    """Return by the days of the month what the office itself is to decide by then."""
    days = _days(_page(site, "office", f"/due?month={IN_TIME:%Y-%m}"))
    found = {day: re.findall(r"(批复延期、异议\d+件|协调\d+件) 督查室时限", text) for day, text in days.items()}
    return {day: words for day, words in found.items() if words}


def test_the_office_sees_by_when_it_is_to_decide_what_units_ask_of_it(site: Site) -> None:
    """Each by the clock of its kind; what only the leader decides is none of the office's."""
    policy, last = site.services.policy, site.services.calendar.add_workdays
    assert policy.extension_workdays != policy.review_workdays, "or one clock could stand for the other"
    liaison = site.city.liaison("swj")
    with site.services.database.transaction() as session:
        row_id, task_id = site.city.row("swj", session).id or 0, site.city.assignment("swj", session).task_id
        request_id = request_extension(
            session, RequestExtension(row_id, date(2022, 10, 20), "等统计口径"), actor=liaison, at=IN_TIME
        )
        shares = [site.city.assignment("tjj", session).id or 0]
        asked_at = IN_TIME - timedelta(days=2)
        command = Ask(task_id, shares, "请提供统计口径。", asked_at.date())
        inquiry_id = ask(session, command, actor=liaison, at=asked_at)
    by_then = last(due_day(IN_TIME), policy.extension_workdays).day
    assert _decisions(site) == {by_then: ["批复延期、异议1件"]}
    with site.services.database.transaction() as session:
        words = "两次提醒未反馈，请协调"
        ask_for_coordination(session, inquiry_id=inquiry_id, words=words, actor=liaison, at=IN_TIME)
        session.get_one(RequestRow, request_id).by_leader = True
    assert _decisions(site) == {last(due_day(IN_TIME), policy.coordination_workdays).day: ["协调1件"]}


def test_days_off_and_make_up_days_are_marked_and_weeks_begin_on_monday(site: Site) -> None:
    page = _page(site, "swj", "/due?month=2022-10")
    days = _days(page)
    assert len(days) == 31
    assert all("休" in days[day] for day in range(3, 8))
    assert all("班" in days[day] for day in (8, 9))
    assert "休" not in days[1] + days[10] + days[15]
    assert page.index("周一") < page.index("周日")


@pytest.mark.parametrize(
    "asked", ["month=2022-13", "month=0001-01", "month=9999-12", "month=二〇二二", "day=x", "month="]
)
def test_what_is_no_month_is_this_one(site: Site, asked: str) -> None:
    assert f"{IN_TIME.year}年{IN_TIME.month}月" in _page(site, "swj", f"/due?{asked}")
