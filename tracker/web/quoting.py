"""A lead quotes what units answered 「带入」: their words into its form, their files by way of its own box."""

from collections.abc import Iterable, Mapping

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from tracker.domain.calendar import local_day
from tracker.domain.entries import AttachedFile
from tracker.domain.errors import NotFound
from tracker.store.queries.boxes import numbers_of
from tracker.store.queries.form_parts import File
from tracker.store.queries.inquiries import asked_read_by, own_inquiry
from tracker.store.queries.inquiry_tasks import leads_task
from tracker.store.queries.inquiry_views import AskedUnit, Inquiry
from tracker.store.queries.units import units_acted_for
from tracker.usecases.keeping_evidence import take_over
from tracker.web.access import UNITS, actor, allow, services
from tracker.web.inputs_beside import words_by_share
from tracker.web.others_beside import added, others_of_form
from tracker.wording.inquiries import quoted_answer, silent_words

pages = Blueprint("quoting", __name__)


@pages.app_context_processor
def _offer() -> dict[str, object]:
    return {"boxed_of": boxed_of, "inputs_by_share": words_by_share, "others_of_form": others_of_form}


@pages.post("/asked/<int:asked_id>/files")
@allow(*UNITS)
def take_files(asked_id: int) -> ResponseReturnValue:
    """Put the files under an answer into the box of the unit that leads the task and reads it."""
    with services().database.reading() as session:
        mine = units_acted_for(session, actor().unit_id)
        found = asked_read_by(session, asked_id=asked_id, unit_ids=mine)
        if found is None or not leads_task(session, task_id=found.task_id, unit_ids=mine):
            raise NotFound()
    numbers = _taken_over(found.units)
    listed = "、".join(map(str, numbers))
    flash(
        f"{found.units[0].unit_name}反馈所附材料已存入本单位佐证箱，编号{listed}。填报时填编号即可附上，带入该反馈的自动填好。"
        if numbers
        else "还没有可以存入的材料。"
    )
    return redirect(url_for("inquiries.show", task_id=found.task_id), 303)


def quote_into(given: Mapping[str, str], *, inquiry_id: int, files: bool = False) -> dict[str, str]:
    """Add to what a form says what units answered to an inquiry of its unit, marked as theirs, and who did not answer.

    Those of their files that lie in the unit's box are named by their numbers; with `files` all are put there first.
    Raises NotFound.
    """
    with services().database.reading() as session:
        found = own_inquiry(session, inquiry_id=inquiry_id, unit_ids=units_acted_for(session, actor().unit_id))
    if found is None:
        raise NotFound()
    if files:
        _taken_over(found.answered)
    fact, box = f"a{found.assignment_id}-fact", f"a{found.assignment_id}-b0"
    written = [word for word in given.get(box, "").split("、") if word]
    lying = boxed_of(file for unit in found.answered if unit.answer for file in unit.answer.files)
    numbers = dict.fromkeys([*written, *map(str, lying.values())])
    return {**given, fact: added(given.get(fact, ""), _parts(found)), box: "、".join(numbers)}


def quoted_words(inquiry: Inquiry) -> str:
    """Write what units answered, each marked as its own, and who was silent."""
    return "\n".join(_parts(inquiry))


def _parts(inquiry: Inquiry) -> list[str]:
    said = [quoted_answer(unit.unit_name, unit.answer.text) for unit in inquiry.answered if unit.answer is not None]
    silent = [unit.unit_name for unit in inquiry.counted if unit.answer is None]
    return [*said, *([silent_words(silent)] if silent else [])]


def boxed_of(files: Iterable[File]) -> Mapping[str, int]:
    """Return by their digests under which numbers the bytes of files lie in the box of the viewer's unit."""
    digests, unit_id = [file.sha256 for file in files], actor().unit_id
    if not digests or unit_id is None:
        return {}
    with services().database.reading() as session:
        return numbers_of(session, digests, unit_id=unit_id, today=local_day(services().clock.now()))


def _taken_over(units: Iterable[AskedUnit]) -> list[int]:
    answers = [unit.answer for unit in units if unit.answer is not None]
    files = [
        AttachedFile(file.sha256, file.name, file.size_bytes, file.media_type, from_report_id=answer.report_id)
        for answer in answers
        for file in answer.files
    ]
    unit_id = actor().unit_id
    if not files or unit_id is None:
        return []
    with services().database.transaction() as session:
        return take_over(session, files, unit_id=unit_id, actor=actor(), at=services().clock.now())
