"""Files that are chosen when a page is kept 「暂存」: they go into the unit's box, their numbers into the draft.

A draft holds texts alone. A file has a number in the box of its unit, which is a text like any other.
"""

from collections.abc import Collection
from dataclasses import replace

from flask import flash

from tracker.domain.jottings import Sheet, merge
from tracker.store.queries.form_views import RowOfForm
from tracker.web.own_box import lost_names, with_boxed
from tracker.web.pads import Pad
from tracker.web.row_fields import box_fields, file_fields
from tracker.web.uploads import DeclarationMissing, boxed, chosen_names, is_declared, receive_good
from tracker.wording.refusals import sentence


def with_files(pad: Pad, rows: Collection[RowOfForm]) -> Pad:
    """Put the files that came with a page into the box, and return its draft with their numbers; say what became of it.

    A file that is refused holds up neither the others nor the words: whoever sent it is told why.
    """
    if not chosen_names():
        return pad
    if not is_declared():
        flash(f"所选文件没有保存：{sentence(DeclarationMissing())}")
        return pad
    refused: list[str] = []
    numbers: dict[int, str] = {}
    for row in rows:
        fields = zip(file_fields(row).items(), box_fields(row), strict=True)
        for (field, requirement_id), of_box in fields:
            if of_box in pad.shown and field in chosen_names():
                _files, faults = receive_good(field, requirement_id=requirement_id)
                refused += map(sentence, faults)
                numbers |= boxed(field)
    if numbers:
        flash(f"所选文件已存入佐证箱，编号{'、'.join(map(str, numbers))}。")
    lost = [name for names in lost_names().values() for name in names]
    if lost:
        flash(f"没有保存的文件：{'、'.join(lost)}。{''.join(dict.fromkeys(refused))}")
    sheet = Sheet(with_boxed(pad.sheet.sent, rows), pad.sheet.seen, pad.sheet.chosen)
    kept = {field: row.text for field, row in pad.kept.items()}
    return replace(pad, sheet=sheet, merged=merge(sheet, kept=kept, begun=pad.begun, own=pad.own))
