"""What came back is read with its reason, whoever gave it back: on the list of the day, on forms, on the tick."""

import html
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import City
from tests.support.owed_city import BY, OFFICE, OwedCity, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.site import PASSWORD_HASH, Site, post
from tracker.domain.accounts import Role
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind, ReturnReason, RowEnded
from tracker.domain.items import AssignmentRole, Duty, ItemKind
from tracker.domain.parts import NewShare
from tracker.store.queries.owed_lists import Returned, owed_by_units
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.usecases.filing import SubmitForm, SubmitOne, sign_off, submit_form, submit_one
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import add_share
from tracker.web.presentation import list_line
from tracker.wording.refusals import sentence


def _words(client: FlaskClient, address: str) -> str:
    return _plain(client.get(address).get_data(as_text=True))


def _plain(page: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html.unescape(page)))


@pytest.fixture
def city(tmp_path: Path) -> OwedCity:
    """市商务局 leads both items of a document, which makes them two rows of its monthly form."""
    reading = small_reading(expires_on=date(2022, 10, 31))
    first, second = reading.items
    second = replace(second, kind=ItemKind.ACTION, level=None, cadences=())
    made = open_owed_city(fresh_sqlite(tmp_path), reading=replace(reading, items=(first, second)))
    with made.database.transaction() as session:
        part = NewShare(made.unit_id("swj"), AssignmentRole.LEAD, Duty.REPORT)
        add_share(session, task_id=2, share=part, reason="工作需要", actor=OFFICE, at=at(8, 26), by=BY)
    return made


@pytest.fixture
def site(city: OwedCity, tmp_path: Path) -> Site:
    made = Site(city.database, tmp_path, city=City(city.database))
    made.clock.at = at(9, 29)
    return made


def _entry(
    session: Session, share: AssignmentRow, *, text: str = "9月28日印发通报1期。", claim: Claim | None = None
) -> Entry:
    item_id = session.get_one(TaskRow, share.task_id).item_id
    targets = session.scalars(select(ItemTargetRow).where(col(ItemTargetRow.item_id) == item_id)).all()
    claim = claim or (Claim.ON_SCHEDULE if targets else Claim.ONGOING_ACTIVE)
    values = {target.id or 0: (target.value, date(2022, 9, 28)) for target in targets}
    return Entry(share.id or 0, RowContent(claim=claim, text=text), values)


def _file_form(city: OwedCity, code: str, period_id: int, *, ticked: bool = False) -> list[int]:
    """Let a unit file a form; return the ids of its reports."""
    with city.database.transaction() as session:
        mine = select(AssignmentRow).where(col(AssignmentRow.unit_id) == city.unit_id(code))
        entries = () if ticked else tuple(_entry(session, share) for share in session.scalars(mine))
        command = SubmitForm(period_id, entries, ticked=ticked)
        filing_id = submit_form(session, command, actor=city.liaison(code), at=at(9, 28))
        sign_off(session, filing_id=filing_id, actor=city.head(code), at=at(9, 28))
        reports = select(col(ReportRow.id)).where(col(ReportRow.filing_id) == filing_id).order_by(col(ReportRow.id))
        return [id_ or 0 for id_ in session.scalars(reports)]


def _give_back(city: OwedCity, report_id: int, reason: str) -> None:
    with city.database.transaction() as session:
        return_report(
            session,
            report_id=report_id,
            reason=reason,
            reason_class=ReturnReason.FIGURES,
            actor=OFFICE,
            at=at(9, 29),
            by=BY,
        )


def test_the_line_of_a_form_names_the_reason_of_every_row_that_came_back(site: Site, city: OwedCity) -> None:
    first, second = _file_form(city, "swj", city.rows("swj")["2022-09"].period_id)
    _give_back(city, first, "缺少数据")
    _give_back(city, second, "没有写时间")
    with site.client("swj") as liaison:
        page = _words(liaison, "/today")
    assert "退回意见（一1）：缺少数据（数据有误或者口径不符）" in page
    assert "退回意见（一2）：没有写时间（数据有误或者口径不符）" in page


def test_who_mends_a_row_reads_under_which_class_it_came_back(site: Site, city: OwedCity) -> None:
    """Beside the reason, wherever it stands: of two returns for want of substance the unit is to know."""
    period_id = city.rows("swj")["2022-09"].period_id
    first, _second = _file_form(city, "swj", period_id)
    _give_back(city, first, "缺少数据")
    for login, address in (("swj", f"/periods/{period_id}/form"), ("swj", "/today"), ("swj-head", "/sign-off")):
        with site.client(login) as client:
            assert "缺少数据（数据有误或者口径不符）" in _words(client, address), address


def test_of_many_rows_that_came_back_three_are_named_and_all_are_counted(site: Site, city: OwedCity) -> None:
    (first, _second) = _file_form(city, "swj", city.rows("swj")["2022-09"].period_id)
    _give_back(city, first, "缺少数据")
    with site.services.database.reading() as session:
        [line] = owed_by_units(session, unit_ids=[city.unit_id("swj")], now=site.clock.at)
    line = replace(line, returned=tuple(Returned(f"一{n}", f"第{n}个理由", None) for n in range(1, 6)))
    shown = list_line(line, now=site.clock.at, services=site.services)
    with site.app.test_request_context():
        macros = site.app.jinja_env.get_template("macros/owed.html").module
        table = _plain(str(macros.owed_table([shown], "h", True)))  # type: ignore[attr-defined] # a macro's name
    assert "退回意见（一3）：第3个理由等5项退回" in table


def test_a_tick_that_came_back_says_why(site: Site, city: OwedCity) -> None:
    with city.database.transaction() as session:
        create_user(session, NewUser("yc", "联络员", Role.LIAISON, PASSWORD_HASH, "yc"))
        create_user(session, NewUser("yc-head", "负责人", Role.UNIT_HEAD, PASSWORD_HASH, "yc"))
    with site.services.database.reading() as session:
        period = site.city.period("yc", session, name="2022H2")
    site.clock.at = at(12, 28)
    form = f"/periods/{period.id}/form"
    with site.client("yc") as liaison:
        assert post(liaison, form, at=form, tick="yes").status_code == 303
    with site.client("yc-head") as head:
        assert post(head, "/filings/1/sign", at="/sign-off").status_code == 303
    _give_back(city, 1, "第三项有新情况")
    with site.client("yc") as liaison:
        assert "督查室退回意见：第三项有新情况" in _words(liaison, form)
        assert "退回意见（其他配合事项）：第三项有新情况" in _words(liaison, "/today")
        assert post(liaison, form, at=form, tick="yes").status_code == 303
    with site.client("yc-head") as head:
        assert post(head, "/filings/2/send-back", at="/sign-off", reason="请先核对").status_code == 303
    with site.client("yc") as liaison:
        page = _words(liaison, form)
    assert "督查室退回意见：第三项有新情况" in page
    assert "本单位负责人退回意见：请先核对" in page


def test_a_completion_that_came_back_keeps_its_reason_outside_forms_too(site: Site, city: OwedCity) -> None:
    for _attempt in range(2):
        with city.database.transaction() as session:
            share = session.get_one(AssignmentRow, city.share("swj").id)
            command = SubmitOne(FilingKind.COMPLETION, _entry(session, share, claim=Claim.DONE))
            filing_id = submit_one(session, command, actor=city.liaison("swj"), at=at(9, 28))
        if filing_id == 1:
            with city.database.transaction() as session:
                sign_off(session, filing_id=1, actor=city.head("swj"), at=at(9, 28))
            _give_back(city, 1, "证明材料不全")
    address = f"/tasks/{city.task_id()}/completion"
    with site.client("swj") as liaison:
        assert post(liaison, "/filings/2/withdraw", at="/today").status_code == 303
        page = _words(liaison, address)
    assert "督查室退回意见：证明材料不全" in page
    assert "上次送审没有报出" in page


def test_head_and_office_read_by_when_the_rows_of_an_envelope_are_due_not_its_form(site: Site, city: OwedCity) -> None:
    period_id = city.rows("swj")["2022-09"].period_id
    first, _second = _file_form(city, "swj", period_id)
    with city.database.transaction() as session:
        said = {"reason": "缺少数据", "reason_class": ReturnReason.FIGURES, "actor": OFFICE, "by": BY}
        return_report(session, report_id=first, at=at(10, 10, hour=15), **said)  # type: ignore[arg-type] # by name
    site.clock.at = at(10, 12)
    with site.client("swj") as liaison:
        assert "10月13日（周四，含）前报送，还有1个工作日" in _words(liaison, f"/periods/{period_id}/form")
    with city.database.transaction() as session:
        entry = _entry(session, session.get_one(AssignmentRow, city.share("swj").id))
        filing_id = submit_form(session, SubmitForm(period_id, (entry,)), actor=city.liaison("swj"), at=site.clock.at)
    with site.client("swj") as liaison:
        assert "10月13日（周四，含）" in _words(liaison, "/today").split("待审签", 1)[1]
    with site.client("swj-head") as head:
        page = _words(head, "/sign-off")
        assert "10月13日（周四，含）前报出" in page
        assert "已过" not in page
        assert post(head, f"/filings/{filing_id}/sign", at="/sign-off").status_code == 303
    with site.client("office") as office:
        assert "时限10月13日" in _words(office, "/review")


def test_a_correction_shows_what_was_filed_and_once_sent_the_page_names_every_row(site: Site, city: OwedCity) -> None:
    period_id = city.rows("swj")["2022-09"].period_id
    first, _second = _file_form(city, "swj", period_id)
    form = f"/periods/{period_id}/form"
    _give_back(city, first, "缺少数据")
    with site.client("swj") as liaison:
        page = _words(liaison, form)
        assert "上次达序时2022年9月已退回9月28日印发通报1期。" in page
        assert "还没有报过" not in page
        with city.database.transaction() as session:
            entry = _entry(session, session.get_one(AssignmentRow, city.share("swj").id))
            submit_form(session, SubmitForm(period_id, (entry,)), actor=city.liaison("swj"), at=at(9, 29))
        sent = _words(liaison, form)
    assert "本表各行2" in sent
    assert "一1已送审，待本单位负责人审签" in sent
    assert "一2审核中" in sent


def test_a_fault_told_away_from_its_row_names_the_item_with_its_title(site: Site, city: OwedCity) -> None:
    form = f"/periods/{city.rows('swj')['2022-09'].period_id}/form"
    with city.database.reading() as session:
        first, second = session.scalars(select(AssignmentRow).where(col(AssignmentRow.unit_id) == city.unit_id("swj")))
    whole = {
        f"a{first.id}-claim": "on_schedule",
        f"a{first.id}-fact": "9月28日印发通报1期。",
        f"a{first.id}-v1": "2",
        f"a{first.id}-on1": "2022-09-28",
        f"a{second.id}-claim": "ongoing_active",
        f"a{second.id}-fact": "9月28日报告1次。",
    }
    left_out = {name: "" for name in whole if name.startswith(f"a{second.id}-")}
    with site.client("swj") as liaison:
        lacking = _plain(post(liaison, form, at=form, **{**whole, **left_out}).get_data(as_text=True))
        wrong = _plain(post(liaison, form, at=form, **{**whole, f"a{first.id}-v1": "20"}).get_data(as_text=True))
        assert post(liaison, form, at=form, **whole).status_code == 303
        with city.database.transaction() as session:
            sign_off(session, filing_id=1, actor=city.head("swj"), at=at(9, 29))
    assert "还有必报事项没有填：一2“发生疫情后24小时内报告”。" in lacking
    assert "一1“每月通报一次招商情况”：“通报次数”填写的是20" in wrong
    with pytest.raises(RowEnded) as refused, city.database.transaction() as session:
        entry = _entry(session, session.get_one(AssignmentRow, first.id))
        command = SubmitForm(city.rows("swj")["2022-09"].period_id, (entry,))
        submit_form(session, command, actor=city.liaison("swj"), at=at(9, 29))
    assert "一1“每月通报一次招商情况”" in sentence(refused.value)
