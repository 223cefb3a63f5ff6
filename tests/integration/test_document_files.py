"""Uploaded files as people send them: Word with its own numbers and traces of changes, PDF, old encodings."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pypdf import PdfWriter

from tests.support.items_schema import disagreements
from tests.support.printed import Sheet, write_pdf
from tracker.domain.errors import BadInput
from tracker.domain.readings.item import Item
from tracker.gateways.document_files import read_document_file
from tracker.inspection.refusals import (
    ContentUnlikeEnding,
    EmptyFile,
    EndingNotAllowed,
    FileDamaged,
    FileEncrypted,
    ScanWithoutText,
)
from tracker.intake import read_documents
from tracker.intake.normalise import normalise

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "tests" / "data" / "intake" / "development" / "two-documents-2020.txt").read_text(encoding="utf-8")


def _numbered(document: Document) -> None:  # type: ignore[valid-type]
    numbering = document.part.numbering_part.element  # type: ignore[attr-defined]
    levels = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
    xml = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for n, (form, pattern) in enumerate(levels)
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{xml}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))


def _listed(document: Document, words: str, level: int) -> None:  # type: ignore[valid-type]
    paragraph = document.add_paragraph(words)  # type: ignore[attr-defined]
    properties = paragraph._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>'))


def _leads(item: Item) -> tuple[str, ...]:
    return tuple(lead.printed for lead in item.leads)


def test_words_own_numbers_become_labels(tmp_path: Path) -> None:
    document = Document()
    _numbered(document)
    for words in ("某市人民政府办公室", "关于印发某市工作方案的通知", "某政办〔2023〕5号"):
        document.add_paragraph(words)
    _listed(document, "主要任务", 0)
    _listed(document, "产业发展", 1)
    _listed(document, "建设园区。年底前建成3个。（责任单位：市工信局）", 2)
    _listed(document, "引进企业。引进企业20家以上。（责任单位：市商务局）", 2)
    _listed(document, "保障措施", 0)
    _listed(document, "加强领导。建立专班。（责任单位：市政府办公室）", 1)
    path = tmp_path / "方案.docx"
    document.save(str(path))
    text = read_document_file(path, name=path.name)
    assert "一、主要任务\n（一）产业发展\n1.建设园区。" in text
    (draft,) = read_documents(text)
    assert [(item.label, _leads(item)) for item in draft.items] == [
        ("一（一）1", ("市工信局",)),
        ("一（一）2", ("市商务局",)),
        ("二（一）", ("市政府办公室",)),
    ]


def test_deletions_are_left_out_insertions_tables_and_text_boxes_are_read(tmp_path: Path) -> None:
    document = Document()
    body = document.element.body
    w = nsdecls("w")
    body.insert(
        0,
        parse_xml(
            f"<w:p {w}><w:r><w:t>新建公路</w:t></w:r>"
            '<w:del w:id="1" w:author="a"><w:r><w:delText>50</w:delText></w:r></w:del>'
            '<w:ins w:id="2" w:author="a"><w:r><w:t>60</w:t></w:r></w:ins><w:r><w:t>公里</w:t></w:r></w:p>'
        ),
    )
    body.insert(
        1,
        parse_xml(
            f"<w:p {w}><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>框内文字</w:t></w:r></w:p>"
            "</w:txbxContent></w:pict></w:r></w:p>"
        ),
    )
    table = document.add_table(rows=1, cols=3)
    for cell, words in zip(table.rows[0].cells, ("1", "绿化率", "≥40%"), strict=True):
        cell.text = words
    path = tmp_path / "a.docx"
    document.save(str(path))
    text = read_document_file(path, name="a.docx")
    assert "新建公路60公里" in text
    assert "框内文字" in text
    assert "1\t绿化率\t≥40%" in text
    assert "1 绿化率 ≥40%" in normalise(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_old_encodings_of_text_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert "启政办发〔2020〕22号" in read_document_file(path, name="a.txt")


def _pdf(path: Path, lines: list[str], *, places: list[tuple[int, int]] | None = None) -> None:
    """Write a page with a text layer; `places` are the lines' (x, y)."""
    at = places or [(50, 780 - 20 * n) for n in range(len(lines))]
    words = [(float(x), float(y), line) for line, (x, y) in zip(lines, at, strict=True)]
    write_pdf(path, [Sheet(words=words, size=12)])


def test_a_pdf_with_a_text_layer_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    _pdf(
        path,
        [
            "某市人民政府办公室",
            "关于做好绿化工作的通知",
            "某政办〔2023〕7号",
            "一、主要任务",
            "1.栽植树木100万株以上，年底前完成。（责任单位：市林业局）",
        ],
    )
    (draft,) = read_documents(read_document_file(path, name="a.pdf"))
    assert (draft.number, _leads(draft.items[0])) == ("某政办〔2023〕7号", ("市林业局",))


def test_columns_of_a_pdf_are_read_one_after_the_other_without_the_page_furniture(tmp_path: Path) -> None:
    left = [
        "一、主要任务",
        "1.栽植树木。全市栽植树木一百万株以",
        "上，年底前完成，逐月通报进展情况并",
        "建立管护台账，确保栽一棵活一棵，见",
        "到成效。（责任单位：市林业局）",
    ]
    right = [
        "2.整治河道。完成河道清淤二百公里，",
        "拆除违章建筑，恢复岸线自然风貌，实",
        "现水清岸绿的目标要求，十月底前全部",
        "完成任务并组织验收工作，落实长效管",
        "护责任。（责任单位：市水利局）",
    ]
    lines = [*left, *right]
    places = [(x, 760 - 20 * n) for x in (60, 310) for n in range(5)]
    path = tmp_path / "a.pdf"
    _pdf(path, [*lines, "— 3 —"], places=[*places, (280, 40)])
    (draft,) = read_documents(read_document_file(path, name="a.pdf"))
    assert [(item.label, _leads(item)) for item in draft.items] == [("一1", ("市林业局",)), ("一2", ("市水利局",))]
    assert "栽植树木一百万株以上，年底前" in draft.text
    assert "3" not in draft.text


def test_what_cannot_be_read_is_refused_by_its_name(tmp_path: Path) -> None:
    blank = PdfWriter()
    blank.add_blank_page(595, 842)
    blank.write(tmp_path / "scan.pdf")
    blank.encrypt("secret")
    blank.write(tmp_path / "locked.pdf")
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.7\n1 0 obj<<")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    (tmp_path / "not.docx").write_bytes(b"hello")
    with zipfile.ZipFile(tmp_path / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "wordprocessingml.document.main+xml")
        bomb.writestr("word/document.xml", b"0" * 40_000_000)
    refused: dict[str, type[BadInput]] = {
        "scan.pdf": ScanWithoutText,
        "locked.pdf": FileEncrypted,
        "cut.pdf": FileDamaged,
        "empty.txt": EmptyFile,
        "old.doc": EndingNotAllowed,
        "not.docx": ContentUnlikeEnding,
        "bomb.docx": BadInput,
    }
    for name, error in refused.items():
        with pytest.raises(error):
            read_document_file(tmp_path / name, name=name)


def _extract(*paths: Path, told: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command; with `told`, stderr names each module that it imports."""
    environ = {
        "PYTHONPROFILEIMPORTTIME": told,
        "PATH": os.environ["PATH"],
        "TRACKER_REDIS_URL": "redis://127.0.0.1:1",
        "FLASK_APP": str(ROOT / "wsgi.py"),
    }
    flask = Path(sys.executable).parent / "flask"
    return subprocess.run(
        [str(flask), "items", "extract", *map(str, paths)],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_needs_neither_settings_nor_database_nor_redis(tmp_path: Path) -> None:
    path = tmp_path / "两件.txt"
    path.write_text(TEXT, encoding="utf-8")
    done = _extract(path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [document["number"] for document in found["documents"]] == ["启政办发〔2020〕22号", "启政办发〔2020〕24号"]
    assert found["format"] == "tracker.items/1"
    assert disagreements(found) == []
    (tmp_path / "空.txt").write_text("没有事项。", encoding="utf-8")
    refused = _extract(tmp_path / "空.txt")
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
    assert "没有读到公文事项" in refused.stderr


def test_the_command_takes_several_files_and_names_each_that_cannot_be_read(tmp_path: Path) -> None:
    second = TEXT.replace("启政办发", "新政办发")
    for name, text in (("二.txt", second), ("一.txt", TEXT), ("空.txt", "没有事项。"), ("旧.doc", TEXT)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = _extract(tmp_path / "二.txt", tmp_path / "一.txt")
    numbers = [document["number"] for document in json.loads(done.stdout)["documents"]]
    assert numbers == [f"{who}政办发〔2020〕{number}号" for who in ("新", "启") for number in (22, 24)]
    refused = _extract(*(tmp_path / name for name in ("一.txt", "没有.txt", "空.txt", "旧.doc")), tmp_path)
    assert (refused.returncode, refused.stdout) == (1, "")
    told = refused.stderr.removeprefix("Error: ").splitlines()
    assert [line.partition("：")[0] for line in told] == [
        *(str(tmp_path / name) for name in ("没有.txt", "空.txt", "旧.doc")),
        str(tmp_path),
    ]
    assert told[0].endswith("：文件不存在")
    assert told[3].endswith("：是文件夹，不是文件")


def test_the_command_loads_nothing_that_reading_a_text_does_not_need(tmp_path: Path) -> None:
    path = tmp_path / "两件.txt"
    path.write_text(TEXT, encoding="utf-8")
    loaded = {line.rpartition("|")[2].strip() for line in _extract(path, told="1").stderr.splitlines()}
    assert "tracker.intake" in loaded
    unneeded = (
        "pydantic",
        "lxml",
        "sqlalchemy",
        "sqlmodel",
        "redis",
        "docx",
        "openpyxl",
        "pypdf",
        "tracker.store",
        "tracker.web.app",
        "tracker.wording",
    )
    assert loaded.isdisjoint(unneeded)


@pytest.mark.parametrize(("name", "loads"), [("一.txt", False), ("一.docx", True)])
def test_who_reads_a_file_loads_the_library_for_xml_only_where_it_reads_some(
    tmp_path: Path, name: str, loads: bool
) -> None:
    path = tmp_path / name
    if loads:
        Document().save(str(path))
    else:
        path.write_text(TEXT, encoding="utf-8")
    program = (
        "import sys; from tracker.gateways.document_files import read_handed_in;"
        f"read_handed_in({str(path)!r}, {name!r}); print('lxml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(loads)
