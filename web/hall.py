"""What the public rooms of one hub need beside what every page does: who runs it, and limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from scheduler.model import Line
from web.liverules import LiveRules

_ANYWHERE = ("0.0.0.0", "[::]")  # noqa: S104 - compared, not bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """What the front door tells the public rooms."""

    operator: str = ""
    """Who runs the hub; empty: nobody says."""
    about: Mapping[str, str] = field(default_factory=dict)
    """What it says of itself, by language; empty: words of ours."""
    z3950: str = ""
    """Where Z39.50 is served, as ``host:port``; empty: not beside these pages."""
    line: Line | None = None
    """The way out to members' servers; None: none is asked for the public."""
    live: LiveRules = field(default_factory=LiveRules)


def reached(z3950: str, base_url: str) -> str:
    """Return ``host:port`` of Z39.50 as others reach it; empty where it is not served."""
    host, _, port = z3950.rpartition(":")
    if host in _ANYWHERE:
        # It listens at all addresses of this machine, that of the pages among them.
        host = urlsplit(base_url).hostname or host
    return f"{host}:{port}" if host else ""
