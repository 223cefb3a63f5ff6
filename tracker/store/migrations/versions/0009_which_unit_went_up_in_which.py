"""which unit went up in which"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_UNIT = sa.table("unit", sa.column("id", sa.Integer), sa.column("merged_into_unit_id", sa.Integer))
_EVENT = sa.table(
    "event",
    sa.column("seq", sa.Integer),
    sa.column("type", sa.String),
    sa.column("unit_id", sa.Integer),
    sa.column("payload", sa.Text),
)


def upgrade() -> None:
    with op.batch_alter_table("unit", recreate="auto") as batch_op:
        batch_op.add_column(sa.Column("merged_into_unit_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("unit_merged_into", "unit", ["merged_into_unit_id"], ["id"])
    merged = sa.select(_EVENT.c.unit_id, _EVENT.c.payload).where(_EVENT.c.type == "unit.merged").order_by(_EVENT.c.seq)
    for unit_id, payload in op.get_bind().execute(merged).all():
        into = json.loads(payload)["into_unit_id"]
        op.execute(_UNIT.update().where(_UNIT.c.id == unit_id).values(merged_into_unit_id=into))


def downgrade() -> None:
    with op.batch_alter_table("unit", recreate="auto") as batch_op:
        batch_op.drop_constraint("unit_merged_into", type_="foreignkey")
        batch_op.drop_column("merged_into_unit_id")
