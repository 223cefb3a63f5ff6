"""Why nothing stands under a mark that only what happened makes: it was said that there was nothing, or taken so."""

from collections.abc import Collection, Mapping

from tracker.domain.scoring.entries import What, kind_names, whats_of
from tracker.domain.scoring.scheme import Scheme


def nothing_words(scheme: Scheme, *, said: Mapping[What, str], presumed: Collection[What]) -> dict[str, str]:
    """Say by the code of a mark of what it counts nothing happened in a month.

    `said` names who told so, `presumed` are the kinds that nobody reported and that count as not having happened.
    """
    names = kind_names(scheme)
    told: dict[str, str] = {}
    for _, mark in scheme.marks():
        whats = whats_of(mark)
        none = [f"{names[one]}：本月没有（{said[one]}报）" for one in whats if one in said]
        silent = [f"{names[one]}：没有报，按没有计" for one in whats if one in presumed and one not in said]
        if words := "；".join([*none, *silent]):
            told[mark.code] = words
    return told
