"""decided requests are found by their kind, the latest first"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_DECIDED = sa.text("state IN ('granted', 'refused')")


def upgrade() -> None:
    op.create_index(
        "request_decided", "request", ["kind", "decided_at", "id"], sqlite_where=_DECIDED, postgresql_where=_DECIDED
    )


def downgrade() -> None:
    op.drop_index("request_decided", table_name="request")
