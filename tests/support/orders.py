"""What sentences of papers order, read from their words, and who stands behind the numbers in them."""

import re

from tracker.domain.circulars.content import Content, tokens
from tracker.paper.circulars import word
from tracker.paper.letterheads import letterhead

_ORDERS = re.compile("(?<![商申])请|(?<![需主])要(?!求)|责成|予交办")


def ordering_sentences(content: Content) -> list[str]:
    """Return the sentences that ask somebody for something, figures not filled in."""
    statements = (words for level, words in word(content, letterhead(content.type)).statements if not level)
    return [sentence for words in statements for sentence in words.split("。") if _ORDERS.search(sentence)]


def units_ordered(content: Content) -> set[str]:
    """Return everybody who stands behind a figure of a sentence that orders."""
    said = {token for sentence in ordering_sentences(content) for token in tokens(sentence)}
    sources = [source for token in said for source in content.figures[token].sources]
    return {unit for source in sources for unit in source.unit.split("、") if unit}
