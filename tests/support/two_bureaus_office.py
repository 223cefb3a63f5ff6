"""What lies on the office's desk in the city of the two bureaus: documents, drafts, papers, messages."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import docx
from sqlalchemy import func, select
from sqlmodel import col

from tests.support.office import BY, CALENDAR
from tests.support.two_bureaus import FILED, NOW, OFFICE_WORD, OURS, THEIRS, Bureau
from tests.support.two_bureaus_reading import other_document
from tests.support.two_bureaus_units import Life, kept_file
from tracker.computing import compute
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.proposals import NamingAct, NamingGround, Proposal, naming_key
from tracker.domain.items import QuestionTopic
from tracker.domain.ledgers import LedgerEntry, LedgerHead, draft_from_ledger
from tracker.paper.letterheads import letterhead
from tracker.steps.naming_units import serve_naming
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.co_issuers import CoIssuerRow
from tracker.store.tables.documents import DocumentRow, QuestionRow
from tracker.store.tables.enclosures import EnclosureRow
from tracker.store.tables.events import ReminderRow, ReminderState
from tracker.store.tables.lessons import LessonRow
from tracker.store.tables.namings import NamingRow
from tracker.store.tables.served_papers import ServedPaperRow
from tracker.usecases.circular_templates import keep_template
from tracker.usecases.circulars.deciding import approve_circular, submit_circular
from tracker.usecases.circulars.drafting import draft_circular
from tracker.usecases.circulars.issuing import issue_circular
from tracker.usecases.circulars.joint import ask_countersigns, name_co_issuer
from tracker.usecases.circulars.naming import answer_naming, keep_naming
from tracker.usecases.drafting import upload_draft
from tracker.usecases.registering import approve_document, register_document
from tracker.usecases.served_papers import sign_answer, write_answer


def desk(life: Life) -> None:
    """What lies on the office's desk: documents and drafts on their way, a question, a template, papers."""
    city, ids = life.city, life.ids
    office = city.actor("office")
    with city.database.transaction() as session:
        for name, number in (("proposed", "驻政办〔2022〕97号"), ("approved", "驻政办〔2022〕98号")):
            register_document(session, other_document(OFFICE_WORD, number=number), actor=office, at=FILED)
            session.flush()
            document_id = session.scalars(select(col(DocumentRow.id)).where(col(DocumentRow.number) == number)).one()
            ids[f"{name} document"] = document_id or 0
        approve_document(session, number="驻政办〔2022〕98号", basis="市长批准", actor=office, at=FILED)
        question = QuestionRow(item_id=1, topic=QuestionTopic.OTHER.value, words="没有写明，请明确。")
        session.add(question)
        session.flush()
        ids["question"] = question.id or 0
        head = LedgerHead("领导批示", "市长批示〔2022〕9号", f"关于{OFFICE_WORD}的批示", date(2022, 9, 1))
        draft = draft_from_ledger(head, [LedgerEntry(f"核查{OFFICE_WORD}问题。", (OURS.full_name,))])
        ids["draft"] = upload_draft(
            session, draft, file_name=f"{OFFICE_WORD}批示", file_sha256="", actor=office, at=FILED
        )
        lesson = LessonRow(
            issuer=f"{OFFICE_WORD}办公室",
            printed=f"{OFFICE_WORD}口",
            unit_id=1,
            draft_id=ids["draft"],
            taught_by=office.name,
            taught_at=FILED,
        )
        session.add(lesson)
        session.flush()
        ids["lesson"] = lesson.id or 0
        ids["template"] = keep_template(
            session,
            kind=CircularType.NOTICE,
            name=f"{OFFICE_WORD}模板",
            sha256=_template(life),
            fields=["正文"],
            actor=office,
            at=FILED,
        )


def _template(life: Life) -> str:
    """Keep the file of an office's own template; return its digest."""
    document, kept = docx.Document(), BytesIO()
    for words in (
        "{{文号}}",
        "{{标题}}",
        "{{主送}}：",
        "{{一级标题}}",
        "{{正文}}",
        "{{署名}}",
        "{{成文日期}}",
        "{{附件}}",
    ):
        document.add_paragraph(words)
    document.save(kept)
    kept.seek(0)
    return life.site.services.evidence.store(kept).sha256


def papers(life: Life) -> None:
    """Each bureau got a paper; of those that go up one stands at every step."""
    ids = life.ids
    for bureau in (OURS, THEIRS):
        ids[f"{bureau.code}.paper"] = _paper(life, CircularType.NOTICE, Scope(unit=bureau.full_name), bureau.word, 3)
        ids[f"{bureau.code}.served"] = _served(life, ids[f"{bureau.code}.paper"])
        for name in ("urged", "answer to sign", "answer"):
            paper = _paper(life, CircularType.URGE, Scope(unit=bureau.full_name), bureau.word, 3)
            ids[f"{bureau.code}.{name}"] = _served(life, paper)
        with life.city.database.transaction() as session:
            liaison, head = life.city.actor(bureau.code), life.city.actor(f"{bureau.code}-head")
            for name in ("answer to sign", "answer"):
                given = {"served_id": ids[f"{bureau.code}.{name}"], "at": NOW}
                files = [kept_file(life, f"{bureau.word}答复附件", name="{}.png", media_type="image/png")]
                words = f"已就{bureau.word}作了答复。"
                write_answer(session, version=1, words=words, files=files, actor=liaison, **given)  # type: ignore[arg-type] # by name
                session.flush()
                enclosed = select(func.max(col(EnclosureRow.id))).where(
                    col(EnclosureRow.served_id) == given["served_id"]
                )
                ids[f"{bureau.code}.enclosure"] = session.scalars(enclosed).one() or 0
            session.flush()
            sign_answer(session, shown=2, actor=head, **given)  # type: ignore[arg-type] # by name
    for bureau in (OURS, THEIRS):
        _namings(life, bureau)
        _joint(life, bureau)
    # The one that stays a draft comes last: beside it the same is not drafted again. What went out is the one before.
    for place, name in ((3, "issued"), (2, "approved"), (1, "submitted"), (0, "drafted")):
        on = NOW - timedelta(hours=1) if name == "issued" else NOW
        ids[f"{name} paper"] = _paper(life, CircularType.SPECIAL, Scope(), OFFICE_WORD, place, on=on)
    ids["submitted notice paper"] = _paper(life, CircularType.NOTICE, Scope(unit=OURS.full_name), OFFICE_WORD, 1)


def _served(life: Life, paper: int) -> int:
    with life.city.database.reading() as session:
        wanted = select(col(ServedPaperRow.id)).where(col(ServedPaperRow.circular_id) == paper)
        return session.scalars(wanted).one() or 0


def _namings(life: Life, bureau: Bureau) -> None:
    """Serve on a bureau what two drafts would say of it: one it may answer, one to which it objected, one kept."""
    city, word = life.city, bureau.word
    office, liaison = city.actor("office"), city.actor(bureau.code)
    for titled, told in (
        (word, {"naming": "praise", "naming objection": "blame"}),
        (f"{word}等", {"kept naming": "blame"}),
    ):
        paper = _paper(life, CircularType.SUPERVISION, Scope(), titled, 0)
        life.ids[f"{bureau.code}.naming paper"] = paper  # the last one, in which nobody is praised yet
        with city.database.transaction() as session:
            row = session.get_one(CircularRow, paper)
            for name, act in told.items():
                proposal = Proposal(naming_key(act[0]), bureau.name, NamingAct(act), (NamingGround.WORK_DONE,))
                words = f"{bureau.name}牵头的{word}情况"
                given = {"unit_id": city.ids[f"unit {bureau.code}"], "words": words, "answer_by": NOW.date()}
                serve_naming(session, row, proposal, **given, actor=office, at=NOW)  # type: ignore[arg-type] # by name
                served = select(col(NamingRow.id)).where(col(NamingRow.circular_id) == paper)
                life.ids[f"{bureau.code}.{name}"] = session.scalars(served.order_by(col(NamingRow.id))).all()[-1] or 0
                if name != "naming":
                    id_ = life.ids[f"{bureau.code}.{name}"]
                    why = f"{word}情况不实"
                    answer_naming(session, naming_id=id_, agrees=False, words=why, actor=liaison, at=NOW)
                    session.flush()
                if name == "kept naming":
                    keep_naming(session, naming_id=id_, reason=f"{word}情况属实", actor=office, at=NOW)


def _joint(life: Life, bureau: Bureau) -> None:
    """Ask a bureau to countersign a draft; another draft names it, and nobody is asked yet."""
    city, ids = life.city, life.ids
    office, head = city.actor("office"), letterhead(CircularType.SUPERVISION)
    for name in ("co-issuer", "named co-issuer"):
        paper = _paper(life, CircularType.SUPERVISION, Scope(), f"{bureau.word}{name[:2]}", 0)
        ids[f"{bureau.code}.{'joint' if name == 'co-issuer' else 'unasked'} paper"] = paper
        given: dict[str, Any] = {"circular_id": paper, "actor": office, "at": NOW}  # Any: what the acts take
        with city.database.transaction() as session:
            named: dict[str, Any] = {"unit": bureau.full_name, "host": head.name, "kinds": head.joint_with}
            name_co_issuer(session, version=1, **named, **given)
        with city.database.transaction() as session:
            version = session.get_one(CircularRow, paper).version
            if name == "co-issuer":
                ask_countersigns(session, version=version, calendar=BY.calendar, **given)
            row = select(col(CoIssuerRow.id)).where(col(CoIssuerRow.circular_id) == paper)
            ids[f"{bureau.code}.{name}"] = session.scalars(row).one() or 0


def _paper(life: Life, kind: CircularType, scope: Scope, word: str, steps: int, *, on: datetime = NOW) -> int:
    """Draft a paper and take so many steps with it: to approval, approved, issued; return its id."""
    head, city = letterhead(kind, office="office"), life.city
    office, leader = city.actor("office"), city.actor("leader")
    new = compute(life.site.services, kind, head, scope=scope, layout_id=None, now=on)
    with city.database.transaction() as session:
        id_ = draft_circular(session, replace(new, title=f"关于{word}的通知"), actor=office, at=on)
    if steps > 0:
        with city.database.transaction() as session:
            submit_circular(session, circular_id=id_, version=1, content=None, actor=office, at=on)
    if steps > 1:
        with city.database.transaction() as session:
            approve_circular(session, circular_id=id_, version=2, basis="同意", content=None, actor=leader, at=on)
    if steps > 2:
        with city.database.transaction() as session:
            given = {"circular_id": id_, "version": 3, "numbering": head.number, "content": None, "calendar": CALENDAR}
            issue_circular(session, **given, actor=office, at=on)  # type: ignore[arg-type] # by name
    return id_


def messages(life: Life) -> None:
    """Let one message to each bureau be held: nobody knows whether it arrived."""
    with life.city.database.transaction() as session:
        for bureau in (OURS, THEIRS):
            liaison = life.city.actor(bureau.code)
            row = session.scalars(select(ReminderRow).where(col(ReminderRow.recipient_id) == liaison.user_id)).first()
            assert row is not None, bureau
            row.state = ReminderState.HELD.value
            life.ids[f"{bureau.code}.message"] = row.id or 0
