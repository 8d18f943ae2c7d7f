"""A server of one list, of real records or made-up ones: the program's own, with other pages."""

from __future__ import annotations

import gzip
import io
import os
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path

from crosswalks.crosswalk import from_pivot, to_pivot
from crosswalks.errors import FormatError
from crosswalks.formats import iso2709, marcxml, oai_dc
from crosswalks.model import Record, Schema
from hub.bench.generate import Recipe, records
from hub.bench.pages import Listed, entry, write_pages
from hub.bench.server import serving
from protocols.oai import MARC21, OAI_DC

GENERATED = "generated"
_FILES = {
    "loc-books": "loc-books/loc-000001-060000.mrc.gz",
    "gpo": "gpo-states/Ohio_match_records__c5f140a8.zip",
}
_NAMESPACES = {"marc21": MARC21, "oai_dc": OAI_DC}


def shared() -> Path:
    """Return the folder of the reference corpora, which need not be there."""
    root = Path(__file__).parent.parent
    return Path(os.environ.get("LIENTHONG_SHARED") or root.parent / "shared")


def known_corpora() -> list[str]:
    """Return the corpora that are at hand; made-up records always are."""
    folder = shared() / "data" / "corpora"
    return [*(name for name, file in _FILES.items() if (folder / file).exists()), GENERATED]


@contextmanager
def served(corpus: str, prefix: str, count: int, latency: float = 0) -> Iterator[str]:
    """Serve the first records of a corpus as ``marc21`` or ``oai_dc``; give the base URL.

    ``latency`` is how many seconds each page takes, as at the other end of the country.
    """
    with tempfile.TemporaryDirectory() as folder:
        entries = (
            entry(f"oai:bench:{number}", _body(record, prefix))
            for number, record in enumerate(islice(_records(corpus), count))
        )
        pages = tuple(write_pages(Path(folder, "pages.xml"), entries))
        listed = Listed(pages=pages, prefix=prefix, namespace=_NAMESPACES[prefix])
        with serving({"bench": listed}, latency) as url:
            yield f"{url}/bench/oai"


def _records(corpus: str) -> Iterator[Record]:
    if corpus == GENERATED:
        # Without end, but for what is asked of them: they are made block by block.
        return (each.record for each in records(Recipe(), sys.maxsize))
    return _corpus(corpus)


def _corpus(name: str) -> Iterator[Record]:
    file = shared() / "data" / "corpora" / _FILES[name]
    if file.suffix == ".gz":
        data = gzip.decompress(file.read_bytes())
    else:
        with zipfile.ZipFile(file) as archive:
            data = archive.read(archive.namelist()[0])
    for _, record in iso2709.split(io.BytesIO(data)):
        # One in some ten thousand is broken: that is not what a server's pages are measured by.
        with suppress(FormatError):
            yield iso2709.read(record)


def _body(record: Record, prefix: str) -> bytes:
    if prefix == "marc21":
        return marcxml.write(record)
    return oai_dc.write(from_pivot(to_pivot(record), Schema.OAI_DC))
