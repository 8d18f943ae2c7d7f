"""A hub of one's own for each test, and its commands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from catalogue import database
from hub.cli import run
from support.engines import Sqlite
from support.passwords import hashed_at_once

cheap_passwords = pytest.fixture(scope="module", autouse=True)(hashed_at_once)


@pytest.fixture(scope="module", autouse=True)
def tables_at_once(sqlite_engine: Sqlite) -> Iterator[None]:
    """Give new hubs of this process their tables by copying; processes of their own migrate."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(database, "upgrade", sqlite_engine.upgrade)
        yield


@pytest.fixture
def tables(tmp_path: Path) -> None:
    """Give the instance folder a database with its tables, for processes about something else."""
    database.upgrade(f"sqlite:///{tmp_path}/lienthong.db")


class Said(NamedTuple):
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> list[Any]:
        """The values on standard output, a line each."""
        assert self.code == 0, self.err
        return [json.loads(line) for line in self.out.splitlines()]


Lienthong = Callable[..., Said]


@pytest.fixture
def lienthong(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Lienthong:
    """Run commands in this process on one instance folder that allows loopback."""
    folder = tmp_path / "instance"

    def command(*arguments: str, **environment: str) -> Said:
        defaults = {
            "LIENTHONG_INSTANCE": str(folder),
            "LIENTHONG_HARVEST__ALLOW_NETWORKS": "127.0.0.0/8",
            "LIENTHONG_HARVEST__FIRST_WAIT": "0.01",
        }
        code = run(arguments, {**defaults, **environment})
        out, err = capfdbinary.readouterr()
        return Said(code, out.decode(), err.decode())

    return command
