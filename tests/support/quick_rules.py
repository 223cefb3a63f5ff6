"""Addresses that are compiled once in a test process, and not anew for the application of each test.

More than half of what it takes to set an application up is spent on making a function for each of its rules, which
is the same each time: it asks the rule that it is called on for its converters.
"""

from collections.abc import Callable

from werkzeug.routing import Rule

_Builder = Callable[..., tuple[str, str]]
_MADE: dict[tuple[object, ...], _Builder] = {}
_make = Rule._compile_builder


def _made_once(rule: Rule, append_unknown: bool = True) -> _Builder:
    key = (rule.rule, append_unknown, *rule._trace, *sorted((rule.defaults or {}).items()))
    if key not in _MADE:
        _MADE[key] = _make(rule, append_unknown)
    return _MADE[key]


def compile_rules_once() -> None:
    """Let whatever application is made from now on take the functions that were made before."""
    Rule._compile_builder = _made_once  # type: ignore[method-assign, assignment] # one that remembers
