"""Evidence 「佐证材料」: the papers, ledgers and data that an item's words themselves demand."""

import re
from collections.abc import Iterator

from tracker.domain.items import Basis
from tracker.domain.readings.demands import EvidenceRequirement
from tracker.intake.clauses import clause
from tracker.intake.expressions import expression
from tracker.intake.guards import that_may_match

# The first line looks ahead at one character, so that most places of a text are passed over at once.
# e.g. 制定2022年招商引资工作方案
# e.g. 报送月度进展数据
# e.g. 修订《青禾市公共数据开放暂行办法》
# but not 建立清单管理机制
_EVIDENCE = expression(
    r"""(?=[制编出绘修发报形公印提建完上填更签])
    (?:签订|签署|制定|编制|出台|绘制|修订|发布|报送|形成|公布|印发|提交|建立|编印|完善|上报|报告|填报|更新)
    (?:并[^，。；、]{2,4})?(?:了|完成)?
    (?P<what>《[^《》]{2,40}》(?![^，。；]{0,4}(?:的通知|要求|规定|精神))|[^，。；、：\n（）()《》,;:]{0,24}?
    (?:工作方案|实施方案|方案|行动计划|计划|规划|清单|台账|名录|目录|图谱|报告|总结|小结|通报|办法|细则|标准|规范
    |指南|名单|(?:数据|项目|专家|培育|储备|信息)库|档案|预案|白皮书|意见|政策|数据|地图|一张图|晴雨表|任务书|责任[状书]|承诺书|路线图|日报|排名|指数|公告|记录|督查结果)”?)
    (?![一-龥]*?(?:机制|制度))""",
    re.VERBOSE,
)
# What is handed in says by its verb that it is a paper, whatever it is called.
# e.g. 将工作进展报送市政府督查室
# e.g. 将名册报县防指办
# but not 将隐患排查报告制度
_HANDED_IN = expression(
    r"将(?P<what>[\u4e00-\u9fff“”]{2,16}?)(?:报送|上报|提交|反馈|报(?=[市省县区州我我局委政办]|[\u4e00-\u9fff]{2,8}(?:局|委|办|政府)))"
)
# e.g. 每月28日前填报进展情况
# e.g. 报告上年度工作情况
_STATE_OF_THINGS = expression(
    r"(?:报送|填报|上报|报告)(?P<what>[\u4e00-\u9fff]{0,10}?(?:进展(?:情况)?|工作情况|落实情况|完成情况|名册))(?=[，。；、]|$)"
)
# e.g. 建立重点企业“一企一档”
_FILE_OF_EACH = expression(
    r"(?:建立|完善|健全|实行|做到|形成)(?P<what>[\u4e00-\u9fff]{0,8}“?一[\u4e00-\u9fff]一[档册表]”?)"
)
# e.g. 审计报告于年底前报县政府
# e.g. 检测结果按季公布
# e.g. 考核结果次年1月底前报省政府
_PRODUCT_FIRST = expression(
    r"(?:(?<=[，。；\n])|^)(?:形成的)?(?P<what>[\u4e00-\u9fff]{0,8}?(?:报告|结果|总结|名单|清单|情况))(?:[^，。；\n\u4e00-\u9fff]|于|次年|每|周|[一二三四五]|月|日|年|底|季|按|前|工作日内|及时){0,14}(?:报(?![告送])|报送|公布|上报|公示)"
)
# The verb before a list is no part of its name.
# e.g. 健全控辍保学工作台账
# e.g. 和城市绿化乡土植物名录
_VERB_OF_LIST = expression(
    r"^(?:健全|建立|完善|实行|形成|制定|编制|和|及|全面复核|逐[\u4e00-\u9fff]建立)(?=[\u4e00-\u9fff“]{2})"
)
# e.g. 实行台账管理
_LEDGER = expression("台账|清单|项目库|名录")
# e.g. 问题隐患“红黄”
_LEDGER_NAME = expression(r"[“一-龥]{0,8}[“”一-龥]{0,6}$")
_LONGEST_LEDGER_NAME = 14
# A paper that is already there is followed, it is not asked for.
# e.g. 深入贯彻市住建局
# e.g. 按照
_CITES = expression(r"(?:贯彻|落实|按照|根据|依据|依照|执行|参照|对照|遵照)[^，。；、]{0,14}$")
# e.g. 对列入省级清单
# e.g. 列入省级清单
_ENTERED = expression(r"^(?:对|将|把|凡)?(?:列入|纳入|进入|按照?|根据|对照|符合|超出|未列入|依托)")
# e.g. 的《旧楼改造实施方案》
_OF_OTHERS = expression(r"^(?:的|了的)")
# A rhythm of reports asks for the report: 实行日报告制度.
# e.g. 实行日报告、零报告制度
_REPORTS = expression(
    r"(?:实行|建立|执行|落实|坚持)(?P<what>(?:双日|每日|日|周|月|季度|半年|年度)(?:情况)?报告)(?=、|制度)"
)
# Each with words of which every match holds one: most texts hold none of them and need not be searched.
_OTHER_FORMS = (
    ("handed in", ("将",), _HANDED_IN),
    ("one of each", ("一",), _FILE_OF_EACH),
    ("state of things", ("报",), _STATE_OF_THINGS),
    ("named first", ("报", "公布", "公示"), _PRODUCT_FIRST),
    ("in its rhythm", ("报告",), _REPORTS),
)
# e.g. 重点项目库
_LISTS = expression(r"清单|台账|名录|名单|目录|库")


def evidence(text: str) -> tuple[EvidenceRequirement, ...]:
    """Return the products that the words themselves demand."""
    found: dict[str, EvidenceRequirement] = {}
    products = [
        (match["what"].strip(), match.span())
        for match in _EVIDENCE.finditer(text)
        if not _OF_OTHERS.match(match["what"]) and not _CITES.search(text[max(0, match.start() - 20) : match.start()])
    ]
    for _, pattern in that_may_match(text, _OTHER_FORMS):
        products += [(match["what"], match.span()) for match in pattern.finditer(text)]
    for what, span in [*products, *_ledgers(text)]:
        if len(what) < 2 or any(what in known or known in what for known in found):
            continue
        form = "list" if _LISTS.search(what) else "data" if what.endswith("数据") else "document"
        found[what] = EvidenceRequirement(what, Basis.STATED, clause(text, *span), form)
    return tuple(found.values())


def _ledgers(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield every ledger or list that the words name, with the words before it that belong to its name."""
    last = 0
    for noun in _LEDGER.finditer(text):
        before = text[max(last, noun.start() - _LONGEST_LEDGER_NAME) : noun.start()]
        named = _LEDGER_NAME.search(before)
        start = noun.start() - len(named.group() if named else "")
        last = noun.end()
        if not _ENTERED.match(text[start : noun.end()].strip()):
            yield _VERB_OF_LIST.sub("", text[start : noun.end()].strip()), (start, noun.end())
