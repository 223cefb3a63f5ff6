"""The form of one period as somebody fills it in: its head, its rows in reading order, the shares behind the tick."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import label, select
from sqlmodel import Session, col

from tracker.domain.accounts import Scope
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.deadlines import due_day
from tracker.domain.earlier import ended_by
from tracker.domain.filings import FilingState, ReportKind
from tracker.domain.owed import PeriodView, RowState, RowView, SeriesView, takes_reports
from tracker.store.queries.asked_of_shares import requirements_of_shares, targets_of_shares
from tracker.store.queries.evidence_states import judged, window_of
from tracker.store.queries.form_ends import last_settled
from tracker.store.queries.form_parts import (
    before,
    head_reason,
    last_cases,
    last_values,
    office_reason,
    reports_of_rows,
    reports_of_shares,
)
from tracker.store.queries.form_views import (
    OPEN_ROWS,
    UNDECIDED,
    UNSETTLED,
    Cover,
    FormHead,
    FormView,
    RowOfForm,
    TickOfForm,
)
from tracker.store.queries.leaving import carried_into, words_to_carry
from tracker.store.queries.narrative import rows_under_way
from tracker.store.queries.petitions import petitions_of_rows
from tracker.store.queries.series import series_views
from tracker.store.queries.shares import ShareFacts, other_shares, share_facts
from tracker.store.rows import as_view
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import FilingRow, ReportRow, RequestRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.units import UnitRow

_COMPLETION = ReportKind.COMPLETION.value


def form_view(session: Session, *, period_id: int, unit_ids: Scope, now: datetime) -> FormView | None:
    """Return a period's form, None where it is of none of the units."""
    head = _head(session, period_id)
    if head is None or head.unit_id not in unit_ids:
        return None
    series = series_views(session, [head.series_id])[0]
    period = next((seen for seen in series.periods if seen.period_id == period_id), None)
    if period is None:
        return None
    shares = share_facts(session, unit_id=head.unit_id, document_id=head.document_id)
    rows = session.scalars(select(FormRow).where(col(FormRow.period_id) == period_id)).all()
    by_share = {row.assignment_id: row for row in rows}
    mine = [share for id_, share in shares.items() if id_ in by_share]
    others = other_shares(session, shares.values(), unit_id=head.unit_id)
    rest = [share for share in others if share.assignment_id not in by_share]
    tick = by_share.get(None)
    builder = _Rows(session, head, period, [*mine, *(rest if tick else [])], now=now)
    own = tuple(builder.row(share, by_share[share.assignment_id]) for share in mine)
    view = FormView(
        head=head,
        rows=own,
        others=tuple(builder.row(share, None) for share in rest) if tick else (),
        tick=_tick(session, tick, period, now=now) if tick else None,
        ends=_ends(series, period, own, under_way=rows_under_way(session, series_id=head.series_id), now=now),
        waiting_filing_id=_waiting(session, period_id),
        end=None,
        moment=period.moment,
        cover=_cover(session, period_id),
    )
    if not view.over:
        return view
    return replace(view, end=last_settled(session, period_id=period_id, unit_id=head.unit_id))


def _head(session: Session, period_id: int) -> FormHead | None:
    row = session.execute(
        select(
            label("period_id", col(PeriodRow.id)),
            label("series_id", col(SeriesRow.id)),
            label("unit_id", col(UnitRow.id)),
            label("unit_name", col(UnitRow.short_name)),
            label("document_id", col(DocumentRow.id)),
            label("document_number", col(DocumentRow.number)),
            label("document_title", col(DocumentRow.title)),
            col(SeriesRow.kind),
            col(SeriesRow.addressee),
            col(PeriodRow.code),
            col(PeriodRow.starts_on),
            col(PeriodRow.ends_on),
            col(PeriodRow.opens_at),
            col(PeriodRow.due_at),
            col(PeriodRow.frozen_at),
            col(SeriesRow.trigger_id).is_not(None).label("by_event"),
        )
        .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        .join(UnitRow, col(UnitRow.id) == col(SeriesRow.unit_id))
        .join(DocumentRow, col(DocumentRow.id) == col(SeriesRow.document_id))
        .where(col(PeriodRow.id) == period_id)
    ).first()
    return as_view(FormHead, row) if row else None


def _tick(session: Session, row: FormRow, period: PeriodView, *, now: datetime) -> TickOfForm:
    reports = reports_of_rows(session, [row.id or 0])
    seen = next(seen for seen in period.rows if seen.row_id == row.id)
    overdue = seen.moment is not None and seen.moment <= now
    until = row.correction_due_at
    return TickOfForm(row.state, row.required, overdue, until, office_reason(reports), head_reason(reports))


class _Rows:
    """Builds rows from what a few statements brought for all shares at once."""

    def __init__(
        self, session: Session, head: FormHead, period: PeriodView, shares: list[ShareFacts], *, now: datetime
    ) -> None:
        ids = [share.assignment_id for share in shares]
        self._head, self._period, self._now = head, period, now
        self._seen = {row.row_id: row for row in period.rows}
        self._texts = _texts(session, [share.item_id for share in shares])
        self._targets = targets_of_shares(session, ids)
        self._requirements = requirements_of_shares(session, ids)
        self._reports = reports_of_shares(session, ids)
        self._asked = _asked(session, list(self._seen))
        self._petitions = petitions_of_rows(session, list(self._seen))
        self._carried = words_to_carry(session, self._reports)

    def row(self, share: ShareFacts, form_row: FormRow | None) -> RowOfForm:
        seen = self._seen.get(form_row.id or 0) if form_row is not None else None
        reports = self._reports.get(share.assignment_id, [])
        own = [report for report in reports if seen is not None and report.row_id == seen.row_id]
        draft = next(iter(own), None)
        if draft is not None and draft.state not in UNSETTLED:
            draft = None
        carried = self._carried.get(share.assignment_id)
        if carried is not None and not own and seen is not None and seen.state in OPEN_ROWS:
            draft = carried_into(carried, final=seen.final)
        earlier = before(reports, ends_on=self._head.ends_on, row_id=seen.row_id if seen else None)
        # What the row itself has said stands there last, once it is reported.
        left = [*(report for report in own if report is not draft), *earlier]
        return RowOfForm(
            row_id=seen.row_id if seen else None,
            assignment_id=share.assignment_id,
            task_id=share.task_id,
            label=share.item_label,
            title=share.item_title,
            text=self._texts[share.item_id],
            required=seen.required if seen else False,
            final=seen.final if seen else False,
            soft=seen.soft if seen else False,
            act=seen.act if seen else False,
            scheduled=share.scheduled,
            state=(seen.state if seen else RowState.OPEN).value,
            takes=takes_reports(self._period, seen, now=self._now) if seen else self._head.opens_at <= self._now,
            live=share.live,
            pending=seen.pending if seen else False,
            late=seen.late if seen else None,
            due_at=_own_moment(seen, self._head),
            correction_due_at=seen.correction_due_at if seen else None,
            overdue=seen is not None and seen.moment is not None and seen.moment <= self._now,
            asked_until=self._asked.get(seen.row_id) if seen else None,
            targets=self._targets.get(share.assignment_id, ()),
            points=share.points,
            last_values=last_values(earlier),
            requirements=self._requirements.get(share.assignment_id, ()),
            draft=draft,
            last=next((report for report in left if report.state in ("filed", "accepted")), None),
            office_reason=office_reason(own),
            head_reason=head_reason(own),
            petition=self._petitions.get(seen.row_id) if seen else None,
            completion=next((one.state for one in reports if one.kind == _COMPLETION and one.state in UNDECIDED), None),
            emergency=self._head.emergency,
            counts_cases=share.counts_cases,
            last_cases=last_cases(earlier),
            given_back=next((report for report in own if report.state == "returned"), None),
            evidence=judged(
                self._requirements.get(share.assignment_id, ()),
                draft.files if draft else (),
                reports,
                row_id=seen.row_id if seen else None,
                window=window_of(self._head.starts_on, self._head.ends_on, local_day(self._now)),
            ),
        )


def _own_moment(seen: RowView | None, head: FormHead) -> datetime | None:
    """Return the row's own due moment where it differs from the period's."""
    return seen.due_at if seen is not None and seen.due_at != head.due_at else None


def _texts(session: Session, item_ids: list[int]) -> dict[int, str]:
    rows = session.execute(select(col(ItemRow.id), col(ItemRow.text)).where(col(ItemRow.id).in_(item_ids)))
    return {item_id: text.strip() for item_id, text in rows}


def _asked(session: Session, row_ids: list[int]) -> dict[int, date]:
    rows = session.execute(
        select(col(RequestRow.row_id), col(RequestRow.new_due_at)).where(
            col(RequestRow.row_id).in_(row_ids), col(RequestRow.state) == "pending"
        )
    )
    return {row_id: due_day(new) for row_id, new in rows if new is not None}


def _waiting(session: Session, period_id: int) -> int | None:
    wanted = select(col(FilingRow.id)).where(
        col(FilingRow.period_id) == period_id, col(FilingRow.state) == "awaiting_sign_off"
    )
    return session.scalars(wanted).first()


def _cover(session: Session, period_id: int) -> Cover | None:
    """Return what is written on of the last envelope besides its rows; what the office gave back is attested anew."""
    wanted = select(FilingRow).where(col(FilingRow.period_id) == period_id).order_by(col(FilingRow.id).desc()).limit(1)
    last = session.scalars(wanted).first()
    if last is None or last.state not in (FilingState.WITHDRAWN.value, FilingState.SENT_BACK.value):
        return None
    tick = select(col(ReportRow.id)).where(
        col(ReportRow.filing_id) == last.id, col(ReportRow.kind) == ReportKind.TICK.value
    )
    return Cover(session.scalars(tick).first() is not None, last.missed_words or "", last.evidence_reason or "")


def _ends(
    series: SeriesView,
    period: PeriodView,
    rows: tuple[RowOfForm, ...],
    *,
    under_way: frozenset[int],
    now: datetime,
) -> tuple[str, ...]:
    """Name the earlier periods that a report on the open narrative rows would close as history 「漏报」."""
    tasks = {row.task_id for row in rows if row.writable and not row.act and row.state == RowState.OPEN.value}
    ended = ended_by(series, period, tasks=tasks, under_way=under_way, now=now)
    return tuple(dict.fromkeys(earlier.code for earlier, _row in ended))


def value_day(head: FormHead, *, today: date) -> date:
    """Return the day a number of this period is of, unless somebody says another: its end, at the latest today."""
    return head.ends_on if end_of_day(head.ends_on) <= end_of_day(today) else today
