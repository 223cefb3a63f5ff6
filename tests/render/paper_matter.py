"""What a paper of a type and scope has to count, found in the city then; and numbers and names as papers print them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from tests.render.city_then import CityThen, Said, Share, Task, Unit, is_behind
from tests.support.recount import Form, Series

PAPER_WORDS = {
    "按时": "on_time", "按时报送": "on_time", "迟报": "late", "审核中": "under_review", "在审核中": "under_review",
    "随办结报告待审": "held", "退回补正": "correction", "已退回补正": "correction", "逾期未补正": "correction_overdue",
    "延期或者异议待批": "pending", "逾期未报": "unreported", "免报": "waived",
}  # fmt: skip
WORK_WORDS = {
    "已办结": "completed_met", "办结未达标": "completed_unmet", "已办结（未达标）": "completed_unmet",
    "办结待审": "completion_pending", "达序时": "on_schedule", "常态推进": "ongoing", "到期待核数": "awaiting_figures",
    "未达序时": "behind", "逾期未办结": "overdue_work", "因反馈逾期情况不明": "unknown", "情况不明": "unknown",
    "文件到期待收尾": "lapsed", "因文件到期待收尾": "lapsed", "文件到期未办结": "lapsed", "因文件到期未办结": "lapsed",
    "文件到期已归档": "lapsed", "因文件到期未办结并已归档": "lapsed", "中止": "suspended", "已中止": "suspended",
    "已撤销": "cancelled", "待启动或待报告": "not_started", "未签收": "not_started", "报送期限未到": "not_started",
    "待触发": "not_started", "启动时间未到": "not_started", "尚无报告": "not_started",
    "反馈逾期未报": "not_started", "反馈逾期未补正": "not_started",
}  # fmt: skip
WORK_ORDER = (
    "cancelled", "completed_met", "completed_unmet", "suspended", "lapsed", "completion_pending", "overdue_work",
    "unknown", "behind", "awaiting_figures", "ongoing", "on_schedule", "not_started",
)  # fmt: skip
CAUSES = {
    "awaits_policy": "等待上级文件或政策", "awaits_funds": "等待资金", "upstream": "上级或其他单位原因",
    "out_of_season": "季节性原因", "litigation": "涉诉", "force_majeure": "疫情等不可抗力",
    "unclear_duty": "职责存在争议",
    "own_work": "工作推进不力", "other": "其他",
}  # fmt: skip
REASONS = {
    "no_substance": "无实质内容", "no_evidence": "佐证不足", "figures": "数据有误或者口径不符",
    "contradiction": "前后矛盾", "wrong_item": "答非所报事项", "other": "其他原因",
    "falsified": "其他原因",
}  # fmt: skip
SPARED = {
    "市政府": "市政府本级", "党委部门": "党委部门", "人大政协": "人大、政协机关", "司法机关": "司法机关",
    "群团": "群团组织", "垂管": "垂直管理单位", "上级机关": "上级机关",
}  # fmt: skip
LOWERED = "经核定低于自报"


@dataclass(frozen=True)
class Matter:
    """A city then, and the part of it that a paper is about.

    `called` is the name under which the paper is written to its unit: the one that it bears when the paper is made;
    `before` is the part that the circular before told of, as it was then.
    """

    city: CityThen
    kind: str
    unit: Unit | None = None
    document: str | None = None
    called: str | None = None
    before: "Matter | None" = None

    @property
    def to_all(self) -> bool:
        about_internal = self.document is not None and any(task.internal for task in self.tasks)
        return self.kind == "supervision" and not about_internal

    @cached_property
    def tasks(self) -> list[Task]:
        told = [task for task in self.city.tasks if not task.superseded and self.document in (None, task.document)]
        return [task for task in told if self.unit is None or self.own(task) is not None]

    def own(self, task: Task) -> Share | None:
        return next((share for share in task.held if share.unit == self.unit), None)

    @cached_property
    def led(self) -> list[Task]:
        if self.unit is None:
            return self.tasks
        return [task for task in self.tasks if (own := self.own(task)) is not None and own.leads]

    def leads(self, task: Task) -> list[Share]:
        """The leads of whom a paper speaks: of one about a lead itself alone."""
        own = self.own(task)
        return [own] if own is not None and own.leads else task.live_leads

    def is_open(self, task: Task) -> bool:
        """Whether `flask state` leaves the class open: that of one lead's own part beside others'."""
        return self.unit is not None and not task.is_settled and len(task.live_leads) > 1

    @cached_property
    def series(self) -> list[Series]:
        every = (one for one in self.city.series if self.document in (None, one.document))
        return [one for one in every if self.unit is None or one.unit_id == self.unit.id]

    @cached_property
    def forms(self) -> list[tuple[Series, Form, datetime]]:
        every = ((series, form) for series in self.series for form in series.forms)
        return [(*one, moment) for one in every if (moment := self.city.form_moment(one[1])) is not None]

    @cached_property
    def due(self) -> list[tuple[Series, Form]]:
        """What fell due by the cut-off and was not counted by that of the circular before."""
        return [
            (series, form)
            for series, form, moment in self.forms
            if moment <= self.city.at and (self.before is None or not self.before.counts(form, moment))
        ]

    def counts(self, form: Form, moment: datetime) -> bool:
        """Whether a form, by the moment that it has now, lies in what was counted by this cut-off."""
        then = {known.id for _series, known, at in self.forms if at <= self.city.at}
        return moment <= self.city.at and form.id in then

    def paper(self, form: Form) -> str:
        return form.paper(self.city.at)

    def is_late(self, form: Form) -> bool:
        return any(row.required and row.late for row in form.rows)

    @cached_property
    def came_late(self) -> list[tuple[Series, Form]]:
        """What is named as late: nothing of whom no paper blames, nor of what is internal in a paper to all."""
        return [one for one in self.due if self.is_late(one[1]) and self._is_named(one[0].unit_id, one[0].document)]

    def _is_named(self, unit_id: int, document: str) -> bool:
        return self.city.units[unit_id].is_blamed and not (self.to_all and document in self.city.internal)

    @cached_property
    def overdue(self) -> list[dict[str, Any]]:  # Any: parsed JSON
        every = [one for one in self.city.owed.values() if self.document in (None, one["document"])]
        return [one for one in every if self.unit is None or one["unit"] == self.unit.short]

    @cached_property
    def blamed(self) -> list[dict[str, Any]]:  # as above
        every = (one for one in self.overdue if self.city.by_short[one["unit"]].is_blamed)
        return [one for one in every if not (self.to_all and one["document"] in self.city.internal)]

    @cached_property
    def spared(self) -> list[dict[str, Any]]:  # as above
        return [one for one in self.overdue if not self.city.by_short[one["unit"]].is_blamed]

    def overdue_rows(self, series_id: int) -> list[Any]:  # rows of a database
        """The rows of a series that are past their moment, as the database had them."""
        [series] = [one for one in self.city.series if one.id == series_id]
        past = (row for form in series.forms for row in form.rows if row.moment and row.moment <= self.city.at)
        return [self.city.rows[row.id] for row in past]

    def named_leads(self, task: Task, shares: Iterable[Share]) -> list[Share]:
        hidden = self.to_all and task.internal
        return [share for share in shares if share.unit.is_blamed and not hidden]

    @cached_property
    def unsigned(self) -> list[tuple[Task, Share]]:
        told = [(task, share) for task in self.led for share in task.unsigned]
        return [one for one in told if self.unit is None or one[1].unit == self.unit]

    @cached_property
    def returns(self) -> list[dict[str, Any]]:  # parsed JSON
        """What was given back of forms, row by row, as the log printed it; `of` is the row it is of by now."""
        moved = {one["payload"]["row_id"]: one["payload"] for one in self.city.events if one["type"] == "row.moved"}
        known = {series.id: series for series in self.series}
        forms = {form.id for _series, form, _moment in self.forms}
        found = []
        for event in self.city.events:
            told = event["payload"]
            if event["type"] != "report.given_back" or told["row_id"] is None:
                continue
            if self.before is not None and datetime.fromisoformat(event["at"]) <= self.before.city.at:
                continue
            row_id = told["row_id"]
            while (into := moved.get(row_id, {}).get("into_row_id")) is not None:
                row_id = into
            row = self.city.rows.get(row_id)
            if row is not None and row["series_id"] in known and row["period_id"] in forms:
                found.append({**told, "of": row})
        return found

    def lies_outside(self, task: Task) -> bool:
        """Whether each lead that calls a task behind, one at least, had a cause recorded that is not its own doing."""
        lasts = [one for share in self.leads(task) if (one := said_behind(share)) is not None]
        own = (None, "own_work", "other")
        return bool(lasts) and not any(one.is_lowered or one.cause_class in own for one in lasts)

    def confirmed_behind(self, task: Task) -> bool | None:
        own = task.own_word()
        return False if task.work != "behind" else None if own is None else not own


def counted(words: str, *, sign: str = "、", unit: str = "项") -> Counter[str]:
    """Read a list like 市商务局2期、市统计局1期."""
    found: Counter[str] = Counter()
    for one in words.split(sign):
        read = re.fullmatch(rf"(.+?)(\d+){unit}", one)
        if read is None:
            raise ValueError(one)
        found[read[1]] += int(read[2])
    return found


def cause_of(one: Said | None) -> str:
    """Name the class of a cause as papers count them."""
    if one is not None and one.is_lowered:
        return LOWERED
    return "未登记原因" if one is None or one.cause_class is None else CAUSES[one.cause_class]


def said_behind(share: Share) -> Said | None:
    last = share.last_accepted
    return last if is_behind(last) else None


def first_sentence(text: str) -> str:
    return re.split("[。；\n]", text)[0].strip()


def places(words: str) -> Iterator[tuple[str, str]]:
    """Read 驻政办〔2022〕97号一2、一4，驻政办〔2022〕98号一1 into documents and clauses."""
    for part in words.split("，"):
        read = re.fullmatch(r"(.+?号)(.*)", part)
        if read is None:
            raise ValueError(part)
        for label in read[2].split("、"):
            yield read[1], re.sub("“.*”", "", label)
