"""Records: what the layout itself tells apart as items, rows of tables and blocks of labelled lines.

They are found first; the sentences around them are read without them.
"""

from bisect import bisect_left
from collections import Counter
from dataclasses import replace

from tracker.domain.items import Basis
from tracker.domain.readings.demands import EvidenceRequirement, Target
from tracker.intake.matters import matters
from tracker.intake.outline import Node
from tracker.intake.stretches import Segment
from tracker.intake.tables import rows_of, tables
from tracker.intake.targets import indicator


def records(text: str, *, nodes: list[Node], title: str) -> list[Segment]:
    """Return the items that stand in tables and blocks, in reading order, each with a label of its own."""
    found: list[Segment] = []
    for n, table in enumerate(tables(text), start=1):
        rows = list(rows_of(text, table, nodes=nodes, title=title))
        taken = {each.label for each in found}
        again = any(row.label in taken for row in rows)
        found += [replace(row, label=f"表{n}/{row.label}") if again else row for row in rows]
    found += matters(text, nodes=nodes, title=title)
    found.sort(key=lambda each: each.start)
    return _told_apart(found)


def without_records(text: str, found: list[Segment]) -> str:
    """Return a text of the same length with blanks where tables and blocks stand, heads of tables included."""
    taken = [(each.start, each.end) for each in found] + [table.head for table in tables(text)]
    parts, at = [], 0
    for start, end in sorted(taken):
        parts += [text[at:start], "".join("\n" if mark == "\n" else " " for mark in text[start:end])]
        at = max(at, end)
    return "".join([*parts, text[at:]])


def beside_records(segments: list[Segment], found: list[Segment], text: str) -> list[Segment]:
    """Return all items in reading order; one that stands before a table ends where that begins."""
    kept = []
    starts = sorted(each.start for each in found)
    labels = {each.label for each in segments}
    for each in segments:
        place = bisect_left(starts, each.start)
        if place < len(starts) and starts[place] < each.end:
            first = starts[place]
            end = each.start + len(text[each.start : first].rstrip())
            marks = tuple(mark for mark in each.annotations if mark[1] <= end)
            each = replace(each, end=end, annotations=marks)
        if each.start < each.end:
            kept.append(each)
    own = [replace(each, label=f"表{each.label}") if each.label in labels else each for each in found]
    return sorted([*kept, *own], key=lambda each: (each.start, each.end))


def measured(segment: Segment, text: str) -> tuple[Target, ...] | None:
    """Return the targets of an indicator whose name, value and unit stand in columns of their own."""
    if segment.record is None or segment.record.measured is None:
        return None
    metric, value, unit = segment.record.measured
    quote = text[segment.start : segment.end]
    found = indicator(f"{metric} {value}".strip())
    return tuple(
        replace(target, quote=value if value in quote else quote, unit=target.unit or unit or None) for target in found
    )


def products(segment: Segment) -> tuple[EvidenceRequirement, ...]:
    """Return the products that stand in a column of their own."""
    if segment.record is None:
        return ()
    return tuple(EvidenceRequirement(name, Basis.STATED, name, "document") for name in segment.record.evidence)


def _told_apart(found: list[Segment]) -> list[Segment]:
    """Give labels that occur twice the number of their occurrence."""
    total = Counter(each.label for each in found)
    seen: Counter[str] = Counter()
    apart = []
    for each in found:
        seen[each.label] += 1
        again = total[each.label] > 1 and seen[each.label] > 1
        apart.append(replace(each, label=f"{each.label}（{seen[each.label]}）") if again else each)
    return apart
