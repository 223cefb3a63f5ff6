"""Every query that says for whom it asks gives nothing of another unit; what need not say it is on a list, with why."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from types import CodeType, FunctionType

import pytest
from flask import Flask
from sqlmodel import Session

import tracker.store.queries
from tests.support.scopes import COUNTED, OF_ONE_THING, SCOPED, SCOPES, Asking, ids_of, told
from tests.support.two_bureaus import INSIDE, OURS, THEIRS, Bureau, TwoBureaus
from tests.support.two_bureaus_life import open_two_bureaus
from tests.support.unscoped import INSIDE as ASKED_INSIDE
from tests.support.unscoped import OFFICE, UNSCOPED
from tracker.domain.accounts import Role
from tracker.domain.audiences import OVERSEERS
from tracker.web.access import _RULE
from tracker.web.app import create_app

_BOTH = pytest.mark.parametrize(("whose", "other"), [(OURS, THEIRS), (THEIRS, OURS)], ids=["ours", "theirs"])


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> TwoBureaus:
    return open_two_bureaus(tmp_path_factory.mktemp("city"))


@pytest.fixture
def session(city: TwoBureaus) -> Iterator[Session]:
    with city.database.reading() as session:
        yield session


def _asking(city: TwoBureaus, session: Session, about: Bureau, login: str) -> Asking:
    return Asking(city, session, about, city.actor(login))


def _betrayed(result: object, city: TwoBureaus, session: Session, bureau: Bureau) -> list[tuple[str, object]]:
    """Return what of a result is a bureau's: its words, its names, ids of its things."""
    ids = ids_of(city, session, bureau)
    marks = (bureau.word, bureau.number, bureau.name, bureau.full_name)
    return [
        (name, value)
        for name, value in told(result)
        if value in ids.get(name, ()) or (isinstance(value, str) and any(mark in value for mark in marks))
    ]


@_BOTH
@pytest.mark.parametrize("name", SCOPED)
def test_a_unit_is_given_its_own_and_nothing_of_another(
    city: TwoBureaus, session: Session, name: str, whose: Bureau, other: Bureau
) -> None:
    ask = SCOPED[name]
    assert ask(_asking(city, session, whose, whose.code)), "the bureau gets nothing of its own: the test shows nothing"
    given = ask(_asking(city, session, whose, other.code))
    assert not (given and name in OF_ONE_THING)
    assert _betrayed(given, city, session, whose) == []


@pytest.mark.parametrize("name", SCOPED)
def test_who_is_of_no_unit_is_given_nothing(city: TwoBureaus, session: Session, name: str) -> None:
    given = SCOPED[name](_asking(city, session, OURS, "nobody"))
    assert not (given and name in OF_ONE_THING)
    assert [_betrayed(given, city, session, bureau) for bureau in (OURS, THEIRS)] == [[], []]


@pytest.mark.parametrize("login", ["tjj", "yc"])
@pytest.mark.parametrize("name", SCOPED)
def test_who_has_a_share_beside_a_lead_is_not_given_what_the_lead_wrote(
    city: TwoBureaus, session: Session, name: str, login: str
) -> None:
    given = SCOPED[name](_asking(city, session, OURS, login))
    assert [value for _name, value in told(given) if INSIDE in str(value)] == []


@_BOTH
@pytest.mark.parametrize("name", COUNTED)
def test_what_is_counted_for_a_unit_is_its_own(
    city: TwoBureaus, session: Session, name: str, whose: Bureau, other: Bureau
) -> None:
    count, by_hand = COUNTED[name]
    asking = _asking(city, session, whose, other.code)
    assert count(asking) == by_hand(asking) > 0
    assert count(_asking(city, session, whose, "nobody")) == 0


def _queries() -> dict[str, FunctionType]:
    """Return every public function of the queries by module and name."""
    found = {}
    within = "tracker.store.queries."
    for module in pkgutil.walk_packages(tracker.store.queries.__path__, within):
        there = importlib.import_module(module.name)
        for name, query in inspect.getmembers(there, inspect.isfunction):
            if query.__module__ == there.__name__ and not name.startswith("_"):
                found[f"{module.name.removeprefix(within)}.{name}"] = query
    return found


def test_every_query_says_for_whom_it_asks_or_why_it_need_not() -> None:
    entered = SCOPED.keys() | COUNTED.keys()
    queries = _queries()
    missing = sorted(queries.keys() - entered - UNSCOPED.keys())
    scoped = [name for name in missing if SCOPES & inspect.signature(queries[name]).parameters.keys()]
    assert not scoped, f"say in tests/support/scopes.py how it is asked for a bureau: {scoped}"
    assert not missing, f"say in tests/support/unscoped.py why it need not know who asks: {missing}"
    assert entered | UNSCOPED.keys() <= queries.keys(), "an entry is no query any more"
    assert not entered & UNSCOPED.keys()


def test_what_is_for_the_office_is_asked_by_its_pages_only(city: TwoBureaus) -> None:
    asked_by = _asked_by(create_app(city.services))
    for name, reason in UNSCOPED.items():
        pages = asked_by.get(name, {})
        if reason == ASKED_INSIDE:
            assert not pages, f"{name} is asked by pages: {sorted(pages)}"
        if reason == OFFICE:
            assert pages, f"{name} is asked by no page any more: say so"
            others = sorted(page for page, roles in pages.items() if not roles <= OVERSEERS)
            assert not others, f"{name} is asked by pages that others open: {others}"


def _asked_by(app: Flask) -> dict[str, dict[str, frozenset[Role]]]:
    """Return which pages ask each query, and who opens them; what templates call may be on any page."""
    found: dict[str, dict[str, frozenset[Role]]] = {}
    views = [(name, view, getattr(view, _RULE, None) or frozenset(Role)) for name, view in app.view_functions.items()]
    offered = [made for all_made in app.template_context_processors.values() for made in all_made]
    for page, view, roles in [*views, *((f"{made.__module__}'s words", made, frozenset(Role)) for made in offered)]:
        for query in _reached(view, set()):
            module = query.__module__.removeprefix("tracker.store.queries.")
            found.setdefault(f"{module}.{query.__name__}", {})[page] = roles
    return found


def _reached(function: Callable[..., object], seen: set[FunctionType]) -> set[FunctionType]:
    """Return the queries that a function of the pages names, itself or through other functions of theirs."""
    inner = inspect.unwrap(function)
    if not isinstance(inner, FunctionType):
        return set()
    found = set()
    for named in _named(inner):
        if named in seen:
            continue
        seen.add(named)
        if named.__module__.startswith("tracker.store.queries."):
            found.add(named)
        elif named.__module__.startswith("tracker.web."):
            found |= _reached(named, seen)
    return found


def _named(function: FunctionType) -> Iterator[FunctionType]:
    """Yield the functions that one names, those of a table of acts too."""
    for name in _names(function.__code__):
        named = function.__globals__.get(name)
        acts = named.values() if isinstance(named, Mapping) else [named]
        for act in acts:
            yield from (one for one in (act if isinstance(act, tuple) else (act,)) if isinstance(one, FunctionType))


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
