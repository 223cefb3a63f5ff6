"""That nobody reported anything is not that nothing happened: what a ranking needs, what the office may decide."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlmodel import Session

from tests.support.office import CALENDAR, OFFICE, City, open_city
from tests.support.projects import LISTS
from tests.support.small_evaluation import AFTER, CHECKING, Worked, decided, figure, meeting, opened
from tracker.domain.accounts import NotYourTask
from tracker.domain.filings import ReasonRequired
from tracker.domain.scoring.asked import hands_in
from tracker.domain.scoring.entries import Entry, InputKind
from tracker.domain.scoring.months import InputsClosed
from tracker.domain.scoring.written import Evaluated, evaluate
from tracker.gateways.schemes import read_scheme
from tracker.steps.complete_months import KindsSilent
from tracker.store.database import Database
from tracker.store.queries.scoring import entry_of, last_inputs, material_of, presumed_none, said_none, standing_inputs
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.usecases.presuming_none import NothingSilent, presume_none
from tracker.usecases.scoring_inputs import say_none, take_back
from tracker.usecases.scoring_months import draft_ranking, freeze_month
from tracker.wording.refusals import sentence
from tracker.wording.score_rows import marked_rows, presumed_words
from tracker.wording.score_sources import Sources

_CRITICISM, _SITE = (InputKind.OCCURRENCE, "criticism"), (InputKind.CHECK, "site")
_REASON = "电话核实，两县区均无"
_Done = TypeVar("_Done")


@pytest.fixture
def worked(database: Database) -> Worked:
    """A month with all its figures and a meeting, of which nobody said anything else."""
    worked = opened(open_city(database))
    city = worked.city
    decided(city)

    def enter(session: Session) -> None:
        worked.enter(session, city.liaison("swj"), figure("projects", "yc", "3"), figure("projects", "sp", "2"))
        worked.enter(session, city.liaison("tjj"), figure("started", "yc", "3"), figure("started", "sp", "2"))
        worked.enter(session, OFFICE, figure("planned", "yc", "4"), figure("planned", "sp", "2"), meeting("yc"))

    _do(city, enter)
    return worked


def _do(city: City, act: Callable[[Session], _Done]) -> _Done:
    with city.database.transaction() as session:
        return act(session)


def _draft(worked: Worked) -> None:
    _do(
        worked.city,
        lambda session: draft_ranking(session, worked.month_id, read=read_scheme, actor=OFFICE, at=CHECKING),
    )


def _say(worked: Worked, login: str, *kinds: tuple[InputKind, str]) -> int:
    actor = OFFICE if login == "office" else worked.city.liaison(login)
    return _do(
        worked.city,
        lambda session: say_none(session, worked.month_id, kinds, read=read_scheme, actor=actor, at=CHECKING),
    )


def _presume(worked: Worked, reason: str = _REASON) -> object:
    return _do(
        worked.city,
        lambda session: presume_none(
            session, worked.month_id, reason=reason, read=read_scheme, actor=OFFICE, at=CHECKING
        ),
    )


def _computed(worked: Worked) -> Evaluated:
    with worked.city.database.reading() as session:
        material = material_of(session, session.get_one(ScoreMonthRow, worked.month_id))
        return evaluate(material, read_scheme(material.content))


def test_a_ranking_needs_word_of_each_kind(worked: Worked) -> None:
    with pytest.raises(KindsSilent) as refused:
        _draft(worked)
    assert "有2类事项没有报，也没有说明“本月没有”：批评、现场核查。" in sentence(refused.value)
    _say(worked, "swj", _CRITICISM)
    with pytest.raises(KindsSilent):
        _draft(worked)
    _say(worked, "office", _SITE)
    _draft(worked)


def test_what_was_taken_back_is_silence_again_when_the_month_is_frozen(worked: Worked) -> None:
    city = worked.city
    _say(worked, "office", _SITE)
    told = Entry(kind=InputKind.OCCURRENCE, code="criticism", object="yc", reference="通报")
    _do(city, lambda session: worked.enter(session, city.liaison("swj"), told))
    _draft(worked)

    def back(session: Session) -> None:
        row = next(one for one in standing_inputs(session, worked.month_id) if entry_of(one).what == _CRITICISM)
        given = {"reason": "误报", "read": read_scheme, "calendar": CALENDAR, "actor": city.liaison("swj")}
        take_back(session, row.id or 0, at=CHECKING, **given)  # type: ignore[arg-type] # by name
        month = session.get_one(ScoreMonthRow, worked.month_id)
        month.state = "check"

    _do(city, back)
    with pytest.raises(KindsSilent):
        _do(
            city,
            lambda session: freeze_month(
                session, worked.month_id, read=read_scheme, lists=LISTS, actor=OFFICE, at=AFTER
            ),
        )


def test_the_office_lets_silence_count_with_a_reason_that_is_kept_and_printed(worked: Worked) -> None:
    with pytest.raises(ReasonRequired):
        _presume(worked, " ")
    assert "presumed" not in _computed(worked).text
    assert _presume(worked) == (_CRITICISM, _SITE)
    with pytest.raises(NothingSilent):
        _presume(worked)
    _draft(worked)
    found = _computed(worked)
    scheme, units, whose = found.rules.scheme, {"swj": "市商务局", "wjw": "市卫健委"}, hands_in(found.rules)
    assert _REASON in found.text
    assert set(presumed_words(scheme, found.presumed, whose=whose, units=units)) == {
        f"市商务局未报批评，按没有计（理由：{_REASON}）",
        f"市卫健委未报现场核查，按没有计（理由：{_REASON}）",
    }
    sources = Sources(scheme=scheme, units=units, whose=whose, decisions=(), deliveries=(), presumed=found.presumed)
    sourced = {name: told for name, _, told in sources.rows(found.result)}
    assert f"市卫健委未报现场核查，按没有计（理由：{_REASON}）" in sourced["附件三现场核查"]
    said = {cells[1] for _, cells in marked_rows(scheme, found.result, presumed=found.presumed)}
    assert "没有报加分、扣分的事项，按没有计" in said
    assert "没有发生加分、扣分的事项" not in said
    said = {cells[1] for _, cells in marked_rows(scheme, found.result)}
    assert "没有发生加分、扣分的事项" in said


def test_whoever_was_silent_may_still_report_or_say_so(worked: Worked) -> None:
    city = worked.city
    _presume(worked)
    assert _say(worked, "office", _SITE) == 1
    told = Entry(kind=InputKind.OCCURRENCE, code="criticism", object="yc", reference="通报")
    _do(city, lambda session: worked.enter(session, city.liaison("swj"), told))
    with city.database.reading() as session:
        rows = last_inputs(session, worked.month_id)
    assert presumed_none(rows) == ()
    assert said_none(rows) == {_SITE}
    assert _computed(worked).presumed == ()


def test_only_the_office_decides_so_and_only_before_the_month_is_frozen(worked: Worked) -> None:
    city = worked.city
    with city.database.transaction() as session, pytest.raises(NotYourTask):
        presume_none(session, worked.month_id, reason=_REASON, read=read_scheme, actor=city.liaison("swj"), at=CHECKING)
    with city.database.transaction() as session:
        month = session.get_one(ScoreMonthRow, worked.month_id)
        month.state, month.result = "frozen", "x"
        session.flush()
        with pytest.raises(InputsClosed):
            presume_none(session, worked.month_id, reason=_REASON, read=read_scheme, actor=OFFICE, at=AFTER)
        session.rollback()
