"""Wording of quantities: a number with its unit, and the words before and after it that make it a target or not."""

import re

from tracker.intake.expressions import expression

# Half of all items hold none, and every pattern of a number needs one.
# e.g. 3
DIGIT = expression(r"\d")
# A thousands comma is part of a number: 1,200万元. Its first digit stands before everything that is looked for around
# it, so that the places without a digit are passed over at once.
NUMBER = (
    r"(\d(?<![\d.A-Za-z]\d)(?<!\d[,，]\d)(?:\d{0,2}(?:[,，]\d{3})+(?:\.\d{1,6})?(?!\d)|\d{0,11}(?:\.\d{1,6})?))"
    r"(?![\d.]\d)(?![,，]\d{3}(?!\d))"
)
# A longer unit stands before the one that it begins with.
UNITS = (
    r"亿千瓦时|千瓦时|亿立方米|万立方米|亿斤|万斤|公顷|万公顷|个月|工作日|泊|张床位|微克/立方米|毫克/立方米|毫克/升|厘米|台（套）|台套|万份|份|册|盏|万棵|棵|万头|头|周|μg/m³|亿美元|万美元|套（间）|个百分点|个工作日|批次|家次|户次|万平方米|平方公里|平方米|立方米"
    r"|万亩|亩|公里|千米|万千瓦时|万千瓦|兆瓦|万吨|吨|公斤|万人次|人次|万人|万户|万家|万个|万辆|万只|只|万台|万件"
    r"|亿元|万元|元|小时|分钟|个小时|天|场次|场|家|户|所|座|条(?:（个）|\(个\))?|处|项|件|起|名|位|人|套|张|台"
    r"|辆|支(?![持付出撑])|批|次|种|类|站|片|块|宗|例|万株|株|个|倍|列|幢|岁|年|日|％|%|‰"
)
# e.g. 签约亿元以上项目400个以上
# e.g. 每年组织1—2次抽查
# but not 驻政办〔2022〕49号
QUANTITY = expression(
    rf"""{NUMBER}(?P<scale>万|亿)?
    (?:[%％]?\s*[—–‑\-－~～至到]\s*(?P<high>\d{{1,12}}(?:\.\d{{1,6}})?))?
    (?P<unit>{UNITS})
    (?P<after>[及含]?以上|以内|之内|[及含]?以下|左右|内)?(?:实现)?""",
    re.VERBOSE,
)
# Money may be printed without its unit: 最高800万支持.
# e.g. 800万支持
# e.g. 5万补助
BARE_MONEY = expression(rf"{NUMBER}(?P<scale>万|亿)(?=(?:的)?(?:支持|补助|补贴|奖励|资金|奖补|资助|扶持))")
# A share, or a round number of things, in Chinese numerals; 三项制度 and 一个中心 count nothing that is to be reached.
# e.g. 百分之九十八
# e.g. 下降三成
# e.g. 一百个
WRITTEN = expression(
    r"""(?=[百一二两三四五六七八九十])
    (?:百分之(?P<share>[一二三四五六七八九十百零〇点]{1,8})
    |(?<=[降增减升加长])(?P<tenths>[一二两三四五六七八九])成(?![立为员果])
    |(?<![一二两三四五六七八九十百千万\d每.数几])(?P<count>(?:[一二两三四五六七八九][十百千万]|十)[一二三四五六七八九十百千万零]{0,8})
    (?P<counted>个|家|座|户|套|公里|处|所|名|人|场|条|台|辆|万元|亿元)(?P<after>以上|以内)?)""",
    re.VERBOSE,
)
# What stands before a number decides which comparison it makes; all these end where the number begins.
# e.g. 不良率控制在
# e.g. 办理环节压减至
# e.g. 最高补贴实际发生费用的
# but not 绿化率不低于
AT_MOST = expression(
    r"""(?=[不控压缩减降下低最上少≤小])(?:不超过|不高于|不多于|不得超过|不得高于|不大于|控制在|控制到
    |压缩至|压缩到|压减至|压减到|缩短至|缩短到|减少至|降至|降到|下降到|降低到|降低至|下浮|下调
    |(?<!不)(?<!不得)低于|最高|最多|最长|上限|(?<!不)(?<!不得)少于|≤|(?<!不)小于)
    [^，。；,;\d]{0,12}$
    |最高(?:补贴|补助|奖励|资助|支持|给予|不超过)[^，。；,;\d]{0,20}$""",
    re.VERBOSE,
)
# e.g. 实际到位资金不少于
# e.g. 力争全年签约项目
AT_LEAST = expression(
    r"""(?:不少于|不低于|不小于|达到|达|提高到|提升至|提升到|提高至|增加到|增长到|至少|保持在?|完成|力争|确保|≥)
    [^，。；\d]{0,8}$""",
    re.VERBOSE,
)
# e.g. 交易额突破
# but not 支出不超过
MORE_THAN = expression(r"(?=[超突高大>])(?<!不)(?<!不得)(?:超过|突破|高于|大于|>|超)[^，。；\d]{0,4}$")
# A limit that is moved is moved by so much.
# e.g. 最高贷款额度上浮
# e.g. 标准上调
MOVED = expression(r"(?:上浮|上调)(?:了)?$")
# A duty that is done within a time has that time for its limit: 自受理之日起3个工作日办结.
# e.g. 自受理之日起
STARTS = expression(r"(?:之日|受理|申请|收到|接到)[^，。；\d]{0,8}起$")
# e.g. 办结
# e.g. （均不包含补正时间）办结
ENDS = expression(r"(?:（[^（）]{1,16}）)?(?:内)?(?:办结|完成|作出|答复|反馈|出具|审结|核准|办理完毕|公布|送达)")
# Whatever these words introduce is what a measure is about.
# e.g. 围绕
# e.g. 聚焦全市
SCOPE_BEFORE = expression(
    r"(?:围绕|聚焦|针对|依托|涵盖|涉及|包括|包含|对照|现有|列入|纳入)(?:全[市省区县国])?[^，。；\d]{0,12}$|适用(?:税率)?$"
)
# A number that is a condition of something else: 超过36个月的，应暂停供应.
# e.g. 的，
# e.g. 的企业，
# e.g. 级项目
CONDITION_AFTER = expression(
    r"（[^（）]{1,6}）?(?:以上|以下|至)|的(?=[，,、]|(?:企业|单位|项目|个人|家庭|人员|住房|房屋|地区|县区|小区|用户|工程|城市)[^。；]{0,12}[，,])"
    r"|级(?=[\u4e00-\u9fff])|时[，,]"
)
# What stands in brackets explains a word before them.
# e.g. （第一期规模
EXPLAINS = expression(r"（[^（），。；]{0,12}(?:规模|投资|面积|其中|约|首期|[一二]期)[^（），。；]{0,8}$")
# From what a value is raised or lowered is none to reach: 由32张提高到38张.
# e.g. 养老床位由
FROM_BEFORE = expression(r"(?:由|从)(?:目前的?|原来的?|现在的?|上年的?|\d{4}年的?)?$")
# e.g. 提高到38张
FROM_AFTER = expression(r"[^，。；\d]{0,4}(?:提高|提升|增加|增长|扩大|上升|下降|降低|降|减少|压缩|压减|缩短)[到至为]")
# What has been reached is no target.
# e.g. 截至9月底，全市
# e.g. 已开工
PAST_BEFORE = expression(
    r"(?:截至|截止)[^。；，]{0,16}，?[^。；，]{0,16}$|已(?:经)?(?:完成|建成|开工|投产|投用|整改|办结|实现|达到|发放|启动)?"
    r"[^，。；\d]{0,10}$|(?<![较比同])(?:去年|上年)(?!度)[^，。；\d]{0,8}(?:完成|实现|达到|为)$|占年度[^，。；\d]{0,8}$"
)
# So many of things that are counted, and a noun behind it: 培育200家以上企业 is to be reached.
# e.g. 家
COUNTED = expression(r"^(?:家|个|项|户|名|座|处|所|件|场|次|条|台|辆|套|人)$")
# e.g. 实现
# e.g. 核准
REACHES = expression(
    r"(?:实现|核准|培育|新增|建成|新建|建设|推出|引进|完成|改造|打造|组织|签约|发展|推动|创建|开展|举办|认定|孵化|落地|，|；|^)(?:全市|全省|全年|各)?$"
)
# e.g. 稳居全省前10位
# but not 排名前10位的企业
RANKED = expression(r"(?:稳居|保持|进入|跻身|位居|位列|挤进)[^，。；\d]{0,12}前(?P<rank>\d{1,3})(?:位|名)(?!的)")
# The word 左右 behind the second of two numbers speaks of both.
# e.g. 和18％左右
ALSO_ABOUT = expression(r"[和、]\d{1,6}(?:\.\d{1,3})?[%％\u4e00-\u9fff]{1,3}?左右")
# e.g. 给予一次性奖励
PAID = expression(r"(?:奖励|给予|补贴|补助|奖补|资助|支持|一次性|分别|计征|按|减按)[^，。；,;]{0,40}$")
# Of things that are counted loosely a number is a target only where somebody makes them.
# e.g. 每年组织专项督查
MAKES = expression(r"(?:提供|推荐|建|增|育|引进|举办|组织|开展|培|创|申报|抽查|达)[^，。；,;]{0,16}$")
# Of the units only money, or a share of it, is paid.
# e.g. 万元
MONEY = expression(r"元|[%％]$")
# What follows 以上 at once says for whom a measure is, not what is to be reached: 5000平方米以上的楼宇.
# e.g. 的楼宇台账
SCOPE_AFTER = expression(r"^(?:[一-龥“])")
# These numbers describe what is already there, or count documents and meetings.
# e.g. 注册资本
SKIP_BEFORE = expression(r"(?:前|第|以|近|/|约有|现有|已有|总投资|原值|注册资本|上年|满|年龄)$")
# e.g. 会议精神
# e.g. 乡镇要逐户落实
SKIP_AFTER = expression(
    r"^(?:(?:县区?|区|乡镇|镇|街道|部门|单位)(?:要|应|须|政府|负责|分别)|会议|常务|全会|届|批示|以来|指标|方面|重点任务)"
)
# e.g. 第
# e.g. 6月
# but not 其中2025年
DATES_BEFORE = expression(r"[月第]$|(?<!\d{4})年$")
