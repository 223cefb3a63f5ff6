"""Words that state a fact, and words that state none: what a report says is weighed by them."""

import re

_NUMERAL = "〇零一二两三四五六七八九十百千万亿"
_COUNTED = "个家次项人名亩元吨台件份场户所村镇乡县区条处宗期届轮日月年号天周成倍米里座辆笔篇幅"
# 一 alone is mostly no number (进一步, 统一); it counts before a measure word, and nothing does in 十分、万一.
_CHINESE_NUMBER = re.compile(
    rf"百分之[{_NUMERAL}]|[{_NUMERAL}]{{2,}}(?<!万一)(?<!一一)|(?<![进统唯单同某])[{_NUMERAL}](?=[{_COUNTED}])"
)
_DOCUMENT = re.compile(r"《[^《》]+》")
_NOT_SAYING = re.compile(r"[\s，。、；：！,.;:!（）()]+")
_NO_CHANGE = re.compile(
    r"(?:\d{4}年)?(?:\d{1,2}月份?|第?[一二三四1-4]季度|本期|本月|本季度|本周|目前|暂时?|情况)*"
    r"(?:(?:无|没有|未有)(?:新的?|任何|明显)?(?:变化|情况|进展|变动|内容)|无|同上期?|同上(?:月|周|季度?|次)|"
    r"[与同]上(?:期|月|周|季度?|次)(?:相同|一致|一样)?)"
)


def states_fact(text: str) -> bool:
    """Tell whether words carry a fact: a digit of any script, a number in Chinese, or a document's title 《》."""
    return (
        any(character.isdigit() for character in text)
        or _CHINESE_NUMBER.search(text) is not None
        or _DOCUMENT.search(text) is not None
    )


def says_unchanged(text: str) -> bool | None:
    """Tell whether words say 「无变化」 and nothing else; None where there are no words."""
    words = _NOT_SAYING.sub("", text)
    return _NO_CHANGE.fullmatch(words) is not None if words else None
