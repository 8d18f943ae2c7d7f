"""The steps from one schema to another, by Alembic, on a connection of catalogue.database."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from catalogue import policies


def up(connection: Connection, revision: str) -> None:
    """Bring a schema to a newer revision; ``head`` is the newest.

    With that the matching policy that comes with the program is kept beside those of the hub; a
    catalogue without records begins under it.
    """
    command.upgrade(_config(connection), revision)
    if revision == "head":
        policies.begin(connection)


def down(connection: Connection, revision: str) -> None:
    """Take a schema back to an older revision; ``base`` removes all of it."""
    command.downgrade(_config(connection), revision)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
