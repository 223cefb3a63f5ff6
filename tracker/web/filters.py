"""How templates write codes, days and moments."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask

from tracker.domain.calendar import full_date, local_day
from tracker.domain.entered import LAST_YEAR, number_text
from tracker.domain.falsity import FEWEST_SIGNS
from tracker.domain.quoting import quoted, titled
from tracker.web.access import services as present_services
from tracker.web.came import browser_words
from tracker.web.clocks import shown_light
from tracker.web.conflicts import conflict
from tracker.web.doubts import doubts_of_row, doubts_of_view, is_doubtful
from tracker.web.seen import seen_field
from tracker.web.told_of_leads import told_of
from tracker.wording import catalogue
from tracker.wording import form_options as form_words
from tracker.wording.accounts import act_words
from tracker.wording.codes import (
    CIRCULAR_NAMES,
    EDITION_STATES,
    LEGACY_PERIOD_STATES,
    RETURN_REASONS,
    STATE_NAMES,
    cadence_words,
    share_state_words,
)
from tracker.wording.decisions import not_corrected_words, returned_for_words
from tracker.wording.digests import heading_name
from tracker.wording.endings import nothing_leaves_words, stayed_words
from tracker.wording.moments import clock_words, day_words, due_words, inclusive
from tracker.wording.notices import reminder_name
from tracker.wording.periods import period_label
from tracker.wording.precedents import DECISION_NAMES, LIKENESS_NAMES
from tracker.wording.quoting import stopped
from tracker.wording.sizes import size_words
from tracker.wording.standings import AGAINST_SCHEDULE, standing_words
from tracker.wording.work import WORK_NAMES, lead_opinion_words, month_day

_CODES: Mapping[str, Mapping[Any, str]] = {  # Any: codes, which are texts, and enumerations of them
    "report_kind": catalogue.REPORT_NAMES,
    "report_state": catalogue.REPORT_STATES,
    "evidence_state": catalogue.EVIDENCE_STATES,
    "nil_reason": catalogue.NIL_REASONS,
    "lead_basis": catalogue.LEAD_BASES,
    "basis": catalogue.BASES,
    "cadence": catalogue.CADENCES,
    "channel": catalogue.CHANNELS,
    "reminder_state": catalogue.REMINDER_STATES,
    "change": catalogue.CHANGES,
    "obstacle": catalogue.OBSTACLES,
    "span_role": catalogue.SPAN_ROLES,
    "possible_reason": catalogue.POSSIBLE_REASONS,
    "doubt": catalogue.DOUBTS,
    "event": catalogue.EVENTS,
    "filing_kind": catalogue.FILING_KINDS,
    "standing": catalogue.STANDINGS,
    "claim": catalogue.CLAIMS,
    "cause": catalogue.CAUSES,
    "outcome": catalogue.OUTCOMES,
    "return_reason": RETURN_REASONS,
    "request_kind": catalogue.REQUEST_KINDS,
    "paper": catalogue.PAPERS,
    "paper_colour": catalogue.PAPER_COLOURS,
    "bearer": catalogue.BEARERS,
    "measure": catalogue.MEASURES,
    "value_doubt": catalogue.VALUE_DOUBTS,
    "topic": catalogue.TOPICS,
    "op": catalogue.OPS,
    "work": WORK_NAMES,
    "circular_type": CIRCULAR_NAMES,
    "edition_state": EDITION_STATES,
    "legacy_state": LEGACY_PERIOD_STATES,
    "sign": form_words.SIGNS,
    "envelope": catalogue.ENVELOPE_NAMES,
    "rhythm": form_words.RHYTHMS,
}


def add_filters(app: Flask) -> None:
    """Give templates the words of codes, and what they call."""
    said = {name: words.__getitem__ for name, words in _CODES.items()}
    # As arguments of one call, so that two filters cannot bear one name and the later silently stand for both.
    app.jinja_env.filters.update(
        **said,
        day=_computed_day,
        printed_day=lambda day: day_words(day, today=_today()),
        full_day=full_date,
        size=size_words,
        clock=clock_words,
        period=period_label,
        number=number_text,
        reminder_kind=reminder_name,
        heading=heading_name,
        account_act=lambda act: act_words(act.type, act.facts, act.names),
        task_state=lambda code: STATE_NAMES["task", code],
        told_of=lambda standing: told_of(standing, today=_today()),
        shown_light=lambda light: shown_light(light, today=_today()),
        cadence_within=cadence_words,
        share_state=share_state_words,
        returned_for=lambda back: returned_for_words(back.reason, back.reason_class),
        decided_for=lambda report: returned_for_words(report.decision_reason, report.reason_class),
        not_corrected=not_corrected_words,
        lead_word=lambda said: lead_opinion_words(said.opinion, said.claim, said.reason),
        stayed=stayed_words,
        stopped=stopped,
        quoted=quoted,
        titled=titled,
        nothing_leaves=lambda envelope: nothing_leaves_words(envelope.causes),
        row_state=lambda code: STATE_NAMES["row", code],
        likeness=LIKENESS_NAMES.__getitem__,
        decision=lambda decided: DECISION_NAMES[decided.kind, decided.state],
        until=lambda day: inclusive(day, today=_today()),
        browser=browser_words,
        on_schedule=AGAINST_SCHEDULE.__getitem__,
        expected=lambda held, unit: standing_words(held.target, held.standing, unit=unit),
        short=lambda day: month_day(day, today=_today()),
        moment=lambda at: due_words(at, today=_today()),
    )
    _add_globals(app)


def _add_globals(app: Flask) -> None:
    app.jinja_env.tests["over"] = lambda moment: moment <= datetime.now(UTC)  # by the host's time, as codes are counted
    app.jinja_env.globals.update(
        claims=form_words.claim_options,
        causes=form_words.cause_options,
        outcomes=catalogue.OUTCOMES,
        seen_field=seen_field,
        conflict=conflict,
        is_doubtful=is_doubtful,
        doubts_of_row=doubts_of_row,
        doubts_of_view=doubts_of_view,
        fewest_signs=FEWEST_SIGNS,
        last_day=date(LAST_YEAR, 12, 31).isoformat(),  # else a browser takes a year of six digits
    )


def _today() -> date:
    return local_day(present_services().clock.now())


def _computed_day(day: date) -> str:
    """Write a day that the calendar gave; one of a year without a notice is marked as estimated."""
    return day_words(day, today=_today(), estimated=present_services().calendar.is_estimated(day))
