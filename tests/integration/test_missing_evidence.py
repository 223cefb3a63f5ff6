"""Mandatory evidence that lacks is asked for before anything is sent; the reason that overrides it goes with it."""

import html
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.agreement import disagreements
from tests.support.databases import fresh_sqlite
from tests.support.office import City
from tests.support.owed_city import OwedCity, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.site import Site, post
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import EvidenceReasonMissing
from tracker.domain.items import Basis, CadenceKind
from tracker.domain.readings.demands import Cadence, EvidenceRequirement
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.beside_reports import evidence_of_reports
from tracker.store.queries.close_up import close_up
from tracker.store.queries.forms import form_view
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.usecases.filing import SubmitForm, send_back, sign_off, submit_form
from tracker.wording.refusals import sentence

_REASON = "通报正在印发，10月8日前补报"
_SAID = f"缺佐证说明：{_REASON}"


@pytest.fixture
def city(tmp_path: Path) -> OwedCity:
    """市商务局 brings a paper with each report, and its plan once."""
    reading = small_reading()
    first, second = reading.items
    asked = (
        EvidenceRequirement("通报文稿", Basis.STATED),
        EvidenceRequirement("工作方案", Basis.STATED, per="once"),
        EvidenceRequirement("照片", Basis.STATED, mandatory=False),
    )
    return open_owed_city(
        fresh_sqlite(tmp_path), reading=replace(reading, items=(replace(first, evidence=asked), second))
    )


@pytest.fixture
def site(city: OwedCity, tmp_path: Path) -> Site:
    made = Site(city.database, tmp_path, city=City(city.database))
    made.clock.at = at(9, 29)
    return made


def _plain(answer: TestResponse) -> str:
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", answer.get_data(as_text=True))))


def _key(site: Site) -> str:
    with site.services.database.reading() as session:
        return f"a{site.city.assignment('swj', session).id}-"


def _written(site: Site) -> dict[str, str]:
    """Return what a liaison writes on the one row of the form."""
    said = {"claim": "on_schedule", "fact": "9月28日印发通报1期。", "v1": "2", "on1": "2022-09-28"}
    return {_key(site) + name: text for name, text in said.items()}


def _task(site: Site) -> int:
    with site.services.database.reading() as session:
        return site.city.assignment("swj", session).task_id


def _form(city: OwedCity) -> str:
    return f"/periods/{city.rows('swj')['2022-09'].period_id}/form"


def _why(site: Site, words: str = _REASON) -> dict[str, str]:
    """Return the reason as the row's own field has it."""
    return {f"{_key(site)}evidence_reason": words}


def _reason(site: Site) -> list[str | None]:
    """Return what is kept of each row; nothing is said of a form as a whole any more."""
    with site.services.database.reading() as session:
        assert not [one for one in session.scalars(select(FilingRow)) if one.evidence_reason is not None]
        return list(session.scalars(select(col(ReportRow.evidence_reason)).order_by(col(ReportRow.id))))


def test_a_form_names_what_lacks_beside_its_button_and_is_sent_with_a_reason_alone(site: Site, city: OwedCity) -> None:
    form, written = _form(city), _written(site)
    with site.client("swj") as liaison:
        page = _plain(liaison.get(form))
        assert "还缺必须的佐证" in page
        assert "每月通报一次招商情况：通报文稿、工作方案" in page  # neither what may be left out nor other rows
        refused = post(liaison, form, at=form, **written, **_why(site, " "))
        assert refused.status_code == 400
        assert "必须的佐证还缺2件（一1“通报文稿”、一1“工作方案”）" in _plain(refused)
        assert f'id="refused-{_key(site)}evidence_reason"' in refused.get_data(as_text=True)
        assert _reason(site) == []
        assert post(liaison, form, at=form, **written, **_why(site)).status_code == 303
        assert _SAID in _plain(liaison.get(form))
    with site.client("office") as office:  # nothing has left the unit
        assert _REASON not in _plain(office.get("/review"))
    assert _reason(site) == [_REASON]
    with site.client("swj-head") as head:
        assert _SAID in _plain(head.get("/sign-off"))
    with city.database.transaction() as session:
        sign_off(session, filing_id=1, actor=city.head("swj"), at=at(9, 29))
    with site.client("office") as office:
        task = _plain(office.get(f"/tasks/{_task(site)}"))
        assert "缺通报文稿" in task
        assert _SAID in task
        assert _SAID in _plain(office.get("/review"))
        assert _SAID in _plain(office.get("/review/rows/1"))


@pytest.fixture
def two_rows(tmp_path: Path) -> tuple[Site, OwedCity]:
    """市商务局 leads two items of one document; each asks for a paper of its own."""
    first, second = small_reading().items
    items = (
        replace(first, evidence=(EvidenceRequirement("通报文稿", Basis.STATED),)),
        replace(
            second,
            kind=first.kind,
            level=None,
            leads=(replace(second.leads[0], unit_code="swj"),),
            cadences=(replace(first.cadences[0], quote="报告"),),
            evidence=(EvidenceRequirement("会议纪要", Basis.STATED),),
        ),
    )
    city = open_owed_city(fresh_sqlite(tmp_path), reading=replace(small_reading(), items=items))
    site = Site(city.database, tmp_path, city=City(city.database))
    site.clock.at = at(9, 29)
    return site, city


def test_each_row_that_lacks_evidence_says_why_itself_and_is_read_with_it(two_rows: tuple[Site, OwedCity]) -> None:
    site, city = two_rows
    with site.services.database.reading() as session:
        row = city.rows("swj")["2022-09"]
        view = form_view(session, period_id=row.period_id, unit_ids=EVERY_UNIT, now=site.clock.at)
        assert view is not None
        own = [one for one in view.rows if one.writable]
    assert len(own) == 2
    fields: dict[str, str] = {}
    for one in own:
        key = f"a{one.assignment_id}-"
        fields |= {
            f"{key}claim": "on_schedule" if one.scheduled else "ongoing_active",
            f"{key}fact": "9月28日印发通报1期。",
        }
        fields |= {f"{key}v{target.target_id}": "2" for target in one.targets}
        fields |= {f"{key}on{target.target_id}": "2022-09-28" for target in one.targets}
    first, second = (f"a{one.assignment_id}-evidence_reason" for one in own)
    form = f"/periods/{row.period_id}/form"
    with site.client("swj") as liaison:
        refused = post(liaison, form, at=form, **fields, **{first: _REASON})
        assert refused.status_code == 400
        page = refused.get_data(as_text=True)
        assert (f'id="refused-{first}"' in page, f'id="refused-{second}"' in page) == (False, True)
        assert _REASON in page
        told = {first: _REASON, second: "纪要待领导签发"}
        assert post(liaison, form, at=form, **fields, **told).status_code == 303
    assert _reason(site) == [_REASON, "纪要待领导签发"]
    with site.client("swj-head") as head:
        page = _plain(head.get("/sign-off"))
        assert page.count(_SAID) == page.count("缺佐证说明：纪要待领导签发") > 0
    with city.database.transaction() as session:
        sign_off(session, filing_id=1, actor=city.head("swj"), at=at(9, 29))
    with site.client("office") as office:
        for report_id, own_words, other in ((1, _REASON, "纪要待领导签发"), (2, "纪要待领导签发", _REASON)):
            page = _plain(office.get(f"/review/rows/{report_id}"))
            assert (own_words in page, other in page) == (True, False)
        sheet = load_workbook(BytesIO(office.get("/review.xlsx").data)).worksheets[0]
        column = next(one for one in sheet.iter_cols(values_only=True) if "缺佐证说明" in one)
        assert [one for one in column if one in (_REASON, "纪要待领导签发")] == [_REASON, "纪要待领导签发"]
        page = _plain(office.get("/review"))
        assert page.count(_SAID) == page.count("缺佐证说明：纪要待领导签发") == 1


def test_what_was_said_of_a_form_as_a_whole_before_stands_at_its_rows_and_is_begun_with(
    site: Site, city: OwedCity
) -> None:
    form = _form(city)
    with site.client("swj") as liaison:
        assert post(liaison, form, at=form, **_written(site), **_why(site, "x")).status_code == 303
    with city.database.transaction() as session:
        session.get_one(ReportRow, 1).evidence_reason = None
        session.get_one(FilingRow, 1).evidence_reason = _REASON
        send_back(session, filing_id=1, reason="写明文号", actor=city.head("swj"), at=at(9, 29))
    with site.client("swj") as liaison:
        page = liaison.get(form).get_data(as_text=True)
        assert f'name="{_key(site)}evidence_reason" rows="2">{_REASON}</textarea>' in page
    with city.database.transaction() as session:
        session.get_one(FilingRow, 1).state = "awaiting_sign_off"
        session.get_one(ReportRow, 1).state = "awaiting_sign_off"
    with site.client("swj-head") as head:
        assert _SAID in _plain(head.get("/sign-off"))
    with city.database.transaction() as session:
        sign_off(session, filing_id=1, actor=city.head("swj"), at=at(9, 29))
    with site.client("office") as office:
        for address in ("/review", "/review/rows/1", f"/tasks/{_task(site)}"):
            assert _SAID in _plain(office.get(address)), address


def test_without_gaps_nothing_is_asked_and_no_reason_is_kept(site: Site, city: OwedCity) -> None:
    form, key = _form(city), _key(site)
    files = {f"{key}e{id_}": (BytesIO(words.encode()), f"{words}.txt") for id_, words in ((1, "通报"), (2, "方案"))}
    with site.client("swj") as liaison:
        fields: dict[str, Any] = {**_written(site), **files, "not_secret": "yes", **_why(site, "多余的话")}
        assert post(liaison, form, at=form, **fields).status_code == 303
    assert _reason(site) == [None]


def test_what_an_earlier_report_brought_is_not_said_to_lack_on_any_page(city: OwedCity, site: Site) -> None:
    plan = {"2022-09": {"e1": "九月通报", "e2": "方案"}, "2022-10": {}}
    for period, said in plan.items():
        site.clock.at = at(10 if period == "2022-09" else 11, 1)
        form, key = f"/periods/{city.rows('swj')[period].period_id}/form", _key(site)
        files = {key + name: (BytesIO(words.encode()), f"{words}.txt") for name, words in said.items()}
        fields: dict[str, Any] = {**_written(site), **files, "not_secret": "yes", **_why(site)}
        with site.client("swj") as liaison:
            assert post(liaison, form, at=form, **fields).status_code == 303
        with city.database.transaction() as session:
            waiting = select(col(FilingRow.id)).order_by(col(FilingRow.id).desc())
            filing_id = session.scalars(waiting).first() or 0
            sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=site.clock.at)
        city.grow(at(11, 1))
    with site.client("office") as office:
        for address in ("/review", f"/tasks/{_task(site)}", "/review/rows/2"):
            page = _plain(office.get(address))
            assert "没有附佐证" not in page
            assert "齐工作方案" in page or address.startswith("/tasks")
        assert "齐工作方案前期已报" in _plain(office.get("/review"))


def test_what_the_head_sent_back_keeps_its_reason_and_one_page_of_all_forms_asks_as_well(
    site: Site, city: OwedCity
) -> None:
    form, written = _form(city), _written(site)
    with site.client("swj") as liaison:
        assert post(liaison, form, at=form, **written, **_why(site)).status_code == 303
        with city.database.transaction() as session:
            send_back(session, filing_id=1, reason="写明文号", actor=city.head("swj"), at=at(9, 29))
        assert _REASON in _plain(liaison.get(form))
        many = _plain(liaison.get("/forms"))
        assert "还缺必须的佐证" in many
        assert _REASON in many
        start = f"p{city.rows('swj')['2022-09'].period_id}-"
        parts = {start + name: text for name, text in written.items()}
        why = {start + name: text for name, text in _why(site).items()}
        refused = post(liaison, "/forms", at="/forms", **parts, **dict.fromkeys(why, ""))
        assert refused.status_code == 400
        assert "必须的佐证还缺2件" in _plain(refused)
        assert post(liaison, "/forms", at="/forms", **parts, **why).status_code == 303
    assert _reason(site) == [_REASON, _REASON]


def test_the_audit_holds_the_reason_against_the_log(site: Site, city: OwedCity) -> None:
    form = _form(city)
    with site.client("swj") as liaison:
        assert post(liaison, form, at=form, **_written(site), **_why(site)).status_code == 303
    with city.database.transaction() as session:
        sign_off(session, filing_id=1, actor=city.head("swj"), at=at(9, 29))

    def found() -> list[tuple[str, str]]:
        with city.database.reading() as session:
            told = disagreements(session, fold(session, cut(session, as_of=at(9, 30))))
            return [(one.table, one.field) for one in told]

    assert found() == []
    with city.database.transaction() as session:
        session.get_one(ReportRow, 1).evidence_reason = "已另行报送"
    assert found() == [("report", "text")]
    with city.database.transaction() as session:
        session.get_one(ReportRow, 1).evidence_reason = _REASON
        session.get_one(FilingRow, 1).evidence_reason = "已另行报送"  # of a form as a whole nothing was told
    assert found() == [("filing", "evidence_reason")]


def test_head_and_office_are_told_of_evidence_of_another_time(site: Site, city: OwedCity) -> None:
    form, key = _form(city), _key(site)
    files = {
        f"{key}e1": (BytesIO("通报".encode()), "2022年8月通报.txt"),
        f"{key}e2": (BytesIO("方案".encode()), "2022年3月工作方案.txt"),  # asked for once: of no period
    }
    with site.client("swj") as liaison:
        fields: dict[str, Any] = {**_written(site), **files, "not_secret": "yes"}
        assert post(liaison, form, at=form, **fields).status_code == 303
        with city.database.transaction() as session:
            send_back(session, filing_id=1, reason="附本期的", actor=city.head("swj"), at=at(9, 29))
        page = _plain(liaison.get(form))
        assert page.count("期外") == 1
        assert post(liaison, form, at=form, **_written(site), **_kept(liaison, form)).status_code == 303
    with site.client("swj-head") as head:
        assert "期外通报文稿" in _plain(head.get("/sign-off"))
    with city.database.transaction() as session:
        sign_off(session, filing_id=2, actor=city.head("swj"), at=at(9, 29))
    with site.client("office") as office:
        assert "期外通报文稿" in _plain(office.get("/review"))
        page = _plain(office.get("/review/rows/2"))
    assert "期外通报文稿" in page
    assert "齐工作方案" in page


def _kept(liaison: FlaskClient, form: str) -> dict[str, str]:
    """Return the ticks 「沿用」 beside the files of what came back."""
    page = liaison.get(form).get_data(as_text=True)
    return dict.fromkeys(re.findall(r'name="(a[0-9]+-keep[0-9]+)"', page), "yes")


def test_where_a_number_of_the_box_stands_nothing_is_said_to_lack(site: Site, city: OwedCity) -> None:
    form = _form(city)
    with site.client("swj") as liaison:
        page = liaison.get(form).get_data(as_text=True)
        fields = re.findall(rf'name="{_key(site)}e(\d+)"', page)
        needed = {f"{_key(site)}b{id_}": "1" for id_ in fields if id_ != "0"}
        assert "还缺必须的佐证" in page
        shown = post(liaison, f"{form}/again", at=form, **needed).get_data(as_text=True)
        assert "还缺必须的佐证" not in shown
        assert "已填佐证箱编号" in shown


def test_what_a_number_of_the_box_brings_is_judged_before_it_is_sent(site: Site, city: OwedCity) -> None:
    """The liaison sees what her head and the office would, in whatever way she parts the numbers."""
    form, key = _form(city), _key(site)
    with site.client("swj") as liaison:
        for name in _OF_BOX.values():
            put = {"file": (BytesIO(name.encode()), name), "not_secret": "yes"}
            assert post(liaison, "/box", at="/box", **put).status_code == 303  # type: ignore[arg-type]  # a file
        for numbers, said in (("1", "期外"), ("2", "齐"), ("1,2", "齐")):
            page = _plain(post(liaison, f"{form}/again", at=form, **{f"{key}b1": numbers}))
            assert page.count(said) == 1, numbers
            assert all(f"{number}{name}" in page for number, name in _OF_BOX.items() if number in numbers)


_OF_BOX = {"1": "2022年8月通报.txt", "2": "9月通报.txt"}


@pytest.mark.parametrize(
    ("period", "own", "other"),
    [("2022W38", "每周情况通报", "每月情况通报"), ("2022-09", "每月情况通报", "每周情况通报")],
)
def test_evidence_of_a_rhythm_is_asked_in_the_form_of_that_rhythm_only(
    tmp_path: Path, period: str, own: str, other: str
) -> None:
    """Of a task that is reported in several forms; what stands under a form is judged by head and office alike."""
    first, second = small_reading().items
    asked = (
        EvidenceRequirement("每周情况通报", Basis.DEFAULT),
        EvidenceRequirement("每月情况通报", Basis.DEFAULT),
    )
    weekly = Cadence(CadenceKind.WEEKLY, Basis.STATED, 1, "通报一次")
    item = replace(first, cadences=(*first.cadences, weekly), evidence=asked)
    city = open_owed_city(fresh_sqlite(tmp_path), reading=replace(small_reading(), items=(item, second)))
    city.grow(at(9, 28))
    row = city.rows("swj")[period]
    with city.database.reading() as session:
        view = form_view(session, period_id=row.period_id, unit_ids=EVERY_UNIT, now=at(9, 28))
        assert view is not None
        [shown] = [one for one in view.rows if one.row_id == row.id]
        assert [one.what for one in shown.requirements] == [own]
        assert [one.requirement.what for one in shown.evidence] == [own]
    content = RowContent(text="9月8日印发通报1期。", claim=Claim.ON_SCHEDULE)
    entry = Entry(row.assignment_id or 0, content, city.values())
    with pytest.raises(EvidenceReasonMissing) as refused, city.database.transaction() as session:
        submit_form(
            session,
            SubmitForm(row.period_id, (entry,), missed_words="前期没有报"),
            actor=city.liaison("swj"),
            at=at(9, 28),
        )
    assert own in sentence(refused.value)
    assert other not in sentence(refused.value)
    report_id = city.file("swj", period, when=at(9, 28), missed_words="前期没有报")
    with city.database.reading() as session:
        told_of = evidence_of_reports(session, [report_id])[report_id]
        assert [(one.requirement.what, one.lacks) for one in told_of] == [(own, True)]
        told = close_up(session, report_id)
        assert told is not None
        assert own in str(told.asked)
        assert other not in str(told.asked)
