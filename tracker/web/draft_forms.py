"""What the forms of the workbench say, as corrections of a draft."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.entered import read_day, read_number, shown
from tracker.domain.errors import BadInput
from tracker.domain.items import Basis, CadenceKind, ItemKind, LeadBasis, SpanRole
from tracker.domain.plan_ends import PlanEnd, check_ends, read_plan_end
from tracker.domain.quoting import quoted
from tracker.domain.readings.corrections import (
    NoSuchItem,
    add_item,
    assign_lead,
    declare,
    declare_rest,
    drop_item,
    free_label,
    insert_item,
    merge_with_next,
    possible_at,
    replace_item,
    settle,
    split_item,
)
from tracker.domain.readings.demands import Cadence, Deadline, EvidenceRequirement, Target
from tracker.domain.readings.item import AssignedLead, Item, PrintedGroup, as_printed
from tracker.domain.readings.reading import Reading
from tracker.intake import read_stretch
from tracker.web.form_fields import choice_in, read_id
from tracker.wording.catalogue import OPS, SPAN_ROLES
from tracker.wording.form_options import SIGNS

_BETWEEN_NAMES = re.compile(r"[、，,;；\n\r\t]+")
_FIRST = "0"
_DAYS = {"issued_on": "成文日期", "expires_on": "有效期至", "ends_on": "计划截止日期", "deadline": "时限"}
# Comparisons by the words that the page shows, and by their signs and what documents say for them.
_OPERATORS = {
    **{sign: sign for sign in OPS},
    **{words: sign for sign, words in OPS.items()},
    **{words: sign for sign, words in SIGNS.items() if words},
}
Form = Mapping[str, str]


class UnreadableTarget(BadInput):
    """A line of the targets' field is not 指标｜算符｜数值｜单位｜原文; facts: line."""

    code = "unreadable_target"


class UnknownCorrection(BadInput):
    code = "unknown_correction"


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction: its name, the item it concerns (from 0), the change, the words that confirm it.

    `about` says for the log what else was decided and by whom; `anchor` is where work goes on.
    """

    act: str
    place: int | None
    change: Callable[[Reading], Reading]
    done: str
    about: str = ""
    anchor: str | None = None


def read_correction(form: Form, *, cadences: list[str]) -> Correction:
    """Read one posted form. Raises UnknownCorrection and what its fields refuse."""
    act = form.get("act", "")
    if act == "head":
        return Correction(act, None, lambda draft: _head(draft, form), "已更正文件信息。")
    if act == "add":
        words, label = form.get("words", ""), form.get("label", "")
        return Correction(act, None, lambda draft: add_item(draft, words=words, label=label), "已增加事项。")
    if act == "declare":
        role = _role(form.get("role", ""))
        return Correction(act, None, lambda draft: declare(draft, words=form.get("words", ""), role=role), "已归类。")
    if act == "assign" and form.get("unit", "").strip():
        return Correction(act, None, lambda draft: assign_lead(draft, form["unit"]), "已拟定牵头单位。")
    if act == "rest":
        return Correction(act, None, declare_rest, "其余文字已归为背景。")
    if act in {"adopt", "settle"}:
        return _on_possible(act, form)
    place = _place(form, "item")
    on_item: dict[str, tuple[Callable[[Reading], Reading], str]] = {
        "edit": (lambda draft: replace_item(draft, place, _item(draft, place, form, cadences)), "已更正。"),
        "split": (lambda draft: split_item(draft, place, second_begins=form.get("words", "")), "已拆成两项。"),
        "merge": (lambda draft: merge_with_next(draft, place), "已与下一项合并。"),
        "drop": (lambda draft: drop_item(draft, place), "已改为背景。"),
    }
    if act not in on_item:
        raise UnknownCorrection()
    change, done = on_item[act]
    return Correction(act, place, change, done)


def _on_possible(act: str, form: Form) -> Correction:
    """Read what was decided of possibly missed words: an item, or background by its class or by who is named."""
    place = _place(form, "possible")
    if act == "adopt":
        return Correction(act, None, lambda draft: _adopted(draft, place, form), "已立为事项。", anchor="possible")
    role, decided_by = _role(form.get("role", "")), form.get("decided_by", "").strip()
    return Correction(
        act,
        None,
        lambda draft: settle(draft, place, role=role, decided_by=decided_by),
        "已列为背景。",
        about=f"{SPAN_ROLES[role.value]}：{decided_by}" if decided_by else SPAN_ROLES[role.value],
        anchor="possible",
    )


def _adopted(draft: Reading, place: int, form: Form) -> Reading:
    one = possible_at(draft, place)
    label = form.get("label", "").strip() or free_label(draft)
    return insert_item(draft, read_stretch(draft, one.start, one.end, label=label))


def _place(form: Form, name: str) -> int:
    text = form.get(name, "")
    place = 0 if text == _FIRST else read_id(text)
    if place is None:
        raise UnknownCorrection()
    return place


def _role(text: str) -> SpanRole:
    if text not in set(SpanRole) - {SpanRole.ITEM, SpanRole.RESPONSIBILITY, SpanRole.UNCLASSIFIED}:
        raise UnknownCorrection()
    return SpanRole(text)


def _head(draft: Reading, form: Form) -> Reading:
    head = replace(
        draft,
        number=form.get("number", "").strip(),
        title=form.get("title", "").strip(),
        issuer=form.get("issuer", "").strip() or None,
        issued_on=_day(form, "issued_on"),
        expires_on=_day(form, "expires_on"),
        replaces=form.get("replaces", "").strip() or None,
    )
    plan_end = _plan_end(draft, head, on=_day(form, "ends_on"))
    check_ends(issued_on=head.issued_on, expires_on=head.expires_on, ends_on=plan_end.on)
    return replace(head, plan_end=plan_end)


def _plan_end(before: Reading, after: Reading, *, on: date | None) -> PlanEnd:
    """Take the day that was entered; a title that was corrected is read anew where the day stayed as it was read."""
    old = before.plan_end
    if on != old.on:
        return PlanEnd(on)
    if after.title != before.title and (old.words or on is None):
        return read_plan_end(after.title, text=after.text, issued_on=after.issued_on)
    return old if on else PlanEnd()


def _item(draft: Reading, place: int, form: Form, cadences: list[str]) -> Item:
    if place >= len(draft.items):
        raise NoSuchItem(index=place + 1)
    old = draft.items[place]
    leads = names_of(form.get("leads", ""))
    return replace(
        old,
        label=form.get("label", "").strip() or old.label,
        title=form.get("title", "").strip() or old.title,
        kind=choice_in(form.get("kind", ""), ItemKind, field="类别") or old.kind,
        leads=as_printed(leads),
        lead_basis=_basis(old, leads),
        supports=as_printed(name for name in names_of(form.get("supports", "")) if name not in leads),
        groups=_groups(old, names_of(form.get("groups", ""))),
        assigned_leads=tuple(map(AssignedLead, names_of(form.get("assigned_leads", "")))),
        cadences=_cadences(old, cadences),
        deadline=_deadline(old, _day(form, "deadline")),
        targets=_targets(form.get("targets", "")),
        evidence=_evidence(old, form.get("evidence", "")),
    )


def _basis(old: Item, leads: tuple[str, ...]) -> LeadBasis:
    if as_printed(leads) == old.leads:
        return old.lead_basis
    return LeadBasis.EXPLICIT if leads else LeadBasis.NONE


def _groups(old: Item, names: tuple[str, ...]) -> tuple[PrintedGroup, ...]:
    """Keep of each group from where it is inherited."""
    known = {group.printed: group for group in old.groups}
    return tuple(known.get(name, PrintedGroup(name)) for name in names)


def names_of(text: str) -> tuple[str, ...]:
    """Split a field of names at 、 and the like; each name once."""
    return tuple(dict.fromkeys(name.strip() for name in _BETWEEN_NAMES.split(text) if name.strip()))


def _cadences(old: Item, wanted: list[str]) -> tuple[Cadence, ...]:
    """Keep what the text states; what is added has no words in it and is the office's own demand."""
    kept = [cadence for cadence in old.cadences if cadence.kind.value in wanted]
    known = {cadence.kind.value for cadence in kept}
    asked = [choice_in(text, CadenceKind, field="频次") for text in wanted]
    added = [Cadence(kind, Basis.DEFAULT) for kind in asked if kind is not None and kind.value not in known]
    return (*kept, *added)


def _deadline(old: Item, on: date | None) -> Deadline | None:
    if on is None or (old.deadline and old.deadline.on == on):
        return old.deadline if on else None
    return Deadline(on, Basis.DEFAULT, None)


def _targets(text: str) -> tuple[Target, ...]:
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        fields = [field.strip() for field in re.split(r"[|｜]", line)]
        try:
            metric, op, value, unit, quote = fields
        except ValueError:
            raise UnreadableTarget(line=shown(line.strip())) from None
        if op not in _OPERATORS or not metric or not quote:
            raise UnreadableTarget(line=shown(line.strip()))
        number = read_number(value, field=f"目标{quoted(shown(metric))}")
        found.append(Target(metric, _OPERATORS[op], number, quote, unit or None))
    return tuple(found)


def _evidence(old: Item, text: str) -> tuple[EvidenceRequirement, ...]:
    known = {demand.what: demand for demand in old.evidence}
    wanted = dict.fromkeys(line.strip() for line in text.splitlines() if line.strip())
    return tuple(known.get(what) or EvidenceRequirement(what, Basis.DEFAULT) for what in wanted)


def _day(form: Form, name: str) -> date | None:
    value = form.get(name, "").strip()
    if not value:
        return None
    return read_day(value, field=_DAYS[name])
