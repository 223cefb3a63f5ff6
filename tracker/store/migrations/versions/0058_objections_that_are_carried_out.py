"""what became of objections to marks that hold"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("score_objection") as batch:
        batch.add_column(sa.Column("inputs_after", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("settled_because", sa.String(), nullable=True))
        batch.add_column(sa.Column("settled_by", sa.String(), nullable=True))
        batch.add_column(sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_check_constraint("score_objection_settled", "settled_because IS NULL OR state = 'upheld'")


def downgrade() -> None:
    with op.batch_alter_table("score_objection") as batch:
        batch.drop_constraint("score_objection_settled", type_="check")
        for column in ("settled_at", "settled_by", "settled_because", "inputs_after"):
            batch.drop_column(column)
