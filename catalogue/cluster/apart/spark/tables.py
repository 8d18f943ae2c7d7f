"""Tables between the stages of the job, kept on disk: none is worked out twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

_WORDS = {
    pa.int64(): "bigint",
    pa.string(): "string",
    pa.float64(): "double",
    pa.bool_(): "boolean",
    pa.binary(): "binary",
    pa.list_(pa.int64()): "array<bigint>",
    pa.list_(pa.string()): "array<string>",
}
Work = Callable[[Iterator[Any]], Iterator[Any]]


class Tables(NamedTuple):
    """Tables by name, in a folder that all machines see."""

    spark: SparkSession
    folder: Path

    def read(self, path: Path, columns: str) -> DataFrame:
        """Return a table that lies anywhere; it may have no file to tell its columns."""
        return self.spark.read.schema(columns).parquet(path.as_uri())

    def kept(self, name: str, table: DataFrame) -> DataFrame:
        """Work a table out, and return it as it lies on disk."""
        path = self.folder / name
        table.write.parquet(path.as_uri())
        return self.spark.read.schema(table.schema).parquet(path.as_uri())

    def drop(self, name: str) -> None:
        """Remove a table."""
        shutil.rmtree(self.folder / name)


def worked(table: DataFrame, work: Work | partial[Iterator[Any]], schema: pa.Schema) -> DataFrame:
    """Return what work makes of a table's rows."""
    return table.mapInArrow(work, as_ddl(schema))


def as_ddl(schema: pa.Schema) -> str:
    """Return the columns of a table as Spark calls them."""
    return ", ".join(f"{field.name} {_WORDS[field.type]}" for field in schema)
