"""three administrators, of whom none works on matters"""

from alembic import op

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None

_BEFORE = ("liaison", "unit_head", "supervisor", "leader", "reader")
_ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")


def upgrade() -> None:
    _allow(*_BEFORE, *_ADMINISTRATORS, "system")


def downgrade() -> None:
    _allow(*_BEFORE, "system")


def _allow(*roles: str) -> None:
    codes = ", ".join(f"'{role}'" for role in roles)
    with op.batch_alter_table("person") as batch:
        batch.drop_constraint("person_role", type_="check")
        batch.create_check_constraint("person_role", f"role IN ({codes})")
