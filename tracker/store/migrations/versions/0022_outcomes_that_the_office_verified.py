"""outcomes that the office verified, beside what units reported of them"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_REPORT = sa.table(
    "report", *(sa.column(name) for name in ("id", "kind", "state", "outcome", "verified_outcome", "version"))
)
_EVENT = sa.table("event", sa.column("seq"), sa.column("type"), sa.column("payload"))


def upgrade() -> None:
    with op.batch_alter_table("report") as batch:
        batch.add_column(sa.Column("verified_outcome", sa.String(), nullable=True))
        batch.create_check_constraint("report_verified_outcome", "verified_outcome IN ('met', 'unmet')")
    _put_lowered_last()
    accepted = _REPORT.c.kind == "completion", _REPORT.c.state == "accepted"
    op.execute(_REPORT.update().where(*accepted).values(verified_outcome=_REPORT.c.outcome))
    _take_own_back()


def downgrade() -> None:
    held = _REPORT.c.verified_outcome.is_not(None)
    op.execute(_REPORT.update().where(held).values(outcome=_REPORT.c.verified_outcome))
    with op.batch_alter_table("report") as batch:
        batch.drop_constraint("report_verified_outcome", type_="check")
        batch.drop_column("verified_outcome")
    _put_lowered_last()


def _take_own_back() -> None:
    """Give reports back what their units filed: the office's decision had taken its place."""
    connection = op.get_bind()
    told = sa.select(_EVENT.c.payload).where(_EVENT.c.type == "report.filed").order_by(_EVENT.c.seq)
    own = {facts["report_id"]: facts["outcome"] for (payload,) in connection.execute(told) if _ends(facts := json.loads(payload))}
    held = sa.select(_REPORT.c.id, _REPORT.c.outcome).where(_REPORT.c.verified_outcome.is_not(None))
    for id_, outcome in connection.execute(held).all():
        if own.get(id_, outcome) != outcome:
            changed = {"outcome": own[id_], "version": _REPORT.c.version + 1}
            connection.execute(_REPORT.update().where(_REPORT.c.id == id_).values(changed))


def _ends(facts) -> bool:
    return facts.get("kind") == "completion" and bool(facts.get("outcome"))


def _put_lowered_last() -> None:
    """Create the index of lowered claims anew: of two that serve alike SQLite takes the one created last.

    Copying the table creates its indexes in any order.
    """
    where = sa.text("verified_claim <> claim")
    op.drop_index("report_lowered", table_name="report")
    op.create_index("report_lowered", "report", ["assignment_id", "id"], sqlite_where=where, postgresql_where=where)
