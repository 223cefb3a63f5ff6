"""Who gets a share when a document is issued: nobody above the city, and a lead that may be ordered if there is one."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from seeds.documents import load_documents
from seeds.registry import SEEDS, load_registry
from tests.support.databases import fresh_sqlite, open_database
from tests.support.kept import GROUP, city_led_by
from tests.support.office import BY, ISSUED_AT, OFFICE, City
from tests.support.once import made_once
from tracker.domain.accounts import SYSTEM
from tracker.domain.readings.item import AssignedLead
from tracker.domain.unit_classes import Tasking, class_of
from tracker.domain.units import UnitKind
from tracker.steps.tasking import NobodyToTask
from tracker.store.database import Database
from tracker.store.tables.documents import ItemRow
from tracker.store.tables.series import SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.issuing import issue_document
from tracker.usecases.registering import approve_document, register_document, register_units

BUREAU = AssignedLead("市商务局", "swj", "督查室拟定")


def _shares(city: City) -> dict[str, tuple[str, str]]:
    with city.database.reading() as session:
        rows = session.execute(
            select(col(UnitRow.code), col(AssignmentRow.role), col(AssignmentRow.duty))
            .join(AssignmentRow, col(AssignmentRow.unit_id) == col(UnitRow.id))
            .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
            .where(col(TaskRow.id) == 1)
        )
        return {code: (role, duty) for code, role, duty in rows}


def test_a_printed_lead_that_is_asked_by_letter_stands_beside_the_assigned_one_and_owes_nothing(
    database: Database,
) -> None:
    city = city_led_by(database, "zzb", assigned=(BUREAU,))
    shares = _shares(city)
    assert shares["swj"] == ("lead", "report")
    assert shares["zzb"] == ("support", "reply")
    with city.database.reading() as session:
        owing = set(session.scalars(select(col(SeriesRow.unit_id))))
        assert city.unit_id("zzb") not in owing
        assert city.unit_id("swj") in owing


def test_a_provincial_lead_gets_nothing_and_the_assigned_one_leads(database: Database) -> None:
    shares = _shares(city_led_by(database, "sheng", assigned=(BUREAU,)))
    assert "sheng" not in shares
    assert shares["swj"] == ("lead", "report")


def test_a_body_asked_by_letter_stays_the_lead_where_the_office_assigned_nobody(database: Database) -> None:
    assert _shares(city_led_by(database, "zzb"))["zzb"] == ("lead", "report")


def test_a_lead_that_may_be_ordered_keeps_every_other_printed_lead_beside_it(database: Database) -> None:
    shares = _shares(city_led_by(database, GROUP, "zzb"))
    assert shares[GROUP] == shares["zzb"] == ("lead", "report")


def test_a_task_that_only_provincial_bodies_lead_is_not_issued(database: Database) -> None:
    with pytest.raises(NobodyToTask) as refusal:
        city_led_by(database, "sheng")
    assert refusal.value.facts == {"item": "99-01"}


@pytest.fixture(scope="module")
def gazette(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """All eight documents of the gazette, issued."""
    folder = made_once(tmp_path_factory, "gazette", _issue_all)
    return open_database(f"sqlite:///{folder / 'tracker.db'}")


def _issue_all(folder: Path) -> None:
    database = fresh_sqlite(folder)
    registry = load_registry(SEEDS / "units.toml")
    with database.transaction() as session:
        register_units(session, registry, at=ISSUED_AT)
        for reading in load_documents(SEEDS / "documents", registry):
            register_document(session, reading, actor=SYSTEM, at=ISSUED_AT)
            approve_document(session, number=reading.number, basis="市政府常务会议议定", actor=OFFICE, at=ISSUED_AT)
            issue_document(session, number=reading.number, actor=OFFICE, at=ISSUED_AT, by=BY)
    database.dispose()


def test_no_provincial_body_has_an_assignment_of_the_gazette(gazette: Database) -> None:
    with gazette.reading() as session:
        kinds = set(session.scalars(select(col(UnitRow.kind)).join(AssignmentRow)))
        assert UnitKind.UPPER_LEVEL.value not in kinds
        assert UnitKind.CITY_GOVERNMENT.value not in kinds


def test_every_issued_task_is_led_by_whom_the_city_may_order_or_by_a_body_without_an_assigned_lead(
    gazette: Database,
) -> None:
    with gazette.reading() as session:
        leads: dict[str, list[tuple[Tasking, bool]]] = {}
        rows = session.execute(
            select(col(ItemRow.code), UnitRow, col(AssignmentRow.proposed))
            .select_from(AssignmentRow)
            .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
            .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
            .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
            .where(col(AssignmentRow.role) == "lead")
        )
        for item, unit, proposed in rows:
            rule = class_of(UnitKind(unit.kind), tasked=unit.tasked)
            leads.setdefault(item, []).append((rule.may_task, proposed))
        assert set(leads) == set(session.scalars(select(col(ItemRow.code))))
    asked = {item for item, found in leads.items() if all(rule is not Tasking.TASK for rule, _proposed in found)}
    # 50号 2.2 gives each body its duty by name; 53号 is run by the office of a leading group of the party.
    assert {item.split("-")[0] for item in asked} == {"50", "53"}


@pytest.mark.parametrize(
    ("item", "printed", "contact"),
    [
        ("48-17", "haiguan", "kouanban"),
        ("52-33", "zhengfawei", "weijiantiwei"),
        ("54-10", "renhang", "jinrongju"),
        ("57-16", "zuzhibu", "kejiju"),
    ],
)
def test_the_assigned_contact_leads_for_a_body_that_is_asked_by_letter(
    gazette: Database, item: str, printed: str, contact: str
) -> None:
    with gazette.reading() as session:
        rows = session.execute(
            select(col(UnitRow.code), col(AssignmentRow.role), col(AssignmentRow.duty))
            .select_from(AssignmentRow)
            .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
            .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
            .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
            .where(col(ItemRow.code) == item)
        )
        shares = {code: (role, duty) for code, role, duty in rows}
    assert shares[contact] == ("lead", "report")
    assert shares[printed] == ("support", "reply")
