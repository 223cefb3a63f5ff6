"""parts that units took over from others, also where they added nothing to their own"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("assignment") as batch:
        batch.add_column(sa.Column("taken_role", sa.String(), nullable=True))
        batch.add_column(sa.Column("taken_duty", sa.String(), nullable=True))
        batch.create_check_constraint("assignment_taken_role", "taken_role IN ('lead', 'support')")
        batch.create_check_constraint("assignment_taken_duty", "taken_duty IN ('report', 'reply')")
    # Until now an own part was kept only where the other's was more than it: what was taken over is what it became.
    op.execute("UPDATE assignment SET taken_role = role, taken_duty = duty WHERE own_role IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table("assignment") as batch:
        batch.drop_constraint("assignment_taken_duty", type_="check")
        batch.drop_constraint("assignment_taken_role", type_="check")
        batch.drop_column("taken_duty")
        batch.drop_column("taken_role")
