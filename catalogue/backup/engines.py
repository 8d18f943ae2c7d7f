"""The database of a hub as one file, as it was at one moment, and put back from it.

SQLite is copied by its own online backup in one read transaction: writers go on meanwhile.
PostgreSQL is dumped and restored by its own programs, whose dump is one snapshot as well.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from psycopg.conninfo import make_conninfo
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from catalogue.backup.errors import CopyUnsound, RestoreNotThere, ToolFailed, ToolMissing
from catalogue.backup.files import copy
from catalogue.backup.model import POSTGRESQL, SQLITE
from catalogue.database import Database
from catalogue.errors import DatabaseUnreachable
from crosswalks.errors import Said

_ESCAPED, _ESCAPE = re.compile(r"([:\\])"), r"\\\1"
"""In a password file of PostgreSQL."""
_SAID = 300
"""Characters of what a program said that are told."""


def engine_of(url: str) -> str:
    """Return the name of the engine that an address is of, as backups have it."""
    return POSTGRESQL if make_url(url).get_backend_name() == "postgresql" else SQLITE


def put_aside(database: Database, target: Path) -> None:
    """Write the database to a file. Raises CopyUnsound, ToolMissing or ToolFailed."""
    if database.postgresql:
        _dump(make_url(database.url), target)
    else:
        _copy(database, target)


def check_empty(url: str) -> None:
    """Raise RestoreNotThere where a database is already, DatabaseUnreachable if none can be."""
    if engine_of(url) == SQLITE:
        path = _path(url)
        if path.exists():
            raise RestoreNotThere(reason=Said("there is {path}", {"path": str(path)}))
        return
    engine = create_engine(url)
    try:
        tables = inspect(engine).get_table_names()
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise DatabaseUnreachable(reason=reason) from error
    finally:
        engine.dispose()
    if tables:
        raise RestoreNotThere(
            reason=Said("the database has {count} tables", {"count": len(tables)})
        )


def put_back(source: Path, url: str) -> None:
    """Make a database, which there is none of yet, of a file. Raises ToolMissing or ToolFailed."""
    if engine_of(url) == POSTGRESQL:
        with conninfo(make_url(url)) as place:
            _run("pg_restore", *_RESTORE, f"--dbname={place}", str(source))
        return
    path = _path(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.restoring")
    copy(source, draft)
    # Fails where a hub was begun there meanwhile, rather than take its database away.
    os.link(draft, path)
    draft.unlink()


def _path(url: str) -> Path:
    return Path(make_url(url).database or "")


def _copy(database: Database, target: Path) -> None:
    with closing(sqlite3.connect(_path(database.url), timeout=60)) as reading:
        with closing(sqlite3.connect(target)) as writing:
            # All in one step, so in one transaction: in more, each write begins it anew.
            reading.backup(writing, pages=-1)
        with closing(sqlite3.connect(target)) as copied:
            copied.execute("PRAGMA journal_mode = DELETE")
            (said,) = copied.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        raise CopyUnsound(reason=said)


_DUMP = ("--format=custom", "--no-owner", "--no-acl", "--no-password")
_RESTORE = (
    *("--no-owner", "--no-acl", "--no-password"),
    *("--exit-on-error", "--single-transaction"),
)


def _dump(url: URL, target: Path) -> None:
    with conninfo(url) as place:
        _run("pg_dump", *_DUMP, f"--dbname={place}", f"--file={target}")


@contextmanager
def conninfo(url: URL) -> Iterator[str]:
    """Give where the database is, the password in a file: others see the words of a command."""
    known = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    named: dict[str, Any] = {name: value for name, value in known.items() if value}
    with NamedTemporaryFile("w", encoding="utf-8") as secret:
        if url.password:
            secret.write(f"*:*:*:*:{_ESCAPED.sub(_ESCAPE, str(url.password))}\n")
            secret.flush()
            named["passfile"] = secret.name
        yield make_conninfo("", **{**named, **url.query})


def _run(name: str, *options: str) -> None:
    program = shutil.which(name)
    if program is None:
        raise ToolMissing(name=name)
    done = subprocess.run(
        [program, *options],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = " ".join(done.stderr.decode(errors="replace").split())
        raise ToolFailed(name=name, reason=said[:_SAID])
