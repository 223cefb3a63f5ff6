"""Circulars: the type's wording from its template, and the document on the office's paper."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from tracker.domain.circulars.content import Content
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.salutation import printed
from tracker.paper import counted
from tracker.paper.annex_columns import annexes
from tracker.paper.documents import OfficialDocument
from tracker.paper.letterheads import TEMPLATES, Letterhead
from tracker.paper.punctuation import punctuated

Statement = tuple[int, str]
_PLACES = ("县", "区")
_SHARED = "work.txt"  # sentences that several types take from one place


@dataclass(frozen=True, slots=True)
class Draft:
    """A circular's words before they are set: title, addressees, statements with places for figures."""

    title: str
    addressees: str
    copies: str
    note: str
    statements: tuple[Statement, ...]


def template_version(kind: CircularType) -> str:
    """Return the first digits of the template's digest, with what it shares: which wording a circular was made of."""
    words = [(TEMPLATES / name).read_bytes() for name in (f"{kind.value}/body.txt", _SHARED)]
    return hashlib.sha256(b"".join(words)).hexdigest()[:12]


def word(content: Content, head: Letterhead, *, matter: str = "") -> Draft:
    """Put a computed circular into the words of its type's template; figures stay places like {total}."""
    return Draft(
        title=head.title.format(name=head.name, matter=matter or "重点工作"),
        addressees=printed(content.goes_to) or head.addressees,
        copies=head.copies,
        note=head.note,
        statements=tuple(_statements(content)),
    )


def _statements(content: Content) -> list[Statement]:
    templates = SandboxedEnvironment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=False)
    words = templates.get_template(f"{content.type.value}/body.txt").render(
        c=_Counts(content.counts),
        scope=content.scope,
        has=lambda key: key in content.figures,
        parts=counted.parts(
            content.counts, about_unit=bool(content.scope.unit), shares="share_not_started" in content.figures
        ),
        document_lines=counted.document_lines(content.figures),
        causes=counted.causes(content.counts),
        past_deadline=counted.past_deadline(content.counts),
        papers=counted.papers(content.counts),
        own=counted.own(content.counts),
        rate=counted.rate(content.counts),
        returned=counted.returned(content.counts),
        as_long_overdue=len(content.figures["longest"].sources) if "longest" in content.figures else 0,
        behind=counted.behind(content.counts, about_unit=bool(content.scope.unit)),
        changes=counted.changes(content.counts),
        own_unreceived=counted.own_unreceived(content.counts),
        inferred=counted.not_told(content.counts, "inferred", of="ordered"),
        drafted=counted.not_told(content.counts, "drafted", of="ordered"),
        closing=counted.of_them(content.counts, "closing", of="expired"),
        called_in=counted.called_in(content.counts),
    )
    lines = [line.strip() for line in _addressed(words, content.scope.unit).splitlines() if line.strip()]
    return [(len(line) - len(line.lstrip("#")), line.lstrip("#").strip()) for line in lines]


def _addressed(words: str, unit: str | None) -> str:
    """Call a county or district that a paper is about what it is: 你县, 该区; every other body stays 单位."""
    kind = unit[-1] if unit else ""
    if kind not in _PLACES:
        return words
    return words.replace("你单位", f"你{kind}").replace("该单位", f"该{kind}")


class _Counts:
    """Counts by name; one that was not computed is nought."""

    def __init__(self, counts: object) -> None:
        self._counts = dict(counts)  # type: ignore[call-overload] # a mapping

    def __getattr__(self, name: str) -> int:
        return int(self._counts.get(name, 0))


def compose(
    draft: Draft,
    content: Content,
    head: Letterhead,
    *,
    number: str,
    dated_on: date,
    urgency: str = "",
    joint: Sequence[str] = (),
) -> OfficialDocument:
    """Return the document: statements filled with their figures, tables from the same computation.

    `joint` are the organs that issue it together with the office.
    """
    document = OfficialDocument(
        form=head.form,
        mark=head.mark,
        number=number,
        title=draft.title,
        addressees=draft.addressees,
        body=tuple((level, content.fill(words)) for level, words in draft.statements),
        signature=head.name,
        dated_on=dated_on,
        print_office=head.print_office,
        annexes=annexes(content.tables),
        copies=draft.copies,
        note=draft.note,
        urgency=urgency,
        sealed=head.sealed,
        preprinted=head.preprinted,
        two_sided=head.two_sided,
        joint=tuple(joint),
    )
    return punctuated(document)
