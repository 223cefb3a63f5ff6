"""A mark that only what happened makes says that nothing did, and who said so."""

from datetime import date

import pytest

from tests.support.random_months import SCHEME
from tests.support.small_scheme import SMALL_SCHEME
from tracker.domain.scoring.entries import InputKind
from tracker.domain.scoring.inputs import Inputs, Month, Occurrence
from tracker.domain.scoring.questions import Decision
from tracker.domain.scoring.rules import Rules
from tracker.gateways.schemes import read_scheme
from tracker.wording.score_nothing import nothing_words

_CRITICISM, _SITE = (InputKind.OCCURRENCE, "criticism"), (InputKind.CHECK, "site")
_LATE_START, _LATE_FINISH = (InputKind.OCCURRENCE, "late_start"), (InputKind.OCCURRENCE, "late_finish")


def test_each_mark_says_who_said_that_there_was_nothing_and_what_was_taken_so() -> None:
    rules, inputs = Rules(read_scheme(SMALL_SCHEME)), Inputs(Month(2022, 9))
    assert nothing_words(rules, inputs, said={_CRITICISM: "市商务局"}, presumed={_SITE}) == {
        "1-2-cases": "批评：本月没有（市商务局报）",
        "1-3-site": "现场核查：没有报，按没有计",
    }
    assert nothing_words(rules, inputs, said={_SITE: "督查室"}, presumed={_SITE}) == {
        "1-3-site": "现场核查：本月没有（督查室报）"
    }
    assert nothing_words(rules, inputs, said={}, presumed=()) == {}


def _rules(option: str) -> Rules:
    return Rules(SCHEME, (Decision("case-months", option, "会议", date(2022, 8, 30), "明确"),))


@pytest.mark.parametrize(
    ("option", "month", "names"),
    [
        ("as_printed", 10, ["应竣未竣"]),
        ("as_printed", 8, ["应开未开"]),
        ("whole_year", 10, ["应开未开", "应竣未竣"]),
    ],
)
def test_only_what_counts_in_the_month_is_named(option: str, month: int, names: list[str]) -> None:
    said = {_LATE_START: "督查室", _LATE_FINISH: "督查室"}
    found = nothing_words(_rules(option), Inputs(Month(2022, month)), said=said, presumed=())
    assert found["2-2-late"] == found["3-2-late"] == "；".join(f"{name}：本月没有（督查室报）" for name in names)


def test_what_happened_to_others_alone_is_not_passed_over() -> None:
    late = Occurrence("shangcai", "late_finish", "甲项目", ("2-2",))
    inputs = Inputs(Month(2022, 10), occurrences=(late,))
    found = nothing_words(_rules("as_printed"), inputs, said={_LATE_START: "督查室"}, presumed=())
    assert found == {"2-2-late": "应竣未竣：所报的没有该考评对象的"}
