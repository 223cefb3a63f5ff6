"""what was handed in, counted against the quota of the unit; files kept before are counted as of their reports"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KEPT = """
INSERT INTO upload (unit_id, size_bytes, at)
SELECT a.unit_id, e.size_bytes, e.uploaded_at FROM evidence e
JOIN report r ON r.id = e.report_id JOIN assignment a ON a.id = r.assignment_id
"""


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_upload_unit_id", "upload", ["unit_id"])
    op.execute(KEPT)


def downgrade() -> None:
    op.drop_table("upload")
