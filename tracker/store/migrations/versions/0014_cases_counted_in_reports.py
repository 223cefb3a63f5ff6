"""cases counted in reports"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report") as batch:
        batch.add_column(sa.Column("cases_received", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("cases_in_time", sa.Integer(), nullable=True))
        batch.create_check_constraint("report_cases", "(cases_received IS NULL) = (cases_in_time IS NULL)")
        batch.create_check_constraint("report_cases_in_time", "cases_in_time BETWEEN 0 AND cases_received")
    _put_lowered_last()


def downgrade() -> None:
    with op.batch_alter_table("report") as batch:
        batch.drop_constraint("report_cases_in_time", type_="check")
        batch.drop_constraint("report_cases", type_="check")
        batch.drop_column("cases_in_time")
        batch.drop_column("cases_received")
    _put_lowered_last()


def _put_lowered_last() -> None:
    """Create the index of lowered claims anew: of two that serve alike SQLite takes the one created last.

    Copying the table creates its indexes in any order.
    """
    where = sa.text("verified_claim <> claim")
    op.drop_index("report_lowered", table_name="report")
    op.create_index("report_lowered", "report", ["assignment_id", "id"], sqlite_where=where, postgresql_where=where)
