"""Runs the migrations on the connection that `clinic.migrating` hands over."""

from alembic import context

from clinic.tables import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables,
    render_as_batch=True,
    # SQLite can change tables within a transaction, since we begin it ourselves.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
