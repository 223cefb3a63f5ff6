"""The ledger of tasks: 「台账总表」 of the office and the leaders, 「本单位台账」 of a unit's people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.domain.downloads import XLSX, Fetched
from tracker.domain.items import chapter_of
from tracker.domain.light_kinds import LightColour
from tracker.domain.progress import Work
from tracker.domain.saved_views import LONGEST_NAME
from tracker.gateways.ledger_files import Cell, csv_table, workbook
from tracker.store.queries.pickers import Choice
from tracker.store.queries.task_ledger import LastFact, LedgerTask, last_facts, ledger_tasks, rhythms_of_shares
from tracker.store.queries.units import unit_names
from tracker.web.access import UNITS, actor, allow, reads_for, services
from tracker.web.downloads import send_made
from tracker.web.ledger_lines import EXPORTED, LedgerLine, exported_row, found_in, ledger_line
from tracker.web.ledger_question import LedgerQuestion, Sort, asked_for, in_order, read_question
from tracker.web.ledger_views import READERS, own_views, ready_views
from tracker.web.paging import paging
from tracker.wording.catalogue import LEAD_BASES
from tracker.wording.task_ledger import (
    COLUMN_NAMES,
    HOLDER_NAMES,
    LIGHT_CHOICES,
    RECEIPT_CHOICES,
    ROLE_NAMES,
    TERM_NAMES,
)
from tracker.wording.work import WORK_NAMES

pages = Blueprint("task_ledger", __name__)
_PAGE = 50
_CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Found:
    """What a question finds among `everything` that the viewer reads.

    `counts` are by class, of what every filter but the class lets pass; `tasks` are in order. `facts` are known of
    those that were searched.
    """

    everything: Sequence[LedgerTask]
    counts: Mapping[Work, int]
    tasks: Sequence[LedgerTask]
    facts: Mapping[int, LastFact]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def empty(self) -> tuple[Work, ...]:
        return tuple(work for work, count in self.counts.items() if not count)


@pages.get("/ledger")
@allow(*READERS)
def show() -> ResponseReturnValue:
    """List the tasks that the address asks for, a page of them, or all for paper."""
    question, now = read_question(request.args), services().clock.now()
    with services().database.reading() as session:
        found = _find(session, question, now=now)
        part = paging(len(found.tasks), size=_PAGE)
        lines = _lines(session, part.cut(found.tasks), found.facts, today=local_day(now))
        views = own_views(session)
        choices = _choices(session, question, found.everything)
    return render_template(
        "web/task_ledger/show.html",
        question=question,
        found=found,
        lines=lines,
        paging=part,
        own=actor().role in UNITS,
        keeping=request.args.get("keep") == "1",
        red=sum(one.standing.lights.shown.colour is LightColour.RED for one in found.everything),
        behind=sum(one.standing.work.work is Work.BEHIND for one in found.everything),
        heads=_heads(question),
        choices=choices,
        ready=ready_views(),
        views=views,
        most_of_name=LONGEST_NAME,
        columns=COLUMN_NAMES,
    )


@pages.get("/ledger.xlsx")
@allow(*READERS)
def as_workbook() -> ResponseReturnValue:
    """Send all that the address asks for as a workbook."""
    made = workbook(_table(), title=_name(), columns=tuple(EXPORTED), widths=tuple(EXPORTED.values()))
    return send_made(made, name=f"{_name()}.xlsx", media_type=XLSX, what=Fetched.TASK_LEDGER, of=None)


@pages.get("/ledger.csv")
@allow(*READERS)
def as_csv() -> ResponseReturnValue:
    """Send all that the address asks for as CSV."""
    made = csv_table(_table(), columns=tuple(EXPORTED))
    return send_made(made, name=f"{_name()}.csv", media_type=_CSV, what=Fetched.TASK_LEDGER, of=None)


def _name() -> str:
    return "本单位台账" if actor().role in UNITS else "台账总表"


def _table() -> list[list[Cell]]:
    question, now = read_question(request.args), services().clock.now()
    today = local_day(now)
    with services().database.reading() as session:
        found = _find(session, question, now=now)
        lines = _lines(session, found.tasks, found.facts, today=today)
    told = enumerate(zip(found.tasks, lines, strict=True), start=1)
    return [exported_row(number, task, line, today=today) for number, (task, line) in told]


def _find(session: Session, question: LedgerQuestion, *, now: datetime) -> Found:
    """Answer a question; how every task stands is judged once, for the lines, the counts and what may be chosen."""
    unit_ids = reads_for(session)
    everything = ledger_tasks(session, unit_ids=unit_ids, now=now, by=services().reckoning)
    asked = asked_for(question, everything, now=now, user_id=actor().user_id)
    facts: Mapping[int, LastFact] = {}
    if question.words:
        facts = last_facts(session, [one.standing.task_id for one in asked], unit_ids=unit_ids)
        asked = [one for one in asked if found_in(one, facts.get(one.standing.task_id), question.words)]
    counts = Counter(one.standing.work.work for one in asked)
    tasks = [one for one in asked if question.work in (None, one.standing.work.work)]
    return Found(everything, {work: counts[work] for work in Work}, in_order(question, tasks), facts)


def _lines(
    session: Session, tasks: Sequence[LedgerTask], facts: Mapping[int, LastFact], *, today: date
) -> list[LedgerLine]:
    """Put tasks into words, with what was last told of them where that was not asked for the search."""
    known = facts or last_facts(session, [one.standing.task_id for one in tasks], unit_ids=reads_for(session))
    rhythms = rhythms_of_shares(session, [share_id for one in tasks for share_id in one.share_ids])
    return [
        ledger_line(
            one,
            known.get(one.standing.task_id),
            list(dict.fromkeys(kind for share_id in one.share_ids for kind in rhythms.get(share_id, ()))),
            today=today,
        )
        for one in tasks
    ]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column by which the lines may be ordered; `turned` how they are by it now."""

    address: str
    turned: str | None


def _heads(question: LedgerQuestion) -> Mapping[str, Head]:
    turned = "descending" if question.backwards else "ascending"
    return {
        sort.value: Head(
            question.sorted_by(sort).address(url_for("task_ledger.show")), turned if sort is question.sort else None
        )
        for sort in Sort
    }


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: of the documents, chapters and units only such as the viewer's own lines have."""

    documents: Sequence[Choice]
    chapters: Sequence[str]
    units: Sequence[Choice]
    roles: Mapping[str, str]
    bases: Mapping[str, str]
    works: Mapping[str, str]
    lights: Mapping[str, str]
    holders: Mapping[str, str]
    terms: Mapping[str, str]
    receipts: Mapping[str, str]


def _choices(session: Session, question: LedgerQuestion, tasks: Sequence[LedgerTask]) -> Choices:
    documents = {one.standing.document_id: one.standing.document for one in tasks}
    chapters = [chapter_of(one.standing.label) for one in tasks if one.standing.document_id == question.document_id]
    units = unit_names(session, {id_ for one in tasks for part in (one.leads, one.supports) for id_ in part})
    return Choices(
        documents=[Choice(id_, name) for id_, name in documents.items()],
        chapters=[chapter for chapter in dict.fromkeys(chapters) if chapter],
        units=[Choice(id_, name) for id_, name in units.items()],
        roles=ROLE_NAMES,
        bases=LEAD_BASES,
        works={work.value: name for work, name in WORK_NAMES.items()},
        lights=LIGHT_CHOICES,
        holders={holder.value: name for holder, name in HOLDER_NAMES.items()},
        terms=TERM_NAMES,
        receipts=RECEIPT_CHOICES,
    )
