"""The circular about an evaluated month: kept results only, by whoever issues it, published once, corrected openly."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import select, update
from sqlmodel import Session, col

from tests.support.agreement import disagreements
from tests.support.office import OFFICE
from tests.support.projects import LISTS
from tests.support.published_evaluation import NOW, Publishing, corrected_figures
from tests.support.site import post
from tests.support.small_evaluation import figure, meeting
from tracker.auditing import month_difference
from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.errors import TrackerError
from tracker.domain.scoring.months import MonthNotReady, read_month
from tracker.domain.scoring.publishing import (
    CorrectedInputs,
    CorrectionOpenAlready,
    LetterheadOfOthers,
    MeetingOfOthers,
    MonthNotKept,
    MonthsNotPublished,
    NoCorrection,
    NotByDecision,
    NothingCorrected,
    RankingHeldBack,
    RankingOutAlready,
)
from tracker.editions import content_kept, differs_from_log
from tracker.gateways.schemes import read_scheme
from tracker.paper.circulars import word
from tracker.paper.letterheads import letterhead
from tracker.rankings import as_word, meeting_told, meeting_waits, ranking_head, year_told
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.published_months import result_of
from tracker.store.queries.scoring import last_inputs
from tracker.store.queries.scoring_rules import newest_scheme
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.correcting_months import drop_correction, freeze_correction, open_correction
from tracker.usecases.scoring_rules import keep_scheme

_ORGANISER = "zhongdaxiangmuban"


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Publishing:
    return Publishing.begun(database, tmp_path)


def _act(house: Publishing, act: Callable[[Session], object]) -> None:
    with house.city.database.transaction() as session:
        act(session)


def _refused(kind: type[TrackerError], act: Callable[[], object]) -> TrackerError:
    with pytest.raises(kind) as refused:
        act()
    return refused.value


def _correct(house: Publishing, month_id: int) -> None:
    at = house.wait(hours=1)
    opened = partial(open_correction, month_id=month_id, reason="异议属实", read=read_scheme, actor=OFFICE, at=at)
    _act(house, opened)


def _freeze(house: Publishing, month_id: int) -> None:
    at = house.wait(hours=1)
    _act(
        house, lambda session: freeze_correction(session, month_id, read=read_scheme, lists=LISTS, actor=OFFICE, at=at)
    )


def _drop(month_id: int, session: Session) -> None:
    drop_correction(session, month_id, read=read_scheme, lists=LISTS, actor=OFFICE, at=NOW)


def _seen(house: Publishing, month_id: int) -> int:
    with house.city.database.reading() as session:
        return max(one.id or 0 for one in last_inputs(session, month_id))


def test_only_a_kept_month_is_published_once_everything_about_it_is_decided(house: Publishing) -> None:
    worked = house.frozen("2022-09")
    refusal = _refused(RankingHeldBack, lambda: house.draft(worked.month_id))
    assert refusal.facts == {"questions": "由谁印发"}
    house.decide("issuer", "office")
    with house.city.database.reading() as session:
        head = ranking_head(session, Scope(month_id=worked.month_id), office="", as_of=NOW)
        assert head.office == "office"
        early = NOW.replace(day=17)
        _refused(MonthNotKept, lambda: ranking_head(session, Scope(month_id=worked.month_id), office="", as_of=early))
    id_ = house.publish(worked.month_id)
    with house.city.database.reading() as session:
        row, month = session.get_one(CircularRow, id_), session.get_one(ScoreMonthRow, worked.month_id)
        assert (month.state, row.score_edition) == ("issued", 1)
        assert not differs_from_log(house.site.services, session, row)
        assert month_difference(session, month) is None
        content = content_kept(house.site.services, session, row)
        assert content is not None
        assert content.figures["ranking"].words == "第1名驿城区8分；第2名遂平县6分"
        assert content.figures["ranking_words"].words == "排名计分"
        assert {table.kind for table in content.tables} == {"ranked", "decided", "marked", "sourced"}
        state = fold(session, cut(session, as_of=house.wait()))
        assert list(disagreements(session, state)) == []
    assert _refused(RankingOutAlready, lambda: house.draft(worked.month_id)).facts["number"]


def test_no_paper_goes_out_under_the_head_of_another_evaluations_body(house: Publishing) -> None:
    worked = house.frozen("2022-09")
    house.decide("issuer", "organiser")
    refusal = _refused(LetterheadOfOthers, lambda: house.draft(worked.month_id))
    assert refusal.facts["option"] == "领导小组办公室", "it is told by its words, not by its code"


def test_what_was_drafted_under_the_head_of_others_goes_no_further(house: Publishing) -> None:
    worked = house.frozen("2022-09")
    house.decide("issuer", "office")
    id_ = house.draft(worked.month_id)
    with house.city.database.transaction() as session:
        session.execute(update(CircularRow).values(office="organiser"))  # as before heads were bound to bodies
    page = f"/circulars/{id_}"
    client = house.site.logged_in("office")
    assert "不是本考评办法的" in post(client, f"{page}/submit", at=page, version="1").get_data(as_text=True)
    with house.city.database.reading() as session:
        assert session.get_one(CircularRow, id_).state == "draft"


def test_no_paper_goes_out_where_nobody_has_the_head_of_who_was_decided(house: Publishing) -> None:
    worked = house.frozen("2022-09")
    house.decide("issuer", "group")
    assert _refused(NotByDecision, lambda: house.draft(worked.month_id)).facts == {"option": "领导小组"}


def test_the_body_whose_head_it_is_issues_its_paper(house: Publishing) -> None:
    content = house.content.replace('organiser = "wjw"', f'organiser = "{_ORGANISER}"', 1)
    house = Publishing(house.site, house.city, content)
    with house.city.database.transaction() as session:
        session.add(
            UnitRow(
                code=_ORGANISER, full_name="某领导小组办公室", short_name="某办", kind="党委部门", official_order=99
            )
        )
    worked = house.frozen("2022-09")
    house.decide("issuer", "organiser")
    with house.city.database.reading() as session:
        head = ranking_head(session, Scope(month_id=worked.month_id), office="", as_of=NOW)
    assert (head.office, head.organises) == ("organiser", _ORGANISER)


def test_a_published_month_is_corrected_by_another_edition_that_says_what_and_why(house: Publishing) -> None:
    worked = house.frozen("2022-09")
    house.decide("issuer", "office")
    first = house.publish(worked.month_id)
    _refused(NoCorrection, lambda: _freeze(house, worked.month_id))
    _correct(house, worked.month_id)
    _refused(CorrectionOpenAlready, lambda: _correct(house, worked.month_id))
    _refused(NothingCorrected, lambda: _freeze(house, worked.month_id))
    seen = _seen(house, worked.month_id)
    _act(house, lambda session: corrected_figures(worked, session, seen=seen))
    _refused(
        CorrectedInputs,
        lambda: _act(house, partial(_drop, worked.month_id)),
    )
    with house.city.database.reading() as session:  # what was published stands, to the byte
        month = session.get_one(ScoreMonthRow, worked.month_id)
        assert month_difference(session, month) is None
        assert result_of(session, month, read=read_scheme).ranks == {"yc": 1, "sp": 2}
    _freeze(house, worked.month_id)
    house.wait(hours=1)
    second = house.publish(worked.month_id)
    with house.city.database.reading() as session:
        month, old, new = (
            session.get_one(ScoreMonthRow, worked.month_id),
            session.get_one(CircularRow, first),
            session.get_one(CircularRow, second),
        )
        assert old.title != new.title, "who finds both knows which corrects"
        assert "更正" in new.title
        assert (old.state, new.replaces_id, new.corrects_because) == ("corrected", first, "异议属实")
        content = content_kept(house.site.services, session, new)
        assert content is not None
        assert content.figures["because"].words == "异议属实"
        changed = next(table for table in content.tables if table.kind == "corrected")
        assert ("1", "遂平县", "名次", "第2名", "第1名") in changed.rows
        inputs = next(table for table in content.tables if table.kind == "corrected_inputs")
        why = "来源：统计月报；理由：核实后更正"
        assert inputs.rows == (("1", "遂平县", "项目个数（个）", "2", "5", why),)
        text = _text(house, new)
        assert "更正的数据和理由见附件5，各县区的得分、名次有变化的，更正前后对照见附件6。" in text
        assert "首次核定前，得分于2022年10月12日送各县区核对" in text
        no_inputs = replace(content, counts={**content.counts, "corrected_inputs": 0})
        said = "".join(words for _, words in word(no_inputs, letterhead(CircularType.RANKING)).statements)
        assert ("更正的数据和理由见" in said, "更正前后对照见附件5" in said) == (False, True), (
            "a table without rows is none"
        )
        assert "更正后的得分没有再送核对，得分或者名次因更正发生变化的驿城区、遂平县已在核定时告知" in text
        assert "现予更正，以本通报为准，将更正后的结果通报如下" in text
        assert result_of(session, month, read=read_scheme).ranks == {"sp": 1, "yc": 2}
        for row in (old, new):
            assert not differs_from_log(house.site.services, session, row)
        assert month_difference(session, month) is None
        state = fold(session, cut(session, as_of=house.wait()))
        assert list(disagreements(session, state)) == []
    for page in ("", "/ranking"):
        words = house.site.logged_in("swj").get(f"/evaluation/{worked.month_id}{page}").get_data(as_text=True)
        assert "得分和名次为更正后的结果" in words
        assert "更正原因：异议属实" in words
        assert "数据、决定和得分不再变动" not in words
    _correct(house, worked.month_id)
    _act(house, partial(_drop, worked.month_id))


def test_a_corrected_figure_that_changes_no_mark_stands_in_the_annex_with_its_reason(house: Publishing) -> None:
    worked = house.published()
    _correct(house, worked.month_id)
    with house.city.database.transaction() as session:
        swj, seen = house.city.liaison("swj"), _seen(house, worked.month_id)
        worked.enter(session, swj, figure("projects", "yc", "9"), seen=seen, reason="少计六个")
        worked.enter(session, OFFICE, meeting("yc", "9月观摩会"))
    _freeze(house, worked.month_id)
    house.wait(hours=1)
    id_ = house.publish(worked.month_id)
    with house.city.database.reading() as session:
        row = session.get_one(CircularRow, id_)
        content = content_kept(house.site.services, session, row)
        assert content is not None
        assert not differs_from_log(house.site.services, session, row)
        told = {table.kind: table.rows for table in content.tables}
        text = _text(house, row)
    assert "corrected" not in told
    assert "没有再送核对；更正后的考评结果" in text, "nobody's marks changed, so nobody was told"
    assert told["corrected_inputs"] == (
        ("1", "驿城区", "项目个数（个）", "3", "9", "来源：统计月报；理由：少计六个"),
        (
            "2",
            "驿城区",
            "项目推进会：9月观摩会",
            "无",
            "有（计入附件二）",
            "来源：统计月报；理由：更正前的结果没有计入",
        ),
    )
    assert "更正的数据和理由见附件5，各县区的得分和名次没有变化。" in text


def _text(house: Publishing, row: CircularRow) -> str:
    path = house.site.services.evidence.path(row.sha256 or "")
    return "\n".join(one.text for one in Document(str(path)).paragraphs)


def test_a_month_that_is_not_out_is_not_corrected(house: Publishing) -> None:
    worked = house.frozen("2022-09")
    assert _refused(MonthNotReady, lambda: _correct(house, worked.month_id)).facts["score_state"] == "frozen"


def test_meeting_and_year_are_made_of_published_months(house: Publishing) -> None:
    months = [house.frozen(month) for month in ("2022-08", "2022-09")]
    house.decide("issuer", "office")
    house.publish(months[0].month_id)
    with house.city.database.reading() as session:
        refusal = _refused(MonthsNotPublished, lambda: meeting_told(session, "small", read_month("2022-09")))
    assert refusal.facts == {"score_months": "2022-09"}
    house.publish(months[1].month_id)
    with house.city.database.reading() as session:
        told = meeting_told(session, "small", read_month("2022-09"))
        year = year_told(session, "small", 2022)
    words = [text for _level, text in told.body]
    assert "前1名介绍经验：驿城区（得分之和16分，第1名）。" in words
    assert "后1名作表态发言：遂平县（得分之和12分，第2名）。" in words
    assert told.heads == ("考评对象", "8月得分", "8月名次", "9月得分", "9月名次", "得分之和", "按和排名")
    assert told.rows == (("驿城区", "8", "1", "8", "1", "16", "1"), ("遂平县", "6", "2", "6", "2", "12", "2"))
    heads = [at for at, (level, _words) in enumerate(told.body) if level]
    assert all(not told.body[at + 1][0] for at in heads), "no item of the agenda is empty"
    assert year.rows[0] == ("1", "驿城区", *["—"] * 7, "8", "8", *["—"] * 3, "8")


def test_the_paper_says_why_there_is_a_ranking(house: Publishing, tmp_path: Path) -> None:
    worked = house.frozen("2022-09")
    house.decide("issuer", "office")
    id_ = house.publish(worked.month_id)
    with house.city.database.reading() as session:
        row = session.scalars(select(CircularRow).where(col(CircularRow.id) == id_)).one()
        path = house.site.services.evidence.path(row.sha256 or "")
        assert row.type == CircularType.RANKING.value
        assert json.loads(json.dumps(row.statements))
    text = "\n".join(one.text for one in Document(str(path)).paragraphs)
    assert "《项目月度考评办法》（测政办〔2022〕1号）一“排名计分”的规定" in text
    assert "待2022年8月考评结果通报时一并明确" in text
    assert "对2个县区开展了2022年9月项目考评" in text


def test_what_was_published_is_had_as_a_workbook_with_its_paper_and_places(house: Publishing) -> None:
    worked = house.frozen("2022-09")
    house.frozen("2022-08")
    house.decide("issuer", "office")
    house.publish(worked.month_id)
    client = house.site.logged_in("swj")
    assert 'href="/published-months.xlsx"' in client.get("/published-months").get_data(as_text=True)
    sheet: Any = load_workbook(BytesIO(client.get("/published-months.xlsx").data)).active
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert head[2:4] == ["月份", "通报"]
    assert [(row[2], row[6], row[7], row[8]) for row in rows] == [
        ("2022年9月", 1, "驿城区", 8),
        ("2022年9月", 2, "遂平县", 6),
    ], "not what is only frozen"
    assert all(row[3] for row in rows)


def test_the_circular_and_the_agenda_call_the_same_bodies_once_the_months_of_the_meeting_are_out(
    house: Publishing,
) -> None:
    """A circular that orders by its own month what the decision gives to two months is not believed twice."""
    months = [house.frozen(month) for month in ("2022-08", "2022-09")]
    house.decide("issuer", "office")
    first = _content(house, house.publish(months[0].month_id))
    assert "meeting_speakers" not in first.figures
    assert first.figures["meeting_waits"].words == "2022年9月"
    assert not any("驿城区" in figure.words for key, figure in first.figures.items() if key.startswith("meeting"))
    house.wait(hours=1)
    second_id = house.publish(months[1].month_id)
    second = _content(house, second_id)
    assert "meeting_waits" not in second.figures
    assert second.figures["meeting_order"].words == "两个月之和"
    with house.city.database.reading() as session:
        told = meeting_told(session, "small", read_month("2022-09"))
    agenda = "".join(words for _level, words in told.body)
    for name in ("驿城区", "遂平县"):
        assert name in second.figures["meeting_speakers"].words
        assert name in agenda
    house.wait(days=30)
    october = house.frozen("2022-10", later=timedelta(days=30))
    third = _content(house, house.publish(october.month_id))
    assert third.figures["meeting_waits"].words == "2022年11月"
    with house.city.database.reading() as session:
        assert not differs_from_log(house.site.services, session, session.get_one(CircularRow, second_id))
    decided = next(table for table in second.tables if table.kind == "decided")
    assert {"推进会按哪个名次", "推进会点评哪两个月"} <= {row[1] for row in decided.rows}, "what it goes by is printed"


def test_two_agendas_do_not_share_a_month(house: Publishing) -> None:
    months = [house.frozen(month) for month in ("2022-08", "2022-09")]
    house.decide("issuer", "office")
    for one in months:
        house.publish(one.month_id)
        house.wait(hours=1)
    house.wait(days=30)
    house.publish(house.frozen("2022-10", later=timedelta(days=30)).month_id)
    with house.city.database.reading() as session:
        assert meeting_told(session, "small", read_month("2022-09")).title.startswith("2022年8月至2022年9月")
        refusal = _refused(MeetingOfOthers, lambda: meeting_told(session, "small", read_month("2022-10")))
        assert refusal.facts == {"score_month": "2022-10", "score_months": "2022-10、2022-11"}
        waits = [meeting_waits(session, "small", read_month(f"2022-{number:02d}")) for number in (8, 9, 10)]
        assert waits == ["与2022年9月合开", "", "与2022年11月合开"]
    page = house.site.logged_in("swj").get("/published-months").get_data(as_text=True)
    assert page.count("/meeting/") == 1


def test_what_the_first_agenda_asks_holds_back_neither_marks_nor_the_circular(house: Publishing) -> None:
    worked = house.frozen("2022-09", but=("meeting-months",))
    house.decide("issuer", "office")
    content = _content(house, house.publish(worked.month_id))
    assert not {"meeting_speakers", "meeting_waits"} & {*content.figures}, "nobody is called by an open rule"
    with house.city.database.reading() as session:
        refusal = _refused(RankingHeldBack, lambda: meeting_told(session, "small", read_month("2022-09")))
        assert refusal.facts == {"questions": "推进会点评哪两个月"}
        assert meeting_waits(session, "small", read_month("2022-09")) == "待决定：推进会点评哪两个月"


def test_an_agenda_stands_upright_and_a_year_lies_on_its_side(house: Publishing) -> None:
    for month in ("2022-08", "2022-09"):
        worked = house.frozen(month)
        if month == "2022-08":
            house.decide("issuer", "office")
        house.publish(worked.month_id)
    with house.city.database.reading() as session:
        told = meeting_told(session, "small", read_month("2022-09")), year_told(session, "small", 2022)
    for paper, is_turned in zip(told, (False, True), strict=True):
        section = Document(BytesIO(as_word(paper, author="督查室", on=NOW.date()))).sections[0]
        assert (int(section.page_width or 0) > int(section.page_height or 0)) is is_turned


def test_the_paper_names_its_unit_shortly_once_it_said_how_and_writes_columns_evenly(house: Publishing) -> None:
    worked = house.frozen("2022-09")
    house.decide("issuer", "office")
    id_ = house.publish(worked.month_id)
    content = _content(house, id_)
    sourced = next(table for table in content.tables if table.kind == "sourced")
    assert all("没有印明单位" not in cell for row in sourced.rows for cell in row)
    assert any("报送（" in row[3] for row in sourced.rows)
    with house.city.database.reading() as session:
        row = session.get_one(CircularRow, id_)
        text = "".join(content.fill(str(words)) for _level, words in row.statements)
    full, short = (content.figures[key].words for key in ("organiser", "organiser_short"))
    assert (full == short) is ("以下简称" not in text)
    assert text.count(full) == 1 or full == short
    ranked = next(table for table in content.tables if table.kind == "ranked")
    for cells in list(zip(*ranked.rows, strict=True))[2:]:
        assert len({len(cell.partition(".")[2]) for cell in cells}) == 1


def _content(house: Publishing, circular_id: int) -> Content:
    with house.city.database.reading() as session:
        content = content_kept(house.site.services, session, session.get_one(CircularRow, circular_id))
    assert content is not None
    return content


def test_equal_totals_are_placed_by_the_rules_of_the_month_also_where_its_text_settles_how(house: Publishing) -> None:
    before, question, after = house.content.partition('[[questions]]\ncode = "ties"')
    settled = '[[settled]]\npoint = "ties"\nchoice = "dense"\nsources = ["1"]\n\n'
    content = before + settled + "[[questions]]" + after.partition("[[questions]]")[2]
    assert question
    house = replace(house, content=content)
    worked = house.frozen("2022-09", but=("ties",))
    house.decide("issuer", "office")
    house.publish(worked.month_id)
    with house.city.database.reading() as session:
        month = session.get_one(ScoreMonthRow, worked.month_id)
        assert result_of(session, month, read=read_scheme).ties == "dense"


def test_a_scheme_offers_the_accounts_of_its_own_years(house: Publishing) -> None:
    house.published()
    with house.city.database.transaction() as session:
        other = house.content.replace('code = "small"', 'code = "other"', 1)
        keep_scheme(session, other, read=read_scheme, at=NOW)
        found = newest_scheme(session, "other")
        assert found is not None
        session.add(
            ScoreMonthRow(
                scheme="other",
                scheme_id=found.id or 0,
                month="2021-12",
                state="issued",
                inputs_by=NOW.date(),
                opened_by="系统",
                opened_at=NOW,
                result="{}",
            )
        )
    page = house.site.logged_in("swj").get("/published-months").get_data(as_text=True)
    years = set(re.findall(r"/published-months/(\w+)/year/(\d+)", page))
    assert years == {("small", "2022"), ("other", "2021")}
