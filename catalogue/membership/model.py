"""How libraries stand to the hub."""

from __future__ import annotations

from enum import StrEnum


class Membership(StrEnum):
    """How a library stands to the hub. Records of one that is no member are in no cluster."""

    JOINING = "joining"
    MEMBER = "member"
    SUSPENDED = "suspended"
    """For a time: what it had comes back as it was, under its old ids."""
    WITHDRAWN = "withdrawn"
    """It left; what it contributed stays in the history."""
