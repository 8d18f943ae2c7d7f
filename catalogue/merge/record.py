"""Merge the members of a cluster into one master record: a pure function, in any order of members.

One record gives the coherent block (leader, 008, 1XX, 245-300, 33X and all that is not united):
never a mosaic of two cataloguing rules. Names, numbers, subjects, notes and links are united.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalogue.merge import copies, fixed
from catalogue.merge.ranking import voters
from catalogue.merge.scripts import linked
from catalogue.merge.union import HELD, Entry, Union
from catalogue.merge.values import (
    PLACEHOLDER_ID,
    PLACEHOLDER_STAMP,
    Listed,
    Master,
    Member,
    origin,
)
from catalogue.model import HubIdentity
from crosswalks.model import Control, Field, Record, Schema


def master(members: Sequence[Member], hub: HubIdentity, listed: Sequence[Listed] = ()) -> Master:
    """Return the master of a cluster of at least one member: the same in whatever order they come.

    001 and 005 hold placeholders. An echo of the hub's own record adds its number and its holding,
    nothing else; what is ``listed`` adds its holding alone.
    """
    contributors = voters(members, hub)
    base = contributors[0]
    union = Union(hub)
    for member in sorted(members, key=lambda member: member.name):
        union.add_number(member)
    for member in contributors:
        union.contribute(member, is_base=member is base)
    titled = any(entry.field.tag == "245" for entry in union.entries)
    held = copies.copied(members, hub)
    entries = [*_hub_fields(base, hub), *union.entries, *_locations(held, listed)]
    if not titled:
        entries.append(Entry(fixed.no_title(hub), []))
    finished = sorted(_numbered(entries), key=_tag)
    return Master(
        record=Record(
            schema=Schema.MARC21,
            leader=fixed.leader(base.record),
            fields=tuple(entry.field for entry in finished),
        ),
        provenance=tuple(tuple(entry.origins) for entry in finished),
        holdings=copies.holdings_of(held, listed),
    )


def _tag(entry: Entry) -> tuple[str, str]:
    """Return what sorts entries: by tag, in it by language; holdings as they are, behind 852."""
    tag = entry.field.tag
    return ("852", "") if entry.place == HELD else (tag, entry.place)


def _hub_fields(base: Member, hub: HubIdentity) -> Iterator[Entry]:
    yield Entry(Control("001", PLACEHOLDER_ID), [])
    yield Entry(Control("003", hub.code), [])
    yield Entry(Control("005", PLACEHOLDER_STAMP), [])
    for field in base.record.fields:
        if isinstance(field, Control) and field.tag in ("006", "007"):
            yield Entry(field, [origin(base)])
    yield Entry(Control("008", fixed.fixed_data(base.record)), [origin(base)])
    yield Entry(_cataloguing_source(base, hub), [origin(base)])


def _cataloguing_source(base: Member, hub: HubIdentity) -> Field:
    """Return the base's 040 with the hub as the last that changed it."""
    told = next(base.record.data("040"), None)
    kept = told.subfields if told else (("a", base.library),)
    kept = tuple(part for part in kept if part[1].strip() and part != ("d", hub.code))
    return Field("040", "  ", (*kept, ("d", hub.code)))


def _locations(held: Sequence[copies.Copied], listed: Sequence[Listed]) -> list[Entry]:
    return [
        Entry(field, [origin(each) for each in of], place=HELD)
        for field, of in copies.location_fields(held, listed)
    ]


def _numbered(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the entries, and behind each field its other scripts, with $6 counted anew."""
    number = 0
    for entry in sorted(entries, key=_tag):
        field = entry.field
        if isinstance(field, Control) or field.tag == "880":
            yield entry
            continue
        number += bool(entry.alternates)
        told, others = linked(field, entry.alternates, number)
        # Of most fields there is no other script.
        yield entry if told is field else Entry(told, entry.origins, place=entry.place)
        yield from (Entry(other, entry.origins[:1]) for other in others)
