"""Days and numbers that people enter: what is read, what is refused, and in which words."""

from datetime import date

import pytest

from tracker.domain.entered import (
    DayOutOfBounds,
    NotACount,
    NotADay,
    NotANumber,
    NumberOutOfBounds,
    check_number,
    number_text,
    read_count,
    read_day,
    read_number,
)
from tracker.wording.refusals import sentence

LONG = "9" * 5000


@pytest.mark.parametrize("text", ["2000-01-01", " 2022-11-01 ", "2099-12-31"])
def test_a_day_of_this_century_is_read(text: str) -> None:
    assert read_day(text, field="时限") == date.fromisoformat(text.strip())


@pytest.mark.parametrize(
    "text", ["", "soon", "20221101", "2022-W01-1", "2022-02-30", "２０２２-11-01", "²", LONG, "\x00"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(NotADay):
        read_day(text, field="时限")


@pytest.mark.parametrize("text", ["0001-01-01", "0022-11-01", "1022-11-01", "1999-12-31", "2100-01-01", "9999-12-31"])
def test_a_day_of_another_century_is_refused_with_the_field_and_the_bound(text: str) -> None:
    with pytest.raises(DayOutOfBounds) as refused:
        read_day(text, field="新时限")
    words = sentence(refused.value)
    assert words.startswith("新时限应在2000年至2099年之间")
    assert f"{text[:4]}年" in words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("42", 42.0),
        ("-3.5", -3.5),
        ("1,234,567.25", 1234567.25),
        ("１２．５", 12.5),
        ("0", 0.0),
        (".5", 0.5),
        ("0.000001", 0.000001),
        ("999999999999.9", 999999999999.9),
        ("7.1000000000", 7.1),
    ],
)
def test_a_number_is_read_and_written_back_as_the_same(text: str, value: float) -> None:
    assert read_number(text, field="数值") == value
    assert read_number(number_text(value), field="数值") == value


@pytest.mark.parametrize(
    "text", ["", "nan", "NaN", "inf", "-Infinity", "1e308", "1e3", "²", "Ⅷ", "0x10", LONG, "1_000", "\x00"]
)
def test_what_is_no_number_is_refused_with_the_field(text: str) -> None:
    with pytest.raises(NotANumber) as refused:
        read_number(text, field="一1“通报次数”")
    words = sentence(refused.value)
    assert words.startswith("一1“通报次数”应填写数字")
    assert len(words) < 80


@pytest.mark.parametrize("text", ["1000000000000", str(2**63), "-1" + "0" * 12, "0.0000001", "9" * 40])
def test_a_number_beyond_the_bound_is_refused(text: str) -> None:
    with pytest.raises(NumberOutOfBounds) as refused:
        read_number(text, field="通报次数")
    assert sentence(refused.value).startswith("通报次数的绝对值应小于一万亿，小数不超过6位")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e308, -1e12])
def test_a_value_from_a_program_is_held_to_the_same_bound(value: float) -> None:
    with pytest.raises(NumberOutOfBounds):
        check_number(value, field="通报次数")


@pytest.mark.parametrize(
    ("text", "count"), [("0", 0), ("12", 12), ("1,200", 1200), (" ３ ", 3), ("99999999", 99_999_999)]
)
def test_a_count_is_a_whole_number_from_nought_on(text: str, count: int) -> None:
    assert read_count(text, field="收到件数") == count


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "2.5", "1.0", "1e3", "nan", "²", "三", "100000000", "9" * 40, LONG, "\x00"]
)
def test_what_is_no_count_is_refused_with_the_field(text: str) -> None:
    with pytest.raises(NotACount) as refused:
        read_count(text, field="一1收到件数")
    said = "填写的是" if text else "现在没有填写。"
    assert sentence(refused.value).startswith(f"一1收到件数应填写0或者正整数，小于一亿，{said}")
