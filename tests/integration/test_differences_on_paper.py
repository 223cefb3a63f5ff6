"""A correction says on paper what it says otherwise than the paper whose place it takes."""

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Paper
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests.support.databases import fresh_sqlite
from tests.support.office import LATE
from tests.support.site import Site, post
from tracker.store.tables.circulars import CircularRow

_TITLE = "更正前后对照表"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = LATE
    made.app.config["WTF_CSRF_ENABLED"] = False
    return made


def _issued(site: Site, id_: int) -> None:
    for login, act in (("office", "submit"), ("leader", "approve"), ("office", "issue")):
        with site.services.database.reading() as session:
            version = str(session.get_one(CircularRow, id_).version)
        with site.client(login) as client:
            sent = post(client, f"/circulars/{id_}/{act}", at=f"/circulars/{id_}", version=version, basis="同意")
            assert sent.status_code == 303
    site.work()


def _edit(office: FlaskClient, site: Site, id_: int, **changed: str) -> None:
    """Change some fields of a draft; `text` puts a sentence before the last paragraph's own."""
    with site.services.database.reading() as session:
        row = session.get_one(CircularRow, id_)
        fields = {name: getattr(row, name) for name in ("title", "addressees", "copies", "note", "urgency")}
        said = [str(one[1]) for one in row.statements]
        version = str(row.version)
    said[-1] = changed.pop("text", "") + said[-1]
    form = {**fields, **changed, "version": version, "text": said}
    assert office.post(f"/circulars/{id_}/edit", data=form).status_code == 303


def _drafted(site: Site, **asked: str) -> None:
    with site.client("office") as office:
        assert post(office, "/circulars", at="/circulars", **asked).status_code == 303


def _corrected(site: Site, id_: int) -> None:
    with site.client("office") as office:
        with site.services.database.reading() as session:
            version = str(session.get_one(CircularRow, id_).version)
        said = {"version": version, "reason": "文字有误"}
        assert post(office, f"/circulars/{id_}/correct", at=f"/circulars/{id_}", **said).status_code == 303


def _paper(site: Site, id_: int) -> Paper:
    with site.client("office") as office, office.get(f"/circulars/{id_}/word") as answer:
        return Document(BytesIO(answer.get_data()))


def _rows(paper: Paper) -> list[list[str]]:
    """Return the rows of the annex that compares, below its heads."""
    told = [[[cell.text for cell in row.cells] for row in table.rows] for table in paper.tables]
    return [row for rows in told if rows[0] == ["序号", "何处", "更正前", "更正后"] for row in rows[1:]]


def _paragraphs(paper: Paper) -> list[str]:
    return [one.text for one in paper.paragraphs]


def test_whoever_reads_a_correction_reads_what_stood_before(site: Site) -> None:
    _drafted(site, type="supervision")
    _issued(site, 1)
    _corrected(site, 1)
    assert _rows(_paper(site, 1)) == []
    with site.client("office") as office:
        _edit(office, site, 2, urgency="特急", text="请认真对照。")
        listed = office.get("/circulars/2").get_data(as_text=True)
    assert "与原件的不同" in listed
    rows = _rows(_paper(site, 2))
    last = rows[1][1]
    assert [row[1:] for row in rows[:1]] == [["紧急程度", "（没有）", "特急"]]
    assert (last.startswith("第"), rows[1][2:]) == (True, ["（没有）", "请认真对照。……"])
    _issued(site, 2)
    told = _paragraphs(_paper(site, 2))
    assert (_rows(_paper(site, 2)), any(one.endswith(_TITLE) for one in told)) == (rows, True)
    _corrected(site, 2)
    with site.client("office") as office:
        _edit(office, site, 3, urgency="")
    # A correction is compared with the paper whose place it takes, which is the correction before.
    assert [row[1:] for row in _rows(_paper(site, 3))] == [["紧急程度", "特急", "（删去）"]]
    with site.services.database.reading() as session:
        assert session.get_one(CircularRow, 2).deviations == []


def test_the_words_of_what_is_corrected_stay_as_they_were_approved(site: Site) -> None:
    _drafted(site, type="urge", unit="市商务局")
    _issued(site, 1)
    _corrected(site, 1)
    with site.client("office") as office:
        assert "附件1第1行" not in _placed(office), "nothing is corrected yet"
        _edit(office, site, 2, urgency="特急")
        told, placed = _paragraphs(_paper(site, 2)), _placed(office)
    assert any("见附件。" in one for one in told)
    assert {"附件1", "附件2", _TITLE} <= set(told)
    assert "附件1第1行" in placed


def _placed(office: FlaskClient) -> list[str]:
    """Return where what the paper says stands, by the table of sources."""
    with office.get("/circulars/2/sources") as answer:
        sheet = load_workbook(BytesIO(answer.get_data())).worksheets[0]
        return [str(cell.value) for row in sheet.iter_rows() for cell in row]
