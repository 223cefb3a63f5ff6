"""Messages to units about a whole document or the calendar, one a unit however much of its work they concern."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import full_date, local_day, local_words
from tracker.domain.deliveries import Delivery
from tracker.domain.events.calendar import CalendarPublished, OutageRecorded
from tracker.domain.events.documents import (
    DocumentEnded,
    DocumentIssued,
    DocumentSuperseded,
    EndedPart,
    PlanEndCorrected,
)
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, AssignmentState, TaskState
from tracker.domain.quoting import quoted, titled
from tracker.store.queries.calendar import MovedMoment, moved_by
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.tasks import RUNNING_TASK, AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.wording.moments import due_words
from tracker.wording.notices import (
    DISPUTE_UNDECIDED,
    OUTAGE_AHEAD,
    OUTAGE_PASSED,
    OUTAGE_REPORTED,
    notice_reason,
    notice_subject,
    plan_end_words,
)
from tracker.wording.periods import moment_label
from tracker.wording.quoting import stopped

_MOVES_NAMED = 10
_PLACES = (
    "task_id",
    "period_id",
    "circular_id",
    "naming_id",
    "score_month_id",
    "project_id",
    "asked_id",
    "inquiry_id",
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to the liaisons of one unit, with `to_heads` to its heads too, or to the office without a unit.

    With `person_id` it is to that person only, `to_anybody`: by mail also where he has no page with messages.
    """

    unit_id: int | None
    subject_id: int
    subject: str
    reason: str
    tasks: tuple[str, ...]
    task_id: int | None = None
    period_id: int | None = None
    circular_id: int | None = None
    naming_id: int | None = None
    score_month_id: int | None = None
    project_id: int | None = None
    asked_id: int | None = None
    inquiry_id: int | None = None
    to_heads: bool = False
    person_id: int | None = None
    to_anybody: bool = False

    @property
    def leads_to(self) -> dict[str, int]:
        """Name the page where it goes on, by an id: of its task, its form's period, its paper, what that would say,
        its month, project, what a unit is asked or what was asked on its task."""
        ids = {name: getattr(self, name) for name in _PLACES}
        return {name: id_ for name, id_ in ids.items() if id_ is not None}


def to_signers(session: Session, notice: Notice) -> Notice:
    """Tell a message about what left a unit to its heads too, by whose signature it left, unless it needs none."""
    assert notice.unit_id is not None
    return replace(notice, to_heads=session.get_one(UnitRow, notice.unit_id).needs_sign_off)


def of_document(session: Session, event: DocumentIssued, delivery: Delivery) -> list[Notice]:
    """One message a unit, however many items of the document it got."""
    document = session.get_one(DocumentRow, event.document_id)
    rows = session.execute(
        select(col(AssignmentRow.unit_id), col(ItemRow.code))
        .select_from(AssignmentRow)
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(col(TaskRow.document_id) == document.id, col(TaskRow.issued_at) == delivery.at)
        .order_by(col(AssignmentRow.unit_id), col(ItemRow.id))
    )
    codes: dict[int, list[str]] = {}
    for unit_id, code in rows:
        codes.setdefault(unit_id, []).append(code)
    return [
        Notice(
            unit_id,
            delivery.seq,
            notice_subject(event.type, item=f"{titled(document.title)}{len(mine)}项"),
            notice_reason(event.type),
            tuple(mine),
        )
        for unit_id, mine in codes.items()
    ]


def of_calendar(session: Session, event: CalendarPublished, delivery: Delivery) -> list[Notice]:
    """One message a unit, however many of its moments moved."""
    return _of_moved(session, event, delivery, item=f"{event.year}年", said=_moves_words)


def of_outage(session: Session, event: OutageRecorded, delivery: Delivery) -> list[Notice]:
    """One message a unit, however many of its moments an outage struck, and what is still asked of it."""
    span = f"{local_words(event.from_at)}至{local_words(event.until_at)}"
    reason = stopped(event.reason)

    def said(moved: Sequence[MovedMoment]) -> str:
        ahead = [moment for moment in moved if moment.awaited and moment.new_due_at > delivery.at]
        passed = [moment for moment in moved if moment.awaited and moment.new_due_at <= delivery.at]
        reported = [moment for moment in moved if not moment.awaited]
        groups = ((OUTAGE_AHEAD, ahead), (OUTAGE_PASSED, passed), (OUTAGE_REPORTED, reported))
        return reason + "".join(f"{asked}：{_moves_words(moments)}。" for asked, moments in groups if moments)

    return _of_moved(session, event, delivery, item=span, said=said)


def _of_moved(
    session: Session,
    event: CalendarPublished | OutageRecorded,
    delivery: Delivery,
    *,
    item: str,
    said: Callable[[Sequence[MovedMoment]], str],
) -> list[Notice]:
    """Tell each unit which moments an act on the whole city moved; rows of a form that move alike are told once."""
    found = []
    for unit_id, moments in moved_by(session, after=delivery.seq, count=event.moved).items():
        awaited = {moment for moment in moments if moment.awaited}
        moved = [one for one in dict.fromkeys(moments) if one.awaited or replace(one, awaited=True) not in awaited]
        subject = notice_subject(event.type, item=f"{item}，{len(moved)}处")
        reason = notice_reason(event.type, said=said(moved))
        found.append(Notice(unit_id, delivery.seq, subject, reason, ()))
    return found


def _moves_words(moved: Sequence[MovedMoment]) -> str:
    more = f"；等{len(moved)}处" if len(moved) > _MOVES_NAMED else ""
    return "；".join(_moved_words(moment) for moment in moved[:_MOVES_NAMED]) + more


def _moved_words(moment: MovedMoment) -> str:
    old, new = (due_words(at, today=None) for at in (moment.old_due_at, moment.new_due_at))
    return f"{moment.document_number}{moment_label(moment.code, correction=moment.correction)}，{old}改为{new}"


def of_ended_document(session: Session, event: DocumentEnded, delivery: Delivery) -> list[Notice]:
    """Tell the office once a document that what was open of it has lapsed: no person caused that."""
    document = session.get_one(DocumentRow, event.document_id)
    subject = notice_subject(event.type, item=f"{document.number}{titled(document.title)}")
    reason = notice_reason(event.type, said=f"截至{full_date(event.ended_on)}。")
    return [Notice(None, delivery.seq, subject, reason, ())]


def of_plan_end(session: Session, event: PlanEndCorrected, delivery: Delivery) -> list[Notice]:
    """Tell each unit with a part in what is not done of a document when its plan ends now, and what follows."""
    document = session.get_one(DocumentRow, event.document_id)
    units = session.scalars(
        select(col(AssignmentRow.unit_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(
            col(TaskRow.document_id) == document.id,
            is_one_of(col(TaskRow.state), *RUNNING_TASK, TaskState.LAPSED.value),
            col(TaskRow.issued_at).is_not(None),
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        )
        .distinct()
        .order_by(col(AssignmentRow.unit_id))
    )
    follows = plan_end_words(event.old_on, event.new_on, today=local_day(delivery.at))
    subject = notice_subject(event.type, item=f"{document.number}{titled(document.title)}")
    disputing = _disputing(session, event.document_id)
    return [
        Notice(
            unit_id,
            delivery.seq,
            subject,
            notice_reason(
                event.type, said=f"{follows}{DISPUTE_UNDECIDED if unit_id in disputing else ''}依据：{event.reason}"
            ),
            (),
        )
        for unit_id in units
    ]


def _disputing(session: Session, document_id: int) -> frozenset[int]:
    """Return the units whose dispute of a share of a document is undecided."""
    disputed = (
        select(col(AssignmentRow.unit_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(col(TaskRow.document_id) == document_id, col(AssignmentRow.state) == AssignmentState.DISPUTED.value)
    )
    return frozenset(session.scalars(disputed))


def of_superseded(session: Session, event: DocumentSuperseded, delivery: Delivery) -> list[Notice]:
    """Tell each unit once which edition took a document's place, and which of its tasks go on in that."""
    old, new = (session.get_one(DocumentRow, id_) for id_ in (event.document_id, event.by_document_id))
    codes = {code for part in event.parts for code in (part.item, part.by_item) if code}
    named = {
        item.code: f"{item.label}{quoted(item.title)}"
        for item in session.scalars(select(ItemRow).where(col(ItemRow.code).in_(codes)))
    }
    ended: dict[int, dict[str, EndedPart]] = {}
    for part in event.parts:
        ended.setdefault(part.unit_id, {})[part.item] = part
    subject = notice_subject(event.type, item=f"{old.number}{titled(old.title)}")
    replaced = f"{titled(old.title)}（{old.number}）由{titled(new.title)}（{new.number}）替代"
    found = []
    for unit_id, mine in ended.items():
        reason = notice_reason(event.type, said=f"{replaced}，{_succession_words(mine, named)}")
        found.append(Notice(unit_id, delivery.seq, subject, reason, tuple(mine)))
    return found


def _succession_words(ended: Mapping[str, EndedPart], named: Mapping[str, str]) -> str:
    """Say how many tasks of a unit ended, which of them go on as what with or without it, and which do not."""
    on, without, off = [], [], []
    for item, part in ended.items():
        if not part.by_item:
            off.append(named[item])
        elif part.goes_on:
            on.append(f"{named[item]}由新版{named[part.by_item]}承接")
        else:
            without.append(named[item])
    said = [f"本单位{len(ended)}项终止。"]
    if on:
        said.append(f"由新版承接{len(on)}项，新版交办后按新版办理：{_listed(on, '；')}。")
    if without:
        said.append(f"新版保留但不再列本单位{len(without)}项：{_listed(without, '、')}。")
    if off:
        said.append(f"新版不再列入{len(off)}项：{_listed(off, '、')}。")
    return "".join(said)


def _listed(names: Sequence[str], between: str) -> str:
    """Join the first names; a unit may have hundreds of items of one document."""
    more = f"等{len(names)}项" if len(names) > _MOVES_NAMED else ""
    return between.join(names[:_MOVES_NAMED]) + more
