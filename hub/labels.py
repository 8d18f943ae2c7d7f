"""A labelled set written: people's decisions, in the form that ``hub.labelled`` reads."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable
from pathlib import Path

from catalogue import labels
from catalogue.clock import told
from catalogue.database import Database
from catalogue.labels import Label
from crosswalks.formats import marcjson
from hub.filing import outgoing
from hub.labelled import PAIRS, RECORDS

_COLUMNS = ("a", "b", "label", "author", "made", "reason", "beside")


def write_labels(database: Database, folder: Path) -> int:
    """Write both files into a folder, made if need be; return how many pairs there are.

    A pair is left out while one of its records is deleted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Before the records: what is decided meanwhile may be about one that is not written.
    decided = labels.all(database)
    written = _write_records(database, folder / RECORDS)
    kept = [each for each in decided if each.a in written and each.b in written]
    with outgoing(str(folder / PAIRS)) as out:
        out.write(_table(kept).encode())
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


def _table(decided: Iterable[Label]) -> str:
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_COLUMNS)
    rows.writerows((*each[:4], told(each.made), *each[5:]) for each in decided)
    return text.getvalue()
