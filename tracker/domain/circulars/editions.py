"""Editions of a circular: the states that one goes through, and what is refused on the way."""

from collections.abc import Mapping
from enum import StrEnum

from tracker.domain.errors import Rejected


class EditionState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ISSUED = "issued"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


UNDER_WAY = frozenset(one.value for one in (EditionState.DRAFT, EditionState.SUBMITTED, EditionState.APPROVED))
# What went out stays readable for those whom it went to, also once it is corrected or withdrawn.
PUBLISHED = frozenset({EditionState.ISSUED, EditionState.CORRECTED, EditionState.WITHDRAWN})


class EditionAction(StrEnum):
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    ISSUE = "issue"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    DISCARD = "discard"
    REDRAFT = "redraft"


class TextAct(StrEnum):
    """What changes the words of a draft, or who issues it, and leaves its state."""

    EDIT = "edit"
    INCLUDE_NAMING = "include_naming"
    LEAVE_OUT_NAMING = "leave_out_naming"
    JOIN = "join"
    PART = "part"


_S, _A = EditionState, EditionAction
EDITION_TRANSITIONS: Mapping[tuple[EditionState, EditionAction], EditionState] = {
    (_S.DRAFT, _A.SUBMIT): _S.SUBMITTED,
    (_S.DRAFT, _A.DISCARD): _S.DISCARDED,
    (_S.DRAFT, _A.REDRAFT): _S.DISCARDED,
    (_S.SUBMITTED, _A.REDRAFT): _S.DISCARDED,
    (_S.APPROVED, _A.REDRAFT): _S.DISCARDED,
    (_S.SUBMITTED, _A.SEND_BACK): _S.DRAFT,
    (_S.SUBMITTED, _A.APPROVE): _S.APPROVED,
    (_S.APPROVED, _A.SEND_BACK): _S.DRAFT,
    (_S.APPROVED, _A.ISSUE): _S.ISSUED,
    (_S.ISSUED, _A.CORRECT): _S.CORRECTED,
    (_S.ISSUED, _A.WITHDRAW): _S.WITHDRAWN,
}


class EditionRefused(Rejected):
    """The act is not allowed in this state; facts: state, action."""

    code = "edition_refused"


class CircularDraftedAlready(Rejected):
    """The same was drafted by the same person, and nobody has worked on it: it was sent twice."""

    code = "circular_drafted_already"


class LeaderNeeded(Rejected):
    """Praise and criticism by name are approved, and withdrawn, by the leader."""

    code = "leader_needed"


class OtherPersonNeeded(Rejected):
    """Whoever drafted a circular may neither approve nor withdraw it."""

    code = "other_person_needed"


class CorrectionUnderWay(Rejected):
    """Somebody has drafted a correction of this circular already."""

    code = "correction_under_way"


class CorrectionAwaits(Rejected):
    """A correction of the circular that is to be withdrawn is being prepared: that has to be given up first."""

    code = "correction_awaits"


class NothingCorrected(Rejected):
    """A correction says the same as the circular that it corrects."""

    code = "nothing_corrected"


class TemplateUnusable(Rejected):
    """A paper cannot be put into the office's own template that was chosen for it; facts: name, faults."""

    code = "template_unusable"


class NotDrawnYet(Rejected):
    """The circular has its number, its file is being drawn."""

    code = "not_drawn_yet"


class ExcusedSince(Rejected):
    """An outage that was recorded after the facts were computed excuses what the paper counts; facts: moments."""

    code = "excused_since"


class SpanToldOtherwise(Rejected):
    """Since a paper was drafted another of its kind and scope went out, or the one before it does not stand any more.

    The time it tells of would be told twice, or a part of it never, or compared with a paper that is void.
    """

    code = "span_told_otherwise"


class SpanToldSince(SpanToldOtherwise):
    """Another of its kind and scope went out; facts: number."""

    code = "span_told_since"


class PreviousCorrected(SpanToldOtherwise):
    """The one before it was corrected; facts: previous, number."""

    code = "previous_corrected"


class PreviousWithdrawn(SpanToldOtherwise):
    """The one before it was withdrawn; facts: previous."""

    code = "previous_withdrawn"


class NoRedraft(Rejected):
    """A correction keeps the cut-off of what it corrects, and an old draft what nobody kept: neither is made anew."""

    code = "no_redraft"


class NamesOutdated(Rejected):
    """The paper calls units by names that they bear no more since it was drafted; facts: names."""

    code = "names_outdated"


def advance_edition(state: EditionState, action: EditionAction) -> EditionState:
    """Return the next state. Raises EditionRefused."""
    try:
        return EDITION_TRANSITIONS[state, action]
    except KeyError:
        raise EditionRefused(state=state.value, action=action.value) from None
