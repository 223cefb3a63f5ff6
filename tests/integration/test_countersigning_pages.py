"""Joint papers on the pages: the office names and asks, a head reads, returns, agrees; then the paper goes on."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from tests.support.audience_city import AudienceCity, own_audience_city
from tests.support.joint_draft import JTJ, SWJ
from tests.support.naming_pages import DRAFTED_AT, act_on, drafted_by_page, page_of, text_of
from tracker.store.tables.co_issuers import CoIssuerRow


@pytest.fixture
def city(tmp_path: Path) -> Iterator[AudienceCity]:
    with own_audience_city(tmp_path, at=DRAFTED_AT) as made:
        yield made


def _row(city: AudienceCity) -> CoIssuerRow:
    with city.site.services.database.reading() as session:
        return session.scalars(select(CoIssuerRow)).one()


def test_a_head_finds_reads_returns_and_countersigns_a_joint_paper(city: AudienceCity) -> None:
    id_, _key = drafted_by_page(city)
    page = f"/circulars/{id_}"
    with city.site.client("office") as office:
        assert JTJ in page_of(office, page).xpath("//select[@name='organ']/option/text()")
        assert "驻马店市人民政府办公室" not in page_of(office, page).xpath("//select[@name='organ']/option/text()")
        assert f"已将{JTJ}列为联合印发机关" in act_on(city, office, id_, "name-co-issuer", organ=JTJ)
        assert "待送会签" in text_of(office, page)
        assert "已送1个机关会签" in act_on(city, office, id_, "ask-countersigns")
        listed = text_of(office, "/circulars")
        assert "会签同意0／1；市交通运输局" in listed
        assert "起未答复" in listed
        assert "会签未答复" in text_of(office, "/desk")
        assert "会签督查通报" in text_of(office, "/due?month=2022-10")
    sign = f"/co-issuers/{_row(city).id}/sign"
    with city.site.client("jtj") as liaison:
        assert "联合印发文稿待会签" in text_of(liaison, "/today")
        rows = load_workbook(BytesIO(liaison.get("/today.xlsx").data)).worksheets[0].iter_rows(values_only=True)
        assert "联合印发文稿待会签" in {row[1] for row in rows}, "what the page lists is what is sent"
        assert "会签督查通报" in text_of(liaison, "/due?month=2022-10")
        assert page_of(liaison, page).xpath("//form[contains(@action, '/co-issuers/')]") == []
        assert liaison.post(sign, data={"version": "2", "countersign_answer": "agreed"}).status_code == 404
    with city.site.client("jtj-head") as head:
        assert "联合印发文稿 1 件" in text_of(head, "/sign-off")
        [form] = page_of(head, page).xpath("//form[contains(@action, '/co-issuers/')]")
        assert form.get("action") == sign
        sent = {"version": "2", "countersign_answer": "returned", "countersign_words": " "}
        silent = head.post(sign, data=sent)
        assert silent.status_code == 400
        assert "理由" in silent.get_data(as_text=True)
        told = head.post(sign, data={**sent, "countersign_words": "请核实逾期数"}, follow_redirects=True)
        assert "已退回督查室" in told.get_data(as_text=True)
        assert "联合印发文稿 1 件" not in text_of(head, "/sign-off")
    with city.site.client("office") as office:
        assert "请核实逾期数" in text_of(office, page)
        assert "会签退回待办" in text_of(office, "/desk")
        assert "已送1个机关会签" in act_on(city, office, id_, "ask-countersigns")
        assert "已送批" in act_on(city, office, id_, "submit")
    with city.site.client("leader") as leader:
        assert "尚未全部会签同意" in act_on(city, leader, id_, "approve", basis="同意")
    with city.site.client("jtj-head") as head:
        sent = {"version": str(_row(city).version), "countersign_answer": "agreed"}
        assert "已会签同意" in head.post(sign, data=sent, follow_redirects=True).get_data(as_text=True)
        assert head.post(sign, data=sent).status_code == 409
    with city.site.client("leader") as leader:
        assert "已签批" in act_on(city, leader, id_, "approve", basis="同意")
        assert "同意" in text_of(leader, page)
        assert "退回：请核实逾期数" in text_of(leader, page), "who approves sees what was objected to before"


def test_who_signs_sees_who_signs_with_him_and_changed_words_say_how_many_sign_anew(city: AudienceCity) -> None:
    id_, _key = drafted_by_page(city)
    page = f"/circulars/{id_}"
    with city.site.client("office") as office:
        for organ in (JTJ, SWJ):
            act_on(city, office, id_, "name-co-issuer", organ=organ)
        assert "已送2个机关会签" in act_on(city, office, id_, "ask-countersigns")
    with city.site.client("jtj-head") as head:
        assert SWJ in text_of(head, page)
        assert len(page_of(head, page).xpath("//form[contains(@action, '/co-issuers/')]")) == 1, "only for his own unit"
    with city.site.client("tjj-head") as stranger:
        assert stranger.get(page).status_code == 404
    with city.site.client("office") as office:
        [edit] = [one for one in page_of(office, page).forms if one.action.endswith("/edit")]
        fields = MultiDict((name, value) for name, value in edit.form_values() if name != "copies")
        fields.add("copies", "市委办公室")
        answer = office.post(edit.action, data=fields, follow_redirects=True)
        assert "2个机关的会签作废" in answer.get_data(as_text=True)
