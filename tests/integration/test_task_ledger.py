"""The ledger of tasks says of the city what overview and log say, and shows, sends and counts what was asked for."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from lxml import html
from lxml.html import HtmlElement
from openpyxl import load_workbook
from sqlalchemy import event, func, select
from sqlmodel import col

from tests.support.accounts import log_in
from tests.support.office import BY
from tests.support.played_autumn import ENDS_AT, PlayedAutumn, services_of
from tests.support.site import TEMPLATES, FixedClock
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.calendar import local_day
from tracker.domain.courts import Holder
from tracker.domain.deadlines import due_day
from tracker.domain.items import chapter_of
from tracker.domain.light_kinds import LightColour
from tracker.domain.progress import Work
from tracker.gateways.ledger_files import csv_table
from tracker.services import Services
from tracker.store.history.export import exported_state
from tracker.store.history.log import cut
from tracker.store.queries.task_ledger import LedgerTask, Unsigned, ledger_tasks
from tracker.store.queries.work import task_standings
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow, UserRow
from tracker.web.app import create_app
from tracker.web.cookies import Cookie
from tracker.web.ledger_lines import EXPORTED
from tracker.web.ledger_question import LedgerQuestion, Receipt, asked_for
from tracker.wording.task_ledger import court_words

_ROW = re.compile(r'<a class="clause" href="/tasks/(\d+)')
_COUNTED = re.compile(r'<a href="(/ledger[^"]*)">([^<\d]+)(\d+)项</a>')
_COUNT = re.compile(r'<a href="(/ledger[^"]*)"[^>]*><span>([^<]+)</span><b[^>]*>(\d+)</b>')


class Ledger:
    """The city as it stood on 1 November 2022, and its ledger as somebody opens it."""

    def __init__(self, services: Services) -> None:
        self.services = services
        app = create_app(services)
        app.jinja_env.bytecode_cache = TEMPLATES
        self._app = app

    def client(self, login: str) -> FlaskClient:
        with self.services.database.transaction() as session:
            user = session.scalars(select(UserRow).where(col(UserRow.login) == login)).one()
            key = log_in(session, user_id=user.id or 0, now=datetime.now(UTC))
        client = self._app.test_client()
        client.set_cookie(Cookie.LOG_IN, key)
        return client

    def tasks(self) -> list[LedgerTask]:
        with self.services.database.reading() as session:
            return ledger_tasks(session, unit_ids=EVERY_UNIT, now=ENDS_AT, by=BY)


@pytest.fixture(scope="module")
def ledger(played_autumn: PlayedAutumn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    folder = tmp_path_factory.mktemp("ledger")
    database = played_autumn.open(ENDS_AT, folder)
    yield Ledger(services_of(database, FixedClock(ENDS_AT), folder=folder, evidence=played_autumn.evidence))
    database.dispose()


@pytest.fixture(scope="module")
def office(ledger: Ledger) -> FlaskClient:
    return ledger.client("ducha")


def _text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True).replace("&amp;", "&")


def _listed(client: FlaskClient, **asked: object) -> list[int]:
    """Return the tasks of all lines that a question finds, in the order of the page."""
    return [int(id_) for id_ in _ROW.findall(_text(client, f"/ledger?{urlencode({**asked, 'print': 1})}"))]


def _counts(client: FlaskClient, **asked: object) -> dict[str, tuple[str, int]]:
    page = _text(client, f"/ledger?{urlencode(asked)}")
    return {name: (address, int(count)) for address, name, count in _COUNT.findall(page)}


def test_what_the_strip_counts_is_what_overview_and_log_count(ledger: Ledger, office: FlaskClient) -> None:
    with ledger.services.database.reading() as session:
        counted = Counter(one.work.work for one in task_standings(session, now=ENDS_AT, by=BY))
        of_the_log = exported_state(session, cut(session, as_of=ENDS_AT), by=BY)["work"]
    assert of_the_log == {work.value: counted[work] for work in Work}
    page = _counts(office)
    (_all, total), parts = page.pop("全部"), {name: count for name, (_address, count) in page.items()}
    assert total == sum(parts.values()) == counted.total() > 200
    assert sorted(parts.values()) == sorted(counted.values())
    overview = _text(office, "/overview")
    for work, count in counted.items():
        assert f'<a href="/ledger?class={work.value}">{count}</a>' in overview


def test_each_number_of_the_strip_leads_to_its_lines(office: FlaskClient) -> None:
    for name, (address, count) in _counts(office, light="yellow").items():
        page = _text(office, address)
        assert f'<h2 id="h-led">任务<span class="count">{count}</span></h2>' in page, name
        assert f"共 {count} 项" in page


@pytest.mark.parametrize(
    "asked", ["class=nonsense", "light=purple", "role=x", "court=x", "due=x", "receipt=x", "basis=x"]
)
def test_a_choice_that_the_page_does_not_offer_is_refused_and_not_passed_over(office: FlaskClient, asked: str) -> None:
    assert office.get(f"/ledger?{asked}").status_code == 400
    assert office.get(f"/ledger.csv?{asked}").status_code == 400


def test_the_link_to_keep_a_view_opens_what_it_leads_to(office: FlaskClient) -> None:
    page = html.fromstring(_text(office, "/ledger?light=red"))
    [link] = page.xpath("//a[normalize-space()='存为视图']/@href")
    address, _, field = link.partition("#")
    opened = html.fromstring(_text(office, address))
    assert opened.xpath(f"//details[@open]//*[@id='{field}']")
    assert not page.xpath(f"//details[@open]//*[@id='{field}']")


def test_on_paper_who_has_not_signed_stands_under_the_item(ledger: Ledger, office: FlaskClient) -> None:
    assert any(one.unsigned for one in ledger.tasks())
    for address, where in (("/ledger?receipt=open&print=1", "item"), ("/ledger?receipt=open", "lead")):
        page = html.fromstring(_text(office, address))
        told = {
            "item": "".join(page.xpath("//table//th[@scope='row']//text()")),
            "lead": "".join(page.xpath("//table//td[@data-label='牵头']//text()")),
        }
        assert [place for place, words in told.items() if "签收" in words] == [where], address


def test_a_receipt_that_is_wanting_is_asked_for_of_the_unit_that_is_named_and_late_after_its_moment(
    ledger: Ledger,
) -> None:
    task = next(one for one in ledger.tasks() if one.leads and one.supports)
    lead, support = next(iter(task.leads)), next(iter(task.supports))

    def is_found(due_at: datetime, receipt: Receipt, unit_id: int | None = None) -> bool:
        wanting = replace(task, unsigned={support: Unsigned("一个单位", due_at)})
        question = LedgerQuestion(receipt=receipt, unit_id=unit_id)
        return asked_for(question, [wanting], now=ENDS_AT, user_id=None) == [wanting]

    soon = ENDS_AT + timedelta(seconds=1)
    assert [is_found(soon, Receipt.OPEN, unit_id) for unit_id in (None, support, lead)] == [True, True, False]
    assert [is_found(due_at, Receipt.LATE) for due_at in (ENDS_AT, soon)] == [True, False]


def test_each_filter_lets_through_what_it_says_and_nothing_else(ledger: Ledger, office: FlaskClient) -> None:
    tasks = ledger.tasks()
    first = tasks[0].standing.document_id
    unit = next(id_ for one in tasks for id_ in one.supports if any(id_ in other.leads for other in tasks))
    latest = max(one.standing.lights.workdays_late for one in tasks)
    filters: Mapping[tuple[tuple[str, object], ...], Callable[[LedgerTask], bool]] = {
        (("document", first),): lambda one: one.standing.document_id == first,
        (("document", first), ("chapter", "三")): lambda one: (
            one.standing.document_id == first and chapter_of(one.standing.label) == "三"
        ),
        (("unit", unit),): lambda one: unit in one.leads or unit in one.supports,
        (("unit", unit), ("role", "lead")): lambda one: unit in one.leads,
        (("unit", unit), ("role", "support")): lambda one: unit in one.supports,
        (("class", "behind"),): lambda one: one.standing.work.work is Work.BEHIND,
        (("light", "red"),): lambda one: one.standing.lights.shown.colour is LightColour.RED,
        (("basis", "first_listed"),): lambda one: one.lead_basis == "first_listed",
        (("court", "head"),): lambda one: one.court.holder is Holder.HEAD,
        (("from", "2022-11-02"), ("to", "2022-11-03")): lambda one: _is_due_between(
            one, date(2022, 11, 2), date(2022, 11, 3)
        ),
        (("due", "week"),): lambda one: _is_due_between(one, date(2022, 10, 31), date(2022, 11, 6)),
        (("key", 1),): lambda one: one.key_reason is not None,
        (("late", latest - 1),): lambda one: one.standing.lights.workdays_late == latest,
        (("receipt", "open"),): lambda one: bool(one.unsigned),
    }
    for asked, holds in filters.items():
        expected = {one.standing.task_id for one in tasks if holds(one)}
        assert set(_listed(office, **dict(asked))) == expected, asked
        assert len(expected) < len(tasks)
        assert expected or asked == (("key", 1),), asked


def test_so_many_days_late_is_not_more_and_a_part_without_a_unit_is_the_viewers(
    ledger: Ledger, office: FlaskClient
) -> None:
    tasks = ledger.tasks()
    assert _listed(office, late=max(one.standing.lights.workdays_late for one in tasks)) == []
    assert set(_listed(office, role="lead")) == {one.standing.task_id for one in tasks}, "the office has no part"


def _is_due_between(task: LedgerTask, first: date, last: date) -> bool:
    return any(not due.stopped and first <= due_day(due.at) <= last for due in task.dues)


def test_a_form_is_due_on_its_day_also_where_an_older_one_is_overdue(ledger: Ledger, office: FlaskClient) -> None:
    """Every open form of a lead, not the oldest of its series alone, is found by the day on which it is due."""
    with ledger.services.database.reading() as session:
        rows = session.execute(
            select(col(AssignmentRow.task_id), func.coalesce(col(FormRow.due_at), col(PeriodRow.due_at)))
            .join(FormRow, col(FormRow.assignment_id) == col(AssignmentRow.id))
            .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
            .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
            .where(col(AssignmentRow.role) == "lead", col(AssignmentRow.state).not_in(["reassigned", "released"]))
            .where(col(TaskRow.state).in_(["issued", "in_progress", "under_review", "returned"]))
            .where(col(FormRow.state) == "open", col(FormRow.required), col(FormRow.pending_at).is_(None))
        ).all()
    days = {(task_id, due_day(at)) for task_id, at in rows}
    late = {task_id for task_id, day in days if day < local_day(ENDS_AT)}
    ahead = sorted({(day, task_id) for task_id, day in days if task_id in late and day > local_day(ENDS_AT)})
    assert ahead
    for day, task_id in ahead[:3]:
        assert task_id in _listed(office, **{"from": day, "to": day})
    lines = [row for row in _csv(office, "/ledger.csv") if row["另应报"]]
    assert len(lines) >= len(late)


def test_all_words_of_a_search_stand_in_each_line_that_is_found(office: FlaskClient) -> None:
    found = _listed(office, q="商务 招商")
    assert 0 < len(found) < len(_listed(office, q="商务"))
    for task_id in found:
        page = _text(office, f"/tasks/{task_id}")
        assert "商务" in page
        assert "招商" in page
    assert _listed(office, q="商务 没有这样的词") == []


def test_a_fact_is_found_by_its_words_and_stands_with_its_day_and_its_unit(office: FlaskClient) -> None:
    found = [row for row in _csv(office, "/ledger.csv") if row["最近一条实事"]]
    assert found
    words = found[0]["最近一条实事"][:12]
    again = _csv(office, f"/ledger.csv?{urlencode({'q': words})}")
    assert found[0]["事项"] in {row["事项"] for row in again}
    assert all(row["实事日期"] and row["实事单位"] for row in found)


def test_lines_come_in_the_order_asked_for_and_turned_round(ledger: Ledger, office: FlaskClient) -> None:
    by_id = {one.standing.task_id: one for one in ledger.tasks()}
    usual = [by_id[id_].standing.lights.shown.colour for id_ in _listed(office)]
    assert usual == sorted(usual, key=tuple(LightColour).index)
    due = [by_id[id_].due for id_ in _listed(office, sort="due")]
    days = [one.at for one in due if one is not None and not one.stopped]
    assert list(map(local_day, days)) == sorted(map(local_day, days))
    assert _listed(office, sort="document") == list(by_id)
    assert _listed(office, sort="-document") == list(reversed(by_id))


def test_pages_of_fifty_are_the_whole_and_keep_what_was_asked(office: FlaskClient) -> None:
    pages = [_ROW.findall(_text(office, f"/ledger?sort=document&page={page}")) for page in (1, 2, 3, 4, 5, 6)]
    assert [len(page) for page in pages[:5]] == [50] * 5
    assert [int(id_) for page in pages for id_ in page] == _listed(office, sort="document")
    assert _ROW.findall(_text(office, "/ledger?sort=document&page=999")) == pages[-1]
    assert "/ledger?class=not_started&sort=document&page=2" in _text(office, "/ledger?class=not_started&sort=document")


def test_only_the_chosen_columns_are_shown(office: FlaskClient) -> None:
    page = _text(office, "/ledger?show=court&show=basis")
    heads = re.findall(r'<th role="columnheader" scope="col">(?:<a [^>]*>)?([^<]+)', page)
    assert heads == ["文号、条款", "事项", "责任类别", "球在谁手里"]
    assert "show=basis&show=court" in page


def _csv(client: FlaskClient, address: str) -> list[dict[str, str]]:
    data = client.get(address).data
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("login", ["ducha", "leader", "shangwuju", "shangwuju-head"])
def test_what_is_sent_is_all_that_was_asked_for_in_its_order(ledger: Ledger, login: str) -> None:
    client = ledger.client(login)
    for asked in ({}, {"class": "ongoing", "sort": "-due"}, {"q": "招商"}):
        query = urlencode(asked)
        listed = re.findall(r'<a class="clause"[^>]*>([^<]*)</a>', _text(client, f"/ledger?{query}&print=1"))
        sent = _csv(client, f"/ledger.csv?{query}")
        assert [row["事项"] for row in sent] == listed
        sheet = load_workbook(BytesIO(client.get(f"/ledger.xlsx?{query}").data)).active
        assert sheet is not None
        rows = [[_told(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        assert rows == [list(EXPORTED), *(list(row.values()) for row in sent)]


def _told(cell: object) -> str:
    """Return what a cell of a workbook says in CSV; its days are days there, at midnight."""
    return "" if cell is None else str(cell.date() if isinstance(cell, datetime) else cell)


def test_no_cell_of_a_table_is_reckoned_with() -> None:
    made = csv_table([["=1+1", "+86", "-3", "@SUM(A1)", " =2", "\t=3", "＝4", "正常，-3"]], columns=list("abcdefgh"))
    [_head, row] = csv.reader(StringIO(made.decode("utf-8-sig")))
    assert row == ["'=1+1", "'+86", "'-3", "'@SUM(A1)", "'=2", "'=3", "'＝4", "正常，-3"]


def test_a_unit_finds_what_it_has_a_share_in_and_nothing_of_others(ledger: Ledger) -> None:
    liaison = ledger.client("shangwuju")
    with ledger.services.database.reading() as session:
        unit_id = session.scalars(select(col(UserRow.unit_id)).where(col(UserRow.login) == "shangwuju")).one()
        shares = select(col(AssignmentRow.task_id)).where(
            col(AssignmentRow.unit_id) == unit_id, col(AssignmentRow.state).not_in(["reassigned", "released"])
        )
        own = set(session.scalars(shares))
    assert set(_listed(liaison)) == own
    assert _counts(liaison)["全部"][1] == len(own)
    foreign = next(one for one in ledger.tasks() if one.standing.task_id not in own)
    document = foreign.standing.document_id
    if document not in {one.standing.document_id for one in ledger.tasks() if one.standing.task_id in own}:
        assert _counts(liaison, document=document)["全部"][1] == 0
        assert foreign.standing.document not in _text(liaison, f"/ledger?document={document}")
    assert not set(_listed(liaison, q=foreign.standing.title)) - own
    for unit in foreign.leads:
        assert set(_listed(liaison, unit=unit)) <= own
    assert ledger.client("reader").get("/ledger").status_code == 404


def test_how_tasks_stand_is_judged_once_a_page(ledger: Ledger, office: FlaskClient) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    engine = ledger.services.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        with ledger.services.database.reading() as session:
            task_standings(session, now=ENDS_AT, by=BY)
        alone = len(asked)
        asked.clear()
        _text(office, "/ledger?q=商务&sort=-court&page=2")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(asked) <= alone + 20


def test_tasks_of_which_the_leaders_page_says_the_same_are_one_card_and_none_is_left_out(ledger: Ledger) -> None:
    page = html.document_fromstring(ledger.client("leader").get("/leader").get_data(as_text=True))
    late = page.get_element_by_id("late")
    cards = list(late.iter("article"))
    tasks = [link.get("href") for link in late.iter("a") if link.get("class") == "clause"]
    assert len(set(tasks)) == len(tasks) == int(late.xpath("string(.//h2/span)"))
    assert len(cards) < len(tasks)
    said = {
        (_said(one, "string(.//b)"), _said(one, "string(.//span[@class='doc'])"), _said(one, "string(.//dl)"))
        for one in cards
    }
    assert len(said) == len(cards)


def _said(card: HtmlElement, where: str) -> str:
    """Return what a card says somewhere, of a document its number alone."""
    return str(card.xpath(where)).partition(" · ")[0]


def test_the_pictures_of_the_overview_count_every_task_once_and_lead_to_as_many_rows(office: FlaskClient) -> None:
    overview = html.document_fromstring(_text(office, "/overview"))
    total = int(overview.get_element_by_id("h-work").find("span").text)
    for heading in ("h-bars", "h-court"):
        (table,) = overview.xpath("//table[@aria-labelledby=$name]", name=heading)
        rows = [row for row in table.xpath("./tbody/tr") if not row.xpath("./th[@class='part-of']")]
        counted = [int(row.xpath("string(./td[@class='num'])")) for row in rows]
        assert sum(counted) == total, heading
        for row, count in zip(rows, counted, strict=True):
            ledger = _text(office, row.xpath("./th/a/@href")[0])
            assert f'任务<span class="count">{count}</span>' in ledger
        for row in table.xpath("./tbody/tr"):
            drawn = sum(float(bar.get("width")) for bar in row.xpath(".//rect"))
            assert drawn == int(row.xpath("string(./td[@class='num'])"))


def test_a_task_says_who_holds_the_ball_as_its_line_does(ledger: Ledger, office: FlaskClient) -> None:
    by_holder = {task.court.holder: task for task in ledger.tasks() if task.court.holder is not Holder.ENDED}
    assert len(by_holder) >= 3
    for task in by_holder.values():
        page = _text(office, f"/tasks/{task.standing.task_id}")
        said = re.search(r"<dt>球在</dt><dd>([^<]+)</dd>", page)
        assert said is not None
        assert said[1].split("，")[0] == court_words(task.court)


def test_what_waits_for_the_head_is_not_asked_of_the_liaison_again(ledger: Ledger) -> None:
    waiting = [task for task in ledger.tasks() if task.court.holder is Holder.HEAD]
    assert waiting
    with ledger.services.database.reading() as session:
        of_unit = select(col(UnitRow.code)).where(col(UnitRow.short_name) == waiting[0].court.unit)
        login = session.scalars(of_unit).one()
    page = _text(ledger.client(login), f"/tasks/{waiting[0].standing.task_id}")
    mine = page.partition('id="h-mine"')[2].partition("</section>")[0]
    assert "待本单位负责人审签" in mine
    assert ">查看<" in mine


def test_units_to_choose_from_stand_in_official_order(ledger: Ledger, office: FlaskClient) -> None:
    offered = _text(office, "/ledger").partition('name="unit"')[2].partition("</select>")[0]
    shown = [int(id_) for id_ in re.findall(r'<option value="(\d+)"', offered)]
    with ledger.services.database.reading() as session:
        ordered = session.scalars(select(col(UnitRow.id)).order_by(col(UnitRow.official_order), col(UnitRow.id))).all()
    assert len(shown) > 20
    assert shown == [id_ for id_ in ordered if id_ in set(shown)]


@pytest.mark.parametrize("login", ["shangwuju", "xincai"])
def test_the_first_page_of_a_unit_counts_all_its_tasks_and_each_number_leads_to_as_many(
    ledger: Ledger, login: str
) -> None:
    client = ledger.client(login)
    panel = _text(client, "/today").partition('id="everything"')[2].partition("</section>")[0]
    counts = [(name, int(n), address) for address, name, n in _COUNTED.findall(panel)]
    total = int(panel.partition('class="count">')[2].partition("<")[0])
    assert total == len(_listed(client)) == sum(n for _name, n, _address in counts)
    assert {name for name, _n, _address in counts} <= {"牵头", "配合"}
    for _name, n, address in counts:
        assert len(_ROW.findall(_text(client, f"{address}&print=1"))) == n
