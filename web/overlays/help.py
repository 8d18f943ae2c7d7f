"""What a field of MARC 21 is for and what its parts hold, to be told beside the box it is typed in.

The words are a table (``fields.tsv``), so that a librarian can correct them: of each tag, the name
of the field (no part), its indicators (``^1``, ``^2``), subfields (``$a``) or positions (``06``).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from crosswalks import tables
from web.public.display import rules


class Part(NamedTuple):
    """A part of a field, and what it holds; a message."""

    name: str
    label: str


class Help(NamedTuple):
    """What a field is called, a message, and its parts; both empty where we have no words."""

    label: str = ""
    parts: tuple[Part, ...] = ()


def help_of(tag: str) -> Help:
    """Return what there is to say of a field, by its tag, whatever positions stand behind it."""
    return _known().get(tag[:3], Help())


@cache
def _known() -> Mapping[str, Help]:
    # The first line that shows a field is what it is called: of 245 the title.
    found = {tag: Help(rule.label) for rule in reversed(rules()) for tag in rule.tags}
    for tag, part, label in tables.parse(files(__package__), "fields.tsv"):
        if part:
            found[tag] = found[tag]._replace(parts=(*found[tag].parts, Part(part, label)))
        else:
            found[tag] = Help(label)
    return found
