"""A process that writes reports without end and prints the number of each after its commit; tests kill it."""

import sys

from sqlalchemy import select
from sqlmodel import col

from tests.support.office import IN_TIME, City
from tracker.store.database import Database
from tracker.store.tables.filings import FilingRow
from tracker.usecases.filing import send_back


def main(url: str) -> None:
    city = City(Database(url))
    with city.database.reading() as session:
        waiting = session.scalars(select(col(FilingRow.id)).where(col(FilingRow.state) == "awaiting_sign_off")).all()
    for left in waiting:
        _send_back(city, left or 0)
    while True:
        filing = city.submit(text="9月28日召开推进会1次。" * 60)
        print(filing, flush=True)
        _send_back(city, filing)


def _send_back(city: City, filing: int) -> None:
    actor = city.head("swj")
    with city.database.transaction() as session:
        send_back(session, filing_id=filing, reason="再改", actor=actor, at=IN_TIME)


if __name__ == "__main__":
    main(sys.argv[1])
