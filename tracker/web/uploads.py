"""Files that come with a form: each goes into the evidence store before any transaction begins."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO, cast

from flask import g, request
from werkzeug.datastructures import FileStorage

from tracker.domain.entries import AttachedFile
from tracker.domain.errors import BadInput, Rejected, TrackerError
from tracker.gateways.antivirus import scan
from tracker.gateways.evidence_files import LARGEST_FILE_BYTES, StoredFile
from tracker.gateways.places import INSPECTIONS, REQUESTS, NoTurn
from tracker.gateways.upload_inspection import clean_name, inspect_upload
from tracker.usecases.handing_in import hand_in
from tracker.usecases.keeping_evidence import put_in_box
from tracker.web.access import actor, services
from tracker.web.parts import sent_files, start_read
from tracker.web.sent_bytes import TooManyFiles


class DeclarationMissing(BadInput):
    """Files came without the declaration that they hold no state secret."""

    code = "declaration_missing"


class TooManyInspected(BadInput):
    """So many files are being inspected that this one is not taken now."""

    code = "too_many_inspected"


def is_declared() -> bool:
    """Tell whether the files of the form at hand may be kept: none came, or they are said to hold no state secret."""
    return not chosen_names() or request.form.get("not_secret") == "yes"


def chosen_names() -> dict[str, list[str]]:
    """Return the names of the files that came, by the field: a browser makes people choose them again."""
    found: dict[str, list[str]] = {}
    for field, upload in sent_files().items(multi=True):
        if upload.filename:
            found.setdefault(field, []).append(upload.filename)
    return found


def receive_field(field: str, *, requirement_id: int | None) -> list[AttachedFile]:
    """Return the files of one field, kept as by `receive_good`. Raises the first reason for which one is refused."""
    files, faults = receive_good(field, requirement_id=requirement_id)
    if faults:
        raise faults[0]
    return files


def receive_good(field: str, *, requirement_id: int | None) -> tuple[list[AttachedFile], list[BadInput | Rejected]]:
    """Store every good file of one field, and put it into the unit's box: there it is, whatever becomes of the form.

    Return the files, and why others of the field are refused.
    """
    uploads = [upload for upload in sent_files().getlist(field) if upload.filename]
    good, faults = receive_each(uploads, requirement_id)
    if good and (unit_id := actor().unit_id) is not None:
        with services().database.transaction() as session:
            for upload, file in good.items():
                number = put_in_box(session, file, unit_id=unit_id, actor=actor(), at=services().clock.now())
                note_boxed(field, number, upload.filename or "")
    return list(good.values()), faults


def receive_each(
    uploads: Iterable[FileStorage], requirement_id: int | None
) -> tuple[dict[FileStorage, AttachedFile], list[BadInput | Rejected]]:
    """Store files; return each good one, and why others are refused: of too many it is said once for all."""
    good: dict[FileStorage, AttachedFile] = {}
    faults: list[BadInput | Rejected] = []
    for upload in uploads:
        try:
            good[upload] = receive(upload, requirement_id)
        except TooManyFiles as fault:
            return good, [*faults, TooManyFiles(most=fault.facts["most"])]
        except (BadInput, Rejected) as fault:
            faults.append(fault)
    return good, faults


def note_boxed(field: str, number: int, name: str) -> None:
    """Note that what came in a field of the form at hand under a name lies in the box now."""
    _boxed().setdefault((start_read(), field), {})[number] = name


def boxed(field: str) -> dict[int, str]:
    """Return by its number in the box what came in a field of the form at hand, named as it came."""
    return dict(_boxed().get((start_read(), field), {}))


def _boxed() -> dict[tuple[str, str], dict[int, str]]:
    found: dict[tuple[str, str], dict[int, str]] = g.setdefault("boxed", {})
    return found


def receive(upload: FileStorage, requirement_id: int | None) -> AttachedFile:
    """Store a file. Raises what `inspect_upload` and the evidence store raise, with its name beside."""
    name = clean_name(upload.filename or "")
    media_types: list[str] = []

    def inspect(path: Path) -> None:
        media_types.append(inspect_upload(path, name))

    try:
        stored = keep_upload(upload, inspect=inspect)
    except TrackerError as error:
        error.facts["in_file"] = name  # of several that were chosen together
        raise
    return AttachedFile(stored.sha256, name, stored.size_bytes, media_types[0], requirement_id)


def keep_upload(
    upload: FileStorage, *, inspect: Callable[[Path], object], max_bytes: int = LARGEST_FILE_BYTES
) -> StoredFile:
    """Keep what was handed in, once it was inspected, found free of viruses and counted: the one way into the store.

    Raises TooManyInspected and what `inspect`, the antivirus gateway, the quota and the evidence store raise.
    """

    return services().evidence.store(
        cast(BinaryIO, upload.stream), max_bytes=max_bytes, inspect=lambda path: _examine(path, inspect)
    )


def look_through(upload: FileStorage, *, inspect: Callable[[Path], object], max_bytes: int) -> None:
    """Let a file that was handed in be read, after the same examination; nothing of it is kept. Raises as above."""
    services().evidence.look_at(
        cast(BinaryIO, upload.stream), max_bytes=max_bytes, inspect=lambda path: _examine(path, inspect)
    )


def _examine(path: Path, inspect: Callable[[Path], object]) -> None:
    try:
        # It takes a second a file, in another process: nobody else waits for it here.
        with REQUESTS.left(), INSPECTIONS.taken(actor().user_id):
            inspect(path)
            look_for_viruses(path)
    except NoTurn:
        raise TooManyInspected() from None
    with services().database.transaction() as session:
        hand_in(
            session,
            size_bytes=path.stat().st_size,
            rules=services().file_rules,
            unit_id=actor().unit_id,
            person_id=actor().user_id,
            at=services().clock.now(),
        )


def look_for_viruses(path: Path) -> None:
    """Send a file to the scanner, where one is configured. Raises VirusFound, ScannerFailed."""
    address = services().settings.clamd
    if address is not None:
        scan(path, address=address)
