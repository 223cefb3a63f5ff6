"""The words of a draft where the organs that issue it change: nobody addresses, orders or names himself."""

from collections.abc import Collection

from sqlmodel import Session

from tracker.domain.circulars.issuers import (
    MadeOf,
    check_names_no_issuer,
    check_says_it_to_others,
    for_others,
    readdressed,
    reworded,
)
from tracker.domain.circulars.paragraphs import paragraphs
from tracker.store.queries.co_issuers import issuing_names
from tracker.store.tables.circulars import CircularRow
from tracker.wording.papers import paper_said


def say_it_to_others(
    session: Session, row: CircularRow, made: MadeOf | None, *, host: str, before: Collection[str]
) -> None:
    """Address and word a draft anew for those who issue it now; `before` are the names of those who did.

    What somebody changed by hand stays. Raises OrdersItsIssuers, NamesItsIssuer.
    """
    if made is None:
        return
    issuers = issuing_names(session, row.id, host=host)
    was, now = for_others(made.content, before), for_others(made.content, issuers)
    told = paragraphs(row.statements)
    check_names_no_issuer(was, issuers, [one.words for one in told])
    check_says_it_to_others(was, now, issuers)
    if was.goes_to or now.goes_to:
        row.addressees = readdressed(row.addressees, was, now)
    told = reworded(told, made.words(was), made.words(now))
    row.statements = [one.kept() for one in told]
    row.said = paper_said(row.type, [now.fill(one.words) for one in told])
