"""An item that is cut in two: what each half keeps, what both keep, and that joined again nothing was lost."""

from dataclasses import replace
from datetime import date

import pytest

from tests.support.eight_documents import readings
from tracker.domain.items import Basis, CadenceKind, ItemKind, LeadBasis
from tracker.domain.readings.checking import QuoteNotInText, check_reading
from tracker.domain.readings.corrections import WordsNotFound, merge_with_next, split_item
from tracker.domain.readings.demands import Cadence, Deadline, EvidenceRequirement, Target
from tracker.domain.readings.item import (
    AssignedLead,
    Doubt,
    DoubtField,
    Item,
    PrintedGroup,
    PrintedUnit,
    as_printed,
)
from tracker.domain.readings.reading import Reading

FIRST = "1.开展招商。商务局牵头，各县区配合，每月招商不少于2次，9月底前报送台账。"
SECOND = "培育企业。市统计局、市财政局每季度通报，年底前培育企业不少于2次，报送名单。"
NOTE = "（责任单位：市发展改革委；完成时限：12月底）"
TEXT = FIRST + SECOND + NOTE


def _reading(item: Item) -> Reading:
    return Reading("号", "题", None, date(2022, 9, 1), None, None, TEXT, (item,), ())


def _item() -> Item:
    return Item(
        "一1",
        ItemKind.ACTION,
        "开展招商",
        (0, len(TEXT)),
        LeadBasis.EXPLICIT,
        responsibility_span=(len(FIRST + SECOND), len(TEXT)),
        leads=as_printed(["市商务局", "市统计局", "市发展改革委"]),
        supports=as_printed(["市财政局", "市审计局"]),
        groups=(PrintedGroup("各县区"), PrintedGroup("各乡镇", inherited_from="二")),
        assigned_leads=(AssignedLead("市农业农村局"),),
        cadences=(
            Cadence(CadenceKind.MONTHLY, Basis.STATED, quote="每月"),
            Cadence(CadenceKind.QUARTERLY, Basis.STATED, quote="每季度通报"),
            Cadence(CadenceKind.WEEKLY, Basis.DEFAULT),
        ),
        deadline=Deadline(date(2022, 9, 30), Basis.STATED, "9月底前"),
        targets=(Target("招商", ">=", 2, "不少于2次", "次"), Target("企业", ">=", 2, "不少于2次", "次")),
        evidence=(
            EvidenceRequirement("台账", Basis.STATED, quote="报送台账"),
            EvidenceRequirement("名单", Basis.STATED, quote="报送名单"),
        ),
        doubts=(Doubt(DoubtField.LEAD, 0.4, "商务局牵头"), Doubt(DoubtField.CADENCE, 0.4)),
    )


def _printed(names: tuple[PrintedUnit | PrintedGroup, ...]) -> list[str]:
    return [name.printed for name in names]


def test_each_half_keeps_what_its_own_words_say_and_both_what_neither_says() -> None:
    first, second = split_item(_reading(_item()), 0, second_begins="培育企业").items
    assert (first.title, second.title) == ("开展招商", "培育企业")
    assert _printed(first.leads) == ["市商务局", "市发展改革委"]
    assert _printed(second.leads) == ["市统计局", "市发展改革委"]
    assert (_printed(first.supports), _printed(second.supports)) == (["市审计局"], ["市财政局", "市审计局"])
    assert (_printed(first.groups), _printed(second.groups)) == (["各县区", "各乡镇"], ["各乡镇"])
    assert [c.kind.value for c in first.cadences] == ["monthly", "weekly"]
    assert [c.kind.value for c in second.cadences] == ["quarterly", "weekly"]
    assert first.deadline is not None
    assert second.deadline is None
    assert ([t.metric for t in first.targets], [t.metric for t in second.targets]) == (["招商"], ["企业"])
    assert ([e.what for e in first.evidence], [e.what for e in second.evidence]) == (["台账"], ["名单"])
    assert (len(first.doubts), len(second.doubts)) == (2, 1)
    assert first.assigned_leads == second.assigned_leads
    assert (first.responsibility_span, second.responsibility_span) == (None, _item().responsibility_span)


def test_a_day_in_the_annotation_is_that_of_both_and_holds_against_the_text() -> None:
    shared = Deadline(date(2022, 12, 31), Basis.STATED, "完成时限：12月底")
    split = split_item(_reading(replace(_item(), deadline=shared)), 0, second_begins="培育企业")
    assert [item.deadline for item in split.items] == [shared, shared]
    check_reading(split)
    foreign = replace(split.items[1], deadline=replace(shared, quote="不在文中"))
    with pytest.raises(QuoteNotInText):
        check_reading(replace(split, items=(split.items[0], foreign)))


def test_a_half_whose_leads_all_stand_in_the_other_has_none_until_somebody_names_one() -> None:
    item = replace(_item(), leads=as_printed(["市统计局"]), responsibility_span=None, assigned_leads=())
    first, second = split_item(_reading(item), 0, second_begins="培育企业").items
    assert (first.leads, first.lead_basis) == ((), LeadBasis.COLLECTIVE)
    assert (_printed(second.leads), second.lead_basis) == (["市统计局"], LeadBasis.EXPLICIT)


def test_a_cut_through_a_quote_leaves_each_half_its_own_words() -> None:
    through = Target("企业", ">=", 2, "年底前培育企业不少于2次", "次")
    split = split_item(_reading(replace(_item(), targets=(through,))), 0, second_begins="培育企业不少于")
    assert [item.targets[0].quote for item in split.items] == ["年底前", "培育企业不少于2次"]
    check_reading(split)


def test_joined_again_two_halves_are_what_they_were() -> None:
    item = _item()
    joined = merge_with_next(split_item(_reading(item), 0, second_begins="培育企业"), 0).items[0]
    for name in ("cadences", "targets", "evidence", "leads", "supports"):
        assert set(getattr(joined, name)) == set(getattr(item, name)), name
    assert (joined.deadline, joined.span) == (item.deadline, item.span)


def test_of_two_days_that_are_joined_the_other_is_told() -> None:
    first, second = split_item(_reading(_item()), 0, second_begins="培育企业").items
    late = replace(second, deadline=Deadline(date(2022, 12, 31), Basis.STATED, "年底前"))
    joined = merge_with_next(replace(_reading(first), items=(first, late)), 0).items[0]
    assert any((doubt.field, doubt.words) == (DoubtField.DEADLINE, "年底前") for doubt in joined.doubts)


@pytest.mark.parametrize("number", sorted(readings()))
def test_wherever_a_document_is_cut_nothing_is_lost_and_every_quote_holds(number: str) -> None:
    reading = readings()[number]
    for place, item in enumerate(reading.items):
        words = reading.item_text(item)
        middle = words[len(words) // 2 :][:12].strip()
        try:
            split = split_item(reading, place, second_begins=middle)
        except WordsNotFound:
            continue
        pair = first, second = split.items[place : place + 2]
        for name in ("leads", "supports", "groups"):
            assert {*getattr(first, name), *getattr(second, name)} == set(getattr(item, name))
        assert {_unquoted(c) for half in pair for c in half.cadences} == {_unquoted(c) for c in item.cadences}
        assert {_unquoted(e) for half in pair for e in half.evidence} == {_unquoted(e) for e in item.evidence}
        assert len(first.targets) + len(second.targets) >= len(item.targets)
        led = tuple(replace(half, assigned_leads=(AssignedLead("市商务局", "x"),)) for half in pair)
        check_reading(replace(split, items=led))


def _unquoted(demand: Cadence | EvidenceRequirement) -> Cadence | EvidenceRequirement:
    return replace(demand, quote=None)  # a quote that the cut goes through is in two parts
