"""The office drafts a paper anew from the data of now 「按现在的数据重拟」 and gives the one before up, at once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.circulars.content import Content
from tracker.domain.circulars.editions import EditionAction, NoRedraft
from tracker.domain.circulars.joint import DropCause
from tracker.domain.circulars.new_editions import NewEdition
from tracker.domain.circulars.paragraphs import Paragraph, check_by_hand, paragraphs
from tracker.domain.circulars.redrafts import Worded, carry_over
from tracker.domain.circulars.sentences import check_sentence
from tracker.domain.circulars.typed import Urgency, has_brace
from tracker.domain.errors import BadInput
from tracker.steps.co_issuers import drop_all, pass_on
from tracker.steps.editions import advance
from tracker.steps.naming_units import end_namings
from tracker.store.queries.circulars import find_edition
from tracker.store.queries.citations import citable
from tracker.store.queries.names_since import outdated_names
from tracker.store.queries.unit_names import all_names
from tracker.store.tables.circulars import CircularRow
from tracker.usecases.circulars.drafting import draft_circular
from tracker.wording.papers import paper_said
from tracker.wording.redrafts import FIELDS_OF_A_PAPER, left_words, redrafted_because

_TYPED = ("title", "addressees", "copies", "note")


def redraft_circular(
    session: Session,
    new: NewEdition,
    *,
    circular_id: int,
    version: int,
    told: Content,
    was: Content,
    before: Worded,
    actor: Actor,
    at: datetime,
    same_facts: Callable[[str | None, str | None], bool],
) -> int:
    """Keep a draft of what `new` was made of, which says `told`, with what a person wrote into the one that it follows.

    `before` are the words that the template gave that one, `was` what it said. It is put away: who was to be named
    hears of it, who was to issue it countersigns the new one. Records CircularChanged, NamingEnded, CircularDrafted,
    CoIssuerNamed, CoIssuerDropped. Raises NotFound, Stale, EditionRefused, NoRedraft and what `draft_circular` raises.
    """
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    row = find_edition(session, circular_id=circular_id, version=version)
    if row.replaces_id is not None:
        raise NoRedraft()
    made = _with_what_was_typed(session, row, new, told=told, was=was, before=before)
    closed = redrafted_because(new.as_of, title=made.title)
    advance(session, row, EditionAction.REDRAFT, "", actor=actor, at=at, closed=closed)
    end_namings(session, circular_id=circular_id, issued=False, actor=actor, at=at, redrafted=True)
    id_ = draft_circular(session, made, actor=actor, at=at, same_facts=same_facts)
    pass_on(session, row, session.get_one(CircularRow, id_), actor=actor, at=at)
    drop_all(session, circular_id, DropCause.DISCARDED, actor=actor, at=at)
    return id_


def _with_what_was_typed(
    session: Session, row: CircularRow, new: NewEdition, *, told: Content, was: Content, before: Worded
) -> NewEdition:
    """Put what a person wrote into a new edition, but for what names a unit as it is called no more, or has a brace."""
    former = outdated_names(session, row, None)
    typed = {name: str(getattr(row, name)) for name in _TYPED if getattr(row, name) != getattr(before, name)}
    stays = {name for name, words in typed.items() if _says(words, former) or has_brace(words)}
    left = [f"{FIELDS_OF_A_PAPER[name]}：{words}" for name, words in typed.items() if name in stays]
    fields = {name: words for name, words in typed.items() if name not in stays}
    fresh = [(int(str(level)), str(words)) for level, words in new.statements]
    units, kept = all_names(session), paragraphs(row.statements)

    def may_stand(one: Paragraph) -> bool:
        return not _says(one.words, former) and _holds(session, one, told, [words for _, words in fresh], units)

    carried = carry_over(kept, before.statements, fresh, may_stand=may_stand)
    return replace(
        replace(new, **fields),  # type: ignore[arg-type] # four fields that are words
        urgency=row.urgency if row.urgency in set(Urgency) else "",
        statements=[one.kept() for one in carried.text],
        said=paper_said(row.type, [told.fill(one.words) for one in carried.text]),
        redrafts_id=row.id,
        left_behind=[
            *(row.left_behind or ()),
            *left,
            *(left_words(was.fill(one.words), one.cited) for one in carried.left_behind),
        ],
    )


def _says(words: str, former: Mapping[str, str]) -> bool:
    return any(name in words for name in former)


def _holds(session: Session, one: Paragraph, told: Content, template: list[str], units: frozenset[str]) -> bool:
    """Tell whether words that somebody wrote may stand in a paper that says `told`."""
    try:
        if one.by_hand:
            check_by_hand(one.words, one.cited, known=citable(session, one.cited))
        else:
            check_sentence(one.words, content=told, before=template, units=units)
    except BadInput:
        return False
    return True
