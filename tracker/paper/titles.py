"""Breaks a title 「标题」 into lines at words, shaped as a trapezoid or a diamond. Source: GB/T 9704-2012, 7.3.1.

Of a title that names several organs each name is one word; where no shape lets that be, the names go before the shape.
"""

import math
import re
from functools import lru_cache
from itertools import accumulate, pairwise

from tracker.domain.entered import LONGEST_TITLE

LONGEST_LINE = 20
# Of a 二号 digit or letter, in characters: wide faces draw them a little wider than half.
_NARROW = 0.56
# What Word puts between Chinese characters and digits or letters (autoSpaceDE and autoSpaceDN, on where nothing says
# otherwise): a quarter of a character.
_BESIDE_CHINESE = 0.25
_ANOTHER_LINE = 8.0
_NEVER_FIRST = "的了等年月、，。）》”：；一之与和及号"
_NEVER_LAST = "（《“关第的与和及对"
_WORDS = re.compile(
    "人民政府|办公室|办公厅|委员会|领导小组|管理局|协调推进|重点项目|重大项目|行动计划|重点工作|推进情况|办理情况|落实情况|进展情况|完成情况|督查|通报|专报|督办|通知|催办|交办|整改"
    "|任务|分解|逾期|事项|工作|方案|计划|办法|意见|若干|措施|政策|行动|实施|印发|转发|重点|活动|提升|保障|关于|开展|加强|推进|促进|建设|管理|考评|考核|月度|年度|季度"
    "|项目|招商|引资|开放|扩大|对外|优化|营商|环境|科技|创新|生态|林业|有害|生物|灾害|应急|预案|残疾|预防|绿化|科学|物流|运输|中小|企业|发展|经济|市场"
    "|监督|责任|单位|部门|情况|结果|整体|全市|驻马店|城乡|一体化|示范区|开发区|农业|农村|卫生|健康|教育|交通|自然|资源|规划|住房|城市|安全|生产|国家|省级|市级"
    "|[0-9]+年(?:[0-9]+月(?:[0-9]+日)?)?|[0-9]+月(?:[0-9]+日)?|[0-9]+|〔[0-9]+〕|[A-Za-z]+"
)


def title_lines(title: str) -> list[str]:
    """Return the lines, at most 20 characters wide, the fewest that fit; widths fall, rise or rise and fall."""
    return list(_broken(title))


@lru_cache(maxsize=256)
def _broken(title: str) -> tuple[str, ...]:
    count = max(1, math.ceil(line_width(title) / LONGEST_LINE))
    if count == 1:
        return (title,)
    if len(title) > LONGEST_TITLE:  # nobody writes one, and what its best shape is takes minutes to find
        return _cut_off(title)
    inside = {place for word in _WORDS.finditer(title) for place in range(word.start() + 1, word.end())}
    whole = _inside_names(title)
    for kept, shaped in ((whole, True), (whole, False)) if whole else ((whole, True),):
        found = [
            (cost + _ANOTHER_LINE * more, cuts)
            for more in range(4 if whole else 3)
            for cost, cuts in [_best_cuts(title, count + more, inside, kept, shaped=shaped)]
            if cuts
        ]
        if found:
            edges = (0, *min(found)[1], len(title))
            return tuple(title[a:b].strip() if whole else title[a:b] for a, b in pairwise(edges))
    return _cut_off(title)


def _cut_off(title: str) -> tuple[str, ...]:
    return tuple(title[n : n + LONGEST_LINE] for n in range(0, len(title), LONGEST_LINE))


def _inside_names(title: str) -> frozenset[int]:
    """Return the places within names of organs, of a title that begins with several: a blank stands between two."""
    head = title.partition("关于")[0]
    if " " not in head.strip():
        return frozenset()
    return frozenset(place for place in range(1, len(head)) if title[place - 1] != " ")


def _best_cuts(
    title: str, lines: int, inside: set[int], whole: frozenset[int], *, shaped: bool
) -> tuple[float, tuple[int, ...]]:
    """Return the cheapest cuts and their price, none where no shape fits; no cut is in `whole`.

    Searched from left to right; a state is (place, last length, falling yet). Not `shaped`: any lengths do.
    """
    length = len(title)
    spaces = [0.0, *(_space(*pair) for pair in pairwise(title))]  # before each place; none where a line begins there
    ends_at = [0.0, *accumulate(line_width(one) + space for one, space in zip(title, spaces, strict=True))]
    ideal = ends_at[-1] / lines
    states: dict[tuple[int, float, bool], tuple[float, tuple[int, ...]]] = {(0, 0, False): (0.0, ())}
    for line in range(lines):
        following: dict[tuple[int, float, bool], tuple[float, tuple[int, ...]]] = {}
        for (place, last, falling), (cost, cuts) in states.items():
            ends = [length] if line == lines - 1 else range(place + 2, length)
            for end in ends:
                size = (
                    ends_at[end] - ends_at[place] - spaces[place] - (_NARROW if whole and title[end - 1] == " " else 0)
                )
                if size > LONGEST_LINE:
                    break
                if size < 2 or end in whole or (shaped and (size == last or (falling and size > last))):
                    continue
                price = cost + abs(size - ideal) + (_price(title, end, inside) if end < length else 0)
                key = (end, size, falling or bool(last and size < last))
                if key not in following or price < following[key][0]:
                    following[key] = (price, (*cuts, end))
        states = following
    done = [found for (place, _, _), found in states.items() if place == length]
    cost, cuts = min(done, default=(0.0, ()))
    return cost, cuts[:-1]


def _price(title: str, cut: int, inside: set[int]) -> float:
    """Return what a cut costs: inside a word or beside a mark that may not begin or end a line is dear.

    A document's name stays on one line where it can, what is quoted in it wherever there is another place.
    """
    if title[cut] in _NEVER_FIRST or title[cut - 1] in _NEVER_LAST:
        return 60.0
    if cut in inside:
        return 40.0
    if title[:cut].endswith("关于") or title[cut] in "市县区省":
        return 20.0
    if title.rfind("“", 0, cut) > title.rfind("”", 0, cut):
        return 30.0
    if title.rfind("《", 0, cut) > title.rfind("》", 0, cut):
        return 22.0
    return -5.0 if title.startswith("关于", cut) or title[cut - 1] == "》" else 0.0


def line_width(text: str) -> float:
    """Return how many characters wide a line of a title is, with the space that Word puts beside digits and letters."""
    return sum(_NARROW if one.isascii() else 1.0 for one in text) + sum(_space(*pair) for pair in pairwise(text))


def _space(one: str, other: str) -> float:
    """Return how wide the space is between two characters that Word sets side by side."""
    kinds = {(_is_chinese(one), _is_latin(one)), (_is_chinese(other), _is_latin(other))}
    return _BESIDE_CHINESE if kinds == {(True, False), (False, True)} else 0.0


def _is_chinese(one: str) -> bool:
    return "\u4e00" <= one <= "\u9fff"


def _is_latin(one: str) -> bool:
    return one.isascii() and one.isalnum()
