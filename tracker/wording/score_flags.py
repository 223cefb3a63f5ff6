"""A month of evaluation beside the records of projects, in words: what differs, what lacks, what contradicts itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.domain.projects.contradictions import Contradiction
from tracker.domain.projects.records import Project
from tracker.domain.projects.recounting import Differing
from tracker.domain.projects.tallying import Found, Tally
from tracker.domain.quoting import quoted
from tracker.domain.scoring.doubts import Doubt, DoubtKind, difference_base
from tracker.domain.scoring.entries import Entry, InputKind, kind_names
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Measure, Scheme, Window
from tracker.wording.projects import contradiction_words
from tracker.wording.scoring import exact_words

_MOST_NAMED = 5
_DOUBTS = {
    DoubtKind.FALLING: "{object}{name}本月{told}，少于上月的{against}",
    DoubtKind.FAR: "{object}{name}本月{told}，上月{against}，相差十倍以上（提示，不作差错）",
    DoubtKind.OVER_WHOLE: "{object}{name}为{told}%，超过100%（提示，不作差错）",
}

FLAG_KINDS: Mapping[str, str] = {
    "unrecorded": "没有计数",
    "differing": "与填报不一致",
    "lacking": "缺数",
    "contradicting": "数据矛盾",
}


@dataclass(frozen=True, slots=True)
class Flag:
    """A sentence about something to be looked at, with the projects it is about.

    `only_pointed_at` is no contradiction by itself.
    """

    words: str
    projects: tuple[int, ...] = ()
    only_pointed_at: bool = False


def differing_flags(scheme: Scheme, differing: Iterable[Differing]) -> list[Flag]:
    """Say where somebody entered another number than the projects have; neither was changed."""
    names = _Names(scheme)
    return [Flag(names.differing(one), one.counted.projects if one.counted else ()) for one in differing]


def lacking_flags(scheme: Scheme, tally: Tally, projects: Mapping[int, Project]) -> list[Flag]:
    """Say of which projects a value is not on record, and what therefore could not be counted or compared.

    And what was counted by less than the whole of an earlier year: the figure stands, and is smaller for it.
    """
    names = _Names(scheme)
    of_month = {one.code for one in scheme.figures if one.measure is Measure.INVESTED and one.window is Window.MONTH}
    told = [
        Flag(
            f"{names.of(one.entry)}：{_listed(one.without_value, projects)}"
            f"{'缺当月或者上月的累计完成投资' if one.entry.code in of_month else '没有该项数值'}，未计",
            one.without_value,
        )
        for one in tally.unvalued
    ]
    told += [Flag(f"{names.of(one.entry)}：累计完成投资下降，计数为负，未计", one.falling) for one in tally.impossible]
    words = "现场核查不属实，但缺上报数（登记累计完成投资）或者核查落实数（重新登记核查并填写），无从比对，未计"
    told += [Flag(f"{projects[one].name}{words}", (one,)) for one in tally.uncompared if one in projects]
    return told + [_years_flag(names.of(one.entry), one, projects) for one in tally.found if one.years_unknown]


def _years_flag(name: str, found: Found, projects: Mapping[int, Project]) -> Flag:
    """Say which projects count in a figure without the end of an earlier year, and with what instead."""
    alike: dict[tuple[int, int], list[int]] = {}
    for one in found.years_unknown:
        alike.setdefault((one.year, one.until.number if one.until else 0), []).append(one.project)
    told = [
        f"{_listed(ids, projects)}{year}年的数值只到{number}月，{year}年按{number}月的累计数计"
        if number
        else f"{_listed(ids, projects)}没有{year}年的数值，{year}年按0计"
        for (year, number), ids in sorted(alike.items())
    ]
    ids = tuple(dict.fromkeys(one.project for one in found.years_unknown))
    return Flag(f"{name}已计入：{'；'.join(told)}", ids, only_pointed_at=True)


def unrecorded_flags(tally: Tally) -> list[Flag]:
    """Say which lists have no project for the month, and that nothing was counted from them."""
    if not tally.empty_lists:
        return []
    names = "、".join(map(quoted, tally.empty_lists))
    return [Flag(f"项目台账没有本月{names}的项目，不按0计，请报送单位填报或者先登记项目")]


def asked_words(scheme: Scheme, tally: Tally) -> list[str]:
    """Name the questions without whose answer something is not counted."""
    titles = {one.code: one.title for one in scheme.questions}
    return [titles[one] for one in tally.asked]


def project_flags(rules: Rules, found: Iterable[tuple[Project, Contradiction]]) -> list[Flag]:
    """Say what contradicts itself in the records of projects."""
    names, base = {one.unit: one.name for one in rules.scheme.objects}, difference_base(rules)
    return [
        Flag(
            f"{names.get(project.unit, '')}{quoted(project.name)}：{contradiction_words(one, base=base)}",
            (project.id,),
            one.only_pointed_at,
        )
        for project, one in found
    ]


def figure_flags(scheme: Scheme, found: Iterable[Doubt]) -> list[Flag]:
    """Say what looks wrong in the figures of a month."""
    names = {one.unit: one.name for one in scheme.objects}
    figures = {one.code: (one.name, one.unit) for one in scheme.figures}
    metrics = {one.code: (one.name, "") for one in scheme.metrics}
    told = []
    for one in found:
        name, unit = (metrics if one.kind is DoubtKind.OVER_WHOLE else figures)[one.code]
        words = _DOUBTS[one.kind].format(
            object=names[one.object],
            name=name,
            told=f"{exact_words(one.told)}{unit}",
            against=f"{exact_words(one.against)}{unit}",
        )
        told.append(Flag(words, (), one.only_pointed_at))
    return told


def _listed(ids: Iterable[int], projects: Mapping[int, Project]) -> str:
    names = [quoted(projects[one].name) for one in ids if one in projects]
    return "、".join(names[:_MOST_NAMED]) + (f"等{len(names)}个项目" if len(names) > _MOST_NAMED else "")


class _Names:
    """Names of what is handed in, as people know them."""

    def __init__(self, scheme: Scheme) -> None:
        self._objects = {one.unit: one.name for one in scheme.objects}
        self._figures = {one.code: (one.name, one.unit) for one in scheme.figures}
        self._kinds = kind_names(scheme)

    def of(self, entry: Entry) -> str:
        """Say what an entry is about: 遂平县已开工项目个数, 遂平县应开未开“甲项目”."""
        unit = self._objects.get(entry.object, "")
        if entry.kind is InputKind.FIGURE:
            return f"{unit}{self._figures[entry.code][0]}"
        return f"{unit}{self._kinds.get(entry.what, entry.code)}“{entry.reference}”"

    def differing(self, one: Differing) -> str:
        """Say who has what: 遂平县项目个数：填报3个，项目台账2个."""
        entered = self._said(one.entered, "已由人工撤回")
        counted = self._said(one.counted.entry if one.counted else None, "没有")
        return f"{self.of(one.entry)}：填报{entered}，项目台账{counted}"

    def _said(self, entry: Entry | None, nothing: str) -> str:
        if entry is None:
            return nothing
        if entry.kind is InputKind.FIGURE:
            return f"{exact_words(entry.value)}{self._figures[entry.code][1]}"
        if entry.kind is InputKind.CHECK:
            return f"上报{exact_words(entry.value)}、核查{exact_words(entry.found)}"
        return "有" if entry.value is None else f"有（{exact_words(entry.value)}分）"
