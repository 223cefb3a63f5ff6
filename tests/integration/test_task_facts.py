"""Whom papers name as having a part in a task, and which of its forms they count as extended."""

from datetime import date

import pytest

from tests.support.owed_city import BY, OFFICE, at, open_owed_city
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.parts import NewShare
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of
from tracker.usecases.moving_due import move_due
from tracker.usecases.requesting import RequestExtension, grant_extension, request_extension
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


@pytest.mark.parametrize("asked", [True, False])
def test_a_form_is_extended_where_more_time_was_granted_and_not_where_the_office_gave_it_unasked(
    database: Database, asked: bool
) -> None:
    city, later = open_owed_city(database), date(2022, 10, 20)
    city.grow(at(9, 2))
    row_id = city.rows("swj")["2022-09"].id or 0
    with database.transaction() as session:
        if asked:
            command = RequestExtension(row_id, later, "等统计口径")
            request_id = request_extension(session, command, actor=city.liaison("swj"), at=at(9, 28))
            grant_extension(session, request_id=request_id, actor=OFFICE, at=at(9, 29), by=BY)
        move_due(session, row_id=row_id, new_due_on=date(2022, 10, 21), reason="统筹", actor=OFFICE, at=at(9, 30))
    with database.reading() as session:
        forms = facts_as_of(session, as_of=at(10, 1)).forms
    extended = [(form.unit, form.label) for form in forms if form.extended]
    assert extended == ([("市商务局", "2022年9月")] if asked else [])
