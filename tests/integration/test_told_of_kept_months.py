"""Whoever enters anything of a project reads which kept months do not have it."""

from pathlib import Path

import pytest
from sqlmodel import Session

from tests.support.two_bureaus_life import open_two_bureaus
from tests.support.ways import WAYS
from tests.support.ways_in import Entrance, address_of, endpoint_of
from tracker.domain.scoring.months import MonthState
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.web import scoring_since

_SAID = "某月考评结果已经冻结，项目台账其后有1处没有计入得分"
# Every way of the blueprint, so that a new one is asked too; `test_ways` has each route among them.
_ACTS = [name for name in WAYS if name.startswith("POST project_acts.")]


def _since(session: Session) -> list[scoring_since.Since]:
    del session
    row = ScoreMonthRow(month="2022-08", state=MonthState.ISSUED.value)
    return [scoring_since.Since(row, _SAID, ("外资甲",))]


@pytest.mark.parametrize("name", _ACTS)
def test_whoever_enters_something_of_a_project_is_told_of_the_months_that_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(scoring_since, "months_since", _since)
    entrance = Entrance(open_two_bureaus(tmp_path))
    way, fields = WAYS[name], dict(WAYS[name].fields)
    if endpoint_of(name) == "project_acts.confirm":  # of what somebody told before
        told = {"milestone": "finished", "on": "2022-08-01"}
        address = address_of(entrance.app, "POST project_acts.milestone", entrance.city.ids)
        assert entrance.client("swj").post(address, data=told).status_code == 303
    client = entrance.client(sorted(way.may)[0])
    answer = client.post(address_of(entrance.app, name, entrance.city.ids), data=fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert _SAID in client.get(answer.headers["Location"]).get_data(as_text=True)
