"""What is compared with the log in a way of its own: what several rows say together, texts, what follows from facts."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from sqlalchemy import Table, select
from sqlmodel import Session, SQLModel, col

from tracker.domain.events.tasks import DeadlineChanged
from tracker.domain.filings import ReportState
from tracker.domain.lifecycle import ASSIGNMENT_ENDED
from tracker.store.history.disagreement import Disagreement, compared, digests_differ, pages
from tracker.store.history.log import NO_FACTS, readable
from tracker.store.history.state import State
from tracker.store.history.told import day_told
from tracker.store.reminder_digests import MESSAGE_EVENTS, SEALED_FACTS, Sealed, message_digests
from tracker.store.report_words import WORDS, digest_of_words
from tracker.store.stored_rows import UNREADABLE, Stored, stored_rows
from tracker.store.tables.events import ReminderRow
from tracker.store.tables.second_factors import SecondFactorRow
from tracker.store.tables.units import UserRow

_HAS_FACTOR = {"account.factor_set_up": True, "account.factor_removed": False, "account.factor_reset": False}
_HAD_A_HAND = ("draft.uploaded", "draft.corrected")


def deadlines(session: Session, state: State) -> Iterator[Disagreement]:
    """Compare deadlines with what the log tells; one that nobody moved is its item's, which is sealed.

    So is that of a task that no unit got yet, unless an answer set it before.
    """
    moved = _moved_deadlines(session) | {id_: task.due_on for id_, task in state.tasks.items() if task.deadline_moved}
    tasks, items = _table("task"), _table("item")
    for page in pages(row["id"] for row in stored_rows(session, tasks, ())):
        rows = stored_rows(session, tasks, ("item_id", "due_on"), tasks.c.id.in_(page))
        of_tasks = {id_ for row in rows if isinstance(id_ := row["item_id"], int)}
        found = stored_rows(session, items, ("deadline_on",), items.c.id.in_(of_tasks))
        printed = {row["id"]: row["deadline_on"] for row in found}
        for row in rows:
            if row["item_id"] is UNREADABLE:
                yield Disagreement("task", row["id"], "item_id", UNREADABLE, "told")
                continue
            told = moved[row["id"]] if row["id"] in moved else printed.get(row["item_id"])
            if row["due_on"] != told and told is not UNREADABLE:  # the item is named by itself
                yield Disagreement("task", row["id"], "due_on", row["due_on"], told)


def _moved_deadlines(session: Session) -> dict[int, date | None]:
    """Return the last deadline that was set of each task, also before a unit got it."""
    found: dict[int, date | None] = {}
    for event in readable(session, (DeadlineChanged.type,)):
        with suppress(*NO_FACTS):
            found[event.task_id or 0] = day_told(event.facts["new_on"])
    return found


def words(session: Session, state: State) -> Iterator[Disagreement]:
    """Hold the words of reports against the digests that events keep of them."""
    told = {id_: report.words for id_, report in state.reports.items() if report.words is not None}
    for page in pages(told):
        for held in stored_rows(session, _table("report"), WORDS, _table("report").c.id.in_(page)):
            said = {name: held[name] for name in WORDS}
            yield from digests_differ("report", held["id"], "text", said, told[held["id"]], digest=digest_of_words)


def answers(session: Session, state: State) -> Iterator[Disagreement]:
    """Compare which reports answered what was asked; one that left too late for it is a reply and no answer."""
    told = {asked.report_id: id_ for id_, asked in state.asked.items() if asked.report_id is not None}
    yield from compared(session, _table("report"), told, lambda id_: {"answers_id": told[id_]}, ("answers_id",))


def endings(session: Session, state: State) -> Iterator[Disagreement]:
    """Compare when shares ended; when one did that had before events told it, nobody can say."""
    told = {id_ for id_, share in state.shares.items() if share.ended_at or share.state not in ASSIGNMENT_ENDED}
    yield from compared(
        session, _table("assignment"), told, lambda id_: {"ended_at": state.shares[id_].ended_at}, ("ended_at",)
    )


def values(session: Session, state: State) -> Iterator[Disagreement]:
    """Compare what reports give for their numbers; the log tells those of news when they are signed."""
    left = [id_ for id_, report in state.reports.items() if report.state != ReportState.AWAITING_SIGN_OFF.value]
    table = _table("report_value")
    for page in pages(left):
        found: dict[int, dict[Any, tuple[object, object]]] = {id_: {} for id_ in page}
        for row in stored_rows(session, table, ("value", "value_on"), table.c.report_id.in_(page)):
            found[row["report_id"]][row["target_id"]] = (row["value"], row["value_on"])
        for id_, given in found.items():
            told = state.reports[id_].values
            yield from _unread("report_value", id_, {"value": [one for one, _on in given.values()]}, told)
            yield from _unread("report_value", id_, {"value_on": [on for _one, on in given.values()]}, told)
            if given != told and not any(UNREADABLE in one for one in given.values()):
                yield Disagreement("report_value", id_, "value", given, told)


def points(session: Session, state: State) -> Iterator[Disagreement]:
    """Compare what the office expects of targets on the way; points are named by their targets."""
    stored: dict[int, set[tuple[object, object]]] = defaultdict(set)
    for row in stored_rows(session, _table("target_point"), ("target_id", "due_on", "value")):
        stored[row["target_id"]].add((row["due_on"], row["value"]))
    told = {id_: {(point.day, point.value) for point in points} for id_, points in state.points.items()}
    for id_ in sorted(told.keys() | stored.keys()):
        days, numbers = [day for day, _value in stored[id_]], [value for _day, value in stored[id_]]
        yield from _unread("target_point", id_, {"due_on": days, "value": numbers}, told.get(id_))
        if stored[id_] != told.get(id_, set()) and UNREADABLE not in (*days, *numbers):
            yield Disagreement("target_point", id_, "value", stored[id_], told.get(id_))


def factors(session: Session) -> Iterator[Disagreement]:
    """Compare who has a second factor with what the events say: one that was taken away behind the program's back."""
    told: dict[int, bool] = {}
    for event in readable(session, _HAS_FACTOR):
        with suppress(*NO_FACTS):
            told[event.facts["user_id"]] = _HAS_FACTOR[event.type]
    sealed = col(SecondFactorRow.sealed).is_not(None)
    stored = dict(session.execute(select(col(SecondFactorRow.user_id), sealed)).all())
    for id_ in sorted(told.keys() | stored.keys()):
        if stored.get(id_, False) != told.get(id_, False):
            yield Disagreement("second_factor", id_, "sealed", stored.get(id_, False), told.get(id_, False))


def must_change(session: Session) -> Iterator[Disagreement]:
    """Yield accounts that open by a one-time code which need not be changed; an expired password has to be too."""
    wanted = select(col(UserRow.id)).where(col(UserRow.code_expires_at).is_not(None), ~col(UserRow.must_change))
    for id_ in session.scalars(wanted.order_by(col(UserRow.id))):
        yield Disagreement("person", id_ or 0, "must_change", False, True)


def texts(session: Session) -> Iterator[Disagreement]:
    """Hold the texts of documents against the digests that are kept of them, as the events tell these."""
    table = _table("document")
    for id_ in [row["id"] for row in stored_rows(session, table, ())]:  # one by one, for they are long
        for row in stored_rows(session, table, ("text", "text_sha256"), table.c.id == id_):
            said = {"text": row["text"]}
            yield from digests_differ("document", id_, "text", said, row["text_sha256"], digest=_digest_of_text)


def hands(session: Session) -> Iterator[Disagreement]:
    """Yield drafts that forgot whoever had a hand in them: he may not approve them."""
    told: dict[int, set[int]] = defaultdict(set)
    for event in readable(session, _HAD_A_HAND):
        if event.actor_id is not None:
            with suppress(*NO_FACTS):
                told[event.facts["draft_id"]].add(event.actor_id)
    for row in stored_rows(session, _table("draft"), ("hands",)):
        stored = row["hands"] if _are_ids(row["hands"]) else UNREADABLE
        if stored is UNREADABLE or not told[row["id"]] <= set(stored):
            yield Disagreement("draft", row["id"], "hands", stored, sorted(told[row["id"]]))


def reminders(session: Session) -> Iterator[Disagreement]:
    """Compare what messages say, and to whom, with what the log has sealed; later ones are not sealed yet."""
    sealed, seen, table = _sealed(session), set[int](), _table("reminder")
    last = max(sealed.digests, default=0)
    ids = session.scalars(select(col(ReminderRow.id)).where(col(ReminderRow.id) <= last))
    for page in pages(id_ or 0 for id_ in ids):
        for held in stored_rows(session, table, SEALED_FACTS, table.c.id.in_(page)):
            id_ = held["id"]
            seen.add(id_)
            if id_ not in sealed.digests:
                yield Disagreement("reminder", id_, "", "stored", None)
            elif UNREADABLE in held.values():
                yield from _unread("reminder", id_, {name: [held[name]] for name in SEALED_FACTS}, "told")
            elif not _is_as_sealed(held, sealed):
                yield Disagreement("reminder", id_, "content", "stored", sealed.digests[id_])
    for id_ in sorted(sealed.digests.keys() - seen):
        yield Disagreement("reminder", id_, "", None, sealed.digests[id_])


def _sealed(session: Session) -> Sealed:
    sealed = Sealed()
    for event in readable(session, MESSAGE_EVENTS):
        with suppress(*NO_FACTS):
            sealed.hear(event.type, event.facts)
    return sealed


def _is_as_sealed(held: Stored, sealed: Sealed) -> bool:
    try:
        return sealed.digests[held["id"]] in message_digests(held, sealed)
    except (TypeError, ValueError):  # bytes where text belongs
        return False


def _unread(table: str, id_: int, found: Mapping[str, list[Any]], told: object) -> Iterator[Disagreement]:
    """Yield the columns of which a value cannot be read."""
    for name, stored in found.items():
        if UNREADABLE in stored:
            yield Disagreement(table, id_, name, UNREADABLE, told)


def _are_ids(stored: object) -> bool:
    return isinstance(stored, list) and all(isinstance(one, int) for one in stored)


def _digest_of_text(said: Stored) -> str:
    return hashlib.sha256(said["text"].encode()).hexdigest()


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]
