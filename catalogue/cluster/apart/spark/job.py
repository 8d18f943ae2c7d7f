"""The job: what the driver does, stage by stage."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

from pyspark.sql import DataFrame
from pyspark.sql import functions as sql

from catalogue import facts
from catalogue.cluster.apart.digested import checked
from catalogue.cluster.apart.files import new_folder
from catalogue.cluster.apart.model import (
    Kind,
    Manifest,
    Part,
    mark_of,
)
from catalogue.cluster.apart.spark import cutting
from catalogue.cluster.apart.spark.session import session
from catalogue.cluster.apart.spark.stages import Found, Stages
from catalogue.cluster.apart.spark.tables import Tables, worked

_SCRATCH = "scratch"


class Stage(StrEnum):
    """What is begun."""

    FEATURES = "features"
    PAIRS = "pairs"
    LINKS = "links"
    COMPONENTS = "components"
    CLUSTERS = "clusters"
    WRITING = "writing"


Told = Callable[[Stage], None]


def work_out(
    export: Path, result: Path, *, master: str = "", partitions: int = 0, told: Told | None = None
) -> Manifest:
    """Work out the partition of exported records, and write it into a new folder.

    Both folders have to be seen by all machines that Spark runs on, under the same path. Without a
    ``master`` it is the one that ``spark-submit`` was given; ``partitions`` are Spark's own where
    there are none. Raises NotExported, PartDamaged, OtherRules, FolderTaken, JavaMissing or
    SparkFailed.
    """
    export = export.absolute()
    manifest = checked(export)
    with new_folder(result) as folder:
        scratch = folder / _SCRATCH
        scratch.mkdir()
        with session(master, partitions, scratch) as spark:
            tables = Tables(spark, scratch)
            stages = Stages(tables, manifest.origin.read_policy())
            found = _found(stages, export, told or (lambda _: None))
            counts, digest = _write(tables, folder, found)
        shutil.rmtree(scratch)
        made = Manifest(
            kind=Kind.CLUSTERS,
            origin=manifest.origin,
            export=mark_of(export),
            engine=f"pyspark {version('pyspark')}",
            counts=counts,
            digest=digest,
            parts=_parts(folder),
        )
        made.write(folder)
    return made


def _found(stages: Stages, export: Path, told: Told) -> Found:
    told(Stage.FEATURES)
    stages.prepare(export)
    told(Stage.PAIRS)
    pairs, dead = stages.meet()
    told(Stage.LINKS)
    links = stages.decide(pairs)
    told(Stage.COMPONENTS)
    head = stages.join(links)
    told(Stage.CLUSTERS)
    groups, large = stages.cut(links, head)
    told(Stage.WRITING)
    return Found(groups=groups, links=links, dead=dead, large=large)


def _write(tables: Tables, folder: Path, found: Found) -> tuple[dict[str, int], dict[str, str]]:
    """Write the tables in the order of their records; return their rows, and the digests."""
    results = Tables(tables.spark, folder)
    written = {name: results.kept(name, table) for name, table in found.ordered().items()}
    groups = written["groups"]
    counts = {name: table.count() for name, table in written.items()}
    counts["clusters"] = groups.where(sql.col("id") == sql.col("head")).count()
    together = groups.select("head", "source", "identifier").repartition("head")
    clusters = worked(
        together.sortWithinPartitions("head"), cutting.weigh_clusters, cutting.WEIGHTS
    )
    links = worked(found.links.select("weight"), cutting.add_weights, cutting.WEIGHTS)
    return counts, {"clusters": _total(clusters), "links": _total(links)}


def _total(weights: DataFrame) -> str:
    """Return what the sums of all partitions, one row each, come to."""
    return facts.written(facts.added(facts.unpacked(row[0]) for row in weights.collect()))


def _parts(folder: Path) -> tuple[Part, ...]:
    """Return what files were written, without those that Spark keeps its own checksums in."""
    for each in folder.rglob(".*.crc"):
        each.unlink()
    return tuple(Part.of(folder, path) for path in sorted(folder.glob("*/*.parquet")))
