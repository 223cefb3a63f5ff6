"""Every act of the use cases is refused to everybody whom it is not for, before it has written anything."""

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

import tracker.usecases
import tracker.web
from tests.support.passes import NO_PASS, PASSES
from tests.support.rights import EVERYBODY, OWN, RIGHTS, UNGUARDED
from tests.support.two_bureaus import TwoBureaus, all_rows
from tests.support.two_bureaus_life import open_two_bureaus
from tracker.domain.accounts import Role
from tracker.domain.circulars.editions import LeaderNeeded, OtherPersonNeeded
from tracker.domain.errors import Forbidden, NotFound, TrackerError
from tracker.steps.for_the_leader import LeaderDecides
from tracker.usecases.registering import SecondPersonNeeded

# The last four refuse one of the office what another person or a leader has to do: he is told so.
_REFUSALS = (Forbidden, NotFound, LeaderDecides, LeaderNeeded, OtherPersonNeeded, SecondPersonNeeded)


def _acts(*, by_somebody: bool = True) -> set[str]:
    """Return every public function of the use cases, as module and name, that takes an actor, or does not."""
    found = set()
    within = "tracker.usecases."
    for module in pkgutil.walk_packages(tracker.usecases.__path__, within):
        there = importlib.import_module(module.name)
        for name, act in inspect.getmembers(there, inspect.isfunction):
            own = act.__module__ == there.__name__ and not name.startswith("_")
            if own and ("actor" in inspect.signature(act).parameters) is by_somebody:
                found.add(f"{module.name.removeprefix(within)}.{name}")
    return found


@pytest.fixture
def city(tmp_path: Path) -> TwoBureaus:
    return open_two_bureaus(tmp_path)


def test_every_act_says_who_may_do_it() -> None:
    said = {name.partition(":")[0] for name in RIGHTS}
    missing = sorted(_acts() - said - UNGUARDED.keys() - OWN)
    assert not missing, f"say in tests/support/rights.py who may do it, and how it is done: {missing}"
    assert (said | UNGUARDED.keys() | OWN) <= _acts(), (
        "an act in tests/support/rights.py is none of the use cases any more"
    )
    assert not said & UNGUARDED.keys()
    assert all(right.may and right.may < EVERYBODY for right in RIGHTS.values())


def test_what_no_person_does_is_audited_or_says_why_not() -> None:
    known, there = PASSES.keys() | NO_PASS.keys(), _acts(by_somebody=False)
    assert not there - known, f"say in tests/support/passes.py how it is done: {sorted(there - known)}"
    assert known <= there, "what tests/support/passes.py lists is none of the use cases any more"
    assert not PASSES.keys() & NO_PASS.keys()


def test_every_role_is_tried(city: TwoBureaus) -> None:
    assert {city.actor(login).role for login in EVERYBODY} == set(Role)


@pytest.mark.parametrize("name", RIGHTS)
def test_an_act_is_refused_to_everybody_else_before_anything_is_written(city: TwoBureaus, name: str) -> None:
    right = RIGHTS[name]
    if right.before:
        with city.database.transaction() as session:
            right.before(city, session)
    before = all_rows(city.database)
    for login in sorted(EVERYBODY - right.may):
        actor = city.actor(login)
        with city.database.transaction() as session:  # what was written before the refusal is committed
            try:
                right.do(city, session, actor)
            except _REFUSALS:
                continue
            except TrackerError as error:
                pytest.fail(f"{login} is refused by the state of the matter, not because it is not his: {error!r}")
        pytest.fail(f"{name} may be done by {login}")
    assert all_rows(city.database) == before, f"{name} wrote something before it was refused"


@pytest.mark.parametrize("name", RIGHTS)
def test_an_act_is_done_by_each_whom_it_is_for(city: TwoBureaus, name: str) -> None:
    """So that a refusal is about the person: the matter is one on which the act can be done."""
    right = RIGHTS[name]
    with city.database.transaction() as session:
        if right.before:
            right.before(city, session)
            session.flush()
    for login in sorted(right.may):
        actor = city.actor(login)
        with city.database.transaction() as session:
            right.do(city, session, actor)
            session.flush()
            session.info.clear()  # the events of what is taken back
            session.rollback()


@pytest.mark.parametrize("name", UNGUARDED)
def test_what_asks_for_no_role_is_reached_by_no_page(city: TwoBureaus, name: str) -> None:
    _why, do = UNGUARDED[name]
    with city.database.transaction() as session:
        do(city, session, city.actor("system"))
    for path in Path(tracker.web.__path__[0]).rglob("*.py"):
        names = {node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}
        assert name.partition(".")[2] not in names, path
