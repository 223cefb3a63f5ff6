"""What a correction's paper tells of objections raised between the circular and the keeping of the correction."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.office import OFFICE
from tests.support.projects import LISTS
from tests.support.published_evaluation import Publishing, corrected_figures
from tests.support.small_evaluation import Worked
from tracker.editions import differs_from_log
from tracker.gateways.schemes import read_scheme
from tracker.store.database import Database
from tracker.store.history.log import cut
from tracker.store.history.objected import objected_between
from tracker.store.history.ranking import kept_month
from tracker.store.queries.scoring import last_input_id
from tracker.store.tables.circulars import CircularRow
from tracker.usecases.correcting_months import freeze_correction, open_correction
from tracker.usecases.objecting_to_marks import answer_objection, object_to_marks, settle_objection

_RIGHT, _WRONG, _IDLE = "right", "wrong", "idle"
_SEQUEL = "（所涉指标的数据其后经核实更正，见附件5）"


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Publishing:
    return Publishing.begun(database, tmp_path)


@pytest.fixture
def worked(house: Publishing) -> Worked:
    return house.published()


def _objected(house: Publishing, worked: Worked, county: str, item: str, came: str) -> None:
    """A county objects to its marks; it is told that they stand, that it is right, or that this changes nothing."""
    of = {"object_code": county, "item": item, "words": "少计三个", "read": read_scheme}
    by = {"read": read_scheme, "actor": OFFICE}
    with house.city.database.transaction() as session:
        head = {"actor": house.city.head(county), "at": house.wait(hours=1)}
        objection = object_to_marks(session, worked.month_id, **of, **head)  # type: ignore[arg-type] # by name
        given = {"upheld": came != _WRONG, "answer": "已核对", "at": house.wait(hours=1)}
        answer_objection(session, objection, **given, **by)  # type: ignore[arg-type] # by name
        if came == _IDLE:
            session.flush()
            settle_objection(session, objection, reason="不影响", at=house.wait(hours=1), **by)  # type: ignore[arg-type]


def _corrected(house: Publishing, worked: Worked, *, later: tuple[tuple[str, str, str], ...] = ()) -> None:
    """Correct the month; what is raised `later` is once the figures were handed in."""
    at, month_id = house.wait(hours=1), worked.month_id
    with house.city.database.transaction() as session:
        open_correction(session, month_id, reason="少计三个", read=read_scheme, actor=OFFICE, at=at)
        corrected_figures(worked, session, seen=last_input_id(session, month_id))
    for one in later:
        _objected(house, worked, *one)
    with house.city.database.transaction() as session:
        at = house.wait(hours=1)
        freeze_correction(session, month_id, read=read_scheme, lists=LISTS, actor=OFFICE, at=at)
    house.wait(hours=1)


def _said(house: Publishing, worked: Worked, since: str) -> str:
    draft = house.draft(worked.month_id)
    with house.city.database.reading() as session:
        row = session.get_one(CircularRow, draft)
        assert not differs_from_log(house.site.services, session, row)
        return (row.said or "").partition(since)[2].partition("。")[0]


@pytest.mark.parametrize(
    ("objected", "later", "said"),
    [
        ((), (), ""),
        ((("sp", "1-1", _RIGHT),), (), "1件，经核实属实1件，已更正数据并重新计分"),
        ((("yc", "1-2", _IDLE),), (), "1件，经核实属实1件，不影响计分"),
        ((("yc", "1-1", _WRONG),), (), "1件，经核实维持原结果1件"),
        ((("sp", "1-1", _WRONG),), (), f"1件，经核实维持原结果1件{_SEQUEL}"),
        ((), (("sp", "1-1", _WRONG),), "1件，经核实维持原结果1件"),  # answered by what was corrected already
        (
            (("sp", "1-1", _WRONG), ("sp", "1-1", _RIGHT), ("yc", "1-2", _IDLE)),
            (("yc", "1-1", _WRONG),),
            "4件，经核实属实2件，其中已更正数据并重新计分1件、不影响计分1件，维持原结果2件"
            "（其中1件所涉指标的数据其后经核实更正，见附件5）",
        ),
    ],
)
def test_the_paper_of_a_correction_tells_what_came_of_objections_since_the_circular(
    house: Publishing,
    worked: Worked,
    objected: tuple[tuple[str, str, str], ...],
    later: tuple[tuple[str, str, str], ...],
    said: str,
) -> None:
    for one in objected:
        _objected(house, worked, *one)
    _corrected(house, worked, later=later)
    assert _said(house, worked, "通报以后提出异议") == said


def test_what_was_objected_after_the_keeping_is_told_apart_and_older_results_tell_nothing(
    house: Publishing, worked: Worked
) -> None:
    _objected(house, worked, "sp", "1-1", _RIGHT)
    _corrected(house, worked)
    _objected(house, worked, "yc", "1-1", _WRONG)
    house.wait(hours=1)
    draft = house.draft(worked.month_id)
    with house.city.database.reading() as session:
        words = session.get_one(CircularRow, draft).said or ""
        until = cut(session, as_of=house.site.clock.at)
        kept = kept_month(session, month_id=worked.month_id, edition=2, until=until, read=read_scheme)
        of_before = {key: value for key, value in kept.event.facts.items() if key != "tells_between"}
        events = (kept.event, replace(kept.event, facts=of_before))
        told = [
            objected_between(session, kept.row, kept.evaluated.rules, one, edition=2, until=until) for one in events
        ]
    assert "通报以后提出异议1件，经核实属实1件，已更正数据并重新计分。更正后的得分" in words
    assert "核定以后提出异议1件，经核实维持更正后的结果1件。" in words
    assert (told[0]["right_between"], told[0]["kept_between"], told[1]) == (1, 0, {})
