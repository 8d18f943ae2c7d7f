"""One snapshot of all that counts, into Parquet files: what clusters are worked out from."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, tuple_

from catalogue import clock, policies
from catalogue.cluster.apart.files import RECORDS, VERDICTS, Parts, new_folder
from catalogue.cluster.apart.model import Kind, Manifest, Origin
from catalogue.cluster.whole.reading import KNOWN, in_order
from catalogue.database import Database
from catalogue.policies import RULES
from catalogue.tables import RecordRow, SourceRow, VerdictRow

_STEP = 1000


def export(database: Database, path: Path) -> Manifest:
    """Write the records that are placed, the decisions and the policy into a new folder.

    What is in memory does not grow with the records. Raises FolderTaken.
    """
    with new_folder(path) as folder, database.reading_primary() as connection:
        records, verdicts = (
            Parts(folder, "records", RECORDS),
            Parts(folder, "verdicts", VERDICTS),
        )
        with records, verdicts:
            for row in _records(connection):
                records.add(row)
            for row in _verdicts(connection):
                verdicts.add(row)
        manifest = Manifest(
            kind=Kind.RECORDS,
            origin=_origin(connection),
            counts={"records": records.count, "verdicts": verdicts.count},
            digest={},
            parts=(*records.told(), *verdicts.told()),
        )
        manifest.write(folder)
    return manifest


def _origin(connection: Connection) -> Origin:
    now = clock.read(connection)
    name, text = policies.live_text(connection)
    return Origin(
        version=version("lienthong"),
        rules=RULES,
        policy=name,
        text=text,
        hub=now.created,
        turn=now.turn,
    )


def _records(connection: Connection) -> Iterator[Any]:
    columns = (RecordRow.rev, SourceRow.code, RecordRow.identifier, KNOWN)
    return chain.from_iterable(in_order(connection, *columns, step=_STEP))


def _verdicts(connection: Connection) -> Iterator[Any]:
    ends = (VerdictRow.a, VerdictRow.b)
    query = select(*ends, VerdictRow.decision).order_by(*ends).limit(_STEP)
    last = (0, 0)
    while rows := connection.execute(query.where(tuple_(*ends) > tuple_(*last))).all():
        yield from rows
        last = rows[-1][:2]
