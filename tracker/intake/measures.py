"""How a number counts 「计量方式」 and per what: as its clause says; where it does not say it, nothing is said."""

import re
from dataclasses import replace

from tracker.domain.items import ItemKind, Measure
from tracker.domain.readings.demands import Target
from tracker.intake.expressions import expression
from tracker.intake.guards import holds_any

_TIMES = {"次", "场", "期", "场次", "批", "批次", "轮"}
# Names of periods as a target prints what it is counted per.
_PERIODS = {"天": "日", "季": "季度", "年度": "年"}
# What is reached anew in each period names it; what is a mean of one is of one.
# e.g. 每月外出招商不少于
# e.g. 年均森林火灾受害率
# but not 每家企业
_EACH_TIME = expression(r"每(?P<period>个?月|季度?|半年|年度?|学[期年]|周|旬|[日天])(?!人)|(?P<mean>[年月日])均")
# A number of times within the year is reached anew each year.
# e.g. 全年举办专题招商活动
_IN_THE_YEAR = expression("全年|年内|本年度")
# e.g. 每人
# e.g. 每个企业奖励
# e.g. 每户企业每类产品
# e.g. 每10万人口康复医师人数
# but not 每月外出招商
_EACH = expression(
    r"""每(?!个?月|季|半年|年|周|旬|[日天]|学[期年])
    (?:[\d百千万]{1,5}(?:名|人口|人|户|平方公里|平方米|亩|公里|家|个)|(?P<thing>(?!进站)[\u4e00-\u9fff]{1,8}?)
    (?P<yearly>年度)?
    (?=每|年|不|至少|最高|最多|最低|给予|一次性|奖|补|资助|支持|按|配备|配置|配套|拥有|具有|建|设|达|新增|培育|完成
    |发放|安排|投入|要|应|须|半?专业|志愿|\d|$))""",
    re.VERBOSE,
)
# e.g. /项
# e.g. ／人·年
# but not /立方米的标准
_SLASHED = expression(
    r"[/／](?P<things>(?!立方|平方)[\u4e00-\u9fff]{1,3}?(?:[·/／][\u4e00-\u9fff]{1,3}?)?)(?=[，。；、）和的标]|$)"
)
# e.g. /年
_A_PERIOD = expression("[/／](?:年|月|季度|周|日)")
# e.g. 给予300万元奖励
# e.g. 每件资助1万元
# but not 规模不低于30亿元
_GIVEN = expression(
    r"给予|奖励|奖补|奖金|补助|补贴|资助|津贴|贴息|补偿|安家费|启动经费|以奖代补|等奖|减按|减免|减征|免征|税前扣除"
    r"|(?<!的)支持(?!率)"
)
# What is taken away, and what a loan costs, is no grant.
# e.g. 扣减财政资金
# e.g. 贷款利率不高于
_NOT_GIVEN = expression("扣[减除]|罚|利率|费率")
# So much for so many is a density.
# e.g. 每百户
# e.g. 每10万人口
_OF_SO_MANY = expression(r"每[\d百千万]{1,5}[\u4e00-\u9fff]")
# e.g. 较上年增长
# e.g. 能耗降低
_MOVES = expression("增长|增速|增幅|提高|提升|上升|下降|降低|减少|压减|压缩|高于|低于")
# What stands at a point of time, and is not summed up.
# e.g. 企业总数达到
# e.g. 保有量
_STOCK = expression(
    r"总数|总量|总人数|保有量|拥有|存量|规模|余额|达到?[^，]{0,4}$|保持|稳定在?|提高[到至]|提升[到至]|增加[到至]"
    r"|扩大[到至]|增长到"
)
# e.g. 全年新增贷款
# e.g. 实际到位省外资金
# e.g. 累计建成
_ADDED = expression(
    r"累计|新增|新建|新开工|新设|新培育|净增|增加(?![到至])|完成|建成|开工|竣工|投产|签约|引进|招引|培育|改造|到位|实现|争取|举办"
    r"|组织|新改|扩建|评选|惠及|受益|筹集|开通|铺设|架设|修缮|加装|增设|补充|关闭|安排|投入|列支|实施|开行|撬动|腾出|收回|投放|选派"
    r"|开展|发放|培训|整治|治理|修复|清理|谋划|包装|储备|入库|推出|打造|创建|认定|孵化|落实|推送|提供|招聘|建设|淘汰|拆除|消纳"
    r"|更新|种植|造林"
)
# e.g. 百分点
# e.g. 微克/立方米
_RATE = expression("[%‰]|百分点|^倍$|克/|/m³")
# e.g. 万元
_PART_OR_MONEY = expression("元$|%$")


def counted(target: Target, text: str, place: int, *, kind: ItemKind) -> Target:
    """Return a target with how it counts and per what, as its clause, in which its number stands at `place`, says."""
    clause, unit = target.quote, target.unit or ""
    start = max(text.rfind(clause, 0, place + len(clause)), 0)
    before, behind = clause[: place - start], clause[place - start :]
    measure: Measure | None = Measure.GRANT
    if not (_PART_OR_MONEY.search(unit) and (_GIVEN.search(clause) or _is_given(text, place, target, kind))):
        measure = _measure(target, before, behind, kind)
    per = _per(before, behind, unit, measure)
    return target if measure is per is None else replace(target, measure=measure, per=per)


def _is_given(text: str, place: int, target: Target, kind: ItemKind) -> bool:
    """Say whether the sentence around a sum pays it; of a share, and of what is to be reached, only a policy does."""
    if kind is not ItemKind.POLICY and (target.op not in {"<=", "="} or "元" not in (target.unit or "")):
        return False
    if _NOT_GIVEN.search(text, max(0, place - 12), place):
        return False
    start = max(text.rfind(mark, 0, place) for mark in "。；\n") + 1
    end = min(at if (at := text.find(mark, place)) >= 0 else len(text) for mark in "。；\n")
    return target.op != ">=" and bool(_GIVEN.search(text, start, end))


def _measure(target: Target, before: str, behind: str, kind: ItemKind) -> Measure | None:
    unit, falls = target.unit or "", target.op in {"<", "<="}
    if unit == "位":
        return Measure.LEVEL
    if falls:
        return Measure.CEILING
    if _RATE.search(unit) or (kind is ItemKind.INDICATOR and not (unit and _ADDED.search(before))):
        return Measure.LEVEL
    if _each_time(before, unit) or _A_PERIOD.match(behind[behind.find(unit) + len(unit) :]):
        return Measure.PER_PERIOD
    if _OF_SO_MANY.search(before) or (_MOVES.search(before[-4:]) and not _ADDED.search(before)):
        return Measure.LEVEL
    if kind is ItemKind.SCORING or not unit:
        return None
    if _ADDED.search(before) or _ADDED.search(behind[:12]):
        return Measure.CUMULATIVE
    if _STOCK.search(before):
        return Measure.LEVEL
    return Measure.CUMULATIVE if kind is ItemKind.GOAL else None


def _each_time(before: str, unit: str) -> str | None:
    """Return the period in which a number is reached anew; the last that is named before it counts."""
    named = [*_EACH_TIME.finditer(before)] if holds_any(before, "每均") else []
    if named:
        period = (named[-1]["period"] or named[-1]["mean"]).removeprefix("个")
        return _PERIODS.get(period, period)
    return "年" if unit in _TIMES and _IN_THE_YEAR.search(before) else None


def _per(before: str, behind: str, unit: str, measure: Measure | None) -> str | None:
    """Return what a number is counted per: things as printed and the period, joined by ·."""
    found = []
    for each in _EACH.finditer(before) if "每" in before else ():
        found.append(each["thing"].removeprefix("个") if each["thing"] else each.group().strip())
        found += ["年"] if each["yearly"] else []
    slashed = _SLASHED.match(behind[behind.find(unit) + len(unit) :]) if holds_any(behind, "/／") else None
    if slashed:
        found.append(slashed["things"].replace("/", "·").replace("／", "·"))
    period = _each_time(before, unit) if measure is not Measure.LEVEL else None
    if period and period not in found:
        found.append(period)
    return "·".join(found) or None
