"""Which protocol is read by what."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from harvester.errors import UnknownProtocol
from harvester.files import FilesReader
from harvester.model import HttpSettings, Reader
from harvester.oai import OaiReader
from harvester.sru.reader import SruReader
from harvester.z3950.reader import Z3950Reader

READERS: Mapping[str, Callable[[HttpSettings, Callable[[float], None]], Reader]] = {
    "oai-pmh": OaiReader,
    "file": FilesReader,
    "sru": SruReader,
    "z3950": Z3950Reader,
}


def reader(
    protocol: str, http: HttpSettings, sleep: Callable[[float], None] = time.sleep
) -> Reader:
    """Return the reader for a protocol; raise UnknownProtocol.

    ``sleep`` is how it waits where a server asks for patience.
    """
    if protocol not in READERS:
        raise UnknownProtocol(name=protocol, known=", ".join(sorted(READERS)))
    return READERS[protocol](http, sleep)
