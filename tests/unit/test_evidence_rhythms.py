"""Evidence whose words name a rhythm is asked for in the form of that rhythm, else where a window of it ends."""

from datetime import date

import pytest

from tracker.domain.evidence_rhythms import is_asked_in, rhythm_named
from tracker.domain.items import CadenceKind

_K = CadenceKind
_WEEK, _LAST_WEEK = (date(2022, 10, 17), date(2022, 10, 23)), (date(2022, 10, 31), date(2022, 11, 6))
_MONTH, _TWO_MONTHS = (date(2022, 10, 1), date(2022, 10, 31)), (date(2022, 9, 1), date(2022, 10, 31))
_FORMS = frozenset({_K.WEEKLY, _K.MONTHLY, _K.BIMONTHLY})


@pytest.mark.parametrize(
    ("what", "quote", "rhythm"),
    [
        ("各县区招商引资工作情况通报", "每月通报一次各县区招商引资工作情况", _K.MONTHLY),
        ("外出招商活动情况通报", "每周通报一次", _K.WEEKLY),
        ("签约材料", "每双月举行一次项目集中签约仪式", _K.BIMONTHLY),
        ("签约材料", "每两个月举行一次", _K.BIMONTHLY),
        ("每季度小结", "每月通报，每季度小结", _K.QUARTERLY),
        ("小结", "每月通报，每季度小结", None),
        ("每半年总结", None, _K.HALF_YEARLY),
        ("电子宣传册", "设计制作电子宣传册", None),
    ],
)
def test_words_of_evidence_name_one_rhythm_or_none(what: str, quote: str | None, rhythm: CadenceKind | None) -> None:
    assert rhythm_named(what, quote) is rhythm


@pytest.mark.parametrize(
    ("rhythm", "forms", "period", "asked"),
    [
        (_K.MONTHLY, _FORMS, _WEEK, False),
        (_K.MONTHLY, _FORMS, _LAST_WEEK, False),
        (_K.MONTHLY, _FORMS, _TWO_MONTHS, False),
        (_K.MONTHLY, _FORMS, _MONTH, True),
        (_K.WEEKLY, _FORMS, _WEEK, True),
        (_K.WEEKLY, _FORMS, _MONTH, False),
        # Without a form of its own it goes with the period that ends the month.
        (_K.MONTHLY, {_K.WEEKLY}, _WEEK, False),
        (_K.MONTHLY, {_K.WEEKLY}, _LAST_WEEK, True),
        (_K.MONTHLY, {_K.BIMONTHLY}, _TWO_MONTHS, True),
        (_K.QUARTERLY, {_K.MONTHLY}, _MONTH, False),
        # What names none, and what is of no window of the calendar, is asked for each time.
        (None, _FORMS, _WEEK, True),
        (_K.MONTHLY, _FORMS, None, True),
        (_K.MONTHLY, _FORMS, (date(2022, 12, 5), date(2023, 1, 20)), True),
    ],
)
def test_evidence_of_a_rhythm_is_asked_for_in_its_form(
    rhythm: CadenceKind | None, forms: frozenset[CadenceKind], period: tuple[date, date] | None, asked: bool
) -> None:
    assert is_asked_in(rhythm, forms=forms, period=period) is asked
