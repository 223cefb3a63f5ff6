"""What decides whether a paper may praise or criticise a lead by name: its own part in each task, lead by lead.

A task that several units lead has one class, that of the worst of them; nobody is named for what another did.
"""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.circulars.proposals import NamingAct
from tracker.domain.claims import CauseClass, Claim
from tracker.domain.progress import WorkClass


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One report of a lead that the office accepted: the word that holds, and the cause as it was recorded.

    `period` names the form that it was on, empty of one that was on none. Where the office found less than the unit
    claimed, no cause of the unit stands for it. `events` are the log's numbers of the report and of its acceptance.
    """

    claim: Claim | None
    cause: CauseClass | None
    period: str
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OwnPart:
    """The part in a task of the unit that a paper is about: whether it leads, and has yet to sign 「签收」."""

    leads: bool
    awaits_receipt: bool


@dataclass(frozen=True, slots=True)
class Untrue:
    """A report that the office gave back as untrue 「弄虚作假」 on `found_on`, whatever was reported since.

    `what` names it; `events` are the log's numbers of the report, of its acceptance if there was one, of the finding.
    """

    what: str
    found_on: date
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadPart:
    """The part of one lead in one task as it stood at the cut-off; `work` is the class of this part alone.

    `waits` while something of it lies with the office, the leader or another unit: a report or a request undecided,
    another unit asked and silent; `awaits_receipt` until this lead has signed for it. `mending` while the term runs in
    which a completion report that was given back, once, is to be corrected; `completed_on` is when its first one left
    the unit that was not given back for its content. `silent` where a report of it was due by the cut-off and nothing
    came for that, `returned` where what came was given back and nothing is accepted yet; `next_due` is the moment of
    the next one. `told` are its last accepted reports, the last first, two at most and of different periods; `proved`
    the events of accepted reports to which files were attached. `untrue` are those that this unit itself handed in as
    a lead.
    """

    task_id: int
    unit: str
    unit_order: int
    may_be_blamed: bool
    work: WorkClass
    waits: bool = False
    awaits_receipt: bool = False
    mending: bool = False
    completed_on: date | None = None
    silent: bool = False
    returned: bool = False
    next_due: datetime | None = None
    told: tuple[Confirmed, ...] = ()
    proved: tuple[int, ...] = ()
    untrue: tuple[Untrue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A 催办单 that a unit has not answered; `answer_on` is the last day on which it could be, `as_of` its cut-off.

    `document` is the number of the one that it was about, None where it was about all that the unit owed; `signed_on`
    when the unit signed for it, None where it has not.
    """

    unit: str
    number: str
    as_of: datetime
    answer_on: date
    document: str | None
    events: tuple[int, ...]
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A 催办单 that a unit answered: its cut-off, and the document that it was about, None where it was about all."""

    unit: str
    as_of: datetime
    document: str | None


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A row of a unit that was given back for what it says or lacks; `event` is the log's number."""

    unit: str
    event: int


@dataclass(frozen=True, slots=True)
class FoundUntrue:
    """A report that a unit handed in, in whatever part, and the office gave back as untrue on a day."""

    unit: str
    on: date


@dataclass(frozen=True, slots=True)
class NamedBefore:
    """What an issued paper that stands praises or criticises a unit for, word for word, and the cut of its facts."""

    unit: str
    act: NamingAct
    words: str
    as_of: datetime
    last_event: int


@dataclass(frozen=True, slots=True)
class LedFacts:
    """What is known of all leads at a cut-off.

    `held_up` are units with a request undecided or a report to correct; `unanswered` has what was urged in vain, the
    first issued first; `given_back` every row that was given back for its content, `untrue` every report that was found
    untrue; `named` whom papers praised and criticised by name until then; `answered` what units were urged to and did
    answer. `waiting` says of whose part in which task something lies with the office, the leader or another unit,
    leading or not: by unit and task.
    """

    parts: tuple[LeadPart, ...] = ()
    held_up: frozenset[str] = frozenset()
    unanswered: tuple[Unanswered, ...] = ()
    given_back: tuple[GivenBack, ...] = ()
    untrue: tuple[FoundUntrue, ...] = ()
    named: tuple[NamedBefore, ...] = ()
    answered: tuple[Answered, ...] = ()
    waiting: frozenset[tuple[str, int]] = frozenset()


NO_LEADS = LedFacts()
