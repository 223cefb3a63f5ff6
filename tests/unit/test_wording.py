"""Every refusal has a Chinese sentence of its own, and every code on a page a name."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tracker
import workers
from tracker.domain.accounts import Role
from tracker.domain.circulars.editions import EditionAction, TextAct
from tracker.domain.claims import CauseClass, Claim
from tracker.domain.errors import TrackerError
from tracker.domain.events.drafts import CorrectionAct
from tracker.domain.filings import FilingKind, Outcome, ReportKind, ReportState, RequestKind, ReturnReason
from tracker.domain.items import Basis, Bearer, CadenceKind, LeadBasis, Measure, QuestionTopic
from tracker.domain.lifecycle import AssignmentState, TaskState
from tracker.domain.owed import Paper, RowState
from tracker.domain.verifying import LeadOpinion
from tracker.wording import catalogue
from tracker.wording.catalogue import DRAFT_ACTS
from tracker.wording.codes import EDITION_ACTS, RETURN_REASONS, STATE_NAMES
from tracker.wording.notices import notice_reason
from tracker.wording.periods import period_label
from tracker.wording.refusals import ERROR_SENTENCES


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


def test_every_act_on_a_paper_has_a_name() -> None:
    assert set(EDITION_ACTS) == {act.value for act in (*EditionAction, *TextAct)}
    assert set(DRAFT_ACTS) == {act.value for act in CorrectionAct}


def test_every_code_on_a_page_has_a_name() -> None:
    named = {
        "REPORT_KINDS": ReportKind,
        "REPORT_STATES": ReportState,
        "FILING_KINDS": FilingKind,
        "REQUEST_KINDS": RequestKind,
        "OUTCOMES": Outcome,
        "LEAD_OPINIONS": LeadOpinion,
        "CLAIMS": Claim,
        "CAUSES": CauseClass,
        "PAPERS": Paper,
        "PAPER_COLOURS": Paper,
        "BEARERS": Bearer,
        "MEASURES": Measure,
        "TOPICS": QuestionTopic,
        "LEAD_BASES": LeadBasis,
        "BASES": Basis,
        "CADENCES": CadenceKind,
    }
    assert {name: set(getattr(catalogue, name)) for name in named} == {
        name: {member.value for member in codes} for name, codes in named.items()
    }
    assert set(RETURN_REASONS) == {reason.value for reason in ReturnReason}
    assert set(catalogue.ROLES) == set(Role) - {Role.SYSTEM}
    for machine, states in (("task", TaskState), ("assignment", AssignmentState), ("row", RowState)):
        assert {code for name, code in STATE_NAMES if name == machine} == set(states)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("2022-09T2", "2022年9月中旬"),
        ("D2025-12-31", "一次性，2025年12月31日（含）前"),
        ("closing", "收尾报告"),
        ("2022B5", "2022年9—10月"),
        ("T3", "第3号触发事件"),
    ],
)
def test_every_period_has_a_name(code: str, words: str) -> None:
    assert period_label(code) == words


def test_nobody_writes_a_day_without_deciding_about_its_year() -> None:
    """A reader in January takes 9月30日 for one to come; `month_day` and `full_date` are there for every sentence."""
    lines = {
        f"{path.name}: {line.strip()}"
        for package in (tracker, workers)
        for path in Path(package.__path__[0]).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\.month(?::\w+)?\}月|%-?m月", line) and not re.search(r"\.year|%Y|year_words\(", line)
    }
    assert lines == set()


@pytest.mark.parametrize("said", ["会议议定", "会议议定。", "会议议定；", " 会议议定. "])
def test_a_notice_ends_as_a_sentence_however_its_reason_was_written(said: str) -> None:
    assert notice_reason("task.cancelled", said=said) == "督查室撤销了该事项，不再报送。说明：会议议定。"
