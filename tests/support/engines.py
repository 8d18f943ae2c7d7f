"""Fresh databases for tests: a SQLite file, or a database on a PostgreSQL server of our own.

The server sorts text as Vietnamese does, as a national library's may: no result may depend on it.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from sqlalchemy.engine import make_url

from catalogue.database import upgrade
from support import emptied

USER = "lienthong"
SECONDS_TO_START = 60
OPTIONS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=32MB",
    "max_wal_size=64MB",
    "min_wal_size=32MB",
)
_MEMORY = Path("/dev/shm")
_PLENTY = 2 << 30
SQLITE_USUALLY = pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True
)
"""For what goes through stores that are tried on both engines by themselves; both in soak."""


class Engine(Protocol):
    """Something that databases can be made on."""

    name: str

    def fresh(self, *, migrated: bool = True) -> AbstractContextManager[str]:
        """Give the URL of a database nobody else uses, and drop it afterwards."""


class Sqlite:
    """SQLite files in a folder, copied from one that was migrated once."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def fresh(self, *, migrated: bool = True) -> Iterator[str]:
        """Give the URL of a database nobody else uses, and drop it afterwards."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            path = Path(folder, "hub.db")
            if migrated:
                shutil.copyfile(self._template, path)
            yield f"sqlite:///{path}"

    def upgrade(self, url: str, revision: str = "head") -> None:
        """Do as ``catalogue.database.upgrade``, which is run where there is something to change.

        A file without tables becomes what that would make of it, by copying: to go through all
        migrations takes a second, and hundreds of tests begin a hub of their own.
        """
        path = Path(make_url(url).database or "")
        if url.startswith("sqlite:") and revision == "head" and _is_new(path):
            shutil.copyfile(self._template, path)
        else:
            upgrade(url, revision)

    @cached_property
    def _template(self) -> Path:
        path = self.folder / "template.db"
        upgrade(f"sqlite:///{path}")
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return path


def _is_new(path: Path) -> bool:
    """Tell whether there is no table in a SQLite file, or not even the file in its folder."""
    if not path.exists():
        return path.parent.is_dir()
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None


class Postgresql:
    """Databases on a running server, copied from one that was migrated once.

    One that was used is made as new for the next test, under a name of its own: whoever still
    speaks to the old one finds nobody.
    """

    name = "postgresql"

    def __init__(self, port: int, crash: Callable[[], None] = lambda: None) -> None:
        self.port = port
        self.crash = crash
        """Ends the server as a power cut would, and starts it again."""
        self._numbers = itertools.count(1)
        self._as_new: list[str] = []

    def url(self, database: str) -> str:
        """Return the URL of one of its databases."""
        return f"postgresql+psycopg://{USER}:{USER}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def fresh(self, *, migrated: bool = True) -> Iterator[str]:
        """Give the URL of a database nobody else uses, and drop it afterwards."""
        name = f"hub{next(self._numbers)}"
        if migrated and self._as_new:
            self._rename(self._as_new.pop(), name)
        else:
            template = self._first.name if migrated else "template0"
            self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self._take_back(name, migrated=migrated)

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction, as the server's owner."""
        self._connection.execute(statement.encode())

    def close(self) -> None:
        """End the connection by which databases are made."""
        self._connection.close()

    def _rename(self, old: str, new: str) -> None:
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        while self._connection.execute(end, (old,)).fetchone() is not None:
            # Who emptied it is still leaving; the server itself looks again after 0.1 s only.
            time.sleep(0.001)
        self.execute(f"ALTER DATABASE {old} RENAME TO {new}")

    def _take_back(self, name: str, *, migrated: bool) -> None:
        if migrated:
            with closing(_connect(self.port, name)) as connection:
                is_as_new = emptied.make_as_new(connection, self._first)
            if is_as_new:
                self._as_new.append(name)
                return
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    @cached_property
    def _connection(self) -> psycopg.Connection:
        return _connect(self.port)

    @cached_property
    def _first(self) -> emptied.State:
        """Make the template; return what it is, and what every database of it is at first."""
        self.execute("CREATE DATABASE template_hub")
        upgrade(self.url("template_hub"))
        with closing(_connect(self.port, "template_hub")) as connection:
            return emptied.state(connection)


def quick_folder() -> Path | None:
    """Return where files cost least: in memory, if there is plenty of it, else the usual place."""
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _PLENTY:
        return _MEMORY
    return None


def postgresql_programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server installed, if there is one."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(debian, key=lambda path: float(path.parts[-3]), default=None)
    found = newest or shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def postgresql_server(programs: Path) -> Iterator[Postgresql]:
    """Run a server of our own on a free loopback port, with its data in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="lienthong-postgresql-", dir=quick_folder()))
    try:
        _make_cluster(programs, folder)
        process, port = _start(programs, folder)
        running = [process]

        def crash() -> None:
            # SIGQUIT: immediate shutdown, recovery at the next start (PostgreSQL 19.5).
            running[-1].send_signal(signal.SIGQUIT)
            running[-1].wait()
            running.append(_launch(programs, folder, port))
            assert _answers(running[-1], port)

        try:
            with closing(Postgresql(port, crash)) as engine:
                yield engine
        finally:
            _stop(running[-1])
    finally:
        shutil.rmtree(folder)


def _make_cluster(programs: Path, folder: Path) -> None:
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    locale = ("--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=vi")
    options = ("--auth=trust", f"--username={USER}", "--no-sync", "--no-instructions")
    command = [*_unprivileged(), f"{programs}/initdb", f"--pgdata={folder}/data"]
    done = subprocess.run(
        [*command, *locale, *options], capture_output=True, text=True, check=False, cwd="/"
    )
    assert done.returncode == 0, done.stderr


def _unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root, and must not outlive a test run that was killed."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return []
    owner = ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
    return [setpriv, *(owner if os.getuid() == 0 else []), "--pdeathsig=INT"]


def _start(programs: Path, folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    for _ in range(5):
        port = _free_port()
        process = _launch(programs, folder, port)
        if _answers(process, port):
            return process, port
        _stop(process)
    raise AssertionError((folder / "log").read_text())


def _launch(programs: Path, folder: Path, port: int) -> subprocess.Popen[bytes]:
    options = [f"--{option}" for option in (f"port={port}", *OPTIONS)]
    command = [*_unprivileged(), f"{programs}/postgres", "-D", f"{folder}/data", *options]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/")


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            _connect(port).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait()


def _connect(port: int, database: str = "postgres") -> psycopg.Connection:
    return psycopg.connect(host="127.0.0.1", port=port, user=USER, dbname=database, autocommit=True)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
