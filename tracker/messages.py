"""The Chinese sentences of refusals, lights, reminders and periods, keyed by the codes of the domain."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tracker.domain.accounts import Role
from tracker.domain.calendar import full_date, local_day
from tracker.domain.claims import Claim
from tracker.domain.deadlines import is_whole_day
from tracker.domain.errors import TrackerError
from tracker.domain.leaving import Signed
from tracker.domain.lights import Light, LightReason, Waiting
from tracker.domain.owed import Owed, OwedKind
from tracker.domain.reminders import DigestEntry, DigestHeading
from tracker.domain.windows import CLOSING
from tracker.moments import day_words, due_words, lateness_words, left_words, owed_words
from tracker.work_words import CLAIM_NAMES, month_day, number_words

CIRCULAR_NAMES = {
    "supervision": "督查通报",
    "notice": "督办通知单",
    "urge": "催办单",
    "assignment": "交办单",
    "breakdown": "任务分解表",
    "special": "督查专报",
    "rectification": "整改通知书",
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
EDITION_ACTS = {
    "edit": "修改",
    "submit": "送批",
    "send_back": "退回修改",
    "approve": "签批",
    "issue": "印发",
    "correct": "更正",
    "withdraw": "撤回",
    "discard": "作废",
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

# Why rows of a form ended without a report, by the act that settled them, and as what.
# What the tick of a form speaks of.
TICKED_NAME = "其他配合事项"

_END_CAUSES = {
    "task_archived": "因事项归档",
    "task_cancelled": "因事项撤销",
    "task_suspended": "因事项中止",
    "task_resumed": "因事项恢复办理",
    "task_reopened": "因事项重启",
    "task_completed": "因事项办结",
    "task_superseded": "因文件由新版替代",
    "share_added": "因承办单位调整",
    "share_released": "因本单位不再承办",
    "share_reassigned": "因事项改派其他单位",
    "share_lowered": "因恢复原分工",
    "deadline_changed": "因事项时限调整",
    "plan_end_corrected": "因计划截止日期更正",
    "document_expired": "因文件期限已满",
    "trigger_ended": "因响应终止",
    "question_answered": "因督查室明确报送要求",
    "key_marked": "因列为重点，改按重点事项报送",
    "key_lifted": "因取消重点，改按原要求报送",
    "interval_set": "因督查室调整报送间隔",
    "later_period_filed": "因已报以后一期",
    "returned_after_the_end": "因事项已结束",
    "already_reported": "因本期已经报出",
}
# What is told of a row that waited for its signature, where it differs from what is told of the end of its form.
_STAYED = {"task_resumed": "因事项中止期间到期的报送免报"}
_END_STATES = {"missed": "记为漏报", "waived": "免报", "stands": "以最后一次报送为准"}

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
    "reassign": "改派",
    "release": "免除",
    "entrust": "重新交办",
    "lower": "恢复原分工",
}

ACT_NAMES: dict[str, str] = {
    "settle_reminder": "处理提醒消息",
    "acknowledge": "签收任务",
    "report": "填报进展",
    "request_extension": "申请延期",
    "object": "对核定提出异议",
    "sign_off": "审签反馈",
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
}

ERROR_SENTENCES: dict[str, str] = {
    "error": "操作未完成，请联系督查室。",
    "rejected": "当前状态下不能这样办理，请刷新页面核对。",
    "forbidden": "您没有办理此事的权限。",
    "not_found": "没有找到该内容，或者您无权查看。",
    "bad_input": "填写的内容有误，请核对后重新提交。",
    "unavailable": "系统的一部分暂时不可用，请稍后再试。",
    "stale": "他人刚刚修改过这项内容，请刷新页面后再办理。",
    "transition_refused": "{machine}现为“{state}”，不能{action}。",
    "not_your_task": "您的岗位或单位不能{act}。",
    "not_an_extension": "新时限{new_due_on}不晚于原时限{due_on}，不构成延期。",
    "extension_too_late": "时限为{due_on}，延期须在到期前申请，现已逾期。",
    "reason_required": "请填写理由。",
    "reason_too_long": "填写的文字不能超过{most}字，现有{length}字，请精简。",
    "already_underway": "已有一份同类申请或反馈在办，请等待办理结果。",
    "only_the_lead": "办结由牵头单位申请，协办反馈由协办单位报送。",
    "rows_lacking": "还有必报事项没有填：{items}。",
    "tick_missing": "其他配合事项{count}项还没有说明：确无新情况的请勾选；有新情况的请展开填写，其余各项仍请勾选。",
    "nothing_filed": "表里还没有填写任何内容。",
    "due_before_opening": "本期{opens_on}起收，时限不能早于这一天。",
    "not_taken_yet": "本期{opens_on}起收，现在还不能报。",
    "row_ended": "事项{item}已经报出、办结或者不再由本单位承办，不能再报。",
    "nothing_leaves": "{why}，这份报送所列事项（{items}）不能报出，请退回联络员。",
    "task_paused": "事项{item}已中止办理，恢复后再报；已经送审的请退回或者撤回。",
    "missed_words_required": "以前各期（{periods}）没有报，请写明漏报的原因。",
    "entries_unreadable": "有{count}行填写有误，原因写在各行。",
    "nothing_to_extend": "这一行现在不欠报送，不用申请延期。",
    "request_pending": "这一行已有申请在等批复。",
    "request_already_decided": "该申请已经批复。",
    "not_awaiting_sign_off": "这份报送已经审签、退回或者撤回，请刷新页面。",
    "outcome_needed": "这份反馈中有办结行，单位没有写明达标或者未达标，请逐行审核并选定。",
    "not_under_review": "该反馈不在待审核状态。",
    "reminder_not_held": "该消息不处于“结果不明”或“发送失败”状态，不能补发或确认。",
    "not_registered": "没有登记文件{number}，请核对文号。",
    "nothing_to_do": "{number}没有可以办理此步骤的事项。",
    "nobody_to_task": "事项{item}的牵头单位均为上级机关，本市不能交办，请先拟定牵头单位。",
    "not_a_leading_group": "{unit}不是领导小组、指挥部等议事协调机构，应为其开通自己的联络员账号。",
    "may_not_keep": "{unit}不能承担领导小组办公室的工作，请选择部门或单位。",
    "kept_already": "{unit}的办公室所在单位没有变化。",
    "unclassified": "{number}尚有未归类的文字（第{start}字起：“{words}”），不能立项。",
    "quote_not_in_text": "事项{item}的引文“{quote}”与原文不一致。",
    "no_lead": "事项{item}没有牵头单位，请先拟定。",
    "no_issue_day": "{number}没有成文日期，不能推算报送时间，请先补填。",
    "label_twice": "序号{label}被两个不相邻的事项使用。",
    "leads_still_owe": "牵头单位{units}还有逾期未报的内容；确需放行的，请写明放行理由。",
    "dispute_too_late": "职责异议须在{until}（含）前提出。",
    "nothing_to_object": "这项核定不能提出异议：核定与自报一致，或者事项已经结束、不再由本单位承办。",
    "objection_too_late": "对核定的异议须在{until}（含）前提出。",
    "opinion_missing": "请选择核实意见：属实、建议调整或者建议退回。",
    "lower_claim_missing": "建议调整的，请选择调整为哪一种进展情况。",
    "nothing_to_verify": "该报送不需要核实：督查室已经审核，或者事项已经结束、不再由本单位牵头。",
    "verified_already": "{lead}已经核实，核实意见只提一次。",
    "verifying_too_late": "成员单位的报送须在{until}（含）前核实，现由督查室直接审核。",
    "decided_singly": "抽查的行和牵头单位建议调整、退回的行，请逐行审核。",
    "objected_already": "对这项核定已经提出过异议，不能重复提出。",
    "emergency_clock": "应急事件的限时报告、每日报告不办理延期，请在时限内先报已掌握的情况，随后续报。",
    "leader_decides": "再次延期或者延至文件印明的时限之后的，由领导批复。",
    "trigger_over": "该事件已登记结束。",
    "event_in_the_future": "发生时间{occurred}还没有到，事件发生后再登记。",
    "event_before_issue": "发生时间{occurred}早于文件成文日期{issued_on}，请核对。",
    "event_too_old": "发生时间{occurred}早于{earliest}，最多补登{days}天以内发生的事件，请核对。",
    "event_recorded_already": "{occurred}发生的事件已经登记，不用再次登记。",
    "event_still_running": "{occurred}发生的事件尚未终止响应，逐日反馈仍在进行，请先终止响应再登记新的事件。",
    "bearer_unclear": "事项{item}的要求由谁承担没有写清：写明由具体单位承担的要列出单位，其他的不列。",
    "span_out_of_text": "事项{item}的位置超出原文范围。",
    "no_entry": "请至少填写一个事项。",
    "head_incomplete": "请填写{field}。",
    "ledger_faulty": "台账有误，没有导入任何一行。{faults}。",
    "ledger_unreadable": "这不是可导入的台账：第一行应为{columns}，请使用下载的模板。",
    "nothing_to_break_down": "没有读到公文事项，请核对文件是否为正式公文。",
    "scan_without_text": "这份PDF只有图像、没有文字层，无法拆解，请上传Word或带文字层的PDF。",
    "file_encrypted": "文件已加密，请解除密码后再传。",
    "file_damaged": "文件已损坏或者不是所标的格式，无法读取。",
    "pdf_too_long": "PDF超过{max_pages}页，请拆分后再传。",
    "text_too_long": "文字超过{longest}字，请拆分后再传。",
    "no_such_draft_item": "草稿没有第{index}项，请刷新页面。",
    "words_not_found": "原文中找不到“{words}”，请从左侧原文选取。",
    "span_taken": "所选文字已属于事项{label}，请先拆分或改为背景。",
    "draft_incomplete": "还有{count}处须处理才能立项，先看“{first}”。",
    "draft_closed": "这份草稿已经立项或者作废。",
    "nothing_to_supersede": "要替代的文件{number}没有登记，请核对文号。",
    "superseded_already": "文件{number}已由{by_number}替代，请填写现行一版的文号。",
    "correction_under_way": "这份文稿的更正稿已经拟出，请在文稿列表中打开继续办理。",
    "not_drawn_yet": "这份文稿已编号，正式文件正在排印，请稍后再下载。",
    "excused_since": "拟稿后登记过系统停用，文稿所计{moments}处时限已顺延，请按现在的数据重新起草（已印发的先撤回）。",
    "ordered_day_past": "文稿要求于{day}前办理，该日已过，请按现在的数据重新起草。",
    "answer_day_past": "文稿要求于{day}前答复，该日已到或者已过，请按现在的数据重新起草，或者退回修改、删去该句。",
    "closing_day_past": "文稿要求于{day}前报送收尾报告，该日已过，请按现在的数据重新起草，或者退回修改、删去该句。",
    "mending_day_past": "附件所列整改期限{day}已到或者已过，请按现在的数据重新起草。",
    "edition_refused": "这份文稿现为“{state}”，不能{action}。",
    "scope_missing": "请选择{needs}。",
    "before_the_reckoning": "该时点早于现行报送口径的启用时间（{since}），不能按现行口径统计。",
    "nothing_to_say": "所选范围内没有可写入{type}的事项。",
    "asked_by_letter": "{unit}不属督查室责成的对象，不发{type}，有关事项{instead}。",
    "nobody_acts": "{unit}尚未明确办公室设在哪个单位，不发{type}，请先在“无人可提醒”中登记。",
    "unknown_token": "句子里的“{{{token}}}”不是本文稿的数字，请用页面列出的数字。",
    "digit_typed": "数字“{words}”不是由数据算出的。数字只能引用页面列出的各项，请改用相应的花括号。",
    "template_refused": "模板没有保存：{faults}",
    "leader_needed": "涉及点名批评的文稿须由领导签批。",
    "other_person_needed": "拟稿人不能签批自己的文稿，请另一位同志签批。",
    "no_such_letterhead": "该机关没有设置{type}的版头。",
    "second_person_needed": "上传或者核对过草稿的人不能立项，请另一位督查员办理。",
    "number_taken": "{number}已经登记。",
    "name_taken": "“{name}”已经是名册中的单位名称。",
    "unreadable_target": "目标“{line}”读不懂，应为：指标｜>=｜数值｜单位｜原文。",
    "unknown_correction": "没有这种更正，请刷新页面后重试。",
    "no_return_reason": "请选择退回的类别。",
    "question_answered_already": "该事项已经明确。",
    "answer_unfit": "只能就所提的问题作决定，请刷新页面后重填。",
    "deadline_set": "该事项已有期限{due_on}，改期限请在任务页办理。",
    "deadline_before_issue": "期限{due_on}早于文件成文日期{issued_on}，请核对。",
    "closing_under_review": "{units}的收尾情况已报出、待审核。请先退回并说明原因，再更正计划截止日期。",
    "same_plan_end": "计划截止日期已经{day}，无须更正。",
    "validity_printed": "该文件载明有效期至{day}，以有效期为准，不另设计划截止日期。",
    "end_before_issue": "{field}{day}早于文件成文日期{issued_on}，请核对。",
    "not_waiting": "该事项不在等待事件触发的状态。",
    "redis_already_running": "此数据目录已有另一个Redis在运行，请先将其停止。",
    "wrong_credentials": "账号或密码不正确。连续五次输错，账号将锁定三十分钟。",
    "account_locked": "密码连续输错，账号已锁定，请三十分钟后再试。",
    "login_taken": "账号{login}已经存在。",
    "login_expired": "登录已过期，刚才的内容没有提交；请重新登录后再填。",
    "declaration_missing": "上传佐证须先确认材料不含国家秘密和工作秘密。",
    "not_a_number": "{field}应填写数字，填写的是“{value}”。",
    "number_out_of_bounds": "{field}的绝对值应小于{below}，小数不超过{decimals}位，填写的是“{value}”。",
    "not_a_time": "{field}应按2022-11-01T09:00的格式填写，填写的是“{value}”。",
    "not_a_day": "{field}应按2022-11-01的格式填写，填写的是“{value}”。",
    "day_out_of_bounds": "{field}应在{first_year}年至{last_year}年之间，填写的是{day}。",
    "empty_file": "文件是空的，请重新选择。",
    "file_too_large": "文件超过{max_mb}MB，请压缩或拆分后再传。",
    "bad_file_name": "文件名无效，请改名后再传。",
    "ending_not_allowed": "不接收“{ending}”格式，可上传：{allowed}。",
    "content_unlike_ending": "文件内容与扩展名“{ending}”不符，请核对后再传。",
    "secrecy_marked": "文件名或正文带有密级标志。本系统不得存储、处理涉密文件，请按保密规定办理。",
    "archive_damaged": "压缩包或文档已损坏，无法打开。",
    "archive_too_large": "文件解压后过大（最多{max_entries}个条目、{max_mb}MB，或压缩比异常），未予接收。",
    "archive_encrypted": "文件带有密码（{part}），请解除后再传。",
    "archive_name_unsafe": "压缩包内有不安全的路径或重名（{part}），未予接收。",
    "archive_nested": "压缩包内还有压缩包（{part}），请解开后再传。",
    "macros_inside": "文档含有宏程序（{part}），请另存为不含宏的格式后再传。",
    "evidence_missing": "找不到该佐证文件。",
    "evidence_altered": "佐证文件内容与上传时不一致，请联系系统管理员。",
    "bad_smtp_url": "邮件服务器地址有误：{reason}。",
    "mail_temporary_failure": "邮件暂未发出，稍后自动重试：{reply}",
    "mail_permanent_failure": "邮件无法送达：{reply}",
    "mail_outcome_unknown": "邮件已交出但未收到回执，是否送达不明：{reply}",
    "value_day_to_come": "“{metric}”的截至日期{day}还没有到，请填已到的日期。",
    "claim_missing": "{item}：请选择进展情况。",
    "claim_unfit": "{item}不能选“{claim}”：有进度安排的按序时选，没有的按常态推进选。",
    "claim_leaves_open": "{item}已到办结期，不能选“{claim}”，请写明是否完成。",
    "cases_received_missing": "{item}：请填写本期收到的件数，没有收到的填0。",
    "cases_in_time_missing": "{item}：本期收到{received}件，请填写其中按时办结的件数。",
    "cases_in_time_too_many": "{item}：按时办结{in_time}件，多于本期收到的{received}件，请核对。",
    "not_a_count": "{field}应填写0或者正整数，小于{below}，填写的是“{value}”。",
    "value_missing": "{item}：请填写数值。",
    "value_unreadable": "{item}：数值读不懂，请填写数字。",
    "value_date_missing": "{item}：请填写数值的截至日期。",
    "fact_missing": "{item}：请写明至少一项实事，应有日期、数字、文号或者文件名称。",
    "no_change_refused": "{item}有量化目标或者未达序时，不能只填“无变化”，请写明现状。",
    "cause_class_missing": "{item}未达序时，请选择原因类别。",
    "cause_missing": "{item}未达序时，请说明原因。",
    "next_step_missing": "{item}未达序时，请填写下一步措施。",
    "next_date_missing": "{item}：请填写下一步措施的完成日期。",
    "claim_raised": "单位自报“{claim}”，核定只能维持或者调低，不能改为“{verified}”。",
    "lowering_needs_reason": "将“{claim}”核定为“{verified}”须说明理由。",
    "redis_program_missing": "本机没有可用的Redis或Valkey程序。",
    "redis_not_ready": "Redis在{timeout_s}秒内没有就绪：{reason}",
    "new_deadline_needed": "该事项所依据的文件或者计划已于{ended_on}期满，继续办理须填写新时限。",
    "deadline_in_the_past": "{field}{due_on}已过，请填今天或者以后的日期。",
    "same_deadline": "时限已经是{due_on}，无须调整。",
    "task_not_open": "该事项不在办理中，不能调整承办单位、时限或者序时节点。",
    "points_not_taken": "“{metric}”是限额、补助额度或者每期达到的数，没有序时，不能设定节点。",
    "points_unchanged": "“{metric}”的序时节点没有变化，无须保存。",
    "points_do_not_rise": "“{metric}”的序时节点应按日期先后填写，{day}不在{before}之后。",
    "point_after_target": "“{metric}”的序时节点{day}晚于该目标的时限{reach_on}。",
    "point_of_another_year": "“{metric}”按年度累计，序时节点{day}不在目标所在的{year}年。",
    "point_unlike_target": "“{metric}”的序时节点{day}就是该目标的时限，当天应填目标数{target}，填写的是{value}。",
    "point_past_target": "“{metric}”的序时节点{day}填写的是{value}，已越过目标数{target}。",
    "point_turns_back": "“{metric}”的序时节点{day}填写的是{value}，比{before}的{old}后退，请核对。",
    "too_many_points": "序时节点最多{most}行，请删减后再保存。",
    "point_incomplete": "{field}的日期和数值应同时填写。",
    "reports_not_open": "该事项不在办理中，不能调整报送要求。",
    "only_completion_left": "该事项时限{due_on}已过，只报办结情况，不再调整报送要求；确需继续督办的，先调整时限。",
    "key_already": "该事项已是重点事项。",
    "not_key": "该事项不是重点事项。",
    "no_such_interval": "报送间隔只能在每旬、每月、每双月、每季度、每半年、每年中选择。",
    "interval_printed": "文件已写明该事项的报送要求（{printed}），以文件为准，不能另定报送间隔。",
    "interval_not_asked": "该事项没有按期报送（等待事件触发，或者按文件自定的监测安排办理），不能定报送间隔。",
    "key_is_monthly": "重点事项至少每月报送一次；要放宽间隔的，先取消重点。",
    "same_interval": "该事项的报送间隔已经是{interval}，无须调整。",
    "has_a_share": "{unit}已经承办该事项。",
    "completion_under_review": "该单位的办结报告正在审核，请先审核办结报告，再调整承办单位。",
    "last_lead": "该单位是唯一的牵头单位，不能免除，请改派给其他单位。",
    "same_unit": "不能将单位并入自身。",
    "never_tasked": "{unit}不属于市政府交办的范围，请改选具体承办或联系的单位。",
    "unit_gone": "{unit}已并入其他单位，请选择现有单位。",
    "not_yet_merged": "{valid_from}尚未到，请在当日及以后办理。",
    "name_missing": "请填写单位的全称和简称。",
    "name_in_use": "“{name}”是其他单位的名称。",
    "no_such_choice": "请从列出的选项中选择{field}。",
    "notice_unreadable": "节假日安排没有导入：第{line}行“{words}”{problem}。",
    "notice_incomplete": "节假日安排没有导入：文中没有{lacking}，请使用国务院办公厅通知全文。",
    "calendar_file_unreadable": "节假日安排没有导入：{place}{problem}。",
    "calendar_year_published": "{year}年的节假日安排已按{source}公布，与所导入的不同；确要改用新的安排，请选择替换。",
    "calendar_empty": "请选择通知文件或者粘贴通知全文。",
    "clock_runs_forwards": "演示时钟不能回拨。",
    "outage_not_over": "停用结束时间不能晚于现在，恢复使用后再登记。",
    "outage_empty": "停用结束时间应晚于开始时间。",
    "outage_too_long": "一次停用不超过{most_days}天，请核对起止时间。",
    "outage_overlaps": "与已登记的停用（{from_at}至{until_at}）重叠，同一段停用只登记一次。",
}

LIGHT_SENTENCES: dict[LightReason, str] = {
    LightReason.OVERDUE: "应于{due}前报送，{late}",
    LightReason.CORRECTION_OVERDUE: "退回后应于{due}前补正，{late}",
    LightReason.NOT_COMPLETED: "应于{due}前报送办结情况，未办结，{late}",
    LightReason.CLOSING_OVERDUE: "文件期限已满，应于{due}前报送收尾情况，{late}",
    LightReason.FORM_OVERDUE: "反馈应于{due}前报送，尚未报送",
    LightReason.FORM_UNCORRECTED: "反馈退回后应于{due}前补正，尚未补正",
    LightReason.MISSED: "本期漏报",
    LightReason.FILED_LATE: "迟报",
    LightReason.RETURNED: "已退回，{due}前补正",
    LightReason.DUE_SOON: "{due}前报送，{left}",
    LightReason.RECEIPT_OVERDUE: "应于{due}前签收，尚未签收",
    LightReason.LAPSED_AWAITS_CLOSING: "文件期限已满，请于{due}前报送收尾情况",
    LightReason.AWAITING_FIGURES: "{deadline_on}已到期，待核数，{due}前报送办结情况",
    LightReason.UNDER_REVIEW: "本期已报",
    LightReason.IN_TIME: "{due}前报送，未到期",
    LightReason.NOTHING_DUE: "目前没有到期的反馈",
    LightReason.BEHIND_PLAN: "截至{value_on}落后序时进度{gap_points}个百分点",
    LightReason.EXCEEDED: "截至{value_on}超出规定数{gap}",
    LightReason.CLAIMED_BEHIND: "{by}未达序时",
    LightReason.NOT_BEGUN: "{by}应启未启",
    LightReason.DIFFICULT: "{by}难以完成或需调整",
    LightReason.SILENT: "已连续{quarters}个季度没有新进展",
    LightReason.ON_TRACK: "按时序推进",
    LightReason.ONGOING: "常态推进",
    LightReason.NOT_BEGUN_YET: "未到启动时间",
    LightReason.NO_CLAIM: "尚未报告进展",
    LightReason.NOT_ISSUED: "尚未交办",
    LightReason.NOT_STARTED: "尚未到报送期",
    LightReason.WAITING_FOR_EVENT: "待触发，事件发生后起算",
    LightReason.CONTINUOUS: "持续性工作，无固定时限",
    LightReason.SUSPENDED: "已中止",
    LightReason.CANCELLED: "已撤销",
    LightReason.RELEASED: "已改派或免除",
    LightReason.WAIVED: "本期免报",
    LightReason.ACCEPTED: "审核通过",
    LightReason.COMPLETED: "已办结，待销号",
    LightReason.CLOSED: "已销号",
    LightReason.ARCHIVED: "未办结，已归档",
}

WAITING_SENTENCES: dict[Waiting, str] = {
    Waiting.REVIEW: "已报督查室，待审核",
    Waiting.EXTENSION: "已申请延期，待批复",
    Waiting.DISPUTE: "已提出职责异议，待答复",
}

HEADING_NAMES: dict[DigestHeading, str] = {
    DigestHeading.DUE_TODAY: "今日必报",
    DigestHeading.THREE_DAYS: "三日内",
    DigestHeading.RETURNED: "退回待补",
    DigestHeading.OVERDUE: "逾期",
    DigestHeading.NEW: "开始报送",
    DigestHeading.WINDOW: "提前提醒",
}
# A heading that digests written before reports were reckoned by series may bear.
_PAST_HEADINGS = {"confirm": "请更新或确认"}
# What members filed stands in a digest beside what the unit owes itself.
TO_VERIFY = "to_verify"
_TO_VERIFY_NAME = "待核实"
REMINDER_SENTENCES: dict[DigestHeading, str] = {
    DigestHeading.DUE_TODAY: "{form}，{today}截止。",
    DigestHeading.THREE_DAYS: "{form}，{due}前报，{left}。",
    DigestHeading.RETURNED: "{form}被退回，{due}前补正后再报。",
    DigestHeading.OVERDUE: "{form}，应于{due}前报送，{late}{run}。",
    DigestHeading.NEW: "{form}开始报送，{due}前报。",
    DigestHeading.WINDOW: "{form}，{due}前报，{left}。",
}
# What is under correction was reported once: its last day and its delay are told as those of a correction.
CORRECTION_SENTENCES: dict[DigestHeading, str] = {
    **REMINDER_SENTENCES,
    DigestHeading.DUE_TODAY: "{form}被退回，{today}补正截止。",
    DigestHeading.OVERDUE: "{form}退回后应于{due}前补正，{late}，未补正。",
}
_ITEMS_NAMED = 2
_PERIOD_CODES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?P<year>\d{4})Q(?P<n>[1-4])"), "{year}年第{ordinal}季度"),
    (re.compile(r"(?P<year>\d{4})H(?P<n>[12])"), "{year}年{half}半年"),
    (re.compile(r"(?P<year>\d{4})B(?P<n>[1-6])"), "{year}年{first}—{last}月"),
    (re.compile(r"(?P<year>\d{4})-(?P<n>0[1-9]|1[0-2])T(?P<third>[1-3])"), "{year}年{n}月{third}旬"),
    (re.compile(r"(?P<year>\d{4})-(?P<n>0[1-9]|1[0-2])"), "{year}年{n}月"),
    (re.compile(r"(?P<year>\d{4})midterm"), "{year}年中期评估"),
    (re.compile(r"(?P<year>\d{4})final"), "{year}年终期评估"),
    (re.compile(r"(?P<year>\d{4})"), "{year}年度"),
    (re.compile(r"T(?P<n>\d+)"), "第{n}号触发事件"),
)


def sentence(error: TrackerError) -> str:
    """Say a refusal in Chinese; a code without a sentence of its own takes that of its class."""
    codes = (kind.code for kind in type(error).__mro__ if issubclass(kind, TrackerError))
    code = next(code for code in codes if code in ERROR_SENTENCES)
    return ERROR_SENTENCES[code].format_map(_words(error.facts))


def light_sentence(light: Light, *, today: date) -> str:
    """Say why a light shows its colour, in one clause without a full stop; days of other years bear their year."""
    facts = light.facts
    text = LIGHT_SENTENCES[light.reason]
    if light.reason is LightReason.BEHIND_PLAN and facts.get("gap_points") is None:
        text = "截至{value_on}未达到序时要求"
    if light.reason is LightReason.BEHIND_PLAN and facts.get("by_office"):
        text = text.replace("序时", "督查室设定的序时")
    if light.reason is LightReason.EXCEEDED and not facts.get("gap"):
        text = "截至{value_on}已到规定的限值"
    if "due_at" not in facts:
        text = text.replace("请于{due}前", "请")
    if "workdays_left" not in facts:
        text = text.removesuffix("，{left}")
    words = {name: _light_fact(value, today=today) for name, value in facts.items()}
    text = text.format_map(words | _moment_of_light(facts, today=today))
    if isinstance(periods := facts.get("periods"), int) and periods > 1:
        text += f"，共{periods}期"
    return f"{text}（{WAITING_SENTENCES[light.waiting]}）" if light.waiting else text


def _moment_of_light(facts: Mapping[str, Any], *, today: date) -> dict[str, str]:
    """Write the moment of a light and how far it is, where the facts tell them."""
    if "due_at" not in facts:
        return {}
    words = {"due": due_words(facts["due_at"], today=today)}
    for name, counted, say in (("late", "workdays_late", lateness_words), ("left", "workdays_left", left_words)):
        if counted in facts:
            words[name] = say(facts["due_at"], at=facts["seen_at"], workdays=facts[counted])
    return words


def _light_fact(value: object, *, today: date) -> object:
    """Write a fact of a light; its days need no weekday."""
    if isinstance(value, date):
        return month_day(value, today=today)
    if isinstance(value, float):
        return number_words(value)
    return {"own": "自报", "confirmed": "核定为"}.get(str(value), value)


def form_words(*, document: str, items: Sequence[str], period: str) -> str:
    """Name a form by its document, period and rows: 驻政办〔2022〕49号2022年第三季度（三（一）1“树立导向”等3项）."""
    named = "、".join(items[:_ITEMS_NAMED])
    if not items:
        rows = f"（{TICKED_NAME}）"
    elif len(items) > _ITEMS_NAMED:
        rows = f"（{named}等{len(items)}项）"
    else:
        rows = f"（{named}）"
    return f"{document}{period_label(period)}{rows}"


def beside_words(owed: Owed, *, at: datetime, workdays: int) -> str:
    """Say what a series is asked for beside the form of its line: 2022年10月退回补正，1月10日（周二，含）前补正，….

    `workdays` are those between its day and that of `at`.
    """
    names = {OwedKind.UNREPORTED: "逾期未报", OwedKind.CORRECTION: "未补正" if owed.since else "退回补正"}
    return f"{period_label(owed.period.code)}{names.get(owed.kind, '')}，{owed_words(owed, at=at, workdays=workdays)}"


def reminder_sentence(
    entry: DigestEntry, *, document: str, items: Sequence[str], owed: Owed, at: datetime, beside: Sequence[str] = ()
) -> str:
    """Say one line of the digest of `at` about a form, and `beside` it what else its series is asked for."""
    due, run = due_words(entry.due_at, today=local_day(at)), owed.run
    sentences = CORRECTION_SENTENCES if owed.kind is OwedKind.CORRECTION else REMINDER_SENTENCES
    said = sentences[entry.heading].format(
        form=form_words(document=document, items=items, period=owed.period.code),
        due=due,
        today="今天" if is_whole_day(entry.due_at) else f"今天（{due}前）",
        left=left_words(entry.due_at, at=at, workdays=entry.workdays),
        late=lateness_words(entry.due_at, at=at, workdays=entry.workdays),
        run=f"，共{run}期未报" if run > 1 else "",
    )
    return f"{said}另：{'；'.join(beside)}。" if beside else said


def heading_name(code: str) -> str:
    """Name a heading of a stored digest, of an old one too."""
    if code == TO_VERIFY:
        return _TO_VERIFY_NAME
    return _PAST_HEADINGS.get(code) or HEADING_NAMES[DigestHeading(code)]


def digest_subject(counts: Mapping[DigestHeading, int], *, to_verify: int = 0, overdue: int = 0) -> str:
    """Write a digest's subject: 督办提醒：今日必报2项，逾期1项，待核实3行；目前逾期共4项.

    `counts` are what it lists, `to_verify` rows of members, `overdue` all that is overdue, listed today or not; that
    is told where the digest does not list it all.
    """
    parts = [f"{HEADING_NAMES[heading]}{n}项" for heading, n in counts.items() if n]
    told = "，".join([*parts, *([f"{_TO_VERIFY_NAME}{to_verify}行"] if to_verify else [])])
    return f"督办提醒：{told}" + (f"；目前逾期共{overdue}项" if overdue > counts[DigestHeading.OVERDUE] else "")


def to_verify_sentence(rows: int) -> str:
    """Say in a lead's digest how many rows of members wait for its word."""
    return f"本单位牵头的事项有成员单位报送{rows}行，请在“成员报送核实”中核实。"


_POSTS = {Role.LIAISON: "联络员", Role.UNIT_HEAD: "负责人", Role.SUPERVISOR: "督查员"}
_STAND_IN = {
    "own": "",
    "keeper": "{units}的办公室设在本单位，由本单位代为签收、报送。",
    "head": "{units}没有在用的联络员账号，提醒改送单位负责人。",
    "office": "{units}没有在用的联络员、负责人账号，提醒改送督查室。",
}
_UNITS_NAMED = 3


_ON_WORKDAYS = "每个工作日至多一封"
EMERGENCY_ON_DAYS_OFF = "应急响应期间的报送，节假日照常提醒，每天至多一封"


def digest_reason(
    unit: str,
    counts: Mapping[DigestHeading, int],
    *,
    role: Role = Role.LIAISON,
    manner: str = "",
    to_verify: int = 0,
) -> str:
    """Say why somebody gets a digest; `manner` says how often where it is not once a working day."""
    due = "、".join(HEADING_NAMES[heading] for heading, n in counts.items() if n)
    owed = f"{sum(counts.values())}份报送今天到了提醒时点（{due}）" if due else ""
    verify = f"{to_verify}行成员单位报送待牵头核实" if to_verify else ""
    said = "，".join(part for part in (owed, verify) if part)
    return f"您是{unit}的{_POSTS[role]}，{said}；{manner or _ON_WORKDAYS}。"


def stand_in_reason(route: str, units: Sequence[str]) -> str:
    """Say why somebody hears for units that are not theirs; nothing where they hear for their own."""
    named = "、".join(units[:_UNITS_NAMED])
    more = f"等{len(units)}个单位" if len(units) > _UNITS_NAMED else ""
    return _STAND_IN[route].format(units=named + more)


# What the pass tells of an hour clock, before its moment and after it.
CLOCK_NEAR, CLOCK_PASSED = "clock.near", "clock.passed"

# Who decides for units, where it was neither the leader nor a body to which they report.
OFFICE_DECIDES, LEADER_DECIDES = "督查室", "领导"

# What a single message is called, and why somebody gets it; the name is the head of its subject, {by} who decided.
_NOTICES = {
    "calendar.published": (
        "节假日安排公布，报送时限调整",
        "国务院办公厅公布的节假日安排改变了工作日，本单位下列报送时限随之调整。",
    ),
    "outage.recorded": ("系统停用，报送时限顺延", "督查系统停用期间到期的报送时限顺延。"),
    "document.issued": ("新交办", "本单位有新交办的事项，请在1个工作日内签收。"),
    "document.superseded": (
        "文件由新版替代",
        "原文件已由新版替代，本单位在原文件中没有办结的事项随之终止，尚未到期的报送免报。",
    ),
    "question.answered": ("督查室明确", "文件没有写明的要求，{by}已经明确，请照此办理。"),
    "due.moved": ("调整报送时限", "{by}调整了本单位这次报送的时限，请按新时限报送。"),
    "filing.stopped": ("单位负责人退回", "本单位负责人退回了您填报的反馈。"),
    "reports.stayed": (
        "部分内容未报出",
        "本单位负责人审签前，下列事项已撤销、改派或者免报，您填报的内容没有随表报出，其余各行已报出。"
        "所写内容保留在事项页面，标为“未报出”；仍由本单位承办的，下次填报时自动带出。",
    ),
    "report.given_back": ("督查室退回", "{by}退回了本单位的反馈。"),
    "request.granted": ("同意申请", "{by}同意了本单位的申请。"),
    "request.refused": ("不同意申请", "{by}未同意本单位的申请。"),
    "request.granted.extension": ("批准延期", "{by}对本单位的延期申请作出批复，准予延期。"),
    "request.refused.extension": ("不同意延期", "{by}对本单位的延期申请作出批复，不同意延期。"),
    "request.granted.dispute": ("采纳异议", "{by}采纳本单位对分工的异议，分工调整另行告知。"),
    "request.refused.dispute": ("维持分工", "{by}对本单位的分工异议作出答复，维持原分工，仍由本单位承办。"),
    "trigger.recorded": ("已启动，请立即办理", "触发事件已登记，本单位承办的时限开始计算。"),
    "trigger.ended": (
        "终止响应",
        "触发事件已经结束，续报到此为止，尚未到期的续报免报；此前到期的和单次报送仍按原时限办理。",
    ),
    "share.added": ("新交办", "{by}将该事项交由本单位承办，请在1个工作日内签收。"),
    "share.ended": ("不再承办", "按照{by}的安排，本单位不再承办该事项，尚未到期的报送免报。"),
    "share.lowered": ("恢复原分工", "{by}收回了改派本单位的任务，本单位仍按原分工承办，改派任务尚未到期的报送免报。"),
    "task.deadline_changed": ("调整时限", "{by}调整了该事项的办理时限，请按新时限报送。"),
    "schedule.points_set": ("设定序时节点", "{by}调整了该事项量化目标的序时节点，请按此推进，已报的内容不变。"),
    "task.key_marked": (
        "列为重点",
        "{by}将该事项列为重点，本单位的报送间隔随之调整，此前各期照原要求报送。",
    ),
    "task.key_lifted": (
        "取消重点",
        "{by}不再将该事项列为重点，本单位的报送间隔随之调整，此前各期照原要求报送。",
    ),
    "task.interval_set": ("调整报送间隔", "{by}调整了该事项的报送间隔，此前各期照原要求报送。"),
    "task.suspended": ("中止办理", "{by}决定中止办理该事项，恢复前不需报送。"),
    "task.resumed": ("恢复办理", "{by}决定恢复办理该事项，中止期间到期的报送免报。"),
    "task.reopened": ("重启办理", "{by}决定重启该事项，请继续办理并按期报送。"),
    "task.cancelled": ("撤销事项", "{by}撤销了该事项，不再报送。"),
    "task.archived": ("归档", "{by}已将该事项归档，本单位尚未报送的收尾情况不再报送。"),
    "unit.keeper_set": ("代办领导小组报送", "督查室明确该领导小组的办公室设在本单位，请代为签收、填报和审签。"),
    "unit.keeper_set.ended": ("不再代办领导小组报送", "该领导小组的签收、填报和审签不再由本单位代办。"),
    "unit.merged": ("单位合并，事项划转", "下列单位并入本单位，其没有办结的事项和报送划转本单位，原时限不变。"),
    CLOCK_NEAR: (
        "应急时限临近",
        "本单位承办的应急事项时限将至，目前尚未报出，夜间、节假日照常提醒。",
    ),
    CLOCK_PASSED: (
        "应急时限已过",
        "本单位承办的应急事项已过时限，目前尚未报出，请立即报送。本提醒同时发送单位负责人。",
    ),
    "document.ended": (
        "文件期满",
        "文件有效期或者计划期已满，没有办结的事项转为失效待结，由牵头单位报送收尾情况，请及时审核。",
    ),
    "document.plan_end_corrected": ("更正计划截止日期", "{by}更正了文件的计划截止日期。"),
    "task.lapsed": (
        "文件期满，请报收尾情况",
        "文件有效期或者计划期已满，该事项转为失效待结，请在规定时限内报送收尾情况。",
    ),
    "task.completed": ("办结", "{by}认定该事项办结，本单位尚未到期的报送免报。"),
    "report.verified": (
        "核定低于自报",
        "{by}核定的进展低于本单位自报。",
    ),
    "report.lead_verified": (
        "牵头单位核实意见",
        "该事项的牵头单位核实了本单位的报送，提出以下意见，由督查室审核认定，报送时限不变。",
    ),
    "request.granted.objection": ("恢复自报", "{by}采纳本单位对核定的异议，恢复自报。"),
    "request.refused.objection": ("维持核定", "{by}对本单位的异议作出答复，维持核定。"),
}


# What an outage asks of a unit by a moment that it moved, or does not ask.
OUTAGE_AHEAD = "请按新时限报送"
OUTAGE_PASSED = "新时限也已过，请尽快补报"
OUTAGE_REPORTED = "已报送的不需再报，按新时限认定，因停用记为迟报的改为按时"

# The digest, and what messages were called before reports were reckoned by series.
_PAST_NOTICES = {
    "digest": "每日摘要",
    "report.sent_back": "负责人退回",
    "report.returned": "督查室退回",
    "extension.granted": "同意延期",
    "extension.refused": "不同意延期",
}


def correction_note(number: str) -> str:
    """Say on a correction 「更正」 which paper's place it takes."""
    return f"本件更正{number}，原件同时废止"


def with_correction_note(note: str, *, number: str) -> str:
    """Put that before what stands in the note 「附注」 of the paper, which may be a correction itself."""
    kept = [part for part in note.split("；") if part and not _CORRECTION_NOTE.fullmatch(part)]
    return "；".join((correction_note(number), *kept))


_CORRECTION_NOTE = re.compile(correction_note("[^；，]+"))


def notice_subject(event: str, *, item: str) -> str:
    """Write the subject of a single message."""
    return f"{_NOTICES[event][0]}：{item}"


def reminder_name(kind: str) -> str:
    """Name a message's kind in the ledger."""
    return _PAST_NOTICES.get(kind) or _NOTICES[kind][0]


def notice_reason(event: str, *, said: str = "", by: str = OFFICE_DECIDES) -> str:
    """Say why somebody gets a single message; `said` is the reason somebody gave, `by` who decided."""
    return _NOTICES[event][1].format(by=by) + (f"说明：{stopped(said)}" if said else "")


def stopped(words: str) -> str:
    """End what somebody wrote as a sentence, whatever stop they gave it or left out."""
    words = words.strip()
    return words if words.endswith(("！", "？")) else f"{words.rstrip('。．.；;，,、')}。"


_LAPSE_TAKEN_BACK = (
    "因原定日期已过转为失效待结的事项恢复办理，不再要求报送收尾情况；"
    "因此免报或者按漏报处理的报送仍须报送，时限以事项页面所列为准。"
)


def plan_end_words(old_on: date | None, new_on: date | None, *, today: date) -> str:
    """Say until when a document plans now, in place of the old end, and what follows from that for its units."""
    set_to = f"更正为{full_date(new_on)}" if new_on else "不再设计划截止日期"
    was_past = old_on is not None and old_on < today
    if new_on is None or new_on >= today:
        return f"{set_to}。{_LAPSE_TAKEN_BACK}" if was_past else f"{set_to}{'，此后各期次以此为准' if new_on else ''}。"
    if was_past:
        return f"{set_to}，该日也已过，已转为失效待结的事项不变，收尾情况仍按原时限报送。"
    return (
        f"{set_to}，该日已过，没有另定时限的未办结事项转为失效待结，尚未到期的报送免报，"
        "由牵头单位报送收尾情况，时限另行通知。"
    )


def rhythm_change_words(old: Sequence[str], new: Sequence[str], *, first: str | None) -> str:
    """Say how the forms of a unit change: 由每季度改为每月，自2022年11月起."""
    before, now = _rhythm_names(old), _rhythm_names(new)
    return (f"由{before}改为{now}" if before else f"定为{now}") + (f"，自{period_label(first)}起" if first else "")


def _rhythm_names(kinds: Sequence[str]) -> str:
    return "、".join(CADENCE_NAMES[kind] for kind in kinds)


def cadence_words(kind: str, n: int | None) -> str:
    """Name a rhythm, a clock by its number where the document gives one: 24小时内, 3个工作日内, 每月."""
    return f"{n}{_LIMITS[kind]}" if n and kind in _LIMITS else CADENCE_NAMES[kind]


def clock_words(due_at: datetime, *, at: datetime) -> str:
    """Say when a clock of hours runs out or ran out, and how far that is at the time of writing."""
    by = f"于{due_words(due_at, today=None)}前报送，"
    if at < due_at:
        return f"请{by}{left_words(due_at, at=at, workdays=0)}。"
    return f"应{by}{lateness_words(due_at, at=at, workdays=0)}。"


def objection_invited(until: date) -> str:
    """Say until when, that day included, a unit may answer a lowered claim."""
    return f"如有异议，请于{full_date(until)}（含）前在事项页面书面提出。"


def digest_text(content: Mapping[str, Any], *, reason: str) -> str:
    """Write the plain text of a message: its lines under their headings, the reason last."""
    words: list[str] = []
    heading = None
    for line in content["lines"]:
        if line["heading"] != heading:
            heading = line["heading"]
            words.append(f"【{heading_name(heading)}】")
        words.append(f"· {line['sentence']}")
    if content.get("more"):
        words.append(f"其余{content['more']}项见系统“今天”清单。")
    if content.get("period_id"):
        words.append("办理：登录系统，在“今天”清单中打开这期填报；在“消息”中打开本条，可直接填报。")
    elif content.get("task_id"):
        words.append("查看：登录系统，在“消息”中打开本条，可直接进入事项页面。")
    return "\n".join(
        [*words, "", f"为什么收到：{reason}", "本邮件由系统自动发送，请登录督查督办系统办理，勿直接回复。"]
    )


def form_end_words(state: str, cause: str, *, reason: str = "") -> str:
    """Say how what a form had left ended: 因事项撤销，记为漏报（上级取消）."""
    words = f"{_END_CAUSES.get(cause, '因情况变化')}，{_END_STATES[state]}"
    return f"{words}（{reason.rstrip('。')}）" if reason else words


def stayed_words(cause: str) -> str:
    """Say why what was written does not leave the unit: 因事项撤销，未报出."""
    return f"{_stayed_by([cause])}，未报出"


def nothing_leaves_words(causes: Iterable[str]) -> str:
    """Propose the reason with which a head gives back an envelope of which nothing can leave."""
    return f"{_stayed_by(causes)}，这份报送不能报出"


def _stayed_by(causes: Iterable[str]) -> str:
    return "、".join(_STAYED.get(cause) or _END_CAUSES.get(cause, "因情况变化") for cause in causes)


def signed_words(signed: Signed) -> str:
    """Say to the head of a unit what left with the signature and what did not."""
    if not signed.stayed:
        return "已审签报出。"
    left = "、".join(
        [
            *([f"{signed.left}行"] if signed.left else []),
            *([f"{TICKED_NAME}{signed.ticked}项"] if signed.ticked else []),
        ]
    )
    return f"已审签报出{left}；{signed.stayed}行所报事项已撤销、改派或者免报，未报出，已告知填报人。"


def moment_label(code: str, *, correction: bool) -> str:
    """Name a moment by its period, and say where it ends a correction 「补正」."""
    return period_label(code) + ("（补正）" if correction else "")


def period_label(code: str) -> str:
    """Write a period's code for people: 2022年第三季度, 2022年9月上旬, 2022年第35周（8月29日—9月4日）,
    2022年10月30日20时30分事件. Old forms of events bear the number of their row: 第2号触发事件.

    Raises ValueError where the code is none of a period.
    """
    if code == "once":
        return "一次性"
    if code == CLOSING:
        return "收尾报告"
    if "W" in code:
        return _week_label(code)
    if code.endswith("D2"):
        first = date.fromisoformat(code.removesuffix("D2"))
        return f"{first.year}年{_span(first, first + timedelta(days=1), year=first.year)}"
    if code.startswith("E"):
        return _event_label(code)
    if code.startswith("D"):
        return f"一次性，{full_date(date.fromisoformat(code.removeprefix('D')))}前"
    for pattern, words in _PERIOD_CODES:
        if found := pattern.fullmatch(code):
            n, third = (int(found.groupdict().get(name) or 0) for name in ("n", "third"))
            return words.format(
                year=found.groupdict().get("year"),
                n=n,
                ordinal=" 一二三四"[n] if n <= 4 else "",
                half="下" if n == 2 else "上",
                third=" 上中下"[third],
                first=2 * n - 1,
                last=2 * n,
            )
    return full_date(date.fromisoformat(code))


def _event_label(code: str) -> str:
    at = datetime.strptime(code, "E%Y-%m-%dT%H:%M")  # noqa: DTZ007 - the code bears the clock in Shanghai
    return f"{full_date(at.date())}{at.hour}时{at.minute:02}分事件"


def _week_label(code: str) -> str:
    year, week = (int(part) for part in code.split("W"))
    monday = date.fromisocalendar(year, week, 1)
    return f"{year}年第{week}周（{_span(monday, monday + timedelta(days=6), year=year)}）"


def _span(first: date, last: date, *, year: int) -> str:
    """Write two days beside a year that stands before them; a day of another year bears its own."""
    return "—".join(month_day(day, today=date(year, 1, 1)) for day in (first, last))


def _words(facts: Mapping[str, object]) -> dict[str, object]:
    """Translate the facts that are codes or days; a state is named by its machine."""
    named = {name: _plain(value) for name, value in facts.items()}
    machine = str(facts.get("machine", ""))
    if machine in MACHINE_NAMES:
        named["machine"] = MACHINE_NAMES[machine]
        named["state"] = STATE_NAMES[machine, str(facts["state"])]
        named["action"] = ACTION_NAMES[str(facts["action"])]
    elif "state" in facts and "action" in facts:
        named["state"] = EDITION_STATES.get(str(facts["state"]), facts["state"])
        named["action"] = EDITION_ACTS.get(str(facts["action"]), facts["action"])
    for name in facts.keys() & {"claim", "verified"}:
        named[name] = CLAIM_NAMES[Claim(str(facts[name]))]
    if "needs" in facts:
        named["needs"] = {"unit": "致送单位", "document": "依据文件"}.get(str(facts["needs"]), "致送单位或者依据文件")
    if "type" in facts:
        named["type"] = CIRCULAR_NAMES.get(str(facts["type"]), facts["type"])
    for name in facts.keys() & {"printed", "interval"}:
        named[name] = _rhythm_names(str(facts[name]).split("、"))
    if "periods" in facts:
        named["periods"] = "、".join(period_label(code) for code in str(facts["periods"]).split("、"))
    if "why" in facts:
        named["why"] = _stayed_by(str(facts["why"]).split("、"))
    if "act" in facts:
        named["act"] = ACT_NAMES.get(str(facts["act"]), "办理此事")
    return named


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return day_words(local_day(value), today=None)
    return day_words(value, today=None) if isinstance(value, date) else value
