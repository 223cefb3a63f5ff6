"""Kinds of wording that real documents hold beside the plain one: labels, scopes, roles of numbers and days, shapes."""

from typing import Any

import pytest

from tracker.domain.readings.item import DoubtField, Item
from tracker.domain.readings.reading import Reading
from tracker.intake import read_documents

HEAD = "云泽市人民政府办公室\n关于印发云泽市水务工作方案的通知\n云政办〔2023〕18号\n2023年3月6日\n一、重点任务\n"


def _reading(body: str) -> Reading:
    return read_documents(HEAD + body)[0]


def _items(body: str) -> tuple[Item, ...]:
    return _reading(body).items


def _units(item: Item) -> tuple[list[str], list[str], list[str]]:
    return tuple([name.printed for name in names] for names in (item.leads, item.supports, item.groups))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("note", "leads", "supports", "groups"),
    [
        ("\n【责任单位】市水务局、市财政局", ["市水务局"], ["市财政局"], []),
        ("\n属地责任：各区县人民政府\n责任单位：市水务局", ["市水务局"], [], ["各区县人民政府"]),
        ("\n属地责任：各地（市）行署（人民政府）\n责任单位：市水务局", ["市水务局"], [], None),
        ("（主办：市水务局；协办：市财政局）", ["市水务局"], ["市财政局"], []),
        ("\n——责任单位：市水务局", ["市水务局"], [], []),
        ("\n责任单位：市水务局\n督导单位：市政府督查室", ["市水务局"], [], []),
        ("（责任单位：市水务局/市财政局）", ["市水务局"], ["市财政局"], []),
        ("（责任单位：市水务局和市财政局）", ["市水务局"], ["市财政局"], []),
        ("（责任单位：市文化广电和旅游局）", ["市文化广电和旅游局"], [], []),
        ("\n责任单位：市水务局 市财政局", ["市水务局"], ["市财政局"], []),
        ("（此项工作由市水务局负责）", ["市水务局"], [], []),
        ("（由市水务局会同市财政局负责）", ["市水务局"], ["市财政局"], []),
        ("（市水务局、市财政局等有关部门负责）", ["市水务局"], ["市财政局"], ["有关部门"]),
        ("（市水务局、市财政局等9个部门负责）", ["市水务局"], ["市财政局"], ["9个部门"]),
        (
            "（牵头单位：临江新区管委会、云泽高新区管委会；责任单位：市水务局）",
            ["临江新区管委会", "云泽高新区管委会"],
            ["市水务局"],
            [],
        ),
        ("（责任单位：市水务局，市示范区、高新区管委会）", ["市水务局"], [], ["市示范区、高新区管委会"]),
        ("（责任单位：市水务局，云泽海事局、西岭区公安局）", ["市水务局"], ["云泽海事局", "西岭区公安局"], []),
        ("（牵头单位：市水务局，区县人民政府负责落实）", ["市水务局"], [], ["区县人民政府"]),
        (
            "（责任单位：应急管理部、对外联络办，经济开发区管委会）",
            ["应急管理部"],
            ["对外联络办", "经济开发区管委会"],
            [],
        ),
        ("（西岭、东岭区政府分别负责）", ["西岭区政府"], ["东岭区政府"], []),
        ("（市水务局、市财政局，9月底前）", ["市水务局"], ["市财政局"], []),
        ("（牵头单位:市水务局;责任单位:市财政局,各区县人民政府）", ["市水务局"], ["市财政局"], ["各区县人民政府"]),
    ],
)
def test_who_is_responsible_in_every_form_of_an_annotation(
    note: str, leads: list[str], supports: list[str], groups: list[str] | None
) -> None:
    item = _items(f"1.修复管网。修复老旧管网。{note}")[0]
    found = _units(item)
    assert (found[0], found[1]) == (leads, supports)
    assert groups is None or found[2] == groups


def test_a_bracket_that_is_not_closed_is_read_and_doubted() -> None:
    item = _items("1.修复管网。修复老旧管网。（牵头单位：市水务局，配合单位：市财政局\n2.巡查河道。（市水务局）")[0]
    assert _units(item)[:2] == (["市水务局"], ["市财政局"])
    assert DoubtField.LEAD in {doubt.field for doubt in item.doubts}


def test_a_sentence_that_names_nobody_has_no_lead() -> None:
    assert _items("1.扩大供水。不断提升供水企业对稳定供水的贡献。")[0].leads == ()


@pytest.mark.parametrize(
    ("body", "leads", "supports"),
    [
        ("第三条　市水务局每月5日前报送数据。", ["市水务局"], []),
        ("1.由市水务局牵头，市财政局、市住建局配合，于9月底前完成检修。", ["市水务局"], ["市财政局", "市住建局"]),
        ("1.责成西岭区政府十日内整改到位。", ["西岭区政府"], []),
        ("1.原则同意方案，由市水务局修改完善后印发。", ["市水务局"], []),
        ("（一）加强领导。市治水联席会议统筹全市工作。各级人民政府要高度重视。", ["市治水联席会议"], []),
    ],
)
def test_who_acts_in_the_sentence_itself(body: str, leads: list[str], supports: list[str]) -> None:
    assert _units(_items(body)[0])[:2] == (leads, supports)


@pytest.mark.parametrize(
    "body",
    [
        "1.更换阀门。\n2.疏浚河道3公里。\n（责任单位：市水务局）",
        "（一）管网改造。（责任单位：市水务局）\n1.更换阀门。\n2.疏浚河道3公里。",
        "（责任单位：市水务局）1.更换阀门。\n（责任单位：市水务局）2.疏浚河道3公里。",
    ],
)
def test_an_annotation_over_a_block_is_each_measures_own_and_is_doubted(body: str) -> None:
    items = _items(body)
    assert [_units(item)[0] for item in items] == [["市水务局"], ["市水务局"]]
    assert DoubtField.LEAD in {doubt.field for doubt in items[0].doubts}


def test_every_numbered_measure_is_an_item() -> None:
    assert len(_items("1.更换阀门60个。\n2.清淤5万方。\n3.值守泵站。\n4.设立窗口，提升服务；")) == 4


def test_a_rule_for_what_follows_reaches_every_later_measure() -> None:
    body = "1.甲事。（市水务局负责。以下政策均需各区县人民政府落实，不再单独列出）\n2.乙事。（市财政局）"
    assert [_units(item)[2] for item in _items(body)] == [["各区县人民政府"], ["各区县人民政府"]]


def test_closing_paragraphs_belong_to_no_measure() -> None:
    items = _items("1.修复管网。（牵头单位：市水务局）\n各区县、各部门要压实责任，每月25日前报送进展。")
    assert [item.cadences for item in items][:1] == [()]
    assert len(items) == 2


def test_several_bodies_in_running_text_have_an_item_each() -> None:
    items = _items("（一）落实责任。市水务局牵头推进改造；市财政局负责筹集资金；市住建局负责小区管网。")
    assert [_units(item)[0] for item in items] == [["市水务局"], ["市财政局"], ["市住建局"]]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("完成投资2,300万元以上", [(">=", 2300.0, "万元")]),
        ("达标率不低于百分之九十六", [(">=", 96.0, "%")]),
        ("蓄电量达到30亿千瓦时", [(">=", 30.0, "亿千瓦时")]),
        ("实现150家以上企业节水改造", [(">=", 150.0, "家")]),
        ("给予最高500万支持", [("<=", 500.0, "万元")]),
        ("最高补贴实际发生费用的60%", [("<=", 60.0, "%")]),
        ("最高贷款额度上浮20%", [("=", 20.0, "%")]),
        ("可向下浮动3个百分点", [("<=", 3.0, "个百分点")]),
        ("自受理之日起5个工作日办结", [("<=", 5.0, "个工作日")]),
        ("按2泊/100平方米配建", [("=", 2.0, "泊")]),
        ("力争到2027年明显改善", []),
        ("围绕11个重点流域开展治理", []),
        ("用水量20万元以下的企业免税", []),
        ("占比不大于15%的，可按一半计算", []),
        ("引进50亿元级项目", []),
        ("设立基金（首期规模60亿元）", []),
        ("截至2月底，已完成40个", []),
    ],
)
def test_a_number_is_a_target_by_its_role_alone(sentence: str, found: list[Any]) -> None:
    item = _items(f"1.甲事。{sentence}。（市水务局）")[0]
    assert [(target.op, target.value, target.unit) for target in item.targets] == found


@pytest.mark.parametrize(
    ("words", "on"),
    [
        ("为毕业两年内的青年提供岗位。（市人社局）", None),
        ("可在3年内享受原政策。（市水务局）", None),
        ("对2023年6月30日之前供应的用地制定处置方案。（市水务局）", None),
        ("在2023年10月31日前办结手续的用户，给予补贴。（市水务局）", None),
        ("根据本年度内节约的水量确定上限。（市水务局）", None),
        ("截至2023年5月底已投用的除外。（市水务局）", None),
        ("于6月9日（星期五）前上报。（市水务局）", "2023-06-09"),
        ("2023.11.30前完成。（市水务局）", "2023-11-30"),
        ("明年年底全面投运。（市水务局）", "2024-12-31"),
        ("2023年新增用户20户以上。（市水务局）", "2023-12-31"),
        ("（市水务局；2023年10月）", "2023-10-31"),
        ("\n责任单位：市水务局\n完成时限：7月15日", "2023-07-15"),
        ("\n责任单位：市水务局\n时限：三季度", "2023-09-30"),
        ("\n责任单位：市水务局\n时限：上半年", "2023-06-30"),
    ],
)
def test_a_day_is_a_deadline_by_its_role_alone(words: str, on: str | None) -> None:
    found = _items(f"1.甲事。{words}")[0].deadline
    assert (found.on.isoformat() if found else None) == on


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("接到诉求后三个工作日内办结", ["within_workdays"]),
        ("事故发生后两小时内到场", ["within_hours"]),
        ("持续推广线上缴费", ["continuous"]),
        ("常态化开行供水班车", ["continuous"]),
        ("按《云泽市持续推进节水若干措施》执行", []),
        ("每年定期走访用户", ["yearly"]),
        ("水位达到启动条件时，及时发布预警", ["on_event"]),
    ],
)
def test_rhythms_in_other_words(sentence: str, kinds: list[str]) -> None:
    assert [rhythm.kind.value for rhythm in _items(f"1.甲事。{sentence}。（市水务局）")[0].cadences] == kinds


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("深入贯彻市住建局印发的《节水改造实施方案》", []),
        ("修订《云泽市用水定额暂行办法》", ["《云泽市用水定额暂行办法》"]),
        ("对列入省级清单的项目优先保障", []),
        ("实行日报告制度", ["日报告"]),
    ],
)
def test_papers_that_are_demanded_and_papers_that_are_cited(sentence: str, names: list[str]) -> None:
    assert [one.what for one in _items(f"1.甲事。{sentence}。（市水务局）")[0].evidence] == names


@pytest.mark.parametrize(
    ("closing", "expires"),
    [
        ("1.补贴。水价补贴执行期限至2023年12月31日。（市财政局）", None),
        ("1.发证。取水许可证有效期5年。（市水务局）", None),
        ("1.补贴。发放补贴。（市财政局）\n本措施自2023年4月1日起施行，期限至2025年3月31日止。", "2025-03-31"),
        ("1.补贴。发放补贴。（市财政局）\n以上政策执行至2024年6月30日。", "2024-06-30"),
    ],
)
def test_a_document_expires_by_its_own_words_alone(closing: str, expires: str | None) -> None:
    on = _reading(closing).expires_on
    assert (on.isoformat() if on else None) == expires


def test_goals_of_a_preamble_carry_the_year_before_them() -> None:
    text = HEAD.replace(
        "一、重点任务\n",
        "力争2023年新增供水能力5万吨，改造管网30公里；到2026年，漏损率控制在8%以内。现提出：\n一、重点任务\n",
    )
    goals = [item for item in read_documents(f"{text}1.甲事。完成甲事。（市水务局）")[0].items if item.kind == "goal"]
    assert [goal.deadline.on.year for goal in goals if goal.deadline] == [2023, 2023, 2026]


def test_a_letter_asks_its_addressees() -> None:
    text = (
        "云泽市人民政府督查室\n关于桐荫小区停水问题的督办通知\n市水务局：\n"
        "近期群众反映停水。请你局立即整改，确保4月15日前恢复供水。\n2023年3月29日"
    )
    item = read_documents(text)[0].items[0]
    assert _units(item)[0] == ["市水务局"]
    assert item.deadline
    assert item.deadline.on.isoformat() == "2023-04-15"
    assert DoubtField.LEAD in {doubt.field for doubt in item.doubts}


def test_what_has_been_is_no_item_and_what_is_asked_is() -> None:
    text = (
        "关于一季度水务项目进展的通报\n一、总体情况\n截至3月底，全市32个项目完成投资7.3亿元。\n二、存在问题\n3个项目滞后。\n"
        "三、下步要求\n请市水务局加快进度，4月20日前报送方案。"
    )
    assert [item.label for item in read_documents(text)[0].items] == ["三"]


def test_a_table_of_contents_is_no_item() -> None:
    text = (
        "云泽市供水应急预案\n目录\n1 总则 …… 1\n2 组织机构 …… 2\n3 应急处置 …… 4\n1 总则\n"
        "一、处置\n1.抢修。市水务局负责抢修。"
    )
    assert {item.kind.value for item in read_documents(text)[0].items} == {"duty"}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "各区县人民政府：\n现将方案印发给你们。\n云泽市人民政府办公室\n2023年3月6日\n云泽市节水方案\n",
            "云泽市节水方案",
        ),
        ("云泽市2023年民生实事任务分解\n2023年3月6日\n", "云泽市2023年民生实事任务分解"),
    ],
)
def test_a_title_without_a_number_is_neither_address_nor_date(text: str, title: str) -> None:
    assert read_documents(f"{text}一、重点任务\n1.修复管网。（牵头单位：市水务局）")[0].title == title


def test_half_width_marks_read_as_full_width_ones_and_stay_as_printed() -> None:
    wide = "1.修复管网。每季度通报一次，完成30公里。（牵头单位：市水务局；责任单位：市财政局，各县（市、区）人民政府）"
    narrow = wide.translate(str.maketrans("，；：（）", ",;:()"))
    one, other = _items(wide)[0], _items(narrow)[0]
    assert _units(one)[:2] == _units(other)[:2]
    assert _units(other)[2] == ["各县(市、区)人民政府"]
    assert [target.value for target in one.targets] == [target.value for target in other.targets]
    assert all(target.quote in _reading(narrow).text for target in other.targets)
