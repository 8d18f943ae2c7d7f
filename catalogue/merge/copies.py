"""Holdings: which library has the manifestation, where, under which numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from catalogue.merge.ranking import is_echo
from catalogue.merge.values import Listed, Member
from catalogue.model import Holding, HubIdentity
from crosswalks.model import Field, Record


class _Copy(NamedTuple):
    """One place of a library where it stands, as MARC 21 852 $b $c and $h $i say."""

    location: str = ""
    classification: str = ""
    item: str = ""


_Copies: TypeAlias = dict[_Copy, tuple[Field, ...]]
"""Places with what is there in words and in figures: 853-855 and 863-868."""


class Copied(NamedTuple):
    """A member and its places."""

    member: Member
    places: _Copies


_IN_WORDS = ("866", "867", "868")
EXTENT = ("853", "854", "855", "863", "864", "865", *_IN_WORDS)
_NOT_PUBLIC = frozenset("x59")


def holdings(
    members: Sequence[Member], hub: HubIdentity, listed: Sequence[Listed] = ()
) -> tuple[Holding, ...]:
    """Return a holding for each member and location and each row, sorted; echoes hold as others."""
    return holdings_of(copied(members, hub), listed)


def copied(members: Sequence[Member], hub: HubIdentity) -> list[Copied]:
    """Return members with their places, as ``holdings_of`` and ``location_fields`` want them."""
    return [Copied(member, _copies(member, hub)) for member in members]


def holdings_of(held: Sequence[Copied], listed: Sequence[Listed] = ()) -> tuple[Holding, ...]:
    """Return what ``holdings`` does."""
    found = [
        _holding(member, copy, extent) for member, places in held for copy, extent in places.items()
    ]
    found += [_listed_holding(row) for row in listed]
    return tuple(sorted(found, key=_order))


def _order(holding: Holding) -> tuple[str, ...]:
    return (
        holding.library,
        holding.location,
        holding.call_number,
        holding.source,
        holding.identifier,
    )


def _holding(member: Member, copy: _Copy, extent: Sequence[Field]) -> Holding:
    told = [field.first("a").strip() for field in extent if field.tag in _IN_WORDS]
    return Holding(
        library=member.library,
        source=member.name[0],
        identifier=member.name[1],
        local_number=member.local_number,
        call_number=f"{copy.classification} {copy.item}".strip(),
        location=copy.location,
        summary="; ".join(filter(None, told)),
    )


def _listed_holding(row: Listed) -> Holding:
    return Holding(
        library=row.library,
        source=row.name[0],
        identifier=row.identity,
        local_number=row.local_number,
        call_number=_clean(row.call_number),
        location=_clean(row.location),
        summary=_clean(row.summary),
    )


def _copies(member: Member, hub: HubIdentity) -> _Copies:
    """Return the places of a member, each with the fields that follow it in the record."""
    found: dict[_Copy, list[Field]] = {}
    record = member.held or member.record
    echo = is_echo(record, hub.code)
    ours, at = not echo, _Copy()
    for field in record.data("852", *EXTENT):
        if field.tag == "852":
            # The hub's own 852 came back with an echo: those of other libraries are not theirs.
            ours = not echo or field.first("a") == member.library
            at = _copy(field)
        if ours:
            found.setdefault(at, []).extend([field] if field.tag != "852" else ())
    return _told(found)


def _told(found: dict[_Copy, list[Field]]) -> _Copies:
    """Return each place once, with what is public.

    A plain mention says nothing that a mention with a place or a call number does not.
    """
    plain = found.pop(_Copy(), [])
    if not found:
        found[_Copy()] = plain
    elif plain:
        next(iter(found.values())).extend(plain)
    return {copy: tuple(dict.fromkeys(_public(fields))) for copy, fields in found.items()}


def public_copies(record: Record) -> tuple[Field, ...]:
    """Return what a record says of its library's copies in public, in its order."""
    return tuple(_public(list(record.data("852", *EXTENT))))


def _public(fields: Sequence[Field]) -> Iterator[Field]:
    for field in fields:
        kept = tuple(
            part for part in field.subfields if part[0] not in _NOT_PUBLIC and part[1].strip()
        )
        if any(code.isalpha() for code, _ in kept) and not field.first("5"):
            yield field._replace(subfields=kept)


def _copy(field: Field) -> _Copy:
    location = " ".join(field.all("bc"))
    return _Copy(_clean(location), _clean(field.first("h")), _clean(" ".join(field.all("i"))))


def _clean(text: str) -> str:
    return " ".join(text.split())


def location_fields(
    held: Sequence[Copied], listed: Sequence[Listed] = ()
) -> list[tuple[Field, tuple[Member | Listed, ...]]]:
    """Return an 852 for each library and location, sorted, with the members and rows it is for.

    $a is the library's code, $b the location, $h and $i the call number; of rows $p the piece, if
    it is one, and $t how many copies there are (MARC 21 852). Behind each stands what its library
    has there of a serial or set, as it says it (853-855, 863-868).
    """
    found: dict[tuple[str, _Copy], list[Member | Listed]] = {}
    extents: defaultdict[tuple[str, _Copy], dict[Field, list[Member | Listed]]] = defaultdict(dict)
    for member, places in sorted(held, key=lambda each: each.member.name):
        for copy, extent in places.items():
            found.setdefault((member.library, copy), []).append(member)
            for field in extent:
                extents[member.library, copy].setdefault(field, []).append(member)
    for row in sorted(listed, key=lambda row: row.name):
        copy = _Copy(_clean(row.location), _clean(row.call_number))
        found.setdefault((row.library, copy), []).append(row)
        for field in _in_words(row):
            extents[row.library, copy].setdefault(field, []).append(row)
    placed = {library for library, copy in found if any(copy)}
    return [
        (field, tuple(of))
        for (library, copy), those in sorted(found.items(), key=lambda item: item[0])
        if any(copy) or library not in placed or extents[library, copy]
        for field, of in [(_field(library, copy, those), those), *extents[library, copy].items()]
    ]


def _field(library: str, copy: _Copy, of: Sequence[Member | Listed]) -> Field:
    place = (("a", library), ("b", copy.location), ("h", copy.classification), ("i", copy.item))
    parts = (*place, *_pieces([each for each in of if isinstance(each, Listed)]))
    return Field("852", "  ", tuple(part for part in parts if part[1]))


def _in_words(row: Listed) -> Iterator[Field]:
    """Yield what a row says of volumes and years: a textual holdings statement (MARC 21 866)."""
    if summary := _clean(row.summary):
        yield Field("866", "  ", (("a", summary),))


def _pieces(rows: Sequence[Listed]) -> tuple[tuple[str, str], ...]:
    """Return $p and $t, neither of which repeats, for the rows of one place."""
    count = sum(row.copies or 1 for row in rows)
    numbers = {row.local_number for row in rows} - {""}
    return (
        ("p", _clean(numbers.pop()) if len(numbers) == count == 1 else ""),
        ("t", f"1-{count}" if count > 1 else ""),
    )
