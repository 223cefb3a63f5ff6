"""What the classes of both partitions mean, as the trace tables of circulars say it."""

from collections.abc import Mapping

from tracker.domain.owed import Paper
from tracker.domain.progress import Work, WorkReason

WORK_MEANINGS: Mapping[Work, str] = {
    Work.CANCELLED: "截止时已撤销的事项",
    Work.COMPLETED_MET: "截止时已办结的事项，未达标的除外",
    Work.COMPLETED_UNMET: "截止时已办结、认定未达标的事项",
    Work.SUSPENDED: "截止时中止办理的事项",
    Work.LAPSED: "所依据文件已到期、尚未办结的事项",
    Work.COMPLETION_PENDING: "办结报告正在审核或者补正的事项",
    Work.OVERDUE_WORK: "时限已过、应报而未报办结的事项",
    Work.UNKNOWN: "牵头报送的单位反馈逾期未报或者未补正、进度无从判断的事项",
    Work.BEHIND: "进度未达序时、应启动而未启动或者难以完成的事项",
    Work.AWAITING_FIGURES: "时限已到、等待核定数据或者办结报告的事项",
    Work.ONGOING: "没有时限、常态推进的事项",
    Work.ON_SCHEDULE: "进度达到序时要求的事项",
    Work.NOT_STARTED: "尚未启动的事项：待触发、尚未签收，或者启动时间未到、尚无进展报告",
}
# What the class 失效待结 is made of where some of it was put on file; the rest waits for its closing report.
LAPSED_ARCHIVED = ("lapsed_archived", "所依据文件已到期、未办结而归档的事项")
# What the class 未启动 is made of; what is neither waits for its time.
NOT_STARTED: Mapping[WorkReason, tuple[str, str]] = {
    WorkReason.WAITS_FOR_EVENT: ("waits", "须待触发事件发生方才办理的事项"),
    WorkReason.NOT_RECEIVED: ("unreceived", "牵头单位尚未签收的事项"),
}
PAPER_FIGURES: Mapping[Paper, tuple[str, str]] = {
    Paper.ON_TIME: ("on_time", "按时报送并已审核通过的期次"),
    Paper.LATE: ("late", "逾期后报送并已审核通过的期次"),
    Paper.UNDER_REVIEW: ("under_review", "已报送、正在审核的期次"),
    Paper.HELD: ("held", "应报未报、随牵头单位办结报告一并待审的期次"),
    Paper.CORRECTION: ("correction", "被退回、补正期限未到的期次"),
    Paper.CORRECTION_OVERDUE: ("uncorrected", "被退回、逾期未补正的期次"),
    Paper.PENDING: ("pending", "延期申请或者异议尚未批复的期次"),
    Paper.UNREPORTED: ("owed", "逾期未报的期次，后来不再补报的计在内"),
    Paper.WAIVED: ("waived", "因事项了结等免于报送的期次"),
}
