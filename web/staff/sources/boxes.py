"""The boxes for how a source's server is asked and when its harvests wait: ``catalogue.options``.

Those that are wanted often; the others stay as they are, and are changed by command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, NamedTuple

from catalogue import options
from catalogue.model import Source
from scheduler.outgoing import SEARCHED
from web.language import mark

LABELS: Mapping[str, str] = {
    "connect_timeout": mark("Time limit for connecting (seconds)"),
    "read_timeout": mark("Time limit for silence (seconds)"),
    "total_timeout": mark("Time limit for an answer (seconds)"),
    "max_page_mb": mark("Largest answer (MiB)"),
    "requests_per_minute": mark("Requests a minute"),
    "parallel": mark("Harvests at a time on its server"),
    "quiet_hours": mark("Quiet hours"),
    "headers": mark("Headers sent along"),
    "credentials": mark("Credentials"),
    "ca_bundle": mark("Certificates trusted besides"),
    "proxy": mark("Proxy"),
    "mode": mark("Way of listing"),
    "overlap_hours": mark("Overlap (hours)"),
    "days_a_window": mark("Days listed at a time"),
    "delete_percent": mark("Deletions at most (%)"),
    "shrink_percent": mark("Shrinking at most (%)"),
    "unmapped_percent": mark("Not mapped at most (%)"),
    "reconcile": mark("Comparing with the complete list"),
    "delivers": mark("What its files are"),
    "deletions": mark("Files that list deletions"),
    "identifier": mark("Where the identifier stands"),
    "columns": mark("Meaning of the columns"),
    "format": mark("Format of the files"),
    "check_first": mark("Check deliveries first"),
    "way": mark("Way of searching"),
    "query": mark("Query that is the source"),
    "numbers": mark("Control numbers"),
    "public_live": mark("Live search by everybody"),
}
"""What each setting is called on screen."""
_BLOCKS = (
    (
        mark("How its server is asked"),
        ("requests_per_minute", "parallel", "quiet_hours", "overlap_hours", "credentials"),
    ),
    (
        mark("When a harvest waits for a person"),
        ("delete_percent", "shrink_percent", "unmapped_percent", "reconcile"),
    ),
)
_OF_SEARCHED = (mark("Who may search it live"), ("public_live",))
"""Of sources that can only be searched."""
_CHOICES = {str(each): each for each in (False, True)}
_KINDS = {"credentials": "credentials", "reconcile": "schedule"}
_LONGEST = 9
"""Digits of a number that anybody means."""
_PLACES = {
    one.name: (group, one)
    for group, kind in options.GROUPS.items()
    for one in fields(kind)
    if any(one.name in names for _, names in (*_BLOCKS, _OF_SEARCHED))
}
NAMES = tuple(_PLACES)
"""The settings that the form asks for."""


class Box(NamedTuple):
    """One setting in the form."""

    name: str
    label: str
    about: str
    kind: str
    """``number``, ``text``, ``choice``, ``schedule`` or ``credentials``."""
    value: str


class Block(NamedTuple):
    """Settings that belong together."""

    title: str
    boxes: tuple[Box, ...]
    changed: bool
    """Whether one of them is not as usual, or could not be kept."""


def blocks(given: Mapping[str, str], protocol: str) -> list[Block]:
    """Return the boxes in their blocks, filled with what is given; the others as usual."""
    wanted = (*_BLOCKS, _OF_SEARCHED) if protocol in SEARCHED else _BLOCKS
    return [_block(title, names, given) for title, names in wanted]


def of(source: Source) -> dict[str, str]:
    """Return the settings of a source as the boxes hold them."""
    return {name: str(getattr(getattr(source, _PLACES[name][0]), name)) for name in NAMES}


def into(source: Source, given: Mapping[str, str]) -> Source:
    """Return a source with what is given in the boxes; empty is as usual. Raises BadOption."""
    changed = {
        group: options.read(kind, dict(_merged(source, group, given)), source.name)
        for group, kind in options.GROUPS.items()
    }
    return replace(source, **changed)


def _merged(source: Source, group: str, given: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    mine = {name: text for name, text in given.items() if _PLACES[name][0] == group}
    for name, value in options.plain(getattr(source, group)).items():
        if name not in mine:
            yield name, value
    for name, text in mine.items():
        if text:
            yield name, _value(name, text)


def _value(name: str, text: str) -> int | str:
    """Return what a box says; what is no number or choice stays text, to be refused as such."""
    if isinstance(_usual(name), bool):
        return _CHOICES.get(text, text)
    digits = text.isascii() and text.isdecimal() and len(text) <= _LONGEST
    return int(text) if isinstance(_usual(name), int) and digits else text


def _block(title: str, names: tuple[str, ...], given: Mapping[str, str]) -> Block:
    made = tuple(_box(name, given) for name in names)
    changed = any(box.value != str(_usual(box.name)) for box in made)
    return Block(title=title, boxes=made, changed=changed)


def _box(name: str, given: Mapping[str, str]) -> Box:
    usual = _usual(name)
    of_whole = "choice" if isinstance(usual, bool) else "number"
    kind = of_whole if isinstance(usual, int) else _KINDS.get(name, "text")
    return Box(
        name=name,
        label=LABELS[name],
        about=_PLACES[name][1].metadata["about"],
        kind=kind,
        value=given.get(name, str(usual)),
    )


def _usual(name: str) -> object:
    return _PLACES[name][1].default
