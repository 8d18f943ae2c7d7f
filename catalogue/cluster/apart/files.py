"""Parquet files of bounded size, and folders that are there when they are complete."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from catalogue.cluster.apart.errors import FolderTaken, PartDamaged
from catalogue.cluster.apart.model import Part
from catalogue.folders import keep_folder

RECORDS = pa.schema(
    [
        pa.field("id", pa.int64(), nullable=False),
        pa.field("rev", pa.int64(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("identifier", pa.string(), nullable=False),
        # As the catalogue keeps it; null of a record that has none.
        pa.field("record", pa.string()),
    ]
)
VERDICTS = pa.schema(
    [
        pa.field("a", pa.int64(), nullable=False),
        pa.field("b", pa.int64(), nullable=False),
        pa.field("decision", pa.string(), nullable=False),
    ]
)
_ROWS = 10_000
"""Rows held in memory, and written together, at most."""
_LETTERS = 1 << 25
"""Letters of them, at which they are written even if they are fewer."""
_FILE = 1 << 28
"""Letters after which another file is begun."""
_READ = 1 << 14
"""Rows read at a time."""


class Parts:
    """Writes the rows of a table into files; a context manager."""

    def __init__(self, folder: Path, table: str, schema: pa.Schema) -> None:
        self._folder = folder
        self._table = table
        self._schema = schema
        self._rows: list[Sequence[Any]] = []
        self._letters = self._written = 0
        self._writer: Any = None
        self.count = 0
        self.paths: list[Path] = []

    def __enter__(self) -> Self:
        (self._folder / self._table).mkdir()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._flush()
        self._end()

    def add(self, row: Sequence[Any]) -> None:
        """Write a row."""
        self._rows.append(row)
        self._letters += sum(len(value) for value in row if isinstance(value, str))
        if len(self._rows) >= _ROWS or self._letters >= _LETTERS:
            self._flush()

    def told(self) -> list[Part]:
        """Return what is to be said of the files."""
        return [Part.of(self._folder, path) for path in self.paths]

    def _flush(self) -> None:
        if not self._rows:
            return
        if self._writer is None:
            path = self._folder / self._table / f"part-{len(self.paths):05}.parquet"
            self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
            self.paths.append(path)
        columns = [
            pa.array(column, field.type)
            for column, field in zip(zip(*self._rows, strict=True), self._schema, strict=True)
        ]
        self._writer.write_batch(pa.record_batch(columns, self._schema))
        self.count += len(self._rows)
        self._written += self._letters
        self._rows, self._letters = [], 0
        if self._written >= _FILE:
            self._end()

    def _end(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer, self._written = None, 0


def batches(path: Path, columns: Sequence[str]) -> Iterator[Any]:
    """Yield the rows of a file, some thousand at a time. Raises PartDamaged."""
    try:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=_READ, columns=list(columns))
    except (OSError, KeyError, pa.ArrowException) as error:
        raise PartDamaged(path=path) from error


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a folder to be filled, which has its name when all is in it. Raises FolderTaken."""
    path = path.absolute()
    unfinished = path.with_name(f"{path.name}.part")
    for each in (path, unfinished):
        if each.exists():
            raise FolderTaken(path=each)
    unfinished.mkdir(parents=True)
    try:
        yield unfinished
        keep_folder(unfinished)
        unfinished.rename(path)
        keep_folder(path.parent)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
