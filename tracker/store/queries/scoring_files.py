"""Which files under inputs of months of evaluation show more than an evaluated body may read yet."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlmodel import Session, col

from tracker.domain.scoring.months import CORRECTIONS_UNDER_WAY, MonthState
from tracker.store.tables.scoring import ScoreCorrectionRow, ScoreInputRow, ScoreMonthRow


def shut_files(
    session: Session, digests: Collection[str], *, objects: Collection[str], workbooks: str
) -> frozenset[str]:
    """Return which of some files hold, of results that did not go out, what concerns others than some bodies.

    A file stands under all inputs that it was handed in with, those that were corrected or taken back since among
    them. A workbook may be the table of all figures of its supplier, of which only what changed became inputs, so it
    stays shut as long as any input under it did not go out; `workbooks` is their media type.
    """
    correcting = select(col(ScoreCorrectionRow.id)).where(
        col(ScoreCorrectionRow.month_id) == col(ScoreInputRow.month_id),
        col(ScoreCorrectionRow.state).in_(CORRECTIONS_UNDER_WAY),
        col(ScoreCorrectionRow.inputs_after) < col(ScoreInputRow.id),
    )
    wanted = (
        select(col(ScoreInputRow.file_sha256))
        .join(ScoreMonthRow, col(ScoreMonthRow.id) == col(ScoreInputRow.month_id))
        .where(
            col(ScoreInputRow.file_sha256).in_(digests),
            or_(col(ScoreMonthRow.state) != MonthState.ISSUED.value, correcting.exists()),
            or_(
                col(ScoreInputRow.object).not_in(["", *objects]),
                col(ScoreInputRow.file_media_type) == workbooks,
            ),
        )
        .distinct()
    )
    return frozenset(sha256 for sha256 in session.scalars(wanted) if sha256)
