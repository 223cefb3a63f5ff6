"""Import an Excel ledger: checked first, every row accounted for, then carried out whole or not at all."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.accounts import Role
from tracker.domain.downloads import XLSX, Fetched
from tracker.domain.errors import BadInput, Rejected
from tracker.domain.ledger_sheets import RowKind, Sheet
from tracker.domain.ledger_updates import Difference, Differs, Fate, PlannedRow, Since
from tracker.domain.ledgers import LedgerHead, check_head
from tracker.gateways.ledger_files import NAMED_RHYTHMS, workbook
from tracker.gateways.ledger_sheets import read_sheets
from tracker.gateways.upload_inspection import EmptyFile, clean_name
from tracker.web.access import allow
from tracker.web.downloads import send_made
from tracker.web.forms import Form, Texts, Words, read_form
from tracker.web.ledger_plans import Check, HandedIn, carry_out, checked, handed_in, read_again, ticket_of
from tracker.web.ledgers import HeadForm
from tracker.web.uploads import keep_upload
from tracker.wording.catalogue import CADENCES
from tracker.wording.ledger_import import (
    COLUMN_OF,
    SINCE_NAMES,
    fate_name,
    fate_words,
    filled_words,
    row_words,
    sheet_words,
    sum_words,
)
from tracker.wording.refusals import sentence

pages = Blueprint("ledger_import", __name__)
_LARGEST_BYTES = 20 * 1024 * 1024
_TAKE, _LEAVE = "take", "leave"
_REPORT = ("工作表", "行", "结果", "说明", "序号", "事项", "牵头单位", "配合单位", "时限")
_WIDTHS = (16, 8, 18, 60, 8, 50, 24, 36, 14)


class FaultyRowsLeft(BadInput):
    """Some rows are faulty, and nobody said that the others are to be imported without them; facts: count."""

    code = "faulty_rows_left"


class RowsUndecided(BadInput):
    """Of some rows nobody said whether they are taken; facts: count."""

    code = "rows_undecided"


class DecisionForm(Form):
    """What is chosen for all rows of a kind, and for single ones by their places."""

    ticket: Words = Field(title="核对结果")
    without_faulty: Words = Field(title="有误的行")
    all_plain: Words = Field(title="台账改动")
    all_disputed: Words = Field(title="系统中已变")
    place: Texts = Field(title="行")
    choice: Texts = Field(title="采用")


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    column: str
    since: str
    now: str
    wanted: str


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row of the report; `kind` is for which choice for all it counts."""

    place: str
    fate: str
    words: str
    title: str
    task_id: int | None
    kind: str
    differences: tuple[DifferenceLine, ...]


@pages.post("/ledgers/import")
@allow(Role.SUPERVISOR)
def check() -> ResponseReturnValue:
    """Say what an import would do; where there is nothing to say or to decide, do it."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise EmptyFile()
    form, name = read_form(HeadForm), clean_name(file.filename)
    head = LedgerHead(form.source or "台账", form.number, form.title, form.issued_on)
    check_head(head)
    sheets: list[Sheet] = []

    def inspect(path: Path) -> None:
        sheets.extend(read_sheets(path, name=name))

    stored = keep_upload(file, max_bytes=_LARGEST_BYTES, inspect=inspect)
    found = checked(HandedIn(head, name, stored.sha256), tuple(sheets))
    if _is_plain(found):
        return _done(found, frozenset(), shown=handed_in(ticket_of(found))[1])
    return _page(found)


@pages.post("/ledgers/import/carry-out")
@allow(Role.SUPERVISOR)
def take_over() -> ResponseReturnValue:
    """Carry out what was checked, all of it or nothing."""
    form = read_form(DecisionForm)
    of, shown = handed_in(form.ticket)
    found = checked(of, read_again(of))
    try:
        return _done(found, _taken(found, form), shown=shown)
    except (BadInput, Rejected) as error:
        return _page(found, form, error), 400 if isinstance(error, BadInput) else 409


@pages.get("/ledgers/import/report.xlsx")
@allow(Role.SUPERVISOR)
def report() -> ResponseReturnValue:
    """Return the check as a workbook: a row for each row of the file."""
    of, _shown = handed_in(request.args.get("ticket", ""))
    found = checked(of, read_again(of))
    made = workbook(_table(found), title="核对报告", columns=_REPORT, widths=_WIDTHS)
    return send_made(made, name="台账核对报告.xlsx", media_type=XLSX, what=Fetched.LIST, of=None, title="台账核对报告")


def _is_plain(found: Check) -> bool:
    """Tell whether every row is a new task, a blank or a heading, and nothing of the file needs a word."""
    plain = all(one.fate is Fate.NEW or one.row.kind in (RowKind.BLANK, RowKind.HEADING) for one in found.plan.rows)
    return plain and not found.plan.absent and not _remarks(found)


def _remarks(found: Check) -> list[str]:
    said = [words for sheet in found.sheets for words in sheet_words(sheet)]
    return said + filled_words([one.row for one in found.plan.rows])


def _taken(found: Check, form: DecisionForm) -> frozenset[str]:
    """Return the places of the rows that are taken. Raises FaultyRowsLeft, RowsUndecided."""
    if found.faulty and form.without_faulty != "yes":
        raise FaultyRowsLeft(count=len(found.faulty))
    chosen = _chosen(form)
    decided = {one.row.place: _decision(one, form, chosen) for one in found.asking}
    undecided = [place for place, choice in decided.items() if choice not in (_TAKE, _LEAVE)]
    if undecided:
        raise RowsUndecided(count=len(undecided), first=undecided[0])
    return frozenset(place for place, choice in decided.items() if choice == _TAKE)


def _chosen(form: DecisionForm) -> Mapping[str, str]:
    return dict(zip(form.place, form.choice, strict=False))


def _decision(one: PlannedRow, form: DecisionForm, chosen: Mapping[str, str]) -> str:
    return chosen.get(one.row.place, "") or (form.all_disputed if _kind(one) == "disputed" else form.all_plain)


def _kind(one: PlannedRow) -> str:
    return "disputed" if one.is_disputed or one.fate is Fate.OTHER_WORDS else "plain"


def _done(found: Check, taken: frozenset[str], *, shown: str) -> ResponseReturnValue:
    draft_id = carry_out(found.of, found.sheets, taken=taken, shown=shown)
    changed = sum(one.row.place in taken for one in found.plan.of(Fate.DIFFERS))
    new = len(found.plan.of(Fate.NEW)) + sum(one.row.place in taken for one in found.plan.of(Fate.OTHER_WORDS))
    said = [f"已登记{new}个事项，核对后由另一位督查员立项" if new else "没有新事项"]
    said += [f"按台账更新{changed}个事项"] if changed else ["原有事项没有改动"] if not new else []
    flash(f"{'；'.join(said)}。{sum_words(found.plan.rows)}。")
    target = url_for("drafts.show", draft_id=draft_id) if draft_id is not None else url_for("ledgers.form")
    return redirect(target, 303)


def _page(found: Check, form: DecisionForm | None = None, error: BadInput | Rejected | None = None) -> str:
    lines = {name: [_line(found, one) for one in rows] for name, rows in _parts(found).items()}
    return render_template(
        "web/drafts/ledger_check.html",
        found=found,
        sum=sum_words(found.plan.rows),
        remarks=_remarks(found),
        counts=Counter(_kind(one) for one in found.asking),
        new=len(found.plan.of(Fate.NEW)),
        ticket=ticket_of(found),
        given=form,
        chosen=_chosen(form) if form else {},
        error=sentence(error) if error else "",
        refused_row=error.facts.get("row", error.facts.get("first", "")) if error else "",
        **lines,
    )


def _parts(found: Check) -> Mapping[str, Sequence[PlannedRow]]:
    told = (Fate.DRAFTED_OTHERWISE, Fate.NOT_ISSUED, Fate.ENDED, Fate.UNKNOWN_UNIT)
    asking = {one.row.place for one in found.asking}
    others = [one for one in found.plan.of(Fate.DIFFERS, Fate.OTHER_WORDS) if one.row.place not in asking]
    return {
        "asking": found.asking,
        "faulty": found.faulty,
        "skipped": [one for one in found.plan.rows if one.row.kind is RowKind.SKIPPED],
        "told": [*found.plan.of(*told), *others],
    }


def _line(found: Check, one: PlannedRow) -> RowLine:
    entry = one.row.entry
    return RowLine(
        place=one.row.place,
        fate=fate_name(one),
        words="；".join(_words(found, one)),
        title=entry.words if entry else "",
        task_id=one.task.task_id if one.task else None,
        kind=_kind(one),
        differences=tuple(_difference(found, difference) for difference in one.differences),
    )


def _words(found: Check, one: PlannedRow) -> Iterator[str]:
    said = (
        row_words(one.row, rhythms=tuple(NAMED_RHYTHMS)),
        fate_words(one),
        found.refused.get(one.row.place, "").rstrip("。"),
        "频次请在事项页面调整" if any(difference.what is Differs.RHYTHM for difference in one.differences) else "",
    )
    return (words for words in said if words)


def _difference(found: Check, one: Difference) -> DifferenceLine:
    since = SINCE_NAMES[one.since] if one.since is not Since.LEDGER or one.what is not Differs.RHYTHM else ""
    return DifferenceLine(COLUMN_OF[one.what], since, _named(found, one, one.now), _named(found, one, one.wanted))


def _named(found: Check, one: Difference, value: str) -> str:
    """Name the units of a difference, its rhythms or its day."""
    if one.what is Differs.DUE or not value:
        return value or "（空）"
    names = found.names if one.what is not Differs.RHYTHM else CADENCES
    return "、".join(names.get(code, code) for code in value.split("、"))


def _table(found: Check) -> Iterator[list[str | int]]:
    for one in found.plan.rows:
        entry = one.row.entry
        differ = (_difference(found, difference) for difference in one.differences)
        said = [*_words(found, one), *(f"{line.column}：{line.now}→{line.wanted}（{line.since}）" for line in differ)]
        row: list[str | int] = [one.row.sheet, one.row.number, fate_name(one), "；".join(said)]
        if entry is not None:
            due = entry.due_on.isoformat() if entry.due_on else ""
            row += [entry.label, entry.words, "、".join(entry.leads), "、".join(entry.supports), due]
        yield row + [""] * (len(_REPORT) - len(row))
    yield ["", "", "合计", sum_words(found.plan.rows), "", "", "", "", ""]
    for words in _remarks(found):
        yield ["", "", "说明", words, "", "", "", "", ""]
