"""PDFs are judged by their objects, wherever these stand and however their names are spelled."""

from io import BytesIO

import pytest
from pypdf import PdfWriter

from tests.support.hostile_files import PAGES, drawn, pdf, pdf_text, pdf_with_object_stream, plain_pdf, stream
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
    "a script of a model": plain_pdf(b"<</VA[]/OnInstantiate 5 0 R>>", b"(app)", catalog=b"/Extra 4 0 R"),
    "a stream elsewhere": plain_pdf(
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/F<</FS/URL/F(http://e/a.png)>>/Length 0>>stream\n\nendstream",
        catalog=b"/Extra 4 0 R",
    ),
    "a stream in a file": plain_pdf(b"<</F(a.bin)/Length 0>>stream\n\nendstream", catalog=b"/Extra 4 0 R"),
    "a page of another file": plain_pdf(
        b"<</Type/XObject/Subtype/Form/Ref<</F(\\\\\\\\evil\\\\x.pdf)/Page 0>>>>", catalog=b"/Extra 4 0 R"
    ),
    "a thread of another file": plain_pdf(b"<</S/Thread/F(a.pdf)/D 0>>", catalog=b"/Extra 4 0 R"),
    "the name of a file": plain_pdf(b"<</Type/Filespec/UF(x)>>", catalog=b"/Extra 4 0 R"),
    "a menu": plain_pdf(b"<</Type/Action/S/Named/N/Print>>", catalog=b"/Extra 4 0 R"),
    "a row of actions": plain_pdf(b"<</S/GoTo/D[3 0 R/Fit]/Next[<</S/Hide/T(a)>>]>>", catalog=b"/Extra 4 0 R"),
    "an outline that acts": plain_pdf(b"<</Title(a)/A<</S/SetOCGState/State[]>>>>", catalog=b"/Extra 4 0 R"),
    "a button that acts": plain_pdf(
        b"<</Subtype/Widget/Rect[0 0 1 1]/A<</S/URI/URI(http://a)>>>>", catalog=b"/Extra 4 0 R"
    ),
    "a kind of tomorrow": plain_pdf(b"<</Subtype/Hologram/Rect[0 0 1 1]>>", catalog=b"/Extra 4 0 R"),
    **{
        f"media: {kind}": plain_pdf(b"<</Subtype/%s/Rect[0 0 1 1]>>" % kind.encode(), catalog=b"/Extra 4 0 R")
        for kind in ("3D", "Movie", "Sound", "Screen", "RichMedia", "FileAttachment", "Projection")
    },
    **{
        f"an action: {kind}": plain_pdf(b"<</Type/Annot/Subtype/Link/A<</S/%s>>>>" % kind.encode(), catalog=b"/E 4 0 R")
        for kind in ("Thread", "Movie", "Sound", "Rendition", "GoToR", "GoTo3DView", "Trans", "GoToDp", "Tomorrow")
    },
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
        (plain_pdf(catalog=b"/URI<</Base(file:///c:/)>>"), refusals.LinkOutside),
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
        plain_pdf(catalog=b"/URI<</Base(https://www.gov.cn/)>>"),
        plain_pdf(
            b"<</Type/Annot/Subtype/Link/Rect[0 0 1 1]/F 4/A<</Type/Action/S/Named/N/NextPage>>>>",
            b"<</Subtype/Widget/Rect[0 0 1 1]/F 4/FT/Tx/A<<>>>>",
            b"<</Type/StructElem/S/Movie_of_ours/A<</O/Layout/Placement/Block>>>>",
            b"<</Title(a)/Next 4 0 R/A<</S/GoTo/D[3 0 R/Fit]>>>>",
            *(
                b"<</Type/Annot/Subtype/%s/Rect[0 0 1 1]/F 4>>" % kind
                for kind in (b"Text", b"FreeText", b"Highlight", b"Stamp", b"Ink", b"Popup", b"Underline", b"StrikeOut")
            ),
            catalog=b"/Extra[4 0 R 5 0 R 6 0 R 7 0 R 8 0 R 9 0 R 10 0 R 11 0 R 12 0 R 13 0 R 14 0 R 15 0 R]",
        ),
        plain_pdf(b"[5 0 R]", b"[4 0 R]", catalog=b"/Extra 4 0 R/Missing 99 0 R"),
        pdf_text("做好机密文件管理工作", "严守国家秘密"),
        _locked(""),
    ],
)
def test_a_plain_pdf_passes(content: bytes) -> None:
    assert _inspect(content) == "application/pdf"


_MARKING = "机密★1年"
_HEX = b"<FEFF" + _MARKING.encode("utf-16-be").hex().encode() + b">"
_FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
_FONT = b"/Resources<</Font<</F1 5 0 R>>>>"


def _page(
    entries: bytes, *more: bytes, content: bytes = b"", fonts: tuple[bytes, ...] = (b"null",) * 3, catalog: bytes = b""
) -> bytes:
    """Return a PDF of one page; objects 5, 6 and 7 are the font's, `more` begins with 8."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R%s>>" % entries
    return pdf((b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog, PAGES[0], page, stream(content), *fonts, *more))


def _places(words: str) -> dict[str, bytes]:
    """Return PDFs that have the words, drawn or written, each in another place."""
    as_hex = b"<FEFF" + words.encode("utf-16-be").hex().encode() + b">"
    shown, fonts = drawn(words, [(50, 700, words)])
    letterwise = [(50 + 12 * at, 700, letter) for at, letter in enumerate(words)]
    entries = {
        "a note": b"<</Subtype/Text/Rect[0 0 1 1]/Contents%s>>",
        "a note in rich text": b"<</Subtype/FreeText/Rect[0 0 1 1]/RC%s>>",
        "a field": b"<</Subtype/Widget/Rect[0 0 1 1]/FT/Tx/T(a)/V%s>>",
        "a tooltip": b"<</Subtype/Widget/Rect[0 0 1 1]/FT/Tx/T(a)/TU%s>>",
        "a bookmark": b"<</Title%s/Dest[3 0 R/Fit]>>",
        "a layer": b"<</Type/OCG/Name%s>>",
        "a page's label": b"<</Nums[0<</P%s>>]>>",
        "a text instead": b"<</S/P/ActualText%s>>",
        "an array": b"[[%s]]",
        "a string": b"%s",
    }
    return {
        **{name: _page(b"/Extra 8 0 R", each % as_hex) for name, each in entries.items()},
        "GBK": _page(b"/Extra 8 0 R", b"(" + words.encode("gbk", "replace").replace(b"?", b"*") + b")"),
        "XMP": _page(b"/Metadata 8 0 R", stream(f"<x t='a'><dc:title>{words}</dc:title></x>".encode())),
        "XMP in an attribute": _page(b"", stream(f"<x dc:title='{words}'/>".encode(), b"/Type/Metadata")),
        "a long value": _page(b"/Extra<</V 8 0 R>>", stream(words.encode("utf-16"))),
        "a property of what is drawn": _page(b"", content=b"/Span<</ActualText%s>>BDC EMC" % as_hex),
        "the page": _page(_FONT, content=shown, fonts=fonts),
        "letters": _page(_FONT, content=drawn(words, letterwise)[0], fonts=fonts),
        "letters from the end": _page(_FONT, content=drawn(words, letterwise[::-1])[0], fonts=fonts),
        "letters askew": _page(_FONT, content=b".7 .7 -.7 .7 0 0 cm " + drawn(words, letterwise)[0], fonts=fonts),
        "a form": _page(b"", stream(shown, _FORM + _FONT), fonts=fonts),
        "a form with the page's font": _page(_FONT, stream(shown, _FORM), content=b"/X Do () Tj", fonts=fonts),
        "an appearance": _page(
            b"/Annots[<</Subtype/Stamp/Rect[0 0 9 9]/AP<</N 8 0 R>>>>]", stream(shown, _FORM + _FONT), fonts=fonts
        ),
        "a pattern": _page(b"", stream(shown, b"/PatternType 1/BBox[0 0 9 9]" + _FONT), fonts=fonts),
        "a letter that is drawn": _page(
            b"/Extra<</Type/Font/Subtype/Type3/CharProcs<</a 8 0 R>>%s>>" % _FONT, stream(shown), fonts=fonts
        ),
    }


@pytest.mark.parametrize("place", _places(_MARKING))
def test_a_marking_is_found_wherever_a_pdf_has_text(place: str) -> None:
    with pytest.raises(refusals.SecrecyMarked) as refused:
        _inspect(_places(_MARKING)[place])
    assert sentence(refused.value).isprintable()
    assert f"{refused.value.facts['place']}" not in sentence(refused.value)


@pytest.mark.parametrize("place", _places(""))
def test_a_sentence_about_secrecy_is_no_marking_wherever_a_pdf_has_text(place: str) -> None:
    _inspect(_places("做好机密文件管理")[place])


def test_a_form_may_offer_levels_to_choose_from() -> None:
    levels = [level.encode("utf-16-be").hex().encode() for level in ("绝密", "机密", "秘密")]
    _inspect(plain_pdf(b"<</FT/Ch/Opt[%s]>>" % b"".join(b"<FEFF%s>" % level for level in levels)))
    _inspect(plain_pdf(*(b"<</Subtype/Widget/Rect[0 0 1 1]/FT/Btn/T<FEFF%s>>>" % level for level in levels)))
    with pytest.raises(refusals.SecrecyMarked):
        _inspect(plain_pdf(b"<</FT/Ch/V<FEFF%s>>>" % levels[1]))


def test_a_marking_is_found_beside_much_that_is_drawn() -> None:
    much = tuple(stream(b"BT (a) Tj ET " * 4_000, _FORM) for _ in range(40))
    shown, fonts = drawn(_MARKING, [(50, 700, _MARKING)])
    with pytest.raises(refusals.SecrecyMarked):
        _inspect(_page(b"", *much, stream(shown, _FORM + _FONT), fonts=fonts))
    blank = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]%s>>"
    kids = b" ".join(b"%d 0 R" % number for number in (*range(8, 308), 3))
    pages = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count 301>>" % kids)
    last = blank % (b"/Contents 4 0 R" + _FONT)
    with pytest.raises(refusals.SecrecyMarked):
        _inspect(pdf((*pages, last, stream(shown), *fonts, *([blank % b""] * 300))))


_FREE_NAMES = (
    "F",
    "JS",
    "JavaScript",
    "AA",
    "EF",
    "XFA",
    "UF",
    "A",
    "Next",
    "S",
    "Type",
    "URI",
    "Subtype",
    "Renditions",
)


@pytest.mark.parametrize("name", _FREE_NAMES)
def test_a_name_that_the_file_gives_says_nothing(name: str) -> None:
    font, form = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", stream(b"", _FORM)
    key = name.encode()
    _inspect(
        plain_pdf(font, form, catalog=b"/Extra<</Resources<</Font<</%s 4 0 R>>/XObject<</%s 5 0 R>>>>>>" % (key, key))
    )
    _inspect(plain_pdf(b"<</%s 5 0 R>>" % key, font, catalog=b"/Extra<</Resources<</Font 4 0 R>>>>"))
    _inspect(plain_pdf(b"<</Font 6 0 R>>", font, b"<</%s 5 0 R>>" % key, catalog=b"/Extra<</Resources 4 0 R>>"))
    _inspect(plain_pdf(form, catalog=b"/Extra<</AP<</N<</%s 4 0 R>>>>>>" % key))


@pytest.mark.parametrize(
    "catalog",
    [
        b"/Extra<</Resources<</Font 4 0 R>>>>/OpenAction 4 0 R",
        b"/OpenAction 4 0 R/Extra<</Resources<</Font 4 0 R>>>>",
        b"/Extra<</Resources<</Font<</F 4 0 R>>>>>>",
        b"/Extra<</AP<</N<</F 4 0 R>>>>>>",
        b"/Extra<</Resources<</XObject 5 0 R>>>>",
    ],
)
def test_what_acts_is_found_also_where_names_are_given_by_the_file(catalog: bytes) -> None:
    with pytest.raises(refusals.PdfActive):
        _inspect(plain_pdf(b"<</S/Launch/F(a.exe)>>", stream(b"", b"/F(a.bin)"), catalog=catalog))


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (b"<</Type/Annot/Subtype/Movie/Rect[0 0 1 1]>>", "Movie），第2页"),
        (b"<</Type/Annot/Subtype/Link/Rect[0 0 1 1]/A<</S/Launch/F(a)>>>>", "Launch），第2页"),
        (b"<</Type/Annot/Subtype/Link/Rect[0 0 1 1]/A<</S/URI/URI(x.exe)>>>>", "URI，第2页：x.exe"),
    ],
)
def test_the_sentence_says_what_and_on_which_page(mark: bytes, said: str) -> None:
    tree = b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>"
    first, second = (b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]%s>>" % more for more in (b"", b"/Annots[5 0 R]"))
    with pytest.raises(BadInput) as refused:
        _inspect(pdf((b"<</Type/Catalog/Pages 2 0 R>>", tree, first, second, mark)))
    assert said in sentence(refused.value)
