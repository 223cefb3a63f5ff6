"""What was done to an account, by whom and why, as the log tells it: nothing of a matter and no secret."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.events.accounts import (
    AccountChanged,
    AccountCreated,
    AccountDisabled,
    AccountEnabled,
    AccountReset,
    AccountUnused,
    CalendarLinkSet,
    CodeCompleted,
    EmailConfirmed,
    FactorRemoved,
    FactorReset,
    FactorSetUp,
    PasswordChanged,
    RoleGranted,
    SettingsChosen,
)
from tracker.store.tables.events import EventRow
from tracker.store.tables.units import UnitRow

_UNITS = ("old_unit_id", "new_unit_id")
_TYPES = tuple(
    kind.type
    for kind in (
        *(AccountCreated, RoleGranted, AccountChanged, AccountDisabled, AccountUnused, AccountEnabled, AccountReset),
        *(
            CodeCompleted,
            EmailConfirmed,
            SettingsChosen,
            CalendarLinkSet,
            PasswordChanged,
            FactorSetUp,
            FactorRemoved,
            FactorReset,
        ),
    )
)


@dataclass(frozen=True, slots=True)
class AccountAct:
    """One act on an account; `actor_id` is none of the command line and the system, `facts` are the event's.

    `units` names those of the facts as they are called now, with no word for none.
    """

    type: str
    at: datetime
    actor: str
    actor_id: int | None
    facts: Mapping[str, object]
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """Why it was done; empty where nobody was asked."""
        return str(self.facts.get("reason") or "")


def account_history(session: Session, *, user_id: int) -> list[AccountAct]:
    """Return what was done to an account, the latest first.

    Events are looked for by their types, and by the text of the fact before they are read.
    """
    wanted = (
        select(
            col(EventRow.type),
            col(EventRow.occurred_at),
            col(EventRow.actor),
            col(EventRow.actor_id),
            col(EventRow.payload),
        )
        .where(col(EventRow.type).in_(_TYPES), col(EventRow.payload).contains(f'"user_id": {user_id}'))
        .order_by(col(EventRow.seq).desc())
    )
    acts = (
        AccountAct(row.type, row.occurred_at, row.actor, row.actor_id, json.loads(row.payload))
        for row in session.execute(wanted)
    )
    own = [act for act in acts if act.facts["user_id"] == user_id]
    ids = {act.facts.get(name) for act in own for name in _UNITS} - {None}
    named = select(col(UnitRow.id), col(UnitRow.short_name)).where(col(UnitRow.id).in_(ids))
    names: dict[object, str] = {row.id: row.short_name for row in session.execute(named)}
    return [replace(act, units={name: names.get(act.facts.get(name), "") for name in _UNITS}) for act in own]
