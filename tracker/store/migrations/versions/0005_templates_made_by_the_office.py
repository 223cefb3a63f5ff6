"""templates made by the office"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TYPES = ("supervision", "notice", "urge", "assignment", "breakdown", "special", "rectification")


def upgrade() -> None:
    time = sqlmodel.sql.sqltypes.UTCDateTime()
    op.create_table(
        "circular_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("uploaded_at", time, nullable=False),
        sa.Column("retired_at", time),
        sa.PrimaryKeyConstraint("id"),
        sa.CheckConstraint(sa.column("type").in_(_TYPES), name="circular_template_type"),
    )
    with op.batch_alter_table("circular") as batch:
        batch.add_column(sa.Column("layout_id", sa.Integer()))
        batch.create_foreign_key("circular_layout", "circular_template", ["layout_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("circular") as batch:
        batch.drop_constraint("circular_layout", type_="foreignkey")
        batch.drop_column("layout_id")
    op.drop_table("circular_template")
