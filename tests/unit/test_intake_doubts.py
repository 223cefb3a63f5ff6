"""Where the intake says that it is unsure: what it left over, and what a second look sees that it did not read."""

import pytest

from tracker.domain.readings.item import TRUSTED, DoubtField, Item
from tracker.intake import read_documents

HEAD = "云泽市人民政府办公室\n关于印发云泽市水务工作方案的通知\n云政办〔2023〕18号\n2023年3月6日\n一、重点任务\n"


def _items(body: str) -> tuple[Item, ...]:
    return read_documents(HEAD + body)[0].items


def _doubted(item: Item) -> set[DoubtField]:
    return {sure.field for sure in item.confidence if sure.share < TRUSTED}


def _bodies(item: Item) -> tuple[list[str], list[str], list[str]]:
    leads, supports, groups = ([name.printed for name in names] for names in (item.leads, item.supports, item.groups))
    return leads, supports, groups


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("1.发放手册。发放节水手册20万本。（市水务局）\n", DoubtField.TARGETS),
        ("1.组织抽查。至少两次。（市水务局）\n", DoubtField.TARGETS),
        ("1.监测水质。由市水务集团每日监测水质。（市住建局）\n", DoubtField.SUPPORTS),
        ("1.改造管网。（市水务局）\n2.修好泵站。\n3.清理河道。（市住建局）\n", DoubtField.LEAD),
        ("1.改造管网。原则同意市水务局提出的方案，尽快动工。\n", DoubtField.LEAD),
        ("1.改造管网。2023年底前完成一期，2025年全部建成的项目另行安排。（市水务局）\n", DoubtField.DEADLINE),
        ("1.改造管网。（市水务局、市财政局等负责）\n", DoubtField.GROUPS),
        ("1.改造管网。全面完成。（市水务局）\n（市住建局牵头）\n", DoubtField.LEAD),
    ],
)
def test_what_may_have_been_missed_lowers_the_share_of_its_field(body: str, field: DoubtField) -> None:
    assert any(field in _doubted(item) for item in _items(body))


def test_a_plain_measure_is_not_doubted() -> None:
    (item,) = _items("1.改造管网。年底前改造管网60公里。（牵头单位：市水务局；责任单位：市财政局、各区县人民政府）\n")
    assert _doubted(item) == set()


@pytest.mark.parametrize(
    ("body", "bodies"),
    [
        ("1.改造管网。（市水务局、市财政局等部门）", (["市水务局"], ["市财政局"], ["等部门"])),
        ("1.改造管网。（市水务局牵头、市财政局配合，沿线乡镇做好征迁）", (["市水务局"], ["市财政局"], ["沿线乡镇"])),
        ("1.改造管网。（市水务局；2023年1月—11月）", (["市水务局"], [], [])),
        ("1.改造管网。（各乡镇人民政府、街道办事处；持续推进）", ([], [], ["各乡镇人民政府、街道办事处"])),
        ("1.改造管网。全面改造。（市水务局、市财政局", (["市水务局"], ["市财政局"], [])),
        ("1.市发改委、市水务局每两年评估一次。", (["市发改委", "市水务局"], [], [])),
        ("1.市水务局应当会同市财政局、市住建局编制规划。", (["市水务局"], ["市财政局", "市住建局"], [])),
        ("1.供水平台由市水务局建设和维护。", (["市水务局"], [], [])),
        ("1.会议明确，市财政局安排专项资金；市审计局对资金跟踪审计。", (["市财政局", "市审计局"], [], [])),
        ("1.剩余学校改造由市住建局负责督促；市教体局做好课桌椅配备。", (["市住建局", "市教体局"], [], [])),
        ("1.河口、临江两区政府要挂图作战。", (["河口区政府", "临江区政府"], [], [])),
        ("1.沿河7个乡镇要逐户落实责任人。", ([], [], ["沿河7个乡镇"])),
        ("1.请各单位于10月15日前报送方案（联系人：李某；电话：1234567）。", ([], [], ["各单位"])),
    ],
)
def test_bodies_are_read_from_the_wording_of_offices(body: str, bodies: tuple[list[str], list[str], list[str]]) -> None:
    assert _bodies(_items(body + "\n")[0]) == bodies


def test_the_last_sentence_of_a_chapter_says_who_does_what_stands_above_it() -> None:
    items = _items("1.改造管网。尽快改造。\n2.修好泵站。尽快修好。\n以上工作由市水务局牵头，各区县人民政府落实。\n")
    assert [_bodies(item) for item in items] == [(["市水务局"], [], ["各区县人民政府"])] * 2


def test_what_a_problem_says_is_no_target_of_its_measures() -> None:
    heads = "序号 存在问题 整改措施 责任单位 完成时限\n"
    table = heads + "1 12个项目未办理决算 倒排工期，完成全部决算 市水务局 2023年9月至11月\n"
    (item,) = _items(table)
    assert item.targets == ()
    assert item.deadline is not None
    assert item.deadline.on.isoformat() == "2023-11-30"


@pytest.mark.parametrize(
    ("words", "on"),
    [
        ("力争10月建成通车", "2023-10-31"),
        ("8月15日至8月28日开展专项行动", "2023-08-28"),
        ("对2022年10月建成的管网开展评估", None),
    ],
)
def test_days_of_offices(words: str, on: str | None) -> None:
    (item,) = _items(f"1.改造管网。{words}。（市水务局）\n")
    assert (item.deadline.on.isoformat() if item.deadline else None) == on


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("床位由32张提高到38张", [38.0]),
        ("更新间隔不超过2周", [2.0]),
        ("沿河7个乡镇要建成水站9座", [9.0]),
        ("新建泵站80座，其中2023年20座", [80.0, 20.0]),
    ],
)
def test_numbers_have_their_roles(words: str, values: list[float]) -> None:
    (item,) = _items(f"1.改造管网。{words}。（市水务局）\n")
    assert [target.value for target in item.targets] == values


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("每月25日前将整改进展报市审计局", "整改进展"),
        ("审计报告于年底前报县政府", "审计报告"),
        ("健全隐患台账", "隐患台账"),
        ("建立“一厕一档”", "“一厕一档”"),
        ("签订安全责任状", "安全责任状"),
    ],
)
def test_products_are_read_by_the_verb_that_hands_them_in(words: str, what: str) -> None:
    (item,) = _items(f"1.改造管网。{words}。（市水务局）\n")
    assert [each.what for each in item.evidence] == [what]


def test_an_article_of_grounds_is_no_item_and_a_duty_of_the_last_chapter_is_one() -> None:
    (draft,) = read_documents(
        "云泽市人民政府\n关于印发云泽市供水管理办法的通知\n云政发〔2023〕8号\n2023年3月6日\n云泽市供水管理办法\n"
        "第一章　总则\n第一条　为规范供水，根据有关法律法规，制定本办法。\n第二条　本办法所称供水，是指集中供水。\n"
        "第二章　附则\n第三条　市水务局应当自本办法施行之日起6个月内制定实施细则。\n"
        "第四条　本办法自2023年5月1日起施行。\n"
    )
    assert [item.label for item in draft.items] == ["第三条"]
    assert draft.items[0].deadline is not None
    assert draft.items[0].deadline.on.isoformat() == "2023-11-01"


def test_whatever_stands_in_a_row_with_measures_may_be_one() -> None:
    (draft,) = read_documents(HEAD + "1.改造管网。（市水务局）\n2.扫雪除冰\n3.储煤（市国资委）\n")
    assert [draft.text[one.start : one.end] for one in draft.possible] == ["2.扫雪除冰"]


def test_a_duty_beside_the_day_of_effect_is_kept() -> None:
    items = _items("1.改造管网。（市水务局）\n2.本措施自印发之日起施行。各区要于7月10日前制定细则。\n")
    assert [_bodies(item)[2] for item in items] == [[], ["各区"]]
