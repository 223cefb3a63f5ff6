"""A paper whose own template cannot be filled goes no further: no draft, no number without a file, no error page."""

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.office import LATE
from tests.support.site import Site, post
from tracker.cli.doctor.papers import undrawn_papers
from tracker.domain.accounts import Actor, Role
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.entered import LONGEST_TITLE
from tracker.editions import check_layout
from tracker.store.tables.circulars import CircularRow, CircularTemplateRow
from tracker.usecases.circular_templates import keep_template

_FIELDS = ("{{文号}}", "{{标题}}", "{{主送}}：", "{{一级标题}}", "{{正文}}", "{{署名}}", "{{成文日期}}", "{{附件}}")
_OFFICE = Actor(user_id=1, name="督查员", role=Role.SUPERVISOR)
_SAID = "自制模板“简版”不能"


class Desk:
    """A site with a template of the office, which may break and be mended: what was kept by an earlier program."""

    def __init__(self, site: Site) -> None:
        self.site = site
        site.clock.at = LATE
        self._good = self._kept(broken=False)
        with site.services.database.transaction() as session:
            keep_template(
                session,
                kind=CircularType.URGE,
                name="简版",
                sha256=self._good,
                fields=["正文"],
                actor=_OFFICE,
                at=LATE,
            )

    def template(self, *, broken: bool) -> None:
        with self.site.services.database.transaction() as session:
            session.get_one(CircularTemplateRow, 1).sha256 = self._kept(broken=True) if broken else self._good

    def _kept(self, *, broken: bool) -> str:
        document, saved = Document(), BytesIO()
        for words in _FIELDS:
            document.add_paragraph(words)
        if broken:
            link = f'<w:hyperlink {nsdecls("w")} w:anchor="a"><w:r><w:t>{{{{文号}}}}</w:t></w:r></w:hyperlink>'
            document.add_paragraph()._p.append(parse_xml(link))
        document.save(saved)
        saved.seek(0)
        return self.site.services.evidence.store(saved).sha256

    def draft(self) -> TestResponse:
        with self.site.client("office") as office:
            return post(office, "/circulars", at="/circulars", type="urge", unit="市商务局", layout="1")

    def act(self, act: str, *, login: str = "office") -> TestResponse:
        with self.site.client(login) as client:
            given = {"version": str(self.row(1).version), "basis": "同意", "reason": "数字有误"}
            return post(client, f"/circulars/1/{act}", at="/circulars/1", **given)

    def row(self, circular_id: int) -> CircularRow:
        with self.site.services.database.reading() as session:
            return session.get_one(CircularRow, circular_id)

    def page(self, address: str) -> TestResponse:
        with self.site.client("office") as office:
            return office.get(address)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(Site(fresh_sqlite(tmp_path), tmp_path))


def _refused(answer: TestResponse) -> bool:
    return answer.status_code == 409 and _SAID in answer.get_data(as_text=True)


def test_no_draft_is_made_in_a_template_that_takes_none(desk: Desk) -> None:
    desk.template(broken=True)
    assert _refused(desk.draft())
    assert _refused(desk.page("/circulars/templates/1/sample"))
    with desk.site.services.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CircularRow)) == 0


def test_a_draft_whose_template_broke_is_made_anew_in_our_own_layout(desk: Desk) -> None:
    assert desk.draft().status_code == 303
    desk.template(broken=True)
    assert _refused(desk.page("/circulars/1/word"))
    check_layout(desk.site.services, 1)
    assert _SAID in desk.page("/circulars/1").get_data(as_text=True)
    assert _refused(desk.act("submit"))
    assert desk.act("redraft").status_code == 303
    assert (desk.row(1).state, desk.row(2).layout_id) == ("discarded", None)
    page = desk.page("/circulars/2").get_data(as_text=True)
    assert desk.page("/circulars/2/word").status_code == 200
    assert _SAID not in page


@pytest.mark.parametrize("act", ["submit", "approve", "issue"])
def test_nothing_goes_on_that_cannot_be_drawn(desk: Desk, act: str) -> None:
    assert desk.draft().status_code == 303
    logins = {"submit": "office", "approve": "leader", "issue": "office"}
    for name, login in logins.items():
        if name == act:
            desk.template(broken=True)
            assert _refused(desk.act(name, login=login))
            assert (desk.row(1).number, desk.row(1).issued_at) == (None, None)
            desk.template(broken=False)
        assert desk.act(name, login=login).status_code == 303
    desk.site.work()
    assert desk.row(1).sha256 is not None


def test_a_paper_that_was_issued_and_cannot_be_drawn_is_named_and_corrected(desk: Desk) -> None:
    desk.draft()
    for name, login in (("submit", "office"), ("approve", "leader"), ("issue", "office")):
        assert desk.act(name, login=login).status_code == 303
    services = desk.site.services
    assert list(undrawn_papers(services)) == [], "it has just been issued"
    desk.template(broken=True)
    [found] = undrawn_papers(services)
    assert (desk.row(1).number or "-") in found.words
    assert "自制模板“简版”不能填写" in found.words
    page = desk.page("/circulars/1").get_data(as_text=True)
    assert ("排不出正式文件" in page, "正在排印" in page) == (True, False)
    assert _refused(desk.page("/circulars/1/word"))
    assert desk.act("correct").status_code == 303
    assert desk.row(2).layout_id is None
    assert desk.page("/circulars/2/word").status_code == 200
    assert "重新上传后选用" not in desk.page("/circulars/2").get_data(as_text=True)


def test_a_title_that_nobody_writes_is_refused_beside_its_field(desk: Desk) -> None:
    desk.draft()
    with desk.site.client("office") as office:
        fields = {"version": "1", "title": "题" * (LONGEST_TITLE + 1)}
        answer = post(office, "/circulars/1/edit", at="/circulars/1", **fields)
    said = f"公文标题不能超过{LONGEST_TITLE}字，现有{LONGEST_TITLE + 1}字"
    assert (answer.status_code, said in answer.get_data(as_text=True)) == (400, True)


def test_a_paper_long_without_its_file_is_named(desk: Desk) -> None:
    desk.draft()
    for name, login in (("submit", "office"), ("approve", "leader"), ("issue", "office")):
        desk.act(name, login=login)
    desk.site.clock.at = LATE.replace(hour=23)
    assert [("编号后10分钟以上没有正式文件" in one.words) for one in undrawn_papers(desk.site.services)] == [True]
    desk.site.work()
    assert list(undrawn_papers(desk.site.services)) == []
