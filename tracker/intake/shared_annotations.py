"""Scope of annotations 「责任分工的范围」: one before or behind several measures is meant for all of them."""

from dataclasses import dataclass, field

from tracker.intake.annotations import Notes, Stretch, names_bodies
from tracker.intake.expressions import expression
from tracker.intake.outline import Node
from tracker.intake.stretches import Segment

_LONGEST_HEADING = 40
# The last line of a chapter; what is said of collectives alone holds for the whole document.
# e.g. \n以上工作由市政府办公室牵头，各县区人民政府落实。
# but not \n以上任务由各县区人民政府负责落实。
_ALL_ABOVE = expression(
    r"(?<=\n)以上(?:各项|所有)?(?:工作|任务|措施|事项|内容)(?:均)?由(?!各|市政府督查室)[^。\n]{2,120}(?:牵头|负责|配合|落实|实施)。?(?=\s*(?:\n|$))"
)


@dataclass(frozen=True, slots=True)
class Borrowing(Segment):
    """An item that says itself nothing of who is responsible: the annotation of a block, or the addressees, do."""

    shared: tuple[Stretch, ...] = ()
    addressees: str = ""


@dataclass(slots=True)
class Shared:
    """What the annotations of others say of numbered stretches; a stretch is named by the place where it starts."""

    of: dict[int, tuple[Stretch, ...]] = field(default_factory=dict)
    taken_away: set[int] = field(default_factory=set)
    headings: set[int] = field(default_factory=set)


def shared_annotations(read: Notes, nodes: list[Node]) -> Shared:
    """Find the annotations over a block: in its heading, before each of its measures, or behind the last of them."""
    text = read.text
    shared = Shared()
    tops = [node for node in nodes if node.parent is None]
    if not any(node.children for node in tops):
        _of_last(read, tops, shared)
    for node in nodes:
        leaves = node.children
        if not leaves or any(leaf.children for leaf in leaves):
            continue
        own = _placed(read, node)
        notes = [_placed(read, leaf) for leaf in leaves]
        if not own:
            _of_closing(read, leaves, notes, shared)
        elif _stand_before(text, node, own, notes):
            for leaf, note in zip(leaves, [own, *notes[:-1]], strict=True):
                shared.of[leaf.start] = tuple(note)
                shared.taken_away.add(leaf.start)
            shared.headings.add(node.start)
        elif not any(notes):
            for leaf in leaves:
                shared.of[leaf.start] = tuple(own)
            if len(_words(text, node, own)) <= _LONGEST_HEADING:
                shared.headings.add(node.start)
    return shared


def _of_closing(read: Notes, leaves: list[Node], notes: list[list[Stretch]], shared: Shared) -> None:
    """Give measures without an annotation the sentence at the chapter's end that says who does all above it."""
    closing = _ALL_ABOVE.search(read.text, leaves[-1].text_start, leaves[-1].end)
    if closing is None:
        _of_last(read, leaves, shared)
        return
    for leaf, note in zip(leaves, notes, strict=True):
        if not note:
            shared.of[leaf.start] = (closing.span(),)


def _placed(read: Notes, node: Node) -> list[Stretch]:
    notes = [(node.text_start + a, node.text_start + b) for a, b in read.within(node.text_start, node.end)]
    return [note for note in notes if names_bodies(read.text[slice(*note)])]


def _words(text: str, node: Node, notes: list[Stretch]) -> str:
    """Return the words of a node up to its first annotation."""
    return text[node.text_start : notes[0][0]].strip()


def _alone(text: str, note: Stretch) -> bool:
    """Say whether an annotation has its line for itself."""
    begins = text.rfind("\n", 0, note[0]) + 1
    return not text[begins : note[0]].strip()


def _stand_before(text: str, node: Node, own: list[Stretch], notes: list[list[Stretch]]) -> bool:
    """Say whether each annotation stands on a line before its measure: all but the last measure end with the next's."""
    if len(notes) < 2 or notes[-1] or not all(len(note) == 1 for note in notes[:-1]):
        return False
    first = [note for note in own if _alone(text, note)]
    return bool(first) and all(_alone(text, note[0]) for note in notes[:-1])


def _of_last(read: Notes, leaves: list[Node], shared: Shared) -> None:
    """Give the measures before the last one its annotation, where it has lines of its own and they have none."""
    if len(leaves) < 2 or any(_placed(read, leaf) for leaf in leaves[:-1]):
        return
    last = _placed(read, leaves[-1])
    if last and all(_alone(read.text, note) for note in last) and len({leaf.kind for leaf in leaves}) == 1:
        for leaf in leaves[:-1]:
            shared.of[leaf.start] = tuple(last)
