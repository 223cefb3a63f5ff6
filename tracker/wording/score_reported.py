"""Words of what a month of evaluation has of an item, as they go into a unit's report."""

from collections.abc import Sequence

from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.reported import Reported
from tracker.wording.scoring_months import month_words


def reported_words(found: Sequence[Reported], *, month: str) -> str:
    """Say what was handed in for a month, written as 2022-09; sums over bodies as such."""
    told = "，".join(_figure(one) for one in found)
    if not any(one.objects for one in found):
        return f"{month_words(month)}月度考评数据：{told}。"
    objects = max(one.objects for one in found)
    return f"已报送{month_words(month)}月度考评数据，涉及{objects}个考评对象：{told}。"


def _figure(one: Reported) -> str:
    if one.value is None:
        return f"{one.figure.name}已逐个报送"
    summed = "合计" if one.objects else ""
    return f"{one.figure.name}{summed}{number_text(one.value)}{one.figure.unit}"
