"""What 报送频次 says of a share's open rows: which rhythms go on, and which are over."""

from datetime import UTC, date, datetime

import pytest

from tracker.domain.items import AssignmentRole, CadenceKind, Duty, LeadBasis
from tracker.domain.progress import Work, WorkClass
from tracker.store.history.identities import ItemFact
from tracker.store.history.log import Cut
from tracker.store.history.rhythms import Rhythms
from tracker.store.history.state import PastPeriod, PastRow, PastSeries, PastShare, PastTask, State

_NOW = datetime(2022, 11, 16, 1, tzinfo=UTC)
_BEFORE, _AFTER = datetime(2022, 11, 14, 10, tzinfo=UTC), datetime(2022, 11, 25, 16, tzinfo=UTC)


def _said(*rows: tuple[CadenceKind, datetime, bool], trigger: int | None = None) -> str:
    state = State(until=Cut(as_of=_NOW, last_event=0))
    for number, (kind, due_at, final) in enumerate(rows, start=1):
        state.series[number] = PastSeries(series_id=number, unit_id=1, document_id=1, kind=kind, trigger_id=trigger)
        state.periods[number] = PastPeriod(
            period_id=number,
            series_id=number,
            code=f"P{number}",
            starts_on=date(2022, 11, 1),
            ends_on=date(2022, 11, 30),
            opens_at=_BEFORE,
            due_at=due_at,
        )
        state.rows[number] = PastRow(
            row_id=number,
            period_id=number,
            assignment_id=1,
            task_id=1,
            required=True,
            act=False,
            soft=False,
            final=final,
            due_at=None,
        )
    share = PastShare(
        assignment_id=1, task_id=1, unit_id=1, role=AssignmentRole.LEAD, duty=Duty.REPLY.value, got_at=_BEFORE
    )
    task = PastTask(task_id=1, document_id=1, issued_at=_BEFORE)
    return Rhythms(state).words(task, _ITEM, WorkClass(Work.ON_SCHEDULE), [share], own=share)


_ITEM = ItemFact(
    task_id=1,
    dormant=False,
    code="1",
    label="1",
    title="推进项目建设",
    start_at=0,
    deadline_on=None,
    document_id=1,
    document="驻政办〔2022〕1号",
    document_title="方案",
    internal=False,
    lead_basis=LeadBasis.EXPLICIT,
    level=None,
    named={},
    groups=(),
    targets=(),
    limits={},
)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(CadenceKind.MONTHLY, _AFTER, False)], "每月"),
        ([(CadenceKind.WEEKLY, _BEFORE, False)], "每周"),
        ([(CadenceKind.WEEKLY, _BEFORE, False), (CadenceKind.MONTHLY, _AFTER, False)], "每周、每月"),
        (
            [(CadenceKind.WEEKLY, _BEFORE, False), (CadenceKind.ONCE, _AFTER, False)],
            "每周、一次，应于2022年11月25日（含）前报送",
        ),
        (
            [(CadenceKind.WEEKLY, _BEFORE, False), (CadenceKind.MONTHLY, _AFTER, True)],
            "办结报告，应于2022年11月25日（含）前报送",
        ),
    ],
    ids=["ahead", "overdue alone", "one overdue beside one ahead", "beside what is asked once", "completion asked for"],
)
def test_what_goes_on_is_named_whatever_is_overdue(rows: list[tuple[CadenceKind, datetime, bool]], said: str) -> None:
    assert _said(*rows) == said


def test_of_an_event_what_is_overdue_says_nothing_beside_what_is_ahead() -> None:
    rows = [(CadenceKind.WEEKLY, _BEFORE, False), (CadenceKind.MONTHLY, _AFTER, False)]
    assert _said(*rows, trigger=1) == "每月"
