"""each unit has a box of evidence

What units attached before lies in their boxes from now on, each file under its name once; no event tells of these.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_IN = sa.text("out_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "box_file",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("good_until", sa.Date(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("put_by", sa.String(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("out_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["replaces_id"], ["box_file.id"]),
        sa.CheckConstraint("(out_at IS NULL) = (out_by IS NULL)", name="box_file_out"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("box_file_of_unit", "box_file", ["unit_id", "id"])
    op.create_index(
        "box_file_once",
        "box_file",
        ["unit_id", "sha256", "name"],
        unique=True,
        sqlite_where=_IN,
        postgresql_where=_IN,
    )
    op.execute(
        sa.text(
            "INSERT INTO box_file (version, unit_id, name, sha256, size_bytes, media_type, put_by, put_at)"
            " SELECT 1, filing.unit_id, evidence.name, evidence.sha256, min(evidence.size_bytes),"
            " min(evidence.media_type), min(evidence.uploaded_by), min(evidence.uploaded_at)"
            " FROM evidence JOIN report ON report.id = evidence.report_id JOIN filing ON filing.id = report.filing_id"
            " GROUP BY filing.unit_id, evidence.name, evidence.sha256 ORDER BY min(evidence.id)"
        )
    )


def downgrade() -> None:
    op.drop_table("box_file")
