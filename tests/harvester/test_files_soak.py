"""Files as large as a national library's: memory stays flat, and a killed reader goes on."""

from __future__ import annotations

import json
import resource
from pathlib import Path
from typing import Any

import pytest

from support.files import book, read, reader, spec
from support.processes import function, running

RECORDS = 2_000_000
MOST_GROWTH = 64
"""MiB that reading may take beside the program itself."""
KIB = 1024
PATIENCE = 3600


def write(path: Path, count: int) -> None:
    """Write a file of records of 1 KB, all of them different."""
    pattern = book("000000000", "000000000 " + "x" * 800)
    with path.open("wb") as file:
        for number in range(count):
            file.write(pattern.replace(b"000000000", b"%09d" % number))


def count(path: str, pages: int, checkpoint: dict[str, Any], told: str) -> None:
    """Write down how many records a reader gives, how much memory that took, where it stopped."""
    records, left, before = 0, pages, peak()
    page = None
    for page in reader().pages(spec(Path(path)), checkpoint):
        records += len(page.records)
        left -= 1
        if not left:
            break
    assert page is not None
    Path(told).write_text(json.dumps([records, peak() - before, page.next_checkpoint]))


def peak() -> int:
    """Return the most memory that this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KIB


@pytest.mark.soak
def test_two_million_records_are_read_in_little_memory_and_gone_on_with(tmp_path):
    path, told = tmp_path / "large.mrc", tmp_path / "told"
    write(path, RECORDS)
    found, checkpoint = [], {}
    for pages in (5000, 0):
        with running(function(count, str(path), pages, checkpoint, str(told))) as (process,):
            process.finish(PATIENCE)
        records, grown, checkpoint = json.loads(told.read_text())
        found.append((records, grown))

    assert sum(records for records, _ in found) == RECORDS
    assert max(grown for _, grown in found) < MOST_GROWTH
    assert read(path, checkpoint)[0].records == ()
