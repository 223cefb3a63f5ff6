"""accounts that are created by one and granted by another, their passwords and log-ins"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_BEFORE = (
    *("liaison", "unit_head", "supervisor", "leader", "reader"),
    *("system_admin", "security_admin", "audit_admin"),
)
_PERSON = sa.table("person", *(sa.column(name) for name in ("role", "asked_role", "unit_id", "password_hash", "demonstration")))


def upgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("asked_role", sa.String(), nullable=True))
        batch.add_column(sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("created_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("demonstration", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True))
        batch.drop_column("failed_logins")
        batch.drop_column("locked_until")
        batch.create_foreign_key("person_created_by", "person", ["created_by"], ["id"])
        batch.drop_constraint("person_role", type_="check")
        batch.create_check_constraint("person_role", _roles(*_BEFORE, "pending", "system"))
    _put_right()
    with op.batch_alter_table("person") as batch:
        batch.create_check_constraint("person_of_unit", "unit_id IS NOT NULL OR (role <> 'liaison' AND role <> 'unit_head')")
    with op.batch_alter_table("login") as batch:
        batch.add_column(sa.Column("address", sa.String(), nullable=True))
        batch.add_column(sa.Column("browser", sa.String(), nullable=True))
    op.create_table(
        "former_password",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_former_password_user_id"), "former_password", ["user_id"])
    op.create_table(
        "login_throttle",
        sa.Column("key_sha256", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key_sha256"),
    )


def _put_right() -> None:
    """Take the role from who needs a unit and has none, and mark the accounts of a demonstration.

    Those share one hash, which no two accounts do that were created one by one: each hash has a salt of its own.
    """
    lacking = _PERSON.c.role.in_(("liaison", "unit_head")), _PERSON.c.unit_id.is_(None)
    op.execute(_PERSON.update().where(*lacking).values(asked_role=_PERSON.c.role, role="pending"))
    other = _PERSON.alias()
    shared = sa.select(other.c.password_hash).group_by(other.c.password_hash).having(sa.func.count() > 1)
    op.execute(_PERSON.update().where(_PERSON.c.password_hash.in_(shared)).values(demonstration=True))


def downgrade() -> None:
    raise NotImplementedError("an account without a role cannot be told from one that never had any")


def _roles(*roles: str) -> str:
    return f"role IN ({', '.join(repr(role) for role in roles)})"
