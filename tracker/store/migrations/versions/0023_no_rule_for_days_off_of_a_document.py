"""no rule of a document for deadlines on days off: nobody set it and nothing read it"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("document") as batch:
        batch.drop_constraint("document_day_off_rule", type_="check")
        batch.drop_column("day_off_rule")


def downgrade() -> None:
    with op.batch_alter_table("document") as batch:
        batch.add_column(sa.Column("day_off_rule", sa.String(), nullable=False, server_default="stay"))
        batch.create_check_constraint("document_day_off_rule", "day_off_rule IN ('next', 'previous', 'stay')")
