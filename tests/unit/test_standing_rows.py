"""A row as it stood reads like one that the table's own constructor makes."""

import pytest
from sqlmodel import SQLModel

from tracker.store.history.standing_rows import stood
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


@pytest.mark.parametrize("table", [TaskRow, AssignmentRow, PeriodRow, FormRow])
def test_a_standing_row_has_its_values_and_the_defaults_of_its_table(table: type[SQLModel]) -> None:
    made, standing = table(id=7), stood(table, id=7)
    names = list(table.model_fields)
    assert [getattr(standing, name) for name in names] == [getattr(made, name) for name in names]


def test_a_column_that_the_table_lacks_is_refused() -> None:
    with pytest.raises(TypeError, match="seal"):
        stood(TaskRow, seal="red")
