"""A form that was opened before somebody else acted: whichever button is pressed, its words are told or kept."""

import html
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.office import BY, IN_TIME, OFFICE
from tests.support.site import Site
from tracker.store.tables.filings import RequestRow
from tracker.usecases.ending import cancel_task, suspend_task
from tracker.usecases.requesting import RequestExtension, request_extension
from tracker.usecases.sharing import reassign_share
from tracker.web.filing import ExtensionForm
from tracker.web.forms import text_fields
from tracker.web.period_forms import CoverForm

PLEA, FACT = "统计口径还没有定下来", "9月28日印发通报1期。"
# Why more time is asked for, and what is said of the form as a whole, by its fields: whatever the model has.
PLEAS = {name: f"{PLEA}：{label}" for name, label in text_fields(ExtensionForm).items()}
COVER = {name: f"写在{label}里的话" for name, label in text_fields(CoverForm).items()}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    return made


class Opened:
    """The form of September of 市商务局 as somebody has it open, with what he wrote on it."""

    def __init__(self, site: Site, client: FlaskClient) -> None:
        with site.services.database.reading() as session:
            self.period = site.city.period("swj", session).id or 0
            self.row = site.city.row("swj", session).id or 0
            self.share = site.city.assignment("swj", session).id or 0
            self.task = site.city.assignment("swj", session).task_id
        self.client, self.at = client, f"/periods/{self.period}/form"
        page = client.get(self.at).get_data(as_text=True)
        token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
        was = html.unescape(re.findall(r'name="was" value="([^"]*)"', page)[0])
        key = f"a{self.share}-"
        self.fields = {
            "csrf_token": token,
            "was": was,
            "period_id": str(self.period),
            f"{key}fact": FACT,
            f"{key}claim": "on_schedule",
            f"{key}v1": "2",
            f"{key}on1": "2022-09-01",
            **{f"x{self.row}-{name}": words for name, words in PLEAS.items()},
            **COVER,
        }

    def press(self, address: str, **more: str) -> TestResponse:
        headers = {"Referer": f"http://localhost{self.at}"}
        return self.client.post(address, data={**self.fields, **more}, headers=headers)

    @property
    def buttons(self) -> dict[str, str]:
        return {
            "send": self.at,
            "go on": f"{self.at}/again",
            "ask for time": f"/rows/{self.row}/extension",
        }


def _asked_by_a_colleague(site: Site, form: Opened) -> None:
    with site.services.database.transaction() as session:
        command = RequestExtension(form.row, date(2022, 10, 20), "同事提出")
        request_extension(session, command, actor=site.city.liaison("swj"), at=IN_TIME)


def _suspended(site: Site, form: Opened) -> None:
    with site.services.database.transaction() as session:
        suspend_task(session, task_id=form.task, reason="疫情防控", actor=OFFICE, at=IN_TIME)


def _cancelled(site: Site, form: Opened) -> None:
    with site.services.database.transaction() as session:
        cancel_task(session, task_id=form.task, reason="职责调整", actor=OFFICE, at=IN_TIME)


def _sent_by_a_colleague(site: Site, _form: Opened) -> None:
    site.city.submit(at=IN_TIME)


def _signed(site: Site, _form: Opened) -> None:
    site.city.file(at=IN_TIME)


def _accepted(site: Site, _form: Opened) -> None:
    site.city.accept(site.city.file(at=IN_TIME), at=IN_TIME)


def _reassigned(site: Site, form: Opened) -> None:
    with site.services.database.transaction() as session:
        heir = site.city.unit_id("wjw")
        reassign_share(
            session, assignment_id=form.share, to_unit_id=heir, reason="职责调整", actor=OFFICE, at=IN_TIME, by=BY
        )


_MEANWHILE = (_asked_by_a_colleague, _suspended, _cancelled, _sent_by_a_colleague, _signed, _accepted, _reassigned)


@pytest.mark.parametrize("button", ["send", "go on", "ask for time"])
@pytest.mark.parametrize("meanwhile", _MEANWHILE)
@pytest.mark.parametrize("new_due_on", ["", "2022-10-20"])
def test_what_was_written_comes_back_with_whatever_button(
    site: Site, meanwhile: Callable[[Site, Opened], None], button: str, new_due_on: str
) -> None:
    with site.client("swj") as client:
        form = Opened(site, client)
        meanwhile(site, form)
        answer = form.press(form.buttons[button], **{f"x{form.row}-new_due_on": new_due_on})
        said = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code in (200, 400, 409), "nothing of it is taken"
    assert FACT in said
    assert PLEA in said
    assert [words for words in (*PLEAS.values(), *COVER.values()) if words not in said] == []


@pytest.mark.parametrize("meanwhile", [_suspended, _cancelled, _signed, _accepted])
def test_more_time_is_not_asked_for_where_nothing_is_owed(
    site: Site, meanwhile: Callable[[Site, Opened], None]
) -> None:
    with site.client("swj") as client:
        form = Opened(site, client)
        meanwhile(site, form)
        form.press(form.buttons["ask for time"], **{f"x{form.row}-new_due_on": "2022-10-20"})
    with site.services.database.reading() as session:
        assert session.scalars(select(RequestRow)).all() == []


@pytest.mark.parametrize("meanwhile", _MEANWHILE)
def test_what_is_kept_and_has_no_field_any_more_is_told_of(
    site: Site, meanwhile: Callable[[Site, Opened], None]
) -> None:
    with site.client("swj") as client:
        form = Opened(site, client)
        meanwhile(site, form)
        answer = form.press(f"{form.at}/keep")
        then = html.unescape(client.get(form.at).get_data(as_text=True))
        told = html.unescape(answer.get_data(as_text=True) + client.get("/own-drafts").get_data(as_text=True))
    assert PLEA in told
    assert [words for words in (*PLEAS.values(), *COVER.values()) if words not in told + then] == []
    assert FACT in told
    if answer.status_code == 303 and FACT not in re.findall(r"<textarea[^>]*>\n?([^<]*)</textarea>", then):
        assert "存在“本单位草稿”里，没有报出" in then


def test_what_was_said_of_an_earlier_period_comes_back_once_that_has_been_sent(site: Site) -> None:
    with site.client("swj") as client:
        form = Opened(site, client)
        said = "人员调整漏报"
        answer = form.press(form.buttons["go on"], missed_words=said)
        page = html.unescape(answer.get_data(as_text=True))
    assert 'name="missed_words"' not in page
    assert said in page
