"""Annexes of a paper about one document: its number stands in the title, so that no row need repeat it."""

from dataclasses import replace

from tracker.domain.circulars.content import Table

# The columns that name the document: alone, and before the number of the item within it.
_DOCUMENT, _DOCUMENT_AND_NUMBER, _NUMBER = "依据文件", "依据", "原文序号"


def cited_within(table: Table, document: str) -> Table:
    """Cite items by their own numbers alone, and leave out a column that would say the same in every row."""
    if _DOCUMENT in table.heads:
        place = table.heads.index(_DOCUMENT)
        rows = tuple((*row[:place], *row[place + 1 :]) for row in table.rows)
        return replace(table, rows=rows, heads=(*table.heads[:place], *table.heads[place + 1 :]))
    if _DOCUMENT_AND_NUMBER in table.heads:
        place = table.heads.index(_DOCUMENT_AND_NUMBER)
        rows = tuple((*row[:place], row[place].removeprefix(document), *row[place + 1 :]) for row in table.rows)
        return replace(table, rows=rows, heads=(*table.heads[:place], _NUMBER, *table.heads[place + 1 :]))
    return table
