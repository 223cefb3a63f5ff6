"""The lists of 「今天」 one under the other, as its workbook has them: which list, what, until when, how it stands."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from tracker.domain.calendar import local_day
from tracker.domain.deadlines import due_day
from tracker.gateways.ledger_files import Cell
from tracker.store.queries.co_issuers import CoIssuer
from tracker.store.queries.envelopes import Envelope
from tracker.store.queries.inquiry_views import Inquiry
from tracker.store.queries.namings import Naming
from tracker.store.queries.receipts import NewAssignment
from tracker.store.queries.sent_back import SentBack
from tracker.store.queries.served_papers import ServedPaper
from tracker.web.asked_together import past_words
from tracker.web.list_exports import owed_back, owed_items, owed_state
from tracker.web.objections import LoweredLine
from tracker.web.petition_lines import PetitionLine
from tracker.web.presentation import ListLine
from tracker.web.scoring_waits import MonthWait
from tracker.web.today import TodayView
from tracker.wording.catalogue import CLAIMS, ENVELOPE_NAMES, REQUEST_KINDS
from tracker.wording.codes import CIRCULAR_NAMES
from tracker.wording.periods import period_label
from tracker.wording.work import part_words

# Heads with the widths of their columns.
COLUMNS = {"序号": 6, "清单": 20, "内容": 60, "文件": 22, "期次": 16, "时限": 14, "情况": 40, "退回意见": 40}
_Row = Sequence[Cell]
_WAITS = "待本单位负责人审签"


def rows_of_day(
    view: TodayView, *, months: Iterable[MonthWait], countersigns: Iterable[CoIssuer], namings: Iterable[Naming]
) -> Iterator[_Row]:
    """Yield what the page lists, in its order: also months of evaluation, joint papers, what papers would say."""
    for back in view.sent_back:
        yield "负责人退回", *_sent_back(back)
    for listed in view.lists:
        yield from ((listed.name, *_owed(line)) for line in listed.lines)
    yield from (("月度考评", f"{one.name}考评：{one.todo}", "", "", one.until or "", _over(one), "") for one in months)
    yield from (("联合印发文稿待会签", *_countersign(one)) for one in countersigns)
    yield from (("拟通报内容待核对", one.words, one.title, "", one.answer_by, "待核对", "") for one in namings)
    yield from (("文稿待签收、待答复", *_paper(one)) for one in view.papers)
    yield from (("领导批示" if one.instruction_id else "协办", *_asked(one)) for one in view.asked)
    asking = ((one, standing) for one, standing, _over in view.asking)
    yield from (("本单位提请的协办", *_inquiry(one, standing)) for one, standing in asking)
    yield from (("待审签", *_waiting(one)) for one in view.waiting)
    yield from (("负责人退回的申请", *_petition(one)) for one in view.petitions_back)
    yield from (("申请待审签", *_petition(one)) for one in view.petitions)
    yield from (("新交办", *_new(one.share, one.due_at)) for one in view.new)
    yield from (("核定低于自报", *_lowered(one)) for one in view.lowered)
    yield from (("以后", *_owed(line)) for line in view.later)


def _owed(line: ListLine) -> _Row:
    return owed_items(line), line.source, line.period, line.due_on, owed_state(line), owed_back(line)


def _sent_back(one: SentBack) -> _Row:
    what = "；".join(f"{row.label} {row.title}" if row.task_id else "其他配合事项" for row in one.rows)
    due: Cell = due_day(one.due_at) if one.due_at else ""
    return what, one.document_number, _period(one.code), due, "改好再送", one.reason or ""


def _over(one: MonthWait) -> str:
    return "已过期限" if one.over else ""


def _countersign(one: CoIssuer) -> _Row:
    named = " ".join(filter(None, (CIRCULAR_NAMES[one.type], one.number)))
    return one.title, named, "", one.answer_by or "", "由本单位负责人会签", ""


def _paper(one: ServedPaper) -> _Row:
    todo = _WAITS if one.to_sign else "、".join(["待签收"] * one.to_receive + ["待答复"] * one.to_answer)
    named = f"{CIRCULAR_NAMES[one.type]} {one.number}"
    return one.title, named, "", one.answer_on or "", todo, one.sent_back_because or ""


def _asked(one: Inquiry) -> _Row:
    unit = one.units[0]
    standing = _WAITS if unit.waiting else "负责人退回，改后再送" if unit.sent_back else "待反馈"
    return _inquiry(one, "，".join(part for part in (standing, past_words(one)) if part))


def _inquiry(one: Inquiry, standing: str) -> _Row:
    return one.words, f"{one.document_number} {one.item_label}", "", one.answer_by, standing, ""


def _waiting(one: Envelope) -> _Row:
    rows = "；".join(f"{row.label} {row.title}" for row in one.rows)
    due: Cell = due_day(one.due_at) if one.due_at else ""
    kind = "" if one.period_id else ENVELOPE_NAMES[one.called]
    return rows or "其他配合事项", one.document_number or kind, _period(one.code), due, f"{one.written_by}送审", ""


def _petition(line: PetitionLine) -> _Row:
    one = line.about
    what = f"{REQUEST_KINDS[one.kind]}：{one.item_label} {one.item_title}"
    # `until` is the first moment at which it cannot leave any more.
    return what, one.document_number, _period(one.period_code), due_day(line.until), one.reason, one.ended_reason or ""


def _new(one: NewAssignment, due_at: datetime | None) -> _Row:
    role = part_words(one.role, one.duty)
    issued: Cell = f"{role}，{local_day(one.issued_at):%Y-%m-%d}交办" if one.issued_at else role
    return f"{one.item_label} {one.item_title}", one.document_number, "", due_day(due_at) if due_at else "", issued, ""


def _lowered(line: LoweredLine) -> _Row:
    one = line.claim
    said = f"自报{CLAIMS[one.own]}，核定{CLAIMS[one.verified]}"
    what = f"{one.item_label} {one.item_title}"
    return what, one.document_number, _period(one.period_code), line.until, said, one.verified_reason or ""


def _period(code: str | None) -> str:
    return period_label(code) if code else ""
