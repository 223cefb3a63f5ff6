"""What spares a search loses nothing: whatever a pattern matches holds what is asked for before it is searched."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.domain.readings.layout import CELL
from tracker.inspection.files import decode_text
from tracker.intake.annotations import Notes, annotations
from tracker.intake.background import is_closing
from tracker.intake.cadences import _CADENCES
from tracker.intake.day_forms import DAY_FORMS
from tracker.intake.duty_words import FIELDS, LABEL_ALONE, NOISE, TAIL, VERB, labels, verb_behind, without_tail
from tracker.intake.evidence import _OTHER_FORMS
from tracker.intake.guards import holds_any
from tracker.intake.outline import _MARKS, outline
from tracker.intake.possible import _AIM, _DAY
from tracker.intake.prefixes import _GOVERNED, _NO_PLACE, places_in
from tracker.intake.quantities import AT_MOST, BARE_MONEY, DIGIT, MORE_THAN, QUANTITY, RANKED, WRITTEN
from tracker.intake.responsibility import _FOLLOWING
from tracker.intake.second_look import _ACTS, _DAYS, _NUMBERS, _RHYTHM

_ROOT = Path(__file__).parents[2]
TEXTS = [
    decode_text(path.read_bytes()) or ""
    for folder in ("seeds/documents", "tests/data/intake")
    for path in sorted((_ROOT / folder).rglob("*.txt"))
]
LINES = sorted({line for text in TEXTS for line in text.split("\n")})
# Half of one line before half of another makes words meet that stand apart.
GLUED = [before[len(before) // 2 :] + after[: len(after) // 2] for before, after in pairwise(LINES)]
ASKED_BEFORE = [
    *((words, pattern) for _, words, pattern in (*_CADENCES, *DAY_FORMS, *_OTHER_FORMS)),
    (("列", "排", "下同"), NOISE),
    (("不再",), _FOLLOWING),
    (("万", "亿"), BARE_MONEY),
    (("前",), RANKED),
]
LOOK_AHEAD = [
    *(_ACTS, _RHYTHM, _DAYS, _NUMBERS, WRITTEN, AT_MOST, MORE_THAN, _AIM, _DAY),
    *(form for *_, form in DAY_FORMS if form.pattern.startswith("(?=[")),
]
_SOME = settings(max_examples=80, deadline=None, suppress_health_check=[*HealthCheck])
_MANY = settings(max_examples=400, deadline=None, suppress_health_check=[*HealthCheck])


def _matches(pattern: re.Pattern[str], *, fullmatch: bool = False) -> st.SearchStrategy[str]:
    return st.from_regex(re.compile(pattern.pattern, pattern.flags), fullmatch=fullmatch)


@pytest.mark.parametrize(("words", "pattern"), ASKED_BEFORE)
def test_what_is_asked_for_stands_in_every_match(words: tuple[str, ...], pattern: re.Pattern[str]) -> None:
    @_SOME
    @given(_matches(pattern))
    def hold(text: str) -> None:
        found = pattern.search(text)
        assert found is None or holds_any(found.string, words)

    hold()


@pytest.mark.parametrize("pattern", LOOK_AHEAD)
def test_the_first_characters_that_are_looked_for_are_all_that_may_begin_a_match(pattern: re.Pattern[str]) -> None:
    ahead, _, rest = pattern.pattern.partition("])")
    assert ahead.startswith("(?=[")
    freely = re.compile(rest, pattern.flags)

    @_SOME
    @given(st.from_regex(freely))
    def same(text: str) -> None:
        assert [each.span() for each in pattern.finditer(text)] == [each.span() for each in freely.finditer(text)]

    same()


@_MANY
@given(_matches(LABEL_ALONE, fullmatch=True), st.sampled_from(["{}：", "{}:市局", "【{}】", "〔{}〕：", "{}——市局"]))
def test_every_label_is_found_behind_whichever_words(label: str, closed: str) -> None:
    words = "。" + closed.format(label)
    assert labels(words)
    assert [each.span() for each in labels(words)] == [each.span() for each in FIELDS.finditer(words)]


@_MANY
@given(_matches(VERB), _matches(TAIL))
def test_the_words_behind_a_list_are_seen_by_their_last_character(verb: str, tail: str) -> None:
    assert verb_behind(verb) is not None
    assert without_tail(tail) == TAIL.sub("", tail)


@pytest.mark.parametrize(("kind", "pattern"), _MARKS)
def test_every_mark_of_a_number_is_seen_by_its_first_character(kind: str, pattern: re.Pattern[str]) -> None:
    @_SOME
    @given(_matches(pattern))
    def marked(line: str) -> None:
        first = line.split("\n")[0].replace(CELL, " ")
        assert pattern.match(first) is None or len(outline(first)) == 1, kind

    marked()


def test_guarded_searches_find_what_the_bare_patterns_find_in_real_lines() -> None:
    for line in (*LINES, *GLUED):
        assert [each.span() for each in labels(line)] == [each.span() for each in FIELDS.finditer(line)]
        assert bool(verb_behind(line)) == bool(VERB.search(line))
        assert without_tail(line) == TAIL.sub("", line)
        assert DIGIT.search(line) or not (QUANTITY.search(line) or BARE_MONEY.search(line))
        assert annotations(line) == annotations(line + "\n") == Notes(f"{line}\n\n").within(0, len(line) + 2)
    for text in TEXTS:
        assert places_in(text) == {name for name in _GOVERNED.findall(text) if not _NO_PLACE.search(name)}


@pytest.mark.parametrize(
    ("line", "closes"),
    [
        ("青禾市人民政府办公室", True),
        ("二〇二二年八月十三日", True),
        ("附件：任务表", True),
        ("市商务局，市财政局", False),
    ],
)
def test_a_closing_line_is_known_by_its_end(line: str, closes: bool) -> None:
    assert is_closing(line) is closes
