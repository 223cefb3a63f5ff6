"""How the tasks of each document, and of each of its parts, stand: counts that lead to their rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from sqlmodel import Session

from tracker.domain.items import chapter_of
from tracker.domain.progress import Work
from tracker.store.queries.documents import chapter_titles, document_lines
from tracker.store.queries.task_ledger import LedgerTask
from tracker.web.access import viewer
from tracker.web.ledger_question import LedgerQuestion


@dataclass(frozen=True, slots=True)
class Part:
    """How the tasks of a document, or of one part of it, stand; each class and `address` lead to them."""

    name: str
    title: str
    total: int
    counts: Sequence[tuple[Work, int, str]]
    address: str

    @property
    def pairs(self) -> list[tuple[Work, int]]:
        return [(work, n) for work, n, _address in self.counts]


@dataclass(frozen=True, slots=True)
class DocumentPart:
    title: str
    whole: Part
    chapters: Sequence[Part]


def document_parts(session: Session, tasks: Sequence[LedgerTask]) -> tuple[DocumentPart, ...]:
    """Count tasks by document and chapter, in reading order, by the classes that every page counts by."""
    headings = chapter_titles(session, {one.standing.document_id for one in tasks})
    titles = {one.document_id: one.title for one in document_lines(session, viewer=viewer(session))}
    documents = dict.fromkeys((one.standing.document_id, one.standing.document) for one in tasks)
    found = []
    for id_, number in documents:
        own = [one for one in tasks if one.standing.document_id == id_]
        chapters = dict.fromkeys(chapter_of(one.standing.label) for one in own)
        parts = [
            _part(
                name,
                [one for one in own if chapter_of(one.standing.label) == name],
                id_,
                title=headings.get((id_, name), ""),
            )
            for name in chapters
            if name
        ]
        found.append(DocumentPart(titles[id_], _part(number, own, id_, chapter=""), parts))
    return tuple(found)


def _part(
    name: str, tasks: Sequence[LedgerTask], document_id: int, *, chapter: str | None = None, title: str = ""
) -> Part:
    question = LedgerQuestion(document_id=document_id, chapter=name if chapter is None else chapter)
    counted: Mapping[Work, int] = Counter(one.standing.work.work for one in tasks)
    ledger = url_for("task_ledger.show")
    return Part(
        name,
        title,
        len(tasks),
        [(work, counted[work], question.of_class(work).address(ledger)) for work in Work if counted[work]],
        question.address(ledger),
    )
