"""What has happened in the city of the two bureaus, and a copy of it for each test."""

import atexit
import functools
import shutil
import sqlite3
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite, open_database
from tests.support.office import BY, CALENDAR, POLICY
from tests.support.projects import LISTS
from tests.support.site import PASSWORD_HASH, FixedClock, Site
from tests.support.two_bureaus import IDLE, NOW, OURS, THEIRS, TwoBureaus
from tests.support.two_bureaus_evaluation import evaluation
from tests.support.two_bureaus_office import desk, messages, papers
from tests.support.two_bureaus_projects import enter_projects
from tests.support.two_bureaus_units import Life, ask, decide, inquire, instruct, issue, report
from tracker.domain.accounts import SYSTEM, Role
from tracker.domain.calendar import local_day
from tracker.domain.deliveries import Outgoing
from tracker.domain.events.absences import WorkHandedOver
from tracker.domain.events.units import UnitRegistered
from tracker.domain.units import UnitKind
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.services import Services
from tracker.settings import load_settings
from tracker.steps.absences import Leave, enter_leave
from tracker.steps.telling_units import entered_unit
from tracker.store import event_log
from tracker.store.row_digests import row_digest
from tracker.store.tables.absences import HandoverRow
from tracker.store.tables.saved_views import SavedViewRow
from tracker.store.tables.units import LoginRow, UnitRow, UserRow
from tracker.usecases.sweeping import sweep

_DATABASE, _EVIDENCE = "city.db", "evidence"


@functools.cache
def _played() -> tuple[Path, dict[str, int]]:
    folder = Path(tempfile.mkdtemp(prefix="tracker-two-bureaus-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = fresh_sqlite(folder)
    life = Life(Site(database, folder))
    life.site.clock.at = NOW
    _register(life)
    for bureau in (OURS, THEIRS):
        issue(life, bureau)
        ask(life, bureau)
        report(life, bureau)
        enter_projects(life, bureau)
        decide(life, bureau)
        inquire(life, bureau)
        instruct(life, bureau)
    desk(life)
    sweep(database, now=NOW, by=BY, outgoing=Outgoing(mail=True, machine_now=NOW))
    life.site.work()  # before a paper is issued, whose file would be drawn
    papers(life)
    messages(life)
    evaluation(life)
    _deputies(life)
    database.dispose()
    with sqlite3.connect(folder / "tracker.db") as there, sqlite3.connect(folder / _DATABASE) as here:
        there.backup(here)
    return folder, life.ids


def open_two_bureaus(folder: Path) -> TwoBureaus:
    """Return a copy of the city that a test may change; it is played once a process."""
    played, ids = _played()
    shutil.copyfile(played / _DATABASE, folder / _DATABASE)
    database = open_database(f"sqlite:///{folder / _DATABASE}")
    settings = load_settings({"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(folder / "var")})
    evidence = EvidenceFiles(played / _EVIDENCE)  # what is kept under its digest is never changed
    return TwoBureaus(
        Services(settings, database, FixedClock(NOW), CALENDAR, POLICY, evidence, project_lists=LISTS), ids
    )


def _register(life: Life) -> None:
    with life.site.services.database.transaction() as session:
        for code, name, kind, order in (
            (THEIRS.code, THEIRS.full_name, UnitKind.CITY_DEPARTMENT, 60),
            ("lxz", "驻马店市招商引资领导小组", UnitKind.LEADING_GROUP, 70),
            (IDLE, "驻马店市档案馆", UnitKind.CITY_DEPARTMENT, 80),
        ):
            row = UnitRow(code=code, full_name=name, short_name=name[3:], kind=kind.value, official_order=order)
            row.short_name = THEIRS.name if code == THEIRS.code else name[3:] if code == IDLE else name[4:]
            session.add(row)
            session.flush()
            told = UnitRegistered(name=row.full_name, alias=False, entered=(entered_unit(row),))
            event_log.record(session, told, actor=SYSTEM, at=NOW)
        for code in (THEIRS.code, "yc", "sp"):
            create_user(session, NewUser(code, "联络员", Role.LIAISON, PASSWORD_HASH, code))
            create_user(session, NewUser(f"{code}-head", "负责人", Role.UNIT_HEAD, PASSWORD_HASH, code))
        session.flush()
        for bureau in (OURS, THEIRS):
            for login in (bureau.code, f"{bureau.code}-head"):
                user = session.scalars(select(UserRow).where(col(UserRow.login) == login)).one()
                user.name = f"{bureau.word}{user.name}"
        create_user(session, NewUser("second", "另一督查员", Role.SUPERVISOR, PASSWORD_HASH))
        create_user(session, NewUser("nobody", "闲置单位联络员", Role.LIAISON, PASSWORD_HASH, IDLE))
        session.flush()
        absent = session.scalars(select(col(UserRow.id)).where(col(UserRow.login) == "sp-head")).one() or 0
        today = datetime.now(UTC)
        log_in = LoginRow(user_id=absent, key_sha256="-", created_at=today, last_seen_at=today)
        session.add(log_in)
        session.flush()
        life.ids["log-in of another"] = log_in.id or 0
        life.ids["view of another"] = _kept_view(session, absent, "全部")
        for bureau in (OURS, THEIRS):
            liaison = session.scalars(select(col(UserRow.id)).where(col(UserRow.login) == bureau.code)).one() or 0
            _kept_view(session, liaison, f"{bureau.word}的事")
    with life.site.services.database.reading() as session:
        for code, id_ in session.execute(select(col(UnitRow.code), col(UnitRow.id))):
            life.ids[f"unit {code}"] = id_ or 0
        for login, id_ in session.execute(select(col(UserRow.login), col(UserRow.id))):
            life.ids[f"account {login}"] = id_ or 0


def _kept_view(session: Session, user_id: int, name: str) -> int:
    """Let somebody keep a view of the ledger; return its id."""
    view = SavedViewRow(user_id=user_id, name=name, asked="light=red", saved_at=NOW)
    session.add(view)
    session.flush()
    return view.id or 0


def _deputies(life: Life) -> None:
    """A second liaison of each bureau is away, the first one stands in and has that one's work; he is away later."""
    today = local_day(NOW)
    with life.site.services.database.transaction() as session:
        for bureau in (OURS, THEIRS):
            login = f"{bureau.code}-b"
            create_user(session, NewUser(login, f"{bureau.word}第二联络员", Role.LIAISON, PASSWORD_HASH, bureau.code))
            session.flush()
            absent = session.scalars(select(col(UserRow.id)).where(col(UserRow.login) == login)).one() or 0
            own, unit_id = life.ids[f"account {bureau.code}"], life.ids[f"unit {bureau.code}"]
            away = Leave(first_on=today, last_on=today, deputy_id=own, reason="出差")
            later = Leave(first_on=date(2022, 12, 1), last_on=date(2022, 12, 9), deputy_id=None, reason="出差")
            absence_id = enter_leave(session, absent, away, actor=SYSTEM, at=NOW)
            enter_leave(session, own, later, actor=SYSTEM, at=NOW)
            sheet = HandoverRow(
                from_id=absent,
                to_id=own,
                unit_id=unit_id,
                reason=bureau.word,
                lines=[["message", bureau.word, ""]],
                handed_by=SYSTEM.name,
                handed_at=NOW,
            )
            session.add(sheet)
            session.flush()
            told = WorkHandedOver(
                handover_id=sheet.id or 0,
                user_id=absent,
                to_id=own,
                messages=0,
                listed=1,
                reason=bureau.word,
                message_ids=(),
                sealed=row_digest(sheet),
            )
            event_log.record(session, told, actor=SYSTEM, at=NOW)
            ids = {
                f"account {login}": absent,
                f"{bureau.code}.absence": absence_id,
                f"{bureau.code}.handover": sheet.id or 0,
            }
            life.ids.update(ids)
