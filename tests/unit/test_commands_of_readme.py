"""Every command of the office's administrators stands in README's table, with the types that it takes."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import click
from flask import Flask

from tracker.cli.commands import register_commands
from tracker.services import Services

_README = Path(__file__).parents[2] / "README.md"
_OF_FLASK = frozenset({"run", "shell", "routes"})


def _commands(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, one in sorted(group.commands.items()):
        if isinstance(one, click.Group):
            yield from _commands(one, (*before, name))
        elif (*before, name)[0] not in _OF_FLASK:
            yield (*before, name)


def test_the_table_of_commands_names_each() -> None:
    app = Flask("tracker")
    register_commands(app, cast(Services, None))  # a command looks at what serves it when it is run
    rows = [row for row in _README.read_text(encoding="utf-8").splitlines() if row.startswith("| `flask ")]
    missing = []
    for names in _commands(app.cli):
        said = re.compile(rf"`(?:flask (?:{re.escape(names[0])} )?)?{re.escape(names[-1])}\b")
        if not any(said.search(row) for row in rows if re.match(rf"\| `flask {re.escape(names[0])}\b", row)):
            missing.append(" ".join(names))
    assert missing == []
