"""Objections and their answers are read by whom they concern, the organiser and the overseers, in every state alike."""

from pathlib import Path

import pytest

from tests.support.accounts import NewUser, create_user
from tests.support.office import OFFICE, open_city
from tests.support.site import PASSWORD_HASH, Site
from tests.support.small_evaluation import CHECKING, Worked, in_check
from tracker.domain.accounts import Role
from tracker.domain.scoring.months import KEPT, SHOWN_TO_OBJECTS, MonthState
from tracker.gateways.schemes import read_scheme
from tracker.store.database import Database
from tracker.store.tables.scoring import ScoreCorrectionRow, ScoreMonthRow
from tracker.usecases.objecting_to_marks import answer_objection, object_to_marks

_WORDS, _ANSWER = "少计一个项目", "台账没有这个项目"
_WHOSE, _OTHER, _SUPPLIER, _ORGANISER = "yc", "sp", "swj", "wjw"
_LOGINS = (_WHOSE, _OTHER, _SUPPLIER, _ORGANISER, "leader", "office")


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    made = Site(database, tmp_path, city=open_city(database))
    made.clock.at = CHECKING
    with database.transaction() as session:
        for county in (_WHOSE, _OTHER):
            create_user(session, NewUser(county, "联络员", Role.LIAISON, PASSWORD_HASH, county))
    return made


@pytest.fixture
def worked(site: Site) -> Worked:
    """驿城区 objected to its marks, and was answered."""
    worked, city = in_check(site.city), site.city
    with city.database.transaction() as session:
        objection = object_to_marks(
            session,
            worked.month_id,
            object_code=_WHOSE,
            item="1-1",
            words=_WORDS,
            read=read_scheme,
            actor=city.head(_WHOSE),
            at=CHECKING,
        )
        answer_objection(session, objection, upheld=False, answer=_ANSWER, read=read_scheme, actor=OFFICE, at=CHECKING)
    return worked


def _readers(site: Site, page: str) -> set[str]:
    found = set()
    for login in _LOGINS:
        answer = site.logged_in(login).get(page)
        said = answer.get_data(as_text=True)
        assert answer.status_code in (200, 404), (login, page)
        assert (_WORDS in said) == (_ANSWER in said), login
        if _WORDS in said:
            found.add(login)
    return found


@pytest.mark.parametrize("correcting", [False, True])
@pytest.mark.parametrize("state", sorted(SHOWN_TO_OBJECTS), ids=lambda one: one.value)
def test_no_state_of_a_month_makes_an_objection_the_others_to_read(
    site: Site, worked: Worked, state: MonthState, correcting: bool
) -> None:
    with site.services.database.transaction() as session:
        month = session.get_one(ScoreMonthRow, worked.month_id)
        month.state = state.value
        if state in KEPT:
            month.result, month.rule_version, month.inputs_digest = "{}", "0" * 64, "0" * 64
            month.frozen_at, month.frozen_by = CHECKING, "督查员"
        if correcting:
            correction = ScoreCorrectionRow(
                month_id=worked.month_id, reason="漏计", inputs_after=99, opened_by="督查室", opened_at=CHECKING
            )
            session.add(correction)
    own = f"/evaluation/{worked.month_id}"
    for page in (own, f"{own}/objects/1"):
        assert _readers(site, page) == {_WHOSE, _ORGANISER, "leader", "office"}, page
    assert _readers(site, f"{own}/objects/2") == set(), "each body's own stand on its own page"
