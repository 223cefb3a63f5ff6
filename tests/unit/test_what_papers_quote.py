"""Papers quote what was done, of each unit one thing, and tell leaders what units call behind themselves."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.support.led_tasks import behind_task
from tests.support.office import CALENDAR
from tests.support.papers import said
from tracker.domain.circulars.comparing import Previous
from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.facts import Facts, TaskFact
from tracker.domain.circulars.figures import compute
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.results import Result
from tracker.domain.claims import Claim
from tracker.domain.progress import Work, WorkClass

_GOOD = WorkClass(Work.ON_SCHEDULE)


def _of(*tasks: TaskFact, kind: CircularType = CircularType.SPECIAL) -> Content:
    facts = Facts(datetime(2022, 11, 1, 1, tzinfo=UTC), 99, tasks, (), ())
    return compute(kind, facts, scope=Scope(), calendar=CALENDAR)


def _told(n: int, fact: str, *, unit: str | None = None, values: tuple[str, ...] = ()) -> TaskFact:
    task = behind_task(n, None)
    result = replace(task.results[0], claim=Claim.ON_SCHEDULE, fact=fact, values=values, unit=unit or f"市{n}局")
    same = {"document": "驻政办〔2022〕48号", "document_title": "方案"}
    return replace(task, work=_GOOD, results=(result,), **same)  # type: ignore[arg-type] # two fields that are words


@pytest.mark.parametrize(
    "fact", ["签约项目3个", "截至9月30日，已完成80%", "核对进度，本项确定的5个具体任务已完成1个", ""]
)
def test_a_number_without_what_was_done_is_no_example(fact: str) -> None:
    weak = _told(1, fact, values=("截至2022年9月30日，签约项目3个（目标不低于9个）",))
    assert "results_a" not in _of(weak).figures
    assert "经审核认可的反馈没有可供列举的具体做法。" in said(_of(weak)), "and not that nothing was accepted"
    text = said(_of(weak, _told(2, "赴外对接企业8家，4家来驻考察并提出投资方案")))
    assert "市2局赴外对接企业8家" in text
    assert "市1局" not in text


def test_a_paper_quotes_only_what_was_accepted_since_the_one_before_it() -> None:
    deed = "赴外对接企业8家，4家来驻考察并提出投资方案"
    old, new = _told(1, deed), _told(2, f"组织招商推介会，{deed}")
    old, new = (
        replace(task, results=(replace(task.results[0], events=(seq,)),)) for task, seq in ((old, 50), (new, 51))
    )
    before = Facts(datetime(2022, 10, 18, 1, tzinfo=UTC), 50, (old,), (), ())

    def told(*tasks: TaskFact) -> str:
        facts = Facts(datetime(2022, 11, 1, 1, tzinfo=UTC), 99, tasks, (), ())
        previous = Previous("督查专报第1期", before)
        return said(compute(CircularType.SPECIAL, facts, scope=Scope(), calendar=CALENDAR, previous=previous))

    assert "其中，2022年10月18日以来经审核认可的有：" in told(old, new)
    assert "市2局组织招商推介会" in told(old, new)
    assert "市1局" not in told(old, new)
    assert "2022年10月18日以来，没有新的经审核认可的进展情况。" in told(old)
    assert "具体做法" not in told(old)
    assert "市1局赴外对接企业8家" in said(_of(old)), "of the first paper everything is new"


def test_a_paper_quotes_eight_examples_at_most_of_each_document_one_before_any_has_two() -> None:
    def documents(count: int) -> list[int]:
        tasks = [_told(n, f"第{n}次赴外对接企业8家，4家来驻考察并提出投资方案") for n in range(2 * count)]
        found = [replace(task, document=f"驻政办〔2022〕{n // 2}号", task_id=n + 1) for n, task in enumerate(tasks)]
        figures = _of(*found).figures
        return [figures[key].words.count("；") + 1 for key in figures if key.startswith("results_")]

    assert documents(3) == [2, 2, 2]
    assert documents(6) == [2, 2, 1, 1, 1, 1]
    assert documents(9) == [1] * 8


def test_of_documents_without_an_example_is_said_why() -> None:
    deed = "赴外对接企业8家，4家来驻考察并提出投资方案"
    told, bare = _told(1, deed), replace(_told(2, "签约项目3个"), document="驻政办〔2022〕50号")
    none = [replace(_told(n, ""), document=f"驻政〔2022〕{n}号", results=()) for n in range(3, 7)]
    assert "经审核认可的进展情况" not in said(_of(told))
    assert "不作列举" not in said(_of(told))
    assert "其余1件文件经审核认可的反馈不作列举。" in said(_of(told, bare))
    assert "驻政〔2022〕3号所定事项目前尚无经审核认可的进展情况。" in said(_of(told, bare, none[0]))
    assert "3号、驻政〔2022〕4号、驻政〔2022〕5号等4件文件所定事项目前尚无经审核" in said(_of(told, *none))
    assert "驻政〔2022〕3号" not in said(_of(*none)), "said of all of it, and once"


def test_of_a_document_two_units_are_quoted_at_most_and_each_once() -> None:
    deed = "赴外对接企业8家，4家来驻考察并提出投资方案"
    one_unit = [_told(n, f"第{n}次{deed}", unit="市1局") for n in (1, 2, 3)]
    others = [_told(n, f"第{n}次{deed}") for n in (4, 5, 6, 7)]
    words = _of(*one_unit, *others).figures["results_a"].words
    assert [words.count(f"市{n}局") for n in (1, 4, 5)] == [1, 1, 0]
    assert _of(*one_unit).figures["results_a"].words.count("；") == 0


@pytest.mark.parametrize(
    ("own", "words"),
    [(0, "均达序时。"), (1, "均达序时（其中自报1项）。"), (3, "均达序时（均系自报）。")],
)
def test_the_paragraph_of_a_document_says_what_of_its_classes_is_a_units_own_word(own: int, words: str) -> None:
    told = [_told(n, "赴外对接企业8家，4家来驻考察并提出投资方案") for n in range(1, 4)]
    tasks = [replace(task, work=replace(_GOOD, own_claim=n < own)) for n, task in enumerate(told)]
    assert f"共3项，{words}" in said(_of(*tasks))
    behind = replace(behind_task(9, None), document="驻政办〔2022〕48号", document_title="方案")
    several = {0: "达序时3项", 1: "达序时3项（其中自报1项）", 3: "达序时3项（均系自报）"}
    assert f"共4项，{several[own]}、未达序时1项。" in said(_of(*tasks, behind))


def _claimed(n: int, *, run: int = 1, named: bool = True) -> TaskFact:
    claim = Result(
        unit=f"市{n}局",
        claim=Claim.BEHIND,
        fact="正在协调用地",
        values=("截至2022年10月31日，签约项目3个（目标不低于9个，按序时应为6个）",),
        told_on=date(2022, 11, 1),
        run=run,
        events=(70 + n,),
    )
    return replace(behind_task(n, None, own=True, named=named), results=(), claims=(claim,))


def test_leaders_are_told_what_units_call_behind_themselves_the_longest_first() -> None:
    content = _of(_claimed(1), _claimed(2, run=3), _claimed(3, named=False))
    assert "单位自报未达序时、尚未核定的3项，自报情况为：" in said(content)
    words = content.figures["claimed_listed"].words
    assert words.index("市2局连续3期自报，截至2022年10月31日，签约项目3个") < words.index("市1局自报，截至")
    assert "按序时应为6个" in words
    assert "市3局" not in said(content), "whom no paper criticises"
    assert {72, 71} <= {seq for one in content.figures["claimed_listed"].sources for seq in one.events}


def test_nobody_but_leaders_is_told_numbers_that_the_office_has_not_judged() -> None:
    content = _of(_claimed(1, run=3), kind=CircularType.SUPERVISION)
    assert "单位自报未达序时、尚未核定的1项，核定后写明进度。" in said(content)
    assert "签约项目3个" not in said(content)
