"""Which system a library runs, as far as that is known, and how a problem is mended in it.

What is specific to a system is said only where it is known; else the library is told what it has to
do wherever its records are. Both are tables, so that a librarian can correct them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from urllib.parse import urlsplit

from catalogue import owned
from catalogue.database import Database
from catalogue.model import Source
from crosswalks import tables
from crosswalks.text import fold
from web.language import mark

OTHER = "other"
_SIGNS = tables.parse(files(__package__), "systems.tsv")
SYSTEMS: Mapping[str, str] = {
    **{system: name for system, name, *_ in _SIGNS},
    OTHER: mark("another system"),
}
"""Those that can be chosen, with their names."""


def _advice() -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for codes, system, step in tables.parse(files(__package__), "advice.tsv"):
        for code in codes.split():
            found.setdefault((code, system), []).append(step)
    return found


ADVICE: Mapping[tuple[str, str], list[str]] = _advice()
"""By a problem's code and a system: what to do there, as messages to be translated."""


def system_of(source: Source) -> str:
    """Return the system that a source runs, or an empty string where nothing tells."""
    edition = source.crosswalk.rpartition(".")[2]
    path = urlsplit(source.url).path.rstrip("/")
    for system, _, crosswalk, address, _ in _SIGNS:
        if crosswalk and edition == crosswalk:
            return system
        if address and re.search(address, path):
            return system
    return ""


def system_named(told: str) -> str:
    """Return the system that a library named in its own words, or an empty string."""
    words = fold(told)
    return next((system for system, *_, word in _SIGNS if word in words), "")


def system_for(database: Database, library: str, source: str) -> str:
    """Return the system of a library, or of one of its sources; empty: not known, or several."""
    theirs = owned.sources_of(database, library)
    found = {system_of(each) for each in theirs if source in ("", each.name)}
    if found - {""}:
        return found.pop() if len(found) == 1 else ""
    return system_named(owned.system_told(database, library))


def steps(code: str, system: str) -> list[str]:
    """Return what is known of how a problem is mended in a system; nothing: nothing special."""
    return ADVICE.get((code, system), [])
