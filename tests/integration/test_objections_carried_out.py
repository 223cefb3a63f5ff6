"""An objection that holds is carried out: its suppliers are told and correct it, or the office says why not."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from docx import Document
from sqlmodel import Session

from tests.support.agreement import disagreements
from tests.support.announced import announced
from tests.support.office import OFFICE, City, open_city
from tests.support.projects import LISTS
from tests.support.published_evaluation import NOW, Publishing
from tests.support.site import Site, post
from tests.support.small_evaluation import AFTER, CHECKING, Worked, figure, in_check, meeting
from tracker.domain.accounts import Actor
from tracker.domain.errors import TrackerError
from tracker.domain.scoring.objections import NothingOwed, ObjectionsOwed
from tracker.editions import differs_from_log
from tracker.gateways.schemes import read_scheme
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.units import UserRow
from tracker.usecases.correcting_months import open_correction
from tracker.usecases.objecting_to_marks import answer_objection, object_to_marks, settle_objection
from tracker.usecases.scoring_months import freeze_month

ITEM = "1-1"  # 市商务局 and 市统计局 hand in what makes its marks, and the office; nobody else does


@pytest.fixture
def city(database: Database) -> City:
    return open_city(database)


def _do(city: City, act: Callable[[Session], object]) -> None:
    with city.database.transaction() as session:
        act(session)


def _refused(city: City, kind: type[TrackerError], act: Callable[[Session], object]) -> None:
    with pytest.raises(kind), city.database.transaction() as session:
        act(session)


def _upheld(worked: Worked, *, county: str = "yc") -> int:
    """Let a county object to an item, and the office say that it is right."""
    city = worked.city
    with city.database.transaction() as session:
        found = object_to_marks(
            session,
            worked.month_id,
            object_code=county,
            item=ITEM,
            words="少计一个项目",
            read=read_scheme,
            actor=city.head(county),
            at=CHECKING,
        )
        answer_objection(
            session, found, upheld=True, answer="经核对少计一个", read=read_scheme, actor=OFFICE, at=CHECKING
        )
    return found


def _correct(worked: Worked, code: str = "projects", value: str = "4", *, by: Actor | None = None) -> None:
    actor, reason = by or worked.city.liaison("swj"), "核实后更正"
    _do(
        worked.city,
        lambda session: worked.enter(session, actor, figure(code, "yc", value), seen=99, reason=reason),
    )


def _settle(objection: int, *, reason: str = "该项目已在上月计入") -> Callable[[Session], None]:
    return partial(settle_objection, objection_id=objection, reason=reason, read=read_scheme, actor=OFFICE, at=AFTER)


def _freeze(worked: Worked) -> Callable[[Session], object]:
    return partial(freeze_month, month_id=worked.month_id, read=read_scheme, lists=LISTS, actor=OFFICE, at=AFTER)


def test_what_is_held_to_be_right_is_corrected_before_the_month_is_frozen(city: City) -> None:
    worked = in_check(city)
    objection = _upheld(worked)
    _refused(city, ObjectionsOwed, _freeze(worked))
    _correct(worked, value="3")  # the same again is no correction
    _refused(city, ObjectionsOwed, _freeze(worked))
    _correct(worked)
    _correct(worked, value="3")  # nor is one that was taken back
    _refused(city, ObjectionsOwed, _freeze(worked))
    _correct(worked)
    _refused(city, NothingOwed, _settle(objection))
    _do(city, _freeze(worked))


def test_what_was_corrected_before_the_answer_or_under_another_item_carries_nothing_out(city: City) -> None:
    worked = in_check(city)
    _correct(worked)
    _upheld(worked)
    _refused(city, ObjectionsOwed, _freeze(worked))
    _do(city, lambda session: worked.enter(session, OFFICE, meeting("sp")))
    _refused(city, ObjectionsOwed, _freeze(worked))
    _correct(worked, "started", "2", by=city.liaison("tjj"))  # any input of the item, whoever supplies it
    _do(city, _freeze(worked))
    with city.database.reading() as session:
        state = fold(session, cut(session, as_of=AFTER))
        assert list(disagreements(session, state)) == []


def test_the_office_may_say_why_nothing_is_to_be_changed(city: City) -> None:
    worked = in_check(city)
    objection = _upheld(worked)
    _refused(city, TrackerError, _settle(objection, reason=" "))
    _do(city, _settle(objection))
    _refused(city, NothingOwed, _settle(objection))
    _do(city, _freeze(worked))
    with city.database.reading() as session:
        assert list(disagreements(session, fold(session, cut(session, as_of=AFTER)))) == []


@pytest.mark.parametrize("county", ["yc", "sp"])
def test_the_suppliers_of_the_item_hear_that_they_have_to_correct_it(city: City, county: str) -> None:
    worked = in_check(city)
    _upheld(worked, county=county)
    told = announced(city.database, "scoring.objection_answered", to=("swj", "tjj", "yc", "sp", "wjw"))
    with city.database.reading() as session:
        owners = {one.recipient_id: session.get_one(UserRow, one.recipient_id).login for one in told}
    heard = {(owners[one.recipient_id], one.subject.partition("：")[0]) for one in told}
    assert heard == {("swj", "更正月度考评数据"), ("tjj", "更正月度考评数据"), (county, "考评异议答复")}
    assert {"经核对少计一个" in one.reason for one in told} == {True}


def test_who_has_to_correct_reads_so_until_it_is_done_and_only_then_freezing_is_offered(
    database: Database, tmp_path: Path
) -> None:
    site = Site(database, tmp_path)
    worked = in_check(site.city)
    site.clock.at = AFTER
    objection, month = _upheld(worked), f"/evaluation/{worked.month_id}"
    offered, owed = f'href="{month}/freeze"', f'<a href="#o{objection}">逐件落实</a>'
    supplier, other, office = (site.logged_in(login) for login in ("swj", "wjw", "office"))
    for address in ("/today", month, f"{month}/inputs"):
        assert "待更正" in supplier.get(address).get_data(as_text=True), address
        if address != month:  # on which whoever organises reads every objection
            assert "待更正" not in other.get(address).get_data(as_text=True), address
    led = re.search(rf'href="{month}/inputs#(i[0-9]+-[0-9]+)"', supplier.get(month).get_data(as_text=True))
    assert led, "to the body under the item, not to the top of a form of hundreds of fields"
    row = supplier.get(f"{month}/inputs").get_data(as_text=True).partition(f'<tr id="{led[1]}">')[2]
    assert row.startswith('<th scope="row">驿城区</th>')
    page = office.get(month).get_data(as_text=True)
    assert (owed in page, offered in page) == (True, False)
    assert f"{month}#o{objection}" in office.get(f"{month}/freeze").get_data(as_text=True)
    assert post(office, f"{month}/freeze", at=month).status_code == 409
    _correct(worked)
    page = office.get(month).get_data(as_text=True)
    assert (owed in page, offered in page, "属实，已更正" in page) == (False, True, True)
    assert "待更正" not in supplier.get("/today").get_data(as_text=True)


def test_the_office_says_on_the_page_why_nothing_is_to_be_changed(database: Database, tmp_path: Path) -> None:
    site = Site(database, tmp_path)
    worked = in_check(site.city)
    site.clock.at = AFTER
    objection, month = _upheld(worked), f"/evaluation/{worked.month_id}"
    office = site.logged_in("office")
    assert (
        post(office, f"/evaluation/objections/{objection}/settle", at=month, reason="已在上月计入").status_code == 303
    )
    page = office.get(month).get_data(as_text=True)
    assert ("属实，不影响计分" in page, "已在上月计入" in page, f'href="{month}/freeze"' in page) == (True, True, True)


def _unchanged(worked: Worked) -> None:
    _do(worked.city, _settle(_upheld(worked)))


def _corrected(worked: Worked) -> None:
    _upheld(worked)
    _correct(worked)


@pytest.mark.parametrize(
    ("checked", "words"),
    [
        (_unchanged, "经核实属实1件，不影响计分。"),
        (_corrected, "经核实属实1件，已更正数据并重新计分。"),
    ],
)
def test_the_paper_counts_as_corrected_only_what_was(
    database: Database, tmp_path: Path, checked: Callable[[Worked], None], words: str
) -> None:
    city = open_city(database)
    site = Site(database, tmp_path, city=city)
    site.clock.at = NOW
    house = Publishing(site, city)
    worked = house.frozen("2022-09", checked=checked)
    house.decide("issuer", "office")
    id_ = house.publish(worked.month_id)
    with database.reading() as session:
        row = session.get_one(CircularRow, id_)
        path = site.services.evidence.path(row.sha256 or "")
        assert not differs_from_log(site.services, session, row)
    assert words in "\n".join(one.text for one in Document(str(path)).paragraphs)
    opened = partial(open_correction, month_id=worked.month_id, reason="核实", read=read_scheme, actor=OFFICE, at=NOW)
    _do(city, opened)
    _correct(worked, value="5")
    with database.reading() as session:  # what is corrected after the paper changes nothing that it told
        assert not differs_from_log(site.services, session, session.get_one(CircularRow, id_))
