"""A publication beside others of its work."""

from __future__ import annotations

from dataclasses import dataclass

from crosswalks.model import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifestation:
    """Another cluster of the same work."""

    public_id: str
    record: Record
    """Its master."""
