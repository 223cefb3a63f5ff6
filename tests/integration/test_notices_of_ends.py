"""Units hear at once what ends, passes to others or is settled although nobody changed their task by itself."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.announced import LIAISONS, announced
from tests.support.member_city import reading_that_binds_counties
from tests.support.owed_city import BY, OFFICE, OwedCity, at, open_owed_city
from tests.support.readings import NUMBER, edition_of, small_reading
from tests.support.report_demands import demanding_city
from tracker.domain.items import CadenceKind, QuestionTopic
from tracker.domain.units import UnitKind
from tracker.steps.lapsing import lapse_expired
from tracker.steps.superseding import supersede
from tracker.store.database import Database
from tracker.store.tables.documents import DocumentRow, QuestionRow
from tracker.store.tables.tasks import TaskRow, TriggerRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.answering import Answer, answer_question
from tracker.usecases.ending import archive_task, cancel_task
from tracker.usecases.keeping import SetKeeper, set_keeper
from tracker.usecases.merging import merge_units
from tracker.usecases.registering import register_document
from tracker.usecases.sharing import release_share
from tracker.usecases.triggers import RecordTrigger, end_trigger, record_trigger

_EDITION = "驻政办〔2022〕109号"


def _supersede(city: OwedCity) -> None:
    """Let a new edition take the document's place that asks nothing of 市卫健体委 and 市统计局 any more."""
    reading = edition_of(small_reading(), number=_EDITION, without=["一2"])
    reading = replace(reading, items=(replace(reading.items[0], supports=()),))
    with city.database.transaction() as session:
        register_document(session, replace(reading, title="招商工作方案（修订）"), actor=OFFICE, at=at(9, 5))
        document_id = session.scalars(select(col(DocumentRow.id)).where(col(DocumentRow.number) == _EDITION)).one() or 0
        supersede(session, number=NUMBER, by_document_id=document_id, actor=OFFICE, at=at(9, 5))


def test_every_unit_hears_once_which_edition_took_a_documents_place_and_what_goes_on(database: Database) -> None:
    _supersede(open_owed_city(database))
    rows = announced(database, "document.superseded", to=(*LIAISONS, "wjw"))
    assert len(rows) == 4
    replaced = f"《招商工作方案》（{NUMBER}）由《招商工作方案（修订）》（{_EDITION}）替代，本单位1项终止。"
    assert all(replaced in row.reason for row in rows)
    title = "一1“每月通报一次招商情况”"
    on = f"由新版承接1项，新版交办后按新版办理：{title}由新版{title}承接。"
    assert sum(on in row.reason for row in rows) == 2
    assert [row.reason.endswith(f"。新版保留但不再列本单位1项：{title}。") for row in rows].count(True) == 1
    assert sum("新版不再列入1项：一2“发生疫情后24小时内报告”。" in row.reason for row in rows) == 1


def test_a_unit_that_had_been_let_go_does_not_hear_of_a_new_edition(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        share_id = city.share("tjj").id or 0
        release_share(session, assignment_id=share_id, reason="职能划转", actor=OFFICE, at=at(8, 31), by=BY)
    _supersede(city)
    assert len(announced(database, "document.superseded")) == 2


@pytest.mark.parametrize("goes_on", [True, False])
def test_the_units_that_report_on_an_event_hear_that_it_is_over_while_its_task_goes_on(
    database: Database, goes_on: bool
) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        waiting = session.scalars(select(col(TaskRow.id)).where(col(TaskRow.dormant).is_(True))).one() or 0
        record_trigger(
            session, RecordTrigger(waiting, at(9, 1), "疫情"), actor=OFFICE, at=at(9, 1), calendar=BY.calendar
        )
        trigger_id = session.scalars(select(col(TriggerRow.id))).one() or 0
    with database.transaction() as session:
        end_trigger(session, trigger_id=trigger_id, reason="疫情结束", actor=OFFICE, at=at(9, 2))
        if not goes_on:
            cancel_task(session, task_id=waiting, reason="上级取消", actor=OFFICE, at=at(9, 2))
    rows = announced(city.database, "trigger.ended", to=(*LIAISONS, "wjw"))
    assert ["疫情结束" in row.reason for row in rows] == ([True] if goes_on else [])


def test_the_lead_of_a_lapsed_task_that_is_put_on_file_hears_that_no_closing_report_is_asked(
    database: Database,
) -> None:
    reading = replace(reading_that_binds_counties(), expires_on=date(2022, 10, 31))
    city = open_owed_city(database, reading=reading)
    with database.transaction() as session:
        lapse_expired(session, now=at(11, 1), by=BY)
    with database.transaction() as session:
        archive_task(session, task_id=city.task_id(), reason="另文部署", actor=OFFICE, at=at(11, 2))
    [row] = announced(database, "task.archived")
    assert "收尾情况不再报送。说明：另文部署" in row.reason


def test_the_successor_hears_how_much_work_of_a_merged_unit_is_its_own_now(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        old, new = city.unit_id("sp"), city.unit_id("yc")
        merge_units(
            session, from_unit_id=old, into_unit_id=new, on=date(2022, 9, 1), reason="区划", actor=OFFICE, at=at(9, 1)
        )
    [row] = [row for row in announced(database, "unit.merged") if row.subject.startswith("单位合并，事项划转")]
    assert "遂平县，划转1项。区划" in row.reason


@pytest.mark.parametrize("gone", [False, True])
def test_both_keepers_of_a_group_hear_who_acts_for_it_from_now_on_unless_one_is_gone(
    database: Database, gone: bool
) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        kept_by = city.unit_id("swj")
        group = UnitRow(
            code="g", full_name="招商组", short_name="招商组", kind=UnitKind.LEADING_GROUP.value, official_order=90
        )
        group.kept_by_unit_id = kept_by
        session.add(group)
        session.flush()
        command = SetKeeper(group.id or 0, city.unit_id("tjj"), "机构调整")
        set_keeper(session, command, actor=OFFICE, at=at(9, 1))
        if gone:
            session.get_one(UnitRow, kept_by).merged_into_unit_id = city.unit_id("tjj")
    rows = announced(database, "unit.keeper_set")
    told = ["不再代办领导小组报送：招商组", "代办领导小组报送：招商组"]
    assert sorted(row.subject for row in rows) == told[gone:]


@pytest.mark.parametrize("sets_interval", [True, False])
def test_the_units_whom_an_answer_of_the_office_concerns_hear_it(database: Database, sets_interval: bool) -> None:
    demanding_city(database)
    topic = QuestionTopic.INTERVAL if sets_interval else QuestionTopic.BEARER
    with database.transaction() as session:
        session.add_all([QuestionRow(item_id=1, topic=topic.value, words=words) for words in ("间隔", "间隔二")])
    with database.transaction() as session:
        interval = CadenceKind.MONTHLY if sets_interval else None
        answer = Answer(question_id=1, words="以通报为准", interval=interval)
        answer_question(session, answer, actor=OFFICE, at=at(10, 12), by=BY)
    rows = announced(database, "question.answered")
    assert all("以通报为准" in row.reason for row in rows)
    assert len(rows) == (1 if sets_interval else 3)
    assert all("由每季度改为每月，自2022年10月起" in row.reason for row in rows) is sets_interval
