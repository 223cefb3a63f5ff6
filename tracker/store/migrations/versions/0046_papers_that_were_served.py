"""papers of the office as they were served on units: receipt and answer"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('served', 'received', 'written')")
_UNREAD = sa.text("state = 'answered' AND read_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "served_paper",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circular_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("wants_answer", sa.Boolean(), nullable=False),
        sa.Column("answer_on", sa.Date(), nullable=True),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.String(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("written_by", sa.String(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back_because", sa.String(), nullable=True),
        sa.Column("signed_by", sa.String(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by", sa.String(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('served', 'received', 'written', 'answered', 'ended')", name="served_paper_state"
        ),
        sa.CheckConstraint("(state = 'answered') = (signed_at IS NOT NULL)", name="served_paper_signed"),
        sa.CheckConstraint("answer IS NOT NULL OR state IN ('served', 'received', 'ended')", name="served_paper_answer"),
        sa.ForeignKeyConstraint(["circular_id"], ["circular.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("circular_id", "unit_id", name="served_paper_once"),
    )
    op.create_index("served_paper_of_unit", "served_paper", ["unit_id", "id"])
    op.create_index(
        "served_paper_open", "served_paper", ["unit_id", "answer_on"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index(
        "served_paper_unread", "served_paper", ["signed_at", "id"], sqlite_where=_UNREAD, postgresql_where=_UNREAD
    )


def downgrade() -> None:
    op.drop_table("served_paper")
