"""projects that come back onto a list"""

from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

_ONCE, _OF_A_YEAR = "project_listing_once", ["project_id", "list", "year"]


def upgrade() -> None:
    _unique([*_OF_A_YEAR, "since"])


def downgrade() -> None:
    # Of a project that came back the last row stays: an earlier version knows but one of a year.
    op.execute(
        "DELETE FROM project_listing WHERE EXISTS (SELECT 1 FROM project_listing AS later"
        " WHERE later.project_id = project_listing.project_id AND later.list = project_listing.list"
        " AND later.year = project_listing.year AND later.since > project_listing.since)"
    )
    _unique(_OF_A_YEAR)


def _unique(columns: list[str]) -> None:
    with op.batch_alter_table("project_listing") as batch:
        batch.drop_constraint(_ONCE, type_="unique")
        batch.create_unique_constraint(_ONCE, columns)
