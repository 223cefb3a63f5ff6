"""series and forms

What was handed in keeps its ids: each old report becomes one row's report in an envelope of its own, with the id of
the report, so that values and files go on pointing to it. Old periods and extensions become history, unchanged. What
of them is still owed is decided afterwards by `usecases.switching`, in events; this file only moves rows.
"""

from zoneinfo import ZoneInfo

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Children first: on PostgreSQL a table goes only after those that point to it.
_REPLACED = ("report_value", "evidence", "extension", "report", "period")
_KINDS = (
    "daily", "every_2_days", "weekly", "every_10_days", "monthly", "bimonthly", "quarterly", "half_yearly", "yearly",
    "midterm_and_final", "once", "within_hours", "within_workdays", "on_event", "irregular", "continuous",
)
_BEARERS = ("lead", "group", "both", "named")
_MEASURES = ("cumulative", "level", "baseline", "ceiling", "grant", "per_period")
_IS_RUNNING = "state IN ('issued', 'in_progress', 'under_review', 'returned', 'suspended')"
_IS_OPEN_ROW = "state IN ('open', 'returned', 'filed')"
_IS_OVERDUE_SOMETIME = "overdue_from IS NOT NULL"


def upgrade() -> None:
    for name in _REPLACED:
        op.execute(f"CREATE TABLE was_{name} AS SELECT * FROM {name}")
        op.drop_table(name)
    _create_readings()
    _create_legacy()
    _create_series()
    _create_forms()
    _create_filings()
    _create_attachments()
    _index_reminders()
    _widen_documents()
    _widen_tasks()
    _move_history()
    _move_reports()
    _fill_tasks()
    for name in _REPLACED:
        op.drop_table(f"was_{name}")
    _go_on_counting("legacy_period", "legacy_extension", "filing", "report", "evidence")


def downgrade() -> None:
    raise NotImplementedError("what series reckoned cannot be told in the old shape")


def _text(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _flag(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def _points(*targets: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([column], [f"{table}.id"]) for column, table in targets]


def _codes(name: str, column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    return sa.CheckConstraint(_in(column, values), name=name)


def _in(column: str, values: tuple[str, ...]) -> str:
    codes = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({codes})"


def _index(name: str, table: str, *columns: str, where: str | None = None, unique: bool = False) -> None:
    chosen = sa.text(where) if where else None
    op.create_index(name, table, list(columns), unique=unique, sqlite_where=chosen, postgresql_where=chosen)


def _create_readings() -> None:
    op.create_table(
        "item_bearer",
        _number("id"),
        _number("item_id"),
        _text("demand"),
        _number("demand_position"),
        _text("printed"),
        _number("unit_id", nullable=True),
        _codes("item_bearer_demand", "demand", ("cadence", "target", "evidence", "deadline")),
        *_points(("item_id", "item"), ("unit_id", "unit")),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("ix_item_bearer_item_id", "item_bearer", "item_id")
    op.create_table(
        "question",
        _number("id"),
        _number("item_id"),
        _text("topic"),
        _text("words"),
        _text("answer", nullable=True),
        _text("answered_by", nullable=True),
        _time("answered_at", nullable=True),
        _codes("question_topic", "topic", ("bearer", "date", "interval", "members", "each_or_together", "other")),
        *_points(("item_id", "item")),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("ix_question_item_id", "question", "item_id")


def _create_legacy() -> None:
    op.create_table(
        "legacy_period",
        _number("id"),
        _number("assignment_id"),
        _text("kind"),
        _text("code"),
        _day("starts_on"),
        _day("ends_on"),
        _day("scheduled_on", nullable=True),
        _day("due_on", nullable=True),
        _time("due_at", nullable=True),
        _text("state"),
        _time("filed_at", nullable=True),
        _flag("late"),
        _number("version"),
        *_points(("assignment_id", "assignment")),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("ix_legacy_period_assignment_id", "legacy_period", "assignment_id")
    op.create_table(
        "legacy_extension",
        _number("id"),
        _number("period_id"),
        _text("state"),
        _text("reason"),
        _day("old_due_on"),
        _day("new_due_on"),
        _text("asked_by"),
        _time("asked_at"),
        _text("decided_by", nullable=True),
        _time("decided_at", nullable=True),
        _text("decision_reason", nullable=True),
        *_points(("period_id", "legacy_period")),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("ix_legacy_extension_period_id", "legacy_extension", "period_id")


def _create_series() -> None:
    op.create_table(
        "series",
        _number("id"),
        _number("unit_id"),
        _number("document_id"),
        _text("kind"),
        _text("key"),
        _text("addressee", nullable=True),
        _number("addressee_unit_id", nullable=True),
        _number("trigger_id", nullable=True),
        _time("overdue_from", nullable=True),
        _time("overdue_noted", nullable=True),
        _day("extends_on", nullable=True),
        _number("version"),
        _codes("series_kind", "kind", _KINDS),
        *_points(
            ("addressee_unit_id", "unit"), ("document_id", "document"), ("trigger_id", "trigger_event"),
            ("unit_id", "unit"),
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("unit_id", "document_id", "key"),
    )
    _index("series_document", "series", "document_id", "id")
    _index("series_extends", "series", "extends_on", "id", where="extends_on IS NOT NULL")
    _index("series_overdue", "series", "overdue_from", "id", "unit_id", "document_id", where=_IS_OVERDUE_SOMETIME)
    _index("series_overdue_of_unit", "series", "unit_id", "overdue_from", "id", where=_IS_OVERDUE_SOMETIME)
    op.create_table(
        "duty",
        _number("id"),
        _number("series_id"),
        _number("assignment_id", nullable=True),
        _flag("act"),
        _flag("soft"),
        _day("until_on", nullable=True),
        _flag("completes"),
        _flag("statistic"),
        _flag("counted"),
        _day("got_on"),
        _day("from_on", nullable=True),
        _time("ended_at", nullable=True),
        *_points(("assignment_id", "assignment"), ("series_id", "series")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("series_id", "assignment_id"),
    )
    _index("duty_tick", "duty", "series_id", where="assignment_id IS NULL", unique=True)
    _index("ix_duty_assignment_id", "duty", "assignment_id")
    _index("ix_duty_series_id", "duty", "series_id")


def _create_forms() -> None:
    op.create_table(
        "period",
        _number("id"),
        _number("series_id"),
        _text("code"),
        _day("starts_on"),
        _day("ends_on"),
        _time("opens_at"),
        _time("scheduled_at"),
        _time("due_at"),
        _time("frozen_at", nullable=True),
        _number("version"),
        *_points(("series_id", "series")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("series_id", "code"),
    )
    _index("period_due", "period", "due_at", "id")
    op.create_table(
        "form_row",
        _number("id"),
        _number("period_id"),
        _number("assignment_id", nullable=True),
        _flag("required"),
        _flag("act"),
        _flag("soft"),
        _flag("final"),
        _text("state"),
        _time("due_at", nullable=True),
        _time("correction_due_at", nullable=True),
        _time("pending_at", nullable=True),
        _time("filed_at", nullable=True),
        _flag("late", nullable=True),
        _text("settled_by", nullable=True),
        _number("version"),
        sa.CheckConstraint("(state = 'returned') = (correction_due_at IS NOT NULL)", name="form_row_correction"),
        _codes("form_row_state", "state", ("open", "filed", "accepted", "returned", "waived", "missed", "stands")),
        *_points(("assignment_id", "assignment"), ("period_id", "period")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("period_id", "assignment_id"),
    )
    _index("form_row_open", "form_row", "period_id", "id", where=_IS_OPEN_ROW)
    _index("form_row_of_share", "form_row", "assignment_id", "id")
    _index("form_row_tick", "form_row", "period_id", where="assignment_id IS NULL", unique=True)


def _create_filings() -> None:
    op.create_table(
        "filing",
        _number("id"),
        _text("kind"),
        _number("unit_id"),
        _number("period_id", nullable=True),
        _number("legacy_period_id", nullable=True),
        _text("state"),
        _number("ticked"),
        _text("missed_words", nullable=True),
        _text("written_by"),
        _time("written_at"),
        _text("signed_by", nullable=True),
        _time("filed_at", nullable=True),
        _text("stopped_by", nullable=True),
        _time("stopped_at", nullable=True),
        _text("stopped_reason", nullable=True),
        _number("version"),
        _codes("filing_kind", "kind", ("form", "reply", "completion", "update")),
        _codes("filing_state", "state", ("awaiting_sign_off", "sent_back", "withdrawn", "filed")),
        *_points(("legacy_period_id", "legacy_period"), ("period_id", "period"), ("unit_id", "unit")),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("filing_of_period", "filing", "period_id", "id")
    _index("filing_to_sign", "filing", "unit_id", "id", where="state = 'awaiting_sign_off'")
    op.create_table(
        "report",
        _number("id"),
        _number("filing_id"),
        _number("assignment_id", nullable=True),
        _number("row_id", nullable=True),
        _text("kind"),
        _text("state"),
        _text("claim", nullable=True),
        _text("verified_claim", nullable=True),
        _text("verified_reason", nullable=True),
        _text("outcome", nullable=True),
        _text("text"),
        _text("cause_class", nullable=True),
        _text("cause", nullable=True),
        _text("next_step", nullable=True),
        _day("next_on", nullable=True),
        _number("percent_done", nullable=True),
        _text("nil_reason", nullable=True),
        _text("written_by"),
        _time("written_at"),
        _time("filed_at", nullable=True),
        _flag("late"),
        _text("decided_by", nullable=True),
        _time("decided_at", nullable=True),
        _text("decision_reason", nullable=True),
        _text("reason_class", nullable=True),
        _day("correct_by", nullable=True),
        _number("version"),
        _codes("report_kind", "kind", ("progress", "nil", "tick", "reply", "completion", "update")),
        _codes("report_outcome", "outcome", ("met", "unmet")),
        _codes(
            "report_state",
            "state",
            ("awaiting_sign_off", "sent_back", "withdrawn", "filed", "accepted", "returned"),
        ),
        sa.CheckConstraint("percent_done BETWEEN 0 AND 100", name="report_percent_done"),
        *_points(("assignment_id", "assignment"), ("filing_id", "filing"), ("row_id", "form_row")),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("ix_report_filing_id", "report", "filing_id")
    _index("report_of_row", "report", "row_id", "id")
    _index("report_of_share", "report", "assignment_id", "id")
    _index("report_under_review", "report", "filed_at", "filing_id", "id", where="state = 'filed'")


def _create_attachments() -> None:
    op.create_table(
        "request",
        _number("id"),
        _text("kind"),
        _number("assignment_id"),
        _number("row_id", nullable=True),
        _text("state"),
        _text("reason"),
        _time("old_due_at", nullable=True),
        _time("new_due_at", nullable=True),
        _flag("by_leader"),
        _text("asked_by"),
        _time("asked_at"),
        _text("decided_by", nullable=True),
        _time("decided_at", nullable=True),
        _text("decision_reason", nullable=True),
        _number("version"),
        sa.CheckConstraint("(kind = 'extension') = (row_id IS NOT NULL)", name="request_row"),
        _codes("request_kind", "kind", ("extension", "dispute")),
        _codes("request_state", "state", ("pending", "granted", "refused", "moot")),
        *_points(("assignment_id", "assignment"), ("row_id", "form_row")),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("request_of_row", "request", "row_id", "id")
    _index("request_of_share", "request", "assignment_id", "id")
    _index("request_pending", "request", "asked_at", "id", where="state = 'pending'")
    op.create_table(
        "correction",
        _number("id"),
        _number("row_id"),
        _number("report_id"),
        _time("opened_at"),
        _time("due_at"),
        _time("ended_at", nullable=True),
        _text("outcome", nullable=True),
        _codes("correction_outcome", "outcome", ("in_time", "late", "waived", "stands")),
        *_points(("report_id", "report"), ("row_id", "form_row")),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("ix_correction_row_id", "correction", "row_id")
    op.create_table(
        "evidence",
        _number("id"),
        _number("report_id"),
        _number("requirement_id", nullable=True),
        _text("sha256"),
        _text("name"),
        _number("size_bytes"),
        _text("media_type"),
        _text("uploaded_by"),
        _time("uploaded_at"),
        *_points(("report_id", "report"), ("requirement_id", "item_evidence")),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("ix_evidence_report_id", "evidence", "report_id")
    _index("ix_evidence_sha256", "evidence", "sha256")
    op.create_table(
        "report_value",
        _number("report_id"),
        _number("target_id"),
        sa.Column("value", sa.Float(), nullable=False),
        _day("value_on", nullable=True),
        *_points(("report_id", "report"), ("target_id", "item_target")),
        sa.PrimaryKeyConstraint("report_id", "target_id"),
    )


def _index_reminders() -> None:
    op.create_table(
        "digest_pass",
        _number("id"),
        _day("planned_on"),
        _number("last_event"),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("reminder_ledger", "reminder", "planned_for", "id")
    _index("reminder_unread", "reminder", "recipient_id", where="channel = 'in_app' AND read_at IS NULL")


def _bearer(name: str = "bearer") -> sa.Column:
    """Bind the lead by what was read before anybody asked whom the words bind."""
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="lead")


def _no(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _widen_documents() -> None:
    with op.batch_alter_table("document") as batch:
        batch.add_column(_day("ends_on", nullable=True))
        batch.add_column(_day("filing_on", nullable=True))
    with op.batch_alter_table("item") as batch:
        batch.add_column(_bearer("deadline_bearer"))
        batch.add_column(_no("outlives"))
        batch.create_check_constraint("item_deadline_bearer", _in("deadline_bearer", _BEARERS))
    with op.batch_alter_table("item_cadence") as batch:
        batch.add_column(_bearer())
        batch.add_column(_text("addressee", nullable=True))
        batch.add_column(_number("addressee_unit_id", nullable=True))
        batch.create_foreign_key("item_cadence_addressee", "unit", ["addressee_unit_id"], ["id"])
        batch.create_check_constraint("item_cadence_bearer", _in("bearer", _BEARERS))
        batch.drop_constraint("item_cadence_kind", type_="check")
        batch.create_check_constraint("item_cadence_kind", _in("kind", _KINDS))
    with op.batch_alter_table("item_evidence") as batch:
        batch.add_column(_bearer())
        batch.create_check_constraint("item_evidence_bearer", _in("bearer", _BEARERS))
    with op.batch_alter_table("item_target") as batch:
        batch.add_column(_text("measure", nullable=True))
        batch.add_column(_bearer())
        batch.create_check_constraint("item_target_measure", _in("measure", _MEASURES))
        batch.create_check_constraint("item_target_bearer", _in("bearer", _BEARERS))


def _widen_tasks() -> None:
    with op.batch_alter_table("assignment") as batch:
        batch.add_column(_day("got_on", nullable=True))
        batch.add_column(_day("from_on", nullable=True))
        batch.add_column(_time("ended_at", nullable=True))
    with op.batch_alter_table("task") as batch:
        batch.add_column(_text("outcome", nullable=True))
        batch.add_column(_no("is_key"))
        batch.add_column(_text("key_reason", nullable=True))
        batch.create_check_constraint("task_outcome", _in("outcome", ("met", "unmet")))
    _index("task_running", "task", "document_id", "id", where=_IS_RUNNING)
    with op.batch_alter_table("trigger_event") as batch:
        batch.add_column(_time("ended_at", nullable=True))


def _move_history() -> None:
    period = "id, assignment_id, kind, code, starts_on, ends_on, scheduled_on, due_on, due_at, state, filed_at, late, version"
    op.execute(f"INSERT INTO legacy_period ({period}) SELECT {period} FROM was_period")
    extension = (
        "id, period_id, state, reason, old_due_on, new_due_on, asked_by, asked_at, decided_by, decided_at, "
        "decision_reason"
    )
    op.execute(f"INSERT INTO legacy_extension ({extension}) SELECT {extension} FROM was_extension")


def _move_reports() -> None:
    """Put each report into an envelope that has its id; what the head of the unit gave back never left the unit."""
    op.execute(
        "INSERT INTO filing (id, kind, unit_id, legacy_period_id, state, ticked, written_by, written_at, signed_by, "
        "filed_at, stopped_by, stopped_at, stopped_reason, version) "
        "SELECT r.id, CASE WHEN r.kind IN ('reply', 'completion') THEN r.kind ELSE 'form' END, a.unit_id, r.period_id, "
        "CASE WHEN r.state IN ('awaiting_sign_off', 'sent_back') THEN r.state ELSE 'filed' END, 0, r.written_by, "
        "r.written_at, r.signed_by, r.filed_at, "
        "CASE WHEN r.state = 'sent_back' THEN r.decided_by END, "
        "CASE WHEN r.state = 'sent_back' THEN r.decided_at END, "
        "CASE WHEN r.state = 'sent_back' THEN r.decision_reason END, r.version "
        "FROM was_report r JOIN assignment a ON a.id = r.assignment_id"
    )
    kept = (
        "id, assignment_id, kind, state, text, percent_done, nil_reason, written_by, written_at, filed_at, late, "
        "decided_by, decided_at, decision_reason, version"
    )
    op.execute(
        f"INSERT INTO report (filing_id, outcome, {kept}) "
        f"SELECT id, CASE WHEN kind = 'completion' AND state = 'accepted' THEN 'met' END, {kept} FROM was_report"
    )
    file = "id, report_id, requirement_id, sha256, name, size_bytes, media_type, uploaded_by, uploaded_at"
    op.execute(f"INSERT INTO evidence ({file}) SELECT {file} FROM was_evidence")
    value = "report_id, target_id, value"
    op.execute(f"INSERT INTO report_value ({value}) SELECT {value} FROM was_report_value")


def _fill_tasks() -> None:
    """A unit got its share on the day of 交办 in Shanghai; what was done before anybody asked how, was met."""
    task = sa.table("task", _number("id"), _time("issued_at"))
    assignment = sa.table("assignment", _number("task_id"), _day("got_on"))
    bind = op.get_bind()
    for issued_at in bind.execute(sa.select(task.c.issued_at).distinct()).scalars().all():
        if issued_at is not None:
            issued = sa.select(task.c.id).where(task.c.issued_at == issued_at)
            got_on = issued_at.astimezone(ZoneInfo("Asia/Shanghai")).date()
            bind.execute(sa.update(assignment).where(assignment.c.task_id.in_(issued)).values(got_on=got_on))
    op.execute(
        "UPDATE task SET outcome = 'met' WHERE state IN ('completed', 'closed') "
        "OR (state = 'archived' AND completed_at IS NOT NULL)"
    )


def _go_on_counting(*tables: str) -> None:
    """Let PostgreSQL number new rows after those that kept their ids."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for name in tables:
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name})) "
            f"WHERE EXISTS (SELECT 1 FROM {name})"
        )
