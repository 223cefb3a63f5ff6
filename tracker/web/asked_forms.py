"""Which forms of a unit are to be written now, in the order in which 「一次多报」 has them."""

from datetime import datetime, timedelta

from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.domain.deadlines import due_day
from tracker.domain.owed import RowState
from tracker.store.queries.form_views import FormView
from tracker.store.queries.owed_lists import OwedForm, owed_by_units
from tracker.store.queries.sent_back import sent_back_envelopes
from tracker.store.queries.units import units_acted_for
from tracker.store.queries.unreported_forms import unreported_forms
from tracker.web.access import actor, services
from tracker.web.period_forms import rows_of

# Places in the order of the page.
_SENT_BACK, _TODAY, _OVERDUE, _RETURNED, _NEAR = range(5)


def forms_asked_for(session: Session, *, now: datetime) -> list[int]:
    """Return the periods whose forms are to be written, in the order of 「今天」, each list by its moments.

    Sent back by the head; due today; overdue, each of a series; returned; due this week or as soon as 「三日内」 tells.
    """
    mine = units_acted_for(session, actor().unit_id)
    back = {one.period_id for one in sent_back_envelopes(session, unit_ids=mine)}
    lines = owed_by_units(session, unit_ids=mine, now=now)
    forms = [form for line in lines for form in line.forms if not form.awaiting_sign_off]
    ranked = [
        (rank, form.owed.due_at, form.period_id)
        for form in forms
        if (rank := _rank(form, sent_back=form.period_id in back, now=now)) is not None
    ]
    behind = [line.series_id for line in lines if line.owed.run > 1]
    overdue = unreported_forms(session, behind, now=now)
    ranked += [(_SENT_BACK if id_ in back else _OVERDUE, since, id_) for since, id_ in overdue]
    later = sorted(id_ for id_ in back if id_ is not None)
    return list(dict.fromkeys([*(period_id for _rank_, _due, period_id in sorted(ranked)), *later]))


def _rank(form: OwedForm, *, sent_back: bool, now: datetime) -> int | None:
    today, due_on = local_day(now), due_day(form.owed.due_at)
    sunday = today + timedelta(days=6 - today.weekday())
    near = services().calendar.workdays_between(today, due_on) <= services().policy.warn_workdays
    late = form.owed.since is not None
    cases = {
        _SENT_BACK: sent_back,
        _TODAY: not late and due_on <= today,
        _OVERDUE: late,
        _RETURNED: form.is_correction,
        _NEAR: due_on <= sunday or near,
    }
    return next((rank for rank, holds in cases.items() if holds), None)


def may_wait(view: FormView) -> bool:
    """Tell whether a form is due on a later day, with no row that was given back or taken back."""
    later = due_day(view.moment or view.head.due_at) > local_day(services().clock.now())
    return later and not any(row.draft or row.state == RowState.RETURNED.value for row in rows_of(view))
