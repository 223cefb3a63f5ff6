"""The box of evidence of one's unit beside a form 「佐证箱」: what it offers, and what was named of it by numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import g
from werkzeug.datastructures import MultiDict

from tracker.domain.boxes import BoxFileExpired, BoxFileUnknown, BoxNumbersUnreadable, is_expired, read_box_numbers
from tracker.domain.calendar import full_date, local_day
from tracker.domain.entries import AttachedFile
from tracker.domain.evidence_states import Proof
from tracker.store.queries.boxes import BoxFile, chosen_files, offered_files
from tracker.store.queries.evidence_states import Judged
from tracker.store.queries.form_views import RowOfForm
from tracker.store.queries.units import units_read_for
from tracker.web.access import actor, services
from tracker.web.parts import sent_fields
from tracker.web.row_fields import box_fields, file_fields
from tracker.web.uploads import DeclarationMissing, boxed, chosen_names, is_declared, receive_field


@dataclass(frozen=True, slots=True)
class Box:
    """What a form may attach from the box, the last one first."""

    files: tuple[BoxFile, ...]

    def names(self, text: str) -> tuple[str, ...]:
        """Name the files whose numbers stand in a field, as far as they are offered."""
        return tuple(f"{file.number} {file.name}" for file in self._named(text))

    def judged_with(self, one: Judged, text: str) -> Judged:
        """Judge a piece of evidence as it will stand with the files whose numbers stand in its field."""
        return one.with_proofs([Proof(file.name, file.sha256) for file in self._named(text)])

    def _named(self, text: str) -> list[BoxFile]:
        """Return the offered files that a field names; none where it cannot be read, which sending it says."""
        offered = {file.number: file for file in self.files}
        try:
            return [offered[number] for number in read_box_numbers(text) if number in offered]
        except BoxNumbersUnreadable:
            return []


def own_box() -> Box:
    """Return what the viewer's unit has at hand today; asked once for a page."""
    if "own_box" not in g:
        g.own_box = _asked_for()
    found: Box = g.own_box
    return found


def _asked_for() -> Box:
    with services().database.reading() as session:
        units = units_read_for(session, actor().unit_id)
        return Box(tuple(offered_files(session, unit_ids=units, today=local_day(services().clock.now()))))


def pick_field(field: str, *, requirement_id: int | None) -> list[AttachedFile]:
    """Return the files of the unit's box whose numbers were written into a field.

    Raises BoxNumbersUnreadable, BoxFileUnknown, BoxFileExpired.
    """
    numbers = read_box_numbers(sent_fields().get(field, ""))
    if not numbers:
        return []
    with services().database.reading() as session:
        found = chosen_files(session, numbers, unit_ids=units_read_for(session, actor().unit_id))
    today = local_day(services().clock.now())
    for number in numbers:
        if number not in found:
            raise BoxFileUnknown(number=number)
        file = found[number]
        if file.good_until is not None and is_expired(file.good_until, today=today):
            raise BoxFileExpired(number=number, name=file.name, until=full_date(file.good_until))
    picked = (found[number] for number in numbers)
    return [
        AttachedFile(one.sha256, one.name, one.size_bytes, one.media_type, requirement_id, one.from_report_id)
        for one in picked
    ]


def came_or_picked(files: str, of_box: str) -> tuple[AttachedFile, ...]:
    """Return the files that came in one field, for no evidence in particular, and those named in another, each once.

    A good file goes into the unit's box, whatever becomes of the form: call it before anything of the form can be
    refused. Raises DeclarationMissing, and as `receive_field` and `pick_field` do.
    """
    g.came_with = (files, of_box)
    if not is_declared():
        raise DeclarationMissing()
    came = receive_field(files, requirement_id=None)
    found = {(one.sha256, one.name): one for one in (*came, *pick_field(of_box, requirement_id=None))}
    return tuple(found.values())


def with_what_came(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return what a form sent with the numbers under which the files that came with it lie in the box now.

    So it is shown again where it was refused after `came_or_picked` had taken them.
    """
    if "came_with" not in g:
        return sent
    field, of_box = g.came_with
    shown = MultiDict(sent)
    shown[of_box] = _with_numbers(sent.get(of_box, ""), boxed(field))
    return shown


def _with_numbers(written: str, numbers: Iterable[int]) -> str:
    return "、".join(dict.fromkeys((*(word for word in written.split("、") if word), *map(str, numbers))))


def with_boxed(given: Mapping[str, str], rows: Iterable[RowOfForm]) -> dict[str, str]:
    """Add to what a page shows again the numbers under which the files that came with it lie in the box now."""
    shown = dict(given)
    for row in rows:
        for field, of_box in zip(file_fields(row), box_fields(row), strict=True):
            if numbers := boxed(field):
                shown[of_box] = _with_numbers(shown.get(of_box, ""), numbers)
    return shown


def lost_names() -> dict[str, list[str]]:
    """Return the names of files that came and are not kept, by the field: people choose these again."""
    lost = {field: Counter(names) - Counter(boxed(field).values()) for field, names in chosen_names().items()}
    return {field: list(names.elements()) for field, names in lost.items() if names}
