"""Word files: each container once, nothing that is not shown, lists counted as Word counts them, tables in a grid."""

import zipfile
from pathlib import Path

import pytest

from tracker.domain.errors import BadInput
from tracker.gateways.document_files import read_within
from tracker.gateways.word_numbers import written
from tracker.inspection.refusals import FileDamaged, MemberNotAllowed
from tracker.intake.normalise import normalise

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def _p(words: str, *, list_: tuple[str, int] | None = None, style: str = "") -> str:
    numbered = f'<w:numPr><w:ilvl w:val="{list_[1]}"/><w:numId w:val="{list_[0]}"/></w:numPr>' if list_ else ""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{numbered}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"


def _tc(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner if inner.startswith('<') else _p(inner)}</w:tc>"


def _relations(entries: dict[str, tuple[str, str]]) -> str:
    inner = "".join(f'<Relationship Id="{n}" Type="{_KIND}{k}" Target="{t}"/>' for n, (k, t) in entries.items())
    return f'<Relationships xmlns="{_RELATIONS}">{inner}</Relationships>'


def _read(tmp_path: Path, body: str, *, main: str = "word/document.xml", w: str = _W, **parts: str | bytes) -> str:
    """Read a package with this body; parts are named by their stem, chunk parts as `chunk_html`."""
    path = tmp_path / "a.docx"
    of_main = {f"r{n}": (name, f"{name}.xml") for n, name in enumerate(parts) if not name.startswith("chunk_")}
    for name in parts:
        if name.startswith("chunk_"):
            of_main["c"] = ("aFChunk", name.replace("_", "."))
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("_rels/.rels", _relations({"m": ("officeDocument", main)}))
        package.writestr(f"word/_rels/{main.rsplit('/', 1)[-1]}.rels", _relations(of_main))
        root = f'<w:document xmlns:w="{w}" xmlns:m="{_M}" xmlns:r="{_R}"><w:body>{body}</w:body></w:document>'
        package.writestr(main, root)
        for name, content in parts.items():
            if name.startswith("chunk_"):
                package.writestr(f"word/{name.replace('_', '.')}", content)
            else:
                package.writestr(f"word/{name}.xml", f'<w:{name} xmlns:w="{_W}">{content!s}</w:{name}>')
    return read_within(str(path), "docx")


@pytest.mark.parametrize(
    "wrapped",
    [
        "<w:customXml w:element='a'>{}</w:customXml>",
        "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:customXml><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt></w:customXml>",
        "<w:ins w:id='1'>{}</w:ins>",
        "<w:moveTo w:id='1'>{}</w:moveTo>",
    ],
)
def test_what_stands_in_a_container_is_read_once(tmp_path: Path, wrapped: str) -> None:
    assert _read(tmp_path, _p("前") + wrapped.format(_p("检修水闸")) + _p("后")) == "前\n检修水闸\n后"


@pytest.mark.parametrize(
    "hidden",
    [
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>内部</w:t></w:r>",
        "<w:r><w:rPr><w:rStyle w:val='H2'/></w:rPr><w:t>内部</w:t></w:r>",
        "<w:del w:id='1'><w:r><w:delText>内部</w:delText></w:r></w:del>",
        "<w:moveFrom w:id='1'><w:r><w:t>内部</w:t></w:r></w:moveFrom>",
        "<w:r><w:instrText>内部</w:instrText></w:r>",
    ],
)
def test_what_is_not_shown_is_left_out(tmp_path: Path, hidden: str) -> None:
    styles = (
        "<w:style w:type='character' w:styleId='H1'><w:rPr><w:vanish/></w:rPr></w:style>"
        "<w:style w:type='character' w:styleId='H2'><w:basedOn w:val='H1'/></w:style>"
    )
    body = (
        f"<w:p><w:r><w:t>公示水价</w:t></w:r>{hidden}<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>。</w:t></w:r></w:p>"
    )
    assert _read(tmp_path, body, styles=styles) == "公示水价。"


def test_a_paragraph_whose_end_was_deleted_goes_on(tmp_path: Path) -> None:
    first = "<w:p><w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr><w:r><w:t>检修</w:t></w:r></w:p>"
    assert _read(tmp_path, first + _p("水闸。")) == "检修水闸。"


def test_signs_without_a_text_element_are_kept(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>800</w:t><w:noBreakHyphen/><w:t>900万</w:t>"
        "<w:tab/><w:sym w:font='Symbol' w:char='F0B3'/><w:t>5</w:t></w:r>"
        "<m:oMath><m:r><m:t>≤8</m:t></m:r></m:oMath>"
        "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></w:p>"
    )
    assert _read(tmp_path, body) == "800-900万 ≥5≤81/2"


def test_notes_stand_at_the_end(tmp_path: Path) -> None:
    body = "<w:p><w:r><w:t>河湖</w:t><w:footnoteReference w:id='2'/></w:r></w:p>" + _p("二")
    notes = (
        f"<w:footnote w:id='0' w:type='separator'>{_p('线')}"
        f"</w:footnote><w:footnote w:id='2'>{_p('含水库')}</w:footnote>"
    )
    assert _read(tmp_path, body, footnotes=notes) == "河湖\n二\n注1：含水库"


def test_the_main_part_is_found_by_its_relationship_in_either_namespace(tmp_path: Path) -> None:
    assert _read(tmp_path, _p("检修水闸"), main="word/document2.xml") == "检修水闸"
    assert _read(tmp_path, _p("检修水闸"), w=_STRICT) == "检修水闸"


def test_a_part_taken_in_as_a_whole_is_read_or_refused(tmp_path: Path) -> None:
    chunk = "<w:altChunk r:id='c'/>"
    html = (
        "<html><head><title>无</title></head><body><p>检修<b>水闸</b></p><table><tr><td>甲</td><td>乙</td>"
        "</tr></table></body></html>"
    )
    assert _read(tmp_path, _p("前") + chunk, chunk_html=html) == "前\n检修水闸\n甲\t乙"
    assert _read(tmp_path, _p("前") + chunk, chunk_txt="检修水闸") == "前\n检修水闸"
    with pytest.raises(MemberNotAllowed):
        _read(tmp_path, chunk, chunk_rtf="{\\rtf1}")
    with pytest.raises(FileDamaged):
        _read(tmp_path, "<w:altChunk r:id='nowhere'/>")


def test_cells_stand_in_the_grid_of_their_table(tmp_path: Path) -> None:
    down, again = "<w:vMerge w:val='restart'/>", "<w:vMerge/>"
    body = (
        "<w:tbl><w:tr>"
        + _tc("序号")
        + "<w:sdt><w:sdtContent>" + _tc("任务") + "</w:sdtContent></w:sdt>"
        + _tc("责任单位", "<w:gridSpan w:val='2'/>")
        + "</w:tr><w:customXml><w:tr>" + _tc("1") + _tc("甲") + _tc("市水利局", down)
        + _tc(_p("市城管局") + _p("市财政局"))
        + "</w:tr></w:customXml><w:tr>" + _tc("2") + _tc("乙") + _tc("", again) + _tc("")
        + "</w:tr><w:tr><w:trPr><w:del w:id='1'/></w:trPr>" + _tc("3") + "</w:tr></w:tbl>"
    )  # fmt: skip
    assert _read(tmp_path, body).split("\n") == [
        "序号\t任务\t责任单位\t\x1a责任单位",
        "1\t甲\t市水利局\t市城管局 市财政局",
        "2\t乙\t\x1a市水利局\t",
    ]


def test_a_table_inside_a_cell_is_read_once_and_a_frame_is_no_table(tmp_path: Path) -> None:
    inner = f"<w:tbl><w:tr>{_tc('甲')}{_tc('乙')}</w:tr></w:tbl>"
    nested = f"<w:tbl><w:tr>{_tc(inner)}{_tc('丙')}</w:tr></w:tbl>"
    assert _read(tmp_path, nested) == "甲 乙\t丙"
    assert _read(tmp_path, f"<w:tbl><w:tr>{_tc(_p('检修水闸') + inner)}</w:tr></w:tbl>") == "检修水闸\n甲\t乙"


def test_words_of_an_unknown_table_stand_once(tmp_path: Path) -> None:
    row = _tc("甲", "<w:gridSpan w:val='3'/>") + _tc("乙")
    assert normalise(_read(tmp_path, f"<w:tbl><w:tr>{row}</w:tr></w:tbl>")).count("甲") == 1


def _abstract(name: str, *levels: str, extra: str = "") -> str:
    inner = "".join(
        f"<w:lvl w:ilvl='{n}'><w:start w:val='1'/><w:numFmt w:val='{level.split('|')[0]}'/>"
        f"<w:lvlText w:val='{level.split('|')[1]}'/>{'<w:isLgl/>' if level.endswith('legal') else ''}</w:lvl>"
        for n, level in enumerate(levels)
    )
    return f"<w:abstractNum w:abstractNumId='{name}'>{extra}{inner}</w:abstractNum>"


def _num(number: str, abstract: str, inner: str = "") -> str:
    return f"<w:num w:numId='{number}'><w:abstractNumId w:val='{abstract}'/>{inner}</w:num>"


_TWO = ("chineseCounting|%1、", "chineseCounting|（%2）")


def test_lists_of_one_definition_count_on(tmp_path: Path) -> None:
    numbering = _abstract("0", *_TWO) + _num("1", "0") + _num("2", "0")
    body = _p("甲", list_=("1", 0)) + _p("a", list_=("1", 1)) + _p("乙", list_=("2", 0)) + _p("b", list_=("2", 1))
    assert _read(tmp_path, body, numbering=numbering).split("\n") == ["一、甲", "（一）a", "二、乙", "（一）b"]


def test_a_list_begins_where_its_override_says(tmp_path: Path) -> None:
    override = "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='12'/></w:lvlOverride>"
    numbering = _abstract("0", "decimal|%1.") + _num("1", "0") + _num("2", "0", override)
    body = _p("甲", list_=("1", 0)) + _p("乙", list_=("2", 0)) + _p("丙", list_=("2", 0))
    assert _read(tmp_path, body, numbering=numbering).split("\n") == ["1.甲", "12.乙", "13.丙"]


def test_a_style_gives_the_list_of_the_style_it_stands_on(tmp_path: Path) -> None:
    styles = (
        "<w:style w:type='paragraph' w:styleId='A'><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style>"
        "<w:style w:type='paragraph' w:styleId='B'><w:basedOn w:val='A'/>"
        "<w:pPr><w:numPr><w:ilvl w:val='1'/></w:numPr></w:pPr></w:style>"
    )
    numbering = _abstract("0", *_TWO) + _num("1", "0")
    body = _p("甲", style="A") + _p("乙", style="B")
    assert _read(tmp_path, body, numbering=numbering, styles=styles) == "一、甲\n（一）乙"


def test_a_definition_that_points_to_a_style_is_that_of_the_style(tmp_path: Path) -> None:
    styles = (
        "<w:style w:type='numbering' w:styleId='L'><w:pPr><w:numPr><w:numId w:val='9'/></w:numPr></w:pPr></w:style>"
    )
    link, linked = "<w:numStyleLink w:val='L'/>", "<w:styleLink w:val='L'/>"
    numbering = _abstract("0", extra=link) + _abstract("1", *_TWO, extra=linked) + _num("5", "0") + _num("9", "1")
    body = _p("甲", list_=("5", 0)) + _p("乙", list_=("5", 1))
    assert _read(tmp_path, body, numbering=numbering, styles=styles) == "一、甲\n（一）乙"


def test_a_legal_level_writes_all_numbers_in_digits(tmp_path: Path) -> None:
    numbering = _abstract("0", "chineseCounting|%1、", "decimal|%1.%2|legal") + _num("1", "0")
    body = _p("甲", list_=("1", 0)) + _p("乙", list_=("1", 1))
    assert _read(tmp_path, body, numbering=numbering) == "一、甲\n1.1乙"


@pytest.mark.parametrize(
    ("form", "number", "mark"),
    [
        ("chineseCounting", 103, "一百零三"),
        ("chineseCountingThousand", 12, "十二"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographTraditional", 3, "丙"),
        ("ideographZodiac", 2, "丑"),
        ("ideographEnclosedCircle", 1, "㊀"),
        ("decimalEnclosedCircleChinese", 5, "⑤"),
        ("upperRoman", 14, "XIV"),
        ("lowerLetter", 28, "bb"),
        ("decimalZero", 7, "07"),
        ("none", 7, ""),
        ("ideographTraditional", 11, "11"),
    ],
)
def test_numbers_are_written_as_word_writes_them(form: str, number: int, mark: str) -> None:
    assert written(number, form) == mark


def test_broken_packages_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04")
    with pytest.raises(BadInput):
        read_within(str(tmp_path / "a.docx"), "docx")
