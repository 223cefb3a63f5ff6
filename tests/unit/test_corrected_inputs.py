"""Rows of the annex on what a correction changed: with units, and why something stands that nobody corrected."""

from decimal import Decimal

import pytest

from tests.support.small_scheme import SMALL_SCHEME
from tracker.domain.scoring.changes import ChangedInput, LastWord, in_order
from tracker.domain.scoring.entries import Entry, InputKind
from tracker.gateways.schemes import read_scheme
from tracker.wording.score_changes import input_rows


@pytest.mark.parametrize(
    ("former", "now", "why"),
    [
        (False, "上报97330万元，核查78000万元", "来源：项目台账；理由：更正前的结果没有计入"),
        (True, "上报97330，核查78000", "来源：项目台账"),  # papers that are out stay what they said
    ],
)
def test_a_new_check_is_told_in_its_unit_with_a_reason(former: bool, now: str, why: str) -> None:
    entry = Entry(
        kind=InputKind.CHECK,
        code="site",
        object="yc",
        reference="外资乙",
        value=Decimal(97330),
        found=Decimal(78000),
        items=("1-3",),
    )
    changed = ChangedInput(None, entry, LastWord("项目台账", ""))
    (row,) = input_rows(read_scheme(SMALL_SCHEME), [changed], former=former)
    assert row[2] == "无"
    assert row[3].startswith(now)
    assert row[4] == why


def test_changed_inputs_come_in_the_order_of_the_bodies_of_the_scheme() -> None:
    scheme = read_scheme(SMALL_SCHEME)
    units = [one.unit for one in scheme.objects]
    told = [Entry(kind=InputKind.FIGURE, code="projects", object=one, value=Decimal(1)) for one in ["", *units]]
    changes = [ChangedInput(None, one, LastWord("", "")) for one in sorted(told, key=lambda one: one.object)]
    assert units != sorted(units)
    assert [one.entry.object for one in in_order(changes, scheme)] == ["", *units]
