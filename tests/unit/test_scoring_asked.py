"""What a month asks of whom, by data alone."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tests.support.random_months import decisions_of
from tests.support.small_scheme import SMALL_SCHEME
from tracker.domain.scoring.asked import (
    decided_suppliers,
    filled_in,
    hands_in,
    is_offices,
    items_asked,
    kinds_asked,
    standings,
    weighs,
)
from tracker.domain.scoring.doubts import DoubtKind, OverWhole, doubts, over_whole
from tracker.domain.scoring.entries import Entry, InputKind, inputs_of
from tracker.domain.scoring.inputs import Inputs, Month
from tracker.domain.scoring.plain import as_plain
from tracker.domain.scoring.questions import Decision
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Scheme
from tracker.gateways.schemes import BadScheme, read_scheme

_SMALL = read_scheme(SMALL_SCHEME)
_CITY = read_scheme((Path(__file__).parents[2] / "seeds/documents/53/scheme.toml").read_text(encoding="utf-8"))
_MEETING = (InputKind.OCCURRENCE, "meeting")


def _figure(code: str, unit: str, value: int = 1) -> Entry:
    return Entry(kind=InputKind.FIGURE, code=code, object=unit, value=Decimal(value))


def test_a_supplier_is_done_with_all_numbers_and_a_word_on_each_kind() -> None:
    entries = [_figure("projects", "yc"), _figure("projects", "sp"), _figure("started", "yc")]
    criticism = (InputKind.OCCURRENCE, "criticism")
    found = {one.owners: one for one in standings(Rules(_SMALL), Month(2022, 9), entries, said_none=[criticism])}
    swj, tjj, organiser, office = (found[frozenset(codes)] for codes in ({"swj"}, {"tjj"}, {"wjw"}, ()))
    assert (swj.wanted, swj.there, swj.silent, swj.done) == (2, 2, (), True)
    assert (tjj.wanted, tjj.there, tjj.begun, tjj.done) == (2, 1, True, False)
    assert (office.wanted, office.there, office.begun) == (2, 0, False)
    assert (office.silent, organiser.silent) == ((_MEETING,), ((InputKind.CHECK, "site"),))
    assert [*found][-2:] == [frozenset({"wjw"}), frozenset()], "what the office hands in for him comes last"


def test_of_what_the_office_hands_in_the_organiser_is_asked_for_his_part_alone() -> None:
    site = (InputKind.CHECK, "site")
    [organiser] = standings(Rules(_CITY), Month(2022, 9), (), said_none=(), whats={site})
    assert (organiser.owners, organiser.wanted) == (frozenset({"zhongdaxiangmuban"}), 0)
    assert (organiser.kinds, organiser.silent) == ((site,), (site,))
    [organiser] = standings(Rules(_CITY), Month(2022, 9), (), said_none={site}, whats={site})
    assert organiser.done


def test_what_is_not_said_is_silent_until_something_is_handed_in() -> None:
    meeting = Entry(kind=InputKind.OCCURRENCE, code="meeting", object="yc", reference="会", items=("1-2",))
    [office] = [one for one in standings(Rules(_SMALL), Month(2022, 9), [meeting], said_none=()) if not one.owners]
    assert _MEETING not in office.silent
    assert office.begun


@pytest.mark.parametrize(
    ("option", "months"), [("as_printed", range(1, 9)), ("whole_year", range(1, 13)), ("", range(1, 9))]
)
def test_what_happened_weighs_in_the_months_in_which_it_gives_or_takes_marks(option: str, months: range) -> None:
    decided = (Decision("case-months", option, "会议", date(2022, 8, 30), "明确"),) if option else ()
    late = (InputKind.OCCURRENCE, "late_start")
    assert [n for n in range(1, 13) if weighs(Rules(_CITY, decided), Month(2022, n), late)] == [*months]


def test_a_workbook_asks_for_the_figures_of_the_form() -> None:
    rules, every = Rules(_CITY), hands_in(Rules(_CITY)).keys()
    for month in (Month(2022, 8), Month(2022, 11)):
        form = {one.code for item in items_asked(rules, month) for one in item.figures}
        asked = filled_in(rules, month, every)
        assert {code for kind, code in asked if kind is InputKind.FIGURE} == form
        assert len(asked) < len(every)
        assert {one for one in every if one[0] is not InputKind.FIGURE} <= {*asked}


def test_a_figure_or_a_check_weighs_where_a_mark_of_the_month_is_made_of_it() -> None:
    rules = Rules(_CITY)
    asked = {code for item in items_asked(rules, Month(2022, 10)) for code in (one.code for one in item.figures)}
    assert {one.code for one in _CITY.figures if weighs(rules, Month(2022, 10), (InputKind.FIGURE, one.code))} == asked
    assert weighs(rules, Month(2022, 10), (InputKind.CHECK, "site"))
    assert not weighs(rules, Month(2022, 10), (InputKind.CHECK, "other"))


def test_starts_are_asked_for_to_august_finishes_from_september() -> None:
    asked = {
        number: {figure.code for one in items_asked(Rules(_CITY), Month(2022, number)) for figure in one.figures}
        for number in (8, 9)
    }
    assert "provincial-started" in asked[8] - asked[9]
    assert "provincial-finished" in asked[9] - asked[8]
    assert "provincial-schedule" not in asked[9], "an announced schedule is asked for once it is decided"


def test_each_figure_is_asked_for_once() -> None:
    codes = [figure.code for one in items_asked(Rules(_CITY), Month(2022, 9)) for figure in one.figures]
    assert len(codes) == len(set(codes)) == 72, "nothing that an open question may have a rate divided by"
    decided = Rules(_CITY, decisions_of(_CITY))
    codes = [figure.code for one in items_asked(decided, Month(2022, 9)) for figure in one.figures]
    assert len(codes) == len(set(codes)) == 73
    assert len(kinds_asked(_CITY, Month(2022, 9))) == 13
    site = hands_in(Rules(_CITY))[InputKind.CHECK, "site"]
    assert site == {"zhongdaxiangmuban"}
    assert is_offices(_CITY, site)


def _scored_by(option: str, scheme: Scheme = _CITY) -> Rules:
    return Rules(scheme, (Decision("scorer-2-3", option, "张主任", date(2022, 8, 1), "会议研究"),))


def test_what_is_printed_for_nobody_is_his_who_was_decided_to_score_its_annex() -> None:
    plan, falsity = (InputKind.FIGURE, "provincial-planned"), (InputKind.OCCURRENCE, "falsity")
    for option, unit in (("organiser", "zhongdaxiangmuban"), ("commission", "fagaiwei")):
        whose = decided_suppliers(_scored_by(option))
        assert whose[plan] == unit
        assert falsity not in whose, "it stands under no annex that was decided on"
        assert (InputKind.CHECK, "site") not in whose, "who checks is printed"
    assert not decided_suppliers(Rules(_CITY))


def test_an_answer_that_names_no_unit_keeps_the_version_of_earlier_rules() -> None:
    content = (Path(__file__).parents[2] / "seeds/documents/53/scheme.toml").read_text(encoding="utf-8")
    earlier = read_scheme(content.replace(', unit = "fagaiwei"', ""))
    assert earlier != _CITY
    assert decided_suppliers(_scored_by("commission", earlier)) == {}
    assert "'unit': ''" not in str(as_plain(earlier.questions))


def test_a_unit_is_named_only_where_something_becomes_its_own() -> None:
    content = SMALL_SCHEME.replace('choice = "group" }', 'choice = "group", unit = "wjw" }')
    with pytest.raises(BadScheme, match="names a unit"):
        read_scheme(content)


def test_a_rate_above_the_whole_is_pointed_at_and_the_whole_is_not() -> None:
    entries = [_figure("projects", "yc"), _figure("projects", "sp")]
    entries += [_figure("started", "yc", 5), _figure("planned", "yc", 4)]
    entries += [_figure("started", "sp", 4), _figure("planned", "sp", 4)]
    over = OverWhole("yc", "rate", Fraction(125), ("1-1",))
    inputs = inputs_of(Month(2022, 9), entries)
    assert over_whole(Rules(_SMALL), inputs) == (over,), "also while a decision lacks"
    assert [(one.object, one.code, Fraction(one.told)) for one in doubts(Rules(_SMALL), inputs, before=None)] == [
        ("yc", "rate", Fraction(125))
    ]


def test_a_rate_that_the_month_does_not_count_is_not_pointed_at() -> None:
    entries = [_figure("provincial-finished", "suiping", 3), _figure("provincial-to-finish", "suiping", 2)]
    for number, found in ((8, []), (9, ["suiping"])):
        assert [one.object for one in over_whole(Rules(_CITY), inputs_of(Month(2022, number), entries))] == found


def test_a_figure_ten_times_that_of_the_month_before_is_pointed_at_and_less_is_not() -> None:
    def held(number: int, projects: int, started: int) -> Inputs:
        return inputs_of(Month(2022, number), [_figure("projects", "yc", projects), _figure("started", "yc", started)])

    before = held(8, 3, 2)
    found = doubts(Rules(_SMALL), held(9, 30, 19), before=before)
    assert [(one.kind, one.code, str(one.told), str(one.against)) for one in found if one.against is not None] == [
        (DoubtKind.FAR, "projects", "30", "3")
    ]
    assert all(one.only_pointed_at for one in found)
    assert not [one for one in doubts(Rules(_SMALL), held(9, 5, 5), before=held(8, 0, 0)) if one.against is not None]
