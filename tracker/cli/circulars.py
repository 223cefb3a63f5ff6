"""`flask circular TYPE`: circulars as Word files, rendered from the data as of a cut-off, without issuing them."""

import json
from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlmodel import Session

from tracker.cli.options import LOCAL_TIME, one_line_on_failure, refuse_future
from tracker.cli.score_months import SCHEME, month_row
from tracker.computing import compute_as_of
from tracker.data_directory import naming
from tracker.domain.calendar import local_day
from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.days import day_from_issue, with_answer_day
from tracker.domain.circulars.kinds import CircularType
from tracker.gateways import office_suite
from tracker.paper.annex_columns import column_names
from tracker.paper.circulars import Draft
from tracker.paper.letterheads import Letterhead, letterhead
from tracker.paper.press import press
from tracker.rankings import ranking_head
from tracker.services import Services
from tracker.store.history.contents import turned_after
from tracker.store.history.facts import find_unit
from tracker.store.history.log import cut
from tracker.store.queries.circulars import document_title, last_running_number
from tracker.wording.codes import CIRCULAR_NAMES


def circular_commands(services: Services) -> AppGroup:
    group = AppGroup("circular", help="Documents that go out, as Word files.")
    for kind in CircularType:
        group.add_command(_circular_of(services, kind))
    return group


def _circular_of(services: Services, kind: CircularType) -> click.Command:
    @click.command(
        kind.value, help=f"{CIRCULAR_NAMES[kind.value]}: rendered with the number that was next at the cut-off."
    )
    @click.option("--as-of", required=True, type=LOCAL_TIME, help="data cut-off, e.g. 2022-11-01T09:00")
    @click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
    @click.option("--unit", help="the unit it is written to, by any of its names")
    @click.option("--document", help="the document it is about, e.g. 驻政办〔2022〕48号")
    @click.option("--month", help="the month of evaluation that it is about, e.g. 2022-09")
    @SCHEME
    @click.option("--office", default="", help="whose paper, as in templates/circulars/offices.toml")
    @click.option("--json", "as_json", is_flag=True, help="print figures, tables and sentences as JSON beside the file")
    @one_line_on_failure
    def render(as_of: datetime, out: Path, office: str, as_json: bool, **about: str | None) -> None:
        refuse_future(as_of, now=services.clock.now())
        if not out.parent.is_dir():  # before seconds are spent on what could not be kept
            raise click.ClickException(f"{out.parent}不存在，或者不是文件夹。请先建立，或者改写 --out。")
        day = local_day(as_of)
        with services.database.reading() as session:
            scope = _scope(session, kind, **about)
            head = _head(session, kind, scope, office=office, as_of=as_of)
            running = last_running_number(session, series=head.series, year=day.year, by=as_of) + 1
            computed = compute_as_of(services, session, kind, head, scope=scope, as_of=as_of)
            until = cut(session, as_of=as_of)
            calendar = services.calendar.before(turned_after(session, until))
        seen, draft, number = until.last_event, computed.worded, head.number(day.year, running)
        content = with_answer_day(computed.told, day_from_issue(day, calendar))
        page_lines = office_suite.page_lines if office_suite.is_present() else None
        printed = press(draft, content, head, number=number, dated_on=day, page_lines=page_lines)
        with naming(out):
            out.write_bytes(printed.docx)
        if as_json:
            click.echo(json.dumps(_told(content, draft, number=number, last_event=seen), ensure_ascii=False, indent=1))
            return
        told = f"，逾期{content.counts.get('overdue', 0)}份" if kind is not CircularType.RANKING else ""
        click.echo(f"{out}: {number}{told}")
        for remark in (*printed.remarks, *printed.deviations):
            click.echo(f"  {remark}")

    return render


def _told(content: Content, draft: Draft, *, number: str, last_event: int) -> dict[str, object]:
    """Return a circular for other programs; `value` is a figure's number, null where it is a name or a list."""
    return {
        "number": number,
        "as_of": content.as_of.isoformat(),
        "last_event": last_event,
        "figures": [
            {
                "key": key,
                "words": figure.words,
                "meaning": figure.meaning,
                "value": content.counts.get(key),
            }
            for key, figure in content.figures.items()
        ],
        "tables": [
            {"title": table.title, "columns": column_names(table), "rows": [list(row) for row in table.rows]}
            for table in content.tables
        ],
        "sentences": [content.fill(words) for _level, words in draft.statements],
    }


def _head(session: Session, kind: CircularType, scope: Scope, *, office: str, as_of: datetime) -> Letterhead:
    if kind is CircularType.RANKING:
        return ranking_head(session, scope, office=office, as_of=as_of)
    return letterhead(kind, office=office or "office")


def _scope(
    session: Session,
    kind: CircularType,
    *,
    unit: str | None,
    document: str | None,
    month: str | None,
    scheme: str | None,
) -> Scope:
    if kind is CircularType.RANKING:
        return Scope(month_id=month_row(session, month, scheme).id if month else None)
    full = find_unit(session, unit) if unit else None
    if unit and full is None:
        raise click.ClickException(f"没有名为{unit}的单位。")
    if document and document_title(session, document) is None:
        raise click.ClickException(f"没有登记文号为{document}的文件。")
    return Scope(full, document)
