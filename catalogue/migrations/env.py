"""How Alembic runs here: always on a connection that catalogue.database hands it."""

from __future__ import annotations

from alembic import context

from catalogue import credential_tables, crosswalk_tables, people_tables
from catalogue.alerts import tables as alert_tables
from catalogue.intake import tables as intake_tables

MODULES = (alert_tables, credential_tables, crosswalk_tables, intake_tables, people_tables)
"""Where tables are; all of them share one Base."""

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=MODULES[0].Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
