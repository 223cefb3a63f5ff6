"""Where the work comes from 「来源」: what documents order, what meetings decided and leaders instructed, each by name.

What is internal is counted in every paper, and named in none that everybody reads.
"""

from collections.abc import Iterator, Sequence

from tracker.domain.circulars.content import Figure, Source
from tracker.domain.circulars.facts import Facts, TaskFact
from tracker.domain.circulars.meanings import MEANINGS
from tracker.domain.circulars.sources import of_task
from tracker.domain.circulars.work_done import CLASS_WORDS, classes
from tracker.domain.quoting import titled

# What a sentence can name; the annex 办理情况统计表 has them all.
_MOST_NAMED = 8


def of_sources(facts: Facts, tasks: Sequence[TaskFact]) -> Iterator[Figure]:
    """Yield how many tasks come from where, where they come from both and the paper is about all of them."""
    internal = [task for task in tasks if task.internal]
    published = [task for task in tasks if not task.internal]
    if facts.unit is not None or not internal or not published:
        return
    yield _figure("from_documents", str(len(published)), published)
    yield _figure("from_internal", str(len(internal)), internal)
    yield _figure("internal_classes", classes(internal), internal)
    named = _by_document(internal)
    if not facts.to_all and 1 < len(named) <= _MOST_NAMED:
        yield _figure("internal_list", "；".join(_told(*one) for one in named.items()), internal)


def _by_document(tasks: Sequence[TaskFact]) -> dict[tuple[str, str], list[TaskFact]]:
    found: dict[tuple[str, str], list[TaskFact]] = {}
    for task in tasks:
        found.setdefault((task.document, task.document_title), []).append(task)
    return found


def _told(document: tuple[str, str], tasks: Sequence[TaskFact]) -> str:
    number, title = document
    return f"{titled(title)}（{number}）{len(tasks)}项，{classes(tasks)}"


def _figure(key: str, words: str, tasks: Sequence[TaskFact]) -> Figure:
    sources: tuple[Source, ...] = tuple(of_task(task, CLASS_WORDS[task.work.work]) for task in tasks)
    return Figure(key, words, MEANINGS[key], sources)
