"""`flask search`: what can be searched, made anew."""

import click
from flask.cli import AppGroup

from tracker.cli.options import one_line_on_failure
from tracker.services import Services
from tracker.store import search_index
from tracker.store.database import Database


def search_commands(services: Services) -> AppGroup:
    """Return the commands about the search."""
    group = AppGroup("search", help="What can be searched.")

    @group.command()
    @one_line_on_failure
    def rebuild() -> None:
        """Forget what can be searched and read it anew, in short transactions; the rest of the system goes on."""
        with services.database.transaction() as session:
            search_index.empty(session)
        click.echo(_words(fill_search(services.database)))

    return group


def fill_search(database: Database) -> int:
    """Put into the index what it does not have; return of how many things it has been read."""
    count = 0
    for kind in search_index.FILLED_IN_ORDER:
        after: int | None = 0
        while after is not None:
            with database.transaction() as session:
                read, after = search_index.fill(session, kind, after=after)
            count += read
    return count


def fill_search_once(database: Database) -> None:
    """Fill the index of a database in which things stood before there was one."""
    with database.reading() as session:
        filled = search_index.is_filled(session)
    if not filled:
        click.echo(_words(fill_search(database)))


def _words(count: int) -> str:
    return f"搜索目录已建立，共读入{count}件"
