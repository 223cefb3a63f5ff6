"""Wording of quantities: a number with its unit, and the words before and after it that make it a target or not."""

import re

NUMBER = r"(?<![\d.A-Za-z])(\d{1,12}(?:\.\d{1,6})?)(?![\d.]\d)"
# A longer unit stands before the one that it begins with.
UNITS = (
    r"微克/立方米|μg/m³|亿美元|万美元|套（间）|个百分点|个工作日|批次|家次|户次|万平方米|平方公里|平方米|立方米"
    r"|万亩|亩|公里|千米|万千瓦时|万千瓦|兆瓦|万吨|吨|公斤|万人次|人次|万人|万户|万家|万个|万辆|万只|只|万台|万件"
    r"|亿元|万元|元|小时|分钟|个小时|天|场次|场|家|户|所|座|条(?:（个）|\(个\))?|处|项|件|起|名|位|人|套|张|台"
    r"|辆|支|批|次|种|类|站|片|块|宗|例|万株|株|个|倍|列|幢|岁|年|日|％|%|‰"
)
# e.g. 签约亿元以上项目400个以上
# e.g. 每年组织1—2次抽查
# but not 驻政办〔2022〕49号
QUANTITY = re.compile(
    rf"""{NUMBER}(?P<scale>万|亿)?
    (?:[%％]?\s*[—–\-－~～至到]\s*(?P<high>\d{{1,12}}(?:\.\d{{1,6}})?))?
    (?P<unit>{UNITS})
    (?P<after>[及含]?以上|以内|之内|以下|左右|内)?(?:实现)?""",
    re.VERBOSE,
)
# What stands before a number decides which comparison it makes; all these end where the number begins.
# e.g. 不良率控制在
# e.g. 办理环节压减至
# but not 绿化率不低于
AT_MOST = re.compile(
    r"""(?:不超过|不高于|不多于|不得超过|不得高于|不大于|控制在|控制到
    |压缩至|压缩到|压减至|压减到|缩短至|缩短到|减少至|降至|降到|下降到
    |(?<!不)(?<!不得)低于|最高|最多|上限|(?<!不)(?<!不得)少于|≤|(?<!不)小于)
    [^，。；,;\d]{0,12}$""",
    re.VERBOSE,
)
# e.g. 实际到位资金不少于
# e.g. 力争全年签约项目
AT_LEAST = re.compile(
    r"""(?:不少于|不低于|不小于|达到|达|提高到|提升至|提升到|提高至|增加到|增长到|至少|保持在?|完成|力争|确保|≥)
    [^，。；\d]{0,8}$""",
    re.VERBOSE,
)
# e.g. 交易额突破
# but not 支出不超过
MORE_THAN = re.compile(r"(?<!不)(?<!不得)(?:超过|突破|高于|大于|>|超)[^，。；\d]{0,4}$")
# e.g. 给予一次性奖励
PAID = re.compile(r"(?:奖励|给予|补贴|补助|奖补|资助|支持|一次性|分别|计征|按)[^，。；,;]{0,40}$")
# Of things that are counted loosely a number is a target only where somebody makes them.
# e.g. 每年组织专项督查
MAKES = re.compile(r"(?:建|增|育|引进|举办|组织|开展|培|创|申报|抽查|达)[^，。；,;]{0,16}$")
# Of the units only money, or a share of it, is paid.
# e.g. 万元
MONEY = re.compile(r"元|[%％]$")
# What follows 以上 at once says for whom a measure is, not what is to be reached: 5000平方米以上的楼宇.
# e.g. 的楼宇台账
SCOPE_AFTER = re.compile(r"^(?:[一-龥“])")
# These numbers describe what is already there, or count documents and meetings.
# e.g. 注册资本
SKIP_BEFORE = re.compile(r"(?:前|第|以|近|约有|现有|已有|总投资|原值|注册资本|上年|满|年龄)$")
# e.g. 会议精神
SKIP_AFTER = re.compile(r"^(?:会议|常务|全会|届|批示|以来|指标|方面|重点任务)")
# e.g. 2022年
DATES_BEFORE = re.compile(r"[年月第]$")
