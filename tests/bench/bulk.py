"""A city of any size, written straight into the tables: as many tasks as wanted, 70 % closed, 30 % running.

Thirty items a document, three a form; a running series has two periods behind it, the one that runs and the one
ahead. One unit, the quiet one, keeps the same sixty tasks at every size, so that its pages may be compared.
Overdue is 5 % of the tasks; of a small city more, so that a page of fifty lines is full at every size.
"""

from dataclasses import dataclass, field

from sqlalchemy import update

from tests.bench.bulk_forms import CLOSED_AT, ISSUED_ON, KIND, NOW, PLAIN, BulkRow, FormWriter, Story
from tests.bench.bulk_writer import BulkWriter
from tracker.domain.accounts import SYSTEM, Role
from tracker.domain.calendar import at_local
from tracker.domain.events.shares import AssignmentReceived
from tracker.domain.units import UnitKind
from tracker.store import event_log
from tracker.store.database import Database
from tracker.store.tables.events import ChainHeadRow

__all__ = ["NOW", "QUIET", "SUPERVISOR", "BulkCity", "liaison_of"]

UNITS = 81
QUIET = UNITS
SUPERVISOR = 1
_FIRST_PERSON_OF_UNITS = 2
_ITEMS = 30
_FORMS = 10
_ROWS = _ITEMS // _FORMS
_QUIET_DOCUMENTS = 20
_ISSUED_AT = at_local(ISSUED_ON, 9, 0)
_FULL_PAGE = 60


def liaison_of(unit_id: int) -> int:
    """Return the id of the person who reports for a unit."""
    return _FIRST_PERSON_OF_UNITS + 2 * (unit_id - 1)


_QUIET_STORIES = (Story(overdue=True), Story(returned=True), Story(to_sign=True), Story(under_review=True))


@dataclass(slots=True)
class BulkCity:
    """Writes a city of `tasks` tasks."""

    database: Database
    tasks: int
    _out: BulkWriter = field(init=False)
    _forms: FormWriter = field(init=False)
    _recorded: list[event_log.Recorded] = field(default_factory=list)
    _seq: int = 0
    _hash: str = event_log.GENESIS
    _running: int = 0

    def __post_init__(self) -> None:
        self._out = BulkWriter(self.database)
        self._forms = FormWriter(self._out, self._recorded)

    def load(self) -> None:
        """Write the city into an empty, migrated database."""
        self._write_units()
        for number in range(-(-self.tasks // _ITEMS)):
            self._write_document(number)
            self._write_events()
            self._out.write_if_many()
        self._out.finish()
        with self.database.engine.begin() as connection:
            connection.execute(update(ChainHeadRow).values(seq=self._seq, hash=self._hash))

    def _write_units(self) -> None:
        self._person("office", Role.SUPERVISOR, None)
        for number in range(1, UNITS + 1):
            name = f"市第{number}局"
            unit_id = self._out.add(
                "unit",
                code=f"u{number}",
                full_name=name,
                short_name=name,
                kind=UnitKind.CITY_DEPARTMENT.value,
                official_order=number,
            )
            self._person(f"liaison{number}", Role.LIAISON, unit_id)
            self._person(f"head{number}", Role.UNIT_HEAD, unit_id)
        self._person("leader", Role.LEADER, None)

    def _person(self, login: str, role: Role, unit_id: int | None) -> None:
        person = {"login": login, "name": login, "role": role.value, "unit_id": unit_id}
        self._out.add("person", **person, email=None, password_hash="-")

    def _write_document(self, number: int) -> None:
        """Four documents of ten run, and of these every fourth task is closed: three tasks of ten go on."""
        document_id = self._out.add(
            "document",
            number=f"驻政办〔2022〕{number + 1}号",
            title=f"关于第{number + 1}批重点工作的通知",
            issued_on=ISSUED_ON,
            text="各单位要按月报送进展。" * 20,
            text_sha256="-",
        )
        runs = number % 10 < 4
        for form in range(_FORMS):
            quiet = form == 0 and number < _QUIET_DOCUMENTS
            unit_id = QUIET if quiet else (number * _FORMS + form) % (UNITS - 1) + 1
            rows = [self._write_item(document_id, unit_id, form * _ROWS + n, runs=runs) for n in range(_ROWS)]
            story = None
            if runs:
                story = self._quiet_story(number) if quiet else self._story()
                self._running += 1
            self._forms.write_series(document_id, unit_id, rows, story)

    def _quiet_story(self, number: int) -> Story:
        place = number // 10 * 4 + number % 10
        return _QUIET_STORIES[place] if place < len(_QUIET_STORIES) else PLAIN

    def _story(self) -> Story:
        every = max(2, min(6, self.tasks * 2 // 5 // _ROWS // _FULL_PAGE))
        number = self._running
        if number % every == 0:
            return Story(overdue=True)
        if number % 4 == 1:
            return Story(under_review=True)
        place = number % 31
        return Story(to_sign=place == 3, returned=place == 7, pending=place == 11)

    def _write_item(self, document_id: int, unit_id: int, place: int, *, runs: bool) -> BulkRow:
        open_ = runs and place % 4 != 0
        item_id = self._out.add(
            "item",
            document_id=document_id,
            code=f"{document_id}-{place + 1:02}",
            label=f"第{place + 1}项",
            kind="action",
            title=f"推进第{document_id}批第{place + 1}项工作",
            text="按月推进并报送进展，年底前完成既定目标。",
            start_at=place * 5,
            end_at=place * 5 + 5,
            lead_basis="explicit",
        )
        task_id = self._out.add(
            "task",
            item_id=item_id,
            document_id=document_id,
            state="in_progress" if open_ else "closed",
            issued_at=_ISSUED_AT,
            completed_at=None if open_ else CLOSED_AT,
            outcome=None if open_ else "met",
        )
        self._out.add("item_cadence", item_id=item_id, position=1, kind=KIND.value, basis="stated", quote="按月")
        target_id = self._out.add(
            "item_target",
            item_id=item_id,
            position=1,
            metric="完成项目",
            op=">=",
            value=12.0,
            unit="个",
            quote="不少于12个",
            measure="cumulative",
        )
        assignment_id = self._share(task_id, unit_id, "lead", open_=open_)
        self._share(task_id, unit_id % (UNITS - 1) + 1, "support", open_=open_)
        return BulkRow(assignment_id, task_id, target_id, open_)

    def _share(self, task_id: int, unit_id: int, role: str, *, open_: bool) -> int:
        assignment_id = self._out.add(
            "assignment",
            task_id=task_id,
            unit_id=unit_id,
            role=role,
            duty="report" if role == "lead" else "reply",
            state="working" if open_ else "accepted",
            got_on=ISSUED_ON,
            received_at=_ISSUED_AT,
        )
        if role == "lead":
            event = AssignmentReceived(task_id=task_id, unit_id=unit_id, assignment_id=assignment_id)
            self._recorded.append(event_log.Recorded(event, SYSTEM, _ISSUED_AT))
        return assignment_id

    def _write_events(self) -> None:
        for link in event_log.links(self._recorded, seq=self._seq, previous_hash=self._hash):
            self._out.add_as_is("event", link)
            self._seq, self._hash = self._seq + 1, str(link["hash"])
        self._recorded.clear()
