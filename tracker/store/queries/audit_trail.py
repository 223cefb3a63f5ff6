"""The log as the administrator of audit sees it: who did what when and whence, nothing of what a matter says."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeGuard

from sqlalchemy import ColumnElement, Select, Table, false, or_, select
from sqlmodel import Session, SQLModel, col

from tracker.domain.audit import Trail, trail_of
from tracker.domain.calendar import SHANGHAI
from tracker.domain.downloads import Fetched
from tracker.domain.entered import LARGEST_ID
from tracker.domain.events.circulars import CircularChanged
from tracker.store.stored_rows import Stored, stored_rows
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.units import UnitRow, UserRow

_Rows = Select[int]
_EVENTS, _CIRCULARS, _PERSONS, _OF_UNITS = (
    SQLModel.metadata.tables[str(row.__tablename__)] for row in (EventRow, CircularRow, UserRow, UnitRow)
)
_COLUMNS = ("type", "occurred_at", "actor", "actor_unit", "task_id", "payload")
_PAGE = 500
# Of what acts on matters say nothing is told here.
_SAID = frozenset({Trail.LOG_INS, Trail.ACCOUNTS, Trail.FILES, Trail.SETTINGS})
# What a file was of, by the name of the fact that has its id; two kinds are of nothing that has one.
_FETCHED: Mapping[Fetched, str | None] = {
    Fetched.PAPER: "circular_id",
    Fetched.SOURCES: "circular_id",
    Fetched.EVIDENCE: "evidence_id",
    Fetched.BREAKDOWN: "document_id",
    Fetched.TEMPLATE: "template_id",
    Fetched.HANDOVER: "handover_id",
    Fetched.EMPTY_LEDGER: None,
    Fetched.AUDIT_TRAIL: None,
    Fetched.TASK_LEDGER: None,
    Fetched.FORM: "period_id",
    Fetched.BOX: "box_file_id",
    Fetched.SITE_PHOTO: "photo_id",
    Fetched.LIST: None,
    Fetched.ENCLOSURE: "enclosure_id",
    Fetched.SCORE_FILE: "score_input_id",
    Fetched.SCORE_BOOK: "month_id",
}
# What events are about, by the names of their facts: ids, nothing of what a matter says.
OBJECTS = (
    "circular_id",
    "template_id",
    "document_id",
    "draft_id",
    "filing_id",
    "report_id",
    "request_id",
    "handover_id",
    "box_file_id",
    "project_id",
    "import_id",
    "reminder_id",
)
# Facts of accounts and settings that name an account or a unit.
_PEOPLE = ("user_id", "to_id", "for_id", "deputy_id")
_UNITS = ("unit_id", "of_unit_id", "old_unit_id", "new_unit_id", "into_unit_id", "keeper_unit_id", "old_keeper_unit_id")

# Half a character, e.g. \ud800, which no file can hold.
_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuestion:
    """What is looked for: times are aware, `until` excluded; `who` are words of a person's name.

    `login` is an account that an act is on, or that has a part in it; `about` a kind of object, `task_id` or one of
    `OBJECTS`, with its number.
    """

    types: Collection[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    who: str = ""
    login: str = ""
    about: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One event; `on` is the account that it is about, `address` whence it was done, where the event says so.

    `objects` are what else it is about, by the names of its facts with their ids; `paper` is the type and number of a
    paper, without a number before that is issued, and `act` what was done to it. `facts` are those of acts on
    accounts, files and settings, with the `logins` and `units` that they name; of matters none. `unread` where it says
    what no program wrote, or nothing that can be read.
    """

    seq: int
    type: str
    at: datetime | None
    actor: str
    actor_unit: str | None
    task_id: int | None
    on: str | None
    objects: tuple[tuple[str, int], ...]
    paper: tuple[str, str | None] | None
    act: str | None
    address: str | None
    facts: Mapping[str, Any]  # Any: what an event of its type carries
    logins: Mapping[int, str]
    units: Mapping[int, str]
    unread: bool = False

    @property
    def trail(self) -> Trail:
        return trail_of(self.type)


def audit_lines(session: Session, question: AuditQuestion, *, limit: int, offset: int = 0) -> list[AuditLine]:
    """Return events that are asked for, the latest first."""
    return _lines(session, _asked(session, question).limit(limit).offset(offset))


def paper_numbered(session: Session, number: str) -> int | None:
    """Return which paper bears a printed number; None where none does."""
    return session.scalars(select(col(CircularRow.id)).where(col(CircularRow.number) == number)).first()


def every_audit_line(session: Session, question: AuditQuestion, *, most: int) -> Iterator[AuditLine]:
    """Yield events that are asked for, the latest first, `most` of them at most."""
    for offset in range(0, most, _PAGE):
        page = audit_lines(session, question, limit=min(_PAGE, most - offset), offset=offset)
        yield from page
        if len(page) < _PAGE:
            return


def _asked(session: Session, question: AuditQuestion) -> _Rows:
    wanted: _Rows = select(col(EventRow.seq))
    if question.types is not None:
        wanted = wanted.where(col(EventRow.type).in_(sorted(question.types)))
    if question.since is not None:
        wanted = wanted.where(col(EventRow.occurred_at) >= question.since)
    if question.until is not None:
        wanted = wanted.where(col(EventRow.occurred_at) < question.until)
    if question.who:
        wanted = wanted.where(col(EventRow.actor).contains(question.who, autoescape=True))
    if question.login:
        wanted = wanted.where(_is_on(session, question.login))
    if question.about is not None:
        wanted = wanted.where(_is_about(*question.about))
    return wanted.order_by(col(EventRow.occurred_at).desc(), col(EventRow.seq).desc())


def _is_on(session: Session, login: str) -> ColumnElement[bool]:
    user_id = session.scalars(select(col(UserRow.id)).where(col(UserRow.login) == login)).first()
    if user_id is None:
        return false()
    kinds = or_(col(EventRow.type).startswith("account."), col(EventRow.type).startswith("login."))
    return kinds & or_(*(_says(name, user_id) for name in _PEOPLE))


def _is_about(name: str, id_: int) -> ColumnElement[bool]:
    if name == "task_id":
        return col(EventRow.task_id) == id_
    fetched = [f"{what.value}:{id_}" for what, of in _FETCHED.items() if of == name]
    return or_(_says(name, id_), col(EventRow.about).in_(fetched))


def _says(name: str, id_: int) -> ColumnElement[bool]:
    """Look for a fact in the JSON that events are written as."""
    return or_(*(col(EventRow.payload).contains(f'"{name}": {id_}{end}', autoescape=True) for end in ",}"))


def _lines(session: Session, wanted: _Rows) -> list[AuditLine]:
    seqs = session.scalars(wanted).all()
    stored = stored_rows(session, _EVENTS, _COLUMNS, _EVENTS.c.seq.in_(seqs))
    found = {row["seq"]: (row, _facts(row)) for row in stored}
    rows = [found[seq] for seq in seqs if seq in found]
    open_ = [facts if facts and trail_of(row["type"]) in _SAID else {} for row, facts in rows]
    logins = _named(session, _PERSONS, "login", open_, _PEOPLE)
    units = _named(session, _OF_UNITS, "short_name", open_, _UNITS)
    papers = _papers(session, {id_ for _row, facts in rows if _is_id(id_ := (facts or {}).get("circular_id"))})
    return [_line(row, facts, said, logins, units, papers) for (row, facts), said in zip(rows, open_, strict=True)]


def _facts(row: Stored) -> dict[str, Any] | None:  # Any: what an event of its type carries
    """Return what an event says; None where it is what no program wrote."""
    try:
        facts = json.loads(row["payload"])
    except (TypeError, ValueError, RecursionError):
        return None
    return facts if isinstance(facts, dict) and isinstance(row["type"], str) else None


def _line(
    held: Stored,
    facts: Mapping[str, Any] | None,
    said: Mapping[str, Any],
    logins: Mapping[int, str],
    units: Mapping[int, str],
    papers: Mapping[int | None, tuple[str, str | None]],
) -> AuditLine:
    known = facts or {}
    at, task_id = _told_at(held["occurred_at"]), held["task_id"]
    told = {name: held[name] for name in ("type", "actor", "actor_unit")} | {"address": known.get("address")}
    words = {name: _text(value) for name, value in told.items()}
    strange = at is None or not (task_id is None or _is_id(task_id))
    strange |= any(value is not None and words[name] is None for name, value in told.items())
    paper, user, type_ = known.get("circular_id"), known.get("user_id"), words["type"] or ""
    return AuditLine(
        seq=held["seq"],
        type=type_,
        at=at,
        actor=words["actor"] or "",
        actor_unit=words["actor_unit"],
        task_id=task_id if _is_id(task_id) else None,
        on=logins.get(user) if _is_id(user) and _is_of_accounts(type_) else None,
        objects=tuple((name, id_) for name in OBJECTS if _is_id(id_ := known.get(name))),
        paper=papers.get(paper) if _is_id(paper) else None,
        act=known.get("act") if held["type"] == CircularChanged.type else None,
        address=words["address"],
        facts=said,
        logins=logins,
        units=units,
        unread=facts is None or strange,
    )


def _told_at(moment: object) -> datetime | None:
    """Return a moment that has a day here; of the last hours of the year 9999 nobody can say that."""
    try:
        return moment if isinstance(moment, datetime) and moment.astimezone(SHANGHAI) else None
    except OverflowError:
        return None


def _is_id(value: object) -> TypeGuard[int]:
    """Tell whether an event names something by a number that a row can have, as each that the program wrote does."""
    return isinstance(value, int) and 0 <= value <= LARGEST_ID


def _text(value: object) -> str | None:
    """Return words that can be shown and exported; None where they are none, or half a character stands in them."""
    return value if isinstance(value, str) and not _HALVES.search(value) else None


def _named(
    session: Session, table: Table, name: str, told: Collection[Mapping[str, Any]], facts: Collection[str]
) -> dict[int, str]:  # Any: what events carry
    """Return the names of what facts name by its id; one that cannot be read is left out."""
    ids = {id_ for said in told for one in facts if _is_id(id_ := said.get(one))}
    stored = stored_rows(session, table, (name,), table.c.id.in_(ids))
    return {row["id"]: words for row in stored if isinstance(words := row.get(name), str)}


def _papers(session: Session, ids: Collection[int]) -> dict[int | None, tuple[str, str | None]]:
    stored = stored_rows(session, _CIRCULARS, ("type", "number"), _CIRCULARS.c.id.in_(ids))
    return {
        row["id"]: (row["type"], row["number"] if isinstance(row["number"], str) else None)
        for row in stored
        if isinstance(row["type"], str)
    }


def _is_of_accounts(type_: str) -> bool:
    return trail_of(type_) in (Trail.ACCOUNTS, Trail.LOG_INS)
