"""How the acts of an evaluation are done in the city of the two bureaus: 市商务局 supplies, and is evaluated."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.counted_evaluation import counted_scheme
from tests.support.office import CALENDAR
from tests.support.projects import LISTS
from tests.support.small_evaluation import AFTER, CHECKING, OPENED, SOURCE, ruling
from tests.support.small_scheme import SMALL_SCHEME
from tests.support.two_bureaus import TwoBureaus
from tracker.domain.accounts import SYSTEM, Actor
from tracker.domain.events.scoring import ScoringMonthIssued
from tracker.domain.scoring.entries import Entry, InputKind, Sourced
from tracker.gateways.schemes import read_scheme
from tracker.store import event_log
from tracker.store.tables.scoring import ScoreInputRow, ScoreMonthRow, ScoreObjectionRow
from tracker.usecases import (
    correcting_months,
    objecting_to_marks,
    presuming_none,
    renewing_rules,
    scoring_counts,
    scoring_inputs,
    scoring_months,
    scoring_rules,
)

_SCHEME = SMALL_SCHEME.replace('unit = "yc"', 'unit = "swj"').replace('unit = "sp"', 'unit = "jtj"')
_FIGURES = ("projects", "started", "planned")


def _month(session: Session) -> int:
    return session.scalars(select(col(ScoreMonthRow.id)).where(col(ScoreMonthRow.month) == "2022-09")).one() or 0


def _first(session: Session, table: type[ScoreInputRow] | type[ScoreObjectionRow]) -> int:
    of_month = select(col(table.id)).where(col(table.month_id) == _month(session))
    return session.scalars(of_month.order_by(col(table.id)).limit(1)).one() or 0


def with_scheme(_city: TwoBureaus, session: Session) -> None:
    scoring_rules.keep_scheme(session, _SCHEME, read=read_scheme, actor=SYSTEM, at=OPENED)


def begun(city: TwoBureaus, session: Session) -> None:
    """A month is begun, and 市商务局 has handed in a figure."""
    with_scheme(city, session)
    open_month(city, session, SYSTEM, month="2022-09")
    _enter(session, SYSTEM, "projects", "swj")


def with_newer_rules(city: TwoBureaus, session: Session) -> None:
    """A month is begun whose scheme has newer rules since."""
    begun(city, session)
    scoring_rules.keep_scheme(session, f"{_SCHEME}\n# 新版\n", read=read_scheme, actor=SYSTEM, at=OPENED)


def begun_to_count(city: TwoBureaus, session: Session) -> None:
    """A month is begun of which 市商务局 supplies a figure that is counted from projects."""
    scoring_rules.keep_scheme(session, counted_scheme(_SCHEME), read=read_scheme, actor=SYSTEM, at=OPENED)
    open_month(city, session, SYSTEM, month="2022-09")


def count(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    return scoring_counts.count_from_projects(
        session, _month(session), read=read_scheme, calendar=CALENDAR, lists=LISTS, actor=actor, at=OPENED
    )


def complete(city: TwoBureaus, session: Session) -> None:
    begun(city, session)
    for figure in _FIGURES:
        for unit in ("swj", "jtj"):
            _enter(session, SYSTEM, figure, unit)
    for question, option in (("ties", "skip"), ("over-full", "allowed")):
        scoring_rules.decide(session, ruling(question, option), read=read_scheme, actor=SYSTEM, at=OPENED)
    presume(city, session, SYSTEM)


def drafted(city: TwoBureaus, session: Session) -> None:
    complete(city, session)
    draft(city, session, SYSTEM)


def in_check(city: TwoBureaus, session: Session) -> None:
    drafted(city, session)
    check(city, session, SYSTEM)


def objected(city: TwoBureaus, session: Session) -> None:
    in_check(city, session)
    object_to(city, session, city.actor("swj-head"))


def issued(city: TwoBureaus, session: Session) -> None:
    """A month is out, as its circular would have it."""
    in_check(city, session)
    freeze(city, session, SYSTEM)
    publish(city, session)


def publish(_city: TwoBureaus, session: Session) -> None:
    month = session.get_one(ScoreMonthRow, _month(session))
    month.state = "issued"
    event_log.record(session, ScoringMonthIssued(month_id=month.id or 0, circular_id=1), actor=SYSTEM, at=AFTER)
    session.flush()


def correcting(city: TwoBureaus, session: Session) -> None:
    issued(city, session)
    correct(city, session, SYSTEM)


def corrected(city: TwoBureaus, session: Session) -> None:
    """Another figure was handed in for the correction."""
    correcting(city, session)
    enter_corrected(city, session, SYSTEM)


def correct(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    month_id, reason = _month(session), "异议属实"
    return correcting_months.open_correction(session, month_id, reason=reason, read=read_scheme, actor=actor, at=AFTER)


def drop(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    correcting_months.drop_correction(session, _month(session), read=read_scheme, lists=LISTS, actor=actor, at=AFTER)
    return None


def freeze_again(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    return correcting_months.freeze_correction(
        session, _month(session), read=read_scheme, lists=LISTS, actor=actor, at=AFTER
    )


def enter_corrected(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    entry = Entry(kind=InputKind.FIGURE, code="projects", object="jtj", value=Decimal(9))
    told = [Sourced(entry, SOURCE)]
    month_id = _month(session)
    return scoring_inputs.enter_inputs(
        session,
        month_id,
        told,
        seen=99_999,
        reason="核实后更正",
        read=read_scheme,
        calendar=CALENDAR,
        actor=actor,
        at=AFTER,
    )


def keep(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    return scoring_rules.keep_scheme(session, SMALL_SCHEME + "\n# 新版\n", read=read_scheme, actor=actor, at=OPENED)


def decide(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    return scoring_rules.decide(session, ruling("issuer", "group"), read=read_scheme, actor=actor, at=OPENED)


def open_month(_city: TwoBureaus, session: Session, actor: Actor, *, month: str = "2022-08") -> object:
    return scoring_months.open_month(
        session,
        scheme="small",
        month=month,
        inputs_by=date(2022, 10, 20),
        read=read_scheme,
        actor=actor,
        at=OPENED,
    )


def renew(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    renewing_rules.renew_rules(session, _month(session), read=read_scheme, actor=actor, at=CHECKING)
    return None


def draft(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    scoring_months.draft_ranking(session, _month(session), read=read_scheme, actor=actor, at=CHECKING)
    return None


def collect(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    scoring_months.collect_again(session, _month(session), actor=actor, at=CHECKING)
    return None


def check(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    return scoring_months.open_check(
        session, _month(session), read=read_scheme, calendar=CALENDAR, workdays=3, actor=actor, at=CHECKING
    )


def freeze(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    return scoring_months.freeze_month(session, _month(session), read=read_scheme, lists=LISTS, actor=actor, at=AFTER)


def _enter(session: Session, actor: Actor, figure: str, unit: str) -> object:
    entry = Entry(kind=InputKind.FIGURE, code=figure, object=unit, value=Decimal(3))
    return scoring_inputs.enter_inputs(
        session,
        _month(session),
        [Sourced(entry, SOURCE)],
        seen=0,
        reason="",
        read=read_scheme,
        calendar=CALENDAR,
        actor=actor,
        at=OPENED,
    )


def enter(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    return _enter(session, actor, "projects", "jtj")


def enter_unprinted(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    return _enter(session, actor, "planned", "jtj")


def enter_again(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    """Hand in anew what was taken back."""
    entry = Entry(kind=InputKind.FIGURE, code="projects", object="swj", value=Decimal(4))
    return scoring_inputs.enter_inputs(
        session,
        _month(session),
        [Sourced(entry, SOURCE)],
        seen=99,
        reason="核对后更正",
        read=read_scheme,
        calendar=CALENDAR,
        actor=actor,
        at=CHECKING,
    )


def say_none(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    kinds = [(InputKind.OCCURRENCE, "criticism")]
    return scoring_inputs.say_none(session, _month(session), kinds, read=read_scheme, actor=actor, at=OPENED)


def presume(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    return presuming_none.presume_none(
        session, _month(session), reason="经核实没有发生", read=read_scheme, actor=actor, at=OPENED
    )


def take_back(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    number = _first(session, ScoreInputRow)
    scoring_inputs.take_back(
        session, number, reason="误报", read=read_scheme, calendar=CALENDAR, actor=actor, at=OPENED
    )
    return None


def object_to(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    return objecting_to_marks.object_to_marks(
        session,
        _month(session),
        object_code="swj",
        item="1-1",
        words="少计一个项目",
        read=read_scheme,
        actor=actor,
        at=CHECKING,
    )


def answer(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    number = _first(session, ScoreObjectionRow)
    objecting_to_marks.answer_objection(
        session, number, upheld=True, answer="属实", read=read_scheme, actor=actor, at=CHECKING
    )
    return None


def upheld(city: TwoBureaus, session: Session) -> None:
    objected(city, session)
    answer(city, session, city.actor("office"))


def settle(_city: TwoBureaus, session: Session, actor: Actor) -> object:
    number = _first(session, ScoreObjectionRow)
    objecting_to_marks.settle_objection(
        session, number, reason="项目已在上月计入", read=read_scheme, actor=actor, at=AFTER
    )
    return None
