"""What is said of a naming at the moment at which its paper goes on: nobody waits for good, and nothing is lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlmodel import Session

from tests.support.naming_draft import AFTER, DRAFTED_AT, LAST_DAY, NamingDraft, open_naming_draft
from tests.support.together import await_waiting, together
from tracker.domain.errors import Rejected
from tracker.domain.namings import NamingTooEarly, NoNamingToAnswer, NoObjectionToKeep
from tracker.store.tables.circulars import CircularRow
from tracker.usecases.circulars.drafting import correct_circular
from tracker.usecases.circulars.naming import answer_naming, keep_naming

_WORDS = "数据有误，十月已经报送"


@pytest.fixture
def draft(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NamingDraft]:
    """A draft on PostgreSQL: SQLite lets one writer in at a time."""
    with request.getfixturevalue("spare_postgres").taken() as database:
        yield open_naming_draft(database, tmp_path)


def _late_answer(draft: NamingDraft, session: Session) -> None:
    id_, by = draft.naming.naming_id, draft.actor("swj-head")
    answer_naming(session, naming_id=id_, agrees=False, words=_WORDS, actor=by, at=LAST_DAY)


def _late_reason(draft: NamingDraft, session: Session) -> None:
    keep_naming(session, naming_id=draft.naming.naming_id, reason="事实清楚", actor=draft.actor("office"), at=LAST_DAY)


def _corrected(draft: NamingDraft) -> NamingDraft:
    """Issue a paper that names a unit, and draft its correction."""
    draft.serve()
    draft.include()
    draft.go_out()
    return NamingDraft(draft.city, int(str(draft.do(correct_circular, at=AFTER, reason="标题有误"))), draft.content)


@pytest.mark.parametrize("late", [_late_answer, _late_reason])
@pytest.mark.parametrize("step", ["submit", "approve", "issue"])
def test_a_late_word_and_a_correction_on_its_way_do_not_wait_for_each_other(
    draft: NamingDraft, late: Callable[[NamingDraft, Session], None], step: str
) -> None:
    """The late one has its paper, and asks for the naming while the other wants both."""
    correction = _corrected(draft)
    before = draft.naming
    steps = ("submit", "approve", "issue")
    for earlier in steps[: steps.index(step)]:
        getattr(correction, earlier)()
    with ThreadPoolExecutor(1) as pool:
        with draft.database.transaction() as session:
            session.get_one(CircularRow, draft.id, with_for_update=True)
            following = pool.submit(getattr(correction, step))
            await_waiting(draft.database, following)
            with pytest.raises((NoNamingToAnswer, NoObjectionToKeep)):
                late(draft, session)
        following.result()
    states = {"submit": "submitted", "approve": "approved", "issue": "issued"}
    assert (correction.row.state, draft.row.state) == (states[step], "corrected" if step == "issue" else "issued")
    assert (replace(draft.naming, paper_state=before.paper_state), draft.disagreements()) == (before, [])


def test_a_stale_answer_and_the_issue_of_a_correction_at_the_same_moment(draft: NamingDraft) -> None:
    correction = _corrected(draft)
    correction.submit()
    correction.approve()

    def answer() -> str:
        with pytest.raises(NoNamingToAnswer), draft.database.transaction() as session:
            _late_answer(draft, session)
        return "refused"

    def issue() -> str:
        correction.issue()
        return "issued"

    assert together(answer, issue) == ["refused", "issued"]
    assert (draft.row.state, correction.row.state, draft.disagreements()) == ("corrected", "issued", [])


def test_an_answer_and_the_submission_of_its_paper_at_the_same_moment(draft: NamingDraft) -> None:
    """One comes first: either the paper goes with the head's word, or it goes not yet and his word is there."""
    draft.serve()
    draft.include()

    def tried(act: Callable[[], None]) -> type[Rejected] | None:
        try:
            act()
        except Rejected as refused:
            return type(refused)
        return None

    agree = partial(draft.answer, agrees=True, by="swj-head", at=DRAFTED_AT)
    answered, submitted = together(partial(tried, agree), partial(tried, partial(draft.submit, at=DRAFTED_AT)))
    assert answered is None
    assert (submitted, draft.row.state) in [(None, "submitted"), (NamingTooEarly, "draft")]
    assert (draft.naming.state, draft.disagreements()) == ("agreed", [])


def _answer_by_page(draft: NamingDraft, client: FlaskClient) -> tuple[str, dict[str, str]]:
    return f"/namings/{draft.naming.naming_id}/answer", {"naming_answer": "objected", "naming_words": _WORDS}


def _edit_by_page(draft: NamingDraft, client: FlaskClient) -> tuple[str, dict[str, str]]:
    row = draft.row
    said = {"version": str(row.version), "title": row.title, "note": _WORDS}
    return f"/circulars/{row.id}/edit", {**said, "text": [str(one[1]) for one in row.statements]}  # type: ignore[dict-item]  # one field for each paragraph


@pytest.mark.parametrize(
    ("login", "table", "act"), [("swj", "naming", _answer_by_page), ("office", "circular", _edit_by_page)]
)
def test_whom_the_database_stops_reads_that_another_acts_and_keeps_his_words(
    draft: NamingDraft,
    login: str,
    table: str,
    act: Callable[[NamingDraft, FlaskClient], tuple[str, dict[str, str]]],
) -> None:
    """PostgreSQL ends one of two that wait for each other; which statement it is that it ends is its own choice."""
    draft.serve()
    draft.city.site.clock.at, draft.city.site.app.config["WTF_CSRF_ENABLED"] = DRAFTED_AT, False
    stops = (
        "CREATE FUNCTION stops() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$",
        f"CREATE TRIGGER stopped BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION stops()",
    )
    _run(draft, *stops)
    try:
        with draft.city.site.client(login) as client:
            address, sent = act(draft, client)
            answer = client.post(
                address, data=sent, headers={"Referer": f"http://localhost{address.rpartition('/')[0]}"}
            )
    finally:
        _run(draft, "DROP FUNCTION stops() CASCADE")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, "他人正在办理同一事项" in page, _WORDS in page) == (409, True, True)
    assert (draft.naming.state, draft.row.note == _WORDS) == ("served", False)


def _run(draft: NamingDraft, *statements: str) -> None:
    with draft.database.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
