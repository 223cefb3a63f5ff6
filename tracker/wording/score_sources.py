"""Who supplies, ranks and marks an item, where its data came from: as the scheme prints it, else as it was decided."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.scoring.entries import What, kinds_in
from tracker.domain.scoring.marks import Mark
from tracker.domain.scoring.questions import Decision
from tracker.domain.scoring.results import MonthResult
from tracker.domain.scoring.scheme import Scheme
from tracker.domain.scoring.written import Presumed
from tracker.wording.codes import OFFICE_NAME
from tracker.wording.score_rows import Row, named, presumed_words
from tracker.wording.score_sheets import AnnexSheet, ItemSheet
from tracker.wording.score_views import object_sheets
from tracker.wording.scoring import decided_words


@dataclass(frozen=True, slots=True)
class Delivery:
    """What somebody handed in for a figure, or for the items `of_items`: who, from which source, on which day.

    `who` is empty of the office; `counted` where it was counted from the records of projects, whose they are is `who`.
    The day is one in Asia/Shanghai.
    """

    figure: str
    of_items: frozenset[str]
    who: str
    source: str
    on: date
    counted: bool = False


def joined_roles(roles: Iterable[tuple[str, Collection[str]]]) -> list[tuple[str, str]]:
    """Return what is done and the names of whom, what the same units do together: 核算排名、计分."""
    told: dict[str, list[str]] = {}
    for does, names in roles:
        if names:
            told.setdefault("、".join(dict.fromkeys(names)), []).append(does)
    return [("、".join(does), names) for names, does in told.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What the annex of sources is told from; `units` are names of units by their codes, `whose` who hands in what.

    What nobody reported of an item, and why it counts as not having happened (`presumed`), stands in its row.
    """

    scheme: Scheme
    units: Mapping[str, str]
    whose: Mapping[What, Collection[str]]
    decisions: Sequence[Decision]
    deliveries: Sequence[Delivery]
    presumed: Presumed = ()

    def rows(self, result: MonthResult) -> tuple[Row, ...]:
        """Return a row for each item: where it stands, who does what for it; all bodies have it in common."""
        marks = {mark.code: mark for _, mark in self.scheme.marks()}
        items = [(annex, item) for annex in object_sheets(self.scheme, result)[0].annexes for item in annex.items]
        return tuple(self._row(annex, item, [marks[part.mark] for part in item.parts]) for annex, item in items)

    def _row(self, annex: AnnexSheet, item: ItemSheet, marks: Sequence[Mark]) -> Row:
        clauses = dict.fromkeys(source.clause for mark in marks for source in mark.sources)
        figures = {*self.scheme.parts_of({one.code for part in item.parts for one in part.figures})}
        handed = [one for one in self.deliveries if one.figure in figures or item.item in one.of_items]
        printed = [(does, self._names(marks, role)) for does, role in (("排名", "ranks"), ("计分", "marks"))]
        confirming = ("认定", self._names(marks, "confirms"))
        decided = self._decided(annex) if not any(names for _does, names in printed) else []
        told = [
            *(
                [f"数据：{'；'.join(_deliveries(handed, keepers=self._keepers(figures)))}"]
                if handed
                else self._supplying(marks)
            ),
            *(f"{does}：{names}" for does, names in joined_roles([*printed, confirming])),
            *decided,
            *self._silent(item),
        ]
        organiser = self.units.get(self.scheme.organiser, self.scheme.organiser)
        return named(annex, item), "、".join(clauses), "；".join(told) or f"组织实施：{organiser}"

    def _keepers(self, figures: Collection[str]) -> str:
        """Name who supplies figures by the scheme, for papers about results of before it was told whose records are."""
        codes = dict.fromkeys(one.supplier for one in self.scheme.figures if one.code in figures and one.supplier)
        return "、".join(self.units.get(code, code) for code in codes)

    def _silent(self, item: ItemSheet) -> Iterable[str]:
        counted = kinds_in(self.scheme)
        of_item = tuple(one for one in self.presumed if item.item in counted[one[0]])
        return presumed_words(self.scheme, of_item, whose=self.whose, units=self.units)

    def _supplying(self, marks: Iterable[Mark]) -> list[str]:
        """Say who supplies data, where nothing was to be handed in this month."""
        names = self._names(marks, "supplies")
        return [f"数据：{'、'.join(names)}"] if names else []

    def _decided(self, annex: AnnexSheet) -> list[str]:
        """Say who marks an annex for which the scheme prints nobody."""
        asked = {one.code for one in self.scheme.questions if annex.annex in one.marks_annexes}
        paper = "本通报" if self.scheme.publication is not None and self.scheme.publication.own else ""
        return [
            f"核算、排名、计分：{decided_words(self.scheme, one)}（按{paper}附件2所列决定）"
            for one in self.decisions
            if one.question in asked
        ]

    def _names(self, marks: Iterable[Mark], role: str) -> list[str]:
        codes = dict.fromkeys(code for mark in marks for code in getattr(mark.roles, role))
        return list(dict.fromkeys(self.units.get(code, code) for code in codes))


def _deliveries(handed: Iterable[Delivery], *, keepers: str) -> list[str]:
    """Say who handed in what comes from which source, and when: of several days the first and the last.

    What was counted comes from whoever keeps the records, `keepers` where nobody is named, not from whoever counted.
    """
    days: dict[tuple[str, str, bool], set[date]] = {}
    for one in handed:
        who = one.who or (keepers if one.counted else OFFICE_NAME)
        days.setdefault((who, one.source, one.counted), set()).add(one.on)
    return [
        f"{who}{source}，{_when(on)}计数" if counted else f"{who}{_when(on)}报送（{source}）"
        for (who, source, counted), on in sorted(days.items())
    ]


def _when(days: Collection[date]) -> str:
    first, last = min(days), max(days)
    begun = f"{first.year}年{first.month}月{first.day}日"
    if first == last:
        return begun
    same = (first.year, first.month) == (last.year, last.month)
    return f"{begun}至{last.day}日" if same else f"{begun}至{last.year}年{last.month}月{last.day}日"
