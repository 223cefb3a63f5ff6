"""Lists of names 「单位名单」: how they are parted where no plain mark parts them, and which names are doubtful."""

import re
from functools import lru_cache

from tracker.intake.expressions import expression

# Names that were printed with spaces or nothing at all between them: 市商务局市财政局.
# e.g. 市商务局市财政局
# but not 市城市管理局
# but not 市政府市场监管局
_RUN_TOGETHER = expression(
    r"(?<=[局委办厅会府心])(?=市(?!场|区|级|直|政|容|域|属)[\u4e00-\u9fff]{2,12}(?:局|委|办|厅|会|府|心))"
)
# e.g. 市公安局和市财政局
# but not 市文化广电和旅游局
_AND = expression(
    r"(?<=[\u4e00-\u9fff]{2}[局厅署])[和及与](?=[\u4e00-\u9fff]{2,14}(?:局|委|办|厅|部|会|中心|政府)$)"
    r"|(?<=[\u4e00-\u9fff]{2}(?:公室|理局|革委|康委|商务|管会|监会|合会))[和及与](?=[市省县区][\u4e00-\u9fff]{2,14}(?:局|委|办|厅|部|会|中心|政府)$)"
)
# e.g. 市公安局/市财政局
_SLASH = expression(r"\s*[/／|]\s*(?=[\u4e00-\u9fff])")
# e.g. 市公安局 市财政局
_BLANK = expression(r"(?<=[\u4e00-\u9fff）)])[ \u3000]+(?=[\u4e00-\u9fff])")
# The last body of a list and those that stand behind it unnamed.
# e.g. 市财政局等有关部门
# e.g. 市卫健委等12个部门
# e.g. 海关总署等国务院相关部门
AND_OTHERS = expression(
    r"^(?P<name>[\u4e00-\u9fff（）()“”]{2,30}?)等(?P<rest>(?:\d{1,2}个|[一二三四五六七八九十]{1,2}个)?"
    r"(?:[市省县区]直|国务院|中央)?(?:各|有关|相关|其他|责任|成员)?(?:职能)?(?:部门|单位|地区|方面|企业|机构))$"
)
# Of two places that share what governs them only the last prints it.
# e.g. 柳东、柳西区政府
# e.g. 河口、临江两区政府
_SHARED = expression(
    r"^(?P<first>[\u4e00-\u9fff]{2,3}(?:[、和][\u4e00-\u9fff]{2,3})*)[、和](?P<last>[\u4e00-\u9fff]{2,3}?)"
    r"(?:[两二三四五六七八九十])?"
    r"(?P<kind>[县区市旗](?:人民政府|政府))$"
)
# How no name begins or what none holds; whoever reads it finds words of a sentence.
# e.g. 若项目经市住建局
_NO_NAME = expression(
    r"^(?:若|如(?!皋|东)|经(?!济|开|信|贸|合|发|营|管)|对(?!外|口|台)|在(?!京)|将(?!乐)|为|把|并|或|但|因|均|应(?!急|城|县)|不|且(?!末)|其(?!他)|可(?!再)|进一步|推进|加快|加强|完成|做好|负责)|[\d：:；;。？！]|不再|以下|均需"
)
_CHARACTER = expression("[\u4e00-\u9fffA-Za-z]")  # e.g. 市
_OPENING, _CLOSING = "（(【[〔［", "）)】]〕］"
_LONGEST_NAME = 24


def parted(words: str) -> str:
    """Return a list of names with 、 wherever another mark, a blank or nothing parts two bodies."""
    words = _SLASH.sub("、", words)
    words = _BLANK.sub("、", words)
    words = _RUN_TOGETHER.sub("、", words)
    return _AND.sub("、", words)


def in_full(chunk: str) -> str:
    """Return a list of places that share what governs them with each name in full: 柳东区政府、柳西区政府."""
    found = _SHARED.match(chunk)
    if found is None or any(mark in chunk for mark in "各县州盟" if mark != found["kind"][0]):
        return chunk
    firsts = [part for part in re.split("[、和]", found["first"]) if part]  # e.g. 柳东、柳西
    if any(part[-1] in "县区市旗镇乡" for part in firsts):
        return chunk
    return "、".join([*(part + found["kind"] for part in firsts), found["last"] + found["kind"]])


def whole(name: str) -> str:
    """Return a name without a bracket at its edge that nothing in it opens or closes."""
    if _is_balanced(name):
        return name
    return name.rstrip(_CLOSING).lstrip(_OPENING)


@lru_cache(2048)  # as of names of bodies
def is_doubtful(name: str) -> bool:
    """Say whether a name holds what no name of a body holds."""
    return (
        not _is_balanced(name)
        or not _CHARACTER.search(name)
        or len(name) > _LONGEST_NAME
        or bool(_NO_NAME.search(name))
    )


def _is_balanced(name: str) -> bool:
    """Say whether as many brackets open as close; nearly all names are nothing but words."""
    return name.isalpha() or sum(map(name.count, _OPENING)) == sum(map(name.count, _CLOSING))
