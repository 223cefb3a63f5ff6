"""A second, cruder look at the words of an item: what of each field the careful readers may have passed over.

It reads no values. It counts what looks like a rhythm, a day, a number, a product or a body; where the count and
the reading disagree, the field is likelier wrong. `confidence` says how much likelier.
"""

from tracker.domain.items import LeadBasis
from tracker.domain.readings.item import DoubtField, Item, PrintedUnit
from tracker.intake.bodies import is_body, is_unit
from tracker.intake.expressions import expression
from tracker.intake.targets import strange_numbers

# e.g. 每月
# e.g. 周例会
# e.g. 24小时内
_RHYTHM = expression(
    r"(?=[每双按日周旬月季年小工定适])(?:每(?:个)?(?:年|半年|季度?|双月|月|旬|周|日|天|批|次)|双月|按(?:年|季度?|月|旬|周|日)|[日周旬月季年](?:度)?(?:报告|通报|例会|调度|报表|小结)"
    r"|(?:小时|工作日)(?:之|以)?内|定期|适时)"
)
# What goes on all the time is told from a mere manner of speaking by few readers.
# e.g. 持续推进
_ALWAYS = expression(r"长期|常年|常态|持续|随时|及时|不定期|一经|第一时间")
# e.g. 9月底前
# e.g. 到2025年
_DAYS = expression(
    r"(?=[\d年季半今明本全一二三天日月十])(?:\d{1,2}月|\d{4}年|年内|年底|年末|季度末|半年|今年|明年|本年|全年|[\d一二三]季度|[天日年月]内|十四五)"
)
# e.g. 到2025年
_YEARS = expression(r"(20\d\d)(?<!\d\d{4})年")
# e.g. 98.5%
# e.g. 200家
_NUMBERS = expression(
    r"(?=[\d百翻一二两三四五六七八九十])(?:\d(?<![\d.第]\d)\d*(?:\.\d+)?(?![\d.]|[年月日号条届]|[、.．）)](?!\d))[%％‰]?[\u4e00-\u9fff]?"
    r"|百分之|翻[一两]番|[一二两三四五六七八九十百]{1,4}(?:个以上|家以上|次以上))"
)
# e.g. 方案
# e.g. 台账
_PRODUCTS = expression(
    r"一[\u4e00-\u9fff]一[档册表]|责任[状书]|记录|排名|日报|方案|计划|规划|清单|台账|名录|目录|图谱|报告|总结|通报|办法|细则|标准|规范|指南|名单|项目库|档案|预案|意见|数据|政策|制度"
)
# e.g. 各县区
# e.g. 有关部门
_COLLECTIVES = expression(
    r"各(?:级|有关|相关|成员|责任|县|市|区|乡|镇|街|地|部门|单位)|(?:有关|相关|成员|责任|市直)(?:部门|单位)|县区|乡镇"
)
# e.g. 各县区要抓紧整改
# e.g. 各乡镇每月
# e.g. 区县城管部门自收到材料之日起
_COLLECTIVE_ACTS = expression(
    r"(?:各[\u4e00-\u9fff（）()、]{1,16}|有关部门|相关部门|成员单位|属地[\u4e00-\u9fff]{0,4}|(?:县区|区县|乡镇)[\u4e00-\u9fff]{0,8})(?<=[区县市镇乡位门府处会道地）])"
    r"(?=也?要(?!负责)|应|须|每[月季年周]|于\d|负责|自收|\d{1,2}小时|做表态|会上)"
)
# e.g. 会同市财政局
_WITH = expression(r"会同|配合|联合|协同|协助|等(?:部门|单位|有关)")


def _met(read: int, seen: int) -> str:
    """Name how a reading and a count agree."""
    if not read:
        return "none" if not seen else "unread" if seen == 1 else "unread_many"
    return ("one" if read == 1 else "many") + ("_more" if seen > read else "")


# e.g. 由市重大项目办组织实施
_BY_WHOM = expression(r"由[^，。；\n]{2,60}(?:负责|组织|牵头|实施|汇总|制定|成立|发布)|领导小组|指挥部|主管部门")


# A body that does something in the sentences, whoever else the annotation names.
# e.g. 由市水务集团每日监测水质
# e.g. 市生环局每月公布结果
# but not 报市政府审批
_ACTS = expression(
    r"(?=[市省县区州会])(?:(?:^|(?<=[，。；、：\n由请]))[市省县区州](?!场|域|容|民(?!政|宗|族)|级|直|内|外)|会同[市省县区])(?P<rest>[\u4e00-\u9fff]{1,12}?(?:局|委|办|部|院|会|中心|公司|集团|支队|政府|督查室))"
    r"(?=要|应|须|负责|牵头|每|按|根据|组织|对|会同|配合|协助|在|于|将|定期|做好|抓好|提供|建设|审核|公布|指导|汇总|提出|联合|审核|共同|开展|完成|落实)"
)
# e.g. 由市政府督查室通报
# but not 全市科技局长
_NAMED = expression(
    r"(?<![\u4e00-\u9fff])[市省县区州](?!场|域|容|民(?!政|宗|族)|级|直|内|外)[\u4e00-\u9fff]{2,10}?(?:局|委|办|厅|中心|督查室|办公室)(?=[、，。）(（\u4e00-\u9fff])"
    r"|(?:由|请|会同|商|同意|经)[市省县区州][\u4e00-\u9fff]{2,10}?(?:局|委|办|厅|中心|督查室|办公室)|[\u4e00-\u9fff]{2,4}分局"
)
# Two annotations of bodies, the second on a line of its own, may belong to two measures.
# e.g. （市数据局）\n（市委宣传部牵头）
_TWO_NOTES = expression(r"[）)】\]]\s*\n\s*[（(【\[](?![^）)】\]]{0,6}(?:时限|时间|期限))")


def _acts_unread(item: Item, words: str) -> bool:
    """Say whether a body acts in the sentences that is neither lead nor support of the item."""
    known = [unit.printed for unit in (*item.leads, *item.supports)]
    return any(not any(found["rest"] in name for name in known) for found in _ACTS.finditer(words))


def _lead(item: Item, words: str, note: str, *, acting: bool) -> str:
    if item.leads and not all(_reads_as_body(unit) for unit in item.leads):
        return "strange"
    if item.lead_basis is LeadBasis.COLLECTIVE and not note and acting:
        return "acting"
    if item.lead_basis is LeadBasis.NONE and _NAMED.search(words):
        return "none_named"
    if item.lead_basis is LeadBasis.NONE and (_BY_WHOM.search(words) or _COLLECTIVES.search(words)):
        return "none_unread"
    return item.lead_basis.value


def _supports(item: Item, words: str, note: str, *, acting: bool) -> str:
    if acting or (item.lead_basis is LeadBasis.NONE and _NAMED.search(words)):
        return "acting"
    if not all(_reads_as_body(unit) for unit in item.supports):
        return "strange"
    if not item.supports:
        return "unread" if _WITH.search(note or words) else "none"
    return "with_others" if "等" in note else "named" if note else "from_sentences"


def _groups(item: Item, words: str, note: str) -> str:
    own = sum([group.inherited_from is None for group in item.groups])
    if len(item.groups) > own:
        return "inherited"
    if note:
        return _met(own, len(_COLLECTIVES.findall(note)))
    if not own and _COLLECTIVE_ACTS.search(words):
        return "sentences_acting"
    return "sentences_" + _met(own, len(_COLLECTIVES.findall(words)))


def _cadence(item: Item, both: str) -> str:
    rhythms = len(_RHYTHM.findall(both))
    met = _met(len(item.cadences), rhythms)
    return f"{met}_always" if not rhythms and _ALWAYS.search(both) else met


def _deadline(item: Item, both: str) -> str:
    last = item.deadline.on.year if item.deadline else None
    if last and any(int(year) > last for year in _YEARS.findall(both)):
        return "before_another"
    return _met(bool(item.deadline), len(_DAYS.findall(both)))


def _targets(item: Item, words: str) -> str:
    met = _met(len(item.targets), len(_NUMBERS.findall(words)))
    return f"{met}_strange" if strange_numbers(words) else met


def _reads_as_body(unit: PrintedUnit) -> bool:
    return unit.unit_code is not None or is_body(unit.printed) or (is_unit(unit.printed) and len(unit.printed) < 12)


def second_look(item: Item, *, words: str, note: str) -> dict[DoubtField, str]:
    """Return for each field how its reading agrees with a second look at the item's words and its annotation."""
    both = words + note
    two_notes = bool(_TWO_NOTES.search(note))
    acting = not two_notes and _acts_unread(item, words)
    return {
        DoubtField.LEAD: "two_notes" if two_notes else _lead(item, words, note, acting=acting),
        DoubtField.SUPPORTS: "two_notes" if two_notes else _supports(item, words, note, acting=acting),
        DoubtField.GROUPS: "two_notes" if two_notes else _groups(item, words, note),
        DoubtField.CADENCE: _cadence(item, both),
        DoubtField.DEADLINE: _deadline(item, both),
        DoubtField.TARGETS: _targets(item, words),
        DoubtField.EVIDENCE: _met(len(item.evidence), len(_PRODUCTS.findall(words))),
    }
