"""The State Council's words become the same days as the calendar's own file, or are refused with the line."""

from datetime import date
from pathlib import Path

import pytest

from tests.support.holiday_notices import INVENTED_2027, NOTICES
from tracker.gateways.configuration import load_calendar
from tracker.intake.calendar_file import CalendarFileUnreadable
from tracker.intake.holiday_notice import NoticeIncomplete, NoticeUnreadable, read_holiday_notice, read_notices

SEED = Path(__file__).parents[2] / "config" / "calendar.toml"
CALENDAR = load_calendar(SEED)


@pytest.mark.parametrize("year", sorted(NOTICES))
def test_the_words_of_a_published_year_are_its_days_in_the_file(year: int) -> None:
    assert read_holiday_notice(NOTICES[year]) == CALENDAR.notices[year]


def test_lines_that_were_wrapped_and_other_brackets_change_nothing() -> None:
    wrapped = (
        NOTICES[2023]
        .replace("共7天。1月28日", "共7天。\n1月28日")
        .replace("放假调休，共3天。6月", "放假调\n 休，共3天。6月")
    )
    assert read_holiday_notice(wrapped) == CALENDAR.notices[2023]
    assert read_holiday_notice(NOTICES[2023].replace("〔2022〕", "[2022]")) == CALENDAR.notices[2023]


@pytest.mark.parametrize(
    ("printed", "wrong", "line"),
    [
        ("放假，共3天。\n四", "放假，共4天。\n四", 8),
        ("4月25日（周日）", "4月25日（周六）", 9),
        ("6月9日（周三）放假1天，不调休。", "6月9日（周三）照常。", 10),
        ("9月15日（周三）放假1天", "中秋当日放假1天", 11),
        ("9月26日（周日）、10月9日（周六）上班。", "国庆节前后的周末上班。", 12),
        ("10月9日（周六）上班。", "10月9日（周六）上班。具体另行通知。", 12),
        ("2月14日（周日）上班", "2月31日上班", 7),
        ("节假日期间，", "另：10月16日（周六）上班。", 13),
    ],
)
def test_a_paragraph_that_cannot_be_read_is_refused_with_its_line(printed: str, wrong: str, line: int) -> None:
    assert printed in INVENTED_2027
    with pytest.raises(NoticeUnreadable) as refused:
        read_holiday_notice(INVENTED_2027.replace(printed, wrong))
    assert refused.value.facts["line"] == line


@pytest.mark.parametrize(
    ("printed", "lacking"),
    [
        ("部分节假日安排的通知", "标题"),
        ("国办发明电〔2026〕9号", "发文字号"),
        ("2026年11月20日", "成文日期"),
        ("五、端午节：6月9日（周三）放假1天，不调休。", "端午节的安排"),
    ],
)
def test_a_text_that_is_no_whole_notice_is_refused(printed: str, lacking: str) -> None:
    with pytest.raises(NoticeIncomplete) as refused:
        read_holiday_notice(INVENTED_2027.replace(printed, ""))
    assert refused.value.facts["lacking"] == lacking


def test_a_year_of_the_calendar_file_is_read_as_well() -> None:
    notices = read_notices(SEED.read_text(encoding="utf-8"))
    assert [notice.year for notice in notices] == [2022, 2023, 2024, 2025, 2026]
    assert notices[-1].issued_on == date(2025, 11, 4)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[[year]]\nyear = 2027\nsource =\n", "第3行"),
        ('[[year]]\nyear = 2027\nsource = "x"\nissued_on = 2026-11-20\nholidays = []', "“year.1.workdays”"),
        (
            '[[year]]\nyear = 2027\nsource = "x"\nissued_on = 2026-11-20\nholidays = []\nworkdays = [2027-01-05]',
            "2027年",
        ),
    ],
)
def test_a_calendar_file_that_cannot_be_read_is_refused_with_the_place(text: str, place: str) -> None:
    with pytest.raises(CalendarFileUnreadable) as refused:
        read_notices(text)
    assert refused.value.facts["place"] == place
