"""What single messages are called, and what they say."""

from collections.abc import Sequence
from datetime import date

from tracker.domain.calendar import full_date
from tracker.wording.codes import CADENCE_NAMES
from tracker.wording.periods import period_label
from tracker.wording.quoting import stopped

# What the pass tells of an hour clock, before its moment and after it.
CLOCK_NEAR, CLOCK_PASSED = "clock.near", "clock.passed"
# Who decides for units, where it was neither the leader nor a body to which they report.
OFFICE_DECIDES, LEADER_DECIDES = "督查室", "领导"
# What a single message is called, and why somebody gets it; the name is the head of its subject, {by} who decided.
_NOTICES = {
    "account.absence_set": ("登记请假", "已为您登记请假，请核对。"),
    "account.absence_set.deputy": ("委托代办", "您被指定为代办人，在页面上方点“代某某办理”进入，所办事项记两人姓名。"),
    "account.absence_set.other_deputy": (
        "代办人变更",
        "原代办人的工作已移交他人，请假日期不变，代办情况如上；需要另行指定代办人的，请先提前结束再重新登记。",
    ),
    "account.absence_ended": ("请假提前结束", "您的请假已提前结束。"),
    "account.absence_ended.deputy": ("代办终止", "代办已终止，此后以本人名义办理。"),
    **dict.fromkeys(
        ("account.role_granted", "account.disabled"),
        ("代办终止", "请假人或者代办人的单位、角色、账号已有变动，代办终止。需要有人代办的，请另行指定代办人。"),
    ),
    "account.changed": (
        "电子邮箱变更待确认",
        "系统管理员变更了您的电子邮箱。本人登录后在“我的账号”确认以前，邮件仍发原邮箱；不是本人要求的，请告知安全保密管理员。",
    ),
    "account.unused": (
        "账号长期未登录，即将停用",
        "账号长期没有登录，按规定将自动停用。仍需使用的，请在停用前登录一次；已调离的，请告知系统管理员。",
    ),
    "account.handed_over": ("工作移交", "经办事项已移交，交接单在“我的账号”查看。"),
    "calendar.published": (
        "节假日安排公布，报送时限调整",
        "国务院办公厅公布的节假日安排改变了工作日，本单位下列报送时限随之调整。",
    ),
    "outage.recorded": ("系统停用，报送时限顺延", "督查系统停用期间到期的报送时限顺延。"),
    "circular.issued": ("督查文书", "{by}印发的文书致送或者涉及本单位，请打开阅办。"),
    "circular.issued.correction": ("更正文书", "{by}印发了更正件，替代原件，请以更正件为准。"),
    "circular.changed": ("撤回文书", "{by}撤回了此前印发的文书，原件留存备查，不再据此办理。"),
    "document.issued": ("新交办", "本单位有新交办的事项，请在1个工作日内签收。"),
    "document.superseded": (
        "文件由新版替代",
        "原文件已由新版替代，本单位在原文件中没有办结的事项随之终止，尚未到期的报送免报。",
    ),
    "question.answered": ("督查室明确", "文件没有写明的要求，{by}已经明确，请照此办理。"),
    "due.moved": ("调整报送时限", "{by}调整了本单位这次报送的时限，请按新时限报送。"),
    "naming.served": (
        "拟在通报中表扬，请核对",
        "{by}拟在督查通报中表扬本单位，请核对所列事实，同意或者提出异议。",
    ),
    "naming.served.blame": (
        "拟在通报中批评，请核对",
        "{by}拟在督查通报中点名批评本单位，请核对所列事实，同意或者提出异议并说明理由。",
    ),
    "naming.kept": ("异议答复，仍拟在通报中点名", "{by}研究了本单位提出的异议，仍拟在督查通报中点名。"),
    "naming.answered": (
        "对拟通报内容提出异议",
        "{by}对督查通报拟写的内容提出异议，请研究后写明仍予点名的理由，或者移出正文。",
    ),
    "naming.left_out": ("拟通报内容已移出", "{by}研究了本单位提出的异议，已将对本单位的表扬或者批评移出督查通报稿。"),
    "naming.left_out.issued": (
        "印发的通报没有点名本单位",
        "{by}印发的督查通报没有写入此前送本单位核对的表扬或者批评内容。",
    ),
    "naming.left_out.issued.lifted": (
        "更正后的通报不再点名本单位",
        "{by}更正了督查通报，更正件删去了原通报中对本单位的表扬或者批评，原通报同时废止，不再据此通报。",
    ),
    "naming.ended": (
        "不再核对拟通报内容",
        "{by}作废了该督查通报稿，此前送核的表扬或者批评内容没有通报；以后的通报再拟写的，另行送核。",
    ),
    "naming.ended.redrafted": (
        "不再核对原送拟通报内容",
        "{by}按新的数据重拟该督查通报，此前送核的表扬或者批评内容不再核对；重拟稿仍拟写入的，另行送核。",
    ),
    "co_issuer.asked": ("联合印发文稿请会签", "{by}拟与本单位联合印发文稿，请单位负责人会签。"),
    "co_issuer.asked.withdrawal": ("撤回联合印发的文书请会签", "{by}拟撤回与本单位联合印发的文书，请单位负责人会签。"),
    "co_issuer.answered": ("会签同意", "{by}会签同意。"),
    "co_issuer.answered.returned": ("会签退回", "{by}会签退回，请研究修改后再送会签，或者移出联合印发机关。"),
    "co_issuer.ask_ended": ("收回会签", "{by}收回了送本单位会签的文稿，不用再会签。"),
    "co_issuer.ask_ended.changed": ("会签文稿有修改", "{by}修改了送本单位会签的文稿，此前的会签作废，改定后另送会签。"),
    "co_issuer.dropped": ("不再联合印发", "{by}不再将本单位列为文稿的联合印发机关，不用再会签。"),
    "co_issuer.dropped.discarded": ("会签文稿作废", "{by}作废了送本单位会签的文稿，不用再会签。"),
    "co_issuer.dropped.overtaken": ("不用再会签撤回", "拟撤回的文书已由更正件替代，不用再会签。"),
    "circular.issued.joint": ("联合印发", "{by}已将与本单位联合印发的文书编号印发。"),
    "paper.answer_stopped": ("单位负责人退回文稿答复", "本单位负责人退回了您填写的文稿答复。"),
    "filing.stopped": ("单位负责人退回", "本单位负责人退回了您填报的反馈。"),
    "petition.stopped": (
        "单位负责人退回申请",
        "本单位负责人没有同意这项申请，申请没有报出。改好的可以再送审签。",
    ),
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
    "request.granted.dispute": (
        "采纳异议",
        "{by}采纳本单位的职责异议，本单位不再承办该事项，尚未到期的报送免报。",
    ),
    "request.granted.dispute.lowered": (
        "采纳异议",
        "{by}采纳本单位的职责异议，收回了改派本单位的任务，本单位仍按原分工承办，改派任务尚未到期的报送免报。",
    ),
    "request.refused.dispute": ("维持分工", "{by}对本单位的职责异议作出答复，维持原分工，仍由本单位承办。"),
    "trigger.recorded": ("已启动，请立即办理", "触发事件已登记，本单位承办的时限开始计算。"),
    "trigger.ended": (
        "终止响应",
        "触发事件已经结束，续报到此为止，尚未到期的续报免报；此前到期的和单次报送仍按原时限办理。",
    ),
    "share.handler_set": ("单位内转办", "{by}将该事项交由您经办；报送仍从本单位“今天”填报，由负责人审签。"),
    "share.added": ("新交办", "{by}将该事项交由本单位承办，请在1个工作日内签收。"),
    "share.ended": ("不再承办", "按照{by}的安排，本单位不再承办该事项，尚未到期的报送免报。"),
    "share.lowered": ("恢复原分工", "{by}收回了改派本单位的任务，本单位仍按原分工承办，改派任务尚未到期的报送免报。"),
    "share.beside": ("分工调整", "{by}调整了该事项的分工，本单位在该事项中的任务和报送时限以事项页面所列为准。"),
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
    "unit.merged.beside": (
        "单位合并，分工调整",
        "单位合并，与本单位共同承办的下列事项中，并入单位的任务改由合并后的单位承担，原时限不变。",
    ),
    "instruction.given": ("领导批示", "领导就该事项作出批示，请在“今天”中反馈。"),
    "instruction.repeated": ("长期批示反馈", "该事项的领导批示须每周反馈，请在“今天”中反馈本次情况。"),
    "instruction.closed": ("批示了结", "领导对该事项的批示已经了结，不需再反馈。"),
    "instruction.reminded": ("催批示反馈", "该事项的领导批示尚未收到本单位反馈，请在“今天”中反馈。"),
    "instruction.answered": ("批示反馈", "{by}反馈了该事项的领导批示。"),
    "inquiry.asked": ("协办", "{by}就该事项提请本单位协办，请在“今天”中反馈。"),
    "inquiry.reminded": ("催协办", "{by}就该事项提请本单位协办，尚未收到反馈，请在“今天”中反馈。"),
    "inquiry.answered": ("协办反馈", "{by}反馈了本单位提请的协办，可在协办往来页面查看、引用。"),
    "inquiry.withdrawn": ("撤回协办", "{by}撤回了提请本单位的协办，不需再反馈。"),
    "inquiry.ended": ("协办终止", "该事项的协办终止，不需再反馈。"),
    "inquiry.coordination_asked": ("提请协调", "{by}就该事项的协办提请督查室协调。"),
    "inquiry.coordination_decided": ("协调意见", "{by}就该事项的协办提出协调意见，请照此办理，此前的协办不需再反馈。"),
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
    "project.checked_on_site": (
        "项目现场核查不属实",
        "组织实施单位现场核查，本单位这一项目上报的情况不属实；有异议的，请向其说明并附佐证。",
    ),
    "scoring.suppliers_named": ("报送月度考评数据", "按考评办法的有关决定，本月由本单位提供数据，请报送。"),
    "scoring.suppliers_named.freed": (
        "月度考评数据改由其他单位报送",
        "按考评办法的有关决定，本月部分数据改由其他单位报送，本单位应报的以考评月页面所列为准。",
    ),
    "scoring.suppliers_named.gone": ("不再报送月度考评数据", "按考评办法的有关决定，本月不再由本单位报送数据。"),
    "scoring.rules_renewed": (
        "核对月度考评数据",
        "本月考评改按新版规则进行，由本单位提供的数据以考评月页面所列为准，不再列的不用报送。",
    ),
    "scoring.rules_renewed.gone": ("不再报送月度考评数据", "本月考评改按新版规则进行，不再由本单位报送数据。"),
    "scoring.month_opened": ("报送月度考评数据", "本月考评已经开始，请报送由本单位提供的数据。"),
    "scoring.check_opened": ("核对月度考评结果", "本单位的考评得分已经算出，请核对；有异议的，由单位负责人提出。"),
    "scoring.marks_changed": (
        "月度考评得分有变动",
        "所报数据在核对期间有更正，本单位的得分或者名次有变动，请重新核对；有异议的，由单位负责人提出。",
    ),
    "scoring.objected": ("对月度考评得分提出异议", "{by}对考评得分提出异议，请答复。"),
    "scoring.objection_answered": ("考评异议答复", "{by}认为本单位提出的异议属实，由提供单位更正数据。"),
    "scoring.objection_answered.owed": (
        "更正月度考评数据",
        "{by}认为考评对象提出的异议属实，所涉数据由本单位提供，请核对、更正；认为不需更正的，向{by}说明理由。",
    ),
    "scoring.correction_opened": (
        "更正已通报的月度考评",
        "已通报的考评结果正在更正，本单位所报数据有误的，请更正并写明理由；没有误的不需办理。",
    ),
    "scoring.correction_frozen": (
        "月度考评结果更正",
        "已通报的考评结果经更正，本单位的得分或者名次有变动，更正后的结果以更正通报为准；"
        "有异议的，由单位负责人在本单位得分页面逐项提出，更正通报印发前提出的，答复后才印发。",
    ),
    "scoring.correction_dropped": ("取消更正月度考评", "已通报的考评结果不再更正，本单位不需再更正数据。"),
    "scoring.objection_settled": ("考评异议属实，不影响计分", "{by}认为本单位提出的异议属实，不影响计分，得分不变。"),
    "scoring.objection_answered.refused": ("考评异议答复", "{by}研究了本单位提出的异议，维持原得分。"),
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


def notice_subject(event: str, *, item: str) -> str:
    """Write the subject of a single message."""
    return f"{_NOTICES[event][0]}：{item}"


def reminder_name(kind: str) -> str:
    """Name a message's kind in the ledger."""
    return _PAST_NOTICES.get(kind) or _NOTICES[kind][0]


def notice_reason(event: str, *, said: str = "", by: str = OFFICE_DECIDES) -> str:
    """Say why somebody gets a single message; `said` is the reason somebody gave, `by` who decided."""
    return _NOTICES[event][1].format(by=by) + (f"说明：{stopped(said)}" if said else "")


_LAPSE_TAKEN_BACK = (
    "因原定日期已过转为失效待结的事项恢复办理，不再要求报送收尾情况；"
    "因此免报或者按漏报处理的报送仍须报送，时限以事项页面所列为准。"
)


DISPUTE_UNDECIDED = "本单位所提职责异议仍待督查室答复，答复前有关报送不计逾期。"


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
    before, now = rhythm_names(old), rhythm_names(new)
    return (f"由{before}改为{now}" if before else f"定为{now}") + (f"，自{period_label(first)}起" if first else "")


def leave_words(*, first_on: date, last_on: date, reason: str, deputy: str) -> str:
    """Say when somebody is away and who acts for him; the reason is what he gave for it."""
    by = f"，由{deputy}代办" if deputy else "，未指定代办人"
    return f"{full_date(first_on)}至{full_date(last_on)}，{stopped(reason).rstrip('。')}{by}"


def rhythm_names(kinds: Sequence[str]) -> str:
    return "、".join(CADENCE_NAMES[kind] for kind in kinds)


def objection_invited(until: date) -> str:
    """Say until when, that day included, a unit may answer a lowered claim."""
    return f"如有异议，请于{full_date(until)}（含）前在事项页面书面提出。"
