"""What somebody writes about one share, as fields of a page: filled in, read back, refused beside its row.

The fields of share 7 begin with `a7-`; a page gives them back from the same names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import request

from tracker.domain.cases import CaseCounts
from tracker.domain.claims import CauseClass, Claim, RowContent
from tracker.domain.entered import clean_words, number_text, read_count, read_day, read_number
from tracker.domain.entries import AttachedFile, Entry
from tracker.domain.errors import BadInput, Rejected, TrackerError
from tracker.domain.filings import Outcome
from tracker.domain.quoting import quoted
from tracker.store.queries.asked_of_shares import Requirement
from tracker.store.queries.form_parts import File, Report
from tracker.store.queries.form_views import RowOfForm
from tracker.web.form_fields import choice_in
from tracker.web.uploads import receive_field
from tracker.wording.refusals import sentence

_WRITTEN = ("claim", "fact", "cause_class", "cause", "next_step", "next_on")


class EntriesUnreadable(BadInput):
    """Rows cannot be read; `by_share` says why, a sentence a row."""

    code = "entries_unreadable"

    def __init__(self, by_share: Mapping[int, str]) -> None:
        super().__init__(count=len(by_share))
        self.by_share = dict(by_share)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a form came back: for the whole form, and beside the rows it is about."""

    words: str
    by_share: Mapping[int, str]
    status: int


def refusal_of(error: BadInput | Rejected, rows: tuple[RowOfForm, ...]) -> Refusal:
    """Put a refusal beside the rows that it is about."""
    status = 400 if isinstance(error, BadInput) else 409
    if isinstance(error, EntriesUnreadable):
        return Refusal(sentence(error), error.by_share, status)
    meant = error.facts.get("shares", ())
    known = {row.assignment_id for row in rows}
    named = [share for share in meant if share in known] if isinstance(meant, tuple) else []
    words = "这一行还没有填。" if "items" in error.facts else sentence(error)
    return Refusal(sentence(error), dict.fromkeys(named, words), status)


def read_entries(rows: tuple[RowOfForm, ...]) -> tuple[Entry, ...]:
    """Read what was written on each writable row; a row on which nothing was written is left out.

    Raises EntriesUnreadable.
    """
    found, wrong = [], {}
    for row in rows:
        if not row.writable:
            continue
        try:
            if (entry := read_entry(row)) is not None:
                found.append(entry)
        except TrackerError as error:
            wrong[row.assignment_id] = sentence(error)
    if wrong:
        raise EntriesUnreadable(wrong)
    return tuple(found)


def read_entry(row: RowOfForm) -> Entry | None:
    """Read one row, storing its files; None where nothing was written on it.

    Raises NoSuchChoice, NotANumber, NumberOutOfBounds, NotACount, NotADay, DayOutOfBounds and what a refused file
    raises.
    """
    key = f"a{row.assignment_id}-"
    files = _received(row, key)
    if not files and is_blank(row):
        return None
    content = RowContent(
        claim=choice_in(sent_text(key + "claim"), Claim, field="自报"),
        text=sent_text(key + "fact"),
        cause_class=choice_in(sent_text(key + "cause_class"), CauseClass, field="原因类别"),
        cause=sent_text(key + "cause"),
        next_step=sent_text(key + "next_step"),
        next_on=_day(key + "next_on", f"{row.label}下一步措施完成日期"),
        cases=_cases(row, key),
    )
    outcome = choice_in(sent_text(key + "outcome"), Outcome, field="办结结论")
    kept = [_again(file) for file in _old_files(row) if sent_text(f"{key}keep{file.evidence_id}")]
    return Entry(row.assignment_id, content, _values(row, key), (*kept, *files), outcome)


def is_blank(row: RowOfForm) -> bool:
    """Tell whether no word, number or choice stands on a row; days of numbers and an outcome say nothing alone."""
    key = f"a{row.assignment_id}-"
    written = (*_WRITTEN, "received", "in_time", *(f"v{target.target_id}" for target in row.targets))
    return not any(sent_text(key + name) for name in written)


def filled(row: RowOfForm, *, again: bool, day: date) -> dict[str, str]:
    """Fill a row's fields: what came back is written on; with `again` the last report is the beginning.

    Of the last report a number comes without its day, which only the writer knows; else the day is `day`.
    """
    key = f"a{row.assignment_id}-"
    source = row.draft or (row.last if again else None)
    fields = {f"{key}on{target.target_id}": day.isoformat() for target in row.targets}
    if source is None:
        return fields
    fields |= _words(source, key)
    for target in row.targets:
        value = source.values.get(target.target_id)
        if value is not None:
            fields[f"{key}v{target.target_id}"] = number_text(value.value)
            on = value.value_on.isoformat() if value.value_on and source is row.draft else ""
            fields[f"{key}on{target.target_id}"] = on
    fields |= {f"{key}keep{file.evidence_id}": "yes" for file in _old_files(row)}
    return fields


def gaps(row: RowOfForm) -> dict[int, bool]:
    """Tell for each piece of evidence asked for whether a file is at hand 「齐、缺」."""
    sources = [report for report in (row.draft, row.last) if report is not None]
    return {asked.requirement_id: any(_given(report, asked, row) for report in sources) for asked in row.requirements}


def _given(report: Report, asked: Requirement, row: RowOfForm) -> bool:
    counts = report is row.draft or asked.per != "period"
    return counts and any(file.requirement_id == asked.requirement_id for file in report.files)


def _words(source: Report, key: str) -> dict[str, str]:
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


def _again(file: File) -> AttachedFile:
    return AttachedFile(file.sha256, file.name, file.size_bytes, file.media_type, file.requirement_id)


def as_sent() -> dict[str, str]:
    """Return the fields of the form at hand, as its page shows them again."""
    return {name: clean_words(text) for name, text in request.form.items()}


def sent_text(name: str) -> str:
    """Return what stands in a field of the form at hand."""
    return request.form.get(name, "").strip()


def _values(row: RowOfForm, key: str) -> dict[int, tuple[float, date | None]]:
    found = {}
    for target in row.targets:
        if text := sent_text(f"{key}v{target.target_id}"):
            named = f"{row.label}{quoted(target.metric)}"
            value = read_number(text, field=named)
            found[target.target_id] = (value, _day(f"{key}on{target.target_id}", f"{named}的截至日期"))
    return found


def _cases(row: RowOfForm, key: str) -> CaseCounts | None:
    if not row.counts_cases:
        return None
    received, in_time = (
        read_count(text, field=f"{row.label}{words}") if (text := sent_text(key + name)) else None
        for name, words in (("received", "收到件数"), ("in_time", "按时办结件数"))
    )
    return None if received is None and in_time is None else CaseCounts(received, in_time)


def _day(name: str, field: str) -> date | None:
    return read_day(text, field=field) if (text := sent_text(name)) else None


def _received(row: RowOfForm, key: str) -> list[AttachedFile]:
    found = receive_field(f"{key}e0", requirement_id=None)
    for asked in row.requirements:
        found += receive_field(f"{key}e{asked.requirement_id}", requirement_id=asked.requirement_id)
    return found
