"""A process that writes reports without end and prints the number of each after its commit; tests kill it."""

import sys
from datetime import UTC, datetime

from sqlmodel import col, select

from tests.support.office import City
from tracker.domain.reports import ReportKind
from tracker.store.database import Database
from tracker.store.tables.tasks import ReportRow
from tracker.usecases.reporting import SubmitReport, send_back, submit_report

AT = datetime(2022, 9, 2, 1, 0, tzinfo=UTC)


def main(url: str) -> None:
    city = City(Database(url))
    liaison = city.liaison("swj")
    with city.database.reading() as session:
        period = city.period("swj", session)
        waiting = session.exec(select(ReportRow.id).where(col(ReportRow.state) == "awaiting_sign_off")).all()
    for left in waiting:
        _send_back(city, left or 0)
    while True:
        with city.database.transaction() as session:
            command = SubmitReport(
                assignment_id=period.assignment_id, kind=ReportKind.PROGRESS, text="进展。" * 200, period_id=period.id
            )
            report = submit_report(session, command, actor=liaison, at=AT)
        print(report, flush=True)
        _send_back(city, report)


def _send_back(city: City, report: int) -> None:
    with city.database.transaction() as session:
        send_back(session, report_id=report, reason="再改", actor=city.head("swj"), at=AT)


if __name__ == "__main__":
    main(sys.argv[1])
