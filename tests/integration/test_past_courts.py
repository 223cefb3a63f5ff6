"""A paper says who has to take the next step with an item, and since when, as the ledger of that moment did."""

import pytest

from tests.support.courts import assert_courts_told_alike
from tests.support.papers import annex, paper
from tests.support.played_autumn import ENDS_AT, PlayedAutumn
from tracker.domain.circulars.kinds import CircularType
from tracker.store.database import Database


@pytest.fixture(scope="module")
def autumn(played_autumn: PlayedAutumn, tmp_path_factory: pytest.TempPathFactory) -> Database:
    return played_autumn.open(ENDS_AT, tmp_path_factory.mktemp("courts"))


def test_the_log_tells_who_holds_the_ball_as_the_ledger_does(autumn: Database) -> None:
    with autumn.reading() as session:
        assert_courts_told_alike(session, now=ENDS_AT)


def test_annexes_say_who_takes_the_next_step(autumn: Database) -> None:
    rows = annex(paper(autumn, CircularType.SUPERVISION), "item_progress").rows
    held = {row[5] for row in rows}
    assert any(one.startswith("市政府督查室（") and one.endswith("起）") for one in held)
    assert any(one.startswith("市") and "（9月" in one for one in held)
    assert all(row[5] != "—" for row in rows if "已办结" not in row[4] and "中止" not in row[4])
