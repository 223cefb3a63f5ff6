"""A 督查通报 on its way, which would criticise the bureau that left a 催办单 unanswered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from tests.support.audience_city import AudienceCity, open_audience_city
from tests.support.corrections import CHANGED
from tests.support.office import CALENDAR, City
from tests.support.remembered import remembered
from tests.support.site import Site
from tracker.auditing import table_findings
from tracker.computing import compute
from tracker.domain.accounts import Actor, Role
from tracker.domain.calendar import at_local
from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.proposals import Proposal
from tracker.domain.deliveries import Outgoing
from tracker.editions import content_kept, facts_now
from tracker.paper.letterheads import letterhead
from tracker.store.database import Database
from tracker.store.queries.namings import Naming, namings_of_paper
from tracker.store.queries.overtaken_blame import FactsNow
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.units import UserRow
from tracker.usecases.circulars.deciding import approve_circular, submit_circular
from tracker.usecases.circulars.drafting import draft_circular
from tracker.usecases.circulars.issuing import issue_circular
from tracker.usecases.circulars.naming import (
    answer_naming,
    include_naming,
    keep_naming,
    serve_namings,
)

DRAFTED_AT = at_local(date(2022, 10, 20), 9, 0)  # a Thursday; the urge was to be answered by the 18th

ANSWER_BY = date(2022, 10, 24)  # two full working days after it

LAST_DAY, AFTER = at_local(ANSWER_BY, 23, 0), at_local(date(2022, 10, 25), 9, 0)

OUTGOING = Outgoing(mail=False, machine_now=DRAFTED_AT)

HEAD = letterhead(CircularType.SUPERVISION, office="office")


@dataclass
class NamingDraft:
    """A 督查通报 on its way, which would criticise the bureau that left a 催办单 unanswered."""

    city: AudienceCity
    id: int
    content: Content

    @property
    def database(self) -> Database:
        return self.city.site.services.database

    @property
    def proposal(self) -> Proposal:
        [one] = [one for one in self.content.proposals if one.unit == "市商务投资局"]
        return one

    @property
    def row(self) -> CircularRow:
        with self.database.reading() as session:
            return session.get_one(CircularRow, self.id)

    @property
    def naming(self) -> Naming:
        with self.database.reading() as session:
            return namings_of_paper(session, circular_id=self.id)[-1]

    def actor(self, login: str) -> Actor:
        with self.database.reading() as session:
            user = session.scalars(select(UserRow).where(col(UserRow.login) == login)).one()
            return Actor(user.id, user.name, Role(user.role), unit_id=user.unit_id)

    def do(
        self, act: Callable[..., object], *, by: str = "office", at: datetime = DRAFTED_AT, **facts: object
    ) -> object:
        given = {"circular_id": self.id, "version": self.row.version, **facts}
        with self.database.transaction() as session:
            return act(session, **given, actor=self.actor(by), at=at)

    def serve(self) -> None:
        self.do(serve_namings, keys=[self.proposal.key], content=self.content, calendar=CALENDAR)

    def include(self) -> None:
        self.do(include_naming, key=self.proposal.key, content=self.content)

    def answer(self, *, agrees: bool, words: str = "", by: str = "swj", at: datetime = DRAFTED_AT) -> None:
        with self.database.transaction() as session:
            answer_naming(
                session, naming_id=self.naming.naming_id, agrees=agrees, words=words, actor=self.actor(by), at=at
            )

    def keep(self, reason: str) -> None:
        with self.database.transaction() as session:
            keep_naming(
                session, naming_id=self.naming.naming_id, reason=reason, actor=self.actor("office"), at=DRAFTED_AT
            )

    def now(self, at: datetime) -> FactsNow | None:
        """Compute what the paper would say at a moment."""
        self.city.site.clock.at = at
        with self.database.reading() as session:
            return facts_now(self.city.site.services, session, self.row, self.content)

    def submit(self, *, at: datetime = AFTER) -> None:
        self.do(submit_circular, at=at, content=self.content, facts_now=self.now(at), corrects=CHANGED)

    def approve(self, *, at: datetime = AFTER) -> None:
        given = {"basis": "同意", "content": self.content, "facts_now": self.now(at), "corrects": CHANGED}
        self.do(approve_circular, by="leader", at=at, **given)

    def issue(self, *, at: datetime = AFTER) -> None:
        now = self.now(at)
        self.do(
            issue_circular,
            at=at,
            numbering=HEAD.number,
            calendar=CALENDAR,
            content=self.content,
            facts_now=now,
            corrects=CHANGED,
        )

    def go_out(self, *, at: datetime = AFTER) -> None:
        self.submit(at=at)
        self.approve(at=at)
        self.issue(at=at)

    def disagreements(self) -> list[str]:
        with self.database.reading() as session:
            found = [one for one in table_findings(session) if one.facts.get("table") == "naming"]
        return [f"{one.kind} {one.facts}" for one in found]


def open_naming_draft(database: Database, folder: Path) -> NamingDraft:
    """Draft a 督查通报 in the audience city, which proposes to criticise one bureau."""
    papers, documents, id_, content = remembered(
        database, lambda empty: _open(empty, folder), "the naming draft", files=folder / "evidence"
    )
    site = Site(database, folder, city=City(database), has_people=True)
    site.clock.at = DRAFTED_AT
    return NamingDraft(AudienceCity(site, dict(papers), dict(documents)), id_, content)


def _open(database: Database, folder: Path) -> tuple[dict[str, int], dict[str, int], int, Content]:
    """Return the ids of papers and documents, and the draft's id and content."""
    city = open_audience_city(database, folder)
    draft = draft_naming(city)
    return city.papers, city.documents, draft.id, draft.content


def draft_naming(city: AudienceCity) -> NamingDraft:
    """Draft a 督查通报 of what is known in a city by then."""
    database = city.site.services.database
    city.site.clock.at = DRAFTED_AT
    services = city.site.services
    new = compute(services, CircularType.SUPERVISION, HEAD, scope=Scope(), layout_id=None, now=DRAFTED_AT)
    with database.reading() as session:
        office = session.scalars(select(UserRow).where(col(UserRow.login) == "office")).one()
    actor = Actor(office.id, office.name, Role(office.role))
    with database.transaction() as session:
        id_ = draft_circular(session, new, actor=actor, at=DRAFTED_AT)
    with database.reading() as session:
        content = content_kept(services, session, session.get_one(CircularRow, id_))
    assert content is not None
    return NamingDraft(city, id_, content)
