"""The log as the administrator of audit sees it: who did what when and whence, nothing of what a matter says."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlmodel import Session, col

from tracker.domain.audit import Trail, trail_of
from tracker.domain.events.circulars import CircularChanged
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.units import UserRow

_Rows = Select[int, str, datetime, str, str | None, int | None, str]
_PAGE = 500
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
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuestion:
    """What is looked for: times are aware, `until` excluded; `who` are words of a person's name."""

    types: Collection[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One event; `on` is the account that it is about, `address` whence it was done, where the event says so.

    `objects` are what else it is about, by the names of its facts with their ids; `paper` is the type and number of a
    paper, without a number before that is issued, and `act` what was done to it.
    """

    seq: int
    type: str
    at: datetime
    actor: str
    actor_unit: str | None
    task_id: int | None
    on: str | None
    objects: tuple[tuple[str, int], ...]
    paper: tuple[str, str | None] | None
    act: str | None
    address: str | None

    @property
    def trail(self) -> Trail:
        return trail_of(self.type)


def audit_lines(session: Session, question: AuditQuestion, *, limit: int, offset: int = 0) -> list[AuditLine]:
    """Return events that are asked for, the latest first."""
    return _lines(session, _asked(question).limit(limit).offset(offset))


def every_audit_line(session: Session, question: AuditQuestion, *, most: int) -> Iterator[AuditLine]:
    """Yield events that are asked for, the latest first, `most` of them at most."""
    for offset in range(0, most, _PAGE):
        page = audit_lines(session, question, limit=min(_PAGE, most - offset), offset=offset)
        yield from page
        if len(page) < _PAGE:
            return


def _asked(question: AuditQuestion) -> _Rows:
    wanted: _Rows = select(
        col(EventRow.seq),
        col(EventRow.type),
        col(EventRow.occurred_at),
        col(EventRow.actor),
        col(EventRow.actor_unit),
        col(EventRow.task_id),
        col(EventRow.payload),
    )
    if question.types is not None:
        wanted = wanted.where(col(EventRow.type).in_(sorted(question.types)))
    if question.since is not None:
        wanted = wanted.where(col(EventRow.occurred_at) >= question.since)
    if question.until is not None:
        wanted = wanted.where(col(EventRow.occurred_at) < question.until)
    if question.who:
        wanted = wanted.where(col(EventRow.actor).contains(question.who, autoescape=True))
    return wanted.order_by(col(EventRow.occurred_at).desc(), col(EventRow.seq).desc())


def _lines(session: Session, wanted: _Rows) -> list[AuditLine]:
    rows = [(row, json.loads(row.payload)) for row in session.execute(wanted)]
    ids = {facts["user_id"] for row, facts in rows if _is_of_accounts(row.type) and facts["user_id"] is not None}
    known = select(col(UserRow.id), col(UserRow.login)).where(col(UserRow.id).in_(ids))
    logins = {row.id: row.login for row in session.execute(known)}
    papers = _papers(session, {facts["circular_id"] for _row, facts in rows if "circular_id" in facts})
    return [
        AuditLine(
            seq=row.seq,
            type=row.type,
            at=row.occurred_at,
            actor=row.actor,
            actor_unit=row.actor_unit,
            task_id=row.task_id,
            on=logins.get(facts["user_id"]) if _is_of_accounts(row.type) else None,
            objects=tuple((name, facts[name]) for name in OBJECTS if facts.get(name) is not None),
            paper=papers.get(facts.get("circular_id")),
            act=facts.get("act") if row.type == CircularChanged.type else None,
            address=facts.get("address"),
        )
        for row, facts in rows
    ]


def _papers(session: Session, ids: Collection[int]) -> dict[int | None, tuple[str, str | None]]:
    wanted = select(col(CircularRow.id), col(CircularRow.type), col(CircularRow.number))
    return {row.id: (row.type, row.number) for row in session.execute(wanted.where(col(CircularRow.id).in_(ids)))}


def _is_of_accounts(type_: str) -> bool:
    return trail_of(type_) in (Trail.ACCOUNTS, Trail.LOG_INS)
