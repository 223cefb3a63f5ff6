"""`flask evidence`: files that no row names."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from tracker.cli.options import one_line_on_failure
from tracker.gateways.evidence_files import LONGEST_UPLOAD
from tracker.services import Services
from tracker.store.queries.evidence import every_digest


def evidence_commands(services: Services) -> AppGroup:
    """Return the commands about the evidence store."""
    group = AppGroup("evidence", help="The files of the evidence store.")

    @group.command()
    @click.option("--remove", is_flag=True, help="remove them")
    @one_line_on_failure
    def orphans(remove: bool) -> None:
        """List the files that no row names and that came more than a day ago."""
        before = datetime.now(UTC) - LONGEST_UPLOAD
        with services.database.reading() as session:
            named = every_digest(session)
        found = services.evidence.orphans(named=named, before=before)
        for sha256 in found:
            click.echo(sha256)
        if remove:
            dropped = services.evidence.drop_orphans(named=named, before=before)
            click.echo(f"没有登记的文件{len(found)}个，已删除{dropped}个")
        else:
            click.echo(f"没有登记的文件{len(found)}个")

    return group
