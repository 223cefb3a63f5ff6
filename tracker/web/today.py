"""The liaison's first page 「今天」: what must leave today, what is late, what came back, what comes next."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.domain.errors import Rejected
from tracker.store.queries.envelopes import Envelope, waiting_envelopes
from tracker.store.queries.inquiries import asked_of_units, open_of_askers
from tracker.store.queries.inquiry_tasks import tasks_to_ask_on
from tracker.store.queries.inquiry_views import Inquiry
from tracker.store.queries.jottings import jotted_rows, jottings_of_units
from tracker.store.queries.owed_lists import owed_by_units
from tracker.store.queries.receipts import NewAssignment, new_assignments
from tracker.store.queries.sent_back import SentBack, sent_back_envelopes
from tracker.store.queries.served_papers import ServedPaper, papers_with_units
from tracker.store.queries.units import units_acted_for, units_read_for
from tracker.usecases.filing import acknowledge
from tracker.web.access import actor, allow, services
from tracker.web.asked_together import standing_of
from tracker.web.forms import Form, Ids, read_form
from tracker.web.objections import LoweredLine, lowered_lines
from tracker.web.petition_lines import PetitionLine, lines_sent_back, lines_that_wait
from tracker.web.presentation import ListLine, date_words, list_line
from tracker.web.unit_tasks import handled_tasks, unit_tasks
from tracker.wording.refusals import sentence

pages = Blueprint("today", __name__)


class ReceiptForm(Form):
    assignment: Ids = Field(title="签收的事项")


@dataclass(frozen=True, slots=True)
class OwedList:
    key: str
    name: str
    hint: str
    lines: tuple[ListLine, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A share to be signed for, by when, and whether that is over."""

    share: NewAssignment
    due_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class TodayView:
    """`waiting` lies with the head of the unit: in no other list, because nobody but the head can move it.

    `sent_back` is what the head gave back; `petitions` is what the unit asks for and waits for the head, and
    `petitions_back` of that what he gave back; `asked` is what others ask the unit, `asking` what it asks, how that
    stands and whether its day is over.
    """

    day: str
    sentence: str
    sent_back: tuple[SentBack, ...]
    lists: tuple[OwedList, ...]
    waiting: tuple[Envelope, ...]
    new: tuple[Receipt, ...]
    lowered: tuple[LoweredLine, ...]
    later: tuple[ListLine, ...]
    papers: tuple[ServedPaper, ...] = ()
    asked: tuple[Inquiry, ...] = ()
    asking: tuple[tuple[Inquiry, str, bool], ...] = ()
    petitions: tuple[PetitionLine, ...] = ()
    petitions_back: tuple[PetitionLine, ...] = ()


@pages.get("/today")
@allow(Role.LIAISON)
def show() -> ResponseReturnValue:
    now = services().clock.now()
    with services().database.reading() as session:
        view = day_of(session, now=now)
        read = units_read_for(session, actor().unit_id)
        askable = tasks_to_ask_on(session, unit_ids=units_acted_for(session, actor().unit_id))
        everything, handled = unit_tasks(session), handled_tasks(session)
        drafts, jotted = jotted_rows(session, unit_ids=read), jottings_of_units(session, unit_ids=read)
    return render_template(
        "web/today/today.html",
        view=view,
        now=now,
        drafts=drafts,
        jotted=bool(jotted),
        askable=askable,
        everything=everything,
        handled=handled,
    )


def day_of(session: Session, *, now: datetime) -> TodayView:
    """Return what the page lists, for whoever shows it."""
    today, mine = local_day(now), units_acted_for(session, actor().unit_id)
    owed = owed_by_units(session, unit_ids=mine, now=now)
    petitions, petitions_back = lines_that_wait(session), lines_sent_back(session)
    asked = asked_of_units(session, unit_ids=mine)
    own = open_of_askers(session, unit_ids=mine)
    papers = papers_with_units(session, unit_ids=units_read_for(session, actor().unit_id))
    also = Also(
        wanted=sum(one.answer_by <= today and not one.units[0].waiting for one in asked),
        papers=_papers_words(papers, today=today),
        petitions=len(petitions),
        petitions_back=len(petitions_back),
    )
    view = _view(
        date_words(today),
        [list_line(line.in_hand(), now=now, services=services()) for line in owed],
        tuple(sent_back_envelopes(session, unit_ids=mine)),
        tuple(waiting_envelopes(session, unit_ids=mine)),
        tuple(_receipt(share, now=now) for share in new_assignments(session, unit_ids=mine)),
        lowered_lines(session, unit_ids=mine),
        also=also,
    )
    asking = tuple((one, standing_of(one), one.answer_by < today) for one in own)
    view = replace(view, papers=papers, asked=asked, asking=asking)
    return replace(view, petitions=petitions, petitions_back=petitions_back)


@pages.post("/today/acknowledge")
@allow(Role.LIAISON)
def acknowledge_selected() -> ResponseReturnValue:
    """Acknowledge every chosen share; one that ended meanwhile does not hold up the others."""
    chosen = read_form(ReceiptForm).assignment
    done, refused = 0, ""
    for assignment_id in chosen:
        try:
            with services().database.transaction() as session:
                acknowledge(session, assignment_id=assignment_id, actor=actor(), at=services().clock.now())
            done += 1
        except Rejected as error:
            refused = sentence(error)
    words = f"已签收{done}项。" if chosen else "没有勾选任何事项。"
    flash(words + (f"有的事项未能签收：{refused}" if refused else ""))
    return redirect(url_for("today.show"), 303)


def _view(
    day: str,
    lines: list[ListLine],
    sent_back: tuple[SentBack, ...],
    waiting: tuple[Envelope, ...],
    new: tuple[Receipt, ...],
    lowered: tuple[LoweredLine, ...],
    *,
    also: "Also",
) -> TodayView:
    """Put each line into the first list it belongs to; a form that the head gave back is named above the lists."""
    rest = [line for line in lines if not line.awaits_sign_off]
    named = Counter(envelope.period_id for envelope in sent_back)

    def take(name: str) -> tuple[ListLine, ...]:
        taken = tuple(line for line in rest if getattr(line, name))
        rest[:] = [line for line in rest if not getattr(line, name)]
        return taken

    today = OwedList("today", "今日必报", "今天送审，负责人今天可审签", take("is_today"))
    late = OwedList("late", "逾期", "请尽快补报或者补正", take("is_overdue"))
    back = OwedList("back", "退回", "按退回理由补正，补正期内不计逾期", take("has_returned"))
    # What is in no hurry of its own stands there already.
    rest[:] = [line for line in rest if not _is_named(line, named)]
    soon = OwedList("soon", "三日内", "三个工作日内到期", take("is_soon"))
    lists = (today, late, back, soon)
    waits = Waits(len(waiting), sum(line.is_overdue for line in lines if line.awaits_sign_off))
    said = _sentence(lists, sent_back=named, waits=waits, new=new, also=also)
    return TodayView(day, said, sent_back, lists, waiting, new, lowered, tuple(rest))


def _receipt(share: NewAssignment, *, now: datetime) -> Receipt:
    due_at = share.due_at(services().reckoning)
    return Receipt(share, due_at, due_at is not None and due_at <= now)


def _is_named(line: ListLine, named: Collection[int | None]) -> bool:
    """Tell whether all that a line asks of the liaison was given back by the head, and is named with it."""
    return _in_hand_periods(line) <= set(named)


def _in_hand_periods(line: ListLine) -> set[int]:
    """Return the periods of the forms of a line that the liaison can move."""
    return {line.period_id, *(one.period_id for one in line.beside if not one.awaits_sign_off)}


@dataclass(frozen=True, slots=True)
class Waits:
    """How many envelopes wait for the head of the unit, and how many forms that do are overdue meanwhile."""

    envelopes: int
    late: int


@dataclass(frozen=True, slots=True)
class Also:
    """What is to be done beside forms: answers `wanted` by today, `petitions` that wait for the head or came back.

    `papers` says in words what papers of the office ask.
    """

    wanted: int
    papers: str
    petitions: int
    petitions_back: int


def _papers_words(papers: tuple[ServedPaper, ...], *, today: date) -> str:
    """Say what papers ask: 签收文稿1件，答复文稿2件（其中逾期1件）."""
    to_answer = [one for one in papers if one.to_answer]
    late = sum(one.is_late(today) for one in to_answer)
    received = sum(one.to_receive and not one.to_answer for one in papers)
    parts = (
        f"签收文稿{received}件" if received else "",
        f"答复文稿{len(to_answer)}件{f'（其中逾期{late}件）' if late else ''}" if to_answer else "",
    )
    return "，".join(part for part in parts if part)


def _sentence(
    lists: tuple[OwedList, ...], *, sent_back: Counter[int | None], waits: Waits, new: Sequence[Receipt], also: Also
) -> str:
    """Say what must leave the unit today; what the head gave back counts there alone, `sent_back` by its period."""
    today, late, back, _soon = (sum(not _is_named(line, sent_back) for line in listed.lines) for listed in lists)
    over = sum(_is_named(line, sent_back) for line in lists[1].lines)
    given_back = f"改好负责人退回的{sent_back.total()}份" + (f"（其中逾期{over}份）" if over else "")
    ending = sum(any(one.is_today for one in line.beside) for line in lists[1].lines)
    ends = f"（其中{ending}份另有今天到期的）" if ending else ""
    unsigned = sum(one.late for one in new)
    past = f"（{'均' if unsigned == len(new) else f'其中{unsigned}项'}已过签收时限）" if unsigned else ""
    receipts = f"签收新交办{len(new)}项{past}" if new else ""
    parts = [
        receipts if unsigned else "",
        given_back if sent_back else "",
        f"改好负责人退回的申请{also.petitions_back}项" if also.petitions_back else "",
        f"今天要报出{today}份" if today else "",
        f"补报或补正{late}份逾期的{ends}" if late else "",
        f"改好退回的{back}份" if back else "",
        "" if unsigned else receipts,
        also.papers,
        f"反馈协办{also.wanted}件" if also.wanted else "",
    ]
    said = "，".join(part for part in parts if part) or "今天没有必须报出的"
    late_words = f"，其中逾期{waits.late}份，请提醒尽快审签" if waits.late else ""
    waiting = [f"{waits.envelopes}份" if waits.envelopes else "", f"申请{also.petitions}项" if also.petitions else ""]
    named = "、".join(filter(None, waiting))
    return said + (f"；另有{named}等本单位负责人审签{late_words}。" if named else "。")
