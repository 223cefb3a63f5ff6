"""How the numbers of a document count and per what; the sentences are invented."""

import pytest

from tracker.domain.items import ItemKind, Measure
from tracker.intake.targets import indicator, targets


@pytest.mark.parametrize(
    ("words", "kind", "measure", "per"),
    [
        ("新增养老床位300张。", ItemKind.ACTION, Measure.CUMULATIVE, None),
        ("三年累计改造泵站40座。", ItemKind.ACTION, Measure.CUMULATIVE, None),
        ("技术合同成交额突破20亿元。", ItemKind.GOAL, Measure.CUMULATIVE, None),
        ("旅游综合收入增长12%。", ItemKind.ACTION, Measure.LEVEL, None),
        ("出勤率达到98%以上。", ItemKind.ACTION, Measure.LEVEL, None),
        ("规上企业达到60家。", ItemKind.ACTION, Measure.LEVEL, None),
        ("绿道总长度保持在80公里以上。", ItemKind.ACTION, Measure.LEVEL, None),
        ("综合实力稳居全省前5位。", ItemKind.GOAL, Measure.LEVEL, None),
        ("每千名学生配备校医不少于2人。", ItemKind.ACTION, Measure.LEVEL, "每千名"),
        ("漏损率控制在8%以内。", ItemKind.ACTION, Measure.CEILING, None),
        ("三公经费不超过200万元。", ItemKind.ACTION, Measure.CEILING, None),
        ("“十五五”时期年均火灾起数控制在30起以下。", ItemKind.ACTION, Measure.CEILING, "年"),
        ("对新认定的示范商店给予5万元奖励。", ItemKind.POLICY, Measure.GRANT, None),
        ("对新开航线每条补助60万元。", ItemKind.POLICY, Measure.GRANT, "条"),
        ("按照金奖8万元/件的标准给予奖励。", ItemKind.POLICY, Measure.GRANT, "件"),
        ("给予租金补贴，每家商户每年最高3万元。", ItemKind.ACTION, Measure.GRANT, "家商户·年"),
        ("对获奖团队按每人2万元给予奖励。", ItemKind.POLICY, Measure.GRANT, "人"),
        ("对贷款给予贴息，贷款利率不高于4%。", ItemKind.POLICY, Measure.CEILING, None),
        ("每月入户走访不少于2次。", ItemKind.ACTION, Measure.PER_PERIOD, "月"),
        ("每季度举办沙龙1场以上。", ItemKind.ACTION, Measure.PER_PERIOD, "季度"),
        ("全年组织演练不少于4次。", ItemKind.ACTION, Measure.PER_PERIOD, "年"),
        ("每校每学期开展讲座不少于3次。", ItemKind.ACTION, Measure.PER_PERIOD, "校·学期"),
        ("每个乡镇至少建成1处驿站。", ItemKind.ACTION, Measure.CUMULATIVE, "乡镇"),
        ("活动惠及面不低于900户。", ItemKind.ACTION, Measure.CUMULATIVE, None),
        ("参加单位不少于90家。", ItemKind.ACTION, None, None),
    ],
)
def test_a_number_counts_as_its_clause_says(
    words: str, kind: ItemKind, measure: Measure | None, per: str | None
) -> None:
    (target,) = targets(words, kind=kind)
    assert (target.measure, target.per) == (measure, per)


def test_each_number_of_a_sentence_counts_by_its_own_clause() -> None:
    found = targets("省外资金到位12亿元，增长4%，每周调度1次以上，检查差错率控制在2%以内。", kind=ItemKind.GOAL)
    assert [target.measure for target in found] == [
        Measure.CUMULATIVE,
        Measure.LEVEL,
        Measure.PER_PERIOD,
        Measure.CEILING,
    ]


def test_what_is_taken_away_is_no_grant() -> None:
    found = targets("对排名末位的扣减经费10万元，对首位的奖励20万元。", kind=ItemKind.ACTION)
    assert [(target.value, target.measure) for target in found][-1] == (20.0, Measure.GRANT)
    assert all(target.measure is not Measure.GRANT for target in found[:-1])


def test_the_row_of_a_table_of_indicators_stands_for_a_level() -> None:
    assert indicator("3 每万人口拥有车位数 ≥6")[0].measure is Measure.LEVEL
    assert indicator("4 新增公交线路 10条")[0].measure is Measure.CUMULATIVE
