"""Holdings: which library has the manifestation, where, under which numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from catalogue.merge.ranking import is_echo
from catalogue.merge.values import Member
from catalogue.model import Holding, HubIdentity
from crosswalks.model import Field


class _Copy(NamedTuple):
    """One place of a library where it stands, as MARC 21 852 $b $c and $h $i say."""

    location: str = ""
    classification: str = ""
    item: str = ""


def holdings(members: Sequence[Member], hub: HubIdentity) -> tuple[Holding, ...]:
    """Return a holding for each member and location, sorted; echoes hold as others do."""
    found = [_holding(member, copy) for member in members for copy in _copies(member, hub)]
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
    members: Sequence[Member], hub: HubIdentity
) -> list[tuple[Field, tuple[Member, ...]]]:
    """Return an 852 for each library and location, sorted, with the members it stands for.

    $a is the library's code, $b the location, $h and $i the call number (MARC 21 852).
    """
    found: dict[tuple[str, _Copy], list[Member]] = {}
    for member in sorted(members, key=lambda member: member.name):
        for copy in _copies(member, hub):
            found.setdefault((member.library, copy), []).append(member)
    placed = {library for library, copy in found if any(copy)}
    return [
        (_field(library, copy), tuple(of))
        for (library, copy), of in sorted(found.items(), key=lambda item: item[0])
        if any(copy) or library not in placed
    ]


def _field(library: str, copy: _Copy) -> Field:
    parts = (("a", library), ("b", copy.location), ("h", copy.classification), ("i", copy.item))
    return Field("852", "  ", tuple(part for part in parts if part[1]))
