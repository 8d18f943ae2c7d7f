"""Records of the XML schemas to test formats with: made up, mutated, and cut from the corpora."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hypothesis import strategies as st

from crosswalks.errors import FormatError
from crosswalks.files import HEAD
from crosswalks.formats import Readable
from crosswalks.model import Element, Record, Schema
from support.formats import TEXT

FOLDERS = ("dpla-ingestion3", "share-oai-dc-examples", "europeana-metis", "finna-recordmanager")
CHANGES = st.lists(st.tuples(st.integers(0), st.binary(max_size=3)), min_size=1, max_size=4)


def record(schema: Schema, *fields: Element) -> Record:
    """Return a record of elements."""
    return Record(schema=schema, fields=fields)


def leaf(name: str, text: str, **attributes: str) -> Element:
    """Return an element without children; ``xml__lang`` stands for ``xml:lang``."""
    named = tuple((key.replace("__", ":"), value) for key, value in attributes.items())
    return Element(name, named, text)


def group(name: str, *children: Element, **attributes: str) -> Element:
    """Return an element with children and no text of its own."""
    return leaf(name, "", **attributes)._replace(children=children)


def leaves(
    names: list[str], *attributes: tuple[tuple[str, str], ...]
) -> st.SearchStrategy[Element]:
    """Return made-up elements without children."""
    chosen = st.sampled_from([(), *attributes])
    return st.builds(Element, st.sampled_from(names), chosen, TEXT, st.just(()))


def records(schema: Schema, elements: st.SearchStrategy[Element]) -> st.SearchStrategy[Record]:
    """Return made-up records of a schema."""
    lists = st.lists(elements, min_size=1, max_size=6)
    return lists.map(lambda found: record(schema, *found))


def mutated(data: bytes, changes: list[tuple[int, bytes]]) -> bytes:
    """Return bytes with some of them put in the place of others."""
    for place, inserted in changes:
        at = place % max(1, len(data))
        data = data[:at] + inserted + data[at + 1 :]
    return data


def try_to_read(form: Readable, data: bytes) -> None:
    """Read in both ways; whatever is raised but a FormatError fails the test."""
    for read in (form.read, form.read_leniently):
        with suppress(FormatError):
            read(data)


def real_files(shared: Path, form: Readable) -> Iterator[bytes]:
    """Yield the files of the corpora and of recorded answers that look like a format."""
    corpora = [shared / "data/corpora" / folder for folder in FOLDERS]
    for folder in [*corpora, shared / "data/oai-fixtures"]:
        for path in sorted(folder.rglob("*")):
            yield from (data for data in _contents(path) if form.sniff(data[:HEAD]))


def _contents(path: Path) -> Iterator[bytes]:
    if path.suffix == ".xml":
        yield path.read_bytes()
    elif path.suffix == ".zip" and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            yield from (packed.read(name) for name in packed.namelist() if name.endswith(".xml"))
