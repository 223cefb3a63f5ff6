"""What units of a scenario report: a claim, a value on or off schedule, one dated fact, a cause and a next step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from math import ceil, floor

from seeds.scenarios.proofs import Proof
from seeds.scenarios.scenario import Conduct
from seeds.scenarios.words import CAUSES, FACTS, NEXT_STEPS, Fact
from tracker.domain.calendar import WorkdayCalendar, full_date
from tracker.domain.cases import CaseCounts
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entered import number_text
from tracker.domain.entries import Entry
from tracker.domain.filings import Outcome
from tracker.domain.items import Measure
from tracker.domain.quoting import nested

_COUNTED = frozenset("次个家项户人场件")  # of which there are no halves
# Of what is on schedule, the share below which a report says that it is behind.
_WELL_BEHIND = 0.9


@dataclass(frozen=True, slots=True)
class Asked:
    """A file that an item asks for; `ending` says of which kind it is."""

    requirement_id: int
    what: str
    ending: str


@dataclass(frozen=True, slots=True)
class TargetToReport:
    """One target of an item that a row may give a value for; `metric` and `unit` as the item prints them.

    `told` is the most that the unit has told of it in the year so far.
    """

    target_id: int
    metric: str
    op: str
    value: float
    unit: str | None
    measure: str | None
    told: float = 0.0

    @property
    def is_progress(self) -> bool:
        """Whether the number tells how far the work is; ceilings and grants do not."""
        return self.measure not in (None, Measure.GRANT.value, Measure.CEILING.value)

    def expected(self, day: date, *, final: bool) -> float:
        """Return the value that is on schedule on a day; at the end, and where nothing grows, it is the goal."""
        if self.measure != Measure.CUMULATIVE.value or final:
            return self.value
        return self.value * day.timetuple().tm_yday / 365


@dataclass(frozen=True, slots=True)
class Matter:
    """A share as a unit writes about it; `asked` is the evidence that its item asks for."""

    assignment_id: int
    title: str
    scheduled: bool
    counts_cases: bool
    targets: Sequence[TargetToReport]
    asked: Sequence[Asked]


def entry_for(matter: Matter, *, conduct: Conduct, final: bool, day: date, calendar: WorkdayCalendar) -> Entry:
    """Return what a unit says about one share on a day; the same share says the same on the same day."""
    seed = seed_of(matter, day)
    behind = matter.scheduled and _is_behind(matter, conduct, seed=seed, day=day, final=final)
    values = _values(matter.targets, day=day, behind=behind, final=final, seed=seed)
    claim = _claim(scheduled=matter.scheduled, behind=behind, final=final)
    cause = CAUSES[seed // 7 % len(CAUSES)] if claim is Claim.BEHIND else None
    content = RowContent(
        claim=claim,
        text=_text(matter, values, day=day, fact_on=calendar.add_workdays(day, -(seed % 5 + 1)), seed=seed),
        cause_class=cause.kind if cause else None,
        cause=cause.words if cause else "",
        next_step=cause.step if cause else "",
        next_on=day + timedelta(days=14 + seed % 30) if cause else None,
        cases=CaseCounts(seed % 9 + 22, seed % 9 + 22) if matter.counts_cases else None,
    )
    outcome = (Outcome.UNMET if behind else Outcome.MET) if final else None
    return Entry(assignment_id=matter.assignment_id, content=content, values=values, outcome=outcome)


def is_proved(matter: Matter, *, conduct: Conduct, day: date) -> bool:
    """Tell whether a unit lays a file under what it says: two of three times where its item asks for one, else half."""
    if conduct is Conduct.NIL:
        return False
    seed = seed_of(matter, day)
    return bool(seed % 3) if matter.asked else seed % 4 < 2


def proof_of(matter: Matter, entry: Entry, *, unit: str, day: date) -> Proof:
    """Return the file that proves what an entry says: what its item asks for, else what the fact leaves behind."""
    asked = matter.asked[0] if matter.asked else None
    name = f"{asked.what.strip('《》')}.{asked.ending}" if asked else _fact(matter, seed_of(matter, day)).proof
    return Proof(
        name=name,
        unit=unit,
        day=day,
        matter=matter.title,
        words=entry.content.text,
        figures=_figures(matter, entry.values),
        requirement_id=asked.requirement_id if asked else None,
    )


def seed_of(matter: Matter, day: date) -> int:
    """Return the number from which everything is drawn that a unit says about a share on a day."""
    return int.from_bytes(sha256(f"{matter.assignment_id}/{day}".encode()).digest()[:4])


def _fact(matter: Matter, seed: int) -> Fact:
    """Draw what was done from what fits the matter; four times of five it is of its own kind where there is one.

    A title that is a number to be reached is no deed that could be put into work by its name.
    """
    own = [one for one in FACTS if any(word in matter.title for word in one.about)]
    is_number = any(character.isdecimal() for character in matter.title)
    general = [one for one in FACTS if not one.about and not (is_number and "{title}" in one.words)]
    fitting = own if own and seed % 5 else general
    return fitting[seed // 5 % len(fitting)]


def _text(
    matter: Matter, values: Mapping[int, tuple[float, date | None]], *, day: date, fact_on: date, seed: int
) -> str:
    number = seed % 9 + 2
    told = _fact(matter, seed).words.format(
        day=full_date(fact_on),
        title=nested(matter.title),
        n=number,
        done=seed % number + 1,
        people=seed % 60 + 25,
    )
    figures = _figures(matter, values)
    sentences = (told, f"截至{full_date(day)}，{figures}" if figures else "", f"下一步，{NEXT_STEPS[seed % 4]}")
    return "".join(f"{sentence}。" for sentence in sentences if sentence)


def _figures(matter: Matter, values: Mapping[int, tuple[float, date | None]]) -> str:
    """Write the values beside their goals: 实际到位省外资金265.3亿元（目标346.8亿元）."""
    told = [target for target in matter.targets if target.target_id in values]
    return "，".join(
        f"{target.metric}{number_text(round(values[target.target_id][0], 2))}{target.unit or ''}"
        f"（目标{number_text(round(target.value, 2))}{target.unit or ''}）"
        for target in told
    )


def _claim(*, scheduled: bool, behind: bool, final: bool) -> Claim:
    if final:
        return Claim.BEHIND if behind else Claim.DONE
    if behind:
        return Claim.BEHIND
    return Claim.ON_SCHEDULE if scheduled else Claim.ONGOING_ACTIVE


def _is_behind(matter: Matter, conduct: Conduct, *, seed: int, day: date, final: bool) -> bool:
    """Tell whether a unit says that a matter is behind: now and then, and of half its matters each time if it is so."""
    if conduct is Conduct.BEHIND:
        return matter.assignment_id % 2 == 0
    return seed % 7 == 0 and conduct is not Conduct.NIL and _may_be_behind(matter, day, final)


def _may_be_behind(matter: Matter, day: date, final: bool) -> bool:
    """Tell whether what was told before leaves room to be well behind; who was ahead a few weeks ago is not."""
    growing = (target for target in matter.targets if target.measure == Measure.CUMULATIVE.value)
    return all(target.told < target.expected(day, final=final) * _WELL_BEHIND for target in growing)


def _values(
    targets: Sequence[TargetToReport], *, day: date, behind: bool, final: bool, seed: int
) -> dict[int, tuple[float, date | None]]:
    """Give every number its value: on schedule for the day of the year or a little above, well below where behind."""
    found: dict[int, tuple[float, date | None]] = {}
    off = -(12 + seed % 17) if behind else 1 + seed % 6  # in hundredths of what is expected
    for target in targets:
        if target.is_progress:
            better = {"<": -off, "<=": -off, "=": min(off, 0)}.get(target.op, off)
            value = target.expected(day, final=final) * (100 + better) / 100
            if target.unit in _COUNTED:
                value = floor(value) if better < 0 else ceil(value)
            if target.measure == Measure.CUMULATIVE.value:
                value = max(value, target.told)  # what has come in does not go away
            found[target.target_id] = (round(value, 2), day)
    return found
