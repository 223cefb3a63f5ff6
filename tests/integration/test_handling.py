"""A unit notes who of it handles a task 「转办」: seen in that unit, told to the person, and moving nothing else."""

import html
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.agreement import disagreements
from tests.support.databases import fresh_sqlite
from tests.support.office import FIRST, IN_TIME, OFFICE
from tests.support.site import PASSWORD_HASH, Site, post
from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.tables.units import UnitRow, UserRow
from tracker.usecases.merging import merge_units


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    with made.services.database.transaction() as session:
        create_user(session, NewUser("wang", "王科长", Role.LIAISON, PASSWORD_HASH, "swj"))
    return made


def _share(site: Site) -> tuple[str, int]:
    with site.services.database.reading() as session:
        share = site.city.assignment("swj", session)
        return f"/tasks/{share.task_id}", share.id or 0


def _person(site: Site, login: str) -> str:
    with site.services.database.reading() as session:
        return str(session.scalars(select(col(UserRow.id)).where(col(UserRow.login) == login)).one())


def _page(client: FlaskClient, address: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", client.get(address).get_data(as_text=True))))


def _set(
    site: Site, client: FlaskClient, words: str, person: str = "", *, version: str = "0", status: int = 303
) -> str:
    task, share = _share(site)
    answer = post(client, f"{task}/shares/{share}/handler", at=task, handler=words, person=person, version=version)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return html.unescape(answer.get_data(as_text=True))


def test_who_handles_it_stands_on_task_form_and_ledger_of_the_unit_alone(site: Site) -> None:
    task, _id = _share(site)
    with site.services.database.reading() as session:
        form = f"/periods/{site.city.period('swj', session, name=FIRST).id}/form"
    with site.client("swj") as liaison:
        _set(site, liaison, "规划科", _person(site, "wang"))
        for address in (task, form, "/ledger", "/ledger?q=规划科"):
            assert "规划科 王科长" in _page(liaison, address), address
        assert "规划科 王科长" not in _page(liaison, "/ledger?mine=1")
        assert "本人经办" not in _page(liaison, "/today")
        assert "规划科 王科长" in liaison.get("/ledger.csv").get_data(as_text=True)
    with site.client("wang") as handler:
        assert "规划科 王科长" in _page(handler, "/ledger?mine=1")
        assert "其中本人经办1项" in _page(handler, "/today")
        site.work()
        assert "市商务局将该事项交由您经办" in _page(handler, "/notices")
    for login in ("tjj", "reader", "leader", "office"):
        with site.client(login):
            pass
    with site.client("swj") as liaison:
        _set(site, liaison, "投资科", _person(site, "wang"), version="1")
    for login in ("tjj", "reader", "leader", "office"):
        with site.client(login) as other:
            for address in (task, "/ledger", "/changes", "/search?q=投资科"):
                page = _page(other, address)
                assert not [word for word in ("规划科", "单位内转办", "经办：") if word in page], (login, address)


def test_who_takes_it_on_himself_is_told_nothing_and_it_can_be_taken_back(site: Site) -> None:
    task, _id = _share(site)
    with site.client("wang") as handler:
        _set(site, handler, "", _person(site, "wang"))
        site.work()
        assert "交由您经办" not in _page(handler, "/notices")
        _set(site, handler, "", version="1")
        assert "没有登记经办科室和人员" in _page(handler, task)


def test_of_two_who_set_it_the_second_sees_what_the_first_set(site: Site) -> None:
    with site.client("swj") as liaison:
        _set(site, liaison, "规划科")
        assert "这项内容有过改动" in _set(site, liaison, "投资科", status=409)
        _set(site, liaison, "投资科", version="1")


@pytest.mark.parametrize(
    ("words", "login", "said"),
    [
        ("科" * 41, "", "不能超过40字，现有41字"),
        ("", "tjj", "所选人员不是本单位在用的账号"),
        ("", "reader", "所选人员不是"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(site: Site, words: str, login: str, said: str) -> None:
    with site.client("swj") as liaison:
        assert said in _set(site, liaison, words, _person(site, login) if login else "", status=400)


def test_an_account_that_is_out_of_use_handles_nothing(site: Site) -> None:
    with site.services.database.transaction() as session:
        session.scalars(select(UserRow).where(col(UserRow.login) == "wang")).one().active = False
    with site.client("swj") as liaison:
        assert "所选人员不是本单位在用的账号" in _set(site, liaison, "", _person(site, "wang"), status=400)
        assert "王科长" not in _page(liaison, _share(site)[0])


def test_the_audit_holds_it_against_the_log_and_a_merger_forgets_it(site: Site) -> None:
    task, _id = _share(site)
    with site.client("swj") as liaison:
        _set(site, liaison, "规划科")

    def found() -> list[tuple[str, str]]:
        with site.services.database.reading() as session:
            told = disagreements(session, fold(session, cut(session, as_of=IN_TIME)))
            return [(one.table, one.field) for one in told]

    assert found() == []
    with site.services.database.transaction() as session:
        session.execute(text("UPDATE share_handler SET words = '投资科'"))
    assert found() == [("share_handler", "words")]
    with site.services.database.transaction() as session:
        session.execute(text("UPDATE share_handler SET words = '规划科'"))
        ids = {unit.code: unit.id or 0 for unit in session.scalars(select(UnitRow))}
        merge_units(
            session,
            from_unit_id=ids["swj"],
            into_unit_id=ids["wjw"],
            on=local_day(IN_TIME),
            reason="机构改革",
            actor=OFFICE,
            at=IN_TIME,
        )
    assert found() == []
    with site.client("wjw") as successor:
        assert "规划科" not in _page(successor, task).split("经过")[0]
