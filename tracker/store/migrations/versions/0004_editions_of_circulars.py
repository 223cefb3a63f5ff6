"""editions of circulars"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TYPES = ("supervision", "notice", "urge", "assignment", "breakdown", "special", "rectification")
_STATES = ("draft", "submitted", "approved", "issued", "corrected", "withdrawn", "discarded")
_EMPTIED = ("year", "running_number", "number", "issued_at", "issued_by", "sha256", "name")


def upgrade() -> None:
    text, number = sa.String(), sa.Integer()
    added = [
        sa.Column("state", text, nullable=False, server_default="issued"),
        sa.Column("version", number, nullable=False, server_default="1"),
        sa.Column("office", text, nullable=False, server_default="office"),
        sa.Column("unit_name", text),
        sa.Column("document_number", text),
        sa.Column("last_event", number, nullable=False, server_default="0"),
        sa.Column("template_version", text, nullable=False, server_default=""),
        sa.Column("rule_version", text, nullable=False, server_default=""),
        sa.Column("previous_id", number),
        sa.Column("addressees", text, nullable=False, server_default=""),
        sa.Column("copies", text, nullable=False, server_default=""),
        sa.Column("note", text, nullable=False, server_default=""),
        sa.Column("urgency", text, nullable=False, server_default=""),
        sa.Column("statements", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("drafted_by", text, nullable=False, server_default=""),
        sa.Column("drafted_by_id", number),
        sa.Column("drafted_at", _time()),
        sa.Column("sent_back_because", text),
        sa.Column("approved_by", text),
        sa.Column("approved_at", _time()),
        sa.Column("approval_basis", text),
        sa.Column("remarks", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("replaces_id", number),
        sa.Column("closed_because", text),
    ]
    with op.batch_alter_table("circular") as batch:
        for column in added:
            batch.add_column(column)
        for name in _EMPTIED:
            batch.alter_column(name, nullable=True)
        batch.create_check_constraint("circular_type", sa.column("type").in_(_TYPES))
        batch.create_check_constraint("circular_state", sa.column("state").in_(_STATES))
        batch.create_foreign_key("circular_previous", "circular", ["previous_id"], ["id"])
        batch.create_foreign_key("circular_replaces", "circular", ["replaces_id"], ["id"])
    op.create_table(
        "number_series",
        sa.Column("series", text, nullable=False),
        sa.Column("year", number, nullable=False),
        sa.Column("last", number, nullable=False),
        sa.PrimaryKeyConstraint("series", "year"),
    )
    op.execute(
        "INSERT INTO number_series (series, year, last) SELECT series, year, MAX(running_number) FROM circular "
        "GROUP BY series, year"
    )


def _time() -> sa.types.TypeEngine[object]:
    return sqlmodel.sql.sqltypes.UTCDateTime()


def downgrade() -> None:
    raise NotImplementedError("editions that were never issued have no place in the older table")
