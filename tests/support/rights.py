"""Who may do what: every act of the use cases, on something of 市商务局, with the accounts whose people may do it.

The accounts are written by hand, after the docstring of each act and what a role is for: a unit's people receive, write
and ask, its head signs, the office breaks down, decides and issues, a leader decides what goes up to him. Nothing is
read from the code: the tests hold every other account against it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.support import rights_acts as how
from tests.support import rights_projects as of_projects
from tests.support import scoring_acts as scored
from tests.support.corrections import CHANGED
from tests.support.office import BY, CALENDAR
from tests.support.rights_acts import WHY
from tests.support.two_bureaus import NOW
from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import Role
from tracker.domain.claims import Claim
from tracker.domain.filings import FilingKind, ReturnReason
from tracker.domain.items import CadenceKind
from tracker.domain.units import UnitKind
from tracker.domain.verifying import LeadOpinion, LeadWord
from tracker.usecases import (
    absences,
    accepting,
    accounts,
    circular_templates,
    drafting,
    ending,
    filing,
    handing_over,
    handling,
    inquiring,
    instructing,
    mail_outbox,
    objecting,
    petitioning,
    plan_ends,
    renewing_access,
    report_demands,
    requesting,
    returning,
    served_papers,
    sharing,
    teaching,
    triggers,
    verifying,
)
from tracker.usecases.accounts import NewUser
from tracker.usecases.circulars import joint as circulars_joint
from tracker.usecases.circulars import naming as circulars_naming
from tracker.usecases.circulars.deciding import approve_circular, send_back_circular, submit_circular
from tracker.usecases.circulars.drafting import correct_circular, discard_circular
from tracker.usecases.circulars.issuing import issue_circular, withdraw_circular

# Whose rights are tried: both people of the bureau whose matter it is, of another one, of a unit that supports the task
# and of a member, an account without a unit, and everybody who is of no unit.
EVERYBODY = frozenset(
    {"swj", "swj-head", "jtj", "jtj-head", "tjj", "yc", "nobody", "office", "second", "leader", "reader", "system"}
    | {"sysadmin", "secadmin", "auditor", "pending"}
)
UNIT, HEAD = frozenset({"swj", "swj-head"}), frozenset({"swj-head"})
OFFICE, LEADER = frozenset({"office", "second"}), frozenset({"leader"})
SECOND = frozenset({"second"})  # what one of the office has begun another one must end


@dataclass(frozen=True, slots=True)
class Right:
    """Who may do an act and how it is done; `before` is what happens first, by whoever may do that."""

    may: frozenset[str]
    do: how.Do
    before: how.Before | None = None


REPORT, REQUEST = "report_id", "request_id"
_PETITION = "petition_id", "swj.petition"
_INSTRUCTION = ("instruction_id", "swj.instruction")
NEW_UNIT: Mapping[str, Any] = {"name": "驻马店市外贸局", "kind": UnitKind.CITY_DEPARTMENT}  # Any: arguments
YEAR_END = date(2022, 12, 31)
LEAVE = absences.Leave(first_on=date(2022, 11, 1), last_on=date(2022, 11, 2), deputy_id=None, reason=WHY)
UNIT_PEOPLE = frozenset({"swj", "swj-head", "jtj", "jtj-head", "tjj", "yc", "nobody"})
WORD = LeadWord(LeadOpinion.RETURN, reason=WHY)
RETURN: Mapping[str, Any] = {"reason": WHY, "reason_class": ReturnReason.NO_EVIDENCE, "by": BY}  # Any: arguments
NUMBERING: Mapping[str, Any] = {
    "numbering": "{}年第{}号".format,
    "content": None,
    "calendar": CALENDAR,
}  # Any: arguments
SYSTEM_ADMIN, SECURITY_ADMIN = frozenset({"sysadmin", "system"}), frozenset({"secadmin", "system"})
_NOW = {"when": Moment(now=NOW, at=NOW)}
_CODE: Mapping[str, Any] = {"code_hash": "-", "policy": AccountPolicy(), **_NOW}  # Any: arguments
# By the name of module and act; what stands behind a colon tells several things apart that one act is done to.
RIGHTS: Mapping[str, Right] = {
    # Whoever may read a file may have it: the pages ask that; the record asks for a person.
    "downloads.note_download": Right(EVERYBODY - {"system"}, how.fetch),
    # A unit's people work on what their unit holds; only its head signs.
    "filing.acknowledge": Right(UNIT, how.on(filing.acknowledge, "assignment_id", "swj.overdue share")),
    "filing.submit_form": Right(UNIT, how.submit_form),
    "filing.submit_one": Right(UNIT, how.submit_one(FilingKind.UPDATE, Claim.ON_SCHEDULE)),
    "filing.submit_one: a request to be done": Right(UNIT, how.submit_one(FilingKind.COMPLETION, Claim.DONE)),
    "filing.sign_off": Right(HEAD, how.on(filing.sign_off, "filing_id", "swj.unsigned")),
    "filing.send_back": Right(HEAD, how.on(filing.send_back, "filing_id", "swj.unsigned", reason=WHY)),
    "filing.withdraw": Right(UNIT, how.on(filing.withdraw, "filing_id", "swj.unsigned")),
    "jotting.jot": Right(UNIT, how.jot),
    "jotting.use_up": Right(UNIT, how.use_up, how.jotted),
    "jotting.forget": Right(UNIT, how.forget, how.jotted),
    "jotting.drop": Right(UNIT, how.drop, how.jotted),
    "keeping_evidence.put_in_box": Right(UNIT, how.put_in_box),
    "keeping_evidence.replace_in_box": Right(UNIT, how.replace_in_box),
    "keeping_evidence.set_term": Right(UNIT, how.set_term),
    "keeping_evidence.take_out": Right(UNIT, how.take_out),
    "keeping_evidence.take_over": Right(UNIT, how.take_over),
    # Who supplies a list enters its projects; who supplies the statistics says since when one stands there.
    "project_entries.enter_project": Right(UNIT, of_projects.enter),
    "project_entries.correct_project": Right(UNIT | {"tjj"}, of_projects.correct),
    "project_entries.place_project": Right(UNIT, of_projects.place),
    "project_entries.take_project_off": Right(UNIT, of_projects.take_off),
    "project_entries.give_value": Right(UNIT, of_projects.value),
    "project_milestones.tell_reached": Right(UNIT, of_projects.reach),
    "project_milestones.confirm_reached": Right(OFFICE, of_projects.confirm, of_projects.reached),
    "project_milestones.check_on_site": Right(OFFICE, of_projects.check),
    "project_exports.put_export": Right(UNIT, of_projects.put),
    "project_exports.take_export": Right(UNIT, of_projects.take),
    "handling.set_handler": Right(
        UNIT, how.on(handling.set_handler, "assignment_id", "swj.working share", words="投资科", person_id=None)
    ),
    "petitioning.petition": Right(UNIT, how.petition),
    "petitioning.sign_petition": Right(HEAD, how.on(petitioning.sign_petition, *_PETITION, by=BY)),
    "petitioning.send_petition_back": Right(HEAD, how.on(petitioning.send_petition_back, *_PETITION, reason=WHY)),
    "petitioning.withdraw_petition": Right(UNIT, how.on(petitioning.withdraw_petition, *_PETITION)),
    "requesting.request_extension": Right(UNIT, how.request_extension),
    "requesting.dispute_share": Right(UNIT, how.dispute, how.new_share),
    "objecting.object_to_claim": Right(
        UNIT, how.on(objecting.object_to_claim, REPORT, "swj.lowered report", reason=WHY, by=BY)
    ),
    # The lead and the office ask other units; who asked reminds and withdraws, the office coordinates.
    "instructing.instruct": Right(OFFICE | LEADER, how.instruct),
    "instructing.instruct_together": Right(OFFICE | LEADER, how.instruct_together),
    "instructing.read_instruction": Right(LEADER, how.on(instructing.read_instruction, *_INSTRUCTION)),
    "instructing.read_instructions": Right(LEADER, how.on_instructions(instructing.read_instructions)),
    "instructing.close_instructions": Right(OFFICE | LEADER, how.on_instructions(instructing.close_instructions)),
    "instructing.close_instruction": Right(OFFICE | LEADER, how.on(instructing.close_instruction, *_INSTRUCTION)),
    "inquiring.ask": Right(UNIT | OFFICE, how.inquire),
    "inquiring.remind": Right(UNIT, how.on(inquiring.remind, "asked_id", "swj.asked of tjj")),
    "inquiring.withdraw_inquiry": Right(UNIT, how.on(inquiring.withdraw_inquiry, "inquiry_id", "swj.inquiry")),
    "inquiring.ask_for_coordination": Right(
        UNIT, how.on(inquiring.ask_for_coordination, "inquiry_id", "swj.inquiry", words=WHY)
    ),
    "inquiring.decide_coordination": Right(
        OFFICE, how.on(inquiring.decide_coordination, "inquiry_id", "swj.inquiry to coordinate", words=WHY)
    ),
    # The lead of a task verifies what its members filed; a member and a support do not.
    "verifying.verify_report": Right(
        UNIT, how.on(verifying.verify_report, REPORT, "swj.working report of yc", word=WORD, by=BY)
    ),
    "verifying.confirm_reports": Right(UNIT, how.confirm),
    # The office reviews, and decides what units ask for; what is past the office goes to the leader alone.
    "accepting.accept_filing": Right(OFFICE, how.on(accepting.accept_filing, "filing_id", "swj.filing")),
    "accepting.accept_report": Right(OFFICE, how.on(accepting.accept_report, REPORT, "swj.working report")),
    # A report that the words address to another body is decided by whoever acts for that body too.
    "accepting.accept_report: to another body": Right(
        OFFICE | {"tjj"}, how.on(accepting.accept_report, REPORT, "swj.working report"), how.addressed
    ),
    "returning.return_report: to another body": Right(
        OFFICE | {"tjj"}, how.on(returning.return_report, REPORT, "swj.working report", **RETURN), how.addressed
    ),
    "accepting.accept_reports": Right(OFFICE, how.accept_reports),
    "accepting.accept_confirmed": Right(OFFICE, how.accept_confirmed, how.confirmed),
    "returning.return_report": Right(OFFICE, how.on(returning.return_report, REPORT, "swj.working report", **RETURN)),
    "returning.return_untrue_report": Right(
        OFFICE,
        how.on(returning.return_untrue_report, REPORT, "swj.working report", reason=how.FINDING, by=BY),
        how.accepted,
    ),
    "requesting.grant_extension": Right(OFFICE, how.on(requesting.grant_extension, REQUEST, "swj.extension", by=BY)),
    "requesting.grant_extension: a second time": Right(
        LEADER, how.on(requesting.grant_extension, REQUEST, "swj.extension of the leader", by=BY)
    ),
    "requesting.refuse_request": Right(
        OFFICE, how.on(requesting.refuse_request, REQUEST, "swj.extension", reason=WHY, by=BY)
    ),
    "requesting.refuse_request: a dispute": Right(
        OFFICE, how.on(requesting.refuse_request, REQUEST, "swj.dispute", reason=WHY, by=BY)
    ),
    "requesting.refuse_request: an objection": Right(
        OFFICE, how.on(requesting.refuse_request, REQUEST, "swj.objection", reason=WHY, by=BY)
    ),
    "requesting.refuse_request: of the leader": Right(
        LEADER, how.on(requesting.refuse_request, REQUEST, "swj.extension of the leader", reason=WHY, by=BY)
    ),
    "objecting.restore_claim": Right(OFFICE, how.on(objecting.restore_claim, REQUEST, "swj.objection", reason=WHY)),
    "sharing.grant_dispute": Right(OFFICE, how.grant_dispute),
    "moving_due.move_due": Right(OFFICE | LEADER, how.move_due),
    # The office keeps the tasks; a deadline is the leader's too.
    "ending.close_task": Right(OFFICE, how.on_task(ending.close_task, "completed")),
    "ending.archive_task": Right(OFFICE, how.on_task(ending.archive_task, "closed")),
    "ending.cancel_task": Right(OFFICE, how.on_task(ending.cancel_task, "working")),
    "ending.suspend_task": Right(OFFICE, how.on_task(ending.suspend_task, "working")),
    "ending.resume_task": Right(OFFICE, how.on_task(ending.resume_task, "suspended", by=BY)),
    "ending.reopen_task": Right(OFFICE, how.on_task(ending.reopen_task, "completed", by=BY)),
    "report_demands.mark_key": Right(OFFICE, how.on_task(report_demands.mark_key, "working", by=BY)),
    "report_demands.lift_key": Right(OFFICE, how.on_task(report_demands.lift_key, "key", by=BY)),
    "report_demands.set_interval": Right(
        OFFICE, how.on_task(report_demands.set_interval, "open", interval=CadenceKind.BIMONTHLY, by=BY)
    ),
    "sharing.add_share": Right(OFFICE, how.add_share),
    "sharing.release_share": Right(
        OFFICE, how.on(sharing.release_share, "assignment_id", "swj.working share of tjj", reason=WHY, by=BY)
    ),
    "sharing.reassign_share": Right(OFFICE, how.reassign),
    "sharing.change_deadline": Right(
        OFFICE | LEADER, how.on_task(sharing.change_deadline, "working", new_on=YEAR_END, by=BY)
    ),
    "scheduling.set_points": Right(OFFICE, how.set_points),
    "triggers.record_trigger": Right(OFFICE, how.record_trigger),
    "triggers.end_trigger": Right(OFFICE, how.on(triggers.end_trigger, "trigger_id", "swj.trigger", reason=WHY)),
    "answering.answer_question": Right(OFFICE, how.answer),
    # The office breaks documents down; who had a hand in a draft does not approve it.
    "drafting.upload_draft": Right(OFFICE, how.upload),
    "drafting.correct": Right(OFFICE, how.correct),
    "drafting.discard_draft": Right(OFFICE, how.on(drafting.discard_draft, "draft_id", "draft", version=1, reason=WHY)),
    "drafting.register_unit": Right(
        OFFICE, lambda _city, session, actor: drafting.register_unit(session, **NEW_UNIT, actor=actor, at=NOW)
    ),
    "drafting.register_alias": Right(OFFICE, how.on(drafting.register_alias, "unit_id", "unit swj", name="市外贸局")),
    "teaching.correct_and_teach": Right(OFFICE, how.correct_and_teach, how.strange_draft),
    "teaching.teach_names": Right(OFFICE, how.teach_names, how.strange_draft),
    "teaching.withdraw_lesson": Right(OFFICE, how.on(teaching.withdraw_lesson, "lesson_id", "lesson")),
    "registering.approve_draft": Right(SECOND, how.approve_draft),
    "registering.approve_document": Right(OFFICE, how.approve_document),
    "issuing.issue_document": Right(OFFICE, how.issue),
    "plan_ends.correct_plan_end": Right(
        OFFICE,
        how.on(plan_ends.correct_plan_end, "document_id", "swj.document", new_on=YEAR_END, reason=WHY, by=BY),
    ),
    # The office keeps the units, the calendar and the messages; a command line imports notices too.
    "keeping.set_keeper": Right(OFFICE, how.set_keeper),
    "merging.merge_units": Right(OFFICE, how.merge),
    "renaming.rename_unit": Right(OFFICE, how.rename),
    "publishing_calendar.publish_notices": Right(OFFICE | {"system"}, how.publish),
    "recording_outages.record_outage": Right(OFFICE, how.outage),
    "mail_outbox.resend": Right(OFFICE, how.on(mail_outbox.resend, "reminder_id", "swj.message", machine_now=NOW)),
    "mail_outbox.settle": Right(OFFICE, how.on(mail_outbox.settle, "reminder_id", "swj.message")),
    # One administrator keeps accounts, another grants what they may do; whoever has the machine does both.
    "accounts.create_account": Right(
        SYSTEM_ADMIN,
        lambda _city, session, actor: accounts.create_account(
            session, NewUser("neu", "新人", Role.READER, "-"), policy=AccountPolicy(), actor=actor, **_NOW
        ),
    ),
    "accounts.change_account": Right(
        SYSTEM_ADMIN,
        lambda city, session, actor: accounts.change_account(
            session,
            user_id=city.ids["account yc"],
            name="新名",
            unit_id=city.ids["unit yc"],
            email=None,
            actor=actor,
            **_NOW,
        ),
    ),
    "accounts.disable_account": Right(SYSTEM_ADMIN, how.on_account(accounts.disable_account, "yc", reason=WHY, **_NOW)),
    "renewing_access.enable_account": Right(
        SYSTEM_ADMIN, how.on_account(renewing_access.enable_account, "yc", reason=WHY, **_CODE), how.disabled
    ),
    "renewing_access.reset_account": Right(
        SYSTEM_ADMIN, how.on_account(renewing_access.reset_account, "yc", reason=WHY, **_CODE)
    ),
    "renewing_access.reset_factor": Right(
        SYSTEM_ADMIN,
        how.on_account(renewing_access.reset_factor, "yc", reason=WHY, policy=AccountPolicy(), **_NOW),
        how.with_factor,
    ),
    "accounts.grant_role": Right(
        SECURITY_ADMIN,
        how.on_account(
            accounts.grant_role, "yc", role=Role.READER, reason=WHY, second_hash="-", policy=AccountPolicy(), **_NOW
        ),
    ),
    "accounts.grant_role: where a code waits for it": Right(
        SECURITY_ADMIN,
        how.on_account(
            accounts.grant_role, "yc", role=Role.LIAISON, reason=WHY, second_hash="-", policy=AccountPolicy(), **_NOW
        ),
        how.reset,
    ),
    "accounts.take_back_role": Right(SECURITY_ADMIN, how.on_account(accounts.take_back_role, "yc", reason=WHY, **_NOW)),
    "accounts.end_log_ins_of": Right(SECURITY_ADMIN, how.on_account(accounts.end_log_ins_of, "yc", **_NOW)),
    # Everybody is away himself; a head and 系统管理员 enter it for others, and hand over their work.
    "absences.take_leave": Right(
        UNIT_PEOPLE | OFFICE | LEADER,
        lambda _city, session, actor: absences.take_leave(session, LEAVE, policy=AccountPolicy(), actor=actor, at=NOW),
    ),
    "absences.set_leave": Right(
        HEAD | frozenset({"sysadmin"}),
        how.on_account(absences.set_leave, "swj-b", leave=LEAVE, policy=AccountPolicy(), at=NOW),
    ),
    "absences.end_absence": Right(
        HEAD | frozenset({"sysadmin"}), how.on(absences.end_absence, "absence_id", "swj.absence")
    ),
    "absences.begin_acting": Right(frozenset({"swj"}), how.begin_acting, how.logged_in),
    "handing_over.hand_over": Right(
        HEAD | frozenset({"sysadmin"}),
        lambda city, session, actor: handing_over.hand_over(
            session,
            user_id=city.ids["account swj-b"],
            to_id=city.ids["account swj"],
            reason=WHY,
            actor=actor,
            at=NOW,
        ),
    ),
    # The office makes papers; nobody approves what he drafted, and what judges by name is the leader's.
    "served_papers.receive_paper": Right(UNIT, how.on(served_papers.receive_paper, "served_id", "swj.served")),
    "served_papers.write_answer": Right(
        UNIT - HEAD, how.on(served_papers.write_answer, "served_id", "swj.urged", version=1, words=WHY)
    ),
    "served_papers.take_back_answer": Right(
        UNIT, how.on(served_papers.take_back_answer, "served_id", "swj.answer to sign")
    ),
    "served_papers.send_back_answer": Right(
        HEAD, how.on(served_papers.send_back_answer, "served_id", "swj.answer to sign", version=2, reason=WHY)
    ),
    "served_papers.sign_answer": Right(
        HEAD, how.on(served_papers.sign_answer, "served_id", "swj.answer to sign", shown=2)
    ),
    "served_papers.read_answer": Right(OFFICE, how.on(served_papers.read_answer, "served_id", "swj.answer")),
    "circulars.joint.name_co_issuer": Right(OFFICE, how.name_co_issuer),
    "circulars.joint.drop_co_issuer": Right(
        OFFICE, how.on(circulars_joint.drop_co_issuer, "co_issuer_id", "swj.co-issuer", version=2, reason=WHY, host="")
    ),
    "circulars.joint.ask_countersigns": Right(OFFICE, how.ask_countersigns),
    "circulars.joint.ask_withdrawal": Right(OFFICE, how.ask_withdrawal, how.issued_jointly),
    "circulars.joint.take_back_countersign": Right(
        OFFICE, how.on(circulars_joint.take_back_countersign, "co_issuer_id", "swj.co-issuer", version=2, reason=WHY)
    ),
    "circulars.joint.countersign": Right(
        HEAD, how.on(circulars_joint.countersign, "co_issuer_id", "swj.co-issuer", version=2, agrees=True, words="")
    ),
    "circulars.naming.serve_namings": Right(OFFICE, how.serve_namings),
    "circulars.naming.include_naming": Right(OFFICE, how.include_naming),
    "circulars.naming.leave_out_naming": Right(OFFICE, how.leave_out_naming, how.included),
    "circulars.naming.answer_naming": Right(
        UNIT, how.on(circulars_naming.answer_naming, "naming_id", "swj.naming", agrees=True, words="")
    ),
    "circulars.naming.keep_naming": Right(
        OFFICE, how.on(circulars_naming.keep_naming, "naming_id", "swj.naming objection", reason=WHY)
    ),
    "circular_templates.keep_template": Right(OFFICE, how.keep_template),
    "circular_templates.retire_template": Right(
        OFFICE, how.on(circular_templates.retire_template, "template_id", "template")
    ),
    "circulars.drafting.draft_circular": Right(OFFICE, how.draft_paper),
    "circulars.drafting.edit_circular": Right(OFFICE, how.edit_paper),
    "circulars.deciding.submit_circular": Right(OFFICE, how.on_paper(submit_circular, "drafted", 1, content=None)),
    "circulars.deciding.approve_circular": Right(
        SECOND | LEADER, how.on_paper(approve_circular, "submitted notice", 2, basis=WHY, content=None)
    ),
    "circulars.deciding.approve_circular: one that judges": Right(
        LEADER, how.on_paper(approve_circular, "submitted", 2, basis=WHY, content=None)
    ),
    "circulars.deciding.send_back_circular": Right(
        OFFICE | LEADER, how.on_paper(send_back_circular, "submitted", 2, reason=WHY)
    ),
    "circulars.issuing.issue_circular": Right(OFFICE, how.on_paper(issue_circular, "approved", 3, **NUMBERING)),
    "circulars.issuing.issue_circular: one that corrects": Right(
        OFFICE, how.on_paper(issue_circular, "approved", 3, corrects=CHANGED, **NUMBERING), how.corrects_one
    ),
    "circulars.issuing.withdraw_circular": Right(LEADER, how.on_paper(withdraw_circular, "issued", 4, reason=WHY)),
    "circulars.drafting.discard_circular": Right(OFFICE, how.on_paper(discard_circular, "drafted", 1)),
    "circulars.redrafting.redraft_circular": Right(OFFICE, how.redraft_paper),
    "circulars.drafting.correct_circular": Right(OFFICE, how.on_paper(correct_circular, "issued", 4, reason=WHY)),
    # The office organises the evaluation; suppliers hand in their own figures, the head of who is evaluated objects.
    "scoring_rules.keep_scheme": Right(frozenset({"system"}), scored.keep, scored.with_scheme),
    "scoring_rules.decide": Right(OFFICE | {"system"}, scored.decide, scored.with_scheme),
    "scoring_months.open_month": Right(OFFICE | {"system"}, scored.open_month, scored.with_scheme),
    "renewing_rules.renew_rules": Right(OFFICE | {"system"}, scored.renew, scored.with_newer_rules),
    "scoring_months.draft_ranking": Right(OFFICE | {"system"}, scored.draft, scored.complete),
    "scoring_months.collect_again": Right(OFFICE | {"system"}, scored.collect, scored.drafted),
    "scoring_months.open_check": Right(OFFICE | {"system"}, scored.check, scored.drafted),
    "scoring_months.freeze_month": Right(OFFICE | {"system"}, scored.freeze, scored.in_check),
    "scoring_inputs.enter_inputs": Right(UNIT | {"system"}, scored.enter, scored.begun),
    "scoring_inputs.enter_inputs: what nobody is printed for": Right(
        OFFICE | {"system"}, scored.enter_unprinted, scored.begun
    ),
    "scoring_counts.count_from_projects": Right(OFFICE | UNIT | {"system"}, scored.count, scored.begun_to_count),
    "scoring_inputs.say_none": Right(UNIT | {"system"}, scored.say_none, scored.begun),
    "presuming_none.presume_none": Right(OFFICE | {"system"}, scored.presume, scored.begun),
    "scoring_inputs.take_back": Right(UNIT | {"system"}, scored.take_back, scored.begun),
    "correcting_months.open_correction": Right(OFFICE | {"system"}, scored.correct, scored.issued),
    "correcting_months.drop_correction": Right(OFFICE | {"system"}, scored.drop, scored.correcting),
    "correcting_months.freeze_correction": Right(OFFICE | {"system"}, scored.freeze_again, scored.corrected),
    "objecting_to_marks.object_to_marks": Right(HEAD, scored.object_to, scored.in_check),
    "objecting_to_marks.answer_objection": Right(OFFICE, scored.answer, scored.objected),
    "objecting_to_marks.settle_objection": Right(OFFICE, scored.settle, scored.upheld),
}
# What takes an actor and asks for no role, and why that opens nothing to anybody.
UNGUARDED: Mapping[str, tuple[str, how.Do]] = {
    "registering.register_document": (
        "commands enter documents as the system; a person's way in is `approve_draft`, which asks for the role",
        how.register,
    ),
}
# What everybody does, to what the act takes from the actor: it can be done to nobody else's.
OWN = frozenset(
    {"own_account.change_password", "own_account.end_own", "own_account.end_others", "absences.end_acting"}
    | {"own_account.confirm_email", "own_account.choose_settings"}
    | {"calendar_links.make_calendar_link", "calendar_links.give_up_calendar_link"}
    | {"own_factor.count_own_guess", "own_factor.begin_set_up", "own_factor.pending_secret"}
    | {"own_factor.confirm_set_up", "own_factor.remove_factor"}
)
