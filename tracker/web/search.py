"""The search 「搜索」 in the head of every page: what is found of each kind, the words marked, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from tracker.domain.searching import (
    LONGEST_QUESTION,
    Part,
    SearchKind,
    SearchTooLong,
    SearchTooShort,
    excerpt,
    marked,
    words_of,
)
from tracker.store.queries.audiences import Viewer
from tracker.store.queries.search_hits import Hit, hits
from tracker.store.queries.searching import Found, Sought, find, sought
from tracker.web.access import EVERYBODY, allow, services, viewer
from tracker.web.form_fields import asked_page
from tracker.wording.catalogue import REPORT_NAMES, REPORT_STATES
from tracker.wording.codes import CIRCULAR_NAMES, EDITION_STATES, STATE_NAMES
from tracker.wording.inquiries import HASTE_NAMES
from tracker.wording.refusals import sentence
from tracker.wording.searching import SEARCH_KINDS

pages = Blueprint("search", __name__)
_PAGE = 20
_FIRST = 5
_EXCERPT = 120
_OF_TASKS = {state: name for (machine, state), name in STATE_NAMES.items() if machine == "task"}
_SAID: Mapping[SearchKind, Mapping[str, str]] = {
    SearchKind.TASK: {},
    SearchKind.DOCUMENT: {},
    SearchKind.REPORT: REPORT_NAMES,
    SearchKind.EVIDENCE: REPORT_NAMES,
    SearchKind.CIRCULAR: CIRCULAR_NAMES,
    SearchKind.INSTRUCTION: HASTE_NAMES,
}
_STATES: Mapping[SearchKind, Mapping[str, str]] = {
    SearchKind.TASK: _OF_TASKS,
    SearchKind.DOCUMENT: _OF_TASKS,
    SearchKind.REPORT: REPORT_STATES,
    SearchKind.EVIDENCE: REPORT_STATES,
    SearchKind.CIRCULAR: EDITION_STATES,
    SearchKind.INSTRUCTION: {"open": "未了结", "over": "已了结"},
}
# What nobody reviews is never 「审核通过」: it stands as soon as it has left its unit.
_UNREVIEWED = {
    ("reply", "accepted"): "已送达",
    ("instruction", "accepted"): "已送达",
    ("update", "accepted"): "已报出",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A hit as it is shown; `file` is the address of a file that may be fetched."""

    address: str
    file: str | None
    title: tuple[Part, ...]
    where: tuple[Part, ...]
    state: str | None
    said: str
    at: datetime | None
    text: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind; `address` leads to all of it."""

    kind: SearchKind
    name: str
    count: int
    more: bool
    lines: Sequence[Line]
    address: str


@pages.get("/search")
@allow(*EVERYBODY)
def show() -> ResponseReturnValue:
    """Show the first of every kind, or a page of the one that the address asks for."""
    question = request.args.get("q", "")[: 10 * LONGEST_QUESTION]
    chosen = next((kind for kind in SearchKind if kind.value == request.args.get("kind")), None)
    words, fault = _words(question)
    groups: list[Group] = []
    page = last = 1
    if words:
        with services().database.reading() as session:
            by = viewer(session)
            asked = sought(session, words)
            found = [find(session, asked, kind, viewer=by) for kind in SearchKind]
            if chosen is not None:
                own = next(one for one in found if one.kind is chosen)
                last = max(1, -(-len(own.places) // _PAGE))
                page = min(asked_page(), last)
            for one in found:
                first, length = ((page - 1) * _PAGE, _PAGE) if one.kind is chosen else (0, 0 if chosen else _FIRST)
                groups.append(_group(session, one, asked, by, question, one.places[first : first + length]))
    return render_template(
        "web/search/show.html",
        question=question.strip(),
        searched=bool(words),
        fault=fault,
        groups=groups,
        chosen=next((group for group in groups if group.kind is chosen), None),
        total=sum(group.count for group in groups),
        more=any(group.more for group in groups),
        everything=url_for("search.show", q=question),
        page=page,
        pages=last,
    )


def _words(question: str) -> tuple[tuple[str, ...], str | None]:
    """Return the words of a question, and what is wrong with it."""
    try:
        return words_of(question), None
    except (SearchTooShort, SearchTooLong) as refused:
        return (), sentence(refused)


def _group(session: Session, found: Found, asked: Sought, by: Viewer, question: str, places: Sequence[int]) -> Group:
    lines = hits(session, found.kind, places, words=asked.words, viewer=by) if places else []
    return Group(
        kind=found.kind,
        name=SEARCH_KINDS[found.kind],
        count=len(found.places),
        more=found.more,
        lines=[_line(found.kind, hit, asked.words) for hit in lines],
        address=url_for("search.show", q=question, kind=found.kind.value),
    )


def _line(kind: SearchKind, hit: Hit, words: Sequence[str]) -> Line:
    clause = f"{hit.number or ''} {hit.clause or ''}".strip()
    return Line(
        address=_address(kind, hit.page_id),
        file=url_for("evidence.download", evidence_id=hit.object_id) if kind is SearchKind.EVIDENCE else None,
        title=marked(hit.title, words),
        where=marked(" · ".join(one for one in (clause, hit.unit) if one), words),
        state=(_UNREVIEWED.get((hit.kind or "", hit.state)) or _STATES[kind][hit.state]) if hit.state else None,
        said=_SAID[kind][hit.kind] if hit.kind else "",
        at=hit.at,
        text=excerpt(hit.text, words, length=_EXCERPT),
    )


def _address(kind: SearchKind, id_: int) -> str:
    """Return the page on which what is found stands."""
    match kind:
        case SearchKind.DOCUMENT:
            return url_for("documents.show", document_id=id_)
        case SearchKind.CIRCULAR:
            return url_for("circulars.show", circular_id=id_)
        case SearchKind.TASK | SearchKind.REPORT | SearchKind.EVIDENCE | SearchKind.INSTRUCTION:
            return url_for("tasks.show", task_id=id_)
