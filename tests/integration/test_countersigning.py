"""Papers that several organs issue: named, asked, countersigned, changed, issued, corrected and withdrawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import col

from tests.support.corrections import CHANGED
from tests.support.databases import fresh_sqlite
from tests.support.joint_draft import JTJ, SWJ, JointDraft
from tests.support.naming_draft import AFTER, DRAFTED_AT, HEAD, open_naming_draft
from tests.support.office import CALENDAR
from tracker.domain.accounts import NotYourTask
from tracker.domain.circulars.editions import EditionRefused
from tracker.domain.circulars.issuers import NamesItsIssuer
from tracker.domain.circulars.joint import (
    CoIssuerAlready,
    CoIssuerChanged,
    CoIssuersOfCorrection,
    CoIssuerWithoutHead,
    CountersignWordsMissing,
    MayNotCoIssue,
    NobodyToCountersign,
    NotCountersigned,
    NothingToCountersign,
    WithdrawalNotCountersigned,
)
from tracker.domain.errors import NotFound, Stale
from tracker.domain.filings import ReasonRequired
from tracker.editions import content_kept
from tracker.store.database import Database
from tracker.store.queries.co_issuers import joint_names, returned_countersigns, to_countersign
from tracker.store.queries.paper_hearers import hearers
from tracker.store.tables.units import UnitRow
from tracker.usecases.circulars.drafting import correct_circular, discard_circular
from tracker.usecases.circulars.issuing import issue_circular, withdraw_circular


@pytest.fixture
def draft(tmp_path: Path) -> Iterator[JointDraft]:
    made = _drafted(fresh_sqlite(tmp_path), tmp_path)
    yield made
    made.database.dispose()


def _drafted(database: Database, folder: Path) -> JointDraft:
    made = open_naming_draft(database, folder)
    return JointDraft(made.city, made.id, made.content)


def _joined(draft: JointDraft) -> JointDraft:
    draft.join(JTJ)
    draft.join(SWJ)
    return draft


def test_a_joint_paper_goes_out_when_all_heads_have_signed_its_words(database: Database, tmp_path: Path) -> None:
    draft = _drafted(database, tmp_path)
    title = draft.row.title
    _joined(draft)
    assert draft.row.title == title.replace(HEAD.name, f"{HEAD.name} {JTJ} {SWJ}")
    assert draft.printed() == [(HEAD.name,), (JTJ,), (SWJ,)]
    assert not draft.may_read("jtj-head"), "nobody was asked yet"
    assert draft.ask() == 2
    with pytest.raises(NobodyToCountersign):
        draft.ask()
    assert draft.may_read("jtj-head")
    assert draft.may_read("jtj"), "the liaison may prepare it"
    assert not draft.may_read("tjj")
    told = draft.told("co_issuer.asked")
    assert {login for login, _subject, _reason in told} == {"swj", "swj-head"}
    assert all("会签" in subject and "10月25日" in reason for _login, subject, reason in told)
    draft.submit()
    with pytest.raises(NotCountersigned) as refused:
        draft.approve_now()
    assert refused.value.facts == {"units": f"{JTJ}、{SWJ}"}
    draft.sign(JTJ, by="jtj-head", words="同意")
    [(to, _subject, reason)] = [one for one in draft.told("co_issuer.answered") if one[0] == "office"]
    assert to == "office"
    assert "会签同意" in reason
    with pytest.raises(NotCountersigned):
        draft.approve_now()
    draft.sign(SWJ, by="swj-head")
    draft.approve_now()
    draft.issue()
    assert draft.row.number is not None
    assert draft.printed() == [(HEAD.name,), (JTJ,), (SWJ,)]
    assert draft.may_read("jtj")
    assert "jtj-head" in {login for login, _subject, _reason in draft.told("circular.issued")}
    assert draft.disagreements() == []


def test_only_a_head_of_the_unit_signs_and_who_returns_says_why(draft: JointDraft) -> None:
    _joined(draft).ask()
    with pytest.raises(NotYourTask):
        draft.sign(JTJ, by="jtj")
    with pytest.raises(NotFound):
        draft.sign(JTJ, by="swj-head")
    with pytest.raises(CountersignWordsMissing):
        draft.sign(JTJ, by="jtj-head", agrees=False, words=" ")
    draft.sign(JTJ, by="jtj-head", agrees=False, words="第三部分数字请核实")
    with pytest.raises(NothingToCountersign):
        draft.sign(JTJ, by="jtj-head")
    with draft.database.reading() as session:
        assert [one.answer for one in returned_countersigns(session)] == ["第三部分数字请核实"]
    assert any("第三部分" in reason for _to, _subject, reason in draft.told("co_issuer.answered"))
    assert draft.ask() == 1
    assert draft.states() == {JTJ: "asked", SWJ: "asked"}
    assert draft.disagreements() == []


def test_changed_words_ask_again_and_the_same_words_do_not(draft: JointDraft) -> None:
    draft.join(JTJ)
    draft.ask()
    shown = draft.line(JTJ).version
    draft.edit(note=draft.row.note)
    assert draft.states() == {JTJ: "asked"}, "nothing was changed"
    draft.sign(JTJ, by="jtj-head")
    draft.edit(note="联系人：王明，联系电话：办公电话号码")
    assert draft.states() == {JTJ: "named"}
    assert not draft.may_read("jtj-head")
    told = draft.told("co_issuer.ask_ended")
    assert {login for login, _subject, _reason in told} == {"jtj", "jtj-head"}
    assert "有修改" in told[0][1]
    draft.submit()
    with pytest.raises(NotCountersigned):
        draft.approve_now()
    draft.ask()
    with pytest.raises(NothingToCountersign):
        draft.sign(JTJ, by="jtj-head", version=shown)
    draft.sign(JTJ, by="jtj-head")
    draft.approve_now()
    assert draft.disagreements() == []


def test_who_issues_it_is_part_of_what_is_signed(draft: JointDraft) -> None:
    draft.join(JTJ)
    draft.ask()
    draft.sign(JTJ, by="jtj-head")
    draft.join(SWJ)
    assert draft.states() == {JTJ: "named", SWJ: "named"}
    draft.ask()
    draft.drop(SWJ, "该单位不宜联合")
    assert draft.states() == {JTJ: "named", SWJ: "dropped"}
    assert draft.row.title.startswith(f"{HEAD.name} {JTJ}关于")
    assert any("不宜联合" in reason for _to, _subject, reason in draft.told("co_issuer.dropped"))
    with draft.database.reading() as session:
        assert joint_names(session, draft.id) == (JTJ,)
    draft.join(SWJ)
    assert [one.state for one in draft.lines() if one.name == SWJ] == ["dropped", "named"]
    assert draft.disagreements() == []


def test_the_office_takes_a_question_back_with_a_reason(draft: JointDraft) -> None:
    draft.join(JTJ)
    draft.ask()
    with pytest.raises(ReasonRequired):
        draft.take_back(JTJ, " ")
    draft.take_back(JTJ, "文稿另行研究")
    assert any("另行研究" in reason for _to, _subject, reason in draft.told("co_issuer.ask_ended"))
    with pytest.raises(NothingToCountersign):
        draft.take_back(JTJ)
    with pytest.raises(NothingToCountersign):
        draft.sign(JTJ, by="jtj-head")
    assert draft.disagreements() == []


def test_only_organs_of_its_level_with_a_head_issue_a_paper_with_the_office(draft: JointDraft) -> None:
    for unit, refusal in (
        ("驻马店市对外开放工作领导小组", (MayNotCoIssue, NotFound)),
        ("没有这个单位", NotFound),
    ):
        with pytest.raises(refusal):
            draft.join(unit)
    draft.join(JTJ)
    with pytest.raises(CoIssuerAlready):
        draft.join(JTJ)
    with draft.database.transaction() as session:
        session.add(
            UnitRow(code="xx", full_name="驻马店市某局", short_name="某局", kind="市政府部门", official_order=99)
        )
    with pytest.raises(CoIssuerWithoutHead):
        draft.join("驻马店市某局")
    draft.submit()
    with pytest.raises(EditionRefused):
        draft.join(SWJ)
    with pytest.raises(EditionRefused):
        draft.drop(JTJ)


def test_a_unit_under_another_name_is_not_printed_under_its_old_one(draft: JointDraft) -> None:
    draft.join(JTJ)
    with draft.database.transaction() as session:
        session.execute(update(UnitRow).where(col(UnitRow.full_name) == JTJ).values(full_name="驻马店市交通局"))
    with pytest.raises(CoIssuerChanged):
        draft.ask()


def test_what_is_put_away_asks_nobody(draft: JointDraft) -> None:
    draft.join(JTJ)
    draft.ask()
    draft.do(discard_circular)
    assert draft.states() == {JTJ: "dropped"}
    assert not draft.may_read("jtj-head")
    assert any("作废" in subject for _to, subject, _reason in draft.told("co_issuer.dropped"))
    assert draft.disagreements() == []


def _issued(draft: JointDraft) -> JointDraft:
    draft.join(JTJ)
    draft.ask()
    draft.sign(JTJ, by="jtj-head")
    draft.submit()
    draft.approve_now()
    draft.issue()
    return draft


def test_a_correction_is_countersigned_as_the_original_was(draft: JointDraft) -> None:
    wrong = _issued(draft).id
    draft.ask_withdrawal("数字有误")
    correction = draft.do(correct_circular, reason="数字有误")
    assert isinstance(correction, int)
    draft.id = correction
    assert draft.states() == {JTJ: "named"}
    with pytest.raises(CoIssuersOfCorrection):
        draft.join(SWJ)
    with pytest.raises(CoIssuersOfCorrection):
        draft.drop(JTJ)
    draft.submit()
    with pytest.raises(NotCountersigned):
        draft.approve_now()
    draft.ask()
    draft.sign(JTJ, by="jtj-head")
    draft.approve_now()
    draft.do(
        issue_circular, at=AFTER, numbering=HEAD.number, calendar=CALENDAR, content=draft.content, corrects=CHANGED
    )
    assert draft.printed() == [(HEAD.name,), (JTJ,)]
    draft.id = wrong
    assert [one.state for one in draft.lines()] == ["agreed", "dropped"], "nobody is asked to withdraw it any more"
    assert draft.disagreements() == []


def test_a_joint_paper_is_withdrawn_for_the_reason_that_was_countersigned(draft: JointDraft) -> None:
    _issued(draft)
    with pytest.raises(WithdrawalNotCountersigned):
        draft.do(withdraw_circular, by="leader", reason="依据有误")
    assert draft.ask_withdrawal("依据有误") == 1
    with pytest.raises(NobodyToCountersign):
        draft.ask_withdrawal("依据有误")
    [asked] = [one for one in draft.lines() if one.withdraws]
    assert asked.matter == "依据有误"
    assert any("依据有误" in reason for _to, _subject, reason in draft.told("co_issuer.asked"))
    with draft.database.reading() as session:
        assert [one.withdraws for one in to_countersign(session, unit_ids=[asked.unit_id])] == [True]
    draft.sign(JTJ, by="jtj-head")
    with pytest.raises(WithdrawalNotCountersigned):
        draft.do(withdraw_circular, by="leader", reason="另有原因")
    draft.do(withdraw_circular, by="leader", reason="依据有误")
    assert draft.row.state == "withdrawn"
    assert draft.may_read("jtj"), "it stays with its readers"
    assert draft.disagreements() == []


def test_of_two_acts_at_once_the_later_is_told(draft: JointDraft) -> None:
    draft.join(JTJ)
    version = draft.row.version
    draft.edit(note="联系人：王明，联系电话：办公电话号码")
    with pytest.raises(Stale):
        draft.do(discard_circular, version=version, at=DRAFTED_AT)
    draft.ask()
    shown = draft.line(JTJ).version
    draft.take_back(JTJ)
    with pytest.raises(NothingToCountersign):
        draft.sign(JTJ, by="jtj-head", version=shown)


def test_who_issues_a_paper_does_not_sign_for_it_and_is_not_proposed_in_it(draft: JointDraft) -> None:
    def hears() -> set[int]:
        with draft.database.reading() as session:
            content = content_kept(draft.city.site.services, session, draft.row)
            return set(hearers(session, draft.row, content, host=HEAD.name))

    def proposed() -> set[str]:
        with draft.database.reading() as session:
            content = content_kept(draft.city.site.services, session, draft.row)
            assert content is not None
            return {one.unit for one in content.proposals}

    told, own = hears(), draft.actor("swj").unit_id
    assert own in told
    assert draft.proposal.unit in proposed()
    draft.join(SWJ)
    assert hears() == told - {own}
    assert draft.proposal.unit not in proposed()
    draft.drop(SWJ)
    assert hears() == told
    draft.serve()
    draft.include()
    with pytest.raises(NamesItsIssuer):
        draft.join(SWJ)
