"""A scheme's file: what is refused, and that 53号 says what its document prints."""

from decimal import Decimal
from pathlib import Path

import pytest

from seeds.registry import SEEDS, load_registry
from tests.support.random_months import SCHEME
from tests.support.small_scheme import SMALL_SCHEME, SMALL_TEXT
from tracker.domain.scoring.marks import CasesMark, RankMark
from tracker.gateways.schemes import BadScheme, load_scheme

_MARKS = {mark.code: mark for _, mark in SCHEME.marks()}


def _load(folder: Path, scheme: str, text: str = SMALL_TEXT) -> None:
    (folder / "scheme.toml").write_text(scheme, encoding="utf-8")
    (folder / "text.txt").write_text(text, encoding="utf-8")
    load_scheme(folder / "scheme.toml", text=folder / "text.txt")


@pytest.mark.parametrize(
    ("printed", "changed", "refusal"),
    [
        ('title = "项目情况"\nfull = 8', 'title = "项目情况"\nfull = 9', "item 1-1: its marks add up to 8, not 9"),
        ('title = "考评细则"\nfull = 10', 'title = "考评细则"\nfull = 11', "annex 1: its items add up to 10, not 11"),
        ("full = 10", "full = 100", "the annexes add up to 10, not 100"),
        ("项目个数和开工率排名计分", "项目个数和竣工率排名计分", "source 1 does not stand in text.txt"),
        ("[[1, 1, 5], [2, 2, 3]]", "[[1, 1, 5]]", "its bands have each of the 2 places once"),
        ("[[1, 1, 5], [2, 2, 3]]", "[[1, 1, 4], [2, 2, 3]]", "its first band gets the full marks"),
        ("[[1, 1, 5], [2, 2, 3]]", "[[1, 1, 5], [2, 2, 6]]", "a better band gets more"),
        ('metrics = ["rate"]', 'metrics = ["ratio"]', "no metric ratio"),
        ('base = "planned"', "", "a rate needs a base"),
        ('figure = "started"', 'figure = "begun"', "no figure begun"),
        ('point = "zero_base"', 'point = "case_size"', "1-1-rate: zero_base is said 0 times"),
        ('point = "ties"', 'point = "office"', "1-1-count: ties is said 0 times"),
        ('choice = "dense"', 'choice = "nought"', "unknown choice nought"),
        ('bands = "3"', 'bands = "9"', "no source or bands '9'"),
        ("each = -1", "each = -1, often = 2", "often"),
        ('choice = "tie"', 'choice = "tie"\ncovers = ["1-2-cases"]', "covers what does not hang on all_zero"),
        ("floor = 0\n", "", "1-2-cases: floor is said 0 times"),
    ],
)
def test_a_scheme_that_contradicts_itself_is_refused_with_the_reason(
    tmp_path: Path, printed: str, changed: str, refusal: str
) -> None:
    assert printed in SMALL_SCHEME
    with pytest.raises(BadScheme, match=r"^scheme\.toml: ") as refused:
        _load(tmp_path, SMALL_SCHEME.replace(printed, changed, 1))
    assert refusal in str(refused.value)


def test_a_scheme_that_adds_up_is_taken(tmp_path: Path) -> None:
    _load(tmp_path, SMALL_SCHEME)


def test_the_annexes_of_53_have_60_25_and_15_marks() -> None:
    assert [(one.label, one.full) for one in SCHEME.annexes if one.full] == [
        ("附件1", Decimal(60)),
        ("附件2", Decimal(25)),
        ("附件3", Decimal(15)),
    ]
    printed = [4, 6, 15, 10, 2, 2, 2, 2, 2, 2, 3, 2, 8]
    assert [item.full for item in SCHEME.annexes[0].items if item.full] == printed


def test_every_unit_that_53_names_is_in_the_registry() -> None:
    known = {one.code for one in load_registry(SEEDS / "units.toml").units}
    told = {one.unit for one in SCHEME.objects} | {one.supplier for one in SCHEME.figures if one.supplier}
    for mark in _MARKS.values():
        told |= {*mark.roles.supplies, *mark.roles.ranks, *mark.roles.marks, *mark.roles.confirms}
    assert told | {SCHEME.organiser} <= known
    assert len(SCHEME.objects) == 13


@pytest.mark.parametrize(
    ("mark", "ranks", "marks"),
    [
        ("1-1-reserve", (), ("fagaiwei",)),
        ("1-2-count", ("zhaoshangju",), ("fagaiwei",)),
        ("1-9-rates", ("gongxinju",), ("gongxinju",)),
        ("1-10-count", ("shangwuju",), ("shangwuju",)),
        ("1-11-growth", ("fagaiwei",), ("fagaiwei",)),
        ("1-13-land", ("ziranziyuanju",), ("fagaiwei",)),
        ("2-3-rate", (), ()),
    ],
)
def test_who_ranks_and_who_marks_is_as_printed(mark: str, ranks: tuple[str, ...], marks: tuple[str, ...]) -> None:
    assert (_MARKS[mark].roles.ranks, _MARKS[mark].roles.marks) == (ranks, marks)


def test_the_statistics_bureau_supplies_and_the_project_office_confirms() -> None:
    assert _MARKS["1-11-growth"].roles.supplies == _MARKS["1-12-both"].roles.supplies == ("tongjiju",)
    confirmed = {code for code, mark in _MARKS.items() if mark.roles.confirms == ("zhongdaxiangmuban",)}
    assert confirmed == {code for code in _MARKS if code.startswith(("2-2-", "3-2-"))}


def test_bands_belong_to_items() -> None:
    def marks(code: str) -> list[str]:
        mark = _MARKS[code]
        assert isinstance(mark, RankMark)
        return [str(band.marks) for band in mark.bands]

    assert marks("1-5-rates") == ["2", "1.6", "1.2", "0.8"]
    assert marks("2-2-started") == ["2", "1.5", "1", "0.5"]
    assert marks("1-3-count") == marks("2-3-rate") == ["1.5", "1.2", "0.9", "0.6"]
    assert marks("3-3-rate") == ["1", "0.8", "0.6", "0.4"]


def test_each_mark_has_a_sentence_with_its_number_in_it() -> None:
    for code, mark in _MARKS.items():
        told = "".join(source.sentence for source in mark.sources)
        if isinstance(mark, RankMark) and not code.startswith("1-13"):
            assert f"得{mark.full}分" in told, code
        if isinstance(mark, CasesMark) and mark.code.endswith("-cases"):
            assert all(case.name[:4].strip("被受获") in told for case in mark.cases), code


def test_the_paper_on_the_reading_lists_each_question() -> None:
    told = (SEEDS.parent / "docs" / "evaluation.md").read_text(encoding="utf-8")
    assert [one.code for one in SCHEME.questions if f"`{one.code}`" not in told] == []
