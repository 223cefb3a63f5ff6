"""rows by their own days"""

from alembic import op
from sqlalchemy import text

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, column in (("form_row_due", "due_at"), ("form_row_correction_due", "correction_due_at")):
        where = text(f"{column} IS NOT NULL")
        op.create_index(name, "form_row", [column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("form_row_correction_due", table_name="form_row")
    op.drop_index("form_row_due", table_name="form_row")
