"""Rows that come to a worker in batches, and columns that go back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from catalogue.cluster.whole.columns import Columns, digested
from catalogue.match import Policy

Batches: TypeAlias = Iterator[Any]
Row: TypeAlias = tuple[Any, ...]
_AT_ONCE = 2000
"""Rows that go back together."""


def rows(batches: Batches) -> Iterator[Row]:
    """Yield rows, each as a tuple."""
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def grouped(batches: Batches) -> Iterator[tuple[Any, list[Row]]]:
    """Yield the rows of each group, which come one after the other: those of equal first column."""
    for key, those in groupby(rows(batches), key=lambda row: row[0]):
        yield key, list(those)


def batched(found: Iterable[Sequence[Any]], schema: pa.Schema) -> Batches:
    """Yield rows in batches."""
    waiting: list[Sequence[Any]] = []
    for row in found:
        waiting.append(row)
        if len(waiting) >= _AT_ONCE:
            yield batch(zip(*waiting, strict=True), schema)
            waiting = []
    if waiting:
        yield batch(zip(*waiting, strict=True), schema)


def batch(columns: Iterable[Any], schema: pa.Schema) -> Any:
    """Return columns, or what arrays are made of, as a batch."""
    arrays = [
        each if isinstance(each, pa.Array) else pa.array(each, field.type)
        for each, field in zip(columns, schema, strict=True)
    ]
    return pa.record_batch(arrays, schema)


def lists(values: NDArray[Any], counts: NDArray[Any]) -> Any:
    """Return numbers as lists of so many each."""
    offsets = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(values))


def signed(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return hashes as the numbers that Spark knows."""
    return hashes.view(np.int64)


def packed(columns: Columns) -> Any:
    """Return each record's columns as bytes."""
    kind = _kind(columns)
    table = np.empty(len(columns.title), kind)
    for name, column in columns._asdict().items():
        table[name] = column
    ends = np.arange(len(table) + 1, dtype=np.int32) * kind.itemsize
    buffers = [None, pa.py_buffer(ends.tobytes()), pa.py_buffer(table.tobytes())]
    return pa.BinaryArray.from_buffers(pa.binary(), len(table), buffers)


def unpacked(traits: Iterable[bytes], policy: Policy) -> Columns:
    """Return what ``packed`` was given, of some records."""
    kind = _kind(digested([], policy).columns)
    table = np.frombuffer(b"".join(traits), kind)
    return Columns(*(np.ascontiguousarray(table[name]) for name in Columns._fields))


def _kind(columns: Columns) -> np.dtype[Any]:
    return np.dtype(
        [(name, each.dtype, each.shape[1:]) for name, each in columns._asdict().items()]
    )
