"""What waits for the office 「等我办」: how much of each kind, since when, whether the office's own clock is over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for
from sqlmodel import Session

from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.filings import RequestKind
from tracker.store.queries.co_issuers import CoIssuer, open_countersigns, returned_countersigns
from tracker.store.queries.drafts import waiting_drafts
from tracker.store.queries.editions_under_way import Waiting
from tracker.store.queries.filings import Backlog
from tracker.store.queries.inquiries import to_coordinate
from tracker.store.queries.namings import objections_waiting as naming_objections
from tracker.store.queries.questions import question_counts
from tracker.store.queries.requests import oldest_requests
from tracker.store.queries.served_papers import awaited_answers, unread_answers
from tracker.web.access import services
from tracker.web.clocks import OfficeClock, office_clock
from tracker.web.proposed_papers import proposals
from tracker.web.scoring_waits import MonthWait, month_waits, objections_waiting
from tracker.wording.moments import inclusive

_REQUESTS = {RequestKind.EXTENSION: "延期申请", RequestKind.DISPUTE: "职责异议", RequestKind.OBJECTION: "核定异议"}


@dataclass(frozen=True, slots=True)
class Wait:
    """One kind of what waits; `clock` is that of the oldest, None where the office has none for it.

    `by_day`: `oldest_at` is the end of the day by which the oldest was to be answered.
    The name of what is `single` says what is to be done and until when: a sentence names no count beside it.
    """

    name: str
    count: int
    measure: str
    oldest_at: datetime | None
    clock: OfficeClock | None
    address: str
    single: bool = False
    by_day: bool = False

    @property
    def over(self) -> bool:
        return self.clock is not None and self.clock.colour == "red"


def office_waits(session: Session, *, review: Backlog, editions: Waiting) -> tuple[Wait, ...]:
    """Return every kind of which something waits for the office."""
    policy, asked = services().policy, oldest_requests(session)
    pleas = [one.coordination_at or one.asked_at for one in to_coordinate(session, unit_ids=EVERY_UNIT)]
    papers = [*editions.to_approve, *editions.to_change, *editions.to_issue]
    months = month_waits(session)
    queue, papers_at = url_for("review.queue"), url_for("circulars.index") + "#h-way"
    found = [_wait("报送待审核", review.envelopes, "份", review.oldest_at, queue, workdays=policy.review_workdays)]
    for kind, name in _REQUESTS.items():
        count, oldest = asked.get(kind.value, (0, None))
        found.append(_wait(name, count, "件", oldest, f"{queue}#asked", workdays=policy.extension_workdays))
    oldest_plea = min(pleas, default=None)
    found += [
        _drafts(session),
        _wait(
            "协办待协调", len(pleas), "件", oldest_plea, f"{queue}#coordinate", workdays=policy.coordination_workdays
        ),
        _wait("文稿待办", len(papers), "件", min((one.since for one in papers if one.since), default=None), papers_at),
        _answers(session),
        _owed_answers(session),
        _objections(session),
        _marks(session, but={one.month_id for one in months}),
        *map(_month, months),
        _returned(session),
        _unsigned(session),
        _wait("建议发文待定", len(proposals(session)), "件", None, url_for("proposed_papers.show")),
        _wait("待明确", question_counts(session).open, "项", None, url_for("questions.index")),
    ]
    return tuple(one for one in found if one.count)


def _drafts(session: Session) -> Wait:
    """Say which files were uploaded and wait to be approved; a single one is opened at once."""
    drafts = waiting_drafts(session)
    address = url_for("drafts.show", draft_id=drafts[0][0]) if len(drafts) == 1 else url_for("drafts.index")
    return _wait("文件拆解待立项", len(drafts), "件", drafts[0][1] if drafts else None, address)


def _answers(session: Session) -> Wait:
    """Say how many answers to papers nobody of the office has read; those of a single paper are opened at once."""
    answers = unread_answers(session)
    address = url_for("circulars.index", unread=1, _anchor="h-issued")
    if len({one.circular_id for one in answers}) == 1:
        address = url_for("circulars.show", circular_id=answers[0].circular_id, _anchor="h-served")
    return _wait("文稿答复待阅", len(answers), "件", answers[0].signed_at if answers else None, address)


def _owed_answers(session: Session) -> Wait:
    """Say how many answers to papers units owe after their day; those to a single paper are opened at once."""
    owed = [one for one in awaited_answers(session) if one.is_owed(local_day(services().clock.now()))]
    address = url_for("circulars.index", owed=1, _anchor="h-issued")
    if len({one.circular_id for one in owed}) == 1:
        address = url_for("circulars.show", circular_id=owed[0].circular_id, _anchor="h-served")
    since = end_of_day(owed[0].answer_on) if owed and owed[0].answer_on is not None else None
    return replace(_wait("催办、整改逾期未答复", len(owed), "件", since, address), by_day=True)


def _objections(session: Session) -> Wait:
    """Say how many units object to what a draft would say of them; those of a single draft are opened at once."""
    objections = naming_objections(session)
    address = url_for("circulars.index", _anchor="h-way")
    if len({one.circular_id for one in objections}) == 1:
        address = url_for("circulars.show", circular_id=objections[0].circular_id, _anchor="h-namings")
    oldest = objections[0].answered_at if objections else None
    return _wait("点名异议待答复", len(objections), "件", oldest, address)


def _marks(session: Session, *, but: Collection[int | None]) -> Wait:
    """Say how many evaluated bodies object to their marks, of months that do not tell it themselves."""
    count, oldest, address = objections_waiting(session, but=but)
    return _wait("考评异议待答复", count, "件", oldest, address)


def _month(one: MonthWait) -> Wait:
    """Say that a month of evaluation waits for the office, by what is to be done next, until when."""
    return replace(_wait(f"{one.name}考评：{one.todo}{_paper_due(one)}", 1, "项", None, one.address), single=True)


def _paper_due(wait: MonthWait) -> str:
    """Say by when the month's circular was decided to be out."""
    if wait.until is None:
        return ""
    until = inclusive(wait.until, today=local_day(services().clock.now()))
    return f"（通报应于{until}前印发{'，已经过期' if wait.over else ''}）"


def _returned(session: Session) -> Wait:
    """Say how many drafts co-issuers gave back; those of a single paper are opened at once."""
    returned = returned_countersigns(session)
    oldest = returned[0].answered_at if returned else None
    return _wait("会签退回待办", len(returned), "件", oldest, _joint_address(returned))


def _unsigned(session: Session) -> Wait:
    """Say how many heads have not answered what they were asked to countersign, and since when."""
    asked = open_countersigns(session)
    oldest = asked[0].asked_at if asked else None
    return _wait("会签未答复", len(asked), "件", oldest, _joint_address(asked))


def _joint_address(found: Sequence[CoIssuer]) -> str:
    if len({one.circular_id for one in found}) == 1:
        return url_for("circulars.show", circular_id=found[0].circular_id, _anchor="h-joint")
    return url_for("circulars.index", _anchor="h-way")


def _wait(
    name: str, count: int, measure: str, oldest: datetime | None, address: str, *, workdays: int | None = None
) -> Wait:
    clock = None
    if oldest is not None and workdays is not None:
        clock = office_clock(oldest, workdays=workdays, now=services().clock.now(), services=services())
    return Wait(name, count, measure, oldest, clock, address)
