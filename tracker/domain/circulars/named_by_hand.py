"""Praise and criticism of units by name in words that somebody typed into a paper, past the proposals 「点名」.

Source: 国务院令第733号 第二十一条. Who is praised or criticised by name is heard before, so the words for it stand
beside a unit's name in the sentence of a proposal only. What a unit has not done, or how an item stands, needs none.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.domain.circulars.proposals import NamingAct
from tracker.domain.errors import Rejected

# What a paper does by its words: 通报批评, 点名批评, 提出批评, 予以表扬 … all have one of these.
JUDGING: Mapping[NamingAct, tuple[str, ...]] = {
    NamingAct.PRAISE: ("表扬", "表彰", "嘉奖"),
    NamingAct.BLAME: ("批评", "谴责"),
}
# What has these words and judges no unit.
_HARMLESS = re.compile("表彰大会|评选表彰|表彰奖励办法|批评与自我批评|批评和自我批评|自我批评|批评意见|批评建议")
# Who is not criticised, or not any more: 「未点名批评任何单位」. 「不得不予以批评」 is none of it.
_DENIED = re.compile(
    "(?<!不得)(?<!不能)(?:未|没有|没|不予|不再|不作|免予|无需)(?:予以|予|给予|进行|被|受到|受|点名|通报|公开|再)*"
    "(?:批评|谴责|表扬|表彰|嘉奖)"
)
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
    """One text of a paper: where it stands, its words as they are printed, and those of them that are typed."""

    where: str
    printed: str
    typed: str


def check_by_name(
    told: Sequence[Said], *, units: Mapping[str, int | None], heard: Mapping[NamingAct, Collection[int]]
) -> None:
    """Refuse typed words that praise or criticise a unit by name.

    `units` are the ids of the units by every name that they bear or bore, None of one that no paper judges; `heard`
    those whose praise or criticism stands in the paper, served and ripe. Raises NamedByHand.
    """
    names = _Names(units)
    texts = [_Text(one, names) for one in told]
    for n, text in enumerate(texts):
        for at, act in text.judged():
            for unit, unit_id in _meant(texts, n, at):
                if unit_id not in heard.get(act, ()):
                    words = text.sentences[at][:_LONGEST_QUOTED]
                    raise NamedByHand(where=told[n].where, words=words, unit=unit, naming=act.value)


class _Names:
    """All names of units, so that the longest that stands somewhere is found there."""

    def __init__(self, units: Mapping[str, int | None]) -> None:
        self._ids: dict[str, int | None] = {}
        for name, id_ in units.items():
            for spelled in (_plain(name), *_without_city(_plain(name))):
                self._ids.setdefault(spelled, id_)
        longest_first = sorted(filter(None, self._ids), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")

    def found(self, words: str) -> list[tuple[str, int]]:
        told = ((name, self._ids[name]) for name in self._pattern.findall(words))
        return [(name, unit_id) for name, unit_id in told if unit_id is not None]

    def without(self, words: str) -> str:
        """Return words without the names, which may have the words of a judgement in them."""
        return self._pattern.sub("某", words)


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
        self._names, self._typed = names, _plain(said.typed)
        self.sentences = [part for part in _ENDS.split(_plain(said.printed)) if part]

    @cached_property
    def named(self) -> list[list[tuple[str, int]]]:
        return [self._names.found(sentence) for sentence in self.sentences]

    def judged(self) -> Iterator[tuple[int, NamingAct]]:
        """Yield the sentences that praise or criticise by typed words, and which of both they do."""
        for at, sentence in enumerate(self.sentences):
            words = self._judgement(sentence)
            for act, judging in JUDGING.items():
                if any(word in words and word in self._typed for word in judging):
                    yield at, act

    def _judgement(self, sentence: str) -> str:
        """Return a sentence without what has the words of a judgement and judges nobody."""

        def title(found: re.Match[str]) -> str:
            return found[0] if self._names.found(found[0]) else "《》"

        words = self._names.without(_TITLES.sub(title, sentence))
        return _DENIED.sub("", _HARMLESS.sub("", words))


def _meant(texts: Sequence[_Text], n: int, at: int) -> list[tuple[str, int]]:
    """Return whom a sentence that judges means: whom it names, else those to whom it points or whom it leaves out."""
    text = texts[n]
    if text.named[at]:
        return text.named[at]
    sentence = text.sentences[at]
    if _AHEAD.search(sentence):
        return _flat(text.named[at + 1 :]) or _flat(texts[n + 1].named if n + 1 < len(texts) else [])
    if _BACK.search(sentence) or not _OF_UNITS.search(sentence):
        return _flat(text.named[:at]) or _flat(texts[n - 1].named if n else [])
    return []


def _flat(named: Sequence[list[tuple[str, int]]]) -> list[tuple[str, int]]:
    return [one for sentence in named for one in sentence]
