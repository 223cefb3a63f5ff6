"""reports keep for which of the shares that a merger made one they spoke; of earlier mergers nobody knows"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report", sa.Column("voice", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("report", "voice")
