"""Bodies 「单位」: what names of bodies, of collectives and of places look like, and how lists of them are split."""

import re
from functools import lru_cache

from tracker.intake.expressions import expression
from tracker.intake.guards import holds_any
from tracker.intake.lists_of_names import AND_OTHERS, in_full, parted

# The last word of a name; a longer one that ends in another of them needs no mention: 委员会, 总局, 指挥部, 学院.
SUFFIX = (
    "局|委|办|部|厅|署|院|会|社|行|公司|中心|政府|学校|大学|集团|残联|妇联|侨联|文联|工商联|科协|作协|社科联|馆|站|所"
    "|室|段|海关|街道|单位|部门|机构|企业|中央|军分区|台|处|队|领导小组|专班|园区|示范区|开发区|高新区|乡|镇|院校"
    "|高校|城投|供电"
)
_NAME = r"[\u4e00-\u9fffA-Za-z（）()、·“”]{1,40}"
# What tells one kind of zone from another names none of them.
_KIND_OF_ZONE = (
    "经济技术|经济|高新技术|高新|技术|产业|工业|城乡一体化|一体化|现代|农业|综合|省级|国家级|市级|循环|化工|旅游|生态|文化"
    "|科技|功能|物流|集聚|示范|开发|园|区"
)
_ITS_PLACES = r"[（(][\u4e00-\u9fff、]{1,20}[）)]"
# e.g. 市公安局
# e.g. 泌阳县
# e.g. 各县（市、区）
_UNIT = expression(rf"^{_NAME}(?:{SUFFIX}|[县市区州旗盟]|{_ITS_PLACES})$")
# A bracket that holds nothing but names must end like a body: （遂平县） explains a word.
# e.g. 国网驻马店供电公司
# e.g. 残联
# but not 遂平县
_STRICT = expression(rf"^(?:{_NAME}(?:{SUFFIX})(?:{_ITS_PLACES})?|(?:残|妇|侨|文|社科|工商)联|科协|作协|团委)$")
# e.g. 各县区人民政府
# e.g. 市直有关部门
# e.g. 市属国有企业
# e.g. 联席会议成员单位
# e.g. 沿河7个乡镇
# e.g. 沿线乡镇
_GROUP = expression(
    r"""属(?:国有)?企业$
    |^(?:市直|省直|县直|区直|中央|州直)?(?:各|有关|相关|其他|全体|所有)
    |各(?:级|有关|相关|成员|责任|县|市|区|乡|镇|街|地|部门|单位)
    |成员单位$|(?:有关|相关)(?:部门|单位|企业|局办)$|主体单位$
    |^(?:市|省|县|区)直(?:单位|部门|机关)
    |^(?:沿线|沿江|沿河|沿湖|沿黄|辖区|涉农|涉及|相邻)(?:的)?(?:\d{1,3}个|[一二两三四五六七八九十]{1,3}个)?(?:县|区|市|乡|镇|街|部门|单位|企业|村)
    |等(?:部门|单位)$""",
    re.VERBOSE,
)
# Counties and what governs them, whose list has 、 inside: one collective.
# e.g. 各县（市、区）人民政府
# e.g. 各县区人民政府、管委会
# e.g. 各乡镇党委、政府
_PLACES = expression(
    r"""各(?:有关|相关|级)?
    (?:[县市区州旗盟乡镇]|省辖市|设区市|街道|地市|园区|开发区|功能区|示范区
    |[（(\[［〔][县市区州旗、乡镇街道园]+[）)\]］〕]|、(?=[县市区乡镇街道州]))+
    (?:党委、政府|党委和政府|党工委、管委会|人民政府|政府|办事处|街道办|管理委员会|管委会|河长办
    |[\u4e00-\u9fff]{0,6}(?:局|办|委))?
    (?:(?<=政府)、街道办事处(?=$|[、，,；;。]))?""",
    re.VERBOSE,
)
# Places that are named by their rank alone are all of that rank, with and without 各.
# e.g. 县市区人民政府
# e.g. 市州本级
# e.g. 县（市、区）政府
# but not 泌阳县人民政府
_BY_RANK = expression(
    r"""^(?:(?:[县市区州旗盟]{2,4}|[县市区][（(\[［〔][县市区旗、]+[）)\]］〕]|乡镇(?:街道)?|[县市]级|地市|街道)
    (?:本级|人民政府|政府|管委会|行署|党委政府|[（(][\u4e00-\u9fff]{2,6}[）)])*)$""",
    re.VERBOSE,
)
# A committee or a zone with a name of its own is a body like any other; of a list that prints 管委会 once at its end
# none stands for itself.
# e.g. 云岭新区管委会
# e.g. 青禾高新区管委会
# but not 经济开发区、高新区管委会
_ZONE_ALONE = expression(
    rf"""^(?:[省市县区]?)(?:(?:{_KIND_OF_ZONE})*)(?!{_KIND_OF_ZONE}|[各市县区省])[\u4e00-\u9fff]{{1,9}}?
    (?:(?:{_KIND_OF_ZONE})*(?:示范区|开发区|高新区|经开区|新区|园区|港区|片区|保税区|集聚区|度假区|风景区|合作区|区))?
    (?:管委会|管理委员会)$""",
    re.VERBOSE,
)
# e.g. 泌阳县人民政府
_GOVERNMENT = expression(r"(?:政府|管委会|管理委员会|办事处|街道办)$")
# e.g. 市城乡一体化示范区、经济开发区、高新区管委会
_ZONES = expression(
    r"""^(?:[^、，]{0,12}(?:示范区|开发区|高新区|经开区|新区|园区|管委会|保税区|集聚区|办事处|街道)、?)+
    (?:管委会|管理委员会)?$""",
    re.VERBOSE,
)
# e.g. 、财政局
_THEIR_OFFICES = expression(r"(?:住建局|[\u4e00-\u9fff]{0,6}局)?(?:、(?![市省县区])[\u4e00-\u9fff]{2,6}(?:局|委|办))+")
_OFFICES = ("局", "办公室", "中心")
# A day among the names belongs to the time: 市商务局，12月底前.
# e.g. 12月底前
_DAY = expression(r"[\d年月日底前]+")
# A document names the same few bodies and lists of bodies hundreds of times: what so many are is remembered.
_NAMES = 2048


@lru_cache(_NAMES)
def is_unit(name: str) -> bool:
    """Say whether a name ends like a body's."""
    return bool(_UNIT.match(name))


@lru_cache(_NAMES)
def is_body(name: str) -> bool:
    """Say whether a name ends like a body's and not merely like that of a place."""
    return bool(_STRICT.match(name))


@lru_cache(_NAMES)
def is_collective(name: str) -> bool:
    """Say whether a name stands for several bodies that it does not name."""
    return bool(_GROUP.search(name))


@lru_cache(_NAMES)
def names_of(chunk: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the collectives and the single bodies of one chunk."""
    chunk = in_full(chunk)
    tokens = split_names(chunk)
    if len(tokens) > 1 and tokens[0].startswith("各") and all(map(_GOVERNMENT.search, tokens)):
        if not _ZONE_ALONE.match(tokens[-1]):
            return (chunk,), ()
    elif all(map(_BY_RANK.match, tokens)):
        return (chunk,), ()
    groups: list[str] = []
    places = _PLACES.match(chunk)
    if places and _all_of_it(chunk, places.end()):
        return (chunk,), ()
    if places and len(places.group()) >= 2 and chunk[places.end() : places.end() + 1] == "、":
        groups.append(places.group())
        chunk = chunk[places.end() + 1 :]
    elif _is_list_of_zones(chunk):
        return (chunk,), ()
    names: list[str] = []
    for name in split_names(parted(chunk)):
        _add(name, groups, names)
    return tuple(groups), tuple(names)


def _all_of_it(chunk: str, end: int) -> bool:
    """Say whether what follows the places of a collective belongs to it."""
    rest = chunk[end:]
    if not rest or rest in {"、管委会", "、街道办事处"} or _THEIR_OFFICES.fullmatch(rest):
        return True
    zones = rest.lstrip("、")
    return bool(_ZONES.match(zones)) and not all(map(_ZONE_ALONE.match, split_names(zones)))


def _is_list_of_zones(chunk: str) -> bool:
    """Say whether a chunk lists zones that print 管委会 once for all of them."""
    if not _ZONES.match(chunk) or any(word in chunk for word in _OFFICES) or "、" not in chunk:
        return False
    tokens = split_names(chunk)
    named = [bool(_ZONE_ALONE.match(token) or _ZONE_ALONE.match(f"{token}管委会")) for token in tokens]
    return not any(named) or (bool(_GOVERNMENT.search(tokens[-1])) and not _GOVERNMENT.search(tokens[0]))


def _add(name: str, groups: list[str], names: list[str]) -> None:
    """Sort one name of a list; who stands behind 等 is a collective beside the one that is named."""
    others = AND_OTHERS.match(name) if "等" in name else None
    if others and is_body(others["name"]) and not is_collective(others["name"]):
        names.append(others["name"])
        rest = others["rest"]
        groups.append(f"等{rest}" if rest in {"部门", "单位"} else rest)
        return
    bare = name.removesuffix("等")
    if is_collective(bare) or _BY_RANK.match(bare):
        groups.append(bare)
    elif len(bare) > 1 and not _DAY.fullmatch(bare):
        names.append(bare)


@lru_cache(_NAMES)
def split_names(words: str) -> tuple[str, ...]:
    """Split at 、 and commas outside of brackets; a collective with 、 inside stays whole."""
    protected = _PLACES.sub(lambda found: found.group().replace("、", "\0"), words)
    parts = [part.strip() for part in split_outside(protected, marks="、，,；;")]
    return tuple([part.replace("\0", "、") for part in parts if part])


def split_outside(words: str, *, marks: str) -> list[str]:
    """Split at any of the marks outside of brackets."""
    if not holds_any(words, marks):
        return [words]
    if not holds_any(words, "（(【[〔"):
        return re.split(f"[{marks}]", words)  # built from the marks that the caller parts at
    parts, depth, start = [], 0, 0
    for place, character in enumerate(words):
        if character in "（(【[〔":
            depth += 1
        elif character in "）)】]〕":
            depth = max(0, depth - 1)
        elif character in marks and not depth:
            parts.append(words[start:place])
            start = place + 1
    return [*parts, words[start:]]
