"""Who organises an evaluation reads all marks from the draft on, and hands in what was decided to be his."""

from functools import partial
from pathlib import Path

import pytest

from tests.support.office import OFFICE, open_city
from tests.support.site import Site
from tests.support.small_evaluation import (
    OPENED,
    Worked,
    decided,
    figure,
    filled,
    in_check,
    opened,
    ruling,
)
from tests.support.small_scheme import SMALL_SCHEME
from tracker.domain.scoring.entries import NotYourFigure
from tracker.gateways.schemes import read_scheme
from tracker.store.database import Database
from tracker.usecases.scoring_months import draft_ranking
from tracker.usecases.scoring_rules import decide

_SCORER = """
[[questions]]
code = "scorer"
point = "office"
title = "附件由谁核算打分"
words = "没有规定。"
sources = ["1"]
marks_annexes = ["1"]
options = [
  { code = "organiser", words = "领导小组办公室", choice = "organiser" },
  { code = "commission", words = "发改委", choice = "commission" },
]

[[settled]]
"""
_CONTENT = SMALL_SCHEME.replace("[[settled]]\n", _SCORER.lstrip(), 1)


def _site(database: Database, folder: Path) -> Site:
    made = Site(database, folder, city=open_city(database))
    made.clock.at = OPENED
    return made


def test_the_organiser_reads_all_marks_and_who_only_supplies_none(database: Database, tmp_path: Path) -> None:
    site = _site(database, tmp_path)
    worked = in_check(site.city)
    ranking = f"/evaluation/{worked.month_id}/ranking"
    page = site.logged_in("wjw").get(ranking).get_data(as_text=True)
    assert ("驿城区" in page, "遂平县" in page) == (True, True)
    assert site.logged_in("tjj").get(ranking).status_code == 404, "who only supplies reads no marks"
    assert site.logged_in("wjw").get(f"/evaluation/{worked.month_id}/objects/2").status_code == 200


def test_while_figures_come_in_the_organiser_reads_no_marks(database: Database, tmp_path: Path) -> None:
    site = _site(database, tmp_path)
    worked = opened(site.city)
    ranking = f"/evaluation/{worked.month_id}/ranking"
    assert site.logged_in("wjw").get(ranking).status_code == 404
    decided(site.city)
    filled(worked)
    with database.transaction() as session:
        at = OPENED
        draft_ranking(session, worked.month_id, read=read_scheme, actor=OFFICE, at=at)
    assert site.logged_in("wjw").get(ranking).status_code == 200


@pytest.mark.parametrize("option", ["organiser", "commission", None])
def test_what_is_printed_for_nobody_is_the_organisers_where_it_was_decided_so(
    database: Database, tmp_path: Path, option: str | None
) -> None:
    site = _site(database, tmp_path)
    worked: Worked = opened(site.city, content=_CONTENT)
    if option is not None:
        with database.transaction() as session:
            decide(session, ruling("scorer", option), read=read_scheme, actor=OFFICE, at=OPENED)
    form = site.logged_in("wjw").get(f"/evaluation/{worked.month_id}/inputs").get_data(as_text=True)
    assert ("计划开工项目个数" in form) == (option == "organiser")
    wjw, office = site.city.liaison("wjw"), OFFICE
    with database.transaction() as session:
        planned = partial(worked.enter, session, wjw, figure("planned", "yc", "4"))
        if option == "organiser":
            assert planned().new == 1
            assert worked.enter(session, office, figure("planned", "sp", "2")).new == 1, "the office works for him"
        else:
            with pytest.raises(NotYourFigure):
                planned()
        with pytest.raises(NotYourFigure):
            worked.enter(session, wjw, figure("started", "yc", "1"))
