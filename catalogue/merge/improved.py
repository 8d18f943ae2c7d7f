"""What a library gets back: the master as its own system can load it over the record it sent.

The same as the master, but for what is the library's: its number (001, 003), its numbers of other
systems (035) and its holdings stay as it sent them. Nothing of another library's is in it, no 9XX,
and no number of the hub: it would come back as an echo and count for nothing any more.
Once loaded and harvested again, it is no improvement any more and changes no master.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from catalogue.merge import fixed
from catalogue.merge.copies import EXTENT, public_copies
from catalogue.merge.ranking import level_of, voters
from catalogue.merge.sameness import Sameness, same_name, sameness
from catalogue.merge.treatment import is_labelled, public_fields, treatment_of
from catalogue.merge.values import Master, Member
from catalogue.model import HubIdentity
from crosswalks.model import Control, Field, Record

T = TypeVar("T")
_HELD = ("852", *EXTENT)
_BLOCK = frozenset({"base", "extent", "main"})


def gained(
    made: Master, record: Record, members: Mapping[T, Member], hub: HubIdentity
) -> Iterator[tuple[T, Record]]:
    """Yield those members whose own records a master is better than, each with what it gets back.

    ``made`` is the master of these members, ``record`` the same as cataloguers corrected it. Better
    is what has a field that the library's own lacks, what was corrected, and the description of a
    record that staff or its encoding level (leader/17) set above it; not one that is only worded
    otherwise. A record without a number of its own (001), or under the hub's, could not be loaded.
    """
    if len(members) == 1 and record.fields == made.record.fields:
        return
    base = voters(list(members.values()), hub)[0]
    corrected = _Corrected(made.record, record)
    for key, member in members.items():
        sent = sent_by(member)
        if not has_number(sent, hub):
            continue
        if _Own(sent, hub).lacks(corrected, _is_above(base, member)):
            yield key, give_back(record, sent, hub)


def sent_by(member: Member) -> Record:
    """Return what the library's own system has now."""
    return member.record if member.held is None else member.held


def has_number(sent: Record, hub: HubIdentity) -> bool:
    """Tell whether a record has a number of its library's own, that it can be found by there."""
    return bool(sent.control("001").strip()) and sent.control("003").strip() != hub.code


def give_back(record: Record, sent: Record, hub: HubIdentity) -> Record:
    """Return a master as the library that sent a record of it loads it over that."""
    ours = [
        field for field in sent.fields if isinstance(field, Control) and field.tag in ("001", "003")
    ]
    numbers = [field for field in public_fields(sent, whole=True) if field.tag == "035"]
    fields = [*ours, *_theirs(record, hub), *numbers]
    ordered = sorted(fields, key=lambda field: field.tag)
    before = [field for field in ordered if field.tag <= "852"]
    after = [field for field in ordered if field.tag > "852"]
    return replace(record, fields=(*before, *public_copies(sent), *after))


def _theirs(record: Record, hub: HubIdentity) -> list[Control | Field]:
    """Return the fields of a master that are of use to any library, alone."""
    left_out = {field.first("6")[4:6] for field in _data(record) if is_labelled(field)} - {""}
    return [
        field
        for field in record.fields
        if isinstance(field, Control | Field)
        and field.tag not in ("001", "003", "035", *_HELD)
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
    untitled = not any(sent_by(member).values("245", "a"))
    lower = level_of(sent_by(member)) < level_of(base.record)
    return untitled or base.weight > member.weight or lower


class _Corrected:
    """A master with what cataloguers laid over it, and took out."""

    def __init__(self, made: Record, record: Record) -> None:
        before = set(made.fields)
        self.record = record
        self.laid = [field for field in _data(record) if field not in before and _is_given(field)]
        now = set(record.fields)
        self.taken_out = [field for field in _data(made) if field not in now and _is_given(field)]


def _is_given(field: Field) -> bool:
    return field.tag != "035" and treatment_of(field.tag) != "drop"


class _Own:
    """What a library's record says, in the form in which it can be compared."""

    def __init__(self, sent: Record, hub: HubIdentity) -> None:
        self._hub = hub
        self._fields = [_unlinked(field) for field in public_fields(sent, whole=True)]
        self._tags = {field.tag for field in self._fields}
        self._said: dict[Sameness, list[Field]] = {}
        for field in self._fields:
            kind = _kind(field)
            if kind not in _BLOCK:
                self._said.setdefault(sameness(kind, field), []).append(field)

    def lacks(self, corrected: _Corrected, is_above: bool) -> bool:  # noqa: FBT001 - one of two facts
        """Tell whether a master has what this record has not, or is set above it and differs."""
        if any(_unlinked(field) not in self._fields for field in corrected.laid):
            return True
        if any(_unlinked(field) in self._fields for field in corrected.taken_out):
            return True
        given = [
            _unlinked(field)
            for field in _theirs(corrected.record, self._hub)
            if isinstance(field, Field) and _is_given(field) and field.tag != "880"
        ]
        if any(self._is_new(field) for field in given):
            return True
        return is_above and _block(given) != _block(self._fields)

    def _is_new(self, field: Field) -> bool:
        kind = _kind(field)
        if kind in _BLOCK:
            return field.tag not in self._tags
        held = self._said.get(sameness(kind, field), ())
        return not (held if kind != "name" else any(same_name(each, field) for each in held))


def _kind(field: Field) -> str:
    """Return what a field is compared as: a main entry as a name or title, in whichever place."""
    told = treatment_of(field.tag)
    if told == "main":
        return "title" if field.tag == "130" else "name"
    return "base" if told == "drop" else told


def _block(fields: Sequence[Field]) -> Counter[Field]:
    return Counter(field for field in fields if treatment_of(field.tag) in _BLOCK)


def _data(record: Record) -> Iterator[Field]:
    return (field for field in record.fields if isinstance(field, Field))


def _unlinked(field: Field) -> Field:
    return field._replace(subfields=tuple(part for part in field.subfields if part[0] != "6"))
