"""From a document to the months that are evaluated by it, as far as the viewer may read each."""

from dataclasses import dataclass

from flask import url_for
from sqlmodel import Session

from tracker.domain.scoring.months import MonthState
from tracker.domain.scoring.scheme import Scheme
from tracker.store.queries.scoring_parties import Party
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.web.scoring_views import evaluations_by, oversees, shown_objects
from tracker.wording.scoring_months import MONTH_STATES, month_words


@dataclass(frozen=True, slots=True)
class MonthOfDocument:
    """A month with its state; `own` are the viewer's own bodies and where their marks stand.

    `month` and `ranking` are addresses, empty where they are none of the viewer's business.
    """

    name: str
    state: str
    month: str
    ranking: str
    own: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MonthsOfDocument:
    """The months of a document; `is_published` where the results of one are public."""

    months: tuple[MonthOfDocument, ...]
    is_published: bool


def months_of_document(session: Session, document: str) -> MonthsOfDocument | None:
    """Return the months that are evaluated by a document, the last first; None where none is.

    Whoever has no part in the evaluation is led to what is published, and learns of no other month.
    """
    found = list(evaluations_by(session, document))
    is_published = any(MonthState(row.state) is MonthState.ISSUED for row, _scheme, _party in found)
    months = tuple(_month(*one) for one in found if one[2] or oversees())
    return MonthsOfDocument(months, is_published) if months or is_published else None


def _month(row: ScoreMonthRow, scheme: Scheme, party: Party) -> MonthOfDocument:
    shown = shown_objects(scheme, party, MonthState(row.state))
    own = [(place, one.name) for place, one in shown if one.unit in party.objects]
    return MonthOfDocument(
        month_words(row.month),
        MONTH_STATES[row.state],
        url_for("scoring.show", month_id=row.id),
        url_for("scoring_results.ranking", month_id=row.id) if shown else "",
        tuple((name, url_for("scoring_results.show_object", month_id=row.id, place=place)) for place, name in own),
    )
