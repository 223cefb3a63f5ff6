"""Whoever is told of a decision reads who decided, what, until when there is something to do, and where it goes on."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session

from tests.support.accounts import NewUser, create_user
from tests.support.announced import announced
from tests.support.databases import fresh_sqlite
from tests.support.office import City
from tests.support.owed_city import BY, LEADER, OFFICE, OwedCity, at, open_owed_city
from tests.support.site import PASSWORD_HASH, Site
from tracker.domain.accounts import Role
from tracker.domain.claims import Claim
from tracker.domain.filings import Outcome, ReasonRequired, ReturnReason
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.parts import NewShare
from tracker.domain.verdicts import Verdict
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import cancel_task, reopen_task, resume_task, suspend_task
from tracker.usecases.moving_due import move_due
from tracker.usecases.objecting import object_to_claim, restore_claim
from tracker.usecases.requesting import (
    RequestExtension,
    dispute_share,
    grant_extension,
    refuse_request,
    request_extension,
)
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import add_share, change_deadline, grant_dispute, reassign_share, release_share
from tracker.wording.digests import digest_text

Play = Callable[[OwedCity, Session], None]
_ROW = "2022-09"  # due on 10 October


def _asked(city: OwedCity, session: Session) -> int:
    row_id = city.rows("swj")[_ROW].id or 0
    command = RequestExtension(row_id, date(2022, 10, 31), "等待统计数据")
    return request_extension(session, command, actor=city.liaison("swj"), at=at(10, 9))


def _extended(city: OwedCity, session: Session) -> None:
    _grant(city, session, date(2022, 10, 20), reason="月底前须汇总")


def _grant(city: OwedCity, session: Session, day: date, *, reason: str = "") -> None:
    request_id = _asked(city, session)
    grant_extension(session, request_id=request_id, actor=OFFICE, at=at(10, 10), by=BY, new_due_on=day, reason=reason)


def _extended_by_the_leader(city: OwedCity, session: Session) -> None:
    request_id = _asked(city, session)
    session.get_one(RequestRow, request_id).by_leader = True
    grant_extension(session, request_id=request_id, actor=LEADER, at=at(10, 10), by=BY)


def _not_extended(city: OwedCity, session: Session) -> None:
    refuse_request(session, request_id=_asked(city, session), reason="已顺延", actor=OFFICE, at=at(10, 10), by=BY)


def _not_extended_while_disputed(city: OwedCity, session: Session) -> None:
    request_id = _asked(city, session)
    _disputed(city, session, day=26)
    refuse_request(session, request_id=request_id, reason="已顺延", actor=OFFICE, at=at(10, 10), by=BY)


def _disputed(city: OwedCity, session: Session, *, day: int = 26) -> int:
    liaison, share_id = city.liaison("swj"), city.share("swj").id or 0
    return dispute_share(session, assignment_id=share_id, reason="非本单位职责", actor=liaison, at=at(8, day), by=BY)


def _upheld(city: OwedCity, session: Session) -> None:
    refuse_request(session, request_id=_disputed(city, session), reason="三定规定", actor=OFFICE, at=at(8, 30), by=BY)


def _dispute_granted(city: OwedCity, session: Session) -> None:
    lead = NewShare(city.unit_id("wjw"), AssignmentRole.LEAD, Duty.REPORT)
    add_share(session, task_id=city.task_id(), share=lead, reason="共同牵头", actor=OFFICE, at=at(8, 26), by=BY)
    grant_dispute(session, request_id=_disputed(city, session), reason="属实", actor=OFFICE, at=at(8, 30), by=BY)


def _given_back(city: OwedCity, session: Session, *, day: int = 29) -> None:
    facts = {"reason": "缺少数据", "reason_class": ReturnReason.FIGURES, "actor": OFFICE, "at": at(9, day), "by": BY}
    return_report(session, report_id=1, **facts)  # type: ignore[arg-type] # by name


def _given_back_after_the_end(city: OwedCity, session: Session) -> None:
    cancel_task(session, task_id=city.task_id(), reason="职能划转", actor=OFFICE, at=at(9, 28))
    _given_back(city, session)


def _lowered(_city: OwedCity, session: Session) -> None:
    verdict = Verdict(Claim.BEHIND, "只有1期")
    accept_report(session, report_id=1, actor=OFFICE, at=at(9, 28), verdict=verdict)


def _objected(city: OwedCity, session: Session) -> int:
    _lowered(city, session)
    liaison = city.liaison("swj")
    return object_to_claim(session, report_id=1, reason="已有2期", actor=liaison, at=at(9, 29), by=BY)


def _restored(city: OwedCity, session: Session) -> None:
    restore_claim(session, request_id=_objected(city, session), reason="佐证已核", actor=OFFICE, at=at(9, 30))


def _lowered_for_good(city: OwedCity, session: Session) -> None:
    refuse_request(session, request_id=_objected(city, session), reason="佐证不足", actor=OFFICE, at=at(9, 30), by=BY)


def _deadline(city: OwedCity, session: Session) -> None:
    facts = {"new_on": date(2022, 12, 30), "reason": "会议议定", "actor": LEADER, "at": at(9, 1), "by": BY}
    change_deadline(session, task_id=city.task_id(), **facts)  # type: ignore[arg-type] # by name


def _moved(city: OwedCity, session: Session) -> None:
    row_id, day = city.rows("swj")[_ROW].id or 0, date(2022, 10, 21)
    move_due(session, row_id=row_id, new_due_on=day, reason="数据未出", actor=LEADER, at=at(9, 1))


def _suspended(city: OwedCity, session: Session) -> None:
    suspend_task(session, task_id=city.task_id(), reason="疫情防控", actor=OFFICE, at=at(9, 1))


def _resumed(city: OwedCity, session: Session) -> None:
    _suspended(city, session)
    resume_task(session, task_id=city.task_id(), reason="复工", actor=OFFICE, at=at(9, 5), by=BY)


def _completed(_city: OwedCity, session: Session) -> None:
    accept_report(
        session, report_id=1, actor=OFFICE, at=at(9, 28), verdict=Verdict(reason="指标缺1项", outcome=Outcome.UNMET)
    )


def _reopened(city: OwedCity, session: Session) -> None:
    _completed(city, session)
    facts = {"reason": "整改", "actor": OFFICE, "at": at(9, 29), "by": BY, "new_deadline_on": date(2022, 12, 31)}
    reopen_task(session, task_id=city.task_id(), **facts)  # type: ignore[arg-type] # by name


def _cancelled(city: OwedCity, session: Session) -> None:
    cancel_task(session, task_id=city.task_id(), reason="职能划转", actor=OFFICE, at=at(9, 1))


def _released(city: OwedCity, session: Session) -> None:
    release_share(
        session, assignment_id=city.share("tjj").id or 0, reason="职能划转", actor=OFFICE, at=at(8, 31), by=BY
    )


_DECISIONS: list[tuple[Play, str, tuple[str, ...]]] = [
    (_extended, "request.granted", ("督查室", "准予延期", "新时限2022年10月20日（周四，含）")),
    (_extended_by_the_leader, "request.granted", ("领导", "准予延期", "新时限2022年10月31日（周一，含）")),
    (
        _not_extended,
        "request.refused",
        ("督查室", "不同意延期", "已顺延", "2022年9月请于2022年10月12日（周三，含）前报送"),
    ),
    (_not_extended_while_disputed, "request.refused", ("督查室", "不同意延期", "答复前不计逾期")),
    (_upheld, "request.refused", ("督查室", "维持原分工", "三定规定", "2022年9月请于2022年10月10日（周一，含）前报送")),
    (_dispute_granted, "request.granted", ("督查室", "采纳", "不再承办该事项", "属实")),
    (_given_back, "report.given_back", ("督查室", "缺少数据", "请于2022年10月10日（周一，含）前补正")),
    (_given_back_after_the_end, "report.given_back", ("督查室", "缺少数据", "不需补正")),
    (_lowered, "report.verified", ("督查室", "自报“达序时”，核定为“未达序时”", "2022年9月30日（含）前")),
    (_restored, "request.granted", ("督查室", "恢复自报", "现按“达序时”认定", "佐证已核")),
    (_lowered_for_good, "request.refused", ("督查室", "维持核定", "现按“未达序时”认定", "佐证不足")),
    (_deadline, "task.deadline_changed", ("领导", "新时限2022年12月30日（周五，含）")),
    (_moved, "due.moved", ("领导", "新时限2022年10月21日（周五，含）")),
    (_suspended, "task.suspended", ("督查室", "中止", "疫情防控")),
    (_resumed, "task.resumed", ("督查室", "恢复办理", "2022年9月请于2022年10月10日（周一，含）前报送")),
    (_completed, "task.completed", ("督查室", "办结", "未达标")),
    (_completed, "report.verified", ("督查室", "自报“达标”，核定为“未达标”", "指标缺1项")),
    (_reopened, "task.reopened", ("督查室", "重启", "新时限2022年12月31日（周六，含）")),
    (_cancelled, "task.cancelled", ("督查室", "撤销", "职能划转")),
    (_released, "share.ended", ("督查室", "不再承办", "职能划转")),
]
_FILED = {_given_back, _given_back_after_the_end, _lowered, _restored, _lowered_for_good, _completed, _reopened}
_COMPLETES = {_completed, _reopened}
_GOES_ON_IN_A_FORM = {_extended, _extended_by_the_leader, _not_extended, _given_back}


@pytest.fixture
def city(tmp_path: Path) -> OwedCity:
    made = open_owed_city(fresh_sqlite(tmp_path))
    with made.database.transaction() as session:
        create_user(session, NewUser("duban", "督查员", Role.SUPERVISOR, PASSWORD_HASH))
        create_user(session, NewUser("leader", "秘书长", Role.LEADER, PASSWORD_HASH))
    return made


def _play(city: OwedCity, play: Play) -> None:
    if play in _COMPLETES:
        facts = {"new_on": date(2022, 9, 30), "reason": "会议议定", "actor": OFFICE, "at": at(8, 26), "by": BY}
        with city.database.transaction() as session:
            change_deadline(session, task_id=city.task_id(), **facts)  # type: ignore[arg-type] # by name
    if play in _FILED:
        city.file("swj", _ROW, when=at(9, 27))
    with city.database.transaction() as session:
        play(city, session)


@pytest.mark.parametrize(("play", "event", "said"), _DECISIONS)
def test_a_message_about_a_decision_says_who_decided_what_and_until_when_there_is_something_to_do(
    city: OwedCity, play: Play, event: str, said: tuple[str, ...]
) -> None:
    _play(city, play)
    rows = announced(city.database, event)
    assert rows
    whose = "市统计局" if play is _released else "市商务局"
    for row in [row for row in rows if whose in row.recipient][:1] or rows[:1]:
        mail = digest_text(row.content, reason=row.reason)
        assert all(words in row.reason and words in mail for words in said)
        assert said[0] == "督查室" or "督查室" not in row.reason
        assert ("period_id" in row.content) == (play in _GOES_ON_IN_A_FORM)
        assert ("打开这期填报" in mail) == (play in _GOES_ON_IN_A_FORM)


def _dispute_of_what_was_taken_over_granted(city: OwedCity, session: Session) -> None:
    to, said = city.unit_id("swj"), {"reason": "共同牵头", "actor": OFFICE, "at": at(8, 26), "by": BY}
    reassign_share(session, assignment_id=city.share("tjj").id or 0, to_unit_id=to, **said)  # type: ignore[arg-type] # by name
    grant_dispute(session, request_id=_disputed(city, session), reason="属实", actor=OFFICE, at=at(8, 30), by=BY)


@pytest.mark.parametrize(
    ("play", "taken", "words"),
    [
        (_dispute_granted, "share.ended", "不再承办该事项"),
        (_dispute_of_what_was_taken_over_granted, "share.lowered", "仍按原分工承办"),
    ],
)
def test_a_unit_that_was_found_right_hears_once_what_became_of_its_share(
    city: OwedCity, play: Play, taken: str, words: str
) -> None:
    _play(city, play)
    [told] = [row for row in announced(city.database, "request.granted") if "市商务局" in row.recipient]
    assert words in told.reason
    assert "采纳本单位的职责异议" in told.reason
    others = announced(city.database, taken, to=())
    assert "驿城区" in {row.recipient.split()[0] for row in others}
    assert [row for row in others if "市商务局" in row.recipient] == []


def test_the_page_leads_from_a_message_about_a_returned_report_to_the_form(tmp_path: Path) -> None:
    city = open_owed_city(fresh_sqlite(tmp_path))
    site = Site(city.database, tmp_path, city=City(city.database))
    _play(city, _given_back)
    announced(city.database, "report.given_back", to=())
    site.clock.at = at(9, 29)
    form = f"/periods/{city.rows('swj')[_ROW].period_id}/form"
    with site.client("swj") as liaison:
        assert f'href="{form}"' in liaison.get("/notices").get_data(as_text=True)
        assert liaison.get(form).status_code == 200


def test_another_day_than_the_one_asked_for_is_told_beside_it_with_its_reason(city: OwedCity) -> None:
    """An earlier one is not named without a reason."""
    with pytest.raises(ReasonRequired), city.database.transaction() as session:
        _grant(city, session, date(2022, 10, 20), reason=" ")
    with city.database.transaction() as session:
        _grant(city, session, date(2022, 10, 20), reason="月底前须汇总")
    [told] = announced(city.database, "request.granted", to=["swj"])
    assert (
        "申请延至2022年10月31日（周一，含），批复另定日期：月底前须汇总。新时限2022年10月20日（周四，含）"
        in told.reason
    )


def test_a_later_day_than_the_one_asked_for_needs_no_reason(city: OwedCity) -> None:
    with city.database.transaction() as session:
        _grant(city, session, date(2022, 11, 2))


@pytest.mark.parametrize(
    ("which", "counted"),
    [(0, "再次因无实质内容退回的，记为未按要求报送。"), (1, "两次因无实质内容退回，记为未按要求报送。")],
    ids=["first", "second"],
)
def test_a_unit_hears_under_which_class_its_report_came_back_and_what_twice_counts_as(
    city: OwedCity, which: int, counted: str
) -> None:
    for day in (27, 28):
        report_id = city.file("swj", _ROW, when=at(9, day))
        facts = {"reason": "没有实事", "reason_class": ReturnReason.NO_SUBSTANCE, "actor": OFFICE, "by": BY}
        with city.database.transaction() as session:
            return_report(session, report_id=report_id, at=at(9, day, hour=15), **facts)  # type: ignore[arg-type] # by name
    [told] = announced(city.database, "report.given_back", to=["swj"], which=which)
    assert f"没有实事。退回类别：无实质内容。{counted}" in told.reason


_ANSWERS = frozenset({"request.granted", "request.refused", "report.given_back", "report.verified", "task.completed"})


@pytest.mark.parametrize("signs", [True, False])
@pytest.mark.parametrize(("play", "event", "said"), [row for row in _DECISIONS if row[1] in _ANSWERS])
def test_the_head_hears_what_became_of_what_left_the_unit_by_his_signature(
    city: OwedCity, play: Play, event: str, said: tuple[str, ...], signs: bool
) -> None:
    with city.database.transaction() as session:
        create_user(session, NewUser("head", "局长", Role.UNIT_HEAD, PASSWORD_HASH, "swj"))
        create_user(session, NewUser("other", "他局长", Role.UNIT_HEAD, PASSWORD_HASH, "tjj"))
    _play(city, play)
    with city.database.transaction() as session:
        session.get_one(UnitRow, city.unit_id("swj")).needs_sign_off = signs
    rows = [row for row in announced(city.database, event) if "局长" in row.recipient]
    assert ["市商务局" in row.recipient for row in rows] == [True] * signs
    assert all(words in row.reason for row in rows for words in said)
