"""What a source must be before it is kept, so that a slip is told now and not at night."""

from __future__ import annotations

from datetime import UTC

from catalogue.model import Source
from crosswalks import crosswalk
from harvester.http import checked
from harvester.model import HttpSettings
from harvester.readers import reader
from hub.errors import UnknownCrosswalk, UnknownEncoding
from scheduler.schedule import trigger

ENCODINGS = ("utf-8",)
"""What this version can read records in."""


def check(source: Source) -> Source:
    """Return the source, or raise the error that says what is wrong with it.

    UnknownProtocol, BadUrl, UnknownEncoding, UnknownCrosswalk or BadSchedule.
    """
    reader(source.protocol, HttpSettings())
    checked(source.url)
    if source.encoding.lower() not in ("", *ENCODINGS):
        raise UnknownEncoding(name=source.encoding, known=", ".join(ENCODINGS))
    known = crosswalk.known()
    if source.crosswalk and source.crosswalk not in known:
        raise UnknownCrosswalk(name=source.crosswalk, known=", ".join(known))
    if source.schedule:
        trigger(source.schedule, UTC)
    return source
