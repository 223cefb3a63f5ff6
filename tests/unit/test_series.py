"""Who owes whom what in which rhythm: bearers, default rhythms, acts, completions and ticks."""

from datetime import date

import pytest

from tracker.domain.items import EVENT_BOUND, Basis, Bearer, CadenceKind, ItemKind, Measure
from tracker.domain.series import (
    Demand,
    DocumentFrame,
    FormKey,
    ItemDemands,
    RhythmDemand,
    RowDuty,
    Shares,
    TargetDemand,
    bearers,
    default_kind,
    office_interval,
    row_duties,
    ticked_units,
)

K = CadenceKind
BUREAU, SECOND, COUNTY, ZONE, COMMITTEE = 1, 2, 11, 12, 99
SHARES = Shares(leads=(BUREAU,), members=(COUNTY, ZONE), supports=(50,))
TWO_LEADS = Shares(leads=(BUREAU, SECOND))
PLAN_49 = DocumentFrame(issued_on=date(2022, 8, 13), ends_on=date(2022, 12, 31))
PLAN_52 = DocumentFrame(issued_on=date(2022, 8, 11), ends_on=date(2025, 12, 31), monitors_itself=True)
POLICY_54 = DocumentFrame(issued_on=date(2022, 8, 24), expires_on=date(2022, 12, 31))
OPEN_END = DocumentFrame(issued_on=date(2022, 8, 17))
PER_PERIOD = TargetDemand(measure=Measure.PER_PERIOD)
YEAR_END = date(2022, 12, 31)


def item(
    *,
    kind: ItemKind = ItemKind.ACTION,
    shares: Shares = SHARES,
    rhythms: tuple[RhythmDemand, ...] = (),
    targets: tuple[TargetDemand, ...] = (),
    evidence: tuple[Demand, ...] = (),
    deadline_on: date | None = None,
    deadline: Demand | None = None,
    key: bool = False,
    waits: bool = False,
) -> ItemDemands:
    return ItemDemands(
        kind=kind,
        shares=shares,
        rhythms=rhythms,
        targets=targets,
        evidence=evidence,
        deadline_on=deadline_on,
        deadline=deadline or Demand(),
        key=key,
        waits=waits,
    )


def rows(demands: ItemDemands, frame: DocumentFrame = PLAN_49) -> set[tuple[int, CadenceKind]]:
    return {(duty.unit_id, duty.form.kind) for duty in row_duties(demands, frame)}


def only(demands: ItemDemands, frame: DocumentFrame = PLAN_49) -> RowDuty:
    (duty,) = row_duties(demands, frame)
    return duty


@pytest.mark.parametrize(
    ("bearer", "named", "members", "expected"),
    [
        (Bearer.LEAD, (), (11, 12), (1, 2)),
        (Bearer.GROUP, (), (11, 12), (11, 12)),
        (Bearer.GROUP, (), (), (1, 2)),
        (Bearer.BOTH, (), (11, 2), (1, 2, 11)),
        (Bearer.BOTH, (), (), (1, 2)),
        (Bearer.NAMED, (99,), (11, 12), (99,)),
        (Bearer.NAMED, (), (11, 12), (1, 2)),
    ],
)
def test_a_demand_binds_whom_its_words_name_and_else_the_leads(
    bearer: Bearer, named: tuple[int, ...], members: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    shares = Shares(leads=(BUREAU, SECOND), members=members, supports=(50,))
    assert bearers(Demand(bearer=bearer, named=named), shares) == expected


def test_an_item_without_any_rhythm_is_one_quarterly_row_of_its_lead_to_the_office() -> None:
    assert only(item()) == RowDuty(unit_id=BUREAU, form=FormKey(K.QUARTERLY), act=False)


def test_several_leads_each_report() -> None:
    assert rows(item(shares=TWO_LEADS)) == {(BUREAU, K.QUARTERLY), (SECOND, K.QUARTERLY)}


def test_who_bears_a_target_a_product_or_a_rhythm_has_a_row_and_supports_have_none() -> None:
    group = TargetDemand(bearer=Bearer.GROUP, measure=Measure.GRANT)
    assert rows(item(targets=(group,))) == {(BUREAU, K.QUARTERLY), (COUNTY, K.QUARTERLY), (ZONE, K.QUARTERLY)}
    named = Demand(bearer=Bearer.NAMED, named=(COMMITTEE,))
    assert rows(item(evidence=(named,))) == {(BUREAU, K.QUARTERLY), (COMMITTEE, K.QUARTERLY)}


def test_party_and_government_heads_who_travel_monthly_bind_the_counties_not_the_bureau() -> None:
    travels = RhythmDemand(bearer=Bearer.GROUP, kind=K.MONTHLY)
    twice = TargetDemand(bearer=Bearer.GROUP, measure=Measure.PER_PERIOD)
    duties = row_duties(item(rhythms=(travels,), targets=(twice,)), PLAN_49)
    assert {(d.unit_id, d.form.kind, d.act, d.counted) for d in duties} == {
        (COUNTY, K.MONTHLY, True, True),
        (ZONE, K.MONTHLY, True, True),
        (BUREAU, K.QUARTERLY, False, False),
    }


def test_the_four_circulars_of_measure_14_are_four_series_of_the_bureau() -> None:
    kinds = (K.WEEKLY, K.MONTHLY, K.BIMONTHLY, K.QUARTERLY)
    duties = row_duties(item(rhythms=tuple(RhythmDemand(kind=kind) for kind in kinds)), PLAN_49)
    assert {(d.unit_id, d.form) for d in duties} == {(BUREAU, FormKey(kind)) for kind in kinds}
    assert all(d.act and not d.soft and not d.completes for d in duties)


def test_a_rhythm_of_the_whole_document_opens_series_only_at_the_item_that_orders_it() -> None:
    document = (
        RhythmDemand(kind=K.YEARLY, basis=Basis.DOCUMENT),
        RhythmDemand(kind=K.MIDTERM_AND_FINAL, basis=Basis.DOCUMENT),
    )
    assert row_duties(item(rhythms=document), PLAN_52) == ()
    ordered = RhythmDemand(bearer=Bearer.NAMED, named=(COMMITTEE,), kind=K.MIDTERM_AND_FINAL)
    assert rows(item(rhythms=(ordered,)), PLAN_52) == {(COMMITTEE, K.MIDTERM_AND_FINAL)}


def test_a_document_that_monitors_itself_gets_no_default_on_top() -> None:
    target = TargetDemand(bearer=Bearer.GROUP, measure=Measure.LEVEL)
    assert row_duties(item(targets=(target,)), PLAN_52) == ()


def test_where_the_document_monitors_itself_a_deadline_still_asks_for_its_completion() -> None:
    indicator = item(
        kind=ItemKind.INDICATOR, deadline_on=date(2025, 12, 31), targets=(TargetDemand(measure=Measure.LEVEL),)
    )
    assert only(indicator, PLAN_52) == RowDuty(
        unit_id=BUREAU,
        form=FormKey(K.ONCE),
        act=True,
        until=date(2025, 12, 31),
        completes=True,
        statistic=True,
    )


@pytest.mark.parametrize(
    ("demands", "frame", "expected"),
    [
        (item(), PLAN_49, K.QUARTERLY),
        (item(key=True), PLAN_49, K.MONTHLY),
        (item(kind=ItemKind.GOAL, targets=(TargetDemand(),), deadline_on=YEAR_END), PLAN_49, K.MONTHLY),
        (item(kind=ItemKind.GOAL, targets=(TargetDemand(),), deadline_on=date(2025, 12, 31)), PLAN_49, K.QUARTERLY),
        (item(kind=ItemKind.GOAL, targets=(TargetDemand(),)), PLAN_49, K.QUARTERLY),
        (item(kind=ItemKind.GOAL, deadline_on=YEAR_END), PLAN_49, K.QUARTERLY),
        (item(targets=(TargetDemand(),), deadline_on=YEAR_END), PLAN_49, K.QUARTERLY),
        (item(), POLICY_54, K.MONTHLY),
    ],
)
def test_the_default_rhythm_is_quarterly_but_for_years_goals_key_items_and_short_documents(
    demands: ItemDemands, frame: DocumentFrame, expected: CadenceKind
) -> None:
    assert default_kind(demands, frame) is expected


@pytest.mark.parametrize(
    ("issued_on", "expires_on", "expected"),
    [
        (date(2022, 1, 1), date(2022, 6, 30), K.QUARTERLY),
        (date(2022, 1, 1), date(2022, 6, 29), K.MONTHLY),
        (date(2022, 7, 1), date(2022, 12, 31), K.QUARTERLY),
        (date(2022, 7, 2), date(2022, 12, 31), K.MONTHLY),
        (date(2023, 8, 31), date(2024, 2, 29), K.QUARTERLY),
        (date(2023, 8, 31), date(2024, 2, 28), K.MONTHLY),
    ],
)
def test_a_document_is_short_when_two_whole_quarters_do_not_fit(
    issued_on: date, expires_on: date, expected: CadenceKind
) -> None:
    assert default_kind(item(), DocumentFrame(issued_on=issued_on, expires_on=expires_on)) is expected


def test_a_plan_that_ends_with_the_year_is_not_short_without_a_printed_expiry() -> None:
    assert default_kind(item(), PLAN_49) is K.QUARTERLY


def test_a_short_document_asks_monthly_of_its_leads_only() -> None:
    target = TargetDemand(bearer=Bearer.GROUP, measure=Measure.GRANT)
    assert rows(item(targets=(target,)), POLICY_54) == {
        (BUREAU, K.MONTHLY),
        (COUNTY, K.QUARTERLY),
        (ZONE, K.QUARTERLY),
    }


def test_of_two_intervals_that_the_office_named_the_last_holds() -> None:
    named = tuple(RhythmDemand(kind=kind, basis=Basis.DEFAULT) for kind in (K.MONTHLY, K.YEARLY))
    assert office_interval(item(rhythms=named)) is K.YEARLY
    assert only(item(rhythms=named), OPEN_END).form == FormKey(K.YEARLY)


@pytest.mark.parametrize("kind", [K.CONTINUOUS, K.IRREGULAR])
def test_lasting_and_irregular_work_is_a_quarterly_account_that_never_makes_the_matter_red(kind: CadenceKind) -> None:
    expected = RowDuty(unit_id=BUREAU, form=FormKey(K.QUARTERLY), act=False, soft=True)
    assert only(item(rhythms=(RhythmDemand(kind=kind),))) == expected
    assert only(item(rhythms=(RhythmDemand(kind=kind),)), PLAN_52) == expected


@pytest.mark.parametrize("order", [(K.CONTINUOUS, K.QUARTERLY), (K.QUARTERLY, K.CONTINUOUS)])
def test_two_rhythms_in_one_form_owe_what_the_stricter_owes(order: tuple[CadenceKind, ...]) -> None:
    rhythms = tuple(RhythmDemand(kind=kind) for kind in order)
    for targets in ((), (PER_PERIOD,)):
        duty = only(item(rhythms=rhythms, targets=targets))
        assert (duty.act, duty.soft, duty.counted) == (True, False, bool(targets))


@pytest.mark.parametrize("rhythms", [(), (RhythmDemand(kind=K.CONTINUOUS),)])
def test_a_number_to_reach_in_each_period_stays_owed_in_any_rhythm(rhythms: tuple[RhythmDemand, ...]) -> None:
    duty = only(item(rhythms=rhythms, targets=(PER_PERIOD,)))
    assert (duty.form.kind, duty.act, duty.counted) == (K.QUARTERLY, True, True)


@pytest.mark.parametrize("kind", sorted(EVENT_BOUND))
def test_a_clock_per_case_is_counted_in_the_default_form(kind: CadenceKind) -> None:
    assert rows(item(rhythms=(RhythmDemand(kind=kind),)), POLICY_54) == {(BUREAU, K.MONTHLY)}


def test_what_waits_for_an_event_has_neither_rows_nor_ticks() -> None:
    step = item(kind=ItemKind.RESPONSE_STEP, rhythms=(RhythmDemand(kind=K.DAILY),), waits=True)
    assert row_duties(step, OPEN_END) == ()
    assert ticked_units(step, ()) == ()


@pytest.mark.parametrize("kind", [K.ONCE, K.MIDTERM_AND_FINAL])
def test_a_single_act_without_any_end_is_asked_after_quarterly_until_the_office_names_a_day(kind: CadenceKind) -> None:
    undated = item(rhythms=(RhythmDemand(kind=kind),))
    assert only(undated, OPEN_END) == RowDuty(unit_id=BUREAU, form=FormKey(K.QUARTERLY), act=False, soft=True)
    assert only(undated, PLAN_49).form.kind is kind


def test_reports_to_another_body_stand_in_a_form_of_their_own() -> None:
    province = RhythmDemand(kind=K.MONTHLY, addressee="省指挥部")
    duties = row_duties(item(rhythms=(province, RhythmDemand(kind=K.MONTHLY))), OPEN_END)
    assert sorted(duty.form for duty in duties) == [FormKey(K.MONTHLY), FormKey(K.MONTHLY, "省指挥部")]


def test_of_several_leads_the_first_files_the_completion() -> None:
    duties = row_duties(item(shares=TWO_LEADS, deadline_on=YEAR_END), PLAN_49)
    assert {(d.unit_id, d.completes, d.until) for d in duties} == {(BUREAU, True, YEAR_END), (SECOND, False, YEAR_END)}


def test_a_second_lead_owes_no_form_of_its_own_where_only_a_completion_is_asked_for() -> None:
    assert rows(item(shares=TWO_LEADS, deadline_on=YEAR_END), PLAN_52) == {(BUREAU, K.ONCE)}


@pytest.mark.parametrize(
    ("deadline", "completing"),
    [
        (Demand(bearer=Bearer.GROUP), {COUNTY, ZONE}),
        (Demand(bearer=Bearer.BOTH), {BUREAU, COUNTY, ZONE}),
        (Demand(bearer=Bearer.NAMED, named=(SECOND,)), {SECOND}),
    ],
)
def test_each_bearer_of_the_deadline_completes_its_own_part(deadline: Demand, completing: set[int]) -> None:
    shares = Shares(leads=(BUREAU, SECOND), members=(COUNTY, ZONE))
    duties = row_duties(item(shares=shares, deadline_on=YEAR_END, deadline=deadline), PLAN_49)
    assert {duty.unit_id for duty in duties if duty.completes} == completing


def test_an_item_is_completed_once_in_the_longest_of_the_forms() -> None:
    demands = item(rhythms=(RhythmDemand(kind=K.WEEKLY), RhythmDemand(kind=K.QUARTERLY)), deadline_on=YEAR_END)
    duties = row_duties(demands, PLAN_49)
    assert {(d.form.kind, d.completes) for d in duties} == {(K.QUARTERLY, True), (K.WEEKLY, False)}


@pytest.mark.parametrize(
    ("measure", "statistic"),
    [
        (Measure.CUMULATIVE, True),
        (Measure.LEVEL, True),
        (Measure.BASELINE, True),
        (Measure.CEILING, False),
        (Measure.GRANT, False),
        (Measure.PER_PERIOD, False),
        (None, False),
    ],
)
def test_only_figures_of_statistics_come_later_than_the_deadline(measure: Measure | None, statistic: bool) -> None:
    assert only(item(targets=(TargetDemand(measure=measure),), deadline_on=YEAR_END)).statistic is statistic


def test_members_without_a_row_have_one_tick_and_leads_and_supports_none() -> None:
    target = TargetDemand(bearer=Bearer.NAMED, named=(COUNTY,), measure=Measure.GRANT)
    demands = item(targets=(target,))
    assert ticked_units(demands, row_duties(demands, PLAN_49)) == (ZONE,)
    assert ticked_units(item(), row_duties(item(), PLAN_49)) == (COUNTY, ZONE)


def test_a_document_ends_with_its_printed_expiry_before_the_end_of_its_plan() -> None:
    frame = DocumentFrame(issued_on=date(2022, 8, 1), ends_on=date(2025, 12, 31), expires_on=date(2023, 6, 30))
    assert frame.last_on == date(2023, 6, 30)
    assert PLAN_49.last_on == date(2022, 12, 31)
    assert OPEN_END.last_on is None
