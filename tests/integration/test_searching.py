"""The search: whoever asks finds what he may read and nothing else, and what grew is what would be made anew."""

import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlmodel import Session, col

from tests.support.audience_city import open_audience_city
from tests.support.commands import invoke_flask
from tests.support.databases import fresh_sqlite
from tests.support.office import City, open_city
from tests.support.owed_city import BY, OwedCity, at, open_owed_city
from tests.support.random_life import Life
from tests.support.site import PASSWORD, Site
from tests.support.two_bureaus import NOW, OURS, THEIRS, TwoBureaus
from tests.support.two_bureaus_life import open_two_bureaus
from tracker.cli.search import fill_search, fill_search_once
from tracker.domain.accounts import Actor, Role
from tracker.domain.claims import RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind
from tracker.domain.instructions import Haste
from tracker.domain.searching import SearchKind, folded, words_of
from tracker.store import search_index
from tracker.store.database import Database
from tracker.store.queries import searching
from tracker.store.queries.audiences import Viewer, viewer_of
from tracker.store.queries.circulars import circular_lines
from tracker.store.queries.documents import document_lines
from tracker.store.queries.inquiry_views import filled, these
from tracker.store.queries.search_hits import hits
from tracker.store.queries.searching import find, sought
from tracker.store.queries.tasks import task_view
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.jottings import JottingRow
from tracker.store.tables.search import START_BITS, SearchGramRow, SearchTextRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UserRow
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.instructing import Instruct, instruct
from tracker.web.app import create_app

_LEFT = ("filed", "accepted", "returned")
_COUNT = re.compile(r"找到 (\d+) 条")
PEOPLE = (
    "swj",
    "swj-head",
    "tjj",
    "yc",
    "jtj",
    "jtj-head",
    "nobody",
    "office",
    "second",
    "leader",
    "reader",
    "pending",
)


@pytest.fixture(scope="module")
def bureaus(tmp_path_factory: pytest.TempPathFactory) -> TwoBureaus:
    return open_two_bureaus(tmp_path_factory.mktemp("bureaus"))


def _found(session: Session, city: TwoBureaus, login: str, kind: SearchKind, text: str) -> set[int]:
    """Return the places at which somebody finds what begins as a text does."""
    word = folded(text)[:20]
    assert len(word) > 1
    return set(find(session, sought(session, [word]), kind, viewer=viewer_of(session, city.actor(login))).places)


@pytest.mark.parametrize("login", PEOPLE)
def test_a_report_is_found_by_whom_the_page_of_its_task_shows_it_once_it_has_left_its_unit(
    bureaus: TwoBureaus, login: str
) -> None:
    seen = 0
    with bureaus.database.reading() as session:
        scope = viewer_of(session, bureaus.actor(login)).scope
        shown: set[int] = set()
        files: set[int] = set()
        for task_id in session.scalars(select(col(TaskRow.id))).all():
            view = task_view(session, task_id=task_id or 0, unit_ids=scope, now=NOW)
            for one in view.reports if view else ():
                if one.report.state in _LEFT:
                    shown.add(one.report.report_id)
                    files |= {file.evidence_id for file in one.report.files}
        for report in session.scalars(select(ReportRow).where(col(ReportRow.assignment_id).is_not(None))):
            mine = report.id in _found(session, bureaus, login, SearchKind.REPORT, report.text)
            assert mine == (report.id in shown), (login, report)
            seen += mine
        for file in session.scalars(select(EvidenceRow)):
            mine = file.id in _found(session, bureaus, login, SearchKind.EVIDENCE, file.name)
            assert mine == (file.id in files), (login, file)
    assert bool(seen) == bool(shown)


@pytest.mark.parametrize("login", PEOPLE)
def test_a_task_is_found_by_whom_it_is_open_to(bureaus: TwoBureaus, login: str) -> None:
    with bureaus.database.reading() as session:
        scope = viewer_of(session, bureaus.actor(login)).scope
        for task_id, title in session.execute(select(col(TaskRow.id), col(ItemRow.title)).join(ItemRow)).all():
            opens = task_view(session, task_id=task_id or 0, unit_ids=scope, now=NOW) is not None
            assert (task_id in _found(session, bureaus, login, SearchKind.TASK, title)) == opens, (login, title)


@pytest.mark.parametrize("login", PEOPLE)
def test_what_a_leader_wrote_is_found_by_whom_it_names_by_the_office_and_leaders(
    bureaus: TwoBureaus, login: str
) -> None:
    with bureaus.database.reading() as session:
        scope = viewer_of(session, bureaus.actor(login)).scope
        asked = session.scalars(select(InquiryRow)).all()
        assert {one.instruction_id is None for one in asked} == {True, False}
        for one in asked:
            found = one.id in _found(session, bureaus, login, SearchKind.INSTRUCTION, one.words)
            reads = one.instruction_id is not None and bool(filled(session, these([one.id]), scope))
            assert found == reads, (login, one.words)
            overseer = login in ("office", "second", "leader")
            assert not reads or overseer or login.split("-")[0] in ("swj", "jtj"), login


@pytest.mark.parametrize("login", PEOPLE)
def test_no_page_says_or_counts_what_is_anothers(bureaus: TwoBureaus, login: str) -> None:
    app = create_app(bureaus.services)
    own = {bureau.word for bureau in (OURS, THEIRS) if login.split("-")[0] == bureau.code}
    client = app.test_client()
    _log_in(client, login)
    for bureau in (OURS, THEIRS):
        answer = client.get("/search", query_string={"q": bureau.word})
        if login == "pending":
            assert answer.status_code == 404
            continue
        page = answer.get_data(as_text=True)
        if bureau.word in own or login in ("office", "second", "leader"):
            assert int(_COUNT.findall(page)[0]) > 0
        elif login in ("jtj", "jtj-head", "nobody", "reader", "swj", "swj-head"):
            assert "没有找到" in page, (login, bureau.word)


def _log_in(client: FlaskClient, login: str) -> None:
    page = client.get("/login").get_data(as_text=True)
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    sent = {"csrf_token": token, "login": login, "password": PASSWORD}
    assert client.post("/login", data=sent).status_code == 303


def test_papers_and_paragraphs_are_found_by_their_readers(database: Database, tmp_path: Path) -> None:
    city = open_audience_city(database, tmp_path)
    with city.site.services.database.reading() as session:
        for login in ("office", "leader", "reader", "swj", "tjj", "wjw-head", "jtj"):
            viewer = viewer_of(session, _actor(session, login))
            papers = {line.circular_id for line in circular_lines(session, viewer=viewer)}
            documents = {line.document_id for line in document_lines(session, viewer=viewer)}
            for paper in session.scalars(select(CircularRow)):
                places = find(session, sought(session, words_of(paper.title)), SearchKind.CIRCULAR, viewer=viewer)
                assert (paper.id in places.places) == (paper.id in papers), (login, paper.title)
            for document in session.scalars(select(DocumentRow)):
                found = find(session, sought(session, words_of(document.number)), SearchKind.DOCUMENT, viewer=viewer)
                ids = {place >> START_BITS for place in found.places}
                assert (document.id in ids) == (document.id in documents), (login, document.number)


@pytest.mark.parametrize(("login", "told"), [("swj", {True, False}), ("reader", {False}), ("office", {True})])
def test_a_paragraph_tells_what_became_of_its_clause_to_whom_that_is_open(
    bureaus: TwoBureaus, login: str, told: set[bool]
) -> None:
    """Whoever reads a published document finds its words; how its tasks go is told with those of his own alone."""
    seen = set()
    with bureaus.database.reading() as session:
        viewer = viewer_of(session, bureaus.actor(login))
        for task, item in session.execute(select(TaskRow, ItemRow).join(ItemRow)).all():
            asked = sought(session, [folded(item.text)[:20]])
            places = find(session, asked, SearchKind.DOCUMENT, viewer=viewer).places
            opens = task_view(session, task_id=task.id or 0, unit_ids=viewer.scope, now=NOW) is not None
            for hit in hits(session, SearchKind.DOCUMENT, places, words=asked.words, viewer=viewer):
                if (hit.page_id, hit.clause) == (task.document_id, item.label):
                    assert hit.state == (task.state if opens else None), (login, item.label)
                    seen.add(opens)
    assert seen == told


def _actor(session: Session, login: str) -> Actor:
    user = session.scalars(select(UserRow).where(col(UserRow.login) == login)).one()
    return Actor(user.id, user.name, Role(user.role), user.unit_id, "单位")


def test_drafts_and_passwords_are_nowhere_to_be_searched(bureaus: TwoBureaus) -> None:
    with bureaus.database.reading() as session:
        kept = " ".join(session.scalars(select(col(SearchTextRow.text))))
        jotted = session.scalars(select(col(JottingRow.text))).all()
        assert not [text for text in jotted if len(text) > 6 and folded(text) in kept]
        hashes = session.scalars(select(col(UserRow.password_hash))).all()
        assert not [text for text in hashes if folded(text) in kept]


def _everything(database: Database) -> tuple[set[tuple[str, int, str]], set[tuple[int, int]]]:
    with database.reading() as session:
        texts = {(row.kind, row.place, row.text) for row in session.scalars(select(SearchTextRow))}
        grams = {(row.gram, row.place) for row in session.scalars(select(SearchGramRow))}
    return texts, grams


def test_what_grew_in_a_life_is_what_is_made_anew(database: Database) -> None:
    life = Life(database, random.Random(15))
    life.begin()
    life.live(60)
    life.merge()
    life.live(20)
    with database.transaction() as session:  # words that are written anew take the place of those that were
        report = session.scalars(select(ReportRow).where(col(ReportRow.assignment_id).is_not(None))).first()
        assert report is not None
        report.text = "改写后的一句话"
        item = session.scalars(select(ItemRow)).first()
        assert item is not None
        item.title = "更名后的事项"
    grown = _everything(database)
    assert {kind for kind, _place, _text in grown[0]} >= {"task", "document", "report"}
    with database.transaction() as session:
        search_index.empty(session)
    assert _everything(database) == (set(), set())
    fill_search(database)
    assert _everything(database) == grown
    fill_search(database)  # once more changes nothing
    assert _everything(database) == grown


def test_a_database_of_before_is_filled_when_it_is_upgraded(tmp_path: Path) -> None:
    database = fresh_sqlite(tmp_path)
    open_city(database)
    grown = _everything(database)
    with database.transaction() as session:
        search_index.empty(session)
    assert invoke_flask(tmp_path, "db", "upgrade").exit_code == 0
    assert _everything(database) == grown
    assert invoke_flask(tmp_path, "search", "rebuild").exit_code == 0
    assert _everything(database) == grown


def test_what_leaders_wrote_before_it_could_be_searched_is_filled_too(tmp_path: Path) -> None:
    database = open_two_bureaus(tmp_path).database
    grown = _everything(database)
    with database.transaction() as session:
        assert search_index.is_filled(session)
        session.execute(delete(SearchTextRow).where(col(SearchTextRow.kind) == SearchKind.INSTRUCTION.value))
        assert not search_index.is_filled(session)
    fill_search_once(database)
    assert _everything(database) == grown


@pytest.fixture
def city(tmp_path: Path) -> OwedCity:
    return open_owed_city(fresh_sqlite(tmp_path))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(fresh_sqlite(tmp_path), tmp_path)


def _page(client: FlaskClient, question: str, **more: str) -> str:
    answer = client.get("/search", query_string={"q": question, **more})
    assert answer.status_code == 200
    return answer.get_data(as_text=True).split("<main", 1)[1]


def test_words_are_marked_and_nothing_of_them_is_taken_for_a_tag(site: Site) -> None:
    with site.services.database.transaction() as session:
        item = session.scalars(select(ItemRow)).first()
        assert item is not None
        item.title = "<script>招商</script>&“引资”"
    with site.client("office") as client:
        page = _page(client, "招商")
        assert "&lt;script&gt;<mark>招商</mark>&lt;/script&gt;&amp;" in page
        assert "<script>招商" not in page
        page = _page(client, "<script>")
        assert "<mark>&lt;script&gt;</mark>招商" in page


def test_two_characters_phrases_several_words_numbers_clauses_and_names_are_found(site: Site) -> None:
    with site.client("office") as client:
        for question in (
            "招商",
            "每月通报一次招商情况",
            "通报 招商",
            "〔2022〕99号",
            "（2022）99号 一1",
            "[2022]99",
            "驻政办〔2022〕99号一1",
        ):
            assert "每月通报一次" in re.sub("</?mark>", "", _page(client, question)), question
        for name in ("市商务局", "商务局", "驻马店市商务局"):
            assert "/tasks/1" in _page(client, name), name
        assert "没有找到" in _page(client, "招商 鹿鸣")
        assert "没有找到" in _page(client, "商招")
        assert "没有找到" in _page(client, "%%")


def test_an_input_that_is_empty_too_short_or_too_long_is_said_plainly(site: Site) -> None:
    with site.client("swj") as client:
        assert "请在上方输入" in _page(client, "")
        assert "请在上方输入" in _page(client, "  \x00 ")
        assert "至少要有两个字" in _page(client, "招")
        assert "至少要有两个字" in _page(client, "招 商")
        assert "减少" in _page(client, "招商" * 60)
        assert "减少" in _page(client, " ".join(f"招商{n}" for n in range(9)))
        assert "每月<mark>通报</mark>" in _page(
            client, "招 通报"
        )  # a single character narrows what a longer word finds


def test_pages_add_up_and_the_newest_stands_first(site: Site) -> None:
    with site.services.database.transaction() as session:
        share = session.scalars(select(AssignmentRow)).first()
        assert share is not None
        _write_reports(session, share, 45)
    with site.client("office") as client:
        found: list[str] = []
        for page in ("1", "2", "3", "9"):
            text = _page(client, "例行进展", kind="report", page=page)
            found += re.findall(r"编号(\d+)的", re.sub("</?mark>", "", text))
        assert found[:45] == [str(n) for n in range(44, -1, -1)]
        assert "反馈 <b>45</b>" in text


_ASKED = (["招商"], ["招商", "项目"], ["招商引资"], ["商招商"], ["商务局"], ["商务局", "招商"], ["招商", "鹤唳"])


def test_the_same_is_found_however_few_places_are_looked_at_at_a_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has the pairs of a word and not the word stands before what has it, and so does what others read."""
    open_city(database)
    with database.transaction() as session:
        shares = session.scalars(select(AssignmentRow).order_by(col(AssignmentRow.id))).all()
        _write_texts(session, shares[0], ["招商引资和招商局", "招商项目", "商招商项目"])
        for share in shares:
            _write_texts(session, share, ["招商，商引，引资项目"] * 4)
    viewers = [Viewer(Role.SUPERVISOR), *(Viewer(Role.LIAISON, frozenset({one.unit_id})) for one in shares[:2])]
    with database.reading() as session:
        whole = [_all_found(session, words, viewer) for viewer in viewers for words in _ASKED]
        for few in (1, 3):
            monkeypatch.setattr(searching, "_FEW", few)
            assert [_all_found(session, words, viewer) for viewer in viewers for words in _ASKED] == whole
        assert len(set(whole)) > len(_ASKED)
        reports = whole[0][list(SearchKind).index(SearchKind.REPORT)]
        written = session.execute(select(col(ReportRow.id), col(ReportRow.text))).all()
        assert set(reports) == {id_ for id_, text in written if _ASKED[0][0] in text}
        monkeypatch.setattr(searching, "MOST", 5)
        found = find(session, sought(session, _ASKED[0]), SearchKind.REPORT, viewer=viewers[0])
        assert (found.places, found.more) == (reports[:5], True)


def _all_found(session: Session, words: Sequence[str], viewer: Viewer) -> tuple[tuple[int, ...], ...]:
    return tuple(find(session, sought(session, words), kind, viewer=viewer).places for kind in SearchKind)


def _write_reports(session: Session, share: AssignmentRow, count: int) -> None:
    _write_texts(session, share, [f"编号{number}的例行进展" for number in range(count)])


def _write_texts(session: Session, share: AssignmentRow, texts: list[str]) -> None:
    for text in texts:
        written: dict[str, Any] = {"written_by": "联络员", "written_at": NOW, "filed_at": NOW}
        filing = FilingRow(kind="update", unit_id=share.unit_id, state="filed", **written)
        session.add(filing)
        session.flush()
        session.add(
            ReportRow(
                filing_id=filing.id or 0,
                assignment_id=share.id,
                kind="update",
                state="accepted",
                text=text,
                **written,
            )
        )


def test_a_leaders_words_and_their_answer_are_found_and_called_what_they_are(city: OwedCity, tmp_path: Path) -> None:
    """One lead is named; the other unit of the task finds neither the words nor the answer."""
    site = Site(city.database, tmp_path, city=City(city.database))
    site.clock.at = at(9, 27)
    share = city.share("swj").id or 0
    command = Instruct(
        task_id=city.task_id(), shares=[share], words="请说明签约滞后", given_on=at(9, 26).date(), haste=Haste.URGENT
    )
    with city.database.transaction() as session:
        leader = session.scalars(select(UserRow).where(col(UserRow.login) == "leader")).one()
        instruct(session, command, actor=Actor(leader.id, leader.name, Role.LEADER), at=at(9, 26), by=BY)
        asked_id = session.scalars(select(col(AskedRow.id))).one() or 0
    answer = SubmitOne(FilingKind.REPLY, Entry(share, RowContent(text="十月赶上滞后", claim=None)), answers=asked_id)
    with city.database.transaction() as session:
        filing_id = submit_one(session, answer, actor=city.liaison("swj"), at=at(9, 26))
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at(9, 26))
    for login in ("leader", "office", "swj", "swj-head"):
        with site.client(login) as client:
            page = _page(client, "滞后")
            assert "请说明签约<mark>滞后</mark>" in page, login
            assert ("急件" in page, "未了结" in page, "领导批示反馈" in page) == (True, True, True), login
            assert "协办反馈" not in page, login
            assert ("已送达" in page, "审核通过" in page) == (True, False), login  # nobody reviews an answer
            task = client.get(f"/tasks/{city.task_id()}").get_data(as_text=True)
            assert ("领导批示反馈" in task, "协办反馈" in task.split('id="h-rep"', 1)[1]) == (True, False), login
    for login in ("tjj", "reader"):
        with site.client(login) as client:
            assert "没有找到" in _page(client, "滞后"), login


def test_the_search_stands_in_the_head_of_every_page_of_whoever_works_on_matters(site: Site) -> None:
    for login, has in (("swj", True), ("office", True), ("leader", True), ("reader", True), ("sysadmin", False)):
        with site.client(login) as client:
            page = client.get("/", follow_redirects=True).get_data(as_text=True)
            assert ('action="/search"' in page) == has, login


def test_a_paper_is_found_by_its_type_and_by_the_figures_that_stand_in_it(tmp_path: Path) -> None:
    city = open_audience_city(fresh_sqlite(tmp_path), tmp_path)
    with city.site.services.database.reading() as session:
        viewer = viewer_of(session, _actor(session, "office"))
        urge = session.get_one(CircularRow, city.papers["urge"])
        assert "{" not in (urge.said or "")
        for words in ("催办单", "反馈逾期1份", "2022年10月18日"):
            found = find(session, sought(session, words_of(words)), SearchKind.CIRCULAR, viewer=viewer).places
            assert urge.id in found, words
        [hit] = hits(session, SearchKind.CIRCULAR, [urge.id or 0], words=["催办单"], viewer=viewer)
        assert "{" not in hit.text
        for words in ("answer_by", "overdue"):
            found = find(session, sought(session, words_of(words)), SearchKind.CIRCULAR, viewer=viewer).places
            assert not found, words
