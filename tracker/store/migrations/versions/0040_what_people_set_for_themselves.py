"""people choose the hour of their digest and large print; a pass keeps the hour at which it planned digests"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("digest_hour", sa.Integer(), nullable=True))
    op.add_column("person", sa.Column("large_print", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("digest_pass", sa.Column("hour", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("digest_pass", "hour")
    op.drop_column("person", "large_print")
    op.drop_column("person", "digest_hour")
