"""Every pattern of the intake carries texts that it matches, so that whoever changes it sees which wording needs it.

They stand in the comment above or beside the pattern, one a line: `# e.g. …` is matched, `# but not …` is not; a line
break is written as in a string. A pattern that is known only while a text is read says why: `# built from …`.
"""

import ast
import importlib
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tracker import intake
from tracker.intake.expressions import expression

_FOLDER = Path(intake.__file__).parent
_TAKES_A_PATTERN = {"compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn"}
_LAZY = expression.__name__
_MATCHED, _PASSED_OVER, _BUILT = "# e.g. ", "# but not ", "# built from "


def test_every_pattern_of_the_intake_fits_the_texts_that_its_comment_gives() -> None:
    faults = []
    for path in sorted(_FOLDER.rglob("*.py")):
        name = ".".join(["tracker", "intake", *path.relative_to(_FOLDER).with_suffix("").parts])
        module = importlib.import_module(name.removesuffix(".__init__"))
        faults += [f"{path.name}:{fault}" for fault in _faults(path.read_text(encoding="utf-8"), vars(module))]
    assert faults == []


def test_a_pattern_without_a_true_example_is_found_wherever_it_stands() -> None:
    source = """
from re import search
import re as regular
_BARE = re.compile("月")
# Prose is no example.
_PROSE = re.compile("月")
# e.g. 每周
_FALSE = re.compile("月")
# e.g. 每月
# but not 每月亮
_TOO_WIDE = re.compile("月")
# e.g. 每周
_CONTENT_WITH_NOTHING = re.compile("月?")
_TABLE = (("m", re.compile("月")),)
# built from nothing that is unknown here
_KNOWN = re.compile("月")
# e.g. 每月

_TORN_OFF = 1
def act(words):
    re.sub("月", "", words)
    re.search(words, "月")
from tracker.intake.expressions import expression as pattern
_LAZILY_BARE = expression("月")
# e.g. 每周
_LAZILY_FALSE = expression("月", re.VERBOSE)
"""
    faulty = {int(fault.split(":")[0]) for fault in _faults(source, {"re": re})}
    assert sorted(faulty) == [2, 3, 4, 6, 8, 11, 13, 14, 16, 17, 21, 22, 23, 24, 26]


def test_a_pattern_with_true_examples_passes_wherever_they_stand() -> None:
    source = """
import re
# Why it is there.
# e.g. 每月
# but not 每月亮
_ABOVE = re.compile("月(?!亮)")
_BESIDE = re.compile("月\\n")  # e.g. 每月\\n5日
_LAZILY = expression(" 月 ", re.VERBOSE)  # e.g. 每月
_TABLE = (
    # e.g. 每月
    ("m", re.compile("月")),
    ("t", re.compile(
        # e.g. 每旬
        "旬",
    )),
)
def act(words):
    # e.g. 每月
    re.sub("月", "", words)
    # built from the words of the document
    re.search(words, "月")
"""
    assert _faults(source, {"re": re}) == []


def test_no_pattern_of_the_intake_is_compiled_before_it_is_asked() -> None:
    sources = {path.name: path.read_text(encoding="utf-8") for path in _FOLDER.rglob("*.py")}
    assert [name for name, source in sources.items() if "re.compile(" in source] == ["expressions.py"]


def _faults(source: str, names: Mapping[str, Any]) -> list[str]:
    """Return `line: what is wrong` of a module's patterns, evaluated with the module's own names."""
    comments, alone = _comments(source)
    tree = ast.parse(source)
    faults = [f"{line}: re is imported under another name" for line in _hidden_imports(tree)]
    claimed: set[int] = set()
    for call in _calls(tree):
        lines = _lines_of(call, alone) & comments.keys()
        claimed |= lines
        faults += [f"{call.lineno}: {fault}" for fault in _faults_of(call, [comments[n] for n in lines], names)]
    examples = {n for n, comment in comments.items() if comment.startswith((_MATCHED, _PASSED_OVER))}
    return faults + [f"{line}: the example stands beside no pattern" for line in sorted(examples - claimed)]


def _comments(source: str) -> tuple[dict[int, str], set[int]]:
    """Return the comments by line, and the lines that hold nothing else."""
    found = [
        token for token in tokenize.generate_tokens(io.StringIO(source).readline) if token.type == tokenize.COMMENT
    ]
    alone = {token.start[0] for token in found if not token.line[: token.start[1]].strip()}
    return {token.start[0]: token.string for token in found}, alone


def _hidden_imports(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "re":
            yield node.lineno
        if isinstance(node, ast.ImportFrom) and any(name.name == _LAZY and name.asname for name in node.names):
            yield node.lineno
        if isinstance(node, ast.Import) and any(name.name == "re" and name.asname for name in node.names):
            yield node.lineno


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name("re"), attr=attr)) if attr in _TAKES_A_PATTERN:
                yield node
            case ast.Call(func=ast.Name(id=name)) if name == _LAZY:
                yield node


def _lines_of(call: ast.Call, alone: set[int]) -> set[int]:
    """Return the lines of a call and those of the comment that stands directly above it."""
    first = call.lineno
    while first - 1 in alone:
        first -= 1
    return set(range(first, (call.end_lineno or call.lineno) + 1))


def _faults_of(call: ast.Call, comments: list[str], names: Mapping[str, Any]) -> list[str]:
    try:
        pattern = _pattern(call, names)
    except NameError:
        return [] if any(comment.startswith(_BUILT) for comment in comments) else ["nothing says what it is built from"]
    matched = [_text(comment, _MATCHED) for comment in comments if comment.startswith(_MATCHED)]
    passed_over = [_text(comment, _PASSED_OVER) for comment in comments if comment.startswith(_PASSED_OVER)]
    return [
        *([] if matched else ["there is no example"]),
        *(f"does not match {text}" for text in matched if not _fits(pattern, text)),
        *(f"matches {text}" for text in passed_over if pattern.search(text)),
    ]


def _fits(pattern: re.Pattern[str], text: str) -> bool:
    """Say whether a pattern matches a text; one that is content with nothing must find something."""
    found = pattern.fullmatch(text) or pattern.search(text)
    return found is not None and (found.group() != "" or pattern.search("") is None)


def _pattern(call: ast.Call, names: Mapping[str, Any]) -> re.Pattern[str]:
    """Compile what a call searches for. Raises NameError where only a running function knows it."""
    flags = [word for word in call.keywords if word.arg == "flags"]
    only = ast.Call(ast.Name("_compile", ast.Load()), call.args[: 2 if _is_compile(call) else 1], flags)
    code = compile(ast.fix_missing_locations(ast.Expression(only)), "<pattern>", "eval")
    found: re.Pattern[str] = eval(code, {**names, "_compile": re.compile})
    return found


def _is_compile(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) or (isinstance(call.func, ast.Attribute) and call.func.attr == "compile")


def _text(comment: str, mark: str) -> str:
    return str(ast.literal_eval(f'"{comment.removeprefix(mark)}"'))
