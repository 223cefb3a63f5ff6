"""items of drafts have the shape of registered ones: printed names may be resolved, groups say what extends them"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_DRAFT = sa.table("draft", sa.column("id", sa.Integer), sa.column("content", sa.Text))
_NAMES = ("leads", "supports", "groups", "assigned_leads")


def upgrade() -> None:
    _rewrite(_with_objects)


def downgrade() -> None:
    _rewrite(_with_names)


def _rewrite(change):
    connection = op.get_bind()
    for id_, content in connection.execute(sa.select(_DRAFT.c.id, _DRAFT.c.content)).all():
        draft = json.loads(content)
        draft["items"] = [change(item) for item in draft["items"]]
        changed = json.dumps(draft, ensure_ascii=False)
        connection.execute(_DRAFT.update().where(_DRAFT.c.id == id_).values(content=changed))


def _with_objects(item):
    inherited = dict(item.pop("inherited", ()))
    for field in _NAMES:
        item[field] = [{"printed": name} for name in item.get(field, ())]
    for group in item["groups"]:
        group["inherited_from"] = inherited.get(group["printed"])
    return item


def _with_names(item):
    item["inherited"] = [[g["printed"], g["inherited_from"]] for g in item["groups"] if g.get("inherited_from")]
    for field in _NAMES:
        item[field] = [name["printed"] for name in item[field]]
    return item
