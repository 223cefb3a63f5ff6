"""What events say of series, forms and rows."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from tracker.domain.deadlines import due_day
from tracker.domain.events.forms import EXTENSION
from tracker.domain.filings import RequestKind
from tracker.domain.items import CadenceKind
from tracker.domain.owed import RowState
from tracker.store.history.log import Told
from tracker.store.history.state import PastPeriod, PastRow, PastSeries, State
from tracker.store.history.told import correct_anew, row_told, rows_told, time_told

_Facts = Mapping[str, Any]  # Any: the payload of an event


def _series_opened(state: State, told: Told) -> None:
    facts = told.facts
    state.series[facts["series_id"]] = PastSeries(
        series_id=facts["series_id"],
        unit_id=told.unit_id or 0,
        document_id=facts["document_id"],
        kind=CadenceKind(facts["kind"]),
        addressee=facts.get("addressee"),
        trigger_id=facts.get("trigger_id"),
    )


def _form_opened(state: State, told: Told) -> None:
    if told.facts["series_id"] in state.series:
        _open(state, told, told.facts)


def _series_carried(state: State, told: Told) -> None:
    """A series as it stood when reckoning began takes the place of whatever was told of its forms before."""
    series_id = told.facts["series_id"]
    if series_id not in state.series:
        return
    before = {id_ for id_, period in state.periods.items() if period.series_id == series_id}
    state.periods = {id_: period for id_, period in state.periods.items() if id_ not in before}
    state.rows = {id_: row for id_, row in state.rows.items() if row.period_id not in before}
    for form in told.facts["periods"]:
        _open(state, told, {**form, "series_id": series_id})


def _open(state: State, told: Told, form: _Facts) -> None:
    state.periods[form["period_id"]] = PastPeriod(
        period_id=form["period_id"],
        series_id=form["series_id"],
        code=form["code"],
        starts_on=date.fromisoformat(form["starts_on"]),
        ends_on=date.fromisoformat(form["ends_on"]),
        opens_at=datetime.fromisoformat(form["opens_at"]),
        due_at=datetime.fromisoformat(form["due_at"]),
        events=[told.seq],
    )
    _add_rows(state, told, form["period_id"], form["rows"])


def _rows_added(state: State, told: Told) -> None:
    if told.facts["period_id"] in state.periods:
        _add_rows(state, told, told.facts["period_id"], told.facts["rows"])


def _add_rows(state: State, told: Told, period_id: int, rows: Iterable[_Facts]) -> None:
    for row in rows:
        state.rows[row["row_id"]] = PastRow(
            row_id=row["row_id"],
            period_id=period_id,
            assignment_id=row["assignment_id"],
            task_id=row["task_id"],
            required=row["required"],
            act=row["act"],
            soft=row["soft"],
            final=row["final"],
            due_at=time_told(row["due_at"]),
            state=RowState(row.get("state", "open")),
            correction_due_at=time_told(row.get("correction_due_at")),
            filed_at=time_told(row.get("filed_at")),
            late=row.get("late"),
            pending_at=time_told(row.get("pending_at")),
            named=row.get("named"),
            events=[told.seq],
        )


def _due_moved(state: State, told: Told) -> None:
    facts = told.facts
    moment = datetime.fromisoformat(facts["new_due_at"])
    if facts["row_id"] is None:
        if (period := state.periods.get(facts["period_id"])) is not None:
            period.due_at = moment
            period.opens_at = time_told(facts.get("new_opens_at")) or period.opens_at
            period.events.append(told.seq)
        return
    if (row := row_told(state, told)) is None:
        return
    if facts["correction"]:
        row.correction_due_at = moment
    else:
        row.due_at = moment
    row.moved_by = facts["cause"]
    row.extended = row.extended or facts["cause"] == EXTENSION


def _outage_recorded(state: State, told: Told) -> None:
    """What the log moves by itself follows the record; corrections without a row are named in it."""
    correct_anew(state, told, due_day(datetime.fromisoformat(told.facts["new_due_at"])))


def _row_settled(state: State, told: Told) -> None:
    if (row := row_told(state, told)) is not None:
        row.state, row.ended_by = RowState(told.facts["state"]), told.facts["cause"]
        row.correction_due_at = row.pending_at = None


def _lateness_fixed(state: State, told: Told) -> None:
    if (row := row_told(state, told)) is not None:
        row.late = told.facts["late"]


def _request_asked(state: State, told: Told) -> None:
    for row in rows_told(state, told):
        row.pending_at = told.at


def _request_revived(state: State, told: Told) -> None:
    for row in rows_told(state, told):
        row.pending_at = datetime.fromisoformat(told.facts["asked_at"])


def _request_decided(state: State, told: Told) -> None:
    for row in rows_told(state, told):
        row.pending_at = None


def _request_granted(state: State, told: Told) -> None:
    _request_decided(state, told)
    report = state.reports.get(told.facts.get("report_id") or 0)
    if report is not None:
        report.verified = told.facts["claim"]


def _request_mooted(state: State, told: Told) -> None:
    """Nobody decides any more, so nothing waits for a decision; what is still owed runs on."""
    if told.facts["kind"] == RequestKind.OBJECTION.value:  # no row waited for it
        return
    if told.facts.get("rows"):
        _request_decided(state, told)
        return
    share = state.share_of(told.task_id, told.unit_id)
    for row in state.rows.values():
        if share is not None and row.assignment_id == share.assignment_id:
            row.pending_at = None


def _rows_reset(state: State, told: Told) -> None:
    for reset in told.facts["rows"]:
        if (row := state.rows.get(reset["row_id"])) is not None:
            row.state, row.final = RowState(reset.get("state", "open")), reset["final"]
            row.ended_by, row.moved_by = "", told.facts["cause"]
            row.correction_due_at = time_told(reset.get("correction_due_at"))
            row.due_at, row.pending_at = time_told(reset["due_at"]), time_told(reset.get("pending_at"))
            row.events.append(told.seq)


def _row_moved(state: State, told: Told) -> None:
    """A merger moved a row, and the period with it where the successor had none; of two rows one goes on."""
    facts = told.facts
    row = state.rows.get(facts["into_row_id"])
    if row is None:
        return
    row.period_id, row.assignment_id = facts["period_id"], facts["assignment_id"]
    row.required, row.act = facts["required"], facts["act"]
    row.soft, row.final = facts.get("soft", row.soft), facts.get("final", row.final)  # older events do not tell them
    row.state, row.due_at = RowState(facts["state"]), time_told(facts["due_at"])
    row.correction_due_at, row.pending_at = time_told(facts["correction_due_at"]), time_told(facts["pending_at"])
    row.filed_at, row.late = time_told(facts["filed_at"]), facts["late"]
    row.events.append(told.seq)
    if (period := state.periods.get(facts["period_id"])) is not None:
        period.series_id = facts["series_id"]
    for report in state.reports.values():
        if report.row_id == facts["row_id"]:
            report.row_id = row.row_id


def _series_moved(state: State, told: Told) -> None:
    series = state.series.get(told.facts["series_id"])
    if series is not None and told.facts["into_series_id"] == series.series_id:
        series.unit_id = told.unit_id or 0


FOLDS: Mapping[str, Callable[[State, Told], None]] = {
    "series.opened": _series_opened,
    "series.carried": _series_carried,
    "form.opened": _form_opened,
    "form.rows_added": _rows_added,
    "due.moved": _due_moved,
    "outage.recorded": _outage_recorded,
    "row.settled": _row_settled,
    "lateness.fixed": _lateness_fixed,
    "request.asked": _request_asked,
    "rows.held": _request_asked,
    "rows.freed": _request_decided,
    "rows.let_go": _request_decided,
    "request.granted": _request_granted,
    "request.refused": _request_decided,
    "request.mooted": _request_mooted,
    "request.revived": _request_revived,
    "form.rows_reset": _rows_reset,
    "row.moved": _row_moved,
    "series.moved": _series_moved,
}
