"""The city as it stood at a cut-off, as circulars count it: the log gives what had happened, rows give identity."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from sqlalchemy import or_, select
from sqlmodel import Session, col

from tracker.domain.cadences import is_emergency_clock
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.facts import Addressed, Facts, FormFact, OverdueFact, OverdueSpan, ReturnFact, Sent
from tracker.domain.circulars.row_facts import RowFact
from tracker.domain.deadlines import due_day
from tracker.domain.filings import ReturnReason
from tracker.domain.lifecycle import ASSIGNMENT_ENDED
from tracker.domain.owed import Paper, PeriodView, RowState, RowView, SeriesView, owed, paper_class, row_paper
from tracker.domain.unit_classes import Tasking
from tracker.domain.units import UnitKind
from tracker.store.history.fold import fold
from tracker.store.history.identities import ItemFact, UnitFact, item_facts, unit_facts
from tracker.store.history.led import past_leads
from tracker.store.history.log import Part, cut
from tracker.store.history.results import past_claims, past_results
from tracker.store.history.state import PastRow, State
from tracker.store.history.task_facts import PastTasks, Said
from tracker.store.history.unasked import unasked_rows
from tracker.store.history.work import past_work
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.units import UnitAliasRow, UnitRow
from tracker.wording.codes import CADENCE_NAMES, RETURN_REASONS
from tracker.wording.periods import period_label

# What papers call the classes of units that they do not criticise; an organ that is not tasked goes with its class.
_SPARED = {
    UnitKind.CITY_GOVERNMENT: "市政府本级",
    UnitKind.PARTY_DEPARTMENT: "党委部门",
    UnitKind.CONGRESS: "人大、政协机关",
    UnitKind.JUDICIARY: "司法机关",
    UnitKind.MASS_ORGANISATION: "群团组织",
    UnitKind.VERTICAL: "垂直管理单位",
    UnitKind.UPPER_LEVEL: "上级机关",
    UnitKind.LEADING_GROUP: "已明确办公室所在单位的领导小组（指挥部）",
}


def find_unit(session: Session, name: str) -> str | None:
    """Return the full name of a unit by its full name, short name or one of its other names."""
    own = select(col(UnitRow.full_name)).where(or_(col(UnitRow.full_name) == name, col(UnitRow.short_name) == name))
    found = session.scalars(own).first()
    if found is None:
        other = select(col(UnitRow.full_name)).join(UnitAliasRow, col(UnitAliasRow.unit_id) == col(UnitRow.id))
        found = session.scalars(other.where(col(UnitAliasRow.name) == name)).first()
    return found


def facts_as_of(session: Session, *, as_of: datetime, up_to: int | None = None, scope: Scope | None = None) -> Facts:
    """Return what the log had told by `as_of`, of events numbered `up_to` at most; the same at any later time.

    Raises BeforeTheReckoning.
    """
    part = _part(session, scope or Scope())
    until = cut(session, as_of=as_of, last=up_to)
    state = fold(session, until, part=part)
    items, units = item_facts(session, state.tasks, until=until), unit_facts(session, until=until)
    unit_id = _unit_id(session, scope or Scope(), units)
    views = [view for view in state.views() if unit_id in (None, view.unit_id)]
    city = _City(
        state=state,
        units=units,
        items=items,
        documents={item.document_id: item.document for item in items.values()},
        internal=frozenset(item.document_id for item in items.values() if item.internal),
        labels=Counter((item.document_id, item.label) for item in items.values()),
    )
    work = past_work(session, state, units=units, unit_id=unit_id)
    said = Said(past_results(session, state, units=units), past_claims(session, state, units=units))
    leads = past_leads(session, state, units=units, works=work.parts)
    tasks = PastTasks(state, units=units, items=items, work=work, parts=leads.parts, said=said, unit_id=unit_id)
    forms = [form for series in views for period in series.periods if (form := city.form(series, period)) is not None]
    lines = [line for series in views if (line := city.overdue(series)) is not None]
    return Facts(
        as_of,
        until.last_event,
        tuple(tasks.facts()),
        tuple(sorted(forms, key=lambda form: (form.unit_order, form.moment, form.period_id))),
        tuple(sorted(lines, key=lambda line: (line.unit_order, line.since, line.series_id))),
        None if unit_id is None else _addressed(units[unit_id]),
        circle=_circle(state, units) if part.document_id in city.internal else (),
        official=tuple(unit.short for unit in sorted(units.values(), key=lambda unit: unit.order)),
        leads=leads,
    )


def _circle(state: State, units: dict[int, UnitFact]) -> tuple[str, ...]:
    """Return the units that carry out the tasks of a part, in official order."""
    live = {share.unit_id for share in state.shares.values() if share.state not in ASSIGNMENT_ENDED}
    return tuple(unit.short for unit in sorted(map(units.__getitem__, live), key=lambda unit: unit.order))


def _addressed(unit: UnitFact) -> Addressed:
    group = unit.kind is UnitKind.LEADING_GROUP
    may_be_ordered = unit.rule.may_task is Tasking.TASK
    return Addressed(unit.full, may_be_ordered, unit.rule.instead, unit.kept if group else None)


def _spared(unit: UnitFact) -> str | None:
    """Name the class of a unit that no paper criticises; of a group say so where nobody acts for it."""
    if unit.rule.may_be_blamed:
        return None
    if unit.kind is UnitKind.LEADING_GROUP and not unit.kept:
        return "尚未明确办公室所在单位的领导小组（指挥部）"
    return _SPARED[unit.kind]


def _part(session: Session, scope: Scope) -> Part:
    document = select(col(DocumentRow.id)).where(col(DocumentRow.number) == scope.document)
    return Part(document_id=session.execute(document).scalar_one() if scope.document else None)


def _unit_id(session: Session, scope: Scope, units: Mapping[int, UnitFact]) -> int | None:
    """Find the unit of a paper by the name it had at the cut, or got since, or had when the paper was begun."""
    if not scope.unit:
        return None
    then = [unit.unit_id for unit in units.values() if unit.full == scope.unit]
    now = select(col(UnitRow.id)).where(col(UnitRow.full_name) == scope.unit)
    between = select(col(UnitAliasRow.unit_id)).where(col(UnitAliasRow.name) == scope.unit)
    return next(chain(then, session.scalars(now), session.scalars(between)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _City:
    """A folded state with the names of what is in it."""

    state: State
    units: dict[int, UnitFact]
    items: dict[int, ItemFact]
    documents: dict[int, str]
    internal: frozenset[int]
    labels: Counter[tuple[int, str]]

    def form(self, series: SeriesView, period: PeriodView) -> FormFact | None:
        """Return a form as a fact; None where nothing of it was ever asked for or filed."""
        now = self.state.until.as_of
        moment = _moment(period)
        if moment is None:
            return None
        rows = [self.state.rows[row.row_id] for row in period.rows]
        unit, past = self.units[series.unit_id], self.state.periods[period.period_id]
        waiting = [row for row in period.rows if row.moment is not None]
        return FormFact(
            series_id=series.series_id,
            period_id=period.period_id,
            unit=unit.short,
            unit_order=unit.order,
            document=self._document(series),
            rhythm=CADENCE_NAMES[series.kind.value],
            label=period_label(period.code),
            due_on=due_day(moment),
            moment=moment,
            paper=paper_class(period, now=now),
            late=any(row.filed_late for row in period.rows),
            late_rows=self._rows([row for row in period.rows if row.filed_late]),
            reported=_is_reported(period),
            missed=paper_class(period, now=now) is Paper.UNREPORTED and not _is_overdue(period, now=now),
            extended=any(row.extended for row in rows),
            returns=tuple(self._returns(rows)),
            sent=tuple(Sent(row.row_id, seq, at) for row in rows for seq, at in row.sent),
            rows=self._rows(waiting),
            unasked=tuple(unasked_rows(self.state, period)),
            named_in_blame=unit.rule.may_be_blamed,
            internal=series.document_id in self.internal,
            events=tuple(sorted({*past.events, *(seq for row in rows for seq in row.events)})),
        )

    def _returns(self, rows: Iterable[PastRow]) -> Iterator[ReturnFact]:
        for row in rows:
            item = self.items.get(row.task_id or 0)
            for once in row.returns:
                yield ReturnFact(
                    filing_id=once.filing_id,
                    item_code=item.code if item is not None else "",
                    reason=RETURN_REASONS[_said_as(once.reason_class)],
                    unfit=once.unfit,
                    event=once.seq,
                )

    def overdue(self, series: SeriesView) -> OverdueFact | None:
        """Return what a series owes past its moment, in one line; None where it owes nothing."""
        what = owed(series, now=self.state.until.as_of)
        if what is None or what.since is None:
            return None
        unit, past = self.units[series.unit_id], list(self._past(series))
        events = {seq for _place, row in past for seq in self.state.rows[row.row_id].events}
        return OverdueFact(
            series_id=series.series_id,
            period_id=what.period.period_id,
            unit=unit.short,
            unit_order=unit.order,
            document=self._document(series),
            due_on=due_day(what.since),
            since=what.since,
            spans=tuple(self._spans(series, past)),
            row_ids=frozenset(row.row_id for _place, row in past),
            spared=_spared(unit),
            internal=series.document_id in self.internal,
            events=tuple(sorted({*self.state.periods[what.period.period_id].events, *events})),
        )

    def _past(self, series: SeriesView) -> Iterator[tuple[int, RowView]]:
        """Yield every row that is past its moment with the place of its period, the earliest first."""
        for place, period in enumerate(series.periods):
            for row in period.rows:
                if row.moment is not None and row.moment <= self.state.until.as_of:
                    yield place, row

    def _spans(self, series: SeriesView, past: Sequence[tuple[int, RowView]]) -> Iterator[OverdueSpan]:
        """Put items together that are overdue in the same periods, since the same day, in the same way."""
        by_item: dict[tuple[int | None, bool], list[tuple[int, RowView]]] = defaultdict(list)
        for place, row in past:
            by_item[row.task_id, row.state is RowState.RETURNED].append((place, row))
        spans: dict[tuple[date, bool, tuple[int, ...]], list[RowView]] = defaultdict(list)
        by_event = self.state.series[series.series_id].trigger_id is not None
        emergency = is_emergency_clock(series.kind, by_event=by_event)
        for (_task, returned), found in by_item.items():
            since = min(row.moment for _place, row in found if row.moment is not None)
            spans[due_day(since), returned, tuple(place for place, _row in found)].append(found[0][1])
        for (due_on, returned, places), rows in sorted(spans.items(), key=lambda span: (span[0][0], -len(span[0][2]))):
            yield OverdueSpan(
                label=period_label(series.periods[places[0]].code),
                run=len(places),
                in_a_row=places[-1] - places[0] == len(places) - 1,
                act=any(row.act for row in rows),
                correction=returned,
                due_on=due_on,
                rows=self._rows(rows),
                clock_at=min(row.moment for row in rows if row.moment is not None)
                if emergency and not returned
                else None,
            )

    def _document(self, series: SeriesView) -> str:
        return self.documents[series.document_id]

    def _rows(self, rows: Iterable[RowView]) -> tuple[RowFact, ...]:
        """Return rows in reading order; the tick for all others is no item."""
        found = []
        for row in rows:
            item = self.items.get(row.task_id or 0)
            if item is None:
                continue
            returns = self.state.rows[row.row_id].returns
            found.append((item.start_at, row.row_id, self._row(row, item, returns[-1].reason if returns else None)))
        return tuple(row for _start, _id, row in sorted(found, key=lambda each: each[:2]))

    def _row(self, row: RowView, item: ItemFact, reason: str | None) -> RowFact:
        return RowFact(
            task_id=row.task_id,
            item_code=item.code,
            label=item.label,
            title=item.title,
            paper=row_paper(row, now=self.state.until.as_of),
            reason=reason if row.state is RowState.RETURNED else None,
            mend_on=due_day(row.correction_due_at) if row.correction_due_at is not None else None,
            place=(item.document_id, item.start_at),
            shared_label=self.labels[item.document_id, item.label] > 1,
        )


def _moment(period: PeriodView) -> datetime | None:
    """Return when a form falls due: its earliest unreported row, else the earliest that it spoke of."""
    unreported = [row.moment for row in period.rows if row.state is RowState.OPEN and row.moment is not None]
    asked = [row.due_at for row in period.rows if row.required or row.filed_at is not None]
    return min(unreported or asked, default=None)


def _is_overdue(period: PeriodView, *, now: datetime) -> bool:
    return any(row.state is RowState.OPEN and row.moment is not None and row.moment <= now for row in period.rows)


def _said_as(reason_class: str) -> str:
    """Return under which class a paper counts a return: that something was untrue is said in a proposal only."""
    return ReturnReason.OTHER.value if reason_class == ReturnReason.FALSIFIED.value else reason_class


def _is_reported(period: PeriodView) -> bool:
    """Tell whether the form was filed and nothing of it is left unreported."""
    left = any(
        row.state is RowState.MISSED or (row.state is RowState.OPEN and row.required and row.live)
        for row in period.rows
    )
    return not left and any(row.filed_at is not None for row in period.rows)
