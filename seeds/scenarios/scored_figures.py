"""Invented figures of the months that a scenario evaluates by 驻政办〔2022〕53号: plausible, and always the same.

Nothing of them is from a document. What is planned stays from month to month, what is done of it grows.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from hashlib import sha256

from tracker.domain.scoring.entries import Entry, InputKind
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.scheme import Figure, Scheme, Window

_FIRST_MONTH, _STEP = 8, 7  # of a hundred parts of a plan, so many more are done each month
# Counts and sums: from, to. Those of a month are drawn anew each month.
_DRAWN: Mapping[str, tuple[int, int]] = {
    "reserve": (1, 6),
    "signed-count": (1, 6),
    "signed-total": (20, 180),
    "opened-count": (2, 8),
    "opened-total": (40, 300),
    "producing-count": (1, 5),
    "producing-total": (20, 150),
    "central-previous-count": (2, 7),
    "central-previous-plan": (30, 120),
    "central-current-count": (2, 6),
    "central-current-plan": (30, 110),
    "bonds-room": (80, 200),
    "bonds-count": (3, 9),
    "bonds-plan": (60, 240),
    "982-count": (12, 48),
    "982-total": (200, 900),
    "zone-new": (1, 5),
    "zone-new-before": (1, 4),
    "zone-building-plan": (150, 500),
    "industry-count": (10, 40),
    "industry-plan": (120, 480),
    "renewal-count": (4, 15),
    "renewal-plan": (40, 160),
    "foreign-count": (0, 2),
    "statistics-all": (6, 18),
    "service-housing-all": (8, 30),
    "service-land-all": (8, 30),
    "service-environment-all": (6, 20),
    "service-market-all": (10, 40),
    "provincial-planned": (300, 1200),
    "provincial-to-start": (4, 9),
    "provincial-to-finish": (3, 6),
    "provincial-approvals-all": (15, 60),
    "municipal-planned": (250, 900),
    "municipal-to-start": (5, 12),
    "municipal-to-finish": (4, 8),
    "municipal-approvals-all": (20, 70),
}
# Parts of other figures: of which, from and to in percent.
_PARTS: Mapping[str, tuple[str, int, int]] = {
    "signed-started": ("signed-count", 20, 100),
    "opened-planned": ("opened-total", 20, 45),
    "opened-strategic": ("opened-count", 0, 60),
    "opened-strategic-total": ("opened-total", 0, 55),
    "opened-started": ("opened-count", 60, 100),
    "opened-producing": ("opened-count", 0, 45),
    "producing-capacity": ("producing-count", 20, 100),
    "central-previous-finished": ("central-previous-count", 40, 80),
    "central-previous-invested": ("central-previous-plan", 70, 84),
    "central-previous-fund": ("central-previous-plan", 40, 40),
    "central-previous-fund-done": ("central-previous-fund", 68, 84),
    "central-current-started": ("central-current-count", 50, 86),
    "central-current-invested": ("central-current-plan", 40, 70),
    "central-current-fund": ("central-current-plan", 40, 40),
    "central-current-fund-done": ("central-current-fund", 38, 70),
    "bonds-issued": ("bonds-room", 45, 80),
    "bonds-started": ("bonds-count", 60, 86),
    "bonds-invested": ("bonds-plan", 50, 78),
    "bonds-used": ("bonds-issued", 55, 80),
    "982-started": ("982-count", 62, 84),
    "982-invested": ("982-total", 22, 38),
    "982-planned": ("982-total", 45, 45),
    "zone-building-invested": ("zone-building-plan", 55, 80),
    "industry-started": ("industry-count", 70, 100),
    "industry-invested": ("industry-plan", 58, 92),
    "renewal-started": ("renewal-count", 60, 100),
    "renewal-invested": ("renewal-plan", 55, 95),
    "statistics-in": ("statistics-all", 55, 100),
    "service-housing-in-time": ("service-housing-all", 85, 100),
    "service-land-in-time": ("service-land-all", 80, 100),
    "service-environment-in-time": ("service-environment-all", 85, 100),
    "service-market-in-time": ("service-market-all", 90, 100),
    "provincial-invested": ("provincial-planned", 58, 78),
    "provincial-started": ("provincial-to-start", 60, 84),
    "provincial-finished": ("provincial-to-finish", 34, 70),
    "provincial-approvals-done": ("provincial-approvals-all", 70, 100),
    "municipal-invested": ("municipal-planned", 60, 78),
    "municipal-started": ("municipal-to-start", 60, 84),
    "municipal-finished": ("municipal-to-finish", 30, 70),
    "municipal-approvals-done": ("municipal-approvals-all", 70, 100),
}
_ACTS = ("leaders_visit", "county_meeting")
_OF_KEY_PROJECTS = ("2-4", "3-4")


def month_entries(scheme: Scheme, month: Month) -> tuple[Entry, ...]:
    """Return all that is handed in for a month."""
    figures = {one.code: one for one in scheme.figures if one.code in {*_DRAWN, *_PARTS, "fixed-growth"}}
    told: list[Entry] = []
    for body in (one.unit for one in scheme.objects):
        values = _values(figures, body, month)
        told += [Entry(kind=InputKind.FIGURE, code=code, object=body, value=value) for code, value in values.items()]
        told += _happened(body, month)
    return tuple(told)


def _values(figures: Mapping[str, Figure], body: str, month: Month) -> dict[str, Decimal]:
    found = {code: Decimal(_amount(figures[code], body, month)) for code in _DRAWN}
    for code, (whole, low, high) in _PARTS.items():
        percent = Decimal(_percent(figures[code], body, month, low, high))
        part = found[whole] * percent / 100
        found[code] = Decimal(int(part))  # whole projects, whole ten thousands
    found["fixed-growth"] = Decimal(_draw(-20, 160, body, "fixed-growth", str(month))) / 10
    return {code: found[code] for code in figures}


def _amount(figure: Figure, body: str, month: Month) -> int:
    low, high = _DRAWN[figure.code]
    drawn = _draw(low, high, body, figure.code, str(month) if figure.window is Window.MONTH else "")
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
    if month.number >= 9 and not _draw(0, 6, body, "late", str(month)):
        yield _occurred("late_finish", body, "计划当月竣工的标准化厂房项目", ("3-2",))
    if not _draw(0, 6, body, "site", str(month)):
        found = Decimal(_draw(30, 80, body, "site", str(month), "found") * 100)
        reported = found * (100 + _draw(2, 24, body, "site", str(month), "over")) / 100
        yield Entry(
            kind=InputKind.CHECK,
            code="site",
            object=body,
            value=Decimal(int(reported)),
            found=found,
            reference="农产品深加工产业园项目",
            items=("1-14",),
        )


def _occurred(kind: str, body: str, reference: str, items: tuple[str, ...]) -> Entry:
    return Entry(kind=InputKind.OCCURRENCE, code=kind, object=body, reference=reference, items=items)


def _draw(low: int, high: int, *key: str) -> int:
    """Draw a whole number from its key: the same key always draws the same."""
    return low + int.from_bytes(sha256(" ".join(key).encode()).digest()[:4]) % (high - low + 1)
