"""What the eight documents of the gazette ask of a county and of the bureaus, read through the rules of series."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from seeds.documents import load_documents
from seeds.registry import SEEDS, load_registry
from tests.support.reading_demands import item_demands
from tracker.domain.items import Basis, CadenceKind, ItemKind
from tracker.domain.readings.frames import NoIssueDay, frame_of
from tracker.domain.readings.item import Item
from tracker.domain.readings.reading import Reading
from tracker.domain.series import FormKey, RowDuty, row_duties, ticked_units
from tracker.domain.units import UnknownUnit

REGISTRY = load_registry(SEEDS / "units.toml")
READINGS = {reading.number: reading for reading in load_documents(SEEDS / "documents", REGISTRY)}
UNIT_IDS = {unit.code: n for n, unit in enumerate(REGISTRY.units, start=1)}
COUNTIES = (
    "yicheng", "suiping", "xiping", "shangcai", "runan", "pingyu", "zhengyang", "queshan", "biyang", "xincai",
)  # fmt: skip
PLAN_52, POLICIES_54, PLAN_50 = "驻政〔2022〕52号", "驻政办〔2022〕54号", "驻政办〔2022〕50号"
K = CadenceKind
# Of these a unit files at least one in every quarter.
EVERY_QUARTER = frozenset({K.WEEKLY, K.EVERY_10_DAYS, K.MONTHLY, K.BIMONTHLY, K.QUARTERLY})


def duties_of(item: Item, reading: Reading) -> tuple[RowDuty, ...]:
    frame = frame_of(reading)
    return row_duties(item_demands(item, unit_ids=UNIT_IDS, frame=frame), frame)


def required(code: str) -> Counter[tuple[str, FormKey]]:
    """Count the required rows of a unit by document and form, over all eight documents."""
    return Counter(
        (number, duty.form)
        for number, reading in READINGS.items()
        for item in reading.items
        for duty in duties_of(item, reading)
        if duty.unit_id == UNIT_IDS[code]
    )


def ticked(code: str) -> Counter[str]:
    """Count the shares of a unit that are one tick of a document's form."""
    found: Counter[str] = Counter()
    for number, reading in READINGS.items():
        frame = frame_of(reading)
        for item in reading.items:
            demands = item_demands(item, unit_ids=UNIT_IDS, frame=frame)
            found[number] += UNIT_IDS[code] in ticked_units(demands, row_duties(demands, frame))
    return +found


def item_of(code: str) -> tuple[Item, Reading]:
    return next((item, reading) for reading in READINGS.values() for item in reading.items if item.code == code)


@pytest.mark.parametrize("code", COUNTIES)
def test_a_county_owes_few_forms_and_fewer_than_twenty_required_rows_a_quarter(code: str) -> None:
    a_quarter = {at: n for at, n in required(code).items() if at[1].kind in EVERY_QUARTER}
    figures = f"{code}: {len(a_quarter)} forms, {sum(a_quarter.values())} rows, ticks {dict(ticked(code))}"
    print(figures)
    assert len(a_quarter) <= 8, figures
    assert sum(a_quarter.values()) < 20, figures


def test_only_documents_that_state_a_rhythm_for_all_their_items_monitor_themselves() -> None:
    monitoring = {number for number, reading in READINGS.items() if frame_of(reading).monitors_itself}
    assert monitoring == {PLAN_52, "驻政办〔2022〕53号"}


def test_only_the_emergency_plan_responds_to_events() -> None:
    assert {number for number, reading in READINGS.items() if frame_of(reading).responds} == {PLAN_50}


def test_steps_of_response_levels_and_their_clocks_wait_for_an_event() -> None:
    reading = READINGS[PLAN_50]
    for item in reading.items:
        if item.kind is ItemKind.RESPONSE_STEP:
            assert duties_of(item, reading) == (), item.code
    assert duties_of(*item_of("50-27")) == ()


def test_a_clock_per_case_is_counted_in_the_monthly_form_of_a_short_document() -> None:
    item, reading = item_of("54-16")
    assert [cadence.kind for cadence in item.cadences if cadence.basis is Basis.STATED] == [K.WITHIN_WORKDAYS]
    assert {duty.form for duty in duties_of(item, reading)} == {FormKey(K.MONTHLY)}


def test_each_indicator_of_the_disability_plan_is_completed_once_and_has_no_form_besides() -> None:
    reading = READINGS[PLAN_52]
    indicators = [item for item in reading.items if item.kind is ItemKind.INDICATOR]
    assert len(indicators) == 25
    for item in indicators:
        completing = [duty for duty in duties_of(item, reading) if duty.completes]
        assert completing, item.code
        assert {(duty.form.kind, duty.until) for duty in completing} == {(K.ONCE, date(2025, 12, 31))}


def test_every_item_outside_the_self_monitoring_documents_and_the_emergency_steps_is_reported_by_somebody() -> None:
    for reading in READINGS.values():
        frame = frame_of(reading)
        for item in reading.items:
            waits = item_demands(item, unit_ids=UNIT_IDS, frame=frame).waits
            if not (frame.monitors_itself or waits):
                assert duties_of(item, reading), item.code


def test_the_lead_is_the_printed_one_and_else_the_one_the_office_assigned() -> None:
    for reading in READINGS.values():
        frame = frame_of(reading)
        for item in reading.items:
            printed = [unit.code for unit in item.leads]
            assigned = [lead.code for lead in item.assigned_leads]
            demands = item_demands(item, unit_ids=UNIT_IDS, frame=frame)
            assert demands.shares.leads == tuple(dict.fromkeys(UNIT_IDS[code] for code in printed or assigned))


def test_an_item_marked_key_by_the_office_is_reported_monthly() -> None:
    item, reading = next(
        (item, reading) for reading in READINGS.values() for item in reading.items if item.code == "51-01"
    )
    frame = frame_of(reading)
    key = item_demands(item, unit_ids=UNIT_IDS, frame=frame, key=True)
    leads = {duty.form.kind for duty in row_duties(key, frame) if duty.unit_id in key.shares.leads}
    assert leads == {K.MONTHLY}


def test_a_unit_that_nobody_knows_is_named() -> None:
    item, reading = item_of("51-01")
    with pytest.raises(UnknownUnit):
        item_demands(item, unit_ids={}, frame=frame_of(reading))


def test_a_document_without_a_day_of_issue_has_no_windows() -> None:
    with pytest.raises(NoIssueDay):
        frame_of(replace(READINGS[PLAN_52], issued_on=None))
