"""The head who signs and the office that reviews are told the same beside a report: what it mends and what it lacks."""

import html
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import City
from tests.support.owed_city import BY, OFFICE, OwedCity, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.site import PASSWORD_HASH, Site, post
from tracker.domain.accounts import Role
from tracker.domain.claims import Claim
from tracker.domain.entries import AttachedFile
from tracker.domain.filings import ReturnReason
from tracker.domain.items import Basis
from tracker.domain.readings.demands import EvidenceRequirement
from tracker.store.queries.beside_reports import marked_reports
from tracker.usecases.accepting import accept_report
from tracker.usecases.filing import SubmitForm, sign_off, submit_form
from tracker.usecases.returning import return_report

_PERIOD, _ONCE = "通报文稿", "工作方案"
_SAME = "与退回前相同"
_MENDED = "退回后补正督查室退回意见：数字与台账不符（数据有误或者口径不符，2022年9月29日09:00退回）"


@pytest.fixture
def city(tmp_path: Path) -> OwedCity:
    """市商务局 brings a paper with each report, and its plan once."""
    reading = small_reading()
    first, second = reading.items
    asked = (
        EvidenceRequirement(_PERIOD, Basis.STATED),
        EvidenceRequirement(_ONCE, Basis.STATED, per="once"),
        EvidenceRequirement("照片", Basis.STATED, mandatory=False),
    )
    return open_owed_city(
        fresh_sqlite(tmp_path), reading=replace(reading, items=(replace(first, evidence=asked), second))
    )


@pytest.fixture
def site(city: OwedCity, tmp_path: Path) -> Site:
    made = Site(city.database, tmp_path, city=City(city.database))
    made.clock.at = at(9, 29)
    with city.database.transaction() as session:
        create_user(session, NewUser("yc-head", "负责人", Role.UNIT_HEAD, PASSWORD_HASH, "yc"))
    return made


def _read(client: FlaskClient, address: str) -> str:
    page = html.unescape(client.get(address).get_data(as_text=True))
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", page))


def _sign(city: OwedCity, filing_id: int, code: str = "swj") -> None:
    with city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head(code), at=at(9, 29, hour=11))


def _give_back(city: OwedCity, report_id: int) -> None:
    with city.database.transaction() as session:
        return_report(
            session,
            report_id=report_id,
            reason="数字与台账不符",
            reason_class=ReturnReason.FIGURES,
            actor=OFFICE,
            at=at(9, 29),
            by=BY,
        )


def _unmended(city: OwedCity, report_id: int) -> frozenset[int]:
    with city.database.reading() as session:
        return marked_reports(session, [report_id])


def _submit(site: Site, *wanted: int) -> int:
    files = tuple(AttachedFile(f"{id_:064}", f"{id_}.txt", 3, "text/plain", id_) for id_ in wanted)
    return site.city.submit(at=at(9, 29), files=files)


def _both(site: Site, city: OwedCity, filing_id: int, code: str = "swj") -> tuple[str, str]:
    """Return what the head reads of an envelope and, once it is signed, the office."""
    with site.client(f"{code}-head") as head:
        signing = _read(head, "/sign-off")
    _sign(city, filing_id, code)
    with site.client("office") as office:
        return signing, _read(office, "/review")


@pytest.mark.parametrize(
    ("files", "lacking"), [((), {_PERIOD, _ONCE}), ((1,), {_ONCE}), ((2,), {_PERIOD}), ((1, 2), set())]
)
def test_evidence_that_is_asked_for_and_lacks_is_named_to_both(
    site: Site, city: OwedCity, files: tuple[int, ...], lacking: set[str]
) -> None:
    for page in _both(site, city, _submit(site, *files)):
        assert {what for what in (_PERIOD, _ONCE, "照片") if re.search(f"缺{what}(?!原文可不传)", page)} == lacking
        assert "退回后补正" not in page


def test_a_correction_is_named_to_both_with_reason_class_and_time_and_what_was_brought_counts(
    site: Site, city: OwedCity
) -> None:
    _sign(city, _submit(site, 1))
    _give_back(city, 1)
    for page in _both(site, city, _submit(site, 2)):
        assert _MENDED in page
        assert _SAME not in page
        assert f"缺{_PERIOD}" in page
        assert f"缺{_ONCE}" not in page


def test_a_corrected_tick_is_named_to_both_and_has_no_words_that_could_be_the_same(site: Site, city: OwedCity) -> None:
    with city.database.reading() as session:
        period_id = site.city.period("yc", session, name="2022H2").id or 0
    filed = []
    for _time in range(2):
        with city.database.transaction() as session:
            command = SubmitForm(period_id, (), ticked=True)
            filed.append(submit_form(session, command, actor=city.liaison("yc"), at=at(12, 28)))
        if len(filed) == 1:
            _sign(city, filed[0], "yc")
            _give_back(city, 1)
    for page in _both(site, city, filed[1], "yc"):
        assert _MENDED in page
        assert _SAME not in page
    assert _unmended(city, 2) == frozenset()


def test_what_was_returned_earlier_still_is_the_same_after_another_version_was_returned_too(
    site: Site, city: OwedCity
) -> None:
    for report_id, text in enumerate(("9月15日召开推进会。", "9月16日召开推进会。"), 1):
        _sign(city, site.city.submit(at=at(9, 29), text=text))
        _give_back(city, report_id)
    filing_id = site.city.submit(at=at(9, 29), text="9月15日召开推进会。")
    signing, reviewing = _both(site, city, filing_id)
    assert [_MENDED + _SAME in page for page in (signing, reviewing)] == [True, True]
    assert "全部通过" not in reviewing
    assert _unmended(city, 3) == {3}


@pytest.mark.parametrize(
    "change", [{}, {"text": "9月15日召开推进会。"}, {"value_on": date(2022, 9, 27)}, {"files": ()}]
)
def test_a_correction_that_says_the_same_is_marked_to_both_and_decided_by_itself(
    site: Site, city: OwedCity, change: dict[str, object]
) -> None:
    _sign(city, _submit(site, 1))
    _give_back(city, 1)
    files = (AttachedFile(f"{1:064}", "1.txt", 3, "text/plain", 1),)
    filing_id = site.city.submit(at=at(9, 29), **{"files": files, **change})  # type: ignore[arg-type] # facts of a test
    signing, reviewing = _both(site, city, filing_id)
    assert [(_MENDED + _SAME) in page for page in (signing, reviewing)] == [not change, not change]
    with site.client("office") as office:
        answer = post(office, f"/filings/{filing_id}/accept", at="/review")
        told = html.unescape(answer.get_data(as_text=True))
    if change:
        assert answer.status_code == 303
        return
    assert "全部通过" not in reviewing
    assert "补正与退回前相同的行须逐行审核" in reviewing
    assert (answer.status_code, "补正与退回前相同的行，请逐行审核" in told) == (409, True)
    with city.database.transaction() as session:
        accept_report(session, report_id=2, actor=OFFICE, at=at(9, 30))


def test_what_was_brought_once_is_not_asked_for_in_the_next_period(site: Site, city: OwedCity) -> None:
    _sign(city, _submit(site, 1, 2))
    site.clock.at = at(10, 28)
    city.grow(at(10, 28))
    with city.database.transaction() as session:
        entry = site.city.entry("swj", session, claim=Claim.ON_SCHEDULE)
        command = SubmitForm(city.rows("swj")["2022-10"].period_id, (replace(entry, evidence_reason="通报正在印发"),))
        filing_id = submit_form(session, command, actor=city.liaison("swj"), at=at(10, 28))
    signing, _reviewing = _both(site, city, filing_id)
    assert f"缺{_PERIOD}" in signing
    assert f"缺{_ONCE}" not in signing
