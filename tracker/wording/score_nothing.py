"""Why nothing stands under a mark that only what happened makes: it was said that there was nothing, or taken so."""

from collections.abc import Collection, Iterator, Mapping

from tracker.domain.scoring.cases import counts_in
from tracker.domain.scoring.entries import What, kind_names, whats_of
from tracker.domain.scoring.inputs import Check, Inputs, Month, Occurrence
from tracker.domain.scoring.marks import CasesMark, Mark
from tracker.domain.scoring.rules import Rules


def nothing_words(
    rules: Rules, inputs: Inputs, *, said: Mapping[What, str], presumed: Collection[What]
) -> dict[str, str]:
    """Say by the code of a mark of what it counts in a month nothing happened to a body that has nothing under it.

    `said` names who told so, `presumed` are the kinds that nobody reported and that count as not having happened. What
    was handed in for others is in `inputs`.
    """
    names = kind_names(rules.scheme)
    things: tuple[Occurrence | Check, ...] = (*inputs.occurrences, *inputs.checks)
    found: dict[str, str] = {}
    for item, mark in rules.scheme.marks():
        whats = [*_counted(rules, mark, inputs.month)]
        told = {one.kind for one in things if item.code in one.items}
        none = [f"{names[one]}：本月没有（{said[one]}报）" for one in whats if one in said]
        silent = [f"{names[one]}：没有报，按没有计" for one in whats if one in presumed and one not in said]
        others = [f"{names[one]}：所报的没有该考评对象的" for one in whats if one[1] in told]
        if words := "；".join([*none, *silent, *others]):
            found[mark.code] = words
    return found


def _counted(rules: Rules, mark: Mark, month: Month) -> Iterator[What]:
    """Go through the kinds that a mark counts in a month."""
    cases = mark.cases if isinstance(mark, CasesMark) else ()
    left = {one.kind for one in cases if isinstance(mark, CasesMark) and not counts_in(rules, mark, one, month)}
    yield from (what for what in whats_of(mark) if what[1] not in left)
