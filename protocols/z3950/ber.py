"""The basic encoding rules (X.690): identifier, length, contents; and the plain types.

Contents are found without calling oneself, whatever their depth, and each byte is looked at once:
where the length is indefinite, the ends of all that lies within are noted in an ``Ends``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, TypeAlias

from protocols.z3950.errors import PduMalformed, PduTooDeep, PduTruncated, Unwritable

Ends: TypeAlias = dict[int, int]
"""Where contents of indefinite length end, by where they begin."""
Place: TypeAlias = tuple[int, int, int, int]
"""Identifier octets as one number, begin and end of the contents, begin of what follows them."""

MAX_DEPTH = 1_500
"""How many elements may lie within each other."""
CONSTRUCTED: Final = 0x20
UNIVERSAL, APPLICATION, CONTEXT, PRIVATE = 0x00, 0x40, 0x80, 0xC0
_CLASS: Final = 0xC0
_OCTET: Final = 0xFF
_LONG: Final = 0x1F
_MORE: Final = 0x80
_SEVEN: Final = 0x7F
_INDEFINITE: Final = 0x80
_IN_TWO_OCTETS: Final = 0x82
_MOST_NUMBER_OCTETS: Final = 4
_MOST_LENGTH_OCTETS: Final = 8
_MOST_INTEGER_OCTETS: Final = 8
_MOST_OID_OCTETS: Final = 64
_MOST_OID_LETTERS: Final = 200
_MOST_UNUSED: Final = 7
_ROOTS: Final = 3
_BELOW_ROOT: Final = 40
_DOTTED = re.compile(r"[0-2](\.(0|[1-9][0-9]*)){1,60}")


def prefix(data: bytes | bytearray, at: int) -> tuple[int, int, int]:
    """Read identifier (as one number), length (-1 for indefinite) and where the contents begin.

    Raises IndexError where the data end before these do, PduMalformed for what no length is.
    """
    identifier = data[at]
    at += 1
    if identifier & _LONG == _LONG:
        identifier, at = _long(data, at, identifier)
    length = data[at]
    at += 1
    if length < _INDEFINITE:
        return identifier, length, at
    if length == _INDEFINITE:
        if not identifier_constructed(identifier):
            raise PduMalformed(at=at - 1)
        return identifier, -1, at
    octets = length & _SEVEN
    if octets > _MOST_LENGTH_OCTETS:
        raise PduMalformed(at=at - 1)
    begin = at + octets
    if begin > len(data):
        raise IndexError
    return identifier, int.from_bytes(data[at:begin], "big"), begin


def _long(data: bytes | bytearray, at: int, identifier: int) -> tuple[int, int]:
    for place in range(at, at + _MOST_NUMBER_OCTETS):
        octet = data[place]
        identifier = identifier << 8 | octet
        if octet < _MORE:
            return identifier, place + 1
    raise PduMalformed(at=at)


def identifier_constructed(identifier: int) -> bool:
    """Return whether an identifier, in however many octets, says that there are elements within."""
    while identifier > _OCTET:
        identifier >>= 8
    return bool(identifier & CONSTRUCTED)


def element(data: bytes, at: int, limit: int, ends: Ends) -> Place:
    """Find the element at a place: its identifier, its contents, and what comes after it.

    Raises PduTruncated where it does not end before ``limit``.
    """
    try:
        identifier, length = data[at], data[at + 1]
        # The usual forms at once: this is run more often than anything else.
        if identifier & _LONG == _LONG:
            identifier, length, begin = prefix(data, at)
        elif length < _INDEFINITE:
            begin = at + 2
        elif length == _IN_TWO_OCTETS:
            length, begin = data[at + 2] << 8 | data[at + 3], at + 4
        else:
            identifier, length, begin = prefix(data, at)
    except IndexError as short:
        raise PduTruncated(at=at) from short
    if length >= 0:
        end = after = begin + length
    else:
        end = ends.get(begin) or _end(data, begin, limit, ends)
        after = end + 2
    if after > limit:
        raise PduTruncated(at=at)
    return identifier, begin, end, after


def _end(data: bytes, begin: int, limit: int, ends: Ends) -> int:
    """Find where contents of indefinite length end, and note it for all such within."""
    waiting, at = [begin], begin
    try:
        while waiting:
            if data[at] == 0 == data[at + 1]:
                ends[waiting.pop()] = at
                at += 2
                continue
            _, length, inner = prefix(data, at)
            if length < 0:
                waiting.append(inner)
                _check_depth(len(waiting))
            at = inner + max(length, 0)
    except IndexError as short:
        raise PduTruncated(at=begin) from short
    if at > limit:
        raise PduTruncated(at=begin)
    return at - 2


def _check_depth(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise PduTooDeep(most=MAX_DEPTH)


def pieces(data: bytes, at: int, end: int, ends: Ends) -> Iterator[bytes]:
    """Yield the pieces of a string that is sent in pieces, which may be in pieces again."""
    waiting = [(at, end)]
    while waiting:
        at, end = waiting.pop()
        while at < end:
            identifier, begin, stop, after = element(data, at, end, ends)
            if identifier & _CLASS != UNIVERSAL or identifier > _OCTET:
                raise PduMalformed(at=at)
            if identifier & CONSTRUCTED:
                waiting.append((after, end))
                _check_depth(len(waiting))
                at, end = begin, stop
            else:
                yield data[begin:stop]
                at = after


def octets(data: bytes, begin: int, end: int, _ends: Ends) -> bytes:
    """Read an OCTET STRING."""
    return data[begin:end]


def joined_octets(data: bytes, begin: int, end: int, ends: Ends) -> bytes:
    """Read an OCTET STRING in pieces."""
    # Not b"".join: it holds 80 bytes for each piece, and there are pieces of two.
    joined = bytearray()
    for piece in pieces(data, begin, end, ends):
        joined += piece
    return bytes(joined)


def text(data: bytes, begin: int, end: int, _ends: Ends) -> str:
    """Read a string of letters: what is no UTF-8 is kept as surrogates (PEP 383)."""
    return data[begin:end].decode("utf-8", "surrogateescape")


def joined_text(data: bytes, begin: int, end: int, ends: Ends) -> str:
    """Read a string of letters in pieces."""
    return joined_octets(data, begin, end, ends).decode("utf-8", "surrogateescape")


def integer(data: bytes, begin: int, end: int, _ends: Ends) -> int:
    """Read an INTEGER of at most 64 bits: there is nothing in Z39.50 that is larger."""
    if not 0 < end - begin <= _MOST_INTEGER_OCTETS:
        raise PduMalformed(at=begin)
    return int.from_bytes(data[begin:end], "big", signed=True)


def boolean(data: bytes, begin: int, end: int, _ends: Ends) -> bool:
    """Read a BOOLEAN: anything but zero is true."""
    if end - begin != 1:
        raise PduMalformed(at=begin)
    return data[begin] != 0


def null(_data: bytes, begin: int, end: int, _ends: Ends) -> None:
    """Read a NULL."""
    if begin != end:
        raise PduMalformed(at=begin)


def bits(data: bytes, begin: int, end: int, _ends: Ends) -> tuple[bytes, int]:
    """Read a BIT STRING: its octets, and how many bits of the last one are not used."""
    found = _bits(data[begin:end])
    if found is None:
        raise PduMalformed(at=begin)
    return found


def joined_bits(data: bytes, begin: int, end: int, ends: Ends) -> tuple[bytes, int]:
    """Read a BIT STRING in pieces: all but the last one have no unused bits."""
    joined, unused = bytearray(), 0
    for piece in pieces(data, begin, end, ends):
        found = _bits(piece)
        if found is None or unused:
            raise PduMalformed(at=begin)
        octets_of, unused = found
        joined += octets_of
    return bytes(joined), unused


def _bits(piece: bytes) -> tuple[bytes, int] | None:
    if not piece or piece[0] > _MOST_UNUSED or (len(piece) == 1 and piece[0]):
        return None
    return piece[1:], piece[0]


def oid(data: bytes, begin: int, end: int, _ends: Ends) -> str:
    """Read an OBJECT IDENTIFIER, as numbers with dots between."""
    found = _dotted(data[begin : min(end, begin + _MOST_OID_OCTETS + 1)])
    if found is None:
        raise PduMalformed(at=begin)
    return found


@lru_cache(maxsize=1_024)
def _dotted(content: bytes) -> str | None:
    if not 0 < len(content) <= _MOST_OID_OCTETS or content[-1] >= _MORE:
        return None
    arcs, arc = [], 0
    for octet in content:
        arc = arc << 7 | octet & _SEVEN
        if octet < _MORE:
            arcs.append(arc)
            arc = 0
    root = min(arcs[0] // _BELOW_ROOT, _ROOTS - 1)
    return ".".join(map(str, (root, arcs[0] - _BELOW_ROOT * root, *arcs[1:])))


def length_octets(length: int) -> bytes:
    """Return a length as it is written, definite and in as few octets as can be."""
    if length < _INDEFINITE:
        return bytes((length,))
    count = (length.bit_length() + 7) // 8
    return bytes((_MORE | count,)) + length.to_bytes(count, "big")


def identifier_octets(kind: int, number: int, *, constructed: bool) -> bytes:
    """Return the identifier of a class and a number as it is written."""
    first = kind | (CONSTRUCTED if constructed else 0)
    if number < _LONG:
        return bytes((first | number,))
    return bytes((first | _LONG,)) + _in_sevens(number)


def integer_octets(value: int) -> bytes:
    """Return the contents of an INTEGER; Unwritable for more than 64 bits."""
    count = ((value if value >= 0 else ~value).bit_length() + 8) // 8
    if count > _MOST_INTEGER_OCTETS:
        raise Unwritable(element="INTEGER", value=f"{value:#x}")
    return value.to_bytes(count, "big", signed=True)


def boolean_octets(value: bool) -> bytes:  # noqa: FBT001 - one of many functions of one value
    """Return the contents of a BOOLEAN."""
    return b"\xff" if value else b"\x00"


def null_octets(_value: None) -> bytes:
    """Return the contents of a NULL."""
    return b""


def text_octets(value: str) -> bytes:
    """Return the contents of a string of letters; Unwritable for half a surrogate pair."""
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as wrong:
        raise Unwritable(element="InternationalString", value=ascii(value)) from wrong


def bits_octets(value: tuple[bytes, int]) -> bytes:
    """Return the contents of a BIT STRING; Unwritable where no octet has the unused bits."""
    found = bytes((value[1],)) + value[0] if 0 <= value[1] <= _MOST_UNUSED else b""
    if _bits(found) is None:
        raise Unwritable(element="BIT STRING", value=repr(value))
    return found


@lru_cache(maxsize=1_024)
def oid_octets(value: str) -> bytes:
    """Return the contents of an OBJECT IDENTIFIER; Unwritable for what is none."""
    found = _arcs(value)
    if found is None:
        raise Unwritable(element="OBJECT IDENTIFIER", value=ascii(value[:_MOST_OID_OCTETS]))
    return b"".join(_in_sevens(arc) for arc in found)


def _arcs(value: str) -> tuple[int, ...] | None:
    if len(value) > _MOST_OID_LETTERS or _DOTTED.fullmatch(value) is None:
        return None
    root, second, *others = map(int, value.split("."))
    if root < _ROOTS - 1 and second >= _BELOW_ROOT:
        return None
    return (_BELOW_ROOT * root + second, *others)


def _in_sevens(number: int) -> bytes:
    """Return a number in octets of seven bits, of which all but the last one are marked."""
    groups = [number & _SEVEN]
    while number := number >> 7:
        groups.append(number & _SEVEN | _MORE)
    return bytes(reversed(groups))


def written(identifier: bytes, contents: bytes) -> bytes:
    """Return a whole element."""
    return identifier + length_octets(len(contents)) + contents
