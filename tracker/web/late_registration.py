"""The choice of the first period where a document is issued late; the page that issues it includes the form field."""

from datetime import date

from flask import Blueprint
from pydantic import Field

from tracker.domain.cadences import label
from tracker.domain.calendar import local_day
from tracker.domain.items import CadenceKind
from tracker.domain.late_registration import chosen_starts
from tracker.web.access import services
from tracker.web.form_fields import NoSuchChoice
from tracker.web.forms import Form, OptionalDay, read_form
from tracker.wording.periods import period_label

pages = Blueprint("late_registration", __name__)


class FirstPeriodForm(Form):
    from_on: OptionalDay = Field(title="起报期次")


@pages.app_context_processor
def _offer() -> dict[str, object]:
    return {"late_starts": late_starts}


def late_starts(began_on: date | None) -> list[tuple[str, str]]:
    """Return the first days and names of the quarters to choose from; none where the document is in time."""
    if began_on is None:
        return []
    spans = chosen_starts(began_on, today=local_day(services().clock.now()))
    return [(span.starts_on.isoformat(), period_label(label(CadenceKind.QUARTERLY, span.starts_on))) for span in spans]


def chosen_from_on(began_on: date | None) -> date | None:
    """Return the day from which the form wants reports, None for the rule. Raises RefusedForm, NoSuchChoice."""
    day = read_form(FirstPeriodForm).from_on
    if day is not None and day.isoformat() not in {start for start, _name in late_starts(began_on)}:
        raise NoSuchChoice(field="起报期次")
    return day
