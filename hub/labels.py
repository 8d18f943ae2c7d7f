"""A labelled set written: people's decisions, in the form that ``hub.labelled`` reads."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from catalogue import labels
from catalogue.clock import told
from catalogue.database import Database
from catalogue.labels import Label
from catalogue.overlays.making import every as corrections
from catalogue.overlays.model import Overlay
from catalogue.overlays.notation import as_line
from crosswalks.formats import marcjson
from hub.filing import outgoing
from hub.labelled import PAIRS, RECORDS

OVERLAYS = "overlays.csv"
"""What cataloguers corrected; no part of a labelled set of pairs, but of the same people's work."""
_CORRECTIONS = (
    *("number", "cluster", "kind", "beneath", "over", "state", "person", "made"),
    *("undone", "reason", "within"),
)
_COLUMNS = ("a", "b", "label", "author", "made", "reason", "beside")


def write_labels(database: Database, folder: Path) -> int:
    """Write all files into a folder, made if need be; return how many pairs there are.

    A pair is left out while one of its records is deleted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Before the records: what is decided meanwhile may be about one that is not written.
    decided = labels.all(database)
    written = _write_records(database, folder / RECORDS)
    kept = [each for each in decided if each.a in written and each.b in written]
    with outgoing(str(folder / PAIRS)) as out:
        out.write(_table(_COLUMNS, map(_label, kept)).encode())
    with outgoing(str(folder / OVERLAYS)) as out:
        out.write(_table(_CORRECTIONS, map(_correction, corrections(database))).encode())
    return len(kept)


def _write_records(database: Database, path: Path) -> set[str]:
    written = set()
    with outgoing(str(path)) as out, gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as packed:
        for name, record in labels.records(database):
            marc = json.loads(marcjson.write(record))
            line = json.dumps({"id": name, "marc": marc}, ensure_ascii=False)
            packed.write(line.encode() + b"\n")
            written.add(name)
    return written


def _table(columns: Sequence[str], lines: Iterable[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(columns)
    rows.writerows(lines)
    return text.getvalue()


def _label(each: Label) -> Sequence[object]:
    return (*each[:4], told(each.made), *each[5:])


def _correction(each: Overlay) -> Sequence[object]:
    change = each.change
    return (
        *(each.id, each.cluster, change.kind.value),
        *(as_line(change.beneath), as_line(change.over)),
        *(each.state.value, each.person, told(each.at)),
        *("" if each.undone_at is None else told(each.undone_at), each.reason),
        as_line(change.within),
    )
