"""A city whose October reports wait for the office: of two counties that report beside the lead, and of the lead."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO

from sqlalchemy import select
from sqlmodel import col

from tests.support.member_city import reading_that_binds_counties
from tests.support.owed_city import at, open_owed_city
from tests.support.site import Site
from tracker.domain.entries import AttachedFile
from tracker.domain.items import Basis, Bearer
from tracker.domain.readings.demands import Bound, Deadline, EvidenceRequirement
from tracker.domain.readings.reading import Reading
from tracker.store.database import Database
from tracker.store.tables.documents import ItemEvidenceRow
from tracker.store.tables.filings import ReportRow

SEPTEMBER, OCTOBER = "2022-09", "2022-10"
BEFORE = "9月召开推进会1次，签约3个项目，落实专人跟踪服务。"
NOW = "10月召开推进会2次，签约5个项目，落实专人跟踪服务。"
ASKED, MORE = "通报文稿", "现场照片"
# The least that each kind of file is: a red point, an empty page.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj
trailer<</Root 1 0 R>>
"""


def reading_that_asks_for_files() -> Reading:
    read, bound = reading_that_binds_counties(), Bound(Bearer.BOTH)
    asked = (
        EvidenceRequirement(ASKED, Basis.STATED, bound=bound),
        EvidenceRequirement(MORE, Basis.STATED, mandatory=False, bound=bound),
    )
    deadline = Deadline(date(2022, 12, 31), Basis.STATED, "全年")
    return replace(read, items=(replace(read.items[0], evidence=asked, deadline=deadline), *read.items[1:]))


def open_review_city(database: Database) -> None:
    open_owed_city(database, reading=reading_that_asks_for_files())


def file_reports(site: Site) -> dict[str, int]:
    """Accept the September reports of 驿城区 and 遂平县, file those of October; return these by unit, as they wait.

    驿城区 changes days and numbers only and hands in the paper of September again; 遂平县 says the same, without it;
    市商务局 has not reported before.
    """
    city = site.city
    for code in ("yc", "sp"):
        september = city.file(
            code, at=at(9, 27), text=BEFORE, value_on=date(2022, 9, 27), files=_files(site, code, "通报.pdf")
        )
        city.accept(september, at=at(9, 28))
    city.sweep(at(10, 27))
    said: Mapping[str, tuple[str, tuple[AttachedFile, ...]]] = {
        "yc": (NOW, _files(site, "yc", "通报.pdf", "现场.png")),
        "sp": (BEFORE, ()),
        "swj": ("10月印发通报1期，督导8家企业。", ()),
    }
    for hour, (code, (text, files)) in enumerate(said.items(), 9):
        day = date(2022, 10, 27)
        city.file(
            code,
            at=at(10, 27, hour=hour),
            name=OCTOBER,
            text=text,
            files=files,
            value_on=day,
            missed_words="人员变动" if code == "swj" else "",
        )
    site.clock.at = at(10, 28)
    with site.services.database.reading() as session:
        waiting = session.scalars(
            select(col(ReportRow.id)).where(col(ReportRow.state) == "filed").order_by(col(ReportRow.id))
        )
        return dict(zip(said, [id_ or 0 for id_ in waiting], strict=True))


def _files(site: Site, code: str, *names: str) -> tuple[AttachedFile, ...]:
    """Keep files: a paper for what is asked for, a picture for what may be added."""
    with site.services.database.reading() as session:
        asked = dict(session.execute(select(col(ItemEvidenceRow.what), col(ItemEvidenceRow.id))).all())
    found = []
    for name in names:
        is_paper = name.endswith("pdf")
        content = PDF + code.encode() if is_paper else PICTURE
        kept = site.services.evidence.store(BytesIO(content), max_bytes=10_000)
        media = "application/pdf" if is_paper else "image/png"
        found.append(AttachedFile(kept.sha256, name, kept.size_bytes, media, asked[ASKED if is_paper else MORE]))
    return tuple(found)
