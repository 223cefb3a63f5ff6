"""Marks and places of months of evaluation as Excel 「导出」: one month's, and those of all published months."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound
from tracker.domain.quoting import titled
from tracker.domain.scoring.months import KEPT
from tracker.domain.scoring.scheme import Scheme
from tracker.gateways.ledger_files import Cell
from tracker.gateways.schemes import read_scheme
from tracker.store.queries.circulars import standing_ranking
from tracker.store.queries.published_months import published_months, result_of
from tracker.store.queries.scoring_rules import newest_schemes, scheme_in
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.web.access import EVERYBODY, allow, services
from tracker.web.list_exports import send_list
from tracker.web.scoring import VIEWERS
from tracker.web.scoring_results import rank_lines
from tracker.web.scoring_views import month_seen
from tracker.wording.scoring_months import month_words

pages = Blueprint("scoring_exports", __name__)
_RANKED = {"序号": 6, "考评对象": 22, "名次": 8, "总分": 10}
_PUBLISHED = {
    "序号": 6,
    "考评办法": 44,
    "月份": 12,
    "通报": 22,
    "印发日期": 14,
    "更正通报": 10,
    "名次": 8,
    "考评对象": 22,
    "总分": 10,
}


@pages.get("/evaluation/<int:month_id>/ranking.xlsx")
@allow(*VIEWERS)
def ranking(month_id: int) -> ResponseReturnValue:
    """Send the marks of a month that the viewer reads, as they are computed now; its name says what is not kept yet."""
    with services().database.reading() as session:
        seen = month_seen(session, month_id)
        if not seen.shown:
            raise NotFound()
        columns = _RANKED | {one.label: 12 for one in seen.scheme.annexes}
        rows = [
            (one.name, one.rank or "", _number(one.total), *(_number(annex.marks) for annex in one.annexes))
            for one in (line.sheet for line in rank_lines(seen))
        ]
    title = f"{seen.name}考评得分{'和排名' if len(seen.shown) > 1 else ''}"
    return send_list(title if seen.state in KEPT else f"{title}（未冻结）", columns, rows)


@pages.get("/published-months.xlsx")
@allow(*EVERYBODY)
def published() -> ResponseReturnValue:
    """Send what was published of each scheme, the newest month first; of what was withdrawn no places."""
    with services().database.reading() as session:
        rows = [
            line
            for one in newest_schemes(session)
            for row in reversed(published_months(session, one.code))
            for line in _published(session, scheme_in(session, row.scheme, row.month, read=read_scheme), row)
        ]
    return send_list("已通报的月度考评", _PUBLISHED, rows)


def _published(session: Session, scheme: Scheme, row: ScoreMonthRow) -> Iterator[Sequence[Cell]]:
    paper = standing_ranking(session, month_id=row.id or 0, before=services().clock.now())
    known = f"{scheme.document}{titled(scheme.title)}", month_words(row.month)
    if paper is None or paper.issued_at is None:
        yield *known, "已撤回", "", "", "", "", ""
        return
    of_paper = paper.number or "", local_day(paper.issued_at), "是" if paper.replaces_id else ""
    result = result_of(session, row, read=read_scheme)
    for code in sorted(result.ranks, key=lambda one: result.ranks[one]):
        yield *known, *of_paper, result.ranks[code], result.names[code], _number(result.totals[code])


def _number(marks: str | Decimal | None) -> Cell:
    """Return marks as a number that can be sorted and added up, or nothing where there are none yet."""
    return "" if marks is None else Decimal(marks)
