"""why mandatory evidence lacks under what was sent

What was sent before says nothing of it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("filing", sa.Column("evidence_reason", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("filing") as batch:
        batch.drop_column("evidence_reason")
