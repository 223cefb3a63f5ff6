"""What can be known of evidence without reading it: that it lacks, is too little, is the same or of another time."""

from datetime import date

import pytest

from tracker.domain.evidence_states import EvidenceState, Proof, evidence_state, files_needed

_WINDOW = (date(2022, 9, 1), date(2022, 10, 8))


def _state(*names: str, what: str = "通报文稿", known: tuple[str, ...] = (), before: bool = False) -> EvidenceState:
    proofs = [Proof(name, name) for name in names]
    return evidence_state(what, proofs, before=before, known=known, window=_WINDOW)


def test_what_is_not_there_lacks_unless_it_was_there_before() -> None:
    assert _state() is EvidenceState.LACKING
    assert _state(before=True) is EvidenceState.COMPLETE


@pytest.mark.parametrize(
    ("what", "needed"),
    [("现场照片3张", 3), ("两份情况报告", 2), ("10份简报", 10), ("3个项目清单", 1), ("通报文稿", 1), ("十张照片", 10)],
)
def test_only_a_printed_number_of_papers_or_pictures_is_counted(what: str, needed: int) -> None:
    assert files_needed(what) == needed
    assert _state(*"abcdefghij"[:needed], what=what) is EvidenceState.COMPLETE
    if needed > 1:
        assert _state(*"abcdefghij"[: needed - 1], what=what) is EvidenceState.TOO_FEW


@pytest.mark.parametrize(
    "name",
    ["2022-08-31通报.pdf", "20220831通报.pdf", "2022年8月31日通报.pdf", "2022年8月台账.xlsx", "通报2022.10.9.pdf"],
)
def test_a_day_in_a_name_that_is_of_another_time_is_told(name: str) -> None:
    assert _state(name) is EvidenceState.OUTSIDE
    assert _state(name, "通报.pdf") is EvidenceState.COMPLETE  # of the other nothing is known


@pytest.mark.parametrize(
    "name",
    [
        "2022-09-01通报.pdf",
        "20221008.pdf",
        "2022年9月台账.xlsx",
        "遂政办〔2022〕31号.pdf",
        "2021年度计划.pdf",
        "202208311号.pdf",
        "2022年2月30日.pdf",
        "8月台账.xlsx",
        "2022-08-31至2022-09-30台账.xlsx",
    ],
)
def test_nothing_is_guessed_of_a_name_that_tells_no_other_time(name: str) -> None:
    assert _state(name) is EvidenceState.COMPLETE


def test_files_that_all_stood_before_are_the_same() -> None:
    assert _state("a", "b", known=("a", "b")) is EvidenceState.SAME
    assert _state("a", "b", known=("a",)) is EvidenceState.COMPLETE
    once = evidence_state("方案", [Proof("a", "a")], before=True, known=("a",))
    assert once is EvidenceState.COMPLETE  # asked for once, it may be brought again
