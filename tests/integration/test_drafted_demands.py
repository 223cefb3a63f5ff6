"""Whom the demands of a document that the intake read bind is who reports, to whom it says and by what counts."""

from pathlib import Path

import pytest
from lxml.html import fromstring
from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import OFFICE
from tests.support.site import PASSWORD_HASH, Site, post
from tracker.domain.accounts import Role
from tracker.intake import read_documents
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.series import SeriesRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.drafting import upload_draft

TEXT = """驻马店市人民政府办公室
关于做好招商统计工作的通知
驻政办〔2022〕78号
各县区人民政府：
为做好工作，现通知如下。
一、主要任务
1.开展招商统计。市统计局每月将统计数据报市卫健体委，市商务局全年新增项目12个。（责任单位：市商务局）
2022年9月1日
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    with made.services.database.transaction() as session:
        create_user(session, NewUser("zhuren", "主任", Role.SUPERVISOR, PASSWORD_HASH))
        (draft,) = read_documents(TEXT)
        upload_draft(session, draft, file_name="a", file_sha256="", actor=OFFICE, at=made.clock.at)
    return made


def test_a_rhythm_that_names_another_body_than_the_lead_is_that_bodys_report_to_the_named_addressee(site: Site) -> None:
    with site.client("zhuren") as second:
        form = next(
            one for one in fromstring(second.get("/drafts/1").get_data(as_text=True)).forms if "bearer" in one.fields
        )
        sent = [
            (name, value) for name, value in form.form_values() if name in {"bearer", "named", "addressee", "measure"}
        ]
        assert sent[:3] == [("bearer", "named"), ("named", "市统计局"), ("addressee", "市卫健体委")]
        assert sent[3:] == [*2 * [("bearer", "lead"), ("named", "")], ("measure", "cumulative")]  # the day, the number
        approved = post(second, "/drafts/1/approve", at="/drafts/1", version="1", basis="市长批准")
        assert approved.status_code == 303, approved.get_data(as_text=True)
        document = approved.headers["Location"]
        assert post(second, f"{document}/issue", at=document).status_code == 303
    with site.services.database.reading() as session:
        names = {unit.id: unit.short_name for unit in session.scalars(select(UnitRow))}
        monthly = session.scalars(select(SeriesRow).where(col(SeriesRow.kind) == "monthly")).all()
        to = {(names[one.unit_id], one.addressee, names.get(one.addressee_unit_id or 0)) for one in monthly}
        assert to == {("市统计局", "市卫健体委", "市卫生健康体育委"), ("市商务局", None, None)}
        target = session.scalars(select(ItemTargetRow).where(col(ItemTargetRow.value) == 12)).one()
        assert (target.measure, target.bearer) == ("cumulative", "lead")
