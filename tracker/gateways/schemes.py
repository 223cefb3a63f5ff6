"""Loads a scheme of evaluation from its TOML file and holds it against the text of its document."""

import tomllib
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from tracker.domain.scoring.questions import Option, Point, Question, Settled
from tracker.domain.scoring.scheme import (
    Annex,
    Cohort,
    Figure,
    FromProjects,
    Item,
    Meeting,
    Metric,
    Publication,
    Scheme,
    ScoredObject,
)
from tracker.domain.scoring.soundness import InvalidScheme, check_scheme, without_effect
from tracker.gateways.scheme_marks import AnyMark, Book, Entry


class BadScheme(ValueError):
    """A scheme's file cannot be used; the message names the file and what is wrong with it."""

    def __init__(self, path: Path, *, problem: str) -> None:
        super().__init__(f"{path.name}: {problem}")


def load_scheme(path: Path, *, text: Path) -> Scheme:
    """Read `scheme.toml`, check its sums, names and first month, and that each source stands verbatim in `text`.

    Every question that is asked beside the marks has an answer that something reads.

    Raises BadScheme.
    """
    read, scheme = _parsed(path.read_text(encoding="utf-8"), path)
    # Rules that were kept before are still read without them; no others are taken over.
    if scheme.issued_on is None or scheme.from_month is None:
        raise BadScheme(path, problem="it says the day of its document (issued_on) and its first month (from_month)")
    if scheme.from_month < (scheme.issued_on.year, scheme.issued_on.month):
        raise BadScheme(path, problem="its first month (from_month) is before the day of its document (issued_on)")
    if idle := without_effect(scheme):
        raise BadScheme(path, problem=f"no answer to {', '.join(idle)} changes anything")
    document = text.read_text(encoding="utf-8")
    for name, source in read.sources.items():
        if source.sentence not in document:
            raise BadScheme(path, problem=f"source {name} does not stand in {text.name}: {source.sentence}")
    return scheme


@lru_cache(maxsize=8)
def read_scheme(content: str) -> Scheme:
    """Return the scheme that a file says which was held against its document before. Raises BadScheme."""
    return _parsed(content, Path("scheme.toml"))[1]


def _parsed(content: str, path: Path) -> "tuple[_SchemeFile, Scheme]":
    try:
        read = _SchemeFile.model_validate(tomllib.loads(content, parse_float=Decimal))
        scheme = read.scheme()
        check_scheme(scheme)
    except KeyError as error:
        raise BadScheme(path, problem=f"no source or bands {error}") from error
    except (tomllib.TOMLDecodeError, ValidationError, InvalidScheme) as error:
        raise BadScheme(path, problem=str(error)) from error
    return read, scheme


class _ItemEntry(Entry):
    code: str
    label: str
    title: str
    full: Decimal
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    marks: tuple[AnyMark, ...]

    def item(self, book: Book) -> Item:
        marks = tuple(one.mark(book) for one in self.marks)
        return Item(self.code, self.label, self.title, self.full, marks, self.floor, self.ceiling)


class _AnnexEntry(Entry):
    code: str
    label: str
    title: str
    full: Decimal
    items: tuple[_ItemEntry, ...]

    def annex(self, book: Book) -> Annex:
        return Annex(self.code, self.label, self.title, self.full, tuple(one.item(book) for one in self.items))


class _QuestionEntry(Entry):
    code: str
    point: Point
    title: str
    words: str
    sources: tuple[str, ...]
    options: tuple[Option, ...]
    covers: tuple[str, ...] = ()
    marks_annexes: tuple[str, ...] = ()

    def question(self, book: Book) -> Question:
        cited = book.cited(self.sources)
        return Question(
            self.code, self.point, self.title, self.words, cited, self.options, self.covers, self.marks_annexes
        )


class _SettledEntry(Entry):
    point: Point
    choice: str
    sources: tuple[str, ...]
    covers: tuple[str, ...] = ()

    def settled(self, book: Book) -> Settled:
        return Settled(self.point, self.choice, book.cited(self.sources), self.covers)


class _MeetingEntry(Entry):
    months: int
    first: int
    last: int
    source: str

    def meeting(self, book: Book) -> Meeting:
        return Meeting(self.months, self.first, self.last, book.sources[self.source])


class _PublicationEntry(Entry):
    source: str
    words: str
    matter: str
    bodies: str
    meeting: _MeetingEntry | None = None
    year: str = ""
    own: str = ""

    def publication(self, book: Book) -> Publication:
        return Publication(
            book.sources[self.source],
            self.words,
            self.matter,
            self.bodies,
            None if self.meeting is None else self.meeting.meeting(book),
            book.sources[self.year] if self.year else None,
            self.own,
        )


class _SchemeFile(Book):
    code: str
    document: str
    title: str
    full: Decimal
    organiser: str
    from_month: tuple[int, int] | None = None
    issued_on: date | None = None
    objects: tuple[ScoredObject, ...]
    cohorts: tuple[Cohort, ...] = ()
    figures: tuple[Figure, ...]
    metrics: tuple[Metric, ...]
    annexes: tuple[_AnnexEntry, ...]
    questions: tuple[_QuestionEntry, ...] = ()
    settled: tuple[_SettledEntry, ...] = ()
    publication: _PublicationEntry | None = None
    from_projects: tuple[FromProjects, ...] = ()
    full_workings: bool = False

    def scheme(self) -> Scheme:
        return Scheme(
            code=self.code,
            document=self.document,
            title=self.title,
            full=self.full,
            organiser=self.organiser,
            annexes=tuple(one.annex(self) for one in self.annexes),
            objects=self.objects,
            cohorts=self.cohorts,
            figures=self.figures,
            metrics=self.metrics,
            questions=tuple(one.question(self) for one in self.questions),
            settled=tuple(one.settled(self) for one in self.settled),
            from_month=self.from_month,
            publication=None if self.publication is None else self.publication.publication(self),
            from_projects=self.from_projects,
            issued_on=self.issued_on,
            full_workings=self.full_workings,
        )
