"""Intake 「文件拆解」: the text of issued documents → drafts. Pure and deterministic; a draft is for a person to check.

`read_documents` goes: normalise → split into documents → outline → items → responsibility → cadences, deadlines,
targets and evidence → coverage.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from tracker.domain.errors import BadInput
from tracker.domain.items import Basis, CadenceKind, ItemKind, LeadBasis
from tracker.domain.plan_ends import read_plan_end
from tracker.domain.readings.demands import Cadence, Deadline, Target
from tracker.domain.readings.item import Doubt, DoubtField, Item, PrintedGroup, as_printed
from tracker.domain.readings.lessons import NOTHING, Lessons, Taught, with_units
from tracker.domain.readings.reading import Reading
from tracker.intake.annotations import annotations, names_bodies
from tracker.intake.bearers import bound
from tracker.intake.bodies import names_of
from tracker.intake.cadences import cadences
from tracker.intake.confidence import confidence
from tracker.intake.deadlines import deadline, year_of_goal
from tracker.intake.documents import FoundDocument, split_documents
from tracker.intake.evidence import evidence
from tracker.intake.expressions import expression
from tracker.intake.levels import level_of
from tracker.intake.normalise import normalise
from tracker.intake.outline import outline
from tracker.intake.possible import possible_items
from tracker.intake.prefixes import places_in
from tracker.intake.records import beside_records, measured, products, records, without_records
from tracker.intake.responsibility import (
    Responsibility,
    first_listed_leads,
    following_groups,
    groups_of_all,
    read_annotations,
)
from tracker.intake.segments import segment
from tracker.intake.shared_annotations import Borrowing
from tracker.intake.strange_labels import respelled
from tracker.intake.stretches import Segment, title_of
from tracker.intake.subjects import read_subject
from tracker.intake.targets import indicator, targets
from tracker.intake.widths import AsPrinted, widened

# The number before the subject is no part of it.
# e.g. （三）市商务局要定期通报
# e.g. 2.1指挥机构
# e.g. 第十二条　市商务局每月通报
_NUMBERING = expression(
    r"^第[一二三四五六七八九十百\d]{1,5}条[ \u3000]*|^[★☆*]?[（(\[]?[\d一二三四五六七八九十①-⑳.．]+[）)\]]?[、.．]?"
)
# A time field without a day.
# e.g. 长期坚持
_FOREVER = expression(r"长期|持续|常年|常态")
# The head of a table of indicators, whose rows share its year.
# e.g. 序号 指标 2025年目标值\n1 森林覆盖率
_TABLE_YEAR = expression(r"(?:^|\n)[^\n]{0,30}指标[^\n]{0,20}?(20\d\d)年?(?=[^\n]{0,12}\n)")
_LIKELY, _UNSURE = 0.8, 0.4
# That no lead is printed may well be read right; somebody has to name one all the same.
_READ_SO = 0.95
_DOUBTED = {"support": DoubtField.SUPPORTS, "local": DoubtField.GROUPS, "groups": DoubtField.GROUPS}


class NothingToBreakDown(BadInput):
    """No document with an action item was found in the text."""

    code = "nothing_to_break_down"


def read_documents(raw: str, *, lessons: Lessons | None = None) -> tuple[Reading, ...]:
    """Read every official document in a text, each with what was taught of its issuer.

    Raises NothingToBreakDown where no item is found.
    """
    known = lessons or {}
    drafts = tuple(_draft(found, known.get(found.issuer or "", NOTHING)) for found in split_documents(normalise(raw)))
    if not any(draft.items for draft in drafts):
        raise NothingToBreakDown()
    return tuple(draft for draft in drafts if draft.items or draft.possible)


def _draft(found: FoundDocument, taught: Taught) -> Reading:
    printed, spelled = found.text, respelled(found.text, taught.labels)
    found = replace(found, text=widened(spelled))
    nodes = outline(found.text)
    apart = records(found.text, nodes=nodes, title=found.title)
    sentences = without_records(found.text, apart)
    outlined = nodes if sentences == found.text else outline(sentences)
    running, background = segment(sentences, nodes=outlined, title=found.title)
    segments = beside_records(running, apart, found.text)
    first_leads = first_listed_leads(found.text)
    before = found.text[: segments[0].start] if segments else ""
    inherited: dict[str, str | None] = dict.fromkeys([*groups_of_all(found.text), *following_groups(before)])
    places = places_in(f"{found.issuer or ''}\n{found.title}\n{found.text}")
    header_year = _TABLE_YEAR.search(found.text) if "指标" in found.text else None
    items = []
    for part in segments:
        item = _item(found, part, first_leads=first_leads, inherited=inherited, places=places)
        for name in following_groups(found.text[part.start : part.end]):
            inherited.setdefault(name, part.label)
        items.append(item)
    verbatim = AsPrinted(printed, found.text)
    items = [
        _judged(with_units(verbatim.item(item), taught.units), spelled, found.issued_on)
        for item in _beside_annotated(_goals_share_their_year(items, header_year))
    ]
    reading = Reading(
        number=found.number,
        title=found.title,
        issuer=found.issuer,
        issued_on=found.issued_on,
        effective_on=found.effective_on,
        expires_on=found.expires_on,
        text=printed,
        items=tuple(items),
        declared=tuple(background),
        plan_end=read_plan_end(found.title, text=found.text, issued_on=found.issued_on),
    )
    return replace(reading, possible=possible_items(found.text, reading.cover(), nodes=nodes, title=found.title))


def read_stretch(reading: Reading, start: int, end: int, *, label: str, taught: Taught = NOTHING) -> Item:
    """Read one stretch of a document that no item claims as an item: its bodies, day, rhythm, numbers and evidence."""
    spelled = respelled(reading.text, taught.labels)
    text = widened(spelled)
    found = FoundDocument(
        text, reading.number, reading.title, reading.issuer, reading.issued_on, None, None, reading.issued_on
    )
    marks = annotations(text[start:end])
    placed = tuple((start + a, start + b) for a, b in marks)
    part = Segment(label, ItemKind.ACTION, title_of(text[start:end], marks=marks), start, end, placed)
    places = places_in(f"{reading.issuer or ''}\n{reading.title}\n{text}")
    item = _item(found, part, first_leads=first_listed_leads(text), inherited={}, places=places)
    return _judged(with_units(AsPrinted(reading.text, text).item(item), taught.units), spelled, reading.issued_on)


def _item(
    found: FoundDocument, part: Segment, *, first_leads: bool, inherited: dict[str, str | None], places: frozenset[str]
) -> Item:
    said = _responsibility(found, part, places)
    own = following_groups(found.text[part.start : part.end])
    leads, supports, basis = said.settle(first_leads=first_leads)
    named = said.groups or own
    groups = tuple(
        PrintedGroup(name, inherited_from=None if name in named else inherited[name])
        for name in dict.fromkeys([*named, *inherited])
    )
    words = _without(found.text, part)
    if leads and not (part.annotations or part.record) and not isinstance(part, Borrowing):
        basis = LeadBasis.INHERENT
    item = Item(
        label=part.label,
        kind=part.kind,
        title=part.title,
        span=(part.start, part.end),
        responsibility_span=(part.annotations[0][0], part.annotations[-1][1]) if part.is_noted_in_one else None,
        lead_basis=LeadBasis.COLLECTIVE if groups and not leads else basis,
        leads=as_printed(leads),
        supports=as_printed(supports),
        groups=groups,
        cadences=_rhythms(words, [*said.times, *said.paces], kind=part.kind),
        deadline=deadline(
            words, times=[*said.times, *said.paces], issued_on=found.dated, effective_on=found.effective_on
        )
        or (year_of_goal(words) if part.kind is ItemKind.GOAL else None),
        targets=_numbers(found.text, part, words),
        evidence=(*products(part), *evidence(words)),
        level=level_of(words) if part.kind is ItemKind.RESPONSE_STEP else None,
        doubts=tuple(
            Doubt(_DOUBTED.get(role, DoubtField.LEAD), _LIKELY if role == "shared" else _UNSURE, unread)
            for role, unread in said.doubtful
        ),
    )
    return bound(item, words)


def _responsibility(found: FoundDocument, part: Segment, places: frozenset[str]) -> Responsibility:
    """Read who is responsible: from annotations, else from what stands for one, else from the sentences."""
    if isinstance(part, Borrowing):
        return _borrowed(found, part, places)
    notes = [*part.record.notes] if part.record else [found.text[start:end] for start, end in part.annotations]
    said = read_annotations(notes, places=places)
    if part.subject:
        said.leads.append(part.subject)
    elif not any(map(names_bodies, notes)) and part.kind not in {ItemKind.GOAL, ItemKind.INDICATOR}:
        subject = read_subject(_NUMBERING.sub("", _without(found.text, part)))
        return replace(subject, times=said.times, paces=said.paces)
    return said


def _borrowed(found: FoundDocument, part: Borrowing, places: frozenset[str]) -> Responsibility:
    """Read who is responsible from the annotation of a block, or from the addressees of a letter."""
    subject = read_subject(_NUMBERING.sub("", found.text[part.start : part.end]))
    if subject.leads or subject.groups:
        if part.shared:
            subject.doubtful.append(("shared", found.text[part.shared[0][0] : part.shared[-1][1]]))
        return subject
    if part.shared:
        said = read_annotations([found.text[start:end] for start, end in part.shared], places=places)
        said.doubtful.append(("shared", found.text[part.shared[0][0] : part.shared[-1][1]]))
        return said
    said = Responsibility(places=places)
    said.groups, said.leads = map(list, names_of(part.addressees))
    said.doubtful.append(("shared", part.addressees))
    return said


def _without(text: str, part: Segment) -> str:
    """Return the item's words that may demand something: those outside of its annotations."""
    if part.record:
        demanding = [place for place in part.record.words if place not in part.record.facts]
        return "\n".join(text[start:end] for start, end in demanding)
    words, start = [], part.start
    for note_start, note_end in part.annotations:
        words.append(text[start:note_start])
        start = note_end
    return "\n".join([*words, text[start : part.end]])


def _numbers(text: str, part: Segment, words: str) -> tuple[Target, ...]:
    if part.kind is not ItemKind.INDICATOR:
        return targets(words, kind=part.kind)
    in_columns = measured(part, text)
    return indicator(words) if in_columns is None else in_columns


def _goals_share_their_year(items: list[Item], header: re.Match[str] | None) -> list[Item]:
    """Give a goal without a day of its own the year of the goals before it, a table's row the year of its head."""
    done: list[Item] = []
    for item in items:
        if item.deadline is None and item.kind is ItemKind.INDICATOR and header:
            year = Deadline(date(int(header[1]), 12, 31), Basis.DOCUMENT, header.group().strip())
            item = replace(item, deadline=year)
        before = done[-1] if done else None
        if (
            item.deadline is None
            and item.kind is ItemKind.GOAL
            and before
            and before.kind is ItemKind.GOAL
            and before.label == item.label
            and before.deadline
        ):
            item = replace(item, deadline=replace(before.deadline, basis=Basis.DOCUMENT))
        done.append(item)
    return done


def _beside_annotated(items: list[Item]) -> Iterator[Item]:
    """Doubt that nobody is responsible for an item between two that print who is."""
    for n, item in enumerate(items):
        around = [*items[max(0, n - 1) : n], *items[n + 1 : n + 2]]
        nobody = not (item.leads or item.groups) and item.kind not in {ItemKind.GOAL, ItemKind.INDICATOR}
        if nobody and len(around) > 1 and all(each.responsibility_span for each in around):
            item = replace(item, doubts=(*item.doubts, Doubt(DoubtField.LEAD, _UNSURE, item.title)))
        yield item


def _rhythms(words: str, fields: list[str], *, kind: ItemKind) -> tuple[Cadence, ...]:
    found = cadences(words)
    if kind is ItemKind.RESPONSE_STEP:  # Whoever keeps watch while a level lasts does so until it ends.
        found = tuple(
            each for each in found if "值" not in (each.quote or "") or each.kind is not CadenceKind.CONTINUOUS
        )
    known = {cadence.kind for cadence in found}
    for value in fields:
        for cadence in cadences(value):
            if cadence.kind not in known:
                found = (*found, cadence)
                known.add(cadence.kind)
        if _FOREVER.search(value) and CadenceKind.CONTINUOUS not in known:
            found = (*found, Cadence(CadenceKind.CONTINUOUS, Basis.STATED, None, value))
            known.add(CadenceKind.CONTINUOUS)
    return found


def _judged(item: Item, text: str, issued_on: date | None) -> Item:
    """Say of an item what could not be decided and how far its fields can be trusted."""
    doubts = _doubts(item, issued_on)
    start, end = item.span
    note_start, note_end = item.responsibility_span or (end, end)
    words, note = text[start:note_start] + text[note_end:end], text[note_start:note_end]
    return replace(item, doubts=doubts, confidence=confidence(item, doubts, words=words, note=note))


def _doubts(item: Item, issued_on: date | None) -> tuple[Doubt, ...]:
    found = list(item.doubts)
    if not item.leads:
        found.append(Doubt(DoubtField.LEAD, _READ_SO, "、".join(group.printed for group in item.groups)))
    if item.lead_basis is LeadBasis.FIRST_LISTED and len(item.supports) > 12:
        found.append(Doubt(DoubtField.LEAD, _LIKELY, item.leads[0].printed))
    if item.deadline and issued_on and item.deadline.on < issued_on:
        found.append(Doubt(DoubtField.DEADLINE, _UNSURE, item.deadline.quote or ""))
    if item.kind is ItemKind.GOAL and not item.targets:
        found.append(Doubt(DoubtField.TARGETS, _UNSURE, item.title))
    return tuple(found)
