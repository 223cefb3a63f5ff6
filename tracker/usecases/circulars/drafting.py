"""The office drafts a circular, changes its words, drafts the correction of an issued one, puts a draft away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.circulars.content import Content
from tracker.domain.circulars.editions import (
    CircularDraftedAlready,
    EditionAction,
    EditionRefused,
    EditionState,
    TextAct,
    advance_edition,
)
from tracker.domain.circulars.joint import DropCause
from tracker.domain.circulars.new_editions import NewEdition, Statement
from tracker.domain.circulars.paragraphs import Paragraph, check_by_hand, in_their_places, paragraphs, restored
from tracker.domain.circulars.sentences import check_sentence
from tracker.domain.circulars.typed import check_field, check_title, check_urgency
from tracker.domain.events.circulars import CircularDrafted
from tracker.domain.filings import check_reason
from tracker.domain.twice import A_MOMENT
from tracker.steps.co_issuers import drop_all, pass_on
from tracker.steps.editions import advance, changed, check_no_correction, replaceable
from tracker.steps.naming_by_hand import check_named_by_hand
from tracker.steps.naming_units import end_namings
from tracker.steps.publishing_months import check_tells_newest
from tracker.store import event_log
from tracker.store.queries.circulars import find_edition
from tracker.store.queries.citations import citable
from tracker.store.queries.paper_words import check_typed_fields
from tracker.store.queries.unit_names import all_names
from tracker.store.tables.circulars import CircularRow
from tracker.wording.corrections import with_correction_note
from tracker.wording.papers import PLACES, cited_number, paper_said

_KEPT_BY_A_CORRECTION = (
    *("type", "office", "unit_name", "document_number", "as_of", "last_event", "facts_sha256", "template_version"),
    *("rule_version", "previous_id", "layout_id", "title", "addressees", "copies", "note", "urgency", "statements"),
    *("series", "said", "score_month_id", "score_edition"),
)
_DRAFTED_FROM = (
    *("office", "unit_name", "document_number", "layout_id", "series", "title", "addressees", "copies", "note"),
    *("score_month_id", "score_edition", "statements"),
)


@dataclass(frozen=True, slots=True)
class AddedParagraph:
    """A paragraph written by hand 「人工撰写」: its words, the items that it cites, after how many others it stands.

    None puts it last.
    """

    after: int | None
    words: str
    cited: tuple[str, ...]


def _same_digest(digest: str | None, other: str | None) -> bool:
    return digest == other


def draft_circular(
    session: Session,
    new: NewEdition,
    *,
    actor: Actor,
    at: datetime,
    same_facts: Callable[[str | None, str | None], bool] = _same_digest,
) -> int:
    """Keep a draft and return its id; `same_facts` tells by their digests whether two say the same.

    Records CircularDrafted. Raises NotYourTask, EditionRefused, CorrectionUnderWay, CircularDraftedAlready at its end.
    """
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    note, replaced = new.note, replaceable(session, new.replaces_id)
    if replaced is not None:
        note = with_correction_note(
            new.note,
            number=cited_number(replaced.number or "", series=replaced.series, year=replaced.year),
            reason=new.because or "",
        )
    row = _row_of(new, note=note)
    _check_not_drafted(session, row, actor=actor, at=at, same_facts=same_facts)
    return _drafted(session, row, actor=actor, at=at)


def _row_of(new: NewEdition, *, note: str) -> CircularRow:
    return CircularRow(
        type=new.type.value,
        office=new.office,
        unit_name=new.scope.unit,
        document_number=new.scope.document,
        as_of=new.as_of,
        last_event=new.last_event,
        facts_sha256=new.facts_sha256,
        template_version=new.template_version,
        rule_version=new.rule_version,
        previous_id=new.previous_id,
        layout_id=new.layout_id,
        title=new.title,
        addressees=new.addressees,
        copies=new.copies,
        note=note,
        replaces_id=new.replaces_id,
        corrects_because=new.because,
        score_month_id=new.scope.month_id,
        score_edition=new.scope.edition,
        said=new.said,
        statements=[list(statement) for statement in new.statements],
        urgency=new.urgency,
        redrafted_from_id=new.redrafts_id,
        left_behind=list(new.left_behind) or None,
        series=new.series,
        remarks=[],
    )


def _check_not_drafted(
    session: Session,
    row: CircularRow,
    *,
    actor: Actor,
    at: datetime,
    same_facts: Callable[[str | None, str | None], bool],
) -> None:
    """Refuse what was sent twice: the same of the same facts, a moment ago; later it may be wanted again.

    Two presses have neither a moment nor a last event in common, for the first draft is an event itself.
    Raises CircularDraftedAlready.
    """
    untouched = select(CircularRow).where(
        col(CircularRow.state) == EditionState.DRAFT.value,
        col(CircularRow.type) == row.type,
        col(CircularRow.drafted_at) > at - A_MOMENT,
        col(CircularRow.drafted_by_id) == actor.user_id,
        col(CircularRow.drafted_for_id).is_not_distinct_from(actor.for_id),
        col(CircularRow.replaces_id).is_(None),
        col(CircularRow.version) == 1,
    )

    def check() -> None:
        for other in session.scalars(untouched):
            alike = other.id != row.id and all(getattr(other, name) == getattr(row, name) for name in _DRAFTED_FROM)
            if alike and same_facts(other.facts_sha256, row.facts_sha256):
                raise CircularDraftedAlready()

    event_log.check_last(session, check)


def correct_circular(
    session: Session,
    *,
    circular_id: int,
    version: int,
    reason: str,
    actor: Actor,
    at: datetime,
    in_template: bool = True,
) -> int:
    """Draft a correction 「更正」 that takes an issued circular's place when it is issued; return its id.

    It has the cut-off, the facts and the words of the one it corrects, so that only what is wrong is changed, and says
    in its note 「附注」 what it corrects, and why; who issued it together countersigns it too. Not `in_template`: it
    leaves the office's own template, which cannot be filled. Records CircularDrafted, CoIssuerNamed. Raises NotFound,
    Stale, EditionRefused, CorrectionUnderWay, CorrectedResultWaits, ReasonRequired, BraceInField.
    """
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    reason = check_reason(reason)
    check_field(reason, field=PLACES["reason"])
    wrong = find_edition(session, circular_id=circular_id, version=version)
    advance_edition(EditionState(wrong.state), EditionAction.CORRECT)
    check_no_correction(session, circular_id)
    check_tells_newest(session, wrong)
    kept = {name: getattr(wrong, name) for name in _KEPT_BY_A_CORRECTION if in_template or name != "layout_id"}
    row = CircularRow(**kept, replaces_id=circular_id, corrects_because=reason, remarks=[])
    number = cited_number(wrong.number or "", series=wrong.series, year=wrong.year)
    row.note = with_correction_note(wrong.note, number=number, reason=reason)
    id_ = _drafted(session, row, actor=actor, at=at)
    pass_on(session, wrong, row, actor=actor, at=at)
    return id_


def _drafted(session: Session, row: CircularRow, *, actor: Actor, at: datetime) -> int:
    row.drafted_by, row.drafted_by_id, row.drafted_at = actor.name, actor.user_id, at
    row.drafted_for_id = actor.for_id
    session.add(row)
    session.flush()
    assert row.id is not None
    event = CircularDrafted(
        circular_id=row.id,
        kind=row.type,
        as_of=row.as_of,
        last_event=row.last_event,
        because=row.corrects_because or "",
        score_month_id=row.score_month_id,
        score_edition=row.score_edition,
        redrafts=row.redrafted_from_id,
    )
    event_log.record(session, event, actor=actor, at=at)
    return row.id


def note_check(
    session: Session, *, circular_id: int, version: int, remarks: Sequence[str], deviations: Sequence[str]
) -> None:
    """Keep what a check of the words' layout found, unless they have been changed since; the draft stays as it is."""
    checked = update(CircularRow).where(
        col(CircularRow.id) == circular_id,
        col(CircularRow.version) == version,
        col(CircularRow.state) == EditionState.DRAFT.value,
    )
    session.execute(checked.values(remarks=list(remarks), deviations=list(deviations)))


def edit_circular(
    session: Session,
    *,
    circular_id: int,
    version: int,
    title: str,
    addressees: str,
    copies: str,
    note: str,
    urgency: str,
    sentences: Sequence[str],
    content: Content,
    template: Sequence[Statement],
    actor: Actor,
    at: datetime,
    places: Sequence[str] = (),
    added: AddedParagraph | None = None,
    put_back: Sequence[str] = (),
) -> None:
    """Change a draft's words; an empty sentence leaves it out, figures stay bound to their facts.

    `places` are the new places of the sentences, none where they stay; `put_back` are numbers of paragraphs of the
    template that come back. Records CircularChanged. Raises NotFound, Stale, EditionRefused, UnknownToken, StrayBrace,
    BraceInField, DigitTyped, FigureMoved, UnitTyped, NothingCited, CitedUnknown, FigureByHand, PlaceUnknown,
    NamingOutOfChapter, NamedByHand, PaperTitleMissing, TitleTooLong, UrgencyUnknown.
    """
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    row = find_edition(session, circular_id=circular_id, version=version)
    if row.state != EditionState.DRAFT.value:
        raise EditionRefused(state=row.state, action="edit")
    now = _edited(session, row, sentences, content=content, template=template)
    new = None
    if added is not None:
        new = check_by_hand(added.words, added.cited, known=citable(session, added.cited))
    told = in_their_places(now, places, added=new, after=added.after if added is not None else None)
    told = restored(told, template, put_back)
    row.title, row.addressees = check_title(title), addressees.strip()
    row.copies, row.note = copies.strip().rstrip("。"), note.strip()
    row.urgency, row.statements = check_urgency(urgency), [one.kept() for one in told]
    row.said = paper_said(row.type, [content.fill(one.words) for one in told])
    check_typed_fields(row)
    check_named_by_hand(session, row, content, at=at)
    changed(session, row, TextAct.EDIT, "", actor=actor, at=at)


def _edited(
    session: Session, row: CircularRow, sentences: Sequence[str], *, content: Content, template: Sequence[Statement]
) -> list[Paragraph]:
    """Return the paragraphs with their new words; one that was written by hand answers for itself."""
    before = paragraphs(row.statements)
    known = [words for _, words in template] + [one.words for one in before if not one.by_hand]
    units = all_names(session)
    told = []
    for was, sentence in zip(before, sentences, strict=True):
        words = " ".join(sentence.split())
        if words and was.by_hand:
            check_by_hand(words, was.cited, known=frozenset(was.cited))
        elif words:
            check_sentence(words, content=content, before=known, units=units)
        told.append(replace(was, words=words))
    return told


def discard_circular(session: Session, *, circular_id: int, version: int, actor: Actor, at: datetime) -> None:
    """Put a draft away 「作废」; who was to be named or to issue it hears of it.

    Records CircularChanged, NamingEnded, CoIssuerDropped. Raises NotFound, Stale, EditionRefused.
    """
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    advance(
        session,
        find_edition(session, circular_id=circular_id, version=version),
        EditionAction.DISCARD,
        "",
        actor=actor,
        at=at,
    )
    end_namings(session, circular_id=circular_id, issued=False, actor=actor, at=at)
    drop_all(session, circular_id, DropCause.DISCARDED, actor=actor, at=at)
