"""What an official document 「公文」 shows. Source: GB/T 9704-2012. Numbers are twips (1/20 pt) unless named."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from tracker.paper.ooxml import CELL_CHARACTER, LINE_PITCH


class Form(StrEnum):
    """File 「文件格式」 (7), letter 「信函格式」 (10.1), brief 「简报格式」 (practice)."""

    FILE = "file"
    LETTER = "letter"
    BRIEF = "brief"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an annex; `character` is the width of one of its characters."""

    head: str
    width: int
    align: str = "left"
    character: int = CELL_CHARACTER


@dataclass(frozen=True, slots=True)
class Annex:
    """A table on pages of its own; its columns' widths add up to the type area's: 8844, landscape 12756."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    landscape: bool = False

    @property
    def width(self) -> int:
        return sum(column.width for column in self.columns)


@dataclass(frozen=True, slots=True)
class Adjustments:
    """What the fitting changed: the gap above signature and 附件说明, body paragraphs set a little tighter.

    `pitch` is the height of a line from the addressees to the date. `divided`: the last paragraph may go over two
    pages, so that its last lines alone stay with the signature. `overleaf`: the imprint stands a page later. For the
    first page to show text (7.3.3) a joint head is `raised`, or the addressees stand `below`, in the imprint (7.3.2).
    """

    gap: int = LINE_PITCH
    tighter: frozenset[int] = frozenset()
    divided: bool = False
    pitch: int = LINE_PITCH
    overleaf: bool = False
    raised: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """Everything a document shows.

    `body` holds (level, text): 0 running text, 1 一、 2 （一） 3 1. 4 （1）. `number` is the 发文字号, of a brief the
    issue 第N期. `preprinted` leaves the head's room free for paper that carries it already. `two_sided` asks for an
    even count of pages, the imprint on the last. `joint` are the organs that issue it together with the host, whose
    name is the signature.
    """

    mark: str
    number: str
    title: str
    body: tuple[tuple[int, str], ...]
    signature: str
    dated_on: date
    addressees: str = ""
    print_office: str = ""
    form: Form = Form.FILE
    annexes: tuple[Annex, ...] = ()
    copies: str = ""
    note: str = ""
    urgency: str = ""
    sealed: bool = False
    preprinted: bool = False
    two_sided: bool = False
    joint: tuple[str, ...] = ()
    adjusted: Adjustments = field(default_factory=Adjustments)

    @property
    def organs(self) -> tuple[str, ...]:
        """Every organ that issues it, the host 「主办机关」 first."""
        return self.signature, *self.joint


def fitted(
    document: OfficialDocument,
    *,
    gap: int | None = None,
    tighter: frozenset[int] | None = None,
    divided: bool | None = None,
    pitch: int | None = None,
    overleaf: bool | None = None,
    raised: bool | None = None,
    below: bool | None = None,
) -> OfficialDocument:
    """Return the document with its spacing adjusted. Source: 7.3.5.5."""
    now = document.adjusted
    return replace(
        document,
        adjusted=Adjustments(
            now.gap if gap is None else gap,
            now.tighter if tighter is None else tighter,
            now.divided if divided is None else divided,
            now.pitch if pitch is None else pitch,
            now.overleaf if overleaf is None else overleaf,
            now.raised if raised is None else raised,
            now.below if below is None else below,
        ),
    )
