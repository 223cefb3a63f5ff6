"""Loads a scheme of evaluation from its TOML file and holds it against the text of its document."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, TypedDict

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from tracker.domain.scoring.marks import (
    EVERY_MONTH,
    ActsMark,
    Band,
    Case,
    CasesMark,
    ChecksMark,
    GapMark,
    PlacesMark,
    RankMark,
    Roles,
    Source,
    TargetMark,
    Tier,
)
from tracker.domain.scoring.questions import Option, Point, Question, Settled
from tracker.domain.scoring.scheme import Annex, Cohort, Figure, Item, Metric, Scheme, ScoredObject
from tracker.domain.scoring.soundness import InvalidScheme, check_scheme


class BadScheme(ValueError):
    """A scheme's file cannot be used; the message names the file and what is wrong with it."""

    def __init__(self, path: Path, *, problem: str) -> None:
        super().__init__(f"{path.name}: {problem}")


def load_scheme(path: Path, *, text: Path) -> Scheme:
    """Read `scheme.toml` and check its sums and names, and that each source stands verbatim in `text`.

    Raises BadScheme.
    """
    read, scheme = _parsed(path.read_text(encoding="utf-8"), path)
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


def _pairs(value: object) -> object:
    return tuple(value.items()) if isinstance(value, Mapping) else value


Table = BeforeValidator(_pairs)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Book(_Entry):
    """What entries are told by name."""

    sources: dict[str, Source]
    bands: dict[str, tuple[tuple[int, int, Decimal], ...]] = {}

    def cited(self, names: tuple[str, ...]) -> tuple[Source, ...]:
        return tuple(self.sources[name] for name in names)

    def banded(self, name: str) -> tuple[Band, ...]:
        return tuple(Band(first=first, last=last, marks=marks) for first, last, marks in self.bands[name])


class _Common(TypedDict):
    code: str
    name: str
    full: Decimal
    sources: tuple[Source, ...]
    roles: Roles
    months: tuple[int, ...]


class _MarkEntry(_Entry):
    code: str
    name: str
    full: Decimal
    sources: tuple[str, ...]
    roles: Roles = Roles()
    months: tuple[int, ...] = EVERY_MONTH

    def common(self, book: _Book) -> _Common:
        sources = book.cited(self.sources)
        return _Common(
            code=self.code, name=self.name, full=self.full, sources=sources, roles=self.roles, months=self.months
        )


class _TargetEntry(_MarkEntry):
    kind: Literal["target"]
    metric: str
    targets: Annotated[tuple[tuple[str, Decimal], ...], Table]
    per_missing: Decimal

    def mark(self, book: _Book) -> TargetMark:
        return TargetMark(
            **self.common(book),
            metric=self.metric,
            targets=self.targets,
            per_missing=self.per_missing,
        )


class _RankEntry(_MarkEntry):
    """`metrics` where there is one reading, `readings` where there are several."""

    kind: Literal["rank"]
    metrics: tuple[str, ...] = ()
    readings: Annotated[tuple[tuple[str, tuple[str, ...]], ...], Table] = ()
    bands: str

    def mark(self, book: _Book) -> RankMark:
        readings = self.readings or (("", self.metrics),)
        return RankMark(**self.common(book), readings=readings, bands=book.banded(self.bands))


class _GapEntry(_MarkEntry):
    kind: Literal["gap"]
    metric: str
    schedule_figures: Annotated[tuple[tuple[str, str], ...], Table] = ()
    per_point: Decimal

    def mark(self, book: _Book) -> GapMark:
        return GapMark(
            **self.common(book),
            metric=self.metric,
            schedule_figures=self.schedule_figures,
            per_point=self.per_point,
        )


class _PlacesEntry(_MarkEntry):
    kind: Literal["places"]
    metric: str
    additions: tuple[Decimal, ...]

    def mark(self, book: _Book) -> PlacesMark:
        return PlacesMark(**self.common(book), metric=self.metric, additions=self.additions)


class _ActsEntry(_MarkEntry):
    kind: Literal["acts"]
    acts: Annotated[tuple[tuple[str, str], ...], Table]

    def mark(self, book: _Book) -> ActsMark:
        return ActsMark(**self.common(book), acts=tuple(kind for kind, _ in self.acts), act_names=self.acts)


class _CaseEntry(_Entry):
    kind: str
    name: str
    each: Decimal | None = None
    months: tuple[int, ...] = EVERY_MONTH


class _CasesEntry(_MarkEntry):
    kind: Literal["cases"]
    cases: tuple[_CaseEntry, ...]

    def mark(self, book: _Book) -> CasesMark:
        return CasesMark(
            **self.common(book),
            cases=tuple(Case(one.kind, one.name, one.each, one.months) for one in self.cases),
        )


class _ChecksEntry(_MarkEntry):
    kind: Literal["checks"]
    check: str
    tiers: tuple[Tier, ...]
    cap: Decimal | None = None
    cap_item: str = ""

    def mark(self, book: _Book) -> ChecksMark:
        return ChecksMark(
            **self.common(book),
            check=self.check,
            tiers=self.tiers,
            cap=self.cap,
            cap_item=self.cap_item,
        )


_AnyMark = Annotated[
    _TargetEntry | _RankEntry | _GapEntry | _PlacesEntry | _ActsEntry | _CasesEntry | _ChecksEntry,
    Field(discriminator="kind"),
]


class _ItemEntry(_Entry):
    code: str
    label: str
    title: str
    full: Decimal
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    marks: tuple[_AnyMark, ...]

    def item(self, book: _Book) -> Item:
        marks = tuple(one.mark(book) for one in self.marks)
        return Item(self.code, self.label, self.title, self.full, marks, self.floor, self.ceiling)


class _AnnexEntry(_Entry):
    code: str
    label: str
    title: str
    full: Decimal
    items: tuple[_ItemEntry, ...]

    def annex(self, book: _Book) -> Annex:
        return Annex(self.code, self.label, self.title, self.full, tuple(one.item(book) for one in self.items))


class _QuestionEntry(_Entry):
    code: str
    point: Point
    title: str
    words: str
    sources: tuple[str, ...]
    options: tuple[Option, ...]
    covers: tuple[str, ...] = ()

    def question(self, book: _Book) -> Question:
        cited = book.cited(self.sources)
        return Question(self.code, self.point, self.title, self.words, cited, self.options, self.covers)


class _SettledEntry(_Entry):
    point: Point
    choice: str
    sources: tuple[str, ...]
    covers: tuple[str, ...] = ()

    def settled(self, book: _Book) -> Settled:
        return Settled(self.point, self.choice, book.cited(self.sources), self.covers)


class _SchemeFile(_Book):
    code: str
    document: str
    title: str
    full: Decimal
    organiser: str
    from_month: tuple[int, int] | None = None
    objects: tuple[ScoredObject, ...]
    cohorts: tuple[Cohort, ...] = ()
    figures: tuple[Figure, ...]
    metrics: tuple[Metric, ...]
    annexes: tuple[_AnnexEntry, ...]
    questions: tuple[_QuestionEntry, ...] = ()
    settled: tuple[_SettledEntry, ...] = ()

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
        )
