"""organs that issue a paper together, and what their heads countersigned"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

_INDEXES = (
    ("co_issuer_once", ["circular_id", "unit_id", "purpose"], "state <> 'dropped'", True),
    ("co_issuer_open", ["unit_id", "asked_at"], "state = 'asked'", False),
    ("co_issuer_returned", ["answered_at", "id"], "state = 'returned'", False),
)


def upgrade() -> None:
    op.create_table(
        "co_issuer",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circular_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("matter", sa.String(), nullable=True),
        sa.Column("asked_by", sa.String(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_because", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('named', 'asked', 'agreed', 'returned', 'dropped')", name="co_issuer_state"),
        sa.CheckConstraint("purpose IN ('issue', 'withdrawal')", name="co_issuer_purpose"),
        sa.CheckConstraint(
            "answered_at IS NOT NULL OR state IN ('named', 'asked', 'dropped')", name="co_issuer_answered"
        ),
        sa.CheckConstraint(
            "asked_at IS NOT NULL OR state IN ('named', 'dropped')", name="co_issuer_told"
        ),
        sa.ForeignKeyConstraint(["circular_id"], ["circular.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("co_issuer_of_circular", "co_issuer", ["circular_id", "id"])
    for name, columns, where, unique in _INDEXES:
        condition = sa.text(where)
        op.create_index(
            name, "co_issuer", columns, unique=unique, sqlite_where=condition, postgresql_where=condition
        )


def downgrade() -> None:
    op.drop_table("co_issuer")
