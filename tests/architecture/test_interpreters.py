"""What people write reaches no interpreter: no page, statement, program or parser is made of words.

Some of these rules a reviewer would see too; here none is forgotten, and each exception has its reason.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_MIGRATIONS = "tracker/store/migrations/"
_PAGES = sorted(
    path.relative_to(_ROOT).as_posix()
    for folder in ("web", "layout", "macros")
    for path in (_ROOT / "templates" / folder).rglob("*")
    if path.is_file()
)
# What the policy for contents would stop, or what would let words become marks.
_IN_PAGES = re.compile(
    r"<style|\sstyle=|\son[a-z]+\s*=\s*[\"']|javascript:|<script(?![^>]*\ssrc=)|<iframe|<object|<embed|<base"
    r"|(?:href|src|action)=\"(?:https?:)?//|\|\s*safe\b|autoescape|target=\"_blank\"(?! rel=\"noopener\")",
    re.IGNORECASE,
)
_MARKS = {
    "tracker/web/seen.py": "a hidden field, its value escaped by `format`",
    "tracker/web/factor.py": "the picture of a secret, made of squares",
    "tracker/web/marking.py": "a piece of a page that a template made, with other names",
}
# Text of a statement that is neither a constant nor a name in capitals.
_STATEMENTS = {
    "tracker/store/tables/columns.py": "conditions of indexes and checks, which are constants of the tables",
    "tracker/store/database.py": "three settings of SQLite",
}
_FORBIDDEN_CALLS = {
    *("eval", "exec", "compile", "__import__", "os.system", "os.popen"),
    *("pickle.loads", "pickle.load", "marshal.loads", "shelve.open", "yaml.load", "yaml.unsafe_load"),
    *("hashlib.md5", "hashlib.sha1", "render_template_string", "ssl._create_unverified_context"),
    *("tempfile.mktemp", "xml.etree.ElementTree.fromstring"),
}
_FORBIDDEN_MODULES = {
    "random": "what nobody may guess comes from `secrets`",
    "pickle": "it runs what it reads",
    "marshal": "it trusts what it reads",
    "shelve": "it runs what it reads",
    "ftplib": "no TLS",
    "telnetlib": "no TLS",
    "xml.etree.ElementTree": "the parser of lxml, without entities, is used",
}


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for folder in ("tracker", "workers"):
        for file in sorted((_ROOT / folder).rglob("*.py")):
            path = file.relative_to(_ROOT).as_posix()
            if not path.startswith(_MIGRATIONS):
                yield path, ast.parse(file.read_text(encoding="utf-8"))


def _calls() -> Iterator[tuple[str, ast.Call, str]]:
    for path, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield path, node, ast.unparse(node.func)


@pytest.mark.parametrize("page", _PAGES)
def test_no_page_has_a_script_a_style_or_an_address_of_others_in_it(page: str) -> None:
    assert page.endswith(".html"), "Flask escapes what it fills into files of this ending"
    found = _IN_PAGES.findall((_ROOT / page).read_text(encoding="utf-8"))
    assert found == []


@pytest.mark.parametrize("page", _PAGES)
def test_no_page_takes_the_first_of_what_may_be_empty(page: str) -> None:
    """It would be undefined, and whoever then asks whether it is there gets an error of the server."""
    assert re.findall(r"\|\s*(?:first|last)\b", (_ROOT / page).read_text(encoding="utf-8")) == []


def test_what_is_no_text_is_made_where_it_says_why() -> None:
    made = {path for path, _call, name in _calls() if name.rpartition(".")[2] == "Markup"}
    assert made == _MARKS.keys()


def test_no_statement_is_made_of_words() -> None:
    found = set()
    for path, call, name in _calls():
        if name.rpartition(".")[2] not in ("text", "exec_driver_sql", "execute", "executescript") or not call.args:
            continue
        first = call.args[0]
        made = isinstance(first, ast.JoinedStr | ast.BinOp) or (
            isinstance(first, ast.Call) and isinstance(first.func, ast.Attribute) and first.func.attr == "format"
        )
        if made or (name == "text" and not _is_fixed(first)):
            found.add(path)
    assert found == _STATEMENTS.keys()


def _is_fixed(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


def test_nothing_runs_what_it_reads_and_nothing_weak_is_used() -> None:
    found = [f"{path}:{call.lineno} {name}" for path, call, name in _calls() if name in _FORBIDDEN_CALLS]
    for path, tree in _trees():
        for node in ast.walk(tree):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [f"{path}:{name}: {_FORBIDDEN_MODULES[name]}" for name in names if name in _FORBIDDEN_MODULES]
    assert found == []


def test_programs_get_their_words_one_by_one_and_every_line_is_checked() -> None:
    """No shell, no debugger, no certificate unseen."""
    wrong = {("shell", True), ("debug", True), ("verify", False), ("check_hostname", False), ("resolve_entities", True)}
    found = [
        f"{path}:{call.lineno} {keyword.arg}={keyword.value.value!r}"
        for path, call, _name in _calls()
        for keyword in call.keywords
        if isinstance(keyword.value, ast.Constant) and (keyword.arg, keyword.value.value) in wrong
    ]
    assert found == []


def test_every_reader_of_xml_knows_no_entities() -> None:
    parsers = [
        (path, call) for path, call, name in _calls() if name.rpartition(".")[2] in ("XMLParser", "XMLPullParser")
    ]
    assert parsers
    for path, call in parsers:
        said = {one.arg: getattr(one.value, "value", None) for one in call.keywords}
        assert (said.get("resolve_entities"), said.get("no_network", True)) == (False, True), path
