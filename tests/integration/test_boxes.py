"""The box of evidence of a unit: put in once, attached to rows by its number, good until a day, never lost."""

import html
import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import g
from flask.testing import FlaskClient
from lxml import html as lxml_html
from sqlalchemy import select, text
from sqlmodel import col
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from tests.support.agreement import disagreements
from tests.support.databases import create_postgres, drop_postgres, fresh_sqlite
from tests.support.office import FIRST, IN_TIME, OFFICE
from tests.support.site import Site, post
from tests.support.together import fill
from tracker.domain.boxes import BoxNumbersUnreadable, read_box_numbers
from tracker.domain.calendar import local_day
from tracker.gateways.places import INSPECTIONS, REQUESTS
from tracker.store import schema
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.boxes import box_files, numbers_of, offered_files
from tracker.store.tables.boxes import BoxFileRow
from tracker.store.tables.filings import EvidenceRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.merging import merge_units
from tracker.web.sent_bytes import MOST_FILES
from tracker.web.uploads import TooManyInspected, keep_upload

_UNITS = ("swj", "tjj")
_AT = "2022-09-28 01:00:00"
_OLD = (
    "INSERT INTO unit (id, code, full_name, short_name, kind, official_order, needs_sign_off, tasked) VALUES"
    " (1, 'a', '甲局', '甲局', '市政府部门', 1, true, true), (2, 'b', '乙局', '乙局', '市政府部门', 2, true, true)",
    "INSERT INTO filing (id, version, unit_id, kind, state, ticked, written_by, written_at) VALUES"
    f" (1, 1, 1, 'update', 'filed', 0, 'x', '{_AT}'), (2, 1, 1, 'update', 'withdrawn', 0, 'x', '{_AT}'),"
    f" (3, 1, 2, 'update', 'filed', 0, 'x', '{_AT}')",
    "INSERT INTO report (id, version, filing_id, kind, state, text, written_by, written_at, late) VALUES"
    + ", ".join(f" ({id_}, 1, {id_}, 'update', 'filed', 'x', 'x', '{_AT}', false)" for id_ in (1, 2, 3)),
    "INSERT INTO evidence (id, report_id, sha256, name, size_bytes, media_type, uploaded_by, uploaded_at) VALUES"
    f" (1, 1, 'a', '台账.txt', 9, 'text/plain', '张三', '{_AT}'),"
    f" (2, 2, 'a', '台账.txt', 9, 'text/plain', '张三', '{_AT}'),"
    f" (3, 2, 'b', '照片.png', 9, 'image/png', '张三', '{_AT}'),"
    f" (4, 3, 'a', '台账.txt', 9, 'text/plain', '李四', '{_AT}')",
)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    return made


def _send(client: FlaskClient, address: str, *, page: str, **fields: object) -> TestResponse:
    token = re.findall(r'name="csrf_token" value="([^"]+)"', client.get(page).get_data(as_text=True))[0]
    files = {
        name: [(BytesIO(words.encode()), f"{words}.txt") for words in told]
        for name, told in fields.items()
        if isinstance(told, list)
    }
    sent = {"csrf_token": token, "not_secret": "yes", **fields, **files}
    return client.post(address, data=sent, headers={"Referer": f"http://localhost{page}"})


def _words(answer: TestResponse) -> str:
    return html.unescape(answer.get_data(as_text=True))


def _put(client: FlaskClient, *names: str, **fields: object) -> TestResponse:
    return _send(client, "/box", page="/box", file=list(names), **fields)


def _box(site: Site) -> list[tuple[int | None, str, bool]]:
    with site.services.database.reading() as session:
        rows = session.scalars(select(BoxFileRow).order_by(col(BoxFileRow.id)))
        return [(row.id, row.name, row.out_at is None) for row in rows]


def _form(site: Site) -> tuple[str, str]:
    """Return the address of the form of 市商务局 and with what the fields of its row begin."""
    with site.services.database.reading() as session:
        period = site.city.period("swj", session, name=FIRST).id
        share = site.city.assignment("swj", session).id
    return f"/periods/{period}/form", f"a{share}-"


def _written(key: str, **more: str) -> dict[str, str]:
    said = {"claim": "on_schedule", "fact": "9月28日印发通报1期。", "v1": "1", "on1": "2022-09-28", **more}
    return {key + name: words for name, words in said.items()}


def _attached(site: Site) -> list[str]:
    with site.services.database.reading() as session:
        return list(session.scalars(select(col(EvidenceRow.name)).order_by(col(EvidenceRow.id))))


def test_files_put_in_are_attached_by_their_numbers_and_again_without_a_second_copy(site: Site) -> None:
    form, key = _form(site)
    with site.client("swj") as liaison:
        assert "编号1、2。" in _words(liaison.get(_put(liaison, "九月通报", "会议纪要").location))
        assert "编号1。" in _words(liaison.get(_put(liaison, "九月通报").location))  # the same file again is the same
        sent = _send(liaison, form, page=form, **_written(key, b0="1、2"))
        assert sent.status_code == 303, _words(sent)
        assert _attached(site) == ["九月通报.txt", "会议纪要.txt"]
        page = _words(liaison.get("/box"))
        assert page.count('class="clause"') == 2  # each says for which item it is used
    assert _box(site) == [(1, "九月通报.txt", True), (2, "会议纪要.txt", True)]


def test_what_came_with_a_refused_form_lies_in_the_box_and_its_number_is_filled_in(site: Site) -> None:
    form, key = _form(site)
    with site.client("swj") as liaison:
        refused = _send(liaison, form, page=form, **_written(key, v1="x"), **{f"{key}e0": ["九月通报"]})
        page = lxml_html.document_fromstring(refused.get_data(as_text=True))
        assert refused.status_code == 400
        assert "重新选择" not in page.text_content()
        field = page.xpath("//input[@name=$name]", name=f"{key}b0")[0]
        assert (field.value, "1 九月通报.txt" in page.text_content()) == ("1", True)
        assert _send(liaison, form, page=form, **_written(key, b0=field.value)).status_code == 303
    assert _attached(site) == ["九月通报.txt"]


def test_of_a_field_with_a_faulty_file_the_good_ones_lie_in_the_box(site: Site) -> None:
    """Beside the field stand all refusals of it, and of the files only those are to be chosen again."""
    form, key = _form(site)
    with site.client("swj") as liaison:
        bad = [(BytesIO(b"MZ"), name) for name in ("程序.exe", "另一程序.exe")]
        good = [(BytesIO(words.encode()), f"{words}.txt") for words in ("九月通报", "会议纪要")]
        fields: dict[str, Any] = {**_written(key), "not_secret": "yes", f"{key}e0": [good[0], *bad, good[1]]}
        refused = post(liaison, form, at=form, **fields)
        assert refused.status_code == 400
        page = lxml_html.document_fromstring(refused.get_data(as_text=True))
        said = page.get_element_by_id(f"refused-{key}e0").text_content()
        assert ("“程序.exe”" in said, "“另一程序.exe”" in said) == (True, True)
        again = next(text for text in page.xpath("//span[@class='err']/text()") if "重新选择" in text)
        assert "程序.exe、另一程序.exe" in again
        assert "九月通报" not in again
        field = page.xpath("//input[@name=$name]", name=f"{key}b0")[0]
        assert field.value == "1、2"
        assert _send(liaison, form, page=form, **_written(key, b0=field.value)).status_code == 303
    assert _attached(site) == ["九月通报.txt", "会议纪要.txt"]


def test_a_number_is_kept_with_the_draft(site: Site) -> None:
    form, key = _form(site)
    with site.client("swj") as liaison:
        _put(liaison, "九月通报")
        assert post(liaison, f"{form}/keep", at=form, **{f"{key}b0": "1"}).status_code == 303
        page = lxml_html.document_fromstring(liaison.get(form).get_data(as_text=True))
        assert page.xpath("//input[@name=$name]", name=f"{key}b0")[0].value == "1"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("一", "佐证箱编号“一”无法识别"),
        ("9", "佐证箱里没有9号材料"),
        ("2", "佐证箱里没有2号材料"),  # of another unit
        ("3", "佐证箱3号材料“过期的.txt”有效期至2022年9月27日，已经过期"),
        ("99999999999", "无法识别"),
    ],
)
def test_a_number_that_cannot_be_attached_is_refused_beside_its_field(site: Site, number: str, said: str) -> None:
    form, key = _form(site)
    for login, name in (("swj", "九月通报"), ("tjj", "别人的"), ("swj", "过期的")):
        with site.client(login) as client:
            _put(client, name)
    with site.client("swj") as liaison:
        over = _send(liaison, "/box/3/term", page="/box", version="1", good_until="2022-09-27")
        assert "已经过期，不能再附" in _words(liaison.get(over.location))
    with site.client("swj") as liaison:
        refused = _send(liaison, form, page=form, **_written(key, b0=number))
        page = lxml_html.document_fromstring(refused.get_data(as_text=True))
        assert refused.status_code == 400
        assert said in page.get_element_by_id(f"refused-{key}b0").text_content()
        assert page.xpath("//input[@name=$name]", name=f"{key}b0")[0].value == number
    assert _attached(site) == []


def test_a_new_version_takes_the_place_of_the_old_one_which_reports_keep(site: Site) -> None:
    form, key = _form(site)
    with site.client("swj") as liaison:
        _put(liaison, "九月通报")
        _send(liaison, form, page=form, **_written(key, b0="1"))
        new = _send(liaison, "/box/1/version", page="/box", version="1", file=["九月通报（修订）"])
        assert "编号2" in _words(liaison.get(new.location))
        assert "替换1号" in _words(liaison.get("/box"))
        assert "九月通报.txt" in _words(liaison.get("/box?out=1"))
        stale = _send(liaison, "/box/1/out", page="/box", version="1")
        assert (stale.status_code, "已经移出佐证箱或者换了新版" in _words(stale)) == (409, True)
    assert (_box(site), _attached(site)) == (
        [(1, "九月通报.txt", False), (2, "九月通报（修订）.txt", True)],
        ["九月通报.txt"],
    )


def test_of_two_who_change_a_file_the_second_is_told(site: Site) -> None:
    with site.client("swj") as liaison:
        _put(liaison, "九月通报")
        first = _send(liaison, "/box/1/term", page="/box", version="1", good_until="2022-12-31")
        second = _send(liaison, "/box/1/term", page="/box", version="1", good_until="2022-10-31")
        assert (first.status_code, second.status_code) == (303, 409)
        assert "2022年12月31日" in _words(liaison.get("/box")) or "12月31日" in _words(liaison.get("/box"))


def test_files_are_found_by_words_of_their_names(site: Site) -> None:
    with site.client("swj") as liaison:
        _put(liaison, "九月通报", "会议纪要", "100%_进度")
        found = {asked: _words(liaison.get(f"/box?q={asked}")) for asked in ("通报", "%25", "九月 纪要", "'")}
    assert [name for name, page in found.items() if "九月通报.txt" in page] == ["通报"]
    assert [name for name, page in found.items() if "100%_进度.txt" in page] == ["%25"]
    assert "没有找到" in found["九月 纪要"]


def test_what_was_taken_out_is_attached_no_more(site: Site) -> None:
    form, key = _form(site)
    with site.client("swj") as liaison:
        _put(liaison, "九月通报")
        assert _send(liaison, "/box/1/out", page="/box", version="1").status_code == 303
        refused = _send(liaison, form, page=form, **_written(key, b0="1"))
        assert (refused.status_code, "佐证箱里没有1号材料" in _words(refused)) == (400, True)
        assert '<option value="1">' not in _words(liaison.get(form))


def test_where_a_file_is_used_are_tasks_of_the_own_unit_alone(site: Site) -> None:
    form, key = _form(site)
    with site.client("swj") as liaison:
        _put(liaison, "同一份")
        assert _send(liaison, form, page=form, **_written(key, b0="1")).status_code == 303
        assert "还没有用过" not in _words(liaison.get("/box"))
    with site.client("tjj") as other:
        _put(other, "同一份")  # the same bytes
        assert "还没有用过" in _words(other.get("/box"))


def test_nothing_is_put_in_without_the_declaration_or_without_a_file(site: Site) -> None:
    with site.client("swj") as liaison:
        undeclared = _put(liaison, "九月通报", not_secret="")
        assert (undeclared.status_code, "工作秘密" in _words(undeclared)) == (400, True)
        assert (_put(liaison).status_code, _box(site)) == (400, [])


def test_the_audit_holds_each_file_against_the_log(site: Site) -> None:
    with site.client("swj") as liaison:
        _put(liaison, "九月通报", "会议纪要")
        _send(liaison, "/box/1/term", page="/box", version="1", good_until="2022-12-31")
        _send(liaison, "/box/2/out", page="/box", version="1")

    def found() -> list[tuple[str, str]]:
        with site.services.database.reading() as session:
            told = disagreements(session, fold(session, cut(session, as_of=IN_TIME)))
            return [(one.table, one.field) for one in told]

    assert found() == []
    with site.services.database.transaction() as session:
        session.execute(text("UPDATE box_file SET name = '改过的.txt', good_until = NULL WHERE id = 1"))
        session.execute(text("UPDATE box_file SET out_at = NULL, out_by = NULL WHERE id = 2"))
    assert {column for table, column in found() if table == "box_file"} == {"name", "good_until", "out_at", "out_by"}


def test_a_unit_that_takes_another_in_has_its_files(site: Site) -> None:
    with site.client("tjj") as liaison:
        _put(liaison, "别人的")
    with site.services.database.transaction() as session:
        ids = {code: session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == code)).one() for code in _UNITS}
        merge_units(
            session,
            from_unit_id=ids["tjj"] or 0,
            into_unit_id=ids["swj"] or 0,
            on=local_day(IN_TIME),
            reason="机构改革",
            actor=OFFICE,
            at=IN_TIME,
        )
    with site.client("swj") as liaison:
        assert "别人的.txt" in _words(liaison.get("/box"))
        assert _send(liaison, "/box/1/out", page="/box", version="1").status_code == 303


@pytest.mark.parametrize(
    ("written", "numbers"),
    [("", ()), (" 12、15，12 ", (12, 15)), ("12; 15\n16", (12, 15, 16)), ("0012", (12,))],
)
def test_numbers_are_read_in_any_punctuation(written: str, numbers: tuple[int, ...]) -> None:
    assert read_box_numbers(written) == numbers


@pytest.mark.parametrize("written", ["0", "-1", "²", "1.5", "1.5e3", "十二", "2147483648", "1/2", "\x00"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(BoxNumbersUnreadable):
        read_box_numbers(written)


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the time before, in which two reports of one unit carry the same file, and one of another does."""
    if request.param == "sqlite":
        database, name = Database(f"sqlite:///{tmp_path / 'old.db'}"), None
    else:
        database, name = create_postgres(request.getfixturevalue("postgres_url"))
    schema.upgrade_to(database, "0040")
    with database.engine.begin() as connection:
        for statement in _OLD:
            connection.execute(text(statement))
    yield database
    database.dispose()
    if name is not None:
        drop_postgres(request.getfixturevalue("postgres_url"), name)


def test_what_was_attached_before_lies_in_the_boxes(old: Database) -> None:
    schema.upgrade(old)
    with old.reading() as session:
        rows = session.scalars(select(BoxFileRow).order_by(col(BoxFileRow.id)))
        assert [(row.unit_id, row.name, row.sha256, row.put_by) for row in rows] == [
            (1, "台账.txt", "a", "张三"),
            (1, "照片.png", "b", "张三"),
            (2, "台账.txt", "a", "李四"),
        ]


def test_an_answer_to_an_inquiry_attaches_by_number_too(site: Site) -> None:
    with site.client("swj") as lead:
        _put(lead, "别的单位看不到")
        task = f"/tasks/{_task(site)}/inquiries"
        with site.services.database.reading() as session:
            share = site.city.assignment("tjj", session).id
        said = {"asked": str(share), "words": "请提供统计口径。", "answer_by": "2022-10-10"}
        assert post(lead, task, at=task, **said).status_code == 303
    with site.client("tjj") as liaison:
        _put(liaison, "统计口径")
        for number, status in (("1", 400), ("2", 303)):
            answer = post(liaison, "/asked/1", at="/asked/1", fact="口径见附件。", box=number)
            assert answer.status_code == status, _words(answer)
    assert _attached(site) == ["统计口径.txt"]


def _task(site: Site) -> int:
    with site.services.database.reading() as session:
        return site.city.assignment("swj", session).task_id


def test_of_several_files_the_good_ones_are_put_in_and_each_bad_one_is_told(site: Site) -> None:
    with site.client("swj") as liaison:
        token = re.findall(r'name="csrf_token" value="([^"]+)"', liaison.get("/box").get_data(as_text=True))[0]
        names = ("好.txt", "坏.exe", "密.txt")
        words = {"密.txt": "机密★1年"}
        files = [(BytesIO(words.get(name, name).encode()), name) for name in names]
        sent = {"csrf_token": token, "not_secret": "yes", "file": files}
        refused = _words(liaison.post("/box", data=sent, headers={"Referer": "http://localhost/box"}))
        assert "exe" in refused
        assert "其余的已存入佐证箱1份，编号1" in refused
        assert "附件没有留下" not in refused
        assert "没有保存的附件：坏.exe、密.txt，请重新选择。" in refused
    assert _box(site) == [(1, "好.txt", True)]


@pytest.mark.parametrize("before", [MOST_FILES - 1, MOST_FILES, 900])
def test_so_many_files_are_looked_at_together_and_the_rest_is_told_once(site: Site, before: int) -> None:
    with site.client("swj") as liaison:
        token = re.findall(r'name="csrf_token" value="([^"]+)"', liaison.get("/box").get_data(as_text=True))[0]
        nameless = [(BytesIO(b"x"), ".txt") for _ in range(before)]
        sent = {"csrf_token": token, "not_secret": "yes", "file": [*nameless, (BytesIO(b"x"), "好.txt")]}
        refused = _words(liaison.post("/box", data=sent, headers={"Referer": "http://localhost/box"}))
    fits = before < MOST_FILES
    assert _box(site) == ([(1, "好.txt", True)] if fits else [])
    assert refused.count(f"一次最多提交{MOST_FILES}份附件") == (0 if fits else 2)  # above the form and beside its field


def test_while_a_file_is_inspected_nobody_waits_for_its_request(site: Site) -> None:
    def inspect(_path: Path) -> None:
        fill(REQUESTS, 4)

    with site.app.test_request_context(), REQUESTS.taken():
        g.actor = site.city.liaison("swj")
        stored = keep_upload(FileStorage(BytesIO(b"x"), "好.txt"), inspect=inspect)
        assert stored.size_bytes == 1
        turn = INSPECTIONS.taken(g.actor.user_id)
        with turn, INSPECTIONS.taken(g.actor.user_id), pytest.raises(TooManyInspected):
            keep_upload(FileStorage(BytesIO(b"x"), "好.txt"), inspect=inspect)


def test_a_day_that_is_over_is_no_term_and_the_same_file_again_is_said_to_be_there(site: Site) -> None:
    with site.client("swj") as liaison:
        refused = _put(liaison, "九月通报", good_until="2022-09-01")
        assert (refused.status_code, "已经过了" in _words(refused), _box(site)) == (400, True, [])
        _put(liaison, "九月通报", good_until="2022-12-31")
        again = _put(liaison, "九月通报", "会议纪要")
        page = _words(liaison.get(again.location))
        assert "已存入佐证箱1份，编号2。" in page
        assert "箱中已有的1份没有重复存入，编号1。" in page
        new = _send(liaison, "/box/1/version", page="/box", version="1", file=["九月通报（修订）"])
        assert new.status_code == 303
        assert "由3号替换" in _words(liaison.get("/box?out=1"))


def test_a_file_may_be_attached_on_its_last_day_and_is_good_again_once_it_is_put_in_anew(site: Site) -> None:
    """The term is inclusive wherever it is asked; who puts in an expired file anew says that it is good."""
    form, key = _form(site)

    def kept() -> tuple[list[int], dict[str, int], list[date | None]]:
        today, own = local_day(site.clock.at), {site.city.unit_id("swj")}
        with site.services.database.reading() as session:
            [file] = box_files(session, unit_ids=own, limit=9)
            numbers = numbers_of(session, [file.sha256], unit_id=file.unit_id, today=today)
            offered = [one.number for one in offered_files(session, unit_ids=own, today=today)]
            return offered, numbers, [file.good_until]

    last = local_day(IN_TIME)
    with site.client("swj") as liaison:
        _put(liaison, "九月通报", good_until=last.isoformat())
        offered, numbers, terms = kept()
        assert (offered, list(numbers.values()), terms) == ([1], [1], [last])
        assert _send(liaison, form, page=form, **_written(key, b0="1")).status_code == 303
        site.clock.at = IN_TIME + timedelta(days=1)
        assert kept() == ([], {}, [last])
        _put(liaison, "九月通报")
        offered, numbers, terms = kept()
        assert (offered, list(numbers.values()), terms) == ([1], [1], [None])
    assert (_attached(site), _box(site)) == (["九月通报.txt"], [(1, "九月通报.txt", True)])


def test_where_a_number_stands_nothing_is_said_to_lack(site: Site) -> None:
    form, key = _form(site)
    with site.client("swj") as liaison:
        _put(liaison, "九月通报")
        written = _words(post(liaison, f"{form}/again", at=form, **{f"{key}b0": "1"}))
        assert "1 九月通报.txt" in written
