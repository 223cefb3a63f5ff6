"""What stands before a month's ranking, and what comes next for whoever looks at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from tracker.domain.calendar import full_date, local_day
from tracker.domain.quoting import quoted
from tracker.domain.scoring.counting import contradicting
from tracker.domain.scoring.doubts import over_whole
from tracker.domain.scoring.entries import What, inputs_of, kind_names
from tracker.domain.scoring.months import MonthState, ObjectionState
from tracker.domain.scoring.questions import CIRCULAR_DUE, Point
from tracker.domain.scoring.written import evaluate, standing_before
from tracker.store.queries.scoring import entry_of, material_corrected, objection_rows
from tracker.store.queries.scoring_objections import owed_objections
from tracker.store.queries.scoring_rules import answers_beside
from tracker.web.access import services
from tracker.web.scoring_objections import owed_by_viewer
from tracker.web.scoring_records import Beside, beside_records
from tracker.web.scoring_views import MonthSeen, is_office
from tracker.wording.score_views import lacking_words


@dataclass(frozen=True, slots=True)
class Progress:
    """What stands before a month's ranking, or its next one: open questions, missing figures, objections by their ids.

    Of a published month that is being corrected it is what stands before its corrected result, from all that was
    handed in; `changes` is whether that result is another than the one that was published.

    `objections` wait for their answer, `owed` hold and were not carried out.
    `silent` are the names of kinds of which nobody told anything; `contradicting` name what stands there twice with
    different numbers.
    """

    asked: int
    lacking: tuple[str, ...]
    for_circular: int
    objections: tuple[int, ...]
    owed: tuple[int, ...]
    over: int
    silent: tuple[str, ...]
    contradicting: tuple[str, ...]
    changes: bool

    @property
    def complete(self) -> bool:
        return not (self.asked or self.lacking or self.silent or self.contradicting)

    @property
    def keepable(self) -> bool:
        return self.complete and not self.objections and not self.owed


def progress_of(session: Session, seen: MonthSeen) -> Progress:
    """Return what stands before a month's ranking, its freezing and its circular."""
    now = seen.evaluated
    if seen.correction is not None:  # as `freeze_correction` computes it
        now = evaluate(material_corrected(session, seen.row), seen.scheme)
    points = {one.code: one.point for one in seen.scheme.questions}
    decided = {one.question for one in answers_beside(session, seen.row, seen.scheme)}
    open_ = [one.id or 0 for one in objection_rows(session, seen.id) if one.state == ObjectionState.OPEN.value]
    return Progress(
        asked=len(standing_before(now)),
        lacking=tuple(lacking_words(seen.scheme, now.result)),
        contradicting=tuple(words for words, _ in contradictions(seen)),
        for_circular=sum(points[code] is Point.OFFICE and code not in decided for code in now.result.asked),
        objections=tuple(open_),
        owed=tuple(one.row.id or 0 for one in owed_objections(session, seen.row, seen.rules)),
        over=len(over_whole(seen.rules, now.inputs)),
        silent=tuple(kind_names(seen.scheme)[what] for what in seen.silent),
        changes=now is not seen.evaluated and now.text != seen.evaluated.text,
    )


def contradictions(seen: MonthSeen) -> list[tuple[str, What]]:
    """Name what stands among a month's inputs twice with different numbers, each with what it is; no page counts it."""
    entries = [entry_of(row) for row in seen.standing]
    whats = {(one.object, one.code, one.reference): one.what for one in entries}
    units, kinds = {one.unit: one.name for one in seen.scheme.objects}, kind_names(seen.scheme)
    found = sorted(contradicting(inputs_of(seen.month, entries)))
    return [(f"{units[one[0]]}{kinds[whats[one]]}{quoted(one[2])}", whats[one]) for one in found]


def may_freeze(seen: MonthSeen, progress: Progress) -> bool:
    """Whether freezing is offered: for two of the reasons of `freeze_month` it may still be refused.

    Records that no mark counts are asked about where it is confirmed (RecordsUncounted); a part above its whole is
    refused when it is handed in, and otherwise there (PartOverWhole).
    """
    return seen.state is MonthState.CHECK and days_left(seen) is None and progress.keepable


def may_keep_correction(seen: MonthSeen, progress: Progress) -> bool:
    """Whether keeping a corrected result is offered: as `may_freeze` of a month, and only where it is another."""
    return seen.correction is not None and progress.keepable and progress.changes


def todo_of(session: Session, seen: MonthSeen, beside: Beside | None = None) -> tuple[str, bool]:
    """Say what comes next for the viewer, and whether it is his to do.

    `beside` is how the month stands beside the records of projects, where the caller knows it.
    """
    if is_office():
        return _office_todo(session, seen, beside_records(session, seen) if beside is None else beside)
    if owed := owed_by_viewer(session, seen):
        return f"更正数据：{len(owed)}件异议属实，待更正", True
    if twice := [words for words, what in contradictions(seen) if what in seen.party.supplies and seen.takes_inputs]:
        return f"更正数据：{'、'.join(twice)}报了两次，数不一致，撤回报错的", True
    if seen.takes_inputs and (said := _own_missing(seen)):
        if seen.correction is not None:
            return f"补报更正所缺的数据：{said}", True
        by = full_date(seen.row.inputs_by)
        asked = f"数据报送期限{by}已过，请尽快报送" if inputs_late(seen) else f"{by}（含）前报送数据"
        return f"{asked}：{said}", True
    if seen.state is MonthState.CHECK and days_left(seen) is None:
        return f"核对期已于{full_date(seen.row.check_until or seen.row.inputs_by)}结束，等待督查室冻结结果", False
    if seen.state is MonthState.CHECK and seen.own:
        return f"核对本单位得分，{full_date(seen.row.check_until or seen.row.inputs_by)}（含）前可以提出异议", True
    return _WAITS[seen.state], False


def inputs_late(seen: MonthSeen) -> bool:
    """Whether the last day for a month's inputs is over."""
    return local_day(services().clock.now()) > seen.row.inputs_by


def _own_missing(seen: MonthSeen) -> str:
    """Say what the viewer has yet to hand in; empty where nothing.

    Kinds that the office took as not having happened are asked for while the month is collected only.
    """
    asked = None if seen.state is MonthState.COLLECTING else {*seen.silent}
    missing = sum(one.wanted - one.there for one in seen.own_suppliers)
    silent = sum(asked is None or what in asked for one in seen.own_suppliers for what in one.silent)
    parts = [f"还缺{missing}个数" if missing else "", f"{silent}类事项没有报" if silent else ""]
    return "，".join(filter(None, parts))


_WAITS: Mapping[MonthState, str] = {
    MonthState.COLLECTING: "正在收集数据",
    MonthState.DRAFT: "督查室正在核对排名初稿",
    MonthState.CHECK: "各考评对象核对，督查室答复异议",
    MonthState.FROZEN: "等待印发通报",
    MonthState.ISSUED: "已经印发",
}


def _office_todo(session: Session, seen: MonthSeen, beside: Beside) -> tuple[str, bool]:
    if seen.state is MonthState.FROZEN:
        return "印发月度考评通报", True
    found = progress_of(session, seen)
    count = "从项目台账计数" if beside.uncounted else ""
    if seen.correction is not None:
        keep = "冻结更正结果" if may_keep_correction(seen, found) else ""
        said = "，".join(filter(None, (count, _waits_in(seen, found) or keep)))
        return f"更正已通报的结果：{said or '收到更正的数据后冻结更正结果'}", True
    if seen.state is MonthState.ISSUED:
        return _published_todo(seen, found)
    said, ready = _waits_in(seen, found), ("等待核对期满", False)
    if said or seen.state is not MonthState.CHECK:
        steps = {MonthState.COLLECTING: "形成排名初稿", MonthState.DRAFT: "送各考评对象核对"}
        ready = said or steps[seen.state], True
    elif may_freeze(seen, found):
        ready = "冻结", True
    return (f"{count}，{ready[0]}", True) if count else ready


def _waits_in(seen: MonthSeen, found: Progress) -> str:
    """Say what has to come before a result is kept, of a month and of its correction alike; empty where nothing."""
    missing = found.lacking or found.silent
    late = missing and seen.state is MonthState.COLLECTING and inputs_late(seen)
    parts = (
        f"决定疑义{found.asked}项" if found.asked else "",
        f"数据报送期限{full_date(seen.row.inputs_by)}已过" if late else "",
        f"收齐数据，还缺{len(found.lacking)}个" if found.lacking else "",
        f"收齐事项，{len(found.silent)}类没有报" if found.silent else "",
        _answers(found),
        f"核对报数不一致的事项{len(found.contradicting)}件" if found.contradicting else "",
        _owed(found),
    )
    return "，".join(filter(None, parts))


def _answers(found: Progress) -> str:
    return f"答复异议{len(found.objections)}件" if found.objections else ""


def _owed(found: Progress) -> str:
    return f"落实属实的异议{len(found.owed)}件" if found.owed else ""


def _published_todo(seen: MonthSeen, found: Progress) -> tuple[str, bool]:
    """Say what the office does about a published month: whoever objects is answered, and who is right is corrected."""
    answer, owed = _answers(found), _owed(found)
    if seen.to_publish is not None:
        later = f"印发以后再开始一次更正，{owed}" if owed else ""
        return "，".join(filter(None, (answer, "印发更正后的月度考评通报", later))), True
    waits = "，".join(filter(None, (answer, f"{owed}：先开始更正本月结果" if owed else "")))
    return waits or _WAITS[seen.state], bool(waits)


def circular_due(session: Session, seen: MonthSeen) -> date | None:
    """Return by which day the month's circular goes out, as it was decided; None where no day was, or it is out."""
    if seen.state is MonthState.ISSUED:
        return None
    beside = {one.question: one.number for one in answers_beside(session, seen.row, seen.scheme)}
    number = beside.get(CIRCULAR_DUE)
    return None if number is None else (seen.month.last_day + timedelta(days=1)).replace(day=int(number))


def days_left(seen: MonthSeen) -> int | None:
    """Return how many working days of the window for objections are left, today included; None where it is shut."""
    today, until = local_day(services().clock.now()), seen.row.check_until
    if seen.state is not MonthState.CHECK or until is None or today > until:
        return None
    return services().calendar.workdays_between(today - timedelta(days=1), until)


def takes_objections(seen: MonthSeen) -> bool:
    """Tell whether `object_to_marks` takes one now: within the window, and of what was published at any time."""
    return days_left(seen) is not None or seen.state is MonthState.ISSUED
