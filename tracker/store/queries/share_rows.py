"""One share of one task outside forms: what news, a reply or a request to be done is written on."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING
from tracker.domain.owed import RowState
from tracker.store.queries.asked_of_shares import requirements_of_shares, targets_of_shares
from tracker.store.queries.attempts import attempts, to_mend
from tracker.store.queries.earlier import before
from tracker.store.queries.evidence_states import judged
from tracker.store.queries.figures_on_file import figures_on_file
from tracker.store.queries.form_parts import Report, head_reason, last_values, office_reason, reports_of_shares
from tracker.store.queries.form_views import RowOfForm
from tracker.store.queries.shares import facts_of_shares
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


@dataclass(frozen=True, slots=True)
class OwnShare:
    """A unit's share; `final_period_id` is the form whose final row asks for the completion, where one is open.

    `others_back` counts what came back beside that on which the row goes on.
    """

    task_id: int
    role: str
    duty: str
    task_state: str
    dormant: bool
    document_number: str
    row: RowOfForm
    final_period_id: int | None
    others_back: int


@dataclass(frozen=True, slots=True)
class _Told:
    """All reports on a share, and of these what came back and is written on; each the latest first."""

    reports: Sequence[Report]
    back: Sequence[Report]

    @property
    def draft(self) -> Report | None:
        return next(iter(self.back), None)


def labels_of_shares(session: Session, assignment_ids: Iterable[int], *, unit_ids: Collection[int]) -> dict[int, str]:
    """Return the labels and titles of the items of those shares that are units', ended ones too, by share."""
    wanted = (
        select(col(AssignmentRow.id), col(ItemRow.label), col(ItemRow.title))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(col(AssignmentRow.id).in_(list(assignment_ids)), col(AssignmentRow.unit_id).in_(list(unit_ids)))
        .order_by(col(AssignmentRow.id))
    )
    return {row.id: f"{row.label}{row.title}" for row in session.execute(wanted)}


def own_share(
    session: Session, *, task_id: int, unit_ids: Collection[int], kind: str, now: datetime
) -> OwnShare | None:
    """Return the share of a person's unit, or of a group whose office it keeps, as a row to write on; None without one.

    `kind` is that of the envelope: one of the same kind that came back is written on.
    """
    found = session.execute(
        select(AssignmentRow, TaskRow, ItemRow, col(DocumentRow.number))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(AssignmentRow.task_id) == task_id, col(AssignmentRow.unit_id).in_(unit_ids))
        .order_by((col(AssignmentRow.role) == "lead").desc(), col(AssignmentRow.id))
    ).first()
    if found is None:
        return None
    share, task, item, number = found
    share_id = share.id or 0
    reports = reports_of_shares(session, [share_id])[share_id]
    alike = attempts(kind, (report for report in reports if report.kind == kind and report.answers_id is None))
    back = to_mend(alike)
    live = task.state in {state.value for state in TASK_OWING}
    live = live and share.state not in {state.value for state in ASSIGNMENT_ENDED}
    return OwnShare(
        task_id=task_id,
        role=share.role,
        duty=share.duty,
        task_state=task.state,
        dormant=task.dormant,
        document_number=number,
        row=_row(session, share_id, _Told(reports, back), task_id=task_id, item=item, live=live, kind=kind),
        final_period_id=_final(session, share_id),
        others_back=sum(one[0].came_back_at is not None for one in alike if one is not back),
    )


def _row(
    session: Session, share_id: int, told: _Told, *, task_id: int, item: ItemRow, live: bool, kind: str
) -> RowOfForm:
    facts, reports = facts_of_shares(session, [share_id])[share_id], told.reports
    asked = requirements_of_shares(session, [share_id]).get(share_id, ()) if kind == "completion" else ()
    earlier = before(reports, ends_on=None, row_id=None, kind=kind)
    return RowOfForm(
        row_id=None,
        assignment_id=share_id,
        task_id=task_id,
        label=item.label,
        title=item.title,
        text=item.text.strip(),
        required=False,
        final=kind == "completion",
        soft=False,
        act=False,
        scheduled=facts.scheduled,
        state=RowState.OPEN.value,
        takes=True,
        live=live,
        pending=False,
        late=None,
        due_at=None,
        correction_due_at=None,
        overdue=False,
        asked_until=None,
        targets=targets_of_shares(session, [share_id]).get(share_id, ()),
        points=facts.points,
        last_values=last_values(earlier),
        filed=figures_on_file(reports, row_id=None),
        requirements=asked,
        office_reason=office_reason(told.back),
        head_reason=head_reason(told.back),
        completion=None,
        emergency=False,
        draft=told.draft,
        last=next((report for report in earlier if report.state in ("filed", "accepted")), None),
        evidence=judged(asked, told.draft.files if told.draft else (), reports),
    )


def _final(session: Session, assignment_id: int) -> int | None:
    wanted = (
        select(col(FormRow.period_id))
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(
            col(FormRow.assignment_id) == assignment_id,
            col(FormRow.final).is_(True),
            col(FormRow.state).in_([RowState.OPEN.value, RowState.RETURNED.value]),
        )
        .order_by(col(PeriodRow.due_at))
    )
    return session.scalars(wanted).first()
