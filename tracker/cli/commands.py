"""The `flask …` commands of the office's administrators. Each exits 0, 1 on failure, 2 on bad usage."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import click
from flask import Flask
from flask.cli import AppGroup

from seeds.demonstration import create_demonstration_accounts
from seeds.documents import load_documents
from seeds.registry import SEEDS, load_registry
from seeds.schemes import load_schemes
from tracker.cli.accounts import account_commands
from tracker.cli.audit import audit_commands
from tracker.cli.backup import backup_command, restore_command
from tracker.cli.calendar import calendar_commands
from tracker.cli.circulars import circular_commands
from tracker.cli.doctor.command import doctor_command
from tracker.cli.evidence import evidence_commands
from tracker.cli.extraction import extract
from tracker.cli.history import event_commands, state_command
from tracker.cli.options import LOCAL_DAY, LOCAL_TIME, one_line_on_failure, refuse_future
from tracker.cli.scenarios import advance_clock, check_scenario, play_scenario
from tracker.cli.score import score_commands
from tracker.cli.search import fill_search_once, search_commands
from tracker.domain.accounts import SYSTEM
from tracker.domain.calendar import SHANGHAI, end_of_day
from tracker.domain.deliveries import Outgoing
from tracker.gateways.passwords import hash_password
from tracker.gateways.schemes import read_scheme
from tracker.services import Services
from tracker.settings import make_data_directory
from tracker.store import schema
from tracker.store.queries.registered_items import export_items
from tracker.store.queries.reminders import ledger
from tracker.store.tables.events import ReminderRow
from tracker.usecases.registering import register_document, register_units, tell_known_units
from tracker.usecases.scoring_rules import keep_scheme
from tracker.usecases.stale_accounts import disable_stale
from tracker.usecases.sweeping import Swept, Within, sweep, sweep_through
from tracker.usecases.switching import is_to_be_switched, switch_reckoning
from tracker.wording.catalogue import CHANNELS, REMINDER_STATES


def register_commands(app: Flask, services: Services) -> None:
    """Add every command to the application."""
    for group in (_database, _items, _clock, _reminders):
        app.cli.add_command(group(services))
    app.cli.add_command(audit_commands(services))
    app.cli.add_command(account_commands(services))
    app.cli.add_command(calendar_commands(services))
    app.cli.add_command(circular_commands(services))
    app.cli.add_command(backup_command(services))
    app.cli.add_command(restore_command(services))
    app.cli.add_command(evidence_commands(services))
    app.cli.add_command(search_commands(services))
    app.cli.add_command(score_commands(services))
    app.cli.add_command(doctor_command(services))
    app.cli.add_command(state_command(services))
    app.cli.add_command(event_commands(services))
    app.cli.add_command(_seed(services))
    app.cli.add_command(_sweep(services))


def _database(services: Services) -> AppGroup:
    group = AppGroup("db", help="The database's schema.")

    @group.command()
    @one_line_on_failure
    def upgrade() -> None:
        """Migrate the database, what an earlier version reckoned, and the search; a second run changes nothing."""
        make_data_directory(services.settings)
        schema.upgrade(services.database)
        _switch(services)
        with services.database.transaction() as session:
            tell_known_units(session, at=services.clock.now())
        fill_search_once(services.database)

    return group


def _switch(services: Services) -> None:
    now = services.clock.now()
    with services.database.transaction() as session:
        if not is_to_be_switched(session):
            return
        registry = load_registry(SEEDS / "units.toml")
        register_units(session, registry, at=now)
        readings = load_documents(SEEDS / "documents", registry)
        switched = switch_reckoning(session, now=now, by=services.reckoning, readings=readings)
    if switched is not None:
        click.echo(
            f"原口径的{switched.legacy_periods}期已转为历史：现有报送序列{switched.series}个、行{switched.rows}个；"
            f"保留原时限{switched.kept}个，免报{switched.waived}个；"
            f"移转审核{switched.reviews}件、更正{switched.corrections}件、申请{switched.requests}件"
        )


def _items(services: Services) -> AppGroup:
    group = AppGroup("items", help="Action items of registered documents.")

    @group.command()
    @click.option("--document", "number", help="only this document, e.g. 驻政办〔2022〕48号")
    @one_line_on_failure
    def export(number: str | None) -> None:
        """Print the registered items as tracker.items/1 JSON."""
        with services.database.reading() as session:
            exported = export_items(session, number=number)
        if number is not None and not exported["documents"]:
            raise click.ClickException(f"没有登记文号为{number}的文件。")
        click.echo(json.dumps(exported, ensure_ascii=False, indent=1))

    group.add_command(extract)
    return group


def _clock(services: Services) -> AppGroup:
    group = AppGroup("clock", help="The demonstration clock.")

    @group.command()
    @click.option("--to", required=True, type=LOCAL_TIME, help="e.g. 2022-10-10T09:00, Shanghai time")
    @one_line_on_failure
    def advance(to: datetime) -> None:
        """Move the demonstration clock and run what falls between."""
        swept = advance_clock(services, to=to, outgoing=_outgoing(services))
        click.echo(_words(swept))

    return group


def _reminders(services: Services) -> AppGroup:
    group = AppGroup("reminders", help="Reminders: what was sent, and what would be.")

    @group.command()
    @click.option("--on", required=True, type=LOCAL_DAY, help="e.g. 2022-11-02")
    @click.option("--json", "as_json", is_flag=True, help="print JSON")
    @one_line_on_failure
    def preview(on: date, as_json: bool) -> None:
        """Print what a day would send, to whom and why; nothing is written."""
        now = services.clock.now()
        end = end_of_day(on) - timedelta(seconds=1)
        with services.database.reading() as session:
            if end > now:
                sweep_through(Within(session), since=now, to=end, by=services.reckoning, outgoing=_outgoing(services))
            rows = ledger(session, on=on)
            _print_reminders(rows, as_json=as_json, with_state=False)

    @group.command("list")
    @click.option("--since", type=LOCAL_DAY, help="e.g. 2022-10-24; else all")
    @click.option("--json", "as_json", is_flag=True, help="print JSON")
    @one_line_on_failure
    def list_(since: date | None, as_json: bool) -> None:
        """Print the ledger of reminders, the newest first."""
        with services.database.reading() as session:
            _print_reminders(ledger(session, since=since), as_json=as_json, with_state=True)

    return group


def _print_reminders(rows: Sequence[ReminderRow], *, as_json: bool, with_state: bool) -> None:
    entries = [_reminder(row, with_state=with_state) for row in rows]
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False, indent=1))
        return
    for entry in entries:
        state = f"  {REMINDER_STATES[str(entry['status'])]}" if with_state else ""
        channel = CHANNELS[str(entry["channel"])]
        click.echo(f"{entry['planned_for']}  {channel}  {entry['recipient']}{state}  {entry['subject']}")
    click.echo(f"共{len(entries)}条提醒")


def _reminder(row: ReminderRow, *, with_state: bool) -> dict[str, object]:
    entry: dict[str, object] = {
        "key": row.ukey,
        "recipient": row.recipient,
        "address": row.address,
        "channel": row.channel,
        "kind": row.kind,
        "subject": row.subject,
        "planned_for": row.planned_for.astimezone(SHANGHAI).isoformat(),
        "tasks": row.content["tasks"],
        "reason": row.reason,
    }
    if with_state:
        sent_at = row.sent_at.astimezone(SHANGHAI).isoformat() if row.sent_at else None
        entry |= {"status": row.state, "attempts": row.attempts, "sent_at": sent_at}
    return entry


def _seed(services: Services) -> click.Command:
    @click.command("seed")
    @click.option("--scenario", help="play this scenario to its end (demo mode), e.g. autumn-2022")
    @one_line_on_failure
    def seed(scenario: str | None) -> None:
        """Load units and documents; what is loaded already stays as it is."""
        if scenario is not None:
            check_scenario(services, scenario)
        registry = load_registry(SEEDS / "units.toml")
        readings = load_documents(SEEDS / "documents", registry)
        schemes = load_schemes(SEEDS / "documents")
        now = services.clock.now()
        with services.database.transaction() as session:
            units = register_units(session, registry, at=now)
            documents = sum(register_document(session, reading, actor=SYSTEM, at=now) for reading in readings)
            for content in schemes:
                keep_scheme(session, content, read=read_scheme, at=now)
            accounts = 0
            if services.settings.is_demo:
                accounts = create_demonstration_accounts(session, registry, hash_password=hash_password, at=now)
        click.echo(f"新载入单位{units}个、文件{documents}个、演示账号{accounts}个")
        if scenario is not None:
            play_scenario(services, scenario)

    return seed


def _sweep(services: Services) -> click.Command:
    @click.command("sweep")
    @click.option("--now", type=LOCAL_TIME, help="the time to work on, else the clock's (demo mode only)")
    @one_line_on_failure
    def run(now: datetime | None) -> None:
        """Run one pass of the scheduler."""
        if now is not None:
            if not services.settings.is_demo:
                raise click.ClickException("正式环境按时钟的时间运行，--now 只用于演示环境（TRACKER_MODE=demo）。")
            refuse_future(now, now=services.clock.now())
        swept = sweep(
            services.database,
            now=now or services.clock.now(),
            by=services.reckoning,
            outgoing=_outgoing(services),
        )
        with services.database.transaction() as session:
            at = services.clock.now()
            disabled = disable_stale(session, policy=services.accounts, now=datetime.now(UTC), at=at)
        click.echo(_words(swept) + (f"，停用长期不用的账号{disabled}个" if disabled else ""))

    return run


def _words(swept: Swept) -> str:
    return (
        f"开出填报表{swept.opened}期，转为逾期{swept.overdue}项，到期终止{swept.lapsed}项，写入提醒{swept.reminders}条"
    )


def _outgoing(services: Services) -> Outgoing:
    return Outgoing(mail=services.settings.smtp_url is not None, machine_now=datetime.now(UTC))
