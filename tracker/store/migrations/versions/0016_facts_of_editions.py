"""facts that editions of circulars keep, and what the last check of their layout found"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("circular") as batch:
        batch.add_column(sa.Column("facts_sha256", sa.String(), nullable=True))
        batch.add_column(sa.Column("deviations", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("circular") as batch:
        batch.drop_column("deviations")
        batch.drop_column("facts_sha256")
