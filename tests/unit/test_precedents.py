"""Which decisions are shown beside a request that waits: the likest, of those that are alike the latest."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.domain.precedents import Decided, Likeness, Matter, likeness, precedents

ASKED = Matter("extension", task_id=1, unit_id=1, document_id=1)
_THEN = datetime(2022, 9, 1, tzinfo=UTC)


def _decided(number: int, matter: Matter) -> Decided:
    about = (matter.kind, matter.task_id, matter.unit_id, matter.document_id)
    return Decided(number, *about, "", "", "", "", "granted", "", None, None, "", _THEN + timedelta(days=number))


@pytest.mark.parametrize(
    ("matter", "expected"),
    [
        (Matter("extension", 1, 2, 1), Likeness.SAME_TASK),
        (Matter("extension", 2, 1, 1), Likeness.SAME_UNIT_AND_DOCUMENT),
        (Matter("extension", 2, 1, 2), Likeness.SAME_UNIT),
        (Matter("extension", 2, 2, 1), Likeness.SAME_DOCUMENT),
        (Matter("extension", 2, 2, 2), None),
        (Matter("dispute", 1, 1, 1), None),
    ],
)
def test_what_two_requests_have_in_common(matter: Matter, expected: Likeness | None) -> None:
    assert likeness(ASKED, matter) is expected


def test_the_likest_come_first_and_of_those_the_latest_and_no_more_than_asked_for() -> None:
    matters = [
        Matter("extension", 2, 2, 1),
        Matter("extension", 1, 2, 1),
        Matter("extension", 2, 1, 1),
        Matter("extension", 3, 1, 1),
        Matter("dispute", 1, 1, 1),
    ]
    found = precedents(ASKED, [_decided(number, matter) for number, matter in enumerate(matters)], most=3)
    assert [one.decided.request_id for one in found] == [1, 3, 2]
