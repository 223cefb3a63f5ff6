"""Records of projects from which the marks of a kept month differ, in words: whose, what, on which list, and how."""

from collections.abc import Iterable, Mapping, Sequence

from tracker.domain.scoring.aside import Uncounted
from tracker.domain.scoring.entries import InputKind, kind_names
from tracker.domain.scoring.scheme import Scheme

_HOW: Mapping[str, str] = {
    "": "",  # told by nobody in events of before
    Uncounted.LACKING: "没有计入",
    Uncounted.OTHER: "与计入的不同",
    Uncounted.GONE: "已计入，台账现已没有",
    Uncounted.UNVALUED: "已计入，现因所列项目缺少数值不能计数",
    Uncounted.FALLING: "已计入，现因所列项目累计数下降、计数为负不能计数",
}


def aside_words(scheme: Scheme, records: Iterable[Mapping[str, object]]) -> Sequence[str]:
    """Name records as the event tells them that kept the month (`UncountedRecord`), each with its list and projects.

    驿城区外资项目个数（重点外资项目：外资乙）没有计入
    """
    names = {code: name for (_, code), name in kind_names(scheme).items()}
    names |= {one.code: one.name for one in scheme.figures}
    objects = {one.unit: one.name for one in scheme.objects}
    told = []
    for one in records:
        behind = "：".join(filter(None, (_lists(scheme, one), _projects(one))))
        whose = f"{objects[str(one['object'])]}{names[str(one['code'])]}"
        told.append(whose + (f"（{behind}）" if behind else "") + _HOW[str(one.get("how", ""))])
    return told


def _lists(scheme: Scheme, record: Mapping[str, object]) -> str:
    """Name the lists that something is counted from, of what happens those of the items for which it counts."""
    code, items = str(record["code"]), record["items"]
    assert isinstance(items, list | tuple)
    if record["kind"] == InputKind.FIGURE.value:
        cohorts = {one.cohort for one in scheme.figures if one.code == code}
    else:
        marks = {mark.code for item, mark in scheme.marks() if item.code in items}
        told = [one for one in scheme.from_projects if one.kind == code and one.mark in marks]
        cohorts = {cohort for one in told for cohort in one.cohorts}
    return "、".join(dict.fromkeys(one.project_list for one in scheme.cohorts if one.code in cohorts))


def _projects(record: Mapping[str, object]) -> str:
    named, count = record["projects"], record["count"]
    assert isinstance(named, list | tuple)
    assert isinstance(count, int)
    return "、".join(map(str, named)) + (f"等{count}个项目" if count > len(named) else "")
