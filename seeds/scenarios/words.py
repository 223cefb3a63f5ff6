"""The words of a scenario's units and its office: facts with numbers, causes, next steps, reasons of returns."""

from dataclasses import dataclass

from tracker.domain.claims import CauseClass
from tracker.domain.filings import ReturnReason


@dataclass(frozen=True, slots=True)
class Fact:
    """What a unit did, and the file that proves it; places {day}, {title}, {n}, {done} of n, {people}."""

    words: str
    proof: str


@dataclass(frozen=True, slots=True)
class Cause:
    """Why work is behind, and what is done about it."""

    kind: CauseClass
    words: str
    step: str


@dataclass(frozen=True, slots=True)
class Return:
    """Why the office gives a report back; `needs` says what must be lacking or there for the reason to be true."""

    kind: ReturnReason
    words: str
    needs: str = ""


FACTS = (
    Fact("{day}召开推进会1次，研究“{title}”，明确{n}项具体任务，已完成{done}项", "会议纪要.docx"),
    Fact("{day}印发工作通知，将“{title}”分解到{n}个责任科室，{done}个科室已报落实情况", "工作通知.docx"),
    Fact("{day}开展现场督导1次，走访{n}家单位，推动“{title}”落实，发现问题{n}个，已整改{done}个", "现场照片.png"),
    Fact("{day}更新工作台账，登记“{title}”有关事项{n}项，已办结{done}项", "工作台账.xlsx"),
    Fact("{day}召开联席会议，就“{title}”议定事项{n}项，已落实{done}项", "会议纪要.docx"),
    Fact("{day}组织“{title}”业务培训1场，参训{people}人，收集意见建议{n}条，采纳{done}条", "培训签到表.xlsx"),
    Fact("{day}到基层调研“{title}”推进情况，协调解决问题{n}个，其中当场解决{done}个", "现场照片.png"),
)
NEXT_STEPS = (
    "按月调度，逐项销号",
    "对未完成事项逐项明确责任人和完成时间",
    "加强与牵头单位对接，按时报送进展",
    "开展一次督导检查，确保任务落实到位",
)
CAUSES = (
    Cause(CauseClass.AWAITS_FUNDS, "配套资金缺口较大，尚未列入本年度支出计划", "衔接财政部门落实资金计划"),
    Cause(CauseClass.OWN_WORK, "前期任务分解不细，工作推进不够", "倒排工期，每周调度一次"),
    Cause(CauseClass.UPSTREAM, "上级有关政策细则尚未下发", "主动对接上级主管部门，先行开展摸底"),
    Cause(CauseClass.AWAITS_POLICY, "配套办法正在征求意见，具体标准尚未确定", "汇总意见修改后提请审议"),
    Cause(CauseClass.FORCE_MAJEURE, "受疫情影响，外出对接和现场活动推迟", "改为线上对接，条件允许后补办"),
    Cause(CauseClass.UNCLEAR_DUTY, "有关单位分工尚未明确，部分环节衔接不畅", "提请牵头单位召开协调会明确分工"),
)
RETURNS = (
    Return(ReturnReason.NO_EVIDENCE, "没有附佐证材料，所报进展无法核对，请补充后再报。", "no_files"),
    Return(ReturnReason.FIGURES, "所报数字与上期不衔接，请核实后说明原因。", "values"),
    Return(ReturnReason.NO_SUBSTANCE, "只写了会议和通知，没有写明工作成效，请补充具体进展和数据。"),
    Return(ReturnReason.CONTRADICTION, "文字表述与所附材料不一致，请核对后再报。", "files"),
    Return(ReturnReason.OTHER, "未说明未完成事项的责任人和完成时间，请补充。"),
)
LEAD_RETURNS = (
    "与牵头单位掌握的情况不一致，建议核对后再报。",
    "所报内容与本事项关联不大，建议补充本单位承担部分的进展。",
)
LEAD_LOWERS = (
    "牵头单位调度的进度落后于所报进度，建议调低。",
    "所列工作多为部署安排，实际进展有限，建议调低。",
)

# What accompanies a form, and why more time is asked for.
UNPROVED = "材料正在整理，随后补报。"
MISSED = "前期人员调整，漏报了进展，今后按期报送。"
EXTENSIONS = (
    "配套政策尚在会签，申请延期报送。",
    "有关数据须待月度统计结果，申请延期报送。",
    "事项涉及{n}家单位会商，尚未形成一致意见，申请延期报送。",
)
