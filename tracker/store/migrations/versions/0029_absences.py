"""leave, deputies and hand-overs"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_STANDING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("first_on <= last_on", name="absence_days"),
        sa.CheckConstraint("deputy_id IS NULL OR deputy_id <> user_id", name="absence_deputy"),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for name, column in (("absence_of", "user_id"), ("absence_deputy", "deputy_id")):
        op.create_index(
            name, "absence", [column, "last_on"], sqlite_where=_STANDING, postgresql_where=_STANDING
        )
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("handed_by", sa.String(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_handover_from_id"), "handover", ["from_id"])
    op.create_index(op.f("ix_handover_to_id"), "handover", ["to_id"])
    with op.batch_alter_table("login") as batch:
        batch.add_column(sa.Column("acting_for_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("login_acting_for_id", "person", ["acting_for_id"], ["id"])
    with op.batch_alter_table("circular") as batch:
        batch.add_column(sa.Column("drafted_for_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("circular", "drafted_for_id")
    op.drop_column("login", "acting_for_id")
    op.drop_table("handover")
    op.drop_table("absence")
