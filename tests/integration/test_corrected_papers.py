"""What the paper about a corrected month says of what went before: objections that did not hold, the meeting."""

from functools import partial
from pathlib import Path

import pytest
from docx import Document
from sqlmodel import Session

from tests.support.office import OFFICE
from tests.support.projects import LISTS
from tests.support.published_evaluation import Publishing, corrected_figures
from tests.support.small_evaluation import CHECKING, Worked
from tracker.editions import differs_from_log
from tracker.gateways.schemes import read_scheme
from tracker.store.database import Database
from tracker.store.queries.scoring import last_inputs
from tracker.store.tables.circulars import CircularRow
from tracker.usecases.correcting_months import freeze_correction, open_correction
from tracker.usecases.objecting_to_marks import answer_objection, object_to_marks


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Publishing:
    return Publishing.begun(database, tmp_path)


def _refused(county: str, item: str, worked: Worked) -> None:
    """A county objects to its marks in the check, and is told that they stand."""
    with worked.city.database.transaction() as session:
        told = {"object_code": county, "item": item, "words": "少计三个"}
        objection = object_to_marks(
            session, worked.month_id, **told, read=read_scheme, actor=worked.city.head(county), at=CHECKING
        )
        answer_objection(
            session, objection, upheld=False, answer="数据无误", read=read_scheme, actor=OFFICE, at=CHECKING
        )


def _corrected(house: Publishing, worked: Worked) -> None:
    at, month_id = house.wait(hours=1), worked.month_id
    with house.city.database.transaction() as session:
        open_correction(session, month_id, reason="少计三个", read=read_scheme, actor=OFFICE, at=at)
        seen = max(one.id or 0 for one in last_inputs(session, month_id))
        corrected_figures(worked, session, seen=seen)
        session.flush()
        freeze_correction(session, month_id, read=read_scheme, lists=LISTS, actor=OFFICE, at=at)
    house.wait(hours=1)


def _text(house: Publishing, session: Session, id_: int) -> str:
    row = session.get_one(CircularRow, id_)
    assert not differs_from_log(house.site.services, session, row)
    path = house.site.services.evidence.path(row.sha256 or "")
    return "\n".join(one.text for one in Document(str(path)).paragraphs)


@pytest.mark.parametrize(
    ("county", "item", "told"),
    [("sp", "1-1", True), ("sp", "1-2", False), ("yc", "1-1", False)],
)
def test_a_corrected_paper_tells_the_sequel_of_an_objection_that_did_not_hold(
    house: Publishing, county: str, item: str, told: bool
) -> None:
    worked = house.frozen("2022-09", checked=partial(_refused, county, item))
    house.decide("issuer", "office")
    first = house.publish(worked.month_id)
    _corrected(house, worked)
    second = house.publish(worked.month_id)
    sequel = "（所涉指标的数据其后经核实更正，见附件5）"
    with house.city.database.reading() as session:
        assert "维持原结果1件。" in _text(house, session, first)
        paper = _text(house, session, second)
    assert ("维持原结果1件" + (sequel if told else "。") in paper, sequel in paper) == (True, told)


def test_a_corrected_paper_calls_nobody_to_a_meeting_that_may_be_over(house: Publishing) -> None:
    august, worked = house.frozen("2022-08"), house.frozen("2022-09")
    house.decide("issuer", "office")
    house.publish(august.month_id)
    first = house.publish(worked.month_id)
    _corrected(house, worked)
    second = house.publish(worked.month_id)
    with house.city.database.reading() as session:
        before, after = _text(house, session, first), _text(house, session, second)
    assert "。请上述县区做好准备。" in before
    assert "推进会尚未召开的，请上述县区做好准备。" in after
    assert "。请上述县区做好准备。" not in after
