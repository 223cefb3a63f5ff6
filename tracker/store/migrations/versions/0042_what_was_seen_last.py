"""each log-in knows how far the log was when it was last seen, and when its person was there before"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("seen_event", "since_event"):
        op.add_column("login", sa.Column(name, sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("login") as batch:
        for name in ("seen_event", "since_event"):
            batch.drop_column(name)
