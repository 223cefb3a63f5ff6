"""Who leads a task no more, or has no share of it any more, reads and does nothing by what he had."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.member_city import open_member_city
from tests.support.office import City
from tests.support.owed_city import BY, OFFICE, OwedCity, at
from tests.support.site import PASSWORD_HASH, Site
from tracker.domain.accounts import EVERY_UNIT, Role
from tracker.domain.claims import RowContent
from tracker.domain.entries import Entry
from tracker.domain.events.downloads import FileFetched
from tracker.domain.filings import FilingKind, ReturnReason
from tracker.domain.verifying import LeadOpinion, LeadWord
from tracker.store.queries.overtaking import last_acts
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.report_demands import mark_key
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import reassign_share, release_share
from tracker.usecases.verifying import verify_report
from tracker.web.access import _RULE

_MEMBERS_REPORT, _RELEASED_REPORT = 1, 2
_WORDS_OF_OTHERS = "机密"  # stands in whatever the lead of today, the member and the office write of the member's work
_OWN_DECISION = "台账缺页"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Both counties have filed; the lead goes to 市统计局, which replied, and on to 市卫健委; 遂平县 is let go.

    So 市商务局 leads no more, 市统计局 only replies again. Afterwards 驿城区 reports, is verified and gets it back.
    """
    city = open_member_city(fresh_sqlite(tmp_path), lead_hears=False)
    site = Site(city.database, tmp_path, city=City(city.database))
    with city.database.transaction() as session:
        create_user(session, NewUser("sp", "联络员", Role.LIAISON, PASSWORD_HASH, "sp"))
    for code in ("yc", "sp"):
        city.file(code, "2022-09", when=at(9, 27))
    with city.database.transaction() as session:
        word = LeadWord(LeadOpinion.STANDS)
        verify_report(session, report_id=_RELEASED_REPORT, word=word, actor=city.liaison("swj"), at=at(9, 27), by=BY)
    _hand_in_a_file(site, _RELEASED_REPORT)
    _return(city, _RELEASED_REPORT, _OWN_DECISION)
    for before, after in (("swj", "tjj"), ("tjj", "wjw")):
        with city.database.transaction() as session:
            share, to = city.share(before).id or 0, city.unit_id(after)
            said = {"reason": "职能划转", "actor": OFFICE, "at": at(9, 28), "by": BY}
            reassign_share(session, assignment_id=share, to_unit_id=to, **said)  # type: ignore[arg-type] # as above
    with city.database.transaction() as session:
        release_share(
            session, assignment_id=city.share("sp").id or 0, reason="职能划转", actor=OFFICE, at=at(9, 28), by=BY
        )
    with city.database.transaction() as session:
        word = LeadWord(LeadOpinion.RETURN, reason="机密：企业数字不实")
        verify_report(session, report_id=_MEMBERS_REPORT, word=word, actor=city.liaison("wjw"), at=at(9, 29), by=BY)
    _return(city, _MEMBERS_REPORT, "机密：缺少数据")
    _tell(city, "yc")
    _hand_in_a_file(site, _MEMBERS_REPORT)
    site.clock.at = at(9, 29)
    site.app.config["WTF_CSRF_ENABLED"] = False
    return site


def _return(city: OwedCity, report_id: int, reason: str) -> None:
    with city.database.transaction() as session:
        return_report(
            session,
            report_id=report_id,
            reason=reason,
            reason_class=ReturnReason.NO_EVIDENCE,
            actor=OFFICE,
            at=at(9, 27) if report_id == _RELEASED_REPORT else at(9, 29),
            by=BY,
        )


def _tell(city: OwedCity, code: str) -> None:
    with city.database.transaction() as session:
        news = Entry(city.share(code).id or 0, RowContent(text="机密：9月29日签约2个项目。"), {})
        filing_id = submit_one(session, SubmitOne(FilingKind.UPDATE, news), actor=city.liaison(code), at=at(9, 29))
        sign_off(session, filing_id=filing_id, actor=city.head(code), at=at(9, 29))


def _hand_in_a_file(site: Site, report_id: int) -> None:
    stored = site.services.evidence.store(BytesIO("机密台账".encode()), max_bytes=1000)
    with site.services.database.transaction() as session:
        session.add(
            EvidenceRow(
                report_id=report_id,
                sha256=stored.sha256,
                name="机密.pdf" if report_id == _MEMBERS_REPORT else "台账.pdf",
                size_bytes=stored.size_bytes,
                media_type="application/pdf",
                uploaded_by="驿城区",
                uploaded_at=at(9, 29),
            )
        )


def _ids_of_the_member(site: Site) -> Mapping[str, int]:
    """Return what addresses name, each of it of the member's."""
    with site.services.database.reading() as session:
        wanted = (
            select(col(FilingRow.id), col(FormRow.id), col(PeriodRow.id), col(PeriodRow.series_id))
            .add_columns(col(FormRow.assignment_id))
            .join(ReportRow, col(ReportRow.filing_id) == col(FilingRow.id))
            .join(FormRow, col(FormRow.id) == col(ReportRow.row_id))
            .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
            .where(col(ReportRow.id) == _MEMBERS_REPORT)
        )
        names = ("filing_id", "row_id", "period_id", "series_id", "assignment_id")
        found = dict(zip(names, session.execute(wanted).one(), strict=True))
    ids = {
        "task_id": 1,
        "document_id": 1,
        "report_id": _MEMBERS_REPORT,
        "evidence_id": 2,
        "circular_id": 1,
        "petition_id": 99,
        "served_id": 99,
        "naming_id": 99,
        "log_in_id": 99,
        "absence_id": 99,
        "handover_id": 99,
        "user_id": 99,
        "inquiry_id": 99,
        "asked_id": 99,
        "view_id": 99,
        "number": 99,
        # Nothing of these is there, and none of it is about a share.
        **dict.fromkeys(("co_issuer_id", "enclosure_id", "import_id", "input_id", "month_id", "objection_id"), 99),
        **dict.fromkeys(("photo_id", "place", "project_id", "year", "code", "month"), 99),
        **found,
    }
    return {name: id_ or 0 for name, id_ in ids.items()}


# Files, and what people set for themselves, which is no matter.
_OF_ONESELF = ("static", "mine.", "calendar_link.")


def _routes(site: Site, role: Role) -> Iterator[tuple[str, str]]:
    """Yield method and address of every route that a role of units may use."""
    places, ids = site.app.url_map.bind("localhost"), _ids_of_the_member(site)
    for rule in site.app.url_map.iter_rules():
        if not rule.endpoint.startswith(_OF_ONESELF) and role in (
            getattr(site.app.view_functions[rule.endpoint], _RULE) or ()
        ):
            address = places.build(rule.endpoint, {name: ids[name] for name in rule.arguments})
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, address


def _row_of(address: str) -> str:
    return address.split("/")[2] if address.startswith("/rows/") else "0"


def _sent(client: FlaskClient, method: str, address: str, *, period_id: int) -> tuple[int, str]:
    form = {
        "opinion": "return",
        "reason": "数据不实",
        "report": str(_MEMBERS_REPORT),
        f"x{_row_of(address)}-new_due_on": "2022-10-20",
        f"x{_row_of(address)}-reason": "数据不实",
        "period_id": str(period_id),
    }
    with client.open(address, method=method, data=form if method == "POST" else None) as answer:
        return answer.status_code, answer.get_data().decode(errors="replace")  # some are files


_ON_REPORTS = (f"/verifying/reports/{_MEMBERS_REPORT}", f"/verifying/reports/{_RELEASED_REPORT}", "/verifying/confirm")


def test_who_lost_a_share_reads_and_does_nothing_on_what_others_filed(site: Site) -> None:
    period_id = _ids_of_the_member(site)["period_id"]
    for login in ("swj", "swj-head", "tjj", "sp"):
        routes = list(_routes(site, Role.UNIT_HEAD if "-head" in login else Role.LIAISON))
        assert len(routes) > 20
        own = f"/tasks/1/shares/{OwedCity(site.services.database).share(login.partition('-')[0]).id}/dispute"
        with site.client(login) as client:

            def answers(sent: list[tuple[str, str]], *, client: FlaskClient = client) -> list[int]:
                """Return the codes; whatever is answered, it has no word of others."""
                told = [(address, *_sent(client, method, address, period_id=period_id)) for method, address in sent]
                assert [told for *told, page in told if _WORDS_OF_OTHERS in page] == []
                return [code for _address, code, _page in told]

            before = _head(site)
            answers(routes)
            assert answers([("POST", address) for address in _ON_REPORTS]) == [404] * len(_ON_REPORTS), login
            assert _head(site) == before, login
            assert answers([("POST", own)] * 2)[-1] == 409, login
            with client.get("/evidence/1") as file:
                assert file.status_code == (200 if login == "sp" else 404), login
            assert (_OWN_DECISION in client.get("/tasks/1").get_data(as_text=True)) == (login == "sp"), login
    with site.client("wjw") as lead:
        code, page = _sent(lead, "POST", _ON_REPORTS[0], period_id=period_id)
        assert (code, page.count(_WORDS_OF_OTHERS)) == (409, 2)
        assert "机密：9月29日" in lead.get("/tasks/1").get_data(as_text=True)


def _head(site: Site) -> int:
    """Return the number of the last act; what he fetches of his own is told too, and changes nothing."""
    acts = select(func.max(col(EventRow.seq))).where(col(EventRow.type) != FileFetched.type)
    with site.services.database.reading() as session:
        return session.scalars(acts).one() or 0


def test_what_was_done_last_to_a_task_is_told_to_nobody_who_never_had_a_share_of_it(tmp_path: Path) -> None:
    city = open_member_city(fresh_sqlite(tmp_path), lead_hears=False)
    with city.database.transaction() as session:
        mark_key(session, task_id=2, reason="拟约谈主要负责人", actor=OFFICE, at=at(9, 29), by=BY)
    with city.database.reading() as session:
        assert last_acts(session, {"task_id": 2}, types=(), unit_ids=EVERY_UNIT) != ()
        assert last_acts(session, {"task_id": 2}, types=(), unit_ids=[city.unit_id("swj")]) == ()
