"""The pages of official documents 「公文」: what they show, in order. Source: GB/T 9704-2012.

Numbers are twips (1/20 pt) unless named. `render` gives the same bytes for the same document.
"""

from tracker.domain.calendar import full_date
from tracker.paper import joint, ooxml
from tracker.paper.columns import wrapped_heads, wrapped_rows
from tracker.paper.documents import Annex, Form, OfficialDocument
from tracker.paper.ooxml import CHARACTER, LINE_PITCH, TITLE_FACE, TYPE_AREA_WIDTH, paragraph, run, spacing
from tracker.paper.package import Part, assemble
from tracker.paper.titles import title_lines

RED = "FF0000"
_MILLIMETRE = 56.7
_PRINT_CHARACTER = 280
# From the type area's upper edge to the line whose characters begin 7/8 of a 三号 character, 4.94 mm, below the rule:
# it ends at 49.1 mm, and the characters begin 3.3 mm below the edge of their line.
_BELOW_THE_RULE = round((49.1 + 4.94 - 3.3 - 37) * _MILLIMETRE)


def render(document: OfficialDocument) -> bytes:
    """Return the .docx file."""
    parts = [Part(landscape=False, blocks=[*_HEADS[document.form](document), *_text(document)])]
    for place, annex in enumerate(document.annexes, 1):
        blocks = _annex(annex, str(place) if len(document.annexes) > 1 else "", new_page=not annex.landscape)
        if annex.landscape or parts[-1].landscape:
            parts.append(Part(landscape=annex.landscape, blocks=blocks))
        else:
            parts[-1].blocks.extend(blocks)
    _close(parts, _imprint(document), overleaf=document.adjusted.overleaf)
    return assemble(
        parts,
        first_page_unnumbered=document.form is Form.LETTER,
        title=document.title,
        author=document.signature,
        on=document.dated_on,
    )


def _close(parts: list[Part], closing: list[str], *, overleaf: bool) -> None:
    """Put the imprint on the last page, after a turned sheet on an upright one of its own; `overleaf`: a page later.

    A blank page that comes so before the page of the imprint has no number, nor has that page (7.5).
    """
    if not closing:
        return
    tiny = spacing(0, line=20)
    turned = parts[-1].landscape
    if turned:
        parts.append(
            Part(landscape=False, blocks=[paragraph("", style="Flush", properties=tiny)], numbered=not overleaf)
        )
    if overleaf:
        parts[-1].blocks.append(paragraph("", style="Flush", properties=f"<w:pageBreakBefore/>{tiny}"))
    parts[-1].blocks.extend(closing)


def _file_head(document: OfficialDocument) -> list[str]:
    """Red mark, its ink 72 mm below the paper's edge (7.2.4), number (7.2.5), red rule 4 mm below it (7.2.7)."""
    lines = 1 if document.urgency else 0
    mark = "" if document.preprinted else document.mark
    squeeze = min(62, TYPE_AREA_WIDTH * 100 // (max(1, len(document.mark)) * 1040))
    rule = (
        ""
        if document.preprinted
        else f'<w:pBdr><w:bottom w:val="single" w:sz="8" w:space="8" w:color="{RED}"/></w:pBdr>'
    )
    blocks = [_urgency(document)] if lines else []
    single = paragraph(
        "",
        style="Flush",
        properties=f'{spacing(1900 - lines * LINE_PITCH, line=1200)}<w:jc w:val="center"/>',
        runs=run(mark, face=TITLE_FACE, half_points=104, extra=f'<w:color w:val="{RED}"/><w:w w:val="{squeeze}"/>'),
    )
    blocks += joint.mark(document, colour=RED, lines=lines) if document.joint else [single]
    blocks += [
        paragraph(
            document.number,
            style="Flush",
            properties=f'{rule}{spacing(2 * LINE_PITCH)}<w:jc w:val="center"/>',
        ),
    ]
    return [*blocks, *_title(document, before=2 * LINE_PITCH), *_addressees(document)]


def _letter_head(document: OfficialDocument) -> list[str]:
    """Mark with its ink at 30 mm, double rules 170 mm wide at 47.6 and 275.6 mm; below the first, 7/8 of a 三号
    character from it, the urgency flush left and the number flush right (10.1).
    """
    anchors = ""
    if not document.preprinted:
        squeeze = min(100, int(170 * _MILLIMETRE * 100 / (max(1, len(document.mark)) * 960)))
        mark = paragraph(
            "",
            style="Flush",
            properties=f'{spacing(0, line=1100)}<w:jc w:val="center"/>',
            runs=run(
                document.mark,
                face=TITLE_FACE,
                half_points=80,
                extra=f'<w:color w:val="{RED}"/><w:w w:val="{min(squeeze, 90)}"/>',
            ),
        )
        anchors = ooxml.text_box(mark, name="发文机关标志", left_mm=20, top_mm=26.75, width_mm=170, height_mm=20)
        for number, (top, points) in enumerate(((47.6, 2.25), (49.0, 0.75), (275.6, 0.75), (277.0, 2.25)), 2):
            anchors += ooxml.rule(number=number, left_mm=20, top_mm=top, width_mm=170, points=points, colour=RED)
    right, urgency = '<w:jc w:val="right"/>', ""
    if document.urgency:
        right = f'<w:tabs><w:tab w:val="right" w:pos="{TYPE_AREA_WIDTH}"/></w:tabs>'
        urgency = f"{run(document.urgency, face=ooxml.HEI)}<w:r><w:tab/></w:r>"
    below = spacing(_BELOW_THE_RULE)
    number_line = paragraph(
        "",
        style="Flush",
        properties=f"{right}{below}" if urgency else f"{below}{right}",
        runs=f"{anchors}{urgency}{run(document.number)}",
    )
    return [number_line, *_title(document, before=2 * LINE_PITCH), *_addressees(document)]


def _brief_head(document: OfficialDocument) -> list[str]:
    """Name in red, issue, office and date over a red rule: the brief's head as general offices print it."""
    mark = "" if document.preprinted else document.mark
    date_line = (
        f"{run(document.print_office or document.signature)}<w:r><w:tab/></w:r>{run(full_date(document.dated_on))}"
    )
    return [
        *([_urgency(document)] if document.urgency else []),
        paragraph(
            "",
            style="Flush",
            properties=f'{spacing(300, line=1200)}<w:jc w:val="center"/>',
            runs=run(mark, face=TITLE_FACE, half_points=104, extra=f'<w:color w:val="{RED}"/><w:w w:val="80"/>'),
        ),
        paragraph(document.number, style="Flush", properties=f'{spacing(120)}<w:jc w:val="center"/>'),
        paragraph(
            "",
            style="Flush",
            properties=f'<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="4" w:color="{RED}"/></w:pBdr>'
            f'<w:tabs><w:tab w:val="right" w:pos="{TYPE_AREA_WIDTH}"/></w:tabs>{spacing(LINE_PITCH)}',
            runs=date_line,
        ),
        *_title(document, before=LINE_PITCH),
        *_addressees(document),
    ]


_HEADS = {Form.FILE: _file_head, Form.LETTER: _letter_head, Form.BRIEF: _brief_head}


def _urgency(document: OfficialDocument) -> str:
    """The degree of urgency 「紧急程度」 in black type, flush left (7.2.3)."""
    return paragraph("", style="Flush", runs=run(document.urgency, face=ooxml.HEI))


def _title(document: OfficialDocument, *, before: int) -> list[str]:
    return [
        paragraph(
            line,
            style="Title",
            properties=f"{spacing(before if index == 0 else 0, line=680)}",
        )
        for index, line in enumerate(title_lines(document.title))
    ]


def _addressees(document: OfficialDocument) -> list[str]:
    if not document.addressees or document.adjusted.below:
        return [paragraph("", style="Flush")]
    return [paragraph(f"{document.addressees}：", style="Flush", properties=_above(document, LINE_PITCH))]


def _text(document: OfficialDocument) -> list[str]:
    """Body 7.3.3, note of the attachments 7.3.4, signature and date 7.3.5.1 or 7.3.5.2, note 7.3.6."""
    last = len(document.body) - 1
    blocks = []
    for position, (level, text) in enumerate(document.body):
        # A brief has no signature, but its list of annexes does not begin a page either.
        kept = (
            position == last and not document.adjusted.divided and (document.form is not Form.BRIEF or document.annexes)
        )
        keep = "<w:keepNext/>" if kept else ""
        tighter = '<w:spacing w:val="-16"/>' if position in document.adjusted.tighter else ""
        runs = run(text, extra=tighter) if tighter else None
        properties = f"{keep}{_above(document)}"
        blocks.append(paragraph(text, style=f"Level{level}" if level else "Body", properties=properties, runs=runs))
    blocks += _annex_note(document)
    if document.form is not Form.BRIEF:
        blocks += _signature(document)
    if document.note:
        blocks.append(paragraph(f"（{document.note}）"))
    return blocks


def _above(document: OfficialDocument, gap: int = 0) -> str:
    """Return the room above a paragraph of the text, and the height of its lines where the fitting changed it."""
    pitch = document.adjusted.pitch
    if pitch == LINE_PITCH:
        return spacing(gap) if gap else ""
    return spacing(gap, line=pitch)


def _annex_note(document: OfficialDocument) -> list[str]:
    """List the attachments; their names hang under the first character of the first name."""
    blocks = []
    several = len(document.annexes) > 1
    for place, annex in enumerate(document.annexes, 1):
        head = "附件：" if place == 1 else ""
        number = f"{place}." if several else ""
        hanging = (3 * CHARACTER if place == 1 else 0) + (CHARACTER if several else 0)
        left = 5 * CHARACTER + (CHARACTER if several else 0)
        gap = _above(document, document.adjusted.gap if place == 1 else 0)
        indent = f'<w:ind w:left="{left}" w:hanging="{hanging}"/>'
        blocks.append(paragraph(f"{head}{number}{annex.title}", properties=f"<w:keepNext/>{gap}{indent}"))
    return blocks


def _signature(document: OfficialDocument) -> list[str]:
    """With room for a seal the date ends four characters from the right, the name centred over it (7.3.5.1).

    A name too wide for that ends at the type area's edge, and the date stands centred under it.

    Without, the name ends two characters from the right, or as much before as lets the date end there; the date begins
    two characters right of where the name begins (7.3.5.2), so both are placed by their beginnings.
    """
    if document.joint:
        return joint.signatures(document)
    name, day = document.signature, full_date(document.dated_on)
    name_width, day_width = ooxml.text_width(name), ooxml.text_width(day)
    if document.sealed:
        day_right = max(4 * CHARACTER, (name_width - day_width) // 2)
        name_right = max(0, day_right + (day_width - name_width) // 2)
        places = [f'<w:ind w:right="{right}"/><w:jc w:val="right"/>' for right in (name_right, day_right)]
    else:
        left = max(0, TYPE_AREA_WIDTH - 2 * CHARACTER - max(name_width, 2 * CHARACTER + day_width))
        places = [f'<w:ind w:left="{begins}"/><w:jc w:val="left"/>' for begins in (left, left + 2 * CHARACTER)]
    before = document.adjusted.gap * (3 if document.sealed else 1)
    return [
        paragraph(name, style="Flush", properties=f"<w:keepNext/>{_above(document, before)}{places[0]}"),
        paragraph(day, style="Flush", properties=f"{_above(document)}{places[1]}"),
    ]


def _annex(annex: Annex, place: str, *, new_page: bool) -> list[str]:
    """An annex on a new page, its title on line 3 (7.3.7), with its table; its head repeated, short rows unsplit."""
    titles = [
        paragraph(
            line,
            style="AnnexTitle",
            properties=f"<w:keepNext/>{spacing(0 if index else LINE_PITCH, line=680)}",
        )
        for index, line in enumerate(title_lines(annex.title))
    ]
    mark = paragraph(
        f"附件{place}", style="AnnexMark", properties=f"<w:keepNext/>{'<w:pageBreakBefore/>' if new_page else ''}"
    )
    gap = f"<w:keepNext/>{spacing(0, line=200)}"
    table = ooxml.table(wrapped_heads(annex.columns), wrapped_rows(annex.columns, annex.rows))
    return [mark, *titles, paragraph("", style="Flush", properties=gap), table]


def _imprint(document: OfficialDocument) -> list[str]:
    """Imprint 「版记」, its last rule on the type area's lower edge (7.4); a letter shows its copies only (10.1).

    Addressees that have no room on the first page stand above the copies, without a rule between (7.4.2).
    """
    rows = []
    left, hanging = _PRINT_CHARACTER * 4, _PRINT_CHARACTER * 3
    indent = f'<w:ind w:left="{left}" w:right="{_PRINT_CHARACTER}" w:hanging="{hanging}"/>'
    told = [f"主送：{document.addressees}。"] if document.addressees and document.adjusted.below else []
    if document.copies:
        # A brief without addressees goes up to the leaders; one to the units is copied to others as any paper is.
        goes_up = document.form is Form.BRIEF and not document.addressees
        told.append(f"{'报送：' if goes_up else '抄送：'}{document.copies}。")
    if told:
        rows.append("".join(paragraph(words, style="Imprint", properties=indent) for words in told))
    if document.form is not Form.LETTER:
        tabs = f'<w:tabs><w:tab w:val="right" w:pos="{TYPE_AREA_WIDTH - _PRINT_CHARACTER}"/></w:tabs>'
        indent = f'<w:ind w:left="{_PRINT_CHARACTER}" w:right="{_PRINT_CHARACTER}"/>'
        words = f"{run(document.print_office)}<w:r><w:tab/></w:r>{run(full_date(document.dated_on) + '印发')}"
        rows.append(paragraph("", style="Imprint", properties=f"{tabs}{indent}", runs=words))
    if not rows:
        return []
    after = f"{spacing(0, line=20)}"
    return [
        ooxml.table_at_the_bottom(rows, ruled=document.form is not Form.LETTER),
        paragraph("", style="Imprint", properties=after, runs=""),
    ]
