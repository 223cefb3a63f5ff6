"""The detector of obligations 「可能漏项」: which sentences that no item claims may oblige somebody all the same.

It looks for what a duty is made of (a body and a verb, a number and a verb of goals, a day to keep, a rhythm) and
knows the classes of words that speak so and oblige nobody: grounds, definitions, closings, lists of names, facts.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from tracker.domain.items import SpanRole
from tracker.domain.readings.coverage import Span
from tracker.domain.readings.possible import PossibleItem, PossibleReason
from tracker.intake.annotations import annotations
from tracker.intake.background import FINAL, is_closing
from tracker.intake.expressions import expression
from tracker.intake.headings import headings
from tracker.intake.outline import Node

_CLAIMED = {SpanRole.ITEM, SpanRole.RESPONSIBILITY}
# e.g. 市住建局要加快进度；
_SENTENCE = expression(r"[^。；;！？\n]+[。；;！？]?")
_SHORTEST = 4
_BODY = r"""(?:[市省县区州][\u4e00-\u9fff（）]{1,14}?(?:局|委|办|厅|部|院|会|署|行|中心
    |公司|集团|联|政府|指挥部|专班|领导小组|办公室)
    |[\u4e00-\u9fff]{2,12}(?:管委会|人民政府|管理局|指挥部|领导小组|专班|办事处|供电公司|委员会|办公室|督查室|考核办|机构|海关|分局)
    |(?:各|有关|相关|其他)[\u4e00-\u9fff（）、]{0,10}?(?:单位|部门|县区?|区|市|乡镇|街道|政府|管委会|企业|学校|地)(?:（[^）]{1,12}）)?
    |(?:牵头|责任|成员|配合|主办|承办|主管)(?:单位|部门)|各地|我(?:局|委|厅|办)|你(?:局|委|县|区|市|单位|们)|贵(?:局|委|单位))"""
_VERB = r"""(?:负责(?!人|同志|解释)|牵头|会同|配合|统筹|承担|应当|应于|应在|应及时
    |必须|务必|不得|须|需(?:在|于|及时)|(?:也|都|均)?要(?!求|素|点|闻|件)|组织|制定|建立|健全
    |落实|报送|上报|报告|开展|推进|推动|完成|督促|指导|协调|加强|加快|加大|做好|抓好|抓紧|按照|根据|结合|对照|认真|切实|每[年月季周日半]|定期|及时|立即|限期|参照|保障|支持)"""
# e.g. 市住建局要加快进度
# e.g. 由市发展改革委牵头汇总
# e.g. 各县区于每月25日前报送
# but not 市统计局负责人
_DUTY = expression(rf"{_BODY}(?:[（(][^）)\n]{{1,40}}[）)])?[^，。；：:\n]{{0,10}}?{_VERB}", re.VERBOSE)
# e.g. 市公安局：协助查处有关案件
_LIST_OF_DUTIES = expression(
    r"^[^，。；：:\n]{2,30}[：:](?:负责|指导|协助|协调|组织|配合|参与|履行|做好|承担|牵头|按照?|落实)"
)
# A numbered sentence that begins with a verb of measures orders something of somebody who may stand elsewhere.
# e.g. 3.完善应急值守
# e.g. （二）加大资金投入
_MEASURE = expression(
    r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|[①-⑳])\s*(?:[\u4e00-\u9fff]{1,12}[。.])?(?:进一步|持续|全面|积极|切实|深入|大力|不断|立即|及时|定期|广泛|加快|全力|科学|有序|着力|扎实)?"
    r"(?:加强|强化|完善|健全|推进|推动|落实|开展|实施|建立|建设|加大|优化|提升|提高|支持|鼓励|培育|规范|严格|组织|编制|制定|设立|启用|更换|检修|清理|整治|打造|扩大|深化|探索|促进|引导|拓宽|保障|做好|抓好|压缩|简化|推行|推广|发放|创建|开通|申报|争取|督促)"
)
# e.g. 由市重大项目办进行汇总排名
# e.g. 请市财政局安排资金
# e.g. 责成市公安局查处
_ASKED = expression(rf"(?:由|请|责成|交由|委托){_BODY}", re.VERBOSE)
# e.g. 请于10月18日前书面反馈
_REQUEST = expression(r"请(?:于|在|认真|遵照|抓紧|尽快|务必|立即|及时|按|将)|限(?:你|于)|不得|严禁|必须|务必")
_GOAL = r"""(?:达到?|不低于|不少于|不超过|突破|超过|完成|新增|新建|新改建|改造|建成|建设|实现|增长|提高|提升|控制在|压减
    |压缩|下降|降低
    |降至|降到|力争|确保|培育|引进|争取|保持在|稳定在)"""
# A number of years, days or articles is none to reach.
# e.g. 新增绿地300公顷
# e.g. 合格率不低于98%
_AIM = expression(
    rf"(?=[≥≤＞＜><给奖补安达不突超完新改建实增提控压下降力确培引争保稳])(?:[≥≤＞＜><]\s*[\d.]+|(?:给予|奖励|补助|补贴|安排)[^，。；\n\d]{{0,12}}[\d.]+[余多]?[万亿]?元|{_GOAL}[^，。；：\n\d]{{0,16}}(?<!第)[\d.]+(?![\d.]|年(?!度)|月|日|号|条|次会议|：|时\b)(?:[%％‰]|[余多]?[万亿]?[\u4e00-\u9fff]))",
    re.VERBOSE,
)
# e.g. 9月底前
# e.g. 于2024年6月30日前
# e.g. 5个工作日内
# e.g. 年底前
_DAY = expression(
    r"(?=[\d年季月旬周一二两三四五六七八九十])(?:(?:\d{1,2}日|\d{1,2}月(?:份)?(?:[上中下]旬|底|末)?|年底?|年末|季度(?:末|底)?|[月季旬周]底|[月季旬周]末)(?:[（(][^）)]{1,6}[）)])?(?:之|以)?前"
    r"|[\d一二两三四五六七八九十]+(?:个)?(?:工作日|小时|[天日周月])(?:之|以)?内|年内(?!部)|(?:年|月|季度)底(?=完成|建成|实现|达到))"
)
# e.g. 每月通报一次
# e.g. 按季度报送
_RHYTHM = expression(
    r"(?:每(?:年|半年|季度?|月|旬|周|日|天)|双月|按(?:月|季度?|周|旬|年))[^。；\n]{0,30}?"
    r"(?:报|通报|召开|开展|调度|检查|督查|督导|组织|更新|公布|公开|评估|考核|研究|汇总|会商|走访|排查|演练|巡查)"
)
# e.g. 为贯彻落实省委部署，根据《条例》，结合我市实际，制定本方案
_GROUNDS = expression(
    r"^[\s\u3000]*(?:为(?:深入|全面|认真|切实|进一步|加快|推动|推进|了|贯彻|落实|做好|加强|规范|确保|有效|持续|[\u4e00-\u9fff]{2})"
    r"|根据|依据|按照|依照|遵照|以习近平)|(?:特?制定本|现(?:就|将|印发)|通知如下|提出如下|以下(?:措施|意见))"
)
# e.g. 现将方案印发给你们，请认真贯彻执行
_PASSES_ON = expression(
    r"印发给你|转发给你|现(?:予)?(?:印发|转发|发布)|(?:为深入|为贯彻|为落实|为进一步)[^。]*(?:制定|提出|如下|通知)"
)
# e.g. 本办法所称重点项目
_DEFINES = expression(r"是指|所称|系指|指的是|适用于|以下简称|以上包括本数|上述所称|有下列(?:情形|情况)|分为")
# e.g. 组长：市长
# e.g. 成员：市财政局局长
_NAMES = expression(
    r"^[\s\u3000]*(?:(?:副?(?:组|指挥)长|总指挥|召集人|主任|副主任|成员(?:单位)?|主持|记录|出席|列席|参加(?:人员|单位)?|联系人)[：:]"
    r"|[\u4e00-\u9fff]{2,4}[ \u3000]+[市省县区])"
)
# e.g. 领导小组办公室设在市商务局
_OFFICE = expression(r"办公室设在|由[^，。]{2,60}担任|(?:兼任?|担任)(?:办公室)?(?:主任|组长|副组长|成员)|日常工作由")
# What has been obliges nobody any more.
# e.g. 截至9月底，全市已完成投资30亿元
# e.g. 去年全市新增企业300家
# e.g. 今年以来，各县区认真落实
_PAST = expression(
    r"截至|截止|以来|去年|(?<![较比])上年|(?:均|都|也)?已(?:经|全面|基本|累计|全部)?(?:完成|建成|达|实现|开工|出台|印发|取得|同意|形成|整改)|累计|(?:完成|达到|建成|取得|形成|实现)了"
    r"|经(?:市|省|县|区)?(?:政府|委|研究)[^，。]{0,8}(?:同意|批准)|(?:仍|还)?存在|不够|滞后|尚未|会议(?:听取|指出|认为|强调了)"
)
# What takes part in a scheme, or what a threshold sorts, is not told to do anything.
# e.g. 造成30人以上死亡的
_CASE = expression(r"(?:的|者)[；;。]?$")
# e.g. 各县区要抓紧落实
_FORWARD = expression(r"要(?!求|素|点|闻|件)|应当|必须|务必|力争|确保|请|责成|不得|须|[前内](?:完成|报|整改|反馈|建成)")
# e.g. 序号 工作任务 牵头单位 责任单位 完成时限
_HEAD_OF_TABLE = expression(r"(?:序号|任务|措施|事项|内容|单位|部门|时限|时间|备注|指标|目标|领导|责任人|问题)(?=\s|$)")
_HEADS_OF_TABLE = 3
# e.g. 青禾市人民政府办公室关于印发供热工作方案
_TITLE = expression(r"关于(?:印发|转发|做好|开展|加强|进一步)[^。；]*[^。；]$")
# e.g. 1.3工作原则
_PRINCIPLES = expression(r"原则|指导思想|总体思路")
# e.g. 3.2重大（Ⅱ级）灾害
_LEVELS = expression(r"[ⅠⅡⅢⅣ一二三四]级|分级|等级")
# Addresses, telephone numbers, addressees and titles name bodies and ask nothing.
# e.g. 各县区人民政府、市直各部门：
# e.g. 联系电话：0396-0000000
_ADDRESS = expression(r"^[^，。]{2,160}[:：]$|(?:联系)?电话|邮箱|传真|邮编|联系人|@")


def possible_items(text: str, spans: Iterable[Span], *, nodes: list[Node], title: str) -> tuple[PossibleItem, ...]:
    """Return the sentences that may oblige somebody among the spans that no item claims, in reading order.

    A sentence whose span has a role that its own words speak for is none.
    """
    starts = [node.start for node in nodes]
    spans = list(spans)
    measures = {span.start for span in spans if span.role in _CLAIMED}
    rows = [node for node in nodes if node.start in measures and not node.children and node.kind != "article"]
    beside = {(id(node.parent), node.kind) for node in rows}
    found = []
    for span in spans:
        if span.role in _CLAIMED:
            continue
        for start, end in _sentences(text, span):
            words = text[start:end]
            place = bisect_right(starts, start) - 1
            under = nodes[place] if place >= 0 else None
            reason = _reason(words)
            if reason is None and under and under.start == start and not under.children:
                # Whatever stands in one row with measures is one, whichever verb it has.
                reason = PossibleReason.MEASURE if (id(under.parent), under.kind) in beside else None
            if reason is None or words.rstrip("。") in title or _ADDRESS.search(words):
                continue
            one = PossibleItem(start, end, reason, (*classes_of(words), *_by_place(text, under, start, reason)))
            if not one.accepts(span):
                found.append(one)
    return tuple(found)


def classes_of(words: str) -> tuple[SpanRole, ...]:
    """Return the roles that a sentence's own words speak for, so that it obliges nobody; none where it may oblige."""
    asks = bool(_FORWARD.search(words))
    speaks_for = {
        SpanRole.BASIS: bool(_PASSES_ON.search(words)) or (not asks and bool(_GROUNDS.search(words))),
        SpanRole.HEADING: bool(_TITLE.search(words)) or len(_HEAD_OF_TABLE.findall(words)) >= _HEADS_OF_TABLE,
        SpanRole.DEFINITION: not asks and bool(_DEFINES.search(words)),
        SpanRole.CLOSING: is_closing(words) or bool(FINAL.search(words)),
        SpanRole.NAME_LIST: bool(_NAMES.match(words) or _OFFICE.search(words)),
    }
    found = [role for role, said in speaks_for.items() if said]
    # Whoever sees that words state grounds or facts need not say which of the two.
    if found or (not asks and (_PAST.search(words) or _CASE.search(words))):
        found.append(SpanRole.BACKGROUND)
    return tuple(found)


def _by_place(text: str, under: Node | None, start: int, reason: PossibleReason) -> tuple[SpanRole, ...]:
    """Return the roles that the place of a sentence speaks for: it heads others, or stands under what asks nothing."""
    if under is None:
        return ()
    general = reason in {PossibleReason.BODY_AND_DUTY, PossibleReason.MEASURE}
    if under.start == text.rfind("\n", 0, start) + 1 and general:
        line_end = text.find("\n", start)
        heads = bool(under.children) or bool(text[line_end if line_end >= 0 else under.end : under.end].strip())
        return (SpanRole.HEADING,) if heads else ()
    over = headings(text, node=under)
    if reason is PossibleReason.NUMBER_AND_GOAL and any(map(_LEVELS.search, over)):
        return (SpanRole.DEFINITION, SpanRole.BACKGROUND)
    return (SpanRole.BACKGROUND,) if general and any(map(_PRINCIPLES.search, over)) else ()


def _reason(words: str) -> PossibleReason | None:
    if _DUTY.search(words) or _ASKED.search(words) or _LIST_OF_DUTIES.match(words) or annotations(words):
        return PossibleReason.BODY_AND_DUTY
    if _AIM.search(words):
        return PossibleReason.NUMBER_AND_GOAL
    if _DAY.search(words):
        return PossibleReason.DAY
    if _REQUEST.search(words):
        return PossibleReason.BODY_AND_DUTY
    if _RHYTHM.search(words):
        return PossibleReason.RHYTHM
    return PossibleReason.MEASURE if _MEASURE.match(words) else None


def _sentences(text: str, span: Span) -> Iterator[tuple[int, int]]:
    for sentence in _SENTENCE.finditer(text, span.start, span.end):
        words = sentence.group()
        start = sentence.start() + len(words) - len(words.lstrip())
        end = sentence.end() - (len(words) - len(words.rstrip()))
        if end - start >= _SHORTEST:
            yield start, end
