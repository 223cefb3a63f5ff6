"""A published month of evaluation is corrected by another result beside it, never in its place."""

from datetime import datetime

from sqlmodel import Session

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.errors import Stale
from tracker.domain.events.score_corrections import (
    ScoringCorrectionDropped,
    ScoringCorrectionFrozen,
    ScoringCorrectionOpened,
)
from tracker.domain.filings import check_reason
from tracker.domain.projects.lists import ProjectLists
from tracker.domain.scoring.aside import NOTHING_ASIDE, LeftAside
from tracker.domain.scoring.entries import ReadScheme, kind_names
from tracker.domain.scoring.months import (
    CORRECTIONS_UNDER_WAY,
    CorrectionState,
    MonthNotReady,
    MonthState,
    read_month,
)
from tracker.domain.scoring.objections import ObjectionsOwed
from tracker.domain.scoring.publishing import (
    CorrectedInputs,
    CorrectionOpenAlready,
    NoCorrection,
    NoneTakenBack,
    NothingCorrected,
)
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.written import Evaluated, evaluate
from tracker.steps.changed_marks import corrected_marks
from tracker.steps.complete_months import complete_result
from tracker.steps.records_aside import require_counted
from tracker.steps.scoring import lock_month, require_answered, silent_of, supplier_ids
from tracker.store import event_log
from tracker.store.queries.counted_months import held_against_projects
from tracker.store.queries.scoring import (
    corrections_of,
    inputs_until,
    last_behind_marks,
    last_input_id,
    material_corrected,
    material_of,
    silent_among,
)
from tracker.store.queries.scoring_changes import inputs_changed
from tracker.store.queries.scoring_objections import overtaken_objections, owed_objections
from tracker.store.queries.scoring_rules import rules_of
from tracker.store.queries.since_kept import uncounted_records
from tracker.store.row_digests import row_digest
from tracker.store.tables.scoring import ScoreCorrectionRow, ScoreMonthRow


def open_correction(
    session: Session, month_id: int, *, reason: str, read: ReadScheme, actor: Actor, at: datetime
) -> int:
    """Take inputs of a published month again, for a reason; what was published stands until its correction is out.

    Rules and decisions stay those of the month. Records ScoringCorrectionOpened. Raises NotFound, NotYourTask,
    MonthNotReady, CorrectionOpenAlready, ReasonRequired, ReasonTooLong.
    """
    require_role(actor, Role.SUPERVISOR, Role.SYSTEM, act="score_month")
    month = lock_month(session, month_id)
    if month.state != MonthState.ISSUED.value:
        raise MonthNotReady(score_month=month.month, score_state=month.state, score_act="correct")
    if any(one.state in CORRECTIONS_UNDER_WAY for one in corrections_of(session, month_id)):
        raise CorrectionOpenAlready(score_month=month.month)
    row = ScoreCorrectionRow(
        month_id=month_id,
        reason=check_reason(reason),
        inputs_after=last_input_id(session, month_id),
        opened_by=actor.name,
        opened_at=at,
    )
    session.add(row)
    session.flush()
    told = {name: getattr(row, name) for name in ("month_id", "reason", "inputs_after")}
    unit_ids = supplier_ids(session, rules_of(session, month, read))
    event = ScoringCorrectionOpened(correction_id=row.id or 0, **told, unit_ids=unit_ids)
    event_log.record(session, event, actor=actor, at=at)
    return row.id or 0


def drop_correction(
    session: Session, month_id: int, *, read: ReadScheme, lists: ProjectLists, actor: Actor, at: datetime
) -> None:
    """Leave a published month as it is; not while what was handed in for its correction is not put back.

    The records of projects from which it goes on differing are noted: the office has looked at them.

    Put back is all that the month was told: what makes its result, and that nothing of a kind happened, which the next
    result would be asked for again. Records ScoringCorrectionDropped. Raises NotFound, NotYourTask, NoCorrection,
    CorrectedInputs, NoneTakenBack.
    """
    require_role(actor, Role.SUPERVISOR, Role.SYSTEM, act="score_month")
    month = lock_month(session, month_id)
    row = _open_one(session, month)
    if last_input_id(session, month_id) > row.inputs_after:
        _require_put_back(session, month, read)
    row.state = CorrectionState.DROPPED.value
    rules = rules_of(session, month, read)
    event = ScoringCorrectionDropped(
        correction_id=row.id or 0,
        month_id=month_id,
        unit_ids=supplier_ids(session, rules),
        uncounted_records=uncounted_records(held_against_projects(session, month, rules, lists=lists)),
    )
    event_log.record(session, event, actor=actor, at=at)


def freeze_correction(
    session: Session,
    month_id: int,
    *,
    read: ReadScheme,
    lists: ProjectLists,
    actor: Actor,
    at: datetime,
    aside: LeftAside = NOTHING_ASIDE,
    seen: int | None = None,
) -> int:
    """Keep the corrected result beside the one before; return its edition. Its circular publishes it.

    `seen` is the number of the last input behind the result that was shown; None of who works on the machine itself.

    What was taken back may leave a figure missing, or a kind of which nobody told anything: that is asked as it is of a
    month, and so are the records of projects that no mark counts. Records ScoringCorrectionFrozen. Raises NotFound,
    NotYourTask, NoCorrection, Stale, MonthIncomplete, KindsSilent, PartOverWhole, NothingCorrected, ObjectionsOpen,
    ObjectionsOwed, RecordsUncounted, ReasonRequired, ReasonTooLong, ListsDiffer.
    """
    require_role(actor, Role.SUPERVISOR, Role.SYSTEM, act="score_month")
    month = lock_month(session, month_id)
    row = _open_one(session, month, seen=seen)
    require_answered(session, month_id)
    found = complete_result(session, month, material_corrected(session, month), read)
    if found.text == (published := _published(session, month, read)).text:
        raise NothingCorrected(score_month=month.month)
    if owed := owed_objections(session, month, found.rules):
        raise ObjectionsOwed(count=len(owed))
    uncounted = require_counted(session, month, found.rules, lists=lists, aside=aside)
    row.state, row.edition = CorrectionState.FROZEN.value, _last_edition(session, month_id) + 1
    row.frozen_by, row.frozen_at, row.result = actor.name, at, found.text
    row.rule_version, row.inputs_digest = found.result.rule_version, found.result.inputs_digest
    session.flush()  # what it changed is counted up to the last input before the next correction
    event = ScoringCorrectionFrozen(
        correction_id=row.id or 0,
        month_id=month_id,
        edition=row.edition,
        rule_version=row.rule_version,
        inputs_digest=row.inputs_digest,
        sealed=row_digest(row),
        corrected=corrected_marks(session, published.result, found.result),
        changed_inputs=len(inputs_changed(session, month_id, edition=row.edition)),
        overtaken=_overtaken(session, month, found.rules),
        tells_between=True,
        **uncounted,
    )
    event_log.record(session, event, actor=actor, at=at)
    return row.edition


def _last_edition(session: Session, month_id: int) -> int:
    return max((one.edition or 1 for one in corrections_of(session, month_id)), default=1)


def _overtaken(session: Session, month: ScoreMonthRow, rules: Rules) -> tuple[int, ...]:
    before = inputs_until(session, month.id or 0, 1)
    return tuple(one.id or 0 for one in overtaken_objections(session, month, rules, before=before, now=None))


def _published(session: Session, month: ScoreMonthRow, read: ReadScheme) -> Evaluated:
    before = material_of(session, month)
    return evaluate(before, read(before.content))


def _require_put_back(session: Session, month: ScoreMonthRow, read: ReadScheme) -> None:
    """Refuse to leave a correction one could neither keep nor begin again from where the month was published.

    Raises CorrectedInputs, NoneTakenBack.
    """
    corrected, published = material_corrected(session, month), _published(session, month, read)
    scheme = published.rules.scheme
    before = silent_among(scheme, read_month(month.month), last_behind_marks(session, month))
    if silent := [what for what in silent_of(session, month, scheme) if what not in before]:
        named = kind_names(scheme)
        raise NoneTakenBack(score_month=month.month, names="、".join(named[what] for what in silent))
    if evaluate(corrected, read(corrected.content)).text != published.text:
        raise CorrectedInputs(score_month=month.month)


def _open_one(session: Session, month: ScoreMonthRow, *, seen: int | None = None) -> ScoreCorrectionRow:
    """Return the open correction; `seen` is the last input that whoever acts knows. Raises NoCorrection, Stale."""
    for one in corrections_of(session, month.id or 0):
        if one.state == CorrectionState.OPEN.value:
            if seen is not None and seen != last_input_id(session, month.id or 0):
                raise Stale()
            return one
    raise NoCorrection(score_month=month.month)
