"""Alembic's entry: the connection comes from `tracker.store.schema`, never from an ini file."""

from alembic import context
from sqlmodel import SQLModel

from tracker.store import tables

assert tables.__all__

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
