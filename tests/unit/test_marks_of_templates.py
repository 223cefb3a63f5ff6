"""Marks that a template of the office puts around a field print nothing twice, and nothing around nothing."""

import io
from dataclasses import replace

import pytest
from docx import Document

from tests.support.circulars import small_document
from tracker.paper.documents import OfficialDocument
from tracker.paper.office_templates import fill_template


def _filled(words: str, document: OfficialDocument) -> list[str]:
    package, saved = Document(), io.BytesIO()
    for one in ("{{标题}}", "{{正文}}", words):
        package.add_paragraph(one)
    package.save(saved)
    return [one.text for one in Document(io.BytesIO(fill_template(saved.getvalue(), document))).paragraphs]


@pytest.mark.parametrize(("note", "printed"), [("", ""), ("联系人：张三", "（联系人：张三）")])
def test_brackets_stand_around_a_note_and_around_nothing_else(note: str, printed: str) -> None:
    assert _filled("（{{附注}}）", replace(small_document(), note=note))[-1] == printed


@pytest.mark.parametrize("words", ["附件：{{附件说明}}", "{{附件说明}}"])
def test_the_list_of_annexes_brings_its_own_head(words: str) -> None:
    assert _filled(words, small_document())[-1].startswith("附件：")
    assert "附件：附件" not in _filled(words, small_document())[-1]
    assert _filled(words, replace(small_document(), annexes=()))[-1] == ""
