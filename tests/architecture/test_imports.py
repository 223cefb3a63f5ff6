"""The walls of the house hold: what may not import what is planted once, and `make lint` would refuse it."""

from copy import deepcopy
from functools import cache
from pathlib import Path

import grimp
import pytest
from importlinter.api import read_configuration
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract
from importlinter.domain.contract import Contract

_CONFIGURATION = Path(__file__).parents[2] / "pyproject.toml"
_KINDS: dict[str, type[Contract]] = {
    "layers": LayersContract,
    "acyclic_siblings": AcyclicSiblingsContract,
    "protected": ProtectedContract,
    "forbidden": ForbiddenContract,
    "independence": IndependenceContract,
}
_PLANTED = (
    ("tracker.domain.owed", "tracker.wording.codes"),
    ("tracker.domain.owed", "tracker.store.database"),
    ("tracker.domain.owed", "sqlmodel"),
    ("tracker.domain.owed", "pydantic"),
    ("tracker.domain.owed", "flask"),
    ("tracker.domain.owed", "jinja2"),
    ("tracker.intake.segments", "tracker.store.tables.documents"),
    ("tracker.intake.segments", "sqlmodel"),
    ("tracker.intake.segments", "docx"),
    ("tracker.wording.codes", "tracker.web.presentation"),
    ("tracker.wording.codes", "tracker.store.database"),
    ("tracker.paper.official", "tracker.web.app"),
    ("tracker.paper.official", "tracker.store.database"),
    ("tracker.paper.official", "sqlmodel"),
    ("tracker.store.queries.work", "tracker.gateways.clock"),
    ("tracker.store.queries.work", "tracker.usecases.filing"),
    ("tracker.store.queries.work", "tracker.store.history.fold"),
    ("tracker.store.tables.tasks", "tracker.paper.official"),
    ("tracker.gateways.mail", "tracker.usecases.filing"),
    ("tracker.usecases.filing", "tracker.web.app"),
    ("tracker.usecases.filing", "tracker.usecases.issuing"),
    ("tracker.steps.settling", "tracker.usecases.filing"),
    ("tracker.steps.settling", "tracker.gateways.mail"),
    ("tracker.web.app", "tracker.steps.settling"),
    ("workers.dispatch", "tracker.steps.settling"),
    ("tracker.usecases.filing", "tracker.gateways.mail"),
    ("tracker.usecases.filing", "tracker.paper.official"),
    ("tracker.usecases.filing", "flask"),
    ("tracker.usecases.filing", "redis"),
    ("tracker.usecases.filing", "smtplib"),
    ("tracker.usecases.filing", "structlog"),
    ("tracker.usecases.filing", "logging"),
    ("tracker.web.errors", "lxml"),
    ("tracker.usecases.filing", "tracker.bootstrap"),
    ("tracker.services", "tracker.bootstrap"),
    ("tracker.cli.commands", "tracker.web.app"),
    ("tracker.web.app", "tracker.cli.commands"),
    ("tracker.web.app", "tracker.bootstrap"),
    ("tracker.web.app", "workers.dispatch"),
    ("tracker.web.app", "seeds.demonstration"),
    ("tracker.web.app", "redis"),
    ("tracker.web.app", "dramatiq"),
    ("tracker.web.app", "openpyxl"),
    ("tracker.web.app", "docx"),
    ("tracker.web.app", "alembic"),
    ("workers.dispatch", "flask"),
    ("seeds.registry", "tracker.cli.commands"),
)


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph("tracker", "workers", "seeds", include_external_packages=True, cache_dir=None)


@cache
def _contracts() -> tuple[Contract, ...]:
    read = read_configuration(str(_CONFIGURATION))
    session = read["session_options"]
    return tuple(_KINDS[one["type"]](one["name"], session, one) for one in read["contracts_options"])


def _is_refused(graph: grimp.ImportGraph) -> bool:
    return any(not contract.check(deepcopy(graph), verbose=False).kept for contract in _contracts())


def test_the_house_is_as_its_plan_says() -> None:
    assert not _is_refused(_graph())


@pytest.mark.parametrize(("importer", "imported"), _PLANTED)
def test_an_import_through_a_wall_is_refused(importer: str, imported: str) -> None:
    graph = deepcopy(_graph())
    assert {importer, imported} <= graph.modules, "the planted import must be one that could be written"
    graph.add_import(importer=importer, imported=imported)
    assert _is_refused(graph)


def test_a_room_without_a_place_in_the_plan_is_refused() -> None:
    graph = deepcopy(_graph())
    graph.add_module("tracker.utils")
    assert _is_refused(graph)
