"""What several acts on a month of evaluation do: lock it, see whose something is, keep inputs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import OF_A_UNIT, Actor, NotYourTask, Role
from tracker.domain.errors import NotFound
from tracker.domain.events.scoring import EnteredInput, ScoringInputsEntered
from tracker.domain.filings import check_reason
from tracker.domain.scoring.asked import hands_in, is_offices
from tracker.domain.scoring.entries import (
    InputKind,
    NotYourFigure,
    ReadScheme,
    Sourced,
    What,
    kind_names,
)
from tracker.domain.scoring.fitting import UnknownInput
from tracker.domain.scoring.months import InputsClosed, MonthState, read_month, takes_inputs
from tracker.domain.scoring.objections import ObjectionsOpen
from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Scheme
from tracker.store import event_log
from tracker.store.queries.scoring import corrections_of, count_open_objections, last_inputs, silent_among
from tracker.store.queries.scoring_parties import units_handing_in
from tracker.store.queries.units import present_ids, unit_names, units_acted_for
from tracker.store.tables.scoring import ScoreInputRow, ScoreMonthRow, ScoreSchemeRow


def require_open(session: Session, month: ScoreMonthRow) -> None:
    """Refuse inputs of a kept month, unless what it published is being corrected. Raises InputsClosed."""
    if not is_open(session, month):
        raise InputsClosed(score_month=month.month)


def is_open(session: Session, month: ScoreMonthRow) -> bool:
    """Tell whether a month takes inputs: until it is kept, and while what it published is being corrected."""
    return takes_inputs(MonthState(month.state), [one.state for one in corrections_of(session, month.id or 0)])


def require_answered(session: Session, month_id: int) -> None:
    """Refuse to keep a result, corrected or not, beside an objection without an answer. Raises ObjectionsOpen."""
    if count := count_open_objections(session, month_id):
        raise ObjectionsOpen(count=count)


def lock_month(session: Session, month_id: int) -> ScoreMonthRow:
    """Lock a month for an act that decides by its state; return it read anew. Raises NotFound."""
    row = session.scalars(select(ScoreMonthRow).where(col(ScoreMonthRow.id) == month_id).with_for_update()).first()
    if row is None:
        raise NotFound()
    return row


def scheme_of(session: Session, row: ScoreMonthRow, read: ReadScheme) -> Scheme:
    """Return the rules of a month."""
    return read(session.get_one(ScoreSchemeRow, row.scheme_id).content)


def require_supplier(session: Session, rules: Rules, told: Iterable[tuple[What, str]], *, actor: Actor) -> int | None:
    """Return in whose name the actor hands things in, None for the office; each comes with its name for people.

    A unit hands in what the scheme prints it to supply and what was decided to be its own; the office what is nobody's
    or the organiser's, in whose name it works. Who works on the machine itself hands in whatever comes in a file.
    Raises NotYourTask, UnknownInput, NotYourFigure.
    """
    if actor.role is Role.SYSTEM:
        return None
    if actor.role not in (Role.LIAISON, Role.UNIT_HEAD, Role.SUPERVISOR):
        raise NotYourTask(act="score_inputs")
    own, printed, owners = units_acted_for(session, actor.unit_id), hands_in(rules), units_handing_in(session, rules)
    used: set[int] = set()
    for what, name in told:
        if what not in printed:
            raise UnknownInput(input_part="figure" if what[0] is InputKind.FIGURE else "kind", name=what[1])
        is_own = is_offices(rules.scheme, printed[what]) if actor.role is Role.SUPERVISOR else owners[what] & own
        if not is_own:
            raise NotYourFigure(name=name, owners="、".join(unit_names(session, owners[what]).values()))
        used |= owners[what] & own
    return min(used, default=None)


def counting_for(
    session: Session, rules: Rules, whats: Collection[What], *, actor: Actor
) -> tuple[int | None, frozenset[What]]:
    """Return in whose name the actor counts from projects, None for the office, and which figures and kinds.

    Raises NotYourTask for whoever supplies none of them.
    """
    if actor.role in (Role.SYSTEM, Role.SUPERVISOR):
        return None, frozenset(whats)
    if actor.role not in OF_A_UNIT:
        raise NotYourTask(act="score_count")
    own, handing_in = units_acted_for(session, actor.unit_id), units_handing_in(session, rules)
    owners = {one: handing_in[one] & own for one in whats}
    used = {unit_id for found in owners.values() for unit_id in found}
    if not used:
        raise NotYourTask(act="score_count")
    return min(used), frozenset(one for one, found in owners.items() if found)


def supplier_ids(session: Session, rules: Rules, *, of: Collection[What] | None = None) -> tuple[int, ...]:
    """Return the units that hand in all or `of` some inputs, as printed or decided, by who has their work today."""
    whose = units_handing_in(session, rules)
    wanted = whose.values() if of is None else [whose[what] for what in of if what in whose]
    return tuple(sorted(frozenset[int]().union(*wanted)))


def supplied_by(session: Session, rules: Rules) -> Mapping[int, frozenset[What]]:
    """Return what each unit hands in, as printed or decided, by who has its work today."""
    found = defaultdict[int, set[What]](set)
    for what, unit_ids in units_handing_in(session, rules).items():
        for unit_id in unit_ids:
            found[unit_id].add(what)
    return {unit_id: frozenset(whats) for unit_id, whats in found.items()}


def object_ids(session: Session, scheme: Scheme) -> tuple[int, ...]:
    """Return the evaluated bodies, by who has their work today."""
    ids = present_ids(session)
    return tuple(sorted({ids[one.unit] for one in scheme.objects if one.unit in ids}))


def keep_inputs(
    session: Session,
    month: ScoreMonthRow,
    inputs: Iterable[tuple[Sourced, int | None]],
    *,
    reason: str,
    unit_id: int | None,
    void: bool = False,
    actor: Actor,
    at: datetime,
) -> list[int]:
    """Keep inputs, each in the place of the one whose number it comes with, if any; return their numbers.

    What people wrote stands in the circular's annex, which no essay fits. Records ScoringInputsEntered. Raises
    ReasonTooLong, of sources and names too.
    """
    inputs = list(inputs)
    written = (words for told, _ in inputs for words in (told.evidence.words, told.entry.reference))
    for words in filter(None, (reason, *written)):
        check_reason(words)
    rows = [
        _row(
            month, told, before, reason=reason if before or void else "", unit_id=unit_id, void=void, actor=actor, at=at
        )
        for told, before in inputs
    ]
    if not rows:
        return []
    session.add_all(rows)
    session.flush()
    event = ScoringInputsEntered(month_id=month.id or 0, unit_id=unit_id, inputs=tuple(map(_told, rows)))
    event_log.record(session, event, actor=actor, at=at)
    return [row.id or 0 for row in rows]


def silent_of(session: Session, month: ScoreMonthRow, scheme: Scheme) -> tuple[What, ...]:
    """Return the kinds of a month of which nobody told anything, and of which the office did not decide either."""
    return silent_among(scheme, read_month(month.month), last_inputs(session, month.id or 0))


def names_of(scheme: Scheme) -> Mapping[str, str]:
    """Return the names of a scheme's kinds, figures and evaluated bodies by their codes."""
    kinds = {code: name for (_, code), name in kind_names(scheme).items()}
    figures = {one.code: one.name for one in scheme.figures}
    return kinds | figures | {one.unit: one.name for one in scheme.objects}


def _row(
    month: ScoreMonthRow,
    told: Sourced,
    before: int | None,
    *,
    reason: str,
    unit_id: int | None,
    void: bool,
    actor: Actor,
    at: datetime,
) -> ScoreInputRow:
    entry = told.entry
    return ScoreInputRow(
        month_id=month.id or 0,
        kind=entry.kind.value,
        code=entry.code,
        object=entry.object,
        value=None if entry.value is None else number_text(entry.value),
        found=None if entry.found is None else number_text(entry.found),
        reference=entry.reference,
        items=" ".join(entry.items),
        source=told.source.value,
        behind="\n".join(told.behind),
        source_words=told.evidence.words,
        file_sha256=told.evidence.sha256,
        file_name=told.evidence.name,
        file_media_type=told.evidence.media_type,
        reason=reason,
        replaces_id=before,
        void=void,
        unit_id=unit_id,
        entered_by=actor.name,
        entered_at=at,
    )


def _told(row: ScoreInputRow) -> EnteredInput:
    return EnteredInput(**{name: getattr(row, name) for name in EnteredInput.__dataclass_fields__})
