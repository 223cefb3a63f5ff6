"""drafts that are made anew"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("circular") as batch:
        batch.add_column(sa.Column("redrafted_from_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("left_behind", sa.JSON(), nullable=True))
        batch.create_foreign_key("circular_redrafted", "circular", ["redrafted_from_id"], ["id"])
    op.create_index("circular_redrafted_from", "circular", ["redrafted_from_id"])


def downgrade() -> None:
    op.drop_index("circular_redrafted_from", "circular")
    with op.batch_alter_table("circular") as batch:
        batch.drop_constraint("circular_redrafted", type_="foreignkey")
        batch.drop_column("left_behind")
        batch.drop_column("redrafted_from_id")
