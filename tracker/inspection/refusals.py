"""Why a file is not taken: what was found and in which part of it; the sentence says what to do."""

from tracker.domain.errors import BadInput


class EmptyFile(BadInput):
    code = "empty_file"


class EndingNotAllowed(BadInput):
    """Facts: ending, allowed."""

    code = "ending_not_allowed"


class MemberNotAllowed(BadInput):
    """A file of a kind that is not taken lies in an archive; facts: part, allowed."""

    code = "member_not_allowed"


class ContentUnlikeEnding(BadInput):
    """The file is not what its name says; facts: ending."""

    code = "content_unlike_ending"


class SecrecyMarked(BadInput):
    """A marking of a state secret stands in the name or the text; such files do not belong here. Facts: place."""

    code = "secrecy_marked"


class FileDamaged(BadInput):
    code = "file_damaged"


class FileEncrypted(BadInput):
    """A password is needed to read it."""

    code = "file_encrypted"


class FileTooComplex(BadInput):
    """It was not examined within the limits of time, memory or depth."""

    code = "file_too_complex"


class ArchiveDamaged(BadInput):
    code = "archive_damaged"


class ArchiveTooLarge(BadInput):
    """Unpacked it would be out of proportion; facts: max_entries, max_mb."""

    code = "archive_too_large"


class ArchiveEncrypted(BadInput):
    """What cannot be read cannot be examined; facts: part."""

    code = "archive_encrypted"


class ArchiveNameUnsafe(BadInput):
    """An entry wants to lie outside the archive's folder, twice, or as a link; facts: part."""

    code = "archive_name_unsafe"


class ArchiveNested(BadInput):
    """An archive lies within the archive; facts: part."""

    code = "archive_nested"


class ProgramInside(BadInput):
    """An executable file or a script, by its content or its ending; facts: part."""

    code = "program_inside"


class MacrosInside(BadInput):
    """The document carries a program; facts: part."""

    code = "macros_inside"


class ObjectInside(BadInput):
    """An OLE object, an ActiveX control or another file is embedded; facts: part."""

    code = "object_inside"


class PartNotAllowed(BadInput):
    """The document has a part of a kind that no letter or table needs, an add-in for one; facts: part, kind."""

    code = "part_not_allowed"


class LinkOutside(BadInput):
    """The document fetches something from elsewhere, or would on a click; facts: part, target."""

    code = "link_outside"


class FieldFetches(BadInput):
    """A field or a formula reads from elsewhere; facts: part, field."""

    code = "field_fetches"


class DoctypeInside(BadInput):
    """A part of the document declares a DOCTYPE, as no program writes it; facts: part."""

    code = "doctype_inside"


class PdfActive(BadInput):
    """The PDF does something by itself or carries files; facts: what."""

    code = "pdf_active"


class ScanWithoutText(BadInput):
    """Pages are pictures: a scan."""

    code = "scan_without_text"


class PdfTooLong(BadInput):
    """Facts: max_pages."""

    code = "pdf_too_long"
