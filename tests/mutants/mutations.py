"""The small changes: each one a mistake that somebody could make, in the text of a module."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef

_OPERATORS: Mapping[type[ast.AST], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.In: ("in", "not in"),
    ast.NotIn: (r"not\s+in", "in"),
    ast.Is: ("is", "is not"),
    ast.IsNot: (r"is\s+not", "is"),
    ast.And: ("and", "or"),
    ast.Or: ("or", "and"),
    ast.Add: (r"\+", "-"),
    ast.Sub: ("-", "+"),
}
_NOT_RUN = ("annotation", "returns", "decorator_list", "bases")
_NO_NUMBERS = (ast.JoinedStr, ast.List, ast.Tuple, ast.ListComp)
_ANYTHING = '__import__("sqlalchemy").true()'

Members = Mapping[str, Sequence[str]]
_Change = tuple[int, int, str]  # from and to in the module's bytes, and what stands there instead


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one module; `where` names the function, or the module for what stands outside of any."""

    path: str
    line: int
    lines: range
    where: str
    change: str
    source: bytes


def functions(node: ast.AST, within: str) -> Iterator[tuple[str, Function]]:
    """Yield each function below a node with its full name, the outer ones first."""
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, Function | ast.ClassDef)
        name = f"{within}.{child.name}" if isinstance(child, Function | ast.ClassDef) else within
        if isinstance(child, Function):
            yield name, child
        yield from functions(child, name if named else within)


def members_of_enums(folder: Path) -> Members:
    """Return the members of each enum below a folder by the enum's name."""
    classes = (
        node
        for file in sorted(folder.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_bytes()))
        if isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(base) for base in node.bases)
    )
    return {
        node.name: [ast.unparse(line.targets[0]) for line in node.body if isinstance(line, ast.Assign)]
        for node in classes
    }


def mutants_of(path: str, source: bytes, *, members: Members) -> Iterator[Mutant]:
    """Yield every mutant of a module's text; one without functions has none, because no test is known to use it."""
    tree = ast.parse(source)
    named = list(functions(tree, path.removesuffix(".py").replace("/", ".")))
    if named:
        yield from _Module(path, source, members, names={function: name for name, function in named}).below(tree)


class _Module:
    def __init__(self, path: str, source: bytes, members: Members, *, names: Mapping[ast.AST, str]) -> None:
        self._path, self._source, self._members, self._names = path, source, members, names
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def below(self, node: ast.AST, *, function: Function | None = None) -> Iterator[Mutant]:
        """Yield the mutants of a part of the module, from the top down."""
        yield from (self._mutant(*change, function=function) for change in self._changes(node))
        if isinstance(node, Function):
            function = node
            yield from (self._mutant(*change, function=function) for change in self._returns(node))
        for name, field in ast.iter_fields(node):
            for child in field if isinstance(field, list) else [field]:
                if isinstance(child, ast.AST) and name not in _NOT_RUN and not isinstance(child, ast.JoinedStr):
                    yield from self.below(child, function=function)

    def _mutant(self, start: int, end: int, new: str, *, function: Function | None) -> Mutant:
        line = self._source.count(b"\n", 0, start) + 1
        first, last = self._source.rfind(b"\n", 0, start) + 1, self._source.find(b"\n", end)
        before, after = self._source[first:start], self._source[end:last]
        shown = [
            b" ".join((before + text + after).split()).decode() for text in (self._source[start:end], new.encode())
        ]
        return Mutant(
            path=self._path,
            line=line,
            lines=range(function.lineno, (function.end_lineno or 0) + 1) if function else range(line, line + 1),
            where=self._names[function] if function else self._path.removesuffix(".py").replace("/", "."),
            change=f"{shown[0]}  →  {shown[1]}",
            source=self._source[:start] + new.encode() + self._source[end:],
        )

    def _changes(self, node: ast.AST) -> Iterator[_Change]:
        match node:
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                yield from self._swapped(operator, left, right)
            case ast.BoolOp(op=operator, values=[left, right, *_]):
                yield from self._swapped(operator, left, right)
            case ast.BinOp(left=left, op=operator, right=right):
                if not any(isinstance(side, _NO_NUMBERS) or _is_text(side) for side in (left, right)):
                    yield from self._swapped(operator, left, right)
            case ast.UnaryOp(op=ast.Not()):
                yield self._start(node), self._start(node) + len("not "), ""
            case ast.Expr(value=ast.Call(func=ast.Name(id=name)) as call) if name.startswith(("require_", "check_")):
                yield self._instead(call, "None")
            case ast.If(test=test, body=[ast.Raise()], orelse=[]):
                yield self._instead(test, "False")
            case ast.Call():
                yield from self._arguments(node)
            case ast.Constant():
                yield from self._other_values(node)

    def _other_values(self, constant: ast.Constant) -> Iterator[_Change]:
        value = constant.value
        if isinstance(value, bool):
            yield self._instead(constant, str(not value))
        elif isinstance(value, int) and not (value == 0 and self._source[: self._start(constant)].endswith(b" or ")):
            # `row.id or 0` tells the type checker only that a stored row has an id
            yield from (self._instead(constant, str(other)) for other in (value - 1, value + 1) if other >= 0)

    def _arguments(self, call: ast.Call) -> Iterator[_Change]:
        called = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
        if called in ("where", "and_"):
            for given in call.args:
                yield self._instead(given, "*()" if isinstance(given, ast.Starred) else _ANYTHING)
        for value in [*call.args, *(keyword.value for keyword in call.keywords)]:
            match value:
                case ast.Attribute(value=ast.Name(id=enum), attr=member) if member in self._members.get(enum, ()):
                    known = self._members[enum]
                    yield self._instead(value, f"{enum}.{known[(known.index(member) + 1) % len(known)]}")
        for keyword in call.keywords:
            if keyword.arg == "cause" and _is_text(keyword.value):
                yield self._instead(keyword.value, '"another_cause"')

    def _returns(self, function: Function) -> Iterator[_Change]:
        """Answer with nothing where the function may."""
        if function.returns is None or not re.search(r"\| None\b", ast.unparse(function.returns)):
            return
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) != "None":
                yield self._instead(node.value, "None")

    def _swapped(self, operator: ast.AST, left: ast.expr, right: ast.expr) -> Iterator[_Change]:
        if type(operator) in _OPERATORS:
            old, new = _OPERATORS[type(operator)]
            start = self._end(left)
            found = re.search(old.encode(), self._source[start : self._start(right)])
            if found:
                yield start + found.start(), start + found.end(), new

    def _instead(self, node: ast.expr, new: str) -> _Change:
        return self._start(node), self._end(node), new

    def _start(self, node: ast.expr) -> int:
        return self._starts[node.lineno - 1] + node.col_offset

    def _end(self, node: ast.expr) -> int:
        return self._starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
