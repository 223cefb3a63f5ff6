"""decisions that end"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("score_decision") as batch:
        batch.add_column(sa.Column("last_month", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("score_decision") as batch:
        batch.drop_column("last_month")
