"""By which day a number was judged, in the words of a refusal."""

from collections.abc import Mapping
from datetime import date

from tracker.domain.calendar import full_date


def judged_words(facts: Mapping[str, object]) -> dict[str, object]:
    """Return how to say of which `day` a number is, by which it was judged (`judged_on`), and what to check of it.

    A total of a day after its form's year counts as of 31 December. What no day judges is judged by its window.
    """
    day, judged_on = facts.get("day"), facts.get("judged_on")
    told = f"截至{full_date(day)}" if isinstance(day, date) else ""
    if not isinstance(judged_on, date):
        return {
            "as_of": f"（{told}）" if told else "",
            "counted_as": "",
            "by_day": "按序时",
            "check": "核对数值；数值无误的",
        }
    counted_as = f"，按{full_date(judged_on)}的数计" if judged_on != day else ""
    return {
        "as_of": f"（{told}{counted_as}）",
        "counted_as": counted_as,
        "by_day": "按该日序时",
        "check": "核对数值和截至日期：如为较早日期的数，请改截至日期；均无误的",
    }
