"""Addresses of SRU servers: http: or https:, with ``sru+`` before it where nothing else tells.

By the address alone an SRU server and an OAI-PMH repository look alike.
"""

from __future__ import annotations

from harvester.address import checked

_MARK = "sru+"
SCHEMES = ("sru+http", "sru+https")


def plain(url: str) -> str:
    """Return the address that is asked; raise BadUrl."""
    return checked(url.strip().removeprefix(_MARK))
