"""The day for an answer counts from issue: in text and annex, for the units served, and in every edition of a paper."""

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import select
from sqlmodel import col

from tests.support.audience_city import SWJ, AudienceCity, open_audience_city
from tests.support.corrections import CHANGED
from tests.support.databases import fresh_sqlite
from tests.support.office import CALENDAR, LATE, LEADER, OFFICE
from tracker.computing import compute
from tracker.domain.calendar import full_date, local_day
from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.days import AFTER_ISSUE
from tracker.domain.circulars.kinds import CircularType
from tracker.editions import content_kept, differs_from_log, draw
from tracker.paper.letterheads import letterhead
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.served_papers import ServedPaperRow
from tracker.usecases.circulars.deciding import approve_circular, submit_circular
from tracker.usecases.circulars.drafting import correct_circular, draft_circular
from tracker.usecases.circulars.issuing import issue_circular
from tracker.wording.moments import inclusive

_OPEN_DAY = re.compile(r"\d日前|工作日前")
_ISSUED_AT = LATE + timedelta(days=7)
_DAY = CALENDAR.add_workdays(local_day(_ISSUED_AT), 5)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[AudienceCity]:
    made = open_audience_city(fresh_sqlite(tmp_path), tmp_path)
    yield made
    made.site.services.database.dispose()


def _drafted(city: AudienceCity, kind: CircularType) -> int:
    services = city.site.services
    new = compute(services, kind, letterhead(kind), scope=Scope(unit=SWJ), layout_id=None, now=LATE)
    with services.database.transaction() as session:
        return draft_circular(session, new, actor=OFFICE, at=LATE, same_facts=lambda _one, _other: False)


def _content(city: AudienceCity, id_: int) -> Content:
    with city.site.services.database.reading() as session:
        content = content_kept(city.site.services, session, session.get_one(CircularRow, id_))
    assert content is not None
    return content


def _issue(city: AudienceCity, id_: int, kind: CircularType, *, at: datetime) -> None:
    content, database = _content(city, id_), city.site.services.database
    given = {"circular_id": id_, "content": content, "corrects": CHANGED, "at": at}
    with database.transaction() as session:
        submit_circular(session, version=1, actor=OFFICE, **given)  # type: ignore[arg-type]  # by name
    with database.transaction() as session:
        approve_circular(session, version=2, basis="同意", actor=LEADER, **given)  # type: ignore[arg-type]  # by name
    with database.transaction() as session:
        number = letterhead(kind).number
        issue_circular(session, version=3, numbering=number, calendar=CALENDAR, actor=OFFICE, **given)  # type: ignore[arg-type]  # by name


def _printed(city: AudienceCity, id_: int) -> str:
    draw(city.site.services, id_)
    with city.site.services.database.reading() as session:
        sha256 = session.get_one(CircularRow, id_).sha256
    assert sha256 is not None
    with city.site.services.evidence.open(sha256) as file:
        document = Document(io.BytesIO(file.read()))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join((*(one.text for one in document.paragraphs), *cells))


def _served_until(city: AudienceCity, id_: int) -> date | None:
    wanted = select(col(ServedPaperRow.answer_on)).where(col(ServedPaperRow.circular_id) == id_)
    with city.site.services.database.reading() as session:
        return session.scalars(wanted).one()


@pytest.mark.parametrize("kind", [CircularType.URGE, CircularType.RECTIFICATION])
def test_the_day_for_an_answer_counts_from_issue_and_stands_so_everywhere(
    city: AudienceCity, kind: CircularType
) -> None:
    id_ = _drafted(city, kind)
    assert _content(city, id_).figures["answer_by"].words == AFTER_ISSUE
    _issue(city, id_, kind, at=_ISSUED_AT)
    content, printed, day = _content(city, id_), _printed(city, id_), full_date(_DAY)
    assert content.figures["answer_by"].words == day
    assert _served_until(city, id_) == _DAY
    assert f"于{day}（含）前将" in printed
    assert AFTER_ISSUE not in printed
    if kind is CircularType.RECTIFICATION:
        [faults] = [table for table in content.tables if table.kind == "faults"]
        assert day in {row[-1] for row in faults.rows}
    with city.site.services.database.reading() as session:
        row = session.get_one(CircularRow, id_)
        assert row.said is not None
        assert f"于{day}（含）前将" in row.said
        assert not differs_from_log(city.site.services, session, row)


def test_no_issued_paper_leaves_open_whether_a_due_day_counts(city: AudienceCity) -> None:
    """Words of documents, which say 前 as they like, are not among these papers; each that asks for an answer is."""
    with city.site.services.database.reading() as session:
        ids = session.scalars(select(col(CircularRow.id)).where(col(CircularRow.number).is_not(None))).all()
    said = {id_: _printed(city, id_ or 0) for id_ in ids}
    assert {id_: _OPEN_DAY.findall(words) for id_, words in said.items() if _OPEN_DAY.search(words)} == {}
    assert not any("前前" in words for words in said.values())
    assert sum("日（含）前" in words for words in said.values()) > 1


def test_a_correction_counts_a_day_of_its_own_and_shows_no_difference_by_it(city: AudienceCity) -> None:
    id_ = _drafted(city, CircularType.URGE)
    _issue(city, id_, CircularType.URGE, at=_ISSUED_AT)
    later = _ISSUED_AT + timedelta(days=3)
    with city.site.services.database.transaction() as session:
        second = correct_circular(session, circular_id=id_, version=4, reason="数字有误", actor=OFFICE, at=later)
    assert _content(city, second).figures["answer_by"].words == AFTER_ISSUE
    with city.site.client("office") as client:
        assert "文字与原件相同，还没有更正。" in client.get(f"/circulars/{second}").get_data(as_text=True)
    _issue(city, second, CircularType.URGE, at=later)
    until = CALENDAR.add_workdays(local_day(later), 5)
    assert _served_until(city, second) == until
    assert _content(city, second).figures["answer_by"].words == full_date(until)
    assert _content(city, id_).figures["answer_by"].words == full_date(_DAY)
    with city.site.services.database.reading() as session:
        said = session.get_one(CircularRow, second).said or ""
    assert f"于{full_date(until)}（含）前将" in said
    assert full_date(_DAY) not in said


def test_whoever_approves_sees_which_day_it_would_be(city: AudienceCity) -> None:
    id_ = _drafted(city, CircularType.URGE)
    city.site.clock.at = _ISSUED_AT
    with city.site.client("office") as client:
        page = client.get(f"/circulars/{id_}").get_data(as_text=True)
    assert AFTER_ISSUE in page
    assert f"今日印发的，为{inclusive(_DAY, today=local_day(_ISSUED_AT))}前。" in page


def test_the_rows_of_an_annex_of_faults_name_the_day_where_the_text_does_not(city: AudienceCity) -> None:
    id_ = _drafted(city, CircularType.RECTIFICATION)
    with city.site.services.database.transaction() as session:
        row = session.get_one(CircularRow, id_)
        row.statements = [one for one in row.statements if "{answer_by}" not in str(one[1])]
        session.flush()
        row_version = row.version
    content, database = _content(city, id_), city.site.services.database
    with database.transaction() as session:
        submit_circular(
            session, circular_id=id_, version=row_version, content=content, actor=OFFICE, at=LATE, corrects=CHANGED
        )
