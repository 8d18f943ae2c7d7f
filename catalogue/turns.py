"""Whether the catalogue is still as it was when something was looked up, at the least cost.

``hub_clock.turn`` grows in every transaction that changes what is found or shown. Whoever keeps
what was found for one turn asks for the turn before each use, so nothing is given out that a
committed change has made untrue.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from catalogue.errors import DatabaseUnreachable

_TURN = "SELECT turn FROM hub_clock"


class Turns:
    """Reads the turn by connections of its own, each of one statement at a time; thread-safe."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: deque[Connection] = deque()

    def now(self) -> int:
        """Return the turn that was committed last. Raises DatabaseUnreachable."""
        try:
            connection = self._idle.pop()
        except IndexError:
            return self._anew()
        try:
            turn = _read(connection)
        except self._engine.dialect.loaded_dbapi.Error:
            # The server may have been started again since: then none of those kept is of use.
            _end(connection)
            self.close()
            return self._anew()
        self._idle.append(connection)
        return turn

    def close(self) -> None:
        """Give back the connections."""
        while self._idle:
            _end(self._idle.pop())

    def _anew(self) -> int:
        connection = self._connect()
        try:
            turn = _read(connection)
        except self._engine.dialect.loaded_dbapi.Error as error:
            _end(connection)
            raise DatabaseUnreachable(reason=error) from error
        self._idle.append(connection)
        return turn

    def _connect(self) -> Connection:
        try:
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            # Kept for long: others must not wait for the pool's because of that.
            connection.detach()
        except SQLAlchemyError as error:
            raise DatabaseUnreachable(reason=error) from error
        return connection


def _read(connection: Connection) -> int:
    driver: Any = connection.connection.dbapi_connection
    ((turn,),) = driver.execute(_TURN).fetchall()
    return int(turn)


def _end(connection: Connection) -> None:
    with suppress(SQLAlchemyError):
        connection.close()
