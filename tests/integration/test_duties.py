"""What puts rows into series, and since when the office has it: each condition with what it alone keeps out."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.office import BY, IN_TIME, ISSUED_AT, City, open_city
from tracker.domain.claims import Claim
from tracker.domain.filings import FilingKind, Outcome
from tracker.store.database import Database
from tracker.store.queries.duties import live_duties
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.series import DutyRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.requesting import dispute_share

Change = Callable[[Session, AssignmentRow], None]


def _nothing(_session: Session, _share: AssignmentRow) -> None:
    """Leave the share as it is."""


def _duty_ended(session: Session, share: AssignmentRow) -> None:
    session.scalars(select(DutyRow).where(col(DutyRow.assignment_id) == share.id)).one().ended_at = IN_TIME


def _task_completed(session: Session, share: AssignmentRow) -> None:
    session.get_one(TaskRow, share.task_id).state = "completed"


def _share_ended(_session: Session, share: AssignmentRow) -> None:
    share.state = "released"


@pytest.mark.parametrize(
    ("change", "expected"), [(_nothing, 1), (_duty_ended, 0), (_task_completed, 0), (_share_ended, 0)]
)
def test_a_duty_goes_on_as_long_as_its_share_and_task(database: Database, change: Change, expected: int) -> None:
    city = open_city(database)
    with database.transaction() as session:
        change(session, city.assignment("swj", session))
    with database.reading() as session:
        series_id = city.series("swj", session).id or 0
        duties = live_duties(session, [series_id])
        assert [duty.series_id for duty in duties] == [series_id] * expected
        assert live_duties(session, []) == []


def _complete(city: City) -> None:
    liaison, head = city.liaison("swj"), city.head("swj")
    with city.database.transaction() as session:
        entry = city.entry("swj", session, outcome=Outcome.MET, claim=Claim.DONE)
        filing_id = submit_one(session, SubmitOne(FilingKind.COMPLETION, entry), actor=liaison, at=IN_TIME)
        sign_off(session, filing_id=filing_id, actor=head, at=IN_TIME)


def _dispute(city: City) -> None:
    liaison = city.liaison("swj")
    with city.database.transaction() as session:
        share_id = city.assignment("swj", session).id or 0
        dispute_share(session, assignment_id=share_id, reason="不属我局", actor=liaison, at=ISSUED_AT, by=BY)


def _leads_no_more(_session: Session, share: AssignmentRow) -> None:
    share.role = "support"


def _reports_progress(session: Session, _share: AssignmentRow) -> None:
    session.scalars(select(ReportRow)).one().kind = "progress"


def _decided(session: Session, _share: AssignmentRow) -> None:
    session.scalars(select(ReportRow)).one().state = "accepted"


def _refused(session: Session, _share: AssignmentRow) -> None:
    session.scalars(select(RequestRow)).one().state = "refused"


def _not_disputed(_session: Session, share: AssignmentRow) -> None:
    share.state = "received"


def _asks_for_time(session: Session, _share: AssignmentRow) -> None:
    request = session.scalars(select(RequestRow)).one()
    request.kind, request.row_id = "extension", 1


@pytest.mark.parametrize(
    ("act", "change", "held"),
    [
        (_complete, _nothing, True),
        *((_complete, change, False) for change in (_leads_no_more, _reports_progress, _decided)),
        (_dispute, _nothing, True),
        *((_dispute, change, False) for change in (_refused, _not_disputed, _asks_for_time)),
    ],
)
def test_the_office_has_what_a_lead_calls_done_and_what_is_in_dispute(
    database: Database, act: Callable[[City], None], change: Change, held: bool
) -> None:
    city = open_city(database)
    act(city)
    with database.transaction() as session:
        change(session, city.assignment("swj", session))
    with database.reading() as session:
        [duty] = live_duties(session, [city.series("swj", session).id or 0])
    since = IN_TIME if act is _complete else ISSUED_AT
    assert duty.held_at == (since if held else None)
