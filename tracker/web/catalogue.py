"""Names of codes on the pages."""

from tracker.messages import CADENCE_NAMES

NIL_REASONS = {
    "nothing_happened": "本期未安排工作",
    "awaits_policy": "等待上级文件或政策",
    "awaits_funds": "等待资金",
    "out_of_season": "季节性原因",
    "litigation": "涉诉",
    "force_majeure": "疫情等不可抗力",
    "unclear_duty": "职责存在争议",
}
ROLES = {
    "liaison": "联络员",
    "unit_head": "单位负责人",
    "supervisor": "督查员",
    "leader": "领导",
    "reader": "阅文",
}
REPORT_KINDS = {"progress": "进展反馈", "nil": "零报告", "reply": "协办反馈", "completion": "办结申请"}
REPORT_STATES = {
    "awaiting_sign_off": "待审签",
    "sent_back": "负责人退回",
    "filed": "待督查室审核",
    "accepted": "审核通过",
    "returned": "督查室退回",
}
LEAD_BASES = {
    "explicit": "明确牵头",
    "first_listed": "首列推定",
    "inherent": "固有职责",
    "collective": "集体责任",
    "none": "原文未列",
}
BASES = {"stated": "原文", "document": "文件规定", "default": "督查室要求"}
CADENCES = {**CADENCE_NAMES, "irregular": "不定期（频次系督查室约定，非原文）"}
ITEM_KINDS = {
    "action": "行动措施",
    "safeguard": "保障措施",
    "goal": "工作目标",
    "indicator": "指标",
    "duty": "职责",
    "response_step": "响应步骤",
    "scoring": "评分项",
    "policy": "政策条款",
    "rule": "制度规定",
}
SPAN_ROLES = {
    "background": "背景",
    "heading": "标题",
    "definition": "定义",
    "basis": "依据",
    "closing": "结尾",
    "annex_list": "附件目录",
    "name_list": "名单",
}
CHANGES = {"same": "未变", "changed": "有改动", "new": "新增", "gone": "删去"}
OBSTACLES = {
    "no_number": "缺文号",
    "no_title": "缺标题",
    "no_item": "没有事项",
    "unclassified": "未归类",
    "unknown_unit": "名册里没有",
    "unknown_group": "集体成员未登记，暂不分解",
    "no_lead": "没有牵头单位，请拟定",
}
DOUBTS = {
    "units": "单位",
    "lead": "牵头单位",
    "supports": "配合单位",
    "groups": "集体",
    "evidence": "佐证",
    "cadence": "频次",
    "deadline": "时限",
    "targets": "目标",
    "kind": "类别",
}
EVENTS = {
    "assignment.received": "签收",
    "period.opened": "期次开放",
    "period.overdue": "逾期",
    "period.missed": "记为漏报",
    "report.submitted": "填报，送负责人审签",
    "report.sent_back": "负责人退回",
    "report.signed_off": "负责人审签，报督查室",
    "report.accepted": "督查室审核通过",
    "report.returned": "督查室退回",
    "extension.requested": "申请延期",
    "extension.granted": "同意延期",
    "extension.refused": "不同意延期",
    "trigger.recorded": "登记触发事件",
    "task.closed": "销号",
    "task.lapsed": "文件到期，失效待结",
    "task.superseded": "文件被新版替代，任务撤销或由新事项承接",
}
REMINDER_STATES = {
    "pending": "待发",
    "claimed": "发送中",
    "handing_over": "发送中",
    "sent": "已发",
    "failed": "发送失败",
    "held": "发送结果不明",
    "cancelled": "已取消",
}
CHANNELS = {"in_app": "站内", "mail": "邮件"}
REMINDER_KINDS = {
    "digest": "每日摘要",
    "document.issued": "新交办",
    "report.sent_back": "负责人退回",
    "report.returned": "督查室退回",
    "extension.granted": "同意延期",
    "extension.refused": "不同意延期",
    "trigger.recorded": "触发启动",
}
