"""Who organises an evaluation reads all marks from the draft on, and hands in what was decided to be his."""

import re
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.support.office import OFFICE, open_city
from tests.support.site import Site
from tests.support.small_evaluation import (
    OPENED,
    Worked,
    decided,
    figure,
    filled,
    in_check,
    keep_small_scheme,
    meeting,
    opened,
    ruling,
)
from tests.support.small_scheme import SMALL_SCHEME
from tracker.domain.scoring.entries import InputKind, NotYourFigure
from tracker.gateways.schemes import read_scheme
from tracker.store.database import Database
from tracker.usecases.scoring_inputs import say_none
from tracker.usecases.scoring_months import draft_ranking
from tracker.usecases.scoring_rules import decide

_ORGANISER = "市卫生健康体育委"
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
  { code = "commission", words = "发改委", choice = "commission", unit = "tjj" },
]

[[settled]]
"""
# Nothing but the decision makes anything 市统计局's.
_CONTENT = SMALL_SCHEME.replace("[[settled]]\n", _SCORER.lstrip(), 1).replace('supplier = "tjj"', 'supplier = "swj"')


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


def _decided(site: Site, option: str, *, content: str = _CONTENT) -> Worked:
    worked = opened(site.city, content=content)
    with site.city.database.transaction() as session:
        decide(session, ruling("scorer", option), read=read_scheme, actor=OFFICE, at=OPENED)
    return worked


@pytest.mark.parametrize("option", ["organiser", "commission", None])
def test_what_is_printed_for_nobody_is_whose_it_was_decided_to_be(
    database: Database, tmp_path: Path, option: str | None
) -> None:
    site = _site(database, tmp_path)
    worked = _decided(site, option) if option else opened(site.city, content=_CONTENT)
    path = f"/evaluation/{worked.month_id}/inputs"
    theirs = {None: "office", "organiser": "wjw", "commission": "tjj"}[option]
    for login in ("wjw", "tjj", "office"):
        client = site.logged_in(login)
        page = client.get(path).get_data(as_text=True)
        assert ("计划开工项目个数" in page) == (login == theirs or (login, option) == ("office", "organiser"))
        assert ("月度考评" in client.get("/today").get_data(as_text=True)) == (login != "tjj" or option == "commission")
    wjw, tjj, office = site.city.liaison("wjw"), site.city.liaison("tjj"), OFFICE
    with database.transaction() as session:
        for actor, takes in ((wjw, option == "organiser"), (tjj, option == "commission")):
            planned = partial(worked.enter, session, actor, figure("planned", "yc", "4"))
            if takes:
                assert planned().new == 1
            else:
                with pytest.raises(NotYourFigure):
                    planned()
        also = partial(worked.enter, session, office, figure("planned", "sp", "2"))
        if option == "commission":
            with pytest.raises(NotYourFigure):
                also()
        else:
            assert also().new == 1, "the office works for the organiser, and where nobody is named"
        with pytest.raises(NotYourFigure):
            worked.enter(session, wjw, figure("started", "yc", "1"))


def test_who_is_decided_to_hand_in_while_a_month_is_collected_is_told_until_when(
    database: Database, tmp_path: Path
) -> None:
    site = _site(database, tmp_path)
    _decided(site, "commission")
    site.work()
    told = site.logged_in("tjj").get("/notices").get_data(as_text=True)
    assert "按考评办法的有关决定，本月由本单位提供数据，请报送。说明：2022年10月20日（含）前" in told


def test_who_hands_in_something_already_is_told_what_more_is_his_and_who_less_that_it_is(
    database: Database, tmp_path: Path
) -> None:
    site = _site(database, tmp_path)
    _decided(site, "commission", content=_CONTENT.replace('unit = "tjj"', 'unit = "swj"'))
    site.work()
    told = "按考评办法的有关决定，本月由本单位提供数据"
    assert told in site.logged_in("swj").get("/notices").get_data(as_text=True), "it supplies another figure as printed"
    changed = ruling("scorer", "organiser", seen=1, first_month="2022-09")
    with site.city.database.transaction() as session:
        decide(session, changed, read=read_scheme, actor=OFFICE, at=OPENED)
    site.work()
    assert "本月部分数据改由其他单位报送" in site.logged_in("swj").get("/notices").get_data(as_text=True)


def test_rules_kept_before_an_answer_named_its_unit_leave_it_to_the_office(database: Database, tmp_path: Path) -> None:
    site = _site(database, tmp_path)
    worked = _decided(site, "commission", content=_CONTENT.replace(', unit = "tjj"', ""))
    with database.transaction() as session:
        assert worked.enter(session, OFFICE, figure("planned", "yc", "4")).new == 1
        with pytest.raises(NotYourFigure):
            worked.enter(session, site.city.liaison("tjj"), figure("planned", "sp", "2"))


def test_the_office_reads_whose_it_is_what_it_hands_in_for_another(database: Database, tmp_path: Path) -> None:
    site = _site(database, tmp_path)
    worked = _decided(site, "organiser")
    office, path = site.logged_in("office"), f"/evaluation/{worked.month_id}"

    def rows() -> list[str]:
        cells = re.findall(r'<a class="clause" href="[^"]*">([^<]*)</a>', office.get(path).get_data(as_text=True))
        return [one for one in cells if one in ("督查室", _ORGANISER, f"{_ORGANISER}（督查室代报）")]

    assert rows() == [f"{_ORGANISER}（督查室代报）"], "it is to enter that for him"
    with database.transaction() as session:
        worked.enter(session, site.city.liaison("wjw"), figure("planned", "sp", "2"), meeting("sp"))
    assert rows() == [_ORGANISER], "he did himself"
    with database.transaction() as session:
        worked.enter(session, OFFICE, figure("planned", "yc", "4"), meeting("yc"))
    assert rows() == [f"{_ORGANISER}（督查室代报）"]
    form = office.get(f"{path}/inputs?owner=wjw").get_data(as_text=True)
    assert (f"{_ORGANISER}（督查室代报）" in form, "计划开工项目个数" in form) == (True, True)
    own = site.logged_in("wjw").get(f"{path}/inputs").get_data(as_text=True)
    assert (_ORGANISER in own, "代报" in own) == (True, False)
    book = load_workbook(BytesIO(office.get(f"{path}/inputs.xlsx").get_data()))
    assert f"{_ORGANISER}（督查室代报）" in {cell.value for row in book["数据"].iter_rows() for cell in row}
    told = {place: office.get(f"{path}/objects/{place}").get_data(as_text=True).replace("\n", "") for place in (1, 2)}
    assert f"督查室代{_ORGANISER}报送" in told[1]
    assert (f"{_ORGANISER}报送" in told[2], f"督查室代{_ORGANISER}报送" in told[2]) == (True, False)


def test_what_is_nobodys_stays_the_offices(database: Database, tmp_path: Path) -> None:
    site = _site(database, tmp_path)
    worked = opened(site.city, content=_CONTENT)
    page = site.logged_in("office").get(f"/evaluation/{worked.month_id}").get_data(as_text=True)
    assert re.search(r'\?owner=">督查室</a>', page)
    assert f">{_ORGANISER}（督查室代报）</a>" in page, "the checks on site are his by the scheme"


@pytest.mark.parametrize(
    ("before", "by", "after", "told"),
    [
        (None, "office", "commission", "督查室报送"),
        ("commission", "tjj", "organiser", "市统计局报送"),
        ("organiser", "wjw", "commission", "市卫生健康体育委报送"),
    ],
)
def test_a_mark_names_who_handed_it_in_whosever_it_was_decided_to_be_since(
    database: Database, tmp_path: Path, before: str | None, by: str, after: str, told: str
) -> None:
    site = _site(database, tmp_path)
    worked = _decided(site, before) if before else opened(site.city, content=_CONTENT)
    actor = OFFICE if by == "office" else site.city.liaison(by)
    changed = ruling("scorer", after, seen=1, first_month="2022-09") if before else ruling("scorer", after)
    with database.transaction() as session:
        worked.enter(session, actor, meeting("yc"))
        decide(session, changed, read=read_scheme, actor=OFFICE, at=OPENED)
    page = site.logged_in("office").get(f"/evaluation/{worked.month_id}/objects/1").get_data(as_text=True)
    assert re.findall(r'class="why">([^；<]*报送)', page) == [told]


def test_who_said_that_nothing_happened_is_told_whosever_it_was_decided_to_be_since(
    database: Database, tmp_path: Path
) -> None:
    site = _site(database, tmp_path)
    by, nothing = site.city.liaison("tjj"), [(InputKind.OCCURRENCE, "criticism")]
    printed = 'name = "批评", each = -1 }]'
    worked = _decided(
        site, "commission", content=_CONTENT.replace(f'{printed}\nroles = {{ supplies = ["swj"] }}', printed)
    )
    with database.transaction() as session:
        say_none(session, worked.month_id, nothing, read=read_scheme, actor=by, at=OPENED)
        changed = ruling("scorer", "organiser", seen=1, first_month="2022-09")
        decide(session, changed, read=read_scheme, actor=OFFICE, at=OPENED)
    page = site.logged_in("office").get(f"/evaluation/{worked.month_id}/objects/1").get_data(as_text=True)
    assert "本月没有（市统计局报）" in page


def test_an_answer_that_later_rules_offer_leaves_the_months_of_earlier_ones_open(
    database: Database, tmp_path: Path
) -> None:
    """It was decided by the newest rules: pages of a month that goes by older ones ask on, and do not fail."""
    site = _site(database, tmp_path)
    worked = opened(site.city, content=_CONTENT)
    more = '  { code = "both", words = "两家共同核算", choice = "both" },\n'
    newer = _CONTENT.replace('  { code = "commission"', more + '  { code = "commission"', 1)
    with database.transaction() as session:
        assert keep_small_scheme(session, content=newer)
        decide(session, ruling("scorer", "both"), read=read_scheme, actor=OFFICE, at=OPENED)
    office, unit = site.logged_in("office"), site.logged_in("wjw")
    month = f"/evaluation/{worked.month_id}"
    for client, address in (
        (office, "/desk"),
        (office, month),
        (office, "/evaluation"),
        (unit, "/today"),
        (unit, month),
    ):
        assert client.get(address).status_code == 200, address
    assert "决定疑义" in office.get(month).get_data(as_text=True)
