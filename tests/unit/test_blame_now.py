"""What a paper criticises a unit for is held against a later moment, ground by ground and fact by fact."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tracker.domain.circulars.blame_now import BlameOvertaken, Overtaken, overtaken
from tracker.domain.circulars.content import Content, Figure, Scope, Source
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.proposals import NamingAct, NamingGround, Proposal, naming_key
from tracker.domain.circulars.work_done import MISSING, UNTRUE

_KEY, _G = naming_key("a"), NamingGround
_PAST = Source("48-1", "市商务局", "", None, "逾期未办结", (1,))
_BEHIND = Source("48-2", "市商务局", "", None, "未达序时", (2,))
_URGE = Source("", "市商务局", "驻政办函〔2022〕3号", date(2022, 10, 28), "催办未答复", (3,))
_LINE = Source("48-3、48-4", "市商务局", "2022年9月", date(2022, 10, 10), "逾期未报", (4,))
_FALSE = Source("48-5", "市商务局", "2022年9月反馈", None, UNTRUE, (5, 6))
_ALL = (_PAST, _BEHIND, _URGE, _LINE, _FALSE)
_GROUNDS = (_G.OVERDUE_WORK, _G.BEHIND_TWICE, _G.URGED_IN_VAIN, _G.FALSITY)


def _content(*sources: Source, unit: str = "市商务局", grounds: tuple[NamingGround, ...] = _GROUNDS) -> Content:
    figure = Figure(_KEY, "", "拟批评的单位和依据", sources)
    proposal = Proposal(_KEY, unit, NamingAct.BLAME, grounds)
    at = datetime(2022, 11, 1, tzinfo=UTC)
    return Content(CircularType.SUPERVISION, Scope(), at, {_KEY: figure}, (), proposals=(proposal,))


def _gone(now: Content | None, *, unit_now: str = "市商务局", into: str = "") -> Overtaken | None:
    kept = _content(*_ALL)
    return overtaken(kept.proposals[0], kept, now, unit_now=unit_now, into=into)


def test_what_holds_is_let_be_and_more_beside_it_makes_nothing_untrue() -> None:
    assert _gone(_content(*_ALL)) is None
    more = (replace(_LINE, item_code="48-3、48-4、48-9", period="2022年9月起连续2期"), _URGE, _BEHIND, _PAST, _FALSE)
    assert _gone(_content(*more, replace(_PAST, item_code="48-7"))) is None
    assert _gone(_content(*_ALL, unit="市投资局"), unit_now="市投资局") is None, "renamed since"


@pytest.mark.parametrize(
    ("now", "gone"),
    [
        ((_BEHIND, _URGE, _LINE, _FALSE), _G.OVERDUE_WORK),
        ((replace(_PAST, status="已办结"), _BEHIND, _URGE, _LINE, _FALSE), _G.OVERDUE_WORK),
        ((replace(_PAST, status="未达序时"), _BEHIND, _URGE, _LINE, _FALSE), _G.OVERDUE_WORK),
        ((_PAST, replace(_BEHIND, item_code="48-9"), _URGE, _LINE, _FALSE), _G.BEHIND_TWICE),
        ((_PAST, _BEHIND, replace(_URGE, period="驻政办函〔2022〕13号"), _LINE, _FALSE), _G.URGED_IN_VAIN),
        ((_PAST, _BEHIND, _URGE, replace(_LINE, item_code="48-3"), _FALSE), _G.URGED_IN_VAIN),
        ((_PAST, _BEHIND, _URGE, replace(_LINE, due_on=date(2022, 11, 10)), _FALSE), _G.URGED_IN_VAIN),
        ((_PAST, _BEHIND, _URGE, _LINE, replace(_FALSE, events=(7, 8))), _G.FALSITY),
        ((_PAST, _BEHIND, _URGE, _LINE), _G.FALSITY),
    ],
)
def test_a_fact_that_is_gone_takes_its_ground_with_it(now: tuple[Source, ...], gone: NamingGround) -> None:
    assert _gone(_content(*now)) == Overtaken("市商务局", (gone,))


def test_another_thing_missing_of_an_item_makes_what_was_said_of_it_untrue() -> None:
    """What was not reported when it was served may have been given back since: the sentence says it was not."""
    silent, returned = (replace(_PAST, status=words) for words in MISSING)
    kept = _content(silent, grounds=(_G.OVERDUE_WORK,))

    def gone(now: Source, told: Content = kept) -> Overtaken | None:
        given = _content(now, grounds=(_G.OVERDUE_WORK,))
        return overtaken(told.proposals[0], told, given, unit_now="市商务局", into="")

    assert gone(silent) is None
    assert gone(returned) == Overtaken("市商务局", (_G.OVERDUE_WORK,))
    assert gone(returned, _content(_PAST, grounds=(_G.OVERDUE_WORK,))) is None, "of a paper that named the class alone"


def test_nothing_holds_where_the_rules_give_nothing_or_the_unit_went_up_in_another() -> None:
    for now in (None, _content(*_ALL, unit="市水利局"), _content(*_ALL, grounds=())):
        assert _gone(now) == Overtaken("市商务局", _GROUNDS)
    found = _gone(_content(*_ALL), into="市发展改革委")
    assert found == Overtaken("市商务局", (), "市发展改革委")
    assert isinstance(found.refusal(), BlameOvertaken)
    assert found.refusal().facts == {"unit": "市商务局", "grounds": "", "into": "市发展改革委"}
