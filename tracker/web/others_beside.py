"""What other units told a lead by themselves, beside the row of its form that it is about, and brought in 「带入」."""

from collections.abc import Iterable, Mapping
from datetime import date

from flask import flash, g

from tracker.domain.calendar import at_local
from tracker.domain.errors import NotFound
from tracker.store.queries.form_views import FormView
from tracker.store.queries.others_words import OthersWord, words_of_others
from tracker.store.queries.units import units_acted_for
from tracker.web.access import actor, services
from tracker.web.row_fields import key_of
from tracker.wording.inquiries import quoted_answer

_Found = dict[int, list[OthersWord]]


def others_of_form(view: FormView) -> _Found:
    """Return by task what others told since the period of a form began, as of its inquiries; looked up once a form."""
    known: dict[tuple[int, date], _Found] = g.setdefault("others_of_forms", {})
    about = view.head.period_id, view.head.starts_on
    if about not in known:
        tasks = {row.task_id for row in view.rows if row.writable}
        with services().database.reading() as session:
            since, mine = at_local(view.head.starts_on, 0, 0), units_acted_for(session, actor().unit_id)
            known[about] = words_of_others(session, tasks, since=since, unit_ids=mine)
    return known[about]


def with_others(view: FormView, given: Mapping[str, str], assignment_id: int | None) -> dict[str, str]:
    """Add to the fact of a row what others told, each marked as theirs, where a share is named. Raises NotFound."""
    if assignment_id is None:
        return dict(given)
    row = next((one for one in view.rows if one.assignment_id == assignment_id and one.writable), None)
    told = others_of_form(view).get(row.task_id) if row else None
    if row is None or not told:
        raise NotFound()
    fact = f"{key_of(row)}fact"
    return {**given, fact: added(given.get(fact, ""), (quoted_answer(one.unit_name, one.text) for one in told))}


def added(written: str, parts: Iterable[str]) -> str:
    """Add to what is written in a field what does not stand there line by line already; say what does."""
    said, stands = written.strip(), 0
    for part in parts:
        if f"\n{_plain(part)}\n" in f"\n{_plain(said)}\n":
            stands += 1
        else:
            said = f"{said}\n{part}" if said else part
    if stands:
        flash(f"带入的内容有{stands}段已经写在“实事”中，没有重复写入。")
    return said


def _plain(words: str) -> str:
    return "\n".join(line.strip() for line in words.splitlines())
