"""The small changes that `make mutants` tries, and the tests it tries them against."""

import pytest

from tests.mutants.__main__ import stale
from tests.mutants.mutations import Mutant, mutants_of
from tests.mutants.trying import RecordedTest, nearest

_MEMBERS = {"Role": ["OFFICE", "LEADER"]}


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("return due_at <= now", {"return due_at < now"}),
        ("return state not in ended", {"return state in ended"}),
        ("return (here) is (there)", {"return (here) is not (there)"}),
        ("return here and there", {"return here or there"}),
        ("return not (here or there)", {"return (here or there)", "return not (here and there)"}),
        ("return days + grace", {"return days - grace"}),
        ("return days[1]", {"return days[0]", "return days[2]"}),
        ("return row.id or 0", {"return row.id and 0"}),
        ("return told(late=True)", {"return told(late=False)"}),
        ("require_role(actor)", {"None"}),
        ("if over: raise Refused(over)", {"if False: raise Refused(over)"}),
        ("return seen(Role.OFFICE)", {"return seen(Role.LEADER)"}),
        ('return ended(cause="task_archived")', {'return ended(cause="another_cause")'}),
        ("return every.where(own, *more)", {"return every.where(ANY, *more)", "return every.where(own, *())"}),
    ],
)
def test_a_line_is_changed_in_the_ways_that_people_err(line: str, changed: set[str]) -> None:
    source = f'def decide() -> int:\n    """Decide about 「交办」 on 1 < 2."""\n    {line}\n'
    found = list(mutants_of("tracker/domain/owed.py", source.encode(), members=_MEMBERS))
    shown = {mutant.change.partition("  →  ")[2].replace('__import__("sqlalchemy").true()', "ANY") for mutant in found}
    assert shown == changed
    assert {mutant.where for mutant in found} == {"tracker.domain.owed.decide"}


def test_nothing_is_returned_where_the_function_may() -> None:
    source = b"def due() -> date | None:\n    return day\ndef now() -> date:\n    return day\n"
    assert [mutant.line for mutant in mutants_of("tracker/domain/owed.py", source, members={})] == [2]


def test_the_tests_named_like_the_module_come_first_then_those_that_run_least() -> None:
    mutant = _mutant("tracker.domain.owed.due")
    tests = [
        _test("tests/unit/test_progress.py::wide", ran=("tracker.domain.owed.due", "other")),
        _test("tests/unit/test_progress.py::near", ran=("tracker.domain.owed.due",)),
        _test("tests/unit/test_owed.py::own", ran=("tracker.domain.owed.due", "other", "another")),
        _test("tests/unit/test_owed.py::elsewhere", ran=("tracker.domain.owed.late",)),
        _test("tests/unit/test_progress.py::long", ran=("tracker.domain.owed.due",), took_s=1000),
    ]
    own, *others = nearest(tests, mutant)
    assert own == "tests/unit/test_owed.py::own"
    assert others == ["tests/unit/test_progress.py::near", "tests/unit/test_progress.py::wide"]


def test_what_stands_outside_of_functions_is_tried_against_all_tests_of_its_module() -> None:
    tests = [
        _test("tests/unit/test_owed.py::own", ran=("tracker.domain.owed.late",)),
        _test("tests/unit/test_lights.py::foreign", ran=("tracker.domain.lights.light",)),
    ]
    assert nearest(tests, _mutant("tracker.domain.owed")) == ["tests/unit/test_owed.py::own"]


def test_an_accepted_survivor_that_is_noticed_or_no_more_is_named() -> None:
    alive, killed, gone = ("f", "1  →  2"), ("g", "1  →  2"), ("h", "1  →  2")
    told = list(stale([alive, killed, gone], possible={alive, killed}, noticed={killed}))
    assert told == ["accepted.toml: g: 1  →  2 is noticed now", "accepted.toml: h: 1  →  2 is no more"]


def _mutant(where: str) -> Mutant:
    return Mutant("tracker/domain/owed.py", line=1, lines=range(1, 2), where=where, change="", source=b"")


def _test(name: str, *, ran: tuple[str, ...], took_s: float = 0.1) -> RecordedTest:
    return RecordedTest(name, took_s=took_s, ran=frozenset(ran))
