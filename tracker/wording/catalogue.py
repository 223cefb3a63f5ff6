"""Names of codes on the pages."""

from tracker.domain.owed import Paper, RowState
from tracker.wording.codes import CADENCE_NAMES
from tracker.wording.work import CAUSE_NAMES, CLAIM_NAMES, OUTCOME_NAMES

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
    "system_admin": "系统管理员",
    "security_admin": "安全保密管理员",
    "audit_admin": "审计管理员",
}
REPORT_KINDS = {
    "progress": "进展反馈",
    "nil": "零报告",
    "tick": "其他配合事项",
    "reply": "协办反馈",
    "completion": "办结报告",
    "update": "进展动态",
}
FILING_KINDS = {"form": "期次反馈", "reply": "协办反馈", "completion": "办结申请", "update": "进展动态"}
REPORT_STATES = {
    "awaiting_sign_off": "待审签",
    "sent_back": "负责人退回",
    "withdrawn": "已撤回",
    "filed": "待督查室审核",
    "accepted": "审核通过",
    "returned": "督查室退回",
}
STANDINGS = {
    "awaiting_sign_off": "未审签",
    "sent_back": "负责人退回",
    "withdrawn": "已撤回",
    "stayed": "未报出",
    "own": "自报",
    "verified": "核定",
    "returned": "督查室退回",
}
REQUEST_KINDS = {"extension": "延期", "dispute": "职责异议", "objection": "核定异议"}
LEAD_OPINIONS = {"stands": "属实", "lower": "建议调整", "return": "建议退回"}
OPS = {">": "＞", ">=": "≥", "=": "＝", "<=": "≤", "<": "＜"}
OUTCOMES = {outcome.value: name for outcome, name in OUTCOME_NAMES.items()}
CLAIMS = {claim.value: name for claim, name in CLAIM_NAMES.items()}
CAUSES = {cause.value: name for cause, name in CAUSE_NAMES.items()}
PAPERS = {
    Paper.CORRECTION_OVERDUE: "未补正",
    Paper.UNREPORTED: "未报",
    Paper.PENDING: "待批",
    Paper.CORRECTION: "退回补正",
    Paper.UNDER_REVIEW: "审核中",
    Paper.HELD: "随办结待审",
    Paper.NOT_DUE: "未到期",
    Paper.LATE: "迟报",
    Paper.ON_TIME: "按时",
    Paper.WAIVED: "免报",
}
PAPER_COLOURS = {
    Paper.CORRECTION_OVERDUE: "red",
    Paper.UNREPORTED: "red",
    Paper.PENDING: "grey",
    Paper.CORRECTION: "yellow",
    Paper.UNDER_REVIEW: "blue",
    Paper.HELD: "blue",
    Paper.NOT_DUE: "green",
    Paper.LATE: "blue",
    Paper.ON_TIME: "blue",
    Paper.WAIVED: "grey",
}
SETTLED = {RowState.WAIVED: "免报", RowState.MISSED: "漏报", RowState.STANDS: "以最后一次报送为准"}
DUE_CAUSES = {
    "extension": "准予延期",
    "grace": "答复后顺延",
    "office": "督查室调整",
    "calendar": "工作日历调整",
    "outage": "系统停用顺延",
}
BEARERS = {"lead": "牵头单位", "group": "责任单位各家", "both": "牵头单位和责任单位", "named": "点名单位"}
MEASURES = {
    "cumulative": "累计，按全年均分序时",
    "level": "比率，以最新数为准",
    "baseline": "以基数起算",
    "ceiling": "上限，只看超出",
    "grant": "补助额度，只看超出",
    "per_period": "每期达到",
}
TOPICS = {
    "bearer": "由谁承担",
    "date": "时限",
    "interval": "间隔",
    "members": "成员单位",
    "each_or_together": "各自还是合计",
    "other": "其他",
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
    "plan_end": "标题或者正文写明年份，不能确定计划到哪一天为止，请在“文件信息”中填写，没有的留空保存",
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
    "document.registered": "登记文件",
    "document.approved": "立项",
    "document.issued": "交办",
    "unit.registered": "登记单位",
    "unit.renamed": "单位更名",
    "unit.merged": "单位合并",
    "draft.uploaded": "上传待拆解文件",
    "draft.corrected": "更正拆解",
    "draft.approved": "拆解稿立项",
    "draft.discarded": "作废拆解稿",
    "question.answered": "督查室明确",
    "assignment.received": "签收",
    "share.added": "补派承办单位",
    "share.ended": "承办关系终止",
    "share.lowered": "恢复原分工",
    "series.opened": "建立报送序列",
    "series.overdue": "反馈逾期未报",
    "form.opened": "反馈开放",
    "form.rows_added": "反馈增加事项",
    "filing.submitted": "填报，送负责人审签",
    "news.told": "进展动态",
    "filing.stopped": "反馈未报出，退回联络员",
    "filing.signed": "负责人审签报出",
    "report.filed": "报出",
    "reports.stayed": "部分事项未报出",
    "report.verified": "督查室审核通过",
    "report.lead_verified": "牵头单位核实",
    "report.given_back": "督查室退回",
    "correction.ended": "补正结束",
    "due.moved": "调整报送时限",
    "request.asked": "提出申请",
    "rows.held": "办结报告待审，期间应报的暂不计时",
    "rows.let_go": "所在事项了结，不再待批",
    "rows.freed": "办结报告退回，继续计时",
    "request.granted": "同意申请",
    "request.refused": "不同意申请",
    "lateness.fixed": "认定是否迟报",
    "row.settled": "本期了结",
    "reckoning.switched": "改按报送序列计算",
    "trigger.recorded": "登记触发事件",
    "trigger.ended": "终止响应",
    "task.completed": "办结",
    "task.closed": "销号",
    "task.reopened": "重启",
    "task.suspended": "中止",
    "task.resumed": "恢复",
    "task.cancelled": "撤销",
    "task.deadline_changed": "改时限",
    "schedule.points_set": "设定序时节点",
    "task.key_marked": "列为重点",
    "task.key_lifted": "取消重点",
    "task.interval_set": "调整报送间隔",
    "task.lapsed": "文件期满，失效待结",
    "task.superseded": "文件被新版替代，任务撤销或由新事项承接",
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
    "task.archived": "归档",
    "share.moved": "单位合并，承办事项划转",
    "row.moved": "单位合并，报送事项划转",
    "form.rows_reset": "重新列入报送",
    "request.mooted": "申请因事项结束不再办理",
    "request.revived": "事项继续办理，异议待答复",
    "circular.drafted": "文稿拟稿",
    "circular.changed": "文稿变动",
    "circular.template_kept": "模板变动",
    "circular.issued": "文稿印发",
    "circular.drawn": "文稿排印",
    "clock.moved": "调整演示时钟",
    "reminder.resent": "补发消息",
    "reminder.settled": "确认消息已收",
    "unit.keeper_set": "明确领导小组办公室所在单位",
    "calendar.published": "公布工作日历",
    "outage.recorded": "登记系统停用",
    "tasks.carried": "督查事项由新文件承接",
    "series.moved": "报送序列划转",
    "series.carried": "报送序列由新文件承接",
    "document.reread": "重新拆解文件",
    "document.ended": "文件期满",
    "document.plan_end_corrected": "更正计划截止日期",
    "document.superseded": "文件由新版替代",
}
DRAFT_ACTS = {
    "head": "更正文件信息",
    "add": "增加事项",
    "declare": "归类",
    "assign": "拟定牵头单位",
    "rest": "其余文字归为背景",
    "edit": "更正事项",
    "split": "拆成两项",
    "merge": "与下一项合并",
    "drop": "改为背景",
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
