"""What was done to an account, by whom and why, as the log tells it: nothing of a matter and no secret."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import label, or_, select
from sqlmodel import Session, col

from tracker.domain.events.absences import AbsenceEnded, AbsenceSet, WorkHandedOver
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
from tracker.store.tables.units import UnitRow, UserRow

_UNITS = ("old_unit_id", "new_unit_id")
_PEOPLE = ("user_id", "to_id", "deputy_id")
# Whose account an act stands with: leave with its deputy too, but not why somebody is away.
_WHOSE = ("user_id", "to_id", "deputy_id")
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
        *(AbsenceSet, AbsenceEnded, WorkHandedOver),
    )
)


@dataclass(frozen=True, slots=True)
class AccountAct:
    """One act on an account; `actor_id` is none of the command line and the system, `facts` are the event's.

    `names` are those of the units and people of the facts as they are called now, with no word for none.
    """

    type: str
    at: datetime
    actor: str
    actor_id: int | None
    facts: Mapping[str, object]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """Why it was done; empty where nobody was asked."""
        return str(self.facts.get("reason") or "")


def account_history(session: Session, *, user_id: int) -> list[AccountAct]:
    """Return what was done to an account, the latest first.

    Work that was handed over stands with who has it now too, leave with the deputy.

    Events are looked for by their types, and by the text of the fact before they are read.
    """
    payload = col(EventRow.payload)
    wanted = (
        select(
            col(EventRow.type),
            col(EventRow.occurred_at),
            col(EventRow.actor),
            col(EventRow.actor_id),
            payload,
        )
        .where(col(EventRow.type).in_(_TYPES), or_(*(payload.contains(f'"{fact}": {user_id}') for fact in _WHOSE)))
        .order_by(col(EventRow.seq).desc())
    )
    acts = (
        AccountAct(row.type, row.occurred_at, row.actor, row.actor_id, _facts(json.loads(row.payload), user_id=user_id))
        for row in session.execute(wanted)
    )
    return _named(session, [act for act in acts if user_id in {act.facts.get(fact) for fact in _WHOSE}])


def _facts(told: dict[str, object], *, user_id: int) -> Mapping[str, object]:
    return {**told, "reason": ""} if told.get("deputy_id") == user_id else told


def _named(session: Session, acts: Sequence[AccountAct]) -> list[AccountAct]:
    """Return acts with the names of the units and people of which they tell."""
    units, people = ({act.facts.get(fact) for act in acts for fact in facts} - {None} for facts in (_UNITS, _PEOPLE))
    called = select(col(UnitRow.id), label("name", col(UnitRow.short_name))).where(col(UnitRow.id).in_(units))
    bear = select(col(UserRow.id), col(UserRow.name)).where(col(UserRow.id).in_(people))
    of_units, of_people = ({row.id: row.name for row in session.execute(wanted)} for wanted in (called, bear))
    kinds = [(fact, of_units) for fact in _UNITS] + [(fact, of_people) for fact in _PEOPLE]
    return [replace(act, names={fact: names.get(act.facts.get(fact), "") for fact, names in kinds}) for act in acts]
