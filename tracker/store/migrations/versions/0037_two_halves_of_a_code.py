"""accounts keep the hash of the second half of a one-time code; those that wait now get it when a role is granted"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("code_second_hash", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "code_second_hash")
