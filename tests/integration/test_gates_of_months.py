"""What keeps a month of evaluation from being begun, drafted or decided on: its days, the document's day, numbers."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from seeds.scenarios.scenario import load_scenario
from tests.support.office import BY, OFFICE, City, open_city
from tests.support.small_evaluation import OPENED, Worked, decided, filled, keep_small_scheme, opened, ruling
from tracker.domain.scoring.asked import is_early
from tracker.domain.scoring.entries import Entry, InputKind, NotCountedThere, NotYourFigure, check_entry
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.months import MonthBeforeScheme, MonthRunning, read_month, written_month
from tracker.domain.scoring.questions import Decision
from tracker.domain.scoring.rules import DecidedBeforeDocument, NumberNotWhole, NumberOutside, check_bounds
from tracker.domain.scoring.scheme import Figure, Window
from tracker.gateways.schemes import read_scheme
from tracker.gateways.score_books import item_labels
from tracker.store.database import Database
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.usecases.scoring_inputs import say_none
from tracker.usecases.scoring_months import InputsDueEarly, draft_ranking, open_check, open_month
from tracker.usecases.scoring_rules import DecidedMeanwhile, decide
from tracker.wording.refusals import ERROR_SENTENCES, sentence

_ROOT = Path(__file__).parents[2]
_53 = (_ROOT / "seeds" / "documents" / "53" / "scheme.toml").read_text(encoding="utf-8")
# The last minute of October in Shanghai, and the first of November.
_LAST, _FIRST = datetime(2022, 10, 31, 15, 59, tzinfo=UTC), datetime(2022, 10, 31, 16, 0, tzinfo=UTC)
_CHECK = partial(open_check, read=read_scheme, calendar=BY.calendar, workdays=3, actor=OFFICE)


@pytest.fixture
def city(database: Database) -> City:
    return open_city(database)


def _october(city: City) -> Worked:
    worked = opened(city, month="2022-10")
    decided(city)
    filled(worked)
    return worked


def test_no_ranking_is_drafted_of_a_month_that_is_not_over(city: City) -> None:
    worked = _october(city)
    with city.database.transaction() as session, pytest.raises(MonthRunning) as refused:
        draft_ranking(session, worked.month_id, read=read_scheme, actor=OFFICE, at=_LAST)
    assert sentence(refused.value).startswith("2022年10月还没有结束")
    with city.database.transaction() as session:
        draft_ranking(session, worked.month_id, read=read_scheme, actor=OFFICE, at=_FIRST)


@pytest.mark.parametrize(
    ("window", "day", "early"),
    [
        (Window.TO_MONTH_END, date(2022, 10, 31), True),
        (Window.MONTH, date(2022, 10, 31), True),
        (Window.YEAR_TO_MONTH, date(2022, 10, 28), True),
        (Window.YEAR, date(2022, 10, 28), False),
        (Window.TO_MONTH_END, date(2022, 11, 1), False),
    ],
)
def test_what_is_handed_in_before_its_window_is_over_is_pointed_at(window: Window, day: date, early: bool) -> None:
    assert is_early(Figure("a", "项目个数", "个", window), Month(2022, 10), on=day) is early


def test_a_draft_is_not_sent_for_check_before_its_month_is_over(city: City) -> None:
    worked = _october(city)
    with city.database.transaction() as session:
        draft_ranking(session, worked.month_id, read=read_scheme, actor=OFFICE, at=_FIRST)
    with city.database.transaction() as session, pytest.raises(MonthRunning):
        _CHECK(session, worked.month_id, at=_LAST)


@pytest.mark.parametrize(("day", "early"), [(date(2022, 10, 31), True), (date(2022, 11, 1), False)])
def test_the_figures_of_a_month_are_not_asked_for_before_it_is_over(city: City, day: date, early: bool) -> None:
    begin = partial(open_month, scheme="small", month="2022年10月", inputs_by=day, read=read_scheme, actor=OFFICE)
    opened(city)
    with city.database.transaction() as session:
        if early:
            with pytest.raises(InputsDueEarly) as refused:
                begin(session, at=OPENED)
            assert sentence(refused.value) == (
                "2022年10月的数据截至当月末，报送期限应在2022年10月31日（周一）以后，填写的是2022年10月31日（周一）。"
            )
            return
        assert session.get_one(ScoreMonthRow, begin(session, at=OPENED)).month == "2022-10"


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("2022-09", "2022-09"),
        (" 2022年9月 ", "2022-09"),
        ("2022年09月", "2022-09"),
        ("2022年11月", "2022-11"),
        ("2022-9", None),
        ("2022-13", None),
        ("2022年0月", None),
        ("1999年9月", None),
        ("２０２２-09", None),
        ("9月", None),
    ],
)
def test_a_month_is_read_as_people_write_it(written: str, month: str | None) -> None:
    found = written_month(written)
    assert (str(found) if found is not None else None) == month


@pytest.mark.parametrize("month", load_scenario(_ROOT / "seeds" / "scenarios" / "autumn-2022.toml").evaluated)
def test_the_demonstration_hands_in_no_month_that_is_not_over(month: object) -> None:
    assert month.inputs_on > read_month(month.month).last_day  # type: ignore[attr-defined] # an EvaluatedMonth


@pytest.mark.parametrize(("month", "refused"), [("2019-03", True), ("2022-07", True), ("2022-08", False)])
def test_no_month_before_the_document_is_evaluated(city: City, month: str, refused: bool) -> None:
    at = datetime(2022, 10, 8, 1, 0, tzinfo=UTC)
    begin = partial(open_month, scheme="53", inputs_by=date(2022, 10, 20), read=read_scheme, actor=OFFICE, at=at)
    with city.database.transaction() as session:
        keep_small_scheme(session, content=_53)
        if not refused:
            assert begin(session, month=month)
            return
        with pytest.raises(MonthBeforeScheme):
            begin(session, month=month)


def test_nothing_is_decided_on_a_document_before_its_day(city: City) -> None:
    opened(city)
    early = ruling("ties", "skip")
    with city.database.transaction() as session:
        for day, refused in ((date(2022, 1, 4), True), (date(2022, 1, 5), False)):
            told = type(early)(**{name: getattr(early, name) for name in early.__slots__} | {"decided_on": day})
            if refused:
                with pytest.raises(DecidedBeforeDocument):
                    decide(session, told, read=read_scheme, actor=OFFICE, at=_FIRST)
            else:
                decide(session, told, read=read_scheme, actor=OFFICE, at=_FIRST)


@pytest.mark.parametrize(
    ("question", "option", "number", "error"),
    [
        ("circular-due", "day", "0", NumberOutside),
        ("circular-due", "day", "29", NumberOutside),
        ("circular-due", "day", "2.5", NumberNotWhole),
        ("circular-due", "day", "28", None),
        ("falsity-size", "fixed", "0", NumberOutside),
        ("falsity-size", "fixed", "2.5", None),
        ("falsity-size", "fixed", "100", None),
    ],
)
def test_a_decided_number_lies_where_its_option_has_it(
    question: str, option: str, number: str, error: type[NumberOutside] | None
) -> None:
    decision = Decision(question, option, "张主任", date(2022, 9, 1), "会议研究", number=Decimal(number))
    if error is None:
        check_bounds(read_scheme(_53), decision)
        return
    with pytest.raises(error) as refused:
        check_bounds(read_scheme(_53), decision)
    assert type(refused.value) is error
    assert f"填写的是{number}" in sentence(refused.value)


def test_every_number_that_is_asked_for_can_be_given() -> None:
    asked = [option for one in read_scheme(_53).questions for option in one.options if option.asks_number]
    assert asked
    assert all(one.least <= one.most for one in asked)


def test_no_label_is_said_twice() -> None:
    labels = item_labels(read_scheme(_53))
    assert labels["4-1"] == "四（三）"
    assert labels["2-4"] == "附件2一（四）"
    assert not [one for one in labels.values() if re.fullmatch(r"(.+)\1", one)]
    assert len({*labels.values()}) == len(labels)


def test_who_may_not_hand_in_a_kind_reads_its_name(city: City) -> None:
    worked = opened(city)
    kind = (InputKind.OCCURRENCE, "criticism")
    with city.database.transaction() as session, pytest.raises(NotYourFigure) as refused:
        say_none(session, worked.month_id, [kind], read=read_scheme, actor=city.liaison("tjj"), at=_FIRST)
    assert sentence(refused.value).startswith("“批评”由")
    told = Entry(kind=kind[0], code=kind[1], object="yc", reference="通报", items=("1-2",))
    with city.database.transaction() as session, pytest.raises(NotYourFigure) as refused:
        worked.enter(session, city.liaison("tjj"), told)
    assert sentence(refused.value).startswith("“批评”由")


def test_whoever_decides_after_others_reads_on_what_they_did(city: City) -> None:
    opened(city)
    decided(city)
    with city.database.transaction() as session, pytest.raises(DecidedMeanwhile) as refused:
        decide(session, ruling("ties", "skip"), read=read_scheme, actor=OFFICE, at=_FIRST)
    assert sentence(refused.value).startswith("他人已经就“名次并列”作出决定")


def test_what_does_not_count_for_an_item_is_told_by_names() -> None:
    told = Entry(kind=InputKind.OCCURRENCE, code="falsity", object="yicheng", reference="通报", items=("2-4",))
    with pytest.raises(NotCountedThere) as refused:
        check_entry(read_scheme(_53), Month(2022, 9), told, name="弄虚作假")
    assert sentence(refused.value) == "“弄虚作假”不计入附件2一（四），请核对计入哪项指标。"


def test_no_refusal_of_months_speaks_of_a_page_to_whoever_types_a_command() -> None:
    said = [words for code, words in ERROR_SENTENCES.items() if code.startswith("score_")]
    assert not [words for words in said if "本页" in words]
