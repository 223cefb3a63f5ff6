"""An edition that is to be kept: what it is made of, and its words as the template gave them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.kinds import CircularType

Statement = tuple[int, str]


@dataclass(frozen=True, slots=True)
class NewEdition:
    """What an edition is made of, and its words as the template gave them.

    `statements` are paragraphs as an edition keeps them (`Paragraph.kept`). `replaces_id` is the paper in whose place
    it comes where it is made of a corrected result, `because` says why. `redrafts_id` is the draft that was given up
    for it, `left_behind` what somebody had written there and it does not say.
    """

    type: CircularType
    office: str
    scope: Scope
    as_of: datetime
    last_event: int
    facts_sha256: str
    template_version: str
    rule_version: str
    series: str
    title: str
    addressees: str
    copies: str
    note: str
    statements: Sequence[Sequence[object]]
    urgency: str = ""
    said: str | None = None
    previous_id: int | None = None
    layout_id: int | None = None
    replaces_id: int | None = None
    because: str | None = None
    redrafts_id: int | None = None
    left_behind: Sequence[str] = ()
