"""what an event is about besides its task and unit: files that were fetched are looked for by it"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_IS_ABOUT = sa.text("about IS NOT NULL")


def upgrade() -> None:
    op.add_column("event", sa.Column("about", sa.String(), nullable=True))
    op.create_index(
        "event_about", "event", ["about", "seq"], sqlite_where=_IS_ABOUT, postgresql_where=_IS_ABOUT
    )


def downgrade() -> None:
    op.drop_index("event_about", table_name="event")
    op.drop_column("event", "about")
