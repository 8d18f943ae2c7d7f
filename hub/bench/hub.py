"""The hub that is measured: a folder and a database of its own, with the made-up members in it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from catalogue import database as databases
from catalogue import libraries, sources
from catalogue.database import Database
from catalogue.model import Library, Source
from catalogue.options import Connection
from hub.bench.worker import Told
from hub.errors import DatabaseNotEmpty

_OURS = "alembic_version"
"""What is left where a hub's tables were taken away: at which schema they were, which is none."""
_LOOPBACK = "127.0.0.0/8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A hub to measure, whose schema is there and whose sources are not."""

    folder: Path
    url: str
    language: str

    @property
    def told(self) -> Told:
        """What its workers have to know; nothing of our own environment reaches them."""
        environment = {
            "LIENTHONG_INSTANCE": str(self.folder),
            "LIENTHONG_DATABASE_URL": self.url,
            "LIENTHONG_HARVEST__ALLOW_NETWORKS": _LOOPBACK,
            "LIENTHONG_PUBLIC__DOMAIN": "bench.lienthong.localhost",
        }
        return Told(environment, self.language)

    @property
    def raw_bytes(self) -> int:
        """How many bytes the pages take that it has kept."""
        return sum(
            each.stat().st_size for each in (self.folder / "raw").rglob("*") if each.is_file()
        )


def check_empty(url: str) -> None:
    """Raise DatabaseNotEmpty where there is a table, DatabaseUnreachable where there is nothing."""
    if databases.tables_of(url) - {_OURS} or databases.schema_of(url):
        raise DatabaseNotEmpty


@contextmanager
def fresh(url: str, language: str, below: Path) -> Iterator[Measured]:
    """Give a hub with nothing in it, and take it away at the end.

    Its folder is made below another. With ``url`` its tables are made in that database, which has
    to be empty and is emptied again; without, in a SQLite file in the folder.
    """
    folder = Path(tempfile.mkdtemp(prefix="hub-", dir=below))
    try:
        place = url or f"sqlite:///{folder / 'lienthong.db'}"
        databases.upgrade(place)
        try:
            yield Measured(folder=folder, url=place, language=language)
        finally:
            if url:
                databases.downgrade(url, "base")
    finally:
        shutil.rmtree(folder)


def add_members(db: Database, codes: Iterable[str], url: str, at_once: int) -> list[str]:
    """Make each member a library with a source; return the sources' names.

    All answer at one server, which is asked for so many lists at once.
    """
    names = []
    for code in codes:
        libraries.add(db, Library(code=code, name=f"Thư viện {code}"))
        source = Source(
            name=code.lower(),
            library=code,
            protocol="oai-pmh",
            url=f"{url}/{code}/oai",
            prefix="marc21",
            connection=Connection(parallel=at_once),
        )
        sources.add(db, source)
        names.append(source.name)
    return names
