"""Second factors as their own people and the administrator of the system see them: no secret, no code."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.store.tables.second_factors import RecoveryCodeRow, SecondFactorRow


@dataclass(frozen=True, slots=True)
class FactorView:
    """`confirmed_at` is none where there is no factor; `reset_*` where it was taken away and none set up since."""

    confirmed_at: datetime | None = None
    codes_left: int = 0
    reset_at: datetime | None = None
    reset_by: str | None = None


def factor_view(session: Session, *, user_id: int) -> FactorView:
    """Return how somebody's second factor stands."""
    row = session.get(SecondFactorRow, user_id)
    if row is None:
        return FactorView()
    unused = select(func.count()).where(col(RecoveryCodeRow.user_id) == user_id, col(RecoveryCodeRow.used_at).is_(None))
    return FactorView(row.confirmed_at, session.execute(unused).scalar_one(), row.reset_at, row.reset_by)
