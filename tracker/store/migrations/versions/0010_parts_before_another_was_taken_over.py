"""parts that units had before they took over another's"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("assignment") as batch:
        batch.add_column(sa.Column("own_role", sa.String(), nullable=True))
        batch.add_column(sa.Column("own_duty", sa.String(), nullable=True))
        batch.create_check_constraint("assignment_own_role", "own_role IN ('lead', 'support')")
        batch.create_check_constraint("assignment_own_duty", "own_duty IN ('report', 'reply')")
    with op.batch_alter_table("item_bearer") as batch:
        batch.add_column(sa.Column("instead_of_unit_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("item_bearer_instead_of", "unit", ["instead_of_unit_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("item_bearer") as batch:
        batch.drop_constraint("item_bearer_instead_of", type_="foreignkey")
        batch.drop_column("instead_of_unit_id")
    with op.batch_alter_table("assignment") as batch:
        batch.drop_constraint("assignment_own_duty", type_="check")
        batch.drop_constraint("assignment_own_role", type_="check")
        batch.drop_column("own_duty")
        batch.drop_column("own_role")
