"""Claims: a row says at least what somebody needs who decides by it, and a reviewer never raises a claim."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.claims import (
    CauseClass,
    CauseClassMissing,
    CauseMissing,
    Claim,
    ClaimLeavesOpen,
    ClaimMissing,
    ClaimRaised,
    ClaimUnfit,
    FactMissing,
    LoweringNeedsReason,
    NextDateMissing,
    NextStepMissing,
    NoChangeRefused,
    RowContent,
    ValueDateMissing,
    ValueMissing,
    ValueUnreadable,
    Verification,
    check_claim,
    fitting_claims,
    lower,
    lower_claims,
    row_faults,
    says_no_change,
)
from tracker.domain.errors import BadInput
from tracker.domain.fact_words import states_fact
from tracker.wording.refusals import sentence
from tracker.wording.work import CAUSE_NAMES, CLAIM_NAMES

WORDS = RowContent(item="三（二）5", claim=Claim.ONGOING_ACTIVE, text="9月15日召开推进会")
NUMBER = RowContent(item="工作目标1", claim=Claim.ON_SCHEDULE, values={7: 42.0}, value_on=date(2022, 9, 30))
BEHIND = replace(
    NUMBER,
    claim=Claim.BEHIND,
    cause="专项债券未下达",
    cause_class=CauseClass.AWAITS_FUNDS,
    next_step="完成立项",
    next_on=date(2022, 11, 30),
)


def faults(content: RowContent, **changes: bool) -> list[type[BadInput]]:
    asked = {"numeric": False, "scheduled": False, "behind_by_value": False, "final": False} | changes
    return [type(fault) for fault in row_faults(content, **asked)]


def number_faults(content: RowContent, **changes: bool) -> list[type[BadInput]]:
    return faults(content, **({"numeric": True, "scheduled": True} | changes))


def test_a_claim_with_a_fact_is_enough_where_there_is_no_number() -> None:
    assert faults(WORDS) == []


def test_a_claim_with_a_dated_value_is_enough_where_there_is_a_number() -> None:
    assert number_faults(NUMBER) == []


def test_a_row_that_is_behind_and_says_why_and_what_follows_is_taken() -> None:
    assert number_faults(BEHIND) == []


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"claim": None}, ClaimMissing),
        ({"text": ""}, FactMissing),
        ({"text": "  \n"}, FactMissing),
        ({"text": "进一步加强领导，统一思想"}, FactMissing),
        ({"text": "无变化"}, FactMissing),
        ({"claim": Claim.BEHIND}, ClaimUnfit),
        ({"claim": Claim.ON_SCHEDULE}, ClaimUnfit),
        ({"claim": Claim.NOT_STARTED_OVERDUE}, CauseClassMissing),
        ({"claim": Claim.DIFFICULT}, CauseClassMissing),
    ],
)
def test_a_row_of_words_that_says_too_little_is_refused(changes: dict[str, Any], refusal: type[BadInput]) -> None:
    assert refusal in faults(replace(WORDS, **changes))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"values": {}}, ValueMissing),
        ({"values": {7: float("nan")}}, ValueUnreadable),
        ({"values": {7: 1.0, 8: float("inf")}}, ValueUnreadable),
        ({"value_on": None}, ValueDateMissing),
        ({"text": "无变化"}, NoChangeRefused),
        ({"text": "同上期。"}, NoChangeRefused),
        ({"claim": Claim.NOT_STARTED_YET}, NoChangeRefused),
        ({"claim": Claim.ONGOING_ACTIVE}, ClaimUnfit),
        ({"claim": Claim.BEHIND}, CauseClassMissing),
    ],
)
def test_a_row_of_numbers_that_says_too_little_is_refused(changes: dict[str, Any], refusal: type[BadInput]) -> None:
    assert refusal in number_faults(replace(NUMBER, **changes))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"cause_class": None}, CauseClassMissing),
        ({"cause": " "}, CauseMissing),
        ({"next_step": ""}, NextStepMissing),
        ({"next_on": None}, NextDateMissing),
    ],
)
@pytest.mark.parametrize("claim", [Claim.BEHIND, Claim.DIFFICULT, Claim.NOT_STARTED_OVERDUE])
def test_who_is_behind_names_cause_and_next_step(
    claim: Claim, changes: dict[str, Any], refusal: type[BadInput]
) -> None:
    assert refusal in number_faults(replace(BEHIND, claim=claim, **changes))


def test_all_that_a_row_lacks_is_told_at_once() -> None:
    empty = RowContent(item="一1")
    assert number_faults(empty, behind_by_value=True) == [
        *(ClaimMissing, ValueMissing, CauseClassMissing, CauseMissing, NextStepMissing, NextDateMissing)
    ]
    assert faults(replace(empty, claim=Claim.DIFFICULT)) == [
        *(FactMissing, CauseClassMissing, CauseMissing, NextStepMissing, NextDateMissing)
    ]


def test_a_value_short_of_the_schedule_asks_for_the_cause_whatever_is_claimed() -> None:
    assert CauseClassMissing in number_faults(NUMBER, behind_by_value=True)
    assert number_faults(replace(BEHIND, claim=Claim.ON_SCHEDULE), behind_by_value=True) == []


@pytest.mark.parametrize("claim", [Claim.ONGOING_QUIET, Claim.NOT_STARTED_YET])
@pytest.mark.parametrize("text", ["", "无变化", "本季度无新情况", "尚待上级部署"])
def test_quiet_work_without_a_number_may_say_that_nothing_changed(claim: Claim, text: str) -> None:
    assert faults(replace(WORDS, claim=claim, text=text)) == []


def test_no_change_is_refused_where_the_work_is_behind() -> None:
    assert NoChangeRefused in faults(replace(BEHIND, text="无进展", values={}), scheduled=True)


@pytest.mark.parametrize(
    ("claim", "is_taken"),
    [
        (Claim.DONE, True),
        (Claim.BEHIND, True),
        (Claim.DIFFICULT, True),
        (Claim.NOT_STARTED_OVERDUE, True),
        (Claim.ON_SCHEDULE, False),
        (Claim.NOT_STARTED_YET, False),
    ],
)
def test_a_final_row_says_whether_the_work_is_done(claim: Claim, is_taken: bool) -> None:
    content = replace(BEHIND, claim=claim)
    if is_taken:
        assert number_faults(content, final=True) == []
        return
    assert ClaimLeavesOpen in number_faults(content, final=True)


def test_a_final_row_without_a_schedule_cannot_go_on_either() -> None:
    assert ClaimLeavesOpen in faults(WORDS, final=True)
    assert faults(replace(WORDS, claim=Claim.DONE), final=True) == []


@pytest.mark.parametrize(
    ("text", "is_fact"),
    [
        ("9月15日召开会议", True),
        ("完成投资３０亿元", True),
        ("培训二十人", True),
        ("签约两家企业", True),
        ("完成百分之六十", True),
        ("印发驻政办〔2022〕49号", True),
        ("已印发《招商引资工作方案》", True),
        ("一次现场会", True),
        ("第三季度已完成", False),
        ("第三轮谈判", True),
        ("进一步加强领导", False),
        ("统一部署", False),
        ("十分重视，万一有变再报", False),
        ("一些企业，一批项目", False),
        ("《》", False),
        ("正在积极推进", False),
        ("", False),
    ],
)
def test_a_fact_carries_a_number_of_any_script_or_names_a_document(text: str, is_fact: bool) -> None:
    assert states_fact(text) is is_fact


@pytest.mark.parametrize(
    ("text", "says_so"),
    [
        ("无变化", True),
        ("无新情况。", True),
        ("无进展", True),
        ("同上期", True),
        ("与上期相同", True),
        ("本期没有新的进展", True),
        ("9月份无变化", True),
        ("暂无新情况", True),
        ("无", True),
        ("无变化，9月15日召开推进会", False),
        ("无人机巡查3次", False),
        ("", False),
    ],
)
def test_words_that_only_say_no_change_are_known(text: str, says_so: bool) -> None:
    assert says_no_change(replace(WORDS, text=text)) is says_so


def test_each_claim_fits_one_side_or_both() -> None:
    anyhow = {Claim.DONE, Claim.DIFFICULT, Claim.NOT_STARTED_YET, Claim.NOT_STARTED_OVERDUE}
    assert anyhow | {Claim.ON_SCHEDULE, Claim.BEHIND} == set(fitting_claims(scheduled=True, final=False))
    assert anyhow | {Claim.ONGOING_ACTIVE, Claim.ONGOING_QUIET} == set(fitting_claims(scheduled=False, final=False))


@given(own=st.sampled_from(Claim), claim=st.sampled_from(Claim), scheduled=st.booleans(), final=st.booleans())
def test_what_is_offered_is_what_is_taken(own: Claim, claim: Claim, *, scheduled: bool, final: bool) -> None:
    def taken() -> bool:
        try:
            check_claim(claim, scheduled=scheduled, final=final)
        except (ClaimUnfit, ClaimLeavesOpen):
            return False
        return True

    assert taken() is (claim in fitting_claims(scheduled=scheduled, final=final))
    lower_ones = lower_claims(own, scheduled=scheduled, final=final)
    worse = list(Claim).index(claim) > list(Claim).index(own)
    assert (claim in lower_ones) is (taken() and worse and claim is not Claim.NOT_STARTED_YET)


@pytest.mark.parametrize(
    ("claim", "verified"),
    [
        (Claim.DONE, Claim.ON_SCHEDULE),
        (Claim.DONE, Claim.BEHIND),
        (Claim.ON_SCHEDULE, Claim.BEHIND),
        (Claim.NOT_STARTED_YET, Claim.NOT_STARTED_OVERDUE),
        (Claim.BEHIND, Claim.DIFFICULT),
    ],
)
def test_a_reviewer_lowers_with_a_reason_and_never_raises(claim: Claim, verified: Claim) -> None:
    assert lower(claim, verified=verified, scheduled=True, final=False, reason=" 台账无此项 ") == Verification(
        claim, verified, "台账无此项"
    )
    with pytest.raises(LoweringNeedsReason):
        lower(claim, verified=verified, scheduled=True, final=False, reason=" ")
    with pytest.raises(ClaimRaised):
        lower(verified, verified=claim, scheduled=True, final=False, reason="情况好转")


def test_a_reviewer_confirms_without_a_word() -> None:
    confirmed = lower(Claim.BEHIND, verified=Claim.BEHIND, scheduled=True, final=False)
    assert (confirmed.verified, confirmed.lowered) == (Claim.BEHIND, False)


def test_a_claim_is_not_lowered_to_one_that_does_not_fit() -> None:
    with pytest.raises(ClaimUnfit):
        lower(Claim.ONGOING_ACTIVE, verified=Claim.BEHIND, scheduled=False, final=False, reason="无佐证")


@given(st.sampled_from(Claim), st.sampled_from(Claim))
def test_of_two_claims_only_one_can_be_lowered_to_the_other(a: Claim, b: Claim) -> None:
    def may(claim: Claim, verified: Claim) -> bool:
        try:
            lower(
                claim,
                verified=verified,
                scheduled=verified in fitting_claims(scheduled=True, final=False),
                final=False,
                reason="核实",
            )
        except (ClaimRaised, ClaimUnfit):
            return False
        return True

    neutral = Claim.NOT_STARTED_YET in (a, b)
    assert may(a, b) is not may(b, a) or a is b or neutral
    assert not (may(a, b) and may(b, a)) or a is b


def test_no_reviewer_says_that_it_is_too_early_where_a_unit_claims_more() -> None:
    with pytest.raises(ClaimUnfit):
        lower(
            Claim.ON_SCHEDULE, verified=Claim.NOT_STARTED_YET, scheduled=True, final=False, reason="还没有到启动的时候"
        )


def test_every_claim_and_cause_has_a_name_of_its_own() -> None:
    for names, codes in ((CLAIM_NAMES, Claim), (CAUSE_NAMES, CauseClass)):
        assert set(names) == set(codes)
        assert len(set(names.values())) == len(names)


def test_a_refused_row_is_said_with_its_item_and_claim() -> None:
    assert sentence(FactMissing(item="三（二）5")).startswith("三（二）5：请写明一件实事")
    assert sentence(ClaimUnfit(item="指标7", claim="on_schedule")).startswith("指标7不能选“达序时”")
    raised = ClaimRaised(claim="behind", verified="done")
    assert sentence(raised) == "单位自报“未达序时”，核定只能维持或者调低，不能改为“已完成”。"


def test_who_ends_the_work_without_its_goal_says_why_and_no_next_step() -> None:
    over = replace(NUMBER, claim=Claim.DONE)
    assert number_faults(over, behind_by_value=True, final=True) == [CauseClassMissing, CauseMissing]
    assert NextStepMissing in number_faults(over, behind_by_value=True)
