"""What a unit owes for a task from here on, in words: the rhythms of its open rows, never those that are printed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from tracker.domain.calendar import full_date
from tracker.domain.deadlines import due_day
from tracker.domain.items import CadenceKind, Duty
from tracker.domain.owed import ROW_ENDED
from tracker.domain.progress import Work, WorkClass
from tracker.domain.windows import CLOSING
from tracker.messages import CADENCE_NAMES
from tracker.store.history.state import PastPeriod, PastRow, PastSeries, PastShare, PastTask, State
from tracker.store.queries.identities import ItemFact

_NOTHING = "—"
_ENDED = frozenset({Work.CANCELLED, Work.COMPLETED_MET, Work.COMPLETED_UNMET})
_Row = tuple[PastSeries, PastPeriod, PastRow]


class Rhythms:
    """Reads the rows that are not ended of a folded state."""

    def __init__(self, state: State) -> None:
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
        if work.work in _ENDED:
            return _NOTHING
        if work.work is Work.SUSPENDED:
            return "中止期间不报送"
        if work.work is Work.LAPSED and self.closing_on([own] if own is not None else held) is None:
            return "文件已到期，不再报送"
        if own is not None:
            return self._of(own, task, item)
        leads = self._joined([share for share in held if share.is_lead], task, item)
        if leads != _NOTHING:
            return leads
        bearers = self._joined([share for share in held if self._rows[share.assignment_id]], task, item)
        return bearers if bearers == _NOTHING else f"承担单位{bearers}"

    def closing_on(self, held: Iterable[PastShare]) -> date | None:
        """Return by when the closing report of a lapsed task is owed; None where none is."""
        found = [
            due_day(row.due_at or period.due_at)
            for share in held
            for _series, period, row in self._rows[share.assignment_id]
            if period.code == CLOSING
        ]
        return min(found, default=None)

    def _joined(self, shares: Iterable[PastShare], task: PastTask, item: ItemFact) -> str:
        words = dict.fromkeys(self._of(share, task, item) for share in shares)
        return "；".join(one for one in words if one != _NOTHING) or _NOTHING

    def _of(self, share: PastShare, task: PastTask, item: ItemFact) -> str:
        rows = self._rows[share.assignment_id]
        if rows:
            return "、".join(_rhythms(rows))
        if item.dormant and not task.triggered:
            return "发生后按响应级别" if item.level else "发生后按文件规定"
        if share.is_lead or share.duty == Duty.REPLY.value:
            return _NOTHING if share.is_lead else "按牵头单位要求"
        ticks = dict.fromkeys(self._ticks[share.unit_id, task.document_id])
        return "、".join(f"{CADENCE_NAMES[kind.value]}勾选一次" for kind in ticks) or _NOTHING


def _rhythms(rows: Iterable[_Row]) -> list[str]:
    """Name the rhythm of each row once; a report that is asked for one time only names its day."""
    found: dict[str, None] = {}
    last: dict[str, None] = {}
    for series, period, row in rows:
        by = full_date(due_day(row.due_at or period.due_at))
        if period.code == CLOSING:
            last[f"收尾报告，应于{by}前报送"] = None
        elif series.kind is CadenceKind.ONCE:
            last[f"一次，应于{by}前报送"] = None
        elif row.final:
            last[f"办结报告，应于{by}前报送"] = None
        else:
            found[CADENCE_NAMES[series.kind.value]] = None
    return [*found, *last]
