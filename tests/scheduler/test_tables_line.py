"""Tables through the whole line: harvested, changed, mapped anew, in old encodings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from threading import Event

import pytest

from catalogue import records, sources
from catalogue.model import RunStatus, Source
from catalogue.options import Files
from crosswalks.encodings import Encoding
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from scheduler.remap import remap_due
from support.legacy import WORDS, written
from support.lines import Hub
from support.workbooks import Rows, xlsx

HEADINGS = ["STT", "Mã sách", "Nhan đề", "Tác giả", "Tên riêng"]


def books(*numbers: int, title: str = "Sách") -> Rows:
    return [HEADINGS, *([n, n, f"{title} {n}", "Nguyễn Du", f"Riêng {n}"] for n in numbers)]


class Library:
    """A source that is one table."""

    def __init__(self, hub: Hub, path: Path, encoding: str = "") -> None:
        self.hub, self.path = hub, path
        sources.add(
            hub.database,
            Source(name="s1", library="S1", protocol="file", url=f"file:{path}", encoding=encoding),
        )

    def put(self, data: bytes) -> Mapping[str, int]:
        self.path.write_bytes(data)
        outcome = harvest(self.hub.line, "s1", HarvestOptions())
        assert outcome.status is RunStatus.SUCCEEDED, outcome.message
        counts = outcome.counts
        names = ("added", "changed", "unchanged", "quarantined", "absent")
        return {name: value for name in names if (value := getattr(counts, name))}

    def map(self, columns: str) -> None:
        source = sources.get(self.hub.database, "s1")
        sources.change(self.hub.database, replace(source, files=Files(columns=columns)))
        remap_due(self.hub.line, Event())

    def titles(self) -> dict[str, str]:
        names = [each.identifier for each in records.listing(self.hub.database, "s1")]
        found = {name: records.get(self.hub.database, "s1", name).record for name in names}
        return {
            name: record.values("245", "a")[0] if record else "" for name, record in found.items()
        }


@pytest.fixture
def library(hub: Hub, tmp_path: Path) -> Library:
    return Library(hub, tmp_path / "books.xlsx")


def test_the_next_version_of_a_spreadsheet_changes_exactly_what_changed(library):
    first = library.put(xlsx({"Sách": books(*range(1, 31))}))
    rows = [HEADINGS, *books(40)[1:], *books(*range(1, 30))[1:], *books(30, title="Khác")[1:]]

    assert (first, library.put(xlsx({"Sách": rows}))) == (
        {"added": 30},
        {"added": 1, "changed": 1, "unchanged": 29},
    )


def test_another_column_map_has_the_stored_rows_mapped_again(library):
    library.put(xlsx({"Sách": books(1, 2)}))
    before = library.titles()
    library.map("Tên riêng = title; Nhan đề = subtitle")

    assert before == {"1": "Sách 1", "2": "Sách 2"}
    assert library.titles() == {"1": "Riêng 1 :", "2": "Riêng 2 :"}


def test_a_table_in_an_old_encoding_is_repaired(hub, tmp_path):
    library = Library(hub, tmp_path / "books.csv", encoding="auto")
    pairs = list(pairwise(WORDS))
    lines = ["Mã sách;Nhan đề", *(f"{n};{a} {b}" for n, (a, b) in enumerate(pairs))]
    library.put(written("\r\n".join(lines), Encoding.TCVN3))
    found = library.titles()

    # TCVN3 has no capitals with marks.
    told = [found[str(n)].lower() for n in range(len(pairs))]
    assert told == [f"{a} {b}".lower() for a, b in pairs]


def test_a_delete_list_may_be_a_table(hub, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    library = Library(hub, folder / "a.xlsx")
    source = sources.get(hub.database, "s1")
    sources.change(hub.database, replace(source, url=f"file:{folder}"))
    library.put(xlsx({"Sách": books(*range(1, 31))}))
    (folder / "xoa.csv").write_text("STT;Mã sách\n1;7\n", encoding="utf-8")
    outcome = harvest(hub.line, "s1", HarvestOptions())

    assert (outcome.status, outcome.counts.deleted) == (RunStatus.SUCCEEDED, 1)
