"""what leaders instruct units on tasks

The inquiries of before are none of theirs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at IS NULL")
_INSTRUCTED = sa.text("instruction_id IS NOT NULL")
_CHECKS = {
    "inquiry_haste": "haste IN ('urgent', 'ordinary', 'standing')",
    "inquiry_given": "(instruction_id IS NULL) = (given_on IS NULL)",
    "inquiry_instructed": "(instruction_id IS NULL) = (haste IS NULL)",
    "inquiry_of_nobody_else": "instruction_id IS NULL OR assignment_id IS NULL",
}


def upgrade() -> None:
    op.create_table(
        "instruction",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"]),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("instruction_of_task", "instruction", ["task_id", "id"])
    op.create_index("instruction_of_leader", "instruction", ["leader_id", "id"])
    op.create_index("instruction_open", "instruction", ["id"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    with op.batch_alter_table("inquiry") as batch:
        batch.add_column(sa.Column("instruction_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("given_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("haste", sa.String(), nullable=True))
        batch.add_column(sa.Column("recorded_by", sa.String(), nullable=True))
        batch.create_foreign_key("inquiry_instruction_id", "instruction", ["instruction_id"], ["id"])
        for name, condition in _CHECKS.items():
            batch.create_check_constraint(name, condition)
    op.create_index(
        "inquiry_of_instruction",
        "inquiry",
        ["instruction_id", "id"],
        sqlite_where=_INSTRUCTED,
        postgresql_where=_INSTRUCTED,
    )


def downgrade() -> None:
    op.drop_index("inquiry_of_instruction", table_name="inquiry")
    with op.batch_alter_table("inquiry") as batch:
        for name in _CHECKS:
            batch.drop_constraint(name, type_="check")
        for name in ("instruction_id", "given_on", "haste", "recorded_by"):
            batch.drop_column(name)
    op.drop_table("instruction")
