"""reports keep whether their share led when they were written; of earlier ones nobody knows"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report", sa.Column("by_lead", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("report", "by_lead")
