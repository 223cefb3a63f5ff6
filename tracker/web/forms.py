"""Forms at the door: one model a form, read whole, with every fault beside the field that has it.

A field's title is its label for people; its bounds are those of `domain/entered.py`, wherever it stands.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError

from tracker.domain.entered import check_title, clean_words, read_day
from tracker.domain.errors import BadInput, TrackerError
from tracker.domain.filings import ReasonRequired, check_reason
from tracker.web.form_fields import NoSuchChoice, choice_in, read_id, read_time
from tracker.web.parts import sent_fields
from tracker.wording.refusals import sentence

_Form = TypeVar("_Form", bound="Form")
_LONGEST_SECRET = 1000  # more than any password may have, and little enough to be hashed
_Read = Callable[[Any, str], object]  # Any: a text, or all texts of a field that may be chosen several times


class RefusedForm(BadInput):
    """Fields of a form cannot be taken; `errors` has a sentence by the name of each. Facts: words."""

    code = "refused_form"

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(words="".join(dict.fromkeys(errors.values())))
        self.errors = errors


class FieldMissing(BadInput):
    """A field that has to be filled in is empty; facts: field."""

    code = "field_missing"


class Form(BaseModel):
    """What a form holds, by the names of its fields."""

    model_config = ConfigDict(frozen=True)


def read_form(kind: type[_Form], *, of: str = "") -> _Form:
    """Return the form that was sent; `of` begins the names of its fields where a page has it for several things.

    Raises RefusedForm with every fault.
    """
    fields = kind.model_fields
    sent: dict[str, object] = {
        name: sent_fields().getlist(of + name)
        if get_origin(field.annotation) is tuple
        else sent_fields().get(of + name, "")
        for name, field in fields.items()
    }
    labels = {name: field.title or name for name, field in fields.items()}
    try:
        return kind.model_validate(sent, context=labels)
    except ValidationError as refused:
        raise RefusedForm({of + str(error["loc"][0]): _said(error) for error in refused.errors()}) from None


def text_fields(kind: type[Form]) -> dict[str, str]:
    """Return the fields of a form in which people write words, each with its label."""
    return {name: field.title or name for name, field in kind.model_fields.items() if field.annotation is str}


def _said(error: Any) -> str:  # Any: pydantic's own record
    return sentence(error["ctx"]["fault"])


def refused_field(fault: TrackerError) -> PydanticCustomError:
    """Return a refusal as the fault of the field that is being read."""
    return PydanticCustomError("refused", "refused", {"fault": fault})


def read_by(read: _Read) -> BeforeValidator:
    """Read a field by a function of what was sent and its label; what that refuses is a fault of the field."""

    def validate(value: object, info: ValidationInfo) -> object:
        assert isinstance(info.context, dict)
        try:
            return read(value, info.context[info.field_name])
        except BadInput as fault:
            raise refused_field(fault) from None

    return BeforeValidator(validate)


def one_of(choices: type[StrEnum]) -> BeforeValidator:
    """Read one of the choices that the page offers; none is refused."""

    def read(text: str, label: str) -> StrEnum:
        chosen = choice_in(text, choices, field=label)
        if chosen is None:
            raise NoSuchChoice(field=label)
        return chosen

    return read_by(read)


def one_or_none_of(choices: type[StrEnum]) -> BeforeValidator:
    """Read one of the choices that the page offers, None where none was chosen."""
    return read_by(lambda text, label: choice_in(text, choices, field=label))


def _id(text: str, label: str) -> int:
    value = read_id(text)
    if value is None:
        raise NoSuchChoice(field=label)
    return value


def read_ids(texts: Iterable[str], label: str) -> tuple[int, ...]:
    """Read the ids that were chosen of a field. Raises NoSuchChoice."""
    return tuple(_id(text, label) for text in texts)


def _filled(read: Callable[[str, str], object]) -> BeforeValidator:
    def of_given(text: str, label: str) -> object:
        if not text.strip():
            raise FieldMissing(field=label)
        return read(text, label)

    return read_by(of_given)


def _reason(text: str, label: str) -> str:
    """Read why, by whose word or by what; what lacks is called as the page calls it."""
    try:
        return check_reason(text)
    except ReasonRequired:
        raise FieldMissing(field=label) from None


Words = Annotated[str, read_by(lambda text, _label: clean_words(text))]
Title = Annotated[str, read_by(lambda text, _label: check_title(text))]
# A password, which is taken as it was typed.
Secret = Annotated[str, read_by(lambda text, _label: text[:_LONGEST_SECRET])]
Reason = Annotated[str, read_by(_reason)]
Day = Annotated[date, _filled(lambda text, label: read_day(text, field=label))]
OptionalDay = Annotated[date | None, read_by(lambda text, label: read_day(text, field=label) if text.strip() else None)]
Time = Annotated[datetime, _filled(lambda text, label: read_time(text, field=label))]
Id = Annotated[int, read_by(_id)]
OptionalId = Annotated[int | None, read_by(lambda text, label: _id(text, label) if text.strip() else None)]
Texts = Annotated[tuple[str, ...], read_by(lambda texts, _label: tuple(map(clean_words, texts)))]
Ids = Annotated[tuple[int, ...], read_by(read_ids)]
# Of a row that the form was made from: 0, which no row has, where it is unreadable.
Version = Annotated[int, read_by(lambda text, _label: read_id(text) or 0)]
Tick = Annotated[bool, read_by(lambda text, _label: bool(text.strip()))]
