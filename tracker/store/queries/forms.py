"""The form of one period as somebody fills it in: its head, its rows in reading order, the shares behind the tick."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, label, select
from sqlmodel import Session, col

from tracker.domain.accounts import Scope
from tracker.domain.cadences import Span
from tracker.domain.calendar import local_day
from tracker.domain.deadlines import due_day
from tracker.domain.earlier import ended_by
from tracker.domain.filings import FilingState, ReportKind
from tracker.domain.owed import PeriodView, RowState, RowView, SeriesView, takes_reports
from tracker.store.queries.asked_of_shares import asked_in, requirements_of_shares, targets_of_shares
from tracker.store.queries.earlier import before
from tracker.store.queries.evidence_states import judged, window_of
from tracker.store.queries.figures_on_file import figures_on_file
from tracker.store.queries.form_ends import last_settled
from tracker.store.queries.form_parts import (
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
    unsigned_news,
)
from tracker.store.queries.leaving import carried_into, words_to_carry
from tracker.store.queries.narrative import rows_under_way
from tracker.store.queries.petitions import petitions_of_rows
from tracker.store.queries.series import series_views
from tracker.store.queries.shares import ShareFacts, other_shares, share_facts
from tracker.store.rows import as_views
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import FilingRow, ReportRow, RequestRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.units import UnitRow

_COMPLETION = ReportKind.COMPLETION.value


def form_view(session: Session, *, period_id: int, unit_ids: Scope, now: datetime) -> FormView | None:
    """Return a period's form, None where it is of none of the units."""
    return next(iter(form_views(session, period_ids=[period_id], unit_ids=unit_ids, now=now)), None)


def form_views(session: Session, *, period_ids: Sequence[int], unit_ids: Scope, now: datetime) -> list[FormView]:
    """Return the forms of periods in their order, but for those of none of the units; of many as fast as of few."""
    heads = [head for head in _heads(session, period_ids) if head.unit_id in unit_ids]
    series = {view.series_id: view for view in series_views(session, {head.series_id for head in heads})}
    periods = {seen.period_id: seen for view in series.values() for seen in view.periods}
    rows: dict[int, dict[int | None, FormRow]] = {head.period_id: {} for head in heads}
    for row in session.scalars(select(FormRow).where(col(FormRow.period_id).in_(list(rows)))):
        rows[row.period_id][row.assignment_id] = row
    told = _Told(session, heads, rows, now=now)
    return [
        told.form(head, series[head.series_id], periods[head.period_id]) for head in heads if head.period_id in periods
    ]


def _heads(session: Session, period_ids: Sequence[int]) -> list[FormHead]:
    rows = session.execute(
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
        .where(col(PeriodRow.id).in_(period_ids))
    )
    found = {head.period_id: head for head in as_views(FormHead, rows)}
    return [found[id_] for id_ in period_ids if id_ in found]


class _Told:
    """What a few statements brought for all the shares of some forms at once, and the forms built from it."""

    def __init__(
        self,
        session: Session,
        heads: Sequence[FormHead],
        rows: Mapping[int, Mapping[int | None, FormRow]],
        *,
        now: datetime,
    ) -> None:
        self._session, self._rows, self._now = session, rows, now
        self._shares: dict[tuple[int, int], list[ShareFacts]] = {}
        self._rest: dict[tuple[int, int], list[ShareFacts]] = {}
        for head in heads:
            of = head.unit_id, head.document_id
            if of not in self._shares:
                shares = share_facts(session, unit_id=head.unit_id, document_id=head.document_id).values()
                self._shares[of] = list(shares)
                self._rest[of] = other_shares(session, shares, unit_id=head.unit_id)
        every = {share.assignment_id: share for head in heads for share in (*self._mine(head), *self._others(head))}
        row_ids = [row.id or 0 for mine in rows.values() for row in mine.values()]
        self._texts = _texts(session, [share.item_id for share in every.values()])
        self._targets = targets_of_shares(session, every)
        self._requirements = requirements_of_shares(session, every)
        self._reports = reports_of_shares(session, every)
        self._asked = _asked(session, row_ids)
        self._petitions = petitions_of_rows(session, row_ids)
        self._carried = words_to_carry(session, self._reports)
        self._covers = _covers(session, list(rows))
        self._waiting = _waiting(session, list(rows))
        self._under_way = rows_under_way(session, series_ids={head.series_id for head in heads})

    def form(self, head: FormHead, series: SeriesView, period: PeriodView) -> FormView:
        by_share = self._rows[head.period_id]
        seen = {row.row_id: row for row in period.rows}
        own = tuple(
            self._row(head, period, share, seen.get(by_share[share.assignment_id].id or 0))
            for share in self._mine(head)
        )
        tick = by_share.get(None)
        view = FormView(
            head=head,
            rows=own,
            others=tuple(self._row(head, period, share, None) for share in self._others(head)),
            tick=_tick(self._session, tick, period, now=self._now) if tick else None,
            ends=_ends(series, period, own, under_way=self._under_way, now=self._now),
            waiting_filing_id=self._waiting.get(head.period_id),
            end=None,
            moment=period.moment,
            cover=self._covers.get(head.period_id),
        )
        if not view.over:
            return view
        return replace(view, end=last_settled(self._session, period_id=head.period_id, unit_id=head.unit_id))

    def _mine(self, head: FormHead) -> list[ShareFacts]:
        return [
            one
            for one in self._shares[head.unit_id, head.document_id]
            if one.assignment_id in self._rows[head.period_id]
        ]

    def _others(self, head: FormHead) -> list[ShareFacts]:
        """Return the shares behind the tick, where the form has one."""
        rows = self._rows[head.period_id]
        rest = self._rest[head.unit_id, head.document_id]
        return [share for share in rest if share.assignment_id not in rows] if None in rows else []

    def _row(self, head: FormHead, period: PeriodView, share: ShareFacts, seen: RowView | None) -> RowOfForm:
        reports = self._reports.get(share.assignment_id, [])
        own = [report for report in reports if seen is not None and report.row_id == seen.row_id]
        draft = next(iter(own), None)
        if draft is not None and draft.state not in UNSETTLED:
            draft = None
        carried = self._carried.get(share.assignment_id)
        if carried is not None and not own and seen is not None and seen.state in OPEN_ROWS:
            draft = carried_into(carried, final=seen.final)
        earlier = before(reports, ends_on=head.ends_on, row_id=seen.row_id if seen else None)
        asked = asked_in(self._requirements.get(share.assignment_id, ()), head.starts_on, head.ends_on)
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
            takes=takes_reports(period, seen, now=self._now) if seen else head.opens_at <= self._now,
            live=share.live,
            pending=seen.pending if seen else False,
            late=seen.late if seen else None,
            due_at=_own_moment(seen, head),
            correction_due_at=seen.correction_due_at if seen else None,
            overdue=seen is not None and seen.moment is not None and seen.moment <= self._now,
            asked_until=self._asked.get(seen.row_id) if seen else None,
            targets=self._targets.get(share.assignment_id, ()),
            points=share.points,
            last_values=last_values(earlier),
            filed=figures_on_file(reports, row_id=seen.row_id if seen else None),
            requirements=asked,
            draft=draft,
            last=next((report for report in left if report.state in ("filed", "accepted")), None),
            office_reason=office_reason(own),
            head_reason=head_reason(own),
            petition=self._petitions.get(seen.row_id) if seen else None,
            completion=next((one.state for one in reports if one.kind == _COMPLETION and one.state in UNDECIDED), None),
            emergency=head.emergency,
            period=Span(head.starts_on, head.ends_on),
            news=unsigned_news(reports),
            counts_cases=share.counts_cases,
            last_cases=last_cases(earlier),
            given_back=next((report for report in own if report.state == "returned"), None),
            evidence=judged(
                asked,
                draft.files if draft else (),
                reports,
                row_id=seen.row_id if seen else None,
                window=window_of(head.starts_on, head.ends_on, local_day(self._now)),
            ),
        )


def _tick(session: Session, row: FormRow, period: PeriodView, *, now: datetime) -> TickOfForm:
    reports = reports_of_rows(session, [row.id or 0])
    seen = next(seen for seen in period.rows if seen.row_id == row.id)
    overdue = seen.moment is not None and seen.moment <= now
    until = row.correction_due_at
    return TickOfForm(row.state, row.required, overdue, until, office_reason(reports), head_reason(reports))


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


def _waiting(session: Session, period_ids: list[int]) -> dict[int, int]:
    """Return by period the envelope that waits for the head."""
    wanted = select(col(FilingRow.period_id), col(FilingRow.id)).where(
        col(FilingRow.period_id).in_(period_ids), col(FilingRow.state) == "awaiting_sign_off"
    )
    return {period_id or 0: filing_id for period_id, filing_id in session.execute(wanted)}


def _covers(session: Session, period_ids: list[int]) -> dict[int, Cover]:
    """Return what is written on of last envelopes besides their rows; what the office gave back is attested anew."""
    newest = select(func.max(col(FilingRow.id))).where(col(FilingRow.period_id).in_(period_ids))
    last = session.scalars(
        select(FilingRow).where(col(FilingRow.id).in_(newest.group_by(col(FilingRow.period_id))))
    ).all()
    back = [one for one in last if one.state in (FilingState.WITHDRAWN.value, FilingState.SENT_BACK.value)]
    if not back:
        return {}
    tick = select(col(ReportRow.filing_id)).where(
        col(ReportRow.filing_id).in_([one.id for one in back]), col(ReportRow.kind) == ReportKind.TICK.value
    )
    ticked = set(session.scalars(tick))
    return {one.period_id or 0: Cover(one.id in ticked, one.missed_words or "") for one in back}


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
