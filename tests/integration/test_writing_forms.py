"""What a liaison wrote and has to write on: what came back, what was taken over, and what is asked back."""

import html
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME
from tests.support.site import PASSWORD_HASH, Site, post
from tracker.domain.accounts import Role

_DECEMBER = datetime(2022, 12, 28, 1, 0, tzinfo=UTC)
_NOVEMBER = datetime(2022, 11, 28, 1, 0, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    with made.services.database.transaction() as session:
        create_user(session, NewUser("yc", "联络员", Role.LIAISON, PASSWORD_HASH, "yc"))
        create_user(session, NewUser("yc-head", "负责人", Role.UNIT_HEAD, PASSWORD_HASH, "yc"))
    return made


def _form(site: Site, code: str, name: str) -> str:
    with site.services.database.reading() as session:
        return f"/periods/{site.city.period(code, session, name=name).id}/form"


def _read(site: Site, address: str, code: str = "swj") -> str:
    with site.client(code) as client:
        return html.unescape(client.get(address).get_data(as_text=True))


def _come_back(site: Site, code: str, how: str, filing_id: int = 1) -> None:
    if how == "sent back":
        with site.client(f"{code}-head") as head:
            answer = post(head, f"/filings/{filing_id}/send-back", at="/sign-off", reason="请核对")
    else:
        with site.client(code) as liaison:
            answer = post(liaison, f"/filings/{filing_id}/withdraw", at="/today")
    assert answer.status_code == 303


@pytest.mark.parametrize("how", ["sent back", "withdrawn"])
@pytest.mark.parametrize("ticked", [True, False])
def test_a_tick_comes_back_as_it_was_sent(site: Site, how: str, ticked: bool) -> None:
    site.clock.at = _DECEMBER
    form = _form(site, "yc", "2022H2")
    with site.services.database.reading() as session:
        share = site.city.assignment("yc", session)
    with site.client("yc") as liaison:
        assert post(liaison, form, at=form, tick="yes").status_code == 303
    _come_back(site, "yc", how)
    if not ticked:  # once the tick was made, news may be told without it; the last envelope says which
        with site.services.database.transaction() as session:
            period = site.city.period("yc", session, name="2022H2")
            period.frozen_at = _DECEMBER
        news = {f"a{share.id}-claim": "ongoing_active", f"a{share.id}-fact": "12月2日签约1个项目。"}
        with site.client("yc") as liaison:
            assert post(liaison, form, at=form, **news).status_code == 303
        _come_back(site, "yc", how, 2)
    assert bool(re.search(r'name="tick"[^>]*checked', _read(site, form, "yc"))) is ticked


@pytest.mark.parametrize("how", ["sent back", "withdrawn"])
def test_the_words_about_missed_periods_come_back(site: Site, how: str) -> None:
    site.clock.at = _NOVEMBER
    site.city.sweep(_NOVEMBER)
    with site.services.database.transaction() as session:
        for name in ("2022-09", "2022-10", "2022-11"):
            site.city.row("swj", session, name=name).act = False
    site.city.submit(at=_NOVEMBER, name="2022-11", missed_words="人员调整漏报")
    _come_back(site, "swj", how)
    assert ">人员调整漏报</textarea>" in _read(site, _form(site, "swj", "2022-11"))
