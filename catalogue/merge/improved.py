"""What a library gets back: the master as its own system can load it over the record it sent.

The same as the master, but for what is the library's: its number (001, 003), its numbers of other
systems (035) and its holdings stay as it sent them. Nothing of another library's is in it, no 9XX,
and no number of the hub: it would come back as an echo and count for nothing any more.
Once loaded and harvested again, it is no improvement any more and changes no master.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from catalogue.merge import fixed
from catalogue.merge.copies import EXTENT, public_copies
from catalogue.merge.ranking import level_of, voters
from catalogue.merge.sameness import Sameness, same_name, sameness
from catalogue.merge.treatment import is_labelled, public_fields, treatment_of
from catalogue.merge.values import Master, Member, origin
from catalogue.model import HubIdentity
from crosswalks.model import Control, Field, Record

T = TypeVar("T")
_NUMBERS = ("001", "003")
_HELD = ("852", *EXTENT)
_NOT_THEIRS = frozenset((*_NUMBERS, "035", *_HELD))
_BLOCK = frozenset({"base", "extent"})
_DESCRIPTION = _BLOCK | {"main"}


def gained(
    made: Master, record: Record, members: Mapping[T, Member], hub: HubIdentity
) -> Iterator[T]:
    """Yield those members whose own records a master is better than.

    ``made`` is the master of these members, ``record`` the same as cataloguers corrected it. Better
    is what has a field that the library's own lacks, what was corrected, and the description of a
    record that staff or its encoding level (leader/17) set above it; not one that is only worded
    otherwise. A record without a number of its own (001), or under the hub's, could not be loaded.
    """
    base = voters(list(members.values()), hub)[0]
    better = _Better(made, record, hub)
    for key, member in members.items():
        sent = sent_by(member)
        if has_number(sent, hub) and better.than(member, sent, is_above=_is_above(base, member)):
            yield key


def sent_by(member: Member) -> Record:
    """Return what the library's own system has now."""
    return member.record if member.held is None else member.held


def has_number(sent: Record, hub: HubIdentity) -> bool:
    """Tell whether a record has a number of its library's own, that it can be found by there."""
    return bool(sent.control("001").strip()) and sent.control("003").strip() != hub.code


def give_back(record: Record, sent: Record, hub: HubIdentity) -> Record:
    """Return a master as the library that sent a record of it loads it over that."""
    fields = [*own(sent), *_theirs(record, hub)]
    # The copies of a library stand in its order, each with what there is of it behind.
    ordered = sorted(fields, key=lambda field: "852" if field.tag in _HELD else field.tag)
    return replace(record, fields=tuple(ordered))


def own(sent: Record) -> list[Control | Field]:
    """Return what stays as the library sent it: all that it gets back but for the master."""
    return [
        *(each for each in sent.fields if isinstance(each, Control) and each.tag in _NUMBERS),
        *public_fields(replace(sent, fields=tuple(sent.data("035"))), whole=True),
        *public_copies(sent),
    ]


def _theirs(record: Record, hub: HubIdentity) -> list[Control | Field]:
    """Return the fields of a master that are of use to any library, alone."""
    left_out = {field.first("6")[4:6] for field in _data(record) if is_labelled(field)} - {""}
    return [
        field
        for field in record.fields
        if isinstance(field, Control | Field)
        and field.tag not in _NOT_THEIRS
        and not field.tag.startswith("9")
        and (isinstance(field, Control) or not _is_for_others(field, left_out, hub))
    ]


def _is_for_others(field: Field, left_out: set[str], hub: HubIdentity) -> bool:
    """Tell whether it is words of another description's language, or stands for what is missing."""
    if field.tag == "880":
        return field.first("6")[4:6] in left_out
    return is_labelled(field) or field == fixed.no_title(hub)


def _is_above(base: Member, member: Member) -> bool:
    """Tell whether staff or the encoding level set the base above a member."""
    if base is member:
        return False
    sent = sent_by(member)
    untitled = not any(sent.values("245", "a")) and any(base.record.values("245", "a"))
    return untitled or base.weight > member.weight or level_of(sent) < level_of(base.record)


class _Better:
    """What a master has that libraries may lack, with what cataloguers laid over it or took out."""

    def __init__(self, made: Master, record: Record, hub: HubIdentity) -> None:
        before, now = set(made.record.fields), set(record.fields)
        self._laid = [each for each in _data(record) if each not in before and _is_given(each)]
        self._taken_out = [each for each in _data(made.record) if each not in now]
        self._fixed = _fixed(record) if _fixed(record) != _fixed(made.record) else None
        self._said_by = dict(zip(made.record.fields, made.provenance, strict=True))
        self._given = [
            (each, _kind(each))
            for each in _theirs(record, hub)
            if isinstance(each, Field) and _is_given(each) and each.tag != "880"
        ]

    def than(self, member: Member, sent: Record, *, is_above: bool) -> bool:
        """Tell whether it is better than what a member's library sent."""
        if self._has_more(member, sent) or self._fixed not in (None, _fixed(sent)):
            return True
        if not (is_above or self._laid or self._taken_out):
            return False
        theirs = [_unlinked(each) for each in public_fields(sent, whole=True)]
        if any(_unlinked(each) not in theirs for each in self._laid):
            return True
        if any(_unlinked(each) in theirs for each in self._taken_out):
            return True
        return is_above and _block(each for each, _ in self._given) != _block(theirs)

    def _has_more(self, member: Member, sent: Record) -> bool:
        """Tell whether it has a field of the description, or says something, that is not sent."""
        tags, name = {each.tag for each in _data(sent)}, origin(member)
        new = [
            (each, kind)
            for each, kind in self._given
            if (each.tag not in tags if kind in _BLOCK else name not in self._origins(each))
        ]
        if not new or any(kind in _BLOCK for _, kind in new):
            return bool(new)
        # Who only echoes the hub is named nowhere, whatever it has.
        said = _Said(sent)
        return any(not said.has(each, kind) for each, kind in new)

    def _origins(self, field: Field) -> tuple[str, ...]:
        return self._said_by.get(field, ())


class _Said:
    """What a record says of what is united."""

    def __init__(self, record: Record) -> None:
        self._fields: dict[Sameness, list[Field]] = {}
        for field in public_fields(record, whole=True):
            kind = _kind(field)
            if kind not in _BLOCK:
                self._fields.setdefault(sameness(kind, field), []).append(field)

    def has(self, field: Field, kind: str) -> bool:
        """Tell whether it says the same as a field of a kind."""
        held = self._fields.get(sameness(kind, field), ())
        return bool(held) if kind != "name" else any(same_name(each, field) for each in held)


def _is_given(field: Field) -> bool:
    return field.tag != "035" and treatment_of(field.tag) != "drop"


def _kind(field: Field) -> str:
    """Return what a field is compared as: a main entry as a name or title, in whichever place."""
    told = treatment_of(field.tag)
    if told == "main":
        return "title" if field.tag == "130" else "name"
    return "base" if told == "drop" else told


def _block(fields: Iterable[Field]) -> Counter[Field]:
    return Counter(_unlinked(each) for each in fields if treatment_of(each.tag) in _DESCRIPTION)


def _fixed(record: Record) -> tuple[str, ...]:
    """Return what the leader and 006-008 say of the publication (MARC 21, leader/06-08, 17-19)."""
    controls = [field for field in record.fields if isinstance(field, Control)]
    told = (field.value for field in controls if field.tag in ("006", "007", "008"))
    return (record.leader[6:9], record.leader[17:20], *told)


def _data(record: Record) -> Iterator[Field]:
    return (field for field in record.fields if isinstance(field, Field))


def _unlinked(field: Field) -> Field:
    return field._replace(subfields=tuple(part for part in field.subfields if part[0] != "6"))
