"""Which earlier accounts a later one ends: each condition with the row that it alone keeps out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session

from tests.support.office import City, open_city
from tracker.domain.accounts import EVERY_UNIT
from tracker.store.database import Database
from tracker.store.queries.forms import form_view
from tracker.store.queries.narrative import earlier_narrative_rows
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import TaskRow

NOW = datetime(2022, 11, 28, 1, 0, tzinfo=UTC)
SIGNED = datetime(2022, 11, 28, 2, 0, tzinfo=UTC)
LATER = datetime(2022, 12, 1, 1, 0, tzinfo=UTC)

Change = Callable[[City, Session, FormRow], None]


def _nothing(_city: City, _session: Session, _row: FormRow) -> None:
    """Leave September as it is: narrative, owed and past."""


def _another_series(_city: City, session: Session, row: FormRow) -> None:
    period = session.get_one(PeriodRow, row.period_id)
    own = session.get_one(SeriesRow, period.series_id)
    other = SeriesRow(unit_id=own.unit_id, document_id=own.document_id, kind="once", key="once/other")
    session.add(other)
    session.flush()
    period.series_id = other.id or 0


def _due_later(_city: City, session: Session, row: FormRow) -> None:
    period = session.get_one(PeriodRow, row.period_id)
    row.due_at, period.due_at = period.due_at, datetime(2023, 1, 1, tzinfo=UTC)


def _not_past(_city: City, _session: Session, row: FormRow) -> None:
    row.due_at = LATER


def _another_share(city: City, session: Session, row: FormRow) -> None:
    row.assignment_id = city.assignment("tjj", session).id


def _act(_city: City, _session: Session, row: FormRow) -> None:
    row.act = True


def _not_required(_city: City, _session: Session, row: FormRow) -> None:
    row.required = False


def _filed(_city: City, _session: Session, row: FormRow) -> None:
    row.state = "filed"


def _asked_for_more_time(_city: City, _session: Session, row: FormRow) -> None:
    row.pending_at = NOW


def _share_ended(city: City, session: Session, _row: FormRow) -> None:
    city.assignment("swj", session).state = "released"


def _task_suspended(city: City, session: Session, _row: FormRow) -> None:
    session.get_one(TaskRow, city.assignment("swj", session).task_id).state = "suspended"


def _report_stayed(_city: City, session: Session, _row: FormRow) -> None:
    session.scalars(select(ReportRow)).one().state = "awaiting_sign_off"


def _account_corrected(city: City, session: Session, _row: FormRow) -> None:
    city.row("swj", session, name="2022-11").filed_at = NOW - timedelta(days=1)


def _fell_due_after_writing(_city: City, _session: Session, row: FormRow) -> None:
    row.due_at = SIGNED


def _wrote(session: Session, row: FormRow, **facts: Any) -> None:
    """Let an envelope speak of a row, from which `facts` part it."""
    by: dict[str, Any] = {"written_by": "联络员", "written_at": NOW}
    filing = FilingRow(**{"kind": "form", "unit_id": 1, "period_id": row.period_id, **by, **facts})
    session.add(filing)
    session.flush()
    said = {"row_id": row.id, "kind": "progress", "state": filing.state, "text": "已办", **by}
    session.add(ReportRow(filing_id=filing.id or 0, assignment_id=row.assignment_id, **said))


def _waits_for_the_head(_city: City, session: Session, row: FormRow) -> None:
    _wrote(session, row)


def _waited_for_the_head(_city: City, session: Session, row: FormRow) -> None:
    _wrote(session, row, id=-1, state="sent_back", stopped_at=SIGNED)


def _account_of_an_act(city: City, session: Session, _row: FormRow) -> None:
    city.row("swj", session, name="2022-11").act = True


@pytest.mark.parametrize(
    ("change", "ended"),
    [
        (_nothing, ["2022-09", "2022-10"]),
        *((change, ["2022-10"]) for change in (_another_series, _due_later, _not_past, _another_share)),
        *((change, ["2022-10"]) for change in (_fell_due_after_writing, _waits_for_the_head, _waited_for_the_head)),
        *((change, ["2022-10"]) for change in (_act, _not_required, _filed, _asked_for_more_time)),
        *((change, []) for change in (_share_ended, _task_suspended, _report_stayed, _account_of_an_act)),
        (_account_corrected, []),
    ],
)
def test_an_account_ends_what_its_share_owed_before_in_the_series(
    database: Database, change: Change, ended: list[str]
) -> None:
    city = open_city(database)
    city.sweep(NOW)
    with database.transaction() as session:
        for name in ("2022-09", "2022-10", "2022-11"):
            city.row("swj", session, name=name).act = False
        for name in ("2022-10", "2022-11"):  # its own row is past too, and ends nothing by that
            city.row("swj", session, name=name).due_at = NOW
    filing_id = city.submit(at=NOW, name="2022-11", missed_words="人员调整")
    with database.transaction() as session:
        session.scalars(select(ReportRow)).one().state = "filed"
        city.row("swj", session, name="2022-11").filed_at = SIGNED
        change(city, session, city.row("swj", session, name="2022-09"))
    with database.transaction() as session:
        period = city.period("swj", session, name="2022-11")
        filing = session.get_one(FilingRow, filing_id)
        rows = earlier_narrative_rows(session, filing, period, now=SIGNED)
        assert [session.get_one(PeriodRow, row.period_id).code for row in rows] == ended


def test_the_form_names_what_is_past_at_that_moment(database: Database) -> None:
    city = open_city(database)
    city.sweep(NOW)
    with database.transaction() as session:
        for name, due_at in (("2022-09", NOW), ("2022-10", LATER), ("2022-11", LATER)):
            row = city.row("swj", session, name=name)
            row.act, row.due_at = False, due_at
    with database.reading() as session:
        period_id = city.period("swj", session, name="2022-11").id or 0
        form = form_view(session, period_id=period_id, unit_ids=EVERY_UNIT, now=NOW)
    assert form is not None
    assert form.ends == ("2022-09",)
