"""Whether an objection that holds was carried out: by what is behind the marks of its own item, and nothing else."""

import pytest

from tracker.domain.scoring.entries import Entry, InputKind
from tracker.domain.scoring.objections import Became, became

_SITE = (InputKind.CHECK, "site")


@pytest.mark.parametrize(
    ("items", "carried_out"),
    [(("1-1",), Became.CORRECTED), (("1-1", "1-2"), Became.CORRECTED), (("1-2",), Became.OWED)],
)
def test_what_is_handed_in_for_another_item_carries_nothing_out(items: tuple[str, ...], carried_out: Became) -> None:
    checked = Entry(kind=InputKind.CHECK, code="site", object="yc", reference="外资甲", items=items)
    assert became("1-1", {_SITE}, before=[], now=[checked], because=None) is carried_out
    assert became("1-1", {_SITE}, before=[checked], now=[], because=None) is carried_out
