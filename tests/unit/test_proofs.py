"""Files under the reports of a scenario: real, small, the same at any time, and they say what the report says."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from seeds.scenarios.proofs import Proof, attach
from seeds.scenarios.words import FACTS
from tracker.gateways.evidence_files import EvidenceFiles

PROOF = Proof(
    "会议纪要.docx", "驻马店市商务局", date(2022, 9, 9), "外贸 <稳增长>", "召开推进会1次 & 明确3项任务", "3.5亿元"
)


@pytest.fixture
def evidence(tmp_path: Path) -> EvidenceFiles:
    return EvidenceFiles(tmp_path)


@pytest.mark.parametrize("name", [*sorted({fact.proof for fact in FACTS}), "台账.xlsx"])
def test_a_file_is_small_and_the_same_whenever_it_is_made(evidence: EvidenceFiles, tmp_path: Path, name: str) -> None:
    proof = replace(PROOF, name=name)
    first = attach(proof, evidence=evidence)
    assert attach(proof, evidence=EvidenceFiles(tmp_path / "again")) == first
    assert attach(replace(proof, words="另一件事"), evidence=evidence).sha256 != first.sha256
    assert 1_000 < first.size_bytes < 20_000


def test_a_document_opens_and_says_what_the_report_says(evidence: EvidenceFiles) -> None:
    kept = attach(PROOF, evidence=evidence)
    with evidence.open(kept.sha256) as file:
        said = [paragraph.text for paragraph in Document(BytesIO(file.read())).paragraphs]
    assert said[0] == "会议纪要"
    assert f"事项：{PROOF.matter}" in said
    assert f"内容：{PROOF.words}" in said


def test_a_workbook_opens_and_says_what_the_report_says(evidence: EvidenceFiles) -> None:
    kept = attach(replace(PROOF, name="台账.xlsx"), evidence=evidence)
    with evidence.open(kept.sha256) as file:
        rows = list(load_workbook(BytesIO(file.read())).worksheets[0].values)
    assert rows[-1] == (PROOF.unit, "2022年9月9日", PROOF.matter, PROOF.words, PROOF.figures)
