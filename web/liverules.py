"""How much of a hub, and of members' servers, live searches of the public may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRules:
    """Limits of live searches that anybody may begin."""

    per_minute: int = 10
    """Live searches a minute that an address may begin; 0: any number."""
    at_once: int = 2
    """Pages that are answered at a time: each keeps a thread of the web server."""
    per_server: int = 2
    """Searches that one server is asked for at a time."""
    seconds: int = 6
    """That a server is given for all of its answer."""
