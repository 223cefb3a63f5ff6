"""A task of the ledger in words, the same on the page, as a workbook and as CSV."""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tracker.domain.calendar import local_day
from tracker.domain.courts import Holder
from tracker.domain.deadlines import due_day
from tracker.domain.entered import number_text
from tracker.domain.items import printed_label
from tracker.domain.light_kinds import worst
from tracker.gateways.ledger_files import Cell
from tracker.store.queries.task_ledger import Due, FactValue, LastFact, LedgerTask
from tracker.web.clocks import ShownLight, shown_light
from tracker.web.told_of_leads import told_of
from tracker.wording.catalogue import CADENCES, LEAD_BASES
from tracker.wording.moments import due_words
from tracker.wording.periods import period_label
from tracker.wording.task_ledger import MOST_UNSIGNED, ROLE_NAMES, court_words, since_words, unsigned_words
from tracker.wording.work import month_day, work_sentence

# Heads of the exported table with their widths; the same for whoever exports, whichever columns the page shows.
EXPORTED: Mapping[str, int] = {
    "序号": 6,
    "文号": 20,
    "条款": 12,
    "事项": 30,
    "原文": 60,
    "重点": 16,
    "牵头单位": 18,
    "配合单位": 30,
    "责任类别": 10,
    "未签收": 30,
    "本单位": 8,
    "办理情况": 22,
    "时限灯": 8,
    "时限灯说明": 36,
    "进度灯": 8,
    "进度灯说明": 30,
    "配合单位灯": 10,
    "配合单位灯说明": 36,
    "球在谁手里": 18,
    "自何时": 12,
    "最近一条实事": 60,
    "实事单位": 14,
    "实事日期": 12,
    "最近数值": 30,
    "应报期次": 14,
    "应报时限": 14,
    "另应报": 30,
    "办结时限": 12,
    "频次": 14,
    "经办": 20,
}


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What a line shows; `lights` are both, the worse first, or the one that stands for both, each with its head.

    `dues` are what is owed, the period and by when.

    `support_light` is the one of all units that do not lead and are late to sign, None where none is, for a unit's
    people their own; `unsigned` names whoever else has not signed.
    """

    task_id: int
    document_id: int
    document: str
    label: str
    title: str
    key_reason: str | None
    leads: str
    supports: tuple[str, ...]
    basis: str
    unsigned: str
    own: str
    writable: bool
    work: str
    time: ShownLight
    progress: ShownLight
    lights: tuple[tuple[str, ShownLight], ...]
    support_light: ShownLight | None
    court: str
    since: str
    fact: str
    fact_on: date | None
    fact_of: str
    values: str
    dues: tuple[tuple[str, str], ...]
    deadline: str
    rhythm: str
    handler: str


def ledger_line(
    task: LedgerTask,
    fact: LastFact | None,
    rhythms: Sequence[str],
    *,
    today: date,
    of: Collection[int] | None = None,
) -> LedgerLine:
    """Put a task into words; how it stands by those of its leads that are asked for, or by all."""
    standing = task.standing
    told = told_of(standing, today=today, of=of)
    return LedgerLine(
        task_id=standing.task_id,
        document_id=standing.document_id,
        document=standing.document,
        label=printed_label(standing.label),
        title=standing.title,
        key_reason=task.key_reason,
        leads="、".join(task.leads.values()),
        supports=tuple(task.supports.values()),
        basis=LEAD_BASES[task.lead_basis],
        unsigned=unsigned_words(_unsigned(task, but=task.standing.support_lights), today=today),
        own=ROLE_NAMES.get(task.own_role or "", ""),
        writable=task.writable,
        work=told.work,
        time=told.time,
        progress=told.progress,
        lights=told.lights,
        support_light=_of_supports(task, today=today),
        court=court_words(task.court),
        since=since_words(task.court, today=today),
        fact=fact.text if fact else "",
        fact_on=local_day(fact.at) if fact else None,
        fact_of=fact.unit if fact else "",
        values="；".join(_value(one, today=today) for one in fact.values) if fact else "",
        dues=tuple((period_label(one.code), _due_by(one, today=today)) for one in task.dues),
        deadline=month_day(task.deadline_on, today=today) if task.deadline_on else "",
        rhythm="、".join(CADENCES[kind] for kind in rhythms),
        handler=task.handler.named if task.handler else "",
    )


def _due_by(due: Due, *, today: date) -> str:
    return "待督查室批复" if due.stopped else f"{due_words(due.at, today=today)}前"


def _of_supports(task: LedgerTask, *, today: date, most: int | None = MOST_UNSIGNED) -> ShownLight | None:
    """Show the light of the units that do not lead and whose receipts the viewer reads: one, however many are late."""
    lit = task.standing.support_lights
    late = {one.unit: one.due_at for unit_id, one in task.unsigned.items() if unit_id in lit}
    if not late:
        return None
    shown = shown_light(worst(lit.values()), today=today)
    return replace(shown, why=unsigned_words(late, today=today, most=most))


def _unsigned(task: LedgerTask, *, but: Container[int] = ()) -> Mapping[str, datetime]:
    return {one.unit: one.due_at for unit_id, one in task.unsigned.items() if unit_id not in but}


def _value(told: FactValue, *, today: date) -> str:
    on = f"（截至{month_day(told.value_on, today=today)}）" if told.value_on else ""
    return f"{told.metric}{number_text(told.value)}{told.unit or ''}{on}"


def found_in(task: LedgerTask, fact: LastFact | None, words: str) -> bool:
    """Tell whether all words stand somewhere in a line: its document, clause, words, units, fact and its standing."""
    standing = task.standing
    said = [
        standing.document,
        standing.label,
        standing.title,
        task.text,
        task.key_reason or "",
        *task.leads.values(),
        *task.supports.values(),
        task.handler.named if task.handler else "",
        work_sentence(standing.work),
        court_words(task.court) if task.court.holder is not Holder.ENDED else "",
        *((fact.text, fact.unit, *(value.metric for value in fact.values)) if fact else ()),
    ]
    text = "\n".join(said).casefold()
    return all(word in text for word in words.casefold().split())


def exported_row(number: int, task: LedgerTask, line: LedgerLine, *, today: date) -> list[Cell]:
    """Return the cells of a line for a table, under `EXPORTED`; its days can be sorted and filtered."""
    support = _of_supports(task, today=today, most=None)
    since, due = task.court.since, task.due
    period, due_by = line.dues[0] if line.dues else ("", "")
    return [
        number,
        line.document,
        line.label,
        line.title,
        task.text,
        line.key_reason or "",
        line.leads,
        "、".join(line.supports),
        line.basis,
        unsigned_words(_unsigned(task), today=today, most=None),
        line.own,
        line.work,
        line.time.name,
        line.time.why,
        line.progress.name,
        line.progress.why,
        support.name if support else "",
        support.why if support else "",
        line.court,
        local_day(since) if since else "",
        line.fact,
        line.fact_of,
        line.fact_on or "",
        line.values,
        period,
        "" if due is None else due_by if due.stopped else due_day(due.at),
        "；".join("，".join(other) for other in line.dues[1:]),
        task.deadline_on or "",
        line.rhythm,
        line.handler,
    ]
