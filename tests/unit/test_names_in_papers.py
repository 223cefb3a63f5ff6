"""A circular has annexes of its own: those of the document whose marks it tells bear the document's name."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.support.demonstration_months import computed, decisions_of
from tracker.domain.scoring.asked import hands_in
from tracker.domain.scoring.changes import ChangedInput, LastWord
from tracker.domain.scoring.entries import Entry, InputKind
from tracker.domain.scoring.questions import Decision
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Scheme
from tracker.wording.score_changes import input_rows
from tracker.wording.score_paper import in_paper
from tracker.wording.score_rows import changed_rows, decided_rows, marked_rows
from tracker.wording.score_sources import Sources
from tracker.wording.scoring import working_words

# An annex that is neither the document's nor the paper's by its words; 办法附件2、附件3 names both.
_UNNAMED = re.compile(r"(?<!办法)(?<!本通报)(?<!办法附件\d、)附件\d")
_MONTHS = (8, 9, 10)


def _answers(scheme: Scheme) -> tuple[Decision, ...]:
    """Return every answer that may be printed, whichever was decided."""
    [told] = [one for one in decisions_of(scheme) if one.question == "ties"]
    return tuple(
        replace(told, question=one.code, option=option.code) for one in scheme.questions for option in one.options
    )


def _cells(month: int) -> Iterator[str]:
    """Go through all that annexes 2 to 6 of the paper say."""
    scheme, result = computed(month)
    named = in_paper(scheme)
    yield from (cell for row in decided_rows(named, _answers(scheme)) for cell in row)
    yield from (cell for _, cells in marked_rows(named, result) for cell in cells)
    whose = hands_in(Rules(scheme, decisions_of(scheme)))
    sources = Sources(scheme=named, units={}, whose=whose, decisions=decisions_of(scheme), deliveries=())
    yield from (cell for row in sources.rows(result) for cell in row)
    yield from (cell for row in changed_rows(named, computed(8)[1], result) for cell in row)
    entry = Entry(kind=InputKind.CHECK, code="site", object="suiping", value=Decimal(1), reference="甲", items=("2-5",))
    yield from (
        cell for row in input_rows(named, [ChangedInput(None, entry, LastWord("文件", "核实"))]) for cell in row
    )
    for one in result.objects:
        for item in (item for annex in one.annexes for item in annex.items):
            yield from (line for part in item.parts for line in working_words(named, part.working))


@pytest.mark.parametrize("month", _MONTHS)
def test_every_annex_in_the_paper_says_whose_it_is(month: int) -> None:
    cells = [*_cells(month)]
    assert [cell for cell in cells if _UNNAMED.search(cell)] == []
    assert any("办法附件1一（一）项目谋划储备情况" in cell for cell in cells)
    assert any("（按本通报附件2所列决定）" in cell for cell in cells)
    assert any(cell == "办法四（三）" for cell in cells), "a clause without annex is the document's too"
    assert "办法办法" not in "".join(cells)


def test_papers_by_rules_without_such_a_name_say_what_they_said() -> None:
    scheme, _ = computed(9)
    assert scheme.publication is not None
    former = replace(scheme, publication=replace(scheme.publication, own=""))
    assert in_paper(former) is former
