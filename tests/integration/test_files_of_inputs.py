"""Files under inputs of a month: whoever is checked opens none that shows what others may not know yet."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.office import CALENDAR
from tests.support.two_bureaus import NOW
from tests.support.two_bureaus_life import open_two_bureaus
from tests.support.ways_in import Entrance
from tracker.domain.accounts import SYSTEM
from tracker.domain.downloads import XLSX
from tracker.domain.scoring.entries import Entry, Evidence, InputKind, Sourced
from tracker.domain.scoring.months import CorrectionState
from tracker.gateways.schemes import read_scheme
from tracker.store.queries.scoring import last_input_id
from tracker.store.tables.scoring import ScoreCorrectionRow, ScoreInputRow, ScoreMonthRow
from tracker.usecases.scoring_inputs import enter_inputs

_SHUT = "该材料可能载有其他考评对象尚未印发的数据"


@pytest.fixture
def entrance(tmp_path: Path) -> Iterator[Entrance]:
    made = Entrance(open_two_bureaus(tmp_path))
    yield made
    made.city.database.dispose()


def _enter(entrance: Entrance, file: str, *bodies: str, media_type: str = "text/plain") -> int:
    """Hand in for each of some bodies what is the office's to hand in, all with one file; return the first's number."""
    kept = entrance.city.services.evidence.store(BytesIO(file.encode()))
    source = Evidence(file, kept.sha256, f"{file}.txt", media_type)
    told = [
        Sourced(Entry(kind=InputKind.OCCURRENCE, code="meeting", object=body, reference=f"{file}{body}"), source)
        for body in bodies
    ]
    month_id = entrance.city.ids["swj.score month"]
    with entrance.city.database.transaction() as session:
        enter_inputs(
            session, month_id, told, seen=0, reason="", read=read_scheme, calendar=CALENDAR, actor=SYSTEM, at=NOW
        )
    wanted = select(col(ScoreInputRow.id)).where(col(ScoreInputRow.reference) == f"{file}{bodies[0]}")
    with entrance.city.database.reading() as session:
        return session.scalars(wanted).one() or 0


def _seen(entrance: Entrance, login: str, input_id: int) -> tuple[bool, int]:
    """Return whether the page of the marks leads to a file, and how its address answers."""
    address = f"/evaluation/inputs/{input_id}/file"
    page = entrance.look(login, f"/evaluation/{entrance.city.ids['swj.score month']}/objects/1").get_data(as_text=True)
    return address in page, entrance.look(login, address).status_code


def _publish(entrance: Entrance, *, corrections: Iterable[ScoreCorrectionRow] = ()) -> None:
    month_id = entrance.city.ids["swj.score month"]
    with entrance.city.database.transaction() as session:
        month = session.get_one(ScoreMonthRow, month_id)
        month.state, month.result = "issued", "{}"
        for one in corrections:
            one.month_id = month_id
            session.add(one)
            session.flush()


def _correction(state: CorrectionState, *, after: int) -> ScoreCorrectionRow:
    """A correction of inputs that came after one."""
    row = ScoreCorrectionRow(
        month_id=0, state=state.value, reason="漏计", inputs_after=after, opened_by="督查室", opened_at=NOW
    )
    if state is CorrectionState.ISSUED:
        row.edition, row.result, row.frozen_by, row.frozen_at = 2, "{}", "督查室", NOW
        row.inputs_digest = "d"
    return row


def test_in_check_a_body_opens_files_that_are_about_it_alone(entrance: Entrance) -> None:
    alone = _enter(entrance, "只关本单位", "swj")
    shared = _enter(entrance, "涉及多家", "swj", "yc")
    book = _enter(entrance, "整本数据", "swj", media_type=XLSX)
    assert [_seen(entrance, "swj", one) for one in (alone, shared, book)] == [(True, 200), (False, 404), (False, 404)]
    assert [_seen(entrance, "office", one) for one in (alone, shared, book)] == [(True, 200)] * 3
    page = entrance.look("swj", f"/evaluation/{entrance.city.ids['swj.score month']}/objects/1").get_data(as_text=True)
    assert "涉及多家.txt" in page
    assert "整本数据.txt" in page
    assert _SHUT in page
    _publish(entrance)
    assert [_seen(entrance, "swj", one) for one in (alone, shared, book)] == [(True, 200)] * 3


def test_a_file_that_was_put_under_another_body_shuts_also_after_that_was_taken_back(entrance: Entrance) -> None:
    ours = _enter(entrance, "同一份", "swj")
    assert _seen(entrance, "swj", ours) == (True, 200)
    theirs = _enter(entrance, "同一份", "yc")
    with entrance.city.database.transaction() as session:
        row = session.get_one(ScoreInputRow, theirs)
        taken = {**row.model_dump(exclude={"id"}), "replaces_id": theirs, "void": True, "file_sha256": None}
        session.add(ScoreInputRow(**taken | {"file_name": None}))
    assert _seen(entrance, "swj", ours) == (False, 404)


def test_a_file_about_all_bodies_alike_is_no_others(entrance: Entrance) -> None:
    """A figure that holds for all is everybody's: its file shows nothing of another body."""
    ours = _enter(entrance, "全市数据", "swj")
    with entrance.city.database.transaction() as session:
        row = session.get_one(ScoreInputRow, ours)
        session.add(ScoreInputRow(**{**row.model_dump(exclude={"id"}), "object": "", "reference": "全市"}))
    assert entrance.look("swj", f"/evaluation/inputs/{ours}/file").status_code == 200


def test_what_a_running_correction_holds_did_not_go_out(entrance: Entrance) -> None:
    published = _enter(entrance, "已印发", "swj", "yc")
    with entrance.city.database.reading() as session:
        last = last_input_id(session, entrance.city.ids["swj.score month"])
    later = _enter(entrance, "更正所据", "swj", "yc")
    dropped, running = CorrectionState.DROPPED, CorrectionState.OPEN
    _publish(entrance, corrections=[_correction(one, after=last) for one in (dropped, running)])
    assert _seen(entrance, "swj", published) == (True, 200)
    assert _seen(entrance, "swj", later) == (False, 404)


def test_a_correction_that_was_dropped_shuts_nothing_of_the_next_that_went_out(entrance: Entrance) -> None:
    first = _enter(entrance, "先前", "swj")
    later = _enter(entrance, "另一次更正所据", "swj", "yc")
    dropped, issued = CorrectionState.DROPPED, CorrectionState.ISSUED
    _publish(entrance, corrections=[_correction(one, after=first) for one in (dropped, issued)])
    assert [_seen(entrance, "swj", one) for one in (first, later)] == [(True, 200)] * 2


def test_a_file_about_one_body_alone_is_no_others_to_open_not_even_when_its_marks_are_out(entrance: Entrance) -> None:
    alone = _enter(entrance, "只关一家", "swj")
    assert _seen(entrance, "yc", alone) == (False, 404)
    _publish(entrance)
    month = f"/evaluation/{entrance.city.ids['swj.score month']}/objects/1"
    assert entrance.look("yc", month).status_code == 200, "the marks themselves are everybody's now"
    assert _seen(entrance, "yc", alone) == (False, 404)
    assert _seen(entrance, "swj", alone) == (True, 200)
