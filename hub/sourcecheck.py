"""What a source must be before it is kept, so that a slip is told now and not at night."""

from __future__ import annotations

from catalogue.model import Source
from crosswalks import crosswalk
from harvester.errors import UnknownProtocol
from harvester.http import checked
from hub.errors import UnknownCrosswalk

PROTOCOLS = ("oai-pmh",)
"""What this version can harvest."""


def check(source: Source) -> Source:
    """Return the source, or raise UnknownProtocol, BadUrl or UnknownCrosswalk."""
    if source.protocol not in PROTOCOLS:
        raise UnknownProtocol(name=source.protocol, known=", ".join(PROTOCOLS))
    checked(source.url)
    known = crosswalk.known()
    if source.crosswalk and source.crosswalk not in known:
        raise UnknownCrosswalk(name=source.crosswalk, known=", ".join(known))
    return source
