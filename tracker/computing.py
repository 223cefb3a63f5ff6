"""Circulars computed from the log as of a moment and put into words; a draft keeps what came out.

A redraft 「重拟」 is computed as any draft, and takes over what a person wrote.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO

from sqlmodel import Session

from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.editions import NoRedraft
from tracker.domain.circulars.issuers import check_says_it_to_others, for_others
from tracker.domain.circulars.kinds import KINDS, CircularType
from tracker.domain.circulars.new_editions import NewEdition
from tracker.domain.circulars.redrafts import Worded
from tracker.editions import content_kept, rule_version
from tracker.paper.circulars import Draft, template_version, word
from tracker.paper.letterheads import Letterhead
from tracker.paper.press import matter_of
from tracker.rankings import check_not_out, ranking
from tracker.services import Services
from tracker.store.history.contents import content_as_of
from tracker.store.history.facts import find_unit
from tracker.store.history.log import last_event
from tracker.store.queries.circulars import document_title, find_edition, last_note_with, previous_edition
from tracker.store.queries.co_issuers import issuing_names
from tracker.store.queries.edition_facts import write_facts
from tracker.store.tables.circulars import CircularRow
from tracker.wording.contacts import NAMES_ONE, contact_in, with_contact
from tracker.wording.papers import paper_said


@dataclass(frozen=True, slots=True)
class Computed:
    """What the log tells, what of it is `told` to others than who issues it, its words, and the edition before.

    `matter` is what its title is about.
    """

    content: Content
    told: Content
    worded: Draft
    matter: str
    previous_id: int | None
    replaces_id: int | None = None
    because: str | None = None


def compute_as_of(
    services: Services,
    session: Session,
    kind: CircularType,
    head: Letterhead,
    *,
    scope: Scope,
    as_of: datetime,
    up_to: int | None = None,
    issued_as: int | None = None,
) -> Computed:
    """Compute a circular from the log, of which `up_to` is the last event that counts, and word it; nothing is kept.

    The one way for pages and commands. `issued_as` is a paper that is issued by the same organs, None: by its host
    alone. Raises ScopeMissing, NothingToSay, AskedByLetter, NobodyActs, OrdersItsIssuers.
    """
    if kind is CircularType.RANKING:
        made = ranking(session, scope, as_of=as_of, up_to=up_to)
        worded = word(made.content, head, matter=made.matter)
        return Computed(made.content, made.content, worded, made.matter, None, made.replaces_id, made.because)
    # Of a draft all that went out in its very instant went out before it; a command asks about the instant alone.
    previous = previous_edition(
        session, kind=kind, office=head.office, scope=scope, before=as_of, inclusive=up_to is not None
    )
    content = content_as_of(
        session, kind=kind, scope=scope, as_of=as_of, up_to=up_to, previous=previous, calendar=services.calendar
    )
    matter = matter_of(document_title(session, scope.document)) if scope.document else ""
    issuers = issuing_names(session, issued_as, host=head.name)
    told = for_others(content, issuers)
    check_says_it_to_others(content, told, issuers)
    return Computed(content, told, word(told, head, matter=matter), matter, previous.id if previous else None)


def compute(
    services: Services, kind: CircularType, head: Letterhead, *, scope: Scope, layout_id: int | None, now: datetime
) -> NewEdition:
    """Compute an edition from the log as of a moment, keep its facts in the evidence store, and word it.

    Raises ScopeMissing, NothingToSay, AskedByLetter, NobodyActs, OrdersItsIssuers.
    """
    return _made(services, kind, head, scope=scope, layout_id=layout_id, now=now)[0]


@dataclass(frozen=True, slots=True)
class Redraft:
    """A draft made anew: what it is made of now, and how the template worded the one that is given up."""

    new: NewEdition
    told: Content
    before: Worded
    was: Content


def compute_again(
    services: Services, circular_id: int, head: Letterhead, *, layout_id: int | None, now: datetime
) -> Redraft:
    """Compute a draft as of now: of the same type, scope, letterhead and organs as the one that is given up for it.

    Raises NotFound, NoRedraft and what `compute` raises.
    """
    with services.database.reading() as session:
        row = find_edition(session, circular_id=circular_id)
        was = content_kept(services, session, row)
        scope = _scope_now(session, row)
    if was is None:
        raise NoRedraft()
    kind = CircularType(row.type)
    new, computed = _made(services, kind, head, scope=scope, layout_id=layout_id, now=now, issued_as=circular_id)
    worded = word(was, head, matter=computed.matter)
    before = Worded(worded.title, worded.addressees, worded.copies, worded.note, worded.statements)
    return Redraft(new, computed.told, before, was)


def _scope_now(session: Session, row: CircularRow) -> Scope:
    """Return what a draft is about, a unit by the name that it bears now."""
    if row.score_month_id is not None:
        return Scope(month_id=row.score_month_id)
    unit = find_unit(session, row.unit_name) if row.unit_name is not None else None
    return Scope(unit or row.unit_name, row.document_number)


def _made(
    services: Services,
    kind: CircularType,
    head: Letterhead,
    *,
    scope: Scope,
    layout_id: int | None,
    now: datetime,
    issued_as: int | None = None,
) -> tuple[NewEdition, Computed]:
    with services.database.reading() as session:
        up_to = last_event(session)
        computed = compute_as_of(
            services, session, kind, head, scope=scope, as_of=now, up_to=up_to, issued_as=issued_as
        )
        note = _with_last_contact(session, kind, head, computed.worded.note)
        if kind is CircularType.RANKING:
            check_not_out(session, scope, edition=computed.content.scope.edition, now=now)
    kept = services.evidence.store(BytesIO(write_facts(computed.content)))
    new = _new(services, kind, head, computed, as_of=now, last_event=up_to, sha256=kept.sha256)
    return replace(new, note=note, layout_id=layout_id), computed


def _new(
    services: Services,
    kind: CircularType,
    head: Letterhead,
    computed: Computed,
    *,
    as_of: datetime,
    last_event: int,
    sha256: str,
) -> NewEdition:
    worded = computed.worded
    return NewEdition(
        type=kind,
        office=head.office,
        scope=computed.content.scope,
        as_of=as_of,
        last_event=last_event,
        facts_sha256=sha256,
        template_version=template_version(kind),
        rule_version=rule_version(services),
        series=head.series,
        title=worded.title,
        addressees=worded.addressees,
        copies=worded.copies,
        note=worded.note,
        statements=worded.statements,
        said=paper_said(kind.value, [computed.told.fill(words) for _level, words in worded.statements]),
        previous_id=computed.previous_id,
        replaces_id=computed.replaces_id,
        because=computed.because,
    )


def _with_last_contact(session: Session, kind: CircularType, head: Letterhead, note: str) -> str:
    """Name whom to ask in the note of a paper that orders: whoever the office named in its last one that names one."""
    if not KINDS[kind].is_order:
        return note
    return with_contact(note, contact_in(last_note_with(session, office=head.office, words=NAMES_ONE)))
