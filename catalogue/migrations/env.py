"""How Alembic runs here: always on a connection that catalogue.database hands it."""

from __future__ import annotations

from alembic import context

from catalogue.every_table import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
