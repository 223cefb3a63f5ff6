"""What is wrong with the words and numbers of a report on a share, by whatever door it comes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from tracker.domain.cadences import Span
from tracker.domain.cases import check_cases
from tracker.domain.claims import NextDayPast, RowContent, ValueMissing, row_faults
from tracker.domain.contradictions import left_out
from tracker.domain.counting import CountBeforeWindow, Figure, before_its_window
from tracker.domain.denials import expected_on_the_way
from tracker.domain.entered import YEARS_FOR_WORK, DayTooFar, check_day_ahead
from tracker.domain.entries import Entry
from tracker.domain.errors import BadInput
from tracker.domain.filings import ReportKind
from tracker.domain.values import value_faults
from tracker.store.queries.denied import bound_numbers, denials, of_another_year
from tracker.store.queries.shares import ShareFacts
from tracker.store.queries.told_before import ToldBefore


def content_faults(
    entry: Entry,
    share: ShareFacts,
    *,
    kind: ReportKind,
    before: ToldBefore,
    today: date,
    period: Span | None = None,
    answers: Span | None = None,
) -> list[BadInput]:
    """Return what is wrong with words and numbers on a share, all of it, each with the share it is about.

    `before` is what was told of the share, as far as `rests_on_file` asks for it. `period` is that of the form: its row
    says the least, and counts its cases; outside of forms only what makes a claim does. `answers` is that of the row
    that a completion outside of forms answers: its numbers stand there.
    """
    faults: list[BadInput] = []
    in_form, final = period is not None, kind is ReportKind.COMPLETION
    if in_form and share.counts_cases:
        faults += _case_faults(entry, share)
    period = period or answers
    told = {id_: Figure(value, value_on, period) for id_, (value, value_on) in entry.values.items()}
    denied = denials(
        share,
        claim=entry.content.claim,
        outcome=entry.outcome,
        kind=kind,
        told=told,
        before=before,
        today=today,
    )
    lacking = _left_out(entry, share, told, kind=kind, before=before, today=today, period=period)
    if in_form or entry.content.claim is not None:
        # Whoever is told that his number is behind what he claims is asked for the cause by that.
        behind = not denied and _is_behind(share, told, today=today)
        least = _least_faults(entry, share, final=final, behind=behind)
        faults += [fault for fault in least if not (lacking and isinstance(fault, ValueMissing))]
    faults += lacking + denied
    faults += _number_faults(share, told, today=today)
    faults += _day_faults(entry.content.next_on, share, today=today)
    for fault in faults:
        # Labels repeat within a document, so a page could not tell by the label which row is meant.
        fault.facts["shares"] = (entry.assignment_id,)
    return faults


def _day_faults(next_on: date | None, share: ShareFacts, *, today: date) -> Iterator[BadInput]:
    """Yield what is wrong with the day by which something is to be mended or done next."""
    if next_on is None:
        return
    if next_on < today:
        yield NextDayPast(item=share.named, day=next_on)
    try:
        check_day_ahead(next_on, field=f"{share.named}何时补上", since=today, years=YEARS_FOR_WORK)
    except DayTooFar as fault:
        yield fault


def _is_behind(share: ShareFacts, told: Mapping[int, Figure], *, today: date) -> bool:
    """Tell whether a number is behind that binds the unit: for one of others nobody is asked why it is."""
    return any(
        expected_on_the_way(share.targets[id_], figure, today=today) is not None
        for id_, figure in told.items()
        if id_ in share.targets and id_ in share.bound
    )


def _case_faults(entry: Entry, share: ShareFacts) -> list[BadInput]:
    try:
        check_cases(entry.content.cases, item=share.named)
    except BadInput as fault:
        return [fault]
    return []


def _left_out(
    entry: Entry,
    share: ShareFacts,
    told: Mapping[int, Figure],
    *,
    kind: ReportKind,
    before: ToldBefore,
    today: date,
    period: Span | None,
) -> list[BadInput]:
    """Return the numbers that a claim rests on and that are lacking, or say nothing of it.

    News is of what happened, and may be of one number alone: of what it gives it rests on what is on file as well.
    """
    claim, outcome = entry.content.claim, entry.outcome if kind is ReportKind.COMPLETION else None
    news = period is None and kind is not ReportKind.COMPLETION
    others = of_another_year(share, told, claim=claim, outcome=outcome, before=before if news else None)
    bound = bound_numbers(share, today=today, period=period)
    return left_out(
        item=share.named,
        claim=claim,
        outcome=outcome,
        cause=entry.content.cause,
        bound=[number for number in bound if number.target in others] if news else bound,
        given=told,
        others=others,
    )


def _number_faults(share: ShareFacts, told: Mapping[int, Figure], *, today: date) -> Iterator[BadInput]:
    """Yield what the numbers cannot be, and what is counted in another window than the form's."""
    for id_, figure in told.items():
        if id_ not in share.numbers:
            continue
        number, target = share.numbers[id_], share.targets.get(id_)
        reach_on = target.reach_on if target is not None else share.deadline_on
        earliest = number.earliest(issued_on=share.issued_on, reach_on=reach_on) if share.issued_on else None
        yield from value_faults(
            number, figure.value, figure.on, target=id_, item=share.named, today=today, earliest=earliest
        )
        window = (
            before_its_window(target.rhythm, figure.on, figure.period, today=today)
            if target is not None and figure.on is not None
            else None
        )
        if window is not None and figure.on is not None and (earliest is None or figure.on >= earliest):
            days = {"day": figure.on, "starts_on": window.starts_on, "ends_on": window.ends_on}
            yield CountBeforeWindow(item=share.named, metric=number.metric, **days, target=id_)


def _least_faults(entry: Entry, share: ShareFacts, *, final: bool, behind: bool) -> list[BadInput]:
    return row_faults(
        _named(entry, share),
        numeric=share.numeric,
        scheduled=share.scheduled,
        behind_by_value=behind,
        final=final,
    )


def _named(entry: Entry, share: ShareFacts) -> RowContent:
    """Return an entry's content with the item it is about and its numbers, as the least content is checked."""
    days = [value_on for _value, value_on in entry.values.values() if value_on is not None]
    return replace(
        entry.content,
        item=share.named,
        values={target_id: value for target_id, (value, _on) in entry.values.items()},
        value_on=min(days) if len(days) == len(entry.values) and days else None,
    )
