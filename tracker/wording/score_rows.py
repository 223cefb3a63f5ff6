"""A kept month as rows of a circular's annexes: what was decided, each item with its working, what was corrected."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from tracker.domain.quoting import nested
from tracker.domain.scoring.entries import What, kind_names, kinds_in
from tracker.domain.scoring.questions import Decision
from tracker.domain.scoring.results import MonthResult
from tracker.domain.scoring.scheme import Scheme, clause_label
from tracker.domain.scoring.written import Presumed
from tracker.wording.codes import OFFICE_NAME
from tracker.wording.score_sheets import AnnexSheet, ItemSheet, ObjectSheet
from tracker.wording.score_short import ShortWords
from tracker.wording.score_views import object_sheets, places_held
from tracker.wording.scoring import note_parts

_NOTHING_DONE, _NOTHING_HAPPENED = "没有完成的事项", "没有发生加分、扣分的事项"
_NOTHING_REPORTED = "没有报加分、扣分的事项，按没有计"
Row = tuple[str, ...]


def decided_rows(scheme: Scheme, decisions: Iterable[Decision]) -> tuple[Row, ...]:
    """Say what was decided: on what, how, by whom and when, why."""
    return tuple(note_parts(scheme, one) for one in decisions)


def presumed_words(
    scheme: Scheme, presumed: Presumed, *, whose: Mapping[What, Collection[str]], units: Mapping[str, str]
) -> tuple[str, ...]:
    """Say what nobody reported and counts as not having happened, by who should have and why.

    `whose` says who hands in what by codes of units, nobody where the office does; `units` are their names, whoever is
    not among them is not named.
    """
    names, found = kind_names(scheme), dict[tuple[str, str], list[str]]()
    for what, reason in presumed:
        codes = sorted(whose[what])
        owner = "、".join(units[code] for code in codes if code in units) or ("" if codes else OFFICE_NAME)
        found.setdefault((owner, reason), []).append(names[what])
    return tuple(
        f"{owner}未报{'、'.join(kinds)}，按没有计（理由：{nested(reason)}）" for (owner, reason), kinds in found.items()
    )


def marked_rows(scheme: Scheme, result: MonthResult, *, presumed: Presumed = ()) -> tuple[tuple[str, Row], ...]:
    """Return a row for each item of each body, the first place first: item, numbers with places and marks, the marks.

    Items that only add or deduct, and of which nothing happened, stand together in one row, those of which nothing was
    reported in another.
    """
    counted, unreported = kinds_in(scheme), set[str]()
    for what, _ in presumed:
        unreported |= {*counted[what]}
    places = places_held(result) if scheme.full_workings else None
    words, found = ShortWords(scheme, ranked=len(scheme.objects), places=places), list[tuple[str, Row]]()
    told = {one.object: one for one in result.objects}
    for sheet in object_sheets(scheme, result):
        results = [item for annex in told[sheet.object].annexes for item in annex.items]
        items = [(annex, item) for annex in sheet.annexes for item in annex.items]
        silent: dict[str, list[str]] = {}
        for (annex, item), one in zip(items, results, strict=True):
            short = words.item(one)
            if short or item.full != "0":
                found.append((sheet.name, (_titled(annex, item), short or _NOTHING_DONE, _of_full(item))))
            else:
                said = _NOTHING_REPORTED if item.item in unreported else _NOTHING_HAPPENED
                silent.setdefault(said, []).append(_label(annex, item))
        found += [(sheet.name, ("、".join(labels), said, "0")) for said, labels in silent.items()]
    return tuple(found)


def changed_rows(scheme: Scheme, before: MonthResult, now: MonthResult) -> tuple[Row, ...]:
    """Return where two results of a month differ: the body, what of it, what stood and what stands now."""
    old = {one.object: one for one in object_sheets(scheme, before)}
    return tuple(row for one in object_sheets(scheme, now) for row in _changes(old[one.object], one))


def _changes(old: ObjectSheet, now: ObjectSheet) -> Iterator[Row]:
    lines = [("名次", f"第{old.rank}名", f"第{now.rank}名"), ("总分", f"{old.total}分", f"{now.total}分")]
    for annex, was in zip(now.annexes, old.annexes, strict=True):
        for item, stood in zip(annex.items, was.items, strict=True):
            lines.append((named(annex, item), f"{stood.marks}分", f"{item.marks}分"))
    yield from ((now.name, what, before, after) for what, before, after in lines if before != after)


def _of_full(item: ItemSheet) -> str:
    return item.marks or "0" if item.full == "0" else f"{item.marks or '0'}/{item.full}"


def named(annex: AnnexSheet, item: ItemSheet) -> str:
    """Name an item with its label and what it prints: 附件1一（一）项目谋划储备情况（4分）."""
    return _titled(annex, item) + (f"（{item.full}分）" if item.full != "0" else "")


def _titled(annex: AnnexSheet, item: ItemSheet) -> str:
    return f"{_label(annex, item)}{item.title}"


def _label(annex: AnnexSheet, item: ItemSheet) -> str:
    return clause_label(annex.label, item.label)
