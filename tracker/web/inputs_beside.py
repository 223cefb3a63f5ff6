"""What was handed in for an evaluated month, brought into a form of that month and document 「沿用」."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import g

from tracker.domain.errors import NotFound
from tracker.domain.items import CadenceKind
from tracker.domain.projects.records import last_day, month_of
from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.reported import Reported, reported
from tracker.gateways.schemes import read_scheme
from tracker.store.queries.form_views import FormView, RowOfForm
from tracker.store.queries.month_beside_form import MonthBeside, month_beside
from tracker.store.queries.projects import unit_code
from tracker.web.access import services
from tracker.web.row_fields import key_of
from tracker.wording.score_reported import reported_words


@dataclass(frozen=True, slots=True)
class _Offer:
    """What a month has for a row, in words as they go into it."""

    found: tuple[Reported, ...]
    words: str


def words_by_share(view: FormView) -> dict[int, str]:
    """Return by share what a month has for the rows of a form that may be written."""
    return {share: one.words for share, one in _offers(view).items()}


def with_inputs(view: FormView, given: Mapping[str, str], assignment_id: int | None) -> dict[str, str]:
    """Fill what is blank on a row with what the month has of its item, where a share is named.

    The number of a target is filled where the month has one number of the unit's own in the target's unit, as of the
    last day of the month. How the work goes is left to be said. Raises NotFound.
    """
    if assignment_id is None:
        return dict(given)
    row = next((one for one in view.rows if one.assignment_id == assignment_id), None)
    offer = _offers(view).get(assignment_id)
    if row is None or offer is None:
        raise NotFound()
    key, filled = key_of(row), dict(given)
    told = {f"{key}fact": offer.words, **_numbers(row, offer.found, on=last_day(month_of(view.head.ends_on)))}
    return filled | {name: text for name, text in told.items() if not filled.get(name, "").strip()}


def _numbers(row: RowOfForm, found: tuple[Reported, ...], *, on: date) -> dict[str, str]:
    targets = [one for one in row.targets if len(found) == 1 and one.unit == found[0].figure.unit]
    if len(targets) != 1 or found[0].objects or found[0].value is None:
        return {}
    key, target = key_of(row), targets[0].target_id
    return {f"{key}v{target}": number_text(found[0].value), f"{key}on{target}": on.isoformat()}


def _offers(view: FormView) -> dict[int, _Offer]:
    head = view.head
    rows = [one for one in view.rows if one.writable]
    if not rows or head.kind != CadenceKind.MONTHLY.value:
        return {}
    month = str(month_of(head.ends_on))
    beside, code = _beside(head.document_number, month), _code(head.unit_id)
    if beside is None:
        return {}
    scheme, offers = read_scheme(beside.content), dict[int, _Offer]()
    for row in rows:
        found = reported(scheme, beside.entries, label=row.label, unit=code, state=beside.state)
        if found:
            offers[row.assignment_id] = _Offer(found, reported_words(found, month=month))
    return offers


def _beside(document: str, month: str) -> MonthBeside | None:
    """Return the month beside a form, looked up once for each on a page of many forms."""
    known: dict[tuple[str, str], MonthBeside | None] = g.setdefault("months_beside_forms", {})
    if (document, month) not in known:
        with services().database.reading() as session:
            known[document, month] = month_beside(session, document=document, month=month)
    return known[document, month]


def _code(unit_id: int) -> str:
    with services().database.reading() as session:
        return unit_code(session, unit_id) or ""
