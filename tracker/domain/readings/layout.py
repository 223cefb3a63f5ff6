"""Marks that carry the layout of a page through plain text: cells of a row, what was merged, ends of paragraphs.

Files are turned into text before anything of it is understood; these marks keep what their layout said.
"""

# Between the cells of a row; a row of n cells has n - 1 of them, also where cells are empty.
CELL = "\t"
# At the beginning of a cell that repeats what a merged cell says for several rows or columns.
MERGED = "\x1a"
# At the end of a paragraph, in a text whose file tells paragraphs from lines.
PARAGRAPH = "\u2029"


def unmarked(cell: str) -> str:
    """Return a cell's words without the mark of a merged one."""
    return cell.removeprefix(MERGED)
