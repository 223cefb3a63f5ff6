"""`flask score meeting` and `flask score year`: what is made of published months, as Word files."""

from pathlib import Path

import click

from tracker.cli.options import one_line_on_failure
from tracker.cli.score_months import MONTH, SCHEME, scheme_named
from tracker.data_directory import naming
from tracker.domain.calendar import local_day
from tracker.domain.scoring.months import read_month
from tracker.rankings import as_word, meeting_told, year_told
from tracker.services import Services
from tracker.wording.score_several import Told

_OUT = click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))


def meeting_command(services: Services) -> click.Command:
    @click.command("meeting")
    @MONTH
    @_OUT
    @SCHEME
    @one_line_on_failure
    def run(month: str, out: Path, scheme: str | None) -> None:
        """Write the agenda of the meeting about the months that end with one: who is first and last."""
        with services.database.reading() as session:
            told = meeting_told(session, scheme_named(session, scheme).code, read_month(month))
        _write(services, told, out)

    return run


def year_command(services: Services) -> click.Command:
    @click.command("year")
    @click.argument("year", type=click.IntRange(2000, 2099))
    @_OUT
    @SCHEME
    @one_line_on_failure
    def run(year: int, out: Path, scheme: str | None) -> None:
        """Write the account of a year's published months."""
        with services.database.reading() as session:
            told = year_told(session, scheme_named(session, scheme).code, year)
        _write(services, told, out)

    return run


def _write(services: Services, told: Told, out: Path) -> None:
    with naming(out):
        out.write_bytes(as_word(told, author="市政府督查室", on=local_day(services.clock.now())))
    click.echo(f"{out}: {told.title}")
    for _level, words in told.body:
        click.echo(f"  {words}")
