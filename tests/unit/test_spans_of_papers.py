"""What a circular counts of reporting fell due, or was given back, since the one before: nothing is told twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.led_tasks import behind_task
from tests.support.office import CALENDAR
from tests.support.papers import said
from tracker.domain.circulars.comparing import Previous
from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.facts import Facts, FormFact, ReturnFact, Sent
from tracker.domain.circulars.figures import compute
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.owed import Paper

_CUT_OFFS = tuple(datetime(2022, *day, 9, tzinfo=UTC) for day in ((10, 31), (11, 1), (12, 1)))
_RETURNED = ReturnFact(filing_id=1, item_code="48-1", reason="无实质内容", event=5, unfit=True)
_FORM = FormFact(
    series_id=1,
    period_id=1,
    unit="市1局",
    unit_order=1,
    document="驻政办〔2022〕48号",
    rhythm="每月",
    label="2022年9月",
    due_on=date(2022, 10, 10),
    moment=datetime(2022, 10, 10, 16, tzinfo=UTC),
    paper=Paper.LATE,
    late=True,
    missed=True,
    returns=(_RETURNED,),
)


def _facts(as_of: datetime, forms: tuple[FormFact, ...], *, last_event: int = 99) -> Facts:
    return Facts(as_of, last_event, (behind_task(1, None),), forms, ())


def _paper(facts: Facts, before: Facts | None, kind: CircularType = CircularType.SUPERVISION) -> Content:
    previous = Previous("驻政办督〔2022〕1号", before) if before is not None else None
    return compute(kind, facts, scope=Scope(), calendar=CALENDAR, previous=previous)


@pytest.mark.parametrize("kind", [CircularType.SUPERVISION, CircularType.SPECIAL])
def test_a_late_form_is_named_by_the_circular_in_whose_span_it_fell_due_and_by_no_later_one(kind: CircularType) -> None:
    before = None
    for at in _CUT_OFFS:
        facts = _facts(at, (_FORM,))
        content = _paper(facts, before, kind)
        named = before is None
        for key in ("reports_due", "late", "late_named", "missed", "returned", "returned_rows", "unfit"):
            assert content.counts[key] == named, key
        assert any(table.kind == "came_late" for table in content.tables) is named
        assert ("市1局1期" in said(content)) is named
        before = facts


def test_what_fell_due_at_the_very_cut_off_of_a_circular_is_not_told_again() -> None:
    form = replace(_FORM, moment=_CUT_OFFS[0])
    before = _facts(_CUT_OFFS[0], (form,))
    assert _paper(before, None).counts["reports_due"] == 1
    assert _paper(_facts(_CUT_OFFS[1], (form,)), before).counts["reports_due"] == 0


def test_only_what_was_reported_in_time_counts_as_that() -> None:
    late = replace(_FORM, paper=Paper.UNDER_REVIEW, reported=True, missed=False)
    in_time = replace(late, period_id=2, late=False)
    silent = replace(in_time, period_id=3, reported=False)
    counts = _paper(_facts(_CUT_OFFS[0], (late, in_time, silent)), None).counts
    assert (counts["asked"], counts["in_time"]) == (3, 1)


@pytest.mark.parametrize(
    ("at", "event", "since"),
    [
        (_CUT_OFFS[0] - timedelta(hours=1), 50, False),
        (_CUT_OFFS[0], 50, False),
        (_CUT_OFFS[0] + timedelta(seconds=1), 50, True),
        (_CUT_OFFS[0] - timedelta(hours=1), 51, True),
    ],
    ids=["before", "at the cut-off", "after it", "entered late, with an earlier time"],
)
def test_what_left_a_unit_since_is_whatever_the_circular_before_did_not_know(
    at: datetime, event: int, since: bool
) -> None:
    previous = Previous("驻政办督〔2022〕1号", _facts(_CUT_OFFS[0], (), last_event=50))
    assert previous.since(Sent(row_id=1, event=event, at=at)) is since


def test_the_paper_says_since_when_it_counts() -> None:
    first = _facts(_CUT_OFFS[0], (_FORM,))
    later = replace(_FORM, period_id=2, moment=_CUT_OFFS[1] - timedelta(hours=1), paper=Paper.ON_TIME, late=False)
    again = replace(_FORM, returns=(_RETURNED, replace(_RETURNED, filing_id=2, event=120)))
    words = said(_paper(_facts(_CUT_OFFS[1], (again, later), last_event=130), first))
    assert "2022年10月31日以来，各单位应报反馈1期，按时报送" in words
    assert "2022年10月31日以来，共有1个单位的1份反馈被退回（1项次）" in words
    nothing = said(_paper(_facts(_CUT_OFFS[1], (_FORM,)), first))
    assert "2022年10月31日以来，没有到期应报的反馈。" in nothing
    assert "截至2022年10月31日，各单位应报反馈1期" in said(_paper(first, None)), "the first since the first 交办"


def test_a_form_that_the_circular_before_could_not_count_is_counted() -> None:
    """Its last row was due later then, so it was not due; once that is filed its moment is that of its first row."""
    before = _facts(_CUT_OFFS[0], (replace(_FORM, moment=_CUT_OFFS[1]),))
    assert _paper(_facts(_CUT_OFFS[2], (_FORM,)), before).counts["late_named"] == 1


def test_a_form_whose_moment_was_moved_into_the_span_is_counted_with_that() -> None:
    moved = replace(_FORM, moment=_CUT_OFFS[1] + timedelta(days=3))
    assert _paper(_facts(_CUT_OFFS[2], (moved,)), _facts(_CUT_OFFS[0], (_FORM,))).counts["reports_due"] == 1
