"""Readers and writers of one type, made from those of the types within it.

A reader of contents takes the message, where they begin and end in it, and the ends of what has no
length: (data, begin, end, ends). A writer returns a whole element.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from protocols.z3950.ber import (
    Ends,
    element,
    identifier_octets,
    written,
)
from protocols.z3950.errors import (
    ElementMissing,
    ElementTwice,
    PduError,
    PduMalformed,
    Unwritable,
)

Read: TypeAlias = Callable[[bytes, int, int, Ends], Any]
Write: TypeAlias = Callable[[Any], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """How elements of a type are read, by their identifiers, and how one is written."""

    readers: Mapping[int, Read]
    write: Write


class Written(bytes):
    """An element of a SEQUENCE OF as it is sent, in place of its value."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """How contents of a type are read, in one piece and made of elements, and how written."""

    whole: Read | None = None
    made: Read | None = None
    contents: Write


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An element of a sequence: the field it goes to, and its codec."""

    field: str
    codec: Codec
    optional: bool


def tagged(body: Body, kind: int, number: int) -> Codec:
    """Return the codec of contents under a tag; the other form of them is malformed."""
    forms = ((body.whole, False), (body.made, True))
    readers = {
        int.from_bytes(identifier_octets(kind, number, constructed=made), "big"): read or _refuse
        for read, made in forms
    }
    identifier = identifier_octets(kind, number, constructed=body.whole is None)
    contents = body.contents
    return Codec(readers=readers, write=lambda value: written(identifier, contents(value)))


def _refuse(_data: bytes, begin: int, _end: int, _ends: Ends) -> Any:
    raise PduMalformed(at=begin)


def explicit(codec: Codec) -> Body:
    """Return the contents of an explicit tag: one element."""
    readers = codec.readers

    def read(data: bytes, at: int, end: int, ends: Ends) -> Any:
        identifier, begin, stop, after = element(data, at, end, ends)
        if after != end:
            raise PduMalformed(at=after)
        return readers.get(identifier, _refuse)(data, begin, stop, ends)

    return Body(made=read, contents=codec.write)


def anything() -> Body:
    """Return the contents of an explicit tag before ANY: one element, kept as it is."""

    def read(data: bytes, at: int, end: int, ends: Ends) -> bytes:
        if element(data, at, end, ends)[3] != end:
            raise PduMalformed(at=at)
        return data[at:end]

    def contents(value: bytes) -> bytes:
        try:
            return read(value, 0, len(value), {})
        except PduError as wrong:
            raise Unwritable(element="ANY", value=value[:20].hex()) from wrong

    return Body(made=read, contents=contents)


def sequence(kind: type[Any], members: Sequence[Member]) -> Body:
    """Return the contents of a SEQUENCE, a value of a class; elements not known are passed."""
    slots = _slots(kind, members)
    places = {slot.field: slot for slot in slots}
    known = {
        identifier: (places[name].bit, places[name].put, read)
        for identifier, (name, read) in _known(
            [(each.field, each.codec) for each in members]
        ).items()
    }
    new, whole = object.__new__, (1 << len(slots)) - 1

    def read(data: bytes, at: int, end: int, ends: Ends) -> Any:
        # Put into its slots one by one: a frozen value's own way to be made takes twice as long.
        made, seen, begun = new(kind), 0, at
        while at < end:
            identifier, begin, stop, after = element(data, at, end, ends)
            if (hit := known.get(identifier)) is not None:
                bit, put, inner = hit
                if seen & bit:
                    name = slots[bit.bit_length() - 1].field
                    raise ElementTwice(at=at, kind=kind.__name__, element=name)
                seen |= bit
                put(made, inner(data, begin, stop, ends))
            at = after
        for slot in slots if seen != whole else ():
            if not seen & slot.bit:
                if slot.required:
                    raise ElementMissing(at=begun, kind=kind.__name__, element=slot.field)
                slot.put(made, slot.default)
        return made

    return Body(made=read, contents=_writer(kind, members))


@dataclass(frozen=True, slots=True)
class _Slot:
    """A field of a class: its bit among those seen, how it is set, what it is unless told."""

    field: str
    bit: int
    put: Callable[[Any, Any], None]
    required: bool
    default: Any


def _slots(kind: type[Any], members: Sequence[Member]) -> list[_Slot]:
    required = {each.field for each in members if not each.optional}
    return [
        _Slot(
            each.name,
            1 << place,
            getattr(kind, each.name).__set__,
            each.name in required,
            each.default,
        )
        for place, each in enumerate(fields(kind))
    ]


def _known(codecs: Sequence[tuple[str, Codec]]) -> dict[int, tuple[str, Read]]:
    """Return readers by identifier, with the names of what they read; no two of one identifier.

    A tag may stand twice if one is of contents in one piece and the other one of contents made of
    elements, as in SortKeySpec.
    """
    pairs = [(name, *item) for name, codec in codecs for item in codec.readers.items()]
    found = {identifier: (name, read) for name, identifier, read in pairs if read is _refuse}
    real = [each for each in pairs if each[2] is not _refuse]
    if len({each[1] for each in real}) != len(real):
        raise ValueError(real)
    return found | {identifier: (name, read) for name, identifier, read in real}


def _writer(kind: type[Any], members: Sequence[Member]) -> Write:
    steps = [(each.field, each.codec.write, each.optional) for each in members]

    def contents(value: Any) -> bytes:
        if type(value) is not kind:
            raise Unwritable(element=kind.__name__, value=type(value).__name__)
        parts = []
        for name, write, optional in steps:
            part = getattr(value, name)
            if part is not None:
                parts.append(write(part))
            elif not optional:
                raise Unwritable(element=f"{kind.__name__}.{name}", value=None)
        return b"".join(parts)

    return contents


def sequence_of(codec: Codec) -> Body:
    """Return the contents of a SEQUENCE OF, which are a tuple."""
    readers, write = codec.readers, codec.write

    def read(data: bytes, at: int, end: int, ends: Ends) -> tuple[Any, ...]:
        found = []
        while at < end:
            identifier, begin, stop, at = element(data, at, end, ends)
            inner = readers.get(identifier, _refuse)
            found.append(inner(data, begin, stop, ends))
        return tuple(found)

    def contents(value: Any) -> bytes:
        return b"".join([each if type(each) is Written else write(each) for each in value])

    return Body(made=read, contents=contents)


def choice(name: str, alternatives: Mapping[type[Any], Codec]) -> Codec:
    """Return the codec of a CHOICE, whose alternatives are known by the classes of their values."""
    known = _known([(kind.__name__, each) for kind, each in alternatives.items()])
    readers = {identifier: read for identifier, (_, read) in known.items()}
    writers = {kind: each.write for kind, each in alternatives.items()}

    def write(value: Any) -> bytes:
        found = writers.get(type(value))
        if found is None:
            raise Unwritable(element=name, value=type(value).__name__)
        return found(value)

    return Codec(readers=readers, write=write)


def wrapped(kind: type[Any], codec: Codec) -> Codec:
    """Return the codec of an alternative whose value is wrapped in a class."""
    write = codec.write
    return Codec(
        readers={identifier: _wrapping(kind, read) for identifier, read in codec.readers.items()},
        write=lambda value: write(value.value),
    )


def _wrapping(kind: type[Any], read: Read) -> Read:
    if read is _refuse:
        return read
    return lambda data, begin, end, ends: kind(read(data, begin, end, ends))


def constant(value: Any, codec: Codec) -> Codec:
    """Return the codec of an alternative that is NULL, for which a value stands."""

    def standing(read: Read) -> Read:
        if read is _refuse:
            return read

        def reader(data: bytes, begin: int, end: int, ends: Ends) -> Any:
            read(data, begin, end, ends)
            return value

        return reader

    return Codec(
        readers={identifier: standing(read) for identifier, read in codec.readers.items()},
        write=lambda _: codec.write(None),
    )
