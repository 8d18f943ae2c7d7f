"""The outer form of ISO 2709, which MARC 21 and UNIMARC share: leader, directory, fields.

Reading holds every length and address against the bytes themselves, since a field under its
neighbour's tag is worse than none. Meaning and encoding of the fields are for others to know.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate
from operator import itemgetter
from typing import Any, NamedTuple

from crosswalks.errors import FormatError
from crosswalks.model import Control, Element, Field

FIELD_END, RECORD_END = b"\x1e", b"\x1d"
LEADER, ENTRY = 24, 12

_LONGEST_FIELD = 9_999
_LONGEST_RECORD = 99_999
_DELIMITERS = dict.fromkeys((0x1D, 0x1E, 0x1F))


class Parts(NamedTuple):
    """A sound record taken apart: the fields' bytes, joined by 1E in the directory's order."""

    leader: str
    tags: Sequence[str]
    fields: bytes


class Written(NamedTuple):
    """Fields as they stand in a record; the leader can then be made up from the lengths."""

    directory: bytes
    fields: bytes
    base: int
    length: int


def parts(data: bytes, name: str) -> Parts:
    """Return a record's parts; raise FormatError(name) unless all its numbers are true."""
    length, base = len(data), data[12:17]
    if not data[:5].isdigit() or not base.isdigit():
        raise FormatError(schema=name, reason="no leader and directory")
    if int(data[:5]) != length or data.find(RECORD_END) != length - 1:
        raise FormatError(
            schema=name, reason=f"the leader says {int(data[:5])} bytes, there are {length}"
        )
    start = int(base)
    if data.find(FIELD_END) != start - 1 or (start - LEADER - 1) % ENTRY or start <= LEADER:
        raise FormatError(
            schema=name, reason="the directory does not end at the base address", position=start
        )
    try:
        head = data[: start - 1].decode("ascii")
    except UnicodeDecodeError as error:
        raise FormatError(
            schema=name, reason="leader or directory not in ASCII", position=error.start
        ) from error
    return Parts(head[:LEADER], *_fields(head[LEADER:], data[start:-1], name))


def in_utf8(text: str) -> bytes:
    """Return text in UTF-8; what is no Unicode becomes a question mark."""
    return text.encode("utf-8", "replace")


def joined(
    fields: Sequence[Control | Field | Element],
    name: str,
    encode: Callable[[str], bytes] = in_utf8,
) -> Written:
    """Return fields and their directory, encoded; raise FormatError where ISO 2709 has no room."""
    texts = [_text(field) for field in fields if not isinstance(field, Element)]
    tags = [field[0] for field in fields if not isinstance(field, Element)]
    whole = "".join(texts)
    if whole.count("\x1e") != len(texts) or "\x1d" in whole or _too_many(whole, fields):
        whole = "".join([_undelimited(field) for field in fields if not isinstance(field, Element)])
    body = encode(whole)
    lengths = [len(piece) + 1 for piece in body.split(FIELD_END)]
    lengths.pop()
    directory = "".join(map(_ENTRY_OF, tags, lengths, accumulate(lengths, initial=0)))
    base = LEADER + ENTRY * len(tags) + 1
    _check(directory, tags, lengths, name)
    if base + len(body) >= _LONGEST_RECORD:
        raise FormatError(
            schema=name,
            reason=f"the record has {base + len(body) + 1} bytes, the most is {_LONGEST_RECORD}",
        )
    return Written(directory.encode(), body, base, base + len(body) + 1)


def record(leader: str, written: Written) -> bytes:
    """Return the bytes of a whole record, with its lengths put into the leader."""
    head = f"{written.length:05}{leader[5:12]}{written.base:05}{leader[17:]}".encode("ascii")
    return head + written.directory + FIELD_END + written.fields + RECORD_END


def _fields(directory: str, body: bytes, name: str) -> tuple[Sequence[str], bytes]:
    tags_of, numbers_of = slices(len(directory) // ENTRY)
    tags, numbers = tags_of(directory), numbers_of(directory)
    pieces = body.split(FIELD_END)
    if not directory.isdigit() and not all(map(str.isdigit, numbers)):
        raise FormatError(schema=name, reason="a directory with other than numbers")
    if pieces.pop():
        raise FormatError(schema=name, reason="the last field has no end")
    lengths = [len(piece) + 1 for piece in pieces]
    places = [size * 100_000 + at for size, at in zip(lengths, _starts(lengths), strict=False)]
    found = list(map(int, numbers))
    if found == places:
        return tags, body[:-1]
    by_place = dict(zip(places, pieces, strict=True))
    if sorted(found) != sorted(places):
        raise FormatError(schema=name, reason="the directory tells of other fields than there are")
    return tags, FIELD_END.join([by_place[place] for place in found])


def _starts(lengths: list[int]) -> accumulate[int]:
    return accumulate(lengths, initial=0)


def _nothing(_: str) -> tuple[str, ...]:
    return ()


@lru_cache(maxsize=512)
def slices(count: int) -> tuple[Callable[[str], Any], Callable[[str], Any]]:
    """Return what takes the tags, and the lengths with the places, out of a directory at once."""
    if not count:
        return _nothing, _nothing
    ends = range(0, ENTRY * count, ENTRY)
    tags = [slice(at, at + 3) for at in ends]
    numbers = [slice(at + 3, at + ENTRY) for at in ends]
    # With one argument, itemgetter gives no tuple.
    if count == 1:
        return (lambda text: (text[tags[0]],)), (lambda text: (text[numbers[0]],))
    return itemgetter(*tags), itemgetter(*numbers)


_ENTRY_OF = "{:3.3}{:04}{:05}".format


def _check(directory: str, tags: list[str], lengths: list[int], name: str) -> None:
    if lengths and max(lengths) > _LONGEST_FIELD:
        tag = tags[lengths.index(max(lengths))]
        raise FormatError(
            schema=name,
            reason=f"field {tag} has {max(lengths)} bytes, the most is {_LONGEST_FIELD}",
        )
    if not directory.isascii() or not directory.isprintable():
        raise FormatError(schema=name, reason=f"tags that are not three letters or digits: {tags}")


def _text(field: Control | Field) -> str:
    if isinstance(field, Control):
        return f"{field.value}\x1e"
    inner = "".join([f"\x1f{code}{value}" for code, value in field[2]])
    return f"{field[1] if len(field[1]) == 2 else _two(field[1])}{inner}\x1e"  # noqa: PLR2004


def _two(indicators: str) -> str:
    return f"{indicators:2.2}"


def _too_many(whole: str, fields: Sequence[Control | Field | Element]) -> bool:
    """Tell whether there are more subfield delimiters than subfields."""
    return whole.count("\x1f") != sum([len(each[2]) for each in fields if isinstance(each, Field)])


def _undelimited(field: Control | Field) -> str:
    """Return a field without the characters in its text that would end a subfield or field."""
    if isinstance(field, Control):
        return field.value.replace("\x1e", "").replace("\x1d", "") + "\x1e"
    inner = [f"\x1f{code}{value.translate(_DELIMITERS)}" for code, value in field.subfields]
    return f"{_two(field.indicators)}{''.join(inner)}".translate({0x1D: None, 0x1E: None}) + "\x1e"
