"""what leaders wrote is searched, rows say why their evidence lacks, files whose answer they came with

Reports of before keep what was said of their form as a whole.
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_BEFORE = ("task", "document", "report", "evidence", "circular")
_OF_FILES = ("evidence", "box_file")
_LATER = (*_BEFORE, "instruction")


def upgrade() -> None:
    op.add_column("report", sa.Column("evidence_reason", sa.String(), nullable=True))
    for table in _OF_FILES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("from_report_id", sa.Integer(), nullable=True))
            batch.create_foreign_key(f"{table}_from", "report", ["from_report_id"], ["id"])
    _allow(_LATER)


def downgrade() -> None:
    # `flask search rebuild` of the earlier version makes the rest anew; pairs of what it does not know stay unasked.
    op.execute(sa.text("DELETE FROM search_text WHERE kind = 'instruction'"))
    _allow(_BEFORE)
    for table in _OF_FILES:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"{table}_from", type_="foreignkey")
            batch.drop_column("from_report_id")
    with op.batch_alter_table("report") as batch:
        batch.drop_column("evidence_reason")


def _allow(kinds: tuple[str, ...]) -> None:
    """Let the texts that can be searched be of some kinds; SQLite copies the table, which has no rowid, by hand."""
    condition = f"kind IN ({', '.join(repr(kind) for kind in kinds)})"
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("search_text_kind", "search_text", type_="check")
        op.create_check_constraint("search_text_kind", "search_text", condition)
        return
    op.create_table(
        "search_text_anew",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint(condition, name="search_text_kind"),
        sa.PrimaryKeyConstraint("kind", "place"),
        sqlite_with_rowid=False,
    )
    op.execute(sa.text("INSERT INTO search_text_anew (kind, place, text) SELECT kind, place, text FROM search_text"))
    op.drop_table("search_text")
    op.rename_table("search_text_anew", "search_text")
