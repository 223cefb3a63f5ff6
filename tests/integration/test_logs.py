"""The logs: one line for what was done, with its number, and nothing in them that people have sent."""

import logging
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask, request
from sqlalchemy import text, update
from structlog.stdlib import get_logger

from tests.support.databases import fresh_sqlite
from tests.support.logs import Logs, written_logs
from tests.support.site import PASSWORD, Site, post
from tracker.logs import as_record
from tracker.store.tables.events import DeliveryRow
from tracker.web.access import EVERYBODY, allow, services
from tracker.web.cookies import Cookie
from workers import dispatch, scheduler

_WRITTEN = "制定了实施方案，召开专题会议三次"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(fresh_sqlite(tmp_path), tmp_path)


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Logs]:
    with written_logs(tmp_path) as written:
        yield written


def test_each_answered_request_is_one_record_that_names_route_person_and_thing(site: Site, logs: Logs) -> None:
    with site.client("swj") as liaison:
        answer = liaison.get("/tasks/1?from=geheim")
    record = logs.records("request")[-1]
    told = {"method": "GET", "route": "/tasks/<int:task_id>", "ids": {"task_id": 1}, "status": 200}
    assert {name: record[name] for name in told} == told
    assert {
        "login": "swj",
        "unit": "市商务局",
        "logger": "tracker.web.request_log",
        "level": "info",
    }.items() <= record.items()
    assert record["bytes"] == len(answer.data)
    assert record["ms"] > 0
    assert datetime.fromisoformat(record["timestamp"]).utcoffset() is not None
    assert record["request_id"] == answer.headers["X-Request-ID"]
    assert len(logs.records("request")) == 3


def test_the_record_of_a_form_that_comes_back_is_that_of_the_form(site: Site, logs: Logs) -> None:
    with site.client("office") as office:
        page = office.get("/tasks/1").get_data(as_text=True)
        token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        sent = {"csrf_token": token, "new_on": "2022-08-01", "reason": _WRITTEN}
        answer = office.post("/tasks/1/deadline", data=sent, headers={"Referer": "http://localhost/tasks/1"})
    assert _WRITTEN in answer.get_data(as_text=True)
    record = logs.records("request")[-1]
    told = {"method": "POST", "route": "/tasks/<int:task_id>/deadline", "status": 400, "login": "office"}
    assert {name: record.get(name) for name in told} == told
    assert record["request_id"] == answer.headers["X-Request-ID"]
    assert _WRITTEN not in logs.text


def test_the_number_that_the_proxy_gave_is_kept_and_one_of_another_form_is_replaced(site: Site, logs: Logs) -> None:
    kept = ("4f2a-77", "a" * 64)
    others = ("", "a" * 65, "a b", "a\tb", "编号".encode().decode("latin-1"), "a,b", "<b>")
    with site.client() as nobody:
        answered = {
            given: nobody.get("/login", headers={"X-Request-ID": given}).headers["X-Request-ID"]
            for given in (*kept, *others)
        }
    assert [answered[given] for given in kept] == list(kept)
    assert all(re.fullmatch("[0-9a-f]{16}", answered[given]) for given in others)
    assert [record["request_id"] for record in logs.records("request")] == list(answered.values())


def test_nothing_that_was_sent_stands_in_the_logs(site: Site, logs: Logs) -> None:
    _fail_with_what_was_sent(site.app)
    with site.client("swj") as liaison:
        cookie = liaison.get_cookie(Cookie.LOG_IN)
        assert cookie is not None
        for address in ("/tasks/1/update", "/failing", "/refused"):
            post(liaison, f"{address}?asked={_WRITTEN}", at="/today", fact=_WRITTEN, claim=_WRITTEN)
    sent = (PASSWORD, _WRITTEN, _WRITTEN[:8], cookie.value, "asked", "csrf_token", "联络员")
    assert [words for words in sent if words in logs.text or words.encode("unicode-escape").decode() in logs.text] == []
    assert [record["status"] for record in logs.records("request")][-1] == 503
    assert len(logs.records("request failed")) == 1


def _fail_with_what_was_sent(app: Flask) -> None:
    @app.post("/failing")
    @allow(*EVERYBODY)
    def failing() -> str:
        return str(int(request.form["fact"]))

    @app.post("/refused")
    @allow(*EVERYBODY)
    def refused() -> str:
        with services().database.transaction() as session:
            session.execute(text("SELECT no_such_column, :fact"), {"fact": request.form["fact"]})
        return ""


def test_page_header_and_traceback_of_an_error_carry_the_same_number(site: Site, logs: Logs) -> None:
    _fail_with_what_was_sent(site.app)
    with site.client("swj") as liaison:
        answers = {path: post(liaison, path, at="/today", fact="x") for path in ("/failing", "/refused")}
    for path, event, kind in (("/failing", "request failed", "ValueError"), ("/refused", "unavailable", "Operational")):
        [record] = logs.records(event)
        number = answers[path].headers["X-Request-ID"]
        assert record["request_id"] == number
        assert f"请把这个编号告诉管理员：<code>{number}</code>" in answers[path].get_data(as_text=True)
        assert kind in record["exception"]
        assert 'test_logs.py", line' in record["exception"]
        assert {"login": "swj", "route": path}.items() <= record.items()


def test_the_page_that_says_that_the_database_is_away_needs_none(site: Site, logs: Logs) -> None:
    with site.client("swj") as liaison:
        with site.services.database.transaction() as session:
            session.execute(text("ALTER TABLE reminder RENAME TO lost"))
        answer = liaison.get("/today")
    assert answer.status_code == 503
    assert "请把这个编号告诉管理员" in answer.get_data(as_text=True)
    assert len(logs.records("unavailable")) == 1


def test_other_refusals_show_no_number(site: Site, logs: Logs) -> None:
    with site.client("swj") as liaison:
        assert "编号告诉管理员" not in liaison.get("/tasks/999").get_data(as_text=True)
    assert logs.records("request")[-1]["status"] == 404


def test_what_machines_ask_and_files_of_the_layout_are_no_records(site: Site, logs: Logs) -> None:
    with site.client() as nobody:
        for address in ("/healthz", "/metrics", "/static/app.css"):
            nobody.get(address, buffered=True)
    assert logs.text == ""


def test_libraries_are_heard_from_warnings_on_and_in_the_same_form(logs: Logs) -> None:
    for name in ("alembic.runtime.migration", "dramatiq.MainProcess", "gunicorn.access", "httpx", "watchfiles.main"):
        logging.getLogger(name).info("booting")
    assert logs.text == ""
    logging.getLogger("gunicorn.error").warning("Error handling request %s", "/tasks?unit=geheim")
    [record] = logs.records()
    assert (record["event"], record["level"]) == ("Error handling request /tasks?…", "warning")


def test_each_delivery_is_one_record_whether_it_is_done_or_fails(site: Site, logs: Logs) -> None:
    site.clock.at = site.clock.at.replace(month=10)
    scheduler.tick(site.services, last=None)
    dispatch.read_log(site.services)
    delivery, *_others = dispatch.due_deliveries(site.services)
    for reaction in ("unknown", "notice"):
        with site.services.database.transaction() as session:
            session.execute(update(DeliveryRow).values(reaction=reaction, next_at=site.clock.at))
        dispatch.react(site.services, delivery)
        dispatch.react(site.services, delivery)
    [passed] = logs.records("pass")
    assert passed["opened"] > 0
    failed, done = logs.records("delivery")
    told = {"delivery_id": delivery, "event_seq": 4}
    assert {**told, "reaction": "unknown", "outcome": "pending", "attempt": 1}.items() <= failed.items()
    assert {**told, "reaction": "notice", "outcome": "done", "attempt": 2}.items() <= done.items()
    assert min(failed["ms"], done["ms"]) > 0
    assert ("KeyError" in failed["exception"], "exception" in done) == (True, False)


def test_a_pass_that_finds_nothing_to_do_is_silent(site: Site, logs: Logs) -> None:
    last = scheduler.tick(site.services, last=None)
    before = logs.text
    site.clock.at = last.replace(minute=last.minute + 2)
    scheduler.tick(site.services, last=last)
    assert logs.text == before


def test_a_demonstration_writes_readable_lines_without_escapes(tmp_path: Path) -> None:
    with written_logs(tmp_path, mode="demo") as logs:
        get_logger("workers.dispatch").info("delivery", outcome="done", ms=1.5)
    assert re.search(r"^\S+Z \[info +\] delivery +\[workers.dispatch\] ms=1.5 outcome=done", logs.text)
    assert "\x1b" not in logs.text


def test_an_error_that_no_process_configured_is_written_as_python_does(capsys: pytest.CaptureFixture[str]) -> None:
    """Each test that lets a part fail pays for the record; one with every frame's variables takes seconds."""
    frames = "a variable of the frame"
    try:
        raise OSError(frames[:1])
    except OSError:
        get_logger("unconfigured").exception("failed")
    said = capsys.readouterr()
    assert "Traceback (most recent call last):" in said.out + said.err
    assert "╭" not in said.out + said.err
    assert frames not in said.out + said.err


def test_what_another_program_says_becomes_a_record_and_a_record_stays_one() -> None:
    told = as_record("redis", "Valkey is now ready")
    assert '"event": "Valkey is now ready"' in told
    assert '"program": "redis"' in told
    assert as_record("web", told) == told
