"""`flask audit verify` refuses what would hold the log against nothing, and what is no key."""

from pathlib import Path

import pytest
from flask import Flask

from tests.support.site import Site
from tracker.cli.commands import register_commands
from tracker.store.database import Database


@pytest.mark.parametrize(
    ("anchors", "key", "words"),
    [
        ("", None, "锚记文件是空的"),
        ("\n  \n", None, "锚记文件是空的"),
        (None, "ab" * 32, "--key须与--anchor同时使用"),
        (None, "zz", "--key须与--anchor同时使用"),
        ("x", "zz", "--key不是公钥"),
        ("x", "ab" * 31, "--key不是公钥"),
        ("x", "", "--key不是公钥"),
    ],
)
def test_an_empty_file_of_anchors_and_what_is_no_key_are_refused(
    database: Database, tmp_path: Path, anchors: str | None, key: str | None, words: str
) -> None:
    app, arguments = Flask(__name__), ["audit", "verify"]
    register_commands(app, Site(database, tmp_path).services)
    if anchors is not None:
        (tmp_path / "anchors").write_text(anchors)
        arguments += ["--anchor", str(tmp_path / "anchors")]
    told = app.test_cli_runner().invoke(args=[*arguments, *(["--key", key] if key is not None else [])])
    assert told.exit_code == 1
    assert words in told.output
    assert "没有发现问题" not in told.output
