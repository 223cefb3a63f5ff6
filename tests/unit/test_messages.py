"""Every refusal has a Chinese sentence of its own, and every code on a page a name."""

import importlib
import pkgutil
from collections.abc import Iterator

import tracker
import workers
from tracker.domain.accounts import Role
from tracker.domain.errors import TrackerError
from tracker.domain.items import Basis, CadenceKind, LeadBasis
from tracker.domain.lifecycle import AssignmentState, PeriodState, TaskState
from tracker.domain.reports import NilReason, ReportKind, ReportState
from tracker.messages import ERROR_SENTENCES, STATE_NAMES
from tracker.web import catalogue


def _every_error(base: type[TrackerError]) -> Iterator[type[TrackerError]]:
    for error in base.__subclasses__():
        yield error
        yield from _every_error(error)


def test_every_error_code_has_a_sentence() -> None:
    for package in (tracker, workers):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name and module.name not in ("workers.run", "workers.stop", "workers.actors"):
                importlib.import_module(module.name)
    ours = {error for error in _every_error(TrackerError) if error.__module__.startswith(("tracker.", "workers."))}
    assert {error.code for error in ours} - set(ERROR_SENTENCES) == set()


def test_every_code_on_a_page_has_a_name() -> None:
    assert set(catalogue.NIL_REASONS) == set(NilReason)
    assert set(catalogue.REPORT_KINDS) == set(ReportKind)
    assert set(catalogue.REPORT_STATES) == set(ReportState)
    assert set(catalogue.LEAD_BASES) == set(LeadBasis)
    assert set(catalogue.BASES) == set(Basis)
    assert set(catalogue.CADENCES) == set(CadenceKind)
    assert set(catalogue.ROLES) == set(Role) - {Role.SYSTEM}
    for machine, states in (("task", TaskState), ("assignment", AssignmentState), ("period", PeriodState)):
        assert {code for name, code in STATE_NAMES if name == machine} == set(states)
