"""A city as the version before series left it on 2022-11-01, one legacy period or report in every state."""

import hashlib
from datetime import UTC, date, datetime

from sqlalchemy import column, insert, table, update
from sqlmodel import SQLModel

from tests.support.legacy_rows import LegacyRows
from tracker.domain.accounts import SYSTEM
from tracker.domain.calendar import at_local, end_of_day
from tracker.domain.events.shares import AssignmentReceived
from tracker.domain.items import Basis, CadenceKind, ItemKind, LeadBasis, Measure
from tracker.domain.plan_ends import PlanEnd
from tracker.domain.readings.demands import Cadence, Target
from tracker.domain.readings.item import Item, PrintedGroup, PrintedUnit
from tracker.domain.readings.reading import Reading
from tracker.store import event_log
from tracker.store.database import Database
from tracker.store.tables.events import ChainHeadRow

NUMBER = "驻政办〔2022〕98号"
EXPIRED = "驻政办〔2022〕97号"
NOW = at_local(date(2022, 11, 1), 9, 0)
ISSUED_AT = datetime(2022, 8, 25, 17, 0, tzinfo=UTC)  # 1 a.m. of the next day in Shanghai
Q3 = (date(2022, 7, 1), date(2022, 9, 30), date(2022, 10, 10))
Q4 = (date(2022, 10, 1), date(2022, 12, 31), date(2023, 1, 5))

# What stood where; each is an item of the document, led by the bureau of commerce, most reported quarterly by default.
STORIES = (
    "accepted",
    "returned",
    "under_review",
    "awaiting_sign_off",
    "unfiled",
    "extended",
    "extension_pending",
    "extension_refused",
    "nil",
    "waived",
    "monthly_missed",
    "sent_back",
    "completed",
    "closed",
    "clock",
)
OVERLOOKED = "item read later"


def _line(n: int) -> str:
    return f"{n + 1}.按期完成第{n + 1}项工作，全年不少于{n + 1}次。（责任单位：市商务局）\n"


TEXT = "".join(_line(n) for n in range(len(STORIES) + 1))


def reading() -> Reading:
    """The document as it is read today: numbers have a measure, counties share the fifth item, one item is new."""
    items = tuple(_item(n, story) for n, story in enumerate((*STORIES, OVERLOOKED)))
    return Reading(
        number=NUMBER,
        title="工作方案",
        issuer=None,
        issued_on=date(2022, 8, 24),
        effective_on=None,
        expires_on=None,
        text=TEXT,
        items=items,
        declared=(),
        plan_end=PlanEnd(date(2023, 12, 31)),
    )


def _item(n: int, story: str) -> Item:
    start = sum(len(_line(earlier)) for earlier in range(n))
    words = _line(n)
    note = start + words.index("（")
    end = start + len(words) - 1
    rhythms = {
        "monthly_missed": (Cadence(CadenceKind.MONTHLY, Basis.STATED, 1, "按期完成"),),
        "clock": (Cadence(CadenceKind.WITHIN_HOURS, Basis.STATED, 24, "按期完成"),),
    }
    return Item(
        code=f"98-{n + 1:02}",
        label=str(n + 1),
        kind=ItemKind.ACTION,
        title=story,
        span=(start, end),
        lead_basis=LeadBasis.EXPLICIT,
        responsibility="责任单位：市商务局",
        responsibility_span=(note, end),
        leads=(PrintedUnit("市商务局", "swj"),),
        groups=(PrintedGroup("各县区", ("yc", "sp")),) if story == "unfiled" else (),
        cadences=rhythms.get(story, ()),
        targets=(Target("次数", ">=", n + 1, f"全年不少于{n + 1}次", "次", "年", Measure.CUMULATIVE),),
    )


class LegacyCity(LegacyRows):
    """A bureau whose items each tell a story, and two counties that share one of them."""

    def fill(self) -> None:
        """Write the city: the stories of the document that goes on, and a lapsed task of an expired one."""
        units = {
            code: self.unit(code, name, order=order)
            for order, (code, name) in enumerate({"swj": "市商务局", "yc": "驿城区", "sp": "遂平县"}.items())
        }
        document = self._document(NUMBER, expires_on=None)
        for n, story in enumerate(STORIES):
            self._item(document, units, n, story)
            getattr(self, f"_{story}")(story)
        for code in ("yc", "sp"):
            self.period(code, *Q3)
            self.period(code, *Q4)
        expired = self._document(EXPIRED, expires_on=date(2022, 10, 20))
        self._task(expired, units, code="97-01", span=(0, 9), state="lapsed", story="lapsed")
        self.period("lapsed", *Q3)
        self.report("lapsed", "filed", period="lapsed")

    def _document(self, number: str, *, expires_on: date | None) -> int:
        return self.put(
            "document",
            number=number,
            title="工作方案",
            issued_on=date(2022, 8, 24),
            expires_on=expires_on,
            text=TEXT,
            text_sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
            day_off_rule="stay",
        )

    def _item(self, document: int, units: dict[str, int], n: int, story: str) -> None:
        item = _item(n, story)
        state = story if story in ("completed", "closed") else "in_progress"
        self._task(document, units, code=item.code, span=item.span, state=state, story=story)

    def _task(
        self, document: int, units: dict[str, int], *, code: str, span: tuple[int, int], state: str, story: str
    ) -> None:
        item_id = self.put(
            "item",
            document_id=document,
            code=code,
            label=code,
            kind="action",
            title=story,
            text=story,
            start_at=span[0],
            end_at=span[1],
            lead_basis="explicit",
        )
        self.put("item_unit", item_id=item_id, role="lead", position=0, printed="市商务局", unit_id=units["swj"])
        task = self.put(
            "task",
            item_id=item_id,
            document_id=document,
            state=state,
            dormant=story == "clock",
            issued_at=ISSUED_AT,
            completed_at=NOW if story in ("completed", "closed") else None,
            version=1,
        )
        self.shares[story] = self.share(task, units["swj"], role="lead")
        self.shares[f"{story}/target"] = self._demands(item_id, story, n=int(code[-2:]))
        self.shares[f"{story}/task"] = task
        if story == "unfiled":
            for county in ("yc", "sp"):
                self.shares[county] = self.share(task, units[county], role="support")

    def _demands(self, item_id: int, story: str, *, n: int) -> int:
        """Write a rhythm and a number; return the number's id."""
        kinds = {"monthly_missed": ("monthly", "stated"), "clock": ("within_hours", "stated")}
        kind, basis = kinds.get(story, ("quarterly", "default"))
        self.put("item_cadence", item_id=item_id, position=0, kind=kind, basis=basis, n=24 if story == "clock" else 1)
        return self.put(
            "item_target",
            item_id=item_id,
            position=0,
            metric="次数",
            op=">=",
            value=n,
            quote=f"全年不少于{n}次",
            unit="次",
            per="年",
        )

    def _accepted(self, story: str) -> None:
        filed_at = at_local(date(2022, 10, 9), 15, 0)
        self.period(story, *Q3, state="accepted", filed_at=filed_at)
        self.period(story, *Q4)
        report = self.report(story, "accepted", period=story)
        self.put("report_value", report_id=report, target_id=self.shares[f"{story}/target"], value=3.5)
        self.put(
            "evidence",
            report_id=report,
            sha256="a" * 64,
            name="台账.xlsx",
            size_bytes=12,
            media_type="application/octet-stream",
            uploaded_by="联络员",
            uploaded_at=filed_at,
        )

    def _returned(self, story: str) -> None:
        filed_at = at_local(date(2022, 10, 9), 15, 0)
        due_at = end_of_day(date(2022, 11, 3))
        self.period(story, *Q3, state="returned", filed_at=filed_at, due_at=due_at)
        self.period(story, *Q4)
        self.report(story, "returned", period=story)

    def _under_review(self, story: str) -> None:
        self.period(story, *Q3, state="late_filed", filed_at=at_local(date(2022, 10, 31), 15, 0), late=True)
        self.period(story, *Q4)
        self.report(story, "filed", period=story)

    def _awaiting_sign_off(self, story: str) -> None:
        self._unfiled(story)
        self.report(story, "awaiting_sign_off", period=story)

    def _unfiled(self, story: str) -> None:
        self.period(story, *Q3)
        self.period(story, *Q4)

    def _extended(self, story: str) -> None:
        self.period(story, *Q3, due_at=end_of_day(date(2022, 10, 25)))
        self.ask(story, "granted", date(2022, 10, 10), date(2022, 10, 25))

    def _extension_pending(self, story: str) -> None:
        self.period(story, *Q4)
        self.ask(story, "pending", date(2023, 1, 5), date(2023, 1, 20))

    def _extension_refused(self, story: str) -> None:
        self.period(story, *Q3)
        self.ask(story, "refused", date(2022, 10, 10), date(2022, 10, 25))

    def _nil(self, story: str) -> None:
        self.period(story, *Q3, state="accepted", filed_at=at_local(date(2022, 10, 9), 15, 0))
        self.report(story, "accepted", kind="nil", period=story)

    def _waived(self, story: str) -> None:
        self.period(story, *Q3, state="waived")

    def _monthly_missed(self, story: str) -> None:
        due = {8: date(2022, 9, 5), 9: date(2022, 10, 10), 10: date(2022, 11, 3)}
        last = {8: 31, 9: 30, 10: 31}
        for month, due_on in due.items():
            span = (date(2022, month, 1), date(2022, month, last[month]), due_on)
            self.period(story, *span, kind="monthly", code=f"2022-{month:02}", state="missed" if month < 10 else "open")

    def _sent_back(self, story: str) -> None:
        self._unfiled(story)
        self.report(story, "sent_back", period=story)

    def _completed(self, story: str) -> None:
        self._unfiled(story)
        self.report(story, "accepted", kind="completion")

    _closed = _completed

    def _clock(self, story: str) -> None:
        happened_at = at_local(date(2022, 10, 30), 8, 0)
        trigger = self.put(
            "trigger_event",
            task_id=self.shares[f"{story}/task"],
            occurred_at=happened_at,
            matter="发现疫情",
            recorded_by="督查员",
        )
        day = date(2022, 10, 30)
        due_at = at_local(date(2022, 10, 31), 8, 0)
        self.period(story, day, day, date(2022, 10, 31), kind="within_hours", code=f"T{trigger}", due_at=due_at)


def fill(database: Database) -> LegacyCity:
    """Write the legacy city and a few events; return where its rows are."""
    with database.engine.begin() as connection:
        city = LegacyCity(connection)
        city.fill()
    with database.transaction() as session:
        told = (event_log.Recorded(AssignmentReceived(assignment_id=share), SYSTEM, ISSUED_AT) for share in (1, 2, 3))
        rows = list(event_log.links(told, seq=0, previous_hash=event_log.GENESIS))
        # That version knew no column for what an event is about.
        log = SQLModel.metadata.tables["event"]
        known = [column(one.name, one.type) for one in log.columns if one.name != "about"]
        append = insert(table("event", *known))
        session.execute(append, [{one.name: row[one.name] for one in known} for row in rows])
        session.execute(update(ChainHeadRow).values(seq=len(rows), hash=rows[-1]["hash"]))
    return city
