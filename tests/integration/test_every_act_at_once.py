"""Two people who decide on one thing, each from a page of his own: one does it, the other sees both sides.

Acts on papers stand in `test_editions_at_once`.
"""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial, wraps
from inspect import unwrap
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.acts import ACTS, filled_in, ids_of, left_open, site_of_acts, standing_of
from tests.support.databases import fresh_sqlite
from tests.support.office import BY, IN_TIME, LATE, OFFICE
from tests.support.readings import small_reading
from tests.support.site import Site
from tests.support.together import together
from tracker.domain.accounts import SYSTEM
from tracker.domain.claims import Claim
from tracker.domain.deliveries import Outgoing
from tracker.domain.errors import Stale
from tracker.domain.items import QuestionTopic
from tracker.store.database import Database
from tracker.store.queries.overtaking import log_head
from tracker.store.tables.documents import QuestionRow
from tracker.usecases.registering import register_document
from tracker.usecases.report_demands import mark_key
from tracker.usecases.sweeping import sweep
from tracker.wording.refusals import sentence

_ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite lets one writer in
_MINE = "三定方案"
# What the second one sends where a form leaves a choice: the first one's would be overwritten unseen.
_OTHERWISE: Mapping[str, Mapping[str, str]] = {
    "deadline": {"new_on": "2022-11-30"},
    "choose an interval": {"interval": "quarterly"},
    "rename": {"full_name": "驻马店市商务招商局", "short_name": "市商务招商局"},
    "name a keeper": {"keeper": "3"},
    "make it a key item": {"reason": "省里督办"},
}

_RENAMED = {"unit_id": "{unit_swj}", "valid_from": "2022-08-26", **_OTHERWISE["rename"]}
_STALE = sentence(Stale())


def _sent(client: FlaskClient, page: str, address: str, fields: Mapping[str, str]) -> Mapping[str, str]:
    """Fill in the form of a page that leads to an address, with its hidden fields."""
    return _filled(_read(client, page), address, fields)


def _read(client: FlaskClient, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200, (page, answer.status)
    return answer.get_data(as_text=True)


def _filled(page: str, address: str, fields: Mapping[str, str]) -> Mapping[str, str]:
    forms = re.findall(r"<form .*?</form>", page, re.DOTALL)
    form = next(form for form in forms if f'action="{address}"' in form)
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {**dict(hidden), **fields}


def _both(
    site: Site, login: str, page: str, address: str, fields: Mapping[str, str], otherwise: Mapping[str, str]
) -> tuple[TestResponse, TestResponse]:
    """Let two who have the same page open send it at the same moment; return what came of it, the winner first."""

    def send(client: FlaskClient, form: Mapping[str, str]) -> TestResponse:
        return client.post(address, data=form)

    clients = [site.logged_in(login) for _ in range(2)]
    forms = [
        _sent(client, page, address, {**fields, **more}) for client, more in zip(clients, ({}, otherwise), strict=True)
    ]
    answers = together(*(partial(send, client, form) for client, form in zip(clients, forms, strict=True)))
    first, second = sorted(answers, key=lambda answer: answer.status_code)
    return first, second


def _assert_one_did(answers: tuple[TestResponse, TestResponse], *, mine: str, of: str) -> None:
    """One was done, the other refused with what the first one did beside what was to be done."""
    codes = [answer.status_code for answer in answers]
    page = answers[1].get_data(as_text=True)
    assert codes == [303, 409], (of, codes, re.findall(r'role="alert">([^<]*)', page))
    assert "这件事最近的办理情况" in page, of
    assert re.search(r'<ol class="events"><li><time>[^<]+</time><span>[^<]+</span><span>[^<]+', page), of
    assert "没有保存" in page or "写的内容都在下面" in page, of
    assert mine in page, of


@_ON_POSTGRESQL
@pytest.mark.parametrize("name", [name for name in ACTS if " with " not in name])
def test_an_act_on_a_task_or_a_unit_is_done_by_one(database: Database, tmp_path: Path, name: str) -> None:
    site, act = site_of_acts(database, tmp_path), ACTS[name]
    site.app.config["WTF_CSRF_ENABLED"] = False
    act.before(site)
    address, fields = filled_in(site, act)
    answers = _both(site, act.by[0], act.page, address, fields, _OTHERWISE.get(name, {}))
    _assert_one_did(answers, mine=_OTHERWISE.get(name, {}).get("reason", _MINE), of=name)


def test_who_decides_by_a_page_that_another_has_overtaken_sees_both_sides_and_decides_anew(
    database: Database, tmp_path: Path
) -> None:
    """However long ago the other one decided."""
    name = "deadline"
    site, act = site_of_acts(database, tmp_path), ACTS[name]
    site.app.config["WTF_CSRF_ENABLED"] = False
    address, fields = filled_in(site, act)
    first, second = site.logged_in("office"), site.logged_in("office")
    sent = _sent(second, act.page, address, {**fields, **_OTHERWISE[name]})
    done = first.post(address, data=_sent(first, act.page, address, fields))
    _assert_one_did((done, second.post(address, data=sent)), mine=_MINE, of=name)
    again = second.post(address, data=_sent(second, act.page, address, {**fields, **_OTHERWISE[name]}))
    assert again.status_code == 303


def test_what_is_decided_while_the_refused_page_is_made_stands_on_it_too(tmp_path: Path) -> None:
    """The page that comes back is marked as made after it, so that nothing else would ever say it."""
    site, act = site_of_acts(fresh_sqlite(tmp_path), tmp_path), ACTS["deadline"]
    site.app.config["WTF_CSRF_ENABLED"] = False
    address, fields = filled_in(site, act)
    first, second, third = (site.logged_in("office") for _ in range(3))
    sent = _sent(second, act.page, address, {**fields, **_OTHERWISE["deadline"]})
    assert first.post(address, data=_sent(first, act.page, address, fields)).status_code == 303
    show = site.app.view_functions["tasks.show"]
    late = _sent(third, act.page, address, {**fields, "new_on": "2022-12-15", "reason": "常务会议再议"})

    @wraps(show)
    def meanwhile(**ids: int) -> Any:  # Any: whatever a view answers
        site.app.view_functions["tasks.show"] = show
        site.clock.at += timedelta(minutes=1)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(third.post, address, data=late).result().status_code == 303
        return show(**ids)

    site.app.view_functions["tasks.show"] = meanwhile
    came_from = {"Referer": f"http://localhost{act.page}"}
    page = second.post(address, data=sent, headers=came_from).get_data(as_text=True)
    with site.services.database.reading() as session:
        assert f'name="seen" value="{log_head(session)}"' in page
    assert page.index("这件事最近的办理情况") < page.index("常务会议再议") < page.index('id="h-office-acts"')


_BY_A_WORD_OF_THE_LEAD = {"review.accept", "review.give_back"}  # it takes a member's report: `test_pages_verifying`
# What somebody decides first, then what a page that was made before must not do any more: each by its page, where it is
# sent and what is filled in.
_OVERTAKING: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("/tasks/1", "/tasks/1/targets/1/points", {"on1": "2022-09-30", "value1": "1"}),
    ("/tasks/2", "/tasks/2/deadline", {"new_on": "2022-11-30"}),
    ("/series/{series}", "/series/{series}/rows/{row}/due", {"new_due_on": "2022-10-20"}),
    ("/documents/2", "/documents/2/plan-end", {"new_on": "2023-12-31"}),
    ("/nobody", "/nobody/{unit_yc}/keeper", {"keeper": "{unit_tjj}"}),
    ("/units", "/units/rename", {**_RENAMED, "full_name": "驻马店市商务投促局"}),
)
_OVERTAKEN: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "acts.act_on_task": ("/tasks/1", "/tasks/1/acts/suspend", {}),
    "acts.change_deadline": ("/tasks/1", "/tasks/1/deadline", {"new_on": "2022-10-31"}),
    "acts.set_interval": ("/tasks/1", "/tasks/1/interval", {"interval": "bimonthly"}),
    "acts.add_share": ("/tasks/1", "/tasks/1/shares", {"unit_id": "{unit_wjw}", "part": "member"}),
    "acts.end_share": ("/tasks/1", "/tasks/1/shares/{share_tjj}/end", {}),
    "schedules.save": ("/tasks/1", "/tasks/1/targets/1/points", {"on1": "2022-10-31", "value1": "1"}),
    "tasks.trigger": ("/tasks/2", "/tasks/2/trigger", {"occurred_at": "2022-08-26T08:30", "matter": "发生疫情"}),
    "overdue.move": ("/series/{series}", "/series/{series}/rows/{row}/due", {"new_due_on": "2022-10-31"}),
    "documents.correct_end": ("/documents/2", "/documents/2/plan-end", {"new_on": "2023-06-30"}),
    "nobody.keep": ("/nobody", "/nobody/{unit_yc}/keeper", {"keeper": "{unit_wjw}"}),
    "units.rename": ("/units", "/units/rename", _RENAMED),
}


def test_whatever_a_page_offers_that_another_has_overtaken_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    site = site_of_acts(fresh_sqlite(tmp_path), tmp_path)
    site.app.config["WTF_CSRF_ENABLED"] = False
    left_open(site)
    with site.services.database.transaction() as session:
        later = small_reading(number="驻政办〔2022〕98号")  # the tasks of the first would follow its plan's end
        register_document(session, later, actor=SYSTEM, at=site.clock.at)
    with site.services.database.reading() as session:
        places = {"series": site.city.series("swj", session).id or 0, "row": site.city.row("swj", session).id or 0}
    names = {**ids_of(site), **places}
    first, second = site.logged_in("office"), site.logged_in("office")
    pages = {page: _read(second, page.format(**names)) for page, _address, _fields in _OVERTAKEN.values()}

    def filled(page: str, address: str, fields: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
        said = {"reason": _MINE, **{name: value.format(**names) for name, value in fields.items()}}
        return address.format(**names), _filled(pages[page], address.format(**names), said)

    for decision in _OVERTAKING:
        address, sent = filled(*decision)
        assert first.post(address, data=sent).status_code == 303, address
    before = _all_there_is(site)
    for endpoint, overtaken in _OVERTAKEN.items():
        address, sent = filled(*overtaken)
        answer = second.post(address, data=sent)
        assert (answer.status_code, _STALE in answer.get_data(as_text=True)) == (409, True), endpoint
        assert _all_there_is(site) == before, endpoint
    checked = {name for name, view in site.app.view_functions.items() if "check_seen" in unwrap(view).__code__.co_names}
    assert _OVERTAKEN.keys() | _BY_A_WORD_OF_THE_LEAD == checked


def _all_there_is(site: Site) -> tuple[int, Mapping[str, str]]:
    with site.services.database.reading() as session:
        return log_head(session), standing_of(site)


class _Story:
    """What follows one after another; each step is tried by two at once."""

    def __init__(self, site: Site) -> None:
        self.site = site
        site.app.config["WTF_CSRF_ENABLED"] = False
        with site.services.database.reading() as session:
            self.share = site.city.assignment("swj", session).id
            self.form = f"/periods/{site.city.period('swj', session).id}/form"
            self.row = site.city.row("swj", session).id
            series = site.city.series("swj", session).id
        self.series = f"/series/{series}"

    def step(
        self, login: str, page: str, address: str, *, otherwise: Mapping[str, str] | None = None, **sent: Any
    ) -> None:
        """Let two send the form of a page at once, one of them otherwise where it leaves a choice; `sent` are texts."""
        fields = {name.replace("__", "-"): value for name, value in sent.items()}
        answers = _both(self.site, login, page, address, fields, otherwise or {})
        mine = {**fields, **(otherwise or {})}.get("reason", "")
        _assert_one_did(answers, mine=mine, of=f"{login} {address}")

    def alone(self, login: str, page: str, address: str, **sent: str) -> None:
        client = self.site.logged_in(login)
        answer = client.post(address, data=_sent(client, page, address, sent))
        assert answer.status_code == 303, (address, re.findall(r'role="alert">([^<]*)', answer.get_data(as_text=True)))

    def entry(self, fact: str, **more: str) -> dict[str, Any]:
        key = f"a{self.share}-"
        said = {"claim": "on_schedule", "fact": fact, "v1": "1", "on1": "2022-09-28", **more}
        return {key + name: value for name, value in said.items()}


@_ON_POSTGRESQL
def test_each_step_from_the_liaison_to_the_office_is_taken_by_one(database: Database, tmp_path: Path) -> None:
    story = _Story(site_of_acts(database, tmp_path))
    story.site.clock.at = IN_TIME
    own, other = (story.entry(f"9月28日印发通报{n}期。") for n in ("1", "2"))
    key = f"x{story.row}__"
    more_time: dict[str, Any] = {
        "period_id": story.form.split("/")[2],
        f"{key}new_due_on": "2022-10-14",
        f"{key}reason": "待会签",
    }
    story.step("swj", story.form, f"/rows/{story.row}/extension", **more_time)
    story.step("swj-head", "/sign-off", "/petitions/1/sign")
    story.step(
        "office",
        "/review?kind=requests",
        "/requests/1/grant",
        otherwise={"new_due_on": "2022-10-13", "reason": "急需汇总"},
    )
    story.step("swj", story.form, story.form, otherwise=other, **own)
    story.step("swj", story.form, "/filings/1/withdraw")
    story.alone("swj", story.form, story.form, **own)
    story.step("swj-head", "/sign-off", "/filings/2/send-back", reason="请写明日期")
    story.alone("swj", story.form, story.form, **own)
    story.step("swj-head", "/sign-off", "/filings/3/sign")
    story.step("office", "/review", "/reports/3/return", reason="缺少数据", reason_class="no_evidence")
    story.alone("swj", story.form, story.form, **own)
    story.alone("swj-head", "/sign-off", "/filings/4/sign")
    story.step("office", "/review", "/reports/4/accept", claim="behind", reason="只有1期")


@_ON_POSTGRESQL
def test_each_decision_of_the_office_is_taken_by_one(database: Database, tmp_path: Path) -> None:
    story = _Story(site_of_acts(database, tmp_path))
    with database.transaction() as session:
        register_document(session, small_reading(number="驻政办〔2022〕98号"), actor=SYSTEM, at=story.site.clock.at)
        session.add(QuestionRow(item_id=1, topic=QuestionTopic.OTHER.value, words="没有写明，请明确。"))
    story.step("office", "/documents/2", "/documents/2/approve", basis="市长批准")
    story.step("office", "/documents/2", "/documents/2/issue")
    story.step(
        "office",
        "/documents/2",
        "/documents/2/plan-end",
        otherwise={"new_on": "2023-06-30"},
        new_on="2023-12-31",
        reason="原文为两年",
    )
    story.step(
        "office", "/questions", "/questions/1/answer", otherwise={"answer": "由市统计局汇总"}, answer="由市商务局汇总"
    )
    story.step("office", "/tasks/2", "/tasks/2/trigger", occurred_at="2022-08-26T08:30", matter="发生疫情")
    story.step("office", "/tasks/2", "/triggers/1/end", reason="疫情结束")
    story.site.clock.at = LATE
    sweep(database, now=LATE, by=BY, outgoing=Outgoing(mail=False, machine_now=LATE))
    moved = {"new_due_on": "2022-10-20", "reason": "统筹安排"}
    story.step(
        "office", story.series, f"{story.series}/rows/{story.row}/due", otherwise={"new_due_on": "2022-10-31"}, **moved
    )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_refusal_shows_nobody_what_he_may_not_open(database: Database, tmp_path: Path) -> None:
    """An address with a task of others and a share or a report of one's own is the address of nothing."""
    site = site_of_acts(database, tmp_path)
    site.app.config["WTF_CSRF_ENABLED"] = False
    site.clock.at = IN_TIME
    site.city.accept(site.city.file(), claim=Claim.BEHIND, reason="只有1期")
    with database.transaction() as session:
        mark_key(session, task_id=2, reason="拟约谈主要负责人", actor=OFFICE, at=IN_TIME, by=BY)
        share = site.city.assignment("swj", session).id
    client = site.logged_in("swj")
    assert client.get("/tasks/2").status_code == 404
    office = site.logged_in("office")
    for sender, address in (
        (client, f"/tasks/2/shares/{share}/dispute"),
        (client, "/tasks/2/reports/1/objection"),
        (client, "/tasks/2/completion"),
        (office, f"/tasks/2/shares/{share}/end"),
    ):
        answer = sender.post(address, data={"reason": "不属职责"})
        assert (answer.status_code, "约谈" in answer.get_data(as_text=True)) == (404, False), address
