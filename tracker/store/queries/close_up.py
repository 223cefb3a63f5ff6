"""One report beside all that it is held against: schedules, the evidence that is asked for, what was said before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.domain.downloads import LOOKED_AT, PICTURES
from tracker.domain.filings import ReportKind
from tracker.domain.schedule import ScheduledTarget, Standing, standing
from tracker.domain.text_changes import TextChanges, text_changes
from tracker.store.queries.asked_of_shares import Requirement, asked_in, requirements_of_shares
from tracker.store.queries.beside_reports import BRINGS_EVIDENCE, judged_under, same_matter
from tracker.store.queries.earlier import before
from tracker.store.queries.evidence_states import Judged
from tracker.store.queries.form_parts import File, Report, reports_of_ids, reports_of_shares
from tracker.store.queries.shares import ShareFacts, facts_of_shares

_STANDS = ("filed", "accepted")


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file under the report; `again` is the report before under which the very same file was handed in."""

    file: File
    again: Report | None

    @property
    def is_picture(self) -> bool:
        return self.file.media_type in PICTURES

    @property
    def is_looked_at(self) -> bool:
        """Whether a browser shows it."""
        return self.file.media_type in LOOKED_AT


@dataclass(frozen=True, slots=True)
class AskedFor:
    """Evidence that is asked for, with how it stands and the files that were handed in for it."""

    judged: Judged
    files: tuple[HandedIn, ...]


@dataclass(frozen=True, slots=True)
class AgainstSchedule:
    target: ScheduledTarget
    standing: Standing


@dataclass(frozen=True, slots=True)
class Compared:
    """A report against one before it: the fact, the cause and what is to be done next."""

    report: Report
    text: TextChanges
    cause: TextChanges
    next_step: TextChanges


@dataclass(frozen=True, slots=True)
class CloseUp:
    """`standings` by the ids of the targets; `other` are the files that answer no requirement.

    `last` is against the report of the period before, `returned` against what the office gave back and this corrects;
    None where there is none.
    """

    standings: Mapping[int, AgainstSchedule]
    asked: tuple[AskedFor, ...]
    other: tuple[HandedIn, ...]
    last: Compared | None
    returned: Compared | None


def close_up(session: Session, report_id: int) -> CloseUp | None:
    """Return what a report is held against; None where there is no such report."""
    return close_ups(session, [report_id]).get(report_id)


def close_ups(session: Session, report_ids: Collection[int]) -> dict[int, CloseUp]:
    """Return by report what each is held against, everything asked once for all of them."""
    reports = reports_of_ids(session, list(report_ids))
    shares = sorted({report.assignment_id for report in reports if report.assignment_id is not None})
    told, facts = reports_of_shares(session, shares), facts_of_shares(session, shares)
    requirements = requirements_of_shares(session, shares)
    found = {}
    for report in reports:
        share = report.assignment_id or 0
        asked = requirements.get(share, ()) if report.kind in BRINGS_EVIDENCE else ()
        asked = asked_in(asked, report.period_starts_on, report.period_ends_on)
        found[report.report_id] = _close_up(report, told.get(share, []), facts.get(share), asked)
    return found


def _close_up(
    report: Report, told: Sequence[Report], facts: ShareFacts | None, asked: Sequence[Requirement]
) -> CloseUp:
    if report.assignment_id is None:
        return CloseUp({}, (), (), None, None)
    earlier = [old for old in told if old.report_id < report.report_id]
    handed_in = [HandedIn(file, _again(file, report, earlier)) for file in report.files]
    named = {wanted.requirement_id for wanted in asked}
    previous = before(
        _followed_by(report, told),
        ends_on=report.period_ends_on,
        row_id=report.row_id,
        report_id=report.report_id,
        kind=report.kind,
    )
    came_back = next((old for old in same_matter(report, earlier) if old.state == "returned"), None)
    return CloseUp(
        standings=_standings(report, facts),
        asked=tuple(_asked(one, handed_in) for one in judged_under(report, asked, earlier)),
        other=tuple(one for one in handed_in if one.file.requirement_id not in named),
        last=_compared(report, previous),
        returned=_compared(report, [came_back] if came_back else []),
    )


def _followed_by(report: Report, told: Sequence[Report]) -> Sequence[Report]:
    """Return what a report may go on from: what answers a question goes on from none, a reply from replies alone."""
    if report.answers_id is not None:
        return ()
    reply = ReportKind.REPLY.value
    return [old for old in told if old.kind == reply and old.answers_id is None] if report.kind == reply else told


def _standings(report: Report, facts: ShareFacts | None) -> dict[int, AgainstSchedule]:
    """Hold each number against its schedule as of the day on which it was written, as where a claim is denied."""
    if facts is None:
        return {}
    today, found = local_day(report.written_at), {}
    for id_, value in report.values.items():
        if id_ in facts.targets:
            target = facts.targets[id_]
            held = standing(target, value.value, value.value_on, today=today, period=report.period)
            found[id_] = AgainstSchedule(target, held)
    return found


def _asked(one: Judged, handed_in: Sequence[HandedIn]) -> AskedFor:
    wanted = one.requirement.requirement_id
    return AskedFor(one, tuple(file for file in handed_in if file.file.requirement_id == wanted))


def _again(file: File, report: Report, earlier: Collection[Report]) -> Report | None:
    """Return the last report under which the same file stood; what the report corrects may bring its files again."""
    return next(
        (
            old
            for old in earlier
            if old.state in _STANDS
            and (report.row_id is None or old.row_id != report.row_id)
            and any(other.sha256 == file.sha256 for other in old.files)
        ),
        None,
    )


def _compared(report: Report, previous: Sequence[Report]) -> Compared | None:
    if not previous:
        return None
    old = previous[0]
    return Compared(
        old,
        text_changes(old.text, report.text),
        text_changes(old.cause or "", report.cause or ""),
        text_changes(old.next_step or "", report.next_step or ""),
    )
