"""What each office's paper prints and how its circulars are numbered, from `templates/circulars/offices.toml`."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tracker.domain.circulars.kinds import CircularType
from tracker.domain.errors import BadInput
from tracker.domain.units import UnitKind
from tracker.paper.documents import Form

TEMPLATES = Path(__file__).parents[2] / "templates" / "circulars"


class NoSuchLetterhead(BadInput):
    """The office has no paper for this type of circular; facts: office, type."""

    code = "no_such_letterhead"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """One office's paper for one type of circular; `title` has places {name} and {matter}.

    `joint_with` are the classes of units of the office's level, which may issue it together with the office.
    `organises` is the code of the unit whose evaluations alone the paper is for, empty: it is for anybody's.
    """

    office: str
    name: str
    type: CircularType
    form: Form
    mark: str
    series: str
    title: str
    addressees: str
    copies: str
    note: str
    print_office: str
    sealed: bool
    preprinted: bool
    two_sided: bool
    joint_with: tuple[UnitKind, ...]
    organises: str

    @property
    def may_be_joint(self) -> bool:
        """Tell whether the office issues such papers with others: a brief 「简报」 is its own."""
        return bool(self.joint_with) and self.form is not Form.BRIEF

    def number(self, year: int, running: int) -> str:
        """Write a number of the series: 驻政办督〔2022〕1号, of a brief 第1期. Source: GB/T 9704-2012, 7.2.5."""
        return f"第{running}期" if self.form is Form.BRIEF else f"{self.series}〔{year}〕{running}号"


def letterheads() -> tuple[Letterhead, ...]:
    """Return all papers in the order of the file."""
    return _load(TEMPLATES / "offices.toml")


def letterhead(kind: CircularType, *, office: str = "office") -> Letterhead:
    """Return an office's paper for a type. Raises NoSuchLetterhead."""
    for found in letterheads():
        if found.office == office and found.type is kind:
            return found
    raise NoSuchLetterhead(office=office, type=kind.value)


@lru_cache(maxsize=4)
def _load(path: Path) -> tuple[Letterhead, ...]:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        _letterhead(office, CircularType(name), own)
        for office in content["office"]
        for name, own in office["types"].items()
    )


def _letterhead(office: dict[str, Any], kind: CircularType, own: dict[str, Any]) -> Letterhead:
    form = Form(own["form"])

    def chosen(name: str) -> Any:
        return own.get(name, office[name])

    return Letterhead(
        office=office["code"],
        name=office["name"],
        type=kind,
        form=form,
        mark=office[f"{form.value}_mark"],
        series=own["series"],
        title=own["title"],
        addressees=chosen("addressees"),
        copies=chosen("copies"),
        note=chosen("note"),
        print_office=chosen("print_office"),
        sealed=chosen("sealed"),
        preprinted=chosen("preprinted"),
        two_sided=chosen("two_sided"),
        joint_with=tuple(UnitKind(kind) for kind in chosen("joint_with")),
        organises=own.get("organises", office.get("organises", "")),
    )
