"""Invented figures of the months that a scenario evaluates by 驻政办〔2022〕53号: plausible, and always the same.

Nothing of them is from a document. What is planned stays from month to month, what is done of it grows. What the scheme
has counted from projects is not here: it is counted from those of the scenario.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256

from seeds.scenarios.projects import SeedProject
from tracker.domain.projects.records import month_of
from tracker.domain.scoring.entries import Entry, InputKind
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.scheme import Figure, Scheme, Window

_STANDING = frozenset({Window.TO_MONTH_END, Window.YEAR_TO_MONTH, Window.YEAR})
_FIRST_MONTH, _STEP = 8, 7  # of a hundred parts of a plan, so many more are done each month
# Counts and sums: from, to. Those of a month are drawn anew each month.
_DRAWN: Mapping[str, tuple[int, int]] = {
    "central-previous-plan": (30, 120),
    "central-current-plan": (30, 110),
    "bonds-room": (80, 200),
    "bonds-plan": (60, 240),
    "zone-new-before": (1, 4),
    "zone-building-plan": (150, 500),
    "service-housing-all": (8, 30),
    "service-land-all": (8, 30),
    "service-environment-all": (6, 20),
    "service-market-all": (10, 40),
    "provincial-approvals-all": (15, 60),
    "municipal-approvals-all": (20, 70),
}
_BATCHES = "the month's projects of 三个一批"
_OF_BATCHES = ("qianyue", "kaigong", "touchan")
# Parts of other figures: of which, from and to in percent.
_PARTS: Mapping[str, tuple[str, int, int]] = {
    "central-previous-fund": ("central-previous-plan", 40, 40),
    "central-previous-fund-done": ("central-previous-fund", 68, 84),
    "central-current-fund": ("central-current-plan", 40, 40),
    "central-current-fund-done": ("central-current-fund", 38, 70),
    "bonds-issued": ("bonds-room", 45, 80),
    "bonds-used": ("bonds-issued", 55, 80),
    "statistics-in": (_BATCHES, 55, 100),
    "service-housing-in-time": ("service-housing-all", 85, 100),
    "service-land-in-time": ("service-land-all", 80, 100),
    "service-environment-in-time": ("service-environment-all", 85, 100),
    "service-market-in-time": ("service-market-all", 90, 100),
    "provincial-approvals-done": ("provincial-approvals-all", 70, 100),
    "municipal-approvals-done": ("municipal-approvals-all", 70, 100),
}
_ACTS = ("leaders_visit", "county_meeting")
_OF_KEY_PROJECTS = ("2-4", "3-4")


def month_entries(scheme: Scheme, month: Month, projects: Sequence[SeedProject]) -> tuple[Entry, ...]:
    """Return what is handed in for a month beside what is counted from projects."""
    figures = {one.code: one for one in scheme.figures if one.code in {*_DRAWN, *_PARTS, "fixed-growth"}}
    told: list[Entry] = []
    for body in (one.unit for one in scheme.objects):
        values = _values(figures, body, month, batches=_on_batches(projects, body, month))
        told += [Entry(kind=InputKind.FIGURE, code=code, object=body, value=value) for code, value in values.items()]
        told += _happened(body, month)
    return tuple(told)


def _on_batches(projects: Sequence[SeedProject], body: str, month: Month) -> int:
    """Count what came in this month on the lists of 三个一批, a project once on each."""
    days = (one.since.get(code) for one in projects if one.unit == body for code in _OF_BATCHES)
    return sum(day is not None and month_of(day) == month for day in days)


def _values(figures: Mapping[str, Figure], body: str, month: Month, *, batches: int) -> dict[str, Decimal]:
    found = {code: Decimal(_amount(figures[code], body, month)) for code in _DRAWN}
    found[_BATCHES] = Decimal(batches)
    for code, (whole, low, high) in _PARTS.items():
        percent = Decimal(_percent(figures[code], body, month, low, high))
        part = found[whole] * percent / 100
        found[code] = Decimal(int(part))  # whole projects, whole ten thousands
    found["fixed-growth"] = Decimal(_draw(-20, 160, body, "fixed-growth", str(month))) / 10
    return {code: found[code] for code in figures}


def _amount(figure: Figure, body: str, month: Month) -> int:
    low, high = _DRAWN[figure.code]
    drawn = _draw(low, high, body, figure.code, "" if figure.window in _STANDING else str(month))
    return drawn * 1000 if figure.unit == "万元" else drawn


def _percent(figure: Figure, body: str, month: Month, low: int, high: int) -> int:
    if figure.window is Window.MONTH:
        return _draw(low, high, body, figure.code, str(month))
    done = _draw(low, high, body, figure.code)
    return min(100, done + _STEP * (month.number - _FIRST_MONTH)) if low < high else done


def _happened(body: str, month: Month) -> Iterator[Entry]:
    """Yield what the body did and what happened to it: of sixteen bodies one forgets its meeting."""
    for kind in _ACTS:
        if kind == "county_meeting" and not _draw(0, 15, body, kind, str(month)):
            continue
        name = "党政主要负责同志调研省市重点项目" if kind == "leaders_visit" else "县级领导召开项目协调推进会"
        yield _occurred(kind, body, f"{month.number}月{_draw(3, 26, body, kind, str(month))}日{name}", _OF_KEY_PROJECTS)
    if not _draw(0, 5, body, "media", str(month)):
        yield _occurred("provincial_media", body, f"省级主要媒体{month.number}月刊文介绍项目建设做法", ("2-4",))


def _occurred(kind: str, body: str, reference: str, items: tuple[str, ...]) -> Entry:
    return Entry(kind=InputKind.OCCURRENCE, code=kind, object=body, reference=reference, items=items)


def _draw(low: int, high: int, *key: str) -> int:
    """Draw a whole number from its key: the same key always draws the same."""
    return low + int.from_bytes(sha256(" ".join(key).encode()).digest()[:4]) % (high - low + 1)
