"""The two partitions 「全貌」: where the work stands and where the paper stands; the parts add up and lead to rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from tracker.domain.accounts import EVERY_UNIT, Role
from tracker.domain.calendar import local_day
from tracker.domain.courts import Holder
from tracker.domain.owed import PAPER_ORDER, Paper
from tracker.domain.progress import Work
from tracker.store.queries.paper import PaperLine, by_document, paper_counts, paper_lines
from tracker.store.queries.task_ledger import LedgerTask, ledger_tasks
from tracker.store.queries.work import TaskStanding
from tracker.web.access import allow, services
from tracker.web.document_parts import document_parts
from tracker.web.form_fields import asked_id
from tracker.web.ledger_question import LedgerQuestion
from tracker.web.paging import paging
from tracker.wording.task_ledger import HOLDER_NAMES

pages = Blueprint("overview", __name__)
_PAGE = 50


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How many tasks stand in each class; the parts add up to `total`."""

    parts: Mapping[Work, int]

    @property
    def total(self) -> int:
        return sum(self.parts.values())


@dataclass(frozen=True, slots=True)
class DocumentWork:
    document_id: int
    number: str
    counts: WorkCounts


@dataclass(frozen=True, slots=True)
class CourtLine:
    """How many tasks wait for the same, the oldest since which day."""

    name: str
    count: int
    since: date | None
    address: str


@pages.get("/overview")
@allow(Role.SUPERVISOR, Role.LEADER)
def show() -> ResponseReturnValue:
    now = services().clock.now()
    with services().database.reading() as session:
        paper = paper_lines(session, now=now)
        tasks = ledger_tasks(session, unit_ids=EVERY_UNIT, now=now, by=services().reckoning)
        documents = document_parts(session, tasks)
    work = [task.standing for task in tasks]
    return render_template(
        "web/overview/overview.html",
        documents=documents,
        courts=_courts(tasks),
        papers=PAPER_ORDER,
        paper=paper_counts(paper),
        paper_by_document=by_document(paper),
        works=tuple(Work),
        work=_count(work),
        work_by_document=_by_document(work),
    )


@pages.get("/overview/series")
@allow(Role.SUPERVISOR, Role.LEADER)
def series() -> ResponseReturnValue:
    """List the series of one class of paper, or all; of a unit or a document where asked."""
    with services().database.reading() as session:
        paper, chosen = asked_series(session)
    part = paging(len(chosen), size=_PAGE)
    return render_template(
        "web/overview/series.html", paper=paper, paging=part, lines=part.cut(chosen), filters=_kept()
    )


def asked_series(session: Session) -> tuple[Paper | None, list[PaperLine]]:
    """Return the class of paper that the address asks for, and its series."""
    asked = request.args.get("class", "")
    lines = paper_lines(session, now=services().clock.now(), document_id=asked_id("document"), unit_id=asked_id("unit"))
    paper = Paper(asked) if asked in set(Paper) else None
    return paper, [line for line in lines if paper is None or line.paper is paper]


def _courts(tasks: Sequence[LedgerTask]) -> list[CourtLine]:
    """Count tasks by who has to take the next step, with since when the oldest of them waits."""
    found: dict[Holder, list[LedgerTask]] = {holder: [] for holder in Holder}
    for task in tasks:
        found[task.court.holder].append(task)
    return [
        CourtLine(
            HOLDER_NAMES[holder],
            len(held),
            min((local_day(task.court.since) for task in held if task.court.since is not None), default=None),
            LedgerQuestion(holder=holder).address(url_for("task_ledger.show")),
        )
        for holder, held in found.items()
        if held
    ]


def _count(standings: Iterable[TaskStanding]) -> WorkCounts:
    """Count tasks by class, each class named, so that one pass serves the city and each document."""
    counted = Counter(found.work.work for found in standings)
    return WorkCounts({work: counted[work] for work in Work})


def _by_document(standings: Sequence[TaskStanding]) -> tuple[DocumentWork, ...]:
    documents = dict.fromkeys((found.document_id, found.document) for found in standings)
    return tuple(
        DocumentWork(id_, number, _count(found for found in standings if found.document_id == id_))
        for id_, number in documents
    )


def _kept() -> dict[str, str]:
    """Return what the address asks for, for the list as a workbook."""
    return {name: request.args[name] for name in ("class", "unit", "document") if request.args.get(name)}
