"""What rows of forms are about, as the units of a scenario write about it."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from seeds.scenarios.accounts import Asked, Matter, TargetToReport
from tracker.store.queries.asked_of_shares import Requirement, requirements_of_shares
from tracker.store.queries.shares import ShareFacts, facts_of_shares
from tracker.store.tables.documents import ItemEvidenceRow, ItemTargetRow
from tracker.store.tables.filings import ReportRow, ReportValueRow
from tracker.store.tables.series import FormRow

_ENDINGS = {"document": "docx", "list": "xlsx", "data": "xlsx"}


def matters_of(session: Session, row_ids: Collection[int], *, year: int) -> dict[int, Matter]:
    """Return what rows are about by their ids: item, the numbers that bind the unit, the evidence that it owes.

    `year` is the one in which they are told.
    """
    wanted = select(FormRow).where(col(FormRow.id).in_(row_ids), col(FormRow.assignment_id).is_not(None))
    shares = {row.id or 0: row.assignment_id or 0 for row in session.scalars(wanted)}
    facts = facts_of_shares(session, shares.values())
    targets, told = _targets(session, facts), _told(session, shares.values(), year)
    asked = requirements_of_shares(session, shares.values())
    endings = _kinds(session, asked)
    return {
        row_id: Matter(
            assignment_id=share_id,
            title=facts[share_id].item_title,
            scheduled=facts[share_id].scheduled,
            counts_cases=facts[share_id].counts_cases,
            targets=[
                replace(targets[id_], told=told.get((share_id, id_), 0.0))
                for id_ in facts[share_id].targets
                if id_ in targets and id_ in facts[share_id].bound
            ],
            asked=[Asked(one.requirement_id, one.what, endings[one.requirement_id]) for one in asked.get(share_id, ())],
        )
        for row_id, share_id in shares.items()
    }


def _targets(session: Session, facts: Mapping[int, ShareFacts]) -> dict[int, TargetToReport]:
    bound = {id_ for share in facts.values() for id_ in share.bound}
    rows = session.scalars(select(ItemTargetRow).where(col(ItemTargetRow.id).in_(bound))).all() if bound else ()
    return {
        row.id or 0: TargetToReport(row.id or 0, row.metric, row.op, row.value, row.unit, row.measure) for row in rows
    }


def _told(session: Session, share_ids: Collection[int], year: int) -> dict[tuple[int, int], float]:
    """Return the greatest value that was told of each share's targets as of a day of the year."""
    share, target = col(ReportRow.assignment_id), col(ReportValueRow.target_id)
    wanted = (
        select(share, target, func.max(col(ReportValueRow.value)))
        .join(ReportRow, col(ReportRow.id) == col(ReportValueRow.report_id))
        .where(share.in_(share_ids), col(ReportValueRow.value_on).between(date(year, 1, 1), date(year, 12, 31)))
        .group_by(share, target)
    )
    return {(share_id, target_id): value for share_id, target_id, value in session.execute(wanted)}


def _kinds(session: Session, asked: Mapping[int, Collection[Requirement]]) -> dict[int, str]:
    ids = {one.requirement_id for every in asked.values() for one in every}
    wanted = select(col(ItemEvidenceRow.id), col(ItemEvidenceRow.form)).where(col(ItemEvidenceRow.id).in_(ids))
    return {id_ or 0: _ENDINGS.get(form, "docx") for id_, form in session.execute(wanted)} if ids else {}
