"""A crosswalk as the rules that it is made of, those that it includes too: to be read, not run."""

from __future__ import annotations

from typing import NamedTuple

from crosswalks.crosswalk import PIVOT
from crosswalks.language.parse import parse
from crosswalks.language.syntax import Script
from crosswalks.shelf import Shelf
from crosswalks.shelving import parts_of


class Recited(NamedTuple):
    """What a crosswalk, or rules that others include, is made of."""

    script: Script
    has_stylesheet: bool


def recited(shelf: Shelf, name: str) -> Recited:
    """Return what a crosswalk is made of; raise UnknownCrosswalk or CrosswalkSyntax."""
    if shelf.written(name).is_rules:
        # Rules have no schemas; to be read they need some.
        heading = f"crosswalk {name} version 1\nfrom {PIVOT} to {PIVOT}\ninclude {name}"
        script = parse(heading, f"({name})", lambda other: shelf.written(other).text)
        return Recited(script, has_stylesheet=False)
    parts = parts_of(name, shelf.written)
    return Recited(parts.script, has_stylesheet=parts.stylesheet is not None)
