"""What is done after 交办: each act with the page it stands on, what comes before it, and all that it changes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.office import IN_TIME, OFFICE
from tests.support.owed_city import BY, at
from tests.support.site import Site, post
from tracker.domain.calendar import local_day
from tracker.domain.claims import Claim
from tracker.domain.filings import FilingKind, Outcome, RequestKind
from tracker.domain.petitions import Asked
from tracker.domain.units import UnitKind
from tracker.store.database import Database
from tracker.store.tables.documents import ItemCadenceRow
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.petitions import PetitionRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.ending import cancel_task, close_task, suspend_task
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.objecting import object_to_claim
from tracker.usecases.petitioning import petition
from tracker.usecases.report_demands import mark_key
from tracker.usecases.requesting import dispute_share

TASK = 1
NOW = at(8, 26)


def site_of_acts(database: Database, folder: Path) -> Site:
    """The monthly task is new; 驿城区 is a leading group here, whose office nobody keeps."""
    site = Site(database, folder)
    site.clock.at = NOW
    with site.services.database.transaction() as session:
        session.scalars(select(UnitRow).where(col(UnitRow.code) == "yc")).one().kind = UnitKind.LEADING_GROUP.value
    return site


def as_issued(_site: Site) -> None:
    """Nothing happened since 交办."""


def suspended(site: Site) -> None:
    with site.services.database.transaction() as session:
        suspend_task(session, task_id=TASK, reason="疫情防控", actor=OFFICE, at=NOW)


def cancelled(site: Site) -> None:
    with site.services.database.transaction() as session:
        cancel_task(session, task_id=TASK, reason="职能划转", actor=OFFICE, at=NOW)


def completed(site: Site) -> None:
    liaison, head = site.city.liaison("swj"), site.city.head("swj")
    with site.services.database.transaction() as session:
        said = {"claim": Claim.DONE, "text": "8月26日全部完成", "outcome": Outcome.MET, "value_on": local_day(NOW)}
        entry = site.city.entry("swj", session, **said)  # type: ignore[arg-type] # by name
        filing_id = submit_one(session, SubmitOne(FilingKind.COMPLETION, entry), actor=liaison, at=NOW)
        sign_off(session, filing_id=filing_id, actor=head, at=NOW)
    site.city.accept(filing_id, at=NOW)


def closed(site: Site) -> None:
    completed(site)
    with site.services.database.transaction() as session:
        close_task(session, task_id=TASK, reason="市政府同意销号", actor=OFFICE, at=NOW)


def lowered(site: Site) -> None:
    site.clock.at = IN_TIME
    site.city.accept(site.city.file(), at=IN_TIME, claim=Claim.BEHIND, reason="只有1期")


def objected(site: Site) -> None:
    lowered(site)
    liaison = site.city.liaison("swj")
    with site.services.database.transaction() as session:
        object_to_claim(session, report_id=1, reason="本月已印发通报2期", actor=liaison, at=IN_TIME, by=BY)


def disputed(site: Site) -> None:
    liaison = site.city.liaison("swj")
    with site.services.database.transaction() as session:
        share = site.city.assignment("swj", session).id or 0
        dispute_share(session, assignment_id=share, reason="不属我局职责", actor=liaison, at=NOW, by=BY)


def petitioned(site: Site) -> None:
    """The liaison wants to dispute the share; the head has yet to sign that."""
    liaison = site.city.liaison("swj")
    with site.services.database.transaction() as session:
        asked = Asked(RequestKind.DISPUTE, site.city.assignment("swj", session).id or 0, "不属我局职责")
        petition(session, asked, actor=liaison, at=NOW, by=BY)


def left_open(site: Site) -> None:
    """The document prints no interval for the task."""
    with site.services.database.transaction() as session:
        session.scalars(select(ItemCadenceRow).where(col(ItemCadenceRow.item_id) == TASK)).one().kind = "irregular"


def key(site: Site) -> None:
    with site.services.database.transaction() as session:
        mark_key(session, task_id=TASK, reason="市长点题", actor=OFFICE, at=NOW, by=BY)


@dataclass(frozen=True, slots=True)
class Act:
    """`changes` is all that an act changes, by the names of `standing_of`; addresses and fields may name rows of it."""

    page: str
    address: str
    changes: dict[str, str | None]
    fields: dict[str, str] = field(default_factory=dict)
    before: Callable[[Site], None] = as_issued
    by: tuple[str, ...] = ("office",)


ENDED = {"tjj": "support/reply/released", "yc": "support/report/released", "sp": "support/report/released"}
OF_TASK = "/tasks/1"
ACTS = {
    "suspend": Act(OF_TASK, "/tasks/1/acts/suspend", {"task": "suspended"}),
    "resume": Act(OF_TASK, "/tasks/1/acts/resume", {"task": "in_progress"}, before=suspended),
    "resume with a deadline": Act(
        OF_TASK,
        "/tasks/1/acts/resume",
        {"task": "in_progress", "until": "2022-12-31"},
        {"new_on": "2022-12-31"},
        before=suspended,
    ),
    "cancel": Act(OF_TASK, "/tasks/1/acts/cancel", {"task": "cancelled", "swj": "lead/report/released", **ENDED}),
    "close": Act(OF_TASK, "/tasks/1/acts/close", {"task": "closed"}, before=completed),
    "reopen": Act(
        OF_TASK, "/tasks/1/acts/reopen", {"task": "in_progress", "swj": "lead/report/working"}, before=completed
    ),
    "reopen with a deadline": Act(
        OF_TASK,
        "/tasks/1/acts/reopen",
        {"task": "in_progress", "swj": "lead/report/working", "until": "2022-12-31"},
        {"new_on": "2022-12-31"},
        before=closed,
    ),
    "archive what is closed": Act(OF_TASK, "/tasks/1/acts/archive", {"task": "archived"}, before=closed),
    "archive what is cancelled": Act(OF_TASK, "/tasks/1/acts/archive", {"task": "archived"}, before=cancelled),
    "deadline": Act(
        OF_TASK, "/tasks/1/deadline", {"until": "2022-10-31"}, {"new_on": "2022-10-31"}, by=("office", "leader")
    ),
    "make it a key item": Act(OF_TASK, "/tasks/1/acts/mark-key", {"key": "三定方案"}),
    "make it no key item": Act(OF_TASK, "/tasks/1/acts/lift-key", {"key": "None"}, before=key),
    "choose an interval": Act(
        OF_TASK, "/tasks/1/interval", {"interval": "bimonthly"}, {"interval": "bimonthly"}, before=left_open
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
        by=("swj-head",),
    ),
    "dispute by way of the head": Act(
        OF_TASK, "/tasks/1/shares/{share_swj}/dispute", {"petition": "awaiting_sign_off"}, by=("swj",)
    ),
    "uphold": Act(
        "/review",
        "/requests/{request}/refuse",
        {"swj": "lead/report/received", "request": "refused"},
        before=disputed,
    ),
    "grant": Act(
        "/review",
        "/disputes/{request}/grant",
        {"swj": "lead/report/reassigned", "wjw": "lead/report/pending_receipt", "request": "granted"},
        {"unit_id": "{unit_wjw}"},
        before=disputed,
    ),
    "object": Act(
        OF_TASK,
        "/tasks/1/reports/1/objection",
        {"request": "pending"},
        before=lowered,
        by=("swj-head",),
    ),
    "object by way of the head": Act(
        OF_TASK, "/tasks/1/reports/1/objection", {"petition": "awaiting_sign_off"}, before=lowered, by=("swj",)
    ),
    "send a petition back": Act(
        "/sign-off",
        "/petitions/{petition}/send-back",
        {"petition": "sent_back"},
        before=petitioned,
        by=("swj-head",),
    ),
    "uphold a verified claim": Act("/review", "/requests/{request}/refuse", {"request": "refused"}, before=objected),
    "restore a claim": Act(
        "/review",
        "/objections/{request}/restore",
        {"request": "granted", "verified": "on_schedule"},
        before=objected,
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


def standing_of(site: Site) -> dict[str, str]:
    """Return where the task, its shares, the one request and the units stand."""
    found: dict[str, str] = {}
    with site.services.database.reading() as session:
        task = session.get_one(TaskRow, TASK)
        found["task"], found["until"], found["key"] = task.state, str(task.due_on), str(task.key_reason)
        of_item = col(ItemCadenceRow.item_id) == task.item_id, col(ItemCadenceRow.basis) == "default"
        found["interval"] = "、".join(session.scalars(select(col(ItemCadenceRow.kind)).where(*of_item)))
        units = {unit.id: unit for unit in session.scalars(select(UnitRow))}
        for share in session.scalars(select(AssignmentRow).where(col(AssignmentRow.task_id) == TASK)):
            found[units[share.unit_id].code] = f"{share.role}/{share.duty}/{share.state}"
        for request in session.scalars(select(RequestRow)):
            found["request"] = request.state
        for row in session.scalars(select(PetitionRow)):
            found["petition"] = row.state
        for report in session.scalars(select(ReportRow)):
            found["verified"] = str(report.verified_claim)
        for unit in units.values():
            into, keeper = units.get(unit.merged_into_unit_id), units.get(unit.kept_by_unit_id)
            said = [unit.short_name, f"in {into.code}" if into else "", f"kept by {keeper.code}" if keeper else ""]
            found[f"unit {unit.code}"] = " ".join(word for word in said if word)
    return found


def changed_from(before: dict[str, str], after: dict[str, str]) -> dict[str, str | None]:
    return {name: after.get(name) for name in before | after if before.get(name) != after.get(name)}


def ids_of(site: Site) -> dict[str, int]:
    with site.services.database.reading() as session:
        units = {unit.id: unit.code for unit in session.scalars(select(UnitRow))}
        shares = session.scalars(select(AssignmentRow).where(col(AssignmentRow.task_id) == TASK)).all()
        return {
            **{f"unit_{code}": id_ or 0 for id_, code in units.items()},
            **{f"share_{units[share.unit_id]}": share.id or 0 for share in shares},
            "request": session.scalars(select(col(RequestRow.id))).first() or 0,
            "petition": session.scalars(select(col(PetitionRow.id))).first() or 0,
        }


def filled_in(site: Site, act: Act) -> tuple[str, dict[str, str]]:
    """Return the address of an act and what is filled in, a reason with it."""
    ids = ids_of(site)
    fields = {name: value.format(**ids) for name, value in act.fields.items()}
    return act.address.format(**ids), {"reason": "三定方案", **fields}


def send_form(client: FlaskClient, page: str, address: str, fields: dict[str, str]) -> TestResponse:
    """Fill in the form of a page that leads to an address, with what it asks for and offers."""
    answer = client.get(page)
    assert answer.status_code == 200, answer.status
    forms = re.findall(r"<form .*?</form>", answer.get_data(as_text=True), re.DOTALL)
    [form] = [form for form in forms if f'action="{address}"' in form]
    assert set(fields) <= set(re.findall(r'name="(\w+)"', form))
    for name, choices in re.findall(r'<select [^>]*name="(\w+)".*?>(.*?)</select>', form, re.DOTALL):
        assert f'value="{fields.get(name, "")}"' in choices, name
    return post(client, address, at=page, **fields)
