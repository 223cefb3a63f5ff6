"""What the parts of a document are called by people: a refusal says where to look, not how the file is packed."""

import re

_NAMES = tuple(
    (re.compile(pattern + r"\Z", re.IGNORECASE), words)
    for pattern, words in (
        (r"\[Content_Types\]\.xml|_rels/\.rels", "文档的组成"),
        (r"word/document\.xml", "正文"),
        (r"word/header\d*\.xml", "页眉"),
        (r"word/footer\d*\.xml", "页脚"),
        (r"word/footnotes\.xml", "脚注"),
        (r"word/endnotes\.xml", "尾注"),
        (r"(?:word|xl|ppt)/(?:threaded)?comments[^.]*\.xml", "批注"),
        (r"word/numbering\.xml", "编号"),
        (r"(?:word|xl)/styles\.xml", "样式"),
        (r"word/settings\.xml", "文档设置"),
        (r"word/glossary/.*", "构建基块"),
        (r"xl/workbook\.xml", "工作簿的工作表名称和定义的名称"),
        (r"xl/sharedStrings\.xml", "单元格文字"),
        (r"xl/(?:work|chart|dialog)sheets/sheet(\d+)\.xml", "第{}个工作表"),
        (r"xl/(?:work|chart|dialog)sheets/.*", "工作表"),
        (r"xl/tables/.*", "工作表的表格"),
        (r"xl/pivot.*", "数据透视表"),
        (r"ppt/slides/slide(\d+)\.xml", "第{}张幻灯片"),
        (r"ppt/slides/.*", "幻灯片"),
        (r"ppt/notesSlides/.*", "幻灯片备注"),
        (r"ppt/slideMasters/.*|ppt/slideLayouts/.*|ppt/presentation\.xml", "幻灯片母版和版式"),
        (r"(?:word|xl|ppt)/(?:charts|chartEx)/.*", "图表"),
        (r"(?:word|xl|ppt)/(?:drawings|diagrams)/.*", "图形和文本框"),
        (r"(?:word|xl|ppt)/media/.*", "图片"),
        (r"(?:word|xl|ppt)/embeddings/.*", "嵌入的文件"),
        (r"(?:word|xl|ppt)/theme/.*", "主题"),
        (r"docProps/.*", "文件属性"),
        (r"customXml/.*", "自定义数据"),
        (r"(?:.*/)?Pages?/.*Content\.xml", "页面"),
        (r"OFD\.xml", "文件属性"),
    )
)
_LINKS = re.compile(r"(.*?)_rels/([^/]+)\.rels\Z", re.IGNORECASE)
_MAY_NAME_PARTS = frozenset(("secrecy_marked", "part_not_allowed", "link_outside", "field_fetches", "doctype_inside"))
_INSIDE = frozenset(("macros_inside", "program_inside", "object_inside"))


def part_words(code: str, part: str) -> str:
    """Say a part that a refusal names, and what it says after it; a name that is no part of a document stays."""
    if code not in _MAY_NAME_PARTS | _INSIDE:
        return part
    path, comma, rest = part.partition("，")
    return _named(path) + comma + rest


def _named(path: str) -> str:
    for pattern, words in _NAMES:
        found = pattern.match(path)
        if found is not None:
            return words.format(*found.groups())
    links = _LINKS.match(path)
    return _named(links[1] + links[2]) if links is not None else path
