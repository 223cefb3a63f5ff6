"""What a document prints: kinds of action items 「事项」, bases and requirements."""

import re
from collections.abc import Iterable
from enum import StrEnum

_ANNEX = re.compile(r"附件[0-9]{1,2}")  # "附件1"
# "二、工作目标", "4监测预警"; not "4.1日常监测"
_NUMBERED = re.compile(r"(?P<number>[一二三四五六七八九十]{1,3}|[0-9]{1,2})(?:、|(?![0-9.．、]))(?P<title>.+)")
_CHAPTER = re.compile(
    r"附件\d+|指标|[一二三四五六七八九十]+(?:、[^（\d]+)?|\d+(?=\.)"
)  # e.g. 附件1一（二） | 三（二）4 | 三、保障措施（一） | 5.3.1/2 | 指标9


class ItemKind(StrEnum):
    ACTION = "action"
    SAFEGUARD = "safeguard"
    GOAL = "goal"
    INDICATOR = "indicator"
    DUTY = "duty"
    RESPONSE_STEP = "response_step"
    SCORING = "scoring"
    POLICY = "policy"
    RULE = "rule"


class LeadBasis(StrEnum):
    """How the document names the responsible body; `none` and `collective` name no single lead."""

    EXPLICIT = "explicit"
    FIRST_LISTED = "first_listed"
    INHERENT = "inherent"
    COLLECTIVE = "collective"
    NONE = "none"


class Basis(StrEnum):
    """Where a requirement comes from: the item's words, a rule of its document, the office's default."""

    STATED = "stated"
    DOCUMENT = "document"
    DEFAULT = "default"


class CadenceKind(StrEnum):
    DAILY = "daily"
    EVERY_2_DAYS = "every_2_days"
    WEEKLY = "weekly"
    EVERY_10_DAYS = "every_10_days"
    MONTHLY = "monthly"
    BIMONTHLY = "bimonthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    MIDTERM_AND_FINAL = "midterm_and_final"
    ONCE = "once"
    WITHIN_HOURS = "within_hours"
    WITHIN_WORKDAYS = "within_workdays"
    ON_EVENT = "on_event"
    IRREGULAR = "irregular"
    CONTINUOUS = "continuous"


class Bearer(StrEnum):
    """Whom the words of a demand bind 「谁来做」; the lead where they leave it open."""

    LEAD = "lead"
    GROUP = "group"
    BOTH = "both"
    NAMED = "named"


class DemandKind(StrEnum):
    """What of an item binds somebody."""

    CADENCE = "cadence"
    TARGET = "target"
    EVIDENCE = "evidence"
    DEADLINE = "deadline"


class Origin(StrEnum):
    """Where a document comes from.

    `published` is a document as issued, `internal` what the office wrote down of 领导批示, 会议议定事项 or a ledger.
    """

    PUBLISHED = "published"
    INTERNAL = "internal"


class Measure(StrEnum):
    """How a target's number is held against time 「计量方式」.

    `cumulative` grows from nought over the calendar year; `level` is a growth or a rate whose latest value counts;
    `baseline` is a level that starts from a known value; `ceiling` and `grant` may only be exceeded;
    `per_period` is reached anew within each period.
    """

    CUMULATIVE = "cumulative"
    LEVEL = "level"
    BASELINE = "baseline"
    CEILING = "ceiling"
    GRANT = "grant"
    PER_PERIOD = "per_period"


class QuestionTopic(StrEnum):
    """What a document leaves open and the office decides 「待督查室明确」, never a guess of the reader."""

    BEARER = "bearer"
    DATE = "date"
    INTERVAL = "interval"
    MEMBERS = "members"
    EACH_OR_TOGETHER = "each_or_together"
    OTHER = "other"


class SpanRole(StrEnum):
    """What a stretch of a document's text is; `unclassified` blocks registration 「立项」."""

    ITEM = "item"
    RESPONSIBILITY = "responsibility"
    HEADING = "heading"
    BACKGROUND = "background"
    DEFINITION = "definition"
    BASIS = "basis"
    CLOSING = "closing"
    ANNEX_LIST = "annex_list"
    NAME_LIST = "name_list"
    UNCLASSIFIED = "unclassified"


class UnitRole(StrEnum):
    """An item's relation to a printed unit."""

    LEAD = "lead"
    SUPPORT = "support"
    ASSIGNED_LEAD = "assigned_lead"


class AssignmentRole(StrEnum):
    LEAD = "lead"
    SUPPORT = "support"


class Duty(StrEnum):
    """What an assignment owes: `report` per period to the office, or `reply` 「协办反馈」 to the lead."""

    REPORT = "report"
    REPLY = "reply"


EVENT_BOUND: frozenset[CadenceKind] = frozenset(
    {CadenceKind.WITHIN_HOURS, CadenceKind.WITHIN_WORKDAYS, CadenceKind.ON_EVENT}
)


def is_dormant(kind: ItemKind, cadences: frozenset[CadenceKind], *, emergency: bool) -> bool:
    """Say whether a task waits for an event before anything of it is owed.

    Steps of a response level wait for the level's activation; in an emergency plan an item whose every stated cadence
    is a clock started by an event waits for that event. Elsewhere such a clock runs for each case, and the cases are
    counted in the ordinary form.
    """
    if kind is ItemKind.RESPONSE_STEP:
        return True
    return emergency and bool(cadences) and cadences <= EVENT_BOUND


def printed_label(label: str) -> str:
    """Return a label as the document prints it: steps within a clause are told apart by us, not by the document."""
    return label.partition("/")[0]


def titled_chapters(headings: Iterable[str]) -> dict[str, str]:
    """Return the titles of chapters by what `chapter_of` calls them, from the lines of headings in reading order.

    The first of a number counts: an annex begins to number anew. The title of an annex is the line after it.
    """
    found: dict[str, str] = {}
    annex = ""
    for line in headings:
        if annex:
            found.setdefault(annex, line)
        annex = line if _ANNEX.fullmatch(line) else ""
        numbered = _NUMBERED.match(line)
        if numbered is not None:
            found.setdefault(numbered["number"], numbered["title"].strip())
    return found


def chapter_of(label: str) -> str:
    """Return the chapter of an item by its label: 三 of 三（二）4, 5 of 5.3.1; empty where it has none.

    Where a document prints a number twice the heading tells its chapters apart: 三、保障措施 of 三、保障措施（一）.
    """
    found = _CHAPTER.match(label)
    return found[0] if found else ""
