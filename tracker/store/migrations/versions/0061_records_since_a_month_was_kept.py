"""records since a month was kept"""

from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("project_value_of_month", "project_value", ["month", "told_at"])
    op.create_index("site_check_of_month", "site_check", ["month", "checked_at"])


def downgrade() -> None:
    op.drop_index("site_check_of_month", table_name="site_check")
    op.drop_index("project_value_of_month", table_name="project_value")
