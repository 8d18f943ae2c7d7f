"""Whether Spark works out the same partition as this machine by itself, and what each costs."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.harness import save
from bench.rebuild import watching
from bench.seed import identifier, name_of
from catalogue.cluster.apart import digested
from catalogue.cluster.apart.exporting import export
from catalogue.cluster.apart.files import RECORDS, VERDICTS, Parts, new_folder
from catalogue.cluster.apart.model import Kind, Manifest, Origin
from catalogue.cluster.apart.spark import job
from catalogue.database import Database
from catalogue.match import policy, shipped_text
from catalogue.policies import RULES
from crosswalks import stored
from hub.bench.generate import BLOCK, Recipe, block


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--records", type=int, default=5_000)
    parser.add_argument("--database", default="", metavar="URL", help="a hub's, in their place")
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--partitions", type=int, default=8)
    parser.add_argument("--folder", type=Path, default=None, help="for what is in between")


def run(options: Namespace) -> None:
    """Export a hub or made-up records, have both work out their partition, and compare."""
    with tempfile.TemporaryDirectory(dir=options.folder) as place:
        folder, result = Path(place, "export"), Path(place, "result")
        with _told("export") as exported:
            exported |= {"counts": dict(_exported(options, folder).counts)}
        with _told("this machine") as here, digested.work_out(folder) as found:
            here |= {"counts": digested.counts(found), "digest": digested.digests(found)}
        with _told("Spark") as there:
            made = job.work_out(
                folder, result, master=options.master, partitions=options.partitions
            )
            there |= {"counts": dict(made.counts), "digest": dict(made.digest)}
        shutil.rmtree(result)
    equal = here["digest"] == there["digest"] and here["counts"] == there["counts"]
    print("  the same" if equal else "  NOT THE SAME")
    save("spark", _plain(options), {"export": exported, "here": here, "spark": there})


def _plain(options: Namespace) -> dict[str, Any]:
    return {name: str(value) for name, value in vars(options).items()}


@contextmanager
def _told(name: str) -> Iterator[dict[str, Any]]:
    """Give what is filled with findings; with seconds and memory it is printed in the end."""
    told: dict[str, Any] = {}
    began = time.perf_counter()
    with watching() as memory:
        yield told
    told |= {"seconds": time.perf_counter() - began, "mib": max(memory, default=0.0)}
    print(f"  {name:<14} {told['seconds']:>8.0f} s {told['mib']:>8.0f} MiB", flush=True)
    print(f"    {json.dumps({key: told.get(key) for key in ('counts', 'digest')})}", flush=True)


def _exported(options: Namespace, folder: Path) -> Manifest:
    if options.database:
        database = Database.open(options.database)
        try:
            return export(database, folder)
        finally:
            database.close()
    return _made_up(options.records, folder)


def _made_up(count: int, path: Path) -> Manifest:
    """Write made-up records as an export does: filling a hub with millions takes far longer."""
    with new_folder(path) as folder:
        records, verdicts = (
            Parts(folder, "records", RECORDS),
            Parts(folder, "verdicts", VERDICTS),
        )
        with records, verdicts, ProcessPoolExecutor(2, get_context("spawn")) as pool:
            number = 0
            for some in pool.map(partial(_some, count=count), range(-(-count // BLOCK))):
                for row in some:
                    number += 1
                    records.add((number, 1, *row))
        origin = Origin(
            version=version("lienthong"),
            rules=RULES,
            policy=policy().version,
            text=shipped_text(),
            hub=0,
            turn=0,
        )
        manifest = Manifest(
            kind=Kind.RECORDS,
            origin=origin,
            counts={"records": records.count, "verdicts": 0},
            digest={},
            parts=tuple(records.told()),
        )
        manifest.write(folder)
    return manifest


def _some(number: int, count: int) -> list[tuple[str, str, str]]:
    held = block(Recipe(), number)[: count - number * BLOCK]
    return [
        (name_of(each.member), identifier(each.number), stored.to_json(each.record))
        for each in held
    ]
