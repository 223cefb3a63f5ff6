"""`flask score template` and `flask score import`: the inputs of a month as a workbook, out and in."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import click

from tracker.cli.options import one_line_on_failure
from tracker.cli.score_months import MONTH, SCHEME, scheme_named
from tracker.data_directory import naming
from tracker.domain.accounts import SYSTEM
from tracker.domain.calendar import local_day
from tracker.domain.downloads import XLSX
from tracker.domain.scoring.asked import filled_in, hands_in
from tracker.domain.scoring.entries import Evidence, Sourced
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.months import read_month
from tracker.domain.scoring.rules import Rules
from tracker.gateways.filled_score_books import told_in
from tracker.gateways.schemes import read_scheme
from tracker.gateways.score_books import book_of
from tracker.gateways.score_sheets import ScoreBook, read_score_book
from tracker.services import Services
from tracker.store.queries.scoring import entry_of, last_inputs, said_none
from tracker.store.queries.scoring_rules import month_named, rules_of
from tracker.store.queries.units import names_by_code
from tracker.store.tables.scoring import ScoreSchemeRow
from tracker.usecases.scoring_inputs import Entered, enter_inputs, say_none
from tracker.usecases.scoring_months import open_month
from tracker.wording.score_suppliers import owners_words
from tracker.wording.scoring_months import month_words


def template_command(services: Services) -> click.Command:
    @click.command("template")
    @MONTH
    @click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
    @SCHEME
    @one_line_on_failure
    def run(month: str, out: Path, scheme: str | None) -> None:
        """Write a workbook of all inputs of a month, with those that are there; the month need not have begun."""
        wanted = str(read_month(month))
        with services.database.reading() as session:
            found = scheme_named(session, scheme)
            row = month_named(session, scheme=found.code, month=wanted)
            rules = rules_of(session, row, read_scheme) if row else Rules(read_scheme(found.content))
            whose, names = hands_in(rules), names_by_code(session)
            rows = last_inputs(session, row.id or 0) if row else []
            book = book_of(
                rules.scheme,
                month=wanted,
                seen=max((one.id or 0 for one in rows), default=0),
                entries=[entry_of(one) for one in rows if not one.void],
                none_said=said_none(rows),
                asked=filled_in(rules, read_month(wanted), whose.keys()),
                owners={what: owners_words(owners, names) for what, owners in whose.items()},
                unused=rules.unused if row else frozenset(),  # what was decided holds for a month that began
            )
        with naming(out):
            out.write_bytes(book)
        click.echo(f"{out}: {month_words(wanted)}考评数据表")

    return run


def import_command(services: Services) -> click.Command:
    @click.command("import")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--reason", default="", help="why, where inputs that are there are corrected")
    @one_line_on_failure
    def run(file: Path, reason: str) -> None:
        """Take a workbook of `flask score template` over, all or nothing; faults are told by their cells.

        A month that was not begun begins, with inputs due on the same day.
        """
        book = read_score_book(file, name=file.name)
        month = read_month(book.marks.get("month", ""))
        with naming(file), file.open("rb") as stream:
            kept = services.evidence.store(stream)
        evidence = Evidence(file.name, kept.sha256, file.name, XLSX)
        entered, none = _kept(services, book, month, evidence, reason=reason)
        more = f"，说明本月没有的{none}类" if none else ""
        click.echo(f"{month}：新报{entered.new}个，更正{entered.corrected}个，相同{entered.same}个{more}")

    return run


def _kept(services: Services, book: ScoreBook, month: Month, evidence: Evidence, *, reason: str) -> tuple[Entered, int]:
    """Keep what a workbook says in one transaction, and begin its month where it has not begun.

    Return with what was kept of how many kinds it newly says that nothing happened.
    """
    now, code = services.clock.now(), book.marks.get("scheme", "")
    with services.database.transaction() as session:
        found = scheme_named(session, code)
        row = month_named(session, scheme=found.code, month=str(month))
        rules = session.get_one(ScoreSchemeRow, row.scheme_id) if row else found
        held = rules_of(session, row, read_scheme) if row else None
        told = told_in(book, read_scheme(rules.content), month, rules=held)
        month_id = row.id if row is not None else None
        if month_id is None:
            begin = partial(open_month, session, scheme=found.code, month=str(month), read=read_scheme)
            due = max(local_day(now), month.last_day + timedelta(days=1))
            month_id = begin(inputs_by=due, actor=SYSTEM, at=now)
        entered = enter_inputs(
            session,
            month_id,
            [Sourced(one.entry, replace(evidence, words=one.source)) for one in told.entries],
            seen=book.seen,
            reason=reason,
            read=read_scheme,
            calendar=services.calendar,
            actor=SYSTEM,
            at=now,
        )
        return entered, say_none(session, month_id, told.silent, read=read_scheme, actor=SYSTEM, at=now)
