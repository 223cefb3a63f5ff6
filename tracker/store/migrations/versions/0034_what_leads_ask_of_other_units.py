"""what leads and the office ask of other units of a task"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_ANSWERS = sa.text("answers_id IS NOT NULL")
_OPEN = sa.text("state = 'open'")
_TO_COORDINATE = sa.text("coordination_at IS NOT NULL AND decided_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "inquiry",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("coordination_words", sa.String(), nullable=True),
        sa.Column("coordination_by", sa.String(), nullable=True),
        sa.Column("coordination_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(coordination_at IS NULL) = (coordination_words IS NULL)", name="inquiry_coordination"),
        sa.CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name="inquiry_decision"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"]),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("inquiry_of_task", "inquiry", ["task_id", "id"])
    op.create_index("inquiry_of_share", "inquiry", ["assignment_id", "id"])
    op.create_index(
        "inquiry_to_coordinate",
        "inquiry",
        ["coordination_at", "id"],
        sqlite_where=_TO_COORDINATE,
        postgresql_where=_TO_COORDINATE,
    )
    op.create_table(
        "inquiry_asked",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cause", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'withdrawn', 'decided', 'ended')", name="inquiry_asked_state"
        ),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="inquiry_asked_closed"),
        sa.CheckConstraint("(state = 'ended') = (cause IS NOT NULL)", name="inquiry_asked_cause"),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"]),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("inquiry_asked_of", "inquiry_asked", ["inquiry_id", "id"])
    op.create_index(
        "inquiry_asked_open", "inquiry_asked", ["assignment_id", "id"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    with op.batch_alter_table("report") as batch:
        batch.add_column(sa.Column("answers_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("report_answers_id", "inquiry_asked", ["answers_id"], ["id"])
    op.create_index(
        "report_of_asked", "report", ["answers_id"], sqlite_where=_ANSWERS, postgresql_where=_ANSWERS
    )
    _put_lowered_last()


def downgrade() -> None:
    op.drop_index("report_of_asked", table_name="report")
    with op.batch_alter_table("report") as batch:
        batch.drop_column("answers_id")
    _put_lowered_last()
    op.drop_table("inquiry_asked")
    op.drop_table("inquiry")


def _put_lowered_last() -> None:
    """Create the index of lowered claims anew: of two that serve alike SQLite takes the one created last.

    Copying the table creates its indexes in any order.
    """
    where = sa.text("verified_claim <> claim")
    op.drop_index("report_lowered", table_name="report")
    op.create_index("report_lowered", "report", ["assignment_id", "id"], sqlite_where=where, postgresql_where=where)
