"""`flask audit`: what does not hold, and signed lines that hold the head of the log outside of the database."""

from collections.abc import Iterable
from pathlib import Path

import click
from flask.cli import AppGroup

from tracker.auditing import Audited, anchor_of, audit
from tracker.cli.options import one_line_on_failure
from tracker.gateways.anchor_key import AnchorKey, append_line, is_public
from tracker.services import Services
from tracker.wording.audit import finding_words


def audit_commands(services: Services) -> AppGroup:
    """Return the commands of who audits."""
    group = AppGroup("audit", help="The event log, and all that must agree with it.")
    group.add_command(_verify(services))
    group.add_command(_anchor(services))
    group.add_command(_key(services))
    return group


def _verify(services: Services) -> click.Command:
    @click.command()
    @click.option(
        "--anchor",
        "lines",
        type=click.File(encoding="utf-8", errors="replace"),
        help="lines of `flask audit anchor`, kept elsewhere",
    )
    @click.option("--key", "public", help="public half of the key that signed them, as `flask audit key` prints it")
    @one_line_on_failure
    def verify(lines: Iterable[str] | None, public: str | None) -> None:
        """Check the chain of events, the tables against it, every file and edition, and anchors.

        Exit 1 with a line for everything that does not hold. Editions that keep no facts are checked as files only.
        """
        anchors = [line for line in lines or () if line.strip()]
        if lines is not None and not anchors:
            raise click.ClickException("锚记文件是空的，没有锚记可以核对")
        if public is not None and lines is None:
            raise click.ClickException("--key须与--anchor同时使用，没有锚记就没有签名可以核对")
        if public is not None and not is_public(public.strip()):
            raise click.ClickException("--key不是公钥，应为flask audit key所打印的64位十六进制数")
        public = public.strip() if public is not None else AnchorKey(services.settings.anchor_key).public
        audited, broken = Audited(), 0
        for finding in audit(services, anchors=anchors, public=public, audited=audited):
            broken += 1
            click.echo(finding_words(finding))
        seen = f"事件{audited.events}条、文件{audited.files}个、文稿{audited.editions}份"
        seen += f"、考评月{audited.months}个、锚记{audited.anchors}条"
        if audited.counted_otherwise:
            seen = f"{seen}（其中{audited.counted_otherwise}份由以前版本的程序编制，口径与现行不同，不作比对）"
        if broken:
            raise click.ClickException(f"核对{seen}，发现{broken}处问题")
        click.echo(f"核对{seen}，没有发现问题")

    return verify


def _anchor(services: Services) -> click.Command:
    @click.command()
    @click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="append the line to this file")
    @one_line_on_failure
    def anchor(out: Path | None) -> None:
        """Print the head of the log as a signed line, or append it to a file that is kept elsewhere."""
        key = AnchorKey(services.settings.anchor_key)
        line = anchor_of(services, key, at=services.clock.now()).line
        if out is None:
            click.echo(line)
        else:
            append_line(out, line)

    return anchor


def _key(services: Services) -> click.Command:
    @click.command()
    @one_line_on_failure
    def key() -> None:
        """Print the public half of the key that signs anchors, to be kept elsewhere."""
        click.echo(AnchorKey(services.settings.anchor_key).public)

    return key
