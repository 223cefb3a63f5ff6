"""A lead verifies what members filed, once and in time; the office decides by itself and looks at a sample singly."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import cast

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.accounts import NewUser, create_user
from tests.support.member_city import open_member_city, reading_that_binds_counties
from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at
from tests.support.together import together
from tracker.domain.accounts import Actor, NotYourTask, Role
from tracker.domain.calendar import local_day
from tracker.domain.claims import Claim, ClaimRaised
from tracker.domain.deliveries import Outgoing
from tracker.domain.errors import NotFound, TrackerError
from tracker.domain.filings import NotUnderReview, ReasonRequired, ReportKind, ReturnReason
from tracker.domain.verdicts import Verdict
from tracker.domain.verifying import (
    DecidedSingly,
    LeadOpinion,
    LeadWord,
    LowerClaimMissing,
    NothingToVerify,
    VerifiedAlready,
    VerifyingTooLate,
    draw,
)
from tracker.steps.digests import keep_digests, plan_digests
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.lead_words import confirmed_by_leads, lead_words
from tracker.store.queries.outages import terms
from tracker.store.queries.verifying import count_before_leads, first_found_true, form_of, lies_before
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.filings import LeadVerificationRow, ReportRow
from tracker.store.tables.series import SeriesRow
from tracker.store.tables.units import UnitRow, UserRow
from tracker.usecases.accepting import accept_confirmed, accept_filing, accept_report
from tracker.usecases.ending import cancel_task
from tracker.usecases.issuing import issue_document
from tracker.usecases.registering import approve_document, register_document
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import reassign_share
from tracker.usecases.verifying import confirm_reports, verify_report

FILED = at(9, 27)  # a Tuesday
IN_TIME = at(9, 28)
TRUE = LeadWord(LeadOpinion.STANDS)
LOWER = LeadWord(LeadOpinion.LOWER, Claim.BEHIND, "只有1期")


@pytest.fixture
def city(database: Database) -> OwedCity:
    return open_member_city(database)


def _verify(
    city: OwedCity, report_id: int, word: LeadWord = TRUE, *, by: Actor | None = None, when: datetime = IN_TIME
) -> None:
    actor = by or city.liaison("swj")
    with city.database.transaction() as session:
        verify_report(session, report_id=report_id, word=word, actor=actor, at=when, by=BY)


def _accept(city: OwedCity, report_id: int) -> None:
    with city.database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=IN_TIME)


def _leads_before(city: OwedCity, report_id: int) -> list[str]:
    with city.database.reading() as session:
        return list(lies_before(session, [report_id]).get(report_id, {}).values())


def _said(city: OwedCity, report_id: int) -> tuple[str, str | None, str | None]:
    with city.database.reading() as session:
        said = lead_words(session, [report_id])[report_id]
    return said.opinion, said.claim, said.reason


def _add_lead(city: OwedCity) -> None:
    """Let 市卫生健康体育委, which has a liaison then, lead beside 市商务局."""
    city.add_lead("wjw", FILED)
    with city.database.transaction() as session:
        create_user(session, NewUser("wjw", "赵六", Role.LIAISON, "x", "wjw"))


def test_a_members_row_lies_before_the_leads_alone_and_a_leads_own_row_before_nobody(city: OwedCity) -> None:
    _add_lead(city)
    with city.database.transaction() as session:
        for code in ("tjj", "sp"):
            create_user(session, NewUser(code, "联络员", Role.LIAISON, "x", code))
    member, lead = (city.file(code, "2022-09", when=FILED) for code in ("yc", "swj"))
    assert _leads_before(city, member) == ["市商务局", "市卫生健康体育委"]
    assert _leads_before(city, lead) == []
    for code in ("swj", "wjw"):
        with pytest.raises(NotFound):
            _verify(city, lead, by=city.liaison(code))


def _address_elsewhere(city: OwedCity, session: Session) -> None:
    for series in session.scalars(select(SeriesRow).where(col(SeriesRow.unit_id) == city.unit_id("yc"))):
        series.addressee = "市统计局"


def _leave_from_the_old_reckoning(_city: OwedCity, session: Session) -> None:
    session.scalars(select(ReportRow)).one().kind = ReportKind.NIL.value


def _disable_liaison(_city: OwedCity, session: Session) -> None:
    for user in session.scalars(select(UserRow)):
        user.active = False


def _let_the_member_keep_the_lead(city: OwedCity, session: Session) -> None:
    session.get_one(UnitRow, city.unit_id("swj")).kept_by_unit_id = city.unit_id("yc")


def _cancel(city: OwedCity, session: Session) -> None:
    cancel_task(session, task_id=city.task_id(), reason="上级取消", actor=OFFICE, at=IN_TIME)


def _reassign_to_a_lead_without_a_liaison(city: OwedCity, session: Session) -> None:
    share_id, unit_id = city.share("swj").id or 0, city.unit_id("wjw")
    reassign_share(
        session, assignment_id=share_id, to_unit_id=unit_id, reason="职能划转", actor=OFFICE, at=IN_TIME, by=BY
    )


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (_address_elsewhere, NothingToVerify),
        (_leave_from_the_old_reckoning, NothingToVerify),
        (_disable_liaison, NothingToVerify),
        (_let_the_member_keep_the_lead, NothingToVerify),
        (_cancel, NotFound),  # with the task the share of the lead has ended
        (_reassign_to_a_lead_without_a_liaison, NotFound),
    ],
)
def test_a_row_goes_to_the_office_at_once_where_no_lead_can_verify_it(
    city: OwedCity, change: Callable[[OwedCity, Session], None], refused: type[TrackerError]
) -> None:
    report_id = city.file("yc", "2022-09", when=FILED)
    with city.database.transaction() as session:
        change(city, session)
    assert _leads_before(city, report_id) == []
    with pytest.raises(refused):
        _verify(city, report_id)


@pytest.mark.parametrize(
    ("word", "kept"),
    [
        (TRUE, ("stands", None, None)),
        (LOWER, ("lower", "behind", "只有1期")),
    ],
)
def test_a_leads_word_is_kept_and_logged_and_moves_neither_the_row_nor_what_the_log_tells(
    city: OwedCity, word: LeadWord, kept: tuple[str, str | None, str | None]
) -> None:
    report_id = city.file("yc", "2022-09", when=FILED)
    rows, before = city.rows("yc"), _told(city)
    _verify(city, report_id, word, by=city.head("swj"))
    assert _said(city, report_id) == kept
    assert (city.rows("yc"), _told(city)) == (rows, before)
    with city.database.reading() as session:
        event = session.scalars(select(EventRow).where(col(EventRow.type) == "report.lead_verified")).one()
        assert (event.actor, event.unit_id, event.task_id) == ("swj负责人", city.unit_id("yc"), city.task_id())
    assert_reckoned(city.database)


def _told(city: OwedCity) -> object:
    with city.database.reading() as session:
        state = fold(session, cut(session, as_of=at(9, 30)))
        return sorted(state.views(), key=lambda view: view.series_id)


def test_a_leads_word_needs_its_reason_and_a_claim_that_is_lower(city: OwedCity) -> None:
    report_id = city.file("yc", "2022-09", when=FILED)
    for word, refusal in (
        (replace(LOWER, reason=" "), ReasonRequired),
        (LeadWord(LeadOpinion.RETURN), ReasonRequired),
        (replace(LOWER, claim=None), LowerClaimMissing),
        (replace(LOWER, claim=Claim.ON_SCHEDULE), LowerClaimMissing),
        (replace(LOWER, claim=Claim.DONE), ClaimRaised),
    ):
        with pytest.raises(refusal):
            _verify(city, report_id, word)
    assert _leads_before(city, report_id)


def test_only_people_of_the_lead_verify(city: OwedCity) -> None:
    report_id = city.file("yc", "2022-09", when=FILED)
    for actor, refusal in (
        (city.liaison("yc"), NotFound),
        (city.liaison("tjj"), NotFound),
        (city.head("sp"), NotFound),
        (OFFICE, NotYourTask),
    ):
        with pytest.raises(refusal):
            _verify(city, report_id, by=actor)


@pytest.mark.parametrize(("when", "refused"), [(at(9, 29, hour=23), False), (at(9, 30, hour=0), True)])
def test_a_lead_verifies_until_the_second_working_day_is_over(city: OwedCity, when: datetime, refused: bool) -> None:
    report_id = city.file("yc", "2022-09", when=FILED)
    with city.database.reading() as session:
        since = terms(session, by=BY).open_since(local_day(when), workdays=BY.policy.lead_verifies_workdays)
        waiting = count_before_leads(session, unit_ids=[city.unit_id("swj")], filed_since=since)
    assert waiting == ({} if refused else {city.unit_id("swj"): 1})
    if refused:
        with pytest.raises(VerifyingTooLate):
            _verify(city, report_id, when=when)
    else:
        _verify(city, report_id, when=when)
    _accept(city, report_id)


def test_the_office_decides_before_the_lead_and_may_differ_from_it(city: OwedCity) -> None:
    early, late = (city.file(code, "2022-09", when=FILED) for code in ("yc", "sp"))
    _accept(city, early)
    with pytest.raises(NothingToVerify):
        _verify(city, early)
    _verify(city, late)
    with city.database.transaction() as session:
        verdict = Verdict(Claim.BEHIND, "佐证只有1期")
        accept_report(session, report_id=late, actor=OFFICE, at=IN_TIME, verdict=verdict)
    with city.database.reading() as session:
        assert session.get_one(ReportRow, late).verified_claim == "behind"
    assert _said(city, late)[0] == "stands"


def test_of_several_leads_the_first_that_answers_decides(city: OwedCity) -> None:
    report_id = city.file("yc", "2022-09", when=FILED)
    _add_lead(city)
    assert _leads_before(city, report_id) == ["市商务局", "市卫生健康体育委"]
    _verify(city, report_id, LOWER, by=city.liaison("wjw"))
    with pytest.raises(VerifiedAlready) as refused:
        _verify(city, report_id)
    assert refused.value.facts["lead"] == "市卫生健康体育委"
    assert _said(city, report_id)[0] == "lower"


def test_of_two_words_and_a_decision_at_once_one_holds(city: OwedCity) -> None:
    first, second = (city.file(code, "2022-09", when=FILED) for code in ("yc", "sp"))
    assert _at_once(lambda: _verify(city, first), lambda: _verify(city, first, LOWER)) == [False, True]
    done = _at_once(lambda: _verify(city, second), lambda: _accept(city, second))
    with city.database.reading() as session:
        assert session.get_one(ReportRow, second).state == "accepted"
        words = session.scalars(select(col(LeadVerificationRow.report_id))).all()
    assert (second in words) is (done == [True, True])


def _at_once(*acts: Callable[[], object]) -> list[bool]:
    """Do acts at the same moment; return whether each was done, the refused ones first."""

    def act(what: Callable[[], object]) -> bool:
        try:
            what()
        except (VerifiedAlready, NothingToVerify):
            return False
        return True

    return sorted(together(*(partial(act, what) for what in acts)))


def test_what_the_lead_found_true_is_accepted_at_once_but_for_the_sample(city: OwedCity) -> None:
    ids = [city.file(code, "2022-09", when=FILED) for code in ("yc", "sp")]
    with pytest.raises(DecidedSingly), city.database.transaction() as session:
        accept_confirmed(session, report_ids=ids, actor=OFFICE, at=IN_TIME)
    with city.database.transaction() as session:
        liaison = city.liaison("swj")
        assert confirm_reports(session, report_ids=ids, actor=liaison, at=IN_TIME, by=BY) == 2
        ids.sort(key=lambda id_: not lead_words(session, [id_])[id_].sampled)  # the one drawn first
        assert [lead_words(session, [id_])[id_].sampled for id_ in ids] == [True, False]
    with pytest.raises(DecidedSingly), city.database.transaction() as session:
        accept_confirmed(session, report_ids=ids, actor=OFFICE, at=IN_TIME)
    with pytest.raises(NotYourTask), city.database.transaction() as session:
        accept_confirmed(session, report_ids=ids[1:], actor=city.liaison("swj"), at=IN_TIME)
    with city.database.transaction() as session:
        assert accept_confirmed(session, report_ids=ids[1:], actor=OFFICE, at=IN_TIME) == 1
    assert {city.states(code)["2022-09"] for code in ("yc", "sp")} == {"filed", "accepted"}
    with pytest.raises(NotUnderReview), city.database.transaction() as session:
        accept_confirmed(session, report_ids=ids[1:], actor=OFFICE, at=IN_TIME)


def test_the_log_keeps_what_a_sample_was_drawn_with_so_that_it_can_be_drawn_again(city: OwedCity) -> None:
    city.grow(at(10, 1))
    ids = [city.file(code, "2022-09", when=FILED) for code in ("yc", "sp")]
    with city.database.transaction() as session:
        confirm_reports(session, report_ids=ids, actor=city.liaison("swj"), at=IN_TIME, by=BY)
    lone = [city.file(code, "2022-10", when=at(10, 31)) for code in ("yc", "sp")]
    for report_id in lone:
        _verify(city, report_id, when=at(11, 1))
    acts: dict[str, list[Mapping[str, object]]] = defaultdict(list)
    with city.database.reading() as session:
        told = select(col(EventRow.payload)).where(col(EventRow.type) == "report.lead_verified")
        told = told.order_by(col(EventRow.seq))
        for said in map(json.loads, session.scalars(told)):
            acts[str(said["draw_seed"])].append(said)
    assert [sorted(cast(int, said["report_id"]) for said in act) for act in acts.values()] == [
        ids,
        *([one] for one in lone),
    ]
    for seed, act in acts.items():
        found = [cast(int, said["report_id"]) for said in act]
        drawn = {said["report_id"] for said in act if said["sampled"]}
        assert drawn == draw(found, one_in=BY.policy.sample_one_in, first=act[0]["draw_first"] is True, seed=seed)
    assert [act[0]["draw_first"] for act in acts.values()] == [True, True, False]


class _LaterDocument(OwedCity):
    """A second document of the same items, whose tasks come after the two of the first."""

    def task_id(self) -> int:
        return 3


def _issue_a_later_document(city: OwedCity) -> _LaterDocument:
    reading, when = replace(reading_that_binds_counties(), number="驻政办〔2022〕98号"), at(8, 25)
    items = tuple(replace(item, code=f"98-{place:02}") for place, item in enumerate(reading.items, 1))
    with city.database.transaction() as session:
        register_document(session, replace(reading, items=items), actor=OFFICE, at=when)
        approve_document(session, number=reading.number, basis="会议议定", actor=OFFICE, at=when)
        issue_document(session, number=reading.number, actor=OFFICE, at=when, by=BY)
    return _LaterDocument(city.database)


def test_the_first_that_a_lead_finds_true_is_the_first_of_its_own_of_a_document_and_a_period(city: OwedCity) -> None:
    later, lead, other_lead = _issue_a_later_document(city), city.unit_id("swj"), city.unit_id("wjw")
    city.grow(at(10, 1))
    known, beside = (city.file(code, "2022-09", when=FILED) for code in ("yc", "sp"))
    elsewhere = later.file("yc", "2022-09", when=FILED)
    lowered, next_month = (city.file(code, "2022-10", when=at(10, 31)) for code in ("yc", "sp"))
    _verify(city, known)
    _verify(city, lowered, LOWER, when=at(11, 1))
    asked = ((beside, lead), (beside, other_lead), (elsewhere, lead), (next_month, lead))
    with city.database.reading() as session:
        first = [first_found_true(session, form_of(session, report), lead_unit_id=unit) for report, unit in asked]
    assert first == [False, True, True, True]
    _verify(city, next_month, when=at(11, 1))
    with city.database.reading() as session:
        assert lead_words(session, [next_month])[next_month].sampled


@pytest.mark.parametrize("word", [TRUE, LeadWord(LeadOpinion.RETURN, reason="缺少佐证")])
def test_an_envelope_is_not_accepted_over_the_sample_or_what_the_lead_did_not_find_true(
    city: OwedCity, word: LeadWord
) -> None:
    report_id = city.file("yc", "2022-09", when=FILED)
    _verify(city, report_id, word)
    with city.database.reading() as session:
        filing_id = session.get_one(ReportRow, report_id).filing_id
    with pytest.raises(DecidedSingly), city.database.transaction() as session:
        accept_filing(session, filing_id=filing_id, actor=OFFICE, at=IN_TIME)
    _accept(city, report_id)


def test_confirming_leaves_out_what_waits_no_more_and_refuses_where_nothing_does(city: OwedCity) -> None:
    ids = [city.file(code, "2022-09", when=FILED) for code in ("yc", "sp")]
    _accept(city, ids[0])
    liaison = city.liaison("swj")
    with city.database.transaction() as session:
        assert confirm_reports(session, report_ids=ids, actor=liaison, at=IN_TIME, by=BY) == 1
    with pytest.raises(NothingToVerify), city.database.transaction() as session:
        confirm_reports(session, report_ids=ids, actor=liaison, at=IN_TIME, by=BY)


def test_the_leads_digest_names_how_many_rows_wait(city: OwedCity) -> None:
    for code in ("yc", "sp"):
        city.file(code, "2022-09", when=FILED)
    city.file("swj", "2022-09", when=FILED)
    outgoing = Outgoing(mail=False, machine_now=IN_TIME)
    with city.database.transaction() as session:
        keep_digests(session, plan_digests(session, now=IN_TIME, by=BY, outgoing=outgoing))
        row = session.scalars(select(ReminderRow)).one()
    assert row.subject == "督办提醒：待核实2行"
    assert "2行成员单位报送待牵头核实" in row.reason
    lines = cast(list[dict[str, str]], row.content["lines"])
    assert [line["heading"] for line in lines] == ["to_verify"]


def test_a_returned_row_that_is_filed_again_is_verified_again(city: OwedCity) -> None:
    report_id = city.file("yc", "2022-09", when=FILED)
    _verify(city, report_id, LOWER)
    with city.database.transaction() as session:
        why = ReturnReason.NO_EVIDENCE
        return_report(
            session, report_id=report_id, reason="缺少佐证", reason_class=why, actor=OFFICE, at=IN_TIME, by=BY
        )
    again = city.file("yc", "2022-09", when=at(9, 29))
    assert again != report_id
    assert _leads_before(city, again) == ["市商务局"]


def test_what_mends_nothing_is_not_announced_with_what_the_office_accepts_together(city: OwedCity) -> None:
    report_ids = [city.file(code, "2022-09", when=FILED) for code in ("yc", "sp")]
    with city.database.transaction() as session:
        for report_id in report_ids:
            said = {"reason": "缺少佐证", "reason_class": ReturnReason.NO_EVIDENCE}
            return_report(session, report_id=report_id, actor=OFFICE, at=IN_TIME, by=BY, **said)  # type: ignore[arg-type] # by name
    again = [city.file(code, "2022-09", when=at(9, 29)) for code in ("yc", "sp")]
    with city.database.transaction() as session:
        confirm_reports(session, report_ids=again, actor=city.liaison("swj"), at=at(9, 29), by=BY)
    with city.database.reading() as session:
        [group] = confirmed_by_leads(session)
    assert {row.report_id: row.marked for row in group.rows} == dict.fromkeys(again, True)
    assert group.at_once == ()
    with pytest.raises(DecidedSingly), city.database.transaction() as session:
        accept_confirmed(session, report_ids=again[1:], actor=OFFICE, at=at(9, 29))
