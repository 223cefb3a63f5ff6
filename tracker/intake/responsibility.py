"""Who is responsible: the words of annotations, and of sentences about many items → leads, supports, groups."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.domain.items import LeadBasis
from tracker.intake.annotations import bare
from tracker.intake.bodies import is_unit, names_of, split_outside
from tracker.intake.duty_words import (
    BEFORE_NAME,
    CLAUSE_ENDS,
    FIELDS,
    LABEL_ALONE,
    LEFT_OVER,
    TIME_WORDS,
    UNNAMED,
    VERB_IN_LIST,
    WHAT_IT_DOES,
    labels,
    verb_behind,
    without_noise,
    without_tail,
)
from tracker.intake.expressions import expression
from tracker.intake.lists_of_names import is_doubtful, whole
from tracker.intake.prefixes import restore

# Said once, at the end of a document, for every item of it.
# e.g. 以上各项任务均需各县区人民政府负责落实
_ALL = expression(
    r"""以上(?:各项|各条|所有)?(?:任务|工作|措施|事项|政策|内容)?(?:均需|均由|均须|都需|都由|由)
    (?P<who>各[^。；]{2,60}?)
    (?:负责|抓好|组织|贯彻|具体|配合)(?:抓好)?(?:落实|实施)""",
    re.VERBOSE,
)
# Said once, in an item, for every later one; without the closing words it speaks of what follows in the sentence.
# e.g. 以下均需各县区人民政府负责落实，以下不再列出
# e.g. 以下政策均由县市区人民政府落实，不再单独列出
# but not 以下均需各县区人民政府负责落实
_FOLLOWING = expression(
    r"""(?:以下|下列|后续|其余)(?:各项|各条|所有)?(?:重点)?(?:任务|事项|工作|措施|政策|举措|内容|条款|条目){0,2}
    (?:均需|均由|均须|都需|都由|均要|均应由)
    (?P<who>[^。；]{2,120}?)
    (?:负责|抓好|组织|贯彻|具体|配合)?(?:抓好)?(?:落实|实施|负责)
    (?:[，,](?:以下)?不再[^，。]{0,6}(?:列[出明示]?|标[注明]|说明|注明|重复))""",
    re.VERBOSE,
)
_IN_FRONT = "(?:第一位|首位|最前)[^。；]{0,12}(?:为|是)牵头"
# Some documents say once who of those listed leads.
# e.g. 责任单位中排在第一位的为牵头单位
# e.g. 第一个单位为牵头单位
_FIRST_LEADS = expression(rf"排在?{_IN_FRONT}|列在?{_IN_FRONT}|第一(?:个)?(?:单位|部门)为牵头")
_EDGES = "，, —－-·•"


@dataclass(slots=True)
class Responsibility:
    """What the annotations of one item say; names have their elided prefixes restored."""

    leads: list[str] = field(default_factory=list)
    duties: list[str] = field(default_factory=list)
    supports: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    doubtful: list[tuple[str, str]] = field(default_factory=list)
    places: frozenset[str] = frozenset()
    times: list[str] = field(default_factory=list)
    paces: list[str] = field(default_factory=list)

    def settle(self, *, first_leads: bool) -> tuple[tuple[str, ...], tuple[str, ...], LeadBasis]:
        """Return leads, supports and the basis; `first_leads`: the document says that the first one leads."""
        leads = list(dict.fromkeys(self.leads))
        duties = [name for name in dict.fromkeys(self.duties) if name not in leads]
        basis = LeadBasis.EXPLICIT
        if not leads and duties:
            if len(duties) > 1 and not first_leads:
                basis = LeadBasis.FIRST_LISTED
            leads, duties = duties[:1], duties[1:]
        if not leads:
            basis = LeadBasis.COLLECTIVE if self.groups else LeadBasis.NONE
        supports = [name for name in dict.fromkeys([*duties, *self.supports]) if name not in leads]
        return tuple(leads), tuple(supports), basis


def read_annotations(contents: list[str], *, places: frozenset[str] = frozenset()) -> Responsibility:
    """Read the words of all annotations of one item; what stays unread is noted as doubtful."""
    found = Responsibility(places=places)
    prefix = ""
    for content in contents:
        inner = bare(content)
        if inner == content.strip() and inner[:1] in "（([［【〔" and not FIELDS.match(inner):
            found.doubtful.append(("lead", inner[:20]))
            inner = inner[1:]
        following = _following(inner)
        if following:
            inner = inner[: following.start()]
        inner = VERB_IN_LIST.sub("，", without_noise(inner))
        if UNNAMED.search(inner):
            found.doubtful.append(("groups", inner))
        for role, words in _clauses(inner):
            prefix = _read_clause(found, role, words, prefix)
    return found


def following_groups(text: str) -> list[str]:
    """Return the groups that a sentence says to stand behind every later item."""
    found = _following(text)
    if not found:
        return []
    here = Responsibility()
    _read_clause(here, "duty", found["who"], "")
    return here.groups


def _following(text: str) -> re.Match[str] | None:
    """Find such a sentence; few texts hold its last words, and each item is asked three times."""
    return _FOLLOWING.search(text) if "不再" in text else None


def first_listed_leads(text: str) -> bool:
    """Say whether a document says that of those listed the first one leads."""
    return bool(_FIRST_LEADS.search(text))


def groups_of_all(text: str) -> list[str]:
    """Return the groups that a sentence says to stand behind every item above it."""
    found = _ALL.search(text)
    if not found:
        return []
    here = Responsibility()
    _read_clause(here, "duty", found["who"], "")
    return here.groups


def _clauses(content: str) -> Iterator[tuple[str, str]]:
    """Yield (role, words): role is lead, duty, support, time, pace, other, or empty where the words' verbs decide."""
    marks = labels(content)
    ends = [mark.start() for mark in marks[1:]] + [len(content)] * bool(marks)
    if not marks or marks[0].start() > 0:
        head = content[: marks[0].start()] if marks else content
        for part in CLAUSE_ENDS.split(head):
            if part.strip(_EDGES):
                yield "", part.strip(_EDGES)
    for mark, end in zip(marks, ends, strict=True):
        role = mark.lastgroup or ""
        words = content[mark.end() : end].strip(_EDGES + "；;。、\n（(【[〔［")
        if role in {"lead", "duty", "support", "local"}:
            for part in CLAUSE_ENDS.split(words):
                if TIME_WORDS.fullmatch(part.strip()):
                    yield "time", part.strip()
                else:
                    yield role, part.strip("，, ")
        else:
            yield role, words


def _read_clause(found: Responsibility, role: str, words: str, prefix: str) -> str:
    """Sort one clause's names; return the prefix that goes on."""
    if role == "time" or (not role and TIME_WORDS.fullmatch(words)):
        found.times.append(words)
        return prefix
    if role == "pace":
        found.paces.append(words)
        return prefix
    if role == "other" or not words:
        return prefix
    waiting: list[str] = []
    for chunk in _chunks(words):
        if TIME_WORDS.fullmatch(chunk):
            found.times.append(chunk)
            continue
        verb = verb_behind(chunk)
        name = without_tail(chunk[: verb.start()] if verb else chunk).strip()
        name = BEFORE_NAME.sub("", LEFT_OVER.sub("", WHAT_IT_DOES.sub("", name)))
        if "会同" in name and role != "support":
            name, _, beside = name.partition("会同")
            prefix = _sort(found, "lead", [*waiting, name], prefix)
            prefix = _sort(found, "support", [beside.removeprefix("、")], prefix)
            waiting = []
            continue
        if name:
            waiting.append(name)
        if verb:
            spoken = verb.lastgroup or "duty"
            settled = spoken if spoken != "duty" or not role else role
            prefix = _sort(found, settled, waiting, prefix)
            waiting = []
    return _sort(found, role or "duty", waiting, prefix)


def _chunks(words: str) -> list[str]:
    """Split at commas outside of brackets."""
    return [part.strip() for part in split_outside(words, marks="，,") if part.strip()]


def _sort(found: Responsibility, role: str, chunks: list[str], prefix: str) -> str:
    for chunk in chunks:
        groups, names = names_of(chunk)
        for name in groups:
            if name not in found.groups:
                found.groups.append(name)
        for printed in names:
            name = whole(printed)
            if name != printed:
                found.doubtful.append((role, printed))
            full, prefix = restore(name, prefix=prefix, places=found.places)
            if is_doubtful(full) or LABEL_ALONE.fullmatch(full):
                found.doubtful.append((role, full))
                continue
            if not is_unit(full):
                found.doubtful.append((role, full))
            roles = {"lead": found.leads, "support": found.supports, "local": found.supports}
            target = roles.get(role, found.duties)
            if full not in target:
                target.append(full)
    return prefix
