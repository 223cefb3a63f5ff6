"""a paper keeps its words as they are read, with their figures, by which it is found"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("circular") as table:
        table.add_column(sa.Column("said", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("circular") as table:
        table.drop_column("said")
