"""Checks of papers that were issued: each has its file soon after its number."""

from collections.abc import Iterator
from datetime import timedelta

from tracker.cli.doctor.findings import Finding, mend
from tracker.domain.circulars.editions import TemplateUnusable
from tracker.domain.quoting import quoted
from tracker.editions import check_usable
from tracker.readiness import STUCK_AFTER_S
from tracker.services import Services
from tracker.store.queries.circulars import undrawn
from tracker.store.tables.circulars import CircularRow
from tracker.wording.codes import CIRCULAR_NAMES


def undrawn_papers(services: Services) -> Iterator[Finding]:
    """Name every paper that has its number and will get no file as it is, or should have got it long ago."""
    with services.database.reading() as session:
        rows = undrawn(session)
    due = services.clock.now() - timedelta(seconds=STUCK_AFTER_S)
    for row in rows:
        name = f"{CIRCULAR_NAMES[row.type]}{row.number}"
        if (layout := _unusable(services, row)) is not None:
            words = f"{name}已编号，自制模板{quoted(layout)}不能填写，排不出正式文件。"
            yield mend(words, "请督查室拟出更正稿（按系统的版式排印）或者撤回。")
        elif row.issued_at is None or row.issued_at < due:
            words = f"{name}编号后{STUCK_AFTER_S / 60:.0f}分钟以上没有正式文件。"
            yield mend(words, "确认各后台进程在运行，在日志中查找 reaction 为 drawing 的 delivery 记录。")


def _unusable(services: Services, row: CircularRow) -> str | None:
    """Return the name of a paper's own template where that takes no paper."""
    try:
        check_usable(services, row.layout_id)
    except TemplateUnusable as refusal:
        return str(refusal.facts["name"])
    return None
