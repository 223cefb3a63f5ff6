"""Whoever's duty an event changes hears of it, or there is a reason why nobody does."""

from tests.support.event_types import event_types
from tracker.domain.events.decoding import FORMER_TYPES
from tracker.subscriptions import SUBSCRIPTIONS, TELLS_NOBODY
from tracker.wording.notices import notice_reason, notice_subject, reminder_name

_TOLD = {event.type for event, reactions in SUBSCRIPTIONS.items() if "notice" in reactions}


def test_every_event_is_told_or_says_why_it_is_told_to_nobody() -> None:
    assert (event_types() | FORMER_TYPES) - _TOLD - set(TELLS_NOBODY) == set()
    assert _TOLD & set(TELLS_NOBODY) == set()
    assert all(TELLS_NOBODY.values())


def test_the_tables_of_who_is_told_know_events_only() -> None:
    assert ({event.type for event in SUBSCRIPTIONS} | set(TELLS_NOBODY)) - event_types() - FORMER_TYPES == set()


def test_every_event_that_is_told_has_words_for_its_message() -> None:
    for event in _TOLD:
        assert notice_subject(event, item="事项").startswith(reminder_name(event))
        assert notice_reason(event)
