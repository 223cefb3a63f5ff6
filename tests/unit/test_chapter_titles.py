"""Chapters are called by the headings of their document, the first of a number, an annex by the line after it."""

from tracker.domain.items import titled_chapters


def test_headings_name_chapters() -> None:
    told = [
        "关于印发方案的通知",
        "一、指导思想",
        "二、工作目标",
        "（一）总体目标",
        "1总则",
        "1.1目的",
        "4监测预警",
        "附件1",
    ]
    told += ["考评细则", "一、考评内容", "附件", "名单"]
    assert titled_chapters(told) == {
        "一": "指导思想",
        "二": "工作目标",
        "1": "总则",
        "4": "监测预警",
        "附件1": "考评细则",
    }
