"""A random life with all that papers tell of: units of every class, several leads, meetings, instructions, papers.

What happens in it is what `random_life` lets happen, and besides: causes of every class, causes that are the unit's
own, reports with their numbers, tasks that are done, news, mergers, suspension, and papers that go out.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.keys import SECRET_KEY
from tests.support.office import BY, CALENDAR, LEADER, OFFICE, POLICY
from tests.support.random_life import Life
from tests.support.readings import small_registry
from tracker.computing import compute
from tracker.domain.accounts import SYSTEM, Actor, Role
from tracker.domain.calendar import local_day
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.claims import CauseClass, Claim
from tracker.domain.entries import Entry
from tracker.domain.errors import TrackerError
from tracker.domain.filings import FilingKind
from tracker.domain.items import Basis, CadenceKind, ItemKind, LeadBasis, SpanRole
from tracker.domain.ledgers import LedgerEntry, LedgerHead, draft_from_ledger
from tracker.domain.readings.coverage import Span
from tracker.domain.readings.demands import Cadence, Deadline
from tracker.domain.readings.item import Item, PrintedUnit
from tracker.domain.readings.reading import Reading
from tracker.domain.units import Group, Unit, UnitKind, UnitRegistry
from tracker.editions import content_kept
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.paper.letterheads import letterhead
from tracker.services import Services
from tracker.settings import load_settings
from tracker.store.queries.registry import unit_registry
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.usecases.circulars.deciding import approve_circular, submit_circular
from tracker.usecases.circulars.drafting import draft_circular
from tracker.usecases.circulars.issuing import issue_circular
from tracker.usecases.drafting import upload_draft
from tracker.usecases.filing import SubmitOne, submit_one
from tracker.usecases.issuing import issue_document
from tracker.usecases.registering import approve_document, approve_draft, register_document, register_units

WORK, PLAN = "驻政办〔2022〕97号", "驻政办〔2022〕98号"
MEETING, INSTRUCTION = "常务会〔2022〕6号", "市长批示〔2022〕7号"
NUMBERS = (WORK, PLAN, MEETING, INSTRUCTION)
_SECOND = Actor(4, "另一督查员", Role.SUPERVISOR)
_CLASSES = (
    ("fgw", "驻马店市发展和改革委员会", "市发展改革委", UnitKind.CITY_DEPARTMENT),
    ("kfq", "驻马店经济开发区管理委员会", "开发区管委会", UnitKind.ZONE),
    ("jtj", "驻马店市城市建设集团", "市城建集团", UnitKind.CITY_INSTITUTION),
    ("zzb", "中共驻马店市委组织部", "市委组织部", UnitKind.PARTY_DEPARTMENT),
    ("zx", "政协驻马店市委员会办公室", "市政协办公室", UnitKind.CONGRESS),
    ("fy", "驻马店市中级人民法院", "市中级法院", UnitKind.JUDICIARY),
    ("tsw", "共青团驻马店市委员会", "团市委", UnitKind.MASS_ORGANISATION),
    ("swju", "国家税务总局驻马店市税务局", "市税务局", UnitKind.VERTICAL),
    ("lxz", "驻马店市招商引资领导小组", "市招商引资领导小组", UnitKind.LEADING_GROUP),
)
# Lead by lead what each item of the working document asks: most units lead one alone, some lead one together.
_WORDS = (
    ("全年引进项目不少于40个", ("swj",), ()),
    ("完善统计制度", ("tjj", "swj"), ("fgw",)),
    ("每月巡查一次", ("wjw",), ("yc", "sp")),
    ("建成标准厂房", ("fgw",), ("swj",)),
    ("推进园区建设", ("kfq",), ("jtj",)),
    ("改造供水管网", ("jtj",), ()),
    ("培训干部200人", ("zzb",), ("tjj",)),
    ("办理重点提案", ("zx",), ()),
    ("清理执行积案", ("fy",), ()),
    ("组织志愿服务", ("tsw", "wjw"), ()),
    ("落实税费优惠", ("swju",), ("tjj",)),
    ("召开招商会商", ("lxz",), ("swj",)),
    ("新建口袋公园", ("yc",), ()),
    ("整治农村环境", ("sp", "yc"), ()),
)
_FACTS = (
    "9月28日印发通报1期。",
    "已开工3个项目，完成投资2.4亿元。下一步加快建设。",
    "10月9日召开推进会，明确12项措施；其余正在落实。",
)


class StandingClock:
    """A clock that stands where it is set."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@dataclass(slots=True)
class TruthLife(Life):
    """A life in a folder of its own; `folder` keeps evidence and papers."""

    folder: Path = Path()

    def begin(self) -> None:
        with self.database.transaction() as session:
            register_units(session, _registry(), at=self.now)
            self._issue(session, working_document())
            self._issue(session, self.read(number=PLAN, expires_on=date(2022, 12, 20)))
        self._write_down(MEETING, "会议议定事项", (("swj", "市商务局"), ("tjj", "市统计局")))
        self._write_down(INSTRUCTION, "领导批示", (("fgw", "市发展改革委"),))

    def _issue(self, session: Session, reading: Reading) -> None:
        register_document(session, reading, actor=SYSTEM, at=self.now)
        approve_document(session, number=reading.number, basis="会议议定", actor=OFFICE, at=self.now)
        issue_document(session, number=reading.number, actor=OFFICE, at=self.now, by=BY)

    def _write_down(self, number: str, source: str, units: tuple[tuple[str, str], ...]) -> None:
        head = LedgerHead(source, number, f"关于重点工作的{source}", local_day(self.now))
        entries = [
            LedgerEntry(f"{name}办好第{n}件实事。", (name,), cadence=CadenceKind.MONTHLY)
            for n, (_code, name) in enumerate(units * 2, 1)
        ]
        draft = draft_from_ledger(head, entries)
        with self.database.transaction() as session:
            draft_id = upload_draft(session, draft, file_name=source, file_sha256="", actor=OFFICE, at=self.now)
            session.flush()
            names = unit_registry(session, groups=())
            approve_draft(
                session, draft_id=draft_id, version=1, basis=source, registry=names, actor=_SECOND, at=self.now
            )
            session.flush()
            issue_document(session, number=number, actor=OFFICE, at=self.now, by=BY)

    def live(self, steps: int) -> int:
        """Let that many things happen, refused ones included; return how many were not refused."""
        usual: tuple[Callable[[Session], object], ...] = (
            *(self._receive,) * 4,
            *(self._report,) * 6,
            *(self._sign,) * 8,
            *(self._review,) * 10,
            *(self._ask, self._decide, self._dispute, self._object, self._move, self._withdraw),
            *(self._complete, self._finish, self._finish),
        )
        done = 0
        for _step in range(steps):
            self.now += timedelta(minutes=self.made.choice((20, 90, 400)))
            if self.made.random() < 0.06:
                self.sweep()
            act = self.made.choice(self.office_acts if self.made.random() < 0.12 else usual)
            with suppress(TrackerError, IndexError), self.database.transaction() as session:
                act(session)
                done += 1
        return done

    def _entry(self, session: Session, assignment_id: int) -> Entry:
        entry = Life._entry(self, session, assignment_id)
        claim = self.made.choice(
            (Claim.ON_SCHEDULE, Claim.ON_SCHEDULE, Claim.BEHIND, Claim.DIFFICULT, Claim.ONGOING_ACTIVE)
        )
        cause = self.made.choice((CauseClass.OWN_WORK, CauseClass.OWN_WORK, *CauseClass))
        content = replace(entry.content, claim=claim, cause_class=cause, text=self.made.choice(_FACTS))
        return replace(entry, content=content)

    def _finish(self, session: Session) -> None:
        """Ask to be done with one's own item."""
        share = self._one(session, select(AssignmentRow).where(col(AssignmentRow.role) == "lead"))
        assert isinstance(share, AssignmentRow)
        entry = self._entry(session, share.id or 0)
        entry = replace(entry, content=replace(entry.content, claim=Claim.DONE))
        done = SubmitOne(FilingKind.COMPLETION, entry)
        submit_one(session, done, actor=self._unit(share.unit_id), at=self.now)

    def services(self, *, at: datetime | None = None) -> Services:
        """Return what pages and commands work with, at a moment."""
        environ = {"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(self.folder), "TRACKER_SECRET_KEY": SECRET_KEY}
        evidence = EvidenceFiles(self.folder / "evidence")
        clock = StandingClock(at or self.now)
        return Services(load_settings(environ), self.database, clock, CALENDAR, POLICY, evidence)

    def send_out(self, kind: CircularType) -> None:
        """Draft, approve and issue a paper of now about all tasks, as it was computed."""
        services, at, head = self.services(), self.now, letterhead(kind)
        with suppress(TrackerError):
            new = compute(services, kind, head, scope=Scope(), layout_id=None, now=at)
            with self.database.transaction() as session:
                id_ = draft_circular(session, new, actor=OFFICE, at=at, same_facts=lambda _one, _other: False)
            with self.database.transaction() as session:
                submit_circular(session, circular_id=id_, version=1, content=None, actor=OFFICE, at=at)
            with self.database.transaction() as session:
                approve_circular(session, circular_id=id_, version=2, basis="同意", content=None, actor=LEADER, at=at)
            with self.database.transaction() as session:
                kept = content_kept(services, session, session.get_one(CircularRow, id_))
                said = {
                    "numbering": head.number,
                    "calendar": services.calendar,
                    "content": kept,
                    "actor": OFFICE,
                    "at": at,
                }
                issue_circular(session, circular_id=id_, version=3, **said)  # type: ignore[arg-type] # as above
        self.now += timedelta(minutes=5)


def _registry() -> UnitRegistry:
    known = small_registry()
    more = [Unit(code, full, short, kind, 100 + n) for n, (code, full, short, kind) in enumerate(_CLASSES)]
    group = Group("counties", ("各县区人民政府",), ("yc", "sp"))
    return UnitRegistry([*known.units, *more], groups=[group])


def working_document() -> Reading:
    """A document of 24 August 2022 without an end, of which every class of units leads something."""
    names = {unit.code: unit.short_name for unit in _registry().units}
    text, items, declared = "", list[Item](), list[Span]()
    for chapter, words in zip("一二", (_WORDS[:9], _WORDS[9:]), strict=True):
        start = len(text)
        text += f"{chapter}、重点任务\n"
        declared.append(Span(start, len(text), SpanRole.HEADING))
        for n, (title, leads, supports) in enumerate(words, 1):
            start = len(text)
            text += f"{n}.{title}。"
            note = len(text)
            printed = f"牵头单位：{'、'.join(names[code] for code in leads)}"
            if supports:
                printed += f"；配合单位：{'、'.join(names[code] for code in supports)}"
            text += f"（{printed}）"
            place = len(items)
            items.append(
                Item(
                    code=f"97-{place + 1:02}",
                    label=f"{chapter}{n}",
                    kind=ItemKind.ACTION,
                    title=title,
                    span=(start, len(text)),
                    lead_basis=LeadBasis.EXPLICIT,
                    responsibility=printed,
                    responsibility_span=(note, len(text)),
                    leads=tuple(PrintedUnit(names[code], code) for code in leads),
                    supports=tuple(PrintedUnit(names[code], code) for code in supports),
                    cadences=(Cadence(CadenceKind.MONTHLY, Basis.STATED, 1, title),) if place % 3 == 2 else (),
                    deadline=Deadline(date(2022, 9 + place % 4, 30), Basis.STATED, title) if place % 2 else None,
                )
            )
            text += "\n"
    return Reading(
        number=WORK,
        title="重点工作方案",
        issuer="驻马店市人民政府办公室",
        issued_on=date(2022, 8, 24),
        effective_on=None,
        expires_on=None,
        text=text.rstrip("\n"),
        items=tuple(items),
        declared=tuple(declared),
    )
