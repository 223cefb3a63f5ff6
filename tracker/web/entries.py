"""What somebody writes about one share, as fields of a page: filled in, read back, refused beside its row.

The fields of share 7 begin with `a7-`; a page gives them back from the same names.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

from tracker.domain.cases import CaseCounts
from tracker.domain.claims import CauseClass, Claim, RowContent
from tracker.domain.entered import clean_words, number_text, read_count, read_day, read_number
from tracker.domain.entries import AttachedFile, Entry
from tracker.domain.errors import BadInput, Faults, Rejected, TrackerError
from tracker.domain.filings import NothingFiled, Outcome, RowTakesNothing
from tracker.domain.quoting import quoted
from tracker.store.queries.form_parts import File, Report
from tracker.store.queries.form_views import RowOfForm
from tracker.web.doubts import asked_back
from tracker.web.form_fields import choice_in
from tracker.web.own_box import pick_field
from tracker.web.parts import sent_fields
from tracker.web.row_fields import CASES, EVIDENCE_REASON, WORDS, box_fields, file_fields
from tracker.web.uploads import DeclarationMissing, chosen_names, is_declared, receive_good
from tracker.wording.refusals import sentence

_Read = TypeVar("_Read")

# Beside which field of its row a refusal stands; a value and its day are those of the target that the facts name.
FIELD_OF_ROW: Mapping[str, str] = {
    "rows_lacking": "claim",
    "completion_underway": "claim",
    "claim_missing": "claim",
    "claim_unfit": "claim",
    "claim_leaves_open": "claim",
    "claim_above_value": "claim",
    "claim_above_filed": "claim",
    "begun_by_value": "claim",
    "begun_by_filed": "claim",
    "begun_before": "claim",
    "goal_not_reached": "claim",
    "goal_not_reached_by_filed": "claim",
    "goal_not_met": "claim",
    "outcome_above_claim": "outcome",
    "cases_received_missing": "received",
    "cases_in_time_missing": "in_time",
    "cases_in_time_too_many": "in_time",
    "value_missing": "v",
    "number_left_out": "v",
    "number_unexplained": "v",
    "number_of_another_year": "v",
    "value_unreadable": "v",
    "value_below_nought": "v",
    "value_far_beyond": "v",
    "value_fallen": "v",
    "value_backdated": "v",
    "value_date_missing": "on",
    "value_day_to_come": "on",
    "value_day_too_early": "on",
    "count_before_window": "on",
    "fact_missing": "fact",
    "no_change_refused": "fact",
    "cause_class_missing": "cause_class",
    "cause_missing": "cause",
    "next_step_missing": "next_step",
    "next_date_missing": "next_on",
    "next_day_past": "next_on",
    "day_too_far": "next_on",
    "evidence_reason_missing": "evidence_reason",
}
# The same of what is said of a form as a whole.
FIELD_OF_FORM: Mapping[str, str] = {
    "declaration_missing": "not_secret",
    "missed_words_required": "missed_words",
    "tick_missing": "tick",
}


class EntriesUnreadable(BadInput):
    """Fields of rows cannot be read; what they are and why is kept by whoever has read them. Facts: count."""

    code = "entries_unreadable"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a form came back: in `words` for the whole, in `errors` by fields; `blank` where nothing was written."""

    words: str
    errors: Mapping[str, str]
    status: int
    blank: bool = False


def refusal_of(error: BadInput | Rejected, rows: tuple[RowOfForm, ...], unread: Mapping[str, str]) -> Refusal:
    """Put every fault beside the field it is about; of one that could not be read, what is wrong with it."""
    if isinstance(error, NothingFiled) and unread:  # what was written is what is wrong
        error = EntriesUnreadable(count=len(unread))
    status = 400 if isinstance(error, BadInput) else 409
    faults = error.faults if isinstance(error, Faults) else (error,)
    errors = dict(getattr(error, "errors", {}))
    for fault in faults:
        words = "这一行还没有填。" if fault.code == "rows_lacking" else sentence(fault)
        for field in _fields_of(fault, rows):
            errors[field] = _beside(errors.get(field, ""), words, fault)
    errors |= unread
    said = sentence(error) if status != 400 or len(errors) <= 1 else sentence(EntriesUnreadable(count=len(errors)))
    if isinstance(error, EntriesUnreadable) and len(errors) == 1:
        said = "".join(errors.values())
    return Refusal(said, errors, status, blank=isinstance(error, NothingFiled) and not unread)


def _beside(told: str, words: str, fault: TrackerError) -> str:
    """Return what stands beside a field: the first fault, and of several numbers that deny one claim each.

    Whoever mends one would else be told of the next only when he sends the form again.
    """
    if not told:
        return words
    return told + words if "metric" in fault.facts and words not in told else told


def _fields_of(fault: TrackerError, rows: tuple[RowOfForm, ...]) -> list[str]:
    """Return the names of the fields that a refusal is about; none where it is about no field."""
    if fault.code in FIELD_OF_FORM:
        return [FIELD_OF_FORM[fault.code]]
    shares = fault.facts.get("shares", ())
    field = FIELD_OF_ROW.get(fault.code)
    meant = [row for row in rows if isinstance(shares, tuple) and row.assignment_id in shares]
    return [name for row in meant for name in _names(field, fault, row)] if field else []


def _names(field: str, fault: TrackerError, row: RowOfForm) -> list[str]:
    key = f"a{row.assignment_id}-"
    if field not in ("v", "on"):
        return [key + field]
    if "target" in fault.facts:
        return [f"{key}{field}{fault.facts['target']}"]
    ids = [target.target_id for target in row.targets]
    undated = [id_ for id_ in ids if sent_text(f"{key}v{id_}") and not sent_text(f"{key}on{id_}")]
    return [f"{key}{field}{id_}" for id_ in (undated if field == "on" else ids[:1])]


def read_entries(rows: tuple[RowOfForm, ...]) -> tuple[tuple[Entry, ...], dict[str, str]]:
    """Read what was written on each writable row; return it with what cannot be read, by the names of the fields.

    What was written on one that waits is read to be refused, and what is on one that takes nothing since the page was
    opened is told of, or it would be lost. A row on which nothing was written is left out. Files that are not declared
    are neither looked at nor kept: what else is wrong is told beside the missing declaration.
    """
    unread = {} if is_declared() else {"not_secret": sentence(DeclarationMissing())}
    unread |= {f"a{row.assignment_id}-claim": sentence(RowTakesNothing(item=row.named)) for row in in_vain(rows)}
    taken = (row for row in rows if row.writable or row.waits)
    found = [entry for row in taken if (entry := _read_entry(row, unread)) is not None]
    return tuple(found), unread


def _read_entry(row: RowOfForm, unread: dict[str, str]) -> Entry | None:
    """Read one row, storing its files; None where nothing was written on it."""
    key = f"a{row.assignment_id}-"

    def read(name: str, how: Callable[[str], _Read]) -> _Read | None:
        """Read one field by its name; None where it is empty or cannot be read."""
        try:
            return how(text) if (text := sent_text(key + name)) else None
        except BadInput as fault:
            unread[key + name] = sentence(fault)
            return None

    files = _received(row, unread)
    content = RowContent(
        claim=read("claim", lambda text: choice_in(text, Claim, field=f"{row.named}自报")),
        text=sent_text(key + "fact"),
        cause_class=read("cause_class", lambda text: choice_in(text, CauseClass, field=f"{row.named}原因类别")),
        cause=sent_text(key + "cause"),
        next_step=sent_text(key + "next_step"),
        next_on=read("next_on", lambda text: read_day(text, field=f"{row.named}何时补上")),
        cases=_cases(row, read),
    )
    outcome = read("outcome", lambda text: choice_in(text, Outcome, field=f"{row.named}办结结果"))
    values = {}
    for target in row.targets:
        id_, named = target.target_id, f"{row.named}：{quoted(target.metric)}"
        value = read(f"v{id_}", partial(read_number, field=named))
        day = read(f"on{id_}", partial(read_day, field=f"{named}的截至日期"))
        if value is not None:
            values[id_] = (value, day)
            doubted = asked_back(row, target, value, day)
            if doubted and sent_text(f"{key}sure{id_}") != sent_text(f"{key}v{id_}"):
                unread[f"{key}v{id_}"] = doubted
    if not _has_files(row) and is_blank(row):
        return None  # only now: a day that cannot be read is told of also where nothing else stands
    kept = [file.attached for file in _old_files(row) if sent_text(f"{key}keep{file.evidence_id}")]
    again = {(file.sha256, file.name, file.requirement_id) for file in kept}
    new = (file for file in files if (file.sha256, file.name, file.requirement_id) not in again)
    return Entry(row.assignment_id, content, values, (*kept, *new), outcome, sent_text(key + EVIDENCE_REASON))


def in_vain(rows: Iterable[RowOfForm]) -> list[RowOfForm]:
    """Return the rows that take nothing on which something was written all the same, but those that wait."""
    return [row for row in rows if not (row.writable or row.waits or is_blank(row))]


def is_blank(row: RowOfForm) -> bool:
    """Tell whether no word, number or choice stands on a row; days of numbers and an outcome say nothing alone."""
    key = f"a{row.assignment_id}-"
    written = (*WORDS, *CASES, EVIDENCE_REASON, *(f"v{target.target_id}" for target in row.targets))
    return not any(sent_text(key + name) for name in written)


def filled(row: RowOfForm, *, again: bool, today: date) -> dict[str, str]:
    """Fill a row's fields: what came back is written on; with `again` the last report is the beginning.

    Of the last report a number comes without its day, which only the writer knows; else with that of `day_offered`.
    What was written for another row may say until when something is done: a day before `today` is not taken over.
    """
    key = f"a{row.assignment_id}-"
    source = row.draft or (row.last if again else None)
    days = {one.target_id: one.counting.day_offered(row.period, today=today) for one in row.targets}
    fields = {f"{key}on{id_}": day.isoformat() for id_, day in days.items()}
    if source is None:
        return fields
    fields |= said_in(source, key)
    if source is row.draft and source.evidence_reason and any(one.lacks for one in row.evidence):
        fields[key + EVIDENCE_REASON] = source.evidence_reason
    if source.next_on is not None and source.next_on < today and (source is not row.draft or row.carried):
        del fields[f"{key}next_on"]
    for target in row.targets:
        value = source.values.get(target.target_id)
        if value is not None:
            fields[f"{key}v{target.target_id}"] = number_text(value.value)
            on = value.value_on.isoformat() if value.value_on and source is row.draft else ""
            fields[f"{key}on{target.target_id}"] = on
            if source is row.draft and asked_back(row, target, value.value, value.value_on):
                fields[f"{key}sure{target.target_id}"] = number_text(value.value)
    fields |= {f"{key}keep{file.evidence_id}": "yes" for file in _old_files(row)}
    return fields


def said_in(source: Report, key: str) -> dict[str, str]:
    """Return what a report said, but for its numbers and files, as fields whose names begin with `key`."""
    said = {
        "claim": source.claim,
        "outcome": source.outcome,
        "fact": source.text,
        "cause_class": source.cause_class,
        "cause": source.cause,
        "next_step": source.next_step,
        "next_on": source.next_on.isoformat() if source.next_on else None,
        "received": None if source.cases_received is None else str(source.cases_received),
        "in_time": None if source.cases_in_time is None else str(source.cases_in_time),
    }
    return {key + name: value for name, value in said.items() if value}


def _old_files(row: RowOfForm) -> tuple[File, ...]:
    return row.draft.files if row.draft is not None else ()


def as_sent() -> dict[str, str]:
    """Return the fields of the form at hand, as its page shows them again."""
    return {name: clean_words(text) for name, text in sent_fields().items()}


def sent_text(name: str) -> str:
    """Return what stands in a field of the form at hand."""
    return sent_fields().get(name, "").strip()


def _cases(row: RowOfForm, read: Callable[[str, Callable[[str], int]], int | None]) -> CaseCounts | None:
    if not row.counts_cases:
        return None
    received = read("received", partial(read_count, field=f"{row.named}本期收到件数"))
    in_time = read("in_time", partial(read_count, field=f"{row.named}其中按时办结件数"))
    return None if received is None and in_time is None else CaseCounts(received, in_time)


def _has_files(row: RowOfForm) -> bool:
    return not chosen_names().keys().isdisjoint(file_fields(row)) or any(map(sent_text, box_fields(row)))


def _received(row: RowOfForm, unread: dict[str, str]) -> list[AttachedFile]:
    """Return the files that came with a row, and those that it names in the box of its unit, each once."""
    taken: list[AttachedFile] = []
    for name, asked in file_fields(row).items() if is_declared() else ():
        files, faults = receive_good(name, requirement_id=asked)
        taken += files
        if faults:
            unread[name] = "".join(map(sentence, faults))
    for name, asked in box_fields(row).items():
        try:
            taken += pick_field(name, requirement_id=asked)
        except (BadInput, Rejected) as fault:
            unread[name] = sentence(fault)
    return list({(one.sha256, one.name, one.requirement_id): one for one in taken}.values())
