"""Views filled from rows: by the names of the columns, on a real database."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Result, Select, create_engine, literal, select
from sqlalchemy.orm import Session

from tracker.store.rows import UnlikeColumns, as_view, as_views


@dataclass(frozen=True, slots=True)
class _Line:
    number: str
    title: str
    items: int


_NUMBER, _TITLE, _ITEMS = literal("8号").label("number"), literal("通知").label("title"), literal(3).label("items")


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    with Session(engine) as session:
        yield session
    engine.dispose()


def _rows(session: Session, *columns: Any) -> Result[*tuple[Any, ...]]:  # Any: whatever a test selects
    wanted: Select[*tuple[Any, ...]] = select(*columns)
    return session.execute(wanted)


def test_a_view_takes_the_columns_of_its_names(session: Session) -> None:
    assert as_views(_Line, _rows(session, _NUMBER, _TITLE, _ITEMS)) == [_Line("8号", "通知", 3)]


def test_columns_of_one_type_that_changed_places_are_refused(session: Session) -> None:
    with pytest.raises(UnlikeColumns, match="_Line"):
        as_views(_Line, _rows(session, _TITLE, _NUMBER, _ITEMS))


def test_a_column_too_few_or_too_many_is_refused(session: Session) -> None:
    with pytest.raises(UnlikeColumns):
        as_views(_Line, _rows(session, _NUMBER, _TITLE))
    with pytest.raises(UnlikeColumns):
        as_views(_Line, _rows(session, _NUMBER, _TITLE, _ITEMS, literal(1).label("more")))


def test_columns_are_compared_also_where_no_row_is_found(session: Session) -> None:
    wanted: Select[*tuple[Any, ...]] = select(_TITLE, _NUMBER, _ITEMS).where(literal(1) == 2)
    with pytest.raises(UnlikeColumns):
        as_views(_Line, session.execute(wanted))


def test_one_row_is_filled_by_name_in_any_order_with_what_no_column_says(session: Session) -> None:
    assert as_view(_Line, _rows(session, _TITLE, _NUMBER).one(), items=3) == _Line("8号", "通知", 3)


def test_one_row_that_names_no_field_or_not_all_is_refused(session: Session) -> None:
    with pytest.raises(TypeError):
        as_view(_Line, _rows(session, _NUMBER, _TITLE).one())
    with pytest.raises(TypeError):
        as_view(_Line, _rows(session, _NUMBER, _TITLE, literal(1).label("more")).one(), items=3)
