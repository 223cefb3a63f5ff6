"""Two acts on one task at the same moment: the later one decides by what the earlier one left, not by an older read."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from sqlmodel import Session, col, select

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tracker.domain.claims import Claim, RowContent
from tracker.domain.errors import Rejected
from tracker.domain.filings import FilingKind, ReturnReason
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.usecases.ending import cancel_task
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.form_rows import Entry
from tracker.usecases.reviewing import return_report
from tracker.usecases.sharing import reassign_share

_Act = Callable[[OwedCity, Session], object]
_HELD_S = 0.6
_WHEN = at(10, 6)


def _reassign(city: OwedCity, session: Session) -> None:
    share = session.exec(select(AssignmentRow).where(col(AssignmentRow.unit_id) == city.unit_id("swj"))).one()
    to = city.unit_id("wjw")
    reassign_share(
        session, assignment_id=share.id or 0, to_unit_id=to, reason="职能划转", actor=OFFICE, at=_WHEN, by=BY
    )


def _cancel(city: OwedCity, session: Session) -> None:
    cancel_task(session, task_id=city.task_id(), reason="工作调整", actor=OFFICE, at=_WHEN)


def _sign(city: OwedCity, session: Session) -> None:
    completion = select(ReportRow.filing_id).where(col(ReportRow.kind) == "completion")
    sign_off(session, filing_id=session.exec(completion).one(), actor=city.head("swj"), at=_WHEN)


def _return(_city: OwedCity, session: Session) -> None:
    report = session.exec(select(ReportRow.id).where(col(ReportRow.state) == "filed")).one() or 0
    return_report(
        session,
        report_id=report,
        reason="缺少佐证",
        reason_class=ReturnReason.NO_EVIDENCE,
        actor=OFFICE,
        at=_WHEN,
        by=BY,
    )


def _write_completion(city: OwedCity) -> None:
    share = city.share("swj")
    with city.database.transaction() as session:
        item_id = session.get_one(TaskRow, share.task_id).item_id
        targets = session.exec(select(ItemTargetRow).where(col(ItemTargetRow.item_id) == item_id)).all()
        content = RowContent(text="9月15日召开推进会，签约3个项目。", claim=Claim.DONE)
        values = {target.id or 0: (target.value or 0.0, date(2022, 9, 15)) for target in targets}
        entry = Entry(share.id or 0, content, values)
        submit_one(session, SubmitOne(FilingKind.COMPLETION, entry), actor=city.liaison("swj"), at=at(10, 5))


def _overlap(city: OwedCity, first: _Act, second: _Act) -> None:
    """Let the second act begin while the first is done but not committed; a refusal is an answer, an error is none."""
    done = Event()

    def hold() -> None:
        with city.database.transaction() as session:
            first(city, session)
            session.flush()
            done.set()
            time.sleep(_HELD_S)

    def follow() -> None:
        done.wait()
        try:
            with city.database.transaction() as session:
                second(city, session)
        except Rejected:
            pass

    with ThreadPoolExecutor(2) as pool:
        for waiting in [pool.submit(hold), pool.submit(follow)]:
            waiting.result()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_reassign, _sign),
        (_cancel, _sign),
        (_sign, _reassign),
        (_sign, _cancel),
        (_reassign, _return),
        (_cancel, _return),
        (_return, _reassign),
        (_return, _cancel),
    ],
)
def test_the_log_tells_of_two_acts_at_once_what_the_tables_keep(database: Database, first: _Act, second: _Act) -> None:
    city = open_owed_city(database)
    city.grow(at(10, 2))
    if _return in (first, second):
        city.file("swj", "2022-09", when=at(10, 4))
    else:
        _write_completion(city)
    _overlap(city, first, second)
    assert_reckoned(database)
    with database.reading() as session:
        told = fold(session, cut(session, as_of=at(10, 7)))
        task = session.get_one(TaskRow, city.task_id())
        assert told.tasks[city.task_id()].state.value == task.state
        for share in session.exec(select(AssignmentRow).where(col(AssignmentRow.task_id) == task.id)):
            assert told.shares[share.id or 0].state.value == share.state
