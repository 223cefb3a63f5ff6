"""`flask score`: inputs of a month of evaluation out and in, the computed month, freezing, and computing it again."""

import json
from dataclasses import replace
from datetime import date

import click
from flask.cli import AppGroup

from tracker.auditing import month_difference
from tracker.cli.options import LOCAL_DAY, one_line_on_failure
from tracker.cli.score_count import count_command, flags_told
from tracker.cli.score_months import MONTH, SCHEME, evaluated_month, month_row, scheme_named
from tracker.cli.score_several import meeting_command, year_command
from tracker.cli.score_tables import import_command, template_command
from tracker.domain.accounts import SYSTEM
from tracker.domain.entered import read_exact
from tracker.domain.quoting import quoted
from tracker.domain.scoring.aside import LeftAside
from tracker.domain.scoring.entries import kind_names
from tracker.domain.scoring.months import MonthState, read_month
from tracker.gateways.schemes import read_scheme
from tracker.services import Services
from tracker.store.queries.scoring_rules import scheme_in
from tracker.usecases.correcting_months import freeze_correction, open_correction
from tracker.usecases.presuming_none import presume_none
from tracker.usecases.renewing_rules import renew_rules
from tracker.usecases.scoring_months import draft_ranking, freeze_month, open_check, open_month
from tracker.usecases.scoring_rules import Ruling, decide
from tracker.wording.score_views import month_told, object_sheets
from tracker.wording.scoring_months import MONTH_STATES, month_words


def score_commands(services: Services) -> AppGroup:
    """Return the commands of the evaluation by a scheme."""
    group = AppGroup("score", help="The monthly evaluation by a scheme.")
    commands = (
        _open,
        _renew,
        _decide,
        template_command,
        import_command,
        count_command,
        _month,
        _silent,
        _draft,
        _check,
        _freeze,
        _correct,
        _replay,
        meeting_command,
        year_command,
    )
    for command in commands:
        group.add_command(command(services))
    return group


def _open(services: Services) -> click.Command:
    @click.command("open")
    @MONTH
    @click.option("--inputs-by", type=LOCAL_DAY, required=True, help="last day for inputs, e.g. 2022-10-10")
    @SCHEME
    @one_line_on_failure
    def run(month: str, inputs_by: date, scheme: str | None) -> None:
        """Begin a month by the newest rules and ask the suppliers for their inputs."""
        with services.database.transaction() as session:
            code, now = scheme_named(session, scheme).code, services.clock.now()
            open_month(session, scheme=code, month=month, inputs_by=inputs_by, read=read_scheme, actor=SYSTEM, at=now)
        click.echo(f"{month_words(str(read_month(month)))}考评已经开始")

    return run


def _renew(services: Services) -> click.Command:
    @click.command("renew")
    @MONTH
    @SCHEME
    @one_line_on_failure
    def run(month: str, scheme: str | None) -> None:
        """Let a month that is being collected go on by the newest rules."""
        with services.database.transaction() as session:
            month_id = month_row(session, month, scheme).id or 0
            renew_rules(session, month_id, read=read_scheme, actor=SYSTEM, at=services.clock.now())
        click.echo(f"{month_words(str(read_month(month)))}考评已经改用新版规则")

    return run


def _decide(services: Services) -> click.Command:
    @click.command("decide")
    @click.argument("question")
    @click.argument("option")
    @click.option("--decider", required=True, help="who decided")
    @click.option("--on", type=LOCAL_DAY, required=True, help="the day, e.g. 2022-10-08")
    @click.option("--reason", required=True)
    @click.option("--version", default=1, help="of the decision; a changed one is the next")
    @click.option("--from", "first_month", default="", help="its first month, which a changed one needs, e.g. 2022-10")
    @click.option("--until", "last_month", default="", help="its last month, where it holds for some alone")
    @click.option("--number", type=str, help="where the option asks for one")
    @SCHEME
    @one_line_on_failure
    def run(on: date, version: int, number: str | None, scheme: str | None, **told: str) -> None:
        """Write down what was decided on a question that the scheme leaves open."""
        exact = None if number is None else read_exact(number, field="--number")
        ruling = Ruling(scheme=scheme or "", decided_on=on, seen=version - 1, number=exact, weights=(), **told)
        _write_down(services, ruling)

    return run


def _write_down(services: Services, ruling: Ruling) -> None:
    with services.database.transaction() as session:
        told = replace(ruling, scheme=scheme_named(session, ruling.scheme or None).code)
        version = decide(session, told, read=read_scheme, actor=SYSTEM, at=services.clock.now())
        asked = scheme_in(session, told.scheme, told.first_month, read=read_scheme).questions
    title = next(one.title for one in asked if one.code == told.question)
    click.echo(f"已记下{quoted(title)}的决定（第{version}版）")


def _month(services: Services) -> click.Command:
    @click.command("month")
    @click.argument("month")
    @click.option("--json", "as_json", is_flag=True, help="print JSON")
    @SCHEME
    @one_line_on_failure
    def run(month: str, as_json: bool, scheme: str | None) -> None:
        """Print a month as computed now, a frozen one as it was frozen: totals, marks, places and workings."""
        with services.database.reading() as session:
            row = month_row(session, month, scheme)
            found = evaluated_month(session, row)
            flags = flags_told(session, row, found.rules, services)
        computed = month_told(found.rules.scheme, found.result, behind=found.behind)
        told = {"scheme": row.scheme, "state": row.state, **computed, "flags": flags}
        if as_json:
            click.echo(json.dumps(told, ensure_ascii=False, indent=1))
            return
        click.echo(f"{month_words(row.month)}考评：{MONTH_STATES[row.state]}，规则版本{found.result.rule_version[:12]}")
        for one in object_sheets(found.rules.scheme, found.result):
            place = f"第{one.rank}名" if one.rank else "未排名"
            click.echo(f"  {place}  {one.name}  {one.total if one.total is not None else '尚未算出'}")
        if not found.result.complete:
            click.echo(f"待明确{len(found.result.asked)}项，缺数据{len(found.result.lacking)}个")

    return run


def _draft(services: Services) -> click.Command:
    @click.command("draft")
    @click.argument("month")
    @SCHEME
    @one_line_on_failure
    def run(month: str, scheme: str | None) -> None:
        """Make what is handed in the draft of the ranking."""
        with services.database.transaction() as session:
            row = month_row(session, month, scheme)
            draft_ranking(session, row.id or 0, read=read_scheme, actor=SYSTEM, at=services.clock.now())
        click.echo(f"{month_words(row.month)}排名初稿已经形成")

    return run


def _silent(services: Services) -> click.Command:
    @click.command("silent")
    @click.argument("month")
    @click.option("--reason", required=True, help="printed with the result")
    @SCHEME
    @one_line_on_failure
    def run(month: str, reason: str, scheme: str | None) -> None:
        """Let the kinds of which nobody reported anything count as not having happened."""
        with services.database.transaction() as session:
            row = month_row(session, month, scheme)
            now = services.clock.now()
            kinds = presume_none(session, row.id or 0, reason=reason, read=read_scheme, actor=SYSTEM, at=now)
            names = kind_names(evaluated_month(session, row).rules.scheme)
        click.echo(f"{month_words(row.month)}考评：{'、'.join(names[what] for what in kinds)}未报，按没有计")

    return run


def _check(services: Services) -> click.Command:
    @click.command("check")
    @click.argument("month")
    @SCHEME
    @one_line_on_failure
    def run(month: str, scheme: str | None) -> None:
        """Show the evaluated bodies their marks and open the window for objections."""
        with services.database.transaction() as session:
            row = month_row(session, month, scheme)
            until = open_check(
                session,
                row.id or 0,
                read=read_scheme,
                calendar=services.calendar,
                workdays=services.policy.score_check_workdays,
                actor=SYSTEM,
                at=services.clock.now(),
            )
        click.echo(f"{month_words(row.month)}考评已送核对，异议提至{until.isoformat()}（含）")

    return run


def _freeze(services: Services) -> click.Command:
    @click.command("freeze")
    @click.argument("month")
    @click.option("--uncounted", type=int, default=0, help="so many records of projects stay in no mark")
    @click.option("--reason", default="", help="why they do; printed with the result")
    @SCHEME
    @one_line_on_failure
    def run(month: str, uncounted: int, reason: str, scheme: str | None) -> None:
        """Keep a month's result with its rules, decisions and inputs, after the window for objections.

        Of a published month the result of its correction. Refused while records of projects are in no mark, unless
        their number is given with a reason.
        """
        aside = LeftAside(uncounted, reason)
        with services.database.transaction() as session:
            row = month_row(session, month, scheme)
            id_, now, lists = row.id or 0, services.clock.now(), services.project_lists
            if row.state == MonthState.ISSUED.value:
                edition = freeze_correction(
                    session, id_, read=read_scheme, lists=lists, aside=aside, actor=SYSTEM, at=now
                )
                click.echo(f"{month_words(row.month)}考评更正后的结果已冻结（第{edition}版），待印发更正通报")
                return
            version = freeze_month(session, id_, read=read_scheme, lists=lists, aside=aside, actor=SYSTEM, at=now)
        click.echo(f"{month_words(row.month)}考评已冻结，规则版本{version}")

    return run


def _correct(services: Services) -> click.Command:
    @click.command("correct")
    @click.argument("month")
    @click.option("--reason", required=True)
    @SCHEME
    @one_line_on_failure
    def run(month: str, reason: str, scheme: str | None) -> None:
        """Take inputs of a published month again; what was published stands until its correction is issued."""
        with services.database.transaction() as session:
            row = month_row(session, month, scheme)
            open_correction(
                session, row.id or 0, reason=reason, read=read_scheme, actor=SYSTEM, at=services.clock.now()
            )
        click.echo(f"{month_words(row.month)}考评结果开始更正，请报送单位更正数据后冻结")

    return run


def _replay(services: Services) -> click.Command:
    @click.command("replay")
    @MONTH
    @SCHEME
    @one_line_on_failure
    def run(month: str, scheme: str | None) -> None:
        """Compute a frozen month again from rules, decisions and inputs; exit 1 where a byte differs."""
        with services.database.reading() as session:
            row = month_row(session, month, scheme)
            if row.result is None:
                raise click.ClickException(f"{month_words(row.month)}考评还没有冻结，没有可以比对的结果。")
            found = month_difference(session, row)
        if found is not None:
            line, kept, now = found
            raise click.ClickException(
                f"{month_words(row.month)}考评重算与冻结时不一致：第{line}行，冻结时为{kept}，现在为{now}"
            )
        click.echo(f"{month_words(row.month)}考评重算与冻结时逐字节一致，规则版本{row.rule_version}")

    return run
