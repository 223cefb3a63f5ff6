"""a correction keeps why it takes the place of another paper"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("circular") as table:
        table.add_column(sa.Column("corrects_because", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("circular") as table:
        table.drop_column("corrects_because")
