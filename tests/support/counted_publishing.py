"""A month that is counted from projects and goes out: from the check of its marks on."""

from collections.abc import Callable
from datetime import date

from sqlmodel import Session

from tests.support.counted_evaluation import Counted, countable
from tests.support.office import BY, OFFICE
from tests.support.published_evaluation import Publishing
from tests.support.small_evaluation import CHECKING, figure, meeting, nothing_else
from tracker.gateways.schemes import read_scheme
from tracker.usecases.scoring_months import draft_ranking, open_check


def counted_in_check(
    house: Publishing, *, content: str, told: Callable[[Session, Counted, int], object] = lambda *_: None
) -> Counted:
    """Count a month with a project of 外资项目 and of 省级重点项目 in each county, and open its check.

    `told` is what is told of each of the former before they are counted.
    """
    counted = countable(house.city, content=content)
    for question, option in (("meeting-order", "sum"), ("meeting-months", "before_january"), ("issuer", "office")):
        house.decide(question, option)
    month_id = counted.worked.month_id
    with house.city.database.transaction() as session:
        counted.rule(session)
        told(session, counted, counted.foreign(session, "外资甲"))
        told(session, counted, counted.foreign(session, "外资丙", county="sp"))
        for county in ("yc", "sp"):
            counted.provincial(session, f"省重点{county}", county=county, planned=date(2022, 9, 10))
        counted.count(session)
        entries = (figure("started", "yc", "0"), figure("started", "sp", "0"))
        counted.worked.enter(session, house.city.liaison("tjj"), *entries)
        counted.worked.enter(session, OFFICE, meeting("yc"))
        nothing_else(session, month_id)
        draft_ranking(session, month_id, read=read_scheme, actor=OFFICE, at=CHECKING)
        open_check(session, month_id, read=read_scheme, calendar=BY.calendar, workdays=3, actor=OFFICE, at=CHECKING)
    return counted
