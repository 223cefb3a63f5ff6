"""What is asked of a paper at each step on its way out: sent for approval, approved, issued."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from tracker.domain.circulars.content import Content
from tracker.domain.circulars.differences import Difference
from tracker.domain.circulars.editions import NothingCorrected
from tracker.steps.blame_that_holds import check_blame_holds, check_praise_holds
from tracker.steps.editions import check_days
from tracker.steps.naming_by_hand import check_named_by_hand
from tracker.steps.naming_units import check_namings
from tracker.steps.publishing_months import check_answered
from tracker.store.queries.overtaken_blame import FactsNow
from tracker.store.queries.paper_words import check_addresses_its_unit, check_words
from tracker.store.queries.typed_judgements import Judgements
from tracker.store.tables.circulars import CircularRow


def check_goes_out(
    session: Session,
    row: CircularRow,
    content: Content | None,
    facts_now: FactsNow | None,
    *,
    at: datetime,
    typed: Judgements | None = None,
    corrects: Sequence[Difference] | None = None,
) -> None:
    """Refuse a correction that corrects nothing, and a paper whose days have passed or that may not name whom it names.

    So is one whose words no longer hold what its type promises (`check_words`), or that goes to one unit and names
    another. It may not name a unit that was not heard, in typed words, or for what holds no more. The corrected result
    of an evaluation does not go out while an objection waits for its answer.

    `facts_now` and `typed` are what was read for it before, `corrects` in what a correction differs. Raises what
    `check_words` raises, NothingCorrected, CorrectionObjected, ObjectedSinceDrafted, OthersAddressed, OrderedDayPast,
    NamedByHand, NamingNotServed, NamingTooEarly, NamingObjected, Stale, BlameOvertaken, PraiseOvertaken, the last two
    at the transaction's end too.
    """
    if row.replaces_id is not None and not corrects:
        raise NothingCorrected()
    check_answered(session, row)
    check_words(row, content)
    check_addresses_its_unit(session, row, content)
    check_days(row, content, at=at)
    check_named_by_hand(session, row, content, at=at, known=typed)
    check_namings(session, row, content, at=at)
    check_blame_holds(session, row, content, facts_now)
    check_praise_holds(session, row, content, at=at)
