"""what can be searched: texts and their pairs of characters, filled by `flask db upgrade`"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_text",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('task', 'document', 'report', 'evidence', 'circular')", name="search_text_kind"
        ),
        sa.PrimaryKeyConstraint("kind", "place"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_gram",
        sa.Column("gram", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("gram", "place"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("search_gram")
    op.drop_table("search_text")
