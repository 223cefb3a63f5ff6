"""What is done after 交办, each act through the form of its page: what changes then, and whom it refuses."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlmodel import col, select
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME, OFFICE
from tests.support.owed_city import BY, at
from tests.support.site import Site, post
from tracker.domain.calendar import local_day
from tracker.domain.claims import Claim
from tracker.domain.filings import FilingKind, Outcome
from tracker.domain.units import UnitKind
from tracker.store.tables.documents import DocumentRow, ItemCadenceRow, ItemRow
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.series import FormRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.ending import cancel_task, close_task, suspend_task
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.objecting import object_to_claim
from tracker.usecases.report_demands import mark_key
from tracker.usecases.requesting import dispute_share

TASK = 1
NOW = at(8, 26)
EVERYBODY = ("office", "leader", "reader", "swj", "swj-head", "tjj")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """The monthly task is new; 驿城区 is a leading group here, whose office nobody keeps."""
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    site.clock.at = NOW
    with site.services.database.transaction() as session:
        session.exec(select(UnitRow).where(col(UnitRow.code) == "yc")).one().kind = UnitKind.LEADING_GROUP.value
    return site


def _as_issued(_site: Site) -> None:
    """Nothing happened since 交办."""


def _suspended(site: Site) -> None:
    with site.services.database.transaction() as session:
        suspend_task(session, task_id=TASK, reason="疫情防控", actor=OFFICE, at=NOW)


def _cancelled(site: Site) -> None:
    with site.services.database.transaction() as session:
        cancel_task(session, task_id=TASK, reason="职能划转", actor=OFFICE, at=NOW)


def _completed(site: Site) -> None:
    liaison, head = site.city.liaison("swj"), site.city.head("swj")
    with site.services.database.transaction() as session:
        said = {"claim": Claim.DONE, "text": "8月26日全部完成", "outcome": Outcome.MET, "value_on": local_day(NOW)}
        entry = site.city.entry("swj", session, **said)  # type: ignore[arg-type] # by name
        filing_id = submit_one(session, SubmitOne(FilingKind.COMPLETION, entry), actor=liaison, at=NOW)
        sign_off(session, filing_id=filing_id, actor=head, at=NOW)
    site.city.accept(filing_id, at=NOW)


def _closed(site: Site) -> None:
    _completed(site)
    with site.services.database.transaction() as session:
        close_task(session, task_id=TASK, reason="市政府同意销号", actor=OFFICE, at=NOW)


def _lowered(site: Site) -> None:
    site.clock.at = IN_TIME
    site.city.accept(site.city.file(), at=IN_TIME, claim=Claim.BEHIND, reason="只有1期")


def _objected(site: Site) -> None:
    _lowered(site)
    liaison = site.city.liaison("swj")
    with site.services.database.transaction() as session:
        object_to_claim(session, report_id=1, reason="本月已印发通报2期", actor=liaison, at=IN_TIME, by=BY)


def _disputed(site: Site) -> None:
    liaison = site.city.liaison("swj")
    with site.services.database.transaction() as session:
        share = site.city.assignment("swj", session).id or 0
        dispute_share(session, assignment_id=share, reason="不属我局职责", actor=liaison, at=NOW, by=BY)


def _left_open(site: Site) -> None:
    """The document prints no interval for the task."""
    with site.services.database.transaction() as session:
        session.exec(select(ItemCadenceRow).where(col(ItemCadenceRow.item_id) == TASK)).one().kind = "irregular"


def _key(site: Site) -> None:
    with site.services.database.transaction() as session:
        mark_key(session, task_id=TASK, reason="市长点题", actor=OFFICE, at=NOW, by=BY)


@dataclass(frozen=True, slots=True)
class Act:
    """`changes` is all that the act changes, by the names of `_city`; an address and a field may name a row of it."""

    page: str
    address: str
    changes: dict[str, str | None]
    fields: dict[str, str] = field(default_factory=dict)
    before: Callable[[Site], None] = _as_issued
    by: tuple[str, ...] = ("office",)


ENDED = {"tjj": "support/reply/released", "yc": "support/report/released", "sp": "support/report/released"}
OF_TASK = "/tasks/1"
ACTS = {
    "suspend": Act(OF_TASK, "/tasks/1/acts/suspend", {"task": "suspended"}),
    "resume": Act(OF_TASK, "/tasks/1/acts/resume", {"task": "in_progress"}, before=_suspended),
    "resume with a deadline": Act(
        OF_TASK,
        "/tasks/1/acts/resume",
        {"task": "in_progress", "until": "2022-12-31"},
        {"new_on": "2022-12-31"},
        before=_suspended,
    ),
    "cancel": Act(OF_TASK, "/tasks/1/acts/cancel", {"task": "cancelled", "swj": "lead/report/released", **ENDED}),
    "close": Act(OF_TASK, "/tasks/1/acts/close", {"task": "closed"}, before=_completed),
    "reopen": Act(
        OF_TASK, "/tasks/1/acts/reopen", {"task": "in_progress", "swj": "lead/report/working"}, before=_completed
    ),
    "reopen with a deadline": Act(
        OF_TASK,
        "/tasks/1/acts/reopen",
        {"task": "in_progress", "swj": "lead/report/working", "until": "2022-12-31"},
        {"new_on": "2022-12-31"},
        before=_closed,
    ),
    "archive what is closed": Act(OF_TASK, "/tasks/1/acts/archive", {"task": "archived"}, before=_closed),
    "archive what is cancelled": Act(OF_TASK, "/tasks/1/acts/archive", {"task": "archived"}, before=_cancelled),
    "deadline": Act(
        OF_TASK, "/tasks/1/deadline", {"until": "2022-10-31"}, {"new_on": "2022-10-31"}, by=("office", "leader")
    ),
    "make it a key item": Act(OF_TASK, "/tasks/1/acts/mark-key", {"key": "三定方案"}),
    "make it no key item": Act(OF_TASK, "/tasks/1/acts/lift-key", {"key": "None"}, before=_key),
    "choose an interval": Act(
        OF_TASK, "/tasks/1/interval", {"interval": "bimonthly"}, {"interval": "bimonthly"}, before=_left_open
    ),
    "add a support": Act(
        OF_TASK,
        "/tasks/1/shares",
        {"wjw": "support/reply/pending_receipt"},
        {"unit_id": "{unit_wjw}", "part": "support"},
    ),
    "add a member": Act(
        OF_TASK,
        "/tasks/1/shares",
        {"wjw": "support/report/pending_receipt"},
        {"unit_id": "{unit_wjw}", "part": "member"},
    ),
    "add a lead": Act(
        OF_TASK, "/tasks/1/shares", {"wjw": "lead/report/pending_receipt"}, {"unit_id": "{unit_wjw}", "part": "lead"}
    ),
    "end a share": Act(OF_TASK, "/tasks/1/shares/{share_tjj}/end", {"tjj": "support/reply/released"}),
    "reassign": Act(
        OF_TASK,
        "/tasks/1/shares/{share_swj}/end",
        {"swj": "lead/report/reassigned", "wjw": "lead/report/pending_receipt"},
        {"unit_id": "{unit_wjw}"},
    ),
    "dispute": Act(
        OF_TASK,
        "/tasks/1/shares/{share_swj}/dispute",
        {"swj": "lead/report/disputed", "request": "pending"},
        by=("swj", "swj-head"),
    ),
    "uphold": Act(
        "/review",
        "/requests/{request}/refuse",
        {"swj": "lead/report/received", "request": "refused"},
        before=_disputed,
    ),
    "grant": Act(
        "/review",
        "/disputes/{request}/grant",
        {"swj": "lead/report/reassigned", "wjw": "lead/report/pending_receipt", "request": "granted"},
        {"unit_id": "{unit_wjw}"},
        before=_disputed,
    ),
    "object": Act(
        OF_TASK,
        "/tasks/1/reports/1/objection",
        {"request": "pending"},
        before=_lowered,
        by=("swj", "swj-head"),
    ),
    "uphold a verified claim": Act("/review", "/requests/{request}/refuse", {"request": "refused"}, before=_objected),
    "restore a claim": Act(
        "/review",
        "/objections/{request}/restore",
        {"request": "granted", "verified": "on_schedule"},
        before=_objected,
    ),
    "merge": Act(
        "/units",
        "/units/merge",
        {"swj": None, "wjw": "lead/report/pending_receipt", "unit swj": "市商务局 in wjw"},
        {"from_unit_id": "{unit_swj}", "into_unit_id": "{unit_wjw}", "merged_on": "2022-08-26"},
    ),
    "rename": Act(
        "/units",
        "/units/rename",
        {"unit swj": "市商务投促局"},
        {
            "unit_id": "{unit_swj}",
            "full_name": "驻马店市商务和投资促进局",
            "short_name": "市商务投促局",
            "valid_from": "2022-08-26",
        },
    ),
    "name a keeper": Act(
        "/nobody", "/nobody/{unit_yc}/keeper", {"unit yc": "驿城区 kept by tjj"}, {"keeper": "{unit_tjj}"}
    ),
}


def _city(site: Site) -> dict[str, str]:
    """Return where the task, its shares, the one request and the units stand."""
    found: dict[str, str] = {}
    with site.services.database.reading() as session:
        task = session.get_one(TaskRow, TASK)
        found["task"], found["until"], found["key"] = task.state, str(task.due_on), str(task.key_reason)
        of_item = col(ItemCadenceRow.item_id) == task.item_id, col(ItemCadenceRow.basis) == "default"
        found["interval"] = "、".join(session.exec(select(ItemCadenceRow.kind).where(*of_item)))
        units = {unit.id: unit for unit in session.exec(select(UnitRow))}
        for share in session.exec(select(AssignmentRow).where(col(AssignmentRow.task_id) == TASK)):
            found[units[share.unit_id].code] = f"{share.role}/{share.duty}/{share.state}"
        for request in session.exec(select(RequestRow)):
            found["request"] = request.state
        for report in session.exec(select(ReportRow)):
            found["verified"] = str(report.verified_claim)
        for unit in units.values():
            into, keeper = units.get(unit.merged_into_unit_id), units.get(unit.kept_by_unit_id)
            said = [unit.short_name, f"in {into.code}" if into else "", f"kept by {keeper.code}" if keeper else ""]
            found[f"unit {unit.code}"] = " ".join(word for word in said if word)
    return found


def _changes(before: dict[str, str], after: dict[str, str]) -> dict[str, str | None]:
    return {name: after.get(name) for name in before | after if before.get(name) != after.get(name)}


def _ids(site: Site) -> dict[str, int]:
    with site.services.database.reading() as session:
        units = {unit.id: unit.code for unit in session.exec(select(UnitRow))}
        shares = session.exec(select(AssignmentRow).where(col(AssignmentRow.task_id) == TASK)).all()
        return {
            **{f"unit_{code}": id_ or 0 for id_, code in units.items()},
            **{f"share_{units[share.unit_id]}": share.id or 0 for share in shares},
            "request": session.exec(select(RequestRow.id)).first() or 0,
        }


def _filled(site: Site, act: Act) -> tuple[str, dict[str, str]]:
    """Return the address of an act and what is filled in, a reason with it."""
    ids = _ids(site)
    fields = {name: value.format(**ids) for name, value in act.fields.items()}
    return act.address.format(**ids), {"reason": "三定方案", **fields}


def _send(client: FlaskClient, page: str, address: str, fields: dict[str, str]) -> TestResponse:
    """Fill in the form of a page that leads to an address, with what it asks for and offers."""
    answer = client.get(page)
    assert answer.status_code == 200, answer.status
    forms = re.findall(r"<form .*?</form>", answer.get_data(as_text=True), re.DOTALL)
    [form] = [form for form in forms if f'action="{address}"' in form]
    assert set(fields) <= set(re.findall(r'name="(\w+)"', form))
    for name, choices in re.findall(r'<select [^>]*name="(\w+)".*?>(.*?)</select>', form, re.DOTALL):
        assert f'value="{fields.get(name, "")}"' in choices, name
    return post(client, address, at=page, **fields)


@pytest.mark.parametrize(("name", "login"), [(name, login) for name, act in ACTS.items() for login in act.by])
def test_an_act_is_done_through_its_form_and_changes_what_it_says(site: Site, name: str, login: str) -> None:
    act = ACTS[name]
    act.before(site)
    before = _city(site)
    with site.client(login) as client:
        answer = _send(client, act.page, *_filled(site, act))
        assert answer.status_code == 303, answer.get_data(as_text=True)
        assert client.get(answer.headers["Location"]).status_code == 200
    assert _changes(before, _city(site)) == act.changes


@pytest.mark.parametrize("login", EVERYBODY)
def test_the_others_are_neither_offered_an_act_nor_heard(site: Site, login: str) -> None:
    _disputed(site)
    before = _city(site)
    with site.client(login) as client:
        for name, act in ACTS.items():
            if login in act.by:
                continue
            address, fields = _filled(site, act)
            assert f'action="{address}"' not in client.get(act.page).get_data(as_text=True), name
            assert post(client, address, at=OF_TASK, **fields).status_code in (403, 404), name
    assert _changes(before, _city(site)) == {}


@pytest.mark.parametrize("name", {act.address: name for name, act in ACTS.items()}.values())
def test_an_act_without_a_reason_changes_nothing(site: Site, name: str) -> None:
    act = ACTS[name]
    act.before(site)
    before = _city(site)
    address, fields = _filled(site, act)
    with site.client(act.by[0]) as client:
        assert _send(client, act.page, address, {**fields, "reason": " "}).status_code == 400
    assert _changes(before, _city(site)) == {}


def test_an_act_that_does_not_fit_the_task_is_not_offered_and_is_refused(site: Site) -> None:
    with site.client("office") as client:
        assert "/tasks/1/acts/close" not in client.get(OF_TASK).get_data(as_text=True)
        assert post(client, "/tasks/1/acts/close", at=OF_TASK, reason="已办结").status_code == 409
        assert post(client, "/tasks/1/acts/forget", at=OF_TASK, reason="已办结").status_code == 404
    assert _city(site)["task"] == "issued"


def test_a_deadline_past_the_printed_day_is_moved_by_the_leader_only(site: Site) -> None:
    with site.services.database.transaction() as session:
        session.get_one(ItemRow, session.get_one(TaskRow, TASK).item_id).deadline_on = date(2022, 9, 30)
    answers = {}
    for login in ("office", "leader"):
        with site.client(login) as client:
            fields = {"new_on": "2022-10-31", "reason": "会议议定"}
            answers[login] = _send(client, OF_TASK, "/tasks/1/deadline", fields).status_code
    assert answers == {"office": 409, "leader": 303}


def test_the_form_of_an_ending_names_what_ends_beside_its_button(site: Site) -> None:
    site.clock.at = at(11, 12)
    site.city.sweep(site.clock.at)
    with site.client("office") as office:
        page = re.sub(r"<[^>]+>", "", office.get(f"/tasks/{TASK}").get_data(as_text=True))
    with site.services.database.reading() as session:
        share = site.city.assignment("swj", session)
        rows = session.exec(select(FormRow).where(col(FormRow.assignment_id) == share.id)).all()
    assert len(rows) == 4
    ends = "未报4行（其中2行已逾期，记为漏报，其余免报）"
    assert f"撤销后即结束：4个单位，{ends}" in page
    assert f"办理后该单位结束：{ends}" in page


def test_the_form_to_reopen_asks_for_a_deadline_once_the_document_is_over(site: Site) -> None:
    _completed(site)
    asked = 'name="new_on" type="date" required'
    with site.client("office") as office:
        form = f'action="/tasks/{TASK}/acts/reopen"'
        page = office.get(OF_TASK).get_data(as_text=True)
        assert asked not in page[page.index(form) :].split("</form>", 1)[0]
        with site.services.database.transaction() as session:
            task = session.get_one(TaskRow, TASK)
            session.get_one(DocumentRow, task.document_id).ends_on = date(2022, 8, 25)
        page = office.get(OF_TASK).get_data(as_text=True)
        assert asked in page[page.index(form) :].split("</form>", 1)[0]
        answer = _send(office, OF_TASK, f"/tasks/{TASK}/acts/reopen", {"reason": "整改"})
        assert answer.status_code == 400
        assert "已于2022年8月25日期满，继续办理须填写新时限" in answer.get_data(as_text=True)


def test_a_key_item_bears_its_mark_and_why_on_its_page_and_in_the_lists(site: Site) -> None:
    _key(site)
    site.clock.at = at(11, 12)
    site.city.sweep(site.clock.at)
    with site.client("office") as office:
        pages = [
            office.get(address).get_data(as_text=True) for address in (OF_TASK, "/tasks?overdue=1", "/documents/1")
        ]
    assert all('<span class="tag">重点</span>' in page for page in pages)
    assert ["市长点题" in page for page in pages] == [True, True, False]


def test_an_interval_that_nobody_offers_or_that_is_printed_is_refused_in_words(site: Site) -> None:
    fields = {"reason": "统筹报送", "interval": "quarterly"}
    with site.client("office") as office:
        assert "以文件为准，不能另定" in office.get(OF_TASK).get_data(as_text=True)
        printed = post(office, "/tasks/1/interval", at=OF_TASK, **fields)
        assert printed.status_code == 409
        assert "文件已写明该事项的报送要求（每月）" in printed.get_data(as_text=True)
        _left_open(site)
        for kind, words in (("daily", "报送间隔只能在每旬"), ("often", "请从列出的选项中选择报送间隔")):
            refused = post(office, "/tasks/1/interval", at=OF_TASK, **{**fields, "interval": kind})
            assert (refused.status_code, words in refused.get_data(as_text=True)) == (400, True)
