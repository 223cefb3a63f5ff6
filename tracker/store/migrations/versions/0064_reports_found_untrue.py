"""reports found untrue are found by the day of the finding"""

from alembic import op
from sqlalchemy import text

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    untrue = text("reason_class = 'falsified'")
    op.create_index(
        "report_untrue", "report", ["decided_at", "filing_id"], sqlite_where=untrue, postgresql_where=untrue
    )


def downgrade() -> None:
    op.drop_index("report_untrue", table_name="report")
