"""Who has not signed for a share 「未签收」: the desk counts, the ledger lists and the unit's own page says first."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import log_in
from tests.support.office import BY
from tests.support.played_autumn import ENDS_AT, PlayedAutumn, services_of
from tests.support.site import TEMPLATES, FixedClock
from tracker.domain.accounts import EVERY_UNIT, Role
from tracker.domain.light_kinds import LightColour, LightReason
from tracker.services import Services
from tracker.store.queries.receipts import count_unreceived, new_assignments, receipt_moment
from tracker.store.queries.task_ledger import ledger_tasks
from tracker.store.tables.units import UnitRow, UserRow
from tracker.web.app import create_app
from tracker.web.cookies import Cookie

_ROW = re.compile(r'<a class="clause" href="/tasks/(\d+)')


@pytest.fixture(scope="module")
def city(played_autumn: PlayedAutumn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("unsigned")
    database = played_autumn.open(ENDS_AT, folder)
    yield services_of(database, FixedClock(ENDS_AT), folder=folder, evidence=played_autumn.evidence)
    database.dispose()


def _client(city: Services, login: str) -> FlaskClient:
    app = create_app(city)
    app.jinja_env.bytecode_cache = TEMPLATES
    with city.database.transaction() as session:
        user = session.scalars(select(UserRow).where(col(UserRow.login) == login)).one()
        key = log_in(session, user_id=user.id or 0, now=datetime.now(UTC))
    client = app.test_client()
    client.set_cookie(Cookie.LOG_IN, key)
    return client


def _text(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return html.unescape(answer.get_data(as_text=True))


def _words(page: str) -> str:
    return "".join(re.sub(r"<[^>]+>", "", page).split())


def test_the_desk_counts_the_rows_that_the_ledger_lists(city: Services) -> None:
    office = _client(city, "ducha")
    desk = _words(_text(office, "/desk"))
    said = re.search(r"(\d+)项任务未签收，涉及(\d+)个单位，最早的8月16日（周二）交办", desk)
    assert said, desk
    listed = _ROW.findall(_text(office, "/ledger?receipt=open&print=1"))
    assert (len(listed), len(set(listed))) == (int(said[1]), int(said[1]))
    with city.database.reading() as session:
        tasks = ledger_tasks(session, unit_ids=EVERY_UNIT, now=ENDS_AT, by=BY)
        waiting = {unit_id for one in tasks for unit_id in one.unsigned}
        by_unit = {
            unit.id: {one.task_id for one in new_assignments(session, unit_ids=[unit.id or 0])}
            for unit in session.scalars(select(UnitRow))
        }
    assert len(waiting) == int(said[2])
    assert {unit_id for unit_id, task_ids in by_unit.items() if task_ids} == waiting
    assert {one.standing.task_id for one in tasks if one.unsigned} == set().union(*by_unit.values())
    assert any(set(one.unsigned) & set(one.supports) for one in tasks), "units that do not lead are told of, too"


def test_the_term_of_a_receipt_decides_what_is_late(city: Services) -> None:
    with city.database.reading() as session:
        now = count_unreceived(session, unit_ids=EVERY_UNIT, now=ENDS_AT, by=BY)
        assert now is not None
        term = receipt_moment(now.since, by=BY)
        in_time = count_unreceived(session, unit_ids=EVERY_UNIT, now=term - timedelta(microseconds=1), by=BY)
        past = count_unreceived(session, unit_ids=EVERY_UNIT, now=term, by=BY)
    assert in_time is not None
    assert past is not None
    assert in_time.late == 0 < past.late <= now.late
    office = _client(city, "ducha")
    assert len(_ROW.findall(_text(office, "/ledger?receipt=late&print=1"))) == now.late


def test_a_line_names_who_has_not_signed_and_a_unit_asked_for_is_the_one_that_has_not(city: Services) -> None:
    office = _client(city, "ducha")
    with city.database.reading() as session:
        tasks = ledger_tasks(session, unit_ids=EVERY_UNIT, now=ENDS_AT, by=BY)
    told = next(one for one in tasks if set(one.unsigned) & set(one.supports))
    unit_id, unsigned = next(iter(told.unsigned.items()))
    page = _text(office, f"/ledger?receipt=open&unit={unit_id}&print=1")
    wanting = {one.standing.task_id for one in tasks if unit_id in one.unsigned}
    assert {int(id_) for id_ in _ROW.findall(page)} == wanting
    assert f"未签收：{unsigned.unit}" in _words(page)
    signed = next(id_ for one in tasks for id_ in one.leads if not any(id_ in other.unsigned for other in tasks))
    assert _ROW.findall(_text(office, f"/ledger?receipt=open&unit={signed}")) == []


def test_a_unit_reads_first_that_its_receipt_is_late(city: Services) -> None:
    unit = _client(city, "rensheju")
    today = _words(_text(unit, "/today"))
    assert re.search(r"星期二签收新交办13项（均已过签收时限）", today), today[:400]
    assert "8月17日（周三，含）已过" in today
    assert len(_ROW.findall(_text(unit, "/ledger?receipt=open&print=1"))) == 13
    assert "逾期未签收" not in today


def test_a_unit_that_does_not_lead_has_a_light_of_its_own_that_is_none_of_its_lead(city: Services) -> None:
    with city.database.reading() as session:
        tasks = ledger_tasks(session, unit_ids=EVERY_UNIT, now=ENDS_AT, by=BY)
        users = session.scalars(select(UserRow).where(col(UserRow.role) == Role.LIAISON.value)).all()
        logins = {user.unit_id: user.login for user in users}
    for one in tasks:
        late = {unit_id for unit_id, unsigned in one.unsigned.items() if unsigned.due_at <= ENDS_AT}
        lit = one.standing.support_lights
        assert set(lit) == late & set(one.supports)
        assert {(light.colour, light.reason) for light in lit.values()} <= {
            (LightColour.YELLOW, LightReason.RECEIPT_OVERDUE)
        }
        if not late & set(one.leads):
            assert one.standing.lights.time.reason is not LightReason.RECEIPT_OVERDUE, "none of its lead"
    told = next(one for one in tasks if set(one.standing.support_lights) & set(logins))
    unit_id = next(unit_id for unit_id in told.standing.support_lights if unit_id in logins)
    name, task_id = told.unsigned[unit_id].unit, told.standing.task_id
    own = _client(city, logins[unit_id])
    for client, address in ((_client(city, "ducha"), f"unit={unit_id}&"), (own, "")):
        listed = _words(_text(client, f"/ledger?receipt=late&{address}print=1"))
        assert re.search(rf"预警未签收：[^，。]*{name}", listed), listed[:800]
    page = _words(_text(own, f"/tasks/{task_id}"))
    assert re.search(r"本单位预警应于\S+前签收，尚未签收", page)
    assert "预警8月17日（周三，含）已过" in _words(_text(_client(city, "rensheju"), "/today"))
