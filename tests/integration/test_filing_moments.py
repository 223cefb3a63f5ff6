"""By when an envelope must leave its unit: a correction by its own day, what it mends by the day it had."""

from datetime import date

from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, OFFICE, at, open_owed_city
from tracker.domain.calendar import end_of_day
from tracker.domain.filings import ReturnReason
from tracker.store.database import Database
from tracker.store.queries.filing_moments import moments_of_filings
from tracker.store.tables.filings import ReportRow
from tracker.usecases.returning import return_report


def test_a_return_dates_the_envelope_that_mends_it_and_not_the_one_that_was_returned(database: Database) -> None:
    city = open_owed_city(database)
    report_id, why = city.file("swj", "2022-09", when=at(10, 9)), ReturnReason.FIGURES
    with database.transaction() as session:
        return_report(
            session, report_id=report_id, reason="数据不符", reason_class=why, actor=OFFICE, at=at(10, 12), by=BY
        )
    city.file("swj", "2022-09", when=at(10, 14))
    with database.reading() as session:
        filings = session.scalars(select(col(ReportRow.filing_id)).order_by(col(ReportRow.id))).all()
        moments = moments_of_filings(session, filings)
    assert [moments[filing] for filing in filings] == [end_of_day(date(2022, 10, day)) for day in (10, 17)]
