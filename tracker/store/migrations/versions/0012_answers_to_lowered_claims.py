"""answers to lowered claims"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("request") as batch:
        batch.add_column(sa.Column("report_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("request_report_id", "report", ["report_id"], ["id"])
        batch.create_unique_constraint("request_of_report", ["report_id"])
        batch.drop_constraint("request_kind", type_="check")
        batch.create_check_constraint("request_kind", "kind IN ('extension', 'dispute', 'objection')")
        batch.create_check_constraint("request_report", "(kind = 'objection') = (report_id IS NOT NULL)")
    where = sa.text("verified_claim <> claim")
    op.create_index(
        "report_lowered", "report", ["assignment_id", "id"], sqlite_where=where, postgresql_where=where
    )


def downgrade() -> None:
    op.execute("DELETE FROM request WHERE kind = 'objection'")
    op.drop_index("report_lowered", table_name="report")
    with op.batch_alter_table("request") as batch:
        batch.drop_constraint("request_report", type_="check")
        batch.drop_constraint("request_kind", type_="check")
        batch.create_check_constraint("request_kind", "kind IN ('extension', 'dispute')")
        batch.drop_constraint("request_of_report", type_="unique")
        batch.drop_constraint("request_report_id", type_="foreignkey")
        batch.drop_column("report_id")
