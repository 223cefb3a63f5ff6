"""The audit: the chain of events, the tables against it, every file, every edition, and anchors held elsewhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session

from tracker.domain.audit import Anchor, Finding, FindingKind, read_anchor
from tracker.domain.errors import Rejected
from tracker.domain.scoring.written import evaluate, first_difference
from tracker.editions import differs_from_log, rule_version
from tracker.gateways.anchor_key import AnchorKey, is_signed_by, names_key
from tracker.gateways.evidence_files import EvidenceAltered, EvidenceMissing
from tracker.gateways.schemes import read_scheme
from tracker.services import Services
from tracker.store import event_log
from tracker.store.history.agreement import comparisons
from tracker.store.history.disagreement import Disagreement
from tracker.store.history.fold import fold_readable
from tracker.store.history.log import Cut, last_event
from tracker.store.history.told_rows import read_told_rows
from tracker.store.log_guards import missing_guards
from tracker.store.queries.circulars import kept_edition_ids
from tracker.store.queries.evidence import NamedBy, named_files
from tracker.store.queries.scoring import corrections_of, frozen_month_ids, material_of
from tracker.store.stored_rows import UNREADABLE, raise_of_the_database
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.scoring import ScoreMonthRow

_ENDLESS = datetime.max.replace(tzinfo=UTC)
_LINKS = {
    event_log.LinkProblem.GAP: FindingKind.LINK_GAP,
    event_log.LinkProblem.JOINT: FindingKind.LINK_JOINT,
    event_log.LinkProblem.CONTENT: FindingKind.LINK_CONTENT,
    event_log.LinkProblem.HEAD: FindingKind.LINK_HEAD,
}


@dataclass(slots=True)
class Audited:
    """How much was looked at; `counted_otherwise` are editions that an earlier program made by rules of its own."""

    events: int = 0
    files: int = 0
    editions: int = 0
    anchors: int = 0
    months: int = 0
    counted_otherwise: int = 0


def audit(services: Services, *, anchors: Sequence[str], public: str, audited: Audited) -> Iterator[Finding]:
    """Yield all that does not hold and count in `audited` what was looked at.

    `anchors` are lines that were kept elsewhere, `public` is the public half of the key that signed them.
    """
    with services.database.reading() as session:
        audited.events = last_event(session)
        yield from chain_findings(session)
        yield from _anchor_findings(session, anchors, public=public)
        audited.anchors = len(anchors)
        yield from table_findings(session)
        yield from _edition_findings(services, session, audited)
        yield from _month_findings(session, audited)
        files = named_files(session)
    for digest in sorted(files):
        audited.files += 1
        yield from _file_findings(services, digest, files[digest])


def chain_findings(session: Session) -> Iterator[Finding]:
    """Yield where the chain of events does not hold, and what guards it no more."""
    for name in missing_guards(session.connection()):
        yield Finding(FindingKind.LOG_UNGUARDED, {"trigger": name})
    for link in event_log.broken_links(session):
        yield Finding(_LINKS[link.problem], {"seq": link.seq})


def table_findings(session: Session) -> Iterator[Finding]:
    """Yield where the tables say other than the log, each table by itself: one that cannot be read hides no other."""
    told, unread = read_told_rows(session), set[int]()
    state = fold_readable(session, Cut(as_of=_ENDLESS, last_event=last_event(session)), unread)
    for seq in sorted(unread | told.unread):
        yield Finding(FindingKind.LOG_UNREADABLE, {"seq": seq})
    for comparison in comparisons(session, state, told):
        try:
            yield from map(of_row, comparison.find())
        except Exception as error:  # what somebody rewrote raises whatever it likes
            raise_of_the_database(error)
            yield Finding(FindingKind.TABLE_UNREADABLE, {"table": comparison.table, "error": type(error).__name__})


def _edition_findings(services: Services, session: Session, audited: Audited) -> Iterator[Finding]:
    """Yield editions that the log gives otherwise, each by itself: one that cannot be computed hides no other."""
    for id_ in kept_edition_ids(session):
        audited.editions += 1
        row = None
        try:
            row = session.get_one(CircularRow, id_)
            differs = differs_from_log(services, session, row)
        except Exception as error:  # so does a row that says of what it tells what nothing can be said of
            raise_of_the_database(error)
            differs = True
        if differs and row is not None and row.rule_version != rule_version(services):
            audited.counted_otherwise += 1
        elif differs:
            number = row.number or "" if row is not None else ""
            yield Finding(FindingKind.EDITION_DIFFERS, {"circular_id": id_, "number": number})


def _month_findings(session: Session, audited: Audited) -> Iterator[Finding]:
    """Yield frozen months of evaluation that come out otherwise, each by itself."""
    for id_ in frozen_month_ids(session):
        audited.months += 1
        month = str(id_)
        try:
            row = session.get_one(ScoreMonthRow, id_)
            month, found = row.month, month_difference(session, row)
            line = found[0] if found else None
        except Exception as error:  # rules or inputs that somebody rewrote raise whatever they like
            raise_of_the_database(error)
            line = 0
        if line is not None:
            yield Finding(FindingKind.MONTH_DIFFERS, {"score_month": month, "line": line})


def month_difference(session: Session, row: ScoreMonthRow) -> tuple[int, str, str] | None:
    """Compute each kept result of a month again; return the first line that differs, None where none does.

    Raises BadScheme, UnknownInput, ImpossibleInput, InvalidDecision.
    """
    kept = {1: row.result} | {one.edition: one.result for one in corrections_of(session, row.id or 0) if one.edition}
    for edition, text in kept.items():
        material = material_of(session, row, edition=edition)
        if found := first_difference(text or "", evaluate(material, read_scheme(material.content)).text):
            return found
    return None


class NoHead(Rejected):
    """The head of the chain is not there, or cannot be read: nothing is signed."""

    code = "no_head"


def anchor_of(services: Services, key: AnchorKey, *, at: datetime) -> Anchor:
    """Return the head of the chain, signed. Raises NoHead."""
    with services.database.reading() as session:
        head = event_log.stored_head(session)
    if head is None:
        raise NoHead()
    return key.sign(seq=head.seq, hash_=head.hash, at=at.astimezone(UTC))


def of_row(found: Disagreement) -> Finding:
    """Return what is found where a table says other than the log."""
    facts: dict[str, object] = {"table": found.table, "row_id": found.row_id}
    if found.field and found.stored is UNREADABLE:
        return Finding(FindingKind.ROW_UNREADABLE, facts | {"field": found.field})
    if found.field:
        return Finding(
            FindingKind.ROW_DIFFERS, facts | {"field": found.field, "stored": found.stored, "told": found.told}
        )
    return Finding(FindingKind.ROW_GONE if found.stored is None else FindingKind.ROW_UNTOLD, facts)


def _file_findings(services: Services, digest: str, named_by: Sequence[NamedBy]) -> Iterator[Finding]:
    facts = {"sha256": digest, "files": tuple((row.unit or "", row.table, row.row_id) for row in named_by)}
    try:
        services.evidence.verify(digest)
    except EvidenceMissing:
        yield Finding(FindingKind.FILE_MISSING, facts)
    except EvidenceAltered:
        yield Finding(FindingKind.FILE_ALTERED, facts)
    except OSError as error:  # shut to whoever audits, or a disk that fails
        yield Finding(FindingKind.FILE_UNREADABLE, facts | {"error": type(error).__name__})


def _anchor_findings(session: Session, lines: Sequence[str], *, public: str) -> Iterator[Finding]:
    for number, line in enumerate(lines, start=1):
        anchor = read_anchor(line)
        if anchor is None:
            yield Finding(FindingKind.ANCHOR_UNREADABLE, {"line": number})
        elif not is_signed_by(anchor, public):
            kind = FindingKind.ANCHOR_UNSIGNED if names_key(anchor, public) else FindingKind.ANCHOR_OF_ANOTHER
            yield Finding(kind, {"line": number, "key": anchor.key})
        elif anchor.seq:
            found = event_log.hash_of(session, seq=anchor.seq)
            if found is None:
                yield Finding(FindingKind.ANCHOR_CUT, {"line": number, "seq": anchor.seq})
            elif found != anchor.hash:
                yield Finding(FindingKind.ANCHOR_DIFFERS, {"line": number, "seq": anchor.seq})
