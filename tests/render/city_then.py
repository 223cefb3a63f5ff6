"""A city as it stood at a cut-off, for whoever checks what papers assert: plain records, no code of the product.

The class of a task and what a series owes are those that `flask state` printed of that moment. What it does not say is
read from the database file as it was kept at that very moment, so neither the log nor its fold has a part in it: who
leads and has signed, forms and rows (`tests.support.recount`), what was accepted, given back and asked for. Which
editions replaced which tasks, and which filings were given back, is read from what `flask events export` printed.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.support.recount import Form, Row, Series, counted_anew

_SHANGHAI = timezone(timedelta(hours=8))
BLAMED_KINDS = ("市政府部门", "下级政府", "功能区管委会", "市属企业事业")
_GONE = ("released", "reassigned")
_OPEN = ("issued", "in_progress", "under_review", "returned")
_SAID_BEHIND = ("behind", "difficult", "not_started_overdue")
_BY_CLAIMS = ("behind", "ongoing", "on_schedule")


def day_of(at: datetime) -> date:
    return at.astimezone(_SHANGHAI).date()


def last_day(moment: datetime) -> date:
    """The last day on which something due before a moment is in time."""
    return day_of(moment - timedelta(microseconds=1))


def said_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def at_utc(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC) if stored else None


@dataclass(frozen=True, slots=True)
class Unit:
    id: int
    short: str
    full: str
    kind: str
    order: int
    kept: bool

    @property
    def is_blamed(self) -> bool:
        return self.kind in BLAMED_KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One report, `apart` where it was told in no row; `claim` is the word that holds."""

    kind: str
    state: str
    apart: bool
    claim: str | None
    own_claim: str | None
    text: str
    cause_class: str | None
    cause: str
    found: str
    filed_at: datetime | None
    decided_at: datetime | None
    heard: bool
    values: tuple[tuple[str, str, float, str, float, date | None], ...] = ()

    @property
    def counts(self) -> bool:
        return self.state == "accepted" and self.heard and self.kind in ("progress", "completion")

    @property
    def is_lowered(self) -> bool:
        return self.own_claim is not None and self.claim != self.own_claim


@dataclass(slots=True, kw_only=True)
class Share:
    id: int
    unit: Unit
    leads: bool
    state: str
    got_on: date | None
    said: list[Said] = field(default_factory=list)
    asked: list[tuple[str, datetime, datetime | None, bool]] = field(default_factory=list)

    @property
    def last_accepted(self) -> Said | None:
        return next((one for one in reversed(self.said) if one.counts), None)


@dataclass(slots=True, kw_only=True)
class Task:
    id: int
    code: str
    label: str
    title: str
    document: str
    document_title: str
    internal: bool
    place: tuple[int, int]
    issued_on: date
    state: str
    waits: bool
    dormant: bool
    deadline: date | None
    work: str
    ended_at: datetime | None
    superseded: bool = False
    lead_basis: str = ""
    printed_leads: list[Unit] = field(default_factory=list)
    printed: dict[str, list[tuple[str, Unit]]] = field(default_factory=dict)
    shares: list[Share] = field(default_factory=list)

    @property
    def held(self) -> list[Share]:
        """The shares that stand, of what has none any more all."""
        return [share for share in self.shares if share.state not in _GONE] or self.shares

    @property
    def leads(self) -> list[Share]:
        return [share for share in self.held if share.leads]

    @property
    def live_leads(self) -> list[Share]:
        return [share for share in self.leads if share.state not in _GONE]

    @property
    def unsigned(self) -> list[Share]:
        is_open = self.state in _OPEN
        return [share for share in self.live_leads if is_open and share.state == "pending_receipt"]

    @property
    def is_settled(self) -> bool:
        """Whether its class is that of the task as a whole, whoever leads."""
        return self.work in ("cancelled", "completed_met", "completed_unmet", "suspended", "lapsed")

    @property
    def is_archived(self) -> bool:
        return self.work == "lapsed" and self.state == "archived"

    def own_word(self) -> bool | None:
        """Whether its class rests on the unit's word alone; None where several leads leave that open."""
        if self.work not in _BY_CLAIMS:
            return False
        found = {not any(one.counts and one.claim for one in share.said) for share in self.live_leads}
        return found.pop() if len(found) == 1 else None


class CityThen:
    """What stood at `at`: `state` and `events` as the commands printed them, `file` as it was kept at that moment."""

    def __init__(
        self,
        file: Path,
        *,
        at: datetime,
        state: dict[str, Any],  # Any: parsed JSON
        events: list[dict[str, Any]],  # as above
        is_workday: Callable[[date], bool],
    ) -> None:
        self.file, self.at, self.state, self.today = file, at, state, day_of(at)
        self.events = [one for one in events if datetime.fromisoformat(one["at"]) <= at]
        self._is_workday = is_workday
        with sqlite3.connect(file) as connection:
            connection.row_factory = sqlite3.Row
            self._read = connection
            self.units = {unit.id: unit for unit in self._units()}
            self.tasks = self._tasks()
            self._reports()
            self._requests()
            self.rows = {row["id"]: row for row in connection.execute(_ROWS)}
            self.circulars = list(connection.execute("SELECT * FROM circular WHERE number IS NOT NULL"))
        self.series: list[Series] = counted_anew(file)

    @cached_property
    def by_short(self) -> dict[str, Unit]:
        return {unit.short: unit for unit in self.units.values()}

    def unit(self, name: str | None) -> Unit | None:
        return next((unit for unit in self.units.values() if name in (unit.short, unit.full)), None)

    def workdays(self, start: date, end: date) -> int:
        """Count the working days after a day up to another, that day included."""
        return sum(self._is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def workdays_on(self, start: date, count: int) -> date:
        day = start
        while count:
            day += timedelta(days=1)
            count -= self._is_workday(day)
        return day

    @cached_property
    def rows_of_shares(self) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = defaultdict(list)
        for row in (row for series in self.series for form in series.forms for row in form.rows):
            found[self.rows[row.id]["assignment_id"]].append(row)
        return found

    @cached_property
    def internal(self) -> set[str]:
        return {task.document for task in self.tasks if task.internal}

    @cached_property
    def owed(self) -> dict[int, dict[str, Any]]:  # Any: parsed JSON
        """What is overdue, by series, as `flask state` says it."""
        every = self.state["series"]
        return {one["id"]: one for one in every if one["owed"] is not None and one["owed"]["since"] is not None}

    def _units(self) -> list[Unit]:
        told = self._read.execute("SELECT * FROM unit")
        return [
            Unit(
                row["id"],
                row["short_name"],
                row["full_name"],
                row["kind"],
                row["official_order"],
                row["kept_by_unit_id"] is not None,
            )
            for row in told
        ]

    def _tasks(self) -> list[Task]:
        printed = {(one["document"], one["code"]): one for one in self.state["tasks"]}
        replaced = {one["task_id"] for one in self.events if one["type"] == "task.superseded"}
        triggered = {one["task_id"] for one in self.events if one["type"] == "trigger.recorded"}
        found: dict[int, Task] = {}
        for row in self._read.execute(_TASKS):
            issued_at = at_utc(row["issued_at"])
            if (row["number"], row["code"]) not in printed or issued_at is None:
                continue
            found[row["id"]] = Task(
                id=row["id"],
                code=row["code"],
                label=row["label"],
                title=row["title"],
                document=row["number"],
                document_title=row["document_title"],
                internal=row["origin"] == "internal",
                place=(row["document_id"], row["start_at"]),
                issued_on=day_of(issued_at),
                state=row["state"],
                dormant=bool(row["dormant"]),
                waits=bool(row["dormant"]) and row["id"] not in triggered,
                deadline=date.fromisoformat(row["due_on"]) if row["due_on"] else None,
                work=printed[row["number"], row["code"]]["class"],
                ended_at=at_utc(row["completed_at"]),
                superseded=row["id"] in replaced,
                lead_basis=row["lead_basis"],
            )
        for row in self._read.execute("SELECT * FROM assignment ORDER BY id"):
            if row["task_id"] in found:
                got_on = date.fromisoformat(row["got_on"]) if row["got_on"] else None
                share = Share(
                    id=row["id"],
                    unit=self.units[row["unit_id"]],
                    leads=row["role"] == "lead",
                    state=row["state"],
                    got_on=got_on,
                )
                found[row["task_id"]].shares.append(share)
        items = {row["id"]: row["item_id"] for row in self._read.execute("SELECT id, item_id FROM task")}
        named = list(self._read.execute("SELECT * FROM item_unit WHERE unit_id IS NOT NULL ORDER BY position"))
        for task in found.values():
            for row in named:
                if row["item_id"] == items[task.id]:
                    task.printed.setdefault(row["role"], []).append((row["printed"], self.units[row["unit_id"]]))
            task.printed_leads = [unit for _words, unit in task.printed.get("lead", ())]
        return sorted(found.values(), key=lambda task: task.place)

    @cached_property
    def shares(self) -> dict[int, Share]:
        return {share.id: share for task in self.tasks for share in task.shares}

    def _reports(self) -> None:
        values: dict[int, list[tuple[str, str, float, str, float, date | None]]] = defaultdict(list)
        for row in self._read.execute(_VALUES):
            on = date.fromisoformat(row["value_on"]) if row["value_on"] else None
            said = (row["metric"], row["unit"] or "", row["value"], row["op"], row["wanted"], on)
            values[row["report_id"]].append(said)
        for row in sorted(self._read.execute(_REPORTS), key=_spoken_of):
            if row["assignment_id"] in self.shares and row["state"] in ("filed", "accepted", "returned"):
                self.shares[row["assignment_id"]].said.append(_said(row, tuple(values[row["id"]])))

    def _requests(self) -> None:
        for row in self._read.execute("SELECT * FROM request WHERE kind <> 'objection' ORDER BY id"):
            if row["assignment_id"] in self.shares:
                asked_at = at_utc(row["asked_at"])
                assert asked_at is not None
                said = (row["state"], asked_at, at_utc(row["decided_at"]), bool(row["by_leader"]))
                self.shares[row["assignment_id"]].asked.append(said)

    def form_moment(self, form: Form) -> datetime | None:
        """When a form falls due: its earliest unreported row, else the earliest that it had to speak of."""
        left = [row.moment for row in form.rows if row.state == "open" and row.moment is not None]
        every = [row.due_at for row in form.rows if row.required or row.filed_at is not None]
        return min(left or every, default=None)


def _spoken_of(row: sqlite3.Row) -> tuple[date, str, int]:
    """As of which day a report speaks: that of its writing, or its period's last one where that is earlier."""
    written = at_utc(row["written_at"])
    assert written is not None
    day = day_of(written)
    ends_on = row["period_ends_on"]
    return min(day, date.fromisoformat(ends_on)) if ends_on else day, row["written_at"], row["id"]


def _said(row: sqlite3.Row, values: tuple[tuple[str, str, float, str, float, date | None], ...]) -> Said:
    return Said(
        kind=row["kind"],
        state=row["state"],
        apart=row["row_id"] is None,
        claim=row["verified_claim"] or row["claim"],
        own_claim=row["claim"],
        text=row["text"],
        cause_class=row["cause_class"],
        cause=row["cause"] or "",
        found=row["verified_reason"] or "",
        filed_at=at_utc(row["filed_at"]) or at_utc(row["written_at"]),
        decided_at=at_utc(row["decided_at"]),
        heard=row["by_lead"] in (None, 1) and row["voice"] != 0,
        values=values,
    )


def is_behind(one: Said | None) -> bool:
    return one is not None and one.claim in _SAID_BEHIND


_TASKS = """
SELECT t.*, i.id AS item, i.lead_basis, i.code, i.label, i.title, i.start_at,
       d.number, d.title AS document_title, d.origin
FROM task t JOIN item i ON i.id = t.item_id JOIN document d ON d.id = t.document_id
"""
_REPORTS = """
SELECT report.*, period.ends_on AS period_ends_on
FROM report LEFT JOIN form_row ON form_row.id = report.row_id LEFT JOIN period ON period.id = form_row.period_id
"""
_VALUES = """
SELECT v.report_id, v.value, v.value_on, g.metric, g.unit, g.op, g.value AS wanted
FROM report_value v JOIN item_target g ON g.id = v.target_id ORDER BY v.report_id, g.position
"""
_ROWS = """
SELECT r.*, p.series_id, p.code AS period, s.unit_id, s.kind AS rhythm, s.document_id, d.number AS document,
       t.id AS task_id, i.label, i.title, i.code
FROM form_row r JOIN period p ON p.id = r.period_id JOIN series s ON s.id = p.series_id
JOIN document d ON d.id = s.document_id
LEFT JOIN assignment a ON a.id = r.assignment_id LEFT JOIN task t ON t.id = a.task_id
LEFT JOIN item i ON i.id = t.item_id
"""
