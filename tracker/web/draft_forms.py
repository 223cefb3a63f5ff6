"""What the forms of the workbench say, as corrections of a draft."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from pydantic import Field

from tracker.domain.entered import read_day, shown
from tracker.domain.errors import BadInput
from tracker.domain.items import SpanRole
from tracker.domain.plan_ends import PlanEnd, check_ends, read_plan_end
from tracker.domain.quoting import quoted
from tracker.domain.readings.corrections import (
    NoSuchItem,
    add_item,
    assign_lead,
    confirm_item,
    declare,
    declare_rest,
    drop_item,
    free_label,
    insert_item,
    list_members,
    merge_with_next,
    possible_at,
    replace_item,
    settle,
    split_item,
)
from tracker.domain.readings.lessons import NOTHING, Lessons
from tracker.domain.readings.reading import Reading
from tracker.domain.units import UnitRegistry
from tracker.intake import read_stretch
from tracker.usecases.teaching import NOTHING_TO_TEACH, ToTeach
from tracker.web.draft_items import ItemForm, edited, names_of
from tracker.web.form_fields import read_id
from tracker.web.forms import Form as PageForm
from tracker.web.forms import RefusedForm, Texts, Words, read_form
from tracker.wording.catalogue import SPAN_ROLES
from tracker.wording.refusals import sentence

_FIRST = "0"
_DAYS = {"issued_on": "成文日期", "expires_on": "有效期至", "ends_on": "计划截止日期", "deadline": "时限"}
Form = Mapping[str, str]


class MembersNotEntered(BadInput):
    """The registry does not know units that are to be members of a collective; facts: names."""

    code = "members_not_entered"


class UnknownCorrection(BadInput):
    code = "unknown_correction"


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction: its name, the item it concerns (from 0), the change, the words that confirm it.

    `about` says for the log what else was decided and by whom; `anchor` is where work goes on; `teaches` is what later
    documents of the issuer are to be read by.
    """

    act: str
    place: int | None
    change: Callable[[Reading], Reading]
    done: str
    about: str = ""
    anchor: str | None = None
    teaches: ToTeach = NOTHING_TO_TEACH


class MembersForm(PageForm):
    """Who a collective is: as another one of the registry, and units that were chosen or written down."""

    group: Words = Field(title="集体")
    same_as: Words = Field(title="与已登记的集体相同")
    member: Texts = Field(title="选取单位")
    names: Words = Field(title="或者粘贴名单")


class BackgroundForm(PageForm):
    """Of which class words are that oblige nobody, or who has decided so."""

    role: Words = Field(title="类别")
    decided_by: Words = Field(title="认定人")


def read_correction(
    form: Form, *, registry: Callable[[], UnitRegistry], lessons: Callable[[], Lessons] = dict
) -> Correction:
    """Read one posted form; `registry` is asked where units are named, `lessons` where words are read anew.

    Raises UnknownCorrection, RefusedForm and what its fields refuse.
    """
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
    if act == "members":
        return _on_group(read_form(MembersForm), registry())
    if act in {"adopt", "settle"}:
        return _on_possible(act, form, lessons)
    place = _place(form, "item")
    if act in {"edit", "confirm"}:
        said, settled = read_form(ItemForm), act == "confirm"
        done = "已核对无误。" if settled else "已更正。"
        change = partial(_edited, place=place, form=said, settled=settled)
        return Correction(act, place, change, done, teaches=said.to_teach)
    on_item: dict[str, tuple[Callable[[Reading], Reading], str]] = {
        "split": (lambda draft: split_item(draft, place, second_begins=form.get("words", "")), "已拆成两项。"),
        "merge": (lambda draft: merge_with_next(draft, place), "已与下一项合并。"),
        "drop": (lambda draft: drop_item(draft, place), "已改为背景。"),
    }
    if act not in on_item:
        raise UnknownCorrection()
    on_one, done = on_item[act]
    return Correction(act, place, on_one, done)


def _on_group(said: MembersForm, registry: UnitRegistry) -> Correction:
    """Read who the members of a collective are. Raises RefusedForm where the registry does not know one."""
    codes = {unit.code for unit in registry.units}
    alike = [group for group in registry.groups if group.code == said.same_as]
    if (said.same_as and not alike) or not codes.issuperset(said.member):
        raise UnknownCorrection()
    written = {name: registry.resolve(name) for name in names_of(said.names)}
    unknown = [name for name, unit in written.items() if unit is None]
    if unknown:
        fault = MembersNotEntered(names="、".join(quoted(shown(name)) for name in unknown))
        raise RefusedForm({"names": sentence(fault)})
    chosen = [code for group in alike for code in group.members]
    chosen += [*said.member, *(unit.code for unit in written.values() if unit)]
    members = registry.in_official_order(registry.unit(code) for code in dict.fromkeys(chosen))
    return Correction(
        "members",
        None,
        lambda draft: list_members(draft, said.group, (unit.code for unit in members)),
        f"已登记{quoted(said.group)}的成员单位{len(members)}个。",
        about=f"{said.group}：{'、'.join(unit.short_name for unit in members)}",
        anchor="groups",
    )


def _on_possible(act: str, form: Form, lessons: Callable[[], Lessons]) -> Correction:
    """Read what was decided of possibly missed words: an item, or background by its class or by who is named."""
    place = _place(form, "possible")
    if act == "adopt":
        known, label = lessons(), form.get("label", "").strip()
        change = partial(_adopted, place=place, label=label, lessons=known)
        return Correction(act, None, change, "已立为事项。", anchor="possible")
    said = read_form(BackgroundForm)
    role = _role(said.role)
    return Correction(
        act,
        None,
        lambda draft: settle(draft, place, role=role, decided_by=said.decided_by),
        "已列为背景。",
        about=f"{SPAN_ROLES[role.value]}：{said.decided_by}" if said.decided_by else SPAN_ROLES[role.value],
        anchor="possible",
    )


def _adopted(draft: Reading, *, place: int, label: str, lessons: Lessons) -> Reading:
    one, taught = possible_at(draft, place), lessons.get(draft.issuer or "", NOTHING)
    read = read_stretch(draft, one.start, one.end, label=label or free_label(draft), taught=taught)
    return insert_item(draft, read)


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


def _edited(draft: Reading, *, place: int, form: ItemForm, settled: bool) -> Reading:
    """Take over what a form says of an item; `settled` where somebody says besides that all of it is right."""
    if place >= len(draft.items):
        raise NoSuchItem(index=place + 1)
    changed = replace_item(draft, place, edited(draft.items[place], form))
    return confirm_item(changed, place) if settled else changed


def _day(form: Form, name: str) -> date | None:
    value = form.get(name, "").strip()
    if not value:
        return None
    return read_day(value, field=_DAYS[name])
