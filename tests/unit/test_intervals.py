"""Whose forms follow the office's interval, and what a key item asks for at least."""

from datetime import date

import pytest

from tracker.domain.intervals import (
    INTERVALS,
    OnlyCompletionLeft,
    check_reports_open,
    forms_of_units,
    printed_rhythms,
    reports_are_open,
    takes_interval,
    with_interval,
)
from tracker.domain.items import Basis, Bearer, CadenceKind, ItemKind
from tracker.domain.lifecycle import TaskState
from tracker.domain.series import DocumentFrame, ItemDemands, RhythmDemand, Shares, at_least_monthly, row_duties

K = CadenceKind
LEAD, COUNTY = 1, 11
FRAME = DocumentFrame(issued_on=date(2022, 8, 17))
MONITORED = DocumentFrame(issued_on=date(2022, 8, 17), monitors_itself=True)
SHARES = Shares(leads=(LEAD,), members=(COUNTY,))


def item(*rhythms: RhythmDemand, key: bool = False, waits: bool = False) -> ItemDemands:
    return ItemDemands(kind=ItemKind.ACTION, shares=SHARES, rhythms=rhythms, key=key, waits=waits)


@pytest.mark.parametrize(
    ("demands", "frame", "open_", "printed"),
    [
        (item(), FRAME, True, ()),
        (item(RhythmDemand(kind=K.CONTINUOUS)), FRAME, True, ()),
        (item(RhythmDemand(kind=K.IRREGULAR)), MONITORED, True, ()),
        (item(RhythmDemand(kind=K.WITHIN_WORKDAYS)), FRAME, True, ()),
        (item(RhythmDemand(kind=K.MONTHLY, bearer=Bearer.GROUP)), FRAME, True, (K.MONTHLY,)),
        (item(RhythmDemand(kind=K.MONTHLY)), FRAME, False, (K.MONTHLY,)),
        (item(RhythmDemand(kind=K.WITHIN_HOURS), waits=True), FRAME, False, ()),
        (item(), MONITORED, False, ()),
    ],
)
def test_the_office_sets_the_interval_where_somebody_reports_and_the_document_does_not_say_how_often(
    demands: ItemDemands, frame: DocumentFrame, open_: bool, printed: tuple[K, ...]
) -> None:
    assert takes_interval(demands, frame) is open_
    assert printed_rhythms(demands) == printed


def test_how_a_task_is_reported_changes_until_the_day_of_its_deadline_is_over() -> None:
    deadline, next_day = date(2022, 11, 20), date(2022, 11, 21)
    check_reports_open(TaskState.IN_PROGRESS, due_on=deadline, today=deadline)
    assert reports_are_open(TaskState.IN_PROGRESS, due_on=deadline, today=deadline)
    with pytest.raises(OnlyCompletionLeft):
        check_reports_open(TaskState.IN_PROGRESS, due_on=deadline, today=next_day)
    assert not reports_are_open(TaskState.IN_PROGRESS, due_on=deadline, today=next_day)


@pytest.mark.parametrize("interval", INTERVALS)
def test_a_key_item_is_reported_monthly_or_as_often_as_the_office_set(interval: K) -> None:
    asked = K.EVERY_10_DAYS if interval is K.EVERY_10_DAYS else K.MONTHLY
    assert at_least_monthly(interval) is asked
    for rhythms in ((), (RhythmDemand(kind=K.CONTINUOUS),)):
        demands = with_interval(item(*rhythms, key=True), interval)
        assert forms_of_units(row_duties(demands, FRAME)) == {LEAD: (asked,)}


def test_an_interval_takes_the_place_of_an_earlier_one() -> None:
    demands = with_interval(with_interval(item(), K.YEARLY), K.BIMONTHLY)
    assert demands.rhythms == (RhythmDemand(kind=K.BIMONTHLY, basis=Basis.DEFAULT),)
