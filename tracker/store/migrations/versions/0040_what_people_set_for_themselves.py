"""people choose the hour of their digest, large print and a link for their calendar

A pass keeps the hour at which it planned digests.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("digest_hour", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("large_print", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("calendar_sha256", sa.String(), nullable=True))
        batch.create_unique_constraint("person_calendar", ["calendar_sha256"])
    op.add_column("digest_pass", sa.Column("hour", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("digest_pass", "hour")
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint("person_calendar", type_="unique")
        for name in ("calendar_sha256", "large_print", "digest_hour"):
            batch.drop_column(name)
