"""`flask score count`: the inputs of a month that are counted from the records of projects."""

import click
from sqlmodel import Session

from tracker.cli.options import one_line_on_failure
from tracker.cli.score_months import MONTH, SCHEME, month_row
from tracker.domain.accounts import SYSTEM
from tracker.domain.scoring.months import TAKES_INPUTS, MonthState
from tracker.domain.scoring.rules import Rules
from tracker.gateways.schemes import read_scheme
from tracker.services import Services
from tracker.store.queries.counted_months import Held, flags_of_month, held_against_projects
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.usecases.scoring_counts import count_from_projects
from tracker.wording.score_flags import (
    FLAG_KINDS,
    Flag,
    asked_words,
    differing_flags,
    figure_flags,
    lacking_flags,
    project_flags,
    unrecorded_flags,
)
from tracker.wording.scoring_months import month_words


def count_command(services: Services) -> click.Command:
    @click.command("count")
    @MONTH
    @SCHEME
    @one_line_on_failure
    def run(month: str, scheme: str | None) -> None:
        """Count a month's figures, what was not started or finished in time, and on-site checks from the projects.

        Runs again whenever it is wanted and changes only what differs; what somebody entered is not overwritten.
        """
        with services.database.transaction() as session:
            row = month_row(session, month, scheme)
            held = count_from_projects(
                session,
                row.id or 0,
                read=read_scheme,
                calendar=services.calendar,
                lists=services.project_lists,
                actor=SYSTEM,
                at=services.clock.now(),
            )
            flags = _flags(session, row, held)
        done = held.recount
        new = sum(before is None for _, before in done.keep)
        click.echo(
            f"{month_words(row.month)}：按项目台账新计{new}个，更正{len(done.keep) - new}个，"
            f"撤回{len(done.withdraw)}个，相同{done.same}个"
        )
        for title in asked_words(held.rules.scheme, held.tally):
            click.echo(f"待明确：{title}")
        for kind, flag in flags:
            click.echo(f"{FLAG_KINDS[kind]}：{flag.words}")

    return run


def flags_told(session: Session, row: ScoreMonthRow, rules: Rules, services: Services) -> list[dict[str, object]]:
    """Return what differs, lacks and contradicts itself in a month, for other programs.

    Nothing of a month that is kept: its projects have changed since. Raises ListsDiffer.
    """
    if MonthState(row.state) not in TAKES_INPUTS:
        return []
    held = held_against_projects(session, row, rules, lists=services.project_lists)
    return [
        {"kind": kind, "words": one.words, "projects": list(one.projects), "only_pointed_at": one.only_pointed_at}
        for kind, one in _flags(session, row, held)
    ]


def _flags(session: Session, row: ScoreMonthRow, held: Held) -> list[tuple[str, Flag]]:
    scheme, flags = held.rules.scheme, flags_of_month(session, row, held.rules, held.projects.values())
    return [
        *(("unrecorded", one) for one in unrecorded_flags(held.tally)),
        *(("differing", one) for one in differing_flags(scheme, held.recount.differing)),
        *(("lacking", one) for one in lacking_flags(scheme, held.tally, held.projects)),
        *(("contradicting", one) for one in project_flags(held.rules, flags.of_projects)),
        *(("contradicting", one) for one in figure_flags(scheme, flags.of_figures)),
    ]
