"""What is filled in about accounts."""

from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo

from tracker.domain.accounts import OF_A_UNIT, Role, check_email, check_login
from tracker.domain.entered import clean_words
from tracker.domain.errors import BadInput
from tracker.usecases.accounts import UnitNeeded
from tracker.web.forms import FieldMissing, Form, OptionalId, Reason, Tick, one_of, read_by, refused_field

_LONGEST_NAME = 40


class NameTooLong(BadInput):
    """A person's name is longer than any; facts: most, length."""

    code = "name_too_long"


def _name(text: str, label: str) -> str:
    if not (name := clean_words(text)):
        raise FieldMissing(field=label)
    if len(name) > _LONGEST_NAME:
        raise NameTooLong(most=_LONGEST_NAME, length=len(name))
    return name


def _unit_of_role(unit_id: int | None, info: ValidationInfo) -> int | None:
    if unit_id is None and info.data.get("asked_role") in OF_A_UNIT:
        raise refused_field(UnitNeeded())
    return unit_id


_Name = Annotated[str, read_by(_name)]
_Login = Annotated[str, read_by(lambda text, _label: check_login(clean_words(text)))]
_Email = Annotated[str | None, read_by(lambda text, _label: check_email(clean_words(text)))]


class NewAccountForm(Form):
    """What is needed of a unit follows from the role, so that is read first: every fault is said at once."""

    login: _Login = Field(title="账号")
    name: _Name = Field(title="姓名")
    asked_role: Annotated[Role, one_of(Role)] = Field(title="申请的角色")
    unit_id: Annotated[OptionalId, AfterValidator(_unit_of_role)] = Field(title="所属单位")
    email: _Email = Field(title="电子邮箱")


class AccountForm(Form):
    name: _Name = Field(title="姓名")
    unit_id: OptionalId = Field(title="所属单位")
    email: _Email = Field(title="电子邮箱")
    anyway: Tick = Field(title="不移交，仍变更所属单位")


class WhyForm(Form):
    reason: Reason = Field(title="理由")


class DisableForm(WhyForm):
    anyway: Tick = Field(title="不移交，仍停用")
