"""Cadences 「报送频次」: the rhythms and clocks that an item's words state, each with its quote."""

import re

from tracker.domain.items import Basis, CadenceKind
from tracker.domain.readings.demands import Cadence
from tracker.intake.chinese_numerals import numeral
from tracker.intake.clauses import clause
from tracker.intake.expressions import expression
from tracker.intake.guards import that_may_match

# Each with words of which every match holds one: most texts hold none of them and need not be searched. Where a kind
# has several patterns, the first match in the text counts.
_CADENCES: tuple[tuple[CadenceKind, tuple[str, ...], re.Pattern[str]], ...] = (
    # e.g. 每两日报告一次整改情况
    # e.g. 疫情处置实行双日报告
    (CadenceKind.EVERY_2_DAYS, ("每两", "每2", "双日", "隔日"), expression(r"每(?:两|2)[日天]|双日报告|隔日")),
    # e.g. 每日18时前报送进展
    # e.g. 建立日报告、零报告制度
    # but not 每日食用量
    (CadenceKind.DAILY, ("日", "每天"), expression(r"每[日天](?!食|摄)|日产日清|日报告|日调度|日清零|按日")),
    # e.g. 每周五前报送
    # e.g. 实行周调度、月通报
    (CadenceKind.WEEKLY, ("周", "星期"), expression(r"每(?:个)?(?:周|星期)|周例会|周调度|周通报|周报|按周")),
    # e.g. 每旬报送一次
    (CadenceKind.EVERY_10_DAYS, ("旬",), expression(r"每旬|逐旬|旬报|按旬")),
    # e.g. 每双月5日前报送
    # but not 双月报
    (CadenceKind.BIMONTHLY, ("双月", "每两", "每2"), expression(r"每双月|双月(?!报)|每(?:两|2)个?月")),
    (
        CadenceKind.MONTHLY,
        ("月",),
        # e.g. 每月5日前报送
        # e.g. 当月未完成的，次月补报
        # but not 月度考评办法另行制定
        expression(r"每(?:个)?月|按月|月度(?!考评办法)|月调度|月通报|月报|月例会|逐月|当月"),
    ),
    (
        CadenceKind.QUARTERLY,
        ("季",),
        # e.g. 每季度召开一次联席会议
        # e.g. 实行季度通报制度
        # but not 第三季度末完成
        expression(
            r"每(?:个)?季度?|按季度?|季度(?=[^末底]{0,2}(?:通报|调度|小结|评估|分析|会议))|季调度|季通报",
        ),
    ),
    # e.g. 每半年开展一次评估
    # e.g. 每年6月、12月报送总结
    (CadenceKind.HALF_YEARLY, ("半年", "每年6月"), expression(r"每年6月、1[12]月|每半年|半年(?:通报|评估|调度|总结)")),
    (
        CadenceKind.YEARLY,
        ("年",),
        # e.g. 每年底前报送
        # e.g. 纳入年度目标考核
        # e.g. 全年组织培训不少于4次
        # but not 编制年度计划
        expression(
            r"""每年|每学年
            |按年度?(?=开展|组织|通报|公布|发布|评|考)
            |年度(?=(?:目标|绩效|综合)(?:绩效)?考核|考核|监测|评估|评价)
            |全年(?=[^，。；,;]{0,20}不少于\d+次)
            |一年一次|逐年(?=开展)""",
            re.VERBOSE,
        ),
    ),
    # e.g. 不定期开展督导检查
    # but not 定期存款
    # but not 一定期限内
    # but not 特定期间
    (CadenceKind.IRREGULAR, ("定期",), expression(r"(?<!一)(?<!特)(?:不)?定期(?!存款|债)")),
    (
        CadenceKind.CONTINUOUS,
        ("24小时", "长期", "常年", "持续", "常态化"),
        # e.g. 完成时限：长期坚持
        # e.g. 持续开展专项整治
        # e.g. 持续推广线上办理
        # e.g. 常态化、制度化储备项目
        # e.g. 实行24小时值班
        # but not 经济持续增长
        # but not 持续推进改善
        expression(
            r"""24小时(?:专人|不间断)?值[班守]|长期坚持|常年坚持|长期推进|持续推进(?!改善)
            |持续(?=开展|实施|组织|做好|深入开展|抓好|加大|深化|加强|消除|推广|推行|推动|引导|完善|办好|跟踪|监测|跟进|运营|落实|开行)
            |常态化(?=[、]?(?:制度化|规范化|长效化)?(?:开展|推进|实施|组织|开行|储备|举办|运行|做好|落实|巡查|排查|监管|抓好|推送))""",
            re.VERBOSE,
        ),
    ),
    (
        CadenceKind.ON_EVENT,
        ("后", "发现", "遇", "条件时"),
        # e.g. 接到报告后2小时内上报
        # e.g. 一经发现，严肃处理
        # e.g. 发现隐患的，责令整改
        # e.g. 在物价涨幅达到启动条件时，及时发放补贴
        # e.g. 发现新情况新问题，及时反馈
        # e.g. 判决生效后30日内
        # e.g. 遇红色预警每2小时报告一次
        # but not 灾害发生地后续处置
        # but not 印发后10日内
        expression(
            r"""(?:发生|结束|接到|发现|启动|解除)[^，。；,;]{0,24}后(?!续)
            |随发现随|一经发现
            |(?:生效|受理|确认|认定|验收|批准|竣工|投诉|核实|收到)[^，。；,;]{0,8}后\d{1,3}个?(?:日|天|月)内
            |遇[^，。；,;]{2,10}(?:预警|灾害|险情|疫情|故障|情况|事项)(?:时|每|，|立即|随时|及时)
            |发现[^，。；,;]{0,20}(?:的[，,]|[，,]?立即|[，,]及时)
            |(?:达到|触发|符合)[^，。；,;]{0,10}(?:启动|预警|响应)条件时""",
            re.VERBOSE,
        ),
    ),
    # e.g. 抽检不合格的3日内责令下架
    (CadenceKind.ON_EVENT, ("日内", "天内"), expression(r"[^，。；,;]的\d{1,2}(?:日|天)内")),
    # e.g. 水位超警时立即启动响应
    (CadenceKind.ON_EVENT, ("启动",), expression(r"[^，。；,;]时(?:立即|及时)?启动(?:实施|响应|预案)")),
)
_COUNT = r"(\d{1,3}|[一二两三四五六七八九十]{1,3})"
# e.g. 24小时内书面报告
# e.g. 两小时内到场
_HOURS = expression(rf"(?<![一二三四五六七八九十\d]){_COUNT}个?小时(?:之|以)?内")
# e.g. 5个工作日内办结
# e.g. 三个工作日内办结
# e.g. 自正式受理之日起3个工作日办结
# but not 1个工作日内办结率达到100%
_WORKDAYS = expression(
    rf"""(?<![一二三四五六七八九十\d]){_COUNT}个?工作日(?:之|以)?内(?!办结率)
    |(?<=起){_COUNT}个?工作日(?=(?:（[^（）]{{1,16}}）)?(?:办结|完成|作出|答复|反馈|出具|审结))""",
    re.VERBOSE,
)
# How long a procedure may take at most is a target, no clock that an event starts.
# e.g. 办理时间压缩至
_SHORTENED = expression(r"(?:压缩|控制|缩短|压减至?)[^，。；,;]{0,12}$")


# The title of a paper tells no rhythm of this one.
# e.g. 《青禾市持续推进稳外资若干措施》
_CITED = expression(r"《[^《》]{1,80}》")
# A rhythm at once before 定期 says which it is: 每年定期走访.
# e.g. 每年
_EVERY_BEFORE = expression(r"每(?:年|月|季度?|周|半年)(?:都|应|要)?$")


def cadences(text: str) -> tuple[Cadence, ...]:
    """Return the rhythms that the words state, each kind once, in reading order."""
    found: dict[CadenceKind, tuple[int, Cadence]] = {}
    printed_text = text
    text = _CITED.sub(lambda cited: "\0" * len(cited.group()), text) if "《" in text else text
    for kind, pattern in that_may_match(text, _CADENCES):
        match = pattern.search(text)
        if match and (kind not in found or match.start() < found[kind][0]):
            found[kind] = (
                match.start(),
                Cadence(kind, Basis.STATED, _count(kind), clause(printed_text, *match.span())),
            )
    event = found.get(CadenceKind.ON_EVENT)
    if (
        event
        and "立即" not in (event[1].quote or "")
        and (_HOURS.search(event[1].quote or "") or _WORKDAYS.search(event[1].quote or ""))
    ):
        del found[CadenceKind.ON_EVENT]
    monthly, bimonthly = found.get(CadenceKind.MONTHLY), found.get(CadenceKind.BIMONTHLY)
    if monthly and bimonthly and monthly[1].quote == bimonthly[1].quote:
        del found[CadenceKind.MONTHLY]
    regular = found.get(CadenceKind.IRREGULAR)
    if regular and _EVERY_BEFORE.search(text[: regular[0]]):
        del found[CadenceKind.IRREGULAR]
    limits = [(CadenceKind.WITHIN_HOURS, "小时", _HOURS), (CadenceKind.WITHIN_WORKDAYS, "工作日", _WORKDAYS)]
    for kind, unit, pattern in limits:
        match = pattern.search(text) if unit in text else None
        if match and not _SHORTENED.search(text[: match.start()]):
            quote = clause(printed_text, *match.span())
            printed = next(filter(None, match.groups()))
            count = int(printed) if printed.isdecimal() else int(numeral(printed) or 0)
            found[kind] = (match.start(), Cadence(kind, Basis.STATED, count, quote))
    return tuple(cadence for _, cadence in sorted(found.values(), key=lambda pair: pair[0]))


def _count(kind: CadenceKind) -> int | None:
    return None if kind in {CadenceKind.IRREGULAR, CadenceKind.CONTINUOUS, CadenceKind.ON_EVENT} else 1
