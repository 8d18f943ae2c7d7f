"""What is refused when a hub moves."""

from __future__ import annotations

from catalogue.errors import CatalogueError, WrongUse


class NotToMoveThere(WrongUse):
    """A hub moves from SQLite to PostgreSQL: {reason}. Give the address of an empty PostgreSQL
    database, such as postgresql+psycopg://USER:PASSWORD@HOST:5432/NAME
    """


class MoveWhileWorking(WrongUse):
    """This hub is at work ({job}). End serve, worker and clock on all machines, then move it."""


class MoveStopped(CatalogueError):
    """Table {table} did not arrive: {reason}. Nothing was changed: the hub goes on with its old
    database, and the new one is empty. See to what is told, and move again.
    """


class MovedDiffers(CatalogueError):
    """What arrived in table {table} is not what was sent ({sent} rows; {came} came). Nothing was
    changed: the hub goes on with its old database, and the new one is empty. Move again.
    """
