"""What the trend of what is overdue says in words."""

from datetime import date

import pytest

from tracker.wording.trends import trend_words

_TODAY = date(2022, 10, 12)


@pytest.mark.parametrize(
    ("weeks", "said"),
    [
        ((), ""),
        (((date(2022, 10, 10), 4),), "10月10日当周4份。"),
        (((date(2022, 9, 26), 3), (date(2022, 10, 10), 4)), "10月10日当周4份，比9月26日当周增加1份。"),
        (
            ((date(2022, 9, 26), 9), (date(2022, 10, 3), 5), (date(2022, 10, 10), 2)),
            "10月10日当周2份，比10月3日当周减少3份。",
        ),
        (((date(2021, 12, 27), 2), (date(2022, 1, 3), 2)), "1月3日当周2份，与2021年12月27日当周持平。"),
    ],
)
def test_the_last_week_is_held_against_the_one_before_that_has_a_figure(
    weeks: tuple[tuple[date, int], ...], said: str
) -> None:
    assert trend_words(weeks, today=_TODAY) == said
