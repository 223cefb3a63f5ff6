"""The ladder proposes a paper to a unit for what it was not told of yet: the highest step that is reached."""

from datetime import datetime, timedelta

import pytest

from tests.support.office import BY
from tracker.domain.calendar import SHANGHAI
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.proposed_papers import Delay, proposed_paper

_NOW = datetime(2022, 10, 31, 9, tzinfo=SHANGHAI)
_URGE, _NOTICE = CircularType.URGE, CircularType.NOTICE


def _delay(days: int) -> Delay:
    """Return a delay of so many days, each taken for a working day."""
    return Delay(_NOW - timedelta(days=days), days)


@pytest.mark.parametrize(
    ("late", "told", "proposed"),
    [
        ((), {}, None),
        ((2,), {}, None),
        ((3,), {}, (_URGE, 1)),
        ((3, 4, 2), {}, (_URGE, 2)),
        ((3, 5), {}, (_NOTICE, 1)),
        ((99,), {}, (_NOTICE, 1)),
        # It was told two days ago of what was late then: that is not proposed again, what came later is.
        ((3,), {_URGE: 2}, None),
        ((3,), {_URGE: 4}, (_URGE, 1)),
        ((5,), {_URGE: 2}, (_NOTICE, 1)),
        # A stronger paper spares the weaker one.
        ((3, 6), {_NOTICE: 2}, None),
        ((3, 6), {_NOTICE: 4}, (_URGE, 1)),
        ((6,), {CircularType.SUPERVISION: 1}, (_NOTICE, 1)),
    ],
)
def test_the_highest_step_is_proposed_for_what_no_paper_said(
    late: tuple[int, ...], told: dict[CircularType, int], proposed: tuple[CircularType, int] | None
) -> None:
    as_of = {kind: _NOW - timedelta(days=days) for kind, days in told.items()}
    found = proposed_paper([_delay(days) for days in late], told=as_of, ladder=BY.policy.ladder)
    assert (None if found is None else (found.type, found.delays)) == proposed
    if found is not None and not told:
        assert found.oldest.workdays == max(late)
