"""What a month comes to: the ranking, a look with another decision, each object's working, objections and answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.errors import NotFound
from tracker.domain.scoring.doubts import over_whole
from tracker.domain.scoring.entries import InputKind
from tracker.domain.scoring.questions import Decision, Point
from tracker.domain.scoring.scheme import ScoredObject, clause_label
from tracker.gateways.schemes import read_scheme
from tracker.store.queries.scoring import last_behind_marks, none_rows
from tracker.store.queries.scoring_rules import answers_beside
from tracker.store.tables.scoring import ScoreInputRow, ScoreObjectionRow
from tracker.usecases.objecting_to_marks import answer_objection, object_to_marks, settle_objection
from tracker.web.access import actor, allow, services
from tracker.web.forms import Form, Reason, Words, one_of, read_form
from tracker.web.scoring import VIEWERS
from tracker.web.scoring_corrected import corrected_lines
from tracker.web.scoring_files import files_concern, files_open
from tracker.web.scoring_objections import objections_read
from tracker.web.scoring_progress import takes_objections
from tracker.web.scoring_tries import triable, tried_in
from tracker.web.scoring_views import MonthSeen, is_office, month_seen, oversees
from tracker.wording.score_nothing import nothing_words
from tracker.wording.score_sheets import ObjectSheet
from tracker.wording.score_sources import joined_roles
from tracker.wording.score_views import lacking_words, object_sheets
from tracker.wording.scoring import exact_words, note_words

pages = Blueprint("scoring_results", __name__)


class Verdict(StrEnum):
    UPHELD = "upheld"
    REFUSED = "refused"


class ObjectionForm(Form):
    objected: Words = Field(title="指标")
    reason: Reason = Field(title="异议和依据")


class AnswerForm(Form):
    verdict: Annotated[Verdict, one_of(Verdict)] = Field(title="结论")
    reason: Reason = Field(title="答复和理由")


class SettleForm(Form):
    reason: Reason = Field(title="不影响计分的理由")


@dataclass(frozen=True, slots=True)
class RankLine:
    """A line of the ranking; `tried` is what another decision would make of it."""

    place: int
    sheet: ObjectSheet
    is_own: bool
    tried: ObjectSheet | None = None

    @property
    def change(self) -> str:
        """By how many places the look moves the object."""
        before, after = self.sheet.rank, self.tried.rank if self.tried else None
        if before is None or after is None:
            return ""
        return "不变" if before == after else f"升{before - after}" if after < before else f"降{after - before}"


@pages.app_context_processor
def _offer() -> dict[str, object]:
    return {"item_names": item_names}


def item_names(seen: MonthSeen) -> Mapping[str, str]:
    return {item.code: f"{clause_label(annex.label, item.label)} {item.title}" for annex, item in seen.scheme.items()}


@pages.get("/evaluation/<int:month_id>/ranking")
@allow(*VIEWERS)
def ranking(month_id: int) -> ResponseReturnValue:
    with services().database.reading() as session:
        seen = month_seen(session, month_id)
        if not seen.shown:
            raise NotFound()
        tried = tried_in(seen) if oversees() else None
        result, looked = seen.evaluated.result, tried.sheets if tried and tried.sheets else {}
        return render_template(
            "web/scoring/ranking.html",
            seen=seen,
            lines=rank_lines(seen, looked=looked),
            notes=[note_words(seen.scheme, one) for one in _noted(session, seen)],
            over=_over(seen),
            lacking=lacking_words(seen.scheme, result) if oversees() else [],
            tried=tried,
            triable=triable(seen.scheme) if tried else (),
        )


def rank_lines(seen: MonthSeen, *, looked: Mapping[str, ObjectSheet] = MappingProxyType({})) -> list[RankLine]:
    """Return the ranking as far as the viewer reads it; `looked` is what another decision would make of each."""
    own, places = {one.unit for _, one in seen.own}, {one.unit: place for place, one in seen.shown}
    sheets = object_sheets(seen.scheme, seen.evaluated.result)
    return [
        RankLine(places[one.object], one, one.object in own, looked.get(one.object))
        for one in sheets
        if one.object in places
    ]


def _noted(session: Session, seen: MonthSeen) -> list[Decision]:
    """Return the decisions that were used, and those of any time that the circular alone goes by."""
    used, beside = seen.evaluated.result.notes, answers_beside(session, seen.row, seen.scheme)
    found = {one.question: one for one in (*beside, *used)}
    codes = [one.code for one in seen.scheme.questions if one.point is not Point.LATER]
    return [found[code] for code in codes if code in found]


def _over(seen: MonthSeen) -> list[tuple[int, str, str]]:
    """Say which rates of the objects that the viewer reads are above 100 percent, with the object's place."""
    places = {one.unit: (place, one.name) for place, one in seen.shown}
    metrics, items = {one.code: one.name for one in seen.scheme.metrics}, item_names(seen)
    return [
        (
            places[one.object][0],
            one.items[0],
            f"{places[one.object][1]} · {'、'.join(items[code] for code in one.items)}："
            f"{metrics[one.metric]}{exact_words(one.percent)}%",
        )
        for one in over_whole(seen.rules, seen.evaluated.inputs)
        if one.object in places
    ]


@pages.get("/evaluation/<int:month_id>/objects/<int:place>")
@allow(*VIEWERS)
def show_object(month_id: int, place: int) -> ResponseReturnValue:
    with services().database.reading() as session:
        seen = month_seen(session, month_id)
        found = _object(seen, place)
        [sheet] = [one for one in object_sheets(seen.scheme, seen.evaluated.result) if one.object == found.unit]
        own = any(one.unit == found.unit for _, one in seen.own)
        known = none_rows(last_behind_marks(session, seen.row)).items()
        said = {what: seen.told_by(row) for what, row in known if what in seen.whose}
        of_object = objections_read(session, seen, of=found.unit)
        return render_template(
            "web/scoring/object.html",
            seen=seen,
            place=place,
            sheet=sheet,
            roles={item.code: _roles(seen, item.code) for _, item in seen.scheme.items()},
            inputs=_inputs_of(seen, found),
            cases=_cases_of(seen, found),
            nothing=nothing_words(
                seen.rules, seen.evaluated.inputs, said=said, presumed={what for what, _ in seen.presumed}
            ),
            files_open=files_open(session, seen, seen.behind_marks),
            files_concern=lambda row: files_concern(seen, row),
            may_object=own and takes_objections(seen) and actor().role is Role.UNIT_HEAD,
            corrected=corrected_lines(session, seen, of=[found.unit]),
            objections=of_object,
            waiting={one.row.item for one in of_object if one.row.answer is None},
            is_office=is_office(),
        )


def _object(seen: MonthSeen, place: int) -> ScoredObject:
    """Return an evaluated body whose marks the viewer reads. Raises NotFound."""
    found = dict(seen.shown).get(place)
    if found is None:
        raise NotFound()
    return found


def _inputs_of(seen: MonthSeen, found: ScoredObject) -> Mapping[str, tuple[ScoreInputRow, str]]:
    """Return by its code each figure of an object, or of all, that is handed in, with who supplies it."""
    return {
        row.code: (row, seen.told_by(row))
        for row in seen.behind_marks
        if row.kind == InputKind.FIGURE.value and row.object in ("", found.unit)
    }


def _cases_of(seen: MonthSeen, found: ScoredObject) -> Mapping[str, Sequence[tuple[ScoreInputRow, str]]]:
    """Return by its reference what happened or was found of an object, with who supplies it."""
    told: dict[str, list[tuple[ScoreInputRow, str]]] = {}
    for row in seen.behind_marks:
        if row.kind != InputKind.FIGURE.value and row.object == found.unit:
            told.setdefault(row.reference, []).append((row, seen.told_by(row)))
    return told


def _roles(seen: MonthSeen, item: str) -> list[str]:
    """Say who does what for an item, as printed."""
    [marks] = [one.marks for _, one in seen.scheme.items() if one.code == item]
    roles = [
        (does, [seen.names.get(code, code) for mark in marks for code in getattr(mark.roles, role)])
        for does, role in (("提供数据", "supplies"), ("核算排名", "ranks"), ("计分", "marks"), ("认定", "confirms"))
    ]
    return [f"{names}{does}" for does, names in joined_roles(roles)]


@pages.post("/evaluation/<int:month_id>/objects/<int:place>/objections")
@allow(Role.UNIT_HEAD)
def raise_objection(month_id: int, place: int) -> ResponseReturnValue:
    with services().database.reading() as session:
        seen = month_seen(session, month_id)
        own = dict(seen.own).get(place)
    if own is None:
        raise NotFound()
    form = read_form(ObjectionForm)
    with services().database.transaction() as session:
        object_to_marks(
            session,
            month_id,
            object_code=own.unit,
            item=form.objected,
            words=form.reason,
            read=read_scheme,
            actor=actor(),
            at=services().clock.now(),
        )
    flash("异议已经提出，督查室答复后会收到消息。")
    return redirect(url_for("scoring_results.show_object", month_id=month_id, place=place, _anchor="h-objections"), 303)


@pages.post("/evaluation/objections/<int:objection_id>/answer")
@allow(Role.SUPERVISOR)
def answer(objection_id: int) -> ResponseReturnValue:
    form = read_form(AnswerForm)
    with services().database.transaction() as session:
        answer_objection(
            session,
            objection_id,
            upheld=form.verdict is Verdict.UPHELD,
            answer=form.reason,
            read=read_scheme,
            actor=actor(),
            at=services().clock.now(),
        )
        month_id = session.get_one(ScoreObjectionRow, objection_id).month_id
    flash("已答复，提出单位会收到消息。")
    return redirect(url_for("scoring.show", month_id=month_id, _anchor=f"o{objection_id}"), 303)


@pages.post("/evaluation/objections/<int:objection_id>/settle")
@allow(Role.SUPERVISOR)
def settle(objection_id: int) -> ResponseReturnValue:
    """Say why nothing is to be changed though an objection holds."""
    form = read_form(SettleForm)
    with services().database.transaction() as session:
        settle_objection(
            session, objection_id, reason=form.reason, read=read_scheme, actor=actor(), at=services().clock.now()
        )
        month_id = session.get_one(ScoreObjectionRow, objection_id).month_id
    flash("已记明异议属实、不影响计分，提出单位会收到消息。")
    return redirect(url_for("scoring.show", month_id=month_id, _anchor=f"o{objection_id}"), 303)
