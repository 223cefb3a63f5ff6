"""What a circular tells of reporting: forms that fell due, and what was given back, since the circular before.

What still stands (未报, 未签收, 逾期) is told as it stands. Source: design of truth, §4.
"""

from collections.abc import Iterator
from dataclasses import replace

from tracker.domain.circulars.comparing import Previous
from tracker.domain.circulars.facts import Facts, FormFact, ReturnFact


def with_span(facts: Facts, previous: Previous | None) -> Facts:
    """Let a circular begin where the one before ended; the first one tells everything since the first 交办."""
    if previous is None:
        return facts
    then = previous.facts
    told = frozenset(form.period_id for form in then.forms if form.moment <= then.as_of)
    return replace(facts, since=then.as_of, since_event=then.last_event, told=told)


def falls_due(form: FormFact, facts: Facts) -> bool:
    """Tell whether a form is counted: its moment came by the cut-off, and no circular before counted it by then.

    One that was moved to a moment since is counted with that, too.
    """
    before = facts.since is not None and form.moment <= facts.since and form.period_id in facts.told
    return form.moment <= facts.as_of and not before


def given_back(facts: Facts) -> Iterator[tuple[FormFact, tuple[ReturnFact, ...]]]:
    """Yield each form of which something was given back since the circular before, with these returns."""
    for form in facts.forms:
        if returns := tuple(once for once in form.returns if once.event > facts.since_event):
            yield form, returns
