"""Forms 「督办单」: labels and what stands beside them become lines of fields."""

from collections.abc import Sequence

from tracker.domain.readings.layout import CELL, MERGED, unmarked
from tracker.intake.cell_words import WIDE_GAP, bare, clean, has_blank
from tracker.intake.column_heads import column_of, is_form


def fields_of_form(rows: Sequence[str]) -> list[str]:
    """Return the fields of a form, a line each; nothing where the rows are none."""
    pairs: list[tuple[str, str]] = []
    for row in rows:
        cells: list[str] = []
        for cell in row.split(CELL):
            if not (cell.startswith(MERGED) and cells and bare(cells[-1]) == bare(unmarked(cell))):
                cells.append(unmarked(cell).strip())
        if len(cells) > 1 and len(cells) % 2 == 0 and all(map(column_of, cells[::2])):
            pairs += list(zip(cells[::2], cells[1::2], strict=True))
        elif [cell for cell in cells if cell]:
            pairs.append(("", " ".join(cell for cell in cells if cell)))
    if len(rows) < 2 or not is_form(pairs):
        return []
    return [f"{bare(label)}：{clean(value, names=True)}" if label else value for label, value in pairs]


def labelled_pairs(lines: Sequence[str], at: int) -> list[tuple[str, str]]:
    """Return labels and values that stand two blanks apart, a pair a line, from here on."""
    pairs = []
    for place in range(at, len(lines)):
        line = lines[place]
        parts = WIDE_GAP.split(line.strip(" \u3000")) if CELL not in line and has_blank(line) else []
        if len(parts) != 2 or column_of(parts[0]) is None or column_of(parts[1]) is not None:
            break
        pairs.append((parts[0], parts[1]))
    return pairs
