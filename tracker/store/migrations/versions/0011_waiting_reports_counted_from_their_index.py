"""waiting reports counted from their index alone"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_NAME = "report_under_review"


def upgrade() -> None:
    _anew("filed_at", "filing_id", "id", "state")


def downgrade() -> None:
    _anew("filed_at", "filing_id", "id")


def _anew(*columns: str) -> None:
    where = sa.text("state = 'filed'")
    op.drop_index(_NAME, table_name="report")
    op.create_index(_NAME, "report", list(columns), sqlite_where=where, postgresql_where=where)
