"""Whom to ask about a paper stands in its note: written once, it is taken over by what the office drafts after it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.audience_city import AudienceCity, open_audience_city, own_audience_city
from tests.support.office import LATE
from tracker.domain.circulars.kinds import CircularType
from tracker.store.database import Database
from tracker.store.queries.circulars import last_note_with
from tracker.store.tables.circulars import CircularRow
from tracker.wording.contacts import NAMES_ONE, contact_in, with_contact

_CONTACT = "联系人：王明，联系电话：办公室总机"
_MISSING = "附注没有写明联系人和联系电话"


@pytest.fixture
def own_city(tmp_path: Path) -> Iterator[AudienceCity]:
    with own_audience_city(tmp_path, at=LATE) as made:
        yield made


def _note_of_issued(city: AudienceCity, paper: str, note: str) -> None:
    with city.site.services.database.transaction() as session:
        session.get_one(CircularRow, city.papers[paper]).note = note


def _last_drafted(city: AudienceCity) -> CircularRow:
    with city.site.services.database.reading() as session:
        return session.scalars(select(CircularRow).order_by(col(CircularRow.id).desc())).first()  # type: ignore[return-value]  # there is one


def test_what_a_note_names_is_one_of_its_parts() -> None:
    assert contact_in(f"因数字有误，本件更正驻政办函〔2022〕1号，原件同时废止；{_CONTACT}") == _CONTACT
    assert contact_in("此件不公开发布，联系人另告") == ""
    assert with_contact("", _CONTACT) == _CONTACT
    assert with_contact("此件不公开发布", _CONTACT) == f"此件不公开发布；{_CONTACT}"
    assert with_contact("联系人：李红", _CONTACT) == "联系人：李红"
    assert with_contact("此件不公开发布", "") == "此件不公开发布"


def test_the_last_issued_note_that_names_somebody_is_found(database: Database, tmp_path: Path) -> None:
    city = open_audience_city(database, tmp_path)

    def last(office: str = "office", words: str = NAMES_ONE) -> str:
        with database.reading() as session:
            return last_note_with(session, office=office, words=words)

    assert last() == ""
    _note_of_issued(city, "urge", f"急件；{_CONTACT}")
    assert last() == f"急件；{_CONTACT}"
    assert (last(office="elsewhere"), last(words="%")) == ("", "")
    with database.transaction() as session:
        urge = session.get_one(CircularRow, city.papers["urge"])
        issued = select(CircularRow).where(col(CircularRow.issued_at).is_not(None), col(CircularRow.id) != urge.id)
        later = session.scalars(issued.order_by(col(CircularRow.issued_at).desc())).first()
        assert later is not None
        assert urge.issued_at is not None
        later.note, later.issued_at = "联系人：李红", urge.issued_at.replace(year=2023)
    assert last() == "联系人：李红"


@pytest.mark.parametrize(("kind", "takes"), [("urge", True), ("supervision", False)])
def test_a_paper_that_orders_takes_the_contact_over_and_is_told_where_none_is_named(
    own_city: AudienceCity, kind: str, takes: bool
) -> None:
    with own_city.site.client("office") as office:
        wanted = {"type": kind, "unit": "市商务局"} if CircularType(kind) is CircularType.URGE else {"type": kind}
        assert office.post("/circulars", data=wanted).status_code == 303
        drafted = _last_drafted(own_city)
        assert drafted.note == ""
        assert (_MISSING in office.get(f"/circulars/{drafted.id}").get_data(as_text=True)) == takes
        _note_of_issued(own_city, "urge", f"此件急；{_CONTACT}")
        own_city.site.clock.at = LATE.replace(minute=LATE.minute + 20)
        assert office.post("/circulars", data=wanted).status_code == 303
        again = _last_drafted(own_city)
        assert (again.id != drafted.id, again.note) == (True, _CONTACT if takes else "")
        page = office.get(f"/circulars/{again.id}").get_data(as_text=True)
        assert ((f"（{_CONTACT}）" in page), _MISSING in page) == (takes, False)
