"""Files under inputs of a month of evaluation: who opens which, on the pages and by their address."""

from collections.abc import Collection

from sqlmodel import Session

from tracker.domain.downloads import XLSX
from tracker.domain.scoring.months import SHOWN_TO_OBJECTS
from tracker.store.queries.scoring import entry_of
from tracker.store.queries.scoring_files import shut_files
from tracker.store.tables.scoring import ScoreInputRow
from tracker.web.scoring_views import MonthSeen, oversees


def files_open(session: Session, seen: MonthSeen, rows: Collection[ScoreInputRow]) -> frozenset[int]:
    """Return the numbers of the inputs whose file the viewer opens: overseers, who hands in such an input, and whom
    the marks concern that are made of it, unless the file shows what others may not know yet.
    """
    own = {one.unit for _, one in seen.own}
    shut = shut_files(session, {row.file_sha256 for row in rows if row.file_sha256}, objects=own, workbooks=XLSX)

    def opens(row: ScoreInputRow) -> bool:
        if oversees() or entry_of(row).what in seen.party.supplies:
            return True
        return files_concern(seen, row) and row.file_sha256 not in shut

    return frozenset(row.id or 0 for row in rows if row.file_sha256 and opens(row))


def files_concern(seen: MonthSeen, row: ScoreInputRow) -> bool:
    """Tell whether an input makes marks that the viewer reads as those of a body for which he stands."""
    is_own = any(row.object in ("", one.unit) for _, one in seen.own)
    return is_own and seen.state in SHOWN_TO_OBJECTS and any(row.id == one.id for one in seen.behind_marks)
