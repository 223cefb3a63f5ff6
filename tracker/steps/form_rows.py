"""A form as somebody fills it in: which rows a filing may and must speak of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.cadences import Span
from tracker.domain.calendar import local_day
from tracker.domain.claims import Claim
from tracker.domain.earlier import ended_by
from tracker.domain.entries import Entry
from tracker.domain.errors import BadInput, NotFound
from tracker.domain.events.forms import RowsAdded
from tracker.domain.filings import (
    CompletionUnderway,
    NothingFiled,
    NotTakenYet,
    ReportKind,
    RowEnded,
    RowsLacking,
    TaskPaused,
)
from tracker.domain.lifecycle import TaskState
from tracker.domain.owed import PeriodView, RowState, RowView, SeriesView, takes_reports
from tracker.steps.content_faults import content_faults
from tracker.steps.growing import opened_row
from tracker.steps.locking import lock_form
from tracker.steps.underway import completing_shares
from tracker.store import event_log
from tracker.store.queries.narrative import rows_under_way
from tracker.store.queries.series import period_view, series_views
from tracker.store.queries.shares import ShareFacts, other_shares, share_facts
from tracker.store.queries.told_before import on_file
from tracker.store.queries.units import units_acted_for
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Form:
    """One period of a series, locked, with its rows as table rows and as the predicate sees them.

    `completing` are the shares that have asked to be done, undecided.
    `series` holds what is still open, of which `under_way` waits for the head; `others` are the shares of which the
    tick speaks.
    """

    unit_id: int
    period: PeriodRow
    series: SeriesView
    under_way: frozenset[int]
    view: PeriodView
    rows: dict[int | None, FormRow]
    shares: dict[int, ShareFacts]
    completing: frozenset[int | None]
    others: Sequence[ShareFacts]

    def seen(self, row: FormRow) -> RowView:
        return next(view for view in self.view.rows if view.row_id == row.id)

    def tick_to_file(self, *, ticked: bool) -> FormRow | None:
        """Return the tick's row where this filing makes the tick."""
        tick = self.rows.get(None)
        if tick is None or not ticked or tick.state not in (RowState.OPEN.value, RowState.RETURNED.value):
            return None
        return tick

    def earlier_codes(self, rows: Sequence[tuple[FormRow, Entry]], *, now: datetime) -> list[str]:
        """Name the earlier periods of which reports on these rows end some as 漏报."""
        tasks = {
            self.shares[entry.assignment_id].task_id
            for row, entry in rows
            if not row.act and row.state == RowState.OPEN.value
        }
        ended = ended_by(self.series, self.view, tasks=tasks, under_way=self.under_way, now=now)
        return list(dict.fromkeys(period.code for period, _row in ended))


def load_form(session: Session, *, period_id: int, shares: Iterable[int], actor: Actor) -> Form:
    """Lock a period, its rows and the work they and `shares` are about; return a form of a unit the actor acts for.

    Raises NotFound.
    """
    lock_form(session, period_id, shares=shares)
    period = session.scalars(select(PeriodRow).where(col(PeriodRow.id) == period_id).with_for_update()).first()
    series = session.get(SeriesRow, period.series_id) if period is not None else None
    if period is None or series is None or series.unit_id not in units_acted_for(session, actor.unit_id):
        raise NotFound()
    own = select(FormRow).where(col(FormRow.period_id) == period_id)
    rows = session.scalars(own.order_by(col(FormRow.assignment_id).is_(None), col(FormRow.id)).with_for_update()).all()
    seen = period_view(session, period_id=period_id)
    if seen is None:
        raise NotFound()
    shares = share_facts(session, unit_id=series.unit_id, document_id=series.document_id)
    return Form(
        unit_id=series.unit_id,
        period=period,
        series=series_views(session, [period.series_id], open_only=True)[0],
        under_way=rows_under_way(session, series_ids=[period.series_id]),
        view=seen,
        rows={row.assignment_id: row for row in rows},
        shares=shares,
        completing=completing_shares(session, [row.assignment_id for row in rows if row.final and row.assignment_id]),
        others=other_shares(session, shares.values(), unit_id=series.unit_id),
    )


def match_entries(
    session: Session, form: Form, entries: Iterable[Entry], *, ticked: bool, actor: Actor, now: datetime
) -> tuple[list[tuple[FormRow, Entry]], list[BadInput]]:
    """Match entries with rows; return the pairs, and every fault for which they cannot be filed.

    A ticked share that has news gets a row of its own. Records RowsAdded for such a row. Raises NothingFiled, RowEnded,
    TaskPaused, NotTakenYet, NotFound.
    """
    found: list[tuple[FormRow, Entry]] = []
    faults: list[BadInput] = []
    entries, period = list(entries), Span(form.period.starts_on, form.period.ends_on)
    filed = on_file(session, {one.assignment_id for one in entries if one.content.claim is Claim.NOT_STARTED_YET})
    for entry in entries:
        share = form.shares.get(entry.assignment_id)
        if share is None:
            raise NotFound()
        row = form.rows.get(entry.assignment_id) or _opened(session, form, share, actor=actor, at=now)
        _refuse_ended(form, row, share, now=now)
        if row.final and share.assignment_id in form.completing:
            faults.append(CompletionUnderway(item=share.named, shares=(share.assignment_id,)))
        else:
            kind = ReportKind.COMPLETION if row.final else ReportKind.PROGRESS
            before = filed[share.assignment_id].before(None)
            faults += content_faults(entry, share, kind=kind, before=before, today=local_day(now), period=period)
        found.append((row, entry))
    if not found and not (ticked and form.tick_to_file(ticked=True)):
        raise NothingFiled()
    return found, faults + _lacking(form, found)


def _opened(session: Session, form: Form, share: ShareFacts, *, actor: Actor, at: datetime) -> FormRow:
    """Open a ticked share that has something to say: a row that is not required. Records RowsAdded."""
    row = FormRow(period_id=form.period.id or 0, assignment_id=share.assignment_id, required=False)
    session.add(row)
    session.flush()
    event = RowsAdded(
        unit_id=form.unit_id,
        series_id=form.series.series_id,
        period_id=row.period_id,
        rows=(opened_row(row, share.task_id),),
    )
    event_log.record(session, event, actor=actor, at=at)
    return row


def _refuse_ended(form: Form, row: FormRow, share: ShareFacts, *, now: datetime) -> None:
    if row.state not in (RowState.OPEN.value, RowState.RETURNED.value):
        raise RowEnded(item=share.named, reason=row.state)
    refuse_ended(share)
    seen = next((seen for seen in form.view.rows if seen.row_id == row.id), None)
    if seen is not None and not takes_reports(form.view, seen, now=now):
        raise NotTakenYet(opens_on=local_day(form.view.opens_at))


def refuse_ended(share: ShareFacts) -> None:
    """Refuse reports on a share whose work has ended or is suspended. Raises TaskPaused, RowEnded."""
    if share.task_state == TaskState.SUSPENDED.value:
        raise TaskPaused(item=share.named)
    if not share.live:
        raise RowEnded(item=share.named, reason=share.task_state)


def _lacking(form: Form, found: list[tuple[FormRow, Entry]]) -> list[BadInput]:
    """Return the fault of rows that a first filing leaves out: required, and not extended, disputed or due later."""
    by_themselves = found and all(row.final or row.state == RowState.RETURNED.value for row, _ in found)
    if form.period.frozen_at is not None or by_themselves:
        return []
    given = {row.id for row, _entry in found}
    lacking = [
        form.shares[row.assignment_id]
        for row in form.rows.values()
        if row.assignment_id is not None
        and row.assignment_id in form.shares
        and row.id not in given
        and _is_needed(form, row)
    ]
    if not lacking:
        return []
    more = f"等{len(lacking)}项" if len(lacking) > _NAMED else ""
    names = "、".join(share.named for share in lacking[:_NAMED])
    return [RowsLacking(items=names + more, shares=tuple(share.assignment_id for share in lacking))]


def _is_needed(form: Form, row: FormRow) -> bool:
    seen = form.seen(row)
    if row.final and row.assignment_id in form.completing:
        return False
    own_moment = row.due_at is not None and row.due_at > form.period.due_at
    return seen.state is RowState.OPEN and seen.moment is not None and not own_moment
