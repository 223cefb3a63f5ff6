"""Praise and criticism of units by name in words that somebody typed into a paper, past the proposals 「点名」.

Source: 国务院令第733号 第二十一条. Who is praised or criticised by name is heard before, so the words for it stand
beside a unit's name in the sentence of a proposal only. What a unit has not done, or how an item stands, needs none.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.domain.circulars.harmless_words import FALSITY, is_bare, without_harmless
from tracker.domain.circulars.proposals import NamingAct
from tracker.domain.errors import Rejected

# What a paper does by its words: 通报批评, 点名批评, 提出批评, 予以表扬 … all have one of these. Who is said to have
# told falsehoods is criticised by that alone.
JUDGING: Mapping[NamingAct, tuple[str, ...]] = {
    NamingAct.PRAISE: ("表扬", "表彰", "嘉奖"),
    NamingAct.BLAME: ("批评", "谴责", *FALSITY),
}
# What points back to units that were named before, and ahead to such as follow.
_BACK = re.compile("该|上述|以上|前述|两单位|其(?!他|余|中)")
_AHEAD = re.compile("以下|下列|如下")
_OF_UNITS = re.compile("单位|部门|县区|地方")
_ENDS = re.compile(r"[。！？；!?;]")
_TITLES = re.compile("《[^《》]*》")
_LONGEST_QUOTED = 40


class NamedByHand(Rejected):
    """Words typed into a paper praise or criticise a unit that was not heard on it.

    Facts: where, words, unit, naming, which is the act.
    """

    code = "named_by_hand"


@dataclass(frozen=True, slots=True)
class Said:
    """One text of a paper: where it stands, its words as they are printed, and those of them that are typed.

    One that stands `apart`, as the addressees, points to no text beside it, and none points to it.
    """

    where: str
    printed: str
    typed: str
    apart: bool = False


@dataclass(frozen=True, slots=True)
class ByName:
    """Typed words that praise or criticise a unit, the first that do so."""

    where: str
    words: str
    unit: str
    unit_id: int
    act: NamingAct


def judges(typed: Iterable[str]) -> bool:
    """Tell whether typed words could praise or criticise anybody at all."""
    plain = [_plain(one) for one in typed]
    return any(word in one for one in plain for words in JUDGING.values() for word in words)


def said_by_name(told: Sequence[Said], *, units: Mapping[str, int | None]) -> list[ByName]:
    """Return whom typed words praise or criticise by name, each unit once for each act, in the order of the text.

    `units` are the ids of the units by every name that they bear or bore, None of one that no paper judges. The work
    grows with the length of the texts and no faster.
    """
    names = _Names(units)
    texts = [_Text(one, names) for one in told]
    found: dict[tuple[NamingAct, int], ByName] = {}
    for n, text in enumerate(texts):
        beside = {act: _Beside(texts, n) for act in JUDGING}
        for at, act in text.judged():
            for unit, unit_id in beside[act].meant(at):
                words = text.sentences[at][:_LONGEST_QUOTED]
                found.setdefault((act, unit_id), ByName(told[n].where, words, unit, unit_id, act))
    return list(found.values())


def check_heard(found: Iterable[ByName], *, heard: Mapping[NamingAct, Collection[int]]) -> None:
    """Refuse what praises or criticises others than those `heard`, whose own stands in the paper, served and ripe.

    Raises NamedByHand.
    """
    for one in found:
        if one.unit_id not in heard.get(one.act, ()):
            raise NamedByHand(where=one.where, words=one.words, unit=one.unit, naming=one.act.value)


class _Names:
    """All names of units, so that the longest that stands somewhere is found there."""

    def __init__(self, units: Mapping[str, int | None]) -> None:
        self._ids: dict[str, int | None] = {}
        for name, id_ in units.items():
            for spelled in (_plain(name), *_without_city(_plain(name))):
                self._ids.setdefault(spelled, id_)
        lengths: dict[str, set[int]] = {}
        for name in filter(None, self._ids):
            lengths.setdefault(name[:2], set()).add(len(name))
        self._lengths = {begin: sorted(known, reverse=True) for begin, known in lengths.items()}

    def _parts(self, words: str) -> Iterator[tuple[str, bool]]:
        """Yield words in stretches, of each whether it is a name; the few lengths of names that begin so are tried."""
        start = at = 0
        while at < len(words):
            lengths = self._lengths.get(words[at : at + 2], ())
            name = next((words[at : at + long] for long in lengths if words[at : at + long] in self._ids), None)
            if name is None:
                at += 1
                continue
            yield words[start:at], False
            yield name, True
            start = at = at + len(name)
        yield words[start:], False

    def found(self, words: str) -> list[tuple[str, int]]:
        told = ((part, self._ids[part]) for part, is_name in self._parts(words) if is_name)
        return [(name, unit_id) for name, unit_id in told if unit_id is not None]

    def without(self, words: str) -> str:
        """Return words without the names, which may have the words of a judgement in them."""
        return "".join("某" if is_name else part for part, is_name in self._parts(words))


def _without_city(name: str) -> Iterator[str]:
    """Yield how a name is said without the city's: 「教育局」 of 市教育局."""
    short = name.removeprefix("驻马店市") if name.startswith("驻马店市") else name.removeprefix("市")
    if short != name and len(short) > 2 and not short.startswith("委"):
        yield short


def _plain(words: str) -> str:
    """Return words as they are read, however they were typed: 「批 评」, full width signs."""
    kept = (sign for sign in unicodedata.normalize("NFKC", words) if unicodedata.category(sign)[0] not in "CZ")
    return "".join(kept)


class _Text:
    """The sentences of one text, each with the units that it names."""

    def __init__(self, said: Said, names: _Names) -> None:
        self._names, self.apart = names, said.apart
        typed = _plain(said.typed)
        self._typed = {act: [word for word in words if word in typed] for act, words in JUDGING.items()}
        self.sentences = [part for part in _ENDS.split(_plain(said.printed)) if part]

    @cached_property
    def named(self) -> list[list[tuple[str, int]]]:
        return [self._names.found(sentence) for sentence in self.sentences]

    @cached_property
    def naming(self) -> list[int]:
        """Where the sentences stand that name a unit."""
        return [at for at, units in enumerate(self.named) if units]

    def judged(self) -> Iterator[tuple[int, NamingAct]]:
        """Yield the sentences that praise or criticise by typed words, and which of both they do."""
        for at, sentence in enumerate(self.sentences):
            acts = {act: words for act, words in self._typed.items() if any(word in sentence for word in words)}
            words = self._judgement(sentence) if acts else ""
            yield from ((at, act) for act, judging in acts.items() if any(word in words for word in judging))

    def _judgement(self, sentence: str) -> str:
        """Return a sentence without what has the words of a judgement and judges nobody."""

        def title(found: re.Match[str]) -> str:
            return found[0] if is_bare(found[0]) or self._names.found(found[0]) else "《》"

        return without_harmless(self._names.without(_TITLES.sub(title, sentence)))


class _Beside:
    """Whom the sentences of one text that judge mean, by one act, from the first on; nobody is told twice for nothing.

    What lies before a sentence lies before the next ones too, and what lies behind one that points ahead holds all
    that lies behind a later one: each stretch is told of once, so that the whole is told of in one go.
    """

    def __init__(self, texts: Sequence[_Text], n: int) -> None:
        self._text, self._told_back, self._told_ahead = texts[n], 0, False
        apart = texts[n].apart
        self._before = None if apart or n == 0 or texts[n - 1].apart else texts[n - 1]
        self._after = None if apart or n + 1 == len(texts) or texts[n + 1].apart else texts[n + 1]

    def meant(self, at: int) -> list[tuple[str, int]]:
        """Return whom a sentence means, but for whom it was told before: whom it names, points to or leaves out."""
        if self._text.named[at]:
            return self._text.named[at]
        sentence = self._text.sentences[at]
        if _AHEAD.search(sentence):
            return self._ahead(at)
        if _BACK.search(sentence) or not _OF_UNITS.search(sentence):
            return self._back(at)
        return []

    def _ahead(self, at: int) -> list[tuple[str, int]]:
        naming = self._text.naming
        if naming and naming[-1] > at:
            told, self._told_ahead = self._told_ahead, True
            return [] if told else _flat(self._text.named[at + 1 :])
        after, self._after = self._after, None
        return _flat(after.named) if after is not None else []

    def _back(self, at: int) -> list[tuple[str, int]]:
        naming = self._text.naming
        if naming and naming[0] < at:
            start, self._told_back = self._told_back, at
            return _flat(self._text.named[start:at])
        before, self._before = self._before, None
        return _flat(before.named) if before is not None else []


def _flat(named: Sequence[list[tuple[str, int]]]) -> list[tuple[str, int]]:
    return [one for sentence in named for one in sentence]
