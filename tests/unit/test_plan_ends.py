"""When a plan ends: read from its title or its text, asked where they leave it open."""

from datetime import date

import pytest

from seeds.documents import load_documents
from seeds.registry import SEEDS, load_registry
from tracker.domain.deadlines import needs_deadline
from tracker.domain.plan_ends import NO_PLAN, PlanEnd, read_plan_end

READINGS = load_documents(SEEDS / "documents", load_registry(SEEDS / "units.toml"))


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("2022年驻马店市招商引资工作方案", 2022),
        ("2022年度国民经济和社会发展计划（草案）", 2022),
        ("驻马店市2023年政府工作要点", 2023),
        ("2022年重点工作任务分解表", 2022),
        ("2022年民生实事工作安排", 2022),
        ("国企改革三年行动计划（2022—2024年）", 2024),
        ("国企改革三年行动计划（2022年-2024年）", 2024),
        ("2022–2024年污染防治攻坚办法", 2024),
        ("2022至2024年河道治理方案", 2024),
        ("驻马店市残疾预防行动计划（2022—2025年）", 2025),
        ("２０２２年招商引资工作方案", 2022),
        ("二〇二二年政府工作要点", 2022),
        ("二零二二年政府工作要点", 2022),
        ("国企改革三年行动计划（２０２２—２０２４年）", 2024),
        ("国企改革三年行动计划（二○二二年至二○二四年）", 2024),
    ],
)
def test_the_years_of_a_title_say_when_its_plan_ends(title: str, year: int) -> None:
    end = read_plan_end(title, issued_on=date(2022, 8, 1))
    assert (end.on, end.asked) == (date(year, 12, 31), False)
    assert end.words
    assert end.words in title


@pytest.mark.parametrize(
    ("title", "issued_on"),
    [
        ("2022年重点项目考评办法", None),
        ("2022年上半年工作安排", None),
        ("2022年三季度工作要点", None),
        ("2022年“安全生产月”活动方案", None),
        ("2022—2023学年招生工作方案", None),
        ("2022—2023年采暖季保供方案", None),
        ("2021年和2022年工作计划", None),
        ("2024—2022年行动计划", None),
        ("2022—2022年行动计划", None),
        ("2021年招商引资工作方案", date(2022, 8, 1)),
    ],
)
def test_a_year_that_leaves_the_end_open_is_asked(title: str, issued_on: date | None) -> None:
    end = read_plan_end(title, issued_on=issued_on)
    assert (end.on, end.asked) == (None, True)
    assert end.words in title


@pytest.mark.parametrize(
    "title",
    [
        "关于科学绿化的实施意见",
        "驻马店市林业有害生物灾害应急预案（2022年修订）",
        "市政府2022年第12次常务会议议定事项",
        "2022年重点工作完成情况的通报",
        "重点项目建设月度考评办法",
        "",
    ],
)
def test_a_title_that_plans_no_year_has_no_end_and_asks_nothing(title: str) -> None:
    assert read_plan_end(title) == NO_PLAN


def test_the_term_that_the_text_states_decides_where_the_title_does_not() -> None:
    text = "为做好治理，制定本方案。规划期限为2022—2024年，分步实施。到2035年，全面达标。"
    assert read_plan_end("河道治理方案", text=text) == PlanEnd(date(2024, 12, 31), "规划期限为2022—2024年")
    assert read_plan_end("2022年重点治理办法", text=text).on == date(2024, 12, 31)
    assert read_plan_end("2023年治理方案", text=text).on == date(2023, 12, 31)
    in_characters = "规划期限为二〇二二至二〇二四年"
    assert read_plan_end("河道治理方案", text=f"{in_characters}。") == PlanEnd(date(2024, 12, 31), in_characters)
    assert read_plan_end("河道治理方案", text="到2035年，全面达标。") == NO_PLAN


def test_the_shipped_documents_end_where_their_titles_say() -> None:
    found = [read_plan_end(reading.title, text=reading.text, issued_on=reading.issued_on) for reading in READINGS]
    assert len(found) == 8
    assert [(end.on, end.asked) for end in found] == [(reading.plan_end.on, False) for reading in READINGS]


@pytest.mark.parametrize(
    ("due_on", "ended_on", "needs"),
    [
        (None, None, False),
        (None, date(2022, 12, 30), True),
        (None, date(2022, 12, 31), False),
        (date(2022, 12, 30), date(2022, 12, 30), True),
        (date(2022, 12, 31), date(2022, 12, 30), False),
        (date(2022, 12, 30), date(2022, 12, 31), False),
    ],
)
def test_a_task_needs_a_deadline_from_the_day_after_its_plan_and_its_own_are_over(
    due_on: date | None, ended_on: date | None, needs: bool
) -> None:
    assert needs_deadline(due_on, ended_on=ended_on, today=date(2022, 12, 31)) is needs
