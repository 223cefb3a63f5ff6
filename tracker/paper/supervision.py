"""Supervision circulars 「督查通报」: words from the template, figures from one computation."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tracker.domain.calendar import local_day
from tracker.domain.circulars import SupervisionFigures
from tracker.paper.official import Annex, Column, OfficialDocument, day_words, render

_TEMPLATES = Path(__file__).parents[2] / "templates" / "circulars" / "supervision"
_COLUMNS = (
    Column("序号", 560, "center"),
    Column("编号", 860, "center"),
    Column("事项", 2674),
    Column("责任单位", 1500),
    Column("期次", 1350, "center"),
    Column("应报日期", 1300, "center"),
    Column("逾期", 600, "center"),
)


@dataclass(frozen=True, slots=True)
class RedHead:
    """What an office prints on its own paper."""

    mark: str
    issuer: str
    title: str
    addressees: str
    print_office: str


SERIES = "驻政办督"
STANDARD_HEAD = RedHead(
    mark="驻马店市人民政府办公室文件",
    issuer="驻马店市人民政府办公室",
    title="驻马店市人民政府办公室关于重点工作推进情况的督查通报",
    addressees="各县区人民政府，市城乡一体化示范区、驻马店经济开发区、市高新技术产业开发区管委会，市直有关部门",
    print_office="驻马店市人民政府办公室",
)


def render_supervision(figures: SupervisionFigures, *, head: RedHead, number: str, issued_on: date) -> bytes:
    """Return the circular as .docx; the same figures give identical bytes."""
    rows = tuple(
        (
            str(position),
            row.item_code,
            row.title,
            row.unit_name,
            row.period_label,
            row.due_on.isoformat(),
            str(row.workdays_late),
        )
        for position, row in enumerate(figures.overdue, 1)
    )
    document = OfficialDocument(
        mark=head.mark,
        number=number,
        title=head.title,
        addressees=head.addressees,
        body=_body(figures),
        signature=head.issuer,
        dated_on=issued_on,
        print_office=head.print_office,
        annexes=(Annex("逾期事项清单", _COLUMNS, rows),) if rows else (),
    )
    return render(document)


def _body(figures: SupervisionFigures) -> tuple[tuple[int, str], ...]:
    templates = Environment(loader=FileSystemLoader(_TEMPLATES), undefined=StrictUndefined, trim_blocks=False)
    words = templates.get_template("body.txt").render(
        f=figures,
        since=day_words(figures.since_on),
        until=day_words(local_day(figures.as_of)),
        answer_by=day_words(figures.answer_by),
    )
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return tuple((1, line.removeprefix("# ")) if line.startswith("# ") else (0, line) for line in lines)
