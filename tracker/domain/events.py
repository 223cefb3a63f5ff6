"""Facts that have happened, past tense, frozen: the event log, the outbox and the timeline are made of these."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import ClassVar

from tracker.domain.triggers import RunAnew


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact. `task_id` and `unit_id` say whose timeline it belongs to."""

    type: ClassVar[str]

    task_id: int | None = None
    unit_id: int | None = None

    def key(self) -> str | None:
        """Return what makes two records the same fact; None where each record is a fact of its own."""
        return None

    def payload(self) -> dict[str, object]:
        """Return the fields as JSON values; days and times in ISO form."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, dict):
        return {name: _plain(entry) for name, entry in value.items()}
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRegistered(Event):
    type = "document.registered"
    document_id: int
    number: str
    text_sha256: str
    items: int

    def key(self) -> str:
        return f"document.registered/{self.document_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retitled:
    """An item that reading anew gave another title."""

    item: str
    old_title: str
    new_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReread(Event):
    """A registered document was read anew: whom its demands bind, how its numbers count, what it leaves open.

    `changed` and `added` are codes of items; what was added waits for the office to approve and issue it. `titles` are
    the items of `changed` that bear another title now.
    """

    type = "document.reread"
    document_id: int
    number: str
    changed: tuple[str, ...]
    added: tuple[str, ...]
    questions: int
    titles: tuple[Retitled, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEndCorrected(Event):
    """The office corrected until when a registered document plans; None where it has no end."""

    type = "document.plan_end_corrected"
    document_id: int
    number: str
    old_on: date | None
    new_on: date | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentApproved(Event):
    """All proposed tasks of a document were approved 「立项」; Source: 国务院令第733号 第十一条."""

    type = "document.approved"
    document_id: int
    tasks: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedShare:
    """One unit's part in a task as it came into being; `state` is where the share stands when this is told."""

    assignment_id: int
    task_id: int
    unit_id: int
    role: str
    duty: str
    state: str = "pending_receipt"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentIssued(Event):
    """All approved tasks of a document were issued 「交办」 to their units, with the shares that came of it."""

    type = "document.issued"
    document_id: int
    tasks: int
    task_ids: tuple[int, ...] = ()
    shares: tuple[IssuedShare, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentReceived(Event):
    type = "assignment.received"
    assignment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerRecorded(Event):
    """What a dormant task waited for has happened; its clocks run.

    `anew` are those that had run out by then and count from the recording on; `first_on` is the day on which the first
    window of a running rhythm begins, None where none was over before.
    """

    type = "trigger.recorded"
    trigger_id: int
    occurred_at: datetime
    matter: str
    anew: tuple[RunAnew, ...] = ()
    first_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClosed(Event):
    """Struck off 「销号」, an act of its own after completion 「办结」."""

    type = "task.closed"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLapsed(Event):
    """The document's validity ended 「失效待结」; `closing` where its leads owe a closing report now."""

    type = "task.lapsed"
    expired_on: date
    closing: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularDrafted(Event):
    type = "circular.drafted"
    circular_id: int
    kind: str
    as_of: datetime
    last_event: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularChanged(Event):
    """A circular's words or state changed; `words` are the reason or basis where one was given."""

    type = "circular.changed"
    circular_id: int
    act: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularTemplateKept(Event):
    """The office uploaded a template of its own, or retired one."""

    type = "circular.template_kept"
    template_id: int
    kind: str
    name: str
    sha256: str
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularIssued(Event):
    """A circular got its number; its file is drawn of the facts with this digest, none of editions that keep none."""

    type = "circular.issued"
    circular_id: int
    number: str
    facts_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularDrawn(Event):
    """The file of an issued circular was drawn and kept."""

    type = "circular.drawn"
    circular_id: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMoved(Event):
    """The demonstration clock was set; never recorded in production."""

    type = "clock.moved"
    to: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderResent(Event):
    """The office let a message whose outcome was unknown go once more 「补发」."""

    type = "reminder.resent"
    reminder_id: int
    ukey: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSettled(Event):
    """The office confirmed that a message whose outcome was unknown did arrive 「确认已收」."""

    type = "reminder.settled"
    reminder_id: int
    ukey: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftUploaded(Event):
    """A document came in and was read by the intake."""

    type = "draft.uploaded"
    draft_id: int
    file_name: str
    file_sha256: str
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCorrected(Event):
    """A person corrected what the intake read; `item` is the place of the item, from 1, where it concerns one."""

    type = "draft.corrected"
    draft_id: int
    act: str
    item: int | None = None
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftApproved(Event):
    """A second person approved a draft 「立项」; it became a registered document."""

    type = "draft.approved"
    draft_id: int
    document_id: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDiscarded(Event):
    type = "draft.discarded"
    draft_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRegistered(Event):
    """The office entered a body that a document names, or one more name of a registered one."""

    type = "unit.registered"
    name: str
    alias: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSuperseded(Event):
    """A newer edition took the document's place; `by_item` goes on with the task, none where it was dropped."""

    type = "task.superseded"
    by_number: str
    by_item: str | None

    def key(self) -> str:
        return f"task.superseded/{self.task_id}"
