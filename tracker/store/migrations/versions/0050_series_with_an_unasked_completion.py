"""a series says where a row was accepted that was not asked for the completion its window holds"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

_WAITS = sa.text(
    """
    UPDATE series SET unasked = true WHERE id IN (
        SELECT duty.series_id FROM duty
        JOIN period ON period.series_id = duty.series_id
        JOIN form_row ON form_row.period_id = period.id AND form_row.assignment_id = duty.assignment_id
        WHERE duty.completes AND duty.ended_at IS NULL
        AND duty.until_on >= period.starts_on AND duty.until_on <= period.ends_on
        AND form_row.state = 'accepted'
        AND EXISTS (
            SELECT 1 FROM report
            WHERE report.row_id = form_row.id AND report.state = 'accepted' AND report.kind = 'progress')
        AND NOT EXISTS (
            SELECT 1 FROM report
            WHERE report.row_id = form_row.id AND report.state = 'accepted' AND report.kind = 'completion'))
    """
)


def upgrade() -> None:
    op.add_column("series", sa.Column("unasked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(_WAITS)
    where = sa.text("unasked")
    op.create_index("series_unasked", "series", ["id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("series_unasked", "series")
    with op.batch_alter_table("series") as batch:
        batch.drop_column("unasked")
