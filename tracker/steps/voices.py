"""Two shares become one: whose words the reports of each go on to be."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.events.shares import Voiced
from tracker.domain.filings import HEARD_NO_MORE
from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, AssignmentState
from tracker.store.queries.work_shares import IS_SAID, live_shares
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.tasks import AssignmentRow


def keep_voices(session: Session, share: AssignmentRow, kept: AssignmentRow) -> tuple[Voiced, ...]:
    """Let two leads that become one go on as two voices until the successor speaks; return whose words became whose.

    Of a lead and a share that does not lead now, or was let go, only the lead is heard: what the other said as a lead
    before says nothing of the work as it is.
    """
    if not _leads(share):
        changed = list(_said(session, share, voice=HEARD_NO_MORE, former=HEARD_NO_MORE))
    elif not _leads(kept):
        changed = list(_said(session, kept, voice=HEARD_NO_MORE, former=HEARD_NO_MORE))
    else:
        spoken = {one.row.id: one.speaks for one in live_shares(session, [share.task_id])[share.task_id]}
        changed = [
            voiced
            for one in (share, kept)
            for voiced in _said(session, one, voice=one.id, former=HEARD_NO_MORE if spoken[one.id] else None)
        ]
    return tuple(changed)


def _leads(share: AssignmentRow) -> bool:
    return share.role == AssignmentRole.LEAD.value and AssignmentState(share.state) not in ASSIGNMENT_ENDED


def _said(session: Session, share: AssignmentRow, *, voice: int | None, former: int | None) -> Iterator[Voiced]:
    """Give what a share said itself a voice, and what others said that went up in it another, or leave them theirs."""
    reports = select(ReportRow).where(
        col(ReportRow.assignment_id) == share.id, col(ReportRow.by_lead).is_not(False), IS_SAID
    )
    for report in session.scalars(reports.order_by(col(ReportRow.id))).all():
        becomes = voice if report.voice is None else former
        if becomes is not None and becomes != report.voice:
            report.voice = becomes
            yield Voiced(report_id=report.id or 0, voice=becomes)
