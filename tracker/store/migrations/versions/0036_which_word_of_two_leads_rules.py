"""reports keep whether a merger of two leads set them aside for the weaker word of the other; of earlier ones none was"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report", sa.Column("set_aside", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("report", "set_aside")
