"""The fields of all contributors, each said once, with who said it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from catalogue.merge.ranking import described_in
from catalogue.merge.sameness import Sameness, same_name, sameness
from catalogue.merge.scripts import Alternates
from catalogue.merge.treatment import WRITTEN, labelled, may_repeat, public_fields, treatment_of
from catalogue.merge.values import Member, origin
from catalogue.model import HubIdentity
from crosswalks.model import Control, Field

HELD = "852"
"""The place of a field of holdings: with the location that it belongs to."""


@dataclass(slots=True)
class Entry:
    """A field of the master in the making, who has it, and its forms in other scripts."""

    field: Control | Field
    origins: list[str]
    alternates: tuple[Field, ...] = ()
    place: str = ""
    """What it is sorted by behind its tag; or instead of it, where it has to stand elsewhere."""


class _Offer(NamedTuple):
    """A field that a member would put into the master."""

    field: Field
    origin: str
    alternates: tuple[Field, ...] = ()
    language: str = ""
    """That it is written in, where it is words of another description's language."""


class Union:
    """Takes the base first, then the others from best to worst."""

    def __init__(self, hub: HubIdentity) -> None:
        self.entries: list[Entry] = []
        self._own = f"({hub.code})"
        self._seen: dict[Sameness, list[Entry]] = {}
        self._tags: set[str] = set()
        self._language = ""
        self._extents: set[str] = set()

    def add_number(self, member: Member) -> None:
        """Add a member's own number as 035, after its library's code."""
        if member.local_number:
            number = (("a", f"({member.library}){member.local_number}"),)
            self._unite("number", _Offer(Field("035", "  ", number), origin(member)))

    def contribute(self, member: Member, *, is_base: bool) -> None:
        """Add what a member's record says that is not said yet; of the base everything public."""
        language = described_in(member.record)
        if is_base:
            self._language = language
        foreign = language if language != self._language and self._language else ""
        fields = list(public_fields(member.record, whole=is_base))
        alternates = Alternates(fields)
        name = origin(member)
        # Main entries first: an added entry for the same person must find them.
        for field in sorted(fields, key=lambda field: treatment_of(field.tag) != "main"):
            treatment = treatment_of(field.tag)
            told = foreign if treatment in WRITTEN else ""
            offer = _Offer(field, name, alternates.of(field), told)
            self._consider(treatment, offer, is_base=is_base)
        if is_base:
            for field in alternates.unlinked():
                if treatment_of(field.first("6")[:3]) != "drop":
                    self._take(_Offer(field, name))

    def _consider(self, treatment: str, offer: _Offer, *, is_base: bool) -> None:
        tag = offer.field.tag
        if treatment == "drop" or (tag == "035" and not self._is_foreign(offer.field)):
            return
        if treatment == "main":
            self._main_entry(offer, is_base=is_base)
        elif is_base and treatment in ("base", "extent"):
            if may_repeat(tag) or tag not in self._tags:
                self._take(offer)
        elif treatment == "extent":
            self._parallel(offer)
        else:
            self._unite(treatment, offer)

    def _is_foreign(self, field: Field) -> bool:
        """Say whether a 035 names an agency, and not this hub."""
        number = field.first("a") or field.first("z")
        return number.startswith("(") and not number.startswith(self._own)

    def _main_entry(self, offer: _Offer, *, is_base: bool) -> None:
        """Take the base's main entry; any other becomes an added entry, unless it is there."""
        kind = "title" if offer.field.tag == "130" else "name"
        if is_base and not self._tags & {"100", "110", "111", "130"}:
            self._unite(kind, offer)
            return
        field = offer.field
        added = Field(f"7{field.tag[1:]}", f"{field.indicators[:1]} ", field.subfields)
        self._unite(kind, _Offer(added, offer.origin, _moved(offer.alternates)))

    def _unite(self, kind: str, offer: _Offer) -> None:
        held = self._seen.setdefault(sameness(kind, offer.field), [])
        entry = next((entry for entry in held if _says(entry, offer, kind)), None)
        if entry is None:
            if may_repeat(offer.field.tag) or offer.field.tag not in self._tags:
                held.append(self._take(offer))
        elif offer.origin not in entry.origins:
            entry.origins.append(offer.origin)

    def _parallel(self, offer: _Offer) -> None:
        """Take the extent in another language of description from the best record in it."""
        if offer.language and offer.language not in self._extents:
            self._extents.add(offer.language)
            self._take(offer)

    def _take(self, offer: _Offer) -> Entry:
        field = labelled(offer.field, offer.language) if offer.language else offer.field
        entry = Entry(field, [offer.origin], offer.alternates, place=offer.language)
        self.entries.append(entry)
        self._tags.add(offer.field.tag)
        return entry


def _says(entry: Entry, offer: _Offer, kind: str) -> bool:
    if kind != "name":
        return True
    return isinstance(entry.field, Field) and same_name(entry.field, offer.field)


def _moved(alternates: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the other scripts of a main entry with an added entry's second indicator."""
    return tuple(field._replace(indicators=f"{field.indicators[:1]} ") for field in alternates)
