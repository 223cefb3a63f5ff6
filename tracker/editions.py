"""Editions of circulars from the log to the file: computed in a read, kept as facts, pressed outside of any write."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import TypedDict

from sqlmodel import Session

from tracker.compared_papers import compared
from tracker.domain.calendar import local_day
from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.days import answers_from_issue, with_answer_day
from tracker.domain.circulars.differences import Difference, comparison
from tracker.domain.circulars.editions import TemplateUnusable
from tracker.domain.circulars.figures import NothingToSay
from tracker.domain.circulars.issuers import MadeOf, for_others
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.paragraphs import paragraphs
from tracker.domain.circulars.proposals import NamingAct
from tracker.gateways import office_suite
from tracker.gateways.evidence_files import EvidenceAltered, EvidenceFiles, EvidenceMissing
from tracker.gateways.program_files import counting_digest
from tracker.paper.circulars import Draft, compose, word
from tracker.paper.in_templates import print_in_template
from tracker.paper.letterheads import letterhead
from tracker.paper.office_templates import TemplateRefused, checked_fields
from tracker.paper.press import Printed, press
from tracker.rankings import ranking_again
from tracker.services import Services
from tracker.store.history.contents import content_as_of, content_of
from tracker.store.history.log import last_event, reckoned_since
from tracker.store.queries.circulars import find_edition
from tracker.store.queries.co_issuers import issuing_names, joint_names
from tracker.store.queries.edition_facts import digest_of, read_facts, write_facts
from tracker.store.queries.issued_days import answer_ordered
from tracker.store.queries.overtaken_blame import FactsNow
from tracker.store.tables.circulars import CircularRow, CircularTemplateRow
from tracker.usecases.circulars.drafting import note_check
from tracker.usecases.circulars.issuing import Drawn, keep_drawn
from tracker.wording.codes import CIRCULAR_NAMES
from tracker.wording.refusals import sentence


def same_facts(services: Services, digest: str | None, other: str | None) -> bool:
    """Tell whether two editions were made of the same facts, whatever the moment; not where one cannot be read."""
    if digest is None or other is None or digest == other:
        return digest == other
    try:
        one, two = (_facts(services, sha256) for sha256 in (digest, other))
    except (EvidenceMissing, EvidenceAltered):
        return False
    return replace(one, as_of=two.as_of) == two


def rule_version(services: Services) -> str:
    """Return by which rules figures are counted: the office's policy, and a digest of the program that counts.

    An edition made by another program is not expected to be what this one would count.
    """
    return f"{services.policy.version} {counting_digest()}"


def content_kept(services: Services, session: Session, row: CircularRow) -> Content | None:
    """Return what an edition says to others than those who issue it, once it is issued with its day for an answer.

    None where nobody kept what it was made of. Raises EvidenceMissing, EvidenceAltered.
    """
    content = facts_kept(services, session, row)
    if content is None:
        return None
    host = letterhead(CircularType(row.type), office=row.office).name
    told = for_others(content, issuing_names(session, row.id, host=host))
    return with_answer_day(told, answer_ordered(session, row)) if answers_from_issue(told) else told


def facts_kept(services: Services, session: Session, row: CircularRow) -> Content | None:
    """Return what an edition was made of; one older than kept facts is computed from the log, where that tells it.

    Raises EvidenceMissing, EvidenceAltered.
    """
    if row.facts_sha256 is not None:
        return _facts(services, row.facts_sha256)
    since = reckoned_since(session)
    if not row.last_event or (since is not None and row.as_of < since):
        return None
    return content_of(session, row, calendar=services.calendar)


def made_of(services: Services, circular_id: int) -> MadeOf | None:
    """Return what a paper was made of, whoever issues it, and how its template words that; None where nobody kept it.

    Raises NotFound, EvidenceMissing, EvidenceAltered.
    """
    with services.database.reading() as session:
        row = find_edition(session, circular_id=circular_id)
        content, head = facts_kept(services, session, row), letterhead(CircularType(row.type), office=row.office)
    return None if content is None else MadeOf(content, lambda told: word(told, head).statements)


def _facts(services: Services, sha256: str) -> Content:
    services.evidence.verify(sha256)
    with services.evidence.open(sha256) as facts:
        return read_facts(facts.read())


def differs_from_original(
    services: Services, session: Session, row: CircularRow, content: Content | None
) -> tuple[Difference, ...] | None:
    """Return in what a correction differs from the paper whose place it takes; None of any other paper.

    `content` is what it was made of. Raises EvidenceMissing, EvidenceAltered.
    """
    if row.replaces_id is None:
        return None
    original = session.get_one(CircularRow, row.replaces_id)
    before = content_kept(services, session, original)
    return compared(session, row, content, original=original, before=before)


def tells_differences(session: Session, row: CircularRow) -> bool:
    """Tell whether an edition has an annex of what it corrects: one of other facts says in its text what they are."""
    if row.replaces_id is None:
        return False
    return row.facts_sha256 == session.get_one(CircularRow, row.replaces_id).facts_sha256


class _Given(TypedDict):
    number: str
    dated_on: date
    urgency: str
    joint: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """All that a file is drawn of: an edition's row, its content and the office's own template, if it has one.

    `joint` are the organs that issue it with the office, `differs` what a correction has to say otherwise.
    """

    row: CircularRow
    content: Content
    layout: CircularTemplateRow | None
    joint: tuple[str, ...] = ()
    differs: tuple[Difference, ...] = ()

    @classmethod
    def of(cls, services: Services, session: Session, row: CircularRow) -> "Edition | None":
        """Return an edition; None where nobody kept what it was made of."""
        content = content_kept(services, session, row)
        if content is None:
            return None
        layout = session.get_one(CircularTemplateRow, row.layout_id) if row.layout_id is not None else None
        differs = differs_from_original(services, session, row, content) if tells_differences(session, row) else None
        return cls(row, content, layout, joint_names(session, row.id or 0), differs or ())

    def press(self, services: Services, *, content: Content | None = None, number: str = "") -> Printed:
        """Return the file; the fitting sees real pages only where it has a number, because drawing takes seconds.

        Raises TemplateUnusable.
        """
        row, content = self.row, content or self.content
        head = letterhead(CircularType(row.type), office=row.office)
        statements = tuple((one.level, one.words) for one in paragraphs(row.statements))
        if self.differs:
            content = replace(content, tables=(*content.tables, comparison(self.differs)))
        worded = Draft(row.title, row.addressees, row.copies, row.note, statements)
        day = local_day(row.issued_at or services.clock.now())
        given: _Given = {"number": number, "dated_on": day, "urgency": row.urgency, "joint": self.joint}
        page_lines = office_suite.page_lines if number and office_suite.is_present() else None
        if self.layout is not None:
            document = compose(worded, content, head, **given)
            with _as_unusable(self.layout):
                template = template_bytes(services.evidence, self.layout)
                return print_in_template(
                    template, self.layout.name, document, page_lines=page_lines, has_number=bool(number.strip())
                )
        return press(worded, content, head, **given, page_lines=page_lines)


def template_bytes(evidence: EvidenceFiles, row: CircularTemplateRow) -> bytes:
    """Return a template of the office as it was uploaded. Raises EvidenceMissing, EvidenceAltered."""
    evidence.verify(row.sha256)
    with evidence.open(row.sha256) as file:
        return file.read()


@contextmanager
def _as_unusable(layout: CircularTemplateRow) -> Iterator[None]:
    """Say of a template that is not there, or cannot be filled, which one it is. Raises TemplateUnusable."""
    try:
        yield
    except TemplateRefused as refusal:
        raise TemplateUnusable(name=layout.name, faults=refusal.facts["faults"]) from None
    except (EvidenceMissing, EvidenceAltered):
        raise TemplateUnusable(name=layout.name, faults="模板文件不在或者已被改动。") from None


def check_usable(services: Services, layout_id: int | None) -> None:
    """Refuse a template of the office that takes no paper; None is our own layout. Raises TemplateUnusable."""
    if layout_id is None:
        return
    with services.database.reading() as session:
        layout = session.get_one(CircularTemplateRow, layout_id)
    with _as_unusable(layout):
        checked_fields(template_bytes(services.evidence, layout))


def check_can_be_drawn(services: Services, circular_id: int) -> None:
    """Put a paper into its template before it goes on: one that is numbered first may never get its file.

    It takes as long as a look at the draft, so it is done before the act and outside of it. Raises NotFound,
    TemplateUnusable.
    """
    with services.database.reading() as session:
        row = find_edition(session, circular_id=circular_id)
        edition = Edition.of(services, session, row) if row.layout_id is not None else None
    if edition is not None:
        edition.press(services)


def facts_now(services: Services, session: Session, row: CircularRow, content: Content | None) -> FactsNow | None:
    """Compute what an edition that proposes to criticise somebody would say now; None of any other.

    It takes as long as a draft, so it is done in a read before the act that asks for it.
    """
    if content is None or not any(one.act is NamingAct.BLAME for one in content.proposals):
        return None

    def compute_now(session: Session) -> Content | None:
        scope, kind = Scope(row.unit_name, row.document_number), CircularType(row.type)
        as_of, calendar = services.clock.now(), services.calendar
        try:
            return content_as_of(
                session, kind=kind, scope=scope, as_of=as_of, up_to=None, previous=None, calendar=calendar
            )
        except NothingToSay:
            return None

    up_to = last_event(session)
    return FactsNow(compute_now(session), up_to, compute_now)


def check_layout(services: Services, circular_id: int) -> None:
    """Press a draft and note what the check of its layout found, or that its template cannot be filled."""
    with services.database.reading() as session:
        edition = Edition.of(services, session, find_edition(session, circular_id=circular_id))
    if edition is None:
        return
    try:
        printed = edition.press(services)
        remarks, deviations = printed.remarks, printed.deviations
    except TemplateUnusable as refusal:
        remarks, deviations = (), (sentence(refusal),)
    with services.database.transaction() as session:
        note_check(
            session,
            circular_id=circular_id,
            version=edition.row.version,
            remarks=remarks,
            deviations=deviations,
        )


def draw(services: Services, circular_id: int) -> None:
    """Draw the file of an issued circular and keep it; nothing to do where it has one. Outside of any transaction."""
    with services.database.reading() as session:
        row = find_edition(session, circular_id=circular_id)
        edition = Edition.of(services, session, row) if row.sha256 is None else None
    if edition is None or row.number is None:
        return
    printed = edition.press(services, number=row.number)
    stored = services.evidence.store(BytesIO(printed.docx))
    drawn = Drawn(stored.sha256, f"{CIRCULAR_NAMES[row.type]}{row.number}.docx", printed.remarks, printed.deviations)
    with services.database.transaction() as session:
        keep_drawn(session, circular_id=circular_id, drawn=drawn, at=services.clock.now())


def differs_from_log(services: Services, session: Session, row: CircularRow) -> bool:
    """Tell whether the log gives other facts than those that an edition keeps."""
    if row.type == CircularType.RANKING.value:
        return digest_of(write_facts(ranking_again(session, row))) != row.facts_sha256
    computed = write_facts(content_of(session, row, calendar=services.calendar))
    return digest_of(computed) != row.facts_sha256
