"""Annexes of a paper about one document do not name it in every row."""

from datetime import UTC, datetime

import pytest

from tests.support.led_tasks import behind_task
from tests.support.office import CALENDAR
from tests.support.papers import annex
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.facts import Facts
from tracker.domain.circulars.figures import compute
from tracker.domain.circulars.kinds import CircularType
from tracker.paper.annex_columns import annexes, column_names

_FACTS = Facts(datetime(2022, 11, 1, 1, tzinfo=UTC), 99, (behind_task(1, None),), (), ())


@pytest.mark.parametrize(
    ("kind", "of"),
    [
        (CircularType.ASSIGNMENT, "assigned"),
        (CircularType.NOTICE, "supervised"),
        (CircularType.SUPERVISION, "item_progress"),
    ],
)
def test_an_item_is_cited_by_its_own_number_where_the_title_names_the_document(kind: CircularType, of: str) -> None:
    [task] = _FACTS.tasks
    alone = annex(compute(kind, _FACTS, scope=Scope(document=task.document), calendar=CALENDAR), of)
    assert (alone.heads[1], alone.rows[0][1:3]) == ("原文序号", (task.label, task.title))
    [set_] = annexes([alone])
    assert [column.head for column in set_.columns] == column_names(alone)


def test_an_item_is_cited_with_its_document_where_the_paper_is_about_several() -> None:
    [task] = _FACTS.tasks
    whole = annex(compute(CircularType.SUPERVISION, _FACTS, scope=Scope(), calendar=CALENDAR), "item_progress")
    assert (whole.heads[1], whole.rows[0][1]) == ("依据", f"{task.document}{task.label}")


def test_a_column_that_says_the_same_of_every_row_is_left_out() -> None:
    [task] = _FACTS.tasks
    whole = annex(compute(CircularType.SUPERVISION, _FACTS, scope=Scope(), calendar=CALENDAR), "items_behind")
    scope = Scope(document=task.document)
    alone = annex(compute(CircularType.SUPERVISION, _FACTS, scope=scope, calendar=CALENDAR), "items_behind")
    assert [head for head in whole.heads if head not in alone.heads] == ["依据文件"]
    assert [cell for cell in whole.rows[0] if cell not in alone.rows[0]] == [task.document]
