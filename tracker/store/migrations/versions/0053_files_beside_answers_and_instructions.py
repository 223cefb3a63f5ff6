"""files under answers to served papers and beside leaders' instructions"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_OF = ("served", "inquiry")


def upgrade() -> None:
    op.create_table(
        "enclosure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("served_id", sa.Integer(), nullable=True),
        sa.Column("inquiry_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("put_by", sa.String(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("out_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(served_id IS NULL) <> (inquiry_id IS NULL)", name="enclosure_of_one"),
        sa.ForeignKeyConstraint(["served_id"], ["served_paper.id"]),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiry.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for of in _OF:
        where = sa.text(f"{of}_id IS NOT NULL")
        op.create_index(
            f"enclosure_of_{of}", "enclosure", [f"{of}_id", "id"], sqlite_where=where, postgresql_where=where
        )


def downgrade() -> None:
    op.drop_table("enclosure")
