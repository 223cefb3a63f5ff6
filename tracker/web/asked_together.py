"""What a leader instructed at once on several tasks, as the unit that is asked has it: one line, one answer."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.domain.calendar import local_day
from tracker.domain.errors import Rejected
from tracker.domain.inquiries import AnswerWaits, InquiryOver
from tracker.store.queries.inquiry_views import AskedUnit, Inquiry
from tracker.web.access import services
from tracker.wording.inquiries import ASKED_STATES, asked_state_words, standing_words
from tracker.wording.moments import past_answer_words

_WANTED = ("open", "answered")


@dataclass(frozen=True, slots=True)
class AskedLine:
    """What one unit is asked, with the `others` that it was asked with in the same words, in the order of tasks."""

    inquiry: Inquiry
    unit: AskedUnit
    others: tuple["AskedLine", ...] = ()

    @property
    def past(self) -> str:
        return past_words(self.inquiry)


def asked_lines(found: Sequence[Inquiry]) -> tuple[AskedLine, ...]:
    """Put what units are asked into lines: an instruction on several tasks is one, where the first of them stands.

    What waits for the head already does not stand with what is to be answered yet.
    """
    lines: dict[object, list[AskedLine]] = defaultdict(list)
    for one in found:
        for unit in one.units:
            lines[_asked(one, unit)].append(AskedLine(one, unit))
    return tuple(AskedLine(same[0].inquiry, same[0].unit, tuple(same[1:])) for same in lines.values())


def standing_of(inquiry: Inquiry) -> str:
    """Say who has answered and who is silent."""
    return standing_words(
        asked=len(inquiry.counted),
        answered=len(inquiry.answered),
        silent=[unit.unit_name for unit in inquiry.open if unit.answer is None],
    )


def over_of(inquiry: Inquiry, unit: AskedUnit) -> str:
    """Say what became of the question where nobody wants it answered by a unit any more; else nothing."""
    if unit.state in _WANTED:
        return ""
    return asked_state_words(unit.state, instructed=inquiry.instruction_id is not None, cause=unit.cause)


def unit_standing(inquiry: Inquiry, unit: AskedUnit) -> tuple[str, str]:
    """Say whether a unit has answered, and what became of the question where that is something else.

    What was signed after the withdrawal is answered and withdrawn.
    """
    over = over_of(inquiry, unit)
    if unit.answer is not None:
        return ASKED_STATES["answered"], over
    return over or ASKED_STATES[unit.state], ""


def past_words(one: Inquiry) -> str:
    """Say that the day is over on which an answer was wanted, and for how long; empty before."""
    today = local_day(services().clock.now())
    if one.answer_by >= today:
        return ""
    return past_answer_words(services().calendar.workdays_between(one.answer_by, today))


def asked_with(inquiry: Inquiry, found: Sequence[Inquiry]) -> tuple[AskedLine, ...]:
    """Return what else of `found` its only unit was asked with an inquiry and has not answered either."""
    own = inquiry.units[0]
    return tuple(
        AskedLine(one, unit)
        for one in found
        for unit in one.units
        if unit.asked_id != own.asked_id and not unit.waiting and _asked(one, unit) == _asked(inquiry, own)
    )


def refuse_gone(inquiries: Iterable[Inquiry]) -> None:
    """Refuse to answer with others what cannot be answered now, each as its unit is asked it.

    Raises AnswerWaits, InquiryOver; Rejected of what was never asked together.
    """
    for one in inquiries:
        unit = one.units[0]
        if unit.written is not None and unit.waiting:
            sent = unit.written
            raise AnswerWaits(by=sent.written_by, sent_at=sent.written_at, said=sent.text)
        if unit.state == "open":
            raise Rejected()
        raise InquiryOver(asked_states=unit.state, instructed=one.instruction_id is not None)


def _asked(one: Inquiry, unit: AskedUnit) -> object:
    """Return what those share that were asked at once; what no leader instructed stands alone."""
    if one.instruction_id is None:
        return unit.asked_id
    return unit.unit_id, unit.waiting, one.asked_at, one.document_number, one.asked_by, one.words, one.answer_by
