"""How the address of a link can be written, and whether a reader may click it; and files that hold it in each place."""

import re
from collections.abc import Callable, Mapping
from xml.sax.saxutils import quoteattr

from tests.support.hostile_files import field, open_xml, plain_pdf, relationship, word

_GOOD = """
    https://www.gov.cn/  HTTP://WWW.GOV.CN  http://a/b?c=d#e  http://a/%2F%2Fb  mailto:a@example.org  MAILTO:a@b
    http://a/b@c?d@e  #_Toc1  #第一章  #
"""
_BAD = r"""
    file:///c:/a.exe  FILE:///c:/a.exe  File:c:/a.exe  file://evil/x  javascript:1  JavaScript:1  vbscript:x
    data:text/html,x     ftp://a/  smb://evil/x  ms-word:ofe|u|http://a  search-ms:query=x  tel:1  http:a
    http://user:pw@evil.example/  https://www.gov.cn@evil.example/  http:///a@evil.example/  HTTPS://www.gov.cn\@evil/
    https:\\evil  http:/a  mailto
    //evil/share  \\evil\share  \/evil/x  /\evil\x  ///evil/x  \\?\UNC\evil\x  /etc/passwd  /x.exe  ../a.exe  ..\a.exe
    a.exe  a.docx  www.gov.cn  c:\a.exe  C:/a.exe  c:a.exe  c|/a.exe  %66ile:///c:/a  %2F%2Fevil/x
    %5C%5Cevil%5Cx  file%3A///c:/a    ＃a  ｈttp://a  mailto:\\evil\x  ?a  .
    #\\evil\x  #//evil/x  #file:///c:/a  #[\\evil\a.xls]S!A1  #'http://e/[a.xls]S'!A1  #cmd|'/c_calc'!A1
"""
GOOD = tuple(_GOOD.split())
# A sign before the address hides it from a careless look, one within it is left out by some programs.
BAD = (
    *_BAD.split(),
    *(
        "\tfile:///c:/a",
        " javascript:1",
        "\n//evil/x",
        "java\tscript:1",
        "java\nscript:1",
        "https\t://a",
        "\u200bfile:///c:/a",
    ),
    *("\u00a0\\\\evil\\x", "\ufefffile:///c:/a", "mailto:a\r\nb"),
)
_WITHIN = re.compile(r"[\t\n\r]")


def _attribute(words: str) -> str:
    """Return an attribute whose every sign is a character reference where it is not plain."""
    return _WITHIN.sub(lambda sign: f"&#{ord(sign[0])};", quoteattr(words))


def _referenced(words: str) -> str:
    return '"' + "".join(f"&#x{ord(sign):x};" for sign in words) + '"'


def _relationship(target: str, *, mode: str, written: Callable[[str], str] = _attribute) -> bytes:
    link = relationship("hyperlink", "|", mode=mode).replace('"|"', written(target))
    return word("", ("word/_rels/document.xml.rels", f"<Relationships>{link}</Relationships>".encode()))


def _in_word(target: str) -> bytes:
    """Write a field as Word does, which doubles backslashes."""
    escaped = target.replace("\\", "\\\\").replace("&", "&amp;").replace("<", "&lt;")
    return word(field(' HYPERLINK "', _WITHIN.sub(lambda sign: f"&#{ord(sign[0])};", escaped), '" \\o "提示" '))


def _in_word_simple(target: str) -> bytes:
    return word(f"<w:p><w:fldSimple w:instr={_attribute(f'hyperlink {chr(34)}{target}{chr(34)}')}/></w:p>")


def _sheet(inner: str) -> bytes:
    return open_xml("xlsx", ("xl/worksheets/sheet1.xml", f"<worksheet>{inner}</worksheet>".encode()))


def _in_formula(target: str) -> bytes:
    formula = f'IF(A1="","",HYPERLINK( "{target}","政府网"))'.replace("&", "&amp;").replace("<", "&lt;")
    return _sheet(f'<c r="B3"><f>{_WITHIN.sub(lambda sign: f"&#{ord(sign[0])};", formula)}</f></c>')


def _in_pdf(target: str) -> bytes:
    text = b"<feff" + target.encode("utf-16-be").hex().encode() + b">"
    link = b"<</Type/Annot/Subtype/Link/Rect[0 0 1 1]/A<</S/URI/URI%s>>>>" % text
    return plain_pdf(link, catalog=b"/Extra 4 0 R")


def _in_pdf_as_bytes(target: str) -> bytes:
    hexed = target.encode("latin-1", "replace").hex().encode()
    return plain_pdf(b"<</S/URI/URI<%s>>>" % hexed, catalog=b"/Extra 4 0 R")


# Where an address can stand: the ending of the file, and what writes it there.
PLACES: Mapping[str, tuple[str, Callable[[str], bytes]]] = {
    "relationship": ("docx", lambda target: _relationship(target, mode=' TargetMode="External"')),
    "relationship within": ("docx", lambda target: _relationship(target, mode=' TargetMode="Internal"')),
    "relationship without a mode": ("docx", lambda target: _relationship(target, mode="")),
    "relationship in references": (
        "docx",
        lambda target: _relationship(target, mode=' TargetMode="&#69;xternal"', written=_referenced),
    ),
    "field": ("docx", _in_word),
    "simple field": ("docx", _in_word_simple),
    "formula": ("xlsx", _in_formula),
    "PDF": ("pdf", _in_pdf),
    "PDF in bytes": ("pdf", _in_pdf_as_bytes),
}


def on_sheet(location: str) -> bytes:
    """Return a workbook with a link to a place of itself, which stands without a `#` there."""
    return _sheet(f'<hyperlinks><hyperlink ref="A1" location={_attribute(location)}/></hyperlinks>')


def of_kind(kind: str, target: str, mode: str) -> bytes:
    """Return a document with a relationship that nobody clicks."""
    link = relationship(kind, "|", mode=f' TargetMode="{mode}"').replace('"|"', _attribute(target))
    return word("", ("word/_rels/document.xml.rels", f"<Relationships>{link}</Relationships>".encode()))
