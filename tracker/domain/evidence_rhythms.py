"""In which form evidence is asked for whose words name a rhythm 「每月通报」, of a task that is reported in several."""

import re
from collections.abc import Collection
from datetime import date

from tracker.domain.cadences import Span, spans_from
from tracker.domain.items import CadenceKind

# e.g. 每月通报一次
# e.g. 每双月举行一次
# e.g. 每季度末报送
# but not 每名每年级
_NAMED = {
    CadenceKind.DAILY: "每(?:日|天)",
    CadenceKind.WEEKLY: "每(?:周|星期)",
    CadenceKind.EVERY_10_DAYS: "每旬",
    CadenceKind.MONTHLY: "每个?月|按月",
    CadenceKind.BIMONTHLY: "每双月|每(?:两|二|2)个月",
    CadenceKind.QUARTERLY: "每个?季(?:度)?|按季(?:度)?",
    CadenceKind.HALF_YEARLY: "每半年",
    CadenceKind.YEARLY: "每年(?!级)",
}
_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _NAMED.items()}

Days = tuple[date, date]


def rhythm_named(what: str, quote: str | None) -> CadenceKind | None:
    """Return the one rhythm that the name of evidence tells, else its words in the document.

    None where they name none, or several.
    """
    for words in (what, quote or ""):
        named = [kind for kind, pattern in _PATTERNS.items() if pattern.search(words)]
        if named:
            return named[0] if len(named) == 1 else None
    return None


def is_asked_in(rhythm: CadenceKind | None, *, forms: Collection[CadenceKind], period: Days | None) -> bool:
    """Tell whether evidence of a rhythm is asked for in a period, days inclusive, of a share that reports in `forms`.

    That is in the form of its rhythm; where the share has none, in whatever period a window of the rhythm ends. What
    names no rhythm, or is not of the calendar, as a completion and a closing report, is asked for each time.
    """
    if rhythm is None or period is None:
        return True
    if rhythm in forms:
        return _is_window(rhythm, period) or not any(_is_window(kind, period) for kind in forms)
    return _ends_within(rhythm, period)


def _is_window(kind: CadenceKind, period: Days) -> bool:
    first = next(spans_from(kind, period[0]), None)
    return first is not None and (first.starts_on, first.ends_on) == period


def _ends_within(rhythm: CadenceKind, period: Days) -> bool:
    first: Span | None = next(spans_from(rhythm, period[0]), None)
    return first is not None and first.ends_on <= period[1]
