"""Drafts with a proposal to criticise, made and moved by their pages."""

from datetime import date

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from sqlmodel import col

from tests.support.audience_city import AudienceCity
from tracker.domain.calendar import at_local
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.namings import NamingRow

DRAFTED_AT = at_local(date(2022, 10, 20), 9, 0)  # a Thursday; an urge was to be answered by the 18th


AFTER = at_local(date(2022, 10, 25), 9, 0)


SAID = "对驻政办函〔2022〕1号（要求于2022年10月18日（含）前答复，尚未签收）"


WHY = "18日已经电话答复市政府督查室"


def page_of(client: FlaskClient, address: str) -> html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return html.document_fromstring(answer.get_data(as_text=True))


def text_of(client: FlaskClient, address: str) -> str:
    return str(page_of(client, address).text_content())


def act_on(city: AudienceCity, client: FlaskClient, id_: int, act: str, **fields: str) -> str:
    """Do an act on a paper as its page now stands; return what is said of it."""
    with city.site.services.database.reading() as session:
        version = session.get_one(CircularRow, id_).version
    answer = client.post(f"/circulars/{id_}/{act}", data={"version": str(version), **fields}, follow_redirects=True)
    return str(html.document_fromstring(answer.get_data(as_text=True)).text_content())


def drafted_by_page(city: AudienceCity) -> tuple[int, str]:
    """Draft a 督查通报 by its page; return it and the key of its one proposal."""
    with city.site.client("office") as office:
        assert office.post("/circulars", data={"type": "supervision"}).status_code == 303
        with city.site.services.database.reading() as session:
            id_ = max(session.scalars(select(col(CircularRow.id))))  # type: ignore[type-var]  # kept rows have ids
        page = page_of(office, f"/circulars/{id_}")
        [box] = page.xpath("//input[@form='serve-namings']")
        assert box.get("checked") is None, "nobody is named unless somebody ticks it"
        return id_ or 0, str(box.get("value"))


def naming_row(city: AudienceCity) -> NamingRow:
    with city.site.services.database.reading() as session:
        return session.scalars(select(NamingRow)).one()
