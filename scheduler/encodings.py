"""Which encoding the records of a source are in: as its settings say, or by what they show.

Evidence is pooled over the pages of a run, so that a page decides by all that came before it; what
is not sure is left as it came.
"""

from __future__ import annotations

from catalogue.model import Source
from crosswalks import encodings
from crosswalks.encodings import LEGACY, Encoding, Evidence
from crosswalks.model import Page

AUTO = "auto"
"""The setting that leaves the decision to the evidence."""
NAMES = (*Encoding, AUTO)
"""What the setting may say; empty is as good as utf-8."""


def encoding_of(source: Source, page: Page, pooled: Evidence) -> Encoding | None:
    """Return the encoding to repair a page's records by, or None if there is nothing to repair."""
    name = source.encoding.strip().lower()
    if name != AUTO:
        return Encoding(name) if name and name != Encoding.UTF_8 else None
    for raw in page.records:
        # Bytes that are not UTF-8 are evidence one by one, whichever legacy encoding they are in.
        record, _ = (None, ()) if raw.deleted else encodings.read(raw, LEGACY[0])
        if record is not None:
            pooled.add(encodings.texts(record))
    decided = encodings.decide(pooled).encoding
    return None if decided is Encoding.UTF_8 else decided
