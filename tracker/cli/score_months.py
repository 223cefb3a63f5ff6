"""Which scheme and month a command of `flask score` is about."""

import click
from sqlmodel import Session

from tracker.domain.errors import Rejected
from tracker.domain.scoring.months import read_month
from tracker.domain.scoring.written import Evaluated, evaluate
from tracker.gateways.schemes import read_scheme
from tracker.store.queries.scoring import material_of
from tracker.store.queries.scoring_rules import month_named, newest_scheme, newest_schemes
from tracker.store.tables.scoring import ScoreMonthRow, ScoreSchemeRow

SCHEME = click.option("--scheme", help="code of the scheme; else the only one")
MONTH = click.option("--month", required=True, help="e.g. 2022-09")


class NoScheme(Rejected):
    """No scheme is loaded."""

    code = "score_no_scheme"


class NoMonth(Rejected):
    """A month was not begun; facts: score_month."""

    code = "score_no_month"


def scheme_named(session: Session, code: str | None) -> ScoreSchemeRow:
    known = newest_schemes(session)
    found = newest_scheme(session, code) if code else known[0] if len(known) == 1 else None
    if found is None:
        if known:
            raise click.UsageError(f"请用--scheme指明考评办法：{'、'.join(one.code for one in known)}。")
        raise NoScheme()
    return found


def month_row(session: Session, month: str, code: str | None) -> ScoreMonthRow:
    wanted = str(read_month(month))
    row = month_named(session, scheme=scheme_named(session, code).code, month=wanted)
    if row is None:
        raise NoMonth(score_month=wanted)
    return row


def evaluated_month(session: Session, row: ScoreMonthRow) -> Evaluated:
    material = material_of(session, row)
    return evaluate(material, read_scheme(material.content))
