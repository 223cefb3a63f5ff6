"""What keeps a month's result from being published as a ranking."""

from tracker.domain.errors import Rejected


class MonthNotKept(Rejected):
    """A draft of a ranking, or what somebody tried, is not published: only a kept result is; facts: score_month."""

    code = "score_month_not_kept"


class MeetingNotOrdered(Rejected):
    """The rules of a month order no meeting; facts: scheme."""

    code = "score_meeting_not_ordered"


class RankingNotOrdered(Rejected):
    """No sentence of the scheme orders that places are made public; facts: scheme."""

    code = "score_ranking_not_ordered"


class RankingHeldBack(Rejected):
    """The office has yet to decide what a circular says or who issues it; facts: questions (titles)."""

    code = "score_ranking_held_back"


class NotByDecision(Rejected):
    """It was decided that another issues the circular, or nobody has the paper of who was decided; facts: option."""

    code = "score_not_by_decision"


class LetterheadOfOthers(Rejected):
    """The letterhead under the code of who was decided is for evaluations of another body; facts: option, office."""

    code = "score_letterhead_of_others"


class KeptDiffers(Rejected):
    """Computed again the month comes out otherwise than it was kept; facts: score_month, line."""

    code = "score_kept_differs"


class RankingOutAlready(Rejected):
    """The result is published; what is wrong in it is corrected; facts: number."""

    code = "score_ranking_out_already"


class MonthCorrectedSince(Rejected):
    """The draft tells of a result that was corrected since; facts: score_month."""

    code = "score_month_corrected_since"


class CorrectionObjected(Rejected):
    """Objections to the month wait for an answer, so that its correction does not go out; facts: score_month, count."""

    code = "score_correction_objected"


class ObjectedSinceDrafted(Rejected):
    """A correction was objected to, or an answer given, after its paper was drafted, which says nothing of it.

    Whoever approves it would approve what came later unread; facts: score_month, count.
    """

    code = "score_objected_since_drafted"


class CorrectedResultWaits(Rejected):
    """The month has a newer kept result, which a paper of its own publishes; facts: score_month."""

    code = "score_corrected_result_waits"


class CorrectionOpenAlready(Rejected):
    """A correction of the month is not published yet; facts: score_month."""

    code = "score_correction_open_already"


class NoCorrection(Rejected):
    """No correction of the month takes inputs; facts: score_month."""

    code = "score_no_correction"


class NothingCorrected(Rejected):
    """What was handed in since gives the same result; facts: score_month."""

    code = "score_nothing_corrected"


class CorrectedInputs(Rejected):
    """Inputs were handed in for a correction, which is not dropped any more; facts: score_month."""

    code = "score_corrected_inputs"


class NoneTakenBack(Rejected):
    """It was said that nothing of some kinds happened, and is not any more; facts: score_month, names."""

    code = "score_none_taken_back"


class MeetingOfOthers(Rejected):
    """The months that end with one have no meeting: it belongs to that of others; facts: score_month, score_months."""

    code = "score_meeting_of_others"


class MonthsNotPublished(Rejected):
    """A meeting or a year is made of published months only; facts: score_months (2022-09、2022-10)."""

    code = "score_months_not_published"
