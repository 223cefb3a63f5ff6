"""classes of units, and who keeps a leading group"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_CLASSES = (
    "市政府",
    "市政府部门",
    "下级政府",
    "功能区管委会",
    "市属企业事业",
    "党委部门",
    "人大政协",
    "司法机关",
    "群团",
    "垂管",
    "上级机关",
    "领导小组",
)
_RENAMED = {
    "市直部门": "市政府部门",
    "中省直单位": "垂管",
    "军队武警": "垂管",
    "院校": "市属企业事业",
    "企业": "市属企业事业",
    "县区": "下级政府",
    "功能区": "功能区管委会",
    "议事机构": "领导小组",
}
# Institutions directly under the government and media stood among the departments; they are classes of their own now.
_INSTITUTIONS = ("nongjizhongxin", "yuanlinzhongxin", "ribaoshe", "guangbodianshitai", "dianshixuanchuanzhongxin")
_TASKED = {"canlian": True, "zhongdaxiangmuban": False}
# 驻政办〔2022〕50号 2.1, 驻政办〔2022〕53号 三: who keeps the office, in the documents' own words.
_KEPT_BY = {
    "linye-zhihuibu": "linyeju",
    "linye-zhihuibu-ban": "linyeju",
    "zhongdaxiangmu-lxz": "zhongdaxiangmuban",
}
_UNIT = sa.table(
    "unit",
    sa.column("id", sa.Integer),
    sa.column("code", sa.String),
    sa.column("kind", sa.String),
    sa.column("tasked", sa.Boolean),
    sa.column("kept_by_unit_id", sa.Integer),
)


def upgrade() -> None:
    with op.batch_alter_table("unit", recreate="auto") as batch_op:
        batch_op.drop_constraint("unit_kind", type_="check")
        batch_op.add_column(sa.Column("tasked", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("kept_by_unit_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("unit_kept_by", "unit", ["kept_by_unit_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_unit_kept_by_unit_id"), ["kept_by_unit_id"], unique=False)
    _classify()
    _fill_exceptions()
    allowed = ", ".join(f"'{name}'" for name in _CLASSES)
    with op.batch_alter_table("unit", recreate="auto") as batch_op:
        batch_op.create_check_constraint("unit_kind", f"kind IN ({allowed})")


def _classify() -> None:
    """Map the old kinds; 「其他」 held the city government, provincial bodies and whatever had no kind."""
    kind, code = _UNIT.c.kind, _UNIT.c.code
    op.execute(_UNIT.update().where(code.in_(_INSTITUTIONS)).values(kind="市属企业事业"))
    op.execute(_UNIT.update().where(kind == "其他", code == "shizhengfu").values(kind="市政府"))
    op.execute(_UNIT.update().where(kind == "其他", code.like("sheng-%")).values(kind="上级机关"))
    # A body that the office entered itself was tasked until now; it stays so until the office says otherwise.
    op.execute(_UNIT.update().where(kind == "其他").values(kind="市属企业事业"))
    for old, new in _RENAMED.items():
        op.execute(_UNIT.update().where(kind == old).values(kind=new))


def _fill_exceptions() -> None:
    for code, tasked in _TASKED.items():
        op.execute(_UNIT.update().where(_UNIT.c.code == code).values(tasked=tasked))
    other = _UNIT.alias()
    for code, keeper in _KEPT_BY.items():
        id_ = sa.select(other.c.id).where(other.c.code == keeper).scalar_subquery()
        op.execute(_UNIT.update().where(_UNIT.c.code == code).values(kept_by_unit_id=id_))


def downgrade() -> None:
    raise NotImplementedError("the old kinds cannot be told from the classes")
