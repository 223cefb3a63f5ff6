"""shares whose dispute became moot are those of their units again, not in dispute for good"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TAKE_BACK = """
UPDATE assignment SET state = 'received', version = version + 1
WHERE state = 'disputed' AND id NOT IN (
    SELECT assignment_id FROM request WHERE kind = 'dispute' AND state = 'pending'
)
"""


def upgrade() -> None:
    op.execute(TAKE_BACK)


def downgrade() -> None:
    """Leave it: no earlier state was right."""
