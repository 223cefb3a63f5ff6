"""Lists of projects in the small cities: 市商务局 keeps one, another bureau one, and one has no keeper in print."""

from io import BytesIO

from openpyxl import Workbook

from tracker.domain.projects.lists import ProjectList, ProjectLists

LISTS = ProjectLists(
    "驻政办〔2022〕53号",
    "zhongdaxiangmuban",
    "tjj",
    (
        ProjectList(
            "waizi",
            "重点外资项目",
            "附件1一（十）",
            "",
            ("swj",),
            ("外资项目",),
            in_statistics=True,
        ),
        ProjectList("jiaotong", "交通项目", "附件1", "由市交通运输局核算", ("jtj",)),
        ProjectList("shengji", "省级重点项目", "附件2一（二）", "", (), ("省重点",), confirmed=True, yearly=True),
    ),
)
HEADS = (
    "项目代码",
    "项目名称",
    "所属县区",
    "总投资（亿元）",
    "年度计划投资（万元）",
    "1-8月累计完成投资（万元）",
    "开工日期",
)


def export(*rows: tuple[object, ...]) -> BytesIO:
    """Return an export as a platform makes it: a title, heads, rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["重点项目进展情况"])
    sheet.append(list(HEADS))
    for row in rows:
        sheet.append(list(row))
    made = BytesIO()
    book.save(made)
    made.seek(0)
    return made
