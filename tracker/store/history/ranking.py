"""What a circular about an evaluated month says: from the kept result, as the log had told it at a cut-off."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.ranking import Corrected, Placed, RankingFacts, ranking_content
from tracker.domain.quoting import titled
from tracker.domain.scoring.asked import hands_in, is_offices, record_keepers
from tracker.domain.scoring.changes import in_order
from tracker.domain.scoring.entries import InputKind, InputSource, ReadScheme, What, suppliers
from tracker.domain.scoring.plain import evenly
from tracker.domain.scoring.publishing import KeptDiffers, MonthNotKept, RankingHeldBack, RankingNotOrdered
from tracker.domain.scoring.questions import ISSUER, MEETING_MONTHS, MEETING_ORDER, Decision, Option, Point
from tracker.domain.scoring.results import ObjectResult
from tracker.domain.scoring.rules import answers_in, option_of
from tracker.domain.scoring.written import Evaluated, evaluate, first_difference
from tracker.store.history.identities import UnitFact, unit_facts
from tracker.store.history.log import Cut, Part, Told, told
from tracker.store.history.meetings import called_as_of, decisions_known
from tracker.store.history.objected import objected, objected_between, objected_since
from tracker.store.queries.scoring import (
    corrections_of,
    inputs_behind_marks,
    material_of,
)
from tracker.store.queries.scoring_changes import inputs_changed
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.scoring import ScoreCorrectionRow, ScoreInputRow, ScoreMonthRow
from tracker.store.tables.units import UnitRow
from tracker.wording.score_aside import aside_words
from tracker.wording.score_changes import input_rows
from tracker.wording.score_paper import in_paper
from tracker.wording.score_rows import changed_rows, decided_rows, marked_rows
from tracker.wording.score_sources import Delivery, Sources
from tracker.wording.score_suppliers import entering_for, owners_words
from tracker.wording.scoring_months import month_words

_KEPT = frozenset({"scoring.month_frozen", "scoring.correction_frozen"})


@dataclass(frozen=True, slots=True)
class KeptMonth:
    """A kept result of a month, computed again and found equal, with what the office decided beside the marks."""

    row: ScoreMonthRow
    correction: ScoreCorrectionRow | None
    edition: int
    event: Told
    evaluated: Evaluated
    decisions: tuple[Decision, ...]

    @property
    def issuer(self) -> Option:
        """Who issues the circular, as it was decided: the answer's code and words."""
        asked = next(one for one in self.evaluated.rules.scheme.questions if one.code == ISSUER)
        return option_of(asked, next(one for one in self.decisions if one.question == ISSUER))


def kept_month(session: Session, *, month_id: int, edition: int | None, until: Cut, read: ReadScheme) -> KeptMonth:
    """Return a kept result that may be published: the one that is meant, else the last of which the log had told.

    Raises MonthNotKept, RankingNotOrdered, RankingHeldBack, KeptDiffers.
    """
    row = session.get_one(ScoreMonthRow, month_id)
    kept = [one for one in told(session, until=until, types=_KEPT, part=Part()) if one.facts["month_id"] == month_id]
    wanted = [one for one in kept if edition in (None, one.facts.get("edition", 1))]
    if not wanted:
        raise MonthNotKept(score_month=row.month)
    event = wanted[-1]
    number = event.facts.get("edition", 1)
    correction = next((one for one in corrections_of(session, month_id) if one.edition == number), None)
    evaluated = _computed(session, row, number, correction, read)
    decisions = _holding(session, row, evaluated, until)
    scheme = evaluated.rules.scheme
    if scheme.publication is None:
        raise RankingNotOrdered(scheme=titled(scheme.title))
    known = {one.question for one in decisions}
    waits = [one.title for one in scheme.questions if one.point is Point.OFFICE and one.code not in known]
    if waits:
        raise RankingHeldBack(questions="、".join(waits))
    return KeptMonth(row, correction, number, event, evaluated, decisions)


def left_aside(session: Session, month_id: int, *, until: Cut) -> Mapping[str, Any]:
    """Return the facts of the event that kept a month's last result: what it left aside of the records of projects."""
    kept = [one.facts for one in told(session, until=until, types=_KEPT, part=Part())]
    return next((facts for facts in reversed(kept) if facts["month_id"] == month_id), {})


def ranking_as_of(
    session: Session, kept: KeptMonth, *, until: Cut, replaced: CircularRow | None, read: ReadScheme
) -> Content:
    """Return what the circular says; `replaced` is the paper about the result before, if it stands in the place of one.

    Raises KeptDiffers.
    """
    scheme, rules, units = kept.evaluated.rules.scheme, kept.evaluated.rules, _units(session, until)
    named, short = in_paper(scheme), {code: one.short for code, one in units.items()}
    names = {one.unit: one.name for one in scheme.objects}
    codes = sorted({code for some in suppliers(scheme).values() for code in some if code in units})
    supplying = sorted((units[code] for code in codes), key=lambda one: one.order)
    facts = RankingFacts(
        as_of=until.as_of,
        scheme=scheme,
        month=month_words(kept.row.month),
        organiser=units[scheme.organiser].full if scheme.organiser in units else scheme.organiser,
        organiser_short=short.get(scheme.organiser, scheme.organiser),
        suppliers=tuple(one.short for one in supplying),
        placed=_placed(kept.evaluated, names, short),
        decided=decided_rows(named, kept.decisions),
        deciders=tuple(dict.fromkeys(one.decider for one in kept.decisions)),
        marked=marked_rows(named, kept.evaluated.result, presumed=kept.evaluated.presumed),
        sourced=Sources(
            scheme=named,
            units=short,
            whose=_whose(kept),
            decisions=kept.decisions,
            deliveries=_deliveries(session, kept, until, short),
            presumed=kept.evaluated.presumed,
        ).rows(kept.evaluated.result),
        check_from=local_day(kept.row.check_opened_at) if kept.row.check_opened_at is not None else None,
        check_until=kept.row.check_until,
        **objected(session, kept.row, rules, kept.event, edition=kept.edition),
        between=objected_between(session, kept.row, rules, kept.event, edition=kept.edition, until=until),
        since=objected_since(session, kept.row.id or 0, kept.event, until=until),
        frozen_on=local_day(kept.event.at),
        event=kept.event.seq,
        aside=(kept.event.facts.get("uncounted", 0), kept.event.facts.get("uncounted_reason", "")),
        named_aside=tuple(aside_words(scheme, kept.event.facts.get("uncounted_records", ()))),
        corrected=_corrected(session, kept, replaced, read),
        called=called_as_of(session, kept.row, kept.evaluated, until=until, read=read),
    )
    return ranking_content(facts, scope=Scope(month_id=kept.row.id, edition=kept.edition))


def _computed(
    session: Session, row: ScoreMonthRow, edition: int, correction: ScoreCorrectionRow | None, read: ReadScheme
) -> Evaluated:
    material = material_of(session, row, edition=edition)
    found = evaluate(material, read(material.content))
    text = row.result if correction is None else correction.result
    if differs := first_difference(text or "", found.text):
        raise KeptDiffers(score_month=row.month, line=differs[0])
    return found


def _holding(session: Session, row: ScoreMonthRow, evaluated: Evaluated, until: Cut) -> tuple[Decision, ...]:
    """Return the decisions that were used, and those beside the marks that the circular goes by, of any time."""
    scheme, used = evaluated.rules.scheme, {one.question: one for one in evaluated.result.notes}
    beside = {one.code for one in scheme.questions if one.point is Point.OFFICE} | {MEETING_ORDER, MEETING_MONTHS}
    lines = decisions_known(session, row.scheme, until=until)
    later = {one.question: one for one in answers_in(scheme, lines, month=row.month) if one.question in beside}
    found = used | later  # as the agenda and the pages go by the newest answer, too
    return tuple(found[one.code] for one in scheme.questions if one.code in found)


def _units(session: Session, until: Cut) -> Mapping[str, UnitFact]:
    facts = unit_facts(session, until=until)
    return {code: facts[id_] for id_, code in session.execute(select(col(UnitRow.id), col(UnitRow.code)))}


def _tells_whose(kept: KeptMonth) -> bool:
    """Tell whether the paper says whose it is what the office hands in; those of earlier results stay as they were."""
    return "uncounted_records" in kept.event.facts


def _whose(kept: KeptMonth) -> Mapping[What, frozenset[str]]:
    """Return who hands in what by codes of units, nobody where the paper names the office."""
    scheme = kept.evaluated.rules.scheme
    if _tells_whose(kept):
        return hands_in(kept.evaluated.rules)
    return {what: frozenset() if is_offices(scheme, codes) else codes for what, codes in suppliers(scheme).items()}


def _deliveries(session: Session, kept: KeptMonth, until: Cut, short: Mapping[str, str]) -> list[Delivery]:
    """Return what was handed in for the kept result, under the names that the units had at the cut-off."""
    names = {id_: one.short for id_, one in unit_facts(session, until=until).items()}
    scheme, whose = kept.evaluated.rules.scheme, _whose(kept)

    def who(one: ScoreInputRow) -> str:
        what = (InputKind(one.kind), one.code)
        if one.source == InputSource.COUNTED.value:
            return owners_words(record_keepers(scheme, what), short) if _tells_whose(kept) else ""
        owners = whose[what]
        if one.unit_id is None and owners and is_offices(scheme, owners):
            return entering_for(owners_words(owners, short))
        return names.get(one.unit_id or 0, "")

    return [
        Delivery(
            one.code if one.kind == InputKind.FIGURE.value else "",
            frozenset(one.items.split()),
            who(one),
            one.source_words,
            local_day(one.entered_at),
            counted=one.source == InputSource.COUNTED.value,
        )
        for one in inputs_behind_marks(session, kept.row, edition=kept.edition)
    ]


def _placed(evaluated: Evaluated, names: Mapping[str, str], short: Mapping[str, str]) -> tuple[Placed, ...]:
    results = sorted(evaluated.result.objects, key=lambda one: one.rank or 0)
    totals = _column([one.total for one in results])
    annexes = zip(*(_column(list(marks)) for marks in _annex_marks(results)), strict=True)
    return tuple(
        Placed(names[one.object], short.get(one.object, names[one.object]), one.rank or 0, total, cells)
        for one, total, cells in zip(results, totals, annexes, strict=True)
    )


def _annex_marks(results: Sequence[ObjectResult]) -> Iterator[tuple[Decimal | None, ...]]:
    """Go through the annexes, each with the marks of all bodies."""
    return zip(*([annex.marks for annex in one.annexes] for one in results), strict=True)


def _column(marks: Sequence[Decimal | None]) -> list[str]:
    """Write what stands in one column; what is missing is empty."""
    told = iter(evenly([one for one in marks if one is not None]))
    return ["" if one is None else next(told) for one in marks]


def _corrected(session: Session, kept: KeptMonth, replaced: CircularRow | None, read: ReadScheme) -> Corrected | None:
    if kept.correction is None:
        return None
    known = {one.edition: one for one in corrections_of(session, kept.row.id or 0) if one.edition is not None}
    before = _computed(session, kept.row, kept.edition - 1, known.get(kept.edition - 1), read)
    scheme = in_paper(kept.evaluated.rules.scheme)
    rows = changed_rows(scheme, before.result, kept.evaluated.result)
    changed = inputs_changed(session, kept.row.id or 0, edition=kept.edition)
    # Papers about results that were kept before this was told stay what they said, to the byte.
    if "changed_inputs" in kept.event.facts:
        changed = in_order(changed, scheme)
    inputs = input_rows(scheme, changed, former="corrected" not in kept.event.facts)
    number = replaced.number if replaced is not None and replaced.number else ""
    names = {one.unit: one.name for one in kept.evaluated.rules.scheme.objects}
    heard = {one["object"] for one in kept.event.facts.get("corrected", ())}
    told_of = tuple(name for code, name in names.items() if code in heard)
    return Corrected(number, kept.correction.reason.rstrip("。"), _numbered(inputs), _numbered(rows), told_of)


def _numbered(rows: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple((str(n), *cells) for n, cells in enumerate(rows, 1))
