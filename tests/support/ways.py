"""Every way into the application, to things of 市商务局, with the accounts for whom it is open: written by hand.

A way is a method and an endpoint; what stands behind a colon tells several things apart that one address may name.
Whoever is not among its accounts gets 404; 403 only where others of his role may do it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

UNIT, HEAD = frozenset({"swj", "swj-head"}), frozenset({"swj-head"})
SHARERS = UNIT | {"tjj", "yc"}  # of the task of which 市商务局 is the lead, 市统计局 supports it, a county reports too
UNITS = SHARERS | {"jtj", "jtj-head", "nobody"}
LIAISONS = frozenset({"swj", "tjj", "yc", "jtj", "nobody"})
OFFICE, LEADER, READER = frozenset({"office", "second"}), frozenset({"leader"}), frozenset({"reader"})
OVERSEERS = OFFICE | LEADER
SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN = frozenset({"sysadmin"}), frozenset({"secadmin"}), frozenset({"auditor"})
ON_MATTERS = UNITS | OVERSEERS | READER
ALL = ON_MATTERS | SYSTEM_ADMIN | SECURITY_ADMIN | AUDIT_ADMIN | {"pending"}
NOT_THE_READER = UNITS | OVERSEERS
NOBODY: frozenset[str] = frozenset()

# What each name in an address stands for, where a way does not say otherwise: the name of an id, or a word in quotes.
PLACES: Mapping[str, str] = {
    "absence_id": "swj.absence",
    "act": "'suspend'",
    "asked_id": "swj.asked",
    "assignment_id": "swj.working share",
    "circular_id": "swj.paper",
    "document_id": "swj.document",
    "draft_id": "draft",
    "enclosure_id": "swj.enclosure",
    "evidence_id": "swj.evidence",
    "filing_id": "swj.unsigned",
    "handover_id": "swj.handover",
    "inquiry_id": "swj.inquiry",
    "instruction_id": "swj.instruction",
    "input_id": "swj.score input",
    "lesson_id": "lesson",
    "month_id": "swj.score month",
    "naming_id": "swj.naming",
    "co_issuer_id": "swj.co-issuer",
    "objection_id": "swj.score objection",
    "page": "'1'",
    "project_id": "swj.project",
    "photo_id": "swj.photo",
    "import_id": "swj.import",
    "period_id": "swj.form",
    "place": "'1'",
    "petition_id": "swj.petition",
    "question_id": "question",
    "reminder_id": "swj.message",
    "report_id": "swj.working report",
    "request_id": "swj.extension",
    "row_id": "swj.returned row",
    "series_id": "swj.series",
    "served_id": "swj.urged",
    "target_id": "swj.working target",
    "task_id": "swj.working task",
    "template_id": "template",
    "trigger_id": "swj.trigger",
    "unit_id": "unit lxz",
    "user_id": "account yc",
    "view_id": "view of another",
    "log_in_id": "'1'",
    "number": "swj.box file",
    "week": "'2022W39'",
}


@dataclass(frozen=True, slots=True)
class Way:
    """For whom a way is open. `places` and `fields` are what its address and its form name; fields may name ids.

    `done`: the form is complete, so whoever may send it changes something. `stopped` are told that a thing that they
    may see is not for them to do, or not yet there. `asked` stands behind the address. Who is among `own` finds
    something of his unit there.
    """

    may: frozenset[str]
    places: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    done: bool = False
    stopped: frozenset[str] = NOBODY
    asked: str = ""
    own: frozenset[str] = NOBODY


# Who supplies the list reads its projects, and whoever supplies the statistics; a county its own.
_PROJECT_READERS, _KEEPERS = UNIT | {"tjj", "yc"}, UNIT | {"jtj", "jtj-head"} | OFFICE
_PROJECT: Mapping[str, str] = {"name": "新项目", "build": "refit"}


def _written(matter: str, claim: str, **more: str) -> Mapping[str, str]:
    """Return what is written on a task's share: one number, and that it goes on."""
    key, target = f"a%(swj.{matter} share)s-", f"%(swj.{matter} target)s"
    reached = "2" if claim == "done" else "1"
    said = {"claim": claim, "fact": "9月28日召开推进会。", f"v{target}": reached, f"on{target}": "2022-09-28", **more}
    return {key + name: value for name, value in said.items()}


def _among_forms(fields: Mapping[str, str]) -> Mapping[str, str]:
    """Return what is written on a form of 市商务局 where it stands among others on one page."""
    return {f"p%(swj.form)s-{name}": text for name, text in fields.items()}


def _more_time(unit: str) -> Mapping[str, str]:
    """Return what asks for more time on a returned row, from a form of 市商务局."""
    key = f"x%({unit}.returned row)s-"
    return {"period_id": "%(swj.form)s", f"{key}new_due_on": "2022-10-31", f"{key}reason": "市政府同意"}


_WHY = {"reason": "市政府同意"}
_COLLEAGUE = {"user_id": "account swj-b"}
_LEAVE = {"first_on": "2022-11-01", "last_on": "2022-11-02", "reason": "出差"}
_OF_KEY = {"task_id": "swj.key task"}
_OF_YC = {"report_id": "swj.working report of yc"}
_MORE_TIME = {"new_due_on": "2022-10-31", **_WHY}
_BOTH = frozenset({"swj", "jtj"})
_PAPER = {"circular_id": "submitted paper", "act": "'send-back'"}
_FOR_SOME: Mapping[str, Way] = {
    # Everybody finds his first page and the papers that are for him.
    "GET login.home": Way(ALL),
    "GET documents.index": Way(ON_MATTERS, own=_BOTH),
    "GET documents.show": Way(SHARERS | OVERSEERS),
    "GET ledger_import.report": Way(OFFICE, stopped=OFFICE),  # of a check that nobody has made
    "GET ledgers.as_table": Way(SHARERS | OVERSEERS),
    "GET search.show": Way(ON_MATTERS),
    "GET search.show: a word": Way(ON_MATTERS, asked="?q=批示", own=_BOTH),
    "GET search.show: reports": Way(ON_MATTERS, asked="?q=推进会&kind=report"),
    "GET published_months.index": Way(ON_MATTERS),
    "GET scoring_exports.published": Way(ON_MATTERS),
    # Nothing was published of any scheme.
    "GET published_months.meeting": Way(ON_MATTERS, {"code": "'own'", "month": "'2022-09'"}, stopped=ON_MATTERS),
    "GET published_months.year": Way(ON_MATTERS, {"code": "'own'", "year": "'2022'"}, stopped=ON_MATTERS),
    "GET published_months.compare": Way(OFFICE, stopped=OFFICE),
    "POST published_months.correct": Way(OFFICE, fields=_WHY, stopped=OFFICE),
    "POST published_months.freeze": Way(OFFICE, stopped=OFFICE),
    "POST published_months.drop": Way(OFFICE, stopped=OFFICE),
    "GET circulars.index": Way(ON_MATTERS, own=_BOTH),
    "GET circulars.show": Way(UNIT | OVERSEERS),
    "GET circulars.show: one that goes up": Way(OVERSEERS, {"circular_id": "issued paper"}),
    "GET circular_files.download": Way(UNIT | OVERSEERS, stopped=UNIT | OVERSEERS),  # nobody has drawn it yet
    # Each administrator has his own page, and no other.
    "GET accounts.index": Way(SYSTEM_ADMIN),
    "GET granting.index": Way(SECURITY_ADMIN),
    "GET audit.show": Way(AUDIT_ADMIN),
    "GET audit.export": Way(AUDIT_ADMIN),
    "POST audit.verify": Way(AUDIT_ADMIN),
    "GET accounts.new": Way(SYSTEM_ADMIN),
    "GET accounts.show": Way(SYSTEM_ADMIN),
    "GET accounts.code": Way(SYSTEM_ADMIN),
    "POST accounts.create": Way(SYSTEM_ADMIN, fields={"login": "neu", "name": "新人", "asked_role": "reader"}),
    "POST accounts.change": Way(SYSTEM_ADMIN, fields={"name": "新名", "unit_id": "%(unit yc)s"}, done=True),
    "POST accounts.disable": Way(SYSTEM_ADMIN, fields={"anyway": "yes", **_WHY}, done=True),
    "POST accounts.enable": Way(SYSTEM_ADMIN, fields=_WHY),
    "POST accounts.reset": Way(SYSTEM_ADMIN, fields=_WHY),
    "POST accounts.reset_second": Way(SYSTEM_ADMIN, fields=_WHY),
    "GET granting.show": Way(SECURITY_ADMIN),
    "POST granting.grant": Way(SECURITY_ADMIN, fields={"role": "reader", **_WHY}, done=True),
    "POST granting.take_back": Way(SECURITY_ADMIN, fields=_WHY, done=True),
    "GET granting.code": Way(SECURITY_ADMIN),
    "POST granting.end": Way(SECURITY_ADMIN),
    "GET register_exports.accounts": Way(SYSTEM_ADMIN),
    "GET register_exports.grants": Way(SECURITY_ADMIN),
    "GET register_exports.people": Way(frozenset({"swj-head", "jtj-head"})),
    "GET register_exports.drafts": Way(OFFICE),
    "GET register_exports.outages": Way(OFFICE),
    "GET register_exports.lessons": Way(OFFICE),
    "GET lessons.index": Way(OFFICE),
    "POST lessons.withdraw": Way(OFFICE, done=True),
    "GET register_exports.templates": Way(OFFICE),
    "GET register_exports.units": Way(OFFICE),
    "GET waiting_exports.inquiries": Way(SHARERS | OVERSEERS),
    "GET waiting_exports.jottings": Way(UNITS),
    "GET waiting_exports.to_decide": Way(LEADER),
    "GET waiting_exports.to_sign": Way(frozenset({"swj-head", "jtj-head"})),
    "GET waiting_exports.to_verify": Way(UNITS),
    "GET day_exports.box": Way(UNITS, own=_BOTH),
    "GET day_exports.changes": Way(NOT_THE_READER),
    "GET day_exports.due": Way(NOT_THE_READER),
    "GET day_exports.nobody": Way(OFFICE),
    "GET day_exports.today": Way(LIAISONS, own=_BOTH),
    "GET day_exports.notices": Way(UNITS | OFFICE, own=_BOTH),
    "GET day_exports.review": Way(OFFICE),
    "GET day_exports.week": Way(OVERSEERS),
    "GET due.show": Way(NOT_THE_READER),
    "GET changes.show": Way(NOT_THE_READER),
    "GET help.show": Way(ALL),
    # Everybody has an account of his own; a log-in of somebody else is not there.
    "GET mine.show": Way(ALL),
    "POST mine.change": Way(ALL),
    "POST mine.confirm": Way(ALL),
    "POST mine.choose": Way(ALL),
    "POST calendar_link.make": Way(UNITS),
    "POST calendar_link.give_up": Way(UNITS),
    "POST mine.end": Way(NOBODY, {"log_in_id": "log-in of another"}),
    "POST mine.end_all_others": Way(ALL),
    "GET factor.show": Way(ALL),
    "POST factor.begin": Way(ALL),
    "POST factor.confirm": Way(ALL),
    "GET factor.codes": Way(ALL),
    "POST factor.leave_codes": Way(ALL),
    "POST factor.remove": Way(ALL),
    # Whoever has work of his own is away, and acts for whose deputy he is; his head and 系统管理员 keep that too.
    "POST absences.take": Way(UNITS | OVERSEERS, fields=_LEAVE, done=True),
    "POST absences.end": Way(HEAD | SYSTEM_ADMIN, done=True),
    "POST absences.act_for": Way(frozenset({"swj"}), _COLLEAGUE, done=True),
    "POST absences.act_as_oneself": Way(UNITS | OVERSEERS),
    "GET absences.people": Way(HEAD | {"jtj-head"}, own=frozenset({"swj-head", "jtj-head"})),
    "GET absences.show_person": Way(HEAD | SYSTEM_ADMIN, _COLLEAGUE),
    "POST absences.set_for": Way(HEAD | SYSTEM_ADMIN, _COLLEAGUE, _LEAVE, done=True),
    "POST handing_over.hand_over": Way(
        HEAD | SYSTEM_ADMIN, _COLLEAGUE, {"to_id": "%(account swj)s", "why": "岗位调整"}, done=True
    ),
    "GET handing_over.show": Way(UNIT),
    "GET handing_over.download": Way(UNIT),
    # A unit's people see and write what is their unit's.
    "GET today.show": Way(LIAISONS, own=_BOTH),
    "POST today.acknowledge_selected": Way(
        frozenset({"swj"}), fields={"assignment": "%(swj.overdue share)s"}, done=True
    ),
    "GET sign_off.queue": Way(HEAD | {"jtj-head"}, own=frozenset({"swj-head", "jtj-head"})),
    "POST sign_off.sign": Way(HEAD, done=True),
    "POST sign_off.sign_chosen": Way(HEAD, fields={"envelope": "%(swj.unsigned)s-0"}, done=False),
    "POST sign_off.give_back": Way(HEAD, fields=_WHY, done=True),
    "POST petitions.sign": Way(HEAD, done=True),
    "POST petitions.give_back": Way(HEAD, fields=_WHY, done=True),
    "POST petitions.take_back": Way(UNIT, done=True),
    "POST filing.take_back": Way(UNIT, done=True),
    "GET filing.form": Way(UNIT),
    "POST filing.submit": Way(UNIT, fields=_written("returned", "on_schedule"), done=True),
    "POST filing.keep": Way(UNIT, fields=_written("returned", "on_schedule"), done=True),
    "GET many_forms.show": Way(UNITS, own=_BOTH),
    "POST many_forms.submit": Way(UNIT, fields=_among_forms(_written("returned", "on_schedule")), done=True),
    "POST many_forms.keep": Way(UNIT, fields=_among_forms(_written("returned", "on_schedule")), done=True),
    "POST many_forms.go_on": Way(UNIT, fields=_among_forms({"again": "yes"})),
    "GET boxes.show": Way(UNITS, own=_BOTH),
    "POST boxes.put_in": Way(UNITS),
    "POST boxes.set_term_of": Way(UNIT, fields={"version": "1", "good_until": "2022-12-31"}, done=True),
    "POST boxes.replace": Way(UNIT, fields={"version": "1"}),
    "POST boxes.take_out_of": Way(UNIT, fields={"version": "1"}, done=True),
    "GET boxes.download": Way(UNIT),
    "POST handling.set_for": Way(UNIT, fields={"handler": "投资科", "version": "1"}, done=True),
    "GET jottings.show": Way(UNITS),
    "GET projects.index": Way(NOT_THE_READER, own=UNIT),
    "GET projects.as_workbook": Way(NOT_THE_READER),
    "GET projects.show": Way(_PROJECT_READERS | OVERSEERS),
    "GET projects.photo": Way(_PROJECT_READERS | OVERSEERS),
    "GET project_acts.form": Way(_KEEPERS),
    "POST project_acts.enter": Way(
        UNIT, done=True, fields={**_PROJECT, "county": "yc", "list": "waizi", "since": "2022-01"}
    ),
    "POST project_acts.correct": Way(UNIT | {"tjj"}, fields={**_PROJECT, "version": "1", "reason": "核对"}),
    "POST project_acts.place": Way(UNIT, fields={"list": "waizi", "since": "2022-02", "reason": "调整"}, done=True),
    "POST project_acts.take_off": Way(
        UNIT, fields={"listing": "waizi:2022", "off": "2022-09-01", "reason": "移出"}, done=True
    ),
    "POST project_acts.value": Way(UNIT, fields={"month": "2022-08", "invested": "1", "source": "平台"}, done=True),
    "POST project_acts.milestone": Way(UNIT, fields={"milestone": "started", "on": "2022-08-01"}, done=True),
    "POST project_acts.confirm": Way(OFFICE, fields={"milestone": "finished"}),
    "GET project_acts.check_form": Way(OFFICE),
    "POST project_acts.check": Way(
        OFFICE, fields={"month": "2022-08", "day": "2022-09-02", "verdict": "true"}, done=True
    ),
    "GET project_imports.form": Way(_KEEPERS),
    "POST project_imports.put_in": Way(UNITS | OFFICE),
    "GET project_imports.show": Way(UNIT),
    "POST project_imports.take": Way(UNIT),
    "POST jottings.drop": Way(UNITS, fields={"jotting": "1 "}),
    "POST news.keep_update": Way(UNIT, _OF_KEY, _written("key", "on_schedule"), done=True),
    "POST news.keep_reply": Way(UNIT, _OF_KEY, _written("key", "on_schedule"), done=True),
    "POST news.keep_completion": Way(UNIT, _OF_KEY, _written("key", "on_schedule"), done=True),
    "POST filing.go_on": Way(UNIT, fields={"again": "yes"}),
    "GET form_files.as_workbook": Way(UNIT),
    "GET form_files.choose": Way(UNIT),
    "POST form_files.check": Way(UNIT),
    "POST filing.ask_for_time": Way(UNIT, fields=_more_time("swj"), done=True),
    "POST filing.ask_for_time: from a form of one's own": Way(
        NOBODY, {"row_id": "jtj.returned row"}, _more_time("jtj")
    ),
    "GET news.update": Way(SHARERS),
    "POST news.tell": Way(UNIT, _OF_KEY, _written("key", "on_schedule"), done=True),
    "GET news.reply": Way(SHARERS),
    "POST news.answer": Way(
        frozenset({"tjj"}),
        fields={f"a%(swj.working share{of})s-fact": "9月28日已提供数据。" for of in ("", " of tjj", " of yc")},
        done=True,
        stopped=UNIT | {"yc"},
    ),
    "GET news.completion": Way(UNIT, _OF_KEY),
    "POST news.complete": Way(UNIT, _OF_KEY, _written("key", "done", outcome="met"), done=True),
    "GET instructions.index": Way(OVERSEERS),
    "GET instructions.form": Way(OVERSEERS),
    "POST instructions.give": Way(
        OVERSEERS,
        fields={
            "words": "请说明",
            "given_on": "2022-09-27",
            "haste": "urgent",
            "leader": "%(account leader)s",
            "asked": "%(swj.working share)s",
        },
        done=True,
    ),
    "POST instructions.read": Way(LEADER, done=True),
    "POST instructions.close": Way(OVERSEERS, done=True),
    "GET inquiries.show": Way(SHARERS | OVERSEERS),
    "POST inquiries.ask_units": Way(
        UNIT | OFFICE, fields={"words": "请提供数据", "answer_by": "2022-09-30", "everyone": "yes"}, done=True
    ),
    "POST countersigning.sign": Way(HEAD, fields={"countersign_answer": "agreed", "version": "2"}, done=True),
    "POST countersigning.take_back": Way(OFFICE, fields={"version": "2", **_WHY}, done=True),
    "POST countersigning.drop": Way(OFFICE, fields={"version": "2", **_WHY}, done=True),
    "GET namings.show": Way(UNIT),
    "POST namings.answer": Way(UNIT, fields={"naming_answer": "agreed"}, done=True),
    "POST namings.keep": Way(OFFICE, {"naming_id": "swj.naming objection"}, _WHY, done=True),
    "POST served.receive": Way(UNIT, {"served_id": "swj.served"}, done=True),
    "POST served.receive_several": Way(UNIT, fields={"served": "%(swj.served)s"}, done=True),
    "POST served.answer": Way(UNIT - HEAD, fields={"version": "1", "paper_answer": "已报送进展。"}, done=True),
    "POST served.take_back": Way(UNIT, {"served_id": "swj.answer to sign"}, done=True),
    "POST served.sign": Way(HEAD, {"served_id": "swj.answer to sign"}, {"shown": "2"}, done=True),
    "POST served.give_back": Way(HEAD, {"served_id": "swj.answer to sign"}, {"version": "2", **_WHY}, done=True),
    "POST served.read": Way(OFFICE, {"served_id": "swj.answer"}, done=True),
    "GET inquiries.answer_form": Way(UNIT),
    "POST inquiries.answer": Way(UNIT, fields={"fact": "9月签约1个项目。"}, done=True),
    "POST quoting.take_files": Way(UNIT, {"asked_id": "swj.asked of tjj"}),
    "POST inquiries.remind_unit": Way(UNIT, {"asked_id": "swj.asked of tjj"}, done=True),
    "POST inquiries.take_back": Way(UNIT, done=True),
    "POST inquiries.plead": Way(UNIT, fields={"words": "请协调"}, done=True),
    "POST inquiries.decide": Way(OFFICE, {"inquiry_id": "swj.inquiry to coordinate"}, {"words": "请提供"}, done=True),
    "POST acts.dispute": Way(UNIT, {"task_id": "swj.overdue task", "assignment_id": "swj.overdue share"}, _WHY),
    "POST acts.dispute: as if of another task": Way(
        NOBODY, {"task_id": "jtj.overdue task", "assignment_id": "swj.overdue share"}, _WHY
    ),
    "POST objections.raise_objection": Way(
        UNIT, {"task_id": "swj.lowered task", "report_id": "swj.lowered report"}, _WHY, done=True
    ),
    "POST objections.raise_objection: as if of another task": Way(
        NOBODY, {"task_id": "jtj.lowered task", "report_id": "swj.lowered report"}, _WHY
    ),
    "GET verifying.show": Way(UNITS, own=_BOTH),
    "POST verifying.decide": Way(UNIT, _OF_YC, {"opinion": "stands"}, done=True),
    "POST verifying.confirm": Way(UNIT, fields={"report": "%(swj.working report of yc)s"}, done=True),
    # What a unit and the office look at together.
    "GET tasks.show": Way(SHARERS | OVERSEERS),
    "GET tasks.show: of one unit alone": Way(UNIT | OVERSEERS, _OF_KEY),
    "GET tasks.show: whose report was given back": Way(UNIT | {"tjj"} | OVERSEERS, {"task_id": "swj.returned task"}),
    "GET tasks.show: whose claim was lowered": Way(UNIT | {"tjj"} | OVERSEERS, {"task_id": "swj.lowered task"}),
    "GET tasks.show: whose unit objects to that": Way(UNIT | {"tjj"} | OVERSEERS, {"task_id": "swj.objected task"}),
    "GET overdue.show": Way(NOT_THE_READER, asked="?overdue=1", own=_BOTH),
    "GET overdue.show: of a document": Way(NOT_THE_READER, asked="?overdue=1&document=%(swj.document)s"),
    "GET overdue.show: of a unit": Way(NOT_THE_READER, asked="?overdue=1&unit=%(unit swj)s"),
    "GET overdue.series": Way(UNIT | OVERSEERS),
    "GET enclosures.download": Way(UNIT | OVERSEERS),
    "GET enclosures.preview": Way(UNIT | OVERSEERS),
    "GET evidence.download": Way(UNIT | OVERSEERS),
    "GET evidence.preview": Way(UNIT | OVERSEERS),
    "GET evidence.download: of what a member filed": Way(
        UNIT | OVERSEERS | {"yc"}, {"evidence_id": "swj.working evidence of yc"}
    ),
    "GET notices.show": Way(UNITS | OFFICE, own=_BOTH),
    "GET task_ledger.show": Way(NOT_THE_READER, own=_BOTH),
    "GET task_ledger.show: of a document": Way(NOT_THE_READER, asked="?document=%(swj.document)s"),
    "GET task_ledger.show: of a unit": Way(NOT_THE_READER, asked="?unit=%(unit swj)s"),
    "GET task_ledger.show: with a word": Way(NOT_THE_READER, asked="?q=批示", own=_BOTH),
    "GET task_ledger.show: on paper": Way(NOT_THE_READER, asked="?print=1", own=_BOTH),
    "GET list_exports.circulars": Way(ON_MATTERS, own=_BOTH),
    "GET list_exports.documents": Way(ON_MATTERS, own=_BOTH),
    "GET list_exports.instructions": Way(OVERSEERS),
    "GET list_exports.questions": Way(OFFICE),
    "GET list_exports.overdue": Way(NOT_THE_READER, own=_BOTH),
    "GET list_exports.overdue: of a unit": Way(NOT_THE_READER, asked="?unit=%(unit swj)s"),
    "GET list_exports.series": Way(OVERSEERS),
    "GET list_exports.reminders": Way(OFFICE),
    "GET task_ledger.as_workbook": Way(NOT_THE_READER, own=_BOTH),
    "GET task_ledger.as_csv": Way(NOT_THE_READER, own=_BOTH),
    # A view of the ledger is its person's; one of somebody else is not there.
    "POST ledger_views.keep": Way(NOT_THE_READER, fields={"name": "逾期的", "asked": "light=red"}, done=True),
    "POST ledger_views.rename": Way(NOBODY, {"view_id": "view of another"}, {"name": "新名称"}),
    "POST ledger_views.drop": Way(NOBODY, {"view_id": "view of another"}),
    # An evaluation is for whoever supplies, is evaluated or oversees; in its check each reads his own marks alone.
    "GET scoring.index": Way(SHARERS | OVERSEERS),
    "GET scoring.show": Way(SHARERS | OVERSEERS),
    "POST scoring.begin": Way(
        OFFICE, fields={"scheme": "own", "month": "2022-09", "inputs_by": "2022-10-10"}, done=True
    ),
    "POST scoring.draft": Way(OFFICE),
    "POST scoring.renew": Way(OFFICE),
    "POST scoring.presume": Way(OFFICE, fields=_WHY),
    "POST scoring.collect": Way(OFFICE, {"month_id": "drafted score month"}, done=True),
    "POST scoring.check": Way(OFFICE, {"month_id": "drafted score month"}, done=True),
    "GET scoring.confirm": Way(OFFICE),
    "POST scoring.freeze": Way(OFFICE),
    "GET scoring_counts.show": Way(UNIT | OVERSEERS),
    "POST scoring_counts.count": Way(UNIT | OFFICE),
    "GET scoring_inputs.form": Way(UNIT | {"tjj"} | OVERSEERS),
    "GET scoring_inputs.form: of a supplier": Way(UNIT | {"tjj"} | OVERSEERS, asked="?owner=swj"),
    "POST scoring_inputs.save": Way(UNIT | {"tjj"} | OFFICE, fields={"k1-none": "yes"}),
    "POST scoring_inputs.withdraw": Way(UNIT, fields=_WHY, done=True),
    "POST scoring_inputs.withdraw: of the office": Way(OFFICE, {"input_id": "office.score input"}, _WHY, done=True),
    "GET scoring_inputs.download": Way(UNIT | OVERSEERS),
    "GET scoring_books.as_workbook": Way(UNIT | {"tjj"} | OFFICE),
    "GET scoring_books.choose": Way(UNIT | {"tjj"} | OFFICE),
    "POST scoring_books.check": Way(UNIT | {"tjj"} | OFFICE),
    "POST scoring_books.take_over": Way(UNIT | {"tjj"} | OFFICE),
    "GET scoring_rules.questions": Way(SHARERS | OVERSEERS),
    "POST scoring_rules.rule": Way(
        OFFICE,
        {"place": "'3'"},
        {"option": "group", "decider": "张主任", "decided_on": "2022-09-28", "version": "0", **_WHY},
        done=True,
    ),
    "GET scoring_results.ranking": Way(UNIT | {"yc"} | OVERSEERS),
    "GET scoring_exports.ranking": Way(UNIT | {"yc"} | OVERSEERS),
    "GET scoring_results.show_object": Way(UNIT | OVERSEERS),
    "POST scoring_results.raise_objection": Way(HEAD, fields={"objected": "1-2", **_WHY}, done=True),
    "POST scoring_results.answer": Way(OFFICE, fields={"verdict": "upheld", **_WHY}, done=True),
    "POST scoring_results.settle": Way(OFFICE, fields=_WHY),
    # The leaders see what the office sees, and decide some of it.
    "GET desk.show": Way(OVERSEERS),
    "GET leader.show": Way(LEADER),
    "GET desk.week_parts": Way(OVERSEERS),
    "GET desk.coming": Way(OFFICE),
    "GET proposed_papers.show": Way(OFFICE),
    "GET proposed_papers.as_workbook": Way(OFFICE),
    "GET overview.show": Way(OVERSEERS),
    "GET overview.series": Way(OVERSEERS),
    "GET circular_files.preview": Way(OVERSEERS),
    "GET circular_files.picture": Way(OVERSEERS),
    "GET circular_files.sources": Way(OVERSEERS),
    "GET review.leader": Way(LEADER),
    "POST circular_acts.change": Way(OVERSEERS, _PAPER, {"version": "2", **_WHY}, done=True),
    "POST circular_acts.change: what only the office does": Way(
        OFFICE, {"circular_id": "drafted paper", "act": "'submit'"}, {"version": "1"}, done=True
    ),
    "POST review.grant": Way(OFFICE, done=True),
    "POST review.grant: a second time": Way(LEADER, {"request_id": "swj.extension of the leader"}, stopped=OFFICE),
    "POST review.refuse": Way(OFFICE, fields=_WHY, done=True),
    "POST review.refuse: a second time": Way(
        LEADER, {"request_id": "swj.extension of the leader"}, _WHY, done=True, stopped=OFFICE
    ),
    "POST overdue.move": Way(OVERSEERS, fields=_MORE_TIME, done=True),
    "POST acts.change_deadline": Way(OVERSEERS, fields={"new_on": "2022-12-31", **_WHY}, done=True),
}
_FOR_THE_OFFICE = """
GET calendar.show, POST calendar.publish, POST calendar.preview, POST circular_drafting.draft,
GET circular_templates.index, POST circular_templates.upload, GET circular_templates.page,
POST circular_templates.retire, GET circular_templates.sample, POST acts.grant, POST documents.approve,
POST documents.issue, POST documents.correct_end, GET drafts.index, POST drafts.upload, GET drafts.show,
POST drafts.approve, POST drafts.correct_draft, POST drafts.discard, POST drafts.enter_units, POST review.accept_all,
GET ledgers.form, POST ledgers.write_down, GET ledgers.empty_ledger, GET nobody.show,
POST ledger_import.check, POST ledger_import.take_over,
POST nobody.keep, POST objections.restore, GET outages.show, POST outages.record, POST outages.preview,
GET questions.index, POST questions.answer, GET reminders.show, POST reminders.send_again, POST reminders.confirm,
POST review.accept, POST review.find_untrue, POST review.give_back,
GET review.queue, GET review_rows.begin, GET review_rows.show,
POST verifying.accept, POST acts.act_on_task,
POST acts.set_interval, POST acts.add_share, POST acts.end_share, POST schedules.save, POST tasks.trigger,
POST tasks.end, GET units.index, POST units.merge, POST units.rename
"""
_REQUESTS = {"POST acts.grant": "swj.dispute", "POST objections.restore": "swj.objection"}
WAYS: Mapping[str, Way] = {
    **_FOR_SOME,
    **{
        way: Way(OFFICE, {"request_id": _REQUESTS[way]} if way in _REQUESTS else {}, _WHY)
        for way in _FOR_THE_OFFICE.replace("\n", " ").strip().split(", ")
    },
}
# Open to whoever comes: the log-in, and what a monitor asks.
PUBLIC = frozenset(
    {"GET login.form", "POST login.enter", "POST login.leave", "POST second_step.enter"}
    | {"GET unified.go", "GET unified.back", "GET unified.leave"}
    | {"GET health.healthz", "GET health.readyz", "GET health.metrics"}
    | {"GET calendar_link.show"}  # whoever has the secret address
)
# What is drawn with the office suite takes long: it is tried with those for whom it is not.
DRAWN = frozenset({"GET circular_files.preview", "GET circular_files.picture", "GET circular_templates.page"})
