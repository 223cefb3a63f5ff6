"""What units were urged to by a 催办单, left unanswered, and owe still: a ground of criticism by name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracker.domain.calendar import full_date, local_day
from tracker.domain.circulars.content import Source
from tracker.domain.circulars.facts import Facts, OverdueFact
from tracker.domain.circulars.led import Answered, NamedBefore, Unanswered
from tracker.domain.circulars.listing import clauses
from tracker.domain.circulars.sources import of_overdue


@dataclass(frozen=True, slots=True)
class UrgedInVain:
    """Of one unit the 催办单 whose day passed without an answer, and what of their reports it owes still."""

    urges: tuple[Unanswered, ...]
    lines: tuple[OverdueFact, ...]

    @property
    def unit_order(self) -> int:
        return self.lines[0].unit_order

    @property
    def words(self) -> str:
        """What is said of the unit after its name."""
        told = "、".join(map(_said, self.urges))
        return f"对{told}未予答复，所催反馈仍有{len(self.lines)}份未报或者未补正（{clauses(self.lines)}）"

    @property
    def sources(self) -> tuple[Source, ...]:
        of_urges = [Source("", one.unit, one.number, one.answer_on, "催办未答复", one.events) for one in self.urges]
        return (*of_urges, *map(of_overdue, self.lines))


def urged_in_vain(facts: Facts) -> dict[str, UrgedInVain]:
    """Return by unit what it was urged to in vain, but for what a paper that stands named it for."""
    found, leads, today = {}, facts.leads, local_day(facts.as_of)
    for unit in dict.fromkeys(one.unit for one in leads.unanswered):
        own = [line for line in (_in_its_hands(one, facts) for one in facts.blamed) if line and line.unit == unit]
        late = [one for one in leads.unanswered if one.unit == unit and one.answer_on < today]
        late = [one for one in late if not _was_named(one, leads.named)]
        urges = [one for one in late if any(_is_in_vain(line, one, leads.answered) for line in own)]
        if urges:
            lines = [line for line in own if any(_is_in_vain(line, one, leads.answered) for one in urges)]
            found[unit] = UrgedInVain(tuple(urges), tuple(lines))
    return found


def left_unanswered(facts: Facts) -> frozenset[str]:
    """Return who let the day of a 催办单 pass and answered no later one about as much."""
    today, answered = local_day(facts.as_of), facts.leads.answered
    return frozenset(
        urge.unit
        for urge in facts.leads.unanswered
        if urge.answer_on < today and not any(one.document in (None, urge.document) for one in _later(urge, answered))
    )


def _later(urge: Unanswered, answered: Sequence[Answered]) -> list[Answered]:
    return [one for one in answered if one.unit == urge.unit and one.as_of > urge.as_of]


def _is_in_vain(line: OverdueFact, urge: Unanswered, answered: Sequence[Answered]) -> bool:
    """Tell whether what is overdue now was so when it was urged, and no later 催办单 about it was answered."""
    return _is_urged(line, urge) and not any(_is_urged(line, one) for one in _later(urge, answered))


def _is_urged(line: OverdueFact, urge: Unanswered | Answered) -> bool:
    return line.since <= urge.as_of and urge.document in (None, line.document)


def _in_its_hands(line: OverdueFact, facts: Facts) -> OverdueFact | None:
    """Return what is overdue without the items of which something lies with others; None where that is all of it.

    A row about no item of its own, the tick for all others, lies with nobody else.
    """
    waiting = {task_id for unit, task_id in facts.leads.waiting if unit == line.unit}
    waits = {task.item_code for task in facts.tasks if task.task_id in waiting}
    left = [replace(span, rows=tuple(row for row in span.rows if row.item_code not in waits)) for span in line.spans]
    spans = tuple(now for now, was in zip(left, line.spans, strict=True) if now.rows or not was.rows)
    return replace(line, spans=spans) if spans else None


def _was_named(urge: Unanswered, named: Sequence[NamedBefore]) -> bool:
    return any(one.unit == urge.unit and _which(urge) in one.words for one in named)


def _which(urge: Unanswered) -> str:
    """What of its words a later paper knows a 催办单 by; a unit may sign between the two.

    It ends with the day, as papers that were issued before days were called inclusive went on otherwise.
    """
    return f"{urge.number}（要求于{full_date(urge.answer_on)}"


def _said(urge: Unanswered) -> str:
    """Say when it was signed for: whoever never opened it left more undone, and its head is to know which it was."""
    signed = f"{full_date(urge.signed_on)}签收" if urge.signed_on is not None else "尚未签收"
    return f"{_which(urge)}（含）前答复，{signed}）"
