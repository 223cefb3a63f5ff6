"""Whatever an audit can find is said as a line of the command and of the page, in words of people."""

import re
from collections.abc import Iterator

import pytest
from sqlmodel import SQLModel

from tests.support.uncompared import reason_for
from tracker.domain.audit import Finding, FindingKind
from tracker.store.history.row_facts import SAYS
from tracker.store.row_digests import DIGESTED
from tracker.wording.audit import _WORDS, finding_words, place_words

# What an item demands is named with the item.
_NAMED_AS = dict.fromkeys(("item_target", "item_evidence", "item_cadence"), "item")
_FACTS = {"table": "task", "row_id": 4, "field": "state", "stored": "x", "told": "y"}
_OTHERS = {
    "seq": 7,
    "line": 3,
    "sha256": "f" * 64,
    "files": (("市商务局", "evidence", 5),),
    "key": "ab",
    "error": "KeyError",
    "trigger": "t",
    "number": "1号",
    "score_month": "2022-09",
}
# Names that are none of people: of errors, keys, triggers and digests.
_AS_IT_IS = re.compile(r"KeyError|\bab\b|\b[txy]\b|f{64}|flask")


def _places() -> Iterator[tuple[str, str]]:
    """Yield each table with each column, or columns together, that a finding may name."""
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if not reason_for(table.name, column.name):
                yield _NAMED_AS.get(table.name, table.name), column.name
    for name, columns in DIGESTED.items():
        yield from ((name, column) for column in columns if column != "id")
    for says in (says for all_of in SAYS.values() for says in all_of):
        yield from ((says.table, columns) for columns in says.columns)
    yield from (("report", "text"), ("report", "answers_id"), ("item", "demands"), ("draft", "hands"))
    yield from (("reminder", "content"), ("person", "must_change"), ("target_point", "value"), ("task", "due_on"))


def _said(finding: Finding) -> None:
    for words in (finding_words(finding), place_words(finding)):
        assert not re.search(r"[a-z_]{2,}", _AS_IT_IS.sub("", words)), words


@pytest.mark.parametrize("kind", FindingKind)
def test_a_finding_of_each_kind_is_said(kind: FindingKind) -> None:
    named = set(re.findall(r"{(\w+)}", _WORDS[kind]))
    facts = {name: value for name, value in {**_FACTS, **_OTHERS, "circular_id": 2}.items() if name in named}
    assert facts.keys() == named
    _said(Finding(kind, facts))


def test_each_table_and_column_that_can_disagree_is_said() -> None:
    for table, field in sorted(set(_places())):
        for kind in (FindingKind.ROW_DIFFERS, FindingKind.ROW_GONE, FindingKind.ROW_UNTOLD):
            _said(Finding(kind, {**_FACTS, "table": table, "field": field}))
