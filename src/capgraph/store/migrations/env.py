# ruff: noqa: INP001 - Alembic loads it by path
"""What Alembic runs: the migrations, on the connection that `capgraph.store.schema` hands over."""

from __future__ import annotations

from alembic import context

from capgraph.store.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
# The caller's transaction holds all of them, so that a database is never between two versions.
context.run_migrations()
