"""where a document comes from: published, or written down by the office"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_DRAFT = sa.table(
    "draft",
    sa.column("id", sa.Integer),
    sa.column("file_name", sa.String),
    sa.column("file_sha256", sa.String),
    sa.column("content", sa.Text),
    sa.column("document_id", sa.Integer),
)
_DOCUMENT = sa.table("document", sa.column("id", sa.Integer), sa.column("origin", sa.String))


def upgrade() -> None:
    with op.batch_alter_table("document", recreate="auto") as batch:
        batch.add_column(sa.Column("origin", sa.String(), nullable=False, server_default="published"))
        batch.create_check_constraint("document_origin", "origin IN ('published', 'internal')")
    # A draft of the short form has no file, that of a ledger a workbook; documents are never read from either.
    name = sa.func.lower(_DRAFT.c.file_name)
    written = sa.or_(_DRAFT.c.file_sha256 == "", name.like("%.xlsx"))
    made = sa.select(_DRAFT.c.document_id).where(written, _DRAFT.c.document_id.is_not(None))
    op.execute(_DOCUMENT.update().where(_DOCUMENT.c.id.in_(made)).values(origin="internal"))
    connection = op.get_bind()
    for id_, content in connection.execute(sa.select(_DRAFT.c.id, _DRAFT.c.content).where(written)).all():
        draft = json.dumps({**json.loads(content), "origin": "internal"}, ensure_ascii=False)
        connection.execute(_DRAFT.update().where(_DRAFT.c.id == id_).values(content=draft))


def downgrade() -> None:
    with op.batch_alter_table("document", recreate="auto") as batch:
        batch.drop_constraint("document_origin", type_="check")
        batch.drop_column("origin")
