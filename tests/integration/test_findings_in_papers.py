"""Papers: each number counts what its words say, and speaks of whom it names."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.eight_documents import POLICIES_54, Documents, at, issue
from tests.support.office import OFFICE
from tests.support.papers import annex, paper, said
from tests.support.played_autumn import ENDS_AT, PlayedAutumn
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.circulars.addressing import AskedByLetter, NobodyActs
from tracker.domain.circulars.figures import NothingToSay
from tracker.domain.circulars.kinds import KINDS, CircularType, Needs
from tracker.domain.progress import Work
from tracker.domain.unit_classes import class_of
from tracker.domain.units import UnitKind
from tracker.store.database import Database
from tracker.store.history.identities import unit_facts
from tracker.store.history.log import cut
from tracker.store.queries.circulars import choices
from tracker.store.queries.owed_lists import count_overdue
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.keeping import SetKeeper, set_keeper
from tracker.wording.refusals import sentence


@pytest.fixture(scope="module")
def autumn(played_autumn: PlayedAutumn, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The city on 1 November 2022; tests only look at it."""
    return played_autumn.open(ENDS_AT, tmp_path_factory.mktemp("papers"))


def test_what_was_given_back_is_counted_in_filings_and_its_items_in_item_times(autumn: Database) -> None:
    content = paper(autumn, CircularType.SUPERVISION)
    figures = content.figures
    with autumn.reading() as session:
        wanted = select(col(UnitRow.short_name), col(ReportRow.filing_id), col(ReportRow.id)).join(
            FilingRow, col(FilingRow.id) == col(ReportRow.filing_id)
        )
        found = wanted.join(UnitRow, col(UnitRow.id) == col(FilingRow.unit_id)).where(
            col(ReportRow.state) == "returned"
        )
        units, filings, rows = (set(column) for column in zip(*session.execute(found).all(), strict=True))
        of_county = {filing for unit, filing, _row in session.execute(found) if unit == "确山县"}
    assert f"共有{len(units)}个单位的{len(filings)}份反馈被退回（{len(rows)}项次" in said(content)
    for key in ("returned_units", "returned", "returned_rows"):
        assert int(figures[key].words) == len(figures[key].sources)
        assert all(source.events for source in figures[key].sources)
    assert {source.unit for source in figures["returned"].sources} == units
    own = said(paper(autumn, CircularType.SUPERVISION, unit="确山县"))
    assert f"该单位{len(of_county)}份反馈被退回" in own


def test_a_paper_to_one_unit_tells_that_units_part_and_not_its_leads(autumn: Database) -> None:
    county = paper(autumn, CircularType.NOTICE, unit="新蔡县")
    assert (county.counts["total"], county.counts["own_lead"], county.counts["own_unreceived"]) == (92, 0, 92)
    assert sum(county.counts[work.value] for work in Work) == 0
    assert "均尚未签收" in said(county)
    assert "正在办理" not in said(county)
    assert "牵头单位要" not in said(county)
    assert "其余的向牵头单位反馈" in said(county)
    bureau = paper(autumn, CircularType.NOTICE, unit="市商务局", document="驻政办〔2022〕48号")
    assert bureau.counts["own_unreceived"] == bureau.counts["unreceived"] == 0
    assert sum(bureau.counts[work.value] for work in Work) == bureau.counts["own_lead"] < bureau.counts["total"]
    assert bureau.counts["own_lead"] + bureau.counts["own_other"] == bureau.counts["total"]
    assert {source.unit for source in bureau.figures["own_other"].sources} == {"驻马店市商务局"}


@pytest.mark.parametrize(
    ("document", "label", "leads", "supports"),
    [
        ("驻政办〔2022〕57号", "六16", "市委组织部（责任单位首位）、市科技局（督查室拟定）", "市财政局"),
        (
            "驻政办〔2022〕48号",
            "三（三）12",
            "驻马店海关（责任单位首位）、市口岸办（督查室拟定）",
            "市发改委、市商务局",
        ),
        (
            "驻政办〔2022〕54号",
            "三（十）",
            "人行驻马店中心支行（责任单位首位）、市金融工作局（督查室拟定）",
            "市银保监局",
        ),
    ],
)
def test_the_body_that_a_document_names_first_leads_in_the_list_and_nobody_stands_there_twice(
    autumn: Database, document: str, label: str, leads: str, supports: str
) -> None:
    [row] = [row for row in paper(autumn, CircularType.BREAKDOWN, document=document).tables[0].rows if row[1] == label]
    assert row[4] == leads
    assert row[5].startswith(supports)
    assert not set(row[4].replace("（督查室拟定）", "").split("、")) & set(row[5].split("、"))


def test_the_rhythm_of_a_row_is_what_its_reader_owes_and_not_what_the_item_prints(autumn: Database) -> None:
    county = paper(autumn, CircularType.NOTICE, unit="新蔡县", document="驻政办〔2022〕48号")
    assert {row[4].rpartition("；")[2] for row in county.tables[0].rows} == {"每半年勾选一次"}
    prevention = paper(autumn, CircularType.NOTICE, document="驻政〔2022〕52号").tables[0].rows
    assert "中期、终期" not in "".join(row[4] for row in prevention if "市卫健体委" in row[3])
    plan = paper(autumn, CircularType.ASSIGNMENT, document="驻政办〔2022〕50号").tables[0].rows
    assert all(row[6] for row in plan)
    assert "发生后按响应级别" in {row[6] for row in plan}


@pytest.fixture(scope="module")
def expired(tmp_path_factory: pytest.TempPathFactory) -> Documents:
    """The policies of 54号 after their end, with nobody reporting; tests only look at it."""
    city = issue(fresh_sqlite(tmp_path_factory.mktemp("expired")), [POLICIES_54])
    city.sweep(at(10, 20))
    city.sweep(at(1, 1, year=2023))
    return city


def test_a_paper_on_a_document_that_expired_asks_for_the_closing_reports_and_for_nothing_else(
    expired: Documents,
) -> None:
    now = at(1, 11, year=2023)
    notice = paper(expired.database, CircularType.NOTICE, document=POLICIES_54, as_of=now)
    lapsed = [row for row in notice.tables[0].rows if "收尾报告" in row[4]]
    assert len(lapsed) == notice.counts["closing"] == notice.counts["lapsed"] > 0
    assert all(row[4].endswith("收尾报告，应于2023年1月28日（含）前报送") for row in lapsed)
    assert all("于2023年1月28日（含）前报送收尾报告" in row[6] for row in lapsed)
    assert "于2023年1月28日（含）前报送收尾报告" in said(notice)
    ordered = paper(expired.database, CircularType.ASSIGNMENT, document=POLICIES_54, as_of=now)
    assert len(ordered.tables[0].rows) == ordered.counts["open"] == notice.counts["total"] - len(lapsed)
    assert f"尚在办理的{ordered.counts['open']}项" in said(ordered)


@pytest.mark.parametrize("kind", [CircularType.SUPERVISION, CircularType.SPECIAL])
def test_nobody_is_blamed_whom_the_rules_spare_and_both_numbers_make_the_desks(
    autumn: Database, kind: CircularType
) -> None:
    content = paper(autumn, kind)
    with autumn.reading() as session:
        desk = count_overdue(session, now=ENDS_AT, unit_ids=EVERY_UNIT)
        kinds = dict(session.execute(select(col(UnitRow.short_name), col(UnitRow.kind))).all())
    named, spared = content.figures["blamed"].sources, content.figures["spared"].sources
    assert len(named) + len(spared) == content.counts["overdue"] == desk
    assert {source.unit for source in spared} == {"市招商引资工作领导小组", "市政府残疾人工作委员会"}
    assert not {kinds[source.unit] for source in named} & {"党委部门", "垂管", "领导小组"}
    numbered = [row[1] for row in annex(content).rows if row[0]]
    assert numbered == [source.unit for source in named]
    assert "领导小组" not in content.figures["behind_list"].words
    assert "另有2份由尚未明确办公室所在单位的领导小组（指挥部）承办，另行商请、明确，不" in said(content)


def test_a_body_that_is_only_asked_gets_no_order_and_is_not_offered(expired: Documents) -> None:
    now = at(1, 11, year=2023)
    judging = (kind for kind, rules in KINDS.items() if rules.is_order or rules.judges)
    for kind in (kind for kind in judging if KINDS[kind].needs is not Needs.MONTH):  # which is about no body's tasks
        document = POLICIES_54 if KINDS[kind].needs is Needs.DOCUMENT else None
        with pytest.raises(AskedByLetter) as refused:
            paper(expired.database, kind, unit="市委组织部", document=document, as_of=now)
        assert "以函商请" in sentence(refused.value)
    with expired.database.reading() as session:
        offered = set(choices(session).units)
        units = session.scalars(select(UnitRow)).all()
    assert offered == {
        unit.full_name for unit in units if class_of(UnitKind(unit.kind), tasked=unit.tasked).verb == "责成"
    }


def test_a_keeper_named_later_does_not_change_an_earlier_paper(played_autumn: PlayedAutumn, tmp_path: Path) -> None:
    database = played_autumn.open(ENDS_AT, tmp_path)
    group = "市招商引资工作领导小组"
    with database.transaction() as session:
        ids = dict(session.execute(select(col(UnitRow.short_name), col(UnitRow.id))).all())
        command = SetKeeper(ids[group] or 0, ids["市招商投资促进局"], "文件明确办公室设在该局")
        set_keeper(session, command, actor=OFFICE, at=at(11, 3))
    with pytest.raises(NobodyActs):
        paper(database, CircularType.URGE, unit=group)
    later = paper(database, CircularType.URGE, unit=group, as_of=at(11, 4))
    assert later.addressees is not None
    assert later.addressees.endswith("招商引资工作领导小组")
    assert later.counts["overdue"] == 1


def test_a_federation_that_the_law_lets_be_tasked_may_be_blamed(autumn: Database) -> None:
    with autumn.reading() as session:
        units = {fact.short: fact for fact in unit_facts(session, until=cut(session, as_of=ENDS_AT)).values()}
    assert units["市残联"].rule.may_be_blamed
    assert not units["市妇联"].rule.may_be_blamed
    assert not units["市重大项目办"].rule.may_be_blamed


def test_a_rate_stands_beside_the_numbers_of_which_it_follows(autumn: Database) -> None:
    content = paper(autumn, CircularType.SUPERVISION)
    in_time, asked = content.counts["in_time"], content.counts["asked"]
    assert asked == content.counts["reports_due"] - content.counts["waived"] - content.counts["pending"]
    assert content.figures["rate"].words == f"{round(100 * in_time / asked, 1):g}%"
    assert not content.counts["reports_due"] - asked
    assert in_time == content.counts["on_time"]
    assert f"按时{in_time}期" in said(content)
    assert f"；按时率{content.figures['rate'].words}" in said(content), "its numerator is said once"
    assert content.counts["missed"] == 2
    assert "逾期未报13期（其中2期为漏报，不再补报：" in said(content)


def test_a_paper_is_refused_where_nothing_has_been_issued(autumn: Database) -> None:
    before = at(8, 15, hour=18)
    for kind in (CircularType.SUPERVISION, CircularType.SPECIAL):
        with pytest.raises(NothingToSay) as refused:
            paper(autumn, kind, as_of=before)
        assert "没有可写入督查" in sentence(refused.value)


def test_no_label_of_ours_stands_on_paper(autumn: Database) -> None:
    rows = paper(autumn, CircularType.BREAKDOWN, document="驻政办〔2022〕50号").tables[0].rows
    assert not any("/" in row[1] for row in rows)
    assert "5.3.1" in {row[1] for row in rows}
