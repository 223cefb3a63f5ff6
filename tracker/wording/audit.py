"""What an audit found, said to whoever audits."""

from collections.abc import Mapping, Sequence
from typing import cast

from tracker.domain.audit import WITH_ADDRESS, Finding, FindingKind, Trail
from tracker.wording.audit_columns import COLUMN_NAMES
from tracker.wording.audit_events import act_words
from tracker.wording.catalogue import EVENTS
from tracker.wording.codes import CIRCULAR_NAMES, EDITION_ACTS
from tracker.wording.scoring_months import month_words

_WORDS: Mapping[FindingKind, str] = {
    FindingKind.LINK_GAP: "第{seq}号事件：此前缺少事件",
    FindingKind.LINK_JOINT: "第{seq}号事件：与前一事件不衔接",
    FindingKind.LINK_CONTENT: "第{seq}号事件：内容被改动",
    FindingKind.LINK_HEAD: "第{seq}号事件：链头与最后一号事件不一致",
    FindingKind.LOG_UNGUARDED: "事件记录的防改触发器{trigger}不在、被停用或者被改动，数据库不再拒绝改动事件",
    FindingKind.LOG_UNREADABLE: "第{seq}号事件内容不能读出，所记的各表未能全部核对",
    FindingKind.TABLE_UNREADABLE: "{table}：未能核对完毕（{error}）",
    FindingKind.ROW_UNREADABLE: "{table}{row_id}（{field}）：表中的值不能读出",
    FindingKind.ROW_DIFFERS: "{table}{row_id}（{field}）：表中为{stored}，按事件应为{told}",
    FindingKind.ROW_GONE: "{table}{row_id}：事件中有，表中没有",
    FindingKind.ROW_UNTOLD: "{table}{row_id}：表中有，事件中没有",
    FindingKind.FILE_MISSING: "文件{sha256}（{files}）：不存在",
    FindingKind.FILE_ALTERED: "文件{sha256}（{files}）：内容与存入时不一致",
    FindingKind.FILE_UNREADABLE: "文件{sha256}（{files}）：不能读出（{error}）",
    FindingKind.EDITION_DIFFERS: "文稿{circular_id}{number}：按事件重算，与印发时的数据不一致",
    FindingKind.MONTH_DIFFERS: "{score_month}考评：按规则、决定和数据重算，与冻结时的结果不一致（第{line}行）",
    FindingKind.ANCHOR_UNREADABLE: "锚记第{line}行：不是锚记",
    FindingKind.ANCHOR_UNSIGNED: "锚记第{line}行：签名不符",
    FindingKind.ANCHOR_OF_ANOTHER: "锚记第{line}行：由另一密钥（{key}）签署，不是用来核对的密钥",
    FindingKind.ANCHOR_CUT: "锚记第{line}行：所记第{seq}号事件已不存在",
    FindingKind.ANCHOR_DIFFERS: "锚记第{line}行：第{seq}号事件与所记不一致",
}
TABLE_NAMES: Mapping[str, str] = {
    "task": "事项",
    "assignment": "分工",
    "series": "报送序列",
    "period": "报送期",
    "form_row": "填报行",
    "report": "反馈",
    "report_value": "反馈的指标数",
    "person": "账号",
    "circular": "文稿",
    "circular_template": "自制模板",
    "reminder": "消息",
    "absence": "请假",
    "handover": "交接单",
    "filing": "报送件",
    "request": "申请",
    "petition": "待审签的申请",
    "lead_verification": "牵头单位核实意见",
    "evidence": "佐证材料",
    "box_file": "佐证箱材料",
    "project": "重点项目",
    "project_listing": "项目所在清单",
    "project_value": "项目累计完成投资",
    "project_milestone": "项目开工、竣工、投产、达效",
    "project_import": "项目导出表",
    "site_check": "项目现场核查",
    "site_photo": "现场核查照片",
    "enclosure": "附件",
    "served_paper": "文稿送达",
    "naming": "表扬、批评核对",
    "co_issuer": "联合印发机关",
    "share_handler": "经办科室和人员",
    "document": "文件",
    "item": "文件条目",
    "question": "待明确事项",
    "draft": "拆解件",
    "lesson": "沿用更正",
    "trigger_event": "触发事件",
    "target_point": "序时节点",
    "unit": "单位",
    "calendar_year": "工作日历",
    "second_factor": "双因素验证",
    "inquiry": "协办",
    "instruction": "领导批示",
    "inquiry_asked": "协办的单位",
    "score_scheme": "考评规则",
    "score_decision": "考评规则的明确",
    "score_month": "考评月",
    "score_input": "考评数据",
    "score_objection": "考评异议",
    "score_correction": "考评更正",
}

UNREAD = "不能读出"
TRAIL_NAMES: Mapping[Trail, str] = {
    Trail.LOG_INS: "登录",
    Trail.ACCOUNTS: "账号和权限",
    Trail.FILES: "下载和导出",
    Trail.PAPERS: "文稿",
    Trail.SETTINGS: "系统事项",
    Trail.MATTERS: "督查业务",
}


OBJECT_NAMES: Mapping[str, str] = {
    "circular_id": "文稿",
    "template_id": "模板",
    "document_id": "文件",
    "draft_id": "拆解件",
    "lesson_id": "沿用更正",
    "filing_id": "报送",
    "report_id": "反馈",
    "petition_id": "待审签的申请",
    "request_id": "申请",
    "box_file_id": "佐证箱材料",
    "project_id": "重点项目",
    "import_id": "项目导出表",
    "served_id": "文稿送达",
    "naming_id": "表扬、批评核对",
    "co_issuer_id": "联合印发机关",
    "handover_id": "交接单",
    "reminder_id": "消息",
    "scheme_id": "考评规则",
    "decision_id": "考评规则的明确",
    "month_id": "考评月",
    "objection_id": "考评异议",
}


def event_words(type_: str, *, act: str | None, facts: Mapping[str, object]) -> str:
    """Name what was done; of a paper its act, of an account its role: 文稿送批, 授予角色：联络员."""
    if act in EDITION_ACTS:
        return f"文稿{EDITION_ACTS[act]}"
    return act_words(type_, facts) or EVENTS[type_]


def object_words(
    *,
    login: str | None,
    setting: str = "",
    task_id: int | None,
    objects: Sequence[tuple[str, int]],
    paper: tuple[str, str | None] | None,
) -> str:
    """Name what an event is about by numbers: 第1号任务，第3号报送; 第2号文稿（督查通报 驻政办函〔2022〕1号)."""
    told = [f"账号 {login}"] if login else []
    told += [setting] if setting else []
    told += [f"第{task_id}号任务"] if task_id else []
    for name, id_ in objects:
        of_paper = f"（{' '.join(filter(None, (CIRCULAR_NAMES[paper[0]], paper[1])))}）" if paper else ""
        told.append(f"第{id_}号{OBJECT_NAMES[name]}{of_paper if name == 'circular_id' else ''}")
    return "，".join(told)


def addresses_words() -> str:
    """Say of which acts the log says whence they were done."""
    return f"{'、'.join(TRAIL_NAMES[trail] for trail in WITH_ADDRESS)}另记地址，其他事项不记地址"


def finding_words(finding: Finding) -> str:
    """Say what does not hold, in one line."""
    # What somebody wrote past the program may have half a character, which no terminal takes.
    return _WORDS[finding.kind].format_map(_named(finding)).encode("utf-8", "backslashreplace").decode()


def place_words(finding: Finding) -> str:
    """Say where something does not hold, without what is stored there."""
    if finding.kind is not FindingKind.ROW_DIFFERS:
        return finding_words(finding)
    return "{table}{row_id}（{field}）：与事件不一致".format_map(_named(finding))


def _files(finding: Finding) -> Sequence[tuple[str, str, int]]:
    """Return of whom, and of which rows, a file is."""
    return cast("Sequence[tuple[str, str, int]]", finding.facts["files"])


def _named(finding: Finding) -> Mapping[str, object]:
    """Name table and columns as people say them; one without a word is named as it is, for no finding may get lost."""
    facts = dict(finding.facts)
    if "score_month" in facts:
        facts["score_month"] = month_words(str(facts["score_month"]))
    if "table" in facts:
        facts["table"] = TABLE_NAMES.get(str(facts["table"]), facts["table"])
    if "files" in facts:
        facts["files"] = "、".join(
            f"{unit}{TABLE_NAMES.get(table, table)}{id_}" for unit, table, id_ in _files(finding)
        )
    if "field" in facts:
        facts["field"] = "、".join(COLUMN_NAMES.get(name, name) for name in str(facts["field"]).split("、"))
    return facts
