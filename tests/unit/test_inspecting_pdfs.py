"""PDFs are judged by their objects, wherever these stand and however their names are spelled."""

from io import BytesIO

import pytest
from pypdf import PdfWriter

from tests.support.hostile_files import pdf_text, pdf_with_object_stream, plain_pdf
from tracker.domain.errors import BadInput
from tracker.inspection import refusals
from tracker.inspection.files import inspect_file
from tracker.wording.refusals import sentence


def _inspect(content: bytes) -> str:
    return inspect_file(BytesIO(content), ending="pdf")


_ACTIVE = {
    "a script at the opening": plain_pdf(catalog=b"/OpenAction<</S/JavaScript/JS(x)>>"),
    "a script elsewhere": plain_pdf(b"<</S/JavaScript/JS 5 0 R>>", b"(app.alert(1))", catalog=b"/Extra 4 0 R"),
    "a script by a spelled name": plain_pdf(catalog=b"/OpenAction<</S/#4Aava#53cript/#4a#53(x)>>"),
    "a kind behind a reference": plain_pdf(b"<</S 5 0 R>>", b"/Launch", catalog=b"/Extra 4 0 R"),
    "a script that nothing leads to": plain_pdf(b"<</S/JavaScript/JS(x)>>"),
    "a script in an object stream": pdf_with_object_stream(b"<</S/JavaScript/JS(x)>>"),
    "named scripts": plain_pdf(catalog=b"/Names<</JavaScript<</Names[(a) 4 0 R]>>>>"),
    "a program": plain_pdf(catalog=b"/OpenAction[3 0 R/Fit]/Extra[[<</S/Launch/F(a.exe)>>]]"),
    "a file": plain_pdf(b"<</Type/EmbeddedFile/Length 1>>stream\nx\nendstream", catalog=b"/Extra 4 0 R"),
    "a list of files": plain_pdf(catalog=b"/Names<</EmbeddedFiles<</Names[(a) 4 0 R]>>>>"),
    "an action at the opening": plain_pdf(catalog=b"/OpenAction<</S/URI/URI(http://a)>>"),
    "actions of a page": plain_pdf(b"<</AA<</O<</S/URI>>>>>>", catalog=b"/Extra 4 0 R"),
    "media": plain_pdf(b"<</Type/Annot/Subtype/RichMedia>>", catalog=b"/Extra 4 0 R"),
    "a form of its own": plain_pdf(catalog=b"/AcroForm<</XFA[(a) 4 0 R]>>"),
    "data sent away": plain_pdf(b"<</S/SubmitForm/F(http://a)>>", catalog=b"/Extra 4 0 R"),
}


@pytest.mark.parametrize("name", _ACTIVE)
def test_a_pdf_that_acts_or_carries_files_is_refused(name: str) -> None:
    with pytest.raises(refusals.PdfActive) as refused:
        _inspect(_ACTIVE[name])
    assert "打印为PDF" in sentence(refused.value)


def _locked(password: str) -> bytes:
    writer, made = PdfWriter(), BytesIO()
    writer.add_blank_page(595, 842)
    writer.encrypt(password, algorithm="RC4-128")
    writer.write(made)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (_locked("secret"), refusals.FileEncrypted),
        (plain_pdf(trailer=b"/Encrypt<</Filter/Standard/V 5/R 6/O(a)/U(b)/P -4>>"), refusals.FileEncrypted),
        (plain_pdf(catalog=b"/URI<</Base(a)>>/Extra<</S/URI/URI(file:///c:/a.exe)>>"), refusals.LinkOutside),
        (plain_pdf(catalog=b"/Extra " + b"[" * 2000 + b"]" * 2000), BadInput),
        (pdf_text("机密★1年", "关于印发方案的通知"), refusals.SecrecyMarked),
        (pdf_text("机密", "特急", "关于印发方案的通知"), refusals.SecrecyMarked),
        (b"%PDF-1.7\n1 0 obj<<", refusals.FileDamaged),
        (plain_pdf(catalog=b"/Extra 1 0 R")[:-60], BadInput),
    ],
)
def test_what_cannot_be_read_or_must_not_be_here_is_refused(content: bytes, refusal: type[BadInput]) -> None:
    with pytest.raises(refusal):
        _inspect(content)


@pytest.mark.parametrize(
    "content",
    [
        plain_pdf(),
        plain_pdf(catalog=b"/OpenAction[3 0 R/Fit]"),
        plain_pdf(catalog=b"/OpenAction<</S/GoTo/D[3 0 R/Fit]>>"),
        plain_pdf(b"<</S/URI/URI(https://www.gov.cn/)>>", catalog=b"/Extra 4 0 R/Names<</EmbeddedFiles<<>>>>"),
        plain_pdf(b"[5 0 R]", b"[4 0 R]", catalog=b"/Extra 4 0 R/Missing 99 0 R"),
        pdf_text("做好机密文件管理工作", "严守国家秘密"),
        _locked(""),
    ],
)
def test_a_plain_pdf_passes(content: bytes) -> None:
    assert _inspect(content) == "application/pdf"
