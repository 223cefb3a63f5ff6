"""Where a link may lead is one rule, however the address is written and wherever it stands."""

from io import BytesIO

import pytest

from tests.support.click_targets import BAD, GOOD, PLACES, of_kind, on_sheet
from tracker.domain.errors import BadInput
from tracker.inspection.files import inspect_file
from tracker.inspection.refusals import FieldFetches, LinkOutside
from tracker.wording.refusals import sentence


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("target", BAD)
def test_a_link_that_may_not_be_clicked_is_refused_in_each_place(place: str, target: str) -> None:
    ending, write = PLACES[place]
    with pytest.raises((LinkOutside, FieldFetches)) as refused:
        inspect_file(BytesIO(write(target)), ending=ending)
    assert sentence(refused.value).endswith("。")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("target", GOOD)
def test_a_link_to_the_web_a_mailbox_or_the_file_itself_passes_in_each_place(place: str, target: str) -> None:
    ending, write = PLACES[place]
    inspect_file(BytesIO(write(target)), ending=ending)


@pytest.mark.parametrize(
    ("location", "passes"),
    [
        *((place, True) for place in ("Sheet1!A1", "'1月'!$A$1:$B$9", "A1:B2", "A:C", "名称", "")),
        *((target[1:], False) for target in BAD if target.startswith("#")),
        *((target, False) for target in (r"\\evil\x", "//evil/x", "file:///c:/a", "javascript:1", "http://a", "c:\\a")),
    ],
)
def test_a_place_in_a_workbook_is_in_that_workbook(location: str, passes: bool) -> None:
    if passes:
        inspect_file(BytesIO(on_sheet(location)), ending="xlsx")
    else:
        with pytest.raises(LinkOutside):
            inspect_file(BytesIO(on_sheet(location)), ending="xlsx")


_WITHIN = ("media/image1.png", "/word/media/image1.png", "../customXml/item1.xml", "media/%E5%9B%BE.png")
_NOT_WITHIN = tuple(
    target for target in (*BAD, *GOOD) if ":" in target or "//" in target or "\\" in target or "%2F" in target
)


@pytest.mark.parametrize("kind", ["image", "styles", "customXml", "theme"])
def test_whatever_is_no_link_leads_to_a_part_of_the_document(kind: str) -> None:
    for target in _WITHIN:
        inspect_file(BytesIO(of_kind(kind, target, "Internal")), ending="docx")
        with pytest.raises(LinkOutside):
            inspect_file(BytesIO(of_kind(kind, target, "External")), ending="docx")
    for target in _NOT_WITHIN:
        for mode in ("Internal", "External", ""):
            with pytest.raises(BadInput):
                inspect_file(BytesIO(of_kind(kind, target, mode)), ending="docx")
