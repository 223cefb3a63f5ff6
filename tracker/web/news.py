"""Reports outside forms: news 「进展动态」, replies to the lead 「协办反馈」, requests to be done 「申请办结」."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.domain.calendar import local_day
from tracker.domain.errors import BadInput, NotFound, Rejected
from tracker.domain.filings import FilingKind, NothingFiled
from tracker.store.queries.envelopes import Envelope
from tracker.store.queries.share_rows import OwnShare, own_share
from tracker.store.queries.units import units_acted_for
from tracker.usecases.filing import SubmitOne, submit_one
from tracker.usecases.jotting import Place, use_up
from tracker.web.access import UNITS, actor, allow, services
from tracker.web.entries import (
    EntriesUnreadable,
    Refusal,
    as_sent,
    filled,
    read_entries,
    refusal_of,
)
from tracker.web.files_of_drafts import with_files
from tracker.web.lacking import unproved
from tracker.web.marking import with_asides, with_faults
from tracker.web.own_box import lost_names, own_box, with_boxed
from tracker.web.pads import Pad, keep, pad_of
from tracker.wording.catalogue import FILING_KINDS

pages = Blueprint("news", __name__)
_HINTS = {
    FilingKind.UPDATE: "随时可报，不代替到期的报送；负责人审签前标“未审签”",
    FilingKind.REPLY: "送牵头单位，本单位负责人审签后生效",
    FilingKind.COMPLETION: "督查室审核后办结；未达标的也如实报",
}


@dataclass(frozen=True, slots=True)
class Act:
    """Something a unit may write on a task, with its address."""

    name: str
    address: str


def acts_on(share: OwnShare | None) -> list[Act]:
    """Return what the unit of a share may write: news always, a reply or a request by its share."""
    if share is None or not share.row.live:
        return []
    kinds = [FilingKind.UPDATE]
    if share.duty == "reply":
        kinds.append(FilingKind.REPLY)
    if share.role == "lead" and not share.dormant:
        kinds.append(FilingKind.COMPLETION)
    names = {**FILING_KINDS, FilingKind.COMPLETION.value: "申请办结"}
    return [Act(names[kind.value], url_for(f"news.{kind.value}", task_id=share.task_id)) for kind in kinds]


@pages.get("/tasks/<int:task_id>/update")
@allow(*UNITS)
def update(task_id: int) -> ResponseReturnValue:
    return _form(task_id, FilingKind.UPDATE)


@pages.post("/tasks/<int:task_id>/update")
@allow(*UNITS)
def tell(task_id: int) -> ResponseReturnValue:
    return _submit(task_id, FilingKind.UPDATE)


@pages.get("/tasks/<int:task_id>/reply")
@allow(*UNITS)
def reply(task_id: int) -> ResponseReturnValue:
    return _form(task_id, FilingKind.REPLY)


@pages.post("/tasks/<int:task_id>/reply")
@allow(*UNITS)
def answer(task_id: int) -> ResponseReturnValue:
    return _submit(task_id, FilingKind.REPLY)


@pages.get("/tasks/<int:task_id>/completion")
@allow(*UNITS)
def completion(task_id: int) -> ResponseReturnValue:
    """Ask for the completion: on the final row of its form where one is open, else here."""
    final = _share(task_id, FilingKind.COMPLETION)
    if final.final_period_id is not None:
        address = url_for("filing.form", period_id=final.final_period_id)
        return redirect(f"{address}#a{final.row.assignment_id}")
    return _form(task_id, FilingKind.COMPLETION)


@pages.post("/tasks/<int:task_id>/completion")
@allow(*UNITS)
def complete(task_id: int) -> ResponseReturnValue:
    return _submit(task_id, FilingKind.COMPLETION)


@pages.post("/tasks/<int:task_id>/update/keep")
@allow(*UNITS)
def keep_update(task_id: int) -> ResponseReturnValue:
    return _keep(task_id, FilingKind.UPDATE)


@pages.post("/tasks/<int:task_id>/reply/keep")
@allow(*UNITS)
def keep_reply(task_id: int) -> ResponseReturnValue:
    return _keep(task_id, FilingKind.REPLY)


@pages.post("/tasks/<int:task_id>/completion/keep")
@allow(*UNITS)
def keep_completion(task_id: int) -> ResponseReturnValue:
    return _keep(task_id, FilingKind.COMPLETION)


def _share(task_id: int, kind: FilingKind) -> OwnShare:
    now = services().clock.now()
    with services().database.reading() as session:
        mine = units_acted_for(session, actor().unit_id)
        share = own_share(session, task_id=task_id, unit_ids=mine, kind=kind.value, now=now)
    if share is None:
        raise NotFound()
    return share


def goes_on(found: Envelope) -> bool:
    """Tell whether its page shows what was taken back: no half-done words stand there in its place, nor a form."""
    kind = FilingKind(found.kind)
    share = _share(found.rows[0].task_id, kind)
    draft, pad = share.row.draft, _pad(share, kind)
    if draft is None or draft.filing_id != found.filing_id:
        return False
    in_form = kind is FilingKind.COMPLETION and share.final_period_id is not None
    return not in_form and pad.given.items() >= pad.begun.items()


def _pad(share: OwnShare, kind: FilingKind) -> Pad:
    today = local_day(services().clock.now())
    begun = filled(share.row, again=False, today=today)
    return pad_of(Place(kind, assignment_id=share.row.assignment_id), (share.row,), begun)


def _form(task_id: int, kind: FilingKind) -> ResponseReturnValue:
    share = _share(task_id, kind)
    return _page(share, kind, _pad(share, kind).given, None)


def _keep(task_id: int, kind: FilingKind) -> ResponseReturnValue:
    share = _share(task_id, kind)
    return keep(
        with_files(_pad(share, kind), [share.row]),
        render=lambda meanwhile: _page(share, kind, as_sent(), refusal_of(meanwhile, (share.row,), {})),
        back=url_for(f"news.{kind.value}", task_id=task_id),
    )


def _submit(task_id: int, kind: FilingKind) -> ResponseReturnValue:
    share = _share(task_id, kind)
    pad, unread = _pad(share, kind), dict[str, str]()
    try:
        entries, unread = read_entries((share.row,))
        if not entries:
            raise NothingFiled()
        with services().database.transaction() as session:
            submit_one(session, SubmitOne(kind, entries[0]), actor=actor(), at=services().clock.now())
            use_up(session, pad.command(fields=pad.shown), actor=actor())
            if unread:  # refused after all else was looked at, so that every fault is told at once
                raise EntriesUnreadable(count=len(unread))
    except (BadInput, Rejected) as error:
        refused = refusal_of(error, (share.row,), unread)
        return _page(share, kind, as_sent(), refused), refused.status
    flash("已送本单位负责人审签。")
    return redirect(url_for("tasks.show", task_id=task_id), 303)


def _page(share: OwnShare, kind: FilingKind, given: dict[str, str], refused: Refusal | None) -> str:
    pad = _pad(share, kind)
    page = render_template(
        "web/news/form.html",
        share=share,
        kind=kind.value,
        hint=_HINTS[kind],
        given=with_boxed(given | dict(pad.merged.theirs), [share.row]),
        pad=pad,
        refused=refused,
        chosen=lost_names() if refused else {},
        box=own_box(),
        unproved=unproved([share.row], given),
    )
    page = with_asides(page, pad.beside())
    return with_faults(page, refused.errors) if refused else page
