"""`flask state` and `flask events export`: what the log says, as JSON for other programs."""

import json
from datetime import datetime

import click
from flask.cli import AppGroup

from tracker.cli.options import LOCAL_TIME, one_line_on_failure, refuse_future
from tracker.services import Services
from tracker.store.history.export import exported_events, exported_state
from tracker.store.history.log import cut


def state_command(services: Services) -> click.Command:
    """Return the command that prints the city's state as of a moment."""

    @click.command("state")
    @click.option("--as-of", required=True, type=LOCAL_TIME, help="e.g. 2022-11-01T09:00, Shanghai time")
    @one_line_on_failure
    def state(as_of: datetime) -> None:
        """Print what is owed, reported and done as of a moment, folded from the event log, as JSON."""
        refuse_future(as_of, now=services.clock.now())
        with services.database.reading() as session:
            told = exported_state(session, cut(session, as_of=as_of), by=services.reckoning)
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))

    return state


def event_commands(services: Services) -> AppGroup:
    """Return the commands about the event log itself."""
    group = AppGroup("events", help="The event log.")

    @group.command()
    @click.option("--since", type=click.IntRange(min=0), default=0, help="only events after this number")
    @one_line_on_failure
    def export(since: int) -> None:
        """Print the event log, one JSON object a line, the first event first."""
        with services.database.reading() as session:
            for event in exported_events(session, since=since):
                click.echo(json.dumps(event, ensure_ascii=False))

    return group
