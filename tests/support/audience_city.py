"""A small city with papers of every type, each issued to somebody, and documents that not everybody may read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.accounts import NewUser, create_user
from tests.support.corrections import CHANGED
from tests.support.databases import fresh_sqlite
from tests.support.office import BY, LATE, LEADER, OFFICE, City
from tests.support.readings import NUMBER, small_reading
from tests.support.remembered import remembered
from tests.support.site import PASSWORD_HASH, Site
from tracker.computing import compute
from tracker.domain.accounts import SYSTEM, Actor, Role
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.items import CadenceKind
from tracker.domain.ledgers import LedgerEntry, LedgerHead, draft_from_ledger
from tracker.domain.units import UnitKind
from tracker.editions import content_kept
from tracker.paper.letterheads import letterhead
from tracker.store.database import Database
from tracker.store.queries.registry import unit_registry
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.circulars.deciding import approve_circular, submit_circular
from tracker.usecases.circulars.drafting import correct_circular, discard_circular, draft_circular
from tracker.usecases.circulars.issuing import issue_circular, withdraw_circular
from tracker.usecases.drafting import upload_draft
from tracker.usecases.issuing import issue_document
from tracker.usecases.keeping import SetKeeper, set_keeper
from tracker.usecases.merging import merge_units
from tracker.usecases.registering import approve_draft, register_document
from tracker.usecases.renaming import rename_unit

SWJ, GROUP, GONE = "驻马店市商务局", "驻马店市招商引资领导小组", "驻马店市招商服务中心"
INTERNAL, UNISSUED_INTERNAL, UNISSUED = "市长批示〔2022〕7号", "市长批示〔2022〕8号", "驻政办〔2022〕98号"
AT = datetime(2022, 9, 1, 1, 0, tzinfo=UTC)
_SECOND = Actor(4, "另一督查员", Role.SUPERVISOR)
_T = CircularType
# What is issued, by its name in a test: type and scope. The last two are written to bodies that others stand for.
_ISSUED = {
    "supervision": (_T.SUPERVISION, Scope()),
    "supervision of an instruction": (_T.SUPERVISION, Scope(document=INTERNAL)),
    "special": (_T.SPECIAL, Scope()),
    "notice to a unit": (_T.NOTICE, Scope(unit=SWJ)),
    "notice on a document": (_T.NOTICE, Scope(document=NUMBER)),
    "notice on an instruction": (_T.NOTICE, Scope(document=INTERNAL)),
    "assignment": (_T.ASSIGNMENT, Scope(document=NUMBER)),
    "assignment to a unit": (_T.ASSIGNMENT, Scope(unit=SWJ, document=NUMBER)),
    "breakdown": (_T.BREAKDOWN, Scope(document=NUMBER)),
    "breakdown of an instruction": (_T.BREAKDOWN, Scope(document=INTERNAL)),
    "urge": (_T.URGE, Scope(unit=SWJ)),
    "rectification": (_T.RECTIFICATION, Scope(unit=SWJ)),
}


@dataclass
class AudienceCity:
    """The site, the ids of its papers by name and of its documents by number."""

    site: Site
    papers: dict[str, int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)


@contextmanager
def own_audience_city(folder: Path, *, at: datetime) -> Iterator[AudienceCity]:
    """Open the city on SQLite at a moment, with forms that are sent without their token."""
    city = open_audience_city(fresh_sqlite(folder), folder)
    city.site.clock.at = at
    city.site.app.config["WTF_CSRF_ENABLED"] = False
    yield city
    city.site.services.database.dispose()


def open_audience_city(database: Database, folder: Path) -> AudienceCity:
    """Issue a paper of each type; then a unit is renamed, one goes up in another, and a group gets its keeper.

    swj, tjj and wjw have shares in the published document, tjj in the instruction, jtj in nothing.
    """
    papers, documents = remembered(
        database, lambda empty: _open(empty, folder), "the audience city", files=folder / "evidence"
    )
    city = AudienceCity(Site(database, folder, city=City(database), has_people=True), dict(papers), dict(documents))
    city.site.clock.at = LATE
    return city


def _open(database: Database, folder: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Return the ids of papers and of documents."""
    city = AudienceCity(Site(database, folder))
    city.site.clock.at = LATE
    with database.transaction() as session:
        _people(session)
        register_document(session, small_reading(number=UNISSUED), actor=SYSTEM, at=AT)
    _instruction(city, INTERNAL, issued=True)
    _instruction(city, UNISSUED_INTERNAL, issued=False)
    with database.reading() as session:
        city.documents = {row.number: row.id or 0 for row in session.scalars(select(DocumentRow)).all()}
    for name, (kind, scope) in _ISSUED.items():
        city.papers[name] = _issued(city, kind, scope)
    _others(city)
    with database.transaction() as session:
        _move_bodies(session)
    return city.papers, city.documents


def _people(session: Session) -> None:
    """Register a bureau without any task, a leading group and a body that will go up in a bureau."""
    for code, name, kind, order in (
        ("jtj", "驻马店市交通运输局", UnitKind.CITY_DEPARTMENT, 60),
        ("lxz", GROUP, UnitKind.LEADING_GROUP, 70),
        ("zsz", GONE, UnitKind.CITY_DEPARTMENT, 80),
    ):
        row = UnitRow(code=code, full_name=name, short_name=name[3:], kind=kind.value, official_order=order)
        session.add(row)
    session.flush()
    create_user(session, NewUser("jtj", "联络员", Role.LIAISON, PASSWORD_HASH, "jtj"))
    create_user(session, NewUser("jtj-head", "负责人", Role.UNIT_HEAD, PASSWORD_HASH, "jtj"))


def _instruction(city: AudienceCity, number: str, *, issued: bool) -> None:
    """Write down a leader's instruction for tjj, and let a second person approve it."""
    head = LedgerHead("领导批示", number, f"关于核查某企业问题线索的批示（{number}）", date(2022, 9, 1))
    draft = draft_from_ledger(
        head, [LedgerEntry(f"核查{number}所列问题线索。", ("市统计局",), cadence=CadenceKind.MONTHLY)]
    )
    with city.site.services.database.transaction() as session:
        draft_id = upload_draft(session, draft, file_name="领导批示", file_sha256="", actor=OFFICE, at=AT)
        session.flush()
        registry = unit_registry(session, groups=())
        approve_draft(session, draft_id=draft_id, version=1, basis="批示", registry=registry, actor=_SECOND, at=AT)
        session.flush()
        if issued:
            issue_document(session, number=number, actor=OFFICE, at=AT, by=BY)


def meant_again(_digest: str | None, _other: str | None) -> bool:
    """Tell of papers that are drafted of the same facts on purpose, as one for each of its states, that they differ."""
    return False


def _drafted(city: AudienceCity, kind: CircularType, scope: Scope, *, to: str | None = None) -> int:
    """Draft a paper; with `to` in the name of another body, whose facts are of no matter here."""
    services = city.site.services
    new = compute(services, kind, letterhead(kind, office="office"), scope=scope, layout_id=None, now=LATE)
    with services.database.transaction() as session:
        worded = replace(new, scope=replace(scope, unit=to or scope.unit), addressees=to or new.addressees)
        return draft_circular(session, worded, actor=OFFICE, at=LATE, same_facts=meant_again)


def _issued(city: AudienceCity, kind: CircularType, scope: Scope, *, to: str | None = None) -> int:
    id_ = _drafted(city, kind, scope, to=to)
    _issue(city, id_, kind)
    return id_


def _issue(city: AudienceCity, id_: int, kind: CircularType) -> None:
    head = letterhead(kind, office="office")
    database = city.site.services.database
    with database.transaction() as session:
        submit_circular(session, circular_id=id_, version=1, content=None, corrects=CHANGED, actor=OFFICE, at=LATE)
    with database.transaction() as session:
        approve_circular(
            session, circular_id=id_, version=2, basis="同意", content=None, corrects=CHANGED, actor=LEADER, at=LATE
        )
    with database.transaction() as session:
        content = content_kept(city.site.services, session, session.get_one(CircularRow, id_))
        issue_circular(
            session,
            circular_id=id_,
            version=3,
            numbering=head.number,
            calendar=city.site.services.calendar,
            content=content,
            corrects=CHANGED,
            actor=OFFICE,
            at=LATE,
        )


def _others(city: AudienceCity) -> None:
    """Papers to bodies that others stand for, and editions in every state."""
    to_unit = Scope(unit=SWJ)
    city.papers["urge to a group"] = _issued(city, _T.URGE, to_unit, to=GROUP)
    city.papers["urge to a unit that is gone"] = _issued(city, _T.URGE, to_unit, to=GONE)
    city.papers["draft"] = _drafted(city, _T.SUPERVISION, Scope())
    city.papers["put away"] = _drafted(city, _T.SUPERVISION, Scope())
    city.papers["withdrawn urge"] = _issued(city, _T.URGE, to_unit)
    city.papers["corrected urge"] = _issued(city, _T.URGE, to_unit)
    with city.site.services.database.transaction() as session:
        discard_circular(session, circular_id=city.papers["put away"], version=1, actor=OFFICE, at=LATE)
        withdrawn = city.papers["withdrawn urge"]
        withdraw_circular(session, circular_id=withdrawn, version=4, reason="有误", actor=LEADER, at=LATE)
        wrong = city.papers["corrected urge"]
        city.papers["correction"] = correct_circular(
            session, circular_id=wrong, version=4, reason="数字有误", actor=OFFICE, at=LATE
        )
    _issue(city, city.papers["correction"], _T.URGE)


def _move_bodies(session: Session) -> None:
    ids = dict(session.execute(select(col(UnitRow.code), col(UnitRow.id))).all())
    rename_unit(
        session,
        unit_id=ids["swj"] or 0,
        full_name="驻马店市商务和投资促进局",
        short_name="市商务投资局",
        valid_from=date(2022, 10, 11),
        reason="机构改革",
        actor=OFFICE,
        at=LATE,
    )
    set_keeper(session, SetKeeper(ids["lxz"] or 0, ids["tjj"], "办公室设在市统计局"), actor=OFFICE, at=LATE)
    merge_units(
        session,
        from_unit_id=ids["zsz"] or 0,
        into_unit_id=ids["wjw"] or 0,
        on=date(2022, 10, 11),
        reason="机构改革",
        actor=OFFICE,
        at=LATE,
    )
