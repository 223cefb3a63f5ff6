"""what heads sent back is found by its unit"""

from alembic import op
from sqlalchemy import text

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sent_back = text("state = 'sent_back'")
    op.create_index(
        "filing_sent_back", "filing", ["unit_id", "id"], sqlite_where=sent_back, postgresql_where=sent_back
    )


def downgrade() -> None:
    op.drop_index("filing_sent_back", table_name="filing")
