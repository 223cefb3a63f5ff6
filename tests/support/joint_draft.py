"""A 督查通报 on its way that two bureaus issue together with the office."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import docx
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.corrections import CHANGED
from tests.support.naming_draft import AFTER, DRAFTED_AT, HEAD, OUTGOING, NamingDraft
from tests.support.office import CALENDAR, POLICY
from tracker.auditing import table_findings
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.deliveries import ClaimedDelivery
from tracker.editions import Edition, made_of
from tracker.paper.joint_checking import signature_rows
from tracker.store.queries.audiences import viewer_of
from tracker.store.queries.circulars import circular_to_read
from tracker.store.queries.co_issuers import CoIssuer, co_issuers_of
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.units import UserRow
from tracker.usecases.circulars.deciding import approve_circular
from tracker.usecases.circulars.drafting import edit_circular
from tracker.usecases.circulars.joint import (
    ask_countersigns,
    ask_withdrawal,
    countersign,
    drop_co_issuer,
    name_co_issuer,
    take_back_countersign,
)
from tracker.usecases.deliveries import delivered
from tracker.usecases.notices import announce

JTJ, SWJ = "驻马店市交通运输局", "驻马店市商务和投资促进局"


class JointDraft(NamingDraft):
    """The draft of the naming tests, with acts on those that issue it together."""

    def lines(self) -> tuple[CoIssuer, ...]:
        with self.database.reading() as session:
            return co_issuers_of(session, circular_id=self.id, unit_ids=EVERY_UNIT)

    def line(self, name: str) -> CoIssuer:
        return [one for one in self.lines() if one.name == name][-1]

    def states(self) -> dict[str, str]:
        return {one.name: one.state for one in self.lines()}

    def join(self, unit: str) -> None:
        made = made_of(self.city.site.services, self.id)
        self.do(name_co_issuer, unit=unit, host=HEAD.name, kinds=HEAD.joint_with, made=made)

    def ask(self, *, at: datetime = DRAFTED_AT) -> object:
        return self.do(ask_countersigns, calendar=CALENDAR, at=at)

    def ask_withdrawal(self, reason: str) -> object:
        return self.do(ask_withdrawal, reason=reason, calendar=CALENDAR)

    def _on(self, act: Callable[..., object], name: str, *, by: str, **facts: object) -> None:
        one = self.line(name)
        given = {"co_issuer_id": one.co_issuer_id, "version": one.version, **facts}
        with self.database.transaction() as session:
            act(session, **given, actor=self.actor(by), at=DRAFTED_AT)

    def sign(self, name: str, *, by: str, agrees: bool = True, words: str = "", **facts: object) -> None:
        self._on(countersign, name, by=by, agrees=agrees, words=words, **facts)

    def take_back(self, name: str, reason: str = "另有修改") -> None:
        self._on(take_back_countersign, name, by="office", reason=reason)

    def drop(self, name: str, reason: str = "不再联合") -> None:
        made = made_of(self.city.site.services, self.id)
        self._on(drop_co_issuer, name, by="office", reason=reason, host=HEAD.name, made=made)

    def edit(self, *, note: str) -> None:
        row = self.row
        words: dict[str, object] = {name: getattr(row, name) for name in ("title", "addressees", "copies", "urgency")}
        sentences = [str(one[1]) for one in row.statements]
        given = {**words, "note": note, "sentences": sentences, "content": self.content, "template": ()}
        self.do(edit_circular, by="office", at=DRAFTED_AT, **given)

    def approve_now(self) -> None:
        self.do(approve_circular, by="leader", at=AFTER, basis="同意", content=self.content, corrects=CHANGED)

    def may_read(self, login: str) -> bool:
        with self.database.reading() as session:
            viewer = viewer_of(session, self.actor(login))
            return circular_to_read(session, circular_id=self.id, viewer=viewer) is not None

    def printed(self) -> list[tuple[str, ...]]:
        """Return the signatures of the file as it would be now."""
        with self.database.reading() as session:
            edition = Edition.of(self.city.site.services, session, self.row)
        assert edition is not None
        file = edition.press(self.city.site.services)
        assert file.deviations == ()
        return signature_rows(docx.Document(BytesIO(file.docx)).element.body)

    def told(self, type_: str) -> list[tuple[str | None, str, str]]:
        """Write the messages of the last event of a type; return to whom, what about and why."""
        services = self.city.site.services
        with services.database.transaction() as session:
            event = session.scalars(
                select(EventRow).where(col(EventRow.type) == type_).order_by(col(EventRow.seq).desc())
            ).first()
            assert event is not None
            before = set(session.scalars(select(col(ReminderRow.id))))
            delivery = delivered(session, _claimed(event))
            announce(session, delivery, calendar=CALENDAR, policy=POLICY, outgoing=OUTGOING)
            session.flush()
            rows = session.scalars(select(ReminderRow).order_by(col(ReminderRow.id))).all()
            new = [row for row in rows if row.id not in before]
            return [(_login(session, row), row.subject, row.reason) for row in new]

    def disagreements(self) -> list[str]:
        with self.database.reading() as session:
            tables = ("co_issuer", "circular")
            found = [one for one in table_findings(session) if one.facts.get("table") in tables]
        return [f"{one.kind} {one.facts}" for one in found]


def _claimed(event: EventRow) -> ClaimedDelivery:
    return ClaimedDelivery(id=1, reaction="notice", attempts=1, event_seq=event.seq or 0)


def _login(session: Session, row: ReminderRow) -> str | None:
    user = session.get(UserRow, row.recipient_id)
    return user.login if user is not None else None
