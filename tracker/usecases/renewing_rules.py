"""A month of evaluation that is still being collected goes on by the newest rules of its scheme."""

from datetime import datetime

from sqlmodel import Session

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.errors import BadInput, Rejected
from tracker.domain.events.scoring import ScoringRulesRenewed
from tracker.domain.scoring.entries import Entry, ReadScheme, inputs_of
from tracker.domain.scoring.fitting import check_inputs
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.months import MonthAct, MonthState, next_state, read_month, require_from
from tracker.domain.scoring.scheme import Scheme
from tracker.steps.scoring import lock_month, names_of, scheme_of, supplier_ids
from tracker.store import event_log
from tracker.store.queries.scoring import entry_of, standing_inputs
from tracker.store.queries.scoring_rules import newest_scheme, rules_of


class RulesNewest(Rejected):
    """A month goes by the newest rules already; facts: score_month."""

    code = "score_rules_newest"


class RulesLackInputs(Rejected):
    """The newest rules do not take what was handed in; facts: score_month, inputs (their names)."""

    code = "score_rules_lack_inputs"


def renew_rules(session: Session, month_id: int, *, read: ReadScheme, actor: Actor, at: datetime) -> None:
    """Let a month that is being collected go by the newest rules, with all that was handed in for it.

    What was decided holds as these ask and offer it. Records ScoringRulesRenewed. Raises NotFound, NotYourTask,
    MonthNotReady, RulesNewest, MonthBeforeScheme, RulesLackInputs.
    """
    require_role(actor, Role.SUPERVISOR, Role.SYSTEM, act="score_month")
    row = lock_month(session, month_id)
    next_state(MonthState(row.state), MonthAct.RENEW, month=row.month)
    newest = newest_scheme(session, row.scheme)
    if newest is None or newest.id == row.scheme_id:
        raise RulesNewest(score_month=row.month)
    names, month = names_of(scheme_of(session, row, read)), read_month(row.month)
    before = supplier_ids(session, rules_of(session, row, read))
    scheme = read(newest.content)
    require_from(month, scheme.from_month)
    row.scheme_id = newest.id or 0
    session.flush()
    rules = rules_of(session, row, read)
    if lacking := [one for one in map(entry_of, standing_inputs(session, month_id)) if not _fits(scheme, month, one)]:
        told = dict.fromkeys(f"{names.get(one.object, '')}{names.get(one.code, one.code)}" for one in lacking)
        raise RulesLackInputs(score_month=row.month, inputs="、".join(told))
    now = supplier_ids(session, rules)
    gone = tuple(one for one in before if one not in now)
    event = ScoringRulesRenewed(month_id=month_id, scheme_id=row.scheme_id, unit_ids=now, gone_ids=gone)
    event_log.record(session, event, actor=actor, at=at)


def _fits(scheme: Scheme, month: Month, entry: Entry) -> bool:
    try:
        check_inputs(scheme, inputs_of(month, [entry]))
    except BadInput:
        return False
    return True
