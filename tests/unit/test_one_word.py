"""One thing has one word, one way of writing a day, and is asked for once."""

import re
from pathlib import Path

import pytest

from tracker.web.refused import FIELD_AT_FAULT, PASSWORDS
from tracker.wording.audit_events import Names, outcome_words
from tracker.wording.refusals import ERROR_SENTENCES

_ROOT = Path(__file__).parents[2]
_READ = ("tracker/**/*.py", "templates/**/*.html", "docs/*.md")
# Words that were chosen against, with the chosen one.
_CHOSEN = {"一次性密码": "一次性口令"}
_MOMENT, _DAY = "2022-11-01T01:00:00+00:00", "2022-11-01"


def test_what_was_named_otherwise_is_named_so_no_more() -> None:
    texts = {path: path.read_text() for pattern in _READ for path in _ROOT.glob(pattern)}
    assert texts
    found = [(str(path.relative_to(_ROOT)), word) for path, text in texts.items() for word in _CHOSEN if word in text]
    assert found == []


@pytest.mark.parametrize(
    ("type_", "facts"),
    [
        ("account.reset", {"expires_at": _MOMENT}),
        ("account.code_completed", {"expires_at": _MOMENT}),
        ("account.absence_set", {"first_on": _DAY, "last_on": _DAY, "deputy_id": None, "reason": "出差"}),
        ("login.throttled", {"kind": "account", "until": _MOMENT}),
        ("outage.recorded", {"from_at": _MOMENT, "until_at": _MOMENT, "moved": 0}),
        ("clock.moved", {"to": _MOMENT}),
    ],
)
def test_days_of_the_audit_are_written_as_on_pages(type_: str, facts: dict[str, object]) -> None:
    said = outcome_words(type_, facts, Names())
    assert "2022年11月1日" in said
    assert re.search(r"\d-\d", said) is None


def test_a_form_of_passwords_asks_for_another_entry_once() -> None:
    """Behind each of these the page says that the form, which forgets passwords, is to be filled in again."""
    codes = [code for code, fields in FIELD_AT_FAULT.items() if PASSWORDS & set(fields)]
    assert "passwords_differ" in codes
    assert [code for code in codes if "请重新" in ERROR_SENTENCES[code]] == []
