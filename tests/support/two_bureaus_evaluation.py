"""An evaluation in the city of the two bureaus: 市商务局 supplies and is evaluated, 市交通运输局 has no part."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO

from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.office import CALENDAR
from tests.support.small_evaluation import SOURCE, ruling
from tests.support.small_scheme import SMALL_SCHEME
from tests.support.two_bureaus import INSIDE, NOW, OURS
from tests.support.two_bureaus_units import Life
from tracker.domain.accounts import SYSTEM
from tracker.domain.calendar import local_day
from tracker.domain.scoring.entries import Entry, Evidence, InputKind, Sourced
from tracker.gateways.schemes import read_scheme
from tracker.store.tables.scoring import ScoreInputRow
from tracker.usecases.objecting_to_marks import object_to_marks
from tracker.usecases.presuming_none import presume_none
from tracker.usecases.scoring_inputs import enter_inputs
from tracker.usecases.scoring_months import draft_ranking, open_check, open_month
from tracker.usecases.scoring_rules import decide, keep_scheme

_SCHEME = SMALL_SCHEME.replace('code = "small"', 'code = "own"').replace('unit = "yc"', 'unit = "swj"')
_SCHEME = _SCHEME.replace('unit = "sp"', 'unit = "yc"').replace('name = "驿城区"', f'name = "{OURS.name}"')
_SCHEME = _SCHEME.replace('name = "遂平县"', 'name = "驿城区"')
# 市商务局 counts its figure from the list of projects that it keeps.
_SCHEME = _SCHEME.replace(
    'supplier = "swj"', 'supplier = "swj"\ncohort = "foreign"\nmeasure = "projects"\nwhole = true'
)
_SCHEME = _SCHEME.replace(
    "[[metrics]]", '[[cohorts]]\ncode = "foreign"\nproject_list = "重点外资项目"\n\n[[metrics]]', 1
)


def evaluation(life: Life) -> None:
    """One month is in check, with an objection that waits; one lacks what is to be handed in, one was drafted."""
    kept = life.site.services.evidence.store(BytesIO("项目清单".encode()))
    file = Evidence(f"{OURS.word}台账", kept.sha256, "项目清单.txt", "text/plain")
    with life.city.database.transaction() as session:
        month_id, drafted = three_months(session, at=NOW, source=file)
    with life.city.database.transaction() as session:
        life.ids["swj.score objection"] = object_to_marks(
            session,
            month_id,
            object_code="swj",
            item="1-1",
            words=f"{OURS.word}{INSIDE}：少计一个项目",
            read=read_scheme,
            actor=life.city.actor("swj-head"),
            at=NOW,
        )
        first = select(col(ScoreInputRow.id)).where(col(ScoreInputRow.month_id) == month_id)
        for whose, code in (("swj", "projects"), ("office", "planned")):
            wanted = first.where(col(ScoreInputRow.code) == code).order_by(col(ScoreInputRow.id)).limit(1)
            life.ids[f"{whose}.score input"] = session.scalars(wanted).one() or 0
    life.ids |= {"swj.score month": month_id, "drafted score month": drafted}


def three_months(session: Session, *, at: datetime, source: Evidence = SOURCE) -> tuple[int, int]:
    """Begin three months; return the one in check and the one that was drafted."""
    keep_scheme(session, _SCHEME, read=read_scheme, at=at)
    for question, option in (("ties", "skip"), ("over-full", "allowed")):
        told = replace(ruling(question, option), scheme="own", decided_on=local_day(at))
        decide(session, told, read=read_scheme, actor=SYSTEM, at=at)
    checked, drafted = _begun(session, "2022-08", at), _begun(session, "2022-06", at)
    _begun(session, "2022-07", at)
    for month_id in (checked, drafted):
        _filled(session, month_id, source, at)
        draft_ranking(session, month_id, read=read_scheme, actor=SYSTEM, at=at)
    open_check(session, checked, read=read_scheme, calendar=CALENDAR, workdays=3, actor=SYSTEM, at=at)
    return checked, drafted


def _begun(session: Session, month: str, at: datetime) -> int:
    by = local_day(at) + timedelta(days=9)
    return open_month(session, scheme="own", month=month, inputs_by=by, read=read_scheme, actor=SYSTEM, at=at)


def _filled(session: Session, month_id: int, source: Evidence, at: datetime) -> None:
    entries = [
        Entry(kind=InputKind.FIGURE, code=code, object=unit, value=Decimal(value))
        for code, value in (("projects", 3), ("started", 2), ("planned", 4))
        for unit in ("swj", "yc")
    ]
    entries.append(Entry(kind=InputKind.OCCURRENCE, code="meeting", object="swj", reference="推进会"))
    told = [Sourced(one, source) for one in entries]
    enter_inputs(session, month_id, told, seen=0, reason="", read=read_scheme, calendar=CALENDAR, actor=SYSTEM, at=at)
    presume_none(session, month_id, reason="经电话询问没有发生", read=read_scheme, actor=SYSTEM, at=at)
