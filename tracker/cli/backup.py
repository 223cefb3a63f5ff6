"""`flask backup` and `flask restore`."""

from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from tracker.backups import back_up, restore, verify
from tracker.cli.options import one_line_on_failure
from tracker.cli.search import fill_search_once
from tracker.failures import failure_words
from tracker.gateways.backup_archive import Manifest
from tracker.services import Services

_FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


def backup_command(services: Services) -> click.Command:
    """Return the command that writes a backup."""

    @click.command("backup")
    @_FILE
    @click.option("--without-lost-files", is_flag=True, help="go on where files that rows name are gone, and name them")
    @one_line_on_failure
    def backup(file: Path, without_lost_files: bool) -> None:
        """Write everything into FILE while the system goes on; FILE is complete or not there."""
        manifest = back_up(services, file.absolute(), without_lost=without_lost_files)
        click.echo(f"{file}: {_words(manifest)}")
        _name_what_is_not_in(manifest)

    return backup


def restore_command(services: Services) -> click.Command:
    """Return the command that brings a backup back."""

    @click.command("restore")
    @_FILE
    @click.option(
        "--verify", "only_verify", is_flag=True, help="only read and check FILE, to its last row; keep nothing"
    )
    @one_line_on_failure
    def restore_(file: Path, only_verify: bool) -> None:
        """Fill an empty database and data directory from FILE, all of it or nothing. Stop every process before."""
        if only_verify:
            manifest = verify(file)
            click.echo(f"{file}完整：{_words(manifest)}")
            _name_what_is_not_in(manifest)
            return
        restored = restore(services, file)
        click.echo(f"已恢复：{_words(restored.manifest)}。所有人须重新登录。")
        for name in restored.differing:
            click.echo(f"{name}与备份时不同，可取出核对：tar -xOf {file} program/{name}", err=True)
        _name_what_is_not_in(restored.manifest)
        if restored.is_current:
            _fill_search(services)
        else:
            click.echo("备份来自较早版本，请接着运行 flask db upgrade。", err=True)

    return restore_


def _fill_search(services: Services) -> None:
    """Make anew what can be searched; where that fails the restore stands. Raises ClickException."""
    try:
        fill_search_once(services.database)
    except (OSError, DBAPIError) as error:
        raise click.ClickException(
            f"数据和文件已经恢复，只有搜索目录没有建成（{failure_words(error)}）。"
            "不要再次恢复；排除原因后运行 flask search rebuild，再启动各进程。"
        ) from error


def _words(manifest: Manifest) -> str:
    rows = sum(manifest.tables.values())
    return (
        f"{manifest.made_at:%Y-%m-%dT%H:%M:%SZ}，{len(manifest.tables)}张表{rows}行，"
        f"{len(manifest.files)}个文件，{manifest.size_bytes / 1_000_000:.1f}MB，数据库结构{manifest.revision}，"
        f"最后事件{manifest.last_event} {manifest.last_hash}"
    )


def _name_what_is_not_in(manifest: Manifest) -> None:
    if manifest.left_out:
        click.echo(f"不属于本系统、未列入备份的数据表或者列：{'、'.join(manifest.left_out)}", err=True)
    for digest in manifest.lost:
        click.echo(f"备份以前已经丢失的文件：{digest}", err=True)
