"""What the office found untrue, from the return to the issued paper: served with the finding, said once."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.audience_city import AudienceCity, open_audience_city
from tests.support.naming_draft import AFTER, DRAFTED_AT, NamingDraft, draft_naming
from tests.support.naming_pages import text_of
from tests.support.office import BY, CALENDAR, OFFICE
from tracker.domain.calendar import at_local
from tracker.domain.circulars.blame_now import PraiseOvertaken
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.proposals import NamingAct, NamingGround, Proposal
from tracker.domain.filings import ReturnReason
from tracker.store.database import Database
from tracker.store.history.contents import content_as_of
from tracker.store.queries.edition_facts import write_facts
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.namings import NamingRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.circulars.deciding import submit_circular
from tracker.usecases.circulars.drafting import correct_circular
from tracker.usecases.circulars.issuing import withdraw_circular
from tracker.usecases.returning import return_report

FOUND = "现场核查，通报的3个项目均未开工，合同系补签。"
SAID = "的2022年9月反馈，经督查室审核认定弄虚作假（2022年10月19日）"
_FOUND_ON = at_local(date(2022, 10, 19), 10, 0)
_LATER = at_local(date(2022, 10, 27), 9, 0)


@dataclass
class Found:
    """A city in which a lead's report was found untrue, and the draft that proposes to say so."""

    city: AudienceCity
    draft: NamingDraft

    def give_back(self, filing_id: int, at: datetime) -> None:
        self.city.site.city.give_back(filing_id, at=at, reason_class=ReturnReason.FALSIFIED, reason=FOUND)


@pytest.fixture
def found(database: Database, tmp_path: Path) -> Found:
    city = open_audience_city(database, tmp_path)
    filing_id = city.site.city.file("swj", at=_FOUND_ON - timedelta(hours=2))
    city.site.city.give_back(filing_id, at=_FOUND_ON, reason_class=ReturnReason.FALSIFIED, reason=FOUND)
    return Found(city, draft_naming(city))


def _proposed(found: Found, at: datetime = _LATER) -> tuple[Proposal, ...]:
    with found.draft.database.reading() as session:
        scope = {"kind": CircularType.SUPERVISION, "scope": Scope(), "up_to": None, "previous": None}
        return content_as_of(session, as_of=at, calendar=CALENDAR, **scope).proposals  # type: ignore[arg-type] # by name


def test_a_report_found_untrue_is_said_in_the_issued_paper_and_in_no_later_one(found: Found) -> None:
    draft = found.draft
    assert draft.proposal.grounds == (NamingGround.FALSITY,)
    words = draft.content.figures[draft.proposal.key].words
    assert words.endswith(SAID)
    assert FOUND not in words, "nobody checks what typed words say of whom"
    assert "弄虚作假" not in (draft.row.said or ""), "it stands in no draft until somebody puts it there"
    draft.serve()
    draft.include()
    draft.go_out()
    assert f"{words}，予以通报批评。" in (draft.row.said or "")
    assert _proposed(found) == ()
    again = found.city.site.city.file("swj", at=AFTER + timedelta(hours=1))
    found.give_back(again, AFTER + timedelta(hours=2))
    assert [one.grounds for one in _proposed(found)] == [(NamingGround.FALSITY,)], "found since"


def test_what_was_found_untrue_goes_out_though_it_was_corrected(found: Found) -> None:
    draft = found.draft
    draft.serve()
    draft.include()
    again = found.city.site.city.file("swj", at=DRAFTED_AT + timedelta(hours=1))
    found.city.site.city.accept(again, at=DRAFTED_AT + timedelta(hours=2))
    draft.go_out()
    draft.do(withdraw_circular, by="leader", at=AFTER, reason="另行印发")
    assert [one.grounds for one in _proposed(found)] == [(NamingGround.FALSITY,)], "no paper that stands says it"


def test_the_unit_and_whoever_approves_read_what_was_found_beside_what_would_be_said(found: Found) -> None:
    found.draft.serve()
    with found.draft.database.reading() as session:
        naming = session.scalars(select(col(NamingRow.id))).one()
    with found.city.site.client("swj") as liaison:
        page = text_of(liaison, f"/namings/{naming}")
        assert SAID in page
        assert FOUND in page
        assert f"{FOUND}（弄虚作假）" in text_of(liaison, "/tasks/1"), "the page of the returned row says the class"
        assert f"{FOUND}（弄虚作假）" in text_of(liaison, "/today")
    for login in ("office", "leader"):
        with found.city.site.client(login) as client:
            assert FOUND in text_of(client, f"/circulars/{found.draft.id}"), login


def _praising(database: Database, folder: Path) -> tuple[NamingDraft, int]:
    """Draft praise of a unit, served and put into the text; return the draft, and a report of the unit."""
    city = open_audience_city(database, folder)
    draft = draft_naming(city)
    filing_id = city.site.city.file("swj", at=DRAFTED_AT)
    praise = replace(draft.proposal, act=NamingAct.PRAISE, grounds=(NamingGround.WORK_DONE,))
    draft.content = replace(draft.content, proposals=(praise,))
    kept = city.site.services.evidence.store(BytesIO(write_facts(draft.content)))
    with draft.database.transaction() as session:
        session.get_one(CircularRow, draft.id).facts_sha256 = kept.sha256
    draft.serve()
    draft.include()
    return draft, filing_id


@pytest.mark.parametrize("step", ["submit", "approve", "issue"])
def test_no_praise_goes_a_step_further_once_a_report_of_the_unit_was_found_untrue(
    database: Database, tmp_path: Path, step: str
) -> None:
    draft, filing_id = _praising(database, tmp_path)
    before = {"submit": (), "approve": (draft.submit,), "issue": (draft.submit, draft.approve)}[step]
    for act in before:
        act()
    found = {"reason_class": ReturnReason.FALSIFIED, "reason": FOUND}
    city = draft.city
    city.site.city.give_back(filing_id, at=AFTER, **found)  # type: ignore[arg-type] # by name
    with pytest.raises(PraiseOvertaken):
        getattr(draft, step)(at=AFTER + timedelta(hours=1))
    for login in ("office", "leader"):
        with city.site.client(login) as client:
            assert "该单位所报经查实弄虚作假，自认定之日起一年内不能表扬" in text_of(client, f"/circulars/{draft.id}")


def test_a_correction_does_not_say_again_what_praised_a_unit_that_was_found_untrue(
    database: Database, tmp_path: Path
) -> None:
    draft, filing_id = _praising(database, tmp_path)
    draft.go_out()
    draft.city.site.city.give_back(filing_id, at=AFTER, reason_class=ReturnReason.FALSIFIED, reason=FOUND)
    again = NamingDraft(draft.city, int(str(draft.do(correct_circular, at=AFTER, reason="标题有误"))), draft.content)
    with pytest.raises(PraiseOvertaken):
        again.submit(at=AFTER + timedelta(hours=1))
    again.submit(at=AFTER + timedelta(days=366))


def test_nobody_is_told_of_praise_that_may_not_go_out(database: Database, tmp_path: Path) -> None:
    city = open_audience_city(database, tmp_path)
    draft = draft_naming(city)
    filing_id = city.site.city.file("swj", at=DRAFTED_AT)
    city.site.city.give_back(filing_id, at=DRAFTED_AT, reason_class=ReturnReason.FALSIFIED, reason=FOUND)
    praise = replace(draft.proposal, act=NamingAct.PRAISE, grounds=(NamingGround.WORK_DONE,))
    draft.content = replace(draft.content, proposals=(praise,))
    with pytest.raises(PraiseOvertaken):
        draft.serve()


def test_praise_and_the_finding_at_the_same_moment(database: Database, tmp_path: Path) -> None:
    draft, filing_id = _praising(database, tmp_path)
    given = {"circular_id": draft.id, "version": draft.row.version, "content": draft.content, "at": AFTER}
    with pytest.raises(PraiseOvertaken), draft.database.transaction() as session:
        submit_circular(session, **given, actor=draft.actor("office"))  # type: ignore[arg-type] # by name
        report_id = session.scalars(select(col(ReportRow.id)).where(col(ReportRow.filing_id) == filing_id)).one() or 0
        said = {"reason": FOUND, "reason_class": ReturnReason.FALSIFIED, "actor": OFFICE, "at": AFTER, "by": BY}
        return_report(session, report_id=report_id, **said)  # type: ignore[arg-type] # by name
    assert draft.row.state == "draft"


def test_counts_of_returns_name_no_falsity_beside_a_unit(found: Found) -> None:
    with found.draft.database.reading() as session:
        unit = session.scalars(select(col(UnitRow.full_name)).where(col(UnitRow.code) == "swj")).one()
        for scope in (Scope(), Scope(unit=unit)):
            content = content_as_of(
                session,
                kind=CircularType.SUPERVISION,
                scope=scope,
                as_of=_LATER,
                up_to=None,
                previous=None,
                calendar=CALENDAR,
            )
            assert content.figures["return_reasons"].words == "其他原因1项次"
            told = [figure.words for key, figure in content.figures.items() if not key.startswith("naming_")]
            assert "弄虚作假" not in "".join(
                (*told, *(cell for table in content.tables for row in table.rows for cell in row))
            )
