"""What the office says with an act on a task: why, and what it sets."""

from typing import Annotated

from pydantic import Field

from tracker.domain.items import CadenceKind
from tracker.web.forms import Day, Form, Id, OptionalDay, OptionalId, Reason, Tick, Words, one_of


class ActForm(Form):
    """Why something is done."""

    reason: Reason = Field(title="理由及依据")


class GoingOnForm(ActForm):
    """A task goes on, with another deadline where one is given."""

    new_on: OptionalDay = Field(title="新时限")


class ReopenForm(GoingOnForm):
    """Work is taken up again; `falsified` where the completion that was accepted was found untrue."""

    falsified: Tick = Field(title="经查实弄虚作假")


class DeadlineForm(ActForm):
    new_on: Day = Field(title="新时限")


class IntervalForm(ActForm):
    interval: Annotated[CadenceKind, one_of(CadenceKind)] = Field(title="报送间隔")


class ShareForm(ActForm):
    unit_id: Id = Field(title="单位")
    part: Words = Field(title="承办方式")


class EndedShareForm(ActForm):
    """A share is handed to a unit, or ends where none is named."""

    unit_id: OptionalId = Field(title="单位")
