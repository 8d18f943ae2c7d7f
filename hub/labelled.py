"""Labelled sets of records: ``records.jsonl.gz`` beside ``pairs.csv`` or ``clusters.csv``."""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalogue.match import Features, features
from crosswalks.crosswalk import to_pivot
from crosswalks.errors import CrosswalkError
from crosswalks.formats import marcjson
from hub.errors import UnreadableFile
from web.language import mark

RECORDS, PAIRS, _CLUSTERS = "records.jsonl.gz", "pairs.csv", "clusters.csv"
_LABELS = {"same": True, "different": False}
_BOTH = mark("a pair has two labels")
_NO_LABEL = mark("a label is same or different")
_NO_RECORD = mark("it names a record that records.jsonl.gz does not have")
_NO_COLUMN = mark("a column is missing")
_NO_LABELS = mark("there is neither pairs.csv nor clusters.csv")
_BAD_LINE = mark("a line is no record: an object with id and marc")
_TWICE = mark("a record is in it twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Records by id as matching sees them, and what is true of them."""

    records: Mapping[str, Features]
    pairs: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    """Labelled pairs, ids in order; where there are none, ``clusters`` labels all pairs."""
    clusters: Mapping[str, str] = field(default_factory=dict)
    works: Mapping[str, str] = field(default_factory=dict)
    """What ``clusters.csv`` says of works, if it has that column."""


def read_labelled(folder: Path) -> Labelled:
    """Read a labelled set; raise UnreadableFile where its files are not as they should be."""
    records = _records(folder / RECORDS)
    if (folder / _CLUSTERS).exists():
        rows = _rows(folder / _CLUSTERS, ("record", "cluster"))
        clusters = {row["record"]: row["cluster"] for row in rows}
        _must(folder / _CLUSTERS, _TWICE, holds=len(clusters) == len(rows))
        _must(folder / _CLUSTERS, _NO_RECORD, holds=clusters.keys() <= records.keys())
        return Labelled(
            records={name: records[name] for name in clusters},
            clusters=clusters,
            works={row["record"]: row["work"] for row in rows if row.get("work")},
        )
    path = folder / PAIRS
    _must(folder, _NO_LABELS, holds=path.exists())
    return Labelled(records=records, pairs=_pairs(path, records))


def _pairs(path: Path, records: Mapping[str, Features]) -> dict[tuple[str, str], bool]:
    found: dict[tuple[str, str], bool] = {}
    for row in _rows(path, ("a", "b", "label")):
        _must(path, _NO_LABEL, holds=row["label"] in _LABELS)
        a, b = sorted((row["a"], row["b"]))
        _must(path, _NO_RECORD, holds=a in records and b in records)
        label = _LABELS[row["label"]]
        _must(path, _BOTH, holds=found.setdefault((a, b), label) is label)
    return found


def _records(path: Path) -> dict[str, Features]:
    found: dict[str, Features] = {}
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                name, known = _record(path, line)
                _must(path, _TWICE, holds=name not in found)
                found[name] = known
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise UnreadableFile(path=str(path), reason=str(error)) from error
    return found


def _record(path: Path, line: str) -> tuple[str, Features]:
    try:
        said: Any = json.loads(line)
        name, marc = str(said["id"]), said["marc"]
        record, _ = marcjson.read_leniently(json.dumps(marc).encode())
        return name, features(to_pivot(record))
    except (ValueError, KeyError, TypeError, CrosswalkError) as error:
        raise UnreadableFile(path=str(path), reason=_BAD_LINE) from error


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    return list(_checked_rows(path, columns))


def _checked_rows(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                _must(path, _NO_COLUMN, holds=all(row.get(name) for name in columns))
                yield row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(path=str(path), reason=str(error)) from error


def _must(path: Path, reason: str, *, holds: bool) -> None:
    if not holds:
        raise UnreadableFile(path=str(path), reason=reason)
