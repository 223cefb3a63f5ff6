"""Whoever leaves a reason or an answer about a paper empty finds the form again, and beside the field what lacks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.naming_draft import DRAFTED_AT, NamingDraft, open_naming_draft
from tracker.domain.circulars.editions import EditionState
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.served_papers import ServedPaperRow


@pytest.fixture
def draft(tmp_path: Path) -> Iterator[NamingDraft]:
    made = open_naming_draft(fresh_sqlite(tmp_path), tmp_path)
    made.include()
    made.serve()
    made.city.site.clock.at = DRAFTED_AT
    yield made
    made.database.dispose()


def _fault(client: FlaskClient, action: str, *, at: str, field: str, **chosen: str) -> str:
    """Send a form as its page has it, the field left blank; return what the page that comes back says beside it."""
    page = html.document_fromstring(client.get(at).get_data(as_text=True))
    [form] = [one for one in page.iter("form") if one.get("action") == action]
    given = {one.get("name"): one.get("value", "") for one in form.iter("input") if one.get("type") == "hidden"}
    sent = client.post(action, data={**given, **chosen, field: " "}, headers={"Referer": f"http://localhost{at}"})
    assert sent.status_code == 400
    again = html.document_fromstring(sent.get_data(as_text=True))
    [form] = [one for one in again.iter("form") if one.get("action") == action]
    [blank] = [one for one in form.iter("textarea") if one.get("name") == field]
    assert all(one.get("checked") for one in form.iter("input") if one.get("value") in chosen.values())
    return "".join(one.text_content() for one in form.iter() if one.get("id") == blank.get("aria-describedby"))


def _urge(draft: NamingDraft) -> tuple[str, str]:
    """Return the addresses of an issued 催办单 and of its service."""
    with draft.database.reading() as session:
        urge = session.get_one(CircularRow, draft.city.papers["urge"])
        assert urge.state == EditionState.ISSUED.value
        [served] = session.scalars(select(ServedPaperRow).where(col(ServedPaperRow.circular_id) == urge.id)).all()
        return f"/circulars/{urge.id}", f"/served/{served.id}"


def test_a_unit_that_objects_or_answers_without_words_finds_its_form_again(draft: NamingDraft) -> None:
    naming, (paper, served) = f"/namings/{draft.naming.naming_id}", _urge(draft)
    with draft.city.site.client("swj") as liaison:
        said = _fault(liaison, f"{naming}/answer", at=naming, field="naming_words", naming_answer="objected")
        assert said == "提出异议的，请在“说明”中写明哪一处不实、依据是什么。"
        assert _fault(liaison, f"{served}/answer", at=paper, field="paper_answer") == "请写明答复内容。"
        page = html.document_fromstring(liaison.get(paper).get_data(as_text=True))
        [form] = [one for one in page.iter("form") if one.get("action") == f"{served}/answer"]
        given = {one.get("name"): one.get("value", "") for one in form.iter("input") if one.get("type") == "hidden"}
        assert liaison.post(f"{served}/answer", data={**given, "paper_answer": "已补报。"}).status_code == 303
    with draft.city.site.client("swj-head") as head:
        assert _fault(head, f"{served}/give-back", at="/sign-off", field="reason") == "请填写退回理由。"


def test_the_office_that_keeps_corrects_or_withdraws_without_a_reason_finds_its_form_again(draft: NamingDraft) -> None:
    draft.answer(agrees=False, words="并非如此")
    naming, (paper, _served) = f"/namings/{draft.naming.naming_id}", _urge(draft)
    with draft.city.site.client("office") as office:
        said = _fault(office, f"{naming}/keep", at=f"/circulars/{draft.id}", field="reason")
        assert said == "请填写仍予点名的理由。"
        for act in ("correct", "withdraw"):
            assert _fault(office, f"{paper}/{act}", at=paper, field="reason") == "请填写理由。"
