"""What papers order, on random cities: of those whom they address, who may be ordered, and of nobody else."""

import random
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.support.circulars import AS_OF, city_facts, facts_about, mixed_city_facts
from tests.support.office import CALENDAR
from tests.support.orders import ordering_sentences, units_ordered
from tracker.domain.calendar import full_date, local_day
from tracker.domain.circulars.addressing import AskedByLetter
from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.facts import Addressed, Facts, TaskFact
from tracker.domain.circulars.figures import NothingToSay, compute
from tracker.domain.circulars.kinds import KINDS, CircularType, Needs
from tracker.domain.circulars.led import OwnPart
from tracker.domain.progress import Work, WorkClass
from tracker.paper.circulars import word
from tracker.paper.letterheads import letterhead

# A number of all, said once more as a number of some of them.
_ALL_OF_THEM = re.compile(r"(?<!\d)(\d+)([项期份])(?:。其中，|（其中|，其中)\D*(?<!\d)\1\2")


def _paper(kind: CircularType, facts: Facts, scope: Scope) -> Content | None:
    try:
        return compute(kind, facts, scope=scope, calendar=CALENDAR)
    except (AskedByLetter, NothingToSay):
        return None


def _scopes(kind: CircularType, facts: Facts, orderable: frozenset[str]) -> list[tuple[Facts, Scope]]:
    unit = facts.forms[0].unit
    about = facts_about(facts, unit, may_be_ordered=unit in orderable)
    document = facts.tasks[0].document
    to_unit = [(about, Scope(unit, document if KINDS[kind].needs is Needs.DOCUMENT else None))]
    return to_unit if KINDS[kind].needs is Needs.UNIT else [*to_unit, (facts, Scope(document=document))]


@pytest.mark.parametrize("kind", [kind for kind in CircularType if KINDS[kind].needs is not Needs.MONTH])
@given(st.integers(0, 9999), st.sampled_from([1, 3, 9, 30]), st.integers(1, 9))
@settings(max_examples=15, phases=[Phase.generate])
def test_whoever_stands_behind_a_number_that_orders_is_addressed_and_may_be_ordered(
    kind: CircularType, seed: int, forms: int, units: int
) -> None:
    city, orderable = mixed_city_facts(random.Random(seed), forms=forms, units=units)
    for facts, scope in _scopes(kind, city, orderable):
        content = _paper(kind, facts, scope)
        if content is None:
            continue
        to = set((content.addressees or "、".join(orderable)).split("、"))
        assert units_ordered(content) <= to & orderable
        owing = {line.unit for line in facts.overdue} & to & orderable
        if any("{answer_by}" in sentence for sentence in ordering_sentences(content)):
            assert owing


def test_an_assignment_drawn_after_the_day_says_when_it_was_handed_out_and_whose_term_is_over() -> None:
    """「现予交办」 weeks later told of terms that were over as if they began today."""
    city = city_facts(random.Random(5), forms=9, units=2)
    document, today = city.tasks[0].document, local_day(AS_OF)
    going_on = replace(city.tasks[0], work=WorkClass(Work.ONGOING), due_on=today + timedelta(days=9))
    old = replace(going_on, issued_on=today - timedelta(days=40))
    supplied = f"上述事项已于{full_date(old.issued_on)}"
    for tasks, told, left in (
        ([replace(going_on, issued_on=today)], "现予交办，请认真贯彻落实。", "补发"),
        ([old], f"{supplied}交办，现补发交办单，各项时限仍按原定计算，不因补发顺延。请认真", "现予交办"),
        ([old, replace(going_on, issued_on=today, task_id=77)], f"{supplied}起陆续交办，现补发", "时限已过的"),
        ([replace(old, due_on=today - timedelta(days=1))], "不因补发顺延。时限已过的，要立即报送", "现予交办"),
    ):
        facts = replace(city, tasks=tuple(tasks), forms=(), overdue=())
        words = _said(compute(CircularType.ASSIGNMENT, facts, scope=Scope(document=document), calendar=CALENDAR))
        assert told in words
        assert left not in words


@pytest.mark.parametrize(
    ("unsigned", "told"),
    [
        ((True, True), "要对照附件逐项签收，明确"),
        ((True, False), "要对照附件明确分管负责人和具体承办人，制定措施，倒排时间。尚未签收的1项，要逐项签收。"),
        ((False, False), "要对照附件明确分管负责人和具体承办人，制定措施，倒排时间。"),
    ],
)
def test_an_assignment_asks_for_the_receipt_of_nothing_that_is_signed(unsigned: tuple[bool, ...], told: str) -> None:
    city = city_facts(random.Random(5), forms=9, units=2)
    going_on = replace(city.tasks[0], work=WorkClass(Work.ONGOING))
    [unit] = going_on.orderable
    tasks = tuple(
        replace(going_on, task_id=n, unsigned=(unit,) if waits else ()) for n, waits in enumerate(unsigned, 1)
    )
    facts, scope = replace(city, tasks=tasks, forms=(), overdue=()), Scope(document=going_on.document)

    def said_of(*tasks: TaskFact) -> str:
        of = replace(facts, tasks=tasks)
        return _said(compute(CircularType.ASSIGNMENT, of, scope=scope, calendar=CALENDAR))

    assert told in said_of(*tasks)
    assert ("签收" in said_of(*tasks)) == any(unsigned)
    several = tuple(replace(task, orderable=(unit, "市某局")) for task in tasks)
    waiting = sum(unsigned)
    assert (f"有承办单位尚未签收的{waiting}项，由尚未签收的单位逐项签收。" in said_of(*several)) == bool(waiting)
    assert "附件逐项签收" not in said_of(*several), "one of them has signed"
    own = tuple(
        replace(task, own=OwnPart(leads=True, awaits_receipt=waits))
        for task, waits in zip(tasks, unsigned, strict=True)
    )
    about = replace(facts, tasks=own, unit=Addressed(unit, may_be_ordered=True, instead=""))
    to_unit = compute(CircularType.ASSIGNMENT, about, scope=Scope(unit, going_on.document), calendar=CALENDAR)
    assert told in _said(to_unit).replace("你县", "你单位").replace("你区", "你单位")


def test_an_order_on_a_document_calls_in_what_its_addressees_owe_and_says_whose_it_is() -> None:
    city, orderable = mixed_city_facts(random.Random(5), forms=60, units=9)
    content = compute(CircularType.NOTICE, city, scope=Scope(document=city.tasks[0].document), calendar=CALENDAR)
    assert content.addressees is not None
    to = content.addressees.split("、")
    owed = [line.unit for line in city.overdue if line.unit in to]
    assert 0 < len(owed) < len(city.overdue)
    assert set(to) <= orderable
    listed = "、".join(f"{unit}{owed.count(unit)}份" for unit in dict.fromkeys(owed))
    assert f"逾期的{len(owed)}份反馈（{listed}），要于印发后第5个工作日（含）前补报或者补正" in _said(content)


@pytest.mark.parametrize("kind", [CircularType.SUPERVISION, CircularType.SPECIAL])
@given(st.integers(0, 9999), st.integers(1, 9))
@settings(max_examples=15, phases=[Phase.generate])
def test_a_paper_on_one_unit_speaks_of_that_unit_and_says_no_number_twice(
    kind: CircularType, seed: int, forms: int
) -> None:
    city, orderable = mixed_city_facts(random.Random(seed), forms=forms, units=1)
    unit = city.forms[0].unit
    about = facts_about(city, unit, may_be_ordered=unit in orderable)
    said = _said(compute(kind, about, scope=Scope(unit), calendar=CALENDAR))
    assert "各单位" not in said
    assert "逾期单位" not in said
    assert _ALL_OF_THEM.search(said) is None
    assert ("没有应补报或者补正的逾期反馈" in said) == (not about.overdue)


@pytest.mark.parametrize("kind", [CircularType.NOTICE, CircularType.ASSIGNMENT])
@given(st.integers(0, 9999), st.integers(1, 9), st.integers(1, 3))
@settings(max_examples=25, phases=[Phase.generate])
def test_an_order_that_goes_to_one_unit_speaks_to_that_unit_and_else_to_all(
    kind: CircularType, seed: int, forms: int, units: int
) -> None:
    city, orderable = mixed_city_facts(random.Random(seed), forms=forms, units=units)
    for facts, scope in _scopes(kind, city, orderable):
        content = _paper(kind, facts, scope)
        if content is None or content.addressees is None:
            continue
        said, alone = _said(content), "、" not in content.addressees
        assert ("你单位" in said) == alone
        assert any(words in said for words in ("各承办单位", "配合单位要", "由牵头单位", "牵头单位对")) != alone


@pytest.mark.parametrize(
    ("name", "told", "of"),
    [("遂平县", "你县", "该县"), ("驿城区", "你区", "该区"), ("市商务局", "你单位", "该单位")],
)
def test_a_county_or_district_is_called_what_it_is(name: str, told: str, of: str) -> None:
    city = city_facts(random.Random(3), forms=30, units=1)
    unit = city.forms[0].unit
    facts = facts_about(city, unit, may_be_ordered=True)
    orders = _said(compute(CircularType.NOTICE, facts, scope=Scope(unit=name), calendar=CALENDAR))
    tells = _said(compute(CircularType.SUPERVISION, facts, scope=Scope(unit=name), calendar=CALENDAR))
    for said, word_for_it in ((orders, told), (tells, of)):
        assert word_for_it in said
        assert ("单位" in word_for_it) == (f"{word_for_it[0]}单位" in said)


def _said(content: Content) -> str:
    return "\n".join(content.fill(words) for _level, words in word(content, letterhead(content.type)).statements)
