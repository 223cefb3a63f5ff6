"""what is written into forms and not sent yet"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('form', 'reply', 'completion', 'update')"


def upgrade() -> None:
    op.create_table(
        "jotting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=True),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(_KINDS, name="jotting_kind"),
        sa.CheckConstraint("(kind = 'form') = (period_id IS NOT NULL)", name="jotting_period"),
        sa.CheckConstraint("kind = 'form' OR assignment_id IS NOT NULL", name="jotting_share"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"]),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_jotting_unit_id", "jotting", ["unit_id"])
    of_form, of_share = sa.text("period_id IS NOT NULL"), sa.text("period_id IS NULL")
    op.create_index(
        "jotting_of_form",
        "jotting",
        ["period_id", "field"],
        unique=True,
        sqlite_where=of_form,
        postgresql_where=of_form,
    )
    op.create_index(
        "jotting_of_share",
        "jotting",
        ["assignment_id", "kind", "field"],
        unique=True,
        sqlite_where=of_share,
        postgresql_where=of_share,
    )


def downgrade() -> None:
    op.drop_table("jotting")
