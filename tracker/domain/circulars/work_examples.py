"""What was done, document by document: which accepted reports a paper quotes, and in what words.

A number alone is in the annexes; quoted is what says what somebody did.
"""

import re
from collections.abc import Iterator, Sequence

from tracker.domain.circulars.content import Figure, Source
from tracker.domain.circulars.facts import Facts, TaskFact
from tracker.domain.circulars.listing import some_of
from tracker.domain.circulars.meanings import MEANINGS
from tracker.domain.circulars.results import Result
from tracker.domain.circulars.sources import of_task
from tracker.domain.circulars.work_done import CLASS_WORDS, cited, classes
from tracker.domain.claims import Claim
from tracker.domain.progress import Work
from tracker.domain.quoting import nested, titled

# What a text of a few pages can tell, of a document and in all; the annexes hold the rest.
_MOST_OF_A_DOCUMENT, _MOST_EXAMPLES, _MOST_SILENT = 2, 8, 3
_LETTERS = "abcdefgh"  # one for each document of which something is told
_GOOD = frozenset({Work.COMPLETED_MET, Work.ON_SCHEDULE, Work.ONGOING})
_GOOD_CLAIMS = (Claim.DONE, Claim.ON_SCHEDULE, Claim.ONGOING_ACTIVE)
# So many characters besides numbers and days say what was done at least: 召开推进会, not 签约项目; so many say it well.
_LEAST_DONE, _WELL_TOLD = 5, 12
# e.g. 2022年10月9日, 3个, 80%, 12.5亿元
_COUNTED = re.compile(
    r"(?:截至)?\d[\d.,]*(?:[年月日%％]|[万亿]?[元吨]|平方米|公里|[个项家人次条处件笔户名场所座份户])?"
)
# What says how far it is, or that somebody looked, and not what was done.
_NO_DEED = re.compile(
    "核对进度|更新(?:工作)?台账|(?:年度|本项)确定的|(?:具体|目标)任务|建设节点|(?:已|累计)?完成|正在|推进(?!会)|进展|有序|顺利|按(?:计划|序时)"
)
_HAN = re.compile("[\u4e00-\u9fff]")


def examples(tasks: Sequence[TaskFact], facts: Facts) -> list[tuple[TaskFact, Result]]:
    """Return the best results of a document that the office accepted since the circular before, of each unit one.

    Done before on schedule, what tells well what was done before the rest, figures before facts.
    """
    told = [(task, one) for task in tasks for one in task.results if is_new(one, facts) and _tells(task, one)]
    told.sort(
        key=lambda pair: (_GOOD_CLAIMS.index(pair[1].claim or Claim.DONE), not _is_well_told(*pair), not pair[1].values)
    )
    first: dict[str, tuple[TaskFact, Result]] = {}
    for task, one in told:
        if task.task_id not in {before.task_id for before, _one in first.values()}:
            first.setdefault(one.unit, (task, one))
    return list(first.values())[:_MOST_OF_A_DOCUMENT]


def is_new(one: Result, facts: Facts) -> bool:
    """Tell whether a report was accepted in the span that the circular tells of: after the last event of the one
    before, which told what was accepted by then.
    """
    return facts.since is None or max(one.events, default=0) > facts.since_event


def went_well(task: TaskFact, one: Result) -> bool:
    """Tell whether the office accepted that work is done, on schedule or going on."""
    return task.work.work in _GOOD and one.claim in _GOOD_CLAIMS


def _tells(task: TaskFact, one: Result) -> bool:
    return went_well(task, one) and _done(task, one) >= _LEAST_DONE


def _is_well_told(task: TaskFact, one: Result) -> bool:
    return _done(task, one) >= _WELL_TOLD


def _done(task: TaskFact, one: Result) -> int:
    """Count the characters of a fact that say what was done: neither numbers nor days nor the item's own name."""
    bare = one.fact.replace(task.title, "").replace(nested(task.title), "")
    return len(_HAN.findall(_NO_DEED.sub("", _COUNTED.sub("", bare))))


class OfDocuments:
    """Tells of each document how its work stands, in paragraphs that stand by letters: {total_a}, {results_a}."""

    def __init__(self, facts: Facts, tasks: Sequence[TaskFact]) -> None:
        self._by_document: dict[tuple[str, str], list[TaskFact]] = {}
        for task in tasks:
            if not (facts.to_all and task.internal):
                self._by_document.setdefault((task.document, task.document_title), []).append(task)
        self._facts = facts
        began = ((key, examples(told, facts)) for key, told in self._by_document.items())
        self._chosen = _cut_down({key: chosen for key, chosen in began if chosen})

    @property
    def accepted(self) -> int:
        """How many of the items have something accepted since the circular before, quoted or not."""
        return sum(self._accepted_of(tasks) for tasks in self._by_document.values())

    @property
    def silent(self) -> list[tuple[str, str]]:
        """Of which documents nothing was accepted since the circular before, where something of another is quoted."""
        return [key for key, tasks in self._by_document.items() if self._chosen and not self._accepted_of(tasks)]

    def _accepted_of(self, tasks: Sequence[TaskFact]) -> int:
        return sum(any(is_new(one, self._facts) for one in task.results) for task in tasks)

    def figures(self) -> Iterator[Figure]:
        """Yield the figures of each paragraph: the document, how many of its items stand in which class, results; and
        of which other documents nothing was accepted, or nothing is quoted.
        """
        for letter, ((number, title), chosen) in zip(_LETTERS, self._chosen.items(), strict=False):
            tasks = self._by_document[number, title]
            told = [of_task(task, CLASS_WORDS[task.work.work]) for task in tasks]
            of_it = _of_documents([(number, title)])
            yield Figure(f"document_{letter}", f"{titled(title)}（{number}）", "所依据的文件", of_it)
            yield Figure(f"total_{letter}", str(len(tasks)), "该文件已交办的事项", tuple(told))
            yield Figure(f"classes_{letter}", classes(tasks), "该文件事项按办理情况分类", tuple(told))
            words = "；".join(_told_result(task, one) for task, one in chosen)
            sources = [of_result(task, one) for task, one in chosen]
            yield Figure(f"results_{letter}", words, "经审核认可的反馈所报的事实和数据", tuple(sources))
        if self._chosen:
            silent = self.silent
            numbers = some_of([number for number, _title in silent], _MOST_SILENT, "件文件")
            yield Figure("documents_silent", numbers, MEANINGS["documents_silent"], _of_documents(silent))
            unquoted = [key for key in self._by_document if key not in self._chosen and key not in silent]
            words = str(len(unquoted))
            yield Figure("documents_unquoted", words, MEANINGS["documents_unquoted"], _of_documents(unquoted))


def _of_documents(documents: Sequence[tuple[str, str]]) -> tuple[Source, ...]:
    return tuple(Source(number, "", "", None, title, ()) for number, title in documents)


def _cut_down(
    chosen: dict[tuple[str, str], list[tuple[TaskFact, Result]]],
) -> dict[tuple[str, str], list[tuple[TaskFact, Result]]]:
    """Leave as many examples as a paper tells: of each of the first documents one, then of each another."""
    told = dict(list(chosen.items())[:_MOST_EXAMPLES])
    room = _MOST_EXAMPLES - len(told)
    found = {}
    for key, every in told.items():
        found[key] = every[: 1 + room]
        room -= len(found[key]) - 1
    return found


def _told_result(task: TaskFact, one: Result) -> str:
    """Say what a unit did for which item; a fact that names the item itself is followed by the clause alone."""
    named = task.title in one.fact or nested(task.title) in one.fact
    return f"{one.unit}{one.words}（{task.label}）" if named else f"{cited(task)}，{one.unit}{one.words}"


def of_result(task: TaskFact, one: Result) -> Source:
    """Return an accepted report as the fact behind a sentence."""
    return Source(task.item_code, one.unit, "", None, "反馈经审核认可", one.events or task.events)
