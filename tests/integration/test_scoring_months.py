"""A month of evaluation on both databases: who hands in what, corrections, drafting, checking, objecting, freezing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TypeVar

import pytest
from sqlalchemy import func, select, update
from sqlmodel import Session, col

from tests.support.agreement import disagreements
from tests.support.office import BY, LEADER, OFFICE, City, open_city
from tests.support.projects import LISTS
from tests.support.small_evaluation import (
    AFTER,
    CHECKING,
    OPENED,
    Worked,
    decided,
    figure,
    filled,
    frozen,
    history_of,
    in_check,
    keep_small_scheme,
    meeting,
    opened,
    ruling,
)
from tests.support.small_scheme import SMALL_SCHEME
from tests.support.together import together
from tracker.domain.accounts import Actor, NotYourTask
from tracker.domain.entered import LONGEST_REASON
from tracker.domain.errors import BadInput, NotFound, TrackerError
from tracker.domain.filings import ReasonRequired, ReasonTooLong
from tracker.domain.scoring.entries import Entry, InputKind, NotYourFigure, ReferenceMissing, ValueMissing
from tracker.domain.scoring.fitting import ImpossibleInput, UnknownInput
from tracker.domain.scoring.months import InputsClosed, MonthNotReady
from tracker.domain.scoring.objections import ObjectionsOpen, ObjectionsOwed
from tracker.domain.scoring.rules import InvalidDecision
from tracker.domain.scoring.written import evaluate, first_difference
from tracker.gateways.schemes import read_scheme
from tracker.steps.complete_months import MonthIncomplete
from tracker.steps.decided_months import MonthDecidedAlready
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.scoring import frozen_month_ids, material_of, standing_inputs
from tracker.store.queries.scoring_rules import rules_of
from tracker.store.tables.scoring import ScoreInputRow, ScoreMonthRow, ScoreObjectionRow
from tracker.usecases.objecting_to_marks import (
    CheckOver,
    ObjectedAlready,
    ObjectionAnswered,
    answer_objection,
    object_to_marks,
)
from tracker.usecases.scoring_inputs import (
    CorrectionReason,
    Entered,
    InputChangedMeanwhile,
    NothingToTakeBack,
    take_back,
)
from tracker.usecases.scoring_months import (
    CheckRunning,
    MonthAhead,
    MonthOpenAlready,
    collect_again,
    draft_ranking,
    freeze_month,
    open_check,
    open_month,
)
from tracker.usecases.scoring_rules import DecidedMeanwhile, decide

_Done = TypeVar("_Done")


@pytest.fixture
def city(database: Database) -> City:
    return open_city(database)


def _do(city: City, act: Callable[[Session], _Done]) -> _Done:
    with city.database.transaction() as session:
        return act(session)


def _refused(city: City, kind: type[TrackerError], act: Callable[[Session], object]) -> TrackerError:
    with pytest.raises(kind) as refused, city.database.transaction() as session:
        act(session)
    return refused.value


def _enter(
    worked: Worked, actor: Actor, *entries: Entry, seen: int = 0, reason: str = ""
) -> Callable[[Session], Entered]:
    return lambda session: worked.enter(session, actor, *entries, seen=seen, reason=reason)


def _totals(worked: Worked) -> dict[str, Decimal | None]:
    with worked.city.database.reading() as session:
        material = material_of(session, session.get_one(ScoreMonthRow, worked.month_id))
    found = evaluate(material, read_scheme(material.content))
    return {one.object: one.total for one in found.result.objects}


def _object(worked: Worked, actor: Actor, *, county: str = "yc", item: str = "1-1") -> partial[int]:
    return partial(
        object_to_marks,
        month_id=worked.month_id,
        object_code=county,
        item=item,
        words="少计一个项目",
        read=read_scheme,
        actor=actor,
        at=CHECKING,
    )


def test_each_supplier_hands_in_his_own_and_nobody_anothers(city: City) -> None:
    worked = opened(city)
    own, others = figure("projects", "yc", "3"), figure("started", "yc", "3")
    refusal = _refused(city, NotYourFigure, _enter(worked, city.liaison("swj"), own, others))
    assert refusal.facts == {"name": "已开工项目个数", "owners": "市统计局"}
    _refused(city, NotYourFigure, _enter(worked, OFFICE, own))
    _refused(city, NotYourFigure, _enter(worked, city.liaison("swj"), figure("planned", "yc", "4")))
    _refused(city, NotYourFigure, _enter(worked, city.liaison("yc"), meeting("yc")))
    _refused(city, NotYourTask, _enter(worked, LEADER, own))
    assert _do(city, _enter(worked, city.head("swj"), own)) == Entered(1, 0, 0)
    site = Entry(
        kind=InputKind.CHECK, code="site", object="sp", value=Decimal(110), found=Decimal(100), reference="一号"
    )
    for actor in (OFFICE, city.liaison("wjw")):  # what the organiser hands in the office may too
        _do(city, _enter(worked, actor, replace(site, reference=actor.name)))


@pytest.mark.parametrize(
    ("entry", "refusal"),
    [
        (figure("planned", "swj", "3"), UnknownInput),
        (figure("nothing", "yc", "3"), UnknownInput),
        (figure("planned", "yc", "-1"), ImpossibleInput),
        (replace(figure("planned", "yc", "1"), value=None), ValueMissing),
        (meeting("yc", ""), ReferenceMissing),
        (replace(meeting("yc"), code="dance"), UnknownInput),
        (replace(meeting("yc"), items=("1-1",)), UnknownInput),
        (replace(meeting("yc"), kind=InputKind.CHECK, code="site", value=Decimal(1)), ValueMissing),
    ],
)
def test_what_the_scheme_does_not_know_is_refused_and_nothing_is_kept(
    city: City, entry: Entry, refusal: type[TrackerError]
) -> None:
    worked = opened(city)
    _refused(city, refusal, _enter(worked, OFFICE, figure("planned", "sp", "2"), entry))
    with city.database.reading() as session:
        assert standing_inputs(session, worked.month_id) == []


def test_a_correction_is_another_row_with_its_reason_and_the_same_again_is_none(city: City) -> None:
    worked, swj = opened(city), city.liaison("swj")
    _do(city, _enter(worked, swj, figure("projects", "yc", "3"), figure("projects", "sp", "2.0")))
    assert _do(city, _enter(worked, swj, figure("projects", "sp", "2"))) == Entered(0, 0, 1)
    assert "驿城区" in str(
        _refused(city, CorrectionReason, _enter(worked, swj, figure("projects", "yc", "4"), seen=9)).facts["names"]
    )
    _refused(city, InputChangedMeanwhile, _enter(worked, swj, figure("projects", "yc", "4"), seen=0, reason="漏计"))
    with city.database.reading() as session:
        last = max(row.id or 0 for row in standing_inputs(session, worked.month_id))
    corrected = _enter(worked, swj, figure("projects", "yc", "4"), seen=last, reason="漏计一个")
    assert _do(city, corrected) == Entered(0, 1, 0)
    with city.database.reading() as session:
        history = history_of(session, worked.month_id, kind=InputKind.FIGURE, code="projects")
        assert [(row.object, row.value, row.reason) for row in history] == [
            ("yc", "3", ""),
            ("sp", "2", ""),
            ("yc", "4", "漏计一个"),
        ]
        assert {row.value for row in standing_inputs(session, worked.month_id)} == {"4", "2"}


def test_nothing_longer_than_a_reason_comes_into_the_annex_of_the_circular(city: City) -> None:
    worked = opened(city)
    _do(city, _enter(worked, OFFICE, figure("planned", "yc", "4")))
    essay = "长" * (LONGEST_REASON + 1)
    _refused(city, ReasonTooLong, _enter(worked, OFFICE, figure("planned", "yc", "5"), seen=9, reason=essay))
    _refused(city, ReasonTooLong, _enter(worked, OFFICE, meeting("yc", reference=essay)))


def test_what_was_taken_back_counts_no_more_and_may_be_handed_in_anew(city: City) -> None:
    worked = opened(city)
    _do(city, _enter(worked, OFFICE, meeting("yc")))
    with city.database.reading() as session:
        (row,) = standing_inputs(session, worked.month_id)
    back = partial(take_back, input_id=row.id or 0, read=read_scheme, calendar=BY.calendar, at=OPENED)
    _refused(city, NotYourFigure, partial(back, reason="误报", actor=city.liaison("swj")))
    _refused(city, CorrectionReason, partial(back, reason="", actor=OFFICE))
    _do(city, partial(back, reason="误报", actor=OFFICE))
    _refused(city, NothingToTakeBack, partial(back, reason="误报", actor=OFFICE))
    with city.database.reading() as session:
        assert standing_inputs(session, worked.month_id) == []
    assert _do(city, _enter(worked, OFFICE, meeting("yc"), seen=99, reason="确有会议")) == Entered(0, 1, 0)


def test_no_ranking_is_drafted_while_a_question_is_open_or_a_figure_lacks(city: City) -> None:
    worked = opened(city)
    filled(worked)
    draft = partial(draft_ranking, month_id=worked.month_id, read=read_scheme, actor=OFFICE, at=CHECKING)
    assert _refused(city, MonthIncomplete, draft).facts == {"asked": 2, "lacking": 0}
    decided(city)
    _do(city, draft)
    _do(city, partial(collect_again, month_id=worked.month_id, actor=OFFICE, at=CHECKING))
    with city.database.reading() as session:
        first = min(row.id or 0 for row in standing_inputs(session, worked.month_id))
    back = partial(take_back, input_id=first, reason="误报", read=read_scheme, calendar=BY.calendar, at=OPENED)
    _do(city, partial(back, actor=city.liaison("swj")))
    assert _refused(city, MonthIncomplete, draft).facts == {"asked": 0, "lacking": 1}


def test_a_changed_decision_is_a_new_version_and_touches_no_drafted_month(city: City) -> None:
    worked = in_check(city)
    again = opened(city, month="2022-10")

    def change(first_month: str, *, seen: int = 1) -> Callable[[Session], int]:
        told = ruling("over-full", "total", seen=seen, first_month=first_month)
        return partial(decide, ruling=told, read=read_scheme, actor=OFFICE, at=CHECKING)

    _refused(city, DecidedMeanwhile, change("2022-10", seen=0))
    _refused(city, MonthDecidedAlready, change("2022-09"))
    _refused(city, BadInput, change(""))
    before = _totals(worked)
    assert _do(city, change("2022-10")) == 2
    assert _totals(worked) == before
    with city.database.reading() as session:
        rules = rules_of(session, session.get_one(ScoreMonthRow, again.month_id), read_scheme)
    assert {one.question: (one.option, one.version) for one in rules.decisions} == {
        "over-full": ("total", 2),
        "ties": ("skip", 1),
    }


def test_a_decision_has_decider_day_and_reason(city: City) -> None:
    opened(city)
    for wrong in (
        replace(ruling("ties", "skip"), decider=""),
        replace(ruling("ties", "skip"), reason=" "),
        ruling("ties", "no such option"),
        ruling("no such question", "skip"),
    ):
        _refused(city, InvalidDecision, partial(decide, ruling=wrong, read=read_scheme, actor=OFFICE, at=OPENED))
    told = partial(decide, ruling=ruling("ties", "skip"), read=read_scheme, at=OPENED)
    _refused(city, NotYourTask, partial(told, actor=city.head("swj")))


def test_the_head_of_a_county_objects_within_the_window_to_its_own_marks(city: City) -> None:
    worked = in_check(city)
    _refused(city, NotYourTask, _object(worked, city.liaison("yc")))
    _refused(city, NotFound, _object(worked, city.head("sp")))
    _refused(city, NotFound, _object(worked, city.head("yc"), item="9-9"))
    _refused(city, ReasonRequired, partial(_object(worked, city.head("yc")), words=" "))
    late = partial(_object(worked, city.head("yc")), at=AFTER)
    _refused(city, CheckOver, late)
    objection = _do(city, _object(worked, city.head("yc")))
    _refused(city, ObjectedAlready, _object(worked, city.head("yc")))
    freeze = partial(freeze_month, month_id=worked.month_id, read=read_scheme, lists=LISTS, actor=OFFICE)
    _refused(city, CheckRunning, partial(freeze, at=CHECKING))
    assert _refused(city, ObjectionsOpen, partial(freeze, at=AFTER)).facts == {"count": 1}
    answer = partial(answer_objection, objection_id=objection, upheld=True, answer="属实", read=read_scheme, at=AFTER)
    _refused(city, NotYourTask, partial(answer, actor=city.head("yc")))
    _do(city, partial(answer, actor=OFFICE))
    _refused(city, ObjectionAnswered, partial(answer, actor=OFFICE))
    assert _refused(city, ObjectionsOwed, partial(freeze, at=AFTER)).facts == {"count": 1}


def test_a_frozen_month_takes_nothing_and_is_computed_again_to_the_byte(city: City) -> None:
    worked = frozen(city)
    _refused(
        city, InputsClosed, _enter(worked, city.liaison("swj"), figure("projects", "yc", "9"), seen=99, reason="x")
    )
    _refused(city, MonthNotReady, _object(worked, city.head("yc")))
    for act in (draft_ranking, partial(freeze_month, lists=LISTS)):
        _refused(city, MonthNotReady, partial(act, month_id=worked.month_id, read=read_scheme, actor=OFFICE, at=AFTER))
    told = ruling("issuer", "group")  # the first decision on a question would hold for every month
    _do(city, partial(decide, ruling=told, read=read_scheme, actor=OFFICE, at=AFTER))
    _do(city, partial(keep_small_scheme, content=SMALL_SCHEME + "\n# 第二版\n"))
    with city.database.reading() as session:
        (id_,) = frozen_month_ids(session)
        row = session.get_one(ScoreMonthRow, id_)
        material = material_of(session, row)
    computed = evaluate(material, read_scheme(material.content))
    assert first_difference(row.result or "", computed.text) is None
    assert row.rule_version == computed.result.rule_version
    assert _totals(worked) == {"yc": Decimal(8), "sp": Decimal(6)}


def test_a_month_is_begun_once_and_not_before_its_time(city: City) -> None:
    worked = opened(city)
    begin = partial(open_month, scheme="small", inputs_by=OPENED.date(), read=read_scheme, actor=OFFICE, at=OPENED)
    _refused(city, MonthOpenAlready, partial(begin, month="2022-09"))
    _refused(city, MonthAhead, partial(begin, month="2022-11"))
    _refused(city, NotYourTask, partial(begin, month="2022-10", actor=city.head("swj")))
    _refused(city, BadInput, partial(begin, month="二〇二二年九月"))
    assert worked.month_id == 1


def test_of_several_who_do_the_same_at_once_one_does(city: City) -> None:
    worked = in_check(city)

    def attempt(act: Callable[[Session], object]) -> bool:
        try:
            _do(city, act)
        except TrackerError:
            return False
        return True

    acts: list[Callable[[Session], object]] = [
        _object(worked, city.head("yc")),
        partial(
            decide,
            ruling=ruling("over-full", "total", seen=1, first_month="2022-10"),
            read=read_scheme,
            actor=OFFICE,
            at=CHECKING,
        ),
        _enter(worked, city.liaison("swj"), figure("projects", "yc", "4"), seen=2, reason="漏计"),
    ]
    for act in acts[:2]:
        assert sorted(together(*[partial(attempt, act)] * 3)) == [False, False, True]
    together(*[partial(attempt, acts[2])] * 3)  # the same value again changes nothing
    with city.database.reading() as session:
        count = select(func.count()).select_from(ScoreInputRow).where(col(ScoreInputRow.replaces_id).is_not(None))
        assert session.scalar(count) == 1
        assert session.scalar(select(func.count()).select_from(ScoreObjectionRow)) == 1


def test_inputs_of_one_moment_and_a_freeze_leave_a_month_that_replays(city: City) -> None:
    worked = in_check(city)

    def late() -> None:
        with pytest.raises(InputsClosed):
            for value in range(4, 200):
                with city.database.transaction() as session:
                    last = max(row.id or 0 for row in standing_inputs(session, worked.month_id))
                    actor = city.liaison("swj")
                    worked.enter(session, actor, figure("projects", "yc", str(value)), seen=last, reason="更正")

    def freeze() -> None:
        with city.database.transaction() as session:
            freeze_month(session, worked.month_id, read=read_scheme, lists=LISTS, actor=OFFICE, at=AFTER)

    together(late, freeze)
    with city.database.reading() as session:
        row = session.get_one(ScoreMonthRow, worked.month_id)
        material = material_of(session, row)
    assert evaluate(material, read_scheme(material.content)).text == row.result


def test_the_audit_names_whatever_was_changed_past_the_program(city: City) -> None:
    worked = in_check(city)
    objection = _do(city, _object(worked, city.head("yc")))
    answer = partial(
        answer_objection,
        objection_id=objection,
        upheld=False,
        answer="数据无误",
        read=read_scheme,
        actor=OFFICE,
        at=AFTER,
    )
    _do(city, answer)
    _do(city, partial(freeze_month, month_id=worked.month_id, read=read_scheme, lists=LISTS, actor=OFFICE, at=AFTER))

    def found() -> set[str]:
        with city.database.reading() as session:
            return {one.table for one in disagreements(session, fold(session, cut(session, as_of=AFTER)))}

    assert found() == set()
    with city.database.transaction() as session:
        session.execute(update(ScoreInputRow).where(col(ScoreInputRow.id) == 1).values(value="30"))
        session.execute(update(ScoreObjectionRow).values(answer="另一个答复"))
        session.execute(update(ScoreMonthRow).values(result="{}"))
    assert found() == {"score_input", "score_objection", "score_month"}


def test_the_window_counts_working_days_and_its_last_day_is_in_it(city: City) -> None:
    worked = opened(city)
    decided(city)
    filled(worked)
    check = partial(
        open_check, month_id=worked.month_id, read=read_scheme, calendar=BY.calendar, workdays=3, actor=OFFICE
    )
    _refused(city, MonthNotReady, partial(check, at=CHECKING))
    _do(city, partial(draft_ranking, month_id=worked.month_id, read=read_scheme, actor=OFFICE, at=CHECKING))
    assert str(_do(city, partial(check, at=CHECKING))) == "2022-10-17"
    freeze = partial(freeze_month, month_id=worked.month_id, read=read_scheme, lists=LISTS, actor=OFFICE)
    last_minute = datetime(2022, 10, 17, 15, 59, tzinfo=UTC)  # of the 17th in Shanghai
    assert _refused(city, CheckRunning, partial(freeze, at=last_minute)).facts == {"until": date(2022, 10, 17)}
    _do(city, partial(freeze, at=last_minute + timedelta(minutes=1)))
