"""What a dictionary of a PDF does, carries or points to, by lists of what it may.

Source: ISO 32000-1, 12.5.6 (annotations), 12.6 (actions), 7.11 (files), 8.10.4 (reference XObjects), 12.7.8 (XFA),
13 (media, 3D); 7.3.8 (streams outside of the file).
"""

from collections.abc import Callable, Iterator
from enum import Enum
from itertools import islice

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject, StreamObject

from tracker.domain.errors import BadInput
from tracker.inspection.links import may_be_clicked
from tracker.inspection.refusals import LinkOutside, PdfActive

_SCRIPT, _FILES, _MEDIA = "脚本（JavaScript）", "附件（EmbeddedFile）", "多媒体内容"
_ELSEWHERE = "对外部文件的引用（F）"
# Entries that only what acts, plays, or carries or fetches files has, and what they are.
_ENTRIES = {
    "/JS": _SCRIPT,
    "/JavaScript": _SCRIPT,
    "/OnInstantiate": _SCRIPT,
    "/AA": "自动执行的动作（AA）",
    "/EmbeddedFiles": _FILES,
    "/EF": _FILES,
    "/XFA": "动态表单（XFA）",
    "/RichMediaContent": f"{_MEDIA}（RichMedia）",
    "/3DD": f"{_MEDIA}（3D）",
    "/Renditions": f"{_MEDIA}（Renditions）",
    "/AlternatePresentations": f"{_MEDIA}（AlternatePresentations）",
    "/UF": _ELSEWHERE,
    "/FFilter": _ELSEWHERE,
}
# Kinds that are refused even where nothing leads to them; what leads to an action or an annotation is judged by lists.
_ACTIONS = {
    "/JavaScript": _SCRIPT,
    "/Launch": "启动程序的动作（Launch）",
    "/SubmitForm": "提交数据的动作（SubmitForm）",
    "/ImportData": "导入数据的动作（ImportData）",
    "/GoToR": "打开其他文件的动作（GoToR）",
    "/GoToE": "打开附件的动作（GoToE）",
    "/Rendition": f"播放{_MEDIA}的动作（Rendition）",
    "/RichMediaExecute": f"{_MEDIA}（RichMedia）",
    "/GoTo3DView": f"{_MEDIA}（3D）",
}
_KINDS = {
    "/EmbeddedFile": _FILES,
    "/FileAttachment": _FILES,
    "/Filespec": _ELSEWHERE,
    **{
        f"/{kind}": f"{_MEDIA}（{kind}）"
        for kind in ("RichMedia", "3D", "3DStream", "U3D", "PRC", "Movie", "Sound", "Screen", "Rendition", "MediaClip")
    },
}
_MAY_ACT = frozenset(("/GoTo", "/URI", "/Named"))
_MAY_BE_NAMED = frozenset(("/NextPage", "/PrevPage", "/FirstPage", "/LastPage"))
_ACTION_ENTRIES = ("/A", "/PA", "/Next", "/OpenAction")
_ANNOTATIONS_WORDS = """
    Link Text FreeText Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut Stamp Caret Ink Popup
    Widget Watermark PrinterMark TrapNet Redact
"""
_ANNOTATIONS = frozenset("/" + word for word in _ANNOTATIONS_WORDS.split())
_MOST_PAGES, _MOST_MARKS, _LONGEST_ROW = 500, 20_000, 100
Refusal = Callable[[str], BadInput]


class Stands(Enum):
    """How a dictionary stands where something led to it."""

    ALONE = 1  # its entries are those of the standard
    RESOURCES = 2
    APPEARANCES = 3
    LIST = 4  # its entries have the names that the file gives them, /F or /JS too, and say nothing


_LEADS_TO = {
    "/Resources": Stands.RESOURCES,
    "/DR": Stands.RESOURCES,
    "/AP": Stands.APPEARANCES,
    **dict.fromkeys(("/CharProcs", "/Colorants", "/RoleMap", "/ClassMap", "/PieceInfo"), Stands.LIST),
}
_LISTS = {
    Stands.RESOURCES: frozenset(
        ("/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/Properties")
    ),
    Stands.APPEARANCES: frozenset(("/N", "/R", "/D")),
}


def how_stands(key: str, *, within: Stands) -> Stands:
    """Return how what an entry leads to stands, within a dictionary that stands in a way itself."""
    if within is Stands.LIST:
        return Stands.ALONE
    return Stands.LIST if key in _LISTS.get(within, ()) else _LEADS_TO.get(key, Stands.ALONE)


def refusal_of(value: DictionaryObject) -> Refusal | None:
    """Return what makes the refusal, given the words that say on which page it is; None where nothing is wrong."""
    address = _address_elsewhere(value)
    if address is not None:
        return lambda place: LinkOutside(part=f"URI{place}", target=address[:80])
    what = next(_wrongs(value), None)
    return None if what is None else lambda place: PdfActive(what=f"{what}{place}")


def page_of(reader: PdfReader, value: DictionaryObject) -> int | None:
    """Return the page, counted from 1, on which an annotation or its action stands; None if it is on none of them."""
    left = _MOST_MARKS
    try:
        for number, page in enumerate(islice(reader.pages, _MOST_PAGES), start=1):
            if page is value:
                return number
            for mark in islice(_members(entry(page, "/Annots")), left):
                left -= 1
                if mark is value or (isinstance(mark, DictionaryObject) and entry(mark, "/A") is value):
                    return number
    except (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RecursionError):
        return None  # the page is said where it is known
    return None


def entry(value: DictionaryObject, key: str) -> object:
    """Return an entry, followed to where it leads."""
    found = value.raw_get(key) if key in value else None
    return found.get_object() if isinstance(found, IndirectObject) else found


def _members(value: object) -> Iterator[object]:
    """Yield what an array holds, followed to where it leads; nothing for anything else."""
    for each in value if isinstance(value, ArrayObject) else ():
        yield each.get_object() if isinstance(each, IndirectObject) else each


def _wrongs(value: DictionaryObject) -> Iterator[str]:
    for key, what in _ENTRIES.items():
        if key in value and not _is_nothing(entry(value, key)):
            yield what
    for keys, names in ((("/S",), _ACTIONS), (("/Type", "/Subtype"), _KINDS)):
        for name in (entry(value, key) for key in keys):
            if isinstance(name, str) and name in names:
                yield names[name]
    if "/F" in value and isinstance(entry(value, "/F"), str | bytes | DictionaryObject) and not _is_filter(value):
        yield _ELSEWHERE
    yield from _wrong_actions(value)
    yield from _wrong_annotation(value)


def _is_filter(value: DictionaryObject) -> bool:
    """Say whether F is the short name of a filter, as in pictures that were written within a page."""
    name = entry(value, "/F")
    return not isinstance(value, StreamObject) and isinstance(name, str) and name.startswith("/")


def _wrong_actions(value: DictionaryObject) -> Iterator[str]:
    opens = entry(value, "/OpenAction")
    if isinstance(opens, DictionaryObject) and entry(opens, "/S") != "/GoTo":
        yield "打开时自动执行的动作（OpenAction）"
    for key in _ACTION_ENTRIES:
        if key in value:
            led_to = entry(value, key)
            if isinstance(led_to, DictionaryObject):
                yield from _wrong_action(led_to)
            elif key == "/Next":
                if isinstance(led_to, ArrayObject) and len(led_to) > _LONGEST_ROW:
                    yield "不接收的动作（Next）"
                for each in islice(_members(led_to), _LONGEST_ROW):
                    if isinstance(each, DictionaryObject):
                        yield from _wrong_action(each)
    if entry(value, "/Type") == "/Action":
        yield from _wrong_action(value)


def _wrong_action(action: DictionaryObject) -> Iterator[str]:
    kind = entry(action, "/S")
    if not isinstance(kind, str):
        return  # attributes of structure and outlines stand under the same names
    if kind not in _MAY_ACT:
        yield _ACTIONS.get(kind, f"不接收的动作（{kind[1:40]}）")
    elif kind == "/Named" and entry(action, "/N") not in _MAY_BE_NAMED:
        yield "不接收的动作（Named）"


def _wrong_annotation(value: DictionaryObject) -> Iterator[str]:
    kind = entry(value, "/Subtype")
    if not isinstance(kind, str) or ("/Rect" not in value and entry(value, "/Type") != "/Annot"):
        return
    if kind not in _ANNOTATIONS:
        yield _KINDS.get(kind, f"不接收的批注（{kind[1:40]}）")
    elif kind == "/Widget" and not _is_nothing(entry(value, "/A")):
        yield "带动作的表单控件（Widget）"


def _address_elsewhere(value: DictionaryObject) -> str | None:
    """Return where a link or the base of all links leads that may not be clicked."""
    found = entry(value, "/URI")
    if isinstance(found, DictionaryObject):
        found = entry(found, "/Base")
    if not isinstance(found, str | bytes):
        return None
    text = found.decode("latin-1") if isinstance(found, bytes) else found
    return None if may_be_clicked(text) else text


def _is_nothing(value: object) -> bool:
    return (
        value is None
        or isinstance(value, NullObject)
        or (isinstance(value, ArrayObject | DictionaryObject) and not value)
    )
