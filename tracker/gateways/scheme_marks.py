"""The entries of a scheme's file that say rules for marks: what they look like, and the rule each gives."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, TypedDict

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

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


def _pairs(value: object) -> object:
    return tuple(value.items()) if isinstance(value, Mapping) else value


Table = BeforeValidator(_pairs)


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Book(Entry):
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


class _MarkEntry(Entry):
    code: str
    name: str
    full: Decimal
    sources: tuple[str, ...]
    roles: Roles = Roles()
    months: tuple[int, ...] = EVERY_MONTH

    def common(self, book: Book) -> _Common:
        sources = book.cited(self.sources)
        return _Common(
            code=self.code, name=self.name, full=self.full, sources=sources, roles=self.roles, months=self.months
        )


class _TargetEntry(_MarkEntry):
    kind: Literal["target"]
    metric: str
    targets: Annotated[tuple[tuple[str, Decimal], ...], Table]
    per_missing: Decimal

    def mark(self, book: Book) -> TargetMark:
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

    def mark(self, book: Book) -> RankMark:
        readings = self.readings or (("", self.metrics),)
        return RankMark(**self.common(book), readings=readings, bands=book.banded(self.bands))


class _GapEntry(_MarkEntry):
    kind: Literal["gap"]
    metric: str
    schedule_figures: Annotated[tuple[tuple[str, str], ...], Table] = ()
    per_point: Decimal

    def mark(self, book: Book) -> GapMark:
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

    def mark(self, book: Book) -> PlacesMark:
        return PlacesMark(**self.common(book), metric=self.metric, additions=self.additions)


class _ActsEntry(_MarkEntry):
    kind: Literal["acts"]
    acts: Annotated[tuple[tuple[str, str], ...], Table]

    def mark(self, book: Book) -> ActsMark:
        return ActsMark(**self.common(book), acts=tuple(kind for kind, _ in self.acts), act_names=self.acts)


class _CaseEntry(Entry):
    kind: str
    name: str
    each: Decimal | None = None
    months: tuple[int, ...] = EVERY_MONTH


class _CasesEntry(_MarkEntry):
    kind: Literal["cases"]
    cases: tuple[_CaseEntry, ...]

    def mark(self, book: Book) -> CasesMark:
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

    def mark(self, book: Book) -> ChecksMark:
        return ChecksMark(
            **self.common(book),
            check=self.check,
            tiers=self.tiers,
            cap=self.cap,
            cap_item=self.cap_item,
        )


AnyMark = Annotated[
    _TargetEntry | _RankEntry | _GapEntry | _PlacesEntry | _ActsEntry | _CasesEntry | _ChecksEntry,
    Field(discriminator="kind"),
]
