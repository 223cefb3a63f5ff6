"""Circulars made up at random, drawn by LibreOffice and checked by an independent reader of files and pages.

24 in a plain run, 200 by `make test-render`: TRACKER_RENDERED_CIRCULARS says how many.
"""

import os
import random
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from tests.render.official_checker import faults_of_file, faults_of_pages, faults_of_signature, ink_mm, red_ink_top_mm
from tests.support.circulars import city_facts, small_document, without_shapes
from tests.support.office import CALENDAR
from tests.support.once import made_once
from tracker.domain.circulars.content import Content, Scope, Table
from tracker.domain.circulars.figures import NothingToSay, compute
from tracker.domain.circulars.kinds import KINDS, CircularType, Needs
from tracker.gateways import office_suite
from tracker.gateways.pdf_text import read_pages
from tracker.paper.annex_columns import annexes
from tracker.paper.circulars import compose, word
from tracker.paper.documents import Annex, Column, Form, OfficialDocument
from tracker.paper.letterheads import letterhead
from tracker.paper.official import render
from tracker.paper.press import Printed, print_document

pytestmark = pytest.mark.render
_COUNT = int(os.environ.get("TRACKER_RENDERED_CIRCULARS", "24"))
# Circulars about evaluated months are made of kept results, not of tasks: `test_ranking_circulars`.
_OF_TASKS = [kind for kind in CircularType if KINDS[kind].needs is not Needs.MONTH]
_BATCH = 25
_DOTS_PER_INCH = 100
_FINE = 200
_FORMS = (3, 40)
_TITLES = (
    "",
    "《2022年驻马店市对外开放行动方案》",
    "《驻马店市“十四五”残疾预防行动计划（2022—2025年）重点任务分工方案》",
)


@dataclass(frozen=True, slots=True)
class Made:
    name: str
    document: OfficialDocument


def _make(seed: int) -> OfficialDocument:
    made = random.Random(seed)
    kind = made.choice(_OF_TASKS)
    facts = city_facts(made, forms=made.choice((1, 3, 12, 40, 120, 600)), units=made.randint(1, 90))
    unit = f"市{made.choice(('商务', '卫生健康', '㙟䶮𠮷'))}局"
    scope = Scope(unit=unit, document="驻政办〔2022〕48号")
    content = compute(kind, facts, scope=scope, calendar=CALENDAR)
    head = letterhead(kind)
    number = head.number(2022, made.randint(1, 300))
    document = compose(
        word(content, head, matter=made.choice(_TITLES)), content, head, number=number, dated_on=date(2022, 11, 1)
    )
    return replace(document, urgency=made.choice(("", "", "特急")), sealed=made.random() < 0.3)


def _documents() -> list[Made]:
    found: list[Made] = []
    seed = 0
    while len(found) < _COUNT:
        seed += 1
        try:
            found.append(Made(f"c{seed:04}", _make(seed)))
        except NothingToSay:
            continue
    return found


@pytest.mark.timeout(3600)
def test_circulars_made_up_at_random_conform_to_the_standard(tmp_path: Path) -> None:
    documents = _documents()
    for made in documents:
        printed = print_document(made.document)
        assert printed.deviations == (), (made.name, printed.deviations)
        (tmp_path / f"{made.name}.docx").write_bytes(printed.docx)
    faults = []
    for start in range(0, len(documents), _BATCH):
        batch = documents[start : start + _BATCH]
        _draw([tmp_path / f"{made.name}.docx" for made in batch], tmp_path)
        for made in batch:
            faults += [f"{made.name} {made.document.form}: {fault}" for fault in _faults(made, tmp_path)]
    assert not faults, "\n".join(faults)


def test_the_fitting_sees_the_pages_as_they_are_drawn() -> None:
    """A last line of one character is drawn up, and gone when the file is drawn again."""
    document = replace(small_document(), body=((0, "甲" * 54 + "乙。"), (0, "各单位要抓紧办理。")))

    def ends(printed: Printed) -> list[str]:
        return [line for page in office_suite.page_lines(printed.docx) for line in page if line.startswith("乙")]

    assert ends(Printed(render(document), (), ())) == ["乙。"]
    printed = print_document(document, page_lines=office_suite.page_lines)
    assert "1段末行仅一字，已收紧字距。" in printed.remarks
    assert ends(printed) == []


def test_a_number_in_an_annex_stays_whole_and_its_heading_with_its_table() -> None:
    numbers = [f"驻政办〔2022〕{n}号" for n in range(48, 58)]
    rows = tuple(
        ("1", "市商务局", "推进项目建设" * (22 if n == 0 else 3), number, "2022年9月", "2022年10月10日", "15")
        for n, number in enumerate(numbers)
    )
    [annex] = annexes((Table("overdue", "逾期未报事项清单", rows),))
    for body in (1, 18, 20):
        document = replace(small_document(), body=((0, "各单位要抓紧办理。"),) * body, annexes=(annex,))
        pages = office_suite.page_lines(render(document))
        lines = [line.replace(" ", "") for page in pages for line in page]
        whole = [n.removeprefix("驻政办").removesuffix("号") for n in numbers]
        assert [n for n in whole if not any(n in line for line in lines)] == []
        [heading] = [page for page in pages if any(line.startswith("附件") and "：" not in line for line in page)]
        assert any("市商务局" in line for line in heading)


@pytest.mark.parametrize("form", [Form.FILE, Form.LETTER])
def test_the_date_begins_two_characters_right_of_the_name(form: Form, tmp_path: Path) -> None:
    files = {
        name: tmp_path / f"{name}.docx" for name in ("驻马店市人民政府办公室", "驻马店市人民政府", "市政府办", "督查室")
    }
    for name, file in files.items():
        file.write_bytes(render(replace(small_document(), form=form, signature=name)))
    _draw(list(files.values()), tmp_path)
    for name, file in files.items():
        assert faults_of_signature(file.with_suffix(".pdf"), name=name, day="2022年11月1日", sealed=False) == []


@pytest.mark.parametrize("urgency", ["", "特急"])
def test_a_letter_keeps_the_distances_of_the_standard(urgency: str, tmp_path: Path) -> None:
    """10.1: mark at 30 mm, rule 4 mm below, 7/8 of a character (4.94 mm) to urgency and number, rule at 277 mm."""
    letter = replace(small_document(), form=Form.LETTER, mark="驻马店市人民政府办公室", urgency=urgency)
    docx = render(letter)
    for file in (docx, without_shapes(docx)):
        page = _picture(file, tmp_path)
        bands = ink_mm(page, dots_per_inch=_FINE)
        mark, thick, thin, number, title = bands[:5]
        assert mark[0] == pytest.approx(30, abs=0.5)
        assert thick[0] - mark[1] == pytest.approx(4, abs=0.5)
        assert thick[1] - thick[0] > thin[1] - thin[0]
        assert number[0] - thin[1] == pytest.approx(4.94, abs=0.4)
        # Two lines of 10.2 mm, and what is left of the lines above and below their characters.
        assert title[0] - number[1] == pytest.approx(2 * 10.2 + 4.6, abs=1)
        assert bands[-1][1] == pytest.approx(277, abs=0.5)
        assert bands[-1][1] - bands[-1][0] > bands[-2][1] - bands[-2][0]
        assert [place for place, *_ in ink_mm(page, dots_per_inch=_FINE, left_mm=18, right_mm=19.5)] == []
        left = [place for place, end in ink_mm(page, dots_per_inch=_FINE, left_mm=28, right_mm=39) if 50 < end < 70]
        assert [round(place - thin[1]) for place in left] == ([5] if urgency else [])


@pytest.mark.parametrize("kind", [CircularType.URGE, CircularType.RECTIFICATION])
@pytest.mark.parametrize("forms", [3, 40, 200])
def test_the_first_page_of_a_letter_whose_text_fits_bears_its_date(kind: CircularType, forms: int) -> None:
    document = _paper(kind, forms=forms)
    printed = print_document(document, page_lines=office_suite.page_lines)
    first, second = office_suite.page_lines(printed.docx)[:2]
    assert "2022年11月1日" in [line.replace(" ", "") for line in first]
    assert any("附件" in line and "：" not in line for line in second[:3])


@pytest.mark.parametrize("body", [1, 12, 14, 17])
@pytest.mark.parametrize("turned", [None, False, True])
def test_the_imprint_of_what_is_printed_on_both_sides_stands_on_an_even_page(body: int, turned: bool | None) -> None:
    columns = (Column("序号", 844), Column("事项", 11912 if turned else 8000))
    annex = Annex("清单", columns, (("1", "甲"),), landscape=bool(turned))
    document = replace(
        small_document(),
        two_sided=True,
        body=((0, "各单位要抓紧办理。"),) * body,
        annexes=() if turned is None else (annex,),
    )
    pages = office_suite.page_lines(print_document(document, page_lines=office_suite.page_lines).docx)
    assert len(pages) % 2 == 0
    assert any("印发" in line for line in pages[-1])
    if not any(line.strip() for line in pages[-2]):
        assert not any("—" in line for line in pages[-1])


@pytest.mark.parametrize("kind", _OF_TASKS)
@pytest.mark.parametrize("forms", _FORMS)
def test_no_word_of_an_annex_is_broken(drawn: Path, kind: CircularType, forms: int) -> None:
    document, pages = _paper(kind, forms=forms), read_pages(drawn / f"{kind.value}-{forms}.pdf")
    lines = [re.sub(r"\s", "", line) for page in pages for line in page]
    cells = "\n".join(cell for annex in document.annexes for row in annex.rows for cell in row)
    words = set(re.findall(r"[\u4e00-\u9fff]+〔\d+〕\d+号|\d+年\d+月\d+日|\d+个工作日", cells))
    words |= set(re.findall(r"市[^\n、]{1,5}局", cells))
    assert [word for word in words if not any(word in line for line in lines)] == []


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A paper of each type, drawn together: LibreOffice takes longer to start than to draw one."""
    return made_once(tmp_path_factory, "papers_of_each_type", _draw_each_type)


def _draw_each_type(folder: Path) -> None:
    papers = [(kind, forms) for kind in _OF_TASKS for forms in _FORMS]
    for kind, forms in papers:
        (folder / f"{kind.value}-{forms}.docx").write_bytes(render(_paper(kind, forms=forms)))
    _draw([folder / f"{kind.value}-{forms}.docx" for kind, forms in papers], folder)


def _paper(kind: CircularType, *, forms: int) -> OfficialDocument:
    content, head = _content(kind, forms=forms), letterhead(kind)
    return compose(word(content, head), content, head, number=head.number(2022, 12), dated_on=date(2022, 11, 1))


def _content(kind: CircularType, *, forms: int) -> Content:
    """Return what the first small city says that has something to say in a paper of this type."""
    scope = Scope(unit="市商务局", document="驻政办〔2022〕48号")
    for seed in range(7, 27):
        try:
            facts = city_facts(random.Random(seed), forms=forms, units=5)
            return compute(kind, facts, scope=scope, calendar=CALENDAR)
        except NothingToSay:
            continue
    raise AssertionError(f"no city of {forms} forms says anything in {kind}")


def _picture(docx: bytes, folder: Path) -> Path:
    (folder / "page.pdf").write_bytes(office_suite.to_pdf(docx))
    command = ["pdftoppm", "-r", str(_FINE), "-l", "1", "-singlefile", str(folder / "page.pdf"), str(folder / "page")]
    subprocess.run(command, check=True, timeout=60)
    return folder / "page.ppm"


def _faults(made: Made, folder: Path) -> list[str]:
    document = made.document
    found = faults_of_file(folder / f"{made.name}.docx")
    pdf = folder / f"{made.name}.pdf"
    day = f"{document.dated_on.year}年{document.dated_on.month}月{document.dated_on.day}日"
    body = tuple(text for _, text in document.body)
    letter, brief = document.form is Form.LETTER, document.form is Form.BRIEF
    found += faults_of_pages(pdf, letter=letter, brief=brief, body=body, day=day)
    if not brief:
        name = document.signature
        found += faults_of_signature(pdf, name=name, day=day, sealed=document.sealed)
        subprocess.run(
            ["pdftoppm", "-r", str(_DOTS_PER_INCH), "-l", "1", str(pdf), str(folder / made.name)],
            check=True,
            timeout=60,
        )
        picture = next(folder.glob(f"{made.name}-*.ppm"))
        top = red_ink_top_mm(picture, dots_per_inch=_DOTS_PER_INCH)
        picture.unlink()
        wanted = 30 if letter else 72
        if top is None or abs(top - wanted) > 0.8:
            found.append(f"the mark's ink begins at {top} mm, not at {wanted}")
    return found


def _draw(files: list[Path], folder: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.fail("LibreOffice is not installed: apt-get install libreoffice-writer-nogui poppler-utils")
    profile = (folder / "profile").as_uri()
    command = [
        "soffice",
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
    ]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=1200)
