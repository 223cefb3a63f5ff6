"""`flask calendar import FILE`: a year's working days from the State Council's notice, or from a TOML file."""

from pathlib import Path

import click
from flask.cli import AppGroup

from tracker.cli.options import one_line_on_failure
from tracker.domain.accounts import SYSTEM
from tracker.domain.deadlines import due_day
from tracker.gateways.calendar_files import read_calendar_text
from tracker.intake.holiday_notice import read_notices
from tracker.services import Services
from tracker.usecases.publishing_calendar import Move, Publication, publish_notices


def calendar_commands(services: Services) -> AppGroup:
    """Return the commands about working days."""
    group = AppGroup("calendar", help="Working days by the State Council's notices.")

    @group.command("import")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--replace", is_flag=True, help="let it take the place of a published year that says otherwise")
    @one_line_on_failure
    def import_(file: Path, replace: bool) -> None:
        """Publish the year in a notice (.txt, .docx, .pdf) or the years in a .toml; print what moves."""
        notices = read_notices(read_calendar_text(file, name=file.name))
        with services.database.transaction() as session:
            done = publish_notices(
                session,
                notices,
                actor=SYSTEM,
                at=services.clock.now(),
                by=services.reckoning,
                replace=replace,
            )
        services.reread_calendar()
        for publication in done:
            _print(publication)
        if not done:
            click.echo("没有新内容：这些日期已经公布")

    return group


def _print(publication: Publication) -> None:
    notice = publication.notice
    instead = f"，替换{publication.replaces.source}" if publication.replaces else ""
    click.echo(f"{notice.year}年：{notice.source}（{notice.issued_on}）{instead}")
    for change in publication.days:
        click.echo(f"  {change.day}  {'放假' if change.off else '上班'}  {change.name}".rstrip())
    for move in publication.moves:
        click.echo(f"  {_words(move)}")
    click.echo(f"变动{len(publication.days)}天，调整{len(publication.moves)}个时限")


def _words(move: Move) -> str:
    form = move.form
    what = f"{form.unit_name} {form.document_number} {form.period.code}"
    row = f" 第{move.row.row.id}行" if move.row else ""
    return f"{what}{row}: {due_day(move.old_due_at)} -> {due_day(move.new_due_at)}"
