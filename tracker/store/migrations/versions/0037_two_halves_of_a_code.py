"""accounts keep the hash of the second half of a one-time code, and an address that waits for its person

Those that wait for a role now get the second half when it is granted; addresses of now stay as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("code_second_hash", sa.String(), nullable=True))
    op.add_column("person", sa.Column("new_email", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "new_email")
    op.drop_column("person", "code_second_hash")
