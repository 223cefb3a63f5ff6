"""The lines of a digest: one a series, of the form that is told of today, with what else it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.calendar import local_day
from tracker.domain.deadlines import due_day
from tracker.domain.items import CadenceKind
from tracker.domain.reminders import DigestEntry, DigestHeading, ReminderFacts, digest_entry
from tracker.domain.windows import Reckoning
from tracker.store.queries.owed_lists import OwedForm, OwedLine
from tracker.wording.digests import beside_words

ORDER = list(DigestHeading)


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One line a series: of its forms that are told of today the one with the first heading, of these the oldest.

    `beside` says what else the series is asked for, whether or not this is its day.
    """

    entry: DigestEntry
    owed: OwedLine
    form: OwedForm
    beside: tuple[str, ...]


def lines_by_unit(owed: Sequence[OwedLine], *, now: datetime, by: Reckoning) -> dict[int, list[DigestLine]]:
    lines: dict[int, list[DigestLine]] = {}
    for line in owed:
        told = [(entry, form) for form in line.forms if (entry := _entry(line, form, now=now, by=by)) is not None]
        if told:
            entry, form = min(told, key=lambda one: ORDER.index(one[0].heading))
            lines.setdefault(line.unit_id, []).append(
                DigestLine(entry, line, form, _beside(line, form, now=now, by=by))
            )
    return lines


def _entry(line: OwedLine, form: OwedForm, *, now: datetime, by: Reckoning) -> DigestEntry | None:
    facts = ReminderFacts(
        kind=CadenceKind(line.kind),
        starts_on=form.starts_on,
        ends_on=form.ends_on,
        due_at=form.owed.due_at,
        since=form.owed.since,
        opens_at=form.opens_at,
        correction=form.is_correction,
        returned_at=form.returned_at if form.is_correction else None,
        paused=form.awaiting_sign_off,
    )
    return digest_entry(facts, today=local_day(now), policy=by.policy, calendar=by.calendar)


def _beside(line: OwedLine, told: OwedForm, *, now: datetime, by: Reckoning) -> tuple[str, ...]:
    """Say what a series is asked for beside the form that is told; what lies with the head of the unit is not urged."""
    others = [form for form in line.forms if form is not told and not form.awaiting_sign_off]
    today = local_day(now)
    workdays = [abs(by.calendar.workdays_between(today, due_day(form.owed.due_at))) for form in others]
    return tuple(
        beside_words(form.owed, form.labels, at=now, workdays=days) for form, days in zip(others, workdays, strict=True)
    )


def place_of(line: DigestLine) -> tuple[int, bool]:
    """Order lines by their heading; of what is overdue first what stays owed, because of an account only history is.

    Lines that come to the same keep their order, the longest overdue first.
    """
    acts = any(row.act and row.moment is not None for row in line.form.owed.period.rows)
    return ORDER.index(line.entry.heading), not acts and line.entry.heading is DigestHeading.OVERDUE
