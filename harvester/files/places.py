"""Where the records of a kept page stood in the files they came in."""

from __future__ import annotations

import json

from harvester.files.keeping import MAGIC


def places(raw: bytes) -> list[str]:
    """Return the place of each record of a page, for people; none where the bytes are no page."""
    found: list[str] = []
    start = len(MAGIC) if raw.startswith(MAGIC) else len(raw)
    while start < len(raw):
        end = raw.index(b"\n", start)
        told = json.loads(raw[start:end])
        found.append(told.get("place", ""))
        start = end + 1 + told["bytes"] + 1
    return found
