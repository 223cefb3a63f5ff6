"""What the head of a unit sent back is named on the liaison's day until something took its place or it ended."""

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.databases import fresh_sqlite
from tests.support.office import BY, IN_TIME, LATE, OFFICE, City, open_city
from tests.support.site import Site, post
from tracker.domain.claims import RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind
from tracker.store.database import Database
from tracker.store.queries.sent_back import SentBack, sent_back_envelopes
from tracker.usecases.ending import cancel_task, resume_task, suspend_task
from tracker.usecases.filing import SubmitForm, SubmitOne, send_back, sign_off, submit_form, submit_one, withdraw

_LATER = IN_TIME + timedelta(hours=1)
_WHY = "请写明通报的文号"


def _back(city: City, filing_id: int, code: str = "swj") -> int:
    with city.database.transaction() as session:
        send_back(session, filing_id=filing_id, reason=_WHY, actor=city.head(code), at=IN_TIME)
    return filing_id


def _listed(city: City, code: str = "swj") -> list[SentBack]:
    with city.database.reading() as session:
        return sent_back_envelopes(session, unit_ids=[city.unit_id(code)])


def _tell(
    city: City, kind: FilingKind, code: str = "swj", *, at: datetime = IN_TIME, text: str = "9月28日签约1个项目。"
) -> int:
    with city.database.transaction() as session:
        entry = Entry(city.assignment(code, session).id or 0, RowContent(claim=None, text=text))
        return submit_one(session, SubmitOne(kind, entry), actor=city.liaison(code), at=at)


def _tick(city: City, code: str = "yc") -> int:
    with city.database.transaction() as session:
        period_id = city.period(code, session, name="2022H2").id or 0
        command = SubmitForm(period_id, (), ticked=True)
        return submit_form(session, command, actor=city.liaison(code), at=IN_TIME.replace(month=12, day=30))


def _sign(city: City) -> None:
    filing_id = city.submit()
    with city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=_LATER)


def _withdraw(city: City, filing_id: int, code: str = "swj") -> None:
    with city.database.transaction() as session:
        withdraw(session, filing_id=filing_id, actor=city.liaison(code), at=_LATER)


def _end(act: Callable[..., object]) -> Callable[[City], None]:
    def ended(city: City) -> None:
        with city.database.transaction() as session:
            task_id = city.assignment("swj", session).task_id or 0
            act(session, task_id=task_id, reason="任务已调整", actor=OFFICE, at=_LATER, **_more(act))

    return ended


def _more(act: Callable[..., object]) -> dict[str, object]:
    return {"by": BY} if act is resume_task else {}


_THEN: dict[str, tuple[list[Callable[[City], object]], bool]] = {
    "nothing": ([], True),
    "handed in again": ([City.submit], False),
    "handed in again and withdrawn": ([lambda city: _withdraw(city, city.submit())], True),
    "handed in again and signed": ([_sign], False),
    "news of the same share": ([lambda city: _tell(city, FilingKind.UPDATE)], True),
    "the task cancelled": ([_end(cancel_task)], False),
    "the task suspended": ([_end(suspend_task)], False),
    "the task suspended and resumed: its next form is asked for": ([_end(suspend_task), _end(resume_task)], False),
}


@pytest.mark.parametrize("then", _THEN)
def test_a_form_is_listed_until_another_took_its_place_or_nothing_of_it_can_be_reported(
    database: Database, then: str
) -> None:
    city, (acts, listed) = open_city(database), _THEN[then]
    first = _back(city, city.submit())
    for act in acts:
        act(city)
    assert [one.filing_id for one in _listed(city)] == ([first] if listed else [])


def test_of_two_that_came_back_the_later_one_is_listed(database: Database) -> None:
    city = open_city(database)
    _back(city, city.submit())
    second = _back(city, city.submit())
    (found,) = _listed(city)
    assert (found.filing_id, found.reason, found.stopped_by) == (second, _WHY, "swj负责人")
    assert [row.label for row in found.rows] == ["一1"]
    assert found.due_at is not None


@pytest.mark.parametrize(("kind", "code"), [(FilingKind.UPDATE, "swj"), (FilingKind.REPLY, "tjj")])
def test_what_stands_outside_forms_is_followed_by_the_same_kind_on_the_same_share(
    database: Database, kind: FilingKind, code: str
) -> None:
    city = open_city(database)
    first = _back(city, _tell(city, kind, code), code)
    city.submit() if kind is FilingKind.UPDATE else _tell(city, FilingKind.UPDATE, code)
    (found,) = _listed(city, code)
    assert (found.filing_id, found.due_at, found.document_title) == (first, None, "招商工作方案")
    _withdraw(city, _tell(city, kind, code), code)
    assert [one.filing_id for one in _listed(city, code)] == [first]
    _tell(city, kind, code, at=_LATER)
    assert _listed(city, code) == []


@pytest.mark.parametrize(("kind", "code"), [(FilingKind.UPDATE, "swj"), (FilingKind.REPLY, "tjj")])
def test_of_what_waited_side_by_side_each_is_listed_until_it_is_mended_itself(
    database: Database, kind: FilingKind, code: str
) -> None:
    city, before = open_city(database), IN_TIME - timedelta(minutes=5)
    first = _tell(city, kind, code, at=before)
    second = _tell(city, kind, code, at=before, text="9月29日签约2个项目。")
    assert [one.filing_id for one in _listed(city, code)] == []
    _back(city, second, code)
    _back(city, first, code)
    assert [one.filing_id for one in _listed(city, code)] == [first, second]
    _tell(city, kind, code, at=_LATER, text="改后")
    rest = [one.filing_id for one in _listed(city, code)]
    assert rest == [first], "the page begins with what came back last"
    _tell(city, kind, code, at=_LATER, text="又改")
    assert _listed(city, code) == []


def test_a_tick_that_came_back_is_listed_by_itself(database: Database) -> None:
    city = open_city(database)
    city.sweep(IN_TIME.replace(month=12, day=30))
    _back(city, _tick(city), "yc")
    (found,) = _listed(city, "yc")
    assert [(row.task_id, row.label) for row in found.rows] == [(None, None)]
    _tick(city)
    assert _listed(city, "yc") == []


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    return made


def _page(site: Site, address: str, code: str = "swj") -> str:
    with site.client(code) as client:
        return html.unescape(client.get(address).get_data(as_text=True))


def _panel(page: str, id_: str) -> str:
    found = re.search(rf'<section class="panel" id="{id_}".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def test_the_day_begins_with_what_the_head_sent_back_and_leads_to_its_form_and_its_task(site: Site) -> None:
    city = site.city
    filing_id, news_id = city.submit(), _tell(city, FilingKind.UPDATE)
    before = _page(site, "/today")
    with site.client("swj-head") as head:
        for one in (filing_id, news_id):
            post(head, f"/filings/{one}/send-back", at="/sign-off", reason=_WHY)
    site.work()
    page = _page(site, "/today")
    panel = _panel(page, "sent-back")
    with city.database.reading() as session:
        form = f"/periods/{city.period('swj', session).id}/form"
        task = city.assignment("swj", session).task_id
    assert "负责人退回" not in before
    assert "改好负责人退回的2份" in page
    assert "今天没有必须报出的" not in page
    assert panel.count(_WHY) == 2
    assert f'href="{form}"' in panel
    assert f'href="/tasks/{task}/update"' in panel
    assert page.index('id="sent-back"') < min(
        (page.index(f'id="{one}"') for one in ("today", "late", "back", "soon", "later") if f'id="{one}"' in page),
        default=len(page),
    )
    assert form not in _panel(page, "soon") + _panel(page, "later")
    told = _page(site, "/notices")
    assert f'href="{form}"' in told
    assert f'href="/tasks/{task}"' in told


def test_what_is_due_today_stays_among_what_is_due_today_though_it_came_back(site: Site) -> None:
    city = site.city
    _back(city, city.submit())
    with city.database.reading() as session:
        due_at = city.period("swj", session).due_at
        form = f"/periods/{city.period('swj', session).id}/form"
    site.clock.at = due_at - timedelta(hours=8)
    page = _page(site, "/today")
    assert form in _panel(page, "sent-back")
    assert form in _panel(page, "today")


def test_the_day_counts_what_is_overdue_and_was_sent_back_once(site: Site) -> None:
    filing_id = site.city.submit()
    with site.client("swj-head") as head:
        post(head, f"/filings/{filing_id}/send-back", at="/sign-off", reason=_WHY)
    site.clock.at = LATE
    site.city.sweep(LATE)
    page = _page(site, "/today")
    assert "改好负责人退回的1份（其中逾期1份）" in page
    assert "补报或补正" not in page
    assert _panel(page, "late")
