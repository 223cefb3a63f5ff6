"""A month of evaluation as whoever is logged in may see it: what is his to hand in, whose marks he reads."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.audiences import OF_UNITS, OVERSEERS
from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound
from tracker.domain.scoring.asked import (
    Standing,
    hands_in,
    is_early,
    is_offices,
    record_keepers,
    standings,
)
from tracker.domain.scoring.entries import InputKind, InputSource, What, suppliers
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.months import SHOWN_TO_OBJECTS, CorrectionState, MonthState, read_month, takes_inputs
from tracker.domain.scoring.questions import Decision
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Scheme, ScoredObject
from tracker.domain.scoring.written import Evaluated, Material, Presumed, evaluate, rules_for
from tracker.gateways.schemes import read_scheme
from tracker.store.queries.scoring import (
    corrections_of,
    entry_of,
    inputs_behind_marks,
    last_kept,
    material_of,
    months_of_scheme,
    said_none,
    silent_among,
)
from tracker.store.queries.scoring_parties import Party, office_party, party_of, takes_part
from tracker.store.queries.scoring_rules import rules_of, versions_in_use
from tracker.store.queries.units import names_by_code, unit_names, units_acted_for
from tracker.store.tables.scoring import ScoreCorrectionRow, ScoreInputRow, ScoreMonthRow, ScoreSchemeRow
from tracker.web.access import actor
from tracker.wording.codes import OFFICE_NAME
from tracker.wording.score_suppliers import entered_for, entering_for, owners_words
from tracker.wording.scoring_months import MONTH_STATES, month_words


@dataclass(frozen=True)
class MonthSeen:
    """A month with what it is computed from. `party` is what the viewer has to do with it.

    `correction` is the one that takes inputs of a published month again, `to_publish` the one whose result is kept and
    waits for its circular, `corrected` the last one that was published, whose result the marks are. `rows` are all that
    was handed in last, also for a correction, which the marks do not know yet, but nothing of one that was dropped;
    `behind_marks` are those that make the marks.
    """

    row: ScoreMonthRow
    material: Material
    scheme: Scheme
    party: Party
    rows: Sequence[ScoreInputRow]
    names: dict[str, str]
    behind_marks: Sequence[ScoreInputRow]
    handed_in_by: Mapping[int, str]
    correction: ScoreCorrectionRow | None
    to_publish: ScoreCorrectionRow | None
    corrected: ScoreCorrectionRow | None

    @property
    def id(self) -> int:
        return self.row.id or 0

    @property
    def month(self) -> Month:
        return read_month(self.row.month)

    @property
    def name(self) -> str:
        return month_words(self.row.month)

    @property
    def state(self) -> MonthState:
        return MonthState(self.row.state)

    @property
    def state_name(self) -> str:
        return MONTH_STATES[self.row.state]

    @property
    def takes_inputs(self) -> bool:
        return takes_inputs(self.state, [self.correction.state] if self.correction else ())

    @property
    def seen(self) -> int:
        """The number of the last input that the page shows."""
        return max((row.id or 0 for row in self.rows), default=0)

    @cached_property
    def rules(self) -> Rules:
        return rules_for(self.material, self.scheme)

    @cached_property
    def evaluated(self) -> Evaluated:
        return self.tried(())

    def tried(self, instead: Collection[Decision]) -> Evaluated:
        """Compute the month, with other decisions where they are given."""
        return evaluate(self.material, self.scheme, instead=instead)

    @cached_property
    def standing(self) -> Sequence[ScoreInputRow]:
        return [row for row in self.rows if not row.void]

    @cached_property
    def none_said(self) -> frozenset[What]:
        return said_none(self.rows)

    @property
    def presumed(self) -> Presumed:
        """What the office lets count as not having happened, with its reasons."""
        return self.evaluated.presumed

    @cached_property
    def early(self) -> int:
        """How many figures somebody entered before the stretch of time that they cover was over."""
        figures = {one.code: one for one in self.scheme.figures}
        entered = [
            row
            for row in self.standing
            if row.kind == InputKind.FIGURE.value and row.source == InputSource.ENTERED.value and row.code in figures
        ]
        return sum(is_early(figures[row.code], self.month, on=local_day(row.entered_at)) for row in entered)

    @cached_property
    def silent(self) -> tuple[What, ...]:
        """The kinds of which nobody told anything, and of which the office did not decide either."""
        return silent_among(self.scheme, self.month, self.rows)

    @cached_property
    def suppliers(self) -> tuple[Standing, ...]:
        """How far each supplier is."""
        return self._standings(None)

    @cached_property
    def own_suppliers(self) -> tuple[Standing, ...]:
        """How far the viewer is with what is his to hand in, and with nothing that others hand in beside him."""
        return self._standings(self.party.supplies)

    def _standings(self, whats: Collection[What] | None) -> tuple[Standing, ...]:
        entries = [entry_of(row) for row in self.standing]
        return standings(self.rules, self.month, entries, said_none=self.none_said, whats=whats)

    @cached_property
    def shown(self) -> tuple[tuple[int, ScoredObject], ...]:
        """The evaluated bodies whose marks the viewer reads, each with its place in the scheme, from 1."""
        return shown_objects(self.scheme, self.party, self.state)

    @property
    def own(self) -> tuple[tuple[int, ScoredObject], ...]:
        """The evaluated bodies for which the viewer stands."""
        return tuple((at, one) for at, one in enumerate(self.scheme.objects, start=1) if one.unit in self.party.objects)

    @cached_property
    def whose(self) -> Mapping[What, frozenset[str]]:
        """Who hands in what, by codes of units, as it is printed or was decided; nobody where the office does."""
        return hands_in(self.rules)

    def supplier_named(self, what: What) -> str:
        return owners_words(self.whose[what], self.names)

    def handing_in(self, owners: frozenset[str], last: ScoreInputRow | None = None) -> str:
        """Name a supplier; that the office enters in his name where it does, or did with the last of his inputs."""
        name = owners_words(owners, self.names)
        is_entered = is_office() if last is None else (last.unit_id, last.source) == (None, InputSource.ENTERED.value)
        return entered_for(name) if is_entered and owners and is_offices(self.scheme, owners) else name

    def told_by(self, row: ScoreInputRow) -> str:
        """Name whose an input is, where 「报送」 follows: of a counted one whose records they are, whoever counted."""
        what = (InputKind(row.kind), row.code)
        if row.source == InputSource.COUNTED.value:
            return owners_words(record_keepers(self.scheme, what), self.names)
        if row.unit_id is not None:  # it may have been decided since to be another's
            return self.handed_in_by[row.unit_id]
        owners = self.whose[what]
        return entering_for(self.supplier_named(what)) if owners and is_offices(self.scheme, owners) else OFFICE_NAME


def shown_objects(scheme: Scheme, party: Party, state: MonthState) -> tuple[tuple[int, ScoredObject], ...]:
    """Return the evaluated bodies whose marks of a month in a state the viewer reads, each with its place, from 1."""
    placed = tuple(enumerate(scheme.objects, start=1))
    if oversees() or state is MonthState.ISSUED or (party.organises and state is not MonthState.COLLECTING):
        return placed
    if state not in SHOWN_TO_OBJECTS:
        return ()
    return tuple((place, one) for place, one in placed if one.unit in party.objects)


def month_seen(session: Session, month_id: int) -> MonthSeen:
    """Return a month. Raises NotFound, also for a unit that neither supplies nor is evaluated.

    Whoever has no part in any evaluation is told so before anything is looked for.
    """
    require_part(session)
    row = session.get(ScoreMonthRow, month_id)
    if row is None:
        raise NotFound()
    found = seen_of(session, row)
    if not found.party and not oversees():
        raise NotFound()
    return found


def seen_of(session: Session, row: ScoreMonthRow) -> MonthSeen:
    """Return a month as the viewer sees it, whether he has anything to do with it or not."""
    scheme = read_scheme((material := material_of(session, row)).content)
    known, behind = corrections_of(session, row.id or 0), inputs_behind_marks(session, row)
    last = [one for one in last_kept(session, row) if entry_of(one).what in suppliers(scheme)]
    return MonthSeen(
        row,
        material,
        scheme,
        own_party(session, rules_for(material, scheme)),
        last,
        names_by_code(session),
        behind,
        unit_names(session, {one.unit_id for one in (*last, *behind) if one.unit_id is not None}),
        next((one for one in known if one.state == CorrectionState.OPEN.value), None),
        next((one for one in known if one.state == CorrectionState.FROZEN.value), None),
        next((one for one in reversed(known) if one.state == CorrectionState.ISSUED.value), None),
    )


def oversees() -> bool:
    return actor().role in OVERSEERS


def is_office() -> bool:
    return actor().role is Role.SUPERVISOR


def own_party(session: Session, rules: Rules) -> Party:
    """Return what the viewer has to do with a scheme and what was decided on it; leaders hand in nothing."""
    if is_office():
        return office_party(rules)
    if actor().role not in OF_UNITS:
        return Party(frozenset(), frozenset())
    return party_of(session, rules, own=units_acted_for(session, actor().unit_id))


def require_part(session: Session) -> None:
    """Let in whoever has anything to do with an evaluation, and the overseers. Raises NotFound."""
    if not oversees() and not has_part(session):
        raise NotFound()


def has_part(session: Session) -> bool:
    """Tell whether the viewer has anything to do with an evaluation, so that its pages are offered."""
    known = versions_in_use(session)
    if not known or actor().role in OVERSEERS:
        return bool(known)
    return any(_takes_part(session, scheme) for scheme in schemes_in_use(session).values())


def _takes_part(session: Session, scheme: Scheme) -> bool:
    return actor().role in OF_UNITS and takes_part(session, scheme, own=units_acted_for(session, actor().unit_id))


def is_evaluated(session: Session) -> bool:
    """Tell whether the viewer stands for a body that a scheme evaluates by records of projects."""
    schemes = schemes_in_use(session).values()
    return any(one.cohorts and own_party(session, Rules(one)).objects for one in schemes)


def evaluations_by(session: Session, document: str) -> Iterator[tuple[ScoreMonthRow, Scheme, Party]]:
    """Go through the months that are evaluated by a document, the last first, with the viewer's part in it."""
    known = {id_: one for id_, one in schemes_in_use(session).items() if one.document == document}
    parties = {id_: own_party(session, Rules(one)) for id_, one in known.items()}
    named = {id_ for id_, one in known.items() if not parties[id_] and _takes_part(session, one)}
    for code in dict.fromkeys(one.code for one in known.values()):
        for row in (one for one in months_of_scheme(session, code) if one.scheme_id in known):
            is_named = row.scheme_id in named  # by what was decided for some month
            rules = rules_of(session, row, read_scheme) if is_named else None
            yield row, known[row.scheme_id], own_party(session, rules) if rules else parties[row.scheme_id]


_SCHEMES: dict[str, Scheme] = {}


def schemes_in_use(session: Session) -> Mapping[int, Scheme]:
    """Return all rules that a month goes by or the next one would, by their numbers, each read once."""
    found = versions_in_use(session)
    for id_, sha256 in found:
        if sha256 not in _SCHEMES:
            _SCHEMES[sha256] = read_scheme(session.get_one(ScoreSchemeRow, id_).content)
    return {id_: _SCHEMES[sha256] for id_, sha256 in found}
