"""The fields of an ISO 2709 record whose directory and delimiters do not agree.

A field under its neighbour's tag is worse than none, so each way is taken only where its own
evidence holds: offsets that end in delimiters, then as many tags as fields, then offsets alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

_FIELD_END, _RECORD_END = b"\x1e", b"\x1d"
_LEADER, _ENTRY = 24, 12


class Entry(NamedTuple):
    """One entry of a directory: where its field begins and how long it is, its end included."""

    tag: str
    start: int
    length: int


Pairs = list[tuple[str, bytes]]


def salvage(data: bytes) -> Pairs:
    """Return tags and fields by the first way that has evidence; an empty list if none has."""
    ways: tuple[Callable[[bytes], Pairs], ...] = (_by_offsets, _by_count, _by_offsets_alone)
    return next((pairs for way in ways if (pairs := way(data))), [])


def _by_offsets(data: bytes) -> Pairs:
    """Take the offsets if each field ends in a delimiter, whatever ends the directory."""
    base = _base(data)
    body = data[base:]
    entries = _entries(data[_LEADER : base - 1])
    ends = [body[entry.start + entry.length - 1 :][:1] for entry in entries]
    if (base - 1 - _LEADER) % _ENTRY or any(end != _FIELD_END for end in ends):
        return []
    return [(entry.tag, body[entry.start :][: entry.length - 1]) for entry in entries]


def _by_count(data: bytes) -> Pairs:
    """Take the delimiters if there are as many fields as directory entries.

    The directory is measured from its end: some leaders are a character too long or too short.
    """
    head, *fields = data.rstrip(_RECORD_END).removesuffix(_FIELD_END).split(_FIELD_END)
    start = len(head) - _ENTRY * len(fields)
    if abs(start - _LEADER) >= _ENTRY:
        return []
    tags = [head[at : at + 3].decode("latin-1") for at in range(start, len(head), _ENTRY)]
    return list(zip(tags, fields, strict=True))


def _by_offsets_alone(data: bytes) -> Pairs:
    """Take what lies at each offset, as far as the record goes, if every entry is sound."""
    base = _base(data) or data.find(_FIELD_END) + 1
    body = data[base:].rstrip(_RECORD_END)
    entries = _entries(data[_LEADER : base - 1])
    if len(entries) * _ENTRY != base - 1 - _LEADER:
        return []
    return [
        (entry.tag, body[entry.start :][: entry.length].rstrip(_FIELD_END))
        for entry in entries
        if entry.start < len(body)
    ]


def _base(data: bytes) -> int:
    stated = data[12:17]
    base = int(stated) if stated.isdigit() else 0
    return base if _LEADER < base < len(data) else 0


def _entries(directory: bytes) -> list[Entry]:
    found = []
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        tag, length, start = directory[at:][:3], directory[at + 3 :][:4], directory[at + 7 :][:5]
        if length.isdigit() and start.isdigit():
            found.append(Entry(tag.decode("latin-1"), int(start), int(length)))
    return found
