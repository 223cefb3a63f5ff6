"""One item of the workbench as its form shows it, and as it is after the form came back.

A field is taken as changed only where what came differs from what was shown: a field shows less of a demand than is
known of it (its basis, its quote), and what it does not show must not be lost by saving.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Annotated, TypeVar

from pydantic import Field

from tracker.domain.entered import clean_words, number_text, read_number, shown
from tracker.domain.errors import BadInput
from tracker.domain.items import Basis, Bearer, CadenceKind, ItemKind, LeadBasis, Measure
from tracker.domain.quoting import quoted
from tracker.domain.readings.demands import Cadence, Deadline, EvidenceRequirement, Target
from tracker.domain.readings.item import AssignedLead, Item, PrintedGroup, PrintedUnit
from tracker.domain.readings.lessons import LabelRole
from tracker.usecases.teaching import ToTeach
from tracker.web.demand_rows import Whom, with_whom
from tracker.web.form_fields import choice_in
from tracker.web.forms import Form, OptionalDay, RefusedForm, Texts, Tick, Words, one_or_none_of
from tracker.wording.catalogue import OPS
from tracker.wording.form_options import SIGNS
from tracker.wording.refusals import sentence

_BETWEEN_NAMES = re.compile(r"[、，,;；\n\r\t]+")
# Comparisons by the words that the page shows, and by their signs and what documents say for them.
_OPERATORS = {
    **{sign: sign for sign in OPS},
    **{words: sign for sign, words in OPS.items()},
    **{words: sign for sign, words in SIGNS.items() if words},
}
_Said = TypeVar("_Said")


class UnreadableTarget(BadInput):
    """A line of the targets' field is not 指标｜算符｜数值｜单位｜原文; facts: line."""

    code = "unreadable_target"


class ItemForm(Form):
    label: Words = Field(title="序号")
    title: Words = Field(title="事项")
    kind: Annotated[ItemKind | None, one_or_none_of(ItemKind)] = Field(title="类别")
    leads: Words = Field(title="牵头单位")
    supports: Words = Field(title="配合单位")
    groups: Words = Field(title="集体")
    assigned_leads: Words = Field(title="督查室拟定牵头单位")
    cadence: Texts = Field(title="频次")
    deadline: OptionalDay = Field(title="时限")
    targets: Words = Field(title="目标")
    evidence: Words = Field(title="佐证")
    bearer: Texts = Field(default=(), title="由谁承担")
    named: Texts = Field(default=(), title="点名单位")
    addressee: Texts = Field(default=(), title="报送对象")
    measure: Texts = Field(default=(), title="计量方式")
    per: Texts = Field(default=(), title="按什么计")
    learn: Tick = Field(default=False, title="沿用更正")
    strange: Texts = Field(default=(), title="栏目名称")
    speaks: Texts = Field(default=(), title="栏目所指")

    @property
    def whom(self) -> Whom:
        """What the rows of the demands say."""
        return Whom(
            bearers=[choice_in(text, Bearer, field="由谁承担") for text in self.bearer],
            named=self.named,
            addressees=self.addressee,
            measures=[choice_in(text, Measure, field="计量方式") for text in self.measure],
            pers=self.per,
        )

    @property
    def to_teach(self) -> ToTeach:
        """What of the correction later documents of the issuer are to be read by."""
        said = zip(self.strange, self.speaks, strict=False)
        roles = {name: choice_in(role, LabelRole, field="栏目所指") for name, role in said}
        return ToTeach(names=self.learn, labels={name: role for name, role in roles.items() if role is not None})


def shown_fields(item: Item) -> dict[str, str]:
    """Return what the fields in which people write show of an item, by their names."""
    return {
        "label": _line(item.label),
        "title": _line(item.title),
        "leads": _joined("、", (name.printed for name in item.leads)),
        "supports": _joined("、", (name.printed for name in item.supports)),
        "groups": _joined("\n", (_line(group.printed) for group in item.groups)),
        "assigned_leads": _joined("、", (name.printed for name in item.assigned_leads)),
        "targets": _joined("\n", map(_target_line, item.targets)),
        "evidence": _joined("\n", (_line(demand.what) for demand in item.evidence)),
    }


def edited(old: Item, form: ItemForm) -> Item:
    """Return the item as the form says it. Raises RefusedForm, NoSuchChoice."""
    before = shown_fields(old)
    old = with_whom(old, form.whom)

    def taken(name: str, kept: _Said, read: Callable[[str], _Said]) -> _Said:
        sent = str(getattr(form, name))
        return kept if sent == before[name] else read(sent)

    leads = taken("leads", old.leads, lambda text: _units(old, names_of(text)))
    supports = taken("supports", old.supports, lambda text: _units(old, names_of(text)))
    if (leads, supports) != (old.leads, old.supports):
        led = {name.printed for name in leads}
        supports = tuple(name for name in supports if name.printed not in led)
    groups = taken("groups", old.groups, lambda text: _groups(old, text))
    return replace(
        old,
        label=taken("label", old.label, lambda text: text or old.label),
        title=taken("title", old.title, lambda text: text or old.title),
        kind=form.kind or old.kind,
        leads=leads,
        lead_basis=_basis(old, leads, groups),
        supports=supports,
        groups=groups,
        assigned_leads=taken("assigned_leads", old.assigned_leads, lambda text: _assigned(old, text)),
        cadences=_cadences(old, form.cadence),
        deadline=_deadline(old, form.deadline),
        targets=taken("targets", old.targets, lambda text: _targets_of(text, old.targets)),
        evidence=taken("evidence", old.evidence, lambda text: _evidence(old, text)),
    )


def _targets_of(text: str, old: Iterable[Target]) -> tuple[Target, ...]:
    """Read the targets' field; what one of its lines lacks is said at the field. Raises RefusedForm."""
    try:
        return read_targets(text, old)
    except BadInput as fault:
        raise RefusedForm({"targets": sentence(fault)}) from None


def names_of(text: str) -> tuple[str, ...]:
    """Split a field of names at 、 and the like; each name once."""
    return tuple(dict.fromkeys(name.strip() for name in _BETWEEN_NAMES.split(text) if name.strip()))


def read_targets(text: str, old: Iterable[Target] = ()) -> tuple[Target, ...]:
    """Read the lines of the targets' field; a line as it was shown is the target that it showed."""
    known: dict[str, list[Target]] = defaultdict(list)
    for target in old:
        known[_target_line(target)].append(target)
    lines = _lines(text)
    kept = [known[line].pop(0) if known.get(line) else None for line in lines]
    changed = [target for targets in known.values() for target in targets]
    return tuple(target or _corrected(_target(line), changed=changed) for line, target in zip(lines, kept, strict=True))


def _corrected(new: Target, *, changed: list[Target]) -> Target:
    """Keep of the target that a line showed before what no line shows: its quote with its line breaks, its bearers."""
    same_words = [target for target in changed if _line(target.quote) == new.quote]
    same = next((target for target in same_words if target.metric == new.metric), next(iter(same_words), None))
    if same is None:
        return new
    measure = same.measure if same.op == new.op else None  # a limit is measured otherwise than a goal
    return replace(new, quote=same.quote, per=same.per, measure=measure, bound=same.bound)


def _target(line: str) -> Target:
    fields = [field.strip() for field in re.split(r"[|｜]", line)]
    try:
        metric, op, value, unit, quote = fields
    except ValueError:
        raise UnreadableTarget(line=shown(line)) from None
    if op not in _OPERATORS or not metric or not quote:
        raise UnreadableTarget(line=shown(line))
    number = read_number(value, field=f"目标{quoted(shown(metric))}")
    return Target(metric, _OPERATORS[op], number, quote, unit or None)


def _target_line(target: Target) -> str:
    said = [target.metric, OPS[target.op], number_text(target.value), target.unit or "", target.quote]
    return _line("｜".join(said))


def _units(old: Item, names: tuple[str, ...]) -> tuple[PrintedUnit, ...]:
    known = {name.printed: name for name in (*old.leads, *old.supports)}
    return tuple(known.get(name) or PrintedUnit(name) for name in names)


def _assigned(old: Item, text: str) -> tuple[AssignedLead, ...]:
    known = {name.printed: name for name in old.assigned_leads}
    return tuple(known.get(name) or AssignedLead(name) for name in names_of(text))


def _basis(old: Item, leads: tuple[PrintedUnit, ...], groups: tuple[PrintedGroup, ...]) -> LeadBasis:
    if leads == old.leads:
        return old.lead_basis
    return LeadBasis.EXPLICIT if leads else LeadBasis.COLLECTIVE if groups else LeadBasis.NONE


def _groups(old: Item, text: str) -> tuple[PrintedGroup, ...]:
    """Read a collective a line, for the name of one may hold 、; keep of each whence it is and who its members are."""
    known = {_line(group.printed): group for group in old.groups}
    return tuple(known.get(line) or PrintedGroup(line) for line in dict.fromkeys(_lines(text)))


def _cadences(old: Item, wanted: tuple[str, ...]) -> tuple[Cadence, ...]:
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


def _evidence(old: Item, text: str) -> tuple[EvidenceRequirement, ...]:
    known: dict[str, list[EvidenceRequirement]] = defaultdict(list)
    for demand in old.evidence:
        known[_line(demand.what)].append(demand)
    found: list[EvidenceRequirement] = []
    for line in dict.fromkeys(_lines(text)):
        found += known.get(line) or [EvidenceRequirement(line, Basis.DEFAULT)]
    return tuple(found)


def _line(words: str) -> str:
    """Write words as one line of a field holds them."""
    return clean_words(words.replace("\r\n", " ").replace("\n", " "))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _joined(between: str, words: Iterable[str]) -> str:
    return clean_words(between.join(words))
