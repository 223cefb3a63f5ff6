"""What a liaison asks for leaves the unit with the head's signature: until then nothing waits for the office."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

import pytest
from sqlalchemy import select

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tracker.domain.accounts import Actor, NotYourTask
from tracker.domain.claims import Claim
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.filings import (
    ExtensionTooLate,
    NotAnExtension,
    ReasonRequired,
    RequestKind,
    RequestPending,
    RequestState,
)
from tracker.domain.objections import ObjectionTooLate
from tracker.domain.petitions import Asked, PetitionOver, PetitionState, PetitionWaits
from tracker.domain.verdicts import Verdict
from tracker.steps.raising import DisputeTooLate
from tracker.store.database import Database
from tracker.store.queries.petitions import petitions_sent_back, waiting_petitions
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.petitions import PetitionRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.merging import merge_units
from tracker.usecases.petitioning import petition, send_petition_back, sign_petition, withdraw_petition
from tracker.usecases.requesting import refuse_request
from tracker.usecases.sharing import reassign_share

REASON = "等统计口径"


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind is asked: about what, when, and when it is too late for the head to sign."""

    asked: Callable[[OwedCity], Asked]
    when: datetime
    too_late_at: datetime
    too_late: type[Rejected]
    before: Callable[[OwedCity], None] = lambda _city: None


def _lower(city: OwedCity) -> None:
    _lowered(city, "2022-09", filed=at(9, 27), decided=at(9, 28))


def _lowered(city: OwedCity, period: str, *, filed: datetime, decided: datetime) -> int:
    report_id = city.file("swj", period, when=filed)
    with city.database.transaction() as session:
        verdict = Verdict(Claim.BEHIND, "只有1期")
        accept_report(session, report_id=report_id, actor=OFFICE, at=decided, verdict=verdict)
    return report_id


def _more_time(city: OwedCity) -> Asked:
    return Asked(RequestKind.EXTENSION, city.rows("swj")["2022-09"].id or 0, REASON, date(2022, 10, 31))


KINDS = {
    "extension": Kind(_more_time, at(10, 10, hour=23), at(10, 11, hour=0), ExtensionTooLate),
    "dispute": Kind(
        lambda city: Asked(RequestKind.DISPUTE, city.share("swj").id or 0, REASON),
        at(8, 29, hour=23),
        at(8, 30, hour=0),
        DisputeTooLate,
    ),
    "objection": Kind(
        lambda _city: Asked(RequestKind.OBJECTION, 1, REASON), at(9, 30), at(10, 20), ObjectionTooLate, _lower
    ),
}


@pytest.fixture
def city(database: Database) -> OwedCity:
    return open_owed_city(database)


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest, city: OwedCity) -> Kind:
    kind = KINDS[request.param]
    kind.before(city)
    return kind


def _write(city: OwedCity, kind: Kind, *, by: Actor | None = None, when: datetime | None = None) -> int | None:
    with city.database.transaction() as session:
        actor = by or city.liaison("swj")
        return petition(session, kind.asked(city), actor=actor, at=when or kind.when, by=BY)


def _sign(city: OwedCity, petition_id: int, when: datetime, *, by: Actor | None = None) -> int:
    with city.database.transaction() as session:
        return sign_petition(session, petition_id=petition_id, actor=by or city.head("swj"), at=when, by=BY)


def _send_back(city: OwedCity, petition_id: int, when: datetime, reason: str = "先与统计局对接") -> None:
    with city.database.transaction() as session:
        send_petition_back(session, petition_id=petition_id, reason=reason, actor=city.head("swj"), at=when)


def _withdraw(city: OwedCity, petition_id: int, when: datetime) -> None:
    with city.database.transaction() as session:
        withdraw_petition(session, petition_id=petition_id, actor=city.liaison("swj"), at=when)


def _requests(city: OwedCity) -> list[RequestRow]:
    with city.database.reading() as session:
        return list(session.scalars(select(RequestRow)))


def _row(city: OwedCity, petition_id: int) -> PetitionRow:
    with city.database.reading() as session:
        return session.get_one(PetitionRow, petition_id)


def _waiting(city: OwedCity) -> list[bool]:
    with city.database.reading() as session:
        return [one.live for one in waiting_petitions(session, unit_ids=[city.unit_id("swj")])]


def test_nothing_moves_until_the_head_signs_and_then_it_is_his_request(city: OwedCity, kind: Kind) -> None:
    before = city.rows("swj"), city.share("swj")
    petition_id = _write(city, kind) or 0
    assert (city.rows("swj"), city.share("swj")) == before
    assert (_requests(city), _waiting(city)) == ([], [True])
    request_id = _sign(city, petition_id, kind.when)
    [request] = _requests(city)
    assert (request.id, request.state, request.reason) == (request_id, RequestState.PENDING.value, REASON)
    assert (request.asked_by, request.asked_at) == ("swj负责人", kind.when)
    row = _row(city, petition_id)
    assert (row.state, row.request_id, row.ended_by) == (PetitionState.SIGNED.value, request_id, "swj负责人")
    assert _waiting(city) == []
    with pytest.raises(PetitionOver):
        _sign(city, petition_id, kind.when)
    assert_reckoned(city.database)


def test_the_rules_are_asked_again_when_the_head_signs(city: OwedCity, kind: Kind) -> None:
    petition_id = _write(city, kind) or 0
    with pytest.raises(kind.too_late):
        _sign(city, petition_id, kind.too_late_at)
    assert _row(city, petition_id).state == PetitionState.AWAITING_SIGN_OFF.value
    _send_back(city, petition_id, kind.too_late_at)
    assert _requests(city) == []
    assert_reckoned(city.database)


def test_what_comes_back_is_written_anew_and_no_longer_named(city: OwedCity, kind: Kind) -> None:
    petition_id = _write(city, kind) or 0
    with pytest.raises(ReasonRequired):
        _send_back(city, petition_id, kind.when, " ")
    _send_back(city, petition_id, kind.when)
    with city.database.reading() as session:
        [back] = petitions_sent_back(session, unit_ids=[city.unit_id("swj")])
    assert (back.reason, back.ended_reason, back.ended_by) == (REASON, "先与统计局对接", "swj负责人")
    again = _write(city, kind) or 0
    with city.database.reading() as session:
        assert petitions_sent_back(session, unit_ids=[city.unit_id("swj")]) == []
    _withdraw(city, again, kind.when)
    with city.database.reading() as session:
        assert [one.petition_id for one in petitions_sent_back(session, unit_ids=[city.unit_id("swj")])] == [
            petition_id
        ]
    assert_reckoned(city.database)


def test_one_waits_at_a_time_and_another_may_be_written_once_it_is_withdrawn(city: OwedCity, kind: Kind) -> None:
    first = _write(city, kind) or 0
    with pytest.raises(PetitionWaits):
        _write(city, kind)
    _withdraw(city, first, kind.when)
    with pytest.raises(PetitionOver):
        _withdraw(city, first, kind.when)
    assert _write(city, kind)


def test_what_the_rules_refuse_is_refused_as_it_is_written(city: OwedCity, kind: Kind) -> None:
    with pytest.raises(kind.too_late):
        _write(city, kind, when=kind.too_late_at)
    assert _waiting(city) == []


def test_the_head_asks_at_once_and_what_a_liaison_wrote_lapses(city: OwedCity, kind: Kind) -> None:
    petition_id = _write(city, kind) or 0
    assert _write(city, kind, by=city.head("swj")) is None
    assert (len(_requests(city)), _waiting(city)) == (1, [False])
    with pytest.raises(Rejected):
        _sign(city, petition_id, kind.when)
    _withdraw(city, petition_id, kind.when)
    assert _waiting(city) == []


def test_a_unit_without_sign_off_asks_at_once(city: OwedCity, kind: Kind) -> None:
    with city.database.transaction() as session:
        session.get_one(UnitRow, city.unit_id("swj")).needs_sign_off = False
    assert _write(city, kind) is None
    assert len(_requests(city)) == 1


def test_only_the_head_of_the_unit_signs_or_sends_back(city: OwedCity, kind: Kind) -> None:
    petition_id = _write(city, kind) or 0
    with pytest.raises(NotYourTask):
        _sign(city, petition_id, kind.when, by=city.liaison("swj"))
    with pytest.raises(NotFound):
        _sign(city, petition_id, kind.when, by=city.head("tjj"))
    with pytest.raises(NotFound), city.database.transaction() as session:
        withdraw_petition(session, petition_id=petition_id, actor=city.liaison("tjj"), at=kind.when)
    with pytest.raises(NotFound):
        _sign(city, petition_id + 1, kind.when)


def test_the_clock_of_the_row_runs_on_while_it_waits(city: OwedCity) -> None:
    kind = KINDS["extension"]
    _write(city, kind)
    city.file("swj", "2022-09", when=at(10, 12))
    assert city.rows("swj")["2022-09"].late is True
    assert _waiting(city) == [False]


def test_a_day_no_later_than_the_rows_own_is_refused(city: OwedCity) -> None:
    asked = Asked(RequestKind.EXTENSION, city.rows("swj")["2022-09"].id or 0, REASON, date(2022, 10, 10))
    with pytest.raises(NotAnExtension), city.database.transaction() as session:
        petition(session, asked, actor=city.liaison("swj"), at=at(10, 1), by=BY)


def test_no_more_time_is_asked_while_the_share_is_disputed_but_after_that(city: OwedCity) -> None:
    petition_id = _write(city, KINDS["extension"], when=at(8, 28)) or 0
    dispute_id = _sign(city, _write(city, KINDS["dispute"], when=at(8, 28)) or 0, at(8, 29))
    assert _waiting(city) == [False]
    with pytest.raises(RequestPending):
        _sign(city, petition_id, at(8, 29))
    with city.database.transaction() as session:
        refuse_request(session, request_id=dispute_id, reason="仍属该局", actor=OFFICE, at=at(8, 30), by=BY)
    assert _waiting(city) == [True]
    _sign(city, petition_id, at(8, 31))
    assert_reckoned(city.database)


def test_what_a_share_that_ended_had_asked_is_named_and_signed_by_nobody(city: OwedCity) -> None:
    petition_id = _write(city, KINDS["extension"], when=at(9, 1)) or 0
    with city.database.transaction() as session:
        share, heir = city.share("swj").id or 0, city.unit_id("wjw")
        reassign_share(
            session, assignment_id=share, to_unit_id=heir, reason="职能划转", actor=OFFICE, at=at(9, 2), by=BY
        )
    assert _waiting(city) == [False]
    with pytest.raises(Rejected):
        _sign(city, petition_id, at(9, 3))
    _withdraw(city, petition_id, at(9, 3))


def test_it_goes_with_the_unit_into_another_one(city: OwedCity) -> None:
    petition_id = _write(city, KINDS["extension"], when=at(9, 1)) or 0
    with city.database.transaction() as session:
        merge_units(
            session,
            from_unit_id=city.unit_id("swj"),
            into_unit_id=city.unit_id("wjw"),
            on=date(2022, 9, 2),
            reason="机构改革",
            actor=OFFICE,
            at=at(9, 2),
        )
    with city.database.reading() as session:
        [one] = waiting_petitions(session, unit_ids=[city.unit_id("wjw")])
    assert (one.petition_id, one.live) == (petition_id, True)
    _sign(city, petition_id, at(9, 3), by=city.head("wjw"))
    assert_reckoned(city.database)


def test_what_waits_about_one_row_or_report_holds_up_nothing_about_another_of_the_share(city: OwedCity) -> None:
    """The head may leave one lying for weeks: the next form has a term of its own."""
    first = _write(city, KINDS["extension"])
    city.grow(at(10, 28))
    row_id = city.rows("swj")["2022-10"].id or 0
    later = replace(
        KINDS["extension"],
        asked=lambda _city: Asked(RequestKind.EXTENSION, row_id, REASON, date(2022, 11, 30)),
        when=at(10, 28),
    )
    assert _write(city, later) not in (None, first)
    with pytest.raises(PetitionWaits):
        _write(city, later)


def test_what_waits_about_one_lowered_claim_holds_up_no_objection_to_another(city: OwedCity) -> None:
    _lower(city)
    first = _write(city, KINDS["objection"])
    city.grow(at(10, 28))
    report_id = _lowered(city, "2022-10", filed=at(10, 28), decided=at(10, 31))
    later = replace(
        KINDS["objection"], asked=lambda _city: Asked(RequestKind.OBJECTION, report_id, REASON), when=at(11, 1)
    )
    assert _write(city, later) not in (None, first)
    with pytest.raises(PetitionWaits):
        _write(city, later)
