"""What a unit owes for a task from here on, in words: the rhythms of its open rows, never those that are printed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from tracker.domain.circulars.days import by_moment
from tracker.domain.deadlines import due_day
from tracker.domain.items import CadenceKind, Duty
from tracker.domain.owed import ROW_ENDED, RowState
from tracker.domain.progress import Work, WorkClass
from tracker.domain.windows import CLOSING
from tracker.store.history.identities import ItemFact
from tracker.store.history.state import PastPeriod, PastRow, PastSeries, PastShare, PastTask, State
from tracker.wording.codes import CADENCE_NAMES, cadence_words

_NOTHING = "—"
DONE_WITH = frozenset({Work.CANCELLED, Work.COMPLETED_MET, Work.COMPLETED_UNMET})
_Row = tuple[PastSeries, PastPeriod, PastRow]


class Rhythms:
    """Reads the rows that are not ended of a folded state, as of its cut."""

    def __init__(self, state: State) -> None:
        self._as_of = state.until.as_of
        self._rows: dict[int, list[_Row]] = defaultdict(list)
        self._ticks: dict[tuple[int, int], list[CadenceKind]] = defaultdict(list)
        for row in state.rows.values():
            period = state.periods[row.period_id]
            series = state.series[period.series_id]
            if row.state in ROW_ENDED or not row.required:
                continue
            if row.assignment_id is None:
                self._ticks[series.unit_id, series.document_id].append(series.kind)
            else:
                self._rows[row.assignment_id].append((series, period, row))

    def words(
        self, task: PastTask, item: ItemFact, work: WorkClass, held: Sequence[PastShare], *, own: PastShare | None
    ) -> str:
        """Return what a unit's share owes where one is asked for, else the leads', else that of whoever bears it."""
        if work.work in DONE_WITH:
            return _NOTHING
        if work.work is Work.SUSPENDED:
            return "中止期间不报送"
        if work.work is Work.LAPSED and not self._closing([own] if own is not None else held):
            return "文件已到期，不再报送"
        if own is not None:
            return self._of(own, task, item, work)
        leads = self._joined([share for share in held if share.is_lead], task, item, work)
        if leads != _NOTHING:
            return leads
        bearers = self._joined([share for share in held if self._rows[share.assignment_id]], task, item, work)
        return bearers if bearers == _NOTHING else f"承担单位{bearers}"

    def closing_on(self, held: Iterable[PastShare]) -> dict[int, date]:
        """Return which units owe the closing report of a lapsed task, or its correction, each by when."""
        owed: dict[int, date] = {}
        for share in held:
            rows = self._closing([share])
            days = [due_day(_due_at(period, row)) for period, row in rows if row.state is not RowState.FILED]
            if days:
                owed[share.unit_id] = min(days)
        return owed

    def _closing(self, held: Iterable[PastShare]) -> list[tuple[PastPeriod, PastRow]]:
        rows = (one for share in held for one in self._rows[share.assignment_id])
        return [(period, row) for _series, period, row in rows if period.code == CLOSING]

    def _joined(self, shares: Iterable[PastShare], task: PastTask, item: ItemFact, work: WorkClass) -> str:
        words = dict.fromkeys(self._of(share, task, item, work) for share in shares)
        return "；".join(one for one in words if one != _NOTHING) or _NOTHING

    def _of(self, share: PastShare, task: PastTask, item: ItemFact, work: WorkClass) -> str:
        rows = self._rows[share.assignment_id]
        if work.work is Work.LAPSED:
            rows = [one for one in rows if one[1].code == CLOSING]
        if rows:
            return "、".join(_rhythms(rows, item, as_of=self._as_of))
        if item.dormant and not task.triggered:
            return "发生后按响应级别" if item.level else "发生后按文件规定"
        if share.is_lead or share.duty == Duty.REPLY.value:
            return _NOTHING if share.is_lead else "按牵头单位要求"
        ticks = dict.fromkeys(self._ticks[share.unit_id, task.document_id])
        return "、".join(f"{CADENCE_NAMES[kind.value]}勾选一次" for kind in ticks) or _NOTHING


def _rhythms(rows: Sequence[_Row], item: ItemFact, *, as_of: datetime) -> list[str]:
    """Name the rhythms of the rows that are still to be filed; a report that is asked for one time names its day.

    What is overdue tells a rhythm that goes on, too: its next form is not open yet. Of an event, which may be over, and
    of work whose completion is asked for it says nothing of the times to come, as nowhere what lies with the office or
    is under correction, whose rhythm may have been changed since: these name theirs only where nothing else does.
    """
    single = [one for one in rows if _asked_once(one)]
    regular = [one for one in rows if not _asked_once(one)]
    over = any(period.code == CLOSING or row.final for _series, period, row in single)
    ahead = [
        (series, period, row)
        for series, period, row in regular
        if row.state is RowState.OPEN and (_due_at(period, row) > as_of or not (over or series.trigger_id))
    ]
    kinds = dict.fromkeys(series.kind for series, _period, _row in (ahead if ahead or single else regular))
    names = [cadence_words(kind.value, item.limits.get(kind)) for kind in kinds]
    return [*names, *dict.fromkeys(_once(one, as_of=as_of) for one in single)]


def _asked_once(one: _Row) -> bool:
    series, period, row = one
    return period.code == CLOSING or series.kind is CadenceKind.ONCE or row.final


def _once(one: _Row, *, as_of: datetime) -> str:
    series, period, row = one
    name = "收尾报告" if period.code == CLOSING else "一次" if series.kind is CadenceKind.ONCE else "办结报告"
    if row.state is RowState.FILED:
        return f"{name}，已报送，待审核"
    due_at, act = _due_at(period, row), "补正" if row.state is RowState.RETURNED else "报送"
    by = f"{name}，应于{by_moment(due_at)}{act}"
    return f"{by}，已逾期，请立即{act}" if row.pending_at is None and due_at <= as_of else by


def _due_at(period: PastPeriod, row: PastRow) -> datetime:
    """Return by when a row is to be filed; one that was returned, by when it is to be corrected."""
    corrected_by = row.correction_due_at if row.state is RowState.RETURNED else None
    return corrected_by or row.due_at or period.due_at
