"""``lienthong clusters export``, ``spark`` and ``digest``: the partition apart from the hub."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any

import click

from catalogue.cluster.apart.errors import JavaMissing, SparkMissing
from hub.instance import Hub
from hub.options import json_option
from hub.stopping import interrupted_by_terminate
from web.language import mark

_FOLDER = click.Path(path_type=Path)
_STAGES = {
    "features": mark("Features and keys are taken from the records."),
    "pairs": mark("Records that share a key are looked for."),
    "links": mark("Pairs are judged."),
    "components": mark("What hangs together is looked for."),
    "clusters": mark("Clusters are cut."),
    "writing": mark("The result is written."),
}
_TABLES = {
    "records": mark("Records"),
    "verdicts": mark("Decisions"),
    "groups": mark("Records"),
    "clusters": mark("Clusters"),
    "links": mark("Links"),
    "dead": mark("Keys held by too many"),
    "large": mark("Components that are too large"),
}
_DIGESTS = {"clusters": mark("Digest of clusters"), "links": mark("Digest of links")}


@click.command("export")
@click.argument("folder", metavar="FOLDER", type=_FOLDER)
@json_option
@click.pass_obj
def export(hub: Hub, folder: Path, *, as_json: bool) -> None:
    """Write all that clusters are worked out from into FOLDER, as Parquet files."""
    # Parquet, which hardly any command needs.
    from catalogue.cluster.apart.exporting import export as write  # noqa: PLC0415

    with hub.catalogue() as db, interrupted_by_terminate():
        made = write(db, folder)
    _print(hub, made.counts, made.digest, as_json=as_json)


@click.command("spark")
@click.argument("folder", metavar="FOLDER", type=_FOLDER)
@click.argument("result", metavar="RESULT", type=_FOLDER)
@click.option("--master", default="local[*]", show_default=True, help="Spark's address.")
@click.option(
    "--partitions",
    type=click.IntRange(min=1),
    default=200,
    show_default=True,
    help="Parts in which Spark does the work.",
)
@json_option
@click.pass_obj
def spark(hub: Hub, /, folder: Path, result: Path, *, as_json: bool, **running: Any) -> None:
    """Work out all clusters of an export on Spark, and write them into RESULT."""
    check_spark(hub.environment)
    # PySpark, which nothing else needs.
    from catalogue.cluster.apart.spark.job import work_out  # noqa: PLC0415

    def told(stage: str) -> None:
        if not as_json:
            hub.output.aside(hub.translate(_STAGES[stage]))

    with interrupted_by_terminate():
        made = work_out(folder, result, **running, told=told)
    _print(hub, made.counts, made.digest, as_json=as_json)


def check_spark(environment: Mapping[str, str]) -> None:
    """Raise SparkMissing or JavaMissing where the one or the other is not installed."""
    if find_spec("pyspark") is None or find_spec("pandas") is None:
        raise SparkMissing
    home = environment.get("JAVA_HOME")
    if which("java", path=f"{home}/bin" if home else environment.get("PATH")) is None:
        raise JavaMissing


@click.command("digest")
@click.argument("folder", metavar="FOLDER", type=_FOLDER)
@json_option
@click.pass_obj
def digest(hub: Hub, folder: Path, *, as_json: bool) -> None:
    """Work out all clusters of an export on this machine, and print their digests only."""
    # Parquet, which hardly any command needs.
    from catalogue.cluster.apart.digested import counts, digests, work_out  # noqa: PLC0415

    with interrupted_by_terminate(), work_out(folder) as found:
        numbers, digest_of = counts(found), digests(found)
    _print(hub, numbers, digest_of, as_json=as_json)


def _print(
    hub: Hub, counts: Mapping[str, int], digest_of: Mapping[str, str], *, as_json: bool
) -> None:
    if as_json:
        return hub.output.value({"counts": dict(counts), "digest": dict(digest_of)})
    rows = {_TABLES[name]: count for name, count in counts.items()}
    return hub.output.pairs(rows | {_DIGESTS[name]: text for name, text in digest_of.items()})
