"""Whose word on a naming counts until when, and that nothing is done about it once its paper is no draft."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import col

from tests.support.naming_draft import (
    AFTER,
    ANSWER_BY,
    DRAFTED_AT,
    LAST_DAY,
    NamingDraft,
    open_naming_draft,
)
from tracker.domain.circulars.editions import EditionRefused, EditionState
from tracker.domain.errors import Stale
from tracker.domain.namings import (
    NamingObjected,
    NamingTooEarly,
    NoNamingToAnswer,
    NoObjectionToKeep,
)
from tracker.store.database import Database
from tracker.store.queries.namings import open_namings
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.units import UserRow
from tracker.usecases.circulars.naming import (
    answer_naming,
    leave_out_naming,
)


@pytest.fixture
def draft(database: Database, tmp_path: Path) -> NamingDraft:
    return open_naming_draft(database, tmp_path)


def test_what_a_liaison_answers_leaves_the_head_his_days(draft: NamingDraft) -> None:
    draft.serve()
    draft.include()
    draft.answer(agrees=True, words="数字已核")
    naming = draft.naming
    assert (naming.state, naming.answer, naming.is_proposed) == ("served", "数字已核", True)
    assert draft.disagreements() == []
    with draft.database.reading() as session:
        assert not open_namings(session, unit_ids=[naming.unit_id], today=ANSWER_BY)
        assert open_namings(session, unit_ids=[naming.unit_id], today=ANSWER_BY, head=True) == (naming,)
    with pytest.raises(NoNamingToAnswer):
        draft.answer(agrees=False, words="再想想")
    with pytest.raises(NamingTooEarly):
        draft.submit(at=LAST_DAY)
    draft.answer(agrees=False, words="时间不对", by="swj-head", at=LAST_DAY)
    assert draft.naming.state == "objected"
    draft.keep("时间经核无误")
    draft.answer(agrees=False, words="数字也不对", by="swj-head", at=LAST_DAY)
    assert draft.naming.kept_because is None, "what was said to another objection answers this one not"
    with pytest.raises(NamingObjected):
        draft.submit()
    with pytest.raises(NoNamingToAnswer):
        draft.answer(agrees=False, words="数字也不对", by="swj-head", at=LAST_DAY)
    draft.answer(agrees=True, by="swj-head", at=LAST_DAY)
    assert draft.disagreements() == []
    draft.go_out(at=LAST_DAY)


def test_what_a_liaison_agreed_to_stands_once_the_days_are_over(draft: NamingDraft) -> None:
    draft.serve()
    draft.include()
    draft.answer(agrees=True)
    with pytest.raises(NoNamingToAnswer):
        draft.answer(agrees=False, words="晚了", by="swj-head", at=AFTER)
    draft.go_out()
    assert (draft.naming.state, draft.naming.answered_by is not None) == ("ended", True)
    assert draft.disagreements() == []


def test_a_liaison_speaks_for_a_unit_that_has_no_head(draft: NamingDraft) -> None:
    with draft.database.transaction() as session:
        session.execute(update(UserRow).where(col(UserRow.login) == "swj-head").values(active=False))
    draft.serve()
    draft.include()
    draft.answer(agrees=True)
    assert draft.naming.state == "agreed"
    draft.go_out(at=DRAFTED_AT + timedelta(hours=1))


def test_who_answers_what_another_answered_meanwhile_is_told(draft: NamingDraft) -> None:
    draft.serve()
    shown = draft.naming.version
    draft.answer(agrees=False, words="数据有误")
    with pytest.raises(Stale), draft.database.transaction() as session:
        given = {"naming_id": draft.naming.naming_id, "agrees": True, "words": "", "version": shown}
        answer_naming(session, **given, actor=draft.actor("swj-head"), at=DRAFTED_AT)  # type: ignore[arg-type] # by name
    assert draft.naming.state == "objected"


@pytest.mark.parametrize("state", [one for one in EditionState if one is not EditionState.DRAFT])
@pytest.mark.parametrize("objected", [False, True])
def test_nothing_is_done_about_a_naming_of_a_paper_that_is_no_draft(
    draft: NamingDraft, state: EditionState, objected: bool
) -> None:
    """From a page that was opened while it was one."""
    draft.serve()
    draft.include()
    if objected:
        draft.answer(agrees=False, words="数据有误")
    with draft.database.transaction() as session:
        session.execute(update(CircularRow).where(col(CircularRow.id) == draft.id).values(state=state.value))
    before = draft.naming
    acts: list[Callable[[], object]] = [
        draft.serve,
        draft.include,
        lambda: draft.do(leave_out_naming, key=draft.proposal.key, content=draft.content),
        lambda: draft.keep("事实清楚"),
        lambda: draft.answer(agrees=True),
        lambda: draft.answer(agrees=True, by="swj-head"),
        lambda: draft.answer(agrees=False, words="不实", by="swj-head"),
    ]
    for act in acts:
        with pytest.raises((EditionRefused, NoObjectionToKeep, NoNamingToAnswer)):
            act()
    assert draft.naming == before
