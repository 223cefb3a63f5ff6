"""How each act of the use cases is done to something of 市商务局, whoever does it."""

import operator
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from tests.support.accounts import log_in
from tests.support.holiday_notices import INVENTED_2027
from tests.support.office import BY, CALENDAR
from tests.support.readings import small_reading
from tests.support.two_bureaus import GOT, NOW, OURS, THEIRS, TwoBureaus
from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import Actor, Role
from tracker.domain.circulars.content import Content, Figure, Scope
from tracker.domain.circulars.editions import EditionState
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.new_editions import NewEdition
from tracker.domain.circulars.proposals import NamingAct, NamingGround, Proposal, naming_key
from tracker.domain.circulars.redrafts import Worded
from tracker.domain.claims import Claim, RowContent
from tracker.domain.downloads import Fetched
from tracker.domain.entries import AttachedFile, Entry
from tracker.domain.filings import FilingKind, Outcome, RequestKind
from tracker.domain.instructions import Haste
from tracker.domain.jottings import Sheet, digest
from tracker.domain.ledgers import LedgerEntry, LedgerHead, draft_from_ledger
from tracker.domain.outages import Outage
from tracker.domain.parts import NewShare
from tracker.domain.petitions import Asked
from tracker.domain.readings.corrections import replace_item
from tracker.domain.readings.item import as_printed
from tracker.domain.schedule import Point
from tracker.domain.units import UnitKind
from tracker.editions import content_kept
from tracker.intake.holiday_notice import read_holiday_notice
from tracker.store.queries.lead_words import lead_words
from tracker.store.queries.registry import unit_registry
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.drafts import DraftRow, content_of, read_content
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.jottings import JottingRow
from tracker.store.tables.second_factors import SecondFactorRow
from tracker.store.tables.series import PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import LoginRow, UserRow
from tracker.usecases import (
    absences,
    accepting,
    answering,
    circular_templates,
    drafting,
    filing,
    inquiring,
    instructing,
    issuing,
    jotting,
    keeping,
    keeping_evidence,
    merging,
    moving_due,
    petitioning,
    publishing_calendar,
    recording_outages,
    registering,
    renaming,
    renewing_access,
    requesting,
    scheduling,
    sharing,
    teaching,
    triggers,
    verifying,
)
from tracker.usecases.circulars import joint, naming
from tracker.usecases.circulars.drafting import draft_circular, edit_circular
from tracker.usecases.circulars.redrafting import redraft_circular
from tracker.usecases.downloads import note_download

WHY = "市政府同意"
Do = Callable[[TwoBureaus, Session, Actor], object]
Before = Callable[[TwoBureaus, Session], object]


def on_account(act: Callable[..., object], login: str, **more: Any) -> Do:  # Any: what the act takes
    """Do an act to the account of somebody else."""
    return lambda city, session, actor: act(session, user_id=city.ids[f"account {login}"], actor=actor, **more)


def with_factor(city: TwoBureaus, session: Session) -> None:
    session.add(SecondFactorRow(user_id=city.ids["account yc"], sealed="-", confirmed_at=NOW))


def logged_in(city: TwoBureaus, session: Session) -> None:
    log_in(session, user_id=city.ids["account swj"], now=NOW)


def begin_acting(city: TwoBureaus, session: Session, actor: Actor) -> object:
    """Act for the colleague who is away, by a log-in of one's own."""
    own = session.scalars(select(col(LoginRow.id)).where(col(LoginRow.user_id) == city.ids["account swj"])).first() or 0
    absent = city.ids["account swj-b"]
    return absences.begin_acting(session, user_id=absent, log_in_id=own, actor=actor, at=NOW)


def reset(city: TwoBureaus, session: Session) -> None:
    by = Actor(None, "系统管理员", Role.SYSTEM_ADMIN)
    when = Moment(now=NOW, at=NOW)
    id_, policy = city.ids["account yc"], AccountPolicy()
    renewing_access.reset_account(session, user_id=id_, code_hash="-", reason=WHY, policy=policy, actor=by, when=when)


def disabled(city: TwoBureaus, session: Session) -> None:
    session.get_one(UserRow, city.ids["account yc"]).active = False


def on_task(act: Callable[..., object], matter: str, **more: Any) -> Do:  # Any: what the act takes
    def do(city: TwoBureaus, session: Session, actor: Actor) -> object:
        return act(session, task_id=city.of(OURS, f"{matter} task"), reason=WHY, actor=actor, at=NOW, **more)

    return do


FINDING = "现场核查，所报项目均未开工"


def on(act: Callable[..., object], key: str, of: str, /, **more: Any) -> Do:  # Any: what the act takes
    def do(city: TwoBureaus, session: Session, actor: Actor) -> object:
        return act(session, **{key: city.ids[of]}, actor=actor, at=NOW, **more)

    return do


def on_paper(act: Callable[..., object], name: str, version: int, **more: Any) -> Do:  # Any: what the act takes
    return on(act, "circular_id", f"{name} paper", version=version, **more)


def corrects_one(city: TwoBureaus, session: Session) -> None:
    """Let the paper that is approved take the place of the one that was issued, as a correction of it does."""
    approved, issued = (city.ids[f"{name} paper"] for name in ("approved", "issued"))
    session.execute(update(CircularRow).where(col(CircularRow.id) == approved).values(replaces_id=issued))


def told(city: TwoBureaus, matter: str, claim: Claim = Claim.ON_SCHEDULE) -> Entry:
    """Return what is said of a task's share of the bureau, with one number."""
    content = RowContent(claim=claim, text="9月28日召开推进会。")
    reached = 2.0 if claim is Claim.DONE else 1.0
    values = {city.of(OURS, f"{matter} target"): (reached, date(2022, 9, 28))}
    outcome = Outcome.MET if claim is Claim.DONE else None
    return Entry(city.of(OURS, f"{matter} share"), content, values, outcome=outcome)


def submit_form(city: TwoBureaus, session: Session, actor: Actor) -> object:
    command = filing.SubmitForm(city.of(OURS, "form"), (told(city, "returned"),))
    return filing.submit_form(session, command, actor=actor, at=NOW)


def _jot(city: TwoBureaus) -> jotting.Jot:
    place = jotting.Place(FilingKind.FORM, period_id=city.of(OURS, "form"))
    field = f"a{city.of(OURS, 'returned share')}-fact"
    return jotting.Jot(place, Sheet({field: "写了一半。"}, {}, {}), {field: city.of(OURS, "returned share")}, {})


def jot(city: TwoBureaus, session: Session, actor: Actor) -> object:
    return jotting.jot(session, _jot(city), actor=actor, at=NOW)


def jotted(city: TwoBureaus, session: Session) -> None:
    """Let something be written in the bureau that nobody has sent."""
    jot(city, session, city.actor("swj"))
    session.flush()


def use_up(city: TwoBureaus, session: Session, actor: Actor) -> object:
    jotting.use_up(session, _jot(city), actor=actor)
    return None


def forget(city: TwoBureaus, session: Session, actor: Actor) -> object:
    command = _jot(city)
    jotting.forget(session, command.place, command.shares.keys(), actor=actor)
    return None


def drop(city: TwoBureaus, session: Session, actor: Actor) -> object:
    row = session.scalars(select(JottingRow)).one()
    return jotting.drop(session, {row.id or 0: digest(row.text)}, actor=actor)


def _file(name: str) -> AttachedFile:
    return AttachedFile("0" * 64, name, 9, "text/plain")


def _in_the_box(city: TwoBureaus) -> keeping_evidence.Seen:
    return keeping_evidence.Seen(city.of(OURS, "box file"), 1)


def put_in_box(city: TwoBureaus, session: Session, actor: Actor) -> object:
    own = city.ids["unit swj"]
    return keeping_evidence.put_in_box(session, _file("新存.txt"), unit_id=own, actor=actor, at=NOW)


def replace_in_box(city: TwoBureaus, session: Session, actor: Actor) -> object:
    seen = _in_the_box(city)
    return keeping_evidence.replace_in_box(session, seen, _file("新版.txt"), good_until=None, actor=actor, at=NOW)


def set_term(city: TwoBureaus, session: Session, actor: Actor) -> object:
    keeping_evidence.set_term(session, _in_the_box(city), date(2022, 12, 31), actor=actor, at=NOW)
    return None


def take_over(city: TwoBureaus, session: Session, actor: Actor) -> object:
    own = city.ids["unit swj"]
    return keeping_evidence.take_over(session, [_file("来自反馈.txt")], unit_id=own, actor=actor, at=NOW)


def take_out(city: TwoBureaus, session: Session, actor: Actor) -> object:
    keeping_evidence.take_out(session, _in_the_box(city), actor=actor, at=NOW)
    return None


def submit_one(kind: FilingKind, claim: Claim) -> Do:
    def do(city: TwoBureaus, session: Session, actor: Actor) -> object:
        command = filing.SubmitOne(kind, told(city, "key", claim))
        return filing.submit_one(session, command, actor=actor, at=NOW)

    return do


def request_extension(city: TwoBureaus, session: Session, actor: Actor) -> object:
    row_id = city.of(OURS, "returned row")
    return requesting.request_extension(
        session, requesting.RequestExtension(row_id, date(2022, 10, 31), WHY), actor=actor, at=NOW
    )


def petition(city: TwoBureaus, session: Session, actor: Actor) -> object:
    asked = Asked(RequestKind.EXTENSION, city.of(OURS, "returned row"), WHY, date(2022, 10, 31))
    return petitioning.petition(session, asked, actor=actor, at=NOW, by=BY)


def move_due(city: TwoBureaus, session: Session, actor: Actor) -> None:
    row_id = city.of(OURS, "returned row")
    moving_due.move_due(session, row_id=row_id, new_due_on=date(2022, 10, 31), reason=WHY, actor=actor, at=NOW)


def new_share(city: TwoBureaus, session: Session) -> None:
    """The bureau gets a share in the other one's task today."""
    sharing.add_share(
        session,
        task_id=city.of(THEIRS, "key task"),
        share=NewShare(city.ids["unit swj"]),
        reason=WHY,
        actor=city.actor("office"),
        at=NOW,
        by=BY,
    )


def dispute(city: TwoBureaus, session: Session, actor: Actor) -> object:
    newest = select(col(AssignmentRow.id)).order_by(col(AssignmentRow.id).desc())
    share = session.scalars(newest.limit(1)).one() or 0
    return requesting.dispute_share(session, assignment_id=share, reason=WHY, actor=actor, at=NOW, by=BY)


def add_share(city: TwoBureaus, session: Session, actor: Actor) -> object:
    share = NewShare(city.ids["unit wjw"])
    return on_task(sharing.add_share, "working", share=share, by=BY)(city, session, actor)


def reassign(city: TwoBureaus, session: Session, actor: Actor) -> object:
    return on(
        sharing.reassign_share,
        "assignment_id",
        "swj.working share",
        to_unit_id=city.ids["unit wjw"],
        reason=WHY,
        by=BY,
    )(city, session, actor)


def grant_dispute(city: TwoBureaus, session: Session, actor: Actor) -> object:
    heir = city.ids["unit wjw"]
    return on(sharing.grant_dispute, "request_id", "swj.dispute", to_unit_id=heir, reason=WHY, by=BY)(
        city, session, actor
    )


def answer(city: TwoBureaus, session: Session, actor: Actor) -> None:
    answering.answer_question(
        session, answering.Answer(question_id=city.ids["question"], words=WHY), actor=actor, at=NOW, by=BY
    )


def record_trigger(city: TwoBureaus, session: Session, actor: Actor) -> object:
    command = triggers.RecordTrigger(city.of(OURS, "waiting task"), NOW, "发生疫情")
    return triggers.record_trigger(session, command, actor=actor, at=NOW, calendar=CALENDAR)


def set_points(city: TwoBureaus, session: Session, actor: Actor) -> None:
    points = [Point(date(2022, 10, 31), 1.0)]
    command = scheduling.SetPoints(city.of(OURS, "working task"), city.of(OURS, "working target"), points, WHY)
    scheduling.set_points(session, command, actor=actor, at=NOW)


def set_keeper(city: TwoBureaus, session: Session, actor: Actor) -> None:
    command = keeping.SetKeeper(city.ids["unit lxz"], city.ids["unit swj"], WHY)
    keeping.set_keeper(session, command, actor=actor, at=NOW)


def merge(city: TwoBureaus, session: Session, actor: Actor) -> object:
    units = {"from_unit_id": city.ids["unit swj"], "into_unit_id": city.ids["unit wjw"]}
    return merging.merge_units(session, **units, on=NOW.date(), reason=WHY, actor=actor, at=NOW)


def rename(city: TwoBureaus, session: Session, actor: Actor) -> object:
    names = {"full_name": "驻马店市商务投资局", "short_name": "市商务投资局"}
    return on(renaming.rename_unit, "unit_id", "unit swj", **names, valid_from=NOW.date(), reason=WHY)(
        city, session, actor
    )


def confirmed(city: TwoBureaus, session: Session) -> None:
    """The lead finds true what both counties filed; of these one is not in the sample."""
    reports = [city.of(OURS, f"working report of {county}") for county in ("yc", "sp")]
    verifying.confirm_reports(session, report_ids=reports, actor=city.actor("swj"), at=NOW, by=BY)


def accept_confirmed(city: TwoBureaus, session: Session, actor: Actor) -> object:
    both = [city.of(OURS, f"working report of {county}") for county in ("yc", "sp")]
    words = lead_words(session, both)
    reports = [one for one in both if one in words and not words[one].sampled] or both[1:]
    return accepting.accept_confirmed(session, report_ids=reports, actor=actor, at=NOW)


def accept_reports(city: TwoBureaus, session: Session, actor: Actor) -> None:
    report = session.get_one(ReportRow, city.of(OURS, "working report"))
    accepting.accept_reports(session, [report], verdicts={}, actor=actor, at=NOW)


def addressed(city: TwoBureaus, session: Session) -> None:
    """The form of the bureau's reports goes to 市统计局 instead of the office."""
    period = session.get_one(PeriodRow, city.of(OURS, "form"))
    session.get_one(SeriesRow, period.series_id).addressee_unit_id = city.ids["unit tjj"]


def accepted(city: TwoBureaus, session: Session) -> None:
    """The office accepted what the bureau reported."""
    accepting.accept_report(session, report_id=city.of(OURS, "working report"), actor=city.actor("office"), at=NOW)


def confirm(city: TwoBureaus, session: Session, actor: Actor) -> object:
    reports = [city.of(OURS, "working report of yc")]
    return verifying.confirm_reports(session, report_ids=reports, actor=actor, at=NOW, by=BY)


def correct(city: TwoBureaus, session: Session, actor: Actor) -> object:
    return on(drafting.correct, "draft_id", "draft", change=lambda draft: draft, version=1, act="title")(
        city, session, actor
    )


def strange_draft(city: TwoBureaus, session: Session) -> None:
    """Let the draft print a name that nobody knows."""
    row = session.get_one(DraftRow, city.ids["draft"])
    draft = replace(read_content(row.content), issuer="市政府办公室")
    strange = replace(draft.items[0], leads=as_printed(["市外贸口"]))
    content = content_of(replace_item(draft, 0, strange))
    session.execute(update(DraftRow).where(col(DraftRow.id) == row.id).values(content=content))
    session.expire_all()


def correct_and_teach(city: TwoBureaus, session: Session, actor: Actor) -> object:
    act = on(
        teaching.correct_and_teach,
        *("draft_id", "draft"),
        change=lambda draft: replace_item(draft, 0, replace(draft.items[0], leads=as_printed([OURS.full_name]))),
        to_teach=teaching.ToTeach(names=True),
        version=1,
        act="edit",
        place=0,
        registry=unit_registry(session, groups=()),
    )
    return act(city, session, actor)


def teach_names(city: TwoBureaus, session: Session, actor: Actor) -> object:
    names, registry = {"市外贸口": city.ids["unit swj"]}, unit_registry(session, groups=())
    return on(teaching.teach_names, "draft_id", "draft", names=names, version=1, registry=registry)(
        city, session, actor
    )


def upload(city: TwoBureaus, session: Session, actor: Actor) -> object:
    head = LedgerHead("领导批示", "市长批示〔2022〕10号", "批示", date(2022, 9, 1))
    draft = draft_from_ledger(head, [LedgerEntry("核查问题。", (OURS.full_name,))])
    return drafting.upload_draft(session, draft, file_name="批示", file_sha256="", actor=actor, at=NOW)


def approve_draft(city: TwoBureaus, session: Session, actor: Actor) -> object:
    registry = unit_registry(session, groups=())
    return on(registering.approve_draft, "draft_id", "draft", version=1, basis=WHY, registry=registry)(
        city, session, actor
    )


def approve_document(city: TwoBureaus, session: Session, actor: Actor) -> object:
    return registering.approve_document(session, number="驻政办〔2022〕97号", basis=WHY, actor=actor, at=NOW)


def issue(city: TwoBureaus, session: Session, actor: Actor) -> object:
    return issuing.issue_document(session, number="驻政办〔2022〕98号", actor=actor, at=NOW, by=BY)


def keep_template(city: TwoBureaus, session: Session, actor: Actor) -> object:
    return circular_templates.keep_template(
        session, kind=CircularType.NOTICE, name="模板", sha256="1" * 64, fields=[], actor=actor, at=NOW
    )


def draft_paper(city: TwoBureaus, session: Session, actor: Actor) -> object:
    return draft_circular(session, _edition(), actor=actor, at=NOW)


def redraft_paper(city: TwoBureaus, session: Session, actor: Actor) -> object:
    content = content_kept(city.services, session, session.get_one(CircularRow, city.ids["drafted paper"]))
    assert content is not None
    before = Worded("通知", OURS.name, "", "", ())
    texts = {"told": content, "was": content, "before": before, "same_facts": operator.eq}
    return on_paper(partial(_redrafted, texts), "drafted", 1)(city, session, actor)


def _redrafted(texts: dict[str, Any], session: Session, **paper: Any) -> object:  # Any: what the act takes
    return redraft_circular(session, _edition(), **texts, **paper)


def _edition() -> NewEdition:
    return NewEdition(
        type=CircularType.NOTICE,
        office="office",
        scope=Scope(unit=OURS.full_name),
        as_of=NOW,
        last_event=1,
        facts_sha256="0" * 64,
        template_version="1",
        rule_version="1",
        series="1",
        title="通知",
        addressees=OURS.name,
        copies="",
        note="",
        statements=(),
    )


def edit_paper(city: TwoBureaus, session: Session, actor: Actor) -> object:
    row = session.get_one(CircularRow, city.ids["drafted paper"])
    content = content_kept(city.services, session, row)
    assert content is not None
    words = {"title": "通知", "addressees": OURS.name, "copies": "", "note": "", "urgency": ""}
    sentences = [str(said) for _level, said in row.statements]
    return on_paper(edit_circular, "drafted", 1, **words, sentences=sentences, content=content, template=())(
        city, session, actor
    )


def _named(city: TwoBureaus, session: Session) -> Content:
    """Return what the draft was made of, as if it proposed to praise the bureau by another rule."""
    content = content_kept(city.services, session, session.get_one(CircularRow, city.of(OURS, "naming paper")))
    assert content is not None
    key = naming_key("x")
    figure = Figure(key, f"{OURS.name}牵头的事项均达序时", "拟表扬的单位和依据", ())
    proposal = Proposal(key, OURS.name, NamingAct.PRAISE, (NamingGround.WORK_DONE,))
    return replace(content, figures={**content.figures, key: figure}, proposals=(proposal,))


def _on_naming(act: Callable[..., object], **more: Any) -> Do:  # Any: what the act takes
    def do(city: TwoBureaus, session: Session, actor: Actor) -> object:
        paper = city.of(OURS, "naming paper")
        version = session.get_one(CircularRow, paper).version
        content = _named(city, session)
        return act(session, circular_id=paper, version=version, content=content, actor=actor, at=NOW, **more)

    return do


def _on_joint(act: Callable[..., object], name: str, **more: Any) -> Do:  # Any: what the act takes
    def do(city: TwoBureaus, session: Session, actor: Actor) -> object:
        paper = city.of(OURS, name)
        version = session.get_one(CircularRow, paper).version
        return act(session, circular_id=paper, version=version, actor=actor, at=NOW, **more)

    return do


name_co_issuer = _on_joint(
    joint.name_co_issuer, "naming paper", unit=OURS.full_name, host="", kinds=[UnitKind.CITY_DEPARTMENT]
)
ask_countersigns = _on_joint(joint.ask_countersigns, "unasked paper", calendar=CALENDAR)
ask_withdrawal = _on_joint(joint.ask_withdrawal, "unasked paper", reason=WHY, calendar=CALENDAR)


def issued_jointly(city: TwoBureaus, session: Session) -> None:
    """The draft that the bureau issues with the office went out."""
    session.get_one(CircularRow, city.of(OURS, "unasked paper")).state = EditionState.ISSUED.value
    session.flush()


serve_namings = _on_naming(naming.serve_namings, keys=[naming_key("x")], calendar=CALENDAR)
include_naming = _on_naming(naming.include_naming, key=naming_key("x"))
leave_out_naming = _on_naming(naming.leave_out_naming, key=naming_key("x"))


def included(city: TwoBureaus, session: Session) -> None:
    include_naming(city, session, city.actor("office"))
    session.flush()


def publish(city: TwoBureaus, session: Session, actor: Actor) -> object:
    notices = [read_holiday_notice(INVENTED_2027)]
    return publishing_calendar.publish_notices(session, notices, actor=actor, at=NOW, by=BY)


def inquire(city: TwoBureaus, session: Session, actor: Actor) -> object:
    shares = [city.of(OURS, "working share of tjj")]
    command = inquiring.Ask(city.of(OURS, "working task"), shares, WHY, NOW.date())
    return inquiring.ask(session, command, actor=actor, at=NOW)


def _instruction(city: TwoBureaus) -> instructing.Instruct:
    return instructing.Instruct(
        task_id=city.of(OURS, "working task"),
        shares=[city.of(OURS, "working share of tjj")],
        words=WHY,
        given_on=NOW.date(),
        haste=Haste.URGENT,
        leader_id=city.ids["account leader"],
    )


def instruct(city: TwoBureaus, session: Session, actor: Actor) -> object:
    return instructing.instruct(session, _instruction(city), actor=actor, at=NOW, by=BY)


def on_instructions(act: Callable[..., object]) -> Do:
    """Do an act on what a leader gave at once."""
    return lambda city, session, actor: act(session, instruction_ids=[city.ids["swj.instruction"]], actor=actor, at=NOW)


def instruct_together(city: TwoBureaus, session: Session, actor: Actor) -> object:
    return instructing.instruct_together(session, _instruction(city), also=[], actor=actor, at=NOW, by=BY)


def outage(city: TwoBureaus, session: Session, actor: Actor) -> object:
    outage = Outage(GOT, GOT + timedelta(hours=2))
    return recording_outages.record_outage(session, outage, reason=WHY, actor=actor, at=NOW, by=BY)


def register(city: TwoBureaus, session: Session, actor: Actor) -> object:
    return registering.register_document(session, small_reading(number="驻政办〔2022〕96号"), actor=actor, at=NOW)


def fetch(city: TwoBureaus, session: Session, actor: Actor) -> None:
    what, of = Fetched.PAPER, city.of(OURS, "paper")
    return note_download(session, what, object_id=of, sha256="f" * 64, size_bytes=1, address="::1", actor=actor, at=NOW)
