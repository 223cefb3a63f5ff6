"""Queries that say for whom they ask: how each is asked for the matter of a bureau, and which need not say it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from tests.support.projects import LISTS
from tests.support.two_bureaus import INSIDE as INSIDE_WORD
from tests.support.two_bureaus import NOW, OURS, THEIRS, Bureau, TwoBureaus
from tracker.domain.accounts import Actor
from tracker.domain.entries import AttachedFile
from tracker.domain.filings import FilingKind, FilingState
from tracker.domain.items import AssignmentRole
from tracker.domain.projects.lists import Keeper, read_by
from tracker.domain.searching import SearchKind
from tracker.domain.windows import Reckoning
from tracker.store.queries import (
    absences,
    addressees,
    audiences,
    boxes,
    changes,
    circulars,
    co_issuers,
    documents,
    due_days,
    envelopes,
    evidence,
    form_ends,
    forms,
    granted,
    handlers,
    handovers,
    inquiries,
    inquiry_tasks,
    inquiry_views,
    jottings,
    leads,
    namings,
    objections,
    open_work,
    others_words,
    overtaking,
    owed_lists,
    paper,
    petitions,
    pickers,
    projects,
    readable_enclosures,
    readable_reports,
    receipts,
    reminders,
    saved_views,
    scopes,
    search_hits,
    searching,
    sent_back,
    series_page,
    served_papers,
    share_rows,
    shares,
    task_courts,
    task_ledger,
    task_reports,
    task_rows,
    tasks,
    to_sign,
    units,
    verifying,
)
from tracker.store.queries.audiences import Viewer, viewer_of
from tracker.store.queries.scopes import tasks_for, tasks_listed_for
from tracker.store.tables.absences import HandoverRow
from tracker.store.tables.boxes import BoxFileRow
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.co_issuers import CoIssuerRow
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.enclosures import EnclosureRow
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow, RequestRow
from tracker.store.tables.handlers import ShareHandlerRow
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.jottings import JottingRow
from tracker.store.tables.namings import NamingRow
from tracker.store.tables.projects import ProjectRow
from tracker.store.tables.search import START_BITS
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.served_papers import ServedPaperRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

_BEFORE, _AFTER = NOW - timedelta(days=99), NOW + timedelta(days=99)
# How queries call those for whom they ask; `lead_unit_id` is the lead that a verification is of.
SCOPES = frozenset({"scope", "unit_id", "unit_ids", "actor", "viewer", "user_id", "acted_for"})


def _sent_back(asking: "Asking") -> list[sent_back.SentBack]:
    """Ask what came back after the head sent back the envelope that waited for him."""
    asking.session.get_one(FilingRow, asking.of("unsigned")).state = FilingState.SENT_BACK.value
    asking.session.flush()
    return sent_back.sent_back_envelopes(asking.session, unit_ids=asking.unit_ids)


def _jotted(asking: "Asking") -> None:
    """Let the bureau have written something that it has not sent."""
    if asking.session.scalars(select(JottingRow)).first() is not None:
        return
    row = asking.session.scalars(select(SeriesRow).where(col(SeriesRow.id) == asking.of("series"))).one()
    period_id = asking.of("form")
    asking.session.add(
        JottingRow(
            unit_id=row.unit_id,
            kind="form",
            period_id=period_id,
            field="missed_words",
            text=asking.about.word,
            written_by=asking.about.name,
            written_at=NOW,
        )
    )
    asking.session.flush()


def _handlers(asking: "Asking") -> object:
    share_id = asking.of("working share")
    if asking.session.get(ShareHandlerRow, share_id) is None:
        unit_id = asking.session.get_one(AssignmentRow, share_id).unit_id
        words = f"{asking.about.word}科"
        asking.session.add(
            ShareHandlerRow(assignment_id=share_id, unit_id=unit_id, words=words, set_by="x", set_at=NOW)
        )
        asking.session.flush()
    return Ids("task_id", set(handlers.handlers(asking.session, unit_ids=asking.unit_ids)))


def _told_by_others(asking: "Asking") -> object:
    """Let a unit beside the bureau have told its lead something, and ask what was told of any task."""
    task = asking.session.get_one(TaskRow, asking.of("key task"))
    tasks = select(col(TaskRow.id)).where(col(TaskRow.document_id) == task.document_id)
    beside = select(AssignmentRow).where(
        col(AssignmentRow.task_id).in_(tasks), col(AssignmentRow.role) == AssignmentRole.SUPPORT.value
    )
    share = asking.session.scalars(beside.order_by(col(AssignmentRow.id))).first()
    assert share is not None
    kind, state = FilingKind.UPDATE.value, FilingState.FILED.value
    filing = FilingRow(unit_id=share.unit_id, kind=kind, state=state, written_by="x", written_at=NOW, filed_at=NOW)
    asking.session.add(filing)
    asking.session.flush()
    asking.session.add(
        ReportRow(
            filing_id=filing.id or 0,
            assignment_id=share.id,
            kind=kind,
            state=state,
            text=f"{asking.about.word}的动态",
            written_by="x",
            written_at=NOW,
            filed_at=NOW,
        )
    )
    asking.session.flush()
    every = [id_ or 0 for id_ in asking.session.scalars(select(col(TaskRow.id)))]
    return others_words.words_of_others(asking.session, every, since=_BEFORE, unit_ids=asking.unit_ids)


def _count_handled(asking: "Asking") -> int:
    """Whoever asks handles the share himself, so that nothing but its unit keeps it from others."""
    _handlers(asking)
    asking.session.get_one(ShareHandlerRow, asking.of("working share")).person_id = asking.user_id
    asking.session.flush()
    return handlers.count_handled(asking.session, person_id=asking.user_id or 0, unit_ids=asking.unit_ids)


def _of_projects(asking: "Asking") -> projects.ProjectScope:
    who = Keeper(asking.actor.role, projects.unit_code(asking.session, asking.actor.unit_id))
    return projects.ProjectScope(asking.unit_ids, read_by(who, LISTS))


def _same_file(asking: "Asking") -> AttachedFile:
    file = asking.session.get_one(BoxFileRow, asking.of("box file"))
    return AttachedFile(file.sha256, file.name, file.size_bytes, file.media_type)


def _uses(asking: "Asking") -> object:
    file = asking.session.get_one(BoxFileRow, asking.of("box file"))
    return boxes.uses(asking.session, {file.sha256}, unit_ids=asking.unit_ids).get(file.sha256)


def _jottings(asking: "Asking") -> object:
    _jotted(asking)
    return jottings.jottings_of_units(asking.session, unit_ids=asking.unit_ids)


def _jotted_rows(asking: "Asking") -> object:
    _jotted(asking)
    return Ids("period_id", set(jottings.jotted_rows(asking.session, unit_ids=asking.unit_ids)))


_PLACES = {
    SearchKind.TASK: "task_id",
    SearchKind.REPORT: "report_id",
    SearchKind.EVIDENCE: "evidence_id",
    SearchKind.CIRCULAR: "circular_id",
    SearchKind.INSTRUCTION: "inquiry_id",
}


def _found(asking: "Asking") -> list[tuple[searching.Found, tuple[str, ...]]]:
    """Search all that there is for what the bureau's matter says, and for what is between it and the office."""
    return [
        (found, (word,))
        for word in (asking.about.word, INSIDE_WORD)
        for kind in SearchKind
        if (
            found := searching.find(
                asking.session, searching.sought(asking.session, [word]), kind, viewer=asking.viewer
            )
        ).places
    ]


def _found_ids(asking: "Asking") -> list[object]:
    documents_ = SearchKind.DOCUMENT
    return [
        Ids("document_id", {place >> START_BITS for place in one.places})
        if one.kind is documents_
        else Ids(_PLACES[one.kind], one.places)
        for one, _word in _found(asking)
    ]


def _hits(asking: "Asking") -> list[object]:
    return [
        search_hits.hits(asking.session, one.kind, one.places, words=word, viewer=asking.viewer)
        for one, word in _found(asking)
    ]


@dataclass(frozen=True, slots=True)
class Ids:
    """Ids that a query gives bare, with what they are ids of."""

    of: str
    ids: Any  # Any: some collection of ids

    def __bool__(self) -> bool:
        return bool(self.ids)


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who asks about the matter of a bureau."""

    city: TwoBureaus
    session: Session
    about: Bureau
    actor: Actor

    @property
    def unit_ids(self) -> frozenset[int]:
        return frozenset({self.actor.unit_id} if self.actor.unit_id else ())

    @property
    def unit_id(self) -> int:
        return self.actor.unit_id or 0

    @property
    def user_id(self) -> int:
        return self.actor.user_id or 0

    @property
    def by(self) -> Reckoning:
        return self.city.services.reckoning

    @property
    def viewer(self) -> Viewer:
        return viewer_of(self.session, self.actor)

    def of(self, name: str) -> int:
        return self.city.of(self.about, name)


Ask = Callable[[Asking], object]


def _others(ask: Asking) -> object:
    """Ask which shares the tick of a form speaks of, of all that the bureau has."""
    own = shares.share_facts(
        ask.session, unit_id=ask.city.ids[f"unit {ask.about.code}"], document_id=ask.of("document")
    )
    return shares.other_shares(ask.session, own.values(), unit_id=ask.unit_id)


def _all_shares(ask: Asking) -> list[int]:
    """Return the shares of everybody."""
    return [id_ or 0 for id_ in ask.session.scalars(select(col(AssignmentRow.id)))]


def _asked_itself(ask: Asking) -> Asking:
    """Ask after either bureau was asked something itself."""
    for bureau in (OURS, THEIRS):
        share, inquiry_id = ask.city.of(bureau, "working share"), ask.city.of(bureau, "inquiry to coordinate")
        ask.session.add(AskedRow(inquiry_id=inquiry_id, assignment_id=share))
    ask.session.flush()
    return ask


def _asked_id(ask: Asking) -> int:
    wanted = select(col(AskedRow.id)).where(col(AskedRow.assignment_id) == ask.of("working share"))
    return _asked_itself(ask).session.scalars(wanted).one() or 0


def _told_of_inquiries(ask: Asking) -> Ids:
    task_id = ask.of("working task")
    told = inquiries.told_to(ask.session, task_id=task_id, unit_ids=ask.unit_ids)
    wanted = select(col(EventRow.task_id)).where(told, col(EventRow.task_id) == task_id)
    return Ids("task_id", ask.session.scalars(wanted.where(col(EventRow.type).startswith("inquiry."))).all())


# By module and name: what is asked for, of a thing of the bureau or of everything that the asking unit has.
SCOPED: Mapping[str, Ask] = {
    "addressees.addressees": lambda a: (
        a.unit_id and vars(addressees.addressees(a.session, unit_id=a.unit_id, on=NOW.date()))
    ),
    "absences.absences_of": lambda a: absences.absences_of(a.session, user_id=a.user_id, since=NOW.date()),
    "absences.deputised_by": lambda a: absences.deputised_by(a.session, user_id=a.user_id, since=NOW.date()),
    "absences.may_act_for": lambda a: absences.may_act_for(a.session, user_id=a.user_id, on=NOW.date()),
    "absences.heads_of": lambda a: absences.heads_of(a.session, unit_id=a.unit_id),
    "absences.person": lambda a: absences.person(a.session, user_id=a.user_id),
    "absences.colleagues": lambda a: absences.colleagues(a.session, unit_id=a.unit_id),
    "handovers.handover_lines": lambda a: handovers.handover_lines(a.session, actor=a.actor, limit=9),
    "handovers.handovers_for": lambda a: Ids(
        "handover_id", a.session.scalars(select(col(HandoverRow.id)).where(handovers.handovers_for(a.actor))).all()
    ),
    "handovers.sheet": lambda a: handovers.sheet(a.session, handover_id=a.of("handover"), actor=a.actor),
    "open_work.personal_work": lambda a: open_work.personal_work(a.session, user_id=a.user_id, now=NOW),
    "addressees.one_person": lambda a: addressees.one_person(a.session, user_id=a.user_id),
    "audiences.viewer_of": lambda a: viewer_of(a.session, a.actor),
    "audiences.documents_for": lambda a: Ids(
        "document_id", a.session.scalars(select(col(DocumentRow.id)).where(audiences.documents_for(a.viewer))).all()
    ),
    "audiences.editions_for": lambda a: Ids(
        "circular_id", a.session.scalars(select(col(CircularRow.id)).where(audiences.editions_for(a.viewer))).all()
    ),
    "circulars.circular_lines": lambda a: circulars.circular_lines(a.session, viewer=a.viewer),
    "circulars.circular_to_read": lambda a: circulars.circular_to_read(
        a.session, circular_id=a.of("paper"), viewer=a.viewer
    ),
    "served_papers.papers_with_units": lambda a: served_papers.papers_with_units(a.session, unit_ids=a.unit_ids),
    "served_papers.service_counts": lambda a: Ids(
        "circular_id",
        served_papers.service_counts(a.session, [a.of("paper")], unit_ids=a.unit_ids, today=NOW.date()),
    ),
    "served_papers.services_of_paper": lambda a: served_papers.services_of_paper(
        a.session, circular_id=a.of("paper"), unit_ids=a.unit_ids
    ),
    "served_papers.served_paper": lambda a: served_papers.served_paper(
        a.session, served_id=a.of("urged"), unit_ids=a.unit_ids
    ),
    "co_issuers.co_issuer": lambda a: co_issuers.co_issuer(
        a.session, co_issuer_id=a.of("co-issuer"), unit_ids=a.unit_ids
    ),
    "co_issuers.co_issuers_of": lambda a: co_issuers.co_issuers_of(
        a.session, circular_id=a.of("joint paper"), unit_ids=a.unit_ids
    ),
    "co_issuers.count_countersigns": lambda a: Ids(
        "unit_id", co_issuers.count_countersigns(a.session, unit_ids=a.unit_ids)
    ),
    "co_issuers.to_countersign": lambda a: co_issuers.to_countersign(a.session, unit_ids=a.unit_ids),
    "namings.open_namings": lambda a: namings.open_namings(a.session, unit_ids=a.unit_ids, today=NOW.date()),
    "namings.naming_of_unit": lambda a: namings.naming_of_unit(
        a.session, naming_id=a.of("naming"), unit_ids=a.unit_ids
    ),
    "documents.document_lines": lambda a: documents.document_lines(a.session, viewer=a.viewer),
    "documents.document_view": lambda a: documents.document_view(
        a.session, document_id=a.of("document"), viewer=a.viewer
    ),
    "sent_back.sent_back_envelopes": lambda a: _sent_back(a),
    "envelopes.waiting_envelopes": lambda a: envelopes.waiting_envelopes(a.session, unit_ids=a.unit_ids),
    "envelopes.envelope": lambda a: envelopes.envelope(a.session, filing_id=a.of("unsigned"), unit_ids=a.unit_ids),
    "petitions.waiting_petitions": lambda a: petitions.waiting_petitions(a.session, unit_ids=a.unit_ids),
    "petitions.petitions_sent_back": lambda a: petitions.petitions_sent_back(a.session, unit_ids=a.unit_ids),
    "petitions.petition_of": lambda a: petitions.petition_of(
        a.session, petition_id=a.of("petition"), unit_ids=a.unit_ids
    ),
    "petitions.petitions_on_task": lambda a: petitions.petitions_on_task(
        a.session, task_id=a.of("open task"), unit_ids=a.unit_ids
    ),
    "evidence.evidence_file": lambda a: evidence.evidence_file(
        a.session, evidence_id=a.of("evidence"), unit_ids=a.unit_ids
    ),
    "readable_enclosures.enclosure_file": lambda a: readable_enclosures.enclosure_file(
        a.session, enclosure_id=a.of("enclosure"), unit_ids=a.unit_ids
    ),
    "form_ends.last_settled": lambda a: form_ends.last_settled(a.session, period_id=a.of("form"), unit_id=a.unit_id),
    "forms.form_view": lambda a: forms.form_view(a.session, period_id=a.of("form"), unit_ids=a.unit_ids, now=NOW),
    "forms.form_views": lambda a: forms.form_views(a.session, period_ids=[a.of("form")], unit_ids=a.unit_ids, now=NOW),
    "granted.granted_rows": lambda a: Ids(
        "row_id", {row_id for row_id, _correction in granted.granted_rows(a.session, unit_ids=a.unit_ids)}
    ),
    "projects.projects": lambda a: projects.projects(a.session, scope=_of_projects(a)),
    "projects.project_ids": lambda a: Ids("project_id", set(projects.project_ids(a.session, scope=_of_projects(a)))),
    "projects.project_names": lambda a: [projects.project_names(a.session, [a.of("project")], scope=_of_projects(a))],
    "projects.reads_any_project": lambda a: projects.reads_any_project(a.session, scope=_of_projects(a)),
    "projects.beside_project": lambda a: projects.beside_project(a.session, a.of("project"), scope=_of_projects(a)),
    "projects.site_photo": lambda a: projects.site_photo(a.session, a.of("photo"), scope=_of_projects(a)),
    "projects.readable_projects": lambda a: Ids(
        "project_id",
        set(a.session.scalars(select(col(ProjectRow.id)).where(projects.readable_projects(_of_projects(a))))),
    ),
    "boxes.box_files": lambda a: Ids(
        "number", {one.number for one in boxes.box_files(a.session, unit_ids=a.unit_ids, limit=99)}
    ),
    "changes.changes_since": lambda a: Ids(
        "task_id",
        {one.task_id for one in changes.changes_since(a.session, since=0, unit_ids=a.unit_ids, user_id=0).tasks},
    ),
    "boxes.boxed_already": lambda a: Ids(
        "number", boxes.boxed_already(a.session, [_same_file(a)], unit_id=a.unit_id) if a.unit_id else set()
    ),
    "boxes.count_box_files": lambda a: boxes.count_box_files(a.session, unit_ids=a.unit_ids),
    "boxes.offered_files": lambda a: Ids(
        "number", {one.number for one in boxes.offered_files(a.session, unit_ids=a.unit_ids, today=NOW.date())}
    ),
    "boxes.numbers_of": lambda a: boxes.numbers_of(
        a.session, [_same_file(a).sha256], unit_id=a.unit_id, today=NOW.date()
    ),
    "boxes.chosen_files": lambda a: boxes.chosen_files(a.session, [a.of("box file")], unit_ids=a.unit_ids),
    "boxes.box_file": lambda a: boxes.box_file(a.session, a.of("box file"), unit_ids=a.unit_ids),
    "boxes.uses": lambda a: _uses(a),
    "handlers.handlers": lambda a: _handlers(a),
    "handlers.count_handled": lambda a: _count_handled(a),
    "share_rows.labels_of_shares": lambda a: share_rows.labels_of_shares(
        a.session, [a.of("working share")], unit_ids=a.unit_ids
    ),
    "jottings.jottings_of_units": lambda a: _jottings(a),
    "jottings.jotted_rows": lambda a: _jotted_rows(a),
    "inquiries.inquiries_on": lambda a: inquiries.inquiries_on(
        a.session, task_id=a.of("working task"), unit_ids=a.unit_ids
    ),
    "inquiries.asked_of_units": lambda a: inquiries.asked_of_units(a.session, unit_ids=a.unit_ids),
    "inquiries.open_of_askers": lambda a: inquiries.open_of_askers(a.session, unit_ids=a.unit_ids),
    "inquiries.asked_by_units": lambda a: inquiries.asked_by_units(
        a.session, unit_ids=a.unit_ids, since=NOW - timedelta(days=9)
    ),
    "inquiries.to_coordinate": lambda a: inquiries.to_coordinate(a.session, unit_ids=a.unit_ids),
    "inquiries.own_inquiry": lambda a: inquiries.own_inquiry(
        a.session, inquiry_id=a.of("inquiry"), unit_ids=a.unit_ids
    ),
    "inquiries.inquiry_asked": lambda a: inquiries.inquiry_asked(
        a.session, asked_id=a.of("asked"), unit_ids=a.unit_ids
    ),
    "inquiries.asked_read_by": lambda a: inquiries.asked_read_by(
        a.session, asked_id=a.of("asked of tjj"), unit_ids=a.unit_ids
    ),
    "inquiry_views.writings_for": lambda a: Ids(
        "inquiry_id", a.session.scalars(select(col(InquiryRow.id)).where(inquiry_views.writings_for(a.unit_ids))).all()
    ),
    "inquiries.told_to": lambda a: _told_of_inquiries(a),
    "inquiry_tasks.asked_task": lambda a: inquiry_tasks.asked_task(
        a.session, task_id=a.of("working task"), unit_ids=a.unit_ids
    ),
    "inquiry_tasks.leads_task": lambda a: inquiry_tasks.leads_task(
        a.session, task_id=a.of("working task"), unit_ids=a.unit_ids
    ),
    "inquiry_tasks.tasks_to_ask_on": lambda a: Ids(
        "task_id", inquiry_tasks.tasks_to_ask_on(a.session, unit_ids=a.unit_ids)
    ),
    "leads.tasks_led_by": lambda a: Ids("task_id", a.session.scalars(leads.tasks_led_by(a.unit_ids)).all()),
    "objections.lowered_claims": lambda a: objections.lowered_claims(
        a.session, unit_ids=a.unit_ids, decided_since=NOW - timedelta(days=9)
    ),
    "due_days.due_forms": lambda a: due_days.due_forms(a.session, unit_ids=a.unit_ids, since=_BEFORE, until=_AFTER),
    "due_days.page_of_due": lambda a: due_days.page_of_due(
        a.session, unit_ids=a.unit_ids, since=_BEFORE, until=_AFTER, limit=99, offset=0
    ),
    "due_days.count_due": lambda a: due_days.count_due(a.session, unit_ids=a.unit_ids, since=_BEFORE, until=_AFTER),
    # What names no unit is told of tasks that are selected beside.
    "overtaking.read_by": lambda a: Ids(
        "task_id",
        a.session.scalars(
            select(col(EventRow.task_id)).where(overtaking.read_by(a.unit_ids), col(EventRow.unit_id).is_not(None))
        ).all(),
    ),
    "overtaking.last_acts": lambda a: overtaking.last_acts(
        a.session, named={"task_id": a.of("returned task")}, types=(), unit_ids=a.unit_ids
    ),
    "owed_lists.overdue_lines": lambda a: owed_lists.overdue_lines(a.session, now=NOW, unit_ids=a.unit_ids, limit=99),
    "owed_lists.owed_by_units": lambda a: owed_lists.owed_by_units(a.session, unit_ids=a.unit_ids, now=NOW),
    "paper.paper_lines": lambda a: paper.paper_lines(a.session, now=NOW, unit_id=a.unit_id),
    "pickers.document_choices": lambda a: pickers.document_choices(
        a.session, unit_ids=a.unit_ids, chosen_id=a.of("document")
    ),
    "receipts.count_unreceived": lambda a: receipts.count_unreceived(a.session, unit_ids=a.unit_ids, now=NOW, by=a.by),
    "receipts.new_assignments": lambda a: receipts.new_assignments(a.session, unit_ids=a.unit_ids),
    "reminders.notices_for": lambda a: reminders.notices_for(a.session, user_id=a.user_id, limit=99),
    "scopes.within": lambda a: Ids(
        "unit_id", a.session.scalars(select(col(UnitRow.id)).where(scopes.within(a.unit_ids, col(UnitRow.id)))).all()
    ),
    "series_page.series_page": lambda a: series_page.series_page(
        a.session, series_id=a.of("series"), unit_ids=a.unit_ids, now=NOW
    ),
    "share_rows.own_share": lambda a: share_rows.own_share(
        a.session, task_id=a.of("key task"), unit_ids=a.unit_ids, kind=FilingKind.UPDATE.value, now=NOW
    ),
    "shares.share_facts": lambda a: shares.share_facts(a.session, unit_id=a.unit_id, document_id=a.of("document")),
    "shares.other_shares": _others,
    "saved_views.saved_views": lambda a: saved_views.saved_views(a.session, user_id=a.user_id),
    "task_courts.waits_of": lambda a: Ids(
        "assignment_id", set(task_courts.waits_of(a.session, _all_shares(a), unit_ids=a.unit_ids).unsigned)
    ),
    "task_ledger.roles_counted": lambda a: task_ledger.roles_counted(a.session, unit_ids=a.unit_ids),
    "task_ledger.ledger_tasks": lambda a: task_ledger.ledger_tasks(a.session, unit_ids=a.unit_ids, now=NOW, by=a.by),
    "others_words.words_of_others": lambda a: _told_by_others(a),
    "task_ledger.last_facts": lambda a: task_ledger.last_facts(
        a.session, {id_ or 0 for id_ in a.session.scalars(select(col(TaskRow.id)))}, unit_ids=a.unit_ids
    ),
    "task_reports.task_reports": lambda a: task_reports.task_reports(
        a.session, task_id=a.of("returned task"), unit_ids=a.unit_ids
    ),
    "task_rows.legacy_lines": lambda a: task_rows.legacy_lines(
        a.session, task_id=a.of("working task"), unit_ids=a.unit_ids
    ),
    "tasks.task_view": lambda a: tasks.task_view(
        a.session, task_id=a.of("returned task"), unit_ids=a.unit_ids, now=NOW
    ),
    "readable_reports.readable_reports": lambda a: Ids(
        "report_id",
        a.session.scalars(
            select(col(ReportRow.id))
            .join(FilingRow)
            .outerjoin(AssignmentRow)
            .where(readable_reports.readable_reports(a.unit_ids))
        ).all(),
    ),
    "scopes.tasks_listed_for": lambda a: Ids(
        "task_id", a.session.scalars(select(col(TaskRow.id)).where(tasks_listed_for(a.unit_ids))).all()
    ),
    "search_hits.hits": _hits,
    "searching.find": _found_ids,
    "scopes.tasks_for": lambda a: Ids(
        "task_id", a.session.scalars(select(col(TaskRow.id)).where(tasks_for(a.unit_ids))).all()
    ),
    "units.present_units": lambda a: Ids("unit_id", units.present_units(a.session, a.unit_ids)),
    "units.unit_names": lambda a: units.unit_names(a.session, a.unit_ids),
    "units.units_acted_for": lambda a: Ids("unit_id", units.units_acted_for(a.session, a.actor.unit_id)),
    "units.units_read_for": lambda a: Ids("unit_id", units.units_read_for(a.session, a.actor.unit_id)),
    "verifying.reports_before_leads": lambda a: verifying.reports_before_leads(
        a.session, unit_ids=a.unit_ids, filed_since=NOW - timedelta(days=9)
    ),
    "verifying.may_read_file": lambda a: verifying.may_read_file(
        a.session, evidence_id=a.of("working evidence of yc"), unit_ids=a.unit_ids
    ),
}

# Of these all that is asked for is one thing, of the bureau: another one is given nothing at all.
OF_ONE_THING = frozenset(
    {
        "circulars.circular_to_read",
        "documents.document_view",
        "envelopes.envelope",
        "evidence.evidence_file",
        "form_ends.last_settled",
        "forms.form_view",
        "inquiries.inquiries_on",
        "inquiries.own_inquiry",
        "inquiries.inquiry_asked",
        "inquiries.told_to",
        "inquiry_tasks.asked_task",
        "inquiry_tasks.leads_task",
        "overtaking.last_acts",
        "readable_enclosures.enclosure_file",
        "series_page.series_page",
        "share_rows.own_share",
        "shares.other_shares",
        "shares.share_facts",
        "task_reports.task_reports",
        "task_rows.legacy_lines",
        "tasks.task_view",
        "verifying.may_read_file",
    }
)


def _overdue(ask: Asking) -> int:
    return owed_lists.count_overdue(ask.session, now=NOW, unit_ids=ask.unit_ids)


def _before_leads(ask: Asking) -> int:
    since = NOW - timedelta(days=9)
    return sum(verifying.count_before_leads(ask.session, unit_ids=ask.unit_ids, filed_since=since).values())


def _unread(ask: Asking) -> int:
    return reminders.count_unread(ask.session, user_id=ask.user_id)


def _unread_rows(ask: Asking) -> int:
    rows = ask.session.scalars(select(ReminderRow)).all()
    return sum(row.recipient_id == ask.user_id and row.channel == "in_app" and row.read_at is None for row in rows)


def _papers(ask: Asking) -> int:
    """Ask how many papers wait for the unit: of each bureau one to sign for and one to answer."""
    return sum(served_papers.count_papers(ask.session, unit_ids=ask.unit_ids).values())


def _to_sign(ask: Asking) -> int:
    """Ask how much waits for the head of a bureau."""
    return sum(to_sign.count_to_sign(ask.session, unit_ids=ask.unit_ids).values())


def _asked(ask: Asking) -> int:
    return sum(map(len, inquiries.asked_days(ask.session, unit_ids=ask.unit_ids).values()))


# What only counts, with how much there is for either bureau: a week's and a day's form, what both counties filed.
COUNTED: Mapping[str, tuple[Callable[[Asking], int], Callable[[Asking], int]]] = {
    "inquiries.asked_days": (_asked, lambda _ask: 2),
    "served_papers.count_papers": (_papers, lambda _ask: 2),
    "owed_lists.count_overdue": (_overdue, lambda _ask: 2),
    "to_sign.count_to_sign": (_to_sign, lambda _ask: 3),
    "verifying.count_before_leads": (_before_leads, lambda _ask: 2),
    "reminders.count_unread": (_unread, _unread_rows),
}


def ids_of(city: TwoBureaus, session: Session, bureau: Bureau) -> Mapping[str, set[int]]:
    """Return the ids of all that is a bureau's, members' shares in its tasks with it, by what they are ids of."""
    document = city.of(bureau, "document")

    def of(column: Any, *where: Any) -> set[int]:  # Any: columns of tables
        return {id_ for id_ in session.scalars(select(column).where(*where)) if id_}

    tasks_ = of(TaskRow.id, col(TaskRow.document_id) == document)
    shares_ = of(AssignmentRow.id, col(AssignmentRow.task_id).in_(tasks_))
    series = of(SeriesRow.id, col(SeriesRow.document_id) == document)
    periods = of(PeriodRow.id, col(PeriodRow.series_id).in_(series))
    reports = of(ReportRow.id, col(ReportRow.assignment_id).in_(shares_))
    return {
        "document_id": {document},
        "task_id": tasks_,
        "assignment_id": shares_,
        "series_id": series,
        "period_id": periods,
        "row_id": of(FormRow.id, col(FormRow.period_id).in_(periods)),
        "report_id": reports,
        "filing_id": of(ReportRow.filing_id, col(ReportRow.id).in_(reports)),
        "request_id": of(RequestRow.id, col(RequestRow.assignment_id).in_(shares_)),
        "evidence_id": of(EvidenceRow.id, col(EvidenceRow.report_id).in_(reports)),
        "enclosure_id": of(EnclosureRow.id, col(EnclosureRow.name).contains(bureau.word)),
        "circular_id": of(ServedPaperRow.circular_id, col(ServedPaperRow.unit_id) == city.ids[f"unit {bureau.code}"]),
        "served_id": of(ServedPaperRow.id, col(ServedPaperRow.unit_id) == city.ids[f"unit {bureau.code}"]),
        "naming_id": of(NamingRow.id, col(NamingRow.unit_id) == city.ids[f"unit {bureau.code}"]),
        "co_issuer_id": of(CoIssuerRow.id, col(CoIssuerRow.unit_id) == city.ids[f"unit {bureau.code}"]),
        "unit_id": {city.ids[f"unit {bureau.code}"]},
    }


def told(result: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Yield every value in what a query gave, with the name of the field in which it stands."""
    if isinstance(result, Ids):
        yield from ((result.of, id_) for id_ in result.ids)
    elif isinstance(result, SQLModel):
        own = f"{result.__tablename__}_id"
        yield from ((own if key == "id" else key, value) for key, value in result.model_dump().items())
    elif is_dataclass(result):
        for field in fields(result):
            yield from told(getattr(result, field.name), field.name)
    elif isinstance(result, Mapping):
        for key, value in result.items():
            yield "key", key
            yield from told(value, str(key))
    elif isinstance(result, (list, tuple, set, frozenset)):
        for value in result:
            yield from told(value, name)
    else:
        yield name, result
