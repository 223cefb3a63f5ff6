"""Two who decide on one account, each from a page of his own: one does it, the other sees both sides.

What a page showed is what is decided on: whoever sends it after another changed the account changes nothing by it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from inspect import unwrap
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.office import IN_TIME
from tests.support.site import PASSWORD_HASH, Site
from tests.support.together import together
from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.domain.errors import Stale
from tracker.store.database import Database
from tracker.store.queries.overtaking import log_head
from tracker.store.tables.absences import HandoverRow
from tracker.store.tables.second_factors import SecondFactorRow
from tracker.store.tables.units import UserRow
from tracker.wording.refusals import sentence

_WHY = "任职文件"
_TODAY = local_day(IN_TIME)
_LEAVE = {"first_on": f"{_TODAY}", "last_on": f"{_TODAY + timedelta(days=3)}", "deputy_id": "", "reason": _WHY}
_CHANGED = {"name": "别人乙", "unit_id": "{tjj}", "email": "z@example.gov.cn", "anyway": "yes"}
_WRITTEN_TO = {**_CHANGED, "unit_id": "{of_swj}"}  # another unit would end log-ins


@dataclass(frozen=True)
class _Form:
    """A form by who sends it, its page and address; `other` is what is done meanwhile, else the same by another."""

    by: str
    page: str
    address: str
    sent: Mapping[str, str] = field(default_factory=lambda: {"reason": _WHY})
    other: "_Form | None" = None


_CHANGE = _Form("sysadmin", "/accounts/{li}", "/accounts/{li}", _CHANGED)
# Whom a form chooses is somebody too.
_RENAMED = _Form("sysadmin", "/accounts/{wang}", "/accounts/{wang}", {**_WRITTEN_TO, "name": "改名的"})
_BY_HEAD = partial(_Form, "swj-head", "/people/{li}")
_FORMS: Mapping[str, _Form] = {
    "accounts.change": _Form("sysadmin", _CHANGE.page, _CHANGE.address, {**_CHANGED, "name": "双击二"}, _CHANGE),
    "accounts.disable": _Form("sysadmin", "/accounts/{li}", "/accounts/{li}/disable", other=_CHANGE),
    "accounts.enable": _Form("sysadmin", "/accounts/{off}", "/accounts/{off}/enable"),
    "accounts.reset": _Form("sysadmin", "/accounts/{li}", "/accounts/{li}/reset", other=_CHANGE),
    "accounts.reset_second": _Form("sysadmin", "/accounts/{li}", "/accounts/{li}/factor/reset", other=_CHANGE),
    "granting.grant": _Form("secadmin", "/grants/{li}", "/grants/{li}", {"role": "reader", "reason": _WHY}, _CHANGE),
    "granting.take_back": _Form("secadmin", "/grants/{li}", "/grants/{li}/take-back", other=_CHANGE),
    "granting.end": _Form("secadmin", "/grants/{li}", "/grants/{li}/log-ins", {}, _CHANGE),
    "absences.take": _Form("li", "/me", "/me/leave", _LEAVE, _BY_HEAD("/people/{li}/leave", _LEAVE)),
    "absences.set_for": _BY_HEAD("/people/{li}/leave", {**_LEAVE, "deputy_id": "{wang}"}, _RENAMED),
    "absences.end": _BY_HEAD("/leave/{leave}/end", {}),
    "handing_over.hand_over": _BY_HEAD("/people/{li}/hand-over", {"to_id": "{wang}", "why": _WHY}, _RENAMED),
    "mine.confirm": _Form("li", "/me", "/me/email", {}, _Form("sysadmin", _CHANGE.page, _CHANGE.address, _WRITTEN_TO)),
}
# Forms of these pages that say nothing of what another changes: to create (the login is taken once), one's own
# password (compared with the one that was typed), settings and log-ins, and to act for somebody or not, looked at anew
# at each request.
_OF_NOBODY_ELSE = {
    *(
        "accounts.create",
        "mine.change",
        "mine.choose",
        "mine.end",
        "mine.end_all_others",
        "absences.act_for",
        "absences.act_as_oneself",
    ),
}


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Iterator[Site]:
    made = Site(database, tmp_path)
    made.app.config["WTF_CSRF_ENABLED"] = False
    made.clock.at = IN_TIME
    with made.services.database.transaction() as session:
        for login, name in (("li", "李某"), ("wang", "王某"), ("off", "停用的")):
            create_user(session, NewUser(login, name, Role.LIAISON, PASSWORD_HASH, "swj"))
        session.flush()
        of = {user.login: user for user in session.scalars(select(UserRow))}
        of["off"].active, of["li"].new_email = False, "old@example.gov.cn"
        session.add(SecondFactorRow(user_id=of["li"].id or 0, sealed="x", confirmed_at=IN_TIME))
    yield made
    made.services.database.dispose()


def _names(site: Site) -> dict[str, int]:
    with site.services.database.reading() as session:
        ids = {user.login: user.id or 0 for user in session.scalars(select(UserRow))}
    return {**ids, "tjj": site.city.unit_id("tjj"), "of_swj": site.city.unit_id("swj"), "leave": 1}


def _read(client: FlaskClient, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200, (page, answer.status)
    return answer.get_data(as_text=True)


def _filled(page: str, address: str, fields: Mapping[str, str]) -> dict[str, str]:
    form = next(one for one in re.findall(r"<form .*?</form>", page, re.DOTALL) if f'action="{address}"' in one)
    return {**dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)), **fields}


def _logged_in(site: Site, login: str) -> FlaskClient:
    """Return somebody's browser, without the second factor that only its reset is about."""
    with site.services.database.transaction() as session:
        rows = session.scalars(select(SecondFactorRow)).all()
        kept = {row.user_id: row.sealed for row in rows}
        for row in rows:
            row.sealed = None
    client = site.logged_in(login)
    with site.services.database.transaction() as session:
        for row in session.scalars(select(SecondFactorRow)):
            row.sealed = kept[row.user_id]
    return client


def _ready(site: Site, form: _Form) -> Callable[[], tuple[int, str]]:
    """Open the page of a form and fill it in; return what sends it."""
    names, client = _names(site), _logged_in(site, form.by)
    address, sent = form.address.format(**names), {name: text.format(**names) for name, text in form.sent.items()}
    page = form.page.format(**names)
    data = _filled(_read(client, page), address, sent)

    def send() -> tuple[int, str]:
        answer = client.post(address, data=data, headers={"Referer": f"http://localhost{page}"})
        return answer.status_code, answer.get_data(as_text=True)

    return send


def _state(site: Site) -> tuple[int, list[tuple[object, ...]]]:
    with site.services.database.reading() as session:
        people = session.scalars(select(UserRow).order_by(col(UserRow.id)))
        return log_head(session), [
            (one.name, one.unit_id, one.role, one.active, one.email, one.new_email) for one in people
        ]


def _assert_both_sides(answer: tuple[int, str], *, of: str) -> None:
    assert (answer[0], "没有保存" in answer[1], "这件事最近的办理情况" in answer[1]) == (409, True, True), of
    assert re.search(r'<ol class="events"><li><time>[^<]+</time><span>[^<]+</span><span>[^<]+', answer[1]), of


@pytest.mark.parametrize("name", _FORMS)
def test_whatever_of_an_account_another_has_changed_is_decided_on_by_nobody_unseen(site: Site, name: str) -> None:
    if "{leave}" in (form := _FORMS[name]).address:
        assert _ready(site, _FORMS["absences.set_for"])()[0] == 303
    _logged_in(site, "li")
    mine, other = _ready(site, form), _ready(site, form.other or form)
    assert other()[0] == 303
    before = _state(site)
    _assert_both_sides(mine(), of=name)
    assert _state(site) == before
    if name in ("granting.grant", "granting.take_back"):
        assert "姓名（“李某”改为“别人乙”）、所属单位" in mine()[1]


@pytest.mark.parametrize("name", sorted(_FORMS.keys() - {"granting.end"}))  # ending log-ins twice ends them once
def test_of_two_who_do_the_same_at_the_same_moment_one_does(site: Site, name: str) -> None:
    if "{leave}" in _FORMS[name].address:
        assert _ready(site, _FORMS["absences.set_for"])()[0] == 303
    answers = sorted(together(*[_ready(site, _FORMS[name]) for _ in range(3)]))
    assert [code for code, _page in answers] == [303, 409, 409], name
    for answer in answers[1:]:
        _assert_both_sides(answer, of=name)


def test_who_sees_what_another_changed_decides_anew(site: Site) -> None:
    stale, other = _ready(site, _FORMS["granting.grant"]), _ready(site, _CHANGE)
    assert (other()[0], stale()[0]) == (303, 409)
    assert sentence(Stale()) in stale()[1]
    assert _ready(site, _FORMS["granting.grant"])()[0] == 303


def test_a_hand_over_that_hands_nothing_more_over_is_none(site: Site) -> None:
    """Also by a page that was made after it."""
    form = _FORMS["handing_over.hand_over"]
    assert _ready(site, form)()[0] == 303
    answer = _ready(site, form)()
    assert (answer[0], "不必再次移交" in answer[1]) == (409, True)
    with site.services.database.reading() as session:
        assert len(session.scalars(select(HandoverRow)).all()) == 1


def test_every_form_about_people_is_in_the_table(site: Site) -> None:
    people = {"accounts", "granting", "absences", "handing_over", "mine"}
    sent = {
        rule.endpoint
        for rule in site.app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in people and "POST" in (rule.methods or ())
    }
    assert sent == _FORMS.keys() | _OF_NOBODY_ELSE
    checks = {"check_account", "check_leave", "confirm_email"}
    views = {name: unwrap(view).__code__.co_names for name, view in site.app.view_functions.items()}
    assert {name for name, used in views.items() if checks & set(used)} == _FORMS.keys()
