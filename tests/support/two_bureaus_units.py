"""What the two bureaus do: each gets its instruction, asks, disputes and reports; the office decides some of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO

from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.office import BY, ISSUED_AT
from tests.support.site import Site
from tests.support.two_bureaus import FILED, GOT, INSIDE, NOW, Bureau, TwoBureaus
from tests.support.two_bureaus_reading import MATTERS, instruction
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import AttachedFile, Entry
from tracker.domain.events.inquiries import AskedShare, InquiryAsked
from tracker.domain.filings import FilingKind, Outcome, RequestKind, ReturnReason
from tracker.domain.instructions import Haste
from tracker.domain.petitions import Asked
from tracker.domain.verdicts import Verdict
from tracker.store import event_log
from tracker.store.tables.documents import DocumentRow, ItemTargetRow
from tracker.store.tables.filings import EvidenceRow, ReportRow
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.series import LegacyPeriodRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow, TriggerRow
from tracker.store.tables.units import UnitRow
from tracker.usecases import inquiring, instructing
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import close_task, suspend_task
from tracker.usecases.filing import SubmitForm, SubmitOne, sign_off, submit_form, submit_one
from tracker.usecases.handling import set_handler
from tracker.usecases.inquiring import Ask
from tracker.usecases.instructing import Instruct
from tracker.usecases.issuing import issue_document
from tracker.usecases.keeping_evidence import put_in_box
from tracker.usecases.petitioning import petition, send_petition_back, sign_petition
from tracker.usecases.registering import approve_document, register_document
from tracker.usecases.report_demands import mark_key
from tracker.usecases.requesting import RequestExtension, dispute_share, grant_extension, request_extension
from tracker.usecases.returning import return_report
from tracker.usecases.triggers import RecordTrigger, record_trigger

_IN_THE_FORM = ("working", "returned", "lowered", "objected", "key")


@dataclass
class Life:
    """The city while it is played; `ids` are given away with it."""

    site: Site
    ids: dict[str, int] = field(default_factory=dict)

    @property
    def city(self) -> TwoBureaus:
        return TwoBureaus(self.site.services, self.ids)


def issue(life: Life, bureau: Bureau) -> None:
    """Issue the instruction of a bureau; an event starts the clock of one of its tasks."""
    office = life.city.actor("office")
    read = instruction(bureau.word, number=bureau.number, bureau=(bureau.name, bureau.code))
    with life.site.services.database.transaction() as session:
        register_document(session, read, actor=office, at=ISSUED_AT)
        approve_document(session, number=bureau.number, basis=f"{bureau.word}批示", actor=office, at=ISSUED_AT)
        issue_document(session, number=bureau.number, actor=office, at=ISSUED_AT, by=BY)
        session.flush()
        document = session.scalars(select(DocumentRow).where(col(DocumentRow.number) == bureau.number)).one()
        life.ids[f"{bureau.code}.document"] = document.id or 0
        wanted = select(TaskRow).where(col(TaskRow.document_id) == document.id).order_by(col(TaskRow.id))
        for matter, task in zip(MATTERS, session.scalars(wanted).all(), strict=True):
            _name(life, session, bureau, matter, task)
        running = life.ids[f"{bureau.code}.running task"]
        event = RecordTrigger(running, GOT, f"{bureau.word}发生疫情")
        record_trigger(session, event, actor=office, at=GOT, calendar=BY.calendar)
        session.flush()
        wanted_trigger = select(col(TriggerRow.id)).where(col(TriggerRow.task_id) == running)
        life.ids[f"{bureau.code}.trigger"] = session.scalars(wanted_trigger).one() or 0


def _name(life: Life, session: Session, bureau: Bureau, matter: str, task: TaskRow) -> None:
    life.ids[f"{bureau.code}.{matter} task"] = task.id or 0
    target = select(col(ItemTargetRow.id)).where(col(ItemTargetRow.item_id) == task.item_id)
    life.ids[f"{bureau.code}.{matter} target"] = session.scalars(target).first() or 0
    shares = select(col(UnitRow.code), col(AssignmentRow.id)).join(UnitRow).where(col(AssignmentRow.task_id) == task.id)
    for code, id_ in session.execute(shares).all():
        life.ids[f"{bureau.code}.{matter} share" + ("" if code == bureau.code else f" of {code}")] = id_ or 0


def ask(life: Life, bureau: Bureau) -> None:
    """Dispute one share, ask for more time on two, on one of them a second time; pause one task."""
    city, ids, word = life.city, life.ids, bureau.word
    liaison, office = city.actor(bureau.code), city.actor("office")
    with city.database.transaction() as session:
        share = city.of(bureau, "disputed share")
        ids[f"{bureau.code}.dispute"] = dispute_share(
            session, assignment_id=share, reason=f"{word}{INSIDE}不属我局", actor=liaison, at=GOT, by=BY
        )
        suspended = city.of(bureau, "suspended task")
        suspend_task(session, task_id=suspended, reason=f"{word}中止", actor=office, at=GOT)
        mark_key(session, task_id=city.of(bureau, "key task"), reason=f"{word}点题", actor=office, at=GOT, by=BY)
    for matter, day in (("extended", 14), ("extended again", 12), ("extended again", 14)):
        with city.database.transaction() as session:
            row_id = city.row(session, bureau, matter).id or 0
            command = RequestExtension(row_id, date(2022, 10, day), f"{word}{INSIDE}待会签")
            request = request_extension(session, command, actor=liaison, at=FILED)
            ids[f"{bureau.code}.extension" + (" of the leader" if "again" in matter else "")] = request
            if day == 12:
                grant_extension(session, request_id=request, actor=office, at=FILED, by=BY)


def _entry(
    session: Session, share_id: int, said: str, file: AttachedFile | None = None, *, claim: Claim = Claim.ON_SCHEDULE
) -> Entry:
    share = session.get_one(AssignmentRow, share_id)
    item_id = session.get_one(TaskRow, share.task_id).item_id
    targets = session.scalars(select(col(ItemTargetRow.id)).where(col(ItemTargetRow.item_id) == item_id)).all()
    reached = 2.0 if claim is Claim.DONE else 1.0
    values = {id_ or 0: (reached, date(2022, 9, 26)) for id_ in targets}
    content = RowContent(claim=claim, text=f"9月26日{said}。")
    return Entry(share_id, content, values, files=(file,) if file else ())


def kept_file(life: Life, words: str, *, name: str = "{}.txt", media_type: str = "text/plain") -> AttachedFile:
    """Put words into the store as a file of a name."""
    kept = life.site.services.evidence.store(BytesIO(words.encode()))
    return AttachedFile(kept.sha256, name.format(words), kept.size_bytes, media_type)


def _form_of(session: Session, document_id: int, unit_id: int) -> int:
    """Return the period of September of a unit's monthly form."""
    wanted = (
        select(col(PeriodRow.id))
        .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        .where(col(SeriesRow.document_id) == document_id, col(SeriesRow.unit_id) == unit_id)
        .where(col(SeriesRow.kind) == "monthly", col(PeriodRow.code) == "2022-09")
    )
    return session.scalars(wanted).one() or 0


def _hand_in(life: Life, bureau: Bureau, unit: str, shares: Sequence[int], *, document_id: int) -> int:
    city, word = life.city, bureau.word
    with city.database.transaction() as session:
        period_id = _form_of(session, document_id, life.ids[f"unit {unit}"])
        said = f"{word}{INSIDE}" if unit == bureau.code else f"{word}县里"
        file = kept_file(life, f"{said}台账")
        entries = tuple(_entry(session, share, f"{said}推进会召开", file) for share in shares)
        if unit == bureau.code:
            own = life.ids[f"unit {unit}"]
            number = put_in_box(session, file, unit_id=own, actor=city.actor(unit), at=FILED)
            life.ids[f"{bureau.code}.box file"] = number
            set_handler(
                session,
                assignment_id=shares[0],
                words=f"{word}{INSIDE}科",
                person_id=None,
                actor=city.actor(unit),
                at=FILED,
            )
        filing_id = submit_form(session, SubmitForm(period_id, entries), actor=city.actor(unit), at=FILED)
        session.flush()
        sign_off(session, filing_id=filing_id, actor=city.actor(f"{unit}-head"), at=FILED)
    life.ids[f"{bureau.code}.form of {unit}"] = period_id
    return filing_id


def report(life: Life, bureau: Bureau) -> None:
    """Hand in the form of September, each county its own; news waits for the head; two tasks are done."""
    city, ids, word = life.city, life.ids, bureau.word
    document_id = city.of(bureau, "document")
    for matter in ("completed", "closed"):
        _complete(life, bureau, matter)
    shares = [city.of(bureau, f"{matter} share") for matter in _IN_THE_FORM]
    filings = {bureau.code: _hand_in(life, bureau, bureau.code, shares, document_id=document_id)}
    for county in ("yc", "sp"):
        share = city.of(bureau, f"working share of {county}")
        filings[county] = _hand_in(life, bureau, county, [share], document_id=document_id)
    with city.database.reading() as session:
        ids[f"{bureau.code}.returned row"] = city.row(session, bureau, "returned").id or 0
        form = session.get_one(PeriodRow, ids[f"{bureau.code}.form of {bureau.code}"])
        ids[f"{bureau.code}.series"] = form.series_id
    ids[f"{bureau.code}.form"] = ids[f"{bureau.code}.form of {bureau.code}"]
    with city.database.reading() as session:
        for unit, filing_id in filings.items():
            ids[f"{bureau.code}.filing" + ("" if unit == bureau.code else f" of {unit}")] = filing_id
            reports = select(ReportRow).where(col(ReportRow.filing_id) == filing_id).order_by(col(ReportRow.id))
            for matter, report in zip(_IN_THE_FORM, session.scalars(reports), strict=False):
                of = "" if unit == bureau.code else f" of {unit}"
                ids[f"{bureau.code}.{matter} report{of}"] = report.id or 0
                under = select(col(EvidenceRow.id)).where(col(EvidenceRow.report_id) == report.id)
                ids[f"{bureau.code}.{matter} evidence{of}"] = session.scalars(under).one() or 0
    with city.database.transaction() as session:
        july = LegacyPeriodRow(
            assignment_id=city.of(bureau, "working share"),
            kind="monthly",
            code="2022-07",
            starts_on=date(2022, 7, 1),
            ends_on=date(2022, 7, 31),
            state="missed",
        )
        session.add(july)
        picture = kept_file(life, f"{word}{INSIDE}照片", name="{}.png", media_type="image/png")
        told = _entry(session, city.of(bureau, "working share"), f"{word}{INSIDE}又签一单", picture)
        news = SubmitOne(FilingKind.UPDATE, told)
        ids[f"{bureau.code}.unsigned"] = submit_one(session, news, actor=city.actor(bureau.code), at=FILED)
        session.flush()
        evidence = select(col(EvidenceRow.id)).where(col(EvidenceRow.name) == f"{word}{INSIDE}照片.png")
        ids[f"{bureau.code}.evidence"] = session.scalars(evidence).one() or 0


def inquire(life: Life, bureau: Bureau) -> None:
    """Ask 市统计局 and a county about the work, the county in vain, so that the office is to coordinate."""
    city, word, lead = life.city, bureau.word, life.city.actor(bureau.code)
    for unit, name in (("tjj", "inquiry"), ("yc", "inquiry to coordinate")):
        with city.database.transaction() as session:
            shares = [city.of(bureau, f"working share of {unit}")]
            command = Ask(city.of(bureau, "working task"), shares, f"{word}请提供数据", date(2022, 9, 27))
            inquiry_id = inquiring.ask(session, command, actor=lead, at=FILED)
            asked = select(col(AskedRow.id)).where(col(AskedRow.inquiry_id) == inquiry_id)
            life.ids[f"{bureau.code}.{name}"] = inquiry_id
            life.ids[f"{bureau.code}.asked of {unit}"] = session.scalars(asked).one() or 0
            if unit == "yc":
                said = f"{word}{INSIDE}县里没有反馈"
                inquiring.ask_for_coordination(session, inquiry_id=inquiry_id, words=said, actor=lead, at=NOW)
    _asked_by_the_office(life, bureau)


def _asked_by_the_office(life: Life, bureau: Bureau) -> None:
    """The bureau is still asked what it was asked before it came to lead its task."""
    with life.city.database.transaction() as session:
        words, day = f"{bureau.word}请说明情况", date(2022, 9, 30)
        task_id, share_id = life.city.of(bureau, "working task"), life.city.of(bureau, "working share")
        inquiry = InquiryRow(task_id=task_id, words=words, answer_by=day, asked_by="督查员", asked_at=FILED)
        session.add(inquiry)
        session.flush()
        row = AskedRow(inquiry_id=inquiry.id or 0, assignment_id=share_id)
        session.add(row)
        session.flush()
        asked = AskedShare(asked_id=row.id or 0, assignment_id=share_id, unit_id=life.ids[f"unit {bureau.code}"])
        event = InquiryAsked(
            task_id=task_id, inquiry_id=row.inquiry_id, assignment_id=None, words=words, answer_by=day, asked=(asked,)
        )
        event_log.record(session, event, actor=life.city.actor("office"), at=FILED)
        life.ids[f"{bureau.code}.asked"] = row.id or 0


def instruct(life: Life, bureau: Bureau) -> None:
    """A leader asks the bureau about one matter; he has read it and ended it, and another is open."""
    city, leader = life.city, life.city.actor("leader")
    for matter, name in (("returned", "ended instruction"), ("overdue", "instruction")):
        command = Instruct(
            task_id=city.of(bureau, f"{matter} task"),
            shares=[city.of(bureau, f"{matter} share")],
            words=f"{bureau.word}{INSIDE}请说明原因",
            given_on=FILED.date(),
            haste=Haste.URGENT,
            files=[kept_file(life, f"{bureau.word}{INSIDE}批示件")],
        )
        with city.database.transaction() as session:
            life.ids[f"{bureau.code}.{name}"] = instructing.instruct(session, command, actor=leader, at=FILED, by=BY)
    with city.database.transaction() as session:
        ended = city.of(bureau, "ended instruction")
        instructing.read_instruction(session, instruction_id=ended, actor=leader, at=FILED)
        instructing.close_instruction(session, instruction_id=ended, actor=leader, at=FILED)


def _complete(life: Life, bureau: Bureau, matter: str) -> None:
    city, word = life.city, bureau.word
    office = city.actor("office")
    share = city.of(bureau, f"{matter} share")
    with city.database.transaction() as session:
        told = replace(_entry(session, share, f"{word}{INSIDE}办结", claim=Claim.DONE), outcome=Outcome.MET)
        done = SubmitOne(FilingKind.COMPLETION, told)
        filing_id = submit_one(session, done, actor=city.actor(bureau.code), at=FILED)
        session.flush()
        sign_off(session, filing_id=filing_id, actor=city.actor(f"{bureau.code}-head"), at=FILED)
        report = session.scalars(select(col(ReportRow.id)).where(col(ReportRow.filing_id) == filing_id)).one() or 0
        accept_report(session, report_id=report, actor=office, at=FILED)
        if matter == "closed":
            session.flush()
            close_task(session, task_id=city.of(bureau, "closed task"), reason=f"{word}销号", actor=office, at=FILED)


def decide(life: Life, bureau: Bureau) -> None:
    """Give one report back and lower two claims, one of which the bureau objects to; the others wait."""
    city, word = life.city, bureau.word
    office = city.actor("office")
    with city.database.transaction() as session:
        return_report(
            session,
            report_id=city.of(bureau, "returned report"),
            reason=f"{word}{INSIDE}缺少数据",
            reason_class=ReturnReason.NO_EVIDENCE,
            actor=office,
            at=FILED,
            by=BY,
        )
        for matter in ("lowered", "objected"):
            verdict = Verdict(claim=Claim.BEHIND, reason=f"{word}{INSIDE}只有一期")
            report = city.of(bureau, f"{matter} report")
            accept_report(session, report_id=report, actor=office, at=FILED, verdict=verdict)
        session.flush()
    _ask_the_head(life, bureau)


def _ask_the_head(life: Life, bureau: Bureau) -> None:
    """The head signs the bureau's objection, sends back one wish for more time, and has yet to see another."""
    city, ids, word = life.city, life.ids, bureau.word
    liaison, head = city.actor(bureau.code), city.actor(f"{bureau.code}-head")
    with city.database.reading() as session:
        rows = {matter: city.row(session, bureau, matter).id or 0 for matter in ("returned", "open")}
    later, report = date(2022, 10, 31), city.of(bureau, "objected report")
    asked = {
        "signed petition": Asked(RequestKind.OBJECTION, report, f"{word}{INSIDE}已印发两期"),
        "petition sent back": Asked(RequestKind.EXTENSION, rows["returned"], f"{word}{INSIDE}待核数", later),
        "petition": Asked(RequestKind.EXTENSION, rows["open"], f"{word}{INSIDE}待汇总", date(2023, 2, 10)),
    }
    for name, wish in asked.items():
        with city.database.transaction() as session:
            ids[f"{bureau.code}.{name}"] = petition(session, wish, actor=liaison, at=FILED, by=BY) or 0
    with city.database.transaction() as session:
        signed = city.of(bureau, "signed petition")
        ids[f"{bureau.code}.objection"] = sign_petition(session, petition_id=signed, actor=head, at=FILED, by=BY)
        back = city.of(bureau, "petition sent back")
        send_petition_back(session, petition_id=back, reason=f"{word}{INSIDE}不必延期", actor=head, at=FILED)
