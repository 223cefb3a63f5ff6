"""what a liaison asks for waits for the head of the unit"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_WAITS = "state = 'awaiting_sign_off'"
_UNIQUE = {
    "petition_of_row": ("row_id", f"{_WAITS} AND row_id IS NOT NULL"),
    "petition_of_report": ("report_id", f"{_WAITS} AND report_id IS NOT NULL"),
    "petition_of_dispute": ("assignment_id", f"{_WAITS} AND kind = 'dispute'"),
}


def upgrade() -> None:
    op.create_table(
        "petition",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=True),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("new_due_on", sa.Date(), nullable=True),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('extension', 'dispute', 'objection')", name="petition_kind"),
        sa.CheckConstraint(
            "state IN ('awaiting_sign_off', 'signed', 'sent_back', 'withdrawn')", name="petition_state"
        ),
        sa.CheckConstraint("(kind = 'extension') = (row_id IS NOT NULL)", name="petition_row"),
        sa.CheckConstraint("(kind = 'extension') = (new_due_on IS NOT NULL)", name="petition_new_due_on"),
        sa.CheckConstraint("(kind = 'objection') = (report_id IS NOT NULL)", name="petition_report"),
        sa.CheckConstraint("(state = 'signed') = (request_id IS NOT NULL)", name="petition_request"),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"]),
        sa.ForeignKeyConstraint(["row_id"], ["form_row.id"]),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"]),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for name, (column, where) in _UNIQUE.items():
        kept = sa.text(where)
        op.create_index(name, "petition", [column], unique=True, sqlite_where=kept, postgresql_where=kept)
    op.create_index("petition_of_share", "petition", ["assignment_id", "id"])


def downgrade() -> None:
    op.drop_table("petition")
