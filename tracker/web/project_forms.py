"""Forms of projects: money in 万元, months as 2022-08."""

from typing import Annotated

from pydantic import Field

from tracker.domain.entered import shown
from tracker.domain.errors import BadInput
from tracker.domain.filings import check_words
from tracker.domain.projects.acts import read_money
from tracker.domain.projects.checklists import Build, Milestone
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.months import written_month
from tracker.web.forms import Day, FieldMissing, Form, OptionalDay, Reason, Texts, Tick, Version, Words, one_of, read_by


class NotAMonth(BadInput):
    """A month is written neither as 2022-08 nor as 2022年8月; facts: field, value."""

    code = "not_a_month"


def read_month(text: str, *, field: str) -> Month:
    """Return the month that is written as `written_month` reads it. Raises NotAMonth."""
    found = written_month(text)
    if found is None:
        raise NotAMonth(field=field, value=shown(text.strip()))
    return found


def _month(text: str, label: str) -> Month:
    if not text.strip():
        raise FieldMissing(field=label)
    return read_month(text, field=label)


def _money(text: str, label: str) -> int:
    if not text.strip():
        raise FieldMissing(field=label)
    return read_money(text, field=label)


# Words of bounded length, which may be left out.
Told = Annotated[str, read_by(lambda text, _label: check_words(text))]
AMonth = Annotated[Month, read_by(_month)]
Money = Annotated[int, read_by(_money)]
OptionalMonth = Annotated[Month | None, read_by(lambda text, label: _month(text, label) if text.strip() else None)]
OptionalMoney = Annotated[int | None, read_by(lambda text, label: _money(text, label) if text.strip() else None)]


class ProjectForm(Form):
    """What a project is."""

    code: Words = Field(title="项目代码")
    name: Words = Field(title="项目名称")
    build: Annotated[Build, one_of(Build)] = Field(title="建设类别")
    total: OptionalMoney = Field(title="总投资")
    planned_start: OptionalMonth = Field(title="计划开工月份")
    planned_finish: OptionalMonth = Field(title="计划竣工月份")
    strategic: Tick = Field(title="战略性新兴产业")
    in_statistics: OptionalDay = Field(title="纳入投资统计库日期")


class NewProjectForm(ProjectForm):
    county: Words = Field(title="县区")
    list: Words = Field(title="清单")
    since: AMonth = Field(title="列入月份")
    planned: OptionalMoney = Field(title="年度计划投资")


class CorrectionForm(ProjectForm):
    reason: Reason = Field(title="更正原因")
    version: Version = Field(title="版本")


class ListingForm(Form):
    list: Words = Field(title="清单")
    since: AMonth = Field(title="列入月份")
    planned: OptionalMoney = Field(title="年度计划投资")
    back: Tick = Field(title="撤销移出")
    reason: Reason = Field(title="变更原因")


class OffForm(Form):
    """Off which list of which year a project is taken: waizi:2022."""

    listing: Words = Field(title="清单")
    off: Day = Field(title="移出日期")
    reason: Reason = Field(title="移出原因")


class ValueForm(Form):
    month: AMonth = Field(title="月份")
    invested: Money = Field(title="元月至当月累计完成投资")
    source: Told = Field(title="数据来源")
    reason: Told = Field(title="更正原因")


class MilestoneForm(Form):
    """The day of a milestone; `tick` are the statements that are ticked."""

    milestone: Annotated[Milestone, one_of(Milestone)] = Field(title="阶段")
    on: OptionalDay = Field(title="日期")
    tick: Texts = Field(title="标准核对")


class ConfirmForm(Form):
    milestone: Annotated[Milestone, one_of(Milestone)] = Field(title="阶段")


class CheckForm(Form):
    month: AMonth = Field(title="核查的上报月份")
    day: Day = Field(title="核查日期")
    verdict: Words = Field(title="核查结果")
    found: OptionalMoney = Field(title="核查落实的累计完成投资")
    words: Told = Field(title="核查情况")


class ExportForm(Form):
    list: Words = Field(title="清单")
    month: AMonth = Field(title="累计投资截至月份")
    since: AMonth = Field(title="列入月份")
    source: Told = Field(title="数据来源")
