"""The content of a circular about an evaluated month 「月度考评通报」: places, decisions, workings, corrections.

The places are public because the scheme orders it (`Publication`); the circular quotes the sentence that does. Nothing
here is counted of tasks and reports, and nothing of it judges these.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.domain.calendar import full_date
from tracker.domain.circulars.content import Content, Figure, Scope, Source, Table
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.meanings import RANKING_MEANINGS
from tracker.domain.scoring.scheme import Meeting, Scheme

_MOST_NAMED = 20  # records that were left aside: more would be no sentence


@dataclass(frozen=True, slots=True)
class Placed:
    """An evaluated body: its name in the scheme and in the registry, its place, marks in all and by annex, as text."""

    name: str
    unit: str
    rank: int
    total: str
    annexes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Corrected:
    """What an edition corrects: the paper's number, why, and each row that differs (where, before, now).

    `inputs` are the rows of what was handed in otherwise, `rows` those of the marks and places that differ by it.
    `told` are the names of the bodies that heard of their changes, none where nobody heard.
    """

    number: str
    because: str
    inputs: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Called:
    """What is known of the meeting about a month: its `months` in words, by which decision somebody speaks there.

    `speaking` says it of each ranking that counts: of which months, who is among the first, who among the last, by
    their names. While `waits` names months whose results are not out, nobody is called.
    """

    months: str
    order: str
    speaking: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = ()
    waits: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingFacts:
    """A kept month, told as of a cut-off; `placed` the first place first.

    `decided` are rows of what was decided (what, how, who and when, why), `marked` rows of marks, each with the body
    that it is of; `sourced` says of each item where it stands and who supplies, ranks and marks. `event` is the log's
    number of the event that kept the result; `aside` says how many records of projects no mark counts, and why,
    `named_aside` which, where that was kept. Of the
    objections that hold (`upheld`) `mended` are those after which an input was corrected, `unchanged` those of which
    the office said why they change nothing; of those that did not hold (`refused`) this edition corrects what
    `overtaken` were about. `since` are those to the corrected result: how many did not hold, how many did; `between`
    counts, by the names of their figures, those raised after the month was published and before that was kept.
    """

    as_of: datetime
    scheme: Scheme
    month: str
    organiser: str
    organiser_short: str
    suppliers: tuple[str, ...]
    placed: tuple[Placed, ...]
    decided: tuple[tuple[str, ...], ...]
    deciders: tuple[str, ...]
    marked: tuple[tuple[str, tuple[str, ...]], ...]
    sourced: tuple[tuple[str, ...], ...]
    check_from: date | None
    check_until: date | None
    upheld: int
    mended: int
    unchanged: int
    refused: int
    overtaken: int
    frozen_on: date
    event: int
    aside: tuple[int, str] = (0, "")
    named_aside: tuple[str, ...] = ()
    between: Mapping[str, int] = field(default_factory=dict)
    since: tuple[int, int] = (0, 0)
    corrected: Corrected | None = None
    called: Called | None = None


def ranking_content(facts: RankingFacts, *, scope: Scope) -> Content:
    """Return what the circular says of a kept month."""
    figures, counts = _figures(facts)
    return Content(
        type=CircularType.RANKING,
        scope=scope,
        as_of=facts.as_of,
        figures=figures,
        tables=tuple(table for table in _tables(facts) if table.rows),
        counts=counts,
    )


def _figures(facts: RankingFacts) -> tuple[dict[str, Figure], dict[str, int]]:
    placed, scheme = facts.placed, facts.scheme
    sources = {one.name: _source(facts, one) for one in placed}
    totals = [one.total for one in placed]
    equal = [one for one in placed if totals.count(one.total) > 1]
    objections = facts.upheld + facts.refused
    told: dict[str, tuple[str, Iterable[Placed]]] = {
        "month": (facts.month, ()),
        "scheme": (scheme.title, ()),
        "scheme_number": (scheme.document, ()),
        "organiser": (facts.organiser, ()),
        "organiser_short": (facts.organiser_short, ()),
        "objects": (str(len(placed)), placed),
        "full": (f"{scheme.full:f}", ()),
        "parts": ("、".join(f"办法{one.label}满分{one.full:f}分" for one in scheme.annexes if one.full), ()),
        "ranking": ("；".join(f"第{one.rank}名{one.name}{one.total}分" for one in placed), placed),
        "equal": ("、".join(one.name for one in equal), equal),
        "suppliers": ("、".join(facts.suppliers), ()),
        "objections": (str(objections), ()),
        "upheld": (str(facts.upheld), ()),
        "mended": (str(facts.mended), ()),
        "unchanged": (str(facts.unchanged), ()),
        "refused": (str(facts.refused), ()),
        "frozen_on": (full_date(facts.frozen_on), ()),
        "decided": (str(len(facts.decided)), ()),
        "deciders": ("、".join(facts.deciders), ()),
        **_ordered(facts),
    }
    counts = {"objects": len(placed), "equal": len(equal), "objections": objections}
    if facts.corrected is not None:
        counts |= {"changed": len(facts.corrected.rows), "corrected_inputs": len(facts.corrected.inputs)}
    counts |= {"mended": facts.mended, "unchanged": facts.unchanged, "overtaken": facts.overtaken}
    counts |= {"upheld": facts.upheld, "refused": facts.refused, "decided": len(facts.decided)}
    counts |= {"suppliers": len(facts.suppliers), "shortened": int(facts.organiser != facts.organiser_short)}
    counts |= facts.between if "objected_between" in told else {}
    figures = {
        key: Figure(key, words, RANKING_MEANINGS[key], tuple(sources[one.name] for one in of))
        for key, (words, of) in told.items()
    }
    return figures, counts


def _ordered(facts: RankingFacts) -> Mapping[str, tuple[str, Iterable[Placed]]]:
    """Return what the scheme orders to be published, to be met about and to count for the year; days that are known."""
    told: dict[str, tuple[str, Iterable[Placed]]] = {}
    if facts.check_from is not None and facts.check_until is not None:
        told |= {"check_from": (full_date(facts.check_from), ()), "check_until": (full_date(facts.check_until), ())}
    if facts.corrected is not None:
        told["because"] = (facts.corrected.because, ())
        if facts.corrected.number:
            told["corrected"] = (facts.corrected.number, ())
        if names := facts.corrected.told:
            told["told_bodies"] = ("、".join(names), [one for one in facts.placed if one.name in names])
    if facts.overtaken:
        told["overtaken"] = (str(facts.overtaken), ())
    since = dict(zip(("kept_since", "right_since"), facts.since, strict=True)) | {"objected_since": sum(facts.since)}
    objected = facts.between.get("right_between", 0) + facts.between.get("kept_between", 0)
    counted = {**facts.between, "objected_between": objected, **since}
    told |= {key: (str(count), ()) for key, count in counted.items() if count}
    told |= _aside(facts)
    published = facts.scheme.publication
    if published is None:
        return told
    told |= {"ranking_clause": (published.source.clause, ()), "ranking_words": (published.words, ())}
    told["matter"] = (published.matter, ())
    told["bodies"] = (published.bodies, ())
    if published.year is not None:
        told["year_clause"] = (published.year.clause, ())
    meeting = published.meeting
    if meeting is not None:
        told |= {"meeting_clause": (meeting.source.clause, ()), "meeting_words": (meeting.source.sentence, ())}
    if meeting is not None and facts.called is not None:
        told |= _called(facts, facts.called, meeting)
    return told


def _aside(facts: RankingFacts) -> Mapping[str, tuple[str, Iterable[Placed]]]:
    """Return what is said of the records of projects that no mark counts; which they are, where that was kept."""
    count, because = facts.aside
    if not count:
        return {}
    told: dict[str, tuple[str, Iterable[Placed]]] = {
        "left_aside": (str(count), ()),
        "left_because": (because.rstrip("。"), ()),
    }
    if len(facts.named_aside) > _MOST_NAMED:
        told["left_where"] = (f"逐处见督查系统“月度考评”{facts.month}页面", ())
    elif facts.named_aside:
        told["left_named"] = ("；".join(facts.named_aside), ())
    return told


def _called(facts: RankingFacts, called: Called, meeting: Meeting) -> Mapping[str, tuple[str, Iterable[Placed]]]:
    """Return who is to speak at the meeting about the month, or for which months' results that waits."""
    told: dict[str, tuple[str, Iterable[Placed]]] = {
        "meeting_months": (called.months, ()),
        "meeting_order": (called.order, ()),
    }
    if called.waits:
        return told | {"meeting_waits": (called.waits, ())}
    together = len(called.speaking) == 1
    words = [
        f"{'' if together else when}{side}{count}名的{'、'.join(names)}{does}"
        for when, first, last in called.speaking
        for side, count, names, does in (
            ("前", meeting.first, first, "作经验介绍"),
            ("后", meeting.last, last, "作表态发言"),
        )
        if names
    ]
    named = {name for _when, first, last in called.speaking for name in (*first, *last)}
    return told | {"meeting_speakers": ("，".join(words), [one for one in facts.placed if one.name in named])}


def _tables(facts: RankingFacts) -> list[Table]:
    """Return the annexes; who stands in the first is told of the paper."""
    placed, by_name = facts.placed, {one.name: one for one in facts.placed}
    ranked = tuple((str(one.rank), one.name, *one.annexes, one.total) for one in placed)
    heads = (
        "名次",
        "考评对象",
        # The paper has annexes of its own under the same numbers.
        *(f"办法{one.label}得分" if one.full else one.title for one in facts.scheme.annexes),
        "总分",
    )
    marked = tuple((name, *cells) for name, cells in facts.marked)
    behind = tuple(_source(facts, by_name[name]) for name, _cells in facts.marked)
    inputs, changed = (facts.corrected.inputs, facts.corrected.rows) if facts.corrected is not None else ((), ())
    decided = tuple((str(n), *cells) for n, cells in enumerate(facts.decided, 1))
    return [
        Table("ranked", f"{facts.month}考评得分和排名", ranked, tuple(_source(facts, one) for one in placed), heads),
        Table("decided", "文件没有规定的事项和决定", decided),
        Table("marked", f"{facts.month}考评得分明细", marked, behind),
        Table(
            "sourced", "各项指标的依据和数据来源", tuple((str(n), *cells) for n, cells in enumerate(facts.sourced, 1))
        ),
        Table("corrected_inputs", "数据更正前后对照表", inputs),
        Table("corrected", "得分和名次更正前后对照表", changed),
    ]


def _source(facts: RankingFacts, one: Placed) -> Source:
    return Source("", one.unit, facts.month, None, f"第{one.rank}名，{one.total}分", (facts.event,))
