"""The project of each bureau's list in the two bureaus' city: the county of one reads its own."""

from datetime import date

from sqlalchemy import select
from sqlmodel import col

from tests.support.projects import LISTS, export
from tests.support.two_bureaus import FILED, Bureau
from tests.support.two_bureaus_units import Life
from tracker.domain.entries import AttachedFile
from tracker.domain.projects.acts import Place, ProjectData, Seen
from tracker.domain.projects.checklists import Build
from tracker.domain.projects.frames import Frame
from tracker.domain.scoring.inputs import Month
from tracker.store.tables.projects import SitePhotoRow
from tracker.usecases.project_entries import enter_project
from tracker.usecases.project_exports import Export, put_export
from tracker.usecases.project_milestones import check_on_site

OF_BUREAUS = {"swj": ("waizi", "yc"), "jtj": ("jiaotong", "sp")}
COUNTIES = {"yc": "驿城区", "sp": "遂平县"}
AUGUST = Month(2022, 8)


def enter_projects(life: Life, bureau: Bureau) -> None:
    """Enter a project on the bureau's list, check it on site, and put in an export."""
    city, ids, (listed, county) = life.city, life.ids, OF_BUREAUS[bureau.code]
    name, words = f"{bureau.word}项目", f"{bureau.word}现场"
    keeper, office = city.actor(bureau.code), city.actor("office")
    kept = life.site.services.evidence.store(export((bureau.word, name, COUNTIES[county])))
    photo = AttachedFile(kept.sha256, f"{words}.png", kept.size_bytes, "image/png")
    data = ProjectData(bureau.code, name, county, Build.REFIT, 10_000, None, None, False)
    with city.database.transaction() as session:
        place = Place(listed, 2022, date(2022, 1, 1), 10_000)
        project_id = enter_project(session, data, place, lists=LISTS, actor=keeper, at=FILED)
        seen = Seen(AUGUST, date(2022, 9, 1), False, 5_000, words)
        check_id = check_on_site(session, project_id, seen, photos=[photo], lists=LISTS, actor=office, at=FILED)
        frame = Frame(listed, AUGUST, date(2022, 1, 1), None)
        put = Export(frame, words, f"{words}.xlsx", kept.sha256, kept.size_bytes)
        ids[f"{bureau.code}.import"] = put_export(session, put, lists=LISTS, actor=keeper, at=FILED)
        found = session.scalars(select(col(SitePhotoRow.id)).where(col(SitePhotoRow.check_id) == check_id)).one()
    ids[f"{bureau.code}.project"], ids[f"{bureau.code}.photo"] = project_id, found or 0
