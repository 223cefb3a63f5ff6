"""Inputs that a correction of a month changed, as rows of its annex."""

from collections.abc import Iterable, Mapping

from tracker.domain.scoring.changes import ChangedInput
from tracker.domain.scoring.entries import Entry, InputKind
from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.scheme import Scheme, clause_label
from tracker.wording.scoring import names_in
from tracker.wording.scoring_months import INPUT_KINDS

_ALL, _NONE, _THERE = "全部考评对象", "无", "有"
Row = tuple[str, ...]


def input_rows(scheme: Scheme, changes: Iterable[ChangedInput]) -> tuple[Row, ...]:
    """Say of each changed input whose it is, what, what stood and stands there, where that comes from, and why."""
    names = names_in(scheme) | {one.unit: one.name for one in scheme.objects}
    labels = {item.code: clause_label(annex.label, item.label) for annex, item in scheme.items()}
    return tuple(
        (
            names.get(one.entry.object, _ALL),
            _what(scheme, names, one.entry),
            _value(one.before, labels),
            _value(one.now, labels),
            _why(one),
        )
        for one in changes
    )


def _what(scheme: Scheme, names: Mapping[str, str], entry: Entry) -> str:
    if entry.kind is InputKind.FIGURE:
        return next(f"{one.name}（{one.unit}）" for one in scheme.figures if one.code == entry.code)
    name = INPUT_KINDS[entry.kind.value] if entry.kind is InputKind.CHECK else names.get(entry.code, entry.code)
    return f"{name}：{entry.reference}"


def _value(entry: Entry | None, labels: Mapping[str, str]) -> str:
    if entry is None:
        return _NONE
    value = "" if entry.value is None else number_text(entry.value)
    if entry.kind is InputKind.FIGURE:
        return value
    counted = f"（计入{'、'.join(labels[one] for one in entry.items)}）"
    if entry.found is not None:
        return f"上报{value}，核查{number_text(entry.found)}{counted}"
    return f"{f'认定扣{value}分' if value else _THERE}{counted}"


def _why(one: ChangedInput) -> str:
    told = (("来源", one.word.source), ("理由", one.word.reason))
    return "；".join(f"{name}：{words}" for name, words in told if words)
