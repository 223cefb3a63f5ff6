"""Sentences of a circular as an editor leaves them: each figure says what it counts, each unit stands behind a figure.

A sentence may be worded anew around its figures. What it asserts of them it may not lose: the words of the clause in
which the template puts a figure say what was counted (「按时{on_time}期」), so it stands only where these words stand
too, and nothing beside them that turns them round. Numbers, in whatever script, and names of units come from
figures; who writes one by hand asserts what nobody computed.
"""

import re
from collections.abc import Collection, Sequence

from tracker.domain.circulars.content import TOKEN, Content
from tracker.domain.circulars.proposals import named
from tracker.domain.circulars.typed import check_braces
from tracker.domain.errors import BadInput

# The ends of clauses: 「按时{on_time}期，迟报{late}期」 are two.
_CLAUSE_ENDS = re.compile(r"[，。；：、！？（）]")
# What turns an assertion round; 「未达序时」 and the like stand in the template's clause itself.
_NEGATIONS = re.compile(r"[未不没无非]")
_MEASURES = "个|项|份|期|家|次|名|人|条|件|户|成|倍|天|日|月|年|季度|周|元|亩|公里|工作日"
# What is counted too, of which 「一」 alone counts nothing: 一批, 一起, 一场.
_MORE_MEASURES = "所|处|座|台|套|栋|吨|米|辆|批|类|起|宗|笔|场|番|公顷|平方|立方"
_ONE_TO_NINE = "一二两三四五六七八九"
_NUMERALS = f"〇零{_ONE_TO_NINE}十百千万亿"
# Numbers in any script: 12, １２, ⑫, Ⅻ, 九十个, 十五所, 五十, 壹拾, 廿, 三分之一, 过半.
_DIGITS = re.compile(r"\d+")
_NUMBER_SIGNS = re.compile(r"[\u2150-\u218b\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3220-\u3229\u3280-\u3289]")
_SPELLED = re.compile(
    rf"[{_NUMERALS}]+分之[{_NUMERALS}点]+"
    rf"|[{_NUMERALS}]+(?:多|余|几)?(?:{_MEASURES})"
    rf"|[{_NUMERALS}]{{2,}}(?:多|余|几)?(?:{_MORE_MEASURES})?"
    rf"|[二两三四五六七八九十百千万亿](?:多|余|几)?(?:{_MORE_MEASURES})|翻(?:了)?[{_ONE_TO_NINE}]?番"
    r"|[壹贰叁肆伍陆柒捌玖拾佰仟]{2,}|[壹贰叁肆柒捌玖廿卅]|过半|[大小多]半|半数|一半"
)
# Numerals that count nothing: plans, congresses, and manners of speaking.
_NO_NUMBERS = re.compile(
    r"十[一二三四五]五(?=[”规时末]|期间)|党的(?:十[七八九]|二十)[大届]|万一|千万(?=[要不])|一一(?=[对落])|千百|万千"
)
_FEWEST_WORDS = 2


class DigitTyped(BadInput):
    """A sentence carries a number that is neither a figure nor in the template's words; facts: words."""

    code = "digit_typed"


class FigureMoved(BadInput):
    """A figure stands in words that do not say what it counts; facts: words, meaning."""

    code = "figure_moved"


class UnitTyped(BadInput):
    """A sentence names a unit by hand, which nothing that was computed puts there; facts: unit."""

    code = "unit_typed"


def check_sentence(words: str, *, content: Content, before: Sequence[str], units: Collection[str] = ()) -> None:
    """Refuse what asserts something that was not computed: figures, numbers and names stay bound to their facts.

    `before` are the template's sentences and those that were there: what stands in them may stay. `units` are the names
    of all units. A proposal to praise or to criticise stands in its own sentence, word for word. Raises
    UnknownToken, StrayBrace, DigitTyped, FigureMoved, UnitTyped.
    """
    content.fill(words)
    check_braces(words)
    namings = {one.statement for one in content.proposals}
    if words in namings:
        return
    _check_proposals(words, content)
    if words in before:
        return
    known = " ".join(before)
    _check_numbers(TOKEN.sub("", words), known)
    _check_names(TOKEN.sub("", words), known, units)
    _check_figures(words, content, before)


def _check_numbers(typed: str, known: str) -> None:
    """Refuse a number that is not among the template's. Raises DigitTyped."""
    counted, from_template = _NO_NUMBERS.sub("—", typed), _NO_NUMBERS.sub("—", known)
    for pattern in (_DIGITS, _NUMBER_SIGNS, _SPELLED):
        allowed = set(pattern.findall(from_template))
        for number in pattern.findall(counted):
            if number not in allowed:
                raise DigitTyped(words=number)


def _check_names(typed: str, known: str, units: Collection[str]) -> None:
    """Refuse the name of a unit that no figure puts there. Raises UnitTyped."""
    for unit in units:
        if unit in typed and unit not in known:
            raise UnitTyped(unit=unit)


def _check_proposals(words: str, content: Content) -> None:
    """Refuse a proposal in any words but its own, which say what becomes of it. Raises FigureMoved."""
    for one in named(content.proposals, [words]):
        figure = content.figures[one.key]
        raise FigureMoved(words=content.fill(words), meaning=figure.meaning)


def _check_figures(words: str, content: Content, before: Sequence[str]) -> None:
    """Refuse a figure outside of the words that say what it counts. Raises FigureMoved."""
    theirs = [clause for sentence in before for clause in _clauses(sentence)]
    for clause in _clauses(words):
        for token in TOKEN.findall(clause[-1]):
            if not any(_says_the_same(clause, other, token) for other in theirs):
                raise FigureMoved(words=content.fill(clause[-1]), meaning=content.figures[token].meaning)


def _clauses(sentence: str) -> list[tuple[str, str]]:
    """Return each clause with the one before it."""
    told = [part.strip() for part in _CLAUSE_ENDS.split(sentence)]
    return [(before, clause) for before, clause in zip(["", *told], told, strict=False) if clause]


def _says_the_same(clause: tuple[str, str], other: tuple[str, str], token: str) -> bool:
    """Tell whether a clause keeps the words in which the template puts a figure; short ones with those before them.

    What stands before the figure stays before it and what follows after it: of two in one clause neither takes the
    place of the other, 「由{was}份变为{now}份」.
    """
    place = f"{{{token}}}"
    if place not in other[1]:
        return False
    kept, wanted = _sides(clause[1], place), _sides(other[1], place)
    if len(wanted[0] + wanted[1]) < _FEWEST_WORDS:
        kept, wanted = (_around(clause[0]) + kept[0], kept[1]), (_around(other[0]) + wanted[0], wanted[1])
    turned = len(_NEGATIONS.findall("".join(kept))) != len(_NEGATIONS.findall("".join(wanted)))
    return not turned and all(map(_holds, kept, wanted))


def _sides(clause: str, place: str) -> tuple[str, str]:
    """Return the words before and after a figure's place."""
    before, _place, after = clause.partition(place)
    return _around(before), _around(after)


def _around(clause: str) -> str:
    return TOKEN.sub("", clause)


def _holds(words: str, wanted: str) -> bool:
    """Tell whether all that is wanted stands in the words, in its order."""
    signs = iter(words)
    return all(sign in signs for sign in wanted)
