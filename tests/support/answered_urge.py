"""The unit that a 催办单 of the audience city was served on answers it, by the word of its head."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from tests.support.audience_city import AudienceCity
from tracker.domain.accounts import EVERY_UNIT, Actor, Role
from tracker.store.queries.served_papers import services_of_paper
from tracker.store.tables.served_papers import ServedPaperRow
from tracker.store.tables.units import UserRow
from tracker.usecases.served_papers import sign_answer, write_answer


def answer_urge(city: AudienceCity, *, at: datetime) -> None:
    """Write the answer as liaison, sign it as head."""
    database = city.site.services.database
    with database.reading() as session:
        [one] = services_of_paper(session, circular_id=city.papers["urge"], unit_ids=EVERY_UNIT)
        people = {
            row.login: Actor(row.id, row.name, Role(row.role), unit_id=row.unit_id)
            for row in session.scalars(select(UserRow).where(col(UserRow.login).in_(("swj", "swj-head"))))
        }
    with database.transaction() as session:
        write_answer(
            session, served_id=one.served_id, version=one.version, words="已经补报。", actor=people["swj"], at=at
        )
        session.flush()
        shown = session.get_one(ServedPaperRow, one.served_id).version
        sign_answer(session, served_id=one.served_id, shown=shown, actor=people["swj-head"], at=at)
