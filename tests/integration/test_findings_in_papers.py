"""Papers: each number counts what its words say, and speaks of whom it names."""

from datetime import datetime

import pytest

from tests.support.office import CALENDAR
from tests.support.played_autumn import ENDS_AT, PlayedAutumn
from tracker.domain.circulars import CircularType, Content, Scope
from tracker.paper.circulars import word
from tracker.paper.letterheads import letterhead
from tracker.store.database import Database
from tracker.store.queries.circulars import content_as_of
from tracker.store.queries.facts import find_unit


@pytest.fixture(scope="module")
def autumn(played_autumn: PlayedAutumn, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The city on 1 November 2022; tests only look at it."""
    return played_autumn.open(ENDS_AT, tmp_path_factory.mktemp("papers"))


def paper(
    database: Database,
    kind: CircularType,
    *,
    unit: str | None = None,
    document: str | None = None,
    as_of: datetime = ENDS_AT,
) -> Content:
    with database.reading() as session:
        full = find_unit(session, unit) if unit else None
        return content_as_of(
            session,
            kind=kind,
            scope=Scope(full, document),
            as_of=as_of,
            up_to=None,
            previous=None,
            calendar=CALENDAR,
        )


def said(content: Content) -> str:
    """Return the paper's text, figures filled in."""
    draft = word(content, letterhead(content.type))
    return "\n".join(content.fill(words) for _level, words in draft.statements)


def test_what_was_given_back_is_counted_in_filings_and_its_items_in_item_times(autumn: Database) -> None:
    content = paper(autumn, CircularType.SUPERVISION)
    figures = content.figures
    assert "共有2个单位的18份反馈被退回（48项次）" in said(content)
    for key in ("returned_units", "returned", "returned_rows"):
        assert int(figures[key].words) == len(figures[key].sources)
        assert all(source.events for source in figures[key].sources)
    assert {source.unit for source in figures["returned"].sources} == {"市招商投资促进局", "确山县"}
    own = said(paper(autumn, CircularType.SUPERVISION, unit="确山县"))
    assert "该单位3份反馈被退回" in own
