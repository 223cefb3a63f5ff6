"""What a sentence says of all of a number: 均 stands behind what is spoken of. Notes of corrections beside it."""

from tracker.paper import counted
from tracker.wording.corrections import with_correction_note, without_correction_note
from tracker.wording.papers import cited_number


def test_all_stands_before_what_is_said_and_not_before_whom_it_is_said_of() -> None:
    assert counted.not_told({"inferred": 3, "ordered": 3}, "inferred", of="ordered") == "原文均"
    assert counted.not_told({"inferred": 1, "ordered": 1}, "inferred", of="ordered") == "原文"
    assert counted.not_told({"inferred": 2, "ordered": 3}, "inferred", of="ordered") == "其中{inferred}项原文"
    words = {"not_due": "报送期限均未到", "silent": "均尚无报告", "overdue_unreported": "反馈均逾期未报"}
    for key, said in words.items():
        assert said in counted.parts({"not_started": 3, key: 3}, about_unit=False)
    assert "牵头单位均未签收" in counted.parts({"not_started": 3, "unreceived": 3}, about_unit=False)
    assert "牵头单位未签收" in counted.parts({"not_started": 1, "unreceived": 1}, about_unit=False)


def test_a_correction_s_own_word_is_no_difference_of_its_note() -> None:
    contact = "联系人：张三，联系电话：0396-1234567"
    note = with_correction_note(contact, number="驻政办函〔2022〕1号", reason="数字有误")
    assert without_correction_note(note) == contact


def test_a_brief_is_cited_by_its_series_and_year() -> None:
    assert cited_number("第1期", series="督查专报", year=2022) == "《督查专报》2022年第1期"
    assert cited_number("驻政办函〔2022〕1号", series="驻政办函", year=2022) == "驻政办函〔2022〕1号"
    note = with_correction_note("", number="《督查专报》2022年第1期", reason="数字有误")
    assert without_correction_note(note) == ""


def test_what_came_in_time_is_said_once() -> None:
    """「按时60期……首次报送未逾期的60期，按时率74.1%」 said it twice."""
    assert counted.rate({"in_time": 60, "on_time": 60}) == "；按时率{rate}"
    assert counted.rate({"in_time": 60, "on_time": 60, "waived": 2}) == "；扣除免报后按{asked}期计，按时率{rate}"
    assert counted.rate({"in_time": 61, "on_time": 60}) == "；首次报送未逾期的{in_time}期，按时率{rate}"


def test_that_nothing_is_done_is_said_of_a_city_and_of_no_unit_and_not_where_all_is_one() -> None:
    none = {"on_schedule": 3, "behind": 2, "behind_confirmed": 2}
    assert counted.parts(none, about_unit=False).startswith("，目前尚无办结事项。其中，达序时")
    assert "尚无" not in counted.parts(none, about_unit=True)
    assert "尚无" not in counted.parts({"on_schedule": 3}, about_unit=False)
    for done in ("completed_met", "completed_unmet"):
        assert "尚无" not in counted.parts({**none, done: 1}, about_unit=False)
