"""months of evaluation by a scheme: rules, decisions, inputs, objections

They are new: nothing of before is one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "score_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("option", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("weights", sa.String(), nullable=False),
        sa.Column("decider", sa.String(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("first_month", sa.String(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("scheme", "question", "version", name="score_decision_version"),
    )
    op.create_table(
        "score_scheme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("kept_by", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", "sha256", name="score_scheme_once"),
    )
    op.create_table(
        "score_month",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("inputs_by", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("check_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_until", sa.Date(), nullable=True),
        sa.Column("frozen_by", sa.String(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rule_version", sa.String(), nullable=True),
        sa.Column("inputs_digest", sa.String(), nullable=True),
        sa.Column("decided_up_to", sa.Integer(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.CheckConstraint("(state IN ('frozen', 'issued')) = (result IS NOT NULL)", name="score_month_result"),
        sa.CheckConstraint("state IN ('collecting', 'draft', 'check', 'frozen', 'issued')", name="score_month_state"),
        sa.ForeignKeyConstraint(["scheme_id"], ["score_scheme.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("scheme", "month", name="score_month_once"),
    )
    op.create_index("score_month_of_scheme", "score_month", ["scheme_id"])

    op.create_table(
        "score_input",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("found", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("items", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("behind", sa.String(), nullable=False),
        sa.Column("source_words", sa.String(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("file_media_type", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('figure', 'occurrence', 'check')", name="score_input_kind"),
        sa.CheckConstraint("source IN ('entered', 'counted')", name="score_input_source"),
        sa.CheckConstraint("(file_sha256 IS NULL) = (file_name IS NULL)", name="score_input_file"),
        sa.ForeignKeyConstraint(["month_id"], ["score_month.id"]),
        sa.ForeignKeyConstraint(["replaces_id"], ["score_input.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "score_input_corrected_once",
        "score_input",
        ["replaces_id"],
        unique=True,
        sqlite_where=sa.text("replaces_id IS NOT NULL"),
        postgresql_where=sa.text("replaces_id IS NOT NULL"),
    )
    op.create_index(
        "score_input_figure_once",
        "score_input",
        ["month_id", "code", "object"],
        unique=True,
        sqlite_where=sa.text("kind = 'figure' AND replaces_id IS NULL"),
        postgresql_where=sa.text("kind = 'figure' AND replaces_id IS NULL"),
    )
    op.create_index("score_input_of_month", "score_input", ["month_id", "id"])
    op.create_index("score_input_of_unit", "score_input", ["unit_id"])

    op.create_table(
        "score_objection",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'open') = (answer IS NULL)", name="score_objection_answered"),
        sa.CheckConstraint("state IN ('open', 'upheld', 'refused')", name="score_objection_state"),
        sa.ForeignKeyConstraint(["month_id"], ["score_month.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("score_objection_of_month", "score_objection", ["month_id", "id"])
    op.create_index("score_objection_of_unit", "score_objection", ["unit_id"])
    op.create_index(
        "score_objection_open_once",
        "score_objection",
        ["month_id", "object", "item"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    for table in ("score_objection", "score_input", "score_month", "score_scheme", "score_decision"):
        op.drop_table(table)
