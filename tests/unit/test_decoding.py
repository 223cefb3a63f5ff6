"""An event that was written to the log is read back as it was, whatever of it an earlier version left out."""

import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.event_types import event_classes
from tracker.domain.events.base import Event
from tracker.domain.events.calendar import OutageRecorded
from tracker.domain.events.circulars import CircularDrafted
from tracker.domain.events.decoding import CLASSES, FORMER_TYPES, Undecodable, decode, decode_as
from tracker.domain.events.documents import DocumentSuperseded
from tracker.domain.events.forms import RowMoved, RowsReset

AT = "2022-10-10T16:00:00+00:00"
PLAIN: dict[Any, st.SearchStrategy[Any]] = {  # Any: whatever a field may hold
    int: st.integers(),
    bool: st.booleans(),
    str: st.text(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    NoneType: st.none(),
}


def _values(hint: Any) -> st.SearchStrategy[Any]:  # Any: as `PLAIN`
    if hint in PLAIN:
        return PLAIN[hint]
    if isinstance(hint, type) and is_dataclass(hint):
        hints = get_type_hints(hint)
        return st.builds(hint, **{field.name: _values(hints[field.name]) for field in fields(hint)})
    if isinstance(hint, type(tuple[int, ...])):
        return st.lists(_values(get_args(hint)[0]), max_size=2).map(tuple)
    return st.one_of(*map(_values, get_args(hint)))


def _read_back(event: Event, payload: dict[str, object]) -> Event:
    return decode(event.type, json.loads(json.dumps(payload)))


@pytest.mark.parametrize("kind", event_classes(), ids=lambda kind: kind.type)
@settings(max_examples=20, deadline=None)
@given(drawn=st.data())
def test_an_event_of_any_class_is_read_back_as_it_was(kind: type[Event], drawn: st.DataObject) -> None:
    event = drawn.draw(_values(kind))
    told = _read_back(event, event.payload())
    assert told == event
    assert type(told) is kind


def test_every_class_of_events_is_read_back() -> None:
    assert set(CLASSES.values()) == set(event_classes())
    assert len(CLASSES) == len(event_classes())


@pytest.mark.parametrize(
    ("type_", "payload"),
    [
        ("document.issued", {"document_id": 1, "tasks": 2}),
        ("trigger.recorded", {"trigger_id": 1, "occurred_at": AT, "matter": "暴雨"}),
        ("task.lapsed", {"expired_on": "2022-12-31"}),
        ("circular.issued", {"circular_id": 1, "number": "通1号", "sha256": "f"}),
        ("document.reread", {"document_id": 1, "number": "n", "changed": ["a"], "added": [], "questions": 0}),
        ("task.reopened", {"reason": "复查", "new_deadline_on": None}),
        ("question.answered", {"question_id": 1, "topic": "t", "answer": "每月", "decided": "interval:monthly"}),
        ("request.mooted", {"request_id": 1, "kind": "extension"}),
        ("report.filed", {"report_id": 1, "filing_id": 1, "kind": "progress"}),
        (
            "report.given_back",
            {"report_id": 1, "kind": "progress", "reason": "空", "reason_class": "other", "correct_by": "2022-12-31"},
        ),
        ("row.settled", {"row_id": 1, "period_id": 1, "state": "waived", "cause": "task_lapsed", "reason": ""}),
        ("outage.recorded", {"from_at": AT, "until_at": AT, "reason": "断电", "moved": 0}),
    ],
)
def test_an_event_of_an_earlier_version_is_read_as_far_as_it_tells(type_: str, payload: dict[str, object]) -> None:
    event = decode(type_, {**payload, "task_id": 3, "unit_id": None})
    assert (event.type, event.task_id, event.unit_id) == (type_, 3, None)
    known = set(payload) & set(event.payload())
    assert {name: event.payload()[name] for name in known} == {name: payload[name] for name in known}


def test_what_an_earlier_version_did_not_tell_is_as_it_was_meant_then() -> None:
    part = {"unit_id": 3, "item": "1", "by_item": "2"}
    superseded = decode_as(DocumentSuperseded, {"document_id": 1, "by_document_id": 2, "parts": [part]})
    assert superseded.parts[0].goes_on
    row = {"row_id": 1, "assignment_id": None, "required": True, "act": False, "due_at": AT, "pending_at": None}
    asked = {**row, "task_id": None, "soft": False, "final": False}
    (reset,) = decode_as(RowsReset, {"series_id": 1, "period_id": 1, "cause": "c", "rows": [asked]}).rows
    assert (reset.state, reset.correction_due_at) == ("open", None)
    of_form = {"into_row_id": 2, "series_id": 1, "period_id": 1, "state": "open", "correction_due_at": None}
    moved = decode_as(RowMoved, {**row, **of_form, "filed_at": None, "late": None})
    assert (moved.soft, moved.final) == (None, None)
    outage = decode_as(OutageRecorded, {"from_at": AT, "until_at": AT, "reason": "断电", "moved": 0})
    assert (outage.reports, outage.new_due_at) == ((), None)


def test_an_event_says_nothing_of_what_its_version_did_not_tell_but_that_a_lapse_asks_for_a_closing_report() -> None:
    said = {
        (kind.type, field.name): field.default
        for kind in event_classes()
        for field in fields(kind)
        if field.default is not MISSING and field.default
    }
    assert said == {("task.lapsed", "closing"): True}


@pytest.mark.parametrize("type_", sorted(FORMER_TYPES))
def test_no_class_knows_what_is_not_recorded_any_more(type_: str) -> None:
    with pytest.raises(Undecodable, match="not recorded any more"):
        decode(type_, {})


@pytest.mark.parametrize(
    "wrong",
    [{"circular_id": "1"}, {"circular_id": None}, {"as_of": 7}, {"as_of": "gestern"}, {"kind": ["urge"]}],
    ids=str,
)
def test_facts_of_another_kind_make_no_event(wrong: dict[str, object]) -> None:
    facts: dict[str, object] = {"circular_id": 1, "kind": "urge", "as_of": AT, "last_event": 9}
    assert decode_as(CircularDrafted, facts).as_of == datetime(2022, 10, 10, 16, tzinfo=UTC)
    with pytest.raises(Undecodable, match=r"circular\.drafted"):
        decode_as(CircularDrafted, {**facts, **wrong})


def test_an_event_without_a_fact_that_it_must_carry_is_none() -> None:
    with pytest.raises(Undecodable, match="last_event"):
        decode_as(CircularDrafted, {"circular_id": 1, "kind": "urge", "as_of": AT})
    with pytest.raises(Undecodable, match="never recorded"):
        decode("circular.eaten", {})
