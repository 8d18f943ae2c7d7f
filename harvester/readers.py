"""Which protocol is read by what."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harvester.errors import UnknownProtocol
from harvester.model import HttpSettings, Reader
from harvester.oai import OaiReader

READERS: Mapping[str, Callable[[HttpSettings], Reader]] = {"oai-pmh": OaiReader}


def reader(protocol: str, http: HttpSettings) -> Reader:
    """Return the reader for a protocol; raise UnknownProtocol."""
    if protocol not in READERS:
        raise UnknownProtocol(name=protocol, known=", ".join(sorted(READERS)))
    return READERS[protocol](http)
