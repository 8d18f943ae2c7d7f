"""Holdings: which library has the manifestation, where, under which numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from catalogue.merge.ranking import is_echo
from catalogue.merge.values import Listed, Member
from catalogue.model import Holding, HubIdentity
from crosswalks.model import Field


class _Copy(NamedTuple):
    """One place of a library where it stands, as MARC 21 852 $b $c and $h $i say."""

    location: str = ""
    classification: str = ""
    item: str = ""


def holdings(
    members: Sequence[Member], hub: HubIdentity, listed: Sequence[Listed] = ()
) -> tuple[Holding, ...]:
    """Return a holding for each member and location and each row, sorted; echoes hold as others."""
    found = [_holding(member, copy) for member in members for copy in _copies(member, hub)]
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


def _holding(member: Member, copy: _Copy) -> Holding:
    return Holding(
        library=member.library,
        source=member.name[0],
        identifier=member.name[1],
        local_number=member.local_number,
        call_number=f"{copy.classification} {copy.item}".strip(),
        location=copy.location,
    )


def _listed_holding(row: Listed) -> Holding:
    return Holding(
        library=row.library,
        source=row.name[0],
        identifier=row.identity,
        local_number=row.local_number,
        call_number=_clean(row.call_number),
        location=_clean(row.location),
    )


def _copies(member: Member, hub: HubIdentity) -> list[_Copy]:
    fields = list(member.record.data("852"))
    if is_echo(member, hub):
        # The hub's own 852 came back with the record: those of other libraries are not theirs.
        fields = [field for field in fields if field.first("a") == member.library]
    copies = {_copy(field): None for field in fields}
    # A plain mention says nothing that a mention with a place or a call number does not.
    return [copy for copy in copies if any(copy)] or [_Copy()]


def _copy(field: Field) -> _Copy:
    location = " ".join(field.all("bc"))
    return _Copy(_clean(location), _clean(field.first("h")), _clean(" ".join(field.all("i"))))


def _clean(text: str) -> str:
    return " ".join(text.split())


def location_fields(
    members: Sequence[Member], hub: HubIdentity, listed: Sequence[Listed] = ()
) -> list[tuple[Field, tuple[Member | Listed, ...]]]:
    """Return an 852 for each library and location, sorted, with the members and rows it is for.

    $a is the library's code, $b the location, $h and $i the call number; of rows $p the piece, if
    it is one, and $t how many copies there are (MARC 21 852).
    """
    found: dict[tuple[str, _Copy], list[Member | Listed]] = {}
    for member in sorted(members, key=lambda member: member.name):
        for copy in _copies(member, hub):
            found.setdefault((member.library, copy), []).append(member)
    for row in sorted(listed, key=lambda row: row.name):
        copy = _Copy(_clean(row.location), _clean(row.call_number))
        found.setdefault((row.library, copy), []).append(row)
    placed = {library for library, copy in found if any(copy)}
    return [
        (_field(library, copy, of), tuple(of))
        for (library, copy), of in sorted(found.items(), key=lambda item: item[0])
        if any(copy) or library not in placed
    ]


def _field(library: str, copy: _Copy, of: Sequence[Member | Listed]) -> Field:
    place = (("a", library), ("b", copy.location), ("h", copy.classification), ("i", copy.item))
    parts = (*place, *_pieces([each for each in of if isinstance(each, Listed)]))
    return Field("852", "  ", tuple(part for part in parts if part[1]))


def _pieces(rows: Sequence[Listed]) -> tuple[tuple[str, str], ...]:
    """Return $p and $t, neither of which repeats, for the rows of one place."""
    count = sum(row.copies or 1 for row in rows)
    numbers = {row.local_number for row in rows} - {""}
    return (
        ("p", _clean(numbers.pop()) if len(numbers) == count == 1 else ""),
        ("t", f"1-{count}" if count > 1 else ""),
    )
