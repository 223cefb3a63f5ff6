"""events are found by their time, for who audits them"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("event_when", "event", ["occurred_at", "seq"])


def downgrade() -> None:
    op.drop_index("event_when", table_name="event")
