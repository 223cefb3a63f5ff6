"""what the lead of a task says of a member's report before the office decides"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lead_verification",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("lead_unit_id", sa.Integer(), nullable=False),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("claim", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("sampled", sa.Boolean(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"]),
        sa.ForeignKeyConstraint(["lead_unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("report_id"),
        sa.CheckConstraint("opinion IN ('stands', 'lower', 'return')", name="lead_verification_opinion"),
        sa.CheckConstraint("(opinion = 'lower') = (claim IS NOT NULL)", name="lead_verification_claim"),
        sa.CheckConstraint("(opinion = 'stands') = (reason IS NULL)", name="lead_verification_reason"),
    )


def downgrade() -> None:
    op.drop_table("lead_verification")
