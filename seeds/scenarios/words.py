"""The words of a scenario's units and its office: facts with numbers, causes, next steps, reasons of returns."""

from dataclasses import dataclass

from tracker.domain.claims import CauseClass
from tracker.domain.filings import ReturnReason


@dataclass(frozen=True, slots=True)
class Fact:
    """What a unit did, and the file that proves it; places {day}, {title}, {n}, {done} of n, {people}.

    `about` are words of which a title has one where the fact fits it; with none it fits every title.
    """

    words: str
    proof: str
    about: tuple[str, ...] = ()


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


_INVESTORS = ("招商", "省外资金", "市外资金", "签约", "产业链", "飞地", "龙头", "驻地", "主导产业", "包装项目")
_TRADE = ("贸易", "外资", "跨境", "对外", "进出口", "外贸", "一带一路", "开放", "国际", "营业额")
_HEALTH = (
    "康复",
    "残",
    "筛查",
    "孕",
    "儿童",
    "精神",
    "老年",
    "高血压",
    "糖尿病",
    "照护",
    "接种",
    "心理",
    "手术",
    "检查",
)
_GREEN = ("绿化", "林业", "树种", "森林", "检疫")
_MONEY = (
    "税",
    "缓缴",
    "奖补",
    "专项资金",
    "补助资金",
    "科技创新券",
    "金融",
    "融资",
    "基金",
    "补贴",
    "贷款",
    "企业加大研发投入",
)
_SCIENCE = ("实验室", "研发", "科技", "创新", "人才", "院士", "揭榜", "高校", "科研", "智慧岛")
_BUILDING = ("产业园", "建设", "项目", "工程", "药谷", "农都", "无障碍")
_SERVICE = ("营商环境", "审批", "便利化", "政策落实", "政策服务", "要素保障", "办事", "绿色通道", "通行", "交管")
_EVALUATION = ("考评", "排名", "核查", "通报", "督导", "监测", "评估", "跟踪")
# What a report is made of that tells of work; the last ones tell of meetings and notices alone.
FACTS = (
    Fact("{day}集中签约项目{n}个，其中{done}个已落地开工", "签约项目清单.xlsx", _INVESTORS),
    Fact("{day}赴外对接企业{n}家，{done}家来驻考察并提出投资方案", "对接情况表.xlsx", _INVESTORS),
    Fact("{day}新增有进出口实绩的企业{n}家，其中{done}家为首次开展业务", "企业名单.xlsx", _TRADE),
    Fact("{day}为{n}家企业协调通关、结汇、物流等问题，已办结{done}家", "问题办理清单.xlsx", _TRADE),
    Fact("{day}新增服务对象{people}人，需要转诊的{n}人中已随访{done}人", "服务登记表.xlsx", _HEALTH),
    Fact("{day}在{n}个乡镇（街道）设点服务，{done}个点已常态化开放", "现场照片.png", _HEALTH),
    Fact("{day}完成补植补造{people}亩，{n}个管护片区中{done}个通过验收", "验收表.xlsx", _GREEN),
    Fact("{day}受理申请{n}笔，已审核兑付{done}笔，涉及金额{people}万元", "兑付明细表.xlsx", _MONEY),
    Fact("{day}推荐申报{n}家，其中{done}家通过认定", "认定名单.xlsx", _SCIENCE),
    Fact("{day}核对进度，年度确定的{n}个建设节点完成{done}个，形成实物工程量", "现场照片.png", _BUILDING),
    Fact("{day}压减申请材料{n}项，{done}项实现网上办理", "事项清单.xlsx", _SERVICE),
    Fact("{day}核对上报数据{people}条，发现问题{n}处，已更正{done}处", "核对记录.xlsx", _EVALUATION),
    Fact("{day}核对进度，本项确定的{n}个具体任务已完成{done}个", "任务清单.xlsx"),
    Fact("{day}开展现场督导1次，走访{n}家单位，推动“{title}”落实，发现问题{n}个，已整改{done}个", "现场照片.png"),
    Fact("{day}更新工作台账，登记“{title}”有关事项{n}项，已办结{done}项", "工作台账.xlsx"),
    Fact("{day}召开联席会议，就“{title}”议定事项{n}项，已落实{done}项", "会议纪要.docx"),
    Fact("{day}印发工作通知，将“{title}”分解到{n}个责任科室，{done}个科室已报落实情况", "工作通知.docx"),
)
# Words by which a report of meetings and notices alone is known.
OF_MEETINGS = ("召开", "印发工作通知")
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
    Return(ReturnReason.NO_SUBSTANCE, "只写了会议和通知，没有写明工作成效，请补充具体进展和数据。", "meetings"),
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
