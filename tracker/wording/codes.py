"""What states, acts, rhythms and types are called."""

from tracker.domain.lifecycle import AssignmentState, TaskState, awaits_receipt

CIRCULAR_NAMES = {
    "supervision": "督查通报",
    "notice": "督办通知单",
    "urge": "催办单",
    "assignment": "交办单",
    "breakdown": "任务分解表",
    "special": "督查专报",
    "rectification": "整改通知书",
    "ranking": "月度考评通报",
}
CADENCE_NAMES = {
    "daily": "每日",
    "every_2_days": "每两日",
    "weekly": "每周",
    "every_10_days": "每旬",
    "monthly": "每月",
    "bimonthly": "每双月",
    "quarterly": "每季度",
    "half_yearly": "每半年",
    "yearly": "每年",
    "midterm_and_final": "中期、终期",
    "once": "一次",
    "within_hours": "限时（小时）",
    "within_workdays": "限时（工作日）",
    "on_event": "事件触发",
    "irregular": "不定期",
    "continuous": "持续",
}
_LIMITS = {"within_hours": "小时内", "within_workdays": "个工作日内"}
RETURN_REASONS = {
    "no_substance": "无实质内容",
    "no_evidence": "佐证不足",
    "figures": "数据有误或者口径不符",
    "contradiction": "前后矛盾",
    "falsified": "弄虚作假",
    "wrong_item": "答非所报事项",
    "other": "其他原因",
}
EDITION_STATES = {
    "draft": "草稿",
    "submitted": "待签批",
    "approved": "已签批",
    "issued": "已印发",
    "corrected": "已更正",
    "withdrawn": "已撤回",
    "discarded": "已作废",
}
NAMING_ACTS = {"praise": "表扬", "blame": "批评"}
CO_ISSUER_STATES = {
    "named": "待送会签",
    "asked": "会签中",
    "agreed": "同意",
    "returned": "退回",
    "dropped": "由主办机关移出",
}
EDITION_ACTS = {
    "edit": "修改文稿",
    "include_naming": "写入表扬、批评",
    "leave_out_naming": "移出表扬、批评",
    "join": "列为联合印发机关",
    "part": "移出联合印发机关",
    "submit": "送批",
    "approve": "签批",
    "send_back": "退回修改",
    "issue": "编号并印发",
    "withdraw": "撤回",
    "discard": "作废",
    "redraft": "按现在的数据重拟",
    "correct": "更正",
}
# States of the reckoning before series, for what is history.
LEGACY_PERIOD_STATES = {
    "upcoming": "未到期",
    "open": "未报",
    "submitted": "已报",
    "nil_report": "零报告",
    "late_filed": "补报",
    "accepted": "审核通过",
    "returned": "已退回",
    "closed": "已关闭",
    "missed": "漏报",
    "waived": "免报",
}
OFFICE_NAME = "督查室"
MACHINE_NAMES = {"task": "督查事项", "assignment": "承办任务", "row": "报送行"}
STATE_NAMES: dict[tuple[str, str], str] = {
    ("task", "registered"): "已登记",
    ("task", "proposed"): "拟办",
    ("task", "approved"): "已立项",
    ("task", "issued"): "已交办",
    ("task", "in_progress"): "办理中",
    ("task", "under_review"): "办结待审",
    ("task", "returned"): "已退回",
    ("task", "completed"): "已办结",
    ("task", "closed"): "已销号",
    ("task", "archived"): "已归档",
    ("task", "suspended"): "已中止",
    ("task", "cancelled"): "已撤销",
    ("task", "lapsed"): "失效待结",
    ("assignment", "pending_receipt"): "待签收",
    ("assignment", "received"): "已签收",
    ("assignment", "working"): "办理中",
    ("assignment", "submitted"): "已报",
    ("assignment", "accepted"): "已认可",
    ("assignment", "returned"): "已退回",
    ("assignment", "disputed"): "异议中",
    ("assignment", "reassigned"): "已改派",
    ("assignment", "released"): "已免除",
    ("row", "open"): "待报",
    ("row", "filed"): "审核中",
    ("row", "accepted"): "审核通过",
    ("row", "returned"): "退回补正",
    ("row", "waived"): "免报",
    ("row", "missed"): "漏报",
    ("row", "stands"): "以最后一次报送为准",
}
# What the tick of a form speaks of.
TICKED_NAME = "其他配合事项"
ACTION_NAMES: dict[str, str] = {
    "propose": "拟办",
    "approve": "立项",
    "issue": "交办",
    "start": "开始办理",
    "request_completion": "申请办结",
    "return": "退回",
    "complete": "办结",
    "close": "销号",
    "reopen": "重启",
    "archive": "归档",
    "suspend": "中止",
    "resume": "恢复",
    "cancel": "撤销",
    "lapse": "转为失效待结",
    "receive": "签收",
    "submit": "报送",
    "accept": "审核通过",
    "dispute": "提出职责异议",
    "uphold": "维持",
    "revive": "继续答复异议",
    "reassign": "改派",
    "release": "免除",
    "entrust": "重新交办",
    "lower": "恢复原分工",
}
RIGHTS: dict[str, str] = {
    "settle_reminder": "处理提醒消息",
    "acknowledge": "签收任务",
    "report": "填报进展",
    "box": "整理佐证箱",
    "keep_project": "登记、更正这份清单的项目",
    "check_project": "核查、确认重点项目",
    "handle": "单位内转办",
    "request_extension": "申请延期",
    "object": "对核定提出异议",
    "inquire": "提请协办",
    "instruct": "批示",
    "coordinate": "协调协办",
    "sign_off": "审签反馈",
    "countersign": "会签",
    "review": "审核反馈",
    "decide_extension": "审批延期",
    "approve": "批准立项",
    "break_down": "拆解文件",
    "issue": "交办任务",
    "close": "销号",
    "change_task": "调整交办事项",
    "keep_units": "维护单位名册",
    "set_keeper": "明确领导小组办公室所在单位",
    "record_trigger": "登记触发事件",
    "answer_question": "答复待明确事项",
    "draft_circular": "拟稿",
    "approve_circular": "签批通报",
    "issue_circular": "印发通报",
    "publish_calendar": "导入节假日安排",
    "record_outage": "登记系统停用",
    "keep_accounts": "管理账号",
    "grant_role": "授予或者收回角色",
    "end_log_ins": "结束他人的登录",
    "score_scheme": "载入考评规则",
    "score_decide": "明确考评规则",
    "score_month": "组织月度考评",
    "score_inputs": "报送考评数据",
    "score_count": "从项目台账计数",
    "score_object": "对考评得分提出异议",
    "score_answer": "答复考评异议",
}


def cadence_words(kind: str, n: int | None) -> str:
    """Name a rhythm, a clock by its number where the document gives one: 24小时内, 3个工作日内, 每月."""
    return f"{n}{_LIMITS[kind]}" if n and kind in _LIMITS else CADENCE_NAMES[kind]


def share_state_words(share: str, task: str) -> str:
    """Name where a unit's share stands; what was not signed for while its task went on waits for nobody now."""
    if share == AssignmentState.PENDING_RECEIPT.value and not awaits_receipt(AssignmentState(share), TaskState(task)):
        return "未签收"
    return STATE_NAMES["assignment", share]
