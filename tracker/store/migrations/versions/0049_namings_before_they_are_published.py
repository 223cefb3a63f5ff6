"""praise and criticism by name, as they were served on units before a paper was issued"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_OPEN = sa.text("state = 'served'")


def upgrade() -> None:
    op.create_table(
        "naming",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circular_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_because", sa.String(), nullable=True),
        sa.Column("kept_by", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('served', 'agreed', 'objected', 'ended')", name="naming_state"),
        sa.CheckConstraint("act IN ('praise', 'blame')", name="naming_act"),
        sa.CheckConstraint("answered_at IS NOT NULL OR state IN ('served', 'ended')", name="naming_answered"),
        sa.CheckConstraint("(kept_because IS NULL) = (kept_by IS NULL)", name="naming_kept"),
        sa.ForeignKeyConstraint(["circular_id"], ["circular.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("circular_id", "unit_id", "act", name="naming_once"),
    )
    op.create_index("naming_of_circular", "naming", ["circular_id", "id"])
    op.create_index("naming_open", "naming", ["unit_id", "answer_by"], sqlite_where=_OPEN, postgresql_where=_OPEN)


def downgrade() -> None:
    op.drop_table("naming")
