"""Wording of duties in annotations: names of fields, verbs behind a list of bodies, and words to pass over."""

import re
from functools import lru_cache

from tracker.intake.expressions import expression
from tracker.intake.guards import holds_any

_OF = "(?:(?:[省市县区]级|[省市县区]直|主要|第一|项目|具体|行业|共同|工作|任务)?)"
_PLACE_OF_WORK = "(?:单位|部门|主体|处室|科室)"
_LEAD_FIELD = (
    rf"{_OF}(?:牵头(?:[（(]?(?:责任|负责|主责)[）)]?)?{_PLACE_OF_WORK}|(?:主办|主责|首办){_PLACE_OF_WORK}?|牵头)"
)
_DUTY_FIELD = (
    rf"{_OF}(?:责任|承办|落实|实施|负责|执行|主管|经办|建设|整改){_PLACE_OF_WORK}(?:[（(][\u4e00-\u9fff]{{0,8}}[）)])?"
    "|(?:责任|职责|任务)分工|承办"
)
_SUPPORT_FIELD = rf"{_OF}(?:配合|协办|参与|协同|参加|支持|协助|协作)(?:责任)?{_PLACE_OF_WORK}|配合|协办"
# Who answers for a measure where he is: the duty of a place, mostly of all of them.
_LOCAL_FIELD = f"属地(?:责任|管理|落实)?{_PLACE_OF_WORK}?"
_TIME_FIELD = (
    "(?:计划|要求|整改)?完成(?:时限|时间|期限|日期|时点)|时间要求|(?:办理|办结|整改|落实)(?:时限|期限)|时限要求|时限"
    "|时间节点|完成节点"
)
_PACE_FIELD = "时序进度|进度安排|推进计划|进度要求|工作进度"
# Who oversees a measure does not do it.
_OTHER_FIELD = (
    f"(?:督导|督办|督查|监督|监管|指导|考核|验收|销号|包联|包保)(?:{_PLACE_OF_WORK}|领导|责任人)"
    "|责任人|分管领导|责任领导|联系人|牵头领导|(?:牵头|包抓|挂钩)[省市县区]?领导|联系电话"
)
# A label is closed by a colon or a dash, or stands within brackets of its own.
_CLOSED = r"(?:[】\]］〕]\s*[:：]?|\s*[:：]|[—－]{1,2}(?=[\u4e00-\u9fff]))"
_CLOSES_LABEL = "】]］〕:：—－"
_BRACKETED = r"(?:[【\[［〔](?=[^】\]］〕:：，。；]{2,12}[】\]］〕]))?"
# Every label begins with one of these: most places of a text are passed over at once.
_BEGINS = "(?=[【\\[［〔主任共具分办包区协县参完实属工市建执承挂指推支整时牵监省督第经考职联落行要计负责进配销项首验])"
# e.g. 责任单位：市商务局
# e.g. 牵头单位：市政府办公室；配合单位：市教育局
# e.g. 【责任单位】市商务局
# e.g. 属地责任：各县区人民政府
# e.g. 完成时限：2022年12月底
# e.g. 时序进度：6月底前完成招标
# e.g. 督导单位：市政府督查室
FIELDS = expression(
    rf"""{_BEGINS}{_BRACKETED}(?:(?P<other>{_OTHER_FIELD})|(?P<support>{_SUPPORT_FIELD})|(?P<time>{_TIME_FIELD})
    |(?P<pace>{_PACE_FIELD})|(?P<local>{_LOCAL_FIELD})|(?P<lead>{_LEAD_FIELD})|(?P<duty>{_DUTY_FIELD})){_CLOSED}""",
    re.VERBOSE,
)
# A bracket may hold a label and nothing else: 【责任单位】市商务局.
# e.g. 责任单位
LABEL_ALONE = expression(
    rf"(?:{_OTHER_FIELD}|{_SUPPORT_FIELD}|{_TIME_FIELD}|{_PACE_FIELD}|{_LOCAL_FIELD}|{_LEAD_FIELD}|{_DUTY_FIELD})"
)
# A line of a field may begin with a dash or a dot.
# e.g. ——责任单位：
FIELD_LINE = expression(rf"[—－\-·•●◆■\s]{{0,4}}(?={FIELDS.pattern})", re.VERBOSE)
# Some tables lose their lines on the way into text: the field then follows the sentence at once.
# e.g. 推进项目建设。责任单位：市发展改革委
FIELD_AFTER_SENTENCE = expression(
    rf"[。；;]\s*(?:——)?(?=[【\[［〔]?(?:{_LEAD_FIELD}|{_DUTY_FIELD}|{_SUPPORT_FIELD}|{_LOCAL_FIELD}){_CLOSED})"
)
# e.g. （市商务局牵头
WORDS_OF_DUTY = expression(r"牵头|单位[:：]|部门[:：]|负责|配合|协办|时限[:：]|分工")
# e.g. 市教育局、妇联按职责分工负责
# e.g. 市商务局等
TAIL = expression(
    r"""(?:等)?
    (?:(?:按照?|根据|依|分别按)?(?:各自)?(?:职责|职能|分工|任务)*(?:分工|职责|要求)?(?:分别)?(?:具体)?
    (?:负责|落实|实施|抓好|推进|做好)*(?:落实|实施|推进)?)$""",
    re.VERBOSE,
)
# e.g. 市残联、卫健体委牵头
# e.g. 市财政局配合
# e.g. 各县区按职责分工负责
VERB = expression(
    r"""(?P<lead>牵头(?:负责|落实|实施|组织实施)?|主办)$
    |(?P<support>(?:按职责分工)?(?:配合|协办|参与|参加|协同|协助|支持)(?:落实|实施)?)$
    |(?P<duty>(?:等)?(?:按照?|依)?(?:各自)?(?:职责|职能)?(?:分工)?(?:分别)?(?:负责|抓好|组织)?(?:落实|实施|负责))$""",
    re.VERBOSE,
)
# Nearly all names end otherwise than these words do, and need not be searched.
_ENDS_OF_VERBS = tuple("头责实施办合与加同助持\n")
_ENDS_OF_TAILS = tuple("等照按据依自责能工务求别体实施好进\n")
# What stays of those words between a name and its verb.
# e.g. 市财政局按职责分工
LEFT_OVER = expression(r"(?:等|按职责|分工|分别|责任)+$")
# Remarks on the list itself, which names nobody.
# e.g. 市商务局、市财政局，排第一位的为牵头单位
# e.g. 市发展改革委（下同
NOISE = expression(r"[，,、。；;]?(?:均|其中)?(?:排|列)在?(?:第一位?|首位|最前)[^）)】。；]*|[，,。；;]?(?:以)?下同")
# Words before the first name.
# e.g. 此项工作由市民政局
# e.g. 请市交通局
BEFORE_NAME = expression(
    r"^(?:(?:此|该|本|上述|以上|具体)(?:项|条)?(?:工作|任务|事项|措施)?)?(?:均)?(?:由|请|责成|(?<=工作)为)"
)
_OTHERS = "其他|其它|有关|相关|各"
# Within a name 和 joins nothing; before a collective it parts two bodies.
# e.g. 市公安局以及各县区
# e.g. 市商务局和其他有关单位
# but not 工业和信息化局
JOINED = expression(rf"以及|和(?={_OTHERS})|及(?={_OTHERS})|与(?={_OTHERS})")
# A verb before 、 ends a list as it does before a comma.
# e.g. 市城投公司牵头、市交通局配合
VERB_IN_LIST = expression(r"(?<=牵头|配合|负责)、(?=[\u4e00-\u9fff])")
# What a body is told beside its name.
# e.g. 沿线乡镇做好征迁
# but not 市做好局
WHAT_IT_DOES = expression(r"(?<=[局委办部会心府镇乡道区县位门司])(?:做好|抓好|承担|提供|负责)[\u4e00-\u9fff“”]{2,12}$")
# Who else there is, and is named nowhere.
# e.g. 市商务局等负责
# e.g. 市财政局等按职责分工负责
# but not 市财政局等部门负责
UNNAMED = expression(r"(?<=[局委办部会心府司])等(?=$|[，；。]|按|分工|负责|落实|配合)")
# e.g. 市商务局；市财政局
CLAUSE_ENDS = expression(r"[；;。\n]")
# A time stands among the names where the brackets have no field for it: 市商务局，2022年底前.
# e.g. 2022年12月底前完成
# e.g. 长期坚持
# e.g. 三季度末
# e.g. 2025年1月—11月
TIME_WORDS = expression(
    r"""(?:\d{4}年)?\d{1,2}月(?:份)?[—–\-－~～至到]{1,2}(?:\d{4}年)?\d{1,2}月(?:份)?(?:底)?(?:前)?
    |(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|末|年底)?(?:前|以前|之前)?(?:完成)?
    |(?:今年|明年|\d{4}年)?年?(?:内|底前?)|(?:第?[一二三四]|[1-4])季度(?:末|底)?前?|上半年|\d{4}[.．]\d{1,2}(?:[.．]\d{1,2})?(?:前|底前)?
    |长期坚持|持续推进|常年坚持|长期推进|全年|长期|立行立改|即知即改""",
    re.VERBOSE,
)


@lru_cache(2048)  # several rules ask of each annotation
def labels(words: str) -> tuple[re.Match[str], ...]:
    """Return the labels of fields; behind the last mark that may close one there is none to look for."""
    last = max(map(words.rfind, _CLOSES_LABEL))
    if last < 0:
        return ()
    behind = words[last + 1 :].lstrip()  # Blanks and one character more are looked at.
    return tuple(FIELDS.finditer(words, 0, len(words) - len(behind) + 1))


def verb_behind(words: str) -> re.Match[str] | None:
    """Return the verb that ends a list of bodies."""
    return VERB.search(words) if words.endswith(_ENDS_OF_VERBS) else None


def without_verb(name: str) -> str:
    """Return a name without the verb behind it."""
    return VERB.sub("", name) if name.endswith(_ENDS_OF_VERBS) else name


def without_tail(name: str) -> str:
    """Return a name without what is said of how its body acts."""
    return TAIL.sub("", name) if name.endswith(_ENDS_OF_TAILS) else name


def without_noise(words: str) -> str:
    """Return the words of an annotation without remarks on the list, with 、 where a word joins two bodies."""
    if holds_any(words, ("列", "排", "下同")):
        words = NOISE.sub("", words)
    return JOINED.sub("、", words)
