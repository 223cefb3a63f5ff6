"""Prefixes 「市、市委」 that a list of bodies prints once and leaves out of the names after it: 市商务局、发改委."""

import re

from tracker.intake.expressions import expression

# e.g. 市商务局
# e.g. 市委宣传部
# but not 市场监管局
_PREFIX = expression(
    r"""^(市委|省委|县委|区委|州委|市|省|县|区|州|盟|旗|自治区|自治州|示范区|开发区|高新区|经开区|新区|管委会)
    (?!场监|域|政公司|容)(?=[\u4e00-\u9fff])""",
    re.VERBOSE,
)
# Behind 市委 these are the party's: 市委宣传部、网信办; any other body is the government's.
# e.g. 网信办
_PARTY = expression(
    r"""^(?:网信办|政法委|组织部|宣传部|统战部|编办|党校|改革办|农办|老干部局|直属机关工委|巡察办|文明办|台办
    |政研室|机要局|保密办|外办|社会工作部|国安办|财经办)""",
    re.VERBOSE,
)
# What is not the city's own stands under its own name in a list of the city's bodies.
# e.g. 国网驻马店供电公司
# e.g. 遂平县人民政府
# e.g. 驻马店海关
# but not 市场监管局
_OWN_PREFIX = expression(
    r"""^(?:[市省县区州盟旗](?!场监|域|政公司|容)|自治区|自治州|国家|国网|中国|中央|全国|全市|全省|各|有关|相关|其他
    |团[市省县区]|共青团|武警|驻|人民银行|人行|银保监|证监|中石|南方电网|铁路|民航
    |示范区|开发区|高新区|经开区|新区|管委会|移动|联通|电信|铁塔|邮储|农发行|国开行
    |[\u4e00-\u9fff]{2,4}(?:市|县|省|海关|银保监|车务段)
    |[\u4e00-\u9fff]{1,4}(?:区|县|市|旗|州|镇|乡)(?:人民政府|政府|管委会|$))""",
    re.VERBOSE,
)
# e.g. 邮政储蓄银行
_COMPANY = expression(r"公司|集团|银行|供电|分行|支行|车务段|海关|大学|学院|铁塔|石油|石化|电网|传媒|水务|燃气")
# e.g. 产业集聚区管委会
_ZONE_NAME = expression(r"(?:管委会|管理委员会|开发区|高新区|示范区|园区)$")


# A body of a place below, or of a branch that no city has twice, prints its place itself.
# e.g. 东山区公安局
# e.g. 青禾金融监管分局
# e.g. 中共青禾市委组织部
# but not 城市管理局
# but not 社区服务中心
_ITS_OWN_PLACE = expression(
    r"""^中共
    |^[\u4e00-\u9fff]{1,3}(?:(?<![城都超])市|(?<![社小园林灾景库特辖地市街校片])区|县|旗)(?!域|场|级|直|属|政)
    [\u4e00-\u9fff]{1,10}(?:局|委|办|院|中心|部)$
    |(?:监管分局|海事局|海关|支行|分行)$""",
    re.VERBOSE,
)
# Only such a name elides the city before it.
# e.g. 发改委
# but not 郑商所
_ELIDES = expression(r"(?:局|委|办|部|室|会|联|中心|院|校|厅|台|社|署|处|队|专班|站|馆|组|园)$|[）)]$")


def restore(name: str, *, prefix: str, places: frozenset[str] = frozenset()) -> tuple[str, str]:
    """Restore an elided prefix; return the full name and the prefix that the next name may elide.

    `places` are the places that the document speaks of; a body that begins with one of them has its name in full.
    """
    own = _PREFIX.match(name)
    if own:
        return name, own[1]
    if not prefix or _ZONE_NAME.search(name) or _OWN_PREFIX.match(name) or _COMPANY.search(name):
        return name, prefix
    if any(name.startswith(place) for place in places) or _ITS_OWN_PLACE.search(name):
        return name, prefix
    if not _ELIDES.search(name):
        return name, prefix
    if prefix.endswith("委") and len(prefix) == 2:
        if _PARTY.match(name):
            return prefix + name, prefix
        return prefix[0] + name, prefix
    return prefix + name, prefix


# e.g. 各县
_NO_PLACE = expression(r"[各县市区省全和及由等、以]|本|有关|级|人民|关于|印发|所在|属地|发生")
_LONGEST_PLACE = 4
# e.g. 市人民政府
# e.g. 县2024年
_GOVERNMENT = expression(r"[市县区州盟旗省](?:人民政府|政府|委办|委员会|人大|政协|20\d\d年)")
# e.g. 青禾市人民政府办公室
# e.g. 东山区人民政府
_GOVERNED = expression(rf"([\u4e00-\u9fff]{{2,{_LONGEST_PLACE}}}?){_GOVERNMENT.pattern}")


def places_in(text: str) -> frozenset[str]:
    """Return the places whose governments a text names: 青禾 of 青禾市人民政府."""
    names, at = set(), 0
    for governed in _GOVERNMENT.finditer(text):  # Places stand only before one, which is found at less cost.
        found = _GOVERNED.search(text, max(at, governed.start() - _LONGEST_PLACE), governed.end())
        if found:
            names.add(found[1])
            at = found.end()
    return frozenset(name for name in names if not _NO_PLACE.search(name))
