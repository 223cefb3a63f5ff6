"""Whom papers name as having a part in a task."""

from tests.support.owed_city import BY, OFFICE, at, open_owed_city
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.parts import NewShare
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of
from tracker.usecases.sharing import add_share, release_share


def test_a_unit_that_the_office_puts_beside_is_named_as_added_and_one_that_is_printed_as_it_is_printed(
    database: Database,
) -> None:
    city = open_owed_city(database)
    added = {"reason": "协助", "actor": OFFICE, "at": at(9, 1), "by": BY}
    with database.transaction() as session:
        release_share(session, assignment_id=city.share("tjj").id or 0, **added)  # type: ignore[arg-type] # said alike
    for code in ("tjj", "wjw"):
        with database.transaction() as session:
            part = NewShare(city.unit_id(code), AssignmentRole.SUPPORT, Duty.REPLY)
            add_share(session, task_id=city.task_id(), share=part, **added)  # type: ignore[arg-type] # said alike
    with database.reading() as session:
        [task, _waiting] = facts_as_of(session, as_of=at(9, 2)).tasks
    assert task.named.supports == ("市统计局", "市卫生健康体育委（督查室补充）", "各县区人民政府")
