"""Whom a 督查通报 proposes to praise and to criticise by name: each rule, and what it must not take hold of."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.support.circulars import city_facts
from tests.support.office import CALENDAR
from tracker.domain.calendar import full_date
from tracker.domain.circulars.comparing import Previous
from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.facts import Addressed, Facts, OverdueFact, TaskFact
from tracker.domain.circulars.figures import compute
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.led import (
    Answered,
    Confirmed,
    FoundUntrue,
    GivenBack,
    LeadPart,
    LedFacts,
    NamedBefore,
    Unanswered,
    Untrue,
)
from tracker.domain.circulars.naming import LEFT_OUT
from tracker.domain.circulars.proposals import NamingAct, NamingGround
from tracker.domain.circulars.sentences import FigureMoved, check_sentence
from tracker.domain.claims import CauseClass, Claim
from tracker.domain.owed import Paper
from tracker.domain.progress import Work, WorkClass, WorkReason

_AS_OF = datetime(2022, 11, 1, 1, tzinfo=UTC)
_MADE = city_facts(random.Random(1), forms=40, units=3)
_TASK, _FORM = _MADE.tasks[0], _MADE.forms[0]
_LINE = next(line for line in _MADE.overdue)
_MET, _ON_SCHEDULE = WorkClass(Work.COMPLETED_MET), WorkClass(Work.ON_SCHEDULE)
_BEHIND, _PAST = WorkClass(Work.BEHIND), WorkClass(Work.OVERDUE_WORK)
_OWN, _ABOVE = CauseClass.OWN_WORK, CauseClass.UPSTREAM
_URGE = Unanswered(
    unit="市商务局",
    number="驻政办函〔2022〕3号",
    as_of=_AS_OF - timedelta(days=10),
    answer_on=date(2022, 10, 28),
    document=None,
    events=(80,),
)
_UNTRUE = Untrue("2022年9月反馈", date(2022, 10, 12), (75, 76))


def _task(n: int, *, internal: bool = False) -> TaskFact:
    return replace(
        _TASK,
        task_id=n,
        item_code=f"48-{n}",
        label=f"三（{n}）",
        title=f"第{n}件事",
        document="驻政办〔2022〕48号",
        work=_ON_SCHEDULE,
        internal=internal,
        events=(n,),
    )


def _part(n: int, unit: str = "市商务局", **more: Any) -> LeadPart:  # Any: what a part is made of
    told = (Confirmed(Claim.ON_SCHEDULE, None, "2022年9月", (89,)),)
    facts = {"unit_order": 10, "may_be_blamed": True, "work": _ON_SCHEDULE, "told": told, "proved": (90,), **more}
    return LeadPart(task_id=n, unit=unit, **facts)


def _facts(parts: list[LeadPart], *, internal: frozenset[int] = frozenset(), **more: Any) -> Facts:  # Any: the same
    known = ("held_up", "unanswered", "given_back", "untrue", "named", "waiting", "answered")
    leads = {name: more.pop(name) for name in known if name in more}
    tasks = tuple(_task(n, internal=n in internal) for n in sorted({part.task_id for part in parts} | {99}))
    facts = {"forms": (), "overdue": (), "leads": LedFacts(tuple(parts), **leads), **more}
    return Facts(_AS_OF, 99, tasks, **facts)


def _content(
    facts: Facts,
    *,
    kind: CircularType = CircularType.SUPERVISION,
    scope: Scope | None = None,
    before: Facts | None = None,
) -> Content:
    previous = Previous("驻政办督〔2022〕1号", before) if before is not None else None
    return compute(kind, facts, scope=scope or Scope(), calendar=CALENDAR, previous=previous)


def _named(content: Content) -> dict[str, str]:
    """Return what is said of whom."""
    return {one.unit: content.figures[one.key].words for one in content.proposals}


def _three(unit: str = "市商务局", *, first: int = 1, **more: Any) -> list[LeadPart]:  # Any: what a part is made of
    return [_part(n, unit, **more) for n in range(first, first + 3)]


def test_who_has_all_done_or_on_schedule_with_proof_is_proposed_for_praise() -> None:
    parts = [_part(1, work=_MET), _part(2, proved=()), _part(3, proved=()), _part(4, work=WorkClass(Work.NOT_STARTED))]
    content = _content(_facts(parts))
    [one] = content.proposals
    assert (one.unit, one.act, one.grounds) == ("市商务局", NamingAct.PRAISE, (NamingGround.WORK_DONE,))
    assert one.statement == "{naming_a}，予以表扬。"
    assert _named(content) == {
        "市商务局": "截至2022年11月1日，市商务局牵头并已启动的3项事项均已办结或者达序时，其中1项附有经审核的佐证"
    }
    figure = content.figures[one.key]
    assert figure.meaning == "拟表扬的单位和依据"
    assert [source.item_code for source in figure.sources] == ["48-1", "48-2", "48-3"]
    assert 90 in figure.sources[0].events


@pytest.mark.parametrize(
    ("why", "changed"),
    [
        ("too few", {"parts": _three()[:2]}),
        ("not begun", {"parts": [*_three()[:2], _part(3, work=WorkClass(Work.NOT_STARTED))]}),
        ("behind", {"parts": [*_three(), _part(4, work=_BEHIND)]}),
        ("no schedule", {"parts": [*_three(), _part(4, work=WorkClass(Work.ONGOING))]}),
        ("not met", {"parts": [*_three(), _part(4, work=WorkClass(Work.COMPLETED_UNMET))]}),
        ("own word", {"parts": [*_three(), _part(4, work=WorkClass(Work.ON_SCHEDULE, own_claim=True))]}),
        ("unsigned", {"parts": [*_three(), _part(4, work=WorkClass(Work.ON_SCHEDULE, unsigned=True))]}),
        ("not signed for", {"parts": [*_three(), _part(4, work=WorkClass(Work.NOT_STARTED), awaits_receipt=True)]}),
        ("done by another lead", {"parts": [*_three(), _part(4, work=_MET, told=(), proved=())]}),
        ("no proof", {"parts": _three(proved=())}),
        ("a spared class", {"parts": _three(may_be_blamed=False)}),
        ("overdue", {"overdue": (replace(_LINE, unit="市商务局"),)}),
        ("missed", {"forms": (replace(_FORM, unit="市商务局", paper=Paper.UNREPORTED, missed=True),)}),
        ("said nothing", {"given_back": (GivenBack("市商务局", 50),)}),
        ("held up", {"held_up": frozenset({"市商务局"})}),
        ("internal", {"internal": frozenset({3})}),
        ("late in the same paper", {"forms": (replace(_FORM, unit="市商务局", moment=_AS_OF, late=True),)}),
        ("urged in vain", {"unanswered": (_URGE,)}),
    ],
)
def test_nobody_is_praised_for_less(why: str, changed: dict[str, Any]) -> None:  # Any: facts by name
    parts = changed.pop("parts", None) or _three()
    assert not [one for one in _content(_facts(parts, **changed)).proposals if one.act is NamingAct.PRAISE], why


def test_what_went_wrong_before_the_last_circular_is_not_held_against_praise() -> None:
    missed = (replace(_FORM, unit="市商务局", paper=Paper.UNREPORTED, missed=True),)
    facts = _facts(_three(), forms=missed, given_back=(GivenBack("市商务局", 50),))
    before = replace(facts, as_of=_AS_OF - timedelta(days=30), last_event=60)
    assert list(_named(_content(facts, before=before))) == ["市商务局"]
    assert not _content(facts, before=replace(before, forms=())).proposals, "missed since"
    assert not _content(facts, before=replace(before, last_event=40)).proposals, "said nothing since"


@pytest.mark.parametrize(
    ("unit", "on", "praised"),
    [
        ("市商务局", date(2022, 10, 31), False),
        ("市商务局", date(2021, 11, 2), False),
        ("市商务局", date(2021, 11, 1), True),
        ("市水利局", date(2022, 10, 31), True),
    ],
)
def test_nobody_is_praised_within_a_year_of_what_was_found_untrue(unit: str, on: date, praised: bool) -> None:
    """In whatever document, part or task it was, and whatever papers went out since."""
    facts = _facts(_three(), untrue=(FoundUntrue(unit, on),))
    before = replace(facts, as_of=_AS_OF - timedelta(hours=1), last_event=98)
    assert bool(_content(facts).proposals) is praised
    assert bool(_content(facts, before=before).proposals) is praised


@pytest.mark.parametrize(("day", "praised"), [(20, True), (21, False)])
def test_who_ended_work_after_its_deadline_is_not_praised(day: int, praised: bool) -> None:
    facts = _facts(_three(work=_MET, completed_on=date(2022, 10, day)))
    due = replace(facts, tasks=tuple(replace(task, due_on=date(2022, 10, 20)) for task in facts.tasks))
    assert bool(_content(due).proposals) is praised


def test_nobody_is_praised_again_for_what_was_praised() -> None:
    facts = _facts(_three())  # accepted by the event 90
    assert [len(_named_anew(facts, last_event=n)) for n in (89, 90)] == [1, 0]
    blamed = replace(_before(facts, last_event=90)[0], act=NamingAct.BLAME)
    assert len(_content(replace(facts, leads=replace(facts.leads, named=(blamed,)))).proposals) == 1


def test_what_another_unit_did_in_the_same_task_is_nobodys_fault_or_merit() -> None:
    parts = [*_three(), _part(3, "市水利局", unit_order=20, work=_PAST, proved=())]
    acts = {one.unit: one.act for one in _content(_facts(parts)).proposals}
    assert acts == {"市商务局": NamingAct.PRAISE, "市水利局": NamingAct.BLAME}


def test_internal_work_bars_praise_and_is_not_told_to_all() -> None:
    parts = [*_three(), _part(4), _part(5, work=_MET)]
    told = _named(_content(_facts(parts, internal=frozenset({4, 5}))))
    assert told == {
        "市商务局": "截至2022年11月1日，市商务局牵头、文件部署并已启动的3项事项均达序时，均附有经审核的佐证"
    }
    bad = [*_three(), _part(4, work=_PAST)]
    assert _content(_facts(bad, internal=frozenset({4}))).proposals == ()
    about = _content(_facts(bad, internal=frozenset({4})), scope=Scope(document="驻政办〔2022〕48号"))
    assert [one.act for one in about.proposals] == [NamingAct.BLAME], "whoever may open it reads it"


@pytest.mark.parametrize(("units", "praised"), [(1, 1), (9, 1), (19, 1), (20, 2), (30, 3)])
def test_at_most_a_tenth_is_praised_those_with_most_done_first_and_no_rank_is_printed(units: int, praised: int) -> None:
    parts = []
    for n in range(units):
        done = _MET if n == units - 1 else _ON_SCHEDULE
        parts += _three(f"市{n:02}局", first=10 * n, unit_order=n, work=done)
    content = _content(_facts(parts))
    names = [one.unit for one in content.proposals]
    assert len(names) == praised
    assert content.counts[LEFT_OUT] == units - praised
    assert names == sorted(names), "in official order, whoever has done most"
    assert f"市{units - 1:02}局" in names
    assert len({one.key for one in content.proposals}) == praised


def _told(*causes: CauseClass | None, claim: Claim = Claim.BEHIND) -> tuple[Confirmed, ...]:
    return tuple(Confirmed(claim, cause, f"2022年{10 - n}月", (70 + n,)) for n, cause in enumerate(causes))


@pytest.mark.parametrize("told", [(), _told(None), _told(_OWN), _told(_OWN, _ABOVE)])
def test_work_past_its_deadline_is_blamed(told: tuple[Confirmed, ...]) -> None:
    content = _content(_facts([_part(2, work=_PAST, told=told)]))
    [one] = content.proposals
    assert (one.act, one.grounds, one.statement) == (
        NamingAct.BLAME,
        (NamingGround.OVERDUE_WORK,),
        "{naming_a}，予以通报批评。",
    )
    assert _named(content)["市商务局"] == (
        "截至2022年11月1日，市商务局牵头的驻政办〔2022〕48号三（2）“第2件事”时限已过，未报办结情况"
    )
    assert content.figures[one.key].meaning == "拟批评的单位和依据"
    assert content.figures[one.key].sources[0].events[0] == 2


@pytest.mark.parametrize(
    ("why", "changed"),
    [
        ("a cause above", {"told": _told(_ABOVE)}),
        ("waits for the office", {"waits": True}),
        ("given back, and the days for correcting run", {"mending": True}),
        ("a spared class", {"may_be_blamed": False}),
        ("behind once", {"work": _BEHIND, "told": _told(_OWN)}),
        ("a cause above once", {"work": _BEHIND, "told": _told(_OWN, _ABOVE)}),
        ("a cause above at last", {"work": _BEHIND, "told": _told(_ABOVE, _OWN)}),
        ("no cause recorded", {"work": _BEHIND, "told": _told(_OWN, None)}),
        ("on schedule before", {"work": _BEHIND, "told": (*_told(_OWN), *_told(_OWN, claim=Claim.ON_SCHEDULE))}),
        ("told on no form", {"work": _BEHIND, "told": (*_told(_OWN), replace(_told(_OWN)[0], period=""))}),
        ("own word", {"work": replace(_BEHIND, own_claim=True), "told": _told(_OWN, _OWN)}),
        ("behind, and waits", {"work": _BEHIND, "told": _told(_OWN, _OWN), "waits": True}),
        ("awaits figures", {"work": WorkClass(Work.AWAITING_FIGURES), "told": _told(_OWN, _OWN)}),
        ("completion under review", {"work": WorkClass(Work.COMPLETION_PENDING)}),
        ("unknown", {"work": WorkClass(Work.UNKNOWN)}),
    ],
)
def test_nobody_is_blamed_for_less(why: str, changed: dict[str, Any]) -> None:  # Any: facts by name
    assert _content(_facts([_part(2, **{"work": _PAST, **changed})])).proposals == (), why


def test_an_internal_matter_is_blamed_in_no_paper_to_all() -> None:
    assert _content(_facts([_part(2, work=_PAST)], internal=frozenset({2}))).proposals == ()


def test_who_is_behind_in_two_periods_by_own_doing_is_blamed() -> None:
    content = _content(_facts([_part(2, work=_BEHIND, told=_told(_OWN, _OWN))]))
    assert content.proposals[0].grounds == (NamingGround.BEHIND_TWICE,)
    said = "在2022年9月、2022年10月均经审核确认未达序时，登记的原因均为工作推进不力"
    assert _named(content)["市商务局"].endswith(f"“第2件事”{said}")


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"told": _told(_ABOVE)},
        {"waits": True, "mending": True},
        {"work": _MET, "told": (Confirmed(Claim.DONE, None, "2022年9月", (77, 78)),)},
    ],
)
def test_who_reported_what_is_untrue_is_blamed_whatever_was_reported_since(more: dict[str, Any]) -> None:  # Any: facts
    content = _content(_facts([_part(2, untrue=(_UNTRUE,), **more)]))
    [one] = content.proposals
    assert (one.act, one.grounds) == (NamingAct.BLAME, (NamingGround.FALSITY,))
    assert _named(content)["市商务局"] == (
        "截至2022年11月1日，市商务局牵头的驻政办〔2022〕48号三（2）“第2件事”的2022年9月反馈，"
        "经督查室审核认定弄虚作假（2022年10月12日）"
    )
    assert [(one.item_code, one.period, one.status, one.events) for one in content.figures[one.key].sources] == [
        ("48-2", "2022年9月反馈", "认定弄虚作假", (75, 76))
    ]


def test_what_is_untrue_stands_beside_the_other_grounds_and_is_said_of_no_one_who_may_not_be_blamed() -> None:
    [one] = _content(_facts([_part(2, work=_PAST, untrue=(_UNTRUE,))])).proposals
    assert one.grounds == (NamingGround.OVERDUE_WORK, NamingGround.FALSITY)
    spared = _facts([_part(2, may_be_blamed=False, untrue=(_UNTRUE,))])
    internal = _facts([_part(2, untrue=(_UNTRUE,))], internal=frozenset({2}))
    cancelled = _facts([_part(2, work=WorkClass(Work.CANCELLED), untrue=(_UNTRUE,))])
    assert [_content(facts).proposals for facts in (spared, internal, cancelled)] == [(), (), ()]


def test_who_is_to_be_blamed_for_what_is_untrue_is_not_praised_in_the_same_paper() -> None:
    found = (FoundUntrue("市商务局", _UNTRUE.found_on),)
    content = _content(_facts([*_three()[:2], _part(3, work=_MET, untrue=(_UNTRUE,))], untrue=found))
    assert [one.act for one in content.proposals] == [NamingAct.BLAME]


def test_what_reads_alike_is_said_once() -> None:
    again = replace(_UNTRUE, events=(78, 79))
    content = _content(_facts([_part(2, untrue=(_UNTRUE, again))]))
    [said] = _named(content).values()
    assert said.count("认定弄虚作假") == 1
    assert len(content.figures[content.proposals[0].key].sources) == 2


def test_what_was_found_since_a_paper_named_the_unit_is_proposed_though_it_reads_alike() -> None:
    facts = _facts([_part(2, untrue=(_UNTRUE,))])
    assert [len(_named_anew(facts, last_event=n)) for n in (75, 76)] == [1, 0]
    again = _facts([_part(2, untrue=(_UNTRUE, replace(_UNTRUE, what="办结报告", events=(78, 79))))])
    [said] = _named(_content(replace(again, leads=replace(again.leads, named=_before(facts))))).values()
    assert ("2022年9月反馈" in said, "办结报告，经督查室审核认定弄虚作假" in said) == (False, True)


def _overdue(**more: Any) -> OverdueFact:  # Any: what a line is made of
    facts = {"unit": "市商务局", "since": _AS_OF - timedelta(days=20), "internal": False, "spared": None, **more}
    return replace(_LINE, **facts)


def test_who_left_a_demand_unanswered_and_owes_still_is_blamed_with_its_other_grounds() -> None:
    facts = _facts([_part(2, work=_PAST)], overdue=(_overdue(),), unanswered=(_URGE,))
    content = _content(facts)
    [one] = content.proposals
    assert one.grounds == (NamingGround.OVERDUE_WORK, NamingGround.URGED_IN_VAIN)
    words = content.figures[one.key].words
    assert (
        "未报办结情况；对驻政办函〔2022〕3号（要求于2022年10月28日（含）前答复，尚未签收）未予答复，所催反馈仍有1份未报或者未补正"
        in words
    )
    assert [source.events for source in content.figures[one.key].sources][1] == (80,)
    signed = _content(replace(facts, leads=replace(facts.leads, unanswered=(replace(_URGE, signed_on=_AS_OF.date()),))))
    assert f"前答复，{full_date(_AS_OF.date())}签收）未予答复" in signed.figures[signed.proposals[0].key].words


def test_a_unit_named_for_a_demand_is_not_named_for_it_again_once_it_signed() -> None:
    """A unit that signs for a 催办单 after it was named changes what is said of it, not what it was named for."""
    silent = _facts([], overdue=(_overdue(),), unanswered=(_URGE,))
    [told] = _before(silent)
    again = replace(silent, leads=replace(silent.leads, named=(told,)))
    assert _content(again).proposals == ()
    signed = replace(again, leads=replace(again.leads, unanswered=(replace(_URGE, signed_on=_AS_OF.date()),)))
    assert _content(signed).proposals == ()
    former = replace(told, words=told.words.replace("（含）前", "前"))
    assert former != told
    assert _content(replace(signed, leads=replace(signed.leads, named=(former,)))).proposals == (), "of an older paper"


@pytest.mark.parametrize(
    ("why", "line", "urge"),
    [
        ("the day itself", {}, {"answer_on": date(2022, 11, 1)}),
        ("overdue since", {"since": _AS_OF - timedelta(days=2)}, {}),
        ("another document", {}, {"document": "驻政〔2022〕1号"}),
        ("another unit", {"unit": "市水利局"}, {}),
        ("internal", {"internal": True}, {}),
        ("a spared class", {"spared": "垂直管理单位"}, {}),
    ],
)
def test_a_demand_is_not_in_vain_before_that(
    why: str, line: dict[str, Any], urge: dict[str, Any]
) -> None:  # Any: facts
    facts = _facts([], overdue=(_overdue(**line),), unanswered=(replace(_URGE, **urge),))
    assert _content(facts).proposals == (), why


@pytest.mark.parametrize(
    ("why", "answered", "blamed"),
    [
        ("all that it owed", {"document": None}, False),
        ("of that document", {}, False),
        ("another document", {"document": "驻政〔2022〕1号"}, True),
        ("another unit", {"unit": "市水利局"}, True),
        ("made before it", {"as_of": _URGE.as_of - timedelta(days=1)}, True),
        ("before this was overdue", {"as_of": _AS_OF - timedelta(days=21)}, True),
    ],
)
def test_what_was_answered_to_a_later_demand_is_held_against_nobody(
    why: str, answered: dict[str, Any], blamed: bool
) -> None:  # Any: facts by name
    facts = {"unit": "市商务局", "as_of": _AS_OF - timedelta(days=2), "document": "驻政办〔2022〕48号", **answered}
    line = _overdue(document="驻政办〔2022〕48号")
    content = _content(_facts([], overdue=(line,), unanswered=(_URGE,), answered=(Answered(**facts),)))
    assert bool(content.proposals) is blamed, why


def test_of_what_was_urged_nothing_is_held_against_a_unit_that_lies_with_others() -> None:
    rows = tuple(replace(_LINE.spans[0].rows[0], item_code=f"48-{n}", label=f"三（{n}）", place=(0, n)) for n in (2, 3))
    line = _overdue(spans=(replace(_LINE.spans[0], rows=rows),), document="驻政办〔2022〕48号")
    parts = [_part(2, proved=()), _part(3, proved=())]
    of = {
        both: _named(
            _content(
                _facts(parts, overdue=(line,), unanswered=(_URGE,), waiting=frozenset(("市商务局", n) for n in both))
            )
        )
        for both in ((), (2,), (2, 3))
    }
    assert "三（2）、三（3）" in of[()]["市商务局"]
    assert ("三（2）" in of[2,]["市商务局"], "三（3）" in of[2,]["市商务局"]) == (False, True)
    assert of[2, 3] == {}


def _before(facts: Facts, *, days: int = 1, last_event: int = 99) -> tuple[NamedBefore, ...]:
    """Return what a paper that was issued then said, made of the same facts."""
    content = _content(facts)
    return tuple(
        NamedBefore(one.unit, one.act, content.figures[one.key].words, _AS_OF - timedelta(days=days), last_event)
        for one in content.proposals
    )


def _named_anew(facts: Facts, *, days: int = 1, last_event: int = 99) -> list[str]:
    leads = replace(facts.leads, named=_before(facts, days=days, last_event=last_event))
    return list(_named(_content(replace(facts, leads=leads))).values())


@pytest.mark.parametrize(
    "facts",
    [
        _facts([_part(2, work=_PAST)]),
        _facts([_part(2, work=_BEHIND, told=_told(_OWN, _OWN))]),
        _facts([], overdue=(_overdue(),), unanswered=(_URGE,)),
        _facts([_part(2, untrue=(_UNTRUE,))]),
    ],
)
def test_what_a_paper_named_a_unit_for_is_not_proposed_again(facts: Facts) -> None:
    assert _named_anew(facts) == []
    of_another = replace(facts.leads, named=tuple(replace(one, unit="市水利局") for one in _before(facts)))
    assert len(_content(replace(facts, leads=of_another)).proposals) == 1


def test_of_one_deadline_a_unit_is_named_once_whatever_is_missing_by_then() -> None:
    silent = _facts([_part(2, work=_PAST)])
    returned = _facts([_part(2, work=replace(_PAST, reason=WorkReason.UNCORRECTED))])
    assert "退回后尚未补正" in _named(_content(returned))["市商务局"]
    assert _content(replace(returned, leads=replace(returned.leads, named=_before(silent)))).proposals == ()


def test_what_came_since_a_paper_named_the_unit_is_proposed() -> None:
    passed = _facts([_part(2, work=_PAST)])
    later = replace(passed, tasks=tuple(replace(task, due_on=date(2022, 10, 25)) for task in passed.tasks))
    assert len(_named_anew(later, days=10)) == 1, "its deadline was moved, and passed again"
    assert _named_anew(later, days=5) == []
    more = _facts([_part(2, work=_PAST), _part(3, work=_PAST)])
    [said] = _named(_content(replace(more, leads=replace(more.leads, named=_before(passed))))).values()
    assert ("第3件事" in said, "第2件事" in said) == (True, False)
    behind = _facts([_part(2, work=_BEHIND, told=_told(_OWN, _OWN))])  # accepted by the events 70 and 71
    assert [len(_named_anew(behind, last_event=n)) for n in (69, 70, 71)] == [1, 0, 0]
    again = replace(_URGE, number="驻政办函〔2022〕13号")
    urged = _facts([], overdue=(_overdue(),), unanswered=(_URGE,))
    leads = replace(urged.leads, unanswered=(_URGE, again), named=_before(urged))
    [said] = _named(_content(replace(urged, leads=leads))).values()
    assert ("〕13号" in said, "〕3号" in said) == (True, False)


def test_praise_in_a_paper_about_a_document_speaks_of_that_document_only() -> None:
    content = _content(_facts(_three()), scope=Scope(document="驻政办〔2022〕48号"))
    assert _named(content) == {
        "市商务局": "截至2022年11月1日，市商务局牵头并已启动的驻政办〔2022〕48号所列3项事项均达序时，均附有经审核的佐证"
    }


def test_no_other_paper_proposes_anybody() -> None:
    facts = _facts([*_three(), _part(7, "市水利局", unit_order=20, work=_PAST)])
    assert len(_content(facts).proposals) == 2
    assert _content(facts, kind=CircularType.SPECIAL).proposals == ()
    about = replace(facts, unit=Addressed("驻马店市商务局", may_be_ordered=True, instead=""))
    assert _content(about, scope=Scope(unit="驻马店市商务局")).proposals == ()


def test_a_proposal_stands_in_its_own_sentence_and_in_no_other() -> None:
    facts = _facts([*_three(), _part(7, "市水利局", unit_order=20, work=_PAST)])
    content = _content(facts)
    praise, blame = (one.statement for one in content.proposals)
    check_sentence(praise, content=content, before=())
    check_sentence(blame, content=content, before=())
    for words in (
        "{naming_a}，予以通报批评。",
        "经核查，{naming_b}，予以通报批评。",
        "{naming_a}。",
        f"{praise}{blame}",
    ):
        with pytest.raises(FigureMoved):
            check_sentence(words, content=content, before=(praise, blame))


def test_of_a_demand_about_all_what_a_later_one_about_a_document_was_answered_for_is_left_out() -> None:
    answered, owed = _overdue(document="驻政办〔2022〕48号"), _overdue(series_id=999, document="驻政〔2022〕1号")
    later = Answered("市商务局", _AS_OF - timedelta(days=2), "驻政办〔2022〕48号")
    content = _content(_facts([], overdue=(answered, owed), unanswered=(_URGE,), answered=(later,)))
    assert "所催反馈仍有1份未报" in _named(content)["市商务局"]
    assert [one.item_code for one in content.figures[content.proposals[0].key].sources][1:] == [
        "、".join(row.item_code for row in owed.rows) or owed.document
    ]
