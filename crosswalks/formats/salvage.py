"""The fields of an ISO 2709 record whose directory and delimiters do not agree.

A field under its neighbour's tag is worse than none, so each way is taken only where its own
evidence holds: offsets that end in delimiters, then as many tags as fields, then offsets alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

_FIELD_END, _RECORD_END = b"\x1e", b"\x1d"
_LEADER, _ENTRY, _TAG = 24, 12, 3


class Entry(NamedTuple):
    """One entry of a directory: where its field begins and how long it is, its end included."""

    tag: str
    start: int
    length: int


Pairs = list[tuple[str, bytes]]


def salvage(data: bytes) -> Pairs:
    """Return tags and fields by the first way that has evidence; an empty list if none has."""
    ways: tuple[Callable[[bytes], Pairs], ...] = (
        *(_by_offsets, _by_lengths, _by_count, _by_offsets_alone),
    )
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


def _by_lengths(data: bytes) -> Pairs:
    """Take the delimiters if the directory tells the very fields, with as many digits as it needs.

    A field above 9,999 bytes makes its entry longer than the twelve characters there are for it.
    """
    head, fields = _at_delimiters(data)
    pairs, at, start = [], _LEADER, 0
    for field in fields:
        numbers = f"{len(field) + 1:04}{start:05}".encode()
        if not head.startswith(numbers, at + _TAG):
            return []
        pairs.append((head[at : at + _TAG].decode("latin-1"), field))
        at += _TAG + len(numbers)
        start += len(field) + 1
    return pairs if at == len(head) else []


def _by_count(data: bytes) -> Pairs:
    """Take the delimiters if there are as many fields as directory entries, damaged or not."""
    head, fields = _at_delimiters(data)
    if abs(len(head) - _LEADER - _ENTRY * len(fields)) >= _ENTRY:
        return []
    entries = _aligned(head, fields)
    return [
        (entry[:_TAG].decode("latin-1"), field)
        for entry, field in zip(entries, fields, strict=False)
    ]


def _aligned(head: bytes, fields: list[bytes]) -> list[bytes]:
    """Return as many entries as there are fields; none where they do not tell most lengths.

    A leader a character too long or too short moves them all, an entry those behind it.
    """
    count = len(fields)
    front = [head[_LEADER + _ENTRY * at :][:_ENTRY] for at in range(count)]
    back = [head[len(head) - _ENTRY * (count - at) :][:_ENTRY] for at in range(count)]
    if front == back:
        return front
    told = [_tells(entry, field) for entry, field in zip(front, fields, strict=True)]
    first = told.index(False) if False in told else count
    entries = back if first == 0 and _tells(back[0], fields[0]) else front[: first + 1]
    entries = entries + back[len(entries) :]
    right = sum(_tells(entry, field) for entry, field in zip(entries, fields, strict=True))
    return entries if 2 * right >= count - 1 else []


def _tells(entry: bytes, field: bytes) -> bool:
    return entry[3:7] == b"%04d" % (len(field) + 1)


def _at_delimiters(data: bytes) -> tuple[bytes, list[bytes]]:
    """Return what stands before the first 1E, and the fields that end in the others."""
    head, *fields = data.rstrip(_RECORD_END).removesuffix(_FIELD_END).split(_FIELD_END)
    return head, fields


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
