"""What will be told in the digests of a coming day as things stand: planned as the pass plans them, nothing is kept."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict, cast

from sqlmodel import Session

from tracker.domain.deliveries import Outgoing
from tracker.domain.reminders import digest_at
from tracker.domain.windows import Reckoning
from tracker.steps.digests import plan_digests
from tracker.steps.reminders import Channel


@dataclass(frozen=True, slots=True)
class ComingDigest:
    """One person's digest: its lines by heading, and what they say; `more` are lines that it only counts."""

    unit_name: str
    recipient: str
    subject: str
    reason: str
    headings: Mapping[str, int]
    sentences: tuple[str, ...]
    more: int
    by_mail: bool


class _Line(TypedDict):
    heading: str
    sentence: str


class _Content(TypedDict):
    """What a planned digest says, as `steps/digests` puts it together."""

    lines: list[_Line]
    more: int


def coming_digests(session: Session, *, on: date, by: Reckoning, outgoing: Outgoing) -> tuple[ComingDigest, ...]:
    """Return the digests of a day that is still to come; what will be filed or opened until then is not known yet."""
    planned = plan_digests(session, now=digest_at(on, policy=by.policy), by=by, outgoing=outgoing)
    mailed = {row.recipient_id for row in planned.rows if row.channel == Channel.MAIL.value}
    found = []
    for row in planned.rows:
        if row.channel != Channel.IN_APP.value:
            continue
        content = cast(_Content, row.content)
        found.append(
            ComingDigest(
                unit_name=row.recipient.partition(" ")[0],
                recipient=row.recipient,
                subject=row.subject,
                reason=row.reason,
                headings=Counter(line["heading"] for line in content["lines"]),
                sentences=tuple(line["sentence"] for line in content["lines"]),
                more=content["more"],
                by_mail=row.recipient_id in mailed,
            )
        )
    return tuple(found)
