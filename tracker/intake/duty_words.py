"""Wording of duties in annotations: names of fields, verbs behind a list of bodies, and words to pass over."""

import re

_LEAD_FIELD = "牵头(?:责任)?(?:单位|部门)|主办(?:单位|部门)|主责(?:单位|部门)|牵头"
_DUTY_FIELD = "责任(?:单位|部门|主体)|承办(?:单位|部门)|落实(?:单位|部门)|实施(?:单位|部门)|负责(?:单位|部门)"
_SUPPORT_FIELD = (
    "配合(?:责任)?(?:单位|部门)|协办(?:单位|部门)|参与(?:单位|部门)"
    "|协同(?:单位|部门)|参加(?:单位|部门)|支持(?:单位|部门)|配合"
)
_TIME_FIELD = "完成时限|完成时间|时间要求|办理时限|时限要求|整改时限|时限|时间节点"
_PACE_FIELD = "时序进度|进度安排|推进计划|进度要求|工作进度"
_OTHER_FIELD = "责任人|分管领导|责任领导|联系人|牵头领导"
# e.g. 责任单位：市商务局
# e.g. 牵头单位：市政府办公室；配合单位：市教育局
# e.g. 完成时限：2022年12月底
# e.g. 时序进度：6月底前完成招标
# e.g. 责任领导：分管副市长
FIELDS = re.compile(
    rf"""(?P<lead>{_LEAD_FIELD})[:：]|(?P<duty>{_DUTY_FIELD})[:：]|(?P<support>{_SUPPORT_FIELD})[:：]
    |(?P<time>{_TIME_FIELD})[:：]|(?P<pace>{_PACE_FIELD})[:：]|(?P<other>{_OTHER_FIELD})[:：]""",
    re.VERBOSE,
)
# Some tables lose their lines on the way into text: the field then follows the sentence at once.
# e.g. 推进项目建设。责任单位：市发展改革委
FIELD_AFTER_SENTENCE = re.compile(rf"(?<=[。；;])\s*(?=(?:{_LEAD_FIELD}|{_DUTY_FIELD}|{_SUPPORT_FIELD})[:：])")
# e.g. （市商务局牵头
WORDS_OF_DUTY = re.compile(r"牵头|单位[:：]|部门[:：]|负责|配合|协办|时限[:：]|分工")
# e.g. 市教育局、妇联按职责分工负责
# e.g. 市商务局等
TAIL = re.compile(
    r"""(?:等)?
    (?:(?:按照?|根据|依|分别按)?(?:各自)?(?:职责|职能|分工|任务)*(?:分工|职责|要求)?(?:分别)?(?:具体)?
    (?:负责|落实|实施|抓好|推进|做好)*(?:落实|实施|推进)?)$""",
    re.VERBOSE,
)
# e.g. 市残联、卫健体委牵头
# e.g. 市财政局配合
# e.g. 各县区按职责分工负责
VERB = re.compile(
    r"""(?P<lead>牵头(?:负责|落实|实施|组织实施)?|主办)$
    |(?P<support>(?:按职责分工)?(?:配合|协办|参与|参加|协同|协助|支持)(?:落实|实施)?)$
    |(?P<duty>(?:等)?(?:按照?|依)?(?:各自)?(?:职责|职能)?(?:分工)?(?:分别)?(?:负责|抓好|组织)?(?:落实|实施|负责))$""",
    re.VERBOSE,
)
# What stays of those words between a name and its verb.
# e.g. 市财政局按职责分工
LEFT_OVER = re.compile(r"(?:等|按职责|分工|分别|责任)+$")
# Remarks on the list itself, which names nobody.
# e.g. 市商务局、市财政局，排第一位的为牵头单位
# e.g. 市发展改革委（下同
NOISE = re.compile(r"[，,、。；;]?(?:均|其中)?(?:排|列)在?(?:第一位?|首位|最前)[^）)】。；]*|[，,。；;]?(?:以)?下同")
# Within a name 和 joins nothing; before a collective it parts two bodies.
# e.g. 市公安局以及各县区
# e.g. 市商务局和其他有关单位
# but not 工业和信息化局
JOINED = re.compile(r"以及|(?:和|及|与)(?=其他|其它|有关|相关|各)")
# e.g. 市商务局；市财政局
CLAUSE_ENDS = re.compile(r"[；;。\n]")
# A time stands among the names where the brackets have no field for it: 市商务局，2022年底前.
# e.g. 2022年12月底前完成
# e.g. 长期坚持
TIME_WORDS = re.compile(
    r"""(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|末|年底)?(?:前|以前|之前)?(?:完成)?
    |年内|长期坚持|持续推进|常年坚持|长期推进|全年""",
    re.VERBOSE,
)
