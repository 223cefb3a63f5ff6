"""circulars about evaluated months, and corrections of what they published"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

_BEFORE = ("supervision", "notice", "urge", "assignment", "breakdown", "special", "rectification")
_TABLES = ("circular", "circular_template")


def upgrade() -> None:
    op.create_table(
        "score_correction",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("inputs_after", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.Column("frozen_by", sa.String(), nullable=True),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rule_version", sa.String(), nullable=True),
        sa.Column("inputs_digest", sa.String(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'frozen', 'issued', 'dropped')", name="score_correction_state"),
        sa.CheckConstraint("(state IN ('frozen', 'issued')) = (result IS NOT NULL)", name="score_correction_result"),
        sa.CheckConstraint("(result IS NULL) = (edition IS NULL)", name="score_correction_edition"),
        sa.ForeignKeyConstraint(["month_id"], ["score_month.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("score_correction_of_month", "score_correction", ["month_id", "id"])
    op.create_index(
        "score_correction_one",
        "score_correction",
        ["month_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('open', 'frozen')"),
        postgresql_where=sa.text("state IN ('open', 'frozen')"),
    )
    with op.batch_alter_table("circular") as batch:
        batch.add_column(sa.Column("score_month_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("score_edition", sa.Integer(), nullable=True))
        batch.create_foreign_key("circular_score_month", "score_month", ["score_month_id"], ["id"])
        batch.create_index("circular_of_score_month", ["score_month_id"])
    _allow((*_BEFORE, "ranking"))


def downgrade() -> None:
    # What an earlier version does not know has no place in its tables; the log keeps what it told.
    op.execute(sa.text("DELETE FROM circular_template WHERE type = 'ranking'"))
    op.execute(sa.text("DELETE FROM circular WHERE type = 'ranking'"))
    _allow(_BEFORE)
    with op.batch_alter_table("circular") as batch:
        batch.drop_index("circular_of_score_month")
        batch.drop_constraint("circular_score_month", type_="foreignkey")
        batch.drop_column("score_edition")
        batch.drop_column("score_month_id")
    op.drop_table("score_correction")


def _allow(types: tuple[str, ...]) -> None:
    condition = f"type IN ({', '.join(repr(one) for one in types)})"
    for table in _TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"{table}_type", type_="check")
            batch.create_check_constraint(f"{table}_type", condition)
