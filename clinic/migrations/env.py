"""Runs the migrations on the connection that `clinic.storage` hands over."""

from alembic import context

from clinic.storage import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
