"""What was done, for the administrator of audit: nothing of what matters say."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from tracker.auditing import chain_findings, table_findings
from tracker.domain.accounts import Role
from tracker.domain.audit import Trail, trail_of
from tracker.domain.calendar import SHANGHAI, at_local
from tracker.domain.downloads import XLSX, Fetched
from tracker.domain.entered import clean_words, read_day
from tracker.domain.errors import BadInput
from tracker.gateways.ledger_files import workbook
from tracker.store import event_log
from tracker.store.queries.audit_trail import AuditLine, AuditQuestion, audit_lines, every_audit_line, paper_numbered
from tracker.web.access import allow, services
from tracker.web.downloads import send_made
from tracker.web.form_fields import DaysReversed, NoSuchChoice, choice_in, read_id
from tracker.web.paging import paging_uncounted
from tracker.wording.audit import (
    OBJECT_NAMES,
    TRAIL_NAMES,
    UNREAD,
    addresses_words,
    event_words,
    object_words,
    place_words,
)
from tracker.wording.audit_events import Names, outcome_words, setting_words
from tracker.wording.catalogue import EVENTS
from tracker.wording.refusals import sentence

pages = Blueprint("audit", __name__)

_PAGE = 50
_FINDINGS_SHOWN = 200
MOST_EXPORTED = 20_000
_COLUMNS = ("序号", "时间", "办理人", "单位", "事项", "对象", "结果", "地址")
_WIDTHS = (10, 20, 16, 24, 28, 40, 60, 20)
_ASKED = ("trail", "since", "until", "who", "login", "kind", "number")
_KINDS = {"task_id": "任务", **OBJECT_NAMES, "evidence_id": "佐证材料"}


class ObjectKindMissing(BadInput):
    """A number is looked for, but not of what."""

    code = "object_kind_missing"


class ObjectNumberMissing(BadInput):
    """A kind of object is looked for, but not which of them."""

    code = "object_number_missing"


class ObjectNumberUnread(BadInput):
    """No object has such a number; facts: number."""

    code = "object_number_unread"


# Beside which field it stands what was not understood of it: the whole log would seem to be the answer.
_BESIDE: Mapping[type[BadInput], str] = {
    DaysReversed: "until",
    ObjectKindMissing: "kind",
    ObjectNumberMissing: "number",
    ObjectNumberUnread: "number",
}
_LABELS = {"trail": "类别", "since": "自", "until": "至", "kind": "对象"}
_FIELDS = {label: name for name, label in _LABELS.items()}


@pages.get("/audit")
@allow(Role.AUDIT_ADMIN)
def show() -> ResponseReturnValue:
    """Show events, the latest first, by kind, day, person, account and object."""
    part, lines, faults = paging_uncounted(size=_PAGE), [], dict.fromkeys(_ASKED, "")
    with services().database.reading() as session:
        last = event_log.last_number(session)
        try:
            lines = audit_lines(session, _question(session), limit=part.length + 1, offset=part.first)
        except BadInput as error:
            faults[_BESIDE.get(type(error)) or _FIELDS[str(error.facts["field"])]] = sentence(error)
    shown = render_template(
        "web/audit/show.html",
        lines=lines[: part.length],
        paging=replace(part, total=part.first + len(lines)),
        more=len(lines) > part.length,
        asked={name: request.args.get(name, "") for name in _ASKED},
        faults=faults,
        kinds=_KINDS,
        trails=TRAIL_NAMES,
        last=last,
        workbook=_workbook(),
        act=_act,
        on=_object,
        outcome=_outcome,
        addresses=addresses_words(),
        most=MOST_EXPORTED,
    )
    return shown, 400 if any(faults.values()) else 200


@pages.get("/audit/export")
@allow(Role.AUDIT_ADMIN)
def export() -> ResponseReturnValue:
    """Send what was looked for as a workbook; that it was sent is itself in the log. Raises what is not understood."""
    with services().database.reading() as session:
        found = list(every_audit_line(session, _question(session), most=MOST_EXPORTED))
    rows = (
        (
            line.seq,
            line.at.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0) if line.at else UNREAD,
            line.actor,
            line.actor_unit or "",
            _act(line),
            _object(line),
            _outcome(line),
            line.address or "",
        )
        for line in found
    )
    made = workbook(rows, title="审计记录", columns=_COLUMNS, widths=_WIDTHS)
    return send_made(made, name="审计记录.xlsx", media_type=XLSX, what=Fetched.AUDIT_TRAIL, of=None)


@pages.post("/audit/verify")
@allow(Role.AUDIT_ADMIN)
def verify() -> ResponseReturnValue:
    """Hold the chain, and the tables against it, and show where they do not agree, without what they say."""
    with services().database.reading() as session:
        last = event_log.last_number(session)
        broken = [place_words(found) for found in chain_findings(session)]
        broken += [place_words(found) for found in table_findings(session)]
    return render_template(
        "web/audit/verified.html", last=last, found=len(broken), broken=list(dict.fromkeys(broken))[:_FINDINGS_SHOWN]
    )


def _said(words: Callable[[AuditLine], str]) -> Callable[[AuditLine], str]:
    """Say of an event that tells what no program wrote that it cannot be read: it hides no other."""

    @wraps(words)
    def said(line: AuditLine) -> str:
        if line.unread:
            return UNREAD
        try:
            told = words(line)
            told.encode()  # half a character can be neither shown nor exported
            return told
        except Exception:  # what no program wrote raises whatever it likes
            return UNREAD

    return said


@_said
def _act(line: AuditLine) -> str:
    return event_words(line.type, act=line.act, facts=line.facts)


@_said
def _object(line: AuditLine) -> str:
    setting = setting_words(line.type, line.facts, _names(line))
    return object_words(login=line.on, setting=setting, task_id=line.task_id, objects=line.objects, paper=line.paper)


@_said
def _outcome(line: AuditLine) -> str:
    return outcome_words(line.type, line.facts, _names(line))


def _names(line: AuditLine) -> Names:
    return Names(line.logins, line.units)


def _question(session: Session) -> AuditQuestion:
    """Read what is looked for. Raises NoSuchChoice, DaysReversed, what `read_day` and reading the object raise."""
    args = request.args
    since, until = (
        read_day(text, field=_LABELS[name]) if (text := args.get(name, "").strip()) else None
        for name in ("since", "until")
    )
    if since and until and until < since:
        raise DaysReversed()
    trail = choice_in(args.get("trail", ""), Trail, field=_LABELS["trail"])
    return AuditQuestion(
        types=[type_ for type_ in EVENTS if trail_of(type_) == trail] if trail else None,
        since=at_local(since, 0, 0) if since else None,
        until=at_local(until + timedelta(days=1), 0, 0) if until else None,
        who=clean_words(args.get("who", ""))[:40],
        login=clean_words(args.get("login", ""))[:40],
        about=_about(session),
    )


def _about(session: Session) -> tuple[str, int] | None:
    """Read which object is looked for: its kind with its number, of a paper also the one that is printed on it.

    Raises NoSuchChoice, ObjectKindMissing, ObjectNumberMissing, ObjectNumberUnread.
    """
    kind, text = request.args.get("kind", "").strip(), clean_words(request.args.get("number", "")).strip()
    if kind and kind not in _KINDS:
        raise NoSuchChoice(field=_LABELS["kind"])
    if not kind and not text:
        return None
    if not kind:
        raise ObjectKindMissing()
    if not text:
        raise ObjectNumberMissing()
    number = read_id(text) or (paper_numbered(session, text) if kind == "circular_id" else None)
    if number is None:
        raise ObjectNumberUnread(number=text[:40])
    return kind, number


def _workbook() -> str:
    """Return where the same question is answered as a workbook."""
    kept = {name: request.args[name] for name in _ASKED if request.args.get(name)}
    return f"{url_for('audit.export')}?{urlencode(kept)}"
