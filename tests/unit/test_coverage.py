"""Coverage of a document's text: adjoining spans, nothing lost, nothing claimed twice."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.items import SpanRole
from tracker.domain.readings.coverage import ItemSpan, Span, cover

TEXT = "一、总则\n（一）做好防控。（责任单位：市教育局）\n二、附则"


def test_an_item_its_annotation_and_the_background_adjoin() -> None:
    start = TEXT.index("（一）")
    note = TEXT.index("（责任")
    end = TEXT.index("\n二、")
    spans = cover(
        TEXT,
        [ItemSpan("48-01", start, end, (note, end))],
        [Span(0, 4, SpanRole.HEADING), Span(end + 1, len(TEXT), SpanRole.CLOSING)],
    )
    assert [(span.role, TEXT[span.start : span.end]) for span in spans] == [
        (SpanRole.HEADING, "一、总则\n"),
        (SpanRole.ITEM, "（一）做好防控。"),
        (SpanRole.RESPONSIBILITY, "（责任单位：市教育局）\n"),
        (SpanRole.CLOSING, "二、附则"),
    ]


def test_deleting_an_item_makes_its_words_unclassified() -> None:
    spans = cover(TEXT, [], [Span(0, 4, SpanRole.HEADING)])
    assert spans[-1].role is SpanRole.UNCLASSIFIED
    assert TEXT[spans[-1].start : spans[-1].end] == TEXT[4:]


def test_bundled_items_share_their_common_words() -> None:
    spans = cover("甲乙丙丁", [ItemSpan("a", 0, 3), ItemSpan("b", 1, 4)], [])
    assert [span.items for span in spans] == [("a",), ("a", "b"), ("b",)]


@st.composite
def _layouts(draw: st.DrawFn) -> tuple[str, list[ItemSpan], list[Span]]:
    text = draw(st.text(alphabet="甲乙丙 \n", max_size=30))

    def stretch() -> tuple[int, int]:
        a, b = draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))
        return min(a, b), max(a, b)

    items = [ItemSpan(f"48-{n:02}", *stretch()) for n in range(draw(st.integers(0, 4)))]
    declared = [Span(*stretch(), SpanRole.BACKGROUND) for _ in range(draw(st.integers(0, 4)))]
    return text, items, declared


@given(_layouts())
def test_spans_always_adjoin_from_the_first_to_the_last_character(
    layout: tuple[str, list[ItemSpan], list[Span]],
) -> None:
    text, items, declared = layout
    spans = cover(text, items, declared)
    edges = [0, *(span.end for span in spans)]
    assert [span.start for span in spans] == edges[:-1]
    assert edges[-1] == len(text)
