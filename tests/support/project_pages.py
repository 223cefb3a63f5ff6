"""Exports of projects by their pages: put in, shown, taken over as the page that showed them sends it."""

import html
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.projects import export


def send(client: FlaskClient, address: str, *, page: str, **fields: Any) -> TestResponse:  # Any: texts and files
    """Send a form of a page, with what it says by itself of the plan that it showed."""
    shown = client.get(page).get_data(as_text=True)
    hidden = {
        name: found[1]
        for name in ("csrf_token", "was")
        if (found := re.search(rf'name="{name}" value="([^"]*)"', shown))
    }
    assert "csrf_token" in hidden, page
    return client.post(address, data={**hidden, **fields}, headers={"Referer": f"http://localhost{page}"})


def words(answer: TestResponse) -> str:
    return html.unescape(answer.get_data(as_text=True))


def put(client: FlaskClient, *rows: tuple[object, ...], **more: str) -> TestResponse:
    """Put in an export of a list of 市商务局, of August unless `more` says otherwise."""
    fields = {
        "list": "waizi",
        "month": "2022-08",
        "since": "2022-01",
        "source": "省重点项目建设网",
        "not_secret": "yes",
    }
    file = (export(*rows), "导出.xlsx")
    return send(client, "/projects/imports", page="/projects/imports", **{**fields, **more}, file=file)


def take(client: FlaskClient, *rows: tuple[object, ...]) -> str:
    """Put in an export and take it over; return the page that showed it."""
    answer = put(client, *rows)
    assert answer.status_code == 303, words(answer)
    page = answer.headers["Location"]
    assert send(client, f"{page}/take", page=page).status_code == 303
    return page
