"""Reports filed while the pass of a month's first day opens a period for every series: none may be refused."""

import multiprocessing
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlmodel import col

from tests.bench.bulk import NOW
from tests.bench.cities import BenchCity
from tests.bench.measuring import Count
from tests.support.owed_city import BY
from tracker.domain.accounts import Actor, Role
from tracker.domain.calendar import at_local
from tracker.domain.claims import Claim, RowContent
from tracker.domain.deliveries import Outgoing
from tracker.domain.entries import Entry
from tracker.store.database import Database
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.filings import FilingRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.usecases.filing import SubmitForm, submit_form
from tracker.usecases.sweeping import sweep

_REPORTS = 100
_AT_ONCE = 4
_FIRST_OF_MONTH = at_local(date(2022, 11, 1), 9, 30)
_SLOWEST_S = 5
_VALUE_ON = date(2022, 10, 25)


def measure_reports(city: BenchCity) -> list[Count]:
    """File forms from four threads beside a pass in a process of its own; count what was refused, and what dawdled."""
    forms = _forms(city.database)
    url = city.database.engine.url.render_as_string(hide_password=False)
    running = multiprocessing.get_context("spawn").Process(target=_sweep, args=(url,))
    running.start()
    time.sleep(3)  # a process that is started anew needs that long to import what it runs
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        taken = list(threads.map(lambda form: _file(city.database, *form), forms))
    beside = running.is_alive()
    running.join()
    filed = [seconds for seconds in taken if seconds is not None]
    print(f"{city.kind}: a report beside a pass took {statistics.median(filed):.3f} s, at most {max(filed):.3f} s")
    return [
        Count(f"reports refused beside a pass, {city.kind}", len(taken) - len(filed), 0),
        Count(f"reports slower than {_SLOWEST_S} s, {city.kind}", sum(s > _SLOWEST_S for s in filed), 0),
        Count(f"passes that ended before the reports, {city.kind}", int(not beside), 0),
        Count(f"passes that failed, {city.kind}", int(running.exitcode != 0), 0),
    ]


def _sweep(url: str) -> None:
    database = Database(url)
    sweep(database, now=_FIRST_OF_MONTH, by=BY, outgoing=Outgoing(mail=False, machine_now=NOW))
    database.dispose()


def _forms(database: Database) -> list[tuple[int, int, list[tuple[int, int]]]]:
    """Return forms that wait to be filed: the period, its unit, its open shares with their targets."""
    handed_in = select(col(FilingRow.period_id)).where(col(FilingRow.state) == "awaiting_sign_off")
    with database.reading() as session:
        rows = session.execute(
            select(col(PeriodRow.id), col(SeriesRow.unit_id), col(FormRow.assignment_id), col(ItemTargetRow.id))
            .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
            .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
            .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
            .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
            .join(ItemTargetRow, col(ItemTargetRow.item_id) == col(TaskRow.item_id))
            .where(col(PeriodRow.code) == "2022-10", col(FormRow.state) == "open", col(FormRow.pending_at).is_(None))
            .where(col(SeriesRow.overdue_from) == col(PeriodRow.due_at), col(PeriodRow.id).not_in(handed_in))
            .order_by(col(PeriodRow.id).desc())
            .limit(_REPORTS * 4)
        ).all()
    forms: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for period_id, unit_id, assignment_id, target_id in rows:
        forms.setdefault((period_id or 0, unit_id), []).append((assignment_id or 0, target_id or 0))
    return [(period_id, unit_id, shares) for (period_id, unit_id), shares in list(forms.items())[:_REPORTS]]


def _file(database: Database, period_id: int, unit_id: int, shares: list[tuple[int, int]]) -> float | None:
    """Hand in one form; return the seconds it took, None where the database refused."""
    actor = Actor(1, "联络员", Role.LIAISON, unit_id, "单位")
    content = RowContent(text="10月召开推进会2次，完成项目10个。", claim=Claim.ON_SCHEDULE)
    entries = tuple(Entry(share, content, {target: (10.0, _VALUE_ON)}) for share, target in shares)
    start = time.perf_counter()
    try:
        with database.transaction() as session:
            submit_form(session, SubmitForm(period_id, entries), actor=actor, at=NOW)
    except OperationalError:
        return None
    return time.perf_counter() - start
