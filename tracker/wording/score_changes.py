"""Inputs that a correction of a month changed, as rows of its annex."""

from collections.abc import Iterable, Mapping

from tracker.domain.events.scoring import CorrectedMarks
from tracker.domain.scoring.changes import ChangedInput
from tracker.domain.scoring.entries import Entry, InputKind
from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.scheme import Scheme, clause_label
from tracker.wording.score_sheets import CHECKED_IN
from tracker.wording.scoring import names_in
from tracker.wording.scoring_months import INPUT_KINDS

_ALL, _NONE, _THERE, _NEW = "全部考评对象", "无", "有", "更正前的结果没有计入"
Row = tuple[str, ...]


def input_rows(scheme: Scheme, changes: Iterable[ChangedInput], *, former: bool = False) -> tuple[Row, ...]:
    """Say of each changed input whose it is, what, what stood and stands there, where that comes from, and why.

    `former` gives the words of papers about results that were kept before units and reasons of new inputs were told.
    """
    unit = "" if former else CHECKED_IN
    names = names_in(scheme) | {one.unit: one.name for one in scheme.objects}
    labels = {item.code: clause_label(annex.label, item.label) for annex, item in scheme.items()}
    return tuple(
        (
            names.get(one.entry.object, _ALL),
            _what(scheme, names, one.entry),
            _value(one.before, labels, unit),
            _value(one.now, labels, unit),
            _why(one, former=former),
        )
        for one in changes
    )


def corrected_words(one: CorrectedMarks, *, becomes: str = "更正为", items: str = "更正") -> str:
    """Say what corrected inputs change for a body: 名次由第1名更正为第2名，总分由8分更正为6分."""
    parts = [
        ("名次", f"第{one.rank_before}名", f"第{one.rank}名"),
        ("总分", f"{one.total_before}分", f"{one.total}分"),
    ]
    told = [f"{what}由{before}{becomes}{now}" for what, before, now in parts if before != now]
    return "，".join([*told, *([f"{len(one.items)}项指标得分有{items}"] if one.items else [])])


def _what(scheme: Scheme, names: Mapping[str, str], entry: Entry) -> str:
    if entry.kind is InputKind.FIGURE:
        return next(f"{one.name}（{one.unit}）" for one in scheme.figures if one.code == entry.code)
    name = INPUT_KINDS[entry.kind.value] if entry.kind is InputKind.CHECK else names.get(entry.code, entry.code)
    return f"{name}：{entry.reference}"


def _value(entry: Entry | None, labels: Mapping[str, str], unit: str) -> str:
    if entry is None:
        return _NONE
    value = "" if entry.value is None else number_text(entry.value)
    if entry.kind is InputKind.FIGURE:
        return value
    counted = f"（计入{'、'.join(labels[one] for one in entry.items)}）"
    if entry.found is not None:
        return f"上报{value}{unit}，核查{number_text(entry.found)}{unit}{counted}"
    return f"{f'认定扣{value}分' if value else _THERE}{counted}"


def _why(one: ChangedInput, *, former: bool) -> str:
    """Say where it comes from and why; nobody is asked for a reason of what he hands in where nothing stood."""
    reason = one.word.reason or (_NEW if one.before is None and not former else "")
    told = (("来源", one.word.source), ("理由", reason))
    return "；".join(f"{name}：{words}" for name, words in told if words)
