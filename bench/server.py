"""An OAI-PMH server that costs next to nothing: pages made beforehand, in a process of its own."""

from __future__ import annotations

import gzip
import io
import multiprocessing
import os
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

from crosswalks.crosswalk import from_pivot, to_pivot
from crosswalks.errors import FormatError
from crosswalks.formats import iso2709, marcxml, oai_dc
from crosswalks.model import Record, Schema
from hub.bench.generate import BLOCK, Recipe, block
from protocols.oai import MARC21, OAI_DC
from support.loopback import Reply, Request, replying
from support.oai_source import envelope

PAGE = 100
STAMP = "2024-01-01T00:00:00Z"
GENERATED = "generated"
_FILES = {
    "loc-books": "loc-books/loc-000001-060000.mrc.gz",
    "gpo": "gpo-states/Ohio_match_records__c5f140a8.zip",
}
_IDENTIFY = (
    "<Identify><repositoryName>Bench</repositoryName><baseURL>http://127.0.0.1/oai</baseURL>"
    "<protocolVersion>2.0</protocolVersion><adminEmail>bench@example.org</adminEmail>"
    f"<earliestDatestamp>{STAMP}</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
    "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
)

PageMaker = Callable[[int], bytes]


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
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(
        target=_serve, args=(theirs, (corpus, prefix, count), latency), daemon=True
    )
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send(None)
        process.join()


def _serve(parent: Connection, what: tuple[str, str, int], latency: float) -> None:
    corpus, prefix, count = what
    make = _made_up(prefix, count) if corpus == GENERATED else _prepared(corpus, prefix, count)
    with replying(partial(_respond, make, prefix, latency)) as url:
        parent.send(url)
        parent.recv()


def _respond(make: PageMaker, prefix: str, latency: float, request: Request) -> Reply:
    verb = request.arguments.get("verb")
    if verb == "ListRecords":
        time.sleep(latency)
        return Reply(body=make(int(request.arguments.get("resumptionToken", "0"))))
    if verb == "ListMetadataFormats":
        namespace = MARC21 if prefix == "marc21" else OAI_DC
        told = (
            f"<metadataPrefix>{prefix}</metadataPrefix><schema>s</schema>"
            f"<metadataNamespace>{namespace}</metadataNamespace>"
        )
        return Reply(
            body=envelope(
                f"<ListMetadataFormats><metadataFormat>{told}</metadataFormat></ListMetadataFormats>"
            )
        )
    return Reply(body=envelope(_IDENTIFY))


def _prepared(corpus: str, prefix: str, count: int) -> PageMaker:
    records = list(islice(_corpus(corpus), count))
    bodies = [_body(record, prefix) for record in records]
    starts = range(0, len(bodies), PAGE)
    pages = [_page(bodies[start : start + PAGE], start, len(bodies)) for start in starts]
    return pages.__getitem__


def _made_up(prefix: str, count: int) -> PageMaker:
    """Make pages when they are asked for: a million records need no memory here either."""
    cached = lru_cache(maxsize=2)(partial(block, Recipe()))

    def make(number: int) -> bytes:
        start = number * PAGE
        first = start % BLOCK
        holdings = cached(start // BLOCK)[first : min(first + PAGE, first + count - start)]
        return _page([_body(each.record, prefix) for each in holdings], start, count)

    return make


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


def _page(bodies: list[bytes], start: int, total: int) -> bytes:
    records = "".join(
        f"<record><header><identifier>oai:bench:{start + number}</identifier>"
        f"<datestamp>{STAMP}</datestamp></header><metadata>{body.decode()}</metadata></record>"
        for number, body in enumerate(bodies)
    )
    after = start + len(bodies)
    token = str(after // PAGE) if after < total else ""
    return envelope(
        f"<ListRecords>{records}<resumptionToken completeListSize='{total}'>{token}"
        "</resumptionToken></ListRecords>"
    )
