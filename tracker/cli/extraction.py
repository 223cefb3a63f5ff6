"""`flask items extract`: reads files that nobody registered.

It loads neither database, pages nor settings, and the readers of files only in the child that reads one: so it starts
at once.
"""

import importlib
import json
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from seeds.registry import SEEDS, load_registry
from tracker.domain.errors import TrackerError
from tracker.domain.readings.export import export_drafts
from tracker.domain.readings.reading import Reading
from tracker.gateways.bounded import READING_CPU_SECONDS, read_bounded
from tracker.intake import read_documents

_TROUBLES: dict[type[OSError], str] = {
    FileNotFoundError: "文件不存在",
    IsADirectoryError: "是文件夹，不是文件",
    PermissionError: "当前账号没有读取权限",
}


@click.command()
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
def extract(files: tuple[Path, ...]) -> None:
    """Read .txt, .docx or .pdf files with official documents; print one tracker.items/1, in the order of the files.

    Needs no database and no Redis. Each file that cannot be read is named on stderr; nothing is printed then.
    """
    drafts: list[Reading] = []
    refused = []
    for file in files:
        try:
            drafts += read_documents(_text(file))
        except TrackerError as error:
            # Refusals are worded by what words everything, which only they need.
            refused.append(f"{file}：{importlib.import_module('tracker.wording.refusals').sentence(error)}")
        except OSError as error:
            refused.append(f"{file}：{_TROUBLES.get(type(error)) or f'不能读取（{error.strerror}）'}")
    if refused:
        raise click.ClickException("\n".join(refused))
    click.echo(json.dumps(export_drafts(drafts, load_registry(SEEDS / "units.toml")), ensure_ascii=False, indent=1))


def _text(file: Path) -> str:
    """Raises OSError and what `read_document_file` raises."""
    with file.open("rb"):
        pass  # says what the system says of it; the child's words would be lost
    place = "tracker.gateways.document_files:read_handed_in"
    return str(read_bounded(place, str(file.resolve()), file.name, cpu_seconds=READING_CPU_SECONDS))


def register_extraction(app: Flask) -> None:
    """Add the one command that works without settings, database and Redis."""
    group = AppGroup("items", help="Action items of documents.")
    group.add_command(extract)
    app.cli.add_command(group)
