"""Circulars 「通报」 as everybody reads them who may: the list, and one edition with the figures in its sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.audiences import may_read_sources
from tracker.domain.calendar import local_day
from tracker.domain.circulars.content import BETWEEN_CODES, Content, tokens
from tracker.domain.circulars.days import answer_day, day_from_issue, with_answer_day
from tracker.domain.circulars.editions import PUBLISHED, UNDER_WAY, EditionState, TemplateUnusable
from tracker.domain.circulars.kinds import KINDS, CircularType
from tracker.domain.circulars.paragraphs import left_out, paragraphs
from tracker.editions import check_usable, content_kept, differs_from_original
from tracker.gateways import office_suite
from tracker.gateways.schemes import read_scheme
from tracker.paper.circulars import word
from tracker.paper.letterheads import letterhead, letterheads
from tracker.store.queries.circulars import (
    choices,
    circular_lines,
    circular_to_read,
    next_edition,
    offered_templates,
    redraft_of,
)
from tracker.store.queries.citations import CitedItem, items_cited
from tracker.store.queries.downloads import fetched_paper
from tracker.store.queries.paper_hearers import hearers
from tracker.store.queries.paper_words import contradiction
from tracker.store.queries.published_months import objections_left, tells_newest
from tracker.store.queries.served_papers import service_counts
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.web.access import EVERYBODY, actor, allow, services, viewer
from tracker.web.circular_files import MAKERS, visible
from tracker.web.overtaken_papers import InTheWay, in_the_way, may_redraft
from tracker.web.scoring_since import since_kept
from tracker.web.served import services_seen
from tracker.wording.codes import CIRCULAR_NAMES
from tracker.wording.contacts import contact_in
from tracker.wording.refusals import sentence
from tracker.wording.scoring_months import month_words

pages = Blueprint("circulars", __name__)
# Facts behind a figure on the page; the table of traces has them all.
MOST_SOURCES = 60


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a sentence; `key` names the figure that they are."""

    words: str
    key: str | None = None


@pages.get("/circulars")
@allow(*EVERYBODY)
def index() -> ResponseReturnValue:
    """Show the papers; with `unread` the office sees of those issued only the ones with answers that wait for it.

    With `owed` only those to which units owe an answer after its day.
    """
    with services().database.reading() as session:
        lines, drafts = circular_lines(session, viewer=viewer(session)), actor().role is Role.SUPERVISOR
        today, shown = local_day(services().clock.now()), [line.circular_id for line in lines]
        served = service_counts(session, shown, unit_ids=services_seen(session), today=today)
        unread_answers = {id_ for id_, count in served.items() if count.unread} if drafts else set()
        only_unread = bool(unread_answers and request.args.get("unread"))
        owed_answers = {id_ for id_, count in served.items() if count.owed} if drafts else set()
        only_owed = bool(owed_answers and request.args.get("owed")) and not only_unread
        published = [line for line in lines if line.state in PUBLISHED]
        shown_only = unread_answers if only_unread else owed_answers if only_owed else None
        return render_template(
            "web/circulars/index.html",
            published=[line for line in published if shown_only is None or line.circular_id in shown_only],
            issued=len(published),
            unread_answers=unread_answers,
            only_unread=only_unread,
            only_owed=only_owed,
            under_way=[line for line in lines if line.state not in PUBLISHED],
            may_draft=drafts,
            served=served,
            choices=choices(session) if drafts else None,
            heads=letterheads(),
            layouts=offered_templates(session) if drafts else (),
            types=list(CIRCULAR_NAMES.items()),
            about_month=request.args.get("month", type=int),
        )


@pages.get("/circulars/<int:circular_id>")
@allow(*EVERYBODY)
def show(circular_id: int) -> ResponseReturnValue:
    with services().database.reading() as session:
        reader, today = viewer(session), local_day(services().clock.now())
        anew = redraft_of(session, circular_id=circular_id)
        if anew is not None and circular_to_read(session, circular_id=anew, viewer=reader) is not None:
            return redirect(url_for("circulars.show", circular_id=anew))
        row = visible(session, circular_id)
        content = content_kept(services(), session, row)
        sees = may_read_sources(role := actor().role)
        stopped = in_the_way(session, row, content, today=today) if sees else None
        earlier = circular_to_read(session, circular_id=row.replaces_id, viewer=reader) if row.replaces_id else None
        kind = CircularType(row.type)
        month = session.get(ScoreMonthRow, row.score_month_id) if row.score_month_id is not None else None
        return render_template(
            "web/circulars/circular.html",
            row=row,
            month=f"{month_words(month.month)}考评" if month is not None else "",
            since=since_kept(session, month) if month is not None and sees and row.state in UNDER_WAY else None,
            earlier=earlier,
            differs=differs_from_original(services(), session, row, content),
            content=content,
            in_the_way=stopped,
            objections_left=objections_left(session, row, read=read_scheme) if sees and row.state in UNDER_WAY else 0,
            begins_after=_begins_after(session, row) if sees else None,
            tells_since=KINDS[kind].tells_since,
            cited=_cited(session, content) if content is not None and sees else {},
            sentences=[(one, _stretches(one.words, content)) for one in paragraphs(row.statements)],
            answers_by=_answers_by(row, content),
            **_drawing(row, content),
            needs_leader=KINDS[kind].judges,
            shows_sources=sees,
            told_next=next_edition(session, row) if row.state == EditionState.ISSUED.value and sees else None,
            **_acts(row, content, stopped),
            **_said_beside(session, row, content, sees=sees),
            has_newer=not tells_newest(session, row),
            most_sources=MOST_SOURCES,
            used={key for told in paragraphs(row.statements) for key in tokens(told.words)},
            draws_pages=office_suite.is_present() and role in MAKERS,
            fetched=fetched_paper(session, circular_id) if role in MAKERS and row.state in PUBLISHED else None,
        )


def _drawing(row: CircularRow, content: Content | None) -> dict[str, object]:
    """Tell whether the file of an issued paper is being drawn, and why it will not be where its template takes none."""
    if row.state not in PUBLISHED or row.sha256 is not None or content is None:
        return {"is_drawing": False, "cannot_be_drawn": ""}
    try:
        check_usable(services(), row.layout_id)
    except TemplateUnusable as refusal:
        return {"is_drawing": False, "cannot_be_drawn": sentence(refusal)}
    return {"is_drawing": True, "cannot_be_drawn": ""}


def _acts(row: CircularRow, content: Content | None, stopped: InTheWay | None) -> dict[str, bool]:
    """Return what the viewer may do with an edition; nothing by which it would go on where something stops it."""
    role, state, goes_on = actor().role, EditionState(row.state), stopped is None
    is_maker, drafted_by = role is Role.SUPERVISOR, (row.drafted_by_id, row.drafted_for_id)
    decides = KINDS[CircularType(row.type)].may_approve(role, actor().persons, drafted_by=drafted_by)
    return {
        "may_discard": is_maker and state is EditionState.DRAFT,
        "may_edit": is_maker and state is EditionState.DRAFT and (stopped is None or not stopped.for_good),
        "may_redraft": is_maker and may_redraft(row, content, stopped),
        "may_approve": goes_on and state is EditionState.SUBMITTED and decides,
        "may_send_back": role in MAKERS and state in (EditionState.SUBMITTED, EditionState.APPROVED),
        "may_issue": goes_on and is_maker and state is EditionState.APPROVED,
        "may_withdraw": state is EditionState.ISSUED and decides,
        "may_correct": is_maker and state is EditionState.ISSUED,
    }


def _said_beside(session: Session, row: CircularRow, content: Content | None, *, sees: bool) -> dict[str, object]:
    """Return what the office is told of a paper's words that keeps it from nothing, and what it may put back."""
    kind, misled, gone = CircularType(row.type), None, {}
    if sees and row.state in UNDER_WAY and content is not None:
        head = letterhead(kind, office=row.office)
        gone = left_out(paragraphs(row.statements), word(content, head).statements)
        served = hearers(session, row, content, host=head.name)
        misled = contradiction(session, row, served=served, usual=head.addressees) if served else None
    return {"lacks_contact": KINDS[kind].is_order and not contact_in(row.note), "misled": misled, "left_out": gone}


def _begins_after(session: Session, row: CircularRow) -> CircularRow | None:
    """Return the paper at whose cut-off one begins that tells what was reported since; None of the first."""
    return session.get_one(CircularRow, row.previous_id) if row.previous_id is not None else None


def _answers_by(row: CircularRow, content: Content | None) -> date | None:
    """Return by when an answer would be wanted if a draft that leaves this to its issue were issued today."""
    if content is None or row.state not in UNDER_WAY:
        return None
    today = local_day(services().clock.now())
    dated = with_answer_day(content, day_from_issue(today, services().calendar))
    return answer_day(dated, [one.words for one in paragraphs(row.statements)]) if dated is not content else None


def _cited(session: Session, content: Content) -> Mapping[str, CitedItem]:
    """Return the items that the page shows behind figures, as papers cite them."""
    shown = [source.item_code for figure in content.figures.values() for source in figure.sources[:MOST_SOURCES]]
    return items_cited(session, {code for codes in shown for code in codes.split(BETWEEN_CODES)})


def _stretches(words: str, content: Content | None) -> list[Stretch]:
    """Cut a sentence into words and figures."""
    found, rest = [], words
    for key in tokens(words):
        before, _, rest = rest.partition(f"{{{key}}}")
        figure = content.figures.get(key) if content else None
        found += [Stretch(before), Stretch(figure.words if figure else "（见印发件）", key)]
    return [stretch for stretch in [*found, Stretch(rest)] if stretch.words]
